"""`GET /find?q=thanh hoa&address=/`: units and indicators by any part of a name or code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Response, jsonify, request

from ioc.domain.messages import explain_error, say
from ioc.domain.unit import Level, Unit
from ioc.domain.unit_names import folded
from ioc.domain.words import date_words
from ioc.errors import AddressError
from ioc.web.viewer import scope_of

if TYPE_CHECKING:
    from flask import Flask

    from ioc.domain.indicator import Indicator
    from ioc.domain.view import View
    from ioc.queries.desk import Desk
    from ioc.web.router import Router

LONGEST = 80
UNITS, INDICATORS = 12, 6
"""How many are found at most."""
_TOTALS = (Level.NATION, Level.LOCALITIES, Level.GOVERNMENT, Level.REGION)
_STAYING = ("register", "registers")

Found = dict[str, str]


def add_find(server: Flask, desk: Desk, router: Router) -> None:
    """Add the route; it finds what the viewer's scope sees, and keeps the other parts asked."""

    @server.get("/find")
    def find() -> Response:
        text = request.args.get("q", "")[:LONGEST]
        try:
            view = router.read(request.args.get("address", "/"))
        except AddressError as error:
            return Response(explain_error("vi", error), 400, mimetype="text/plain")
        view = view.but(source=None, units=(), against=None, before=None, form=None)
        seen = desk.units.search(text, UNITS, scope_of(request))
        places, others = units(desk, view, seen), indicators(desk, view, text)
        # Enter takes the first: the place that was named, not an indicator whose words also fit.
        named = bool(seen) and _begins(seen[0], text)
        return jsonify(found=[*places, *others] if named else [*others, *places])


def units(desk: Desk, view: View, found: Iterable[Unit]) -> list[Found]:
    """Units nation-wide, former ones too, each with its level and the place above it."""
    return [
        {
            "label": unit.name_in(view.lang),
            "hint": _where(desk, unit, view.lang),
            "href": view.href(page=_page(view, unit), unit=unit.key, sheet=1),
        }
        for unit in found
    ]


def _begins(unit: Unit, text: str) -> bool:
    """Whether what was typed begins a name or a code of the unit."""
    names = (
        name
        for one in unit.versions
        for name in (one.name, one.short_name, one.name_en, *one.aliases)
    )
    codes = (unit.key, *(one.code for one in unit.codes))
    return any(folded(name).startswith(folded(text)) for name in (*names, *codes))


def _page(view: View, unit: Unit) -> str:
    """A register goes on with another unit's items; other pages give way to the unit's own."""
    if view.page in _STAYING:
        return view.page
    return "overview" if unit.level in _TOTALS else "unit"


def indicators(desk: Desk, view: View, text: str) -> list[Found]:
    """Indicators whose code, name or short name has every word."""
    words = folded(text).split()
    if not words:
        return []
    found = [one for one in desk.catalogue.all if _has(one, words)]
    return [
        {
            "label": one.name.say(view.lang),
            "hint": say(view.lang, "filters.find_indicator", code=one.code),
            "href": view.href(page="indicator", indicator=one.code, breakdown=None),
        }
        for one in found[:INDICATORS]
    ]


def _has(one: Indicator, words: list[str]) -> bool:
    texts = (one.code, one.short.vi, one.short.en, one.name.vi, one.name.en)
    whole = f" {folded(' '.join(texts))}"
    return all(f" {word}" in whole for word in words)


def _where(desk: Desk, unit: Unit, lang: str) -> str:
    newest = unit.newest
    above = desk.units.by_id(newest.parent_id) if newest.parent_id is not None else unit
    place = (newest.district and f"{newest.district}, ") or ""
    level = say(lang, f"words.level_{unit.level.value}")
    gaps = {"level": level[:1].upper() + level[1:], "place": place + above.name_in(lang)}
    if unit.valid_to is None:
        return say(lang, "filters.find_unit", **gaps)
    return say(lang, "filters.find_ended", day=date_words(unit.valid_to, lang), **gaps)
