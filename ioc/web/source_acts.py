"""What people do about sources: ask the pollers for a run, decide held figures, take files away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, jsonify, request
from sqlalchemy import Connection

from ioc.domain.messages import explain_error, say
from ioc.domain.view import LANGUAGES
from ioc.errors import AddressError, DecisionError
from ioc.exports.table import to_csv
from ioc.ingest import decide
from ioc.store import held, run_requests
from ioc.store.engine import reading
from ioc.store.reference import SourceFact
from ioc.store.reference import sources as stored_sources
from ioc.web.export import file_name
from ioc.web.intake import home_sources, web_intake
from ioc.web.source_files import refused_table
from ioc.web.source_words import request_words
from ioc.web.viewer import clean_name, may_write, scope_of, viewer_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from ioc.queries.desk import Desk

ASKED = ("retry", "dry")
SHOWN = 10
LONGEST_NOTE = 1000
NOBODY = "127.0.0.1"
"""Who asked where the browser gave no name: someone at this machine, the only one served."""


class _RefusedError(Exception):
    """What the asker is told instead: a status and a sentence."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


def add_source_acts(server: Flask, desk: Desk) -> None:
    """Add the routes. A wall may look at none of them: it has no hands and nobody to answer."""

    @server.get("/sources/<name>/requests")
    def asked(name: str) -> Response:
        lang = _lang(request.args)
        try:
            _check_hands(lang)
            with reading(desk.engine) as connection:
                fact = _source(connection, name, lang)
                recent = run_requests.recent(connection, fact.id, SHOWN)
        except _RefusedError as refused:
            return _said(refused)
        told = [request_words(desk, one, scope_of(request), lang) for one in recent]
        return jsonify(requests=told, name=viewer_of(request).name)

    @server.post("/sources/<name>/requests")
    def ask(name: str) -> Response:
        """`{"kind": "retry"}` or `{"kind": "dry"}`; the same one waiting is asked for once."""
        given = _given()
        lang = _lang(given)
        try:
            _check_hands(lang)
            kind = given.get("kind")
            if kind not in ASKED:
                raise _RefusedError(400, f"kind: {', '.join(ASKED)}")
            with reading(desk.engine) as connection:
                fact = _source(connection, name, lang)
        except _RefusedError as refused:
            return _said(refused)
        by = viewer_of(request).name or NOBODY
        return jsonify(id=run_requests.ask(desk.engine, fact.id, str(kind), by, desk.now()))

    @server.post("/held/<int:held_id>/confirm")
    def confirm(held_id: int) -> Response:
        """`{"note": "…"}`; the figure given takes the place of the one that stands."""
        return _decided(desk, held_id, held.CONFIRMED)

    @server.post("/held/<int:held_id>/refuse")
    def refuse(held_id: int) -> Response:
        """`{"note": "…"}`, which must say why; the figure that stands stays."""
        return _decided(desk, held_id, held.REFUSED)

    @server.get("/rejections.csv")
    def rejections() -> Response:
        """`?source=NAME`, optionally `run`, `reason`, `lang`: all records kept that fit."""
        lang = _lang(request.args)
        try:
            found = refused_table(desk, dict(request.args), scope_of(request), lang)
        except AddressError as error:
            return Response(explain_error(lang, error), 404, mimetype="text/plain")
        if found is None:
            return Response(say(lang, "web.status_404"), 404, mimetype="text/plain")
        answer = Response(to_csv(found, lang), mimetype="text/csv")
        name = file_name(f"{request.args.get('source', '')} rejections", desk)
        answer.headers["Content-Disposition"] = f"attachment; filename={name}"
        return answer


def _decided(desk: Desk, held_id: int, decision: str) -> Response:
    """Confirm or refuse, by the name that the viewer goes by; what is decided stays decided."""
    given = _given()
    lang = _lang(given)
    try:
        _check_hands(lang)
        by = viewer_of(request).name
        if not by:
            raise _RefusedError(400, say(lang, "sources_page.need_name"))
        note = clean_name(given.get("note", ""), LONGEST_NOTE)
        if note is None or (decision == held.REFUSED and not note):
            raise _RefusedError(400, say(lang, "held.need_note"))
        with reading(desk.engine) as connection:
            entry = held.one_held(connection, held_id)
        if entry is None or not desk.units.visible(entry.doubt.key.unit_id, scope_of(request)):
            raise _RefusedError(404, say(lang, "held.not_found"))
        intake = web_intake(desk, home_sources(desk))
        act = decide.confirm if decision == held.CONFIRMED else decide.refuse
        run_id = act(intake, held_id, by, note)
    except DecisionError as error:
        return Response(explain_error(lang, error), 409, mimetype="text/plain")
    except _RefusedError as refused:
        return _said(refused)
    return jsonify(run=run_id)


def _source(connection: Connection, name: str, lang: str) -> SourceFact:
    """An active source; for who may see nothing there is none."""
    scope = scope_of(request)
    if scope.everything or scope.roots:
        for fact in stored_sources(connection):
            if fact.active and fact.polled and fact.name == name:
                return fact
    raise _RefusedError(404, say(lang, "sources_page.no_such_source"))


def _check_hands(lang: str) -> None:
    if not may_write(request):
        raise _RefusedError(403, say(lang, "sources_page.wall_reads"))


def _given() -> Mapping[str, object]:
    said = request.get_json(silent=True)
    return said if isinstance(said, dict) else {}


def _lang(given: Mapping[str, object]) -> str:
    lang = str(given.get("lang", ""))
    return lang if lang in LANGUAGES else LANGUAGES[0]


def _said(refused: _RefusedError) -> Response:
    return Response(str(refused), refused.status, mimetype="text/plain")
