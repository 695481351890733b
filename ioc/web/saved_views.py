"""`/views`: keep an address under a name, share it, take it away, and tell what is kept."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request

from ioc.domain.messages import explain_error
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.store import saved_views
from ioc.store.engine import reading, writing
from ioc.web.viewer import clean_name, viewer_of

if TYPE_CHECKING:
    from flask import Flask

    from ioc.queries.desk import Desk
    from ioc.store.saved_views import SavedView
    from ioc.web.router import Router
    from ioc.web.viewer import Viewer

_OWN = re.compile(r"/(?![/\\])")
MOST = 200
"""Views that one viewer may keep."""


def add_saved_views(server: Flask, desk: Desk, router: Router) -> None:
    """Add the routes. What a request of a wall may not write is refused before it comes here."""

    @server.get("/views")
    def listed() -> Response:
        viewer = viewer_of(request)
        with reading(desk.engine) as connection:
            found = saved_views.views_of(connection, viewer.id)
        own = [told(one, viewer) for one in found if one.owner == viewer.id]
        others = [told(one, viewer) for one in found if one.owner != viewer.id]
        return jsonify(name=viewer.name, own=own, shared=others)

    @server.post("/views")
    def keep() -> Response:
        """`{"name": "…", "address": "/unit/38", "shared": false}`."""
        said = request.get_json(silent=True)
        given: dict[str, Any] = said if isinstance(said, dict) else {}
        viewer, name = viewer_of(request), clean_name(given.get("name"))
        if not name:
            return _refused("name", 400)
        try:
            address = canonical(router, given.get("address"))
        except AddressError as error:
            return _refused(explain_error(_language(given.get("address")), error), 400)
        with writing(desk.engine) as connection:
            if saved_views.kept_by(connection, viewer.id) >= MOST:
                return _refused(f"{MOST}", 409)
            view_id = saved_views.keep(
                connection,
                owner=viewer.id,
                owner_name=viewer.name,
                name=name,
                address=address,
                shared=given.get("shared") is True,
                now=desk.now(),
            )
        return jsonify(id=view_id, address=address)

    @server.post("/views/<int:view_id>")
    def change(view_id: int) -> Response:
        """`{"shared": true}` or `{"removed": true}`; only its owner may."""
        said = request.get_json(silent=True)
        given: dict[str, Any] = said if isinstance(said, dict) else {}
        viewer = viewer_of(request)
        with writing(desk.engine) as connection:
            if given.get("removed") is True:
                done = saved_views.remove(connection, view_id, viewer.id, desk.now())
            elif isinstance(given.get("shared"), bool):
                shared = bool(given["shared"])
                done = saved_views.share(connection, view_id, viewer.id, viewer.name, shared=shared)
            else:
                return _refused("shared, removed", 400)
        return jsonify(id=view_id) if done else _refused(str(view_id), 404)


def canonical(router: Router, address: object) -> str:
    """The address in its one spelling, without what belongs to a moment and not to a view.

    Raises AddressError for an address that no page answers.
    """
    if not isinstance(address, str) or not _OWN.match(address):
        raise AddressError(part="path", given=str(address)[:80], allowed="/, /unit/38")
    view = router.read(address)
    router.page(view)
    return replace(view, meeting=None, exercise=None).href()


def told(one: SavedView, viewer: Viewer) -> dict[str, object]:
    """A view as the menu shows it; its owner's id stays here."""
    return {
        "id": one.id,
        "name": one.name,
        "address": one.address,
        "shared": one.shared,
        "owner": viewer.name if one.owner == viewer.id else one.owner_name,
    }


def _language(address: object) -> str:
    return "en" if isinstance(address, str) and "lang=en" in address else View().lang


def _refused(reason: str, status: int) -> Response:
    return Response(reason, status, mimetype="text/plain")
