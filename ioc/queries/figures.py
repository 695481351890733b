"""Rows of the store as figures: exact, unscaled, and saying why where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NamedTuple

from ioc.domain.indicator import Indicator
from ioc.domain.measure import RATE_SCALE, Bound, Coverage, Empty, Figure, Kind, Restated, State
from ioc.store.observations import Standing as Stands
from ioc.store.summary import latest, summary

Standing = tuple[Restated, Coverage | None]
"""How a figure stands on the map it is asked for, with coverage where units stand behind it."""


class Raw(NamedTuple):
    """The figure columns of a stored row, scaled as the store keeps them.

    `stood` is set where the figure was made here out of several rows (a quarter out of months, a
    region out of provinces); otherwise the standing follows from unit and period.
    """

    num: int | None
    den: int | None
    val: int | None
    bound: int
    state: int
    source_id: int | None
    citation_id: int | None
    illustrative: int
    own: int
    leaves: int
    parts: int
    recorded_at: int
    stood: Standing | None = None


_WIDTH = len(Raw._fields) - 1
_SUMMARY = list(summary.c.keys()).index("num")
_LATEST = list(latest.c.keys()).index("num")
_BEFORE = list(latest.c.keys()).index("prev_num")


def of_summary(row: Any) -> Raw:
    """The figure of a row of `summary` or `summary_version`."""
    return Raw(*row[_SUMMARY : _SUMMARY + _WIDTH])


def of_latest(row: Any) -> Raw:
    """The newest figure of a row of `latest`."""
    return Raw(*row[_LATEST : _LATEST + _WIDTH])


def of_latest_before(row: Any) -> Raw:
    """The figure of the period before the newest in a row of `latest` that has one."""
    return Raw(*row[_BEFORE : _BEFORE + _WIDTH])


def of_standing(stands: Stands, *, illustrative: bool) -> Raw:
    """The figure a unit itself reported, as an observation holds it."""
    fact = stands.fact
    return Raw(
        num=fact.num,
        den=fact.den,
        val=fact.val,
        bound=fact.bound,
        state=fact.state,
        source_id=stands.source_id,
        citation_id=fact.citation_id,
        illustrative=int(illustrative),
        own=1,
        leaves=1,
        parts=0,
        recorded_at=stands.recorded_at,
    )


def has_figure(raw: Raw) -> bool:
    """True when the row says anything: a value, a part of one, or a stated kind of empty."""
    return bool(raw.state) or not (raw.num is None and raw.den is None and raw.val is None)


def value_of(indicator: Indicator, raw: Raw) -> Fraction | None:
    """The exact value as screens mean it: a ratio as a share of one; None without a value."""
    if raw.state:
        return None
    if indicator.kind is Kind.RATIO:
        if raw.den is not None and raw.num is not None:
            return Fraction(raw.num, raw.den) if raw.den else None
        return None if raw.val is None else Fraction(raw.val, RATE_SCALE)
    stored = raw.val if indicator.kind is Kind.SCORE else raw.num
    return None if stored is None else Fraction(stored, 10**indicator.scale)


def figure(indicator: Indicator, raw: Raw, standing: Standing) -> Figure:
    """The figure of a row; a numerator alone stays a count and never becomes a rate."""
    value = value_of(indicator, raw)
    numerator = denominator = None
    if indicator.kind is Kind.RATIO and not raw.state:
        numerator = _part(indicator, raw.num)
        denominator = _part(indicator, raw.den)
    return Figure(
        kind=indicator.kind,
        value=value,
        numerator=numerator,
        denominator=denominator,
        empty=None if value is not None else _empty(indicator, raw),
        bound=Bound(raw.bound),
        illustrative=bool(raw.illustrative),
        coverage=standing[1],
        restated=standing[0],
    )


def no_figure(
    indicator: Indicator, empty: Empty, restated: Restated = Restated.AS_REPORTED
) -> Figure:
    """No figure, and why."""
    return Figure(kind=indicator.kind, value=None, empty=empty, restated=restated)


def _part(indicator: Indicator, stored: int | None) -> Fraction | None:
    if stored is None:
        return None
    return Fraction(stored, 10**indicator.scale) if indicator.scale else Fraction(stored)


def _empty(indicator: Indicator, raw: Raw) -> Empty | None:
    if raw.state == State.NOT_APPLICABLE:
        return Empty.NOT_APPLICABLE
    if raw.state == State.SUPPRESSED:
        return Empty.SUPPRESSED
    if indicator.kind is Kind.RATIO and raw.den == 0:
        return Empty.UNDEFINED
    if indicator.kind is Kind.RATIO and raw.num is not None:
        return None
    return Empty.MISSING


def pools(indicator: Indicator, raw: Raw) -> bool:
    """True when the row can enter a sum: a count, or both parts of a ratio."""
    if raw.state or raw.num is None:
        return False
    return indicator.kind is not Kind.RATIO or raw.den is not None


def pool(indicator: Indicator, raws: Iterable[Raw], standing: Standing) -> Raw | None:
    """The sum of rows (numerators, and denominators apart), never a mean; None without any."""
    adding = [raw for raw in raws if pools(indicator, raw)]
    if not adding:
        return None
    paired = indicator.kind is Kind.RATIO
    sources = {raw.source_id for raw in adding}
    citations = {raw.citation_id for raw in adding}
    return Raw(
        num=sum(raw.num or 0 for raw in adding),
        den=sum(raw.den or 0 for raw in adding) if paired else None,
        val=None,
        bound=max(raw.bound for raw in adding),
        state=0,
        source_id=sources.pop() if len(sources) == 1 else None,
        citation_id=citations.pop() if len(citations) == 1 else None,
        illustrative=max(raw.illustrative for raw in adding),
        own=0,
        leaves=sum(raw.leaves for raw in adding),
        parts=len(adding),
        recorded_at=max(raw.recorded_at for raw in adding),
        stood=standing,
    )


def worst(standings: Iterable[Standing], *, short: bool = False) -> Standing:
    """The standing of a figure made of several: as good as its weakest part."""
    order = (Restated.AS_REPORTED, Restated.EXACT, Restated.PARTIAL, Restated.NOT_RESTATABLE)
    found = sorted(standings, key=lambda one: (order.index(one[0]), _lacking(one[1])))
    restated, coverage = found[-1] if found else (Restated.AS_REPORTED, None)
    if short and restated is not Restated.NOT_RESTATABLE:
        restated = Restated.PARTIAL
    return restated, coverage


def _lacking(coverage: Coverage | None) -> int:
    return -1 if coverage is None else coverage.expected - coverage.reported
