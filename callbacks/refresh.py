"""Draws the page of the present address: after navigation and when new data have arrived."""

from __future__ import annotations

from typing import Any

import orjson
from dash import ClientsideFunction, Input, Output, State, ctx, no_update

from ioc.queries.desk import Desk
from ioc.web.portal import Portal


def register(app: Portal, desk: Desk) -> None:
    """Attach the one callback that draws pages, and the browser's notice that it has."""

    @app.callback(
        Output("page", "children"),
        Output("shown", "data"),
        Input("address", "href"),
        Input("data-version", "data"),
        State("shown", "data"),
        prevent_initial_call=True,
    )
    def refresh(href: object, version: object, before: object) -> tuple[Any, Any]:
        if not isinstance(href, str) or not needed(href, ctx.triggered_id, before):
            return no_update, no_update
        shown = app.show(href)
        facts = shown.facts(href)
        if isinstance(before, dict) and before.get("digest") == facts["digest"]:
            return no_update, facts
        return orjson.Fragment(shown.encoded), facts

    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("ioc", "shown"), Output("shown", "id"), Input("shown", "data")
    )


def needed(href: str, triggered: object, before: object) -> bool:
    """Whether the page must be drawn again: not when only the part after `#` has changed."""
    if triggered == "data-version" or not isinstance(before, dict):
        return True
    return before.get("asked") != href.partition("#")[0]
