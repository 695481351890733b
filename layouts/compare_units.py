"""The units of a comparison as chips and as a list to add from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.unit_names import folded
from ioc.domain.view import View
from ioc.domain.words import list_words
from ioc.queries.answers import UnitRef
from ioc.queries.compare_answers import MOST_BESIDE, Compare, Form
from layouts.attributes import attributes

Option = dict[str, Any]
"""One entry of a list: its words and its address."""


def pick(name: str, key: str, options: Sequence[Option], value: str | None, view: View) -> html.Div:
    """A labelled list of addresses; assets/drill.js goes to the one chosen."""
    lang = view.lang
    field = f"compare-{name}"
    words = say(lang, f"compare.{key}")
    return html.Div(
        [
            html.Span(words, className="pick-name", id=f"{field}-name"),
            dcc.Dropdown(
                id={"type": "filter", "name": field},
                options=list(options),
                value=value,
                placeholder=words,
                clearable=False,
                searchable=len(options) > 8,
                maxHeight=420,
                labels={
                    "search": say(lang, "screen.filter_search"),
                    "no_options_found": say(lang, "screen.filter_none"),
                },
            ),
        ],
        className=f"filter pick pick-{name}",
    )


def units(answer: Compare, view: View) -> html.Div:
    """The chosen units, each with its way out, the list to add from, and who is not drawn."""
    lang = view.lang
    keys = view.units
    chosen = [unit for unit in answer.chosen if unit.key in keys]
    chips: list[Component] = [_chip(unit, keys, view) for unit in chosen]
    if len(chosen) > 1:
        link = dcc.Link(say(lang, "compare.clear"), href=view.href(units=()), className="more")
        chips.append(html.Li(link))
    said = _said(answer, lang)
    return html.Div(
        [
            html.Ul(chips, className="chosen", **attributes(aria_label=say(lang, "compare.units")))
            if chips
            else None,
            _add(answer, view),
            html.P(said, className="hint") if said else None,
        ],
        className="compare-units",
    )


def _chip(unit: UnitRef, keys: Sequence[str], view: View) -> html.Li:
    words = say(view.lang, "compare.remove", unit=unit.name)
    rest = tuple(key for key in keys if key != unit.key)
    cross = html.Span("×", **attributes(aria_hidden="true"))
    link = dcc.Link(
        [html.Span(unit.short), cross, html.Span(words, className="visually-hidden")],
        href=view.href(units=rest),
        title=words,
        className="chosen-unit",
    )
    return html.Li(link)


def _add(answer: Compare, view: View) -> html.Div:
    options = []
    for unit in answer.offered:
        if unit.key not in view.units:
            search = f"{unit.name} {folded(unit.name)} {unit.key}"
            href = view.href(units=(*view.units, unit.key))
            options.append(
                {"label": unit.name, "value": href, "title": unit.name, "search": search}
            )
    return pick("unit", "pick_unit", options, None, view)


def _said(answer: Compare, lang: str) -> str | None:
    """What is drawn without a choice, and which of the chosen units is not."""
    if answer.left_out:
        units = list_words([unit.short for unit in answer.left_out], lang)
        if answer.form is Form.CORRIDOR:
            return say(lang, "compare.left_out_one", units=units)
        if answer.form in (Form.SIDE, Form.INDEXED):
            return say(lang, "compare.left_out_few", most=MOST_BESIDE, units=units)
        return say(lang, "compare.left_out_group", units=units)
    if not answer.by_default:
        return None
    if answer.form is Form.CORRIDOR and answer.chosen:
        return say(lang, "compare.units_total", unit=answer.chosen[0].name)
    if answer.form in (Form.SIDE, Form.INDEXED):
        return say(lang, "compare.units_default")
    return say(lang, "compare.units_none")
