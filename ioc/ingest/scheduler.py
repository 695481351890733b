"""The poller: looks every moment for what is due and has a crew run it, in a process of its own."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.errors import SettingsError, SourceConfigError
from ioc.freeing import give_back
from ioc.ingest.alive import tell_alive
from ioc.ingest.connector import Connector
from ioc.ingest.crew import Crew
from ioc.ingest.intake import Intake
from ioc.ingest.reach import client_for
from ioc.ingest.reload import SourceFiles
from ioc.ingest.run import poll
from ioc.ingest.source import Source, load_sources
from ioc.ingest.work import pending
from ioc.plugins import CONNECTOR, by_name
from ioc.settings import Settings
from ioc.store import heartbeat, leases, slots
from ioc.store.clock import shared_clock
from ioc.store.engine import open_engine, writing
from ioc.store.migration import migrate

_log = logging.getLogger("ioc.poll")
BEAT_SECONDS = 3
LOOK_SECONDS = 0.5
FILES_SECONDS = 30.0
TELL_SECONDS = 600.0
KEPT = timedelta(days=100)
"""How long slots that simply arrived are kept; their runs are kept for ever."""
SILENT_SECONDS = 90.0
"""Without a look for so long the beat stops: a poller that lives but does nothing is dead."""
HUNG_SECONDS = 300.0
HUNG = 3
"""Exit code of a poller that hangs, or has left too many threads behind: start it again."""
_STOP_SECONDS = 2.0
_STUCK_PER_WORKER = 2


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
        now=shared_clock(engine),
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
    for owner in leases.lease_owners(intake.engine):
        machine, _, number = owner.rpartition(":")
        if machine.removeprefix("web:") == host and number.isdigit() and not _lives(int(number)):
            _log.warning("poller %s is gone; its sources are polled again", owner)
            leases.end_leases(intake.engine, owner)


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


@dataclass
class Poller:
    """Looks for what is due and lets its crew run it; `look` is one look, `run` looks on and on."""

    intake: Intake
    workers: int
    crew: Crew = field(init=False)
    files: SourceFiles = field(init=False)
    looked: float = field(default_factory=time.monotonic)
    _read: float = field(default_factory=time.monotonic)
    _turn: int = 0
    _told: float = -TELL_SECONDS

    def __post_init__(self) -> None:
        self.crew = Crew(self.intake, self.workers)
        self.files = SourceFiles(self.intake)

    def look(self) -> None:
        """Leave behind what hangs, and start what is due while there is room."""
        self.crew.sweep()
        if time.monotonic() - self._read > FILES_SECONDS:
            self._read = time.monotonic()
            self.files.refresh()
            self._forget()
            self._tell()
            give_back()
        room = self.crew.free
        if room > 0:
            for work in pending(self.intake, self.crew.busy, room):
                self.crew.start(work)
        self.looked = time.monotonic()

    def _forget(self) -> None:
        """Forget pollers that are gone, and the oldest slots of one source after the other."""
        engine, now = self.intake.engine, self.intake.now()
        heartbeat.prune(engine, now)
        ids = sorted(fact.id for fact in self.intake.facts.values())
        if ids:
            self._turn = (self._turn + 1) % len(ids)
            with writing(engine) as connection:
                slots.prune(connection, ids[self._turn], now - KEPT)

    def _tell(self) -> None:
        """Count the sources within their cadence, now and then."""
        if time.monotonic() - self._told > TELL_SECONDS:
            self._told = time.monotonic()
            tell_alive(self.intake)

    def run(self, stop: threading.Event) -> None:
        """Look until told to stop, or until too many threads hang; raises nothing."""
        while not stop.wait(LOOK_SECONDS):
            try:
                self.look()
            except Exception:
                # The border of a look: the database may be away; the next look is soon.
                _log.exception("the poller could not look for what is due")
                self.looked = time.monotonic()
                stop.wait(LOOK_SECONDS * 4)
            if self.crew.stuck > self.workers * _STUCK_PER_WORKER:
                _log.critical("%d runs hang; the poller starts again", self.crew.stuck)
                return

    def beat(self) -> None:
        """Say that the poller lives, while it looks; a hung one ends so as to be started again."""
        silent = time.monotonic() - self.looked
        if silent > HUNG_SECONDS:
            _log.critical("the poller hangs; it starts again")
            logging.shutdown()
            os._exit(HUNG)
        if silent < SILENT_SECONDS:
            try:
                heartbeat.beat(self.intake.engine, self.intake.now(), self.intake.owner)
            except Exception:
                _log.exception("the heartbeat could not be written")


def run(settings: Settings, *, wait: Callable[[], None] | None = None) -> None:
    """Poll until SIGTERM or SIGINT; `wait` replaces waiting for the signal in tests.

    Exits with HUNG when runs hang that no thread can be spared for.
    """
    intake = open_intake(settings, os.environ)
    poller = Poller(intake, settings.poll_workers)
    stop = threading.Event()
    looking = threading.Thread(target=poller.run, args=(stop,), name="look", daemon=True)
    beating = threading.Thread(target=_beats, args=(poller, stop), name="beat", daemon=True)
    for thread in (looking, beating):
        thread.start()
    _log.info("polling %d sources: %s", len(intake.sources), ", ".join(intake.sources))
    if wait is not None:
        wait()
    else:
        _until_signal(looking)
    ended_itself = not looking.is_alive()
    stop.set()
    looking.join(_STOP_SECONDS)
    poller.crew.wait(_STOP_SECONDS)
    if wait is None:
        # A run that is cut off here leaves nothing half-written.
        logging.shutdown()
        os._exit(HUNG if ended_itself else 0)


def _beats(poller: Poller, stop: threading.Event) -> None:
    poller.beat()
    while not stop.wait(BEAT_SECONDS):
        poller.beat()


def _until_signal(looking: threading.Thread) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(1.0) and looking.is_alive():
        pass
