"""Threads that make exports side by side, each with a browser of its own while it needs one."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from ioc.exporter.bench import Bench, Reason, Steps
from ioc.exporter.making import make
from ioc.store import export_jobs, export_turns

if TYPE_CHECKING:
    from datetime import datetime

    from ioc.exporter.drawing import Drawing
    from ioc.store.export_jobs import Job

LEASE_SECONDS = 120.0
"""For so long a job is held; a worker that is gone without a word delays it by this."""
HOLD_SECONDS = 15.0
LOOK_SECONDS = 0.5
WANTED_SECONDS = 1.0
"""How often it is looked whether what is made is still wanted."""
IDLE_SECONDS = 180.0
"""A browser that had nothing to draw for so long is closed."""
_log = logging.getLogger("ioc.export")


@dataclass(slots=True)
class _Worker:
    """One thread: what it makes now, its browser, and when that was last used."""

    drawing: Drawing | None = None
    used: float = 0.0
    job: Job | None = None
    thread: threading.Thread | None = field(default=None, repr=False)


class Crew:
    """`workers` threads over one bench; `clock` is shared by all machines of one database.

    `new_drawing` gives a browser that is not started yet, and is called in the worker's thread.
    """

    def __init__(
        self,
        bench: Bench,
        name: str,
        clock: Callable[[], datetime],
        new_drawing: Callable[[], Drawing],
        *,
        workers: int = 1,
        idle: float = IDLE_SECONDS,
    ) -> None:
        self._bench, self._name, self._clock = bench, name, clock
        self._new_drawing, self._idle = new_drawing, idle
        self._stop = threading.Event()
        self._workers = [_Worker() for _ in range(workers)]

    def start(self) -> None:
        """Start the threads, and the one that holds what they make."""
        for number, worker in enumerate(self._workers, 1):
            worker.thread = threading.Thread(
                target=self._run, args=(worker,), name=f"export-{number}", daemon=True
            )
            worker.thread.start()
        threading.Thread(target=self._hold, name="export-hold", daemon=True).start()

    def stop(self, seconds: float) -> bool:
        """Ask all to end at their next step and wait for it; whether all did."""
        self._stop.set()
        until = time.monotonic() + seconds
        for worker in self._workers:
            if worker.thread is not None:
                worker.thread.join(max(0.0, until - time.monotonic()))
        left = [one for one in self._workers if one.thread is not None and one.thread.is_alive()]
        for worker in left:
            # In the middle of a picture: its browser is ended here, its job waits on.
            _close(worker)
            if worker.job is not None:
                with suppress(OperationalError):
                    export_jobs.put_back(self._bench.desk.engine, worker.job)
        return not left

    @property
    def alive(self) -> bool:
        """Whether every thread that was started runs."""
        return all(one.thread is None or one.thread.is_alive() for one in self._workers)

    def make_waiting(self) -> int:
        """Make what waits in this thread, one after the other; how many."""
        worker, made = self._workers[0], 0
        try:
            while self._one(worker):
                made += 1
        finally:
            _close(worker)
        return made

    def _run(self, worker: _Worker) -> None:
        try:
            while not self._stop.is_set():
                if self._next(worker):
                    continue
                if worker.drawing is not None and time.monotonic() - worker.used > self._idle:
                    _close(worker)
                self._stop.wait(LOOK_SECONDS)
        finally:
            _close(worker)

    def _next(self, worker: _Worker) -> bool:
        try:
            return self._one(worker)
        except Exception:
            # The border of a worker: the store may be gone for a while.
            _log.exception("no export can be taken")
            self._stop.wait(5.0)
            return False

    def _one(self, worker: _Worker) -> bool:
        job = export_turns.claim(self._bench.desk.engine, self._name, self._clock(), LEASE_SECONDS)
        if job is None:
            return False
        worker.job = job
        try:
            steps = Steps(partial(self._tell, job))
            outcome = make(self._bench, job, partial(self._drawing, worker), steps)
            _log.info("export %s: %s", job.code, outcome.state)
        finally:
            worker.job = None
        return True

    def _tell(self, job: Job, done: int, total: int, words: Reason) -> str:
        if self._stop.is_set():
            return "stop"
        try:
            return export_jobs.step(
                self._bench.desk.engine,
                job,
                self._clock(),
                LEASE_SECONDS,
                done=done,
                total=total,
                words=words,
            )
        except OperationalError:
            # A large delivery holds the store: the work goes on, its progress is said later.
            _log.warning("export %s: its progress could not be written", job.code)
            return "go"

    def _drawing(self, worker: _Worker) -> Drawing:
        if worker.drawing is None:
            worker.drawing = self._new_drawing()
            worker.drawing.__enter__()
        worker.used = time.monotonic()
        return worker.drawing

    def _hold(self) -> None:
        """Hold what is made, and end the picture of what is not wanted any more."""
        held = time.monotonic()
        while not self._stop.wait(WANTED_SECONDS):
            busy = [(one, one.job) for one in self._workers if one.job is not None]
            jobs = [job for _, job in busy]
            engine = self._bench.desk.engine
            try:
                if time.monotonic() - held > HOLD_SECONDS:
                    held = time.monotonic()
                    export_jobs.hold(engine, jobs, self._clock(), LEASE_SECONDS)
                unwanted = export_jobs.unwanted(engine, jobs)
            except Exception:
                _log.exception("exports could not be held")
                continue
            for worker, job in busy:
                if job.id in unwanted and worker.job is job:
                    # The worker hears that its browser is gone, and at its next step why.
                    _close(worker)


def _close(worker: _Worker) -> None:
    drawing, worker.drawing = worker.drawing, None
    if drawing is not None:
        with suppress(Exception):
            drawing.close()
