"""What operators do to walls: each act is checked, done and written down in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from ioc.domain.messages import say
from ioc.errors import AddressError, IocError
from ioc.store import freezes, reference, wall_acts, walls
from ioc.store.engine import micros, writing_soon
from ioc.web.viewer import clean_name
from ioc.web.wall_device import new_code
from ioc.web.wall_orders import DEAD_SERVER, LATE, SOURCE

if TYPE_CHECKING:
    from ioc.queries.desk import Desk
    from ioc.web.playing import Playing

IDENTIFY = timedelta(seconds=20)
LONGEST_NOTICE = 200
WAIT_MILLISECONDS = 10_000
"""How long an act stands in line behind a delivery before it says so."""
Minutes = Annotated[int, Field(ge=1, le=1440)]
Short = Annotated[str, Field(max_length=400)]


class Act(BaseModel):
    """The body of `POST /walls/act`: what to do to which wall, with what it needs."""

    model_config = ConfigDict(extra="forbid")

    act: Short
    wall: int = 0
    walls: Annotated[list[int], Field(max_length=200)] = []
    code: Short = ""
    name: Short = ""
    playlist: Short = ""
    text: Short = ""
    minutes: Minutes = 60
    kind: Short = ""
    what: Short = ""
    desks: bool = False


class Refused(IocError):
    """An act cannot be done; the text says why, in the language of who asked."""


@dataclass(frozen=True, slots=True)
class Doing:
    """An act under way: in its transaction, at its moment."""

    desk: Desk
    playing: Playing
    connection: Connection
    asked: Act
    by: str
    now: datetime
    lang: str

    def refuse(self, key: str, **params: object) -> Refused:
        """The refusal in words."""
        return Refused(say(self.lang, f"walls.refused_{key}", **params))

    def wall(self) -> walls.Wall:
        """The registered wall that the act is about."""
        found = walls.wall_by_id(self.connection, self.asked.wall)
        if found is None or found.state != "registered":
            raise self.refuse("wall")
        return found

    def playlist(self) -> str:
        """The name of a playlist that there is."""
        if self.asked.playlist not in self.playing.shelf().playlists:
            raise self.refuse("playlist", name=self.asked.playlist[:60])
        return self.asked.playlist

    def text(self, given: str, longest: int) -> str:
        """A text as people read it, not empty."""
        clean = clean_name(given, longest)
        if not clean:
            raise self.refuse("text", longest=longest)
        return clean

    def order(self, found: walls.Wall, **changes: object) -> None:
        """Change what is wanted of a wall."""
        walls.order(self.connection, found, **changes)

    def note(self, wall_id: int, **params: object) -> None:
        """Write the act down."""
        act, by = self.asked.act, self.by
        wall_acts.note_act(self.connection, wall_id, by, act, self.now, params)


def perform(desk: Desk, playing: Playing, asked: Act, *, by: str, lang: str) -> str:
    """Do what was asked and say in words what was done; raises Refused when it cannot be."""
    do = ACTS.get(asked.act)
    now = desk.now()
    if do is None:
        raise Refused(say(lang, "walls.refused_act", act=asked.act[:40]))
    try:
        with writing_soon(desk.engine, WAIT_MILLISECONDS) as connection:
            return do(Doing(desk, playing, connection, asked, by, now, lang))
    except OperationalError as problem:
        raise Refused(say(lang, "walls.refused_busy")) from problem


def _register(doing: Doing) -> str:
    code = "".join(doing.asked.code.upper().split())
    name, playlist = doing.text(doing.asked.name, 60), doing.playlist()
    found = walls.register_wall(
        doing.connection, code, name=name, playlist=playlist, by=doing.by, now=doing.now
    )
    if found is None:
        raise doing.refuse("code", code=code[:12])
    doing.note(found.id, playlist=playlist)
    return say(doing.lang, "walls.done_register", name=name)


def _assign(doing: Doing) -> str:
    found, playlist = doing.wall(), doing.playlist()
    walls.assign(doing.connection, found.id, playlist)
    doing.note(found.id, playlist=playlist)
    title = doing.playing.shelf().get(playlist).title.say(doing.lang)
    return say(doing.lang, "walls.done_assign", name=found.name, playlist=title)


def _identify(doing: Doing) -> str:
    found = doing.wall()
    doing.order(found, identify_until=micros(doing.now + IDENTIFY))
    doing.note(found.id)
    return say(doing.lang, "walls.done_identify", name=found.name)


def _reload(doing: Doing) -> str:
    found = doing.wall()
    doing.order(found, reload=found.orders.reload + 1)
    doing.note(found.id)
    return say(doing.lang, "walls.done_reload", name=found.name)


def _picture(doing: Doing) -> str:
    found = doing.wall()
    doing.order(found, picture=found.orders.picture + 1)
    doing.note(found.id)
    return say(doing.lang, "walls.done_picture", name=found.name)


def _hold(doing: Doing) -> str:
    found = doing.wall()
    doing.order(found, hold=True)
    doing.note(found.id)
    return say(doing.lang, "walls.done_hold", name=found.name)


def _go(doing: Doing) -> str:
    found = doing.wall()
    doing.order(found, hold=False)
    doing.note(found.id)
    return say(doing.lang, "walls.done_go", name=found.name)


def _notice(doing: Doing) -> str:
    found = doing.wall()
    text, until = doing.text(doing.asked.text, LONGEST_NOTICE), _until(doing)
    doing.order(found, notice=text, notice_until=until)
    doing.note(found.id, text=text, minutes=doing.asked.minutes)
    return say(doing.lang, "walls.done_notice", name=found.name, minutes=doing.asked.minutes)


def _notice_end(doing: Doing) -> str:
    found = doing.wall()
    doing.order(found, notice="", notice_until=0)
    doing.note(found.id)
    return say(doing.lang, "walls.done_notice_end", name=found.name)


def _revoke(doing: Doing) -> str:
    found = doing.wall()
    walls.revoke(doing.connection, found.id, doing.now)
    doing.note(found.id)
    return say(doing.lang, "walls.done_revoke", name=found.name)


def _exercise(doing: Doing) -> str:
    found = doing.wall()
    pretended = _pretended(doing)
    doing.order(found, exercise=pretended, exercise_until=_until(doing))
    doing.note(found.id, exercise=pretended, minutes=doing.asked.minutes)
    return say(doing.lang, "walls.done_exercise", name=found.name, minutes=doing.asked.minutes)


def _exercise_end(doing: Doing) -> str:
    found = doing.wall()
    doing.order(found, exercise="", exercise_until=0)
    doing.note(found.id)
    return say(doing.lang, "walls.done_exercise_end", name=found.name)


def _pretended(doing: Doing) -> str:
    kind, what = doing.asked.kind, doing.asked.what
    if kind == DEAD_SERVER:
        return DEAD_SERVER
    if kind == SOURCE and what in {one.name for one in reference.sources(doing.connection)}:
        return f"{SOURCE}:{what}"
    if kind == LATE:
        try:
            return f"{LATE}:{doing.desk.units.by_key(what).key}"
        except AddressError:
            pass
    raise doing.refuse("exercise")


def _freeze(doing: Doing) -> str:
    title = doing.text(doing.asked.text, 80)
    chosen = [walls.wall_by_id(doing.connection, one) for one in dict.fromkeys(doing.asked.walls)]
    pinned = [one for one in chosen if one is not None and one.state == "registered"]
    if not pinned and not doing.asked.desks:
        raise doing.refuse("freeze")
    begun = freezes.start_freeze(
        doing.connection,
        new_code(),
        title=title,
        desks=doing.asked.desks,
        by=doing.by,
        now=doing.now,
    )
    for one in pinned:
        walls.pin(doing.connection, one.id, begun.code)
    doing.note(0, code=begun.code, title=title, walls=[one.name for one in pinned])
    return say(doing.lang, "walls.done_freeze", code=begun.code, title=title)


def _release(doing: Doing) -> str:
    code = doing.asked.code
    if not freezes.release_freeze(doing.connection, code, by=doing.by, now=doing.now):
        raise doing.refuse("release", code=code[:12])
    for one in walls.walls(doing.connection):
        if one.freeze == code:
            walls.pin(doing.connection, one.id, None)
    doing.note(0, code=code)
    return say(doing.lang, "walls.done_release", code=code)


def _until(doing: Doing) -> int:
    return micros(doing.now + timedelta(minutes=doing.asked.minutes))


ACTS: dict[str, Callable[[Doing], str]] = {
    "register": _register,
    "assign": _assign,
    "identify": _identify,
    "reload": _reload,
    "picture": _picture,
    "hold": _hold,
    "go": _go,
    "notice": _notice,
    "notice_end": _notice_end,
    "revoke": _revoke,
    "exercise": _exercise,
    "exercise_end": _exercise_end,
    "freeze": _freeze,
    "release": _release,
}
"""Every act by its name; each is listed in words as `walls.act_<name>`."""
