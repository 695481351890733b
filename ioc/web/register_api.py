"""The items of a register for programs: one sheet of a list as JSON, filtered as the page is."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request

from ioc.domain.item_words import PERCENT_SCALE
from ioc.domain.register import ItemField, Kind, Register, filled
from ioc.domain.view import View
from ioc.exports.table import decimal_text
from ioc.queries.register_answers import ItemRow, RegisterList
from ioc.queries.register_list import SHEET, register_list
from ioc.web.pinning import pinned
from ioc.web.register_export import answered
from ioc.web.viewer import scope_of

if TYPE_CHECKING:
    from flask import Flask

    from ioc.queries.desk import Desk

API = "/api/v1/registers"


def add_register_api(server: Flask, desk: Desk) -> None:
    """Add the route; it asks what the page asks, under the same scope."""

    @server.get(f"{API}/<register_key>.json")
    def register_json(register_key: str) -> Response:
        """The parts of the page's address as they are: `?unit=38&due=overdue&sheet=2`."""

        def made(view: View) -> Response:
            held = pinned(desk.engine, view).view
            return jsonify(sheet(register_list(desk, held, scope_of(request))))

        parts = request.args.to_dict()
        return answered(
            lambda: View.from_address(f"/register/{register_key}", **parts), register_key, made
        )


def sheet(answer: RegisterList) -> dict[str, Any]:
    """One sheet of a list with what it is about, when it was asked, and where the next one is."""
    lang, stamp = answer.view.lang, answer.stamp
    after = None
    if answer.sheet < answer.sheets:
        _, _, parts = answer.view.href(sheet=answer.sheet + 1).partition("?")
        after = f"{API}/{answer.register.key}.json?{parts}"
    return {
        "register": answer.register.key,
        "unit": {"key": answer.unit.key, "name": answer.unit.name},
        "filters": [one.words for one in answer.filters],
        "count": answer.count,
        "more_than_count": answer.more,
        "sheet": answer.sheet,
        "sheets": answer.sheets,
        "per_sheet": SHEET,
        "next": after,
        "stamp": {
            "data_version": stamp.data_version,
            "asked_at": stamp.asked_at.isoformat(),
            "known_at": stamp.known_at.isoformat() if stamp.known_at else None,
            "illustrative": stamp.illustrative,
        },
        "items": [_item(answer.register, one, lang) for one in answer.rows],
    }


def _item(register: Register, one: ItemRow, lang: str) -> dict[str, Any]:
    due = None
    if one.due is not None:
        due = {
            "code": one.due.code,
            "last_day": one.due.day.isoformat(),
            "precision": one.due.precision.value,
            "slip_days": one.slip,
            "late_working_days": one.late,
        }
    return {
        "key": one.key,
        "title": one.title,
        "unit": {"key": one.unit.key, "name": one.unit.name} if one.unit else None,
        "state": one.state.code,
        "state_name": one.state.name.say(lang),
        "phase": one.phase.value,
        "due": due,
        "done": one.done.isoformat() if one.done else None,
        "person": one.person,
        "parent": one.parent,
        "missing": [field.name for field in one.missing],
        "differs": list(one.differs),
        "checklists": {
            check.checklist.code: {
                "have": check.have,
                "of": check.of,
                "missing": [field.name for field in check.missing],
            }
            for check in one.checks
        },
        "values": {
            field.name: _exact(field, one.values[field.name])
            for field in register.fields
            if filled(one.values.get(field.name))
        },
        "place": {"lon": one.lon, "lat": one.lat} if one.lon is not None else None,
        "valid_from": one.valid_from.isoformat(),
        "recorded_at": one.recorded_at.isoformat(),
        "source": one.source_name,
        "citation": one.citation,
        "illustrative": one.illustrative,
    }


def _exact(field: ItemField, value: Any) -> Any:
    """Numbers with decimals as texts, `"412.383"`, so that no reader rounds them; a percent in
    percent points."""
    if isinstance(value, int) and not isinstance(value, bool):
        if field.kind is Kind.PERCENT:
            return decimal_text(Fraction(value * 100, PERCENT_SCALE))
        if field.decimals:
            return decimal_text(Fraction(value, 10**field.decimals))
    return value
