"""The headlines of the nation, a region or the localities, with the map and what is red."""

from __future__ import annotations

from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import coverage_words
from ioc.queries.answers import Overview
from ioc.queries.desk import Desk
from ioc.web.scene import Scene
from layouts import components as parts
from layouts.wall import charts, lists
from layouts.wall.head import head
from layouts.wall.headlines import headlines
from layouts.wall.stage import stage


def _load(desk: Desk, view: View, scope: Scope) -> Overview:
    from ioc.queries.overview import overview

    return overview(desk, view, scope)


def title(answer: Overview, view: View) -> str:
    """`Chỉ số chính: Cả nước`."""
    return say(view.lang, "scenes.national", unit=answer.unit.name)


def render(answer: Overview, view: View) -> Component:
    """Map, headlines, red list and the ends of the ranking; the trend where there is room."""
    lang, now = view.lang, answer.stamp.asked_at
    name = answer.focus.short.say(lang)
    line = parts.focus_line(answer.total, view)
    cells = (*answer.children, *answer.red)
    ranked = say(lang, "overview.ranking", indicator=name)
    return stage(
        "national",
        head(answer.unit.name, view, answer.stamp, cells=cells, facts=_facts(answer, lang)),
        [
            charts.country(answer.children, name, line, view),
            headlines(answer.tiles, view, now),
            lists.red(answer, view),
            lists.ranking(answer.children, ranked, line, view),
            charts.line(answer.series, view, remarks=answer.notes),
            charts.big(answer.total, view, now),
        ],
        view,
        answer.stamp,
    )


def _facts(answer: Overview, lang: str) -> list[str]:
    said = coverage_words(answer.total.figure.coverage, lang)
    return [said] if said else []


SCENE = Scene(name="national", title=title, load=_load, render=render, order=10)
