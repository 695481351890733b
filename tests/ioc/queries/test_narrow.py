"""What narrows a page says truly what it did, and pools what is left."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ioc.domain.measure import Coverage, Empty
from ioc.domain.scope import Scope
from ioc.domain.target import Status
from ioc.errors import AddressError
from ioc.queries.answers import Applied, IndicatorPage, Overview, UnitPage
from tests.ioc.queries.house import House, Said, of

PERIOD = "2026-10"
FIGURES = {"01": (90, 100), "22": (1, 2), "31": (300, 400), "38": (10, 50), "79": (8, 8)}
Answer = Overview | UnitPage | IndicatorPage


@pytest.fixture
def told(house: House) -> House:
    """Five provinces, two periods, and one indicator in parts."""
    house.tell(*(Said(key, "OPS-01", PERIOD, *pair) for key, pair in FIGURES.items()))
    house.tell(*(Said(key, "OPS-01", "2026-09", 1, 2) for key in ("01", "31")))
    parts = {"01": (40, 50), "31": (10, 50)}
    house.tell(*(Said(key, "OPS-05", PERIOD, 90, 100) for key in parts))
    house.tell(
        *(
            Said(key, "OPS-05", PERIOD, *pair, breakdown="channel.online")
            for key, pair in parts.items()
        )
    )
    return house


def applied(answer: Answer, part: str) -> Applied | None:
    return next((one for one in answer.applied if one.part == part), None)


def why(answer: Answer, part: str) -> str | None:
    return next((one.why for one in answer.ignored if one.part == part), None)


def test_nothing_asked_is_nothing_applied(told: House) -> None:
    for answer in (told.overview(), told.unit("38"), told.indicator("OPS-01")):
        assert answer.applied == ()
        assert answer.ignored == ()


@pytest.mark.parametrize("status", list(Status))
def test_a_status_keeps_the_units_that_have_it(told: House, status: Status) -> None:
    everyone = told.overview(indicator="OPS-01").children
    for answer in (
        told.overview(indicator="OPS-01", status=status.value),
        told.indicator("OPS-01", status=status.value),
    ):
        said = applied(answer, "status")
        assert said is not None
        assert said.kept == len(answer.children) == sum(c.status is status for c in everyone)
        assert said.of == len(everyone) == 34
        assert {one.status for one in answer.children} <= {status}
    shown = told.overview(indicator="OPS-01", status=status.value)
    assert len(shown.matrix.units) == len(shown.children)
    assert shown.total == told.overview(indicator="OPS-01").total


def test_ranks_are_those_among_all(told: House) -> None:
    first = told.overview(indicator="OPS-01", status="at_risk").children
    ranks = {one.unit.key: one.rank for one in told.overview(indicator="OPS-01").children}
    assert first
    assert all(one.rank == ranks[one.unit.key] for one in first)


def test_chosen_units_are_pooled_never_averaged(told: House) -> None:
    for answer in (
        told.overview(indicator="OPS-01", units="22,31"),
        told.indicator("OPS-01", units="22,31"),
    ):
        assert answer.total.figure.value == Fraction(301, 402)
        assert answer.total.figure.numerator == 301
        assert answer.total.figure.coverage == Coverage(2, 2)
        assert answer.total.unit.name == "2 đơn vị đã chọn"
        assert answer.total.unit.key == "", "they have no page and no record of their own"
        assert answer.series.points[-1].figure.value == Fraction(301, 402)
        assert [one.unit.key for one in answer.singles] == ["22", "31"]
        assert [one.key for one in answer.chosen] == ["22", "31"]
        assert len(answer.children) == 34, "the others stay, so that they can be chosen too"
        said = applied(answer, "units")
        assert said is not None
        assert (said.kept, said.of) == (2, 34)


def test_coverage_counts_the_chosen_only(told: House) -> None:
    answer = told.indicator("OPS-01", units="22,31,96")
    assert answer.total.figure.coverage == Coverage(2, 3)
    assert answer.coverage == Coverage(2, 3)
    assert [one.key for one in answer.missing] == ["96"]
    tile = next(
        one for one in told.overview(units="22,31,96").tiles if one.cell.indicator.code == "OPS-01"
    )
    assert sum(tile.children.values()) == 3


def test_one_chosen_unit_stands_for_itself(told: House) -> None:
    answer = told.overview(indicator="OPS-01", units="38")
    assert answer.total.unit.key == "38"
    assert answer.total.figure.value == Fraction(1, 5)
    assert answer.series.unit.key == "38"
    assert answer.singles == ()
    assert {one.unit.key for one in answer.red} <= {"38"}


def test_a_target_that_all_share_judges_the_chosen(told: House) -> None:
    alone = of(told.overview(indicator="OPS-01").children, "31")
    both = told.overview(indicator="OPS-01", units="22,31").total
    assert alone.target is not None
    assert both.target == alone.target
    assert both.gap is not None


def test_a_region_of_chosen_units_is_pooled_too(told: House) -> None:
    answer = told.overview(unit="R2", indicator="OPS-01", units="01,31,38")
    assert answer.total.figure.value == Fraction(390, 500)
    said = applied(answer, "units")
    assert said is not None
    assert [one.key for one in said.units] == ["01", "31"]
    assert why(answer, "units") == "why_not_here"
    assert [one.units[0].key for one in answer.ignored] == ["38"]
    assert applied(answer, "unit") is not None


def test_units_of_another_group_leave_the_page_whole(told: House) -> None:
    answer = told.overview(unit="gov", units="38")
    assert answer.chosen == ()
    assert applied(answer, "units") is None
    assert why(answer, "units") == "why_not_here"


@pytest.mark.parametrize("key", ["nowhere", "38"])
def test_units_outside_the_scope_read_like_none(told: House, key: str) -> None:
    hanoi = Scope.of(told.units.by_key("01").id, told.units.by_key("vn").id)
    only = Scope.of(told.units.by_key("01").id)
    assert told.unit("01", scope=only).unit.key == "01"
    with pytest.raises(AddressError) as found:
        told.unit("01", scope=only, units=key)
    assert found.value.params["part"] == "unit"
    assert found.value.params["given"] == key
    assert told.overview(scope=hanoi, units="38").chosen, "under a root everything is seen"


def test_a_part_has_its_own_figures_and_no_target(told: House) -> None:
    parts = {"breakdown": "channel.online"}
    for answer in (
        told.overview(indicator="OPS-05", **parts),
        told.indicator("OPS-05", **parts),
        told.overview(indicator="OPS-05", period=PERIOD, **parts),
        told.indicator("OPS-05", period=PERIOD, **parts),
    ):
        assert answer.part == "Trực tuyến"
        assert of(answer.children, "01").figure.value == Fraction(4, 5)
        assert answer.total.figure.value == Fraction(1, 2)
        assert answer.series.points[-1].figure.value == Fraction(1, 2)
        assert {one.status for one in answer.children} == {Status.NOT_JUDGED}
        assert answer.total.target is None
        said = applied(answer, "breakdown")
        assert said is not None
        assert said.kept == sum(c.figure.value is not None for c in answer.children) == 2
    page = told.unit("01", indicator="OPS-05", **parts)
    assert page.own is not None
    assert page.own.figure.value == Fraction(4, 5)
    assert page.own.part == page.series.part == "channel.online"
    assert page.series.points[-1].figure.value == Fraction(4, 5)


def test_a_part_of_chosen_units_is_pooled(told: House) -> None:
    answer = told.overview(indicator="OPS-05", breakdown="channel.online", units="01,31")
    assert answer.total.figure.value == Fraction(50, 100)
    assert answer.series.points[-1].figure.value == Fraction(50, 100)


def test_a_part_that_was_not_delivered_is_missing_not_the_whole(told: House) -> None:
    answer = told.overview(indicator="OPS-05", breakdown="channel.post")
    assert answer.total.figure.value is None
    assert {one.figure.empty for one in answer.children} <= {Empty.MISSING, Empty.LATE}


def test_a_part_that_cannot_be_shown_says_why(told: House) -> None:
    parts = {"breakdown": "channel.online"}
    assert why(told.overview(indicator="OPS-01", **parts), "breakdown") == "why_not_divided"
    reported = told.overview(indicator="OPS-05", basis="reported", **parts)
    assert why(reported, "breakdown") == "why_today_only"
    judged = told.overview(indicator="OPS-05", status="at_risk", **parts)
    assert why(judged, "status") == "why_part_not_judged"
    with pytest.raises(AddressError):
        told.overview(breakdown="channel.fax")


def test_a_part_as_known_before(told: House) -> None:
    before = told.clock
    told.tell(Said("01", "OPS-05", PERIOD, 45, 50, breakdown="channel.online"))
    parts = {"indicator": "OPS-05", "breakdown": "channel.online"}
    now = told.overview(**parts)
    then = told.overview(known_at=before.isoformat(), **parts)
    assert of(now.children, "01").figure.value == Fraction(9, 10)
    assert of(then.children, "01").figure.value == Fraction(4, 5)
    assert then.total.figure.value == Fraction(1, 2)
    assert applied(then, "known_at") is not None


def test_chosen_units_as_known_before(told: House) -> None:
    before = told.clock
    told.tell(Said("22", "OPS-01", PERIOD, 2, 2))
    parts = {"indicator": "OPS-01", "units": "22,31"}
    assert told.overview(**parts).total.figure.value == Fraction(302, 402)
    then = told.overview(known_at=before.isoformat(), **parts)
    assert then.total.figure.value == Fraction(301, 402)


def test_a_group_counts_its_indicators(told: House) -> None:
    answer = told.overview(group="OPS")
    said = applied(answer, "group")
    assert said is not None
    assert said.kept == len(answer.indicators) == len(answer.matrix.indicators)
    assert said.of == len(told.overview().indicators)
    page = told.unit("38", group="OPS")
    counted = applied(page, "group")
    assert counted is not None
    assert counted.kept == len(page.cells)


def test_a_map_needs_a_group_of_units(told: House) -> None:
    assert applied(told.overview(basis="2025-06-30"), "basis") is not None
    assert why(told.unit("00004", basis="reported"), "basis") == "why_no_group"
    assert why(told.unit("00004", status="at_risk"), "status") == "why_no_units"


def test_a_period_is_said(told: House) -> None:
    assert applied(told.indicator("OPS-01", period="2026-09"), "period") is not None


@pytest.mark.parametrize("day", ["1900-01-01", "2008-07-31", "2999-01-01"])
def test_the_map_of_a_day_without_one_is_refused(told: House, day: str) -> None:
    for ask in (told.overview, lambda **parts: told.indicator("OPS-01", **parts)):
        with pytest.raises(AddressError) as caught:
            ask(basis=day)
        assert caught.value.params["part"] == "basis"
        assert "2008-08-01" in str(caught.value.params["allowed"])


def test_a_part_that_is_not_shown_is_still_named_in_words(told: House) -> None:
    for parts in ({"indicator": "OPS-01"}, {"indicator": "OPS-05", "basis": "2026-01-01"}):
        answer = told.overview(breakdown="channel.online", **parts)
        out = next(one for one in answer.ignored if one.part == "breakdown")
        assert out.words == "Trực tuyến"
