"""Cards: a titled frame around a chart with its marks and exports, or around anything else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html

from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import (
    list_words,
    moment_words,
)
from ioc.queries.answers import Stamp, UnitRef
from layouts.attributes import attributes
from layouts.components import Child, illustrative_mark
from layouts.theme import CONFIG, Figure


def strip(
    view: View,
    stamp: Stamp,
    *,
    unit: UnitRef,
    period: str | None,
    sources: Iterable[str | None] = (),
    illustrative: bool = False,
) -> str:
    """What a picture of a chart must carry: filters in words, as-of moment, source and mark."""
    lang = view.lang
    named = sorted({one for one in sources if one})
    parts = [
        unit.name,
        period,
        say(lang, f"screen.calendar_{view.calendar.value}") if period else None,
        say(lang, "screen.as_of", moment=moment_words(stamp.known_at or stamp.asked_at, lang)),
        say(lang, "screen.from_source", sources=list_words(named, lang)) if named else None,
        say(lang, "words.illustrative") if illustrative else None,
    ]
    return " · ".join(part for part in parts if part)


def csv_href(view: View, part: str) -> str:
    """Where the figures of a chart are fetched: the address of the page and the part's name."""
    return "/export.csv?" + urlencode({"address": view.href(), "part": part})


def chart_card(
    name: str,
    title: str,
    subtitle: str,
    figure: Figure,
    view: View,
    *,
    strip: str,
    illustrative: bool = False,
    height: int | str | None = None,
    note: Child | list[Child] = None,
    tools: Child = None,
    className: str = "",
    anchor: str | None = None,
) -> html.Section:
    """A card with one chart: title, unit and period, the graph, its marks and its exports.

    `anchor` is the name by which a link on the same page leads to the card.
    """
    style = {"height": f"{height}px" if isinstance(height, int) else height or "100%"}
    graph = dcc.Graph(
        id={"type": "plot", "name": name},
        figure=figure,
        config=CONFIG,
        className="plot",
        style=style,
        responsive=True,
    )
    data: dict[str, Any] = {
        **({"id": anchor} if anchor else {}),
        "data-name": name,
        "data-title": title,
        "data-subtitle": subtitle,
        "data-strip": strip,
        "data-csv": csv_href(view, name),
    }
    return html.Section(
        [
            card_head(
                title,
                subtitle,
                illustrative_mark(view.lang, illustrative),
                tools,
                export_menu(view, name),
            ),
            html.Div(graph, className="plot-box"),
            html.Div(note, className="card-note") if note else None,
        ],
        className=f"card-box chart {className}",
        **data,
    )


def bare_card(
    title: str, subtitle: str, figure: Figure, *, className: str = "", note: Child = None
) -> html.Section:
    """A chart on the wall: as large as its place, no menu, nothing to touch."""
    config: Any = {**CONFIG, "staticPlot": True}
    graph = dcc.Graph(figure=figure, config=config, className="plot", responsive=True)
    return html.Section(
        [
            card_head(title, subtitle),
            html.Div(graph, className="plot-box"),
            html.Div(note, className="card-note") if note else None,
        ],
        className=f"card-box chart {className}",
    )


def card_head(title: str, subtitle: str | None = None, *tools: Child) -> html.Header:
    """The head of a card: what it shows, in which unit and period, and its tools."""
    return html.Header(
        [
            html.Div(
                [html.H2(title), html.P(subtitle) if subtitle else None], className="card-words"
            ),
            html.Div([tool for tool in tools if tool is not None], className="card-tools"),
        ],
        className="card-head",
    )


def export_menu(view: View, name: str) -> html.Details | None:
    """Picture and data of a chart; a wall has no hands, so it has no menu."""
    if view.wall:
        return None
    lang = view.lang
    buttons = [
        html.Button(
            say(lang, f"screen.export_{form}"),
            className="snap",
            type="button",
            **attributes(data_form=form),
        )
        for form in ("png", "svg")
    ]
    data = html.A(say(lang, "screen.export_csv"), href=csv_href(view, name), className="snap-csv")
    summary = html.Summary("↓", title=say(lang, "screen.export"))
    return html.Details([summary, html.Div([*buttons, data], className="menu")], className="export")


def panel(
    title: str,
    body: Child | list[Any],
    subtitle: str | None = None,
    *tools: Child,
    className: str = "",
) -> html.Section:
    """A card without a chart."""
    return html.Section(
        [card_head(title, subtitle, *tools), html.Div(body, className="card-body")],
        className=f"card-box {className}",
    )
