"""The HTTP part of walls: a screen reports and is told what to do; operators see and order."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request
from pydantic import ValidationError

from ioc.domain.messages import say
from ioc.domain.view import LANGUAGES
from ioc.errors import IocError
from ioc.store import freezes, reference
from ioc.store.engine import reading
from ioc.store.wall_reports import keep_report, picture_of
from ioc.store.walls import Wall, wall_by_id
from ioc.web.playing import Playing
from ioc.web.viewer import viewer_of
from ioc.web.wall_acts import Act, Refused, perform
from ioc.web.wall_console import choices_told, console_told
from ioc.web.wall_device import REPORT, Devices, Seen, only_reads
from ioc.web.wall_orders import code_told, freeze_told, orders_told, scenes_told
from ioc.web.wall_report import Report, media_of, picture_bytes, pulse_age

if TYPE_CHECKING:
    from flask import Flask

    from ioc.queries.desk import Desk

NOBODY = "127.0.0.1"
"""Who acted where the browser gave no name: someone at this machine, the only one served."""


def add_walls(server: Flask, desk: Desk) -> None:
    """Add the routes of screens and of their console, and the rule that screens only read."""
    devices, playing = Devices(desk.engine, desk.settings), Playing(desk)
    only_reads(server, devices.cookie)

    @server.post(REPORT)
    def report() -> Response:
        try:
            said = Report.model_validate(request.get_json(silent=True))
        except ValidationError as problem:
            return _refused(problem, 400)
        now = desk.now()
        seen = devices.see(request.cookies.get(devices.cookie), now)
        age = pulse_age(said.heard, desk.settings.secret_key, now)
        foreign = said.heard is not None and age is None
        if seen.wall is not None:
            body = said.model_dump(exclude={"picture", "heard"})
            body |= {"pulse": age if said.heard else said.pulse, "foreign": foreign}
            keep_report(desk.engine, seen.wall.id, body, now, picture_bytes(said.picture))
        answer = jsonify({**told(desk, playing, seen, said.lang, now), "vouched": not foreign})
        if seen.secret:
            devices.give(answer, seen.secret)
        return answer

    @server.get("/walls/state")
    def state() -> Response:
        lang = _lang()
        body = console_told(desk, playing, lang)
        if "choices" in request.args:
            body["choices"] = choices_told(desk, playing, lang)
        return jsonify(body)

    @server.get("/walls/picture/<int:wall_id>")
    def picture(wall_id: int) -> Response:
        content = picture_of(desk.engine, wall_id)
        media = media_of(content) if content else None
        if content is None or media is None:
            return Response("no picture", 404, mimetype="text/plain")
        return Response(content, mimetype=media)

    @server.post("/walls/act")
    def act() -> Response:
        try:
            asked = Act.model_validate(request.get_json(silent=True))
            words = perform(
                desk, playing, asked, by=viewer_of(request).name or NOBODY, lang=_lang()
            )
        except ValidationError as problem:
            return _refused(problem, 400)
        except Refused as problem:
            return Response(str(problem), 409, mimetype="text/plain")
        return jsonify(words=words)


def told(desk: Desk, playing: Playing, seen: Seen, lang: str, now: datetime) -> dict[str, Any]:
    """The answer to a screen: `state` is registered, waiting or revoked.

    A screen that is not registered is told its code and follows the playlist of its page; one
    whose registration was taken back is told no scene at all.
    """
    wall = seen.wall
    if wall is None or wall.state != "registered":
        code = code_told(wall, now, full=seen.full, lang=lang)
        if seen.revoked:
            name = _name_before(desk, wall)
            key = "walls.revoked" if name else "walls.revoked_plain"
            return {"state": "revoked", "title": say(lang, key, name=name), "code": code}
        return {
            "state": "waiting",
            "code": code,
            "scenes": scenes_told(playing.scenes("", now), lang),
        }
    frozen, titles = _asked(desk, wall, lang)
    orders = orders_told(wall.orders, now, lang, desk.units, titles)
    exercise = wall.orders.exercise if orders["exercise"] else ""
    meeting = frozen.code if frozen and frozen.active else None
    return {
        "state": "registered",
        "name": wall.name,
        "playlist": wall.playlist,
        "scenes": scenes_told(
            playing.scenes(wall.playlist, now), lang, meeting=meeting, exercise=exercise
        ),
        "freeze": freeze_told(frozen, lang),
        **orders,
    }


def _asked(desk: Desk, wall: Wall, lang: str) -> tuple[freezes.Freeze | None, dict[str, str]]:
    """What the orders of this wall name: its freeze and the titles of sources."""
    if not wall.freeze and not wall.orders.exercise:
        return None, {}
    with reading(desk.engine) as connection:
        frozen = freezes.freeze_by_code(connection, wall.freeze) if wall.freeze else None
        titles = {one.name: one.title[lang] for one in reference.sources(connection)}
    return frozen, titles


def _name_before(desk: Desk, wall: Wall | None) -> str:
    if wall is None or not wall.orders.replaces:
        return ""
    with reading(desk.engine) as connection:
        before = wall_by_id(connection, wall.orders.replaces)
    return before.name if before else ""


def _lang() -> str:
    given = request.args.get("lang", "vi")
    return given if given in LANGUAGES else "vi"


def _refused(problem: ValidationError | IocError, status: int) -> Response:
    if isinstance(problem, ValidationError):
        first = problem.errors(include_url=False, include_input=False)[0]
        text = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    else:
        text = str(problem)
    return Response(text, status, mimetype="text/plain")
