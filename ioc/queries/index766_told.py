"""What is stored of the 766 index: official scores by breakdown, and what the rows count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ioc.domain.index766 import Index766, Row, Zero
from ioc.domain.index766_score import Given
from ioc.domain.indicator import Indicator
from ioc.domain.period import Grain, Period, grain_key
from ioc.domain.unit import Unit
from ioc.queries.ask import Ask
from ioc.queries.figures import of_summary, value_of
from ioc.queries.found import parents
from ioc.store.summary import read_cells

SCORE, COMPONENTS = "OPS-11", "OPS-12"
"""The official score with its parts, and the numerators and denominators of the rows."""
_A_YEAR = {Grain.MONTH: 12, Grain.QUARTER: 4}

Key = tuple[int, Period]
"""A unit's id and a period."""


@dataclass(frozen=True)
class Told:
    """By unit and period: official scores (`""`, `group.…`, `component.…`) and rows by code."""

    index: Index766
    scores: Mapping[Key, Mapping[str, Fraction]]
    counts: Mapping[Key, Mapping[str, Given]]
    last_years: Mapping[Key, Fraction] = field(default_factory=dict)

    def given(self, unit_id: int, period: Period) -> dict[str, Given]:
        """What the rows count, with last year's share where the row's rule asks for it."""
        found = dict(self.counts.get((unit_id, period), {}))
        for row in self.index.rows:
            said = found.get(row.code)
            if said is not None and _asks(row, said):
                last = self.last_years.get((unit_id, period))
                found[row.code] = Given(said.numerator, said.denominator, last)
        return found

    def official(self, unit_id: int, period: Period, breakdown: str) -> Fraction | None:
        """An official score; None where none was given."""
        return self.scores.get((unit_id, period), {}).get(breakdown)


def read_told(
    ask: Ask, index: Index766, units: Sequence[Unit], first: Period, last: Period
) -> Told:
    """Everything said of the units in a range of periods of one grain, as known then."""
    score = ask.desk.catalogue.by_code(SCORE)
    parts = ask.desk.catalogue.by_code(COMPONENTS)
    scores: dict[Key, dict[str, Fraction]] = {}
    for unit_id, period, breakdown, row in _cells(
        ask, units, score, first, last, ("", *score.breakdown_codes)
    ):
        value = value_of(score, of_summary(row))
        if value is not None:
            scores.setdefault((unit_id, period), {})[breakdown] = value
    codes = {row.breakdown: row.code for row in index.rows}
    counts: dict[Key, dict[str, Given]] = {}
    for unit_id, period, breakdown, row in _cells(ask, units, parts, first, last, codes):
        raw = of_summary(row)
        if not raw.state:
            said = Given(_plain(parts, raw.num), _plain(parts, raw.den))
            counts.setdefault((unit_id, period), {})[codes[breakdown]] = said
    told = Told(index, scores, counts)
    return Told(index, scores, counts, _last_years(ask, told, units, parts))


def _last_years(
    ask: Ask, told: Told, units: Sequence[Unit], parts: Indicator
) -> dict[Key, Fraction]:
    """Last year's denominator over its periods, for what has none now; only if all are known."""
    found: dict[Key, Fraction] = {}
    for row in told.index.rows:
        for (unit_id, period), counted in told.counts.items():
            steps = _A_YEAR.get(period.grain)
            if steps is None or not _asks(row, counted.get(row.code, Given())):
                continue
            start = Period.of(period.calendar, Grain.YEAR, period.start).previous.start
            first = Period.of(period.calendar, period.grain, start)
            mine = [unit for unit in units if unit.id == unit_id]
            said = [
                of_summary(one).den
                for _, _, _, one in _cells(
                    ask, mine, parts, first, first.shift(steps - 1), (row.breakdown,)
                )
            ]
            known = [one for one in said if one is not None]
            if len(known) == steps:
                found[unit_id, period] = parts.unscaled(sum(known)) / steps
    return found


def _asks(row: Row, said: Given) -> bool:
    scoring = row.both
    return scoring is not None and scoring.zero is Zero.LAST_YEAR and said.denominator == 0


def _cells(
    ask: Ask,
    units: Sequence[Unit],
    indicator: Indicator,
    first: Period,
    last: Period,
    breakdowns: Iterable[str],
) -> list[tuple[int, Period, str, object]]:
    wanted = {unit.id for unit in units}
    code = grain_key(first.calendar, first.grain)
    rows = read_cells(
        ask.connection,
        parent_ids=parents(ask, units),
        indicator_ids=[indicator.id],
        grain=code,
        first=first.key,
        last=last.key,
        unit_ids=wanted if len(wanted) <= 5 else None,
        breakdowns=tuple(breakdowns),
        known_at=ask.known_at,
    )
    return [
        (row.unit_id, Period.from_keys(code, row.period), row.breakdown, row)
        for row in rows
        if row.unit_id in wanted
    ]


def _plain(indicator: Indicator, stored: int | None) -> Fraction | None:
    return None if stored is None else indicator.unscaled(stored)
