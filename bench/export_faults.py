"""Pictures drawn while their renderer is killed, hung, starved or misled: is a wrong one saved?

The product has no switch for a fault: each is done to it from outside, as it would happen.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.export_page import SmallPage
from ioc.errors import DrawError, StoreError
from ioc.exporter.browser import program
from ioc.exporter.drawing import Drawing, Drawn, Limits
from ioc.exporter.family import Family
from ioc.exports.form import Form, Options
from ioc.exports.pixels import pixels_hash
from ioc.store import export_files

WORKERS = 2
SIZE = Options(size="slide", scale="1")
BROKEN = "c3"
_GOOD, _PARTIAL, _OUTSIDE = "/?", "/?broken=3", "/?outside=1"
MUST_NOT = (
    "blank or wrong files saved as success",
    "child processes left",
    "temporary files left",
    "requests that left the browser",
)


@dataclass
class Tally:
    """What became of each fault, and what must not be: anything under `wrong`."""

    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    saved: int = 0
    said: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take in what another worker saw."""
        for fault, found in other.outcomes.items():
            self.outcomes.setdefault(fault, Counter()).update(found)
        self.wrong.update(other.wrong)
        self.slowest = max(self.slowest, other.slowest)
        self.saved += other.saved
        self.said += other.said


def measure(*, rounds: int = 1000, seed: int = 1, seconds: float | None = None) -> bool:
    """So many exports with a fault each; True when no wrong file was saved and nothing was left.

    After `seconds` no further one is begun: the report tells how many there were.
    """
    if program() is None:
        raise SystemExit("Chromium is not installed")
    begun = time.monotonic()
    whole = Tally()
    shares = [rounds // WORKERS + (at < rounds % WORKERS) for at in range(WORKERS)]
    way = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, mp_context=way) as pool:
        limits = [seconds] * WORKERS
        for tally in pool.map(_worker, shares, range(seed, seed + WORKERS), limits):
            whole.add(tally)
    done = sum(sum(found.values()) for found in whole.outcomes.values())
    _report(whole, done, time.monotonic() - begun)
    return not any(whole.wrong.values())


def _worker(rounds: int, seed: int, seconds: float | None) -> Tally:
    logging.disable(logging.CRITICAL)
    ends = None if seconds is None else time.monotonic() + seconds
    with Bench.made(seed) as bench:
        names = list(FAULTS)
        for at in range(rounds):
            if ends is not None and time.monotonic() > ends:
                break
            if at % len(names) == 0:
                bench.chance.shuffle(names)
            bench.round(names[at % len(names)])
        bench.look_at_saved()
        return bench.tally


class Bench:
    """One worker: a drawing, its folders, and what right files look like."""

    def __init__(self, place: Path, seed: int, listening: socket.socket) -> None:
        self.place = place
        self.home, self.temp = place / "home", place / "temp"
        self.home.mkdir()
        self.temp.mkdir()
        self.full = self._tiny()
        self.chance = random.Random(seed)
        self.tally = Tally()
        self.listening = listening
        self.page = SmallPage(port=listening.getsockname()[1])
        self.drawing = Drawing(program(), limits=Limits(), folder=self.temp)
        self.right: dict[str, str] = {}
        self.usual = 1.0
        self._calibrate()

    @classmethod
    @contextmanager
    def made(cls, seed: int) -> Iterator[Bench]:
        """A bench in a folder of its own, cleared away at the end."""
        place = Path(tempfile.mkdtemp(prefix="ioc-faults-"))
        with socket.create_server(("127.0.0.1", 0)) as listening:
            listening.setblocking(False)
            bench = cls(place, seed, listening)
            try:
                yield bench
            finally:
                bench.drawing.close()
                bench.check_left(set(), "end")
                if bench.full is not None:
                    subprocess.run(["umount", str(bench.full)], check=False)
                shutil.rmtree(place, ignore_errors=True)

    def _tiny(self) -> Path | None:
        """A disk of 24 MB, where this may be had; disk faults are left out otherwise."""
        tiny = self.place / "tiny"
        tiny.mkdir()
        asked = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(tiny)]
        return (
            tiny
            if subprocess.run(asked, capture_output=True, check=False).returncode == 0
            else None
        )

    def _calibrate(self) -> None:
        """What each page looks like when nothing is wrong, and how long it takes just now."""
        took = []
        for _ in range(3):
            begun = time.monotonic()
            self.right[_GOOD] = self.draw(_GOOD).pixels
            took.append(time.monotonic() - begun)
        self.usual = statistics.median(took)
        cold = max(took)
        self.right[_PARTIAL] = self.draw(_PARTIAL).pixels
        self.right[_OUTSIDE] = self.draw(_OUTSIDE).pixels
        self.drawing.close()
        # A limit is for what hangs: whatever is merely slow, as a new browser's first page, passes.
        self.seconds = min(60.0, max(6.0, 3 * cold))
        self.new_drawing()

    def new_drawing(self, *, megabytes: int = 1500, folder: Path | None = None) -> None:
        """A drawing with short limits, so that what hangs does not take the evening."""
        self.drawing.close()
        limits = Limits(seconds=self.seconds, megabytes=megabytes, settle=self.seconds * 0.6)
        self.drawing = Drawing(program(), limits=limits, folder=folder or self.temp)

    def draw(self, address: str) -> Drawn:
        """One picture of the small page."""
        return self.drawing.draw(address, Form.PNG, SIZE, serve=self.page)

    def warm(self) -> Family:
        """A browser that is already there; its processes."""
        if self.drawing.child is None:
            self.draw(_GOOD)
        assert self.drawing.child is not None
        return self.drawing.child.family

    # --- one round -------------------------------------------------------------------------------

    def round(self, name: str) -> None:
        """One export under one fault, then a look at what is left."""
        self.page.letters = True
        family: Family | None = None
        try:
            family = self.warm()
        except DrawError as error:
            self.tally.wrong[f"not drawn without a fault: {error.code}"] += 1
        known = _born(family.members()) if family else {}
        begun = time.monotonic()
        try:
            outcome = FAULTS[name](self)
        except DrawError as error:
            outcome = f"refused: {error.code}"
        except StoreError:
            outcome = "refused: not saved"
        took = time.monotonic() - begun
        self.tally.slowest = max(self.tally.slowest, took)
        if took > self.seconds + 30:
            self.tally.wrong["took longer than its limit"] += 1
        self.tally.outcomes.setdefault(name, Counter())[outcome] += 1
        if outcome.startswith("WRONG"):
            self.tally.wrong["blank or wrong files saved as success"] += 1
            self.tally.said.append(f"{name}: {outcome}")
        child = self.drawing.child
        mine = child.family.members() if child else set()
        self.check_left({child.folder.name} if child else set(), name)
        left = [pid for pid, at in known.items() if pid not in mine and _born([pid]).get(pid) == at]
        if left:
            self.tally.wrong["child processes left"] += len(left)
            self.tally.said.append(f"{name}: processes {left}")
        with suppress(BlockingIOError):
            self.listening.accept()
            self.tally.wrong["requests that left the browser"] += 1

    def saved(self, address: str, drawn: Drawn, home: Path | None = None) -> str:
        """Save it as the exporter does; what it is worth."""
        export_files.put(home or self.home, drawn.data, "png")
        self.tally.saved += 1
        if drawn.pixels != self.right[address] or pixels_hash(drawn.data) != drawn.pixels:
            return "WRONG picture"
        if address == _PARTIAL:
            named = [one.name for one in drawn.broken]
            return "partial, chart named" if named == [BROKEN] else f"WRONG charts {named}"
        return "right" if drawn.complete else "WRONG: called incomplete"

    def drawn(self, address: str = _GOOD) -> str:
        """Draw and save."""
        return self.saved(address, self.draw(address))

    def struck(self, number: signal.Signals, who: Callable[[Family], set[int]]) -> str:
        """Draw while a signal comes at a moment of chance."""
        family = self.warm()

        def strike() -> None:
            for pid in who(family):
                with suppress(ProcessLookupError):
                    os.kill(pid, number)

        timer = threading.Timer(self.chance.uniform(0, self.usual), strike)
        timer.start()
        try:
            return self.drawn()
        finally:
            timer.cancel()
            timer.join()
            if number is signal.SIGSTOP and self.drawing.child is not None:
                # It came after the picture: let the browser go on.
                self.drawing.child.family.signal(signal.SIGCONT)

    # --- what is left ----------------------------------------------------------------------------

    def check_left(self, mine: set[str], name: str) -> None:
        """Temporary files of drawings that are over."""
        places = [self.temp, *([self.full] if self.full else [])]
        left = (
            {one.name for place in places for one in place.iterdir()} - mine - {"filler", "exports"}
        )
        if left:
            self.tally.wrong["temporary files left"] += len(left)
            self.tally.said.append(f"{name}: files {sorted(left)}")

    def look_at_saved(self) -> None:
        """Every file in the home is one of the right pictures, whole."""
        for file in (self.home / "exports").rglob("*"):
            if file.is_file() and pixels_hash(file.read_bytes()) not in self.right.values():
                self.tally.wrong["blank or wrong files saved as success"] += 1


def _born(pids: set[int] | list[int]) -> dict[int, str]:
    """When each was started, the dead that nobody buried too: a number may be given again."""
    found = {}
    for pid in pids:
        with suppress(OSError):
            text = Path(f"/proc/{pid}/stat").read_text()
            found[pid] = text[text.rindex(")") + 2 :].split()[19]
    return found


def _those(family: Family, test: Callable[[str], bool]) -> set[int]:
    found = set()
    for pid in family.members():
        with suppress(OSError):
            if test(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()):
                found.add(pid)
    return found


def _child(family: Family) -> set[int]:
    return {family.pid}


def _browser(family: Family) -> set[int]:
    return _those(family, lambda line: "chrom" in line and "--type=" not in line)


def _renderers(family: Family) -> set[int]:
    return _those(family, lambda line: "--type=renderer" in line)


def _driver(family: Family) -> set[int]:
    return _those(family, lambda line: "run-driver" in line)


def _everyone(family: Family) -> set[int]:
    return family.members()


def _letters(bench: Bench, *, system: bool, own: bool) -> str:
    empty = bench.place / "fonts.conf"
    empty.write_text("<?xml version='1.0'?><fontconfig></fontconfig>")
    bench.page.letters = own
    if not system:
        os.environ["FONTCONFIG_FILE"] = str(empty)
    bench.new_drawing()
    try:
        return bench.drawn()
    finally:
        os.environ.pop("FONTCONFIG_FILE", None)
        bench.new_drawing()


def _starved(bench: Bench) -> str:
    bench.new_drawing(megabytes=120)
    try:
        return bench.drawn()
    finally:
        bench.new_drawing()


def _disk_of_browser(bench: Bench) -> str:
    if bench.full is None:
        return "left out: no disk of its own"
    leave = bench.chance.choice([0, 1, 17, 20]) * 2**20
    _fill(bench.full, leave)
    bench.new_drawing(folder=bench.full)
    try:
        return bench.drawn()
    finally:
        bench.new_drawing()
        (bench.full / "filler").unlink(missing_ok=True)


def _disk_of_files(bench: Bench) -> str:
    if bench.full is None:
        return "left out: no disk of its own"
    drawn = bench.draw(_GOOD)
    _fill(bench.full, bench.chance.choice([0, 4096, 8192]))
    try:
        outcome = bench.saved(_GOOD, drawn, home=bench.full)
        kept = list((bench.full / "exports").rglob("*.png"))
        whole = all(one.read_bytes() == drawn.data for one in kept)
        return outcome if whole else "WRONG: cut off"
    finally:
        half = [one for one in (bench.full / "exports").rglob("*") if one.is_file()]
        if any(one.read_bytes() != drawn.data for one in half):
            bench.tally.wrong["blank or wrong files saved as success"] += 1
        shutil.rmtree(bench.full / "exports", ignore_errors=True)
        (bench.full / "filler").unlink(missing_ok=True)


def _fill(place: Path, leave: int) -> None:
    with suppress(OSError), (place / "filler").open("wb", buffering=0) as filler:
        room = shutil.disk_usage(place).free - leave
        while room > 0:
            room -= filler.write(b"\0" * min(room, 2**16))


def _outside(bench: Bench) -> str:
    drawn = bench.draw(_OUTSIDE)
    if not any("203.0.113.9" in one for one in drawn.refused):
        return "WRONG: not told"
    return bench.saved(_OUTSIDE, drawn)


def _never(bench: Bench, address: str) -> str:
    bench.draw(address)
    return "WRONG: drawn"


FAULTS: dict[str, Callable[[Bench], str]] = {
    "none": lambda one: one.drawn(),
    "drawing process killed": lambda one: one.struck(signal.SIGKILL, _child),
    "browser killed": lambda one: one.struck(signal.SIGKILL, _browser),
    "page's process killed": lambda one: one.struck(signal.SIGKILL, _renderers),
    "driver killed": lambda one: one.struck(signal.SIGKILL, _driver),
    "all of them killed": lambda one: one.struck(signal.SIGKILL, _everyone),
    "drawing process stopped": lambda one: one.struck(signal.SIGSTOP, _child),
    "browser stopped": lambda one: one.struck(signal.SIGSTOP, _browser),
    "page's process stopped": lambda one: one.struck(signal.SIGSTOP, _renderers),
    "page never ends a script": lambda one: _never(one, "/?endless=1"),
    "page never gets ready": lambda one: _never(one, "/?spinner=1"),
    "page eats memory": lambda one: _never(one, "/?hungry=1"),
    "memory limit too low": _starved,
    "disk of the browser full": _disk_of_browser,
    "disk of the files full": _disk_of_files,
    "no typeface at all": lambda one: _letters(one, system=False, own=False),
    "own typeface missing": lambda one: _letters(one, system=True, own=False),
    "typefaces of the system missing": lambda one: _letters(one, system=False, own=True),
    "one chart of ten throws": lambda one: one.drawn(_PARTIAL),
    "page asks other hosts": _outside,
    "page is white": lambda one: _never(one, "/?blank=1"),
    "page has one colour": lambda one: _never(one, "/?colour=1"),
    "page answers with an error": lambda one: _never(one, "/?status=500"),
}
"""What is done to an export, and what comes of it in words."""


def _report(tally: Tally, rounds: int, seconds: float) -> None:
    print(
        f"\n{rounds} exports with {len(FAULTS)} kinds of fault, {WORKERS} workers, {seconds:.0f} s"
    )
    for name in FAULTS:
        found = tally.outcomes.get(name, Counter())
        told = ", ".join(f"{what} {count}" for what, count in found.most_common())
        print(f"  {name:32} {sum(found.values()):5}  {told}")
    for what in MUST_NOT:
        print(f"{what}: {tally.wrong[what]}")
    for what in sorted(set(tally.wrong) - set(MUST_NOT)):
        print(f"{what}: {tally.wrong[what]}")
    print(f"files saved: {tally.saved}; slowest export {tally.slowest:.1f} s")
    for line in tally.said[:20]:
        print(f"  {line}")
