"""The extract of a page: every table it shows, with all that says where its figures come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from ioc.domain.messages import say
from ioc.errors import AddressError
from ioc.exports.extract import Extract, Sheet
from ioc.queries.answers import Stamp
from ioc.queries.register_answers import RegisterList
from ioc.web import steady
from ioc.web.extracting_analysis import analysis_parts
from ioc.web.extracting_checks import check_parts
from ioc.web.extracting_facts import definition_of, facts_of, indicators_of, origins_of
from ioc.web.extracting_parts import Part, figure_parts
from ioc.web.extracting_registers import all_items, register_parts
from ioc.web.extracting_sources import source_parts
from ioc.web.extracting_words import about_of, caveats_of
from ioc.web.pinning import pinned
from ioc.web.rows import is_illustrative

if TYPE_CHECKING:
    from ioc.domain.scope import Scope
    from ioc.domain.view import View
    from ioc.queries.desk import Desk
    from ioc.web.router import Router
    from ioc.web.steady import Moment

SCENES = {
    "national": ("tiles", "total", "map", "ranking", "trend"),
    "map": ("total", "map", "ranking", "trend"),
    "ministry": ("tiles", "total", "scorecard", "ranking", "trend"),
    "province": ("scorecard", "trend", "ranking"),
    "red": ("red",),
    "meeting": ("tiles", "total", "red", "trend"),
}
"""What scenes draw of an answer that holds more."""
UNREPEATABLE = {
    "sources": "sheets.now_sources",
    "source": "sheets.now_sources",
    "quality": "sheets.now_quality",
    "differences": "sheets.now_differences",
    "submit": "sheets.now_submit",
}
"""Pages, and scenes of the same name, that tell how things stand now and of no past moment: the
same address as known then is another answer. The message says why."""
_PART = re.compile(r"^[a-z][a-z0-9_.-]{0,60}$", re.IGNORECASE)


def extract(
    desk: Desk, router: Router, view: View, scope: Scope, at: Moment, *, part: str | None = None
) -> Extract:
    """What a page shows at the moment, as tables; with `part` the table of one card alone.

    Raises AddressError for an unknown page or part, NotAllowedError outside the scope.
    """
    page = router.page(view)
    if part is not None and not _PART.match(part):
        raise AddressError(part="part", given=part[:60], allowed="trend, ranking, map")
    held = pinned(desk.engine, view).view
    answer = steady.load(desk, page, held, scope, at)
    told = next(_answers(answer))
    every = tuple(parts_of(desk, answer, held, scope, at))
    parts = _drawn(every, held) if part is None else _chosen(every, part)
    known = steady.view_at(held, at).known_at
    assert known is not None
    now = unrepeatable(held)
    live = held.but(known_at=None, meeting=None)
    title = page.title(answer, live)
    lang, stamp = view.lang, getattr(told, "stamp", None)
    # A table without a figure of its own stands on those beside it.
    basis = parts if any(one.figures or one.items or one.registers for one in parts) else every
    return Extract(
        address=live.href(),
        title=title,
        lang=lang,
        about=about_of(told, live, title, known),
        sheets=tuple(_sheet(one) for one in parts),
        definitions=tuple(definition_of(one, lang) for one in indicators_of(basis)),
        origins=origins_of(desk.engine, basis, every, lang, known),
        caveats=(*((now,) if now else ()), *caveats_of(told, parts, held)),
        facts=facts_of(parts),
        illustrative=any(_made_up(one) for one in parts) or _stamped(stamp, part),
        known_at=known,
        version=at.version,
    )


def unrepeatable(view: View) -> str | None:
    """Why a page cannot be made again as known at a past moment; None for one that can."""
    name = view.scene if view.page == "scene" else view.page
    key = UNREPEATABLE.get(name or "")
    return say(view.lang, key) if key else None


def parts_of(desk: Desk, answer: Any, view: View, scope: Scope, at: Moment) -> Iterator[Part]:
    """The tables of an answer, whichever page it is of.

    A page may hold answers besides what its filters offer: each gives its tables.
    """
    for one in _answers(answer):
        if isinstance(one, RegisterList):
            asked = view.but(register=one.register.key)
            rows = steady.answered(desk, all_items, asked, scope, at)
            one = replace(one, rows=rows)
        found = False
        for make in (analysis_parts, check_parts, source_parts, register_parts):
            for part in make(one, view):
                found = True
                yield part
        if not found:
            yield from figure_parts(one, view)


def _answers(answer: Any) -> Iterator[Any]:
    """The answer, or those that a page's own value holds: those with a stamp."""
    if hasattr(answer, "stamp") or not is_dataclass(answer):
        yield answer
        return
    held = [getattr(answer, one.name) for one in fields(answer)]
    kept = [one for one in held if hasattr(one, "stamp")]
    yield from kept or [answer]


def _drawn(parts: tuple[Part, ...], view: View) -> tuple[Part, ...]:
    """Of what a scene was made from, the tables of what it draws."""
    names = SCENES.get(view.scene or "") if view.page == "scene" else None
    return parts if names is None else tuple(one for one in parts if one.name in names)


def _chosen(parts: tuple[Part, ...], name: str) -> tuple[Part, ...]:
    found = next((one for one in parts if one.is_called(name)), None)
    if found is None:
        allowed = ", ".join(one.name for one in parts)
        raise AddressError(part="part", given=name, allowed=allowed or "–")
    return (found,)


def _sheet(one: Part) -> Sheet:
    return Sheet(
        part=one.name,
        title=one.title,
        subtitle=one.subtitle,
        shape=one.shape,
        columns=one.grid.columns,
        rows=one.grid.rows,
        illustrative=_made_up(one),
        places=one.grid.places,
    )


def _made_up(one: Part) -> bool:
    return one.made_up or is_illustrative(one.figures)


def _stamped(stamp: Stamp | None, part: str | None) -> bool:
    """A whole page is what it says of itself; a table only what its rows are."""
    return part is None and stamp is not None and stamp.illustrative
