"""Notes on figures: kept by who writes them, seen by all once published, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, jsonify, request

from ioc.domain.messages import say
from ioc.domain.period import Period
from ioc.domain.times import moment_words, period_words
from ioc.domain.view import LANGUAGES, View
from ioc.errors import AddressError, NotAllowedError
from ioc.queries import resolve
from ioc.store import annotations as store
from ioc.store.engine import moment, reading
from ioc.web.viewer import clean_name, may_write, scope_of, viewer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask

    from ioc.domain.indicator import Indicator
    from ioc.domain.unit import Unit
    from ioc.queries.desk import Desk


class _RefusedError(Exception):
    """What the asker is told instead: a status and a sentence."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


@dataclass(frozen=True, slots=True)
class _About:
    unit: Unit
    indicator: Indicator
    period: Period | None


def add_annotations(server: Flask, desk: Desk) -> None:
    """Add the routes: one's own drafts, a new note, publishing and withdrawing.

    Drafts are asked for apart from the page, because pages are kept and shared by all viewers.
    """

    @server.get("/notes/mine")
    def mine() -> Response:
        lang = _lang(request.args)
        try:
            about = _about(desk, request.args, lang)
        except _RefusedError as refused:
            return _said(refused)
        with reading(desk.engine) as connection:
            kept = store.drafts(
                connection,
                author_id=viewer_of(request).id,
                unit_id=about.unit.id,
                indicator_id=about.indicator.id,
            )
        return jsonify(notes=[_draft(one, lang) for one in kept], may_write=may_write(request))

    @server.post("/notes")
    def write() -> Response:
        given = request.get_json(silent=True)
        given = given if isinstance(given, dict) else {}
        lang = _lang(given)
        try:
            _check_may_write(lang)
            about = _about(desk, given, lang)
            words = clean_name(given.get("words"), store.LONGEST_NOTE)
            if not words:
                raise _RefusedError(400, say(lang, "notes.bad_words", most=store.LONGEST_NOTE))
            viewer = viewer_of(request)
            if not viewer.name:
                raise _RefusedError(400, say(lang, "notes.need_name"))
        except _RefusedError as refused:
            return _said(refused)
        period = about.period
        note_id = store.add(
            desk.engine,
            indicator_id=about.indicator.id,
            unit_id=about.unit.id,
            period=(period.grain_key, period.key) if period else None,
            words=words,
            author=viewer.name,
            author_id=viewer.id,
            now=desk.now(),
        )
        return jsonify(id=note_id)

    @server.post("/notes/<int:note_id>/publish")
    def publish(note_id: int) -> Response:
        def act() -> bool:
            author_id = viewer_of(request).id
            return store.publish(desk.engine, note_id, author_id=author_id, now=desk.now())

        return _acted(desk, note_id, act)

    @server.post("/notes/<int:note_id>/withdraw")
    def withdraw(note_id: int) -> Response:
        def act() -> bool:
            viewer = viewer_of(request)
            return store.withdraw(
                desk.engine, note_id, by=viewer.name, by_id=viewer.id, now=desk.now()
            )

        return _acted(desk, note_id, act)


def _acted(desk: Desk, note_id: int, act: Callable[[], bool]) -> Response:
    """Do it, unless a wall asks or the note is about a unit outside the viewer's scope."""
    lang = _lang(request.args)
    try:
        _check_may_write(lang)
        with reading(desk.engine) as connection:
            note = store.note(connection, note_id)
        visible = note is not None and desk.units.visible(note.unit_id, scope_of(request))
        if not visible or not act():
            raise _RefusedError(404, say(lang, "notes.no_such_note"))
    except _RefusedError as refused:
        return _said(refused)
    return jsonify(id=note_id)


def _check_may_write(lang: str) -> None:
    if not may_write(request):
        raise _RefusedError(403, say(lang, "notes.wall_reads"))


def _about(desk: Desk, given: Mapping[str, object], lang: str) -> _About:
    """What a note is about; a unit outside the scope reads like one that does not exist."""
    view = View(unit=str(given.get("unit", "")), indicator=str(given.get("indicator", "")))
    try:
        unit = resolve.unit(desk.units, view, scope_of(request))
        indicator = resolve.indicator(desk.catalogue, view)
        code = str(given.get("period") or "")
        period = Period.parse(code, indicator.calendar) if code else None
    except (AddressError, NotAllowedError):
        raise _RefusedError(404, say(lang, "notes.no_such_figure")) from None
    return _About(unit, indicator, period)


def _draft(one: store.Annotation, lang: str) -> dict[str, object]:
    about = ""
    if one.grain is not None and one.period is not None:
        about = period_words(Period.from_keys(one.grain, one.period), lang)
    return {
        "id": one.id,
        "words": one.words,
        "author": one.author,
        "when": moment_words(moment(one.created_at), lang),
        "period": about,
    }


def _lang(given: Mapping[str, object]) -> str:
    lang = str(given.get("lang", ""))
    return lang if lang in LANGUAGES else LANGUAGES[0]


def _said(refused: _RefusedError) -> Response:
    return Response(str(refused), refused.status, mimetype="text/plain")
