"""A change and its account: exact by hand, and adding up for any parts that come and go."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.decompose import Account, Presence, of_count, of_ratio

Pairs = dict[str, tuple[Fraction, Fraction]]
COUNTS = st.integers(0, 10**6)
SAID = st.dictionaries(
    st.sampled_from("abcdefgh"), st.tuples(COUNTS, COUNTS | st.just(0)), max_size=8
)


def pairs(said: dict[str, tuple[int, int]]) -> Pairs:
    return {key: (Fraction(above), Fraction(below)) for key, (above, below) in said.items()}


def whole(said: Pairs) -> Fraction | None:
    below = sum((one[1] for one in said.values()), Fraction(0))
    return sum((one[0] for one in said.values()), Fraction(0)) / below if below else None


def account(before: dict[str, tuple[int, int]], now: dict[str, tuple[int, int]]) -> Account[str]:
    then, after = pairs(before), pairs(now)
    totals = whole(then), whole(after)
    assert totals[0] is not None
    assert totals[1] is not None
    return of_ratio(then, after, totals=(totals[0], totals[1]))


def share(found: Account[str], key: str) -> tuple[Fraction, Fraction, Fraction]:
    return next((one.rate, one.mix, one.apart) for one in found.shares if one.key == key)


def test_rates_alone() -> None:
    found = account({"a": (50, 100), "b": (50, 100)}, {"a": (70, 100), "b": (50, 100)})
    assert found.change == Fraction(1, 10)
    assert share(found, "a") == (Fraction(1, 10), 0, 0)
    assert share(found, "b") == (0, 0, 0)
    assert found.rest == 0


def test_the_mix_alone_moves_a_total_whose_parts_stand_still() -> None:
    # a stays at 90 %, b at 10 %; a grows from a half to three quarters of all.
    found = account({"a": (90, 100), "b": (10, 100)}, {"a": (270, 300), "b": (10, 100)})
    assert found.change == Fraction(1, 5)
    assert found.rate == 0
    # R is 50 % and 70 %, their mean 60 %: a is 30 points above it, b 50 below.
    assert share(found, "a") == (0, Fraction(1, 4) * Fraction(3, 10), 0)
    assert share(found, "b") == (0, Fraction(1, 4) * Fraction(1, 2), 0)


def test_both_by_hand() -> None:
    # w: a 0.5 → 0.6, b 0.5 → 0.4; r: a 0.4 → 0.5, b 0.8 → 0.75; R: 0.6 → 0.6.
    found = account({"a": (40, 100), "b": (80, 100)}, {"a": (60, 120), "b": (60, 80)})
    assert found.change == 0
    assert share(found, "a") == (Fraction("0.055"), Fraction("0.1") * Fraction("-0.15"), 0)
    assert share(found, "b") == (Fraction("-0.0225"), Fraction("-0.1") * Fraction("0.175"), 0)
    assert found.rate + found.mix == 0


def test_a_part_that_is_missing_in_a_period_is_told_apart() -> None:
    found = account({"a": (50, 100)}, {"a": (50, 100), "b": (90, 100)})
    assert found.change == Fraction(1, 5)
    one = next(one for one in found.shares if one.key == "b")
    assert (one.presence, one.apart, one.rate, one.mix) == (
        Presence.ONLY_NOW, Fraction(1, 5), 0, 0,
    )  # fmt: skip
    back = account({"a": (50, 100), "b": (90, 100)}, {"a": (50, 100)})
    gone = next(one for one in back.shares if one.key == "b")
    assert (gone.presence, gone.apart) == (Presence.ONLY_BEFORE, Fraction(-1, 5))


def test_a_part_without_weight_before_is_all_mix() -> None:
    found = account({"a": (50, 100), "b": (0, 0)}, {"a": (50, 100), "b": (90, 100)})
    assert share(found, "b")[0] == 0
    assert share(found, "b")[2] == 0
    assert found.mix == found.change == Fraction(1, 5)


def test_what_nobody_shares_cannot_be_split() -> None:
    found = account({"a": (1, 2)}, {"b": (3, 4)})
    assert found.shares == ()
    assert found.rest == found.change == Fraction(1, 4)


def test_a_total_stated_apart_leaves_a_rest() -> None:
    found = of_ratio(
        pairs({"a": (1, 2)}), pairs({"a": (1, 2)}), totals=(Fraction(1, 2), Fraction(3, 5))
    )
    assert (found.rate, found.mix, found.apart) == (0, 0, 0)
    assert found.rest == Fraction(1, 10)


@given(SAID, SAID)
def test_the_account_adds_up(
    before: dict[str, tuple[int, int]], now: dict[str, tuple[int, int]]
) -> None:
    then, after = pairs(before), pairs(now)
    totals = whole(then), whole(after)
    if totals[0] is None or totals[1] is None:
        return
    found = of_ratio(then, after, totals=(totals[0], totals[1]))
    added = sum((one.total for one in found.shares), Fraction(0)) + found.rest
    assert added == found.change
    as_floats = sum(float(one.rate) + float(one.mix) + float(one.apart) for one in found.shares)
    scale = max([1.0, *(abs(float(one.total)) for one in found.shares)])
    assert as_floats + float(found.rest) == pytest.approx(float(found.change), abs=1e-9 * scale)
    if found.shares:
        assert found.rest == 0
        assert {one.key for one in found.shares} == then.keys() | after.keys()


@given(SAID, SAID)
def test_read_backwards_it_is_the_same_account(
    before: dict[str, tuple[int, int]], now: dict[str, tuple[int, int]]
) -> None:
    then, after = pairs(before), pairs(now)
    totals = whole(then), whole(after)
    if totals[0] is None or totals[1] is None:
        return
    there = of_ratio(then, after, totals=(totals[0], totals[1]))
    back = of_ratio(after, then, totals=(totals[1], totals[0]))
    turned = {one.key: (-one.rate, -one.mix, -one.apart) for one in back.shares}
    assert {one.key: (one.rate, one.mix, one.apart) for one in there.shares} == turned


@given(
    st.dictionaries(st.sampled_from("abcdef"), COUNTS),
    st.dictionaries(st.sampled_from("abcdef"), COUNTS),
    COUNTS,
)
def test_counts_add_up_with_what_was_stated_apart(
    before: dict[str, int], now: dict[str, int], stated: int
) -> None:
    then = {key: Fraction(value) for key, value in before.items()}
    after = {key: Fraction(value) for key, value in now.items()}
    totals = sum(then.values(), Fraction(0)), sum(after.values(), Fraction(0)) + stated
    found = of_count(then, after, totals=totals)
    assert found.rest == stated
    assert sum((one.total for one in found.shares), Fraction(0)) + stated == found.change
    assert found.mix == 0
