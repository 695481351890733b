"""Draws the page of the present address; when new data have arrived, only what moved on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

import orjson
from dash import ClientsideFunction, Input, Output, State, ctx, no_update

from ioc.queries.desk import Desk
from ioc.web.portal import Portal


def register(app: Portal, desk: Desk) -> None:
    """Attach the one callback that draws pages, and the browser's notice that it has."""

    @app.callback(
        Output("page", "children"),
        Output("shown", "data"),
        Output("moved", "data"),
        Input("address", "href"),
        Input("data-version", "data"),
        State("shown", "data"),
        prevent_initial_call=True,
    )
    def refresh(href: object, version: object, before: object) -> tuple[Any, Any, Any]:
        if not isinstance(href, str) or not needed(href, ctx.triggered_id, before):
            return no_update, no_update, no_update
        shown = app.show(href)
        facts = shown.facts(href)
        had = before.get("digest") if same_page(before, facts) else None
        if had == shown.digest:
            return no_update, facts, no_update
        moved = app.router.moved(had, shown) if had else None
        if moved is not None:
            return no_update, facts, orjson.Fragment(moved)
        return orjson.Fragment(shown.encoded), facts, no_update

    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("ioc", "moved"), Output("moved", "id"), Input("moved", "data")
    )
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("ioc", "shown"), Output("shown", "id"), Input("shown", "data")
    )


def needed(href: str, triggered: object, before: object) -> bool:
    """Whether the page must be drawn again: not when only the part after `#` has changed."""
    if triggered == "data-version" or not isinstance(before, dict):
        return True
    return before.get("asked") != href.partition("#")[0]


def same_page(before: object, facts: Mapping[str, object]) -> TypeGuard[dict[str, object]]:
    """Whether the browser shows another drawing of this address: then only what moved is sent.

    Another address is drawn whole, so that nothing of the old page (a scrolled list, an open
    menu, a zoomed chart) stays behind.
    """
    return isinstance(before, dict) and before.get("href") == facts["href"]
