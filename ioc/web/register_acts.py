"""What people do to items of registers: another state, another value, a note; never undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request
from sqlalchemy import Connection

from ioc.domain.messages import explain, say
from ioc.domain.register import Kind, Register
from ioc.domain.view import LANGUAGES
from ioc.errors import AddressError, StoreError
from ioc.ingest.counting import Moment, count_again
from ioc.ingest.item_values import Kinds
from ioc.ingest.language import Mapping as ReadingRules
from ioc.ingest.values import Locale, ValueProblem
from ioc.store import item_lists, items, versions
from ioc.store.engine import writing
from ioc.web.intake import web_intake
from ioc.web.viewer import clean_name, may_write, scope_of, viewer_of

if TYPE_CHECKING:
    from flask import Flask

    from ioc.queries.desk import Desk

LONGEST_WHY = 1000
LONGEST_VALUE = 20_000
KINDS = ("state", "edit", "note")
_STALE = ("item_changed", "item_move")


class _RefusedError(Exception):
    """What the asker is told instead: a status and a sentence."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


@dataclass(frozen=True, slots=True)
class _Act:
    """What is asked: to which state, which fields, why; `seen` is the version acted upon."""

    by: str
    by_id: str
    why: str
    evidence: str
    seen: int
    to_state: str | None
    changes: dict[str, Any]


def add_register_acts(server: Flask, desk: Desk) -> None:
    """Add the route. A wall may not: it has no hands and nobody to answer for it."""

    @server.post("/register/<register_key>/<path:item_key>/act")
    def register_act(register_key: str, item_key: str) -> Response:
        """`{"kind": "state", "to": "done", "day": "2026-10-30", "why": "…", "seen": 1}`, or kind
        edit with `field` and `value`, or kind note; `evidence` with any. A version other than
        `seen` refuses with 409: what the person decided about is not what stands."""
        given = request.get_json(silent=True)
        given = given if isinstance(given, dict) else {}
        lang = _lang(given)
        try:
            if not may_write(request):
                raise _RefusedError(403, say(lang, "register.act_wall"))
            register = _register(desk, register_key, lang)
            asked = _asked(desk, register, given, lang)
            done = _do(desk, register, item_key, asked, lang)
        except _RefusedError as refused:
            return Response(str(refused), refused.status, mimetype="text/plain")
        return jsonify(act=done)


def _register(desk: Desk, key: str, lang: str) -> Register:
    try:
        return desk.registers.by_key(key)
    except AddressError:
        raise _RefusedError(404, say(lang, "register.act_not_found")) from None


def _asked(desk: Desk, register: Register, given: Mapping[str, Any], lang: str) -> _Act:
    kind, seen = given.get("kind"), given.get("seen")
    if kind not in KINDS:
        raise _RefusedError(400, say(lang, "register.act_bad_kind"))
    if not (isinstance(seen, (int, str)) and str(seen).isdigit() and len(str(seen)) < 19):
        raise _RefusedError(400, say(lang, "register.act_item_changed"))
    viewer = viewer_of(request)
    if not viewer.name:
        raise _RefusedError(400, say(lang, "register.act_need_name"))
    why = clean_name(given.get("why"), LONGEST_WHY)
    evidence = clean_name(given.get("evidence") or "", LONGEST_WHY)
    if not why or evidence is None:
        raise _RefusedError(400, say(lang, "register.act_need_why"))
    to_state: str | None = None
    changes: dict[str, Any] = {}
    if kind == "state":
        to_state = str(given.get("to") or "")
        if register.done is not None and given.get("day"):
            changes[register.done] = _value(desk, register, register.done, given["day"], lang)
    elif kind == "edit":
        name = str(given.get("field") or "")
        changes[name] = _value(desk, register, name, given.get("value"), lang)
    return _Act(viewer.name, viewer.id, why, evidence, int(seen), to_state, changes)


def _value(desk: Desk, register: Register, name: str, given: object, lang: str) -> object:
    """What was typed, as the field's kind keeps it; nothing typed takes the value away."""
    if not register.has(name) or register.field(name).kind is Kind.PLACE:
        raise _RefusedError(400, say(lang, "register.act_item_field"))
    field = register.field(name)
    rules = ReadingRules(locale=Locale.EN if lang == "en" else Locale.VI, percent="percent")
    kinds = Kinds(rules, desk.catalogue, desk.units)
    text = given if isinstance(given, (str, bool, int)) else None
    if text is None or kinds.blank(text):
        return None
    try:
        return kinds.reader(field)(str(text)[:LONGEST_VALUE], None)
    except ValueProblem as problem:
        raise _RefusedError(400, explain(lang, problem.code, problem.params)) from None


def _do(desk: Desk, register: Register, key: str, asked: _Act, lang: str) -> int:
    """Record it and count the register's indicators again, in one transaction."""
    intake = web_intake(desk, ())
    now = desk.now()
    with writing(desk.engine) as connection:
        item = _item(connection, desk, register, key, lang)
        try:
            act_id = items.act(
                connection,
                register,
                desk.units,
                item.item_id,
                by=asked.by,
                by_id=asked.by_id,
                at=now,
                why=asked.why,
                to_state=asked.to_state,
                changes=asked.changes,
                evidence=asked.evidence,
                seen=asked.seen,
            )
        except StoreError as error:
            status = 409 if error.code in _STALE else 400
            raise _RefusedError(status, say(lang, f"register.act_{error.code}")) from error
        if asked.to_state is not None or asked.changes:
            touched = [item.unit_id] if item.unit_id is not None else None
            at = versions.next_recorded_at(connection, now)
            if count_again(connection, intake, register, Moment(0, at, now), touched):
                versions.grow_version(connection, 0, at)
    return act_id


def _item(
    connection: Connection, desk: Desk, register: Register, key: str, lang: str
) -> item_lists.Now:
    """The item; one outside the viewer's scope reads like one that does not exist."""
    found = item_lists.one(connection, register.id, key)
    if found is not None:
        unit_id = found.unit_id if found.unit_id is not None else desk.units.by_key("vn").id
        if desk.units.visible(unit_id, scope_of(request)):
            return found
    raise _RefusedError(404, say(lang, "register.act_not_found"))


def _lang(given: Mapping[str, object]) -> str:
    lang = str(given.get("lang", ""))
    return lang if lang in LANGUAGES else LANGUAGES[0]
