"""Filters are addresses: choosing an option goes to the address that is its value."""

from __future__ import annotations

from dash import ALL, ClientsideFunction, Input, Output

from ioc.queries.desk import Desk
from ioc.web.portal import Portal


def register(app: Portal, desk: Desk) -> None:
    """Attach every dropdown with an id of `{"type": "filter", "name": …}`."""
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("ioc", "follow"),
        Output("address", "id"),
        Input({"type": "filter", "name": ALL}, "value"),
        prevent_initial_call=True,
    )
