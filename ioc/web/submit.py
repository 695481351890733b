"""`/submissions`: the template, a file to check, its confirmation or withdrawal, what was sent."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from flask import Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from ioc.domain.messages import explain, explain_error, say
from ioc.domain.view import LANGUAGES, View
from ioc.errors import AddressError, IocError
from ioc.exports.table import Table, to_csv
from ioc.exports.template import to_xlsx
from ioc.ingest.connector import Payload
from ioc.ingest.drop import safe_name
from ioc.ingest.run import deliver
from ioc.ingest.submission_file import MEDIA
from ioc.store import deliveries
from ioc.store.engine import reading, writing
from ioc.store.payloads import RawPayload, checked_payload, keep_content
from ioc.web.submit_check import (
    NotTaken,
    Verdicts,
    check_again,
    delivery_seen,
    form_named,
    verdicts,
    wanted_of,
)
from ioc.web.submit_files import history_table, rows_table
from ioc.web.submit_rows import digest_of
from ioc.web.submit_template import file_name, template_of
from ioc.web.viewer import clean_name, may_write, scope_of, viewer_of

if TYPE_CHECKING:
    from flask import Flask

    from ioc.queries.desk import Desk
    from ioc.store.deliveries import Delivery

ROOT = "/submissions"
LARGEST = 20 * 2**20
"""Bytes of an upload that are read at all; a source's own limit is smaller."""
NOBODY = "127.0.0.1"
"""Who acted where the browser gave no name: someone at this machine, the only one served."""
_PATIENCE = 20.0
_LONGEST_FILE = 120
_log = logging.getLogger(__name__)


def add_submissions(server: Flask, desk: Desk) -> None:
    """Add the routes. What a request of a wall may not write is refused before it comes here."""

    @server.url_value_preprocessor
    def larger(endpoint: str | None, _: object) -> None:
        """A workbook may be larger than other requests; this runs before anything is read."""
        if endpoint == "submission_upload":
            request.max_content_length = LARGEST

    @server.get(f"{ROOT}/template.xlsx")
    def submission_template() -> Response:
        """`?source=…&unit=38&period=2026-10`."""
        if not may_write(request):
            return _nothing()
        given = request.args
        try:
            form = form_named(desk, given.get("source", ""))
            wanted = wanted_of(
                desk, form, given.get("unit", ""), given.get("period", ""), scope_of(request)
            )
        except AddressError:
            return _said(_lang(), "unknown", 404)
        content = to_xlsx(template_of(desk, wanted, viewer_of(request).name))
        return _file(content, file_name(wanted), MEDIA)

    @server.post(ROOT)
    def submission_upload() -> Response:
        """`multipart/form-data`: source, unit, period, reporter, approver, file."""
        lang = _lang()
        try:
            return _upload(desk, lang)
        except AddressError:
            return _said(lang, "unknown", 404)
        except RequestEntityTooLarge:
            return _said(lang, "too_large", 413, megabytes=LARGEST // 2**20)
        except NotTaken as problem:
            return Response("\n".join(problem.lines), 422, mimetype="text/plain")

    @server.post(f"{ROOT}/<token>/confirm")
    def submission_confirm(token: str) -> Response:
        """`{"seen": "…"}`, the digest of the verdicts that were shown."""
        lang = _lang()
        said = request.get_json(silent=True)
        seen = said.get("seen") if isinstance(said, dict) else None
        try:
            return _confirm(desk, delivery_seen(desk, token, scope_of(request)), seen, lang)
        except AddressError:
            return _said(lang, "gone", 404)
        except NotTaken as problem:
            return Response("\n".join(problem.lines), 409, mimetype="text/plain")

    @server.post(f"{ROOT}/<token>/withdraw")
    def submission_withdraw(token: str) -> Response:
        lang = _lang()
        try:
            one = delivery_seen(desk, token, scope_of(request))
        except AddressError:
            return _said(lang, "gone", 404)
        if one.at(desk.now()) == "withdrawn":
            return jsonify(state="withdrawn", href=_href(one, lang))
        if not deliveries.withdraw(desk.engine, one.token, _by(), desk.now()):
            return _stale(desk, one.token, lang)
        return jsonify(state="withdrawn", href=_href(one, lang))

    @server.get(f"{ROOT}/<token>/file")
    def submission_file(token: str) -> Response:
        """Exactly the bytes that came, under a name of our own."""
        try:
            if not may_write(request):
                return _nothing()
            one = delivery_seen(desk, token, scope_of(request))
        except AddressError:
            return _nothing()
        with reading(desk.engine) as connection:
            content = checked_payload(connection, one.sha256)
        unit = desk.units.by_id(one.unit_id).key
        answer = _file(content.bytes, f"{unit}-{one.period}-{one.sha256[:12]}.xlsx", MEDIA)
        answer.headers["X-IOC-Hash"] = "match" if content.intact else "mismatch"
        return answer

    @server.get(f"{ROOT}/<token>/rows.csv")
    def submission_rows(token: str) -> Response:
        lang = _lang()
        try:
            if not may_write(request):
                return _nothing()
            one = delivery_seen(desk, token, scope_of(request))
            if one.at(desk.now()) != "checked":
                return _nothing()
            table = rows_table(desk, one, lang)
        except (AddressError, NotTaken):
            return _nothing()
        return _csv(table, lang, f"{one.period}-{one.sha256[:12]}.csv")

    @server.get(f"{ROOT}/history.csv")
    def submission_history() -> Response:
        lang = _lang()
        view = View(unit=request.args.get("unit") or "vn", lang=lang)
        try:
            if not may_write(request):
                return _nothing()
            form = form_named(desk, request.args.get("source", ""))
            table = history_table(desk, form, view, scope_of(request))
        except IocError:
            return _nothing()
        return _csv(table, lang, f"{form.name}.csv")


def _upload(desk: Desk, lang: str) -> Response:
    now, given = desk.now(), request.form
    form = form_named(desk, given.get("source", ""))
    wanted = wanted_of(
        desk, form, given.get("unit", ""), given.get("period", ""), scope_of(request)
    )
    reporter, approver = clean_name(given.get("reporter")), clean_name(given.get("approver", ""))
    if not reporter or approver is None:
        return _said(lang, "no_reporter", 400)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _said(lang, "no_file", 400)
    megabytes = min(float(getattr(form.source.config, "megabytes", 5)), LARGEST / 2**20)
    content = sent.stream.read(int(megabytes * 2**20) + 1)
    if len(content) > megabytes * 2**20:
        return _said(lang, "too_large", 413, megabytes=f"{megabytes:g}")
    if not content:
        raise NotTaken((explain(lang, "file_empty"),))
    if not content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _said(lang, "not_workbook", 422)
    label = safe_name(sent.filename)[-_LONGEST_FILE:]
    checked = verdicts(desk, wanted, Payload(label, content, MEDIA), lang)
    with writing(desk.engine) as connection:
        deliveries.mark_expired(connection, now)
        token = deliveries.add(
            connection,
            source_id=checked.intake.facts[form.name].id,
            unit_id=wanted.unit.id,
            period=wanted.period.code,
            file=label,
            media=MEDIA,
            sha256=keep_content(connection, RawPayload(label, MEDIA, content)),
            reporter=reporter,
            approver=approver,
            by=_by(reporter),
            counts=checked.counts,
            now=now,
        )
    return jsonify(token=token, href=View(page="submit", delivery=token, lang=lang).href())


def _confirm(desk: Desk, one: Delivery, seen: object, lang: str) -> Response:
    state = one.at(desk.now())
    if state == "confirmed":
        return _done(one, lang)
    if state not in ("checked", "confirming"):
        return _stale(desk, one.token, lang)
    if state == "checked":
        checked = check_again(desk, one, lang)
        if digest_of(checked.found, checked.examined) != seen:
            return _said(lang, "changed", 409)
        if not checked.counts.accepted and not checked.counts.held:
            return _said(lang, "confirm_nothing", 409)
    else:
        checked = None
    if not deliveries.claim(desk.engine, one.token, _by(), desk.now()):
        return _wait(desk, one.token, lang)
    return _take_in(desk, one, checked or check_again(desk, one, lang), lang)


def _take_in(desk: Desk, one: Delivery, checked: Verdicts, lang: str) -> Response:
    """Commit what was claimed; the claim is given back when nothing was written."""
    source = checked.wanted.form.source
    try:
        run_id, report = deliver(checked.intake, source, checked.examined.batch, by=_by())
    except IocError as error:
        deliveries.give_back(desk.engine, one.token)
        if error.code == "source_busy":
            return _said(lang, "busy", 409)
        return _said(lang, "act_failed", 409, reason=explain_error(lang, error))
    except Exception:
        deliveries.give_back(desk.engine, one.token)
        raise
    deliveries.confirmed(
        desk.engine, one.token, run_id=run_id, counts=checked.counts, by=_by(), now=desk.now()
    )
    _log.info("delivery for %s: run %d, %d new", source.name, run_id, report.added)
    return _done(one, lang, run_id)


def _wait(desk: Desk, token: str, lang: str) -> Response:
    """Another request has the claim: what becomes of it is the answer to this one too."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with reading(desk.engine) as connection:
            one = deliveries.found(connection, token)
        if one is None or one.at(desk.now()) != "confirming":
            break
        time.sleep(0.1)
    if one is not None and one.state == "confirmed":
        return _done(one, lang)
    return _stale(desk, token, lang)


def _done(one: Delivery, lang: str, run_id: int | None = None) -> Response:
    return jsonify(state="confirmed", run=run_id or one.run_id, href=_href(one, lang))


def _stale(desk: Desk, token: str, lang: str) -> Response:
    """The delivery is not what the asker saw any more: say what it is."""
    with reading(desk.engine) as connection:
        one = deliveries.found(connection, token)
    if one is None:
        return _said(lang, "gone", 404)
    state = one.at(desk.now())
    words = say(lang, "submit.busy") if state in ("checked", "confirming") else ""
    words = words or say(lang, f"submit.state_{state}")
    return Response(words, 409, mimetype="text/plain")


def _href(one: Delivery, lang: str) -> str:
    return View(page="submit", delivery=one.token, lang=lang).href()


def _by(reporter: str = "") -> str:
    return viewer_of(request).name or reporter or NOBODY


def _lang() -> str:
    given = request.args.get("lang", "")
    return given if given in LANGUAGES else LANGUAGES[0]


def _said(lang: str, key: str, status: int, **params: object) -> Response:
    return Response(say(lang, f"submit.{key}", **params), status, mimetype="text/plain")


def _nothing() -> Response:
    return Response("Not Found", 404, mimetype="text/plain")


def _csv(table: Table, lang: str, name: str) -> Response:
    return _file(to_csv(table, lang), name, "text/csv")


def _file(content: bytes, name: str, media: str) -> Response:
    """A file to keep, under the server's own name; no browser can be made to run it."""
    answer = Response(content, mimetype=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
