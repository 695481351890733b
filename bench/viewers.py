"""What many viewers cost while data change, and how old what they see is, against a bare server
that sends the same bytes to the same number of viewers at the same moments."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.bare import Record
from bench.browser import chromium
from bench.changing import changes, changing_source
from bench.product import Product, cpu_seconds, resident_mb
from bench.running import answers, free_port, stop
from bench.trend import quantile
from bench.viewer import Template, Viewer, pulses

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHANGE_SECONDS = 5.0
SETTLE_SECONDS = 6.0
# A mix as an office has it: desks on several pages, and walls.
PATHS = (
    "/",
    "/",
    "/unit/38",
    "/unit/01?indicator=OPS-01",
    "/indicator/OPS-01",
    "/indicator/OPS-02",
    "/sources",
    "/?wall=1",
    "/?unit=gov&wall=1",
    "/indicator/OPS-01?wall=1",
)
_NEVER_STOPPED = "9999999999000000"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one server spent on the viewers; ages in seconds, one a viewer and version."""

    seconds: float
    cpu: float
    resident_mb: float
    ages: tuple[float, ...]
    answers: int
    received_mb: float
    failures: int


def measure(*, viewers: int, seconds: float, home: Path | None = None) -> None:
    """Fill a home, watch it by so many viewers, then watch the bare server; print both.

    A `home` that is given is kept, and filled only the first time.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commits, record = folder / "commits", Record()
        _say("\nfilling a home from the demonstration …")
        with _quiet_product(home or folder / "home", commits) as product:
            templates = _templates(product)
            _say(f"{viewers} viewers of {len(set(PATHS))} addresses for {seconds:.0f} s …")
            mine = asyncio.run(
                _crowd(product.address, product.pid("web"), templates, viewers, seconds,
                       commits=commits, record=record)
            )  # fmt: skip
        record.save(folder / "record")
        bare = asyncio.run(_bare(folder / "record", record, templates, viewers, seconds))
    _table(mine, bare, viewers)


@contextmanager
def _quiet_product(folder: Path, commits: Path) -> Iterator[Product]:
    """The web process alone over a filled store in which one figure changes every few seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    product = Product(folder)
    with changing_source(folder) as environment:
        product.prepare(environment)
        try:
            product.start()
            product.wait_filled()
            product.stop("poll", "demo-sources")
            (folder / "ioc.beat").write_text(_NEVER_STOPPED, encoding="ascii")
            with changes(product.environment, CHANGE_SECONDS, commits):
                yield product
        finally:
            product.stop()


def _templates(product: Product) -> list[Template]:
    """What Chromium asks for each address when new data come."""
    with chromium() as browser:
        return [_asked(browser, product.address, path) for path in dict.fromkeys(PATHS)]


def _asked(browser: Browser, address: str, path: str) -> Template:
    found: list[Template] = []
    page = browser.new_page()

    def look(request: Any) -> None:
        place = request.url.removeprefix(address)
        if place.startswith("/_dash-update-component"):
            body = json.loads(request.post_data)
            if "data-version.data" in body.get("changedPropIds", []):
                found.append(Template(path, place, body))

    page.on("request", look)
    page.goto(address + path, wait_until="load")
    for _ in range(600):
        if found:
            break
        page.wait_for_timeout(50)
    else:
        raise SystemExit(f"{path}: the browser asked for nothing when data changed")
    page.close()
    return found[0]


async def _crowd(
    address: str,
    pid: int,
    templates: list[Template],
    count: int,
    seconds: float,
    *,
    record: Record | None = None,
    commits: Path | None = None,
    moments: Mapping[int, float] | None = None,
) -> Cost:
    """Open the viewers, let them settle, then watch for so long.

    The moments the data came are in the file `commits`, or given; `record` takes what one viewer
    of each address gets.
    """
    by_path = {one.path: one for one in templates}
    host = address.removeprefix("http://")
    crowd = [Viewer(host, by_path[path]) for path in islice(cycle(PATHS), count)]
    if record is not None:
        for viewer in crowd[: len(PATHS)]:
            viewer.keep = _keeper(record)
    gate = asyncio.Semaphore(8)

    async def open_one(viewer: Viewer) -> None:
        async with gate:
            await viewer.open()

    await asyncio.gather(*map(open_one, crowd))
    tasks = [asyncio.create_task(viewer.watch()) for viewer in crowd]
    if commits is None:
        with urllib.request.urlopen(f"{address}/start") as answer:
            begun = float(answer.read())
    else:
        begun = time.time()
    if record is not None:
        tasks.append(asyncio.create_task(_pulses(host, record, begun)))
    await asyncio.sleep(SETTLE_SECONDS)
    from_time, cpu, held = time.time(), cpu_seconds(pid), resident_mb(pid)
    before = sum(viewer.received for viewer in crowd)
    asked = sum(len(viewer.seen) for viewer in crowd)
    while time.time() < from_time + seconds:
        await asyncio.sleep(1)
        held = max(held, resident_mb(pid))
    spent, until = cpu_seconds(pid) - cpu, time.time()
    received = sum(viewer.received for viewer in crowd) - before
    answered = sum(len(viewer.seen) for viewer in crowd) - asked
    await asyncio.sleep(CHANGE_SECONDS)
    broken = [task.exception() for task in tasks if task.done()]
    for task in tasks:
        task.cancel()
    if any(broken):
        raise SystemExit(f"{len(broken)} viewers lost their stream: {broken[0]!r}")
    if commits is not None:
        moments = _committed(commits)
    elif moments is not None:
        moments = {version: begun + after for version, after in moments.items()}
        # The recorded answer may hold a later version than was asked for; its moment is to come.
        for one in (one for viewer in crowd for one in viewer.seen):
            one.version = one.asked
    ages = _ages(crowd, moments or {}, from_time, until)
    failures = sum(viewer.failures for viewer in crowd)
    return Cost(until - from_time, spent, held, ages, answered, received / 1e6, failures)


def _keeper(record: Record) -> Any:
    def keep(path: str, version: int, answer: bytes) -> None:
        if version:
            record.answers.setdefault(f"{path} {version}", answer)
        else:
            record.documents.setdefault(path, answer)

    return keep


async def _pulses(host: str, record: Record, begun: float) -> None:
    async for message in pulses(host):
        record.pulses.append((time.time() - begun, message))


def _committed(file: Path) -> dict[int, float]:
    lines = [line.split() for line in file.read_text(encoding="ascii").splitlines()]
    return {int(version): float(moment) for version, moment in lines}


def _ages(
    crowd: list[Viewer], moments: Mapping[int, float], first: float, last: float
) -> tuple[float, ...]:
    """For each viewer and each version committed in that time: how old it was when it was seen.

    A viewer that has a later version has seen this one too; one that never had it counts as if
    it got it when the measurement ended.
    """
    ages = []
    for viewer in crowd:
        for version, committed in moments.items():
            if not first <= committed <= last:
                continue
            seen = [one.at for one in viewer.seen if one.version >= version]
            ages.append(min(seen, default=last + CHANGE_SECONDS) - committed)
    return tuple(ages)


async def _bare(
    file: Path, record: Record, templates: list[Template], viewers: int, seconds: float
) -> Cost:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "bench.bare", str(file), str(port)], process_group=0
    )
    try:
        address = f"http://127.0.0.1:{port}"
        answers(f"{address}/healthz")
        moments: dict[int, float] = {}
        for after, message in record.pulses:
            data = message.split(b"data:")[1].split(b"\n")[0]
            moments.setdefault(json.loads(data)["v"], after)
        return await _crowd(address, server.pid, templates, viewers, seconds, moments=moments)
    finally:
        stop(server)


def _table(mine: Cost, bare: Cost, viewers: int) -> None:
    def row(name: str, left: float, right: float, form: str) -> None:
        ratio = f"{left / right:7.1f}" if right else "      –"
        _say(f"{name:46} {left:{form}} {right:{form}} {ratio}")

    _say(f"{'':46} {'product':>10} {'bare':>10} {'ratio':>7}")
    row("processor, share of one core, %", 100 * mine.cpu / mine.seconds,
        100 * bare.cpu / bare.seconds, "10.1f")  # fmt: skip
    row("processor an answer, ms", 1000 * mine.cpu / max(1, mine.answers),
        1000 * bare.cpu / max(1, bare.answers), "10.2f")  # fmt: skip
    row("memory at most, MB", mine.resident_mb, bare.resident_mb, "10.0f")
    for share, name in ((0.5, "p50"), (0.95, "p95"), (1.0, "most")):
        row(f"age of what they see, {name}, s", quantile(mine.ages or (0,), share),
            quantile(bare.ages or (0,), share), "10.2f")  # fmt: skip
    row("answers", mine.answers, bare.answers, "10d")
    row("sent, MB", mine.received_mb, bare.received_mb, "10.1f")
    row("a viewer and change, kB",
        1000 * mine.received_mb / max(1, mine.answers),
        1000 * bare.received_mb / max(1, bare.answers), "10.1f")  # fmt: skip
    _say(f"{viewers} viewers, {len(mine.ages) // viewers} changes;"
         f" failed answers {mine.failures} and {bare.failures}")  # fmt: skip


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
