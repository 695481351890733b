"""A ministry in focus, or all ministries of the government."""

from __future__ import annotations

from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import coverage_words
from ioc.queries.answers import Overview, UnitPage
from ioc.queries.desk import Desk
from ioc.web.scene import Scene
from layouts import components as parts
from layouts.wall import charts, lists
from layouts.wall.focus import focus
from layouts.wall.head import head
from layouts.wall.headlines import headlines
from layouts.wall.stage import stage


def _load(desk: Desk, view: View, scope: Scope) -> Overview | UnitPage:
    """The ministry of the address; without one, the government as a whole."""
    from ioc.queries.overview import overview
    from ioc.queries.unit_page import unit_page

    if view.unit in (View().unit, "gov"):
        return overview(desk, view.but(unit="gov"), scope)
    return unit_page(desk, view, scope)


def title(answer: Overview | UnitPage, view: View) -> str:
    """The unit's name."""
    return answer.unit.name


def render(answer: Overview | UnitPage, view: View) -> Component:
    """One ministry, or all of them."""
    return focus(answer, view) if isinstance(answer, UnitPage) else government(answer, view)


def government(answer: Overview, view: View) -> Component:
    """All ministries: the headlines, the red list, the ranking and the trend; they have no map."""
    lang, now = view.lang, answer.stamp.asked_at
    name = answer.focus.short.say(lang)
    line = parts.focus_line(answer.total, view)
    cells = (*answer.children, *answer.red)
    ranked = say(lang, "overview.ranking", indicator=name)
    coverage = coverage_words(answer.total.figure.coverage, lang)
    return stage(
        "government",
        head(answer.unit.name, view, answer.stamp, cells=cells, facts=[coverage or None]),
        [
            headlines(answer.tiles, view, now),
            lists.ranking(answer.children, ranked, line, view),
            lists.red(answer, view),
            charts.line(answer.series, view, remarks=answer.notes),
            charts.big(answer.total, view, now),
        ],
        view,
        answer.stamp,
    )


SCENE = Scene(name="ministry", title=title, load=_load, render=render, order=40)
