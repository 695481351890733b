"""What the console shows of every wall: what it should and does show, and how it fares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ioc.domain.messages import explain_error, knows, say
from ioc.domain.numbers import number
from ioc.domain.times import age_words, moment_words
from ioc.domain.unit import Level
from ioc.domain.view import ZONE
from ioc.store import freezes, reference, versions, wall_acts, walls
from ioc.store.engine import micros, moment, reading
from ioc.store.wall_reports import WallReport, reports
from ioc.web.wall_orders import exercise_words, scenes_told

if TYPE_CHECKING:
    from ioc.queries.desk import Desk
    from ioc.web.playing import Playing

ALIVE_WITHIN = timedelta(seconds=20)
"""A wall reports every five seconds; three reports may get lost."""
WAITING_SHOWN = timedelta(minutes=1)
REVOKED_SHOWN = timedelta(days=1)
CLOCK_OFF = timedelta(seconds=30)
"""A screen's clock that is further off is told of; nothing on the wall depends on it."""


def console_told(desk: Desk, playing: Playing, lang: str) -> dict[str, Any]:
    """Walls, freezes and the newest acts, in words."""
    now = desk.now()
    with reading(desk.engine) as connection:
        found = walls.walls(connection)
        active = freezes.active_freezes(connection)
        done = wall_acts.acts(connection)
        newest = versions.data_version(connection)
        titles = {one.name: one.title[lang] for one in reference.sources(connection)}
    said = reports(desk.engine)
    telling = _Telling(desk, playing, lang, now, newest, titles)
    names = {one.id: one.name for one in found}
    return {
        "walls": [
            telling.row(one, said.get(one.id))
            for one in found
            if _shown(one, said.get(one.id), now)
        ],
        "freezes": [
            {
                "code": one.code,
                "title": one.title,
                "words": telling.freeze(one, [w.name for w in found if w.freeze == one.code]),
            }
            for one in active
        ],
        "acts": [telling.act(one, names) for one in done],
        "wrong": [explain_error(lang, one) for one in playing.shelf().wrong],
    }


def choices_told(desk: Desk, playing: Playing, lang: str) -> dict[str, Any]:
    """What can be chosen from: playlists, sources to lose, provinces to be late."""
    with reading(desk.engine) as connection:
        sources = [one for one in reference.sources(connection) if one.active and one.polled]
    units = desk.units
    today = desk.now().astimezone(ZONE).date()
    provinces = units.ids_by_level(Level.PROVINCE, today) if units is not None else ()
    return {
        "playlists": [
            {"key": name, "name": one.title.say(lang)}
            for name, one in sorted(playing.shelf().playlists.items())
        ],
        "sources": [{"key": one.name, "name": one.title[lang]} for one in sources],
        "provinces": [
            {"key": units.by_id(one).key, "name": units.by_id(one).name_in(lang)}
            for one in provinces
        ],
    }


def _shown(one: walls.Wall, report: WallReport | None, now: datetime) -> bool:
    """Screens that wait are listed while they are on, revoked ones for a day, others always."""
    if one.revoked_at is not None:
        return now - one.revoked_at < REVOKED_SHOWN
    if one.state != "waiting":
        return True
    return report is not None and now - report.at < WAITING_SHOWN


class _Telling:
    """Puts one look at all walls into words."""

    def __init__(
        self,
        desk: Desk,
        playing: Playing,
        lang: str,
        now: datetime,
        newest: int,
        titles: dict[str, str],
    ) -> None:
        self._desk, self._playing, self._lang = desk, playing, lang
        self._now, self._newest, self._titles = now, newest, titles

    def _say(self, key: str, **params: object) -> str:
        return say(self._lang, f"walls.{key}", **params)

    def row(self, one: walls.Wall, report: WallReport | None) -> dict[str, Any]:
        """One line of the table; `state` names its look."""
        state = self._state(one, report)
        age = age_words(self._now - report.at, self._lang) if report else ""
        here = micros(self._now)
        return {
            "id": one.id,
            "name": one.name or self._say("unnamed"),
            "state": state,
            "state_words": self._say(f"state_{state}", age=age),
            "orders": one.state == "registered",
            "hold": one.orders.hold,
            "playlist": one.playlist,
            "marks": self._marks(one, here),
            **self._playing_words(one, report),
            **self._health(None if one.revoked_at else report, frozen=bool(one.freeze)),
        }

    def _state(self, one: walls.Wall, report: WallReport | None) -> str:
        if one.state != "registered":
            return one.state
        if report is None:
            return "never"
        if self._now - report.at > ALIVE_WITHIN:
            return "silent"
        return "grey" if report.body.get("dead") or report.body.get("foreign") else "alive"

    def _marks(self, one: walls.Wall, here: int) -> list[dict[str, str]]:
        marks = []
        if one.orders.hold:
            marks.append({"kind": "hold", "words": self._say("mark_hold")})
        if one.freeze:
            marks.append({"kind": "freeze", "words": self._say("mark_freeze", code=one.freeze)})
        if one.orders.exercise_until > here:
            units = self._desk.units
            what = exercise_words(self._lang, one.orders.exercise, units, self._titles)
            until = moment_words(moment(one.orders.exercise_until), self._lang)
            words = self._say("mark_exercise", what=what, moment=until)
            marks.append({"kind": "exercise", "words": words})
        if one.orders.notice_until > here:
            words = self._say("mark_notice", text=one.orders.notice)
            marks.append({"kind": "notice", "words": words})
        return marks

    def _playing_words(self, one: walls.Wall, report: WallReport | None) -> dict[str, Any]:
        if one.state != "registered":
            return {"should": "", "does": "", "differs": False}
        scenes = scenes_told(self._playing.scenes(one.playlist, self._now), self._lang)
        title = self._playing.shelf().get(one.playlist).title.say(self._lang)
        should = self._say("should", playlist=title, count=len(scenes))
        if report is None or not report.body.get("scene"):
            return {"should": should, "does": self._say("does_nothing"), "differs": bool(scenes)}
        keys = [scene["key"] for scene in scenes]
        scene = str(report.body["scene"])
        if scene not in keys:
            words = self._say("does_other", scene=report.body.get("title") or scene)
            return {"should": should, "does": words, "differs": True}
        at = keys.index(scene)
        words = self._say("does", number=at + 1, scene=scenes[at]["title"])
        if report.body.get("state") == "bad":
            words = self._say("does_failed", scene=scenes[at]["title"], why=report.body.get("why"))
        return {"should": should, "does": words, "differs": report.body.get("state") == "bad"}

    def _health(self, report: WallReport | None, *, frozen: bool) -> dict[str, Any]:
        if report is None:
            return {"data": "–", "heap": "–"}
        body = report.body
        version = body.get("version")
        told: dict[str, Any] = {
            "data": self._data(version, frozen=frozen),
            "late": isinstance(version, int) and version < self._newest and not frozen,
            "pulse": self._pulse(body),
            "skipped": self._skipped(body.get("skipped")),
            "heap": self._heap(body.get("heap")),
            "errors": str(body.get("errors", 0)),
            "error": str(body.get("error", "")),
            "screen": self._screen(body),
            "clock": self._clock(body, report.at),
        }
        if report.picture_at is not None:
            told["picture"] = micros(report.picture_at)
            told["picture_words"] = self._say(
                f"picture_{body.get('form') or 'drawn'}",
                moment=moment_words(report.picture_at, self._lang),
            )
        return told

    def _data(self, version: object, *, frozen: bool) -> str:
        if not isinstance(version, int):
            return "–"
        if frozen:
            return self._say("data_frozen", version=version)
        if version >= self._newest:
            return self._say("data_newest", version=version)
        return self._say("data_behind", version=version, newest=self._newest)

    def _pulse(self, body: Mapping[str, object]) -> str:
        age = body.get("pulse")
        if body.get("foreign"):
            return self._say("pulse_foreign")
        if not isinstance(age, int):
            return self._say("pulse_none")
        return self._say("pulse", seconds=round(age / 1000))

    def _skipped(self, count: object) -> str:
        if not isinstance(count, int) or not count:
            return ""
        return self._say("skipped", count=number(count, self._lang))

    def _heap(self, heap: object) -> str:
        if not isinstance(heap, int | float):
            return self._say("heap_unknown")
        return f"{number(Fraction(heap), self._lang, 1)} MB"

    def _screen(self, body: Mapping[str, object]) -> str:
        words = f"{body.get('width')}×{body.get('height')}"
        return f"{words}, {self._say('hidden')}" if body.get("hidden") else words

    def _clock(self, body: Mapping[str, object], at: datetime) -> str:
        clock = body.get("clock")
        if not isinstance(clock, int):
            return ""
        off = timedelta(milliseconds=clock) - timedelta(microseconds=micros(at))
        if abs(off) < CLOCK_OFF:
            return ""
        key = "clock_ahead" if off > timedelta(0) else "clock_behind"
        return self._say(key, minutes=max(1, round(abs(off) / timedelta(minutes=1))))

    def freeze(self, one: freezes.Freeze, names: list[str]) -> str:
        """A freeze in words: since when, by whom, on what."""
        on = list(names)
        if one.desks:
            on.append(self._say("freeze_desks"))
        return self._say(
            "freeze_now",
            moment=moment_words(one.known_at, self._lang),
            by=one.started_by,
            on=", ".join(on) or self._say("freeze_link"),
        )

    def act(self, one: wall_acts.Act, names: Mapping[int, str]) -> dict[str, str]:
        """One act in words."""
        key = f"walls.act_{one.act}"
        words = say(self._lang, key) if knows(self._lang, key) else one.act
        about = [
            str(one.params[name]) for name in ("text", "title", "code") if one.params.get(name)
        ]
        if one.params.get("exercise"):
            units = self._desk.units
            about.append(
                exercise_words(self._lang, str(one.params["exercise"]), units, self._titles)
            )
        return {
            "moment": moment_words(one.at, self._lang),
            "by": one.by,
            "wall": names.get(one.wall_id, ""),
            "act": ": ".join([words, ", ".join(about)]) if about else words,
        }
