"""Intervals of few cases: Wilson's own properties, figures known from elsewhere, symmetry."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.catalogue import Catalogue
from ioc.domain.interval import FEW, alike, interval, wilson
from ioc.domain.measure import Bound, Figure, Kind
from ioc.domain.roots import root

shares = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("hits", "cases", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3.
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
    ],
)
def test_the_published_examples(hits: int, cases: int, low: str, high: str) -> None:
    found = wilson(hits, cases)
    assert found is not None
    assert (f"{float(found.low):.4f}", f"{float(found.high):.4f}") == (low, high)


@given(shares)
def test_it_holds_the_share_and_stays_within_nought_and_one(pair: tuple[int, int]) -> None:
    hits, cases = pair
    found = wilson(hits, cases)
    assert found is not None
    assert 0 <= found.low <= Fraction(hits, cases) <= found.high <= 1
    mirrored = wilson(cases - hits, cases)
    assert mirrored is not None
    assert (mirrored.low, mirrored.high) == (1 - found.high, 1 - found.low)


@given(shares)
def test_more_cases_make_it_narrower(pair: tuple[int, int]) -> None:
    hits, cases = pair
    few, many = wilson(hits, cases), wilson(hits * 4, cases * 4)
    assert few is not None
    assert many is not None
    assert many.high - many.low <= few.high - few.low


@given(shares, shares)
def test_to_be_alike_is_symmetric_and_reflexive(one: tuple[int, int], two: tuple[int, int]) -> None:
    mine, its = wilson(*one), wilson(*two)
    assert mine is not None
    assert its is not None
    first, second = Fraction(*one), Fraction(*two)
    assert alike(first, mine, first, mine)
    assert alike(first, mine, second, its) == alike(second, its, first, mine)


def test_few_cases_cannot_be_told_apart_where_many_can() -> None:
    few, more = wilson(6, 10), wilson(8, 10)
    many, most = wilson(6000, 10000), wilson(8000, 10000)
    assert few is not None
    assert more is not None
    assert many is not None
    assert most is not None
    assert few.small
    assert not many.small
    assert alike(Fraction(3, 5), few, Fraction(4, 5), more)
    assert not alike(Fraction(3, 5), many, Fraction(4, 5), most)


def test_without_cases_there_is_none_and_nonsense_is_refused() -> None:
    assert wilson(0, 0) is None
    for hits, cases in ((-1, 3), (4, 3)):
        with pytest.raises(ValueError, match="of"):
            wilson(hits, cases)
    with pytest.raises(ValueError, match="root"):
        root(Fraction(-1))


def test_at_the_limit_of_few_it_is_at_most_five_points_wide_each_way() -> None:
    found = wilson(FEW // 2, FEW)
    assert found is not None
    assert (found.high - found.low) / 2 < Fraction(49, 1000)


@given(st.fractions(min_value=0, max_value=10**6))
def test_a_root_is_never_too_low(value: Fraction) -> None:
    found = root(value)
    assert found * found >= value
    assert found == 0 or (found - Fraction(1, 10**9)) ** 2 < value


def test_only_exact_shares_of_counted_cases_have_one() -> None:
    of = Catalogue.load().by_code("OPS-01")
    figure = Figure(Kind.RATIO, Fraction(1, 2), Fraction(5), Fraction(10))
    assert interval(of, figure) is not None
    assert interval(of, replace(figure, bound=Bound.AT_LEAST)) is None
    assert interval(of, replace(figure, denominator=None)) is None
    assert interval(of, replace(figure, numerator=Fraction(11))) is None
    assert interval(of.model_copy(update={"scale": 3}), figure) is None
    assert interval(of.model_copy(update={"may_exceed": True}), figure) is None
    assert interval(of, Figure(Kind.COUNT, Fraction(5))) is None
