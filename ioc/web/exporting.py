"""`/exports…` over HTTP: ask for files, see how far they are, take them back, download them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request
from sqlalchemy.exc import OperationalError

from ioc.domain.messages import explain_error, say
from ioc.domain.scope import Scope
from ioc.domain.times import moment_words
from ioc.domain.view import LANGUAGES, View
from ioc.errors import AddressError, NotAllowedError
from ioc.exports.code import new_code, read_code
from ioc.exports.form import SCALES, SIZES, Form
from ioc.exports.naming import disposition
from ioc.exports.wish import options_kept, read_forms, read_options
from ioc.store import export_beat, export_files, export_jobs, export_turns, revision_notices
from ioc.store import snapshots as kept_snapshots
from ioc.store.engine import reading, writing_soon
from ioc.store.export_jobs import RUNNING, WAITING, Full, Job, Wish
from ioc.web.exporting_words import notice_told, script_words, told
from ioc.web.pinning import pinned
from ioc.web.saved_views import canonical
from ioc.web.viewer import may_write, scope_of, viewer_of

if TYPE_CHECKING:
    from flask import Flask

    from ioc.queries.desk import Desk
    from ioc.web.router import Router

LEASE_SECONDS = 120.0
"""For so long the crew holds a job: what is older does not count as running in the queue."""
PATIENCE = 2000
"""Milliseconds that a wish waits for another writer before it is told to come again."""
SILENT_SECONDS = 30.0
ASKED = ("address", "forms", "options")
"""What a wish may hold."""
SHOWN = 40
"""Exports of one person on his page."""


def _only(given: dict[str, Any]) -> None:
    """Nothing else is taken from outside: figures are built here, from the store, and only here."""
    for name in given:
        if name not in ASKED:
            raise AddressError(part=name[:40], given="…", allowed=", ".join(ASKED))


def add_exporting(server: Flask, desk: Desk, router: Router) -> None:
    """Add the routes; the token of each POST is checked before it comes here."""

    @server.get("/exports.json")
    def exports_listed() -> Response:
        """What the viewer asked for, the queue, and which of his figures were revised."""
        viewer, lang, now = viewer_of(request), _language(), desk.now()
        with reading(desk.engine) as connection:
            order = export_turns.queue(connection, now, LEASE_SECONDS)
            own = export_jobs.of_owner(connection, viewer.id, SHOWN)
            jobs = [told(connection, job, lang, now, order) for job in own]
            notices = revision_notices.of_owner(connection, viewer.id)
        revised = {one.code: one.figures for one in notices}
        for one in jobs:
            count = revised.get(str(one["code"]))
            one["revised"] = say(lang, "exports.revised", count=count) if count else ""
        return jsonify(
            jobs=jobs,
            queue=_queue_words(desk, order, viewer.id, lang),
            trouble=_trouble(desk, lang),
            notices=[notice_told(one, lang, now) for one in notices],
        )

    @server.get("/exports/words.json")
    def export_words() -> Response:
        """What the dialog and the page of exports say, and what may be chosen."""
        lang = _language()
        return jsonify(
            words=script_words(lang),
            forms=[{"key": one.value, "drawn": one.drawn} for one in Form],
            sizes=list(SIZES),
            scales=list(SCALES),
            trouble=_trouble(desk, lang),
        )

    @server.post("/exports")
    def export_asked() -> Response:
        """`{"address": "/unit/38", "forms": ["xlsx"], "options": {…}}` or `{"again": code}`."""
        said = request.get_json(silent=True)
        given: dict[str, Any] = said if isinstance(said, dict) else {}
        viewer, lang = viewer_of(request), _language()
        if not may_write(request):
            return _refused(say(lang, "exports.refused_wall"), 403)
        settings = desk.settings
        bounds = {"most": settings.export_queue, "most_own": settings.export_per_user}
        with reading(desk.engine) as connection:
            # Before anything is read or drawn: a flood of wishes costs next to nothing.
            full = export_jobs.room(connection, viewer.id, **bounds)
            again = export_jobs.by_code(connection, read_code(given.get("again")) or "")
        if full is not None:
            return _full(full, lang)
        if given.get("again") is not None:
            if again is None or again.owner != viewer.id or again.kind != "page":
                return _refused(say(lang, "exports.no_such"), 404)
            given = {
                "address": again.address,
                "forms": list(again.forms),
                "options": {
                    name: value for name, value in again.options.items() if name != "title"
                },
            }
        try:
            _only(given)
            wish = _wish(desk, router, given, scope_of(request))
        except (AddressError, NotAllowedError) as error:
            return _refused(_why(error, lang), 404)
        if wish is None:
            return _refused(say(lang, "exports.refused_broken"), 409)
        wish = replace(wish, owner=viewer.id, owner_name=viewer.name)
        try:
            with writing_soon(desk.engine, PATIENCE) as connection:
                job = export_jobs.ask(connection, wish, code=new_code(), now=desk.now(), **bounds)
        except OperationalError:
            return _refused(say(lang, "exports.refused_busy"), 503)
        return _full(job, lang) if isinstance(job, Full) else _told(desk, job, lang, 202)

    @server.get("/exports/<code>.json")
    def export_state(code: str) -> Response:
        with reading(desk.engine) as connection:
            job = export_jobs.by_code(connection, read_code(code) or "")
        if job is None or job.owner != viewer_of(request).id:
            return _refused(say(_language(), "exports.no_such"), 404)
        return _told(desk, job, _language())

    @server.post("/exports/<code>/cancel")
    def export_cancelled(code: str) -> Response:
        lang = _language()
        if not may_write(request):
            return _refused(say(lang, "exports.refused_wall"), 403)
        try:
            with writing_soon(desk.engine, PATIENCE) as connection:
                owner = viewer_of(request).id
                job = export_jobs.cancel(connection, read_code(code) or "", owner, desk.now())
        except OperationalError:
            return _refused(say(lang, "exports.refused_busy"), 503)
        if job is None:
            return _refused(say(lang, "exports.no_such"), 404)
        return _told(desk, job, lang)

    @server.post("/exports/seen")
    def export_notices_seen() -> Response:
        """The viewer saw his notices of revised figures."""
        if not may_write(request):
            return _refused(say(_language(), "exports.refused_wall"), 403)
        with writing_soon(desk.engine, PATIENCE) as connection:
            marked = revision_notices.mark_seen(connection, viewer_of(request).id, desk.now())
        return jsonify(seen=marked)

    @server.get("/exports/<code>/<int:at>/<name>")
    def export_downloaded(code: str, at: int, name: str) -> Response:
        """A file, under the scope of whoever opens it now and not of whoever ordered it."""
        nothing = _refused(say(_language(), "exports.no_such"), 404)
        with reading(desk.engine) as connection:
            kept = kept_snapshots.by_code(connection, read_code(code) or "")
            files = kept_snapshots.files_of(connection, kept.id) if kept else ()
        if kept is None or not scope_of(request).covers(Scope.of_key(kept.scope)):
            return nothing
        if kept.removed_at is not None:
            return _refused(say(_language(), "exports.removed"), 410)
        if not 1 <= at <= len(files) or files[at - 1].name != name:
            return nothing
        file = files[at - 1]
        content = export_files.read(desk.settings.home, file.place, file.sha256)
        if content is None:
            return nothing
        answer = Response(content, mimetype=file.mime)
        answer.headers["Content-Disposition"] = disposition(file.name, kept.title)
        return answer


def _wish(desk: Desk, router: Router, given: dict[str, Any], scope: Scope) -> Wish | None:
    """The wish in its one spelling, for a page that this scope sees; None where it is broken.

    Raises AddressError or NotAllowedError for what does not exist: nothing is widened.
    """
    forms, options = read_forms(given.get("forms")), read_options(given.get("options"))
    asked = given.get("address")
    address = canonical(router, asked)
    view = pinned(desk.engine, router.read(str(asked))).view
    address = view.but(meeting=None, exercise=None).href() if view.known_at else address
    shown = router.show(address, scope)
    if shown.status == 404:
        # The card on screen says why; asked again, the page says it itself.
        router.page(view).load(desk, view, scope)
    if shown.status != 200:
        return None
    return Wish(
        owner="",
        scope=scope.key,
        forms=tuple(form.value for form in forms),
        lang=view.lang,
        address=address,
        options=options_kept(options, shown.title),
    )


def _told(desk: Desk, job: Job, lang: str, status: int = 200) -> Response:
    now = desk.now()
    with reading(desk.engine) as connection:
        waits = job.state == WAITING
        order = export_turns.queue(connection, now, LEASE_SECONDS) if waits else ()
        answer = jsonify(told(connection, job, lang, now, order))
    answer.status_code = status
    return answer


def _queue_words(desk: Desk, order: tuple[Job, ...], owner: str, lang: str) -> str:
    if not order:
        return say(lang, "exports.queue_empty")
    running = sum(one.state == RUNNING for one in order)
    own = sum(one.owner == owner for one in order)
    words = say(lang, "exports.queue_words", running=running, waiting=len(order) - running)
    return f"{words} {say(lang, 'exports.queue_mine', own=own)}"


def _trouble(desk: Desk, lang: str) -> str:
    """Why nothing is made just now; empty while somebody makes exports."""
    beat, now = export_beat.seen(desk.settings.home), desk.now()
    if beat is None:
        return say(lang, "exports.queue_never")
    if (now - beat).total_seconds() <= SILENT_SECONDS:
        return ""
    return say(lang, "exports.queue_dead", when=moment_words(beat, lang, near=now))


def _why(error: AddressError | NotAllowedError, lang: str) -> str:
    # A unit outside the scope and one that does not exist must read the same.
    if isinstance(error, NotAllowedError) or error.params.get("part") == "unit":
        return say(lang, "exports.reason_no_unit")
    return explain_error(lang, error)


def _full(full: Full, lang: str) -> Response:
    words = say(lang, f"exports.refused_{full.why}", before=full.before, most=full.most)
    return _refused(words, 429)


def _language() -> str:
    given = request.args.get("lang", "")
    return given if given in LANGUAGES else View().lang


def _refused(words: str, status: int) -> Response:
    return Response(words, status, mimetype="text/plain")
