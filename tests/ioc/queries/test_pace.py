"""Paces of units, the board of the wall, and what a total may become, over a real store."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ioc.domain.pace import Outlook
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.queries.answers import IndicatorPage, UnitPace
from ioc.queries.pace import PaceBoard, pace_board
from ioc.queries.record import record
from tests.ioc.queries.house import House, Said, of

MONTHS = [f"2026-{at:02d}" for at in range(1, 11)]
UP = (50, 51, 53, 54, 54, 56, 57, 57, 58, 59)


@pytest.fixture
def told(house: House) -> House:
    """Hà Nội rises slowly, Thanh Hóa falls, HCMC has reached 80 %; Hải Phòng came once."""
    for code, percents in (("01", UP), ("38", UP[::-1]), ("79", [85] * 10)):
        house.tell(
            *(
                Said(code, "OPS-02", month, one * 10, 1000)
                for month, one in zip(MONTHS, percents, strict=True)
            )
        )
    house.tell(Said("31", "OPS-02", "2026-09", 400, 1000))
    return house


def row(rows: tuple[UnitPace, ...], key: str) -> UnitPace:
    return next(one for one in rows if one.cell.unit.key == key)


def board(house: House, **parts: str) -> PaceBoard:
    return pace_board(house.desk, View.from_address("/scene/pace", **parts), Scope.all())


def test_those_who_must_speed_up_come_first(told: House) -> None:
    page = told.indicator("OPS-02", unit="local")
    rows = [one for one in page.paces if one.cell.figure.value is not None]
    assert [(one.cell.unit.key, one.pace.outlook) for one in rows] == [
        ("38", Outlook.NEVER),
        ("01", Outlook.LATE),
        ("79", Outlook.REACHED),
    ]
    slow = row(page.paces, "01").pace
    # The target of 80 % names no end: it is asked for by the end of the year.
    assert (slow.left, slow.needed, slow.moved) == (2, Fraction(21, 200), Fraction(2, 300))
    assert row(page.paces, "31").pace.outlook is Outlook.NOT_JUDGED


def test_the_pace_of_the_total_is_told_from_its_own_trend(told: House) -> None:
    page = told.indicator("OPS-02", unit="local")
    assert page.pace is not None
    assert page.total.figure.value == Fraction(590 + 500 + 850, 3000)
    assert page.pace.moved == Fraction(590 + 500 - 570 - 540, 3000) / 3


def test_a_past_period_is_told_as_at_its_end(told: House) -> None:
    page = told.indicator("OPS-02", unit="local", period="2026-06")
    found = row(page.paces, "01").pace
    assert (found.left, found.value) == (6, Fraction(56, 100))
    assert found.drift is not None
    assert found.drift.count == 5
    assert found.workdays > 120


def test_what_was_learned_later_is_not_in_a_past_answer(told: House) -> None:
    before = told.clock
    told.tell(Said("01", "OPS-02", "2026-10", 700, 1000), source="real")
    now = row(told.indicator("OPS-02", unit="local").paces, "01").pace
    then = told.indicator("OPS-02", unit="local", known_at=before.isoformat())
    assert now.value == Fraction(7, 10)
    assert row(then.paces, "01").pace.value == Fraction(59, 100)


def test_other_maps_have_paces_too(told: House) -> None:
    page = told.indicator("OPS-02", unit="local", basis="reported", period="2026-10")
    assert row(page.paces, "01").pace.needed == Fraction(21, 200)


def test_a_quarter_has_no_pace(told: House) -> None:
    page = told.indicator("OPS-02", unit="local", period="2026-Q3")
    assert {one.pace.outlook for one in page.paces} <= {Outlook.NOT_JUDGED}


def test_counts_that_lack_units_are_not_held_against_whole_ones(house: House) -> None:
    for month, value in zip(MONTHS, range(100, 0, -10), strict=True):
        units = ("01", "38") if month != "2026-08" else ("01",)
        house.tell(*(Said(unit, "SIG-03", month, value) for unit in units))
    page = house.indicator("SIG-03", unit="local")
    assert page.pace is not None
    # Two of 34 provinces: no period of the total is whole, so nothing is told of its movement.
    assert (page.pace.moved, page.pace.drift) == (None, None)
    assert row(page.paces, "01").pace.moved == -10
    assert row(page.paces, "38").pace.moved == -10


def test_the_board_takes_an_indicator_with_targets_by_itself(told: House) -> None:
    found = board(told)
    assert any(one.levels for one in found.indicator.targets)
    asked = board(told, indicator="OPS-02", unit="local")
    assert [one.cell.unit.key for one in asked.rows[:2]] == ["38", "01"]
    with pytest.raises(AddressError):
        board(told, indicator="OPS-99")


def test_a_unit_outside_the_scope_is_not_on_the_board(told: House) -> None:
    mine = told.units.by_key("01").id
    view = View.from_address("/scene/pace", indicator="OPS-02", unit="01")
    found = pace_board(told.desk, view, Scope.of(mine))
    assert {one.cell.unit.key for one in found.rows} & {"38", "79"} == set()


# Coverage


def reach(page: IndicatorPage) -> tuple[object, ...]:
    assert page.reach is not None
    one = page.reach
    return one.missing, one.unweighed, one.weight, one.low, one.high


def test_the_range_of_a_total_is_by_hand(told: House) -> None:
    page = told.indicator("OPS-02", unit="local")
    # 34 provinces: three reported, Hải Phòng did a month ago, thirty never.
    assert reach(page) == (
        31,
        30,
        Fraction(3000, 4000),
        Fraction(1940, 4000),
        Fraction(2940, 4000),
    )


def test_the_range_of_chosen_units_is_theirs(told: House) -> None:
    page = told.indicator("OPS-02", unit="local", units="01,31")
    assert reach(page)[:3] == (1, 0, Fraction(1, 2))


def test_a_whole_or_delivered_total_has_no_range(told: House) -> None:
    told.tell(Said("local", "OPS-02", "2026-10", 1, 2), source="real")
    page = told.indicator("OPS-02", unit="local")
    assert page.total.figure.coverage is None
    assert page.reach is None


# Ranks


def test_places_say_ties_the_silent_and_few_cases(told: House) -> None:
    told.tell(Said("22", "OPS-02", "2026-10", 17, 20), Said("31", "OPS-02", "2026-10", 590, 1000))
    page = told.indicator("OPS-02", unit="local")
    few = of(page.children, "22").place
    assert few is not None
    assert (few.rank, few.tied, few.ranked, few.silent) == (1, True, 5, 29)
    assert few.interval is not None
    assert few.interval.small
    tied = of(page.children, "31").place
    assert tied is not None
    assert (tied.rank, tied.tied) == (3, True)
    assert of(page.children, "38").rank == 5


def test_totals_are_not_ranked_with_units(told: House) -> None:
    page = told.indicator("OPS-02", unit="local")
    assert page.total.rank is None


def test_the_overview_and_the_record_tell_the_same_range(told: House) -> None:
    whole = told.indicator("OPS-02", unit="local").reach
    assert whole is not None
    assert told.overview(unit="local", indicator="OPS-02").reach == whole
    view = View.from_address("/record", unit="local", indicator="OPS-02")
    assert record(told.desk, view, Scope.all()).reach == whole


def test_a_province_whose_sum_lacks_communes_has_a_range(house: House) -> None:
    communes = [one.key for one in house.units.children(house.units.by_key("01").id,
                house.now.date())][:2]  # fmt: skip
    for month in ("2026-09", "2026-10"):
        kept = communes if month == "2026-09" else communes[:1]
        house.tell(*(Said(one, "OPS-01", month, 10, 40) for one in kept))
    page = house.unit("01", indicator="OPS-01")
    assert page.reach is not None
    assert (page.reach.weight, page.reach.low, page.reach.high) == (
        Fraction(1, 2),
        Fraction(1, 8),
        Fraction(5, 8),
    )
    assert page.pace is not None
