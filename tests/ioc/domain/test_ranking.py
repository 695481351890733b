"""A ranking is a total preorder of the values and depends on nothing else."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.interval import alike, wilson
from ioc.domain.ranking import not_worse, places

values = st.lists(st.fractions(0, 1, max_denominator=6), min_size=1, max_size=12)
three = st.tuples(*[st.fractions(-5, 5, max_denominator=4)] * 3)


@given(three, st.booleans())
def test_it_is_reflexive_transitive_and_total(some: tuple[Fraction, ...], low: bool) -> None:
    one, two, last = some

    def before(a: Fraction, b: Fraction) -> bool:
        return not_worse(a, b, low_is_best=low)

    assert before(one, one)
    assert before(one, two) or before(two, one)
    if before(one, two) and before(two, last):
        assert before(one, last)
    if before(one, two) and before(two, one):
        assert one == two


@given(values, st.booleans())
def test_the_ranks_are_that_order(some: list[Fraction], low: bool) -> None:
    found = places(some, low_is_best=low)
    for one, its in zip(some, found, strict=True):
        better = sum(not not_worse(one, other, low_is_best=low) for other in some)
        assert its.rank == 1 + better
        assert its.tied == (some.count(one) > 1)
        assert its.ranked == len(some)
        for other, others in zip(some, found, strict=True):
            assert (its.rank <= others.rank) == not_worse(one, other, low_is_best=low)


@given(values, st.randoms(use_true_random=False), st.booleans())
def test_the_order_given_does_not_matter(some: list[Fraction], random: object, low: bool) -> None:
    order = list(range(len(some)))
    random.shuffle(order)  # type: ignore[attr-defined]
    straight = places(some, low_is_best=low)
    shuffled = places([some[at] for at in order], low_is_best=low)
    assert [straight[at] for at in order] == list(shuffled)


def test_thirds_of_different_sizes_are_a_tie_and_the_next_rank_is_left_out() -> None:
    found = places([Fraction(1, 3), Fraction(2, 6), Fraction(1, 2), Fraction(0)], silent=2)
    assert [one.rank for one in found] == [2, 2, 1, 4]
    assert [one.tied for one in found] == [True, True, False, False]
    assert {(one.ranked, one.silent) for one in found} == {(4, 2)}


def test_few_cases_say_between_which_ranks_chance_may_place_them() -> None:
    pairs = [(9400, 10000), (8, 10), (7000, 10000), (100, 10000)]
    found = places([Fraction(*one) for one in pairs], intervals=[wilson(*one) for one in pairs])
    assert [one.rank for one in found] == [1, 2, 3, 4]
    assert found[1].like == (1, 3)
    assert [found[at].like for at in (0, 2, 3)] == [None, None, None]


def test_nobody_is_nothing() -> None:
    assert places([]) == ()


@given(st.lists(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
                min_size=1, max_size=9))  # fmt: skip
def test_the_ranks_chance_allows_are_those_of_the_exact_comparison(
    pairs: list[tuple[int, int]],
) -> None:
    shares = [Fraction(*one) for one in pairs]
    intervals = [wilson(*one) for one in pairs]
    found = places(shares, intervals=intervals)
    for one, its, place in zip(shares, intervals, found, strict=True):
        ranks = {
            other.rank
            for value, there, other in zip(shares, intervals, found, strict=True)
            if its and there and alike(one, its, value, there)
        }
        assert place.like == (None if len(ranks) == 1 else (min(ranks), max(ranks)))
