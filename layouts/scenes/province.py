"""A province in focus: its scorecard, its communes on the map, its trend."""

from __future__ import annotations

from collections import Counter

from dash.development.base_component import Component

from ioc.domain.scope import Scope
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.queries.answers import Overview, UnitPage
from ioc.queries.desk import Desk
from ioc.web.scene import Scene
from layouts.wall.focus import focus


def _load(desk: Desk, view: View, scope: Scope) -> UnitPage:
    """The unit of the address; without one, the province with most indicators at risk."""
    from ioc.queries.overview import overview
    from ioc.queries.unit_page import unit_page

    if view.unit == View().unit:
        view = view.but(unit=_worst(overview(desk, view, scope)))
    return unit_page(desk, view, scope)


def _worst(answer: Overview) -> str:
    red = Counter(
        one.unit.key for one in answer.matrix.cells.values() if one.status is Status.AT_RISK
    )
    return max((one.key for one in answer.matrix.units), key=lambda key: red[key])


def title(answer: UnitPage, view: View) -> str:
    """The unit's name."""
    return answer.unit.name


def render(answer: UnitPage, view: View) -> Component:
    """The unit as a scene."""
    return focus(answer, view)


SCENE = Scene(name="province", title=title, load=_load, render=render, order=30)
