"""Targets and judgement: by class and date, never borrowed from another indicator."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.catalogue import Catalogue, Direction, Indicator, Level
from ioc.domain.measure import Bound, Empty, Figure, Kind
from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.target import Status, Target, gap, judge, target_for

CATALOGUE = Catalogue.load()
DOSSIERS = CATALOGUE.by_code("OPS-01")
PROCEDURES = CATALOGUE.by_code("OPS-02")
OVERDUE = CATALOGUE.by_code("OPS-06")
NEW = Period.month(2026, 10)
MID_2025 = Period.month(2025, 6)


def _rate(share: Fraction | None, bound: Bound = Bound.EXACT) -> Figure:
    empty = Empty.MISSING if share is None else None
    return Figure(Kind.RATIO, share, empty=empty, bound=bound)


def _count(value: int, bound: Bound = Bound.EXACT) -> Figure:
    return Figure(Kind.COUNT, Fraction(value), bound=bound)


def _share(indicator: Indicator, level: Level, key: str, period: Period) -> Fraction | None:
    found = target_for(indicator, level, key, period)
    return found.value if found else None


# --- which target --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "key", "period", "percent"),
    [
        (Level.MINISTRY, "moha", MID_2025, 85),
        (Level.GOVERNMENT, "gov", MID_2025, 85),
        (Level.PROVINCE, "38", MID_2025, 70),
        (Level.LOCALITIES, "local", MID_2025, 70),
        (Level.MINISTRY, "moha", Period.month(2024, 12), 70),
        (Level.PROVINCE, "38", Period.month(2024, 12), 30),
        (Level.NATION, "vn", Period.month(2024, 1), 50),
    ],
)
def test_targets_of_the_dossier_rate(level: Level, key: str, period: Period, percent: int) -> None:
    found = target_for(DOSSIERS, level, key, period)
    assert found is not None
    assert found.value == Fraction(percent, 100)
    assert found.carried_year is None
    assert found.legal.vi
    assert found.legal.en


def test_nothing_is_declared_before_2024_nor_for_communes() -> None:
    assert target_for(DOSSIERS, Level.PROVINCE, "38", Period.month(2023, 12)) is None
    assert target_for(DOSSIERS, Level.COMMUNE, "14725", MID_2025) is None


def test_a_target_whose_year_has_passed_is_marked_with_its_year() -> None:
    found = target_for(DOSSIERS, Level.PROVINCE, "38", NEW)
    assert found is not None
    assert (found.value, found.carried_year) == (Fraction(7, 10), 2025)


def test_a_total_has_only_a_target_declared_for_it() -> None:
    assert target_for(DOSSIERS, Level.NATION, "vn", MID_2025) is None
    assert target_for(DOSSIERS, Level.REGION, "R3", MID_2025) is None


def test_the_dossier_target_never_reaches_the_procedure_rate() -> None:
    """Thanh Hóa's 1,758/1,950 procedures online are no achieved 70 % of dossiers."""
    for level, key in ((Level.PROVINCE, "38"), (Level.MINISTRY, "mof"), (Level.NATION, "vn")):
        for month in range(1, 13):
            for year in (2024, 2025, 2026):
                found = target_for(PROCEDURES, level, key, Period.month(year, month))
                assert found is not None
                assert found.value == Fraction(8, 10)
    own = {str(rule.value) for rule in PROCEDURES.targets}
    assert own.isdisjoint({str(rule.value) for rule in DOSSIERS.targets})
    thanh_hoa = Figure(Kind.RATIO, Fraction(1758, 1950), Fraction(1758), Fraction(1950))
    target = target_for(PROCEDURES, Level.PROVINCE, "38", Period.month(2025, 5))
    assert judge(PROCEDURES, thanh_hoa, target) is Status.REACHED
    assert judge(DOSSIERS, _rate(None), target_for(DOSSIERS, Level.PROVINCE, "38", NEW)) is (
        Status.NOT_JUDGED
    )


def test_a_units_own_decision_beats_its_class() -> None:
    assert _share(PROCEDURES, Level.MINISTRY, "moha", Period.month(2025, 8)) == 1
    assert _share(PROCEDURES, Level.MINISTRY, "mof", Period.month(2025, 8)) == Fraction(4, 5)
    assert _share(PROCEDURES, Level.MINISTRY, "moha", Period.month(2025, 2)) == Fraction(4, 5)


def test_a_rule_in_force_beats_a_carried_one() -> None:
    found = target_for(PROCEDURES, Level.MINISTRY, "moha", NEW)
    assert found is not None
    assert (found.value, found.carried_year) == (Fraction(4, 5), None)


def test_the_last_day_of_the_period_decides() -> None:
    december = Period.month(2025, 1, Calendar.ADMINISTRATIVE)
    assert december.start.year == 2024
    assert _share(DOSSIERS, Level.PROVINCE, "38", december) == Fraction(7, 10)
    year = Period(Calendar.ADMINISTRATIVE, Grain.YEAR, 2024, 1)
    assert _share(DOSSIERS, Level.PROVINCE, "38", year) == Fraction(3, 10)


def test_no_indicator_reads_the_rules_of_another() -> None:
    for one in CATALOGUE:
        for rule in one.targets:
            for level in rule.levels:
                at = Period.of(Calendar.CALENDAR, Grain.DAY, rule.valid_from)
                assert _share(one, level, "nobody", at) == Fraction(rule.value) / one.unit_factor


# --- how a figure stands -------------------------------------------------------------------------

TARGET_85 = Target(
    Fraction(85, 100), DOSSIERS.targets[0].legal, DOSSIERS.targets[0].valid_from, None
)
NONE_LEFT = Target(Fraction(0), DOSSIERS.targets[0].legal, DOSSIERS.targets[0].valid_from, None)


@pytest.mark.parametrize(
    ("figure", "status"),
    [
        (_rate(Fraction(85, 100)), Status.REACHED),
        (_rate(Fraction(9, 10)), Status.REACHED),
        (_rate(Fraction(84_999, 100_000)), Status.NEAR),
        (_rate(Fraction(80, 100)), Status.NEAR),
        (_rate(Fraction(79_999, 100_000)), Status.AT_RISK),
        (_rate(Fraction(0)), Status.AT_RISK),
        (_rate(None), Status.NOT_JUDGED),
        (Figure(Kind.RATIO, None, numerator=Fraction(216_450)), Status.NOT_JUDGED),
        (Figure(Kind.RATIO, None, empty=Empty.UNDEFINED), Status.NOT_JUDGED),
        (_rate(Fraction(9, 10), Bound.AT_LEAST), Status.REACHED),
        (_rate(Fraction(8, 10), Bound.AT_LEAST), Status.NOT_JUDGED),
        (_rate(Fraction(1, 10), Bound.AT_LEAST), Status.NOT_JUDGED),
        (_rate(Fraction(8, 10), Bound.ESTIMATE), Status.NEAR),
    ],
)
def test_higher_is_better(figure: Figure, status: Status) -> None:
    assert judge(DOSSIERS, figure, TARGET_85) is status


@pytest.mark.parametrize(
    ("figure", "status"),
    [
        (_count(0), Status.REACHED),
        (_count(20), Status.NEAR),
        (_count(21), Status.AT_RISK),
        (_count(0, Bound.AT_LEAST), Status.NOT_JUDGED),
        (_count(20, Bound.AT_LEAST), Status.NOT_JUDGED),
        (_count(21, Bound.AT_LEAST), Status.AT_RISK),
    ],
)
def test_lower_is_better(figure: Figure, status: Status) -> None:
    assert judge(OVERDUE, figure, NONE_LEFT) is status


def test_without_target_or_direction_nothing_is_judged() -> None:
    assert judge(DOSSIERS, _rate(Fraction(1)), None) is Status.NOT_JUDGED
    watched = DOSSIERS.model_copy(update={"direction": Direction.NEUTRAL})
    assert judge(watched, _rate(Fraction(1)), TARGET_85) is Status.NOT_JUDGED


def test_the_gap_is_value_minus_target() -> None:
    assert gap(_rate(Fraction(80, 100)), TARGET_85) == Fraction(-5, 100)
    assert gap(_rate(None), TARGET_85) is None
    assert gap(_rate(Fraction(1)), None) is None


@given(st.fractions(0, 1), st.fractions(0, 1))
def test_a_better_figure_never_stands_worse(one: Fraction, other: Fraction) -> None:
    worse, better = sorted((one, other))
    order = [Status.AT_RISK, Status.NEAR, Status.REACHED]
    standing = [order.index(judge(DOSSIERS, _rate(share), TARGET_85)) for share in (worse, better)]
    assert standing == sorted(standing)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_what_is_at_least_true_stays_true_of_more(value: int, more: int) -> None:
    known = judge(OVERDUE, _count(value, Bound.AT_LEAST), NONE_LEFT)
    if known is not Status.NOT_JUDGED:
        assert judge(OVERDUE, _count(value + more), NONE_LEFT) is known
