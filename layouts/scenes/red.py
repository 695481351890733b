"""The red list, large: every unit with its figures at risk, and how far each is from its target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.target import Status, judge
from ioc.domain.view import View
from ioc.domain.words import figure_words, gap_words, number
from ioc.queries.answers import Cell, Overview
from ioc.queries.desk import Desk
from ioc.web.scene import Scene
from layouts import components as parts
from layouts import states
from layouts.goals import target_short
from layouts.wall.head import head
from layouts.wall.stage import stage

ROWS, WIDE_ROWS, UNITS = 3, 6, 36
"""Rows of a block, on most screens and where it is wide; blocks at most."""


def _load(desk: Desk, view: View, scope: Scope) -> Overview:
    from ioc.queries.overview import overview

    return overview(desk, view, scope)


def title(answer: Overview, view: View) -> str:
    """`Danh sách nguy cơ: Cả nước`."""
    return say(view.lang, "scenes.red", unit=answer.unit.name)


def render(answer: Overview, view: View) -> Component:
    """One block a unit, those with most at risk first."""
    lang = view.lang
    blocks = by_unit(answer)
    cells = [cell for block in blocks for cell in block]
    count = say(
        lang,
        "scenes.red_count",
        count=number(len(cells), lang),
        units=number(len(blocks), lang),
        all=number(len(answer.matrix.units), lang),
    )
    judged = parts.judged(answer)
    shown: Component = html.Div(
        [_block(block, at + 1, lang) for at, block in enumerate(blocks[:UNITS])],
        className="red-blocks",
    )
    if not blocks:
        key = "overview.red_none" if judged else "screen.empty_title"
        hint = "overview.red_none_hint" if judged else "screen.empty_hint"

        shown = states.blank(say(lang, key), say(lang, hint), className="wall-blank")
    facts = [count] if blocks else []
    return stage(
        "whole",
        head(title(answer, view), view, answer.stamp, cells=cells, facts=facts),
        [shown],
        view,
        answer.stamp,
    )


def by_unit(answer: Overview) -> list[list[Cell]]:
    """The cells at risk by unit: most first, within a unit the greatest miss first."""
    found: dict[int, list[Cell]] = {}
    for cell in answer.matrix.cells.values():
        if cell.status is Status.AT_RISK and cell.gap is not None:
            found.setdefault(cell.unit.id, []).append(cell)
    for cells in found.values():
        cells.sort(key=lambda cell: -_miss(cell))
    return sorted(found.values(), key=lambda cells: (-len(cells), -_miss(cells[0])))


def _miss(cell: Cell) -> Fraction:
    """The miss as a share of the target; what misses a target of zero has no share and is last."""
    if cell.target is None or not cell.target.value:
        return Fraction(0)
    return abs(cell.gap or Fraction(0)) / abs(cell.target.value)


def is_new(cell: Cell) -> bool:
    """Whether the figure was not at risk in the period before, against the same target."""
    if cell.change is None or cell.figure.value is None:
        return False
    before = replace(cell.figure, value=cell.figure.value - cell.change)
    return judge(cell.indicator, before, cell.target) is not Status.AT_RISK


def _block(cells: Sequence[Cell], place: int, lang: str) -> html.Section:
    unit = cells[0].unit
    return html.Section(
        [
            html.Header(
                [
                    html.H2(f"{place}. {unit.short}"),
                    html.B(number(len(cells), lang), className="figure"),
                ]
            ),
            html.Div([_row(cell, lang) for cell in cells[:WIDE_ROWS]], className="red-lines"),
            html.P(_rest(len(cells) - ROWS, lang), className="red-rest is-narrow"),
            html.P(_rest(len(cells) - WIDE_ROWS, lang), className="red-rest is-wide"),
        ],
        className="red-block card-box",
    )


def _rest(count: int, lang: str) -> str:
    return say(lang, "scenes.red_more", count=number(count, lang)) if count > 0 else ""


def _row(cell: Cell, lang: str) -> html.Div:
    goal = target_short(cell.indicator, cell.target, lang)
    return html.Div(
        [
            html.Span(
                [
                    cell.indicator.short.say(lang),
                    html.Span(say(lang, "scenes.red_new"), className="new")
                    if is_new(cell)
                    else None,
                ],
                className="what",
            ),
            html.B(figure_words(cell.indicator, cell.figure, lang), className="figure"),
            html.Span(gap_words(cell.indicator, cell.gap, lang), className="gap", title=goal),
        ],
        className="red-line",
    )


SCENE = Scene(name="red", title=title, load=_load, render=render, order=50)
