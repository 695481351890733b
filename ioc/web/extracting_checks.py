"""The parts of answers about the data themselves: quality, differences, revisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Figure
from ioc.domain.messages import explain, say
from ioc.domain.period import Period
from ioc.domain.places import place_words
from ioc.domain.times import period_words
from ioc.domain.view import View
from ioc.domain.words import empty_words
from ioc.exports.extract import Column, Kind, Shape
from ioc.exports.table import Value
from ioc.queries.answers import UnitRef
from ioc.queries.difference_answers import Differences, ItemRow, PairRow, SumRow
from ioc.queries.quality_answers import (
    FailingRow,
    HeldLine,
    ItemLine,
    Quality,
    RefusedRow,
    RunLine,
    SilentRow,
    SlotRow,
    StaleRow,
)
from ioc.queries.revision_answers import Revisions
from ioc.web.extracting_items import mark
from ioc.web.extracting_parts import Part
from ioc.web.grid import Grid, Row, measured, named, whole
from ioc.web.quality_table import matrix_rows
from ioc.web.rows import Stated, revision_rows, shown

FIGURE = ("unit_key", "unit", "indicator_code", "indicator", "period", "part")


def check_parts(answer: object, view: View) -> Iterator[Part]:
    """The tables of an answer about the data themselves; none of another one."""
    if isinstance(answer, Quality):
        yield from _quality(answer, view)
    elif isinstance(answer, Differences):
        yield from _differences(answer, view)
    elif isinstance(answer, Revisions):
        grid = revision_rows(answer.rows, view.lang)
        title = say(view.lang, "revisions.title")
        yield Part("rows", title, grid, figures=answer.rows)


def _quality(answer: Quality, view: View) -> Iterator[Part]:
    lang = view.lang
    made_up = any(one.illustrative for one in answer.rows)
    title = say(lang, "sheets.quality")
    yield Part("rows", title, matrix_rows(answer.rows, lang), Shape.MATRIX, made_up=made_up,
               names=("matrix",))  # fmt: skip
    for section in answer.sections:
        if section.rows and section.browse:
            title = say(lang, f"quality.fail_{section.check.value}")
            grid, stated = _failing(section.rows, view)
            yield Part(f"failing.{section.check.value}", title, grid, figures=stated)


def _failing(rows: tuple[FailingRow, ...], view: View) -> tuple[Grid, tuple[Stated, ...]]:
    """The rows of one kind of check; they are all of one kind."""
    lang = view.lang
    pairs = tuple(one for one in rows if isinstance(one, PairRow))
    if pairs:
        return _pairs(pairs, lang)
    sums = tuple(one for one in rows if isinstance(one, SumRow))
    if sums:
        return _sums(sums, lang)
    items = tuple(one for one in rows if isinstance(one, ItemRow))
    if items:
        return _items(items, lang), ()
    kind = type(rows[0])
    columns, made = _LISTED[kind], tuple(_listed(one, lang) for one in rows)
    found = tuple(Column(key, say(lang, f"quality.col_{key}"), kind) for key, kind in columns)
    return Grid(found, made), ()


_LISTED: dict[type, tuple[tuple[str, Kind], ...]] = {
    RefusedRow: (("from", Kind.TEXT), ("run", Kind.WHOLE), ("place", Kind.TEXT),
                 ("reason", Kind.TEXT), ("record", Kind.TEXT)),
    SlotRow: (("from", Kind.TEXT), ("due", Kind.MOMENT), ("state", Kind.TEXT),
              ("arrived", Kind.MOMENT), ("reason", Kind.TEXT)),
    StaleRow: (("from", Kind.TEXT), ("indicator", Kind.TEXT), ("good", Kind.MOMENT),
               ("limit", Kind.WHOLE), ("count", Kind.WHOLE)),
    SilentRow: (("unit", Kind.TEXT), ("indicator", Kind.TEXT), ("period", Kind.TEXT),
                ("last", Kind.TEXT)),
    HeldLine: (("from", Kind.TEXT), ("unit", Kind.TEXT), ("indicator", Kind.TEXT),
               ("count", Kind.WHOLE)),
    RunLine: (("from", Kind.TEXT), ("run", Kind.WHOLE), ("read", Kind.WHOLE),
              ("absent", Kind.WHOLE)),
    ItemLine: (("register", Kind.TEXT), ("item", Kind.TEXT), ("what", Kind.TEXT),
               ("unit", Kind.TEXT), ("missing", Kind.TEXT)),
}  # fmt: skip


def _listed(one: FailingRow, lang: str) -> Row:
    if isinstance(one, RefusedRow):
        reason = explain(lang, one.code, dict(one.params))
        return (one.title, one.run, place_words(one.place, lang), reason, one.record)
    if isinstance(one, SlotRow):
        state = say(lang, f"quality.slot_{one.state}")
        return (one.title, one.due, state, one.arrived, explain(lang, one.code) if one.code else "")
    if isinstance(one, StaleRow):
        return (one.title, _indicator(one.indicator, lang), one.last_good, one.hours, one.figures)
    if isinstance(one, SilentRow):
        last = period_words(one.last, lang) if one.last else None
        when = period_words(one.period, lang)
        return (one.unit.name, _indicator(one.indicator, lang), when, last)
    if isinstance(one, HeldLine):
        return (one.title, one.unit.name, _indicator(one.indicator, lang), one.figures)
    if isinstance(one, RunLine):
        return (one.title, one.run, one.read, one.absent)
    assert isinstance(one, ItemLine)
    unit = one.unit.name if one.unit else None
    return (one.name, one.key, one.title, unit, ", ".join(one.fields) or None)


def _indicator(of: Indicator, lang: str) -> str:
    return f"{of.code} {of.name.say(lang)}"


def _differences(answer: Differences, view: View) -> Iterator[Part]:
    lang = view.lang
    title = say(lang, f"quality.form_{answer.form}")
    if answer.pairs:
        grid, stated = _pairs(answer.pairs, lang)
        yield Part("pairs", title, grid, figures=stated, names=("rows",))
    if answer.sums:
        grid, stated = _sums(answer.sums, lang)
        yield Part("sums", title, grid, figures=stated, names=("rows",))
    if answer.items:
        made_up = any(one.illustrative for one in answer.items)
        yield Part("items", title, _items(answer.items, lang), made_up=made_up, names=("rows",))
    columns = (Column("what", say(lang, "sheets.item_what")),
               Column("count", say(lang, "quality.col_count"), Kind.WHOLE))  # fmt: skip
    rows = tuple((say(lang, f"quality.form_{key}"), count) for key, count in answer.counts)
    yield Part("counts", say(lang, "sheets.differences"), Grid(columns, rows))


def key_values(unit: UnitRef, of: Indicator, period: Period, part: str, lang: str) -> Row:
    """What a figure is of, under the columns `FIGURE`."""
    words = of.breakdown_words(part) if part else None
    return (unit.key, unit.name, of.code, of.name.say(lang), period_words(period, lang),
            words.say(lang) if words else part or None)  # fmt: skip


def figure_values(of: Indicator, figure: Figure, lang: str) -> Row:
    """A figure under the columns `FIGURES`."""
    empty = empty_words(figure.empty, lang) if figure.value is None and figure.empty else None
    return (shown(of, figure.value), of.unit_of_measure.say(lang), whole(figure.numerator),
            whole(figure.denominator), empty)  # fmt: skip


FIGURES = ("value", "measure", "numerator", "denominator", "empty")


def _pairs(rows: Iterable[PairRow], lang: str) -> tuple[Grid, tuple[Stated, ...]]:
    """A row for what each source says, the one that stands first."""
    columns = (
        *named((*FIGURE, "source"), lang),
        Column("rank", say(lang, "sheets.source_rank"), Kind.WHOLE),
        *named(FIGURES, lang),
        Column("at", say(lang, "record.col_recorded"), Kind.MOMENT),
        Column("stands", say(lang, "quality.col_stands")),
        Column("apart", say(lang, "quality.col_apart"), Kind.DECIMAL),
        *named(("illustrative",), lang),
    )
    made: list[Row] = []
    stated: list[Stated] = []
    of: list[Indicator] = []
    for one in rows:
        head = key_values(one.unit, one.indicator, one.period, one.part, lang)
        for told in one.told:
            stands = say(lang, "register.yes" if told.stands else "register.no")
            apart = shown(one.indicator, one.apart) if told.stands else None
            said = figure_values(one.indicator, told.figure, lang)
            made.append((*head, told.source, told.rank, *said, told.at, stands, apart,
                         mark(told.figure.illustrative, lang)))  # fmt: skip
            of.append(one.indicator)
            if told.stands:
                stated.append(Stated(one.unit, one.indicator, one.period, one.part, told.figure))
    return measured(columns, made, of, lang), tuple(stated)


def _sums(rows: Iterable[SumRow], lang: str) -> tuple[Grid, tuple[Stated, ...]]:
    kept = tuple(rows)
    columns = (
        *named((*FIGURE, "source"), lang),
        Column("whole", say(lang, "quality.col_whole"), Kind.DECIMAL),
        Column("summed", say(lang, "quality.col_summed"), Kind.DECIMAL),
        *named(("measure",), lang),
        *(Column(f"{key}_{end}", say(lang, f"sheets.{key}_{end}"), Kind.WHOLE)
          for end in ("numerator", "denominator") for key in ("whole", "summed")),
        Column("left", say(lang, "sheets.left"), Kind.WHOLE),
        Column("left_below", say(lang, "sheets.left_below"), Kind.WHOLE),
        Column("behind", say(lang, "quality.col_behind")),
        *named(("illustrative",), lang),
    )  # fmt: skip
    made = tuple(
        (
            *key_values(one.unit, one.indicator, one.period, one.part, lang),
            one.source,
            shown(one.indicator, one.whole.value),
            shown(one.indicator, one.summed.value),
            one.indicator.unit_of_measure.say(lang),
            whole(one.whole.numerator),
            whole(one.summed.numerator),
            whole(one.whole.denominator),
            whole(one.summed.denominator),
            whole(one.left[0]),
            whole(one.left[1]),
            say(lang, "sheets.coverage", reported=one.reported, expected=one.expected),
            mark(one.whole.illustrative or one.summed.illustrative, lang),
        )
        for one in kept
    )
    stated = tuple(Stated(one.unit, one.indicator, one.period, one.part, one.whole) for one in kept)
    return measured(columns, made, [one.indicator for one in kept], lang), stated


def _items(rows: Iterable[ItemRow], lang: str) -> Grid:
    columns = (
        *(Column(key, say(lang, f"sheets.item_{key}")) for key in ("register", "key", "title",
                                                                   "unit")),
        Column("field", say(lang, "sheets.item_field")),
        Column("total", say(lang, "quality.col_total"), Kind.DECIMAL),
        Column("parts", say(lang, "quality.col_parts"), Kind.DECIMAL),
        Column("apart", say(lang, "quality.col_apart"), Kind.DECIMAL),
        *named(("illustrative",), lang),
    )  # fmt: skip
    kept = tuple(rows)
    made = tuple(_item(one, lang) for one in kept)
    return Grid(columns, made, tuple(one.decimals for one in kept))


def _item(one: ItemRow, lang: str) -> Row:
    def scaled(value: int) -> Value:
        return Fraction(value, 10**one.decimals)

    label = one.register.field(one.field).label.say(lang)
    return (
        one.register.name.say(lang), one.key, one.title, one.unit.name if one.unit else None,
        label, scaled(one.total), scaled(one.total - one.left), scaled(one.left),
        mark(one.illustrative, lang),
    )  # fmt: skip
