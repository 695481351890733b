"""One indicator over the country: the map, the total, the ranking and the trend."""

from __future__ import annotations

from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import coverage_words
from ioc.queries.answers import IndicatorPage
from ioc.queries.desk import Desk
from ioc.web.scene import Scene
from layouts import components as parts
from layouts.wall import charts, lists
from layouts.wall.head import head
from layouts.wall.stage import stage

NAME_LETTERS = 36
"""As long a title as fits beside the facts of the head."""


def _load(desk: Desk, view: View, scope: Scope) -> IndicatorPage:
    from ioc.queries.indicator_page import indicator_page

    code = view.indicator or next(one.code for one in desk.catalogue.all if one.headline)
    return indicator_page(desk, view.but(indicator=code), scope)


def title(answer: IndicatorPage, view: View) -> str:
    """Code and name of the indicator."""
    return f"{answer.indicator.code} {answer.indicator.name.say(view.lang)}"


def render(answer: IndicatorPage, view: View) -> Component:
    """Map and ranking beside the total and its trend."""
    lang, now = view.lang, answer.stamp.asked_at
    line = parts.focus_line(answer.total, view)
    by = say(lang, "screen.by_province")
    country = None
    if answer.unit.key != "gov" and any(one.unit.level == "province" for one in answer.children):
        country = charts.country(answer.children, by, line, view)
    coverage = coverage_words(answer.coverage, lang) if answer.coverage.expected else None
    cells = (answer.total, *answer.children)
    return stage(
        "map" if country else "list",
        head(_fitting(answer, lang), view, answer.stamp, cells=cells, facts=[coverage]),
        [
            country,
            charts.big(answer.total, view, now),
            lists.ranking(answer.children, say(lang, "scenes.ranking"), line, view),
            charts.line(answer.series, view, remarks=answer.notes),
        ],
        view,
        answer.stamp,
    )


def _fitting(answer: IndicatorPage, lang: str) -> str:
    """The indicator's name where the head has room for it, else its short one."""
    name = answer.indicator.name.say(lang)
    return name if len(name) <= NAME_LETTERS else answer.indicator.short.say(lang)


SCENE = Scene(name="map", title=title, load=_load, render=render, order=20)
