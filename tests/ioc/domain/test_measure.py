"""Ratios are pooled, never added; totals refuse what cannot be totalled."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.measure import Coverage, Empty, Figure, Kind, Ratio, total
from ioc.errors import MeasureError

RATIOS = st.builds(Ratio, st.integers(0, 10**9), st.integers(0, 10**9))


def test_a_half_and_a_quarter_make_a_third() -> None:
    pooled = Ratio.pool([Ratio(1, 2), Ratio(1, 4)])
    assert pooled == Ratio(2, 6)
    assert pooled is not None
    assert pooled.value == Fraction(1, 3)


def test_the_naive_mean_is_wrong() -> None:
    pooled = total(Kind.RATIO, [Ratio(100, 200), Ratio(90, 100)])
    assert isinstance(pooled, Ratio)
    assert pooled.value == Fraction(190, 300)


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.truediv])
@pytest.mark.parametrize("other", [Ratio(1, 4), 1, Fraction(1, 2)])
def test_ratio_arithmetic_is_refused(
    operation: Callable[[object, object], object], other: object
) -> None:
    for left, right in ((Ratio(1, 2), other), (other, Ratio(1, 2))):
        with pytest.raises(MeasureError) as caught:
            operation(left, right)
        assert caught.value.code == "ratio_arithmetic"


def test_the_built_in_ways_to_average_are_refused() -> None:
    for attempt in (sum, float, int):
        with pytest.raises(MeasureError):
            attempt([Ratio(1, 2)] if attempt is sum else Ratio(1, 2))  # type: ignore[operator]


@given(st.lists(RATIOS, min_size=1), st.randoms())
def test_pooling_does_not_depend_on_the_order(parts: list[Ratio], random: object) -> None:
    mixed = list(parts)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert Ratio.pool(mixed) == Ratio.pool(parts)


@given(st.lists(RATIOS, min_size=1), st.lists(RATIOS, min_size=1))
def test_pooling_in_two_steps_is_pooling_at_once(some: list[Ratio], rest: list[Ratio]) -> None:
    halves = [part for part in (Ratio.pool(some), Ratio.pool(rest)) if part]
    assert Ratio.pool(halves) == Ratio.pool(some + rest)


@given(st.lists(RATIOS.filter(lambda one: one.denominator > 0), min_size=1))
def test_a_pooled_rate_lies_between_its_parts(parts: list[Ratio]) -> None:
    pooled = Ratio.pool(parts)
    assert pooled is not None
    shares = [part.value for part in parts if part.value is not None]
    assert pooled.value is not None
    assert min(shares) <= pooled.value <= max(shares)


def test_nothing_pools_to_nothing_and_zero_over_zero_has_no_value() -> None:
    assert Ratio.pool([]) is None
    assert Ratio(0, 0).value is None
    assert Ratio(0, 5).value == 0


@pytest.mark.parametrize("kind", [Kind.COUNT, Kind.AMOUNT])
def test_counts_and_amounts_add_up(kind: Kind) -> None:
    assert total(kind, [46_000, 366_383]) == 412_383
    assert total(kind, [0]) == 0
    assert total(kind, []) is None


@pytest.mark.parametrize(
    ("kind", "values", "code"),
    [
        (Kind.SCORE, [80, 90], "score_total"),
        (Kind.SCORE, [], "score_total"),
        (Kind.RATIO, [Ratio(1, 2), 900_000], "bare_rate"),
        (Kind.COUNT, [3, Ratio(1, 2)], "ratio_arithmetic"),
    ],
)
def test_what_cannot_be_totalled_is_refused(
    kind: Kind, values: list[Ratio | int], code: str
) -> None:
    with pytest.raises(MeasureError) as caught:
        total(kind, values)
    assert caught.value.code == code


def test_a_total_of_no_ratios_is_missing_not_zero() -> None:
    assert total(Kind.RATIO, []) is None


def test_coverage_is_complete_when_nobody_is_missing() -> None:
    assert not Coverage(30, 34).complete
    assert Coverage(34, 34).complete
    assert Coverage(0, 0).complete


def test_a_numerator_alone_is_a_count_and_no_rate() -> None:
    assert Figure(Kind.RATIO, None, numerator=Fraction(216_450)).count_only
    assert not Figure(Kind.RATIO, None, empty=Empty.MISSING).count_only
    assert not Figure(Kind.RATIO, Fraction(1, 2), numerator=Fraction(1)).count_only
    assert not Figure(Kind.COUNT, Fraction(5), numerator=Fraction(5)).count_only


def test_a_zero_denominator_is_undefined_and_no_lone_count() -> None:
    """Reported with 0/0: there is no rate, and nothing to show as a count either."""
    undefined = Figure(Kind.RATIO, None, Fraction(0), Fraction(0), empty=Empty.UNDEFINED)
    assert not undefined.count_only


def test_empty_is_five_different_things_and_never_zero() -> None:
    assert len(set(Empty)) == 5
    assert Figure(Kind.COUNT, Fraction(0)).empty is None
