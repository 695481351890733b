"""What a total may become lies between the bounds, whatever the missing bring."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.catalogue import Catalogue
from ioc.domain.coverage_range import coverage_range
from ioc.domain.measure import Figure, Kind

OF = Catalogue.load()
SHARE, COUNT, SCORE = (OF.by_code(one) for one in ("OPS-01", "OPS-06", "OPS-11"))
pairs = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def share(upper: int, lower: int) -> Figure:
    return Figure(Kind.RATIO, Fraction(upper, lower), Fraction(upper), Fraction(lower))


@given(pairs, st.lists(st.tuples(pairs, st.fractions(0, 1)), min_size=1, max_size=5))
def test_the_total_lies_between_its_bounds(
    there: tuple[int, int], later: list[tuple[tuple[int, int], Fraction]]
) -> None:
    found = coverage_range(SHARE, share(*there), [share(*pair) for pair, _ in later])
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert found.as_last is not None
    whole = there[1] + sum(pair[1] for pair, _ in later)
    became = (there[0] + sum(pair[1] * part for pair, part in later)) / Fraction(whole)
    assert found.low <= became <= found.high
    assert found.low <= found.as_last <= found.high
    assert found.weight == Fraction(there[1], whole)
    assert found.high - found.low == 1 - found.weight


def test_by_hand() -> None:
    found = coverage_range(SHARE, share(60, 90), [share(2, 10), None])
    assert found is not None
    assert (found.missing, found.unweighed) == (2, 1)
    assert (found.low, found.high) == (Fraction(60, 100), Fraction(70, 100))
    assert (found.weight, found.as_last) == (Fraction(9, 10), Fraction(62, 100))


def test_a_count_has_no_upper_bound() -> None:
    total, last = (Figure(Kind.COUNT, Fraction(value)) for value in (40, 10))
    found = coverage_range(COUNT, total, [last])
    assert found is not None
    assert (found.low, found.high, found.as_last) == (40, None, 50)
    assert found.weight == Fraction(4, 5)


def test_who_never_reported_has_no_weight_and_bounds_nothing() -> None:
    found = coverage_range(SHARE, share(1, 2), [None, Figure(Kind.RATIO, Fraction(1, 2))])
    assert found is not None
    assert (found.missing, found.unweighed) == (2, 2)
    assert (found.weight, found.low, found.high, found.as_last) == (None, None, None, None)


def test_there_is_nothing_to_say_of_a_whole_total_or_of_what_does_not_add_up() -> None:
    assert coverage_range(SHARE, share(1, 2), []) is None
    assert coverage_range(SHARE, Figure(Kind.RATIO, None), [None]) is None
    assert coverage_range(SHARE, Figure(Kind.RATIO, Fraction(1, 2)), [share(1, 2)]) is None
    assert coverage_range(SCORE, Figure(Kind.SCORE, Fraction(7)), [None]) is None
    exceeding = SHARE.model_copy(update={"may_exceed": True})
    found = coverage_range(exceeding, share(1, 2), [share(1, 2)])
    assert found is not None
    assert found.high is None
    assert found.low == Fraction(1, 4)
