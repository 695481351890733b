"""What changed since the pack before: its facts against those of now, as a table in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from ioc.domain.messages import say
from ioc.domain.period import Calendar, Period
from ioc.domain.times import moment_words, period_words
from ioc.domain.view import View
from ioc.domain.words import change_words, value_words
from ioc.errors import AddressError
from ioc.exports.extract import Column, Extract, Fact, Shape, Sheet
from ioc.exports.frozen import thaw
from ioc.exports.since import Changed, changed
from ioc.store import briefing_runs
from ioc.store.engine import reading
from ioc.web.extracting_facts import definition_of

if TYPE_CHECKING:
    from ioc.domain.briefing import Briefing
    from ioc.domain.scope import Scope
    from ioc.queries.desk import Desk
    from ioc.web.steady import Moment

COLUMNS = ("change_kind", "indicator", "unit", "period", "before", "now", "moved")


@dataclass(frozen=True, slots=True)
class Before:
    """The pack before: when its figures were known, its code, and its facts; None: removed."""

    known_at: datetime
    code: str
    facts: tuple[Fact, ...] | None


def before_of(desk: Desk, key: str, at: Moment) -> Before | None:
    """The pack of a briefing before the one of this moment; None when it is the first."""
    with reading(desk.engine) as connection:
        found = briefing_runs.earlier(connection, key, at.known_at)
    if found is None:
        return None
    if found.data is None:
        return Before(found.known_at, found.code, None)
    pieces, _ = thaw(found.data)
    facts = {Fact(*row): None for one in pieces for row in one.figures["facts"]}
    return Before(found.known_at, found.code, tuple(facts))


def changes_extract(
    desk: Desk,
    briefing: Briefing,
    title: str,
    before: Before | None,
    now: tuple[Fact, ...],
    at: Moment,
    *,
    most: int,
    scope: Scope,
) -> Extract:
    """The changes as one table; the first pack says that there is none before it."""
    lang = briefing.lang
    rows: list[Changed] = []
    if before is None:
        words = say(lang, "briefing.changes_first")
    elif before.facts is None:
        words = say(lang, "briefing.changes_removed", moment=moment_words(before.known_at, lang))
    else:
        found = [one for one in changed(before.facts, now) if _seen(desk, one, scope)]
        rows = found[:most]
        words = say(
            lang,
            "briefing.changes_some" if found else "briefing.changes_none",
            count=len(found),
            shown=len(rows),
            moment=moment_words(before.known_at, lang),
        )
    columns = tuple(Column(key, say(lang, f"briefing.column_{key}")) for key in COLUMNS)
    if not rows:
        columns = (Column("text", say(lang, "briefing.column_text")),)
    told = {one.fact.indicator: None for one in rows}
    made_up = any(one.fact.illustrative for one in rows)
    return Extract(
        address=View(page="briefing", briefing=briefing.key, lang=lang).href(),
        title=title,
        lang=lang,
        about=((say(lang, "briefing.compared"), words),),
        sheets=(
            Sheet(
                part="changes",
                title=title,
                subtitle=words if rows else "",
                shape=Shape.TABLE,
                columns=columns,
                rows=tuple(_row(desk, one, lang) for one in rows) or ((words,),),
                illustrative=made_up,
            ),
        ),
        definitions=tuple(definition_of(desk.catalogue.by_code(one), lang) for one in told),
        origins=(),
        caveats=(),
        facts=(),
        illustrative=made_up,
        known_at=at.known_at,
        version=at.version,
    )


def _seen(desk: Desk, one: Changed, scope: Scope) -> bool:
    """A unit or indicator that is gone, or outside the scope, is not told of."""
    try:
        unit = desk.units.by_key(one.fact.unit)
        desk.catalogue.by_code(one.fact.indicator)
    except AddressError:
        return False
    return desk.units.visible(unit.id, scope)


def _row(desk: Desk, one: Changed, lang: str) -> tuple[str | None, ...]:
    fact = one.fact
    indicator = desk.catalogue.by_code(fact.indicator)
    part = indicator.breakdown_words(fact.breakdown)
    name = f"{indicator.name.say(lang)} ({part.say(lang)})" if part else indicator.name.say(lang)
    period = period_words(Period.parse(fact.period, Calendar(fact.calendar)), lang)
    old, new = _value(one.before), _value(one.now)
    moved = new - old if old is not None and new is not None else None
    return (
        say(lang, f"briefing.change_{one.kind}"),
        name,
        desk.units.by_key(fact.unit).name_in(lang),
        period,
        value_words(indicator, old, lang, with_unit=True),
        value_words(indicator, new, lang, with_unit=True),
        change_words(indicator, moved, lang),
    )


def _value(fact: Fact | None) -> Fraction | None:
    return None if fact is None or fact.value is None else Fraction(fact.value)
