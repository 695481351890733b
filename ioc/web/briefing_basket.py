"""`/basket`: the views that a viewer puts aside for a briefing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request
from pydantic import ValidationError

from ioc.domain.briefing import ViewSection
from ioc.domain.messages import explain_error, say
from ioc.domain.view import LANGUAGES
from ioc.errors import AddressError
from ioc.store import briefings
from ioc.store.engine import reading, writing
from ioc.web.saved_views import canonical
from ioc.web.viewer import may_write, viewer_of

if TYPE_CHECKING:
    from flask import Flask

    from ioc.queries.desk import Desk
    from ioc.web.router import Router

MOST = 40


def add_basket(server: Flask, desk: Desk, router: Router) -> None:
    """Add the routes. Each viewer has one basket."""

    @server.get("/basket")
    def basket_told() -> Response:
        with reading(desk.engine) as connection:
            content = briefings.basket(connection, viewer_of(request).id)
        return jsonify(items=[one.model_dump() for one in content])

    @server.post("/basket")
    def basket_changed() -> Response:
        """`{"add": {"address": "/unit/38", "title": "…", "part": null}}`, or `{"items": […]}`."""
        said = request.get_json(silent=True)
        given: dict[str, Any] = said if isinstance(said, dict) else {}
        asked = request.args.get("lang", "")
        lang = asked if asked in LANGUAGES else LANGUAGES[0]
        if not may_write(request):
            return _told(say(lang, "briefing.not_written"), 403)
        items = given.get("items")
        try:
            if items is None:
                wanted = [_section(router, given.get("add"))]
            else:
                wanted = [_section(router, one) for one in (items if _listed(items) else [None])]
        except AddressError as error:
            return _told(explain_error(lang, error), 400)
        viewer = viewer_of(request)
        with writing(desk.engine) as connection:
            before = briefings.basket(connection, viewer.id) if items is None else ()
            content = tuple(dict.fromkeys((*before, *wanted)))
            if len(content) > MOST:
                return _told(say(lang, "briefing.basket_full", most=MOST), 409)
            briefings.fill_basket(connection, viewer.id, content, desk.now())
        return jsonify(items=[one.model_dump() for one in content])


def _listed(items: object) -> bool:
    return isinstance(items, list) and len(items) <= MOST


def _section(router: Router, given: object) -> ViewSection:
    """What is put into the basket, its address in the one spelling; raises AddressError."""
    if not isinstance(given, dict):
        raise AddressError(part="add", given=str(given)[:80], allowed="address, title, part")
    address = canonical(router, given.get("address"))
    try:
        return ViewSection(
            address=address, title=str(given.get("title") or "")[:300], part=given.get("part")
        )
    except ValidationError:
        raise AddressError(part="add", given=str(given)[:80], allowed="address, title, part") from (
            None
        )


def _told(words: str, status: int) -> Response:
    return Response(words, status, mimetype="text/plain")
