"""One unit on the wall: its scorecard, the figure in focus, its trend and its own units."""

from __future__ import annotations

from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.domain.words import number, status_words
from ioc.queries.answers import Cell, Tile, UnitPage
from layouts import components as parts
from layouts.wall import charts, lists
from layouts.wall.head import head
from layouts.wall.headlines import headlines
from layouts.wall.stage import stage

_URGENCY = (Status.AT_RISK, Status.NEAR, Status.REACHED, Status.NOT_JUDGED)


def focus(answer: UnitPage, view: View, *, fact: str | None = None) -> Component:
    """A unit's scorecard, its trend, and its units on the map or in their ranking."""
    lang, now = view.lang, answer.stamp.asked_at
    cells = sorted(answer.cells, key=lambda one: (not one.indicator.headline, _urgency(one)))
    own = next((one for one in answer.cells if one.indicator.code == answer.focus.code), None)
    name = answer.focus.short.say(lang)
    line = parts.unit_words(answer.focus, lang)
    red = sum(one.status is Status.AT_RISK for one in answer.cells)
    count = say(lang, "scenes.red_of_unit", count=number(red, lang))
    judged = f"{count} {status_words(Status.AT_RISK, lang)}"
    placed = charts.communes(answer.unit.key, answer.children, name, view)
    ranking = None
    if answer.children:
        title = say(lang, "overview.ranking", indicator=name)
        ranking = lists.ranking(answer.children, title, line, view)
    shown = [placed, ranking] if placed is not None else [ranking]
    return stage(
        "focus" if answer.children else "alone",
        head(
            answer.unit.name,
            view,
            answer.stamp,
            cells=answer.cells,
            facts=[one for one in (fact, judged) if one],
        ),
        [
            headlines([Tile(cell, ()) for cell in cells], view, now),
            charts.line(answer.series, view, former=answer.former, remarks=answer.notes),
            *shown[:1],
            charts.big(own, view, now) if own is not None else None,
            *shown[1:],
        ],
        view,
        answer.stamp,
    )


def _urgency(cell: Cell) -> int:
    return _URGENCY.index(cell.status)
