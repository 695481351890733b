"""What a wall is told in answer to its report: scenes, orders and every word it shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ioc.domain.messages import say
from ioc.domain.playlist import Scene, opened
from ioc.domain.times import moment_words
from ioc.errors import AddressError
from ioc.store.engine import micros, moment
from ioc.store.freezes import Freeze

if TYPE_CHECKING:
    from ioc.domain.units import Units
    from ioc.store.walls import Orders, Wall

DEAD_SERVER = "server"
SOURCE, LATE = "source", "late"


def scenes_told(
    scenes: Iterable[Scene], lang: str, *, meeting: str | None = None, exercise: str = ""
) -> list[dict[str, object]]:
    """The scenes as a wall opens them; a dead server is played by the wall itself."""
    pretended = exercise if exercise.partition(":")[0] in (SOURCE, LATE) else None
    return [opened(one, lang, meeting=meeting, exercise=pretended) for one in scenes]


def exercise_words(lang: str, exercise: str, units: Units | None, titles: dict[str, str]) -> str:
    """What a rehearsal pretends, in words."""
    kind, _, what = exercise.partition(":")
    if kind == SOURCE:
        return say(lang, "walls.exercise_source", source=titles.get(what, what))
    if kind == LATE:
        try:
            name = units.by_key(what).name_in(lang) if units is not None else what
        except AddressError:
            name = what
        return say(lang, "walls.exercise_late", unit=name)
    return say(lang, "walls.exercise_server")


def orders_told(
    orders: Orders, now: datetime, lang: str, units: Units | None, titles: dict[str, str]
) -> dict[str, Any]:
    """The orders that hold at this moment; lengths of time in milliseconds, never moments.

    A screen's clock may be wrong, so it is told how long, not until when.
    """
    here = micros(now)
    rehearsed = orders.exercise if orders.exercise_until > here else ""
    return {
        "reload": orders.reload,
        "picture": orders.picture,
        "hold": orders.hold,
        "identify": max(0, orders.identify_until - here) // 1000,
        "notice": orders.notice if orders.notice_until > here else "",
        "exercise": exercise_told(rehearsed, orders.exercise_until, lang, units, titles),
    }


def exercise_told(
    exercise: str, until: int, lang: str, units: Units | None, titles: dict[str, str]
) -> dict[str, str] | None:
    """The mark of a rehearsal, which stays on the wall as long as it lasts."""
    if not exercise:
        return None
    return {
        "kind": exercise.partition(":")[0],
        "mark": say(lang, "walls.exercise_mark"),
        "words": exercise_words(lang, exercise, units, titles),
        "until": say(lang, "walls.exercise_until", moment=moment_words(moment(until), lang)),
    }


def freeze_told(found: Freeze | None, lang: str) -> dict[str, str] | None:
    """The mark of a meeting's freeze; None when there is none or it was released."""
    if found is None or not found.active:
        return None
    return {
        "code": found.code,
        "words": say(
            lang,
            "walls.frozen",
            title=found.title,
            moment=moment_words(found.known_at, lang),
            code=found.code,
        ),
    }


def code_told(wall: Wall | None, now: datetime, *, full: bool, lang: str) -> dict[str, str]:
    """The registration code of a screen that waits, and what to do with it."""
    if wall is None or wall.code is None or wall.code_until is None or wall.code_until <= now:
        return {"code": "", "words": say(lang, "walls.code_full" if full else "walls.code_soon")}
    left = max(1, round((wall.code_until - now) / timedelta(minutes=1)))
    return {
        "code": f"{wall.code[:3]} {wall.code[3:]}",
        "words": say(lang, "walls.code_how"),
        "short": say(lang, "walls.code_short"),
        "left": say(lang, "walls.code_left", minutes=left),
    }
