"""The parts of answers about where figures come from: a record, and the sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Kind as Measured
from ioc.domain.messages import explain, say
from ioc.domain.times import period_words
from ioc.domain.view import View
from ioc.exports.extract import Column, Kind, Shape
from ioc.queries.record_answers import Account, Record
from ioc.queries.source_answers import HeldRow, Sources
from ioc.web.extracting_checks import FIGURE, FIGURES, figure_values, key_values
from ioc.web.extracting_items import mark
from ioc.web.extracting_parts import Part, cells_part
from ioc.web.grid import Grid, measured, named
from ioc.web.rows import Stated, shown


def source_parts(answer: object, view: View) -> Iterator[Part]:
    """The tables of an answer about a record or about sources; none of another one."""
    if isinstance(answer, Record):
        yield from _record(answer, view)
    elif isinstance(answer, Sources):
        yield from _sources(answer, view)


def _record(answer: Record, view: View) -> Iterator[Part]:
    lang, of = view.lang, answer.indicator
    yield cells_part("figure", say(lang, "sheets.record"), (answer.cell,), view,
                     Shape.TABLE, "cell")  # fmt: skip
    if answer.account is not None:
        yield _account(answer.account, of, view)
    if answer.learned:
        columns = (
            Column("recorded", say(lang, "record.col_recorded"), Kind.MOMENT),
            *named(FIGURES, lang),
            Column("source", say(lang, "record.col_source")),
            Column("why", say(lang, "record.col_why")),
            *named(("citation", "illustrative"), lang),
        )
        rows = tuple(
            (
                one.recorded_at, *figure_values(of, one.figure, lang), one.title,
                say(lang, f"record.why_{one.why}", rank=one.rank), one.citation,
                mark(one.figure.illustrative, lang),
            )
            for one in answer.learned
        )  # fmt: skip
        made_up = any(one.figure.illustrative for one in answer.learned)
        grid = measured(columns, rows, [of] * len(rows), lang)
        yield Part("learned", say(lang, "sheets.learned"), grid, made_up=made_up)
    if answer.shown:
        yield _shown(answer, lang)


def _shown(answer: Record, lang: str) -> Part:
    of = answer.indicator
    columns = (
        Column("recorded", say(lang, "record.col_recorded"), Kind.MOMENT),
        *named(FIGURES, lang),
        Column("reported", say(lang, "record.col_reported"), Kind.WHOLE),
    )
    rows = tuple(
        (one.recorded_at, *figure_values(of, one.figure, lang), one.reported)
        for one in answer.shown
    )
    made_up = any(one.figure.illustrative for one in answer.shown)
    grid = measured(columns, rows, [of] * len(rows), lang)
    return Part("shown", say(lang, "sheets.shown"), grid, made_up=made_up)


def _account(account: Account, of: Indicator, view: View) -> Part:
    lang = view.lang
    columns = (
        *named(("unit_key", "unit", "period", *FIGURES), lang),
        Column("counts", say(lang, "sheets.counts")),
        *named(("illustrative",), lang),
    )
    rows = tuple(
        (
            one.unit.key if one.unit else None,
            one.unit.name if one.unit else say(lang, "sheets.unseen"),
            period_words(one.period, lang), *figure_values(of, one.figure, lang),
            say(lang, "register.yes" if one.counts else "register.no"),
            mark(one.figure.illustrative, lang),
        )
        for one in account.parts
    )  # fmt: skip
    made_up = any(one.figure.illustrative for one in account.parts)
    whole = account.whole
    above, below = account.sum_of
    value = above / below if below else None if of.kind is Measured.RATIO else above
    summed = replace(whole, value=value, numerator=above if below else None, denominator=below)
    foot = [("sum", summed), ("whole", whole)]
    if account.difference is not None and not account.balanced:
        above, below = account.difference
        ratio = of.kind is Measured.RATIO
        left = replace(whole, value=None if ratio else above, numerator=above if ratio else None,
                       denominator=below, empty=None)  # fmt: skip
        foot.append(("difference", left))
    rows += tuple(
        (
            None,
            say(lang, f"record.account_{key}"),
            None,
            *figure_values(of, one, lang),
            None,
            mark(made_up or one.illustrative, lang),
        )
        for key, one in foot
    )
    grid = measured(columns, rows, [of] * len(rows), lang)
    return Part("account", say(lang, "sheets.made_of"), grid, made_up=made_up)


def _sources(answer: Sources, view: View) -> Iterator[Part]:
    lang = view.lang
    columns = (
        Column("source", say(lang, "sources_page.col_source")),
        Column("state", say(lang, "sources_page.col_state")),
        Column("last_good", say(lang, "quality.col_good"), Kind.MOMENT),
        *(Column(key, say(lang, f"sources_page.col_{key}"), Kind.WHOLE)
          for key in ("rows", "rejections", "held")),
        *named(("illustrative",), lang),
    )  # fmt: skip
    rows = tuple(
        (
            one.title, say(lang, f"sources_page.state_{one.state}"), one.last_good,
            one.observations, one.rejections, one.held, mark(one.illustrative, lang),
        )
        for one in answer.rows
    )  # fmt: skip
    made_up = any(one.illustrative for one in answer.rows)
    yield Part("rows", say(lang, "sheets.sources"), Grid(columns, rows), made_up=made_up)
    if answer.runs:
        yield _runs(answer, lang)
    if answer.held:
        grid, stated = _held(answer.held, lang)
        yield Part("held", say(lang, "sheets.held_figures"), grid, figures=stated)


def _runs(answer: Sources, lang: str) -> Part:
    counts = ("read", "added", "unchanged", "rejected", "held")
    columns = (
        Column("started", say(lang, "sources_page.col_started"), Kind.MOMENT),
        Column("outcome", say(lang, "sources_page.col_outcome")),
        *(Column(key, say(lang, f"sources_page.col_{key}"), Kind.WHOLE) for key in counts),
        Column("reason", say(lang, "sources_page.col_reason")),
    )
    rows = tuple(
        (
            one.started, say(lang, f"sources_page.outcome_{one.outcome}"), one.read, one.added,
            one.unchanged, one.rejected, one.held,
            explain(lang, one.code, dict(one.params)) if one.code else None,
        )
        for one in answer.runs
    )  # fmt: skip
    return Part("runs", say(lang, "sources_page.col_history"), Grid(columns, rows))


def _held(rows: Iterable[HeldRow], lang: str) -> tuple[Grid, tuple[Stated, ...]]:
    kept = tuple(rows)
    columns = (
        *named(FIGURE, lang),
        Column("given", say(lang, "sheets.given"), Kind.DECIMAL),
        Column("standing", say(lang, "quality.col_stands"), Kind.DECIMAL),
        *named(("measure",), lang),
        Column("since", say(lang, "record.col_recorded"), Kind.MOMENT),
        Column("reason", say(lang, "sources_page.col_reason")),
    )
    made = tuple(
        (
            *key_values(one.unit, one.indicator, one.period, one.part, lang),
            shown(one.indicator, one.given.value),
            shown(one.indicator, one.standing.value),
            one.indicator.unit_of_measure.say(lang),
            one.since,
            explain(lang, one.code, dict(one.params)),
        )
        for one in kept
    )
    stated = tuple(
        Stated(one.unit, one.indicator, one.period, one.part, one.standing) for one in kept
    )
    return measured(columns, made, [one.indicator for one in kept], lang), stated
