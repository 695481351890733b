"""Reproduction: the extract made again from the store, as known then or as it stands now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from ioc.domain.period import Calendar, Period
from ioc.errors import IocError
from ioc.exports.differing import Differs, differing
from ioc.exports.extract import canonical
from ioc.store import briefing_runs
from ioc.store.engine import reading
from ioc.web.briefing_changes import before_of
from ioc.web.briefing_sections import Asked, gather
from ioc.web.extracting import extract, unrepeatable
from ioc.web.steady import Moment, moment_now

if TYPE_CHECKING:
    from ioc.domain.scope import Scope
    from ioc.exports.frozen import Thawed
    from ioc.web.verify_opening import Counter, Opened

_BRIEFING = "briefing"


@dataclass(frozen=True, slots=True)
class Again:
    """What making it again came to: `same` pages of `asked`, `left` that nothing makes again.

    `gone` are the titles of pages that cannot be loaded any more.
    """

    asked: int
    same: int
    left: int
    gone: tuple[str, ...]
    differs: tuple[Differs, ...]

    @property
    def equal(self) -> bool:
        """Whether every page that can be made again came out the same."""
        return self.same == self.asked


def again(counter: Counter, opened: Opened, scope: Scope, *, now: bool = False) -> Again:
    """Make every page of an export again, as known at its moment, or with the figures of `now`."""
    frozen = opened.frozen
    at = moment_now(counter.desk) if now else Moment(frozen.data_version, frozen.known_at)
    if frozen.kind == _BRIEFING and frozen.run_id is not None:
        made = _briefing(counter, opened, scope, at)
    else:
        made = [_page(counter, piece, scope, at, now=now) for piece in opened.pieces]
    same = 0
    gone: list[str] = []
    differs: list[Differs] = []
    for piece, figures in zip(opened.pieces, made, strict=True):
        if figures is None:
            gone.append(str(piece.figures["title"]))
        elif figures == piece.figures:
            same += 1
        elif figures:
            differs += differing(piece.figures, figures) or (Differs(piece.figures["title"]),)
    left = sum(figures == {} for figures in made)
    return Again(len(made) - left, same, left, tuple(gone), tuple(differs))


def _page(counter: Counter, piece: Thawed, scope: Scope, at: Moment, *, now: bool) -> Any:
    """The canonical figures of a page; None where it cannot be loaded, empty for what is none."""
    try:
        view = counter.router.read(piece.address)
        if view.page == _BRIEFING or (not now and unrepeatable(view)):
            return {}
        moment = at if now else Moment(at.version, piece.known_at)
        asked = view.but(known_at=None if now else piece.known_at)
        made = extract(counter.desk, counter.router, asked, scope, moment, part=piece.part)
    except IocError:
        return None
    return orjson.loads(canonical(made))


def _briefing(counter: Counter, opened: Opened, scope: Scope, at: Moment) -> list[Any]:
    """The canonical figures of every section of a briefing, as it was declared for that run."""
    desk = counter.desk
    nothing: list[Any] = [{} for _ in opened.pieces]
    with reading(desk.engine) as connection:
        run = briefing_runs.found(connection, opened.frozen.run_id or 0)
    if run is None:
        return nothing
    declared = run.definition
    period = Period.parse(run.period, Calendar(declared.calendar)) if run.period else None
    asked = Asked(declared, period, scope, at, before_of(desk, declared.key, at))
    made = [orjson.loads(canonical(one.extract)) for one in gather(desk, counter.router, asked)]
    return made if len(made) == len(nothing) else nothing
