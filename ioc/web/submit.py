"""`/submissions`: the template, a file to check, its confirmation or withdrawal, what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from ioc.domain.view import View
from ioc.errors import AddressError, IocError
from ioc.exports.table import Table, to_csv
from ioc.exports.template_book import to_xlsx
from ioc.ingest.submission_file import MEDIA
from ioc.store import deliveries
from ioc.store.engine import reading
from ioc.store.payloads import checked_payload
from ioc.web.submit_acts import LARGEST, by, confirm, href, lang_asked, stale, take_file, told
from ioc.web.submit_check import NotTaken, delivery_seen, form_named, wanted_of
from ioc.web.submit_files import history_table, rows_table
from ioc.web.submit_template import file_name, template_of
from ioc.web.viewer import may_write, scope_of, viewer_of

if TYPE_CHECKING:
    from flask import Flask

    from ioc.queries.desk import Desk

ROOT = "/submissions"


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
            return told(lang_asked(), "unknown", 404)
        content = to_xlsx(template_of(desk, wanted, viewer_of(request).name))
        return _file(content, file_name(wanted), MEDIA)

    @server.post(ROOT)
    def submission_upload() -> Response:
        """`multipart/form-data`: source, unit, period, reporter, approver, file."""
        lang = lang_asked()
        try:
            return take_file(desk, lang)
        except AddressError:
            return told(lang, "unknown", 404)
        except RequestEntityTooLarge:
            return told(lang, "too_large", 413, megabytes=LARGEST // 2**20)
        except NotTaken as problem:
            return Response("\n".join(problem.lines), 422, mimetype="text/plain")

    @server.post(f"{ROOT}/<token>/confirm")
    def submission_confirm(token: str) -> Response:
        """`{"seen": "…"}`, the digest of the verdicts that were shown."""
        lang = lang_asked()
        said = request.get_json(silent=True)
        seen = said.get("seen") if isinstance(said, dict) else None
        try:
            return confirm(desk, delivery_seen(desk, token, scope_of(request)), seen, lang)
        except AddressError:
            return told(lang, "gone", 404)
        except NotTaken as problem:
            return Response("\n".join(problem.lines), 409, mimetype="text/plain")

    @server.post(f"{ROOT}/<token>/withdraw")
    def submission_withdraw(token: str) -> Response:
        lang = lang_asked()
        try:
            one = delivery_seen(desk, token, scope_of(request))
        except AddressError:
            return told(lang, "gone", 404)
        if one.at(desk.now()) == "withdrawn":
            return jsonify(state="withdrawn", href=href(one, lang))
        if not deliveries.withdraw(desk.engine, one.token, by(), desk.now()):
            return stale(desk, one.token, lang)
        return jsonify(state="withdrawn", href=href(one, lang))

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
        lang = lang_asked()
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
        lang = lang_asked()
        view = View(unit=request.args.get("unit") or "vn", lang=lang)
        try:
            if not may_write(request):
                return _nothing()
            form = form_named(desk, request.args.get("source", ""))
            table = history_table(desk, form, view, scope_of(request))
        except IocError:
            return _nothing()
        return _csv(table, lang, f"{form.name}.csv")


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
