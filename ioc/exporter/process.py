"""The process that makes exports, and looks after what exports need now and then."""

from __future__ import annotations

import atexit
import logging
import os
import secrets
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from ioc.exporter.bench import Bench
from ioc.exporter.browser import program
from ioc.exporter.crew import Crew
from ioc.exporter.documents import Documents
from ioc.exporter.drawing import Drawing
from ioc.exporter.drawn import Limits
from ioc.store import export_beat, export_turns
from ioc.store.clock import shared_clock
from ioc.store.migration import migrate
from ioc.web.app import create_app, open_desk

if TYPE_CHECKING:
    from ioc.settings import Settings

NICE = 10
BEAT_SECONDS = 3.0
STOP_SECONDS = 2.5
"""Time for the crew to end in order; the parent is patient for five seconds in all."""
TEMPORARY = "ioc-exporter-"
BROKEN = 3
"""Exit code of a process whose workers are gone: start it again."""
_log = logging.getLogger("ioc.export")


@dataclass(frozen=True, slots=True)
class Task:
    """Something looked after every `seconds`, in a thread of its own."""

    name: str
    seconds: float
    run: Callable[[], object]


def open_bench(settings: Settings) -> Bench:
    """The bench of these settings, over a migrated store."""
    from ioc.web.portal import Portal

    desk = open_desk(settings)
    migrate(desk.engine)
    app = create_app(desk)
    assert isinstance(app, Portal)
    return Bench(desk, app.router, Documents(app.server))


def new_drawing(settings: Settings) -> Drawing:
    """A browser under the limits of the settings; it is started at its first picture."""
    limits = Limits(seconds=settings.export_seconds, megabytes=settings.export_memory_mb)
    return Drawing(program(settings.chromium), limits=limits, folder=_own_folder())


@cache
def _own_folder() -> Path:
    """Where the browsers of this process keep what they need; gone with it in order."""
    made = Path(tempfile.mkdtemp(prefix=f"{TEMPORARY}{os.getpid()}-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def sweep_folders(place: Path) -> None:
    """Remove what processes left there that were killed before they could."""
    for left in place.glob(f"{TEMPORARY}*"):
        pid = left.name.removeprefix(TEMPORARY).partition("-")[0]
        if pid.isdigit() and not _runs(int(pid)):
            shutil.rmtree(left, ignore_errors=True)


def tasks(bench: Bench) -> tuple[Task, ...]:
    """What is looked after beside the making; each module knows its own."""
    from ioc.exporter import notices, retention
    from ioc.exporter.deliver import Deliveries
    from ioc.exporter.schedule import Rounds

    desk = bench.desk
    watch = notices.Watch(desk)
    return (
        Task("briefings", 5.0, Rounds(desk, bench.router).look),
        Task("deliveries", 5.0, Deliveries(desk).look),
        Task("notices", 15.0, watch.look),
        Task(
            "retention", retention.EVERY.total_seconds(), lambda: retention.clean(desk, desk.now())
        ),
    )


def run(settings: Settings) -> int:
    """Make exports until told to stop; the exit code."""
    os.nice(NICE)
    bench = open_bench(settings)
    name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
    end_dead(bench)
    crew = _crew(bench, name, settings.export_workers)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    crew.start()
    for task in tasks(bench):
        threading.Thread(
            target=look_after, args=(task, stop), name=f"export-{task.name}", daemon=True
        ).start()
    while crew.alive and not stop.wait(BEAT_SECONDS):
        with suppress(OSError):
            export_beat.beat(settings.home, bench.desk.now())
    crew.stop(STOP_SECONDS)
    return 0 if stop.is_set() else BROKEN


def run_once(settings: Settings) -> int:
    """Look after everything once, make what waits, and end; the exit code."""
    bench = open_bench(settings)
    end_dead(bench)
    broken = [task.name for task in tasks(bench) if not attempt(task)]
    _crew(bench, f"{socket.gethostname()}:{os.getpid()}:once", 1).make_waiting()
    return 1 if broken else 0


def look_after(task: Task, stop: threading.Event) -> None:
    """Run a task again and again until told to stop; an error in it is logged and forgotten."""
    while not stop.is_set():
        attempt(task)
        stop.wait(task.seconds)


def attempt(task: Task) -> bool:
    """Run a task once; whether it went well."""
    try:
        task.run()
    except Exception:
        # The border of a task: the others and the making of exports go on.
        _log.exception("%s: failed, tried again in %g s", task.name, task.seconds)
        return False
    return True


def end_dead(bench: Bench) -> None:
    """Free what is held by processes of this machine that are gone."""
    sweep_folders(Path(tempfile.gettempdir()))
    host = socket.gethostname()
    gone = [name for name in export_turns.holders(bench.desk.engine) if _gone(name, host)]
    if gone:
        export_turns.end_leases(bench.desk.engine, gone)


def _gone(name: str, host: str) -> bool:
    where, _, rest = name.partition(":")
    pid = rest.partition(":")[0]
    if where != host or not pid.isdigit():
        return False
    return int(pid) == os.getpid() or not _runs(int(pid))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _crew(bench: Bench, name: str, workers: int) -> Crew:
    clock = shared_clock(bench.desk.engine)
    drawing = partial(new_drawing, bench.desk.settings)
    return Crew(bench, name, clock, drawing, workers=workers)
