"""Several runs at a time, of which none can hold up the others: one that hangs is left behind."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ioc.ingest.failing import give_up
from ioc.ingest.intake import Intake
from ioc.ingest.run import Work
from ioc.ingest.work import do
from ioc.store import run_requests
from ioc.store.leases import Ticket

_log = logging.getLogger("ioc.poll")
GRACE = 5.0
"""Seconds beyond its own deadline after which a run is taken to hang."""
_FILLING = 3600.0


@dataclass(eq=False)
class _Job:
    work: Work
    began: float
    ticket: Ticket | None = None
    left: bool = False
    thread: threading.Thread | None = field(default=None, repr=False)

    def started(self, ticket: Ticket) -> None:
        self.ticket = ticket

    def limit(self) -> float:
        """Seconds it may take; filling gaps is many runs, each with a deadline of its own."""
        filling = _FILLING if self.work.kind == "backfill" else 0.0
        return self.work.source.timeout + GRACE + filling


class Crew:
    """At most `size` runs at a time, each in a thread of its own.

    A thread cannot be killed. One that outlives its time is left behind: its run is closed as
    failed, its lease is gone, so that it can write no more, and another takes its place. `stuck`
    counts those that still hang; their sources are not run here until they end.
    """

    def __init__(
        self, intake: Intake, size: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._intake = intake
        self._size = size
        self._clock = clock
        self._jobs: set[_Job] = set()
        self._lock = threading.Lock()

    @property
    def busy(self) -> frozenset[str]:
        """The sources that run, or hang."""
        with self._lock:
            return frozenset(job.work.source.name for job in self._jobs)

    @property
    def free(self) -> int:
        """How many more runs there is room for."""
        with self._lock:
            return self._size - sum(not job.left for job in self._jobs)

    @property
    def stuck(self) -> int:
        """How many threads were left behind and have not ended."""
        with self._lock:
            return sum(job.left for job in self._jobs)

    def start(self, work: Work) -> None:
        """Run a piece of work; what comes of it is in the store."""
        job = _Job(work, self._clock())
        job.thread = threading.Thread(
            target=self._work, args=(job,), name=f"run {work.source.name}", daemon=True
        )
        with self._lock:
            self._jobs.add(job)
        job.thread.start()

    def sweep(self) -> None:
        """Leave behind what has outlived its time."""
        now = self._clock()
        with self._lock:
            over = [job for job in self._jobs if not job.left and now - job.began > job.limit()]
            for job in over:
                job.left = True
        for job in over:
            self._leave(job)

    def wait(self, seconds: float) -> None:
        """Give runs a moment to end."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.busy:
            time.sleep(0.05)

    def _work(self, job: _Job) -> None:
        try:
            do(self._intake, job.work, job.started)
        except Exception:
            # The border of a job: the database may be away; the slot stays and is run again.
            _log.exception("source %s: the run could not be recorded", job.work.source.name)
        finally:
            with self._lock:
                self._jobs.discard(job)
            if job.left:
                _log.warning("source %s: a run that hung has ended", job.work.source.name)

    def _leave(self, job: _Job) -> None:
        work, intake = job.work, self._intake
        _log.error(
            "source %s: no end after %.0f s; left behind (%d such)",
            work.source.name, job.limit(), self.stuck,
        )  # fmt: skip
        try:
            if job.ticket is not None:
                give_up(intake, work.source, job.ticket)
            if work.request is not None:
                result = {"outcome": "failed", "code": "too_slow", "params": {}}
                run_requests.finish(intake.engine, work.request, intake.now(), result)
        except Exception:
            _log.exception("source %s: its end could not be recorded", work.source.name)
