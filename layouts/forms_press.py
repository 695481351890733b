"""The press: what was answered in time, how much each unit has to answer, who speaks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.register import Phase, Register
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.answers import UnitRef
from ioc.queries.desk import Desk
from ioc.queries.register_answers import ItemRow
from ioc.queries.register_sheet import Sheet
from layouts import cards, item_parts, item_sums, states
from layouts.register_forms import Form

UNITS = 40


@dataclass(frozen=True, slots=True)
class UnitLoad:
    """What one unit was asked: `judged` requests were answered or are past their due day,
    `in_time` of them were answered by it; `open` are not answered; `speaker` names its voice."""

    unit: UnitRef | None
    asked: int
    judged: int
    in_time: int
    open: int
    speaker: str | None


def load(desk: Desk, view: View, scope: Scope, register: Register) -> Sheet:
    """The requests and spokespersons that the address chooses."""
    from ioc.queries.register_sheet import sheet

    return sheet(desk, view, scope, register)


def requests(answer: Sheet) -> list[ItemRow]:
    """The units' own requests that were not refused."""
    return [
        row
        for row in answer.kept
        if row.values.get("class") == "request" and row.phase is not Phase.DROPPED
    ]


def in_time(rows: Sequence[ItemRow]) -> tuple[int, int]:
    """How many requests were answered by their due day, of those answered or past it."""
    judged = [
        row for row in rows if row.slip is not None and (row.phase is Phase.DONE or row.slip > 0)
    ]
    return sum(row.phase is Phase.DONE and (row.slip or 0) <= 0 for row in judged), len(judged)


def unit_loads(answer: Sheet) -> list[UnitLoad]:
    """Per unit, most asked first; units that only have a spokesperson are listed, too."""
    by: dict[str, list[ItemRow]] = defaultdict(list)
    refs: dict[str, UnitRef | None] = {}
    speakers: dict[str, str] = {}
    for row in answer.kept:
        key = row.unit.key if row.unit else ""
        if row.values.get("class") == "spokesperson" and row.state.code == "named":
            refs[key] = row.unit
            speakers[key] = row.person or row.title
    for row in requests(answer):
        key = row.unit.key if row.unit else ""
        refs[key] = row.unit
        by[key].append(row)
    found = []
    for key, unit in refs.items():
        rows = by[key]
        answered, judged = in_time(rows)
        opened = sum(row.phase is Phase.OPEN for row in rows)
        found.append(UnitLoad(unit, len(rows), judged, answered, opened, speakers.get(key)))
    return sorted(found, key=lambda one: (-one.asked, one.unit.name if one.unit else ""))


def tiles(answer: Sheet, lang: str) -> list[html.Div]:
    """In time, open, requests a unit, spokespersons."""
    rows, loads = requests(answer), unit_loads(answer)
    asked = [one for one in loads if one.asked]
    named = sum(one.speaker is not None for one in asked)
    opened = [row for row in rows if row.phase is Phase.OPEN]
    late = sum((row.slip or 0) > 0 for row in opened)
    return [
        item_sums.count_tile(say(lang, "register_forms.answered_share"), *in_time(rows), lang),
        item_sums.tile(
            say(lang, "register_forms.waiting"),
            number(len(opened), lang),
            [say(lang, "register_forms.of_them_late", count=number(late, lang))],
        ),
        item_sums.tile(
            say(lang, "register_forms.asked"),
            number(len(rows), lang),
            [say(lang, "register_forms.asked_units", count=number(len(asked), lang))],
        ),
        item_sums.count_tile(
            say(lang, "register_forms.speakers"),
            named,
            len(asked),
            lang,
            say(lang, "register_forms.speakers_hint"),
        ),
    ]


def render(answer: Sheet, view: View) -> Component:
    """Four figures, a row a unit, what was published."""
    lang, register = view.lang, answer.register
    answered, judged = in_time(requests(answer))
    said = say(
        lang,
        "register_forms.press_said",
        asked=number(len(requests(answer)), lang),
        answered=number(answered, lang),
        judged=number(judged, lang),
    )
    columns = [register.field(one) for one in ("items", "units", "agencies")]
    return item_sums.frame(
        answer,
        view,
        said,
        [
            html.Div(tiles(answer, lang), className="sum-tiles"),
            _units(answer, view),
            item_sums.published(answer, view, columns),
        ],
    )


def _units(answer: Sheet, view: View) -> html.Section:
    lang = view.lang
    title = say(lang, "register_forms.press_units")
    found = unit_loads(answer)[:UNITS]
    if not found:
        hint = say(lang, "register_forms.press_none_hint")
        return cards.panel(title, states.blank(say(lang, "register_forms.press_none"), hint))
    names = ("unit", "asked", "answered", "waiting", "speaker")
    heads = [say(lang, f"register_forms.col_{one}") for one in names]
    rows = [
        [
            _unit(one.unit, answer, view),
            number(one.asked, lang),
            item_parts.share_words(one.in_time, one.judged, lang),
            number(one.open, lang),
            one.speaker or say(lang, "register_forms.no_speaker"),
        ]
        for one in found
    ]
    return cards.panel(
        title,
        item_parts.table(heads, rows, title),
        say(lang, "register_forms.press_units_line"),
        item_parts.marked(answer.kept, lang),
    )


def _unit(unit: UnitRef | None, answer: Sheet, view: View) -> dcc.Link | str:
    if unit is None:
        return say(view.lang, "register_forms.no_unit")
    href = item_parts.register_address(view, answer.register.key, unit=unit.key)
    return dcc.Link(unit.name, href=href)


FORM = Form(
    name="answers",
    words="register_forms.form_answers",
    load=load,
    render=render,
    fits=lambda register: register.key == "press",
    order=4,
)
