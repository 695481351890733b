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
from layouts import basket, export_dialog
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
        say(lang, "screen.as_of", moment=moment_words(stamp.told_at, lang)),
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
    summary: str = "",
    wide: bool = False,
    illustrative: bool = False,
    height: int | str | None = None,
    note: Child | list[Child] = None,
    tools: Child = None,
    className: str = "",
    anchor: str | None = None,
) -> html.Section:
    """A card with one chart: title, unit and period, the graph, its marks and its exports.

    `summary` says in one or two sentences what an eye would take from the chart (see
    `layouts.summaries`); it is the chart's name for who cannot see it. A `wide` chart is scrolled
    in its card where the screen is narrow. `anchor` is the name by which a link on the same page
    leads to the card.
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
                export_menu(view, name, title),
            ),
            plot_box(graph, title, summary or subtitle, view.lang, wide=wide),
            html.Div(note, className="card-note") if note else None,
        ],
        className=f"card-box chart {className}",
        **data,
    )


def plot_box(
    graph: dcc.Graph, title: str, summary: str, lang: str, *, wide: bool = False
) -> html.Div:
    """The place of a graph: one picture whose name is its title and what it says, in words."""
    name = say(lang, "design.chart", title=title, summary=summary)
    picture = html.Div(graph, className="plot-said", role="img", **attributes(aria_label=name))
    if not wide:
        return html.Div(picture, className="plot-box")
    label = attributes(aria_label=say(lang, "design.scroll", title=title))
    return html.Div(picture, className="plot-box is-wide", tabIndex=0, role="region", **label)


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


def export_menu(view: View, name: str, title: str, *, many: bool = False) -> html.Details | None:
    """Picture, data and list of a chart; a wall has no hands, so it has no menu.

    Of `many` small ones, which are links themselves, there is no list, and the pictures are those
    that the browser makes; the page as a whole is exported from its head.
    """
    if view.wall:
        return None
    lang = view.lang
    named = say(lang, "design.list_title", title=title)
    listed = html.Button(
        say(lang, "design.list"),
        className="listing",
        type="button",
        **attributes(
            data_title=named,
            data_close=say(lang, "design.list_close"),
            data_none=say(lang, "design.list_none"),
        ),
    )
    buttons = [
        html.Button(
            say(lang, "exports.now", form=say(lang, f"screen.export_{form}")),
            className="snap",
            type="button",
            **attributes(data_form=form),
        )
        for form in ("png", "svg")
    ]
    data = html.A(say(lang, "screen.export_csv"), href=csv_href(view, name), className="snap-csv")
    words = say(lang, "design.export_of", title=title)
    summary = html.Summary("↓", title=say(lang, "screen.export"), **attributes(aria_label=words))
    asked = export_dialog.choices(view, name, title)
    entries = [*buttons, data] if many else [listed, *buttons, data, *asked]
    menu = html.Div([*entries, basket.choice(view, title)], className="menu")
    return html.Details([summary, menu], className="export")


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
