"""A figure changed after it was shown says so; one that only grew or was completed does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.errors import NotAllowedError
from ioc.queries.revision_answers import Revisions
from ioc.queries.revisions import revisions
from tests.ioc.queries.house import EVERYTHING, House, Said, counting, of

SEPTEMBER = "2026-09"
THIS_MONTH = "2026-11"


def asked(house: House, scope: Scope = EVERYTHING, **parts: str) -> Revisions:
    return revisions(house.desk, View.from_address("/revisions", **parts), scope)


def rate(unit: str, num: int, period: str = SEPTEMBER) -> Said:
    return Said(unit, "OPS-01", period, num, 100)


def test_a_first_figure_is_no_revision(house: House) -> None:
    house.tell(rate("38", 40))
    assert asked(house).rows == ()


def test_a_figure_given_again_differently_is_told_with_all_that_one_asks(house: House) -> None:
    first = house.tell(rate("38", 40))
    second = house.tell(rate("38", 47), source="real")
    own = [row for row in asked(house).rows if row.unit.key == "38"]
    assert len(own) == 1
    assert (own[0].then.value, own[0].now.value) == (Fraction(40, 100), Fraction(47, 100))
    assert (own[0].shown_at, own[0].at) == (first, second)
    assert (own[0].source, own[0].name) == ("Nguồn", "real")


def test_the_sums_above_are_revised_with_it(house: House) -> None:
    house.tell(rate("38", 40), rate("31", 10))
    house.tell(rate("38", 47))
    told = {row.unit.key: (row.then.value, row.now.value) for row in asked(house).rows}
    assert told["vn"] == (Fraction(50, 200), Fraction(57, 200))
    assert told["38"] == (Fraction(40, 100), Fraction(47, 100))


def test_a_sum_that_is_completed_by_another_unit_is_no_revision(house: House) -> None:
    house.tell(rate("38", 40))
    house.tell(rate("31", 10))
    assert asked(house).rows == ()


def test_a_units_own_first_figure_is_a_report_and_its_second_a_revision(house: House) -> None:
    house.tell(rate("38", 40))
    house.tell(rate("vn", 60), source="real")
    assert asked(house).rows == ()
    house.tell(rate("vn", 61), source="real")
    (row,) = asked(house).rows
    assert (row.unit.key, row.then.numerator, row.now.numerator) == ("vn", 60, 61)


def test_a_figure_that_grows_while_its_period_runs_is_no_revision(house: House) -> None:
    house.tell(rate("38", 40, THIS_MONTH))
    house.tell(rate("38", 47, THIS_MONTH))
    assert asked(house).rows == ()


def test_what_was_last_told_before_the_period_ended_is_completed_not_revised(
    house: House,
) -> None:
    house.clock = datetime(2026, 9, 20, tzinfo=UTC)
    house.tell(rate("38", 40))
    house.clock = datetime(2026, 10, 2, tzinfo=UTC)
    house.tell(rate("38", 47))
    assert asked(house).rows == ()
    house.tell(rate("38", 45))
    assert [row.then.numerator for row in asked(house).rows if row.unit.key == "38"] == [47]


def test_another_source_that_says_the_same_revises_nothing(house: House) -> None:
    house.tell(rate("38", 40))
    house.tell(rate("38", 40), source="real")
    assert asked(house).rows == ()


def test_a_withdrawal_is_a_revision(house: House) -> None:
    house.tell(rate("38", 40))
    house.tell(Said("38", "OPS-01", SEPTEMBER, state=2))
    (row,) = [one for one in asked(house).rows if one.unit.key == "38"]
    assert row.now.value is None
    assert row.now.empty is not None


def test_the_list_is_newest_first_and_narrowed_by_the_address(house: House) -> None:
    house.tell(rate("38", 40), rate("31", 10), Said("31", "OPS-05", SEPTEMBER, 5, 10))
    house.tell(rate("38", 47))
    house.tell(rate("31", 12), Said("31", "OPS-05", SEPTEMBER, 6, 10))
    moments = [row.at for row in asked(house).rows]
    assert moments == sorted(moments, reverse=True)
    assert {row.unit.key for row in asked(house, unit="31").rows} == {"31"}
    assert {row.indicator.code for row in asked(house, indicator="OPS-05").rows} == {"OPS-05"}
    assert asked(house, period="2026-08").rows == ()
    assert len(asked(house, period=SEPTEMBER).rows) == asked(house).count


def test_a_scope_sees_its_own_revisions_only(house: House) -> None:
    house.tell(rate("38", 40), rate("31", 10))
    house.tell(rate("38", 47), rate("31", 12))
    haiphong = house.units.by_key("31").id
    scope = Scope.of(haiphong)
    assert {row.unit.key for row in asked(house, scope, unit="31").rows} == {"31"}
    with pytest.raises(NotAllowedError):
        asked(house, scope, unit="38")


def test_a_past_moment_does_not_know_later_revisions(house: House) -> None:
    house.tell(rate("38", 40))
    before = house.tell(rate("38", 47))
    house.tell(rate("38", 49))
    then = asked(house, known_at=before.isoformat())
    assert [row.now.numerator for row in then.rows if row.unit.key == "38"] == [47]


def test_the_figure_bears_the_mark_on_the_pages_that_show_it(house: House) -> None:
    house.tell(rate("38", 40), rate("31", 10))
    at = house.tell(rate("38", 47))
    cell = of(house.indicator("OPS-01", period=SEPTEMBER).children, "38")
    assert cell.corrected is not None
    assert cell.corrected.then.value == Fraction(40, 100)
    assert cell.corrected.at == at
    assert not cell.corrected.lately(house.now)
    assert cell.corrected.lately(at + timedelta(hours=23))
    overview = house.overview(period=SEPTEMBER)
    assert of(overview.children, "31").corrected is None
    assert overview.total.corrected is not None


def test_marks_cost_one_statement(house: House) -> None:
    house.tell(rate("38", 40), rate("31", 10))
    before = counting(house.engine, lambda: house.indicator("OPS-01", period=SEPTEMBER))
    house.tell(rate("38", 47), rate("31", 12))
    after = counting(house.engine, lambda: house.indicator("OPS-01", period=SEPTEMBER))
    assert after == before
