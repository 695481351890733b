"""The parts of answers about registers: items, totals, and how much each unit has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ioc.domain.item_words import due_words, facet_words
from ioc.domain.messages import say
from ioc.domain.register import Register
from ioc.domain.view import View
from ioc.domain.words import number
from ioc.exports.extract import Column, Kind, Shape
from ioc.queries.ask import asking
from ioc.queries.register_answers import ItemDetail, ItemRow, RegisterHome, RegisterList
from ioc.queries.register_board import Board
from ioc.queries.register_counts import Load
from ioc.queries.register_counts import Part as FacetPart
from ioc.queries.register_list import following
from ioc.queries.register_list_choice import asked, register_of
from ioc.queries.register_map import Places
from ioc.queries.register_people import People
from ioc.queries.register_scene import RegisterWall
from ioc.queries.register_sheet import Sheet
from ioc.queries.register_time import Timeline
from ioc.queries.register_tree import Tree
from ioc.web.extracting_items import (
    cards_grid,
    facet_grid,
    items_grid,
    loads_grid,
    mark,
    totals_grid,
)
from ioc.web.extracting_parts import Part, cells_part
from ioc.web.grid import Grid, Row

if TYPE_CHECKING:
    from ioc.domain.scope import Scope
    from ioc.queries.desk import Desk

MOST_ITEMS = 5000
"""Items of one table; a list of more says so, and the register's own CSV has them all."""


def register_parts(answer: object, view: View) -> Iterator[Part]:
    """The tables of an answer about registers; none of another one."""
    registers = _registers(answer)
    for part in _parts(answer, view):
        yield replace(part, registers=registers)


def _registers(answer: object) -> tuple[int, ...]:
    """The registers that were counted; an item is of its own sources alone."""
    if isinstance(answer, RegisterHome):
        return tuple(one.register.id for one in answer.cards)
    of = getattr(answer, "register", None)
    return () if isinstance(answer, ItemDetail) or of is None else (of.id,)


def _parts(answer: object, view: View) -> Iterator[Part]:
    if isinstance(answer, RegisterHome):
        grid = cards_grid(answer.cards, view.lang)
        made_up = any(one.illustrative for one in answer.cards)
        yield Part("registers", say(view.lang, "sheets.registers"), grid, made_up=made_up)
    elif isinstance(answer, RegisterList):
        yield _totals(answer, view)
        yield items_part(answer.register, answer.rows, view)
    elif isinstance(answer, ItemDetail):
        yield from _item(answer, view)
    elif isinstance(answer, (RegisterWall, Sheet, Places, Timeline)):
        yield from _counted(answer, view)
    elif isinstance(answer, Board):
        yield from _board(answer, view)
    elif isinstance(answer, People):
        yield from _people(answer, view)
    elif isinstance(answer, Tree):
        yield from _tree(answer, view)


def all_items(desk: Desk, view: View, scope: Scope) -> tuple[ItemRow, ...]:
    """The items that pass the filters of the address, up to one more than MOST_ITEMS."""
    found: list[ItemRow] = []
    with asking(desk, view.but(sheet=1), scope) as ask:
        register = register_of(desk, view)
        for rows in following(ask, register, asked(ask, register).choice):
            found += rows
            if len(found) > MOST_ITEMS:
                break
    return tuple(found[: MOST_ITEMS + 1])


def items_part(
    register: Register, rows: tuple[ItemRow, ...], view: View, name: str = "items", title: str = ""
) -> Part:
    """Items as a table; what is beyond MOST_ITEMS is said and not shown."""
    lang, kept = view.lang, rows[:MOST_ITEMS]
    cut = say(lang, "sheets.items_cut", count=number(MOST_ITEMS, lang))
    return Part(
        name,
        title or register.name.say(lang),
        items_grid(register, kept, lang),
        made_up=any(one.illustrative for one in kept),
        names=("rows",) if name == "items" else (),
        items=kept,
        caveats=(cut,) if len(rows) > MOST_ITEMS else (),
    )


def _totals(answer: RegisterList, view: View) -> Part:
    title = say(view.lang, "sheets.totals", register=answer.register.name.say(view.lang))
    made_up = answer.stamp.illustrative
    return Part("totals", title, totals_grid(answer.totals, view.lang), made_up=made_up)


def _item(answer: ItemDetail, view: View) -> Iterator[Part]:
    lang, register = view.lang, answer.register
    yield items_part(register, (answer.row,), view, "item", answer.row.title)
    if answer.children:
        # Parts of an item are of its own register, or of the one that points to it.
        own = tuple(one for one in answer.children if one.register == register.key)
        if own:
            yield items_part(register, own, view, "children", say(lang, "sheets.item_children"))
    for other, rows, _ in answer.mentions:
        title = say(lang, "sheets.item_mentions", register=other.name.say(lang))
        yield items_part(other, rows, view, f"mentions.{other.key}", title)
    if answer.linked:
        yield cells_part("linked", say(lang, "sheets.item_linked"), answer.linked, view)
    if answer.versions:
        yield _versions(answer, lang)


def _versions(answer: ItemDetail, lang: str) -> Part:
    columns = (
        Column("valid_from", say(lang, "register.file_valid_from"), Kind.DATE),
        Column("recorded", say(lang, "register.file_recorded"), Kind.MOMENT),
        Column("source", say(lang, "register.file_source")),
        Column("by", say(lang, "sheets.item_by")),
        Column("field", say(lang, "sheets.item_field")),
        Column("before", say(lang, "sheets.item_before")),
        Column("after", say(lang, "sheets.item_after")),
        Column("citation", say(lang, "register.file_citation")),
    )
    rows: list[Row] = []
    for one in answer.versions:
        by = one.act.by if one.act else None
        head = (one.valid_from, one.recorded_at, one.source or None, by)
        changes: list[Row] = [(each.words, each.before, each.after) for each in one.changes or ()]
        rows += [(*head, *each, one.citation) for each in changes or [(None, None, None)]]
    title = say(lang, "sheets.item_versions")
    return Part("versions", title, Grid(columns, tuple(rows)), made_up=answer.row.illustrative)


def _counted(answer: RegisterWall | Sheet | Places | Timeline, view: View) -> Iterator[Part]:
    lang, register = view.lang, answer.register
    units = () if isinstance(answer, Timeline) else answer.units
    yield _loads((answer.total, *units), register, answer.stamp.illustrative, view)
    if isinstance(answer, Places):
        if answer.clusters:
            yield _clusters(answer, lang)
        else:
            yield items_part(register, answer.points, view, "register-map")
        if answer.classes:
            yield _facet("classes", "class", answer.classes, register, view)
        if answer.incomplete:
            title = say(lang, "sheets.item_incomplete")
            yield items_part(register, answer.incomplete, view, "incomplete", title)
        return
    name = "timeline" if isinstance(answer, Timeline) else "items"
    items = items_part(register, answer.rows, view, name)
    if isinstance(answer, Sheet) and not answer.whole:
        cut = say(lang, "sheets.items_cut", count=number(len(answer.rows), lang))
        items = replace(items, caveats=(cut,))
    yield items
    if isinstance(answer, Timeline):
        if answer.done:
            title = say(lang, "sheets.item_done")
            yield items_part(register, answer.done, view, "done", title)
        yield _weeks(answer, lang)
    if isinstance(answer, RegisterWall):
        for name, found in answer.parts.items():
            yield _facet(f"parts.{name}", name, found, register, view)


def _loads(loads: Iterable[Load], register: Register, made_up: bool, view: View) -> Part:
    kept, lang = tuple(loads), view.lang
    title = say(lang, "sheets.units", register=register.name.say(lang))
    return Part("units", title, loads_grid(kept, register, lang), Shape.BARS, made_up=made_up)


def _facet(
    name: str, field: str, found: tuple[FacetPart, ...], register: Register, view: View
) -> Part:
    lang = view.lang
    if field == "state":
        label = say(lang, "register.col_state")
        words = {one.code: one.name.say(lang) for one in register.states}
    else:
        of = register.field(field)
        label = of.label.say(lang)
        words = {one.value: facet_words(of, one.value, lang) for one in found}
    title = say(lang, "sheets.facet", register=register.name.say(lang), facet=label)
    return Part(name, title, facet_grid(found, register, words, label, lang), Shape.BARS)


def _clusters(answer: Places, lang: str) -> Part:
    keys = (("cell", Kind.TEXT), ("items", Kind.WHOLE))
    columns = tuple(Column(key, say(lang, f"sheets.item_{key}"), kind) for key, kind in keys)
    rows = tuple((one.cell, one.items) for one in answer.clusters)
    made_up = answer.stamp.illustrative
    return Part("clusters", say(lang, "sheets.clusters"), Grid(columns, rows), made_up=made_up,
                names=("register-map",))  # fmt: skip


def _weeks(answer: Timeline, lang: str) -> Part:
    counts = ("overdue", "open", "done")
    columns = (Column("first", say(lang, "sheets.week"), Kind.DATE), *_counts(counts, lang))
    rows = tuple((one.first, one.overdue, one.open, one.done) for one in answer.weeks)
    made_up = answer.stamp.illustrative
    return Part("weeks", say(lang, "sheets.weeks"), Grid(columns, rows), made_up=made_up)


def _counts(keys: Iterable[str], lang: str) -> Iterator[Column]:
    return (Column(one, say(lang, f"sheets.item_{one}"), Kind.WHOLE) for one in keys)


def _board(answer: Board, view: View) -> Iterator[Part]:
    lang = view.lang
    columns = (Column("state", say(lang, "register.col_state")),
               Column("items", say(lang, "sheets.item_amount"), Kind.WHOLE))  # fmt: skip
    rows = tuple((one.state.name.say(lang), one.count) for one in answer.columns)
    made_up = answer.stamp.illustrative
    yield Part("board", say(lang, "sheets.board"), Grid(columns, rows), Shape.BARS,
               made_up=made_up)  # fmt: skip


def _people(answer: People, view: View) -> Iterator[Part]:
    lang = view.lang
    counts = ("open", "overdue", "done", "dated", "in_time")
    columns = (Column("person", say(lang, "sheets.item_person")), *_counts(counts, lang))
    rows = tuple(
        (one.name, one.open, one.overdue, one.done, one.dated, one.in_time) for one in answer.people
    )
    made_up = answer.stamp.illustrative
    yield Part("people", say(lang, "sheets.people"), Grid(columns, rows), made_up=made_up)
    yield _loads((answer.own, *answer.units), answer.register, made_up, view)


def _tree(answer: Tree, view: View) -> Iterator[Part]:
    lang = view.lang
    names = ("depth", "key", "title", "unit", "state", "due", "days", "open", "done",
             "indicators", "illustrative")  # fmt: skip
    whole = {"depth", "days", "open", "done"}
    columns = tuple(
        Column(one, say(lang, f"sheets.item_{one}"), Kind.WHOLE if one in whole else Kind.TEXT)
        for one in names
    )
    rows = tuple(
        (
            one.depth, one.row.key, one.row.title, one.row.unit.name if one.row.unit else None,
            one.row.state.name.say(lang), due_words(one.row.due, lang) if one.row.due else None,
            one.days,
            sum(each.open for each in one.hanging), sum(each.done for each in one.hanging),
            ", ".join(one.indicators) or None, mark(one.row.illustrative, lang),
        )
        for one in answer.branches
    )  # fmt: skip
    made_up = any(one.row.illustrative for one in answer.branches)
    yield Part("tree", answer.register.name.say(lang), Grid(columns, rows), made_up=made_up)
