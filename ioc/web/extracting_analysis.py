"""The parts of answers that analyse figures: comparison, change, peers, pace, the 766 index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from ioc.domain.decompose import NOTHING
from ioc.domain.index766_score import Scored
from ioc.domain.messages import say
from ioc.domain.peers import KINDS, NUMBERS
from ioc.domain.peers_words import kind_words
from ioc.domain.times import period_words
from ioc.domain.view import View
from ioc.exports.extract import Column, Kind, Shape
from ioc.exports.table import Value
from ioc.queries.answers import Cell, UnitPace
from ioc.queries.compare_answers import Compare, Form
from ioc.queries.index766_answers import Beside, Index766Page
from ioc.queries.pace import PaceBoard
from ioc.queries.peers_answers import Known, PeerRow, Peers
from ioc.queries.why_answers import Why
from ioc.web.compare_rows import compare_rows
from ioc.web.extracting_parts import Part, cells_part, trend_part
from ioc.web.extracting_registers import items_part
from ioc.web.grid import Grid, Row, counted, measured, named, whole
from ioc.web.rows import CELL, cell_values, pace_rows, points_grid, shown

SHAPES = {
    Form.SIDE: Shape.MATRIX,
    Form.MULTIPLES: Shape.SERIES,
    Form.INDEXED: Shape.SERIES,
    Form.SCATTER: Shape.SCATTER,
    Form.SLOPE: Shape.TABLE,
    Form.CORRIDOR: Shape.SERIES,
}
POINTS_PLACES = 2
SHARE = "ward_share"
"""The feature that is a share of one."""


def analysis_parts(answer: object, view: View) -> Iterator[Part]:
    """The tables of an answer that analyses figures; none of another one."""
    if isinstance(answer, Compare):
        yield _compare(answer, view)
    elif isinstance(answer, Why):
        yield from _why(answer, view)
    elif isinstance(answer, Peers):
        yield from _peers(answer, view)
    elif isinstance(answer, PaceBoard):
        paces: tuple[UnitPace, ...] = (answer.total, *answer.rows)
        grid = pace_rows(paces, view.lang)
        yield Part("paces", say(view.lang, "sheets.paces"), grid, figures=paces, names=("rows",))
    elif isinstance(answer, Index766Page):
        yield from _index(answer, view)


def _compare(answer: Compare, view: View) -> Part:
    lang, name = view.lang, answer.form.value
    figures = (*answer.body.cells, *answer.body.series)
    lines = [f"{answer.indicator.code} {answer.indicator.name.say(lang)}"]
    if answer.form is Form.SCATTER:
        lines.append(f"{answer.against.code} {answer.against.name.say(lang)}")
    title, line = say(lang, f"compare.form_{name}"), " · ".join(lines)
    grid = compare_rows(answer, name, lang)
    return Part(name, title, grid, SHAPES[answer.form], line, figures, names=("body",))


def _why(answer: Why, view: View) -> Iterator[Part]:
    lang = view.lang
    yield cells_part("cells", say(lang, "why.chart"), answer.cells, view)
    if answer.account is None or answer.parts is None:
        return
    of = answer.indicator
    keys = ("rate", "mix", "apart", "total")
    weights = answer.weights
    weighed = tuple(
        Column(f"weight_{one}", say(lang, f"why.col_weight_{one}"), Kind.DECIMAL)
        for one in (("before", "now") if weights else ())
    )
    columns = (
        *named(("unit_key", "unit"), lang),
        *(Column(one, say(lang, f"why.col_{one}"), Kind.DECIMAL) for one in keys),
        *named(("measure",), lang),
        *weighed,
    )
    unit = say(lang, "sheets.points") if of.unit_factor == 100 else of.unit_of_measure.say(lang)
    rows: list[Row] = []
    for share in answer.account.shares:
        about = answer.parts[share.key].now.unit
        moved = (share.rate, share.mix, share.apart, share.total)
        pair = weights.get(share.key, (None, None))
        weight = tuple(None if one is None else one * 100 for one in pair)
        told = weight if weights else ()
        rows.append((about.key, about.name, *(shown(of, one) for one in moved), unit, *told))
    rest = getattr(answer.account, "rest", NOTHING)
    if rest:
        words = say(lang, "sheets.rest")
        empty = (None,) * len(weighed)
        rows.append((None, words, None, None, shown(of, rest), shown(of, rest), unit, *empty))
    grid = measured(columns, rows, [of] * len(rows), lang)
    held = {one.key for one in weighed}
    told_columns = tuple(
        replace(one, unit="%", places=1) if one.key in held else one for one in grid.columns
    )
    grid = replace(grid, columns=told_columns)
    yield Part("account", say(lang, "sheets.account"), grid, Shape.BARS, figures=answer.cells)
    found = answer.account
    sums = (shown(of, one) for one in (found.rate, found.mix, found.apart, found.change))
    whole = (None, say(lang, "why.sum"), *sums, unit, *(None for _ in weighed))
    # Apart from what is drawn: the sum is no part among parts.
    yield Part("account.sum", say(lang, "why.sum"), measured(grid.columns, [whole], [of], lang))


def _peers(answer: Peers, view: View) -> Iterator[Part]:
    lang, of = view.lang, answer.indicator
    listed = [answer.own] if answer.own else []
    listed += answer.rows
    columns = (
        *named(CELL, lang),
        Column("before", say(lang, "peers.col_before")),
        Column("before_value", say(lang, "compare.col_before_value"), Kind.DECIMAL),
        Column("gain", say(lang, "peers.col_gain"), Kind.DECIMAL),
        Column("distance", say(lang, "peers.col_distance"), Kind.DECIMAL, places=2),
        Column("uneven", say(lang, "sheets.uneven")),
    )
    rows: list[Row] = []
    figures: list[Cell] = []
    for one in listed:
        before = one.before
        when = period_words(before.period, lang) if before.period else None
        why = None
        if one.uneven is not None:
            why = say(lang, f"compare.uneven_{one.uneven.value}", period=when or "")
        distance = None if one.distance is None else Fraction(round(one.distance * 10**6), 10**6)
        rows.append(
            (
                *cell_values(one.now, lang), when, shown(of, before.figure.value),
                shown(of, one.gain), distance, why,
            )
        )  # fmt: skip
        figures += [one.now, before]
    grid = measured(columns, rows, [of] * len(rows), lang)
    columns = tuple(
        Column(one.key, one.words, one.kind, "", 2) if one.key == "distance" else one
        for one in grid.columns
    )
    grid = Grid(columns, grid.rows, grid.places)
    yield Part("rows", say(lang, "sheets.peers"), grid, Shape.BARS, figures=tuple(figures),
               names=("peers", "cells"))  # fmt: skip
    if answer.known is Known.FEATURES and answer.own is not None and answer.own.features:
        yield _features((answer.own, *answer.rows), lang)
    if answer.register is not None:
        for name in ("practices", "elsewhere"):
            items = getattr(answer, name)
            if items:
                title = say(lang, f"sheets.{name}")
                yield items_part(answer.register, items, view, name, title)


def _features(rows: tuple[PeerRow, ...], lang: str) -> Part:
    """What units are called similar by: each feature, and how far it is from the first unit's."""
    columns = [*named(("unit_key", "unit"), lang)]
    for name in NUMBERS:
        words = say(lang, f"peers.feature_{name}")
        columns.append(Column(name, words, Kind.DECIMAL, "%" if name == SHARE else "", 0))
        apart = say(lang, "sheets.feature_apart", feature=words)
        columns.append(Column(f"{name}_apart", apart, Kind.DECIMAL, "", 2))
    columns += [Column(name, say(lang, f"peers.feature_{name}")) for name in KINDS]
    made = tuple(
        (
            one.unit.key, one.unit.name,
            *(value for name in NUMBERS for value in _feature(one, name)),
            *(_kind(one, name, lang) for name in KINDS),
        )
        for one in rows
    )  # fmt: skip
    return Part("features", say(lang, "peers.features"), Grid(tuple(columns), made))


def _kind(row: PeerRow, name: str, lang: str) -> str | None:
    return kind_words(row.features, row.apart, name, lang) or None if row.features else None


def _feature(row: PeerRow, name: str) -> tuple[Value, Value]:
    """A feature's number, a share in percent, and the distance that it makes."""
    if row.features is None or name not in row.features.numbers:
        return None, None
    value = Fraction(str(row.features.numbers[name]))
    gap = (row.apart or {}).get(name)
    apart = None if gap is None else Fraction(round(gap * 10**6), 10**6)
    return value * 100 if name == SHARE else value, apart


def _index(answer: Index766Page, view: View) -> Iterator[Part]:
    lang = view.lang
    if answer.official is not None:
        yield cells_part("official", say(lang, "sheets.index_official"), (answer.official,), view)
    if answer.groups:
        yield _index_rows(answer, view)
    if answer.series is not None:
        title = say(lang, "index766.trend", unit=answer.unit.short)
        yield trend_part((answer.series,), title, view)
    if answer.remade is not None:
        # Recomputed scores are no figures of a source: nothing is remembered of them.
        grid, title = points_grid((answer.remade,), lang), say(lang, "sheets.index_remade")
        made_up = any(one.figure.illustrative for one in answer.remade.points)
        yield Part("remade", title, grid, Shape.SERIES, made_up=made_up)
    if answer.placed:
        yield _placed(answer, view)


def _points(key: str, words: str) -> Column:
    return Column(key, words, Kind.DECIMAL, places=POINTS_PLACES)


def _index_rows(answer: Index766Page, view: View) -> Part:
    """Every row with every step; a row that stands on its group says the group's name."""
    lang = view.lang
    columns = (
        Column("group", say(lang, "sheets.index_group")),
        Column("number", say(lang, "sheets.index_number")),
        Column("row", say(lang, "index766.col_row")),
        *named(("numerator", "denominator"), lang),
        Column("rate", say(lang, "sheets.index_rate"), Kind.DECIMAL, "%", POINTS_PLACES),
        _points("official", say(lang, "index766.col_official")),
        _points("made", say(lang, "index766.col_made")),
        _points("most", say(lang, "index766.max")),
        _points("gap", say(lang, "index766.col_gap")),
        Column("outcome", say(lang, "sheets.index_outcome")),
    )
    rows: list[Row] = []
    for group in answer.groups:
        name = group.group.name.say(lang)
        rows.append((name, None, None, None, None, None, *_beside(group.beside, group.group.max),
                     None))  # fmt: skip
        for one in group.rows:
            rows.append((name, *_scored(one.scored, one.beside, lang)))
    figures = (answer.official,) if answer.official is not None else ()
    kept, title = tuple(rows), say(lang, "index766.groups")
    grid = Grid(counted(columns, kept), kept)
    return Part("groups", title, grid, figures=figures, names=("rows",))


def _scored(one: Scored, beside: Beside, lang: str) -> Row:
    return (
        one.row.number,
        one.row.name.say(lang),
        whole(one.given.numerator),
        whole(one.given.denominator),
        None if one.rate is None else one.rate * 100,
        *_beside(beside, one.scoring.max),
        say(lang, f"index766.outcome_{one.outcome.value}"),
    )


def _beside(beside: Beside, most: int) -> Row:
    return (beside.official, beside.made, most, beside.gap)


def _placed(answer: Index766Page, view: View) -> Part:
    lang = view.lang
    columns = (
        *named(("unit_key", "unit"), lang),
        _points("official", say(lang, "index766.col_official")),
        _points("made", say(lang, "index766.col_made")),
        _points("gap", say(lang, "index766.col_gap")),
        Column("differing", say(lang, "index766.col_rows"), Kind.WHOLE),
        Column("lacking", say(lang, "index766.col_lacking"), Kind.WHOLE),
        *named(("illustrative",), lang),
    )
    rows = tuple(
        (
            one.unit.key, one.unit.name, one.beside.official, one.beside.made, one.beside.gap,
            one.differing, one.lacking,
            say(lang, "words.illustrative") if one.cell.figure.illustrative else None,
        )
        for one in answer.placed
    )  # fmt: skip
    cells = tuple(one.cell for one in answer.placed)
    title = say(lang, "sheets.index_placed")
    return Part("placed", title, Grid(columns, rows), Shape.BARS, figures=cells, names=("ranking",))
