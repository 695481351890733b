"""A playlist is data: which scenes a wall shows in turn, when, and which come first on alarm."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ioc.domain.indicator import Switch, Words
from ioc.domain.view import ZONE, View
from ioc.errors import AddressError, PlaylistError

DEFAULT = "default"
"""The playlist of a wall that nobody has given one."""
SHORTEST, LONGEST = 5, 3600
_HOURS = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]|24):([0-5]\d)$")
_DAY_MINUTES = 24 * 60


class Weekday(StrEnum):
    """The days of the week, in the order of `datetime.weekday`."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


def own_view(address: str) -> View:
    """The View of one of this product's own addresses.

    Raises AddressError for another host's address, a part behind `#`, a part given twice or one
    that no View has.
    """
    split = urlsplit(address)
    if not address.startswith("/") or address.startswith("//") or "\\" in address or split.fragment:
        raise AddressError(part="address", given=address, allowed="/… of this product, without #")
    pairs = parse_qsl(split.query, keep_blank_values=True)
    parts = dict(pairs)
    if len(parts) != len(pairs) or "path" in parts:
        raise AddressError(part="address", given=address, allowed="each part once")
    return View.from_address(split.path, **parts)


def _scene_address(text: str) -> str:
    try:
        view = own_view(text)
    except (AddressError, ValueError) as problem:
        raise ValueError(str(problem)) from problem
    if not view.wall or view.page in ("wall", "walls"):
        raise ValueError("not the wall form of a page")
    return text


def _span(text: str) -> tuple[int, int]:
    found = _HOURS.match(text)
    if not found:
        raise ValueError(text)
    first, last = (60 * int(found[n]) + int(found[n + 1]) for n in (1, 3))
    if first == last or last > _DAY_MINUTES:
        raise ValueError(text)
    return first, last


def _hours(text: str) -> str:
    _span(text)
    return text


Address = Annotated[
    str,
    AfterValidator(_scene_address),
    Field(description="an address of this product with wall=1, such as /unit/38?wall=1"),
]
Hours = Annotated[
    str,
    AfterValidator(_hours),
    Field(description="from-to of the Vietnamese clock, such as 07:00-18:00 or 22:00-06:00"),
]
Seconds = Annotated[
    int,
    Field(
        strict=True,
        ge=SHORTEST,
        le=LONGEST,
        description=f"a whole number from {SHORTEST} to {LONGEST}",
    ),
]
Over = Annotated[int, Field(strict=True, ge=0, description="a whole number of 0 or more")]
Minutes = Annotated[
    int,
    Field(
        strict=True,
        ge=0,
        le=_DAY_MINUTES,
        description=f"a whole number of minutes from 0 to {_DAY_MINUTES}",
    ),
]


@dataclass(frozen=True, slots=True)
class Alarms:
    """What may call for a scene: how many figures are at risk, how many sources are failing."""

    red: int = 0
    failing: int = 0


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class When(_Declared):
    """The condition of an alarm scene; of two given ones either is enough.

    An alarm that began ends when its condition has not held for `hold` minutes, so that a value
    that swings about its limit calls once. `red_until` is the lower limit at which it may end.
    """

    red_over: Over | None = None
    red_until: Over | None = None
    source_failing: Switch = False
    hold: Minutes = 10

    def holds(self, alarms: Alarms, *, begun: bool = False) -> bool:
        """Whether the scene is called for, or kept where its alarm has begun."""
        limit = self.red_over
        if limit is not None and begun and self.red_until is not None:
            limit = min(limit, self.red_until)
        red = limit is not None and alarms.red > limit
        return red or (self.source_failing and alarms.failing > 0)


class Scene(_Declared):
    """One address and how long it stays; without `days` and `hours` it is always shown."""

    address: Address
    seconds: Seconds = 30
    title: Words | None = None
    days: tuple[Weekday, ...] = Field(default=(), description="a list of mon to sun")
    hours: Hours | None = None

    def runs(self, moment: datetime) -> bool:
        """Whether the scene is due at a moment of the Vietnamese clock.

        Hours over midnight belong to the day on which they begin: Friday's `22:00-06:00` ends on
        Saturday morning.
        """
        local = moment.astimezone(ZONE)
        minute = 60 * local.hour + local.minute
        day = local
        if self._minutes is not None:
            first, last = self._minutes
            if first < last and not first <= minute < last:
                return False
            if first > last:
                if last <= minute < first:
                    return False
                day = local - timedelta(days=1) if minute < last else local
        return not self.days or tuple(Weekday)[day.weekday()] in self.days

    @cached_property
    def _minutes(self) -> tuple[int, int] | None:
        return None if self.hours is None else _span(self.hours)


class AlarmScene(Scene):
    """A scene that comes first, and at once, while its condition holds."""

    when: When


class Playlist(_Declared):
    """Scenes in turn. `name` is that of its file; the scenes of `alarm` go before all others."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$", description="the name of its file")
    title: Words
    scenes: tuple[Scene, ...] = Field(min_length=1, description="a list of scenes, one or more")
    alarm: tuple[AlarmScene, ...] = Field(default=(), description="a list of scenes with when")


class Begun:
    """The alarms that have begun and when each of them held last; a new one has none.

    It lives as long as its server: after a restart an alarm whose condition holds begins anew.
    """

    def __init__(self) -> None:
        self._held: dict[str, dict[When, datetime]] = {}

    def called(
        self, playlist: Playlist, moment: datetime, alarms: Alarms
    ) -> tuple[AlarmScene, ...]:
        """The alarm scenes of a playlist that are called for at a moment."""
        before = self._held.get(playlist.name, {})
        now: dict[When, datetime] = {}
        for when in {one.when for one in playlist.alarm}:
            last = before.get(when)
            if when.holds(alarms, begun=last is not None):
                now[when] = moment
            elif last is not None and moment - last < timedelta(minutes=when.hold):
                now[when] = last
        self._held[playlist.name] = now
        return tuple(one for one in playlist.alarm if one.when in now)


def showing(
    playlist: Playlist, moment: datetime, called: Iterable[AlarmScene] = ()
) -> tuple[Scene, ...]:
    """The scenes that go round at a moment: those called for by an alarm, then the others."""
    return tuple(one for one in (*called, *playlist.scenes) if one.runs(moment))


def opened(
    scene: Scene, lang: str, *, meeting: str | None = None, exercise: str | None = None
) -> dict[str, object]:
    """The scene as a wall opens it: `href` with the meeting that pins it and what it rehearses.

    `key` is its address without these two, by which the wall knows it again.
    """
    view = own_view(scene.address).but(lang=lang)
    return {
        "key": view.href(),
        "href": view.href(meeting=meeting, exercise=exercise),
        "seconds": scene.seconds,
        "title": scene.title.say(lang) if scene.title else scene.address,
        "alarm": isinstance(scene, AlarmScene),
    }


@dataclass(frozen=True, slots=True)
class Shelf:
    """All playlists by name, and what is wrong with the files that give none."""

    playlists: Mapping[str, Playlist]
    wrong: tuple[PlaylistError, ...] = field(default=())

    def get(self, name: str) -> Playlist:
        """The playlist of this name; of an unknown name the default one."""
        return self.playlists.get(name) or self.playlists[DEFAULT]
