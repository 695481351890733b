"""What is known of an extract's figures: natural keys, definitions, and where they come from."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
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
from ioc.store.engine import micros, moment, reading
from ioc.store.item_versions import told_last
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
    """Every figure of the parts once, in order; one without any period yet is none."""
    return tuple(sorted(fact for one in figures_in(parts) for fact in _fact(one)))


def figures_in(parts: Iterable[Part]) -> Iterator[Stated]:
    """Every figure of the parts with what it is of, each once: a map and a ranking show the same.

    A unit that never had a figure has no period.
    """
    seen = set()
    for part in parts:
        for value in flat(part.figures):
            for unit, of, period, inside, figure in _stated(value, part):
                key = (unit.id, of.code, period, inside)
                if key not in seen:
                    seen.add(key)
                    yield Stated(unit, of, period, inside, figure)


_Keyed = tuple[UnitRef, Indicator, Period | None, str, Figure]


def _stated(value: object, part: Part) -> Iterator[_Keyed]:
    if isinstance(value, UnitPace):
        value = value.cell
    if isinstance(value, Cell):
        inside = value.part or part.inside
        yield value.unit, value.indicator, value.period, inside, value.figure
    elif isinstance(value, Series):
        for point in value.points:
            yield value.unit, value.indicator, point.period, value.part, point.figure
    elif isinstance(value, RevisionRow):
        yield value.unit, value.indicator, value.period, value.part, value.now
    elif isinstance(value, Stated):
        yield value.unit, value.indicator, value.period, value.part, value.figure


def _fact(one: Stated) -> Iterator[Fact]:
    if one.period is None:
        return
    yield Fact(
        indicator=one.indicator.code,
        unit=one.unit.key,
        calendar=one.period.calendar.value,
        period=one.period.code,
        breakdown=one.part,
        value=_exact(one.figure.value),
        numerator=_exact(one.figure.numerator),
        denominator=_exact(one.figure.denominator),
        state=one.figure.empty.value if one.figure.value is None and one.figure.empty else "",
        illustrative=one.figure.illustrative,
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


def _cells(parts: Iterable[Part]) -> Iterator[Cell]:
    for part in parts:
        for one in flat(part.figures):
            held = one.cell if isinstance(one, UnitPace) else one
            if isinstance(held, Cell):
                yield held


def origins_of(
    engine: Engine, parts: Sequence[Part], beside: Iterable[Part], lang: str, known_at: datetime
) -> tuple[Origin, ...]:
    """The sources behind figures and items, by name, with what they told last as known then; sums
    stand on every source of their indicator, counts on every source of their register.

    A trend names no source itself: the cells `beside` it, of the same figure, do.
    """
    told: dict[str, list[datetime | None]] = defaultdict(list)
    cited: dict[str, set[str]] = defaultdict(set)
    summed: dict[int, list[datetime | None]] = defaultdict(list)
    near = {(one.unit.id, one.indicator.id): one for one in _cells(beside)}
    for one in (one for part in parts for one in flat(part.figures)):
        held = one.cell if isinstance(one, UnitPace) else one
        if isinstance(held, RevisionRow):
            if held.source:
                told[held.source].append(held.at)
            continue
        if not isinstance(held, (Cell, Series, Stated)):
            continue
        cell = held if isinstance(held, Cell) else near.get((held.unit.id, held.indicator.id))
        if cell is not None and cell.source:
            told[cell.source].append(cell.received)
            cited[cell.source] |= {cell.citation} if cell.citation else set()
        elif cell is None:
            summed.setdefault(held.indicator.id, [])
        elif cell.figure.value is not None:
            summed[held.indicator.id].append(cell.received)
    for row in (row for part in parts for row in part.items):
        if row.source:
            told[row.source].append(row.recorded_at)
    registers = {register for part in parts for register in part.registers}
    with reading(engine) as connection:
        facts = {one.id: one for one in reference.sources(connection)}
        deliver = reference.deliverers(connection)
        for register in sorted(registers):
            for source, recorded in told_last(connection, register, micros(known_at)).items():
                told[facts[source].title[lang]].append(moment(recorded))
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
