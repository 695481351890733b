"""What stands under the charts of a comparison: how they are read, and who is not in them."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.queries.answers import UnitRef
from ioc.queries.compare_answers import Compare, Corridor, Scatter, Slopes
from layouts import compare_words
from layouts import components as parts
from layouts.compare_pace import amount
from layouts.figures import corridor, scatter, trend_words
from layouts.links import unit_links
from layouts.notes import listed


def scatter_notes(body: Scatter, view: View) -> list[Component]:
    """What the colours mean, and the units that lack one of the two figures."""
    lang = view.lang
    there = {scatter.worse(one) for one in body.pairs}
    notes: list[Component] = [
        html.P(say(lang, "compare.scatter_colour")),
        html.Div([parts.chip(one, lang) for one in Status if one in there], className="legend"),
    ]
    if body.lacking:
        items = [(one.x.unit, compare_words.lacks(one, lang)) for one in body.lacking]
        notes.append(_left_out("scatter_lacking", items, view))
    return notes


def slope_notes(answer: Compare, body: Slopes, view: View) -> list[Component]:
    """What the lines mean, and the units that have none."""
    lang = view.lang
    neutral = "_neutral" if answer.indicator.direction == "neutral" else ""
    words = say(lang, f"compare.slope_legend{neutral}", count=len(body.lines))
    more = uneven(body, view)
    return [html.P(words), *([more] if more is not None else [])]


def uneven(body: Slopes, view: View) -> html.Div | None:
    """The units whose two periods are not compared, each with the reason."""
    if not body.uneven:
        return None
    items = [
        (one.now.unit, compare_words.uneven_words(body, at, view.lang))
        for at, one in enumerate(body.uneven)
    ]
    return _left_out("slope_uneven", items, view)


def _left_out(key: str, items: Sequence[tuple[UnitRef, str]], view: View) -> html.Div:
    """Units that are not drawn, by name and with the reason: never a mark at zero."""
    link = unit_links(view)
    listed = [
        html.Li([dcc.Link(unit.short, href=link(unit), title=unit.name), html.Span(f" ({why})")])
        for unit, why in items
    ]
    return html.Div(
        [html.P(say(view.lang, f"compare.{key}")), html.Ul(listed, className="compare-missing")],
        className="compare-left-out",
    )


def band(body: Corridor, view: View) -> list[Component]:
    """The band near the target, periods that lack units, former units' lines, and notes."""
    lang, of = view.lang, body.cell.indicator
    notes: list[Component] = []
    if any(corridor.edge(of, point.target) is not None for point in body.line.points):
        near = amount(of, corridor.near(of), lang)
        swatch = html.Span(className="swatch is-band")
        words = say(lang, "compare.near_band", near=near)
        notes.append(html.P([swatch, " ", words]))
    said = trend_words.coverage_note(body.line, lang)
    if said:
        notes.append(html.P(said))
    if body.former:
        former = ", ".join(one.unit.name for one in body.former)
        notes.append(html.P(say(lang, "unit_page.former_lines", units=former)))
    written = listed(body.notes, view)
    return [*notes, written] if written is not None else notes
