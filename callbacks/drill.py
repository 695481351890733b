"""Clicks on charts follow the link that the point carries; assets/drill.js does it all.

A point's link is the first text of its `customdata`. Following it happens in the browser, through
the address, so that back, forward and reload work; no callback of the server takes part.
"""

from __future__ import annotations

from ioc.queries.desk import Desk
from ioc.web.portal import Portal


def register(app: Portal, desk: Desk) -> None:
    """Nothing to attach on the server."""
