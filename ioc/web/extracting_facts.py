"""What is known of an extract's figures: natural keys, definitions, and where they come from."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from fractions import Fraction

import orjson
from sqlalchemy import Engine

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Figure
from ioc.domain.messages import say
from ioc.domain.period import Period
from ioc.exports.extract import Definition, Fact, Origin
from ioc.queries.answers import Cell, Series, UnitPace, UnitRef
from ioc.queries.revision_answers import RevisionRow
from ioc.store import reference
from ioc.store.engine import reading
from ioc.web.extracting_parts import Part
from ioc.web.rows import Stated, flat

WORDING = frozenset({
    "code", "name", "definition", "formula", "kind", "numerator", "denominator", "counted",
    "unit_of_measure", "scale", "direction", "reports", "detail", "cadence", "calendar",
    "over_units", "over_time", "since_year_start", "may_exceed", "breakdown", "redefined",
    "legal_basis",
})  # fmt: skip
"""The declared fields that say what a figure means; another order on a page is no other meaning."""
VERSION_LENGTH = 8


def facts_of(parts: Iterable[Part]) -> tuple[Fact, ...]:
    """Every figure of the parts once, in order."""
    found = {fact: None for part in parts for one in flat(part.figures) for fact in _of(one, part)}
    return tuple(sorted(found))


def _of(value: object, part: Part) -> Iterator[Fact]:
    if isinstance(value, UnitPace):
        value = value.cell
    if isinstance(value, Cell):
        inside = value.part or part.inside
        yield from _fact(value.unit, value.indicator, value.period, inside, value.figure)
    elif isinstance(value, Series):
        for point in value.points:
            yield from _fact(
                value.unit, value.indicator, point.period, value.part, point.figure
            )  # fmt: skip
    elif isinstance(value, RevisionRow):
        yield from _fact(value.unit, value.indicator, value.period, value.part, value.now)
    elif isinstance(value, Stated):
        yield from _fact(value.unit, value.indicator, value.period, value.part, value.figure)


def _fact(
    unit: UnitRef, of: Indicator, period: Period | None, part: str, figure: Figure
) -> Iterator[Fact]:
    if period is None:
        return
    yield Fact(
        indicator=of.code,
        unit=unit.key,
        calendar=period.calendar.value,
        period=period.code,
        breakdown=part,
        value=_exact(figure.value),
        numerator=_exact(figure.numerator),
        denominator=_exact(figure.denominator),
        state=figure.empty.value if figure.value is None and figure.empty else "",
        illustrative=figure.illustrative,
    )


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"


def indicators_of(parts: Iterable[Part]) -> tuple[Indicator, ...]:
    """The indicators of the parts' figures, in the order of their codes."""
    found: dict[str, Indicator] = {}
    for part in parts:
        for one in flat(part.figures):
            held = one.cell if isinstance(one, UnitPace) else one
            if isinstance(held, (Cell, Series, RevisionRow, Stated)):
                found[held.indicator.code] = held.indicator
    return tuple(found[code] for code in sorted(found))


def definition_of(of: Indicator, lang: str) -> Definition:
    """What an indicator means; its version changes when what is declared of its meaning does."""
    return Definition(
        code=of.code,
        name=of.name.say(lang),
        meaning=of.definition.say(lang),
        formula=of.formula.say(lang),
        unit=of.unit_of_measure.say(lang),
        direction=say(lang, f"indicator.direction_{of.direction.value}"),
        version=version_of(of),
    )


def version_of(of: Indicator) -> str:
    """A short name of an indicator's wording, the same in all languages."""
    wording = orjson.dumps(of.model_dump(mode="json", include=set(WORDING)),
                           option=orjson.OPT_SORT_KEYS)  # fmt: skip
    return hashlib.sha256(wording).hexdigest()[:VERSION_LENGTH]


def origins_of(engine: Engine, parts: Iterable[Part], lang: str) -> tuple[Origin, ...]:
    """The sources behind the figures, by name; sums stand on every source of their indicator."""
    told: dict[str, list[datetime | None]] = defaultdict(list)
    cited: dict[str, set[str]] = defaultdict(set)
    summed: dict[int, list[datetime | None]] = defaultdict(list)
    for one in (one for part in parts for one in flat(part.figures)):
        held = one.cell if isinstance(one, UnitPace) else one
        if isinstance(held, Cell):
            if held.source:
                told[held.source].append(held.received)
                cited[held.source] |= {held.citation} if held.citation else set()
            elif held.figure.value is not None:
                summed[held.indicator.id].append(held.received)
        elif isinstance(held, (Series, Stated)):
            summed.setdefault(held.indicator.id, [])
        elif isinstance(held, RevisionRow) and held.source:
            told[held.source].append(held.at)
    with reading(engine) as connection:
        facts = {one.id: one for one in reference.sources(connection)}
        deliver = reference.deliverers(connection)
    made_up = {one.title[lang]: one.illustrative for one in facts.values()}
    for indicator, moments in summed.items():
        for source in deliver.get(indicator, ()):
            if facts[source].active:
                told[facts[source].title[lang]] += moments
    return tuple(
        Origin(
            name=name,
            citation="; ".join(sorted(cited[name])) or None,
            received=max((one for one in told[name] if one), default=None),
            illustrative=made_up.get(name, False),
        )
        for name in sorted(told)
    )
