"""The headlines of a scene as tiles, in two columns of the same order on every screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dash import html

from ioc.domain.view import View
from ioc.queries.answers import Tile
from layouts.tiles import tile

TILES = 8


def headlines(tiles: Sequence[Tile], view: View, now: datetime) -> html.Div:
    """The first eight tiles; a mark on each made-up one only where not all of them are."""
    shown = tiles[:TILES]
    mixed = len({one.cell.figure.illustrative for one in shown if one.cell.received}) > 1
    return html.Div(
        [tile(one, view, now, marked=mixed) for one in shown], className="tiles wall-tiles"
    )
