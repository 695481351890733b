"""Two sources of one figure, and a total and its parts: equal, or a difference row exists."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.errors import AddressError, NotAllowedError
from ioc.queries.difference_answers import Differences
from ioc.queries.differences import differences
from tests.ioc.queries.house import EVERYTHING, House, Said

SEPTEMBER = "2026-09"
PROVINCES = ("31", "38", "79")


def asked(house: House, form: str, scope: Scope = EVERYTHING, **parts: str) -> Differences:
    return differences(house.desk, View.from_address("/differences", form=form, **parts), scope)


def rate(unit: str, num: int, den: int = 100, period: str = SEPTEMBER) -> Said:
    return Said(unit, "OPS-01", period, num, den)


def test_two_sources_that_agree_make_no_row(house: House) -> None:
    house.tell(rate("38", 40), source="real")
    house.tell(rate("38", 40))
    assert asked(house, "pairs").pairs == ()


def test_two_sources_stand_side_by_side_with_the_rule_that_chose(house: House) -> None:
    house.tell(rate("38", 40), source="real")
    house.tell(rate("38", 47))
    (row,) = asked(house, "pairs").pairs
    assert [(one.name, one.stands) for one in row.told] == [("real", True), ("demo", False)]
    assert row.why == "rank"
    assert row.apart == Fraction(-7, 100)
    assert dict(asked(house, "pairs").counts)["pairs"] == 1


def test_the_biggest_difference_comes_first(house: House) -> None:
    house.tell(rate("38", 40), rate("31", 10), rate("79", 50), source="real")
    house.tell(rate("38", 47), rate("31", 90), rate("79", 51))
    assert [row.unit.key for row in asked(house, "pairs").pairs] == ["31", "38", "79"]


def test_the_same_rate_from_other_counts_is_a_difference_too(house: House) -> None:
    house.tell(rate("38", 40, 100), source="real")
    house.tell(rate("38", 80, 200))
    (row,) = asked(house, "pairs").pairs
    assert row.apart == 0


def test_a_withdrawn_figure_differs_from_one_that_is_stated(house: House) -> None:
    house.tell(Said("38", "OPS-01", SEPTEMBER, state=2), source="real")
    house.tell(rate("38", 47))
    (row,) = asked(house, "pairs").pairs
    assert row.apart is None


def test_a_bare_rate_within_its_rounding_agrees(house: House) -> None:
    house.tell(rate("38", 1, 3), source="real")
    house.tell(Said("38", "OPS-01", SEPTEMBER, val=333_333))
    assert asked(house, "pairs").pairs == ()


def test_a_total_that_is_not_the_sum_is_a_row_with_both_sides(house: House) -> None:
    house.tell(rate("38", 40), rate("31", 10))
    house.tell(rate("local", 60, 200), source="real")
    (row,) = asked(house, "sums").sums
    assert (row.unit.key, row.whole.numerator, row.summed.numerator) == ("local", 60, 50)
    assert row.left == (10, 0)
    assert (row.reported, row.complete) == (2, False)
    assert row.expected == 34


def test_filters_narrow_and_unknown_forms_are_refused(house: House) -> None:
    house.tell(rate("38", 40), rate("31", 10), source="real")
    house.tell(rate("38", 47), rate("31", 20))
    assert {row.unit.key for row in asked(house, "pairs", unit="31").pairs} == {"31"}
    assert asked(house, "pairs", indicator="OPS-05").pairs == ()
    assert asked(house, "pairs", period="2026-08").pairs == ()
    with pytest.raises(AddressError):
        asked(house, "guesses")


def test_a_scope_sees_its_own_differences_only(house: House) -> None:
    house.tell(rate("38", 40), rate("31", 10), source="real")
    house.tell(rate("38", 47), rate("31", 20))
    scope = Scope.of(house.units.by_key("31").id)
    assert [row.unit.key for row in asked(house, "pairs", scope, unit="31").pairs] == ["31"]
    with pytest.raises(NotAllowedError):
        asked(house, "pairs", scope, unit="vn")


def test_of_the_past_it_is_said_that_it_cannot_be_asked(house: House) -> None:
    then = house.tell(rate("38", 40))
    assert not asked(house, "pairs", known_at=then.isoformat()).asked


counts = st.integers(0, 50)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(parts=st.lists(counts, min_size=3, max_size=3), off=st.integers(-3, 3))
def test_parts_equal_the_total_or_a_difference_row_exists(
    house: House, parts: list[int], off: int
) -> None:
    house.prepare()
    whole = sum(parts) + off
    told = [rate(unit, num) for unit, num in zip(PROVINCES, parts, strict=True)]
    house.tell(*told)
    house.tell(rate("local", max(0, whole), 300), source="real")
    rows = asked(house, "sums", unit="local").sums
    if max(0, whole) == sum(parts):
        assert rows == ()
    else:
        (row,) = rows
        assert row.summed.numerator == sum(parts)
        assert row.left[0] == max(0, whole) - sum(parts)


def test_the_units_of_half_the_country_can_be_asked_at_once(house: House) -> None:
    house.tell(rate("38", 40), source="real")
    house.tell(rate("38", 47))
    found = asked(house, "pairs", unit="local")
    assert [row.unit.key for row in found.pairs] == ["38"]
    assert asked(house, "pairs", unit="gov").pairs == ()
