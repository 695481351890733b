"""What walls play now: the playlists of the home directory, and what calls for alarm scenes."""

from __future__ import annotations

import logging
import time
from datetime import datetime
from threading import Lock

from ioc.domain.playlist import Alarms, AlarmScene, Begun, Playlist, Scene, Shelf, showing
from ioc.domain.playlist_file import read_shelf, stamp
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.health import sources
from ioc.queries.overview import overview

LOOK_SECONDS = 2.0
ALARM_SECONDS = 5.0
_LOG = logging.getLogger(__name__)


class Playing:
    """Answers many walls from one look at the files and one question to the store."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = Lock()
        self._shelf: Shelf | None = None
        self._stamp: tuple[object, ...] = ()
        self._looked = 0.0
        self._alarms: dict[bool, tuple[float, Alarms]] = {}
        self._begun = Begun()

    def shelf(self) -> Shelf:
        """All playlists; files that were changed meanwhile are read again."""
        with self._lock:
            now = time.monotonic()
            if self._shelf is not None and now - self._looked < LOOK_SECONDS:
                return self._shelf
            self._looked = now
            seen = stamp(self._desk.settings.home)
            if self._shelf is None or seen != self._stamp:
                self._stamp = seen
                self._shelf = read_shelf(self._desk.settings.home)
                for problem in self._shelf.wrong:
                    _LOG.error("playlists: %s", problem)
            return self._shelf

    def scenes(self, name: str, moment: datetime) -> tuple[Scene, ...]:
        """The scenes of a playlist that go round at a moment."""
        playlist = self.shelf().get(name)
        return showing(playlist, moment, self._called(playlist, moment))

    def _called(self, playlist: Playlist, moment: datetime) -> tuple[AlarmScene, ...]:
        if not playlist.alarm:
            return ()
        counts_red = any(one.when.red_over is not None for one in playlist.alarm)
        with self._lock:
            return self._begun.called(playlist, moment, self._counted(counts_red))

    def _counted(self, counts_red: bool) -> Alarms:
        asked, alarms = self._alarms.get(counts_red, (-ALARM_SECONDS, Alarms()))
        if time.monotonic() - asked >= ALARM_SECONDS:
            alarms = self._ask(counts_red)
            self._alarms[counts_red] = (time.monotonic(), alarms)
        return alarms

    def _ask(self, counts_red: bool) -> Alarms:
        everything = Scope.all()
        rows = sources(self._desk, View(page="sources"), everything).rows
        failing = sum(row.state == "failing" for row in rows)
        red = overview(self._desk, View(), everything).red_count if counts_red else 0
        return Alarms(red, failing)
