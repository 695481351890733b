"""Tables of registers: items with typed fields, and how many there are of what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from ioc.domain.item_words import PERCENT_SCALE, due_words, value_words
from ioc.domain.messages import say
from ioc.domain.register import ItemField, Phase, Register, filled
from ioc.domain.register import Kind as FieldKind
from ioc.exports.extract import Column, Kind
from ioc.exports.table import Value
from ioc.queries.answers import LateItem, RegisterStand
from ioc.queries.register_answers import ItemRow, RegisterCard, Totals
from ioc.queries.register_counts import Load, Part
from ioc.web.grid import Grid, Row

_OWN = ("title", "due", "done", "place")
"""What every item has, whatever its register calls it."""
POINT_PLACES = 7
COUNTS = ("all", "open", "done", "overdue", "unknown", "incomplete")
_KINDS = {
    FieldKind.COUNT: Kind.WHOLE,
    FieldKind.AMOUNT: Kind.DECIMAL,
    FieldKind.PERCENT: Kind.DECIMAL,
    FieldKind.DATE: Kind.DATE,
}


def items_grid(register: Register, rows: Iterable[ItemRow], lang: str) -> Grid:
    """Items of one register, a column for each of its fields."""
    made = tuple(item_values(register, one, lang) for one in rows)
    return Grid(item_columns(register, lang), made)


def item_columns(register: Register, lang: str) -> tuple[Column, ...]:
    """The columns of a register's items: what every item has, then the fields."""

    def own(key: str, kind: Kind = Kind.TEXT, places: int | None = None) -> Column:
        return Column(key, say(lang, f"register.file_{key}"), kind, places=places)

    title = register.field(register.title).label.say(lang)
    found = [own("key"), Column("title", title)]
    found += [Column(one, say(lang, f"register.col_{one}")) for one in ("unit", "state")]
    if register.due is not None:
        found += [Column("due", say(lang, "register.col_due")), own("due_code")]
        found += [own(one, Kind.WHOLE) for one in ("slip", "late")]
    found.append(own("done", Kind.DATE))
    found += [_column(one, lang) for one in _fields(register)]
    found += [Column(f"check.{one.code}", one.name.say(lang)) for one in register.checklists]
    found.append(own("missing"))
    found += [own(one, Kind.DECIMAL, POINT_PLACES) for one in ("lon", "lat")]
    found += [own(one) for one in ("source", "citation")]
    found += [own("valid_from", Kind.DATE), own("recorded", Kind.MOMENT), own("illustrative")]
    return tuple(found)


def _fields(register: Register) -> list[ItemField]:
    own = {getattr(register, role) for role in _OWN}
    return [one for one in register.fields if one.name not in own]


def _column(field: ItemField, lang: str) -> Column:
    unit = field.unit_of_measure.say(lang) if field.unit_of_measure else ""
    kind = _KINDS.get(field.kind, Kind.TEXT)
    if kind is Kind.WHOLE and field.decimals:
        kind = Kind.DECIMAL
    places = field.decimals if kind is Kind.DECIMAL else None
    if field.kind is FieldKind.PERCENT:
        unit, places = "%", 3
    return Column(f"field.{field.name}", field.label.say(lang), kind, unit, places)


def item_values(register: Register, one: ItemRow, lang: str) -> Row:
    """One item's row: numbers stay numbers, days days, what is not known stays empty."""
    own: list[Value] = [one.key, one.title, one.unit.name if one.unit else None]
    own.append(one.state.name.say(lang))
    if register.due is not None:
        own.append(due_words(one.due, lang) if one.due else None)
        own += [one.due.code if one.due else None, one.slip, one.late if one.due else None]
    own.append(one.done)
    fields = [_value(field, one.values.get(field.name), one, lang) for field in _fields(register)]
    made = {check.checklist.code: check for check in one.checks}
    checks = [
        say(lang, "register.file_score", have=made[listed.code].have, of=made[listed.code].of)
        if listed.code in made
        else None
        for listed in register.checklists
    ]
    missing = ", ".join(field.label.say(lang) for field in one.missing)
    point = [None if at is None else _degrees(at) for at in (one.lon, one.lat)]
    mark = say(lang, "register.yes" if one.illustrative else "register.no")
    return (*own, *fields, *checks, missing or None, *point, one.source, one.citation,
            one.valid_from, one.recorded_at, mark)  # fmt: skip


def _degrees(at: float) -> Fraction:
    return Fraction(round(at * 10**POINT_PLACES), 10**POINT_PLACES)


def _value(field: ItemField, value: object, one: ItemRow, lang: str) -> Value:
    if not filled(value):
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        if field.kind is FieldKind.PERCENT:
            return Fraction(value, PERCENT_SCALE // 100)
        return Fraction(value, 10**field.decimals) if field.decimals else value
    if field.kind is FieldKind.DATE:
        return date.fromisoformat(str(value))
    return value_words(field, value, lang, one.names)


def late_grid(items: Sequence[LateItem], lang: str) -> Grid:
    """The longest overdue items of several registers."""
    columns = _named(("register", "key", "title", "unit_key", "unit", "person", "slip", "late",
                      "illustrative"), lang)  # fmt: skip
    rows = tuple(
        (
            one.register.name.say(lang), one.key, one.title,
            one.unit.key if one.unit else None, one.unit.name if one.unit else None,
            one.person, one.slip, one.late, mark(one.illustrative, lang),
        )
        for one in items
    )  # fmt: skip
    return Grid(_counts(columns, ("slip", "late")), rows)


def stands_grid(stands: Iterable[RegisterStand], lang: str) -> Grid:
    """How registers stand under a unit."""
    rows = tuple(
        (
            one.register.name.say(lang),
            one.all,
            one.open,
            one.done,
            one.overdue,
            one.unknown,
            one.incomplete,
        )
        for one in stands
    )
    return Grid(_counts(_named(("register", *COUNTS), lang), COUNTS), rows)


def cards_grid(cards: Iterable[RegisterCard], lang: str) -> Grid:
    """All registers with their totals."""
    counts = ("all", "open", "done", "dropped", "overdue", "soon", "unknown", "incomplete")
    columns = _counts(_named(("register", *counts, "illustrative"), lang), counts)
    rows = tuple(
        (one.register.name.say(lang), *_phases(one.totals), mark(one.illustrative, lang))
        for one in cards
    )
    return Grid(columns, rows)


def _phases(totals: Totals) -> Row:
    open_, done, dropped, unknown = (totals.phases.get(one, 0) for one in Phase)
    rest = (totals.overdue, totals.soon, unknown, totals.incomplete)
    return (open_ + done + unknown, open_, done, dropped, *rest)


def totals_grid(totals: Totals, lang: str) -> Grid:
    """How many items of a register stand in which state, and its sums."""
    columns = (Column("what", say(lang, "sheets.item_what")),
               Column("items", say(lang, "sheets.item_amount"), Kind.DECIMAL),
               Column("measure", say(lang, "export.column_measure")))  # fmt: skip
    unit = say(lang, "sheets.item_count")
    rows: list[Row] = [(state.name.say(lang), count, unit) for state, count in totals.states]
    for key, count in (("overdue", totals.overdue), ("soon", totals.soon),
                       ("incomplete", totals.incomplete)):  # fmt: skip
        rows.append((say(lang, f"sheets.item_{key}"), count, unit))
    for one in totals.sums:
        said = one.field.unit_of_measure.say(lang) if one.field.unit_of_measure else ""
        rows.append((one.field.label.say(lang), one.value, said))
    places = (0,) * (len(rows) - len(totals.sums)) + tuple(o.field.decimals for o in totals.sums)
    return Grid(columns, tuple(rows), places)


def loads_grid(loads: Iterable[Load], register: Register, lang: str) -> Grid:
    """How many items each unit has, and their sums."""
    counts = ("all", "open", "done", "dropped", "overdue", "soon", "unknown", "incomplete")
    columns = _counts(_named(("unit_key", "unit", *counts), lang), counts)
    fields = summed(register)
    rows = tuple(
        (
            one.unit.key, one.unit.name, one.all, one.open, one.done, one.dropped, one.overdue,
            one.soon, one.unknown, one.incomplete, *_sums(one.sums, fields),
        )
        for one in loads
    )  # fmt: skip
    return Grid((*columns, *(_column(one, lang) for one in fields)), rows)


def facet_grid(parts: Iterable[Part], register: Register, words: Mapping[str, str],
               label: str, lang: str) -> Grid:  # fmt: skip
    """How many items have each value of a facet; `words` names the values."""
    columns = _counts((Column("value", label), *_named(("all", "open", "done"), lang)),
                      ("all", "open", "done"))  # fmt: skip
    fields = summed(register)
    rows = tuple(
        (words.get(one.value, one.value), one.all, one.open, one.done, *_sums(one.sums, fields))
        for one in parts
    )
    return Grid((*columns, *(_column(one, lang) for one in fields)), rows)


def summed(register: Register) -> tuple[ItemField, ...]:
    """The fields that tallies add up, in order."""
    return register.sums


def _sums(sums: Sequence[int], fields: Sequence[ItemField]) -> Row:
    if not sums:
        return (None,) * len(fields)
    return tuple(
        Fraction(value, 10**field.decimals) if field.decimals else value
        for value, field in zip(sums, fields, strict=False)
    )


def mark(made_up: bool, lang: str) -> str | None:
    """The mark of a row that is not real."""
    return say(lang, "words.illustrative") if made_up else None


def _named(keys: Iterable[str], lang: str) -> tuple[Column, ...]:
    return tuple(Column(key, say(lang, f"sheets.item_{key}")) for key in keys)


def _counts(columns: Iterable[Column], keys: Iterable[str]) -> tuple[Column, ...]:
    chosen = frozenset(keys)
    return tuple(replace(one, kind=Kind.WHOLE) if one.key in chosen else one for one in columns)
