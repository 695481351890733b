"""What is done to a submission: checked and kept, confirmed once, or told what it is by now."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from flask import Response, jsonify, request

from ioc.domain.messages import explain, explain_error, say
from ioc.domain.view import LANGUAGES, View
from ioc.errors import IocError
from ioc.ingest.connector import Payload
from ioc.ingest.drop import safe_name
from ioc.ingest.run import deliver
from ioc.ingest.submission_file import MEDIA
from ioc.store import deliveries
from ioc.store.engine import reading, writing
from ioc.store.payloads import RawPayload, keep_content
from ioc.web.submit_check import NotTaken, Verdicts, check_again, form_named, verdicts, wanted_of
from ioc.web.submit_rows import digest_of
from ioc.web.viewer import clean_name, scope_of, viewer_of

if TYPE_CHECKING:
    from ioc.queries.desk import Desk
    from ioc.store.deliveries import Delivery

LARGEST = 20 * 2**20
"""Bytes of an upload that are read at all; a source's own limit is smaller."""
NOBODY = "127.0.0.1"
"""Who acted where the browser gave no name: someone at this machine, the only one served."""
_PATIENCE = 20.0
_LONGEST_FILE = 120
_log = logging.getLogger(__name__)


def take_file(desk: Desk, lang: str) -> Response:
    """Check the file of the request and keep it, to be confirmed.

    Raises AddressError for what nobody is asked for and NotTaken for a file that is refused.
    """
    now, given = desk.now(), request.form
    form = form_named(desk, given.get("source", ""))
    wanted = wanted_of(
        desk, form, given.get("unit", ""), given.get("period", ""), scope_of(request)
    )
    reporter, approver = clean_name(given.get("reporter")), clean_name(given.get("approver", ""))
    if not reporter or approver is None:
        return told(lang, "no_reporter", 400)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return told(lang, "no_file", 400)
    megabytes = min(float(getattr(form.source.config, "megabytes", 5)), LARGEST / 2**20)
    content = sent.stream.read(int(megabytes * 2**20) + 1)
    if len(content) > megabytes * 2**20:
        return told(lang, "too_large", 413, megabytes=f"{megabytes:g}")
    if not content:
        raise NotTaken((explain(lang, "file_empty"),))
    if not content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return told(lang, "not_workbook", 422)
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
            by=by(reporter),
            counts=checked.counts,
            now=now,
        )
    return jsonify(token=token, href=View(page="submit", delivery=token, lang=lang).href())


def confirm(desk: Desk, one: Delivery, seen: object, lang: str) -> Response:
    """Take in what was seen, once however often it is asked; raises NotTaken."""
    state = one.at(desk.now())
    if state == "confirmed":
        return _done(one, lang)
    if state not in ("checked", "confirming"):
        return stale(desk, one.token, lang)
    if state == "checked":
        checked = check_again(desk, one, lang)
        if digest_of(checked.found, checked.examined) != seen:
            return told(lang, "changed", 409)
        if not checked.counts.accepted and not checked.counts.held:
            return told(lang, "confirm_nothing", 409)
    else:
        checked = None
    if not deliveries.claim(desk.engine, one.token, by(), desk.now()):
        return _wait(desk, one.token, lang)
    return _take_in(desk, one, checked or check_again(desk, one, lang), lang)


def _take_in(desk: Desk, one: Delivery, checked: Verdicts, lang: str) -> Response:
    """Commit what was claimed; the claim is given back when nothing was written."""
    source = checked.wanted.form.source
    try:
        run_id, report = deliver(checked.intake, source, checked.examined.batch, by=by())
    except IocError as error:
        deliveries.give_back(desk.engine, one.token)
        if error.code == "source_busy":
            return told(lang, "busy", 409)
        return told(lang, "act_failed", 409, reason=explain_error(lang, error))
    except Exception:
        deliveries.give_back(desk.engine, one.token)
        raise
    deliveries.confirmed(
        desk.engine, one.token, run_id=run_id, counts=checked.counts, by=by(), now=desk.now()
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
    return stale(desk, token, lang)


def _done(one: Delivery, lang: str, run_id: int | None = None) -> Response:
    return jsonify(state="confirmed", run=run_id or one.run_id, href=href(one, lang))


def stale(desk: Desk, token: str, lang: str) -> Response:
    """The delivery is not what the asker saw any more: say what it is."""
    with reading(desk.engine) as connection:
        one = deliveries.found(connection, token)
    if one is None:
        return told(lang, "gone", 404)
    state = one.at(desk.now())
    words = say(lang, "submit.busy") if state in ("checked", "confirming") else ""
    words = words or say(lang, f"submit.state_{state}")
    return Response(words, 409, mimetype="text/plain")


def href(one: Delivery, lang: str) -> str:
    """The address of a delivery."""
    return View(page="submit", delivery=one.token, lang=lang).href()


def by(reporter: str = "") -> str:
    """Who acts: the name of the browser, else the one that the form gives."""
    return viewer_of(request).name or reporter or NOBODY


def lang_asked() -> str:
    """The language of the request."""
    given = request.args.get("lang", "")
    return given if given in LANGUAGES else LANGUAGES[0]


def told(lang: str, key: str, status: int, **params: object) -> Response:
    """A sentence of this page as an answer."""
    return Response(say(lang, f"submit.{key}", **params), status, mimetype="text/plain")
