"""`/briefings`: put briefings together, look at their sections, have them made, fetch the files."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from flask import Response, jsonify, request, send_file

from ioc.domain.briefing import Briefing, TextSection
from ioc.domain.briefing_due import period_of
from ioc.domain.briefing_file import Cabinet, checked, read_cabinet
from ioc.domain.messages import explain_error, say
from ioc.domain.times import moment_words
from ioc.domain.unit_names import folded
from ioc.domain.view import LANGUAGES
from ioc.errors import AddressError, BriefingError
from ioc.exports.code import new_code
from ioc.store import briefing_runs, briefings, export_jobs, snapshots
from ioc.store.engine import reading, writing
from ioc.web import briefing_told as told
from ioc.web.briefing_basket import add_basket
from ioc.web.briefing_changes import before_of
from ioc.web.briefing_mistakes import mistake_words
from ioc.web.briefing_sections import Asked, gather
from ioc.web.steady import moment_now
from ioc.web.telling import check
from ioc.web.viewer import clean_name, may_write, scope_of, viewer_of

if TYPE_CHECKING:
    from flask import Flask

    from ioc.queries.desk import Desk
    from ioc.store.briefings import Kept
    from ioc.web.router import Router

P = ParamSpec("P")
MOST = 100
"""Briefings that one viewer may keep."""
LONGEST_TITLE = 200
EXPORTS = "exports"
"""The folder of a home directory that holds exported files."""


class Refused(Exception):
    """What the asker is told instead: a status and a sentence."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


@dataclass(frozen=True, slots=True)
class Found:
    """A briefing that the asker may see; `kept` is None for one that is declared in a file."""

    made: Briefing
    kept: Kept | None
    home: bool = False


def add_briefings(server: Flask, desk: Desk, router: Router) -> None:
    """Add the routes; what a wall may not do is refused before anything else."""
    cabinet = partial(read_cabinet, desk.settings.home)
    add_basket(server, desk, router)
    _add_lists(server, desk, cabinet)
    _add_changes(server, desk, cabinet)
    _add_making(server, desk, router, cabinet)


def _add_lists(server: Flask, desk: Desk, cabinet: Callable[[], Cabinet]) -> None:
    @server.get("/briefings/list.json")
    @_answered
    def briefings_listed(lang: str) -> Response:
        viewer, declared = viewer_of(request), cabinet()
        with reading(desk.engine) as connection:
            seen = briefings.seen_by(connection, viewer.id)
            last = {
                key: told.last_told(connection, key, lang)
                for key in {*(one.key for one in seen), *declared.own}
            }

        def card(one: Kept) -> dict[str, object]:
            owner = one.owner_name or say(lang, "briefing.anonymous")
            return told.card_told(
                desk, one.definition, lang, own=one.owner == viewer.id, shared=one.shared,
                owner=say(lang, "briefing.of_owner", owner=owner), last=last[one.key],
                next=told.next_told(desk, one.definition, lang),
            )  # fmt: skip

        def declared_card(key: str) -> dict[str, object]:
            made = declared.briefings[key]
            more: dict[str, object] = {}
            if key in declared.own:
                more = {"last": last[key], "next": told.next_told(desk, made, lang)}
            return told.card_told(desk, made, lang, **more)

        return jsonify(
            name=viewer.name,
            templates=[
                declared_card(key) for key in sorted(set(declared.briefings) - declared.own)
            ],
            home=[declared_card(key) for key in sorted(declared.own)],
            own=[card(one) for one in seen if one.owner == viewer.id],
            shared=[card(one) for one in seen if one.owner != viewer.id],
            wrong=told.wrong_told(declared.wrong, lang),
        )

    @server.get("/briefings/<key>/about.json")
    @_answered
    def briefing_about(lang: str, key: str) -> Response:
        viewer, found = viewer_of(request), seen(desk, cabinet, key, lang)
        kept = found.kept
        version = ""
        if kept is not None:
            version = say(
                lang, "briefing.version", version=kept.version,
                who=kept.by_name or say(lang, "briefing.anonymous"),
                moment=moment_words(kept.changed_at, lang),
            )  # fmt: skip
        return jsonify(
            definition=found.made.model_dump(mode="json"),
            editable=kept is not None,
            own=kept is not None and kept.owner == viewer.id,
            shared=kept is not None and kept.shared,
            template=kept is None and not found.home,
            seen=kept.version if kept else 0,
            version=version,
            next=told.next_told(desk, found.made, lang) if kept or found.home else "",
            runs=told.runs_told(desk, key, lang),
            choices=told.choices_told(desk, found.made, scope_of(request), lang),
        )


def _add_changes(server: Flask, desk: Desk, cabinet: Callable[[], Cabinet]) -> None:
    @server.post("/briefings")
    @_answered
    def briefing_begun(lang: str) -> Response:
        """`{"title": "…", "from": "giao-ban-tuan"}`; from nothing, a key or `basket`."""
        _check_writes(lang)
        given, viewer, declared = _given(), viewer_of(request), cabinet()
        origin = given.get("from") or ""
        with writing(desk.engine) as connection:
            own = [
                one for one in briefings.seen_by(connection, viewer.id) if one.owner == viewer.id
            ]
            if len(own) >= MOST:
                raise Refused(409, say(lang, "briefing.too_many", most=MOST))
            content: dict[str, Any] = {"lang": lang}
            if origin == "basket":
                content["sections"] = [
                    one.model_dump() for one in briefings.basket(connection, viewer.id)
                ]
            elif origin:
                found = _seen(connection, declared, str(origin), viewer.id, lang)
                content = found.made.model_dump(mode="json")
            title = clean_name(given.get("title") or content.get("title"), LONGEST_TITLE)
            if not title:
                raise Refused(400, say(lang, "briefing.need_title"))
            content |= {"title": title, "key": key_of(title)}
            made = _checked(content, lang)
            now = desk.now()
            briefings.add(connection, made, owner=viewer.id, owner_name=viewer.name, now=now)
            if origin == "basket":
                briefings.fill_basket(connection, viewer.id, (), now)
        return jsonify(told.card_told(desk, made, lang))

    @server.post("/briefings/<key>")
    @_answered
    def briefing_changed(lang: str, key: str) -> Response:
        """`{"seen": 1, "definition": {…}}`, or `{"shared": true}`, or `{"removed": true}`."""
        _check_writes(lang)
        given, viewer, declared = _given(), viewer_of(request), cabinet()
        with writing(desk.engine) as connection:
            found = _seen(connection, declared, key, viewer.id, lang)
            if found.kept is None:
                raise Refused(403, say(lang, "briefing.read_only"))
            if given.get("removed") is True or isinstance(given.get("shared"), bool):
                if given.get("removed") is True:
                    done = briefings.remove(connection, key, viewer.id, desk.now())
                    briefing_runs.forget_planned(connection, key)
                else:
                    shared = bool(given["shared"])
                    done = briefings.share(connection, key, viewer.id, shared=shared)
                if not done:
                    raise Refused(404, say(lang, "briefing.not_found"))
                return jsonify(key=key)
            definition = given.get("definition")
            content = definition if isinstance(definition, dict) else {}
            made = _checked({**content, "key": key}, lang)
            _check_mail(desk, made, lang)
            version = briefings.change(
                connection, made, seen=_whole(given.get("seen")), by_id=viewer.id,
                by_name=viewer.name, now=desk.now(),
            )  # fmt: skip
            if version is None:
                raise Refused(409, say(lang, "briefing.changed_meanwhile"))
        words = say(lang, "briefing.saved", version=version)
        return jsonify(seen=version, words=words, next=told.next_told(desk, made, lang))


def _add_making(server: Flask, desk: Desk, router: Router, cabinet: Callable[[], Cabinet]) -> None:
    @server.post("/briefings/<key>/preview")
    @_answered
    def briefing_previewed(lang: str, key: str) -> Response:
        """`{"definition": {…}, "section": 1}`: that section with the figures known now.

        A table of changes needs the sections before it, which are gathered with it then.
        """
        found, given = seen(desk, cabinet, key, lang), _given()
        definition = given.get("definition")
        made = found.made
        if isinstance(definition, dict):
            made = _checked({**definition, "key": key}, lang)
        number = _whole(given.get("section"))
        if not 1 <= number <= len(made.sections):
            raise Refused(404, say(lang, "briefing.not_found"))
        at, scope = moment_now(desk), scope_of(request)
        asked = Asked(made, period_of(made, desk.now()), scope, at, before_of(desk, key, at))
        chosen = made.sections[number - 1]
        before = made.sections[: number - 1] if chosen.kind == "changes" else ()
        one = gather(desk, router, asked, [*before, chosen])[-1]
        return jsonify(told.section_told(one, lang))

    @server.post("/briefings/check")
    @_answered
    def briefing_text_checked(lang: str) -> Response:
        """`{"text": "…"}`: what is wrong with a text with figures in braces."""
        text = str(_given().get("text") or "")
        try:
            TextSection(text=text)
        except ValueError:
            raise Refused(400, say(lang, "briefing.need_title")) from None
        found = check(desk, text, lang, scope_of(request))
        problems = [
            say(lang, "briefing.text_problem", line=one.line, gap=one.gap, why=one.words)
            for one in found
        ]
        return jsonify(problems=problems, words=say(lang, "briefing.check_good"))

    @server.post("/briefings/<key>/make")
    @_answered
    def briefing_made(lang: str, key: str) -> Response:
        """`{}`: have it made now, as it was last kept."""
        _check_writes(lang)
        viewer, declared = viewer_of(request), cabinet()
        code, now = new_code(), desk.now()
        with writing(desk.engine) as connection:
            made = _seen(connection, declared, key, viewer.id, lang).made
            if not made.sections:
                raise Refused(409, say(lang, "briefing.need_section"))
            period = period_of(made, now)
            run_id = briefing_runs.begin(
                connection, made, slot=f"{briefing_runs.WISH}{code}", owner=viewer.id,
                period=period.code if period else None, due_at=now, state="queued",
            )  # fmt: skip
            assert run_id is not None, "the code is new"
            job = export_jobs.ask(
                connection,
                export_jobs.Wish(
                    owner=viewer.id, owner_name=viewer.name, scope=scope_of(request).key,
                    forms=made.forms, lang=made.lang, kind="briefing", run_id=run_id,
                ),
                code=code, now=now, most=desk.settings.export_queue,
                most_own=desk.settings.export_per_user,
            )  # fmt: skip
            if isinstance(job, export_jobs.Full):
                raise Refused(429, say(lang, f"briefing.{job.why}_full", most=job.most))
            briefing_runs.turn(connection, run_id, before=("queued",), job_id=job.id)
        return jsonify(code=code, run=run_id, words=say(lang, "briefing.queued"))

    @server.get("/briefings/<key>/runs.json")
    @_answered
    def briefing_runs_told(lang: str, key: str) -> Response:
        seen(desk, cabinet, key, lang)
        return jsonify(runs=told.runs_told(desk, key, lang))

    @server.get("/briefings/<key>/runs/<int:run_id>/<int:number>/<name>")
    @_answered
    def briefing_file(lang: str, key: str, run_id: int, number: int, name: str) -> Response:
        """A file of a run, for whoever may see the briefing and all that it was made from."""
        seen(desk, cabinet, key, lang)
        with reading(desk.engine) as connection:
            run = briefing_runs.found(connection, run_id)
            frozen = None
            if run is not None and run.key == key:
                frozen = told.frozen_of(connection, run)
            files = snapshots.files_of(connection, frozen.id) if frozen is not None else ()
        if frozen is None or frozen.scope != scope_of(request).key or number >= len(files):
            raise Refused(404, say(lang, "briefing.files_gone"))
        one = files[number]
        path = (desk.settings.home / EXPORTS / one.place).resolve()
        if one.name != name or not path.is_file():
            raise Refused(404, say(lang, "briefing.files_gone"))
        return send_file(path, mimetype=one.mime, as_attachment=True, download_name=one.name)


def seen(desk: Desk, cabinet: Callable[[], Cabinet], key: str, lang: str) -> Found:
    """The briefing of a key as the asker may see it; one of another owner is not found."""
    with reading(desk.engine) as connection:
        return _seen(connection, cabinet(), key, viewer_of(request).id, lang)


def _seen(connection: Any, declared: Cabinet, key: str, viewer: str, lang: str) -> Found:
    kept = briefings.found(connection, key)
    if kept is not None and (kept.owner == viewer or kept.shared):
        return Found(kept.definition, kept)
    if kept is None and key in declared.briefings:
        return Found(declared.briefings[key], None, key in declared.own)
    raise Refused(404, say(lang, "briefing.not_found"))


def key_of(title: str) -> str:
    """A key that reads like the title and that nobody can guess."""
    words = re.sub(r"[^a-z0-9]+", "-", folded(title)).strip("-")[:40].strip("-")
    return f"{words or 'bao-cao'}-{secrets.token_hex(5)}"


def _checked(content: Mapping[str, Any], lang: str) -> Briefing:
    try:
        return checked(content)
    except BriefingError as error:
        raise Refused(400, mistake_words(error, lang)) from None


def _check_mail(desk: Desk, made: Briefing, lang: str) -> None:
    """Mail goes to allowed domains only; the exporter looks again when it sends."""
    allowed = desk.settings.mail_domains
    for one in made.deliver.mail:
        if one.rpartition("@")[2].lower() not in allowed:
            domains = ", ".join(allowed) or "–"
            raise Refused(400, say(lang, "briefing.mail_refused", mail=one, domains=domains))


def _check_writes(lang: str) -> None:
    if not may_write(request):
        raise Refused(403, say(lang, "briefing.not_written"))


def _given() -> dict[str, Any]:
    said = request.get_json(silent=True)
    return said if isinstance(said, dict) else {}


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _answered(
    answer: Callable[Concatenate[str, P], Response],
) -> Callable[P, Response]:
    """The route with the language asked for; what is refused becomes the answer."""

    @wraps(answer)
    def run(*steps: P.args, **parts: P.kwargs) -> Response:
        given = request.args.get("lang", "")
        lang = given if given in LANGUAGES else LANGUAGES[0]
        try:
            return answer(lang, *steps, **parts)
        except Refused as refused:
            return Response(str(refused), refused.status, mimetype="text/plain")
        except AddressError as error:
            return Response(explain_error(lang, error), 404, mimetype="text/plain")

    return run
