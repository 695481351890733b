"""The wall: a rotation of pages, drawn by assets/wall.js from the playlist it finds here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.web.page import Page
from layouts.attributes import attributes

SECONDS = 30


@dataclass(frozen=True, slots=True)
class Scene:
    """One address and how long it stays."""

    href: str
    seconds: int


def playlist(view: View) -> tuple[Scene, ...]:
    """The rotation that every installation starts with."""
    wall = View(wall=True, lang=view.lang, calendar=view.calendar)
    views = (
        wall,
        wall.but(unit="gov"),
        wall.but(page="indicator", indicator="OPS-01"),
        wall.but(page="indicator", indicator="OPS-02"),
        wall.but(page="indicator", indicator="SIG-01"),
        wall.but(page="sources"),
    )
    return tuple(Scene(one.href(), SECONDS) for one in views)


def _load(desk: Desk, view: View, scope: Scope) -> tuple[Scene, ...]:
    return playlist(view)


def title(answer: Any, view: View) -> str:
    """The product's wall."""
    return say(view.lang, "wall.title")


def render(answer: tuple[Scene, ...], view: View) -> Component:
    """The container of the rotation; its words are handed to the script as attributes."""
    scenes = [{"href": scene.href, "seconds": scene.seconds} for scene in answer]
    return html.Div(
        html.P(say(view.lang, "wall.starting"), className="wall-starting"),
        id="wall",
        className="wall-rotation",
        **attributes(
            data_playlist=json.dumps(scenes),
            data_failed=say(view.lang, "wall.failed", scene="{scene}", reason="{reason}"),
            data_empty=say(view.lang, "wall.empty"),
            data_slow=say(view.lang, "wall.slow"),
            data_broken=say(view.lang, "wall.broken"),
        ),
    )


PAGE = Page(name="wall", title=title, load=_load, render=render, nav="screen.nav_wall", order=40)
