"""The stage: a scene's head, its cards in the order of importance, and its foot."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from ioc.domain.view import View
from ioc.queries.answers import Stamp
from layouts.wall.head import foot

SLOTS = "abcdef"
"""The places of cards; the style sheet shows as many as the screen's shape has room for."""


def stage(
    name: str, head: Component, cards: list[Component | None], view: View, stamp: Stamp
) -> html.Div:
    """A scene: `cards` take the slots `a` to `f`, a missing one leaves its slot to the others.

    The style sheet decides by the screen's shape which slots there are and where they lie
    (assets/wall_stage.css); `name` lets it give a scene another order than the usual one.
    """
    placed = [
        html.Div(card, className=f"slot slot-{slot}")
        for slot, card in zip(SLOTS, cards, strict=False)
        if card is not None
    ]
    exercise = " is-exercise" if view.exercise else ""
    return html.Div(
        [head, html.Div(placed, className=f"stage stage-{name}"), foot(view, stamp)],
        className=f"page wall-page{exercise}",
    )
