"""The poller: one APScheduler job a source, in a process of its own."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import cast

from apscheduler.events import (
    EVENT_JOB_EXECUTED,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    JobExecutionEvent,
    JobSubmissionEvent,
)
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.domain.view import ZONE
from ioc.errors import SettingsError, SourceConfigError
from ioc.ingest.connector import Connector
from ioc.ingest.intake import Intake
from ioc.ingest.reach import client_for
from ioc.ingest.run import poll
from ioc.ingest.source import Source, load_sources
from ioc.ingest.taking import Report
from ioc.plugins import CONNECTOR, by_name
from ioc.settings import Settings
from ioc.store import heartbeat, runs, source_state
from ioc.store.engine import open_engine, reading, utc_now
from ioc.store.migration import migrate

_log = logging.getLogger("ioc.poll")
WORKERS = 4
BEAT_SECONDS = 3
_STOP_SECONDS = 2.0


def connectors() -> dict[str, Connector]:
    """Every kind of source there is, built in or added on, by name."""
    return {name: cast(Connector, value) for name, value in by_name(CONNECTOR).items()}


def open_intake(settings: Settings, environment: Mapping[str, str]) -> Intake:
    """Everything runs need, from the settings: the migrated store, units, catalogue, sources.

    Raises ConfigError for the first wrong file, or when there is no home directory.
    """
    if not settings.home.is_dir():
        raise SettingsError(
            file="IOC_HOME",
            field="home",
            given=str(settings.home),
            allowed="a folder that exists; `ioc init HOME` makes one",
        )
    found = connectors()
    units = Units.load()
    engine = open_engine(settings.database_url)
    migrate(engine)
    sources = load_sources(settings.home, environment, found)
    intake = Intake(
        engine=engine,
        catalogue=Catalogue.load(units=units),
        units=units,
        connectors=found,
        client=lambda source: client_for(
            source, found[source.connector], settings.home, settings.reachable_hosts
        ),
        home=settings.home,
        env=environment,
        now=utc_now,
        owner=f"{socket.gethostname()}:{os.getpid()}",
        sources={source.name: source for source in sources},
    )
    intake.prepare()
    end_dead_leases(intake)
    return intake


def end_dead_leases(intake: Intake) -> None:
    """Free the sources of pollers of this machine that were cut off and hold their leases still.

    Those of other machines end by their time: from here nobody can tell whether they live.
    """
    host = socket.gethostname()
    with reading(intake.engine) as connection:
        owners = runs.lease_owners(connection)
    for owner in owners:
        machine, _, number = owner.rpartition(":")
        if machine == host and number.isdigit() and not _lives(int(number)):
            _log.warning("poller %s is gone; its sources are polled again", owner)
            runs.end_leases(intake.engine, owner)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def poll_once(settings: Settings, name: str | None = None) -> int:
    """Poll one source, or all in turn, and say how each ended; 1 when one failed.

    Raises SourceConfigError for a source that does not exist.
    """
    intake = open_intake(settings, os.environ)
    wanted = intake.sources if name is None else {name: chosen(intake, name)}
    failed = 0
    for source in wanted.values():
        report = poll(intake, source)
        outcome = report.outcome if report else "busy"
        failed += outcome == "failed"
        added = f", {report.added} new" if report else ""
        sys.stdout.write(f"{source.name}: {outcome}{added}\n")
    return 1 if failed else 0


def chosen(intake: Intake, name: str) -> Source:
    """The source of that name. Raises SourceConfigError naming those there are."""
    if name not in intake.sources:
        raise SourceConfigError(
            file="sources", field="name", given=name, allowed=", ".join(sorted(intake.sources))
        )
    return intake.sources[name]


def trigger(source: Source) -> IntervalTrigger | CronTrigger:
    """When a source is due, in Vietnamese time.

    Intervals are counted from a fixed day, not from the start of the program: a restart does not
    push the next run away.
    """
    jitter = int(source.jitter) or None
    interval = source.schedule.interval
    if interval is not None:
        return IntervalTrigger(
            seconds=int(interval.total_seconds()),
            start_date=datetime(2026, 1, 1, tzinfo=ZONE),
            timezone=ZONE,
            jitter=jitter,
        )
    fields = _cron_fields(source.schedule.cron or "")
    return CronTrigger(**fields, timezone=ZONE, jitter=jitter)


def _cron_fields(text: str) -> dict[str, str]:
    names = ("minute", "hour", "day", "month", "day_of_week")
    return dict(zip(names, text.split(), strict=True))


def schedule(intake: Intake, scheduler: BackgroundScheduler, now: datetime) -> None:
    """Add one job a source, due at once and then by its trigger, and the heartbeat."""
    scheduler.add_job(
        partial(_beat, intake),
        IntervalTrigger(seconds=BEAT_SECONDS),
        id="heartbeat",
        executor="pulse",
        next_run_time=now,
        misfire_grace_time=None,
        coalesce=True,
    )
    ordered = sorted(intake.sources.values(), key=lambda one: (one.rank, one.name))
    for source in ordered:
        scheduler.add_job(
            partial(_poll_safely, intake, source),
            trigger(source),
            id=source.name,
            name=source.name,
            next_run_time=now,
            misfire_grace_time=max(1, int(source.misfire_grace)),
            coalesce=True,
            max_instances=1,
        )
    scheduler.add_listener(
        partial(_note, intake, scheduler),
        EVENT_JOB_EXECUTED | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES,
    )


def _beat(intake: Intake) -> None:
    heartbeat.beat(intake.engine, intake.now())


def _poll_safely(intake: Intake, source: Source) -> Report | None:
    try:
        return poll(intake, source, slices=1)
    except Exception:
        # The border of a job: the database may be away; the job stays scheduled.
        _log.exception("source %s: the run could not be recorded", source.name)
        return None


def _note(
    intake: Intake, scheduler: BackgroundScheduler, event: JobExecutionEvent | JobSubmissionEvent
) -> None:
    fact = intake.facts.get(event.job_id)
    if fact is None or not scheduler.running:
        # While it shuts down, asking it for a job would wait for the lock it holds.
        return
    try:
        if event.code != EVENT_JOB_EXECUTED:
            code = "missed" if event.code == EVENT_JOB_MISSED else "still_running"
            _log.warning("source %s: %s", fact.name, code)
            runs.record_missed(intake.engine, fact.id, intake.now(), code)
        job = scheduler.get_job(event.job_id)
        if job is not None and getattr(getattr(event, "retval", None), "more", False):
            # The rest of a long history follows at once, but behind the other sources in the
            # queue: one large source does not keep the first figures of the others waiting.
            job = scheduler.modify_job(event.job_id, next_run_time=datetime.now(ZONE))
        source_state.plan_next(intake.engine, fact.id, job.next_run_time if job else None)
    except Exception:
        _log.exception("source %s: its schedule could not be recorded", fact.name)


def run(settings: Settings, *, wait: Callable[[], None] | None = None) -> None:
    """Poll until SIGTERM or SIGINT; `wait` replaces waiting for the signal in tests."""
    intake = open_intake(settings, os.environ)
    scheduler = BackgroundScheduler(
        timezone=ZONE,
        executors={"default": ThreadPoolExecutor(WORKERS), "pulse": ThreadPoolExecutor(1)},
    )
    schedule(intake, scheduler, datetime.now(ZONE))
    scheduler.start()
    _log.info("polling %d sources: %s", len(intake.sources), ", ".join(intake.sources))
    if wait is not None:
        wait()
        scheduler.shutdown(wait=False)
        return
    _until_signal()
    scheduler.shutdown(wait=False)
    _leave()


def _until_signal() -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(1.0):
        pass


def _leave() -> None:
    """Give runs a moment to commit, then go: a run that is cut off leaves nothing half-written."""
    deadline = time.monotonic() + _STOP_SECONDS
    while time.monotonic() < deadline and threading.active_count() > 1:
        time.sleep(0.05)
    logging.shutdown()
    os._exit(0)
