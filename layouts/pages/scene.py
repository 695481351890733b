"""The scenes of the wall, one address each: `/scene/red?wall=1`."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component

from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.web.page import Page
from ioc.web.scene import scene_of


def _load(desk: Desk, view: View, scope: Scope) -> Any:
    return scene_of(view).load(desk, view, scope)


def title(answer: Any, view: View) -> str:
    """The scene's own title."""
    return scene_of(view).title(answer, view)


def render(answer: Any, view: View) -> Component:
    """The scene; it is one of the wall, whether its address says so or not."""
    return scene_of(view).render(answer, view.but(wall=True))


PAGE = Page(name="scene", title=title, load=_load, render=render)
