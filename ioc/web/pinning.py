"""Meetings: which moment a view is pinned to, and what is written on a page that is pinned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.times import moment_words
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.store.engine import reading
from ioc.store.freezes import Freeze, active_freezes, freeze_by_code

if TYPE_CHECKING:
    from sqlalchemy import Engine

LIVE_PAGES = frozenset({"wall", "walls"})
"""Pages that steer or rotate others and show no figure of their own."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A view as its page is to be loaded, and the freeze it belongs to, also one released."""

    view: View
    freeze: Freeze | None = None

    @property
    def holds(self) -> bool:
        """Whether the figures are those of the freeze."""
        return self.freeze is not None and self.freeze.active


def pinned(engine: Engine, view: View) -> Pin:
    """The view with the moment of its meeting, or of the one that pins every desk.

    An earlier moment that the address itself asks for stays. Raises AddressError for a meeting
    that there never was; one that was released shows the newest figures again.
    """
    if view.page in LIVE_PAGES:
        return Pin(view)
    with reading(engine) as connection:
        if view.meeting is not None:
            found = freeze_by_code(connection, view.meeting)
            if found is None:
                allowed = ", ".join(one.code for one in active_freezes(connection)) or "–"
                raise AddressError(part="meeting", given=view.meeting, allowed=allowed)
        else:
            every = () if view.wall else active_freezes(connection)
            found = next((one for one in every if one.desks), None)
    if found is None or not found.active:
        return Pin(view, found)
    moment = min(view.known_at, found.known_at) if view.known_at else found.known_at
    return Pin(view.but(known_at=moment, meeting=found.code), found)


def marked(content: Component, pin: Pin) -> Component:
    """The page under a line that says that it is frozen, or no longer is; a wall has its own."""
    if pin.freeze is None or pin.view.wall:
        return content
    lang, freeze = pin.view.lang, pin.freeze
    if pin.holds:
        moment = moment_words(freeze.known_at, lang)
        words = say(lang, "meeting.frozen", title=freeze.title, moment=moment)
    else:
        ended = freeze.released_at or freeze.started_at
        words = say(lang, "meeting.released", title=freeze.title, moment=moment_words(ended, lang))
    look = "meeting-line is-frozen" if pin.holds else "meeting-line"
    return html.Div([html.P(words, className=look, role="status"), content], className="meeting")
