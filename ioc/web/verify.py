"""`/verify/…`: files of an export, its figures, making it again, comparing a file; notices."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import orjson
from flask import Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from ioc.domain.messages import explain_error, say
from ioc.domain.times import moment_words
from ioc.domain.view import LANGUAGES, View
from ioc.errors import NoSuchCodeError
from ioc.exports.code import shown
from ioc.exports.form import MIME, Form
from ioc.store import export_files, revision_notices
from ioc.store.engine import reading, writing
from ioc.web.verify_again import again
from ioc.web.verify_answers import LARGEST_FILE
from ioc.web.verify_file import DIFFERS, PIXELS, SAME, compare
from ioc.web.verify_opening import Counter, keep_counter
from ioc.web.verify_page import columns_of, in_line
from ioc.web.viewer import scope_of, viewer_of

if TYPE_CHECKING:
    from flask import Flask

    from ioc.queries.desk import Desk
    from ioc.store.revision_notices import Notice
    from ioc.web.router import Router
    from ioc.web.verify_opening import Opened

ROOT = "/verify"
TOLD = 12
"""Differences that a reproduction tells one by one."""
_SHOWN = (MIME[Form.PNG], MIME[Form.SVG])


def add_verify(server: Flask, desk: Desk, router: Router) -> None:
    """Add the routes; each asks again whether the viewer may open the code."""
    counter = Counter(desk, router)
    keep_counter(server, counter)

    @server.url_value_preprocessor
    def larger(endpoint: str | None, _: object) -> None:
        """A file to compare may be larger than other requests; this runs before it is read."""
        if endpoint == "verify_file":
            request.max_content_length = LARGEST_FILE + 100_000

    @server.get(f"{ROOT}/<code>/files/<int:number>")
    def verify_held_file(code: str, number: int) -> Response:
        """The file as it was made, to keep; with `?shown=1` a picture to look at."""
        try:
            opened = counter.open(code, scope_of(request))
        except NoSuchCodeError:
            return _nothing()
        return _file(desk, opened, number, to_see=request.args.get("shown") == "1")

    @server.get(f"{ROOT}/<code>/data.json")
    def verify_data(code: str) -> Response:
        """The canonical figures: their SHA-256 is the hash that the page shows."""
        try:
            opened = counter.open(code, scope_of(request))
        except NoSuchCodeError:
            return _nothing()
        if not opened.pieces:
            return _nothing()
        figures = [one.figures for one in opened.pieces]
        answer = Response(
            orjson.dumps(figures, option=orjson.OPT_SORT_KEYS), mimetype="application/json"
        )
        return _named(answer, f"ioc-{shown(opened.frozen.code)}.json")

    @server.get(f"{ROOT}/<code>/again.json")
    def verify_again(code: str) -> Response:
        """Make it again from the store as known at its moment, and say what came of it."""
        lang = _lang()
        try:
            opened = counter.open(code, scope_of(request))
        except NoSuchCodeError:
            return _nothing()
        done = again(counter, opened, scope_of(request))
        names = columns_of(opened.pieces)
        lines = [in_line(one, names, lang) for one in done.differs[:TOLD]]
        told = [" · ".join(part for part in (a.sheet, a.row, a.column) if part) for a in lines]
        values = [f": {a.then} → {a.now}" if a.column else "" for a in lines]
        word = "equal" if done.equal and done.asked else "differs" if done.asked else "none"
        words = say(lang, f"verify.again_{word}", count=len(done.differs) + len(done.gone))
        return jsonify(
            state=word,
            words=words,
            lines=[one + value for one, value in zip(told, values, strict=True)]
            + [say(lang, "verify.again_gone", title=one) for one in done.gone]
            + ([say(lang, "verify.again_left", count=done.left)] if done.left else []),
        )

    @server.post(f"{ROOT}/file")
    def verify_file() -> Response:
        """`multipart/form-data`: file, and the `code` of the export that is open, if any."""
        lang = _lang()
        try:
            given, code = request.files.get("file"), request.form.get("code") or None
            content = given.read(LARGEST_FILE + 1) if given is not None else b""
        except RequestEntityTooLarge:
            return _refused(say(lang, "verify.file_too_large", megabytes=LARGEST_FILE >> 20), 413)
        if len(content) > LARGEST_FILE:
            return _refused(say(lang, "verify.file_too_large", megabytes=LARGEST_FILE >> 20), 413)
        if not content:
            return _refused(say(lang, "verify.file_none"), 400)
        scope = scope_of(request)
        try:
            of = counter.open(code, scope).frozen.code if code else None
        except NoSuchCodeError as error:
            return _refused(explain_error(lang, error), 404)
        verdict = compare(counter, content, scope, of)
        about = {}
        if verdict.frozen is not None:
            opened = counter.opened(verdict.frozen)
            about = _about(opened, lang)
        return jsonify(
            verdict=verdict.word,
            title=say(lang, f"verify.verdict_{verdict.word}"),
            words=say(lang, f"verify.verdict_{verdict.word}_words"),
            good=verdict.word in (SAME, PIXELS),
            beside=verdict.word == DIFFERS,
            sha256=verdict.sha256,
            **about,
        )

    @server.get("/notices.json")
    def notices_listed() -> Response:
        """The notices of whoever asks, unseen first, and how many exports have unseen ones."""
        owner = viewer_of(request).id
        with reading(desk.engine) as connection:
            found = revision_notices.of_owner(connection, owner)
            count = revision_notices.unseen(connection, owner)
        lang = _lang()
        return jsonify(unseen=count, notices=[_notice(one, lang) for one in found])

    @server.post("/notices/seen")
    def notices_seen() -> Response:
        """`{"code": "…"}`, or nothing for all."""
        said = request.get_json(silent=True)
        code = said.get("code") if isinstance(said, dict) else None
        owner = viewer_of(request).id
        with writing(desk.engine) as connection:
            of = None
            if code is not None:
                found = revision_notices.of_owner(connection, owner)
                of = next((one.snapshot_id for one in found if shown(one.code) == code), -1)
            revision_notices.mark_seen(connection, owner, desk.now(), of)
            count = revision_notices.unseen(connection, owner)
        return jsonify(unseen=count)


def _file(desk: Desk, opened: Opened, number: int, *, to_see: bool) -> Response:
    if not 1 <= number <= len(opened.files):
        return _nothing()
    one = opened.files[number - 1]
    content = export_files.read(desk.settings.home, one.place, one.sha256)
    if content is None:
        return _nothing()
    if to_see and one.mime in _SHOWN:
        answer = Response(content, mimetype=one.mime)
        # A drawing is shown, and nothing in it can run or fetch.
        answer.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox"
        )
        return answer
    return _named(Response(content, mimetype=one.mime), one.name)


def _about(opened: Opened, lang: str) -> dict[str, object]:
    """What a person is told of the export that a file was compared with."""
    frozen = opened.frozen
    code = shown(frozen.code)
    picture = next((at for at, one in enumerate(opened.files, 1) if one.mime in _SHOWN), None)
    return {
        "code": code,
        "href": View(page="verify", verify=code, lang=lang).href(),
        "name": frozen.title,
        "made": say(
            lang,
            "verify.strip_made_by" if frozen.owner_name else "verify.strip_made_nameless",
            who=frozen.owner_name,
            when=moment_words(frozen.made_at, lang),
        ),
        "picture": f"{ROOT}/{code}/files/{picture}?shown=1" if picture else None,
        "files": [one.name for one in opened.files],
    }


def _notice(one: Notice, lang: str) -> dict[str, object]:
    code = shown(one.code)
    return {
        "code": code,
        "title": one.title,
        "href": View(page="verify", verify=code, lang=lang).href(),
        "words": say(
            lang,
            "verify.notice_words",
            count=one.figures,
            made=moment_words(one.made_at, lang),
            newest=moment_words(one.newest_at, lang),
        ),
        "seen": one.seen_at is not None,
    }


def _lang() -> str:
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else View().lang


def _named(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def _refused(words: str, status: int) -> Response:
    return Response(words, status, mimetype="text/plain")


def _nothing() -> Response:
    return Response("nothing here", 404, mimetype="text/plain")
