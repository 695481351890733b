"""The wall: a rotation of pages, drawn by assets/wall.js from the playlist it finds here."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.playlist import DEFAULT, opened, showing
from ioc.domain.playlist_file import read_shelf
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.web.page import Page
from layouts.attributes import attributes


def playlist(home: Path, moment: datetime, lang: str) -> tuple[dict[str, object], ...]:
    """The scenes of the default playlist that go round at a moment, without alarms.

    The server's answer to the wall's first report replaces them.
    """
    scenes = showing(read_shelf(home).get(DEFAULT), moment)
    return tuple(opened(scene, lang) for scene in scenes)


def _load(desk: Desk, view: View, scope: Scope) -> tuple[dict[str, object], ...]:
    return playlist(desk.settings.home, desk.now(), view.lang)


def title(answer: Any, view: View) -> str:
    """The product's wall."""
    return say(view.lang, "wall.title")


def render(answer: tuple[dict[str, object], ...], view: View) -> Component:
    """The container of the rotation; its words are handed to the script as attributes."""
    return html.Div(
        html.P(say(view.lang, "wall.starting"), className="wall-starting"),
        id="wall",
        className="wall-rotation",
        **attributes(
            data_playlist=json.dumps(answer, ensure_ascii=False),
            data_by_server="1",
            data_failed=say(view.lang, "wall.failed", scene="{scene}", reason="{reason}"),
            data_empty=say(view.lang, "wall.empty"),
            data_slow=say(view.lang, "wall.slow"),
            data_broken=say(view.lang, "wall.broken"),
        ),
    )


PAGE = Page(name="wall", title=title, load=_load, render=render, nav="screen.nav_wall", order=40)
