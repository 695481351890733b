"""Pollers killed at random points of their runs: is anything lost, doubled or half there?"""

from __future__ import annotations

import dataclasses
import logging
import os
import random
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bench.postgres import Postgres, programs
from bench.running import answers, free_port, stop
from bench.truth import Found, look
from ioc import home
from ioc.ingest.intake import Intake
from ioc.ingest.scheduler import end_dead_leases, open_intake
from ioc.ingest.work import do, pending, tick
from ioc.settings import Settings
from ioc.store.engine import open_engine, utc_now
from ioc.store.leases import Ticket

SOURCES = 4
STEP = timedelta(seconds=10)
"""How far the pollers' clock moves on from one round to the next: one slot of each source."""
MOST_POLLERS = 4
_UNDISTURBED = 50
"""Each so many rounds one poller is left alone, to know how long a whole look takes just now."""
_SOURCE = """\
name: nguon-{at}
title: {{vi: "Nguồn {at}", en: "Source {at}"}}
connector: http_json
illustrative: true
schedule: {{every: 10s}}
timeout: 10s
config: {{url: "http://127.0.0.1:{port}/good/{at}", attempts: 1}}
mapping:
  unit: {{code: ma, system: nso}}
  period: {{constant: "2024-{month:02d}"}}
  values: [{{indicator: OPS-06, value: so}}]
"""


@dataclass
class Tally:
    """What was seen: kills, and the runs that a poller told of as committed.

    `whole` is how many seconds a poller took that nobody killed.
    """

    kills: int = 0
    whole: float = 0.5
    acknowledged: set[int] = field(default_factory=set)


def measure(*, rounds: int = 1000, seed: int = 1) -> bool:
    """So many rounds on SQLite and on PostgreSQL; True when nothing was wrong."""
    held = True
    bin = programs()
    if bin is None:
        raise SystemExit("PostgreSQL is not installed")
    with tempfile.TemporaryDirectory() as folder:
        held &= _rounds("SQLite", f"sqlite:///{folder}/ioc.sqlite", rounds, seed)
    with Postgres.made(bin) as server:
        held &= _rounds("PostgreSQL", server.url, rounds, seed)
    return held


def _rounds(name: str, url: str, rounds: int, seed: int) -> bool:
    chance = random.Random(seed)
    tally = Tally()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, _answering() as port:
        intake = _intake(Path(folder), url, port)
        # What is read once a process (certificates, modules) is read before the pollers part.
        tick(intake)
        intake.engine.dispose()
        logging.getLogger("ioc").setLevel(logging.CRITICAL)
        moment = utc_now().replace(second=0, microsecond=0)
        for at in range(rounds):
            if at % _UNDISTURBED == 0:
                tally.whole = _round(intake, url, moment, chance, tally, kill=False)
                moment += STEP
            _round(intake, url, moment, chance, tally)
            moment += STEP
        # One poller that nobody kills ends what the last round left.
        _round(intake, url, moment, chance, tally, kill=False)
        engine = open_engine(url)
        found = look(engine, tally.acknowledged)
        engine.dispose()
    return _report(name, rounds, tally, found, time.monotonic() - begun)


def _round(
    intake: Intake,
    url: str,
    moment: datetime,
    chance: random.Random,
    tally: Tally,
    *,
    kill: bool = True,
) -> float:
    """Some pollers on one store, each killed after a moment of its own; gives the seconds."""
    pollers: list[tuple[int, int, float]] = []
    for _ in range(chance.randint(1, MOST_POLLERS) if kill else 1):
        readable, writable = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(readable)
            _poller(intake, url, moment, writable)
        os.close(writable)
        pollers.append((pid, readable, chance.uniform(0, 2 * tally.whole)))
    begun = time.monotonic()
    for pid, _, after in sorted(pollers, key=lambda one: one[2]):
        if kill:
            time.sleep(max(0.0, begun + after - time.monotonic()))
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        tally.kills += os.WIFSIGNALED(status)
    for _, readable, _ in pollers:
        tally.acknowledged.update(_told(readable))
    return time.monotonic() - begun


def _poller(intake: Intake, url: str, moment: datetime, told: int) -> None:
    """A poller's life in a child process: what is due, and the word of each commit."""
    try:
        mine = dataclasses.replace(
            intake,
            engine=open_engine(url),
            owner=f"{socket.gethostname()}:{os.getpid()}",
            now=lambda: moment,
        )
        end_dead_leases(mine)
        for work in pending(mine):
            tickets: list[Ticket] = []
            report = do(mine, work, tickets.append)
            if report is not None and report.added:
                os.write(told, tickets[0].run_id.to_bytes(8, "big"))
    except Exception as error:
        # A killed neighbour may leave a lock for a moment; the next round tries again.
        sys.stderr.write(f"poller: {type(error).__name__}: {str(error)[:200]}\n")
        os._exit(1)
    os._exit(0)


def _told(readable: int) -> list[int]:
    found = b""
    while select.select([readable], [], [], 0)[0]:
        piece = os.read(readable, 65_536)
        if not piece:
            break
        found += piece
    os.close(readable)
    return [int.from_bytes(found[at : at + 8], "big") for at in range(0, len(found) // 8 * 8, 8)]


def _report(name: str, rounds: int, tally: Tally, found: Found, seconds: float) -> bool:
    print(
        f"{name}: {rounds} rounds with 1 to {MOST_POLLERS} pollers, {tally.kills} killed,"
        f" {len(tally.acknowledged)} runs told as committed, {found.committed} committed,"
        f" {found.cut} cut off, {seconds:.0f} s"
    )
    for what, count in found.wrong.items():
        print(f"  {what}: {count}")
    return not any(found.wrong.values()) and found.committed > rounds // 4


def _intake(place: Path, url: str, port: int) -> Intake:
    home.fill(place, demo=False)
    for old in (place / "sources").glob("*.yaml"):
        old.unlink()
    for at in range(SOURCES):
        text = _SOURCE.format(at=at, port=port, month=at + 1)
        (place / "sources" / f"{at}.yaml").write_text(text, encoding="utf-8")
    settings = Settings(
        home=place,
        demo=False,
        secret_key="k" * 40,
        database_url=url,
        allow_hosts=(f"127.0.0.1:{port}",),
    )
    return open_intake(settings, {})


@contextmanager
def _answering() -> Iterator[int]:
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", "bench.faults", str(port)])
    try:
        answers(f"http://127.0.0.1:{port}/good/0")
        yield port
    finally:
        stop(server)
