"""The pace needed reaches the target exactly; nothing is said where something is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.catalogue import Catalogue
from ioc.domain.indicator import Direction, Indicator, Words
from ioc.domain.measure import Bound, Figure, Kind
from ioc.domain.pace import Outlook, Pace, deadline, pace, periods_left
from ioc.domain.pace_steps import MOST, Drift, ahead, arrival, drift, recent, season, step
from ioc.domain.pace_year import year_rate
from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.target import Reason, Target
from ioc.domain.workdays import workdays

OF = Catalogue.load()
RATE, STOCK, SPOTS, YEARLY = (OF.by_code(one) for one in ("OPS-01", "OPS-02", "SIG-03", "BUD-01"))
LEGAL = Words(vi="Chỉ tiêu", en="Target")
OCTOBER = Period.month(2026, 10)
TODAY = date(2026, 11, 22)
values = st.fractions(min_value=0, max_value=1, max_denominator=50)


def aim(value: Fraction, valid_to: date | None = date(2026, 12, 31), **more: int) -> Target:
    return Target(value, LEGAL, date(2026, 1, 1), valid_to, **more)


def share(value: Fraction, cases: int = 100) -> Figure:
    return Figure(Kind.RATIO, value, value * cases, Fraction(cases))


def count(value: int) -> Figure:
    return Figure(Kind.COUNT, Fraction(value))


def past(figures: list[Figure], last: Period = OCTOBER) -> dict[Period, Figure]:
    """The figures of the periods up to `last`, the newest last."""
    return {last.shift(at + 1 - len(figures)): one for at, one in enumerate(figures)}


def asked(
    of: Indicator,
    figures: list[Figure],
    target: Target | None,
    *,
    last: Period = OCTOBER,
    day: date = TODAY,
    but: Mapping[Period, Figure] | None = None,
) -> Pace:
    there = past(figures, last) if but is None else dict(but)
    return pace(of, figures[-1], target, last, there, day, workdays())


@given(values, values, st.integers(1, 12))
def test_the_pace_needed_reaches_the_target_exactly(
    value: Fraction, target: Fraction, month: int
) -> None:
    last = Period.month(2026, month)
    found = asked(STOCK, [share(value)], aim(target), last=last, day=last.end)
    assert found.left == 12 - month
    if not found.left:
        assert found.needed is None
        return
    assert found.needed is not None
    assert value + found.needed * found.left == target
    if found.workdays:
        assert found.daily is not None
        assert value + found.daily * found.workdays == target


@given(st.lists(values, min_size=2, max_size=4, unique=True), values)
def test_who_is_farther_needs_a_faster_pace(some: list[Fraction], target: Fraction) -> None:
    needs = []
    for value in sorted(some):
        found = asked(STOCK, [share(value)], aim(target))
        assert found.needed is not None
        needs.append(found.needed)
    assert needs == sorted(needs, reverse=True)
    assert len(set(needs)) == len(needs)


@given(st.lists(st.one_of(st.none(), values), min_size=1, max_size=30), values)
def test_whatever_is_missing_nothing_breaks_and_nothing_is_invented(
    some: list[Fraction | None], target: Fraction
) -> None:
    there = {
        OCTOBER.shift(at + 1 - len(some)): share(one)
        for at, one in enumerate(some)
        if one is not None
    }
    if OCTOBER not in there:
        return
    found = asked(RATE, [there[OCTOBER]], aim(target), but=there)
    steps = sum(one.previous in there for one in there if one >= OCTOBER.shift(-11))
    if found.drift is not None:
        assert found.drift.count == steps >= 4
        assert found.at_end is not None
        assert 0 <= found.at_end.low <= found.at_end.likely <= found.at_end.high <= 1
    else:
        assert found.arrival is None
        assert found.at_end is None
    if OCTOBER.shift(-3) not in there:
        assert found.moved is None
    if OCTOBER.shift(-12) not in there or OCTOBER.shift(-10) not in there:
        assert found.season is None


@given(
    st.fractions(0, 100, max_denominator=9),
    st.fractions(-3, 3, max_denominator=9),
    st.fractions(0, 4, max_denominator=9),
)
def test_earliest_likely_latest_come_in_this_order(
    target: Fraction, mean: Fraction, square: Fraction
) -> None:
    moving = Drift(mean, square, 12)
    found = arrival(Fraction(50), target, moving)
    order = [one if one is not None else MOST + 1 for one in
             (found.earliest, found.likely, found.latest)]  # fmt: skip
    assert order == sorted(order)
    if found.likely:
        before, then = (Fraction(50) + at * mean for at in (found.likely - 1, found.likely))
        up = target > 50
        assert (then >= target > before) if up else (then <= target < before)


@given(values, st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=1, max_size=11))
def test_the_rate_needed_of_the_rest_makes_the_pooled_year_its_target(
    target: Fraction, months: list[tuple[int, int]]
) -> None:
    parts = {
        Period.month(2026, at): (Fraction(min(pair)), Fraction(max(pair)))
        for at, pair in enumerate(months, 1)
    }
    last, left = Period.month(2026, len(months)), 12 - len(months)
    found = year_rate(parts, last, left, target)
    assert found is not None
    assert found.needed is not None
    assert found.rest is not None
    assert (found.upper + found.needed * found.rest) / (found.lower + found.rest) == target
    assert found.most is not None
    assert (found.needed > 1) == (found.most < target)


def test_the_example_of_the_documentation_by_hand() -> None:
    """docs/targets.md, "By hand": change both together."""
    percents = [50, 51, 53, 54, 54, 56, 57, 57, 58, 59]
    figures = [share(Fraction(one, 100)) for one in percents]
    found = asked(STOCK, figures, aim(Fraction(65, 100)))
    assert (found.left, found.workdays) == (2, 28)
    assert found.needed == Fraction(3, 100)
    assert found.moved == Fraction(2, 300)
    assert found.drift is not None
    assert found.drift.count == 9
    assert found.drift.square == Fraction(1, 20_000)
    assert found.at_end is not None
    shown = [round(float(one * 100), 1) for one in
             (found.at_end.low, found.at_end.likely, found.at_end.high)]  # fmt: skip
    assert shown == [58.7, 60.3, 62.0]
    assert found.arrival is not None
    assert (found.arrival.earliest, found.arrival.likely, found.arrival.latest) == (5, 9, 48)
    assert found.outlook is Outlook.LATE
    assert found.sure
    assert found.share == Fraction(2, 9)


def test_the_year_of_the_documentation_by_hand() -> None:
    parts = {Period.month(2026, at): (Fraction(60), Fraction(100)) for at in range(1, 11)}
    found = year_rate(parts, OCTOBER, 2, Fraction(65, 100))
    assert found is not None
    assert (found.rate, found.rest, found.shaped) == (Fraction(60, 100), 200, False)
    assert found.needed == Fraction(90, 100)
    assert found.most == Fraction(800, 1200)
    out = year_rate(parts, OCTOBER, 2, Fraction(70, 100))
    assert out is not None
    assert out.needed == Fraction(120, 100)
    assert out.most is not None
    assert out.most < Fraction(70, 100)


def test_the_rest_of_the_year_follows_last_years_shape_where_there_is_one() -> None:
    parts = {
        Period.month(year, at): (Fraction(1), Fraction((10 if at < 11 else 30) * (year - 2024)))
        for year in (2025, 2026)
        for at in range(1, 13)
        if (year, at) < (2026, 11)
    }
    found = year_rate(parts, OCTOBER, 2, Fraction(1, 2))
    assert found is not None
    assert (found.lower, found.rest, found.shaped) == (200, 120, True)
    assert year_rate(parts, Period.month(2026, 12), 0, Fraction(1, 2)) is None


def test_spots_fall_to_nought() -> None:
    figures = [count(one) for one in (80, 72, 66, 60, 52, 46, 40)]
    found = asked(SPOTS, figures, aim(Fraction(0)))
    assert found.needed == -20
    assert found.moved == Fraction(-20, 3)
    assert found.outlook is Outlook.LATE
    assert found.arrival is not None
    assert found.arrival.likely == 6
    assert found.at_end is not None
    assert found.at_end.low >= 0
    more = asked(SPOTS, figures[::-1], aim(Fraction(0)))
    assert more.outlook is Outlook.NEVER
    assert more.share is not None
    assert more.share < 0
    none = asked(SPOTS, [count(0)], aim(Fraction(0)))
    assert (none.outlook, none.needed) == (Outlook.REACHED, 0)


def test_what_begins_anew_with_the_year_takes_january_from_nought() -> None:
    there = {
        Period.month(2025, 12, Calendar.ADMINISTRATIVE): share(Fraction(95, 100)),
        Period.month(2026, 1, Calendar.ADMINISTRATIVE): share(Fraction(2, 100)),
        Period.month(2026, 2, Calendar.ADMINISTRATIVE): share(Fraction(5, 100)),
        Period.month(2026, 3, Calendar.ADMINISTRATIVE): share(Fraction(12, 100)),
    }
    last = max(there)
    flat = {one: it.value for one, it in there.items() if it.value is not None}
    assert step(flat, last.shift(-2), restarts=True) == Fraction(2, 100)
    assert step(flat, last.shift(-2)) == Fraction(-93, 100)
    assert recent(flat, last, restarts=True) == Fraction(4, 100)
    found = asked(YEARLY, [there[last]], aim(Fraction(1)), but=there, last=last, day=last.end)
    assert found.left == 9
    assert found.moved == Fraction(4, 100)


def test_last_years_shape_is_scaled_to_this_years_pace() -> None:
    flat = {OCTOBER.shift(at - 15): Fraction(at, 100) for at in range(6)}
    flat |= {OCTOBER.shift(at - 3): Fraction(40 + 2 * at, 100) for at in range(4)}
    found = season(flat, OCTOBER, 2)
    assert found is not None
    assert (found.then, found.scale) == (Fraction(2, 100), 2)
    assert found.expected == Fraction(46 + 4, 100)
    backwards = {**flat, OCTOBER: Fraction(30, 100)}
    other = season(backwards, OCTOBER, 2)
    assert other is not None
    assert (other.scale, other.expected) == (None, Fraction(32, 100))
    assert season(flat, OCTOBER, 3) is None
    assert season({}, Period.of(Calendar.CALENDAR, Grain.DAY, TODAY), 3) is None


@pytest.mark.parametrize(
    ("figure", "target", "why"),
    [
        (Figure(Kind.RATIO, None), aim(Fraction(1, 2)), Reason.NO_VALUE),
        (Figure(Kind.RATIO, None, Fraction(3)), aim(Fraction(1, 2)), Reason.COUNT_ONLY),
        (share(Fraction(1, 3)), None, Reason.NO_TARGET),
        (
            replace(share(Fraction(1, 3)), bound=Bound.AT_LEAST),
            aim(Fraction(1, 2)),
            Reason.AT_LEAST,
        ),
    ],
)
def test_what_cannot_be_judged_has_no_pace_and_says_why(
    figure: Figure, target: Target | None, why: Reason
) -> None:
    found = asked(RATE, [figure], target)
    assert (found.outlook, found.why, found.needed) == (Outlook.NOT_JUDGED, why, None)


def test_a_neutral_indicator_has_no_pace() -> None:
    neutral = RATE.model_copy(update={"direction": Direction.NEUTRAL})
    assert asked(neutral, [share(Fraction(1, 3))], aim(Fraction(1, 2))).why is Reason.NEUTRAL


def test_the_deadline_is_the_targets_last_day_or_the_years() -> None:
    half = Fraction(1, 2)
    assert deadline(aim(half, date(2026, 12, 19)), TODAY) == date(2026, 12, 19)
    assert deadline(aim(half, None), TODAY) == date(2026, 12, 31)
    carried = aim(half, date(2025, 12, 31), carried_year=2025)
    assert deadline(carried, TODAY) == date(2026, 12, 31)
    assert periods_left(OCTOBER, date(2026, 12, 31)) == 2
    assert periods_left(OCTOBER, date(2026, 12, 30)) == 1
    administrative = Period.month(2026, 10, Calendar.ADMINISTRATIVE)
    assert periods_left(administrative, date(2026, 12, 31)) == 2


def test_after_the_deadline_nothing_is_foretold() -> None:
    found = asked(STOCK, [share(Fraction(1, 3))], aim(Fraction(1, 2), date(2026, 11, 10)))
    assert (found.outlook, found.workdays, found.daily) == (Outlook.PAST, 0, None)


def test_too_few_figures_tell_no_future() -> None:
    figures = [share(Fraction(one, 100)) for one in (50, 51, 53, 54)]
    found = asked(STOCK, figures, aim(Fraction(65, 100)))
    assert found.outlook is Outlook.UNKNOWN
    assert found.moved == Fraction(4, 300)
    assert (found.drift, found.at_end, found.arrival) == (None, None, None)
    assert not found.sure


def test_an_even_past_has_no_spread() -> None:
    flat = {OCTOBER.shift(-at): Fraction(50 - at) for at in range(8)}
    moving = drift(flat, OCTOBER)
    assert moving is not None
    assert (moving.mean, moving.square) == (1, 0)
    led = ahead(Fraction(50), moving, 3)
    assert (led.low, led.likely, led.high) == (53, 53, 53)


def test_tet_leaves_fewer_working_days() -> None:
    last = Period.month(2026, 1)
    to = date(2026, 2, 28)
    found = asked(STOCK, [share(Fraction(1, 3))], aim(Fraction(1, 2), to), last=last, day=last.end)
    # Twenty days from Monday to Friday, less the five of Tết from 16 to 20 February, and more
    # the Saturday worked for one of them, if there is any.
    assert found.workdays == workdays().between(last.end, to) < 20
