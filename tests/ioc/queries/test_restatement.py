"""The same figures on today's map, as reported, and on the map of a day; months as quarters."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ioc.domain.indicator import OverTime
from ioc.domain.measure import Coverage, Empty, Restated
from tests.ioc.queries.house import House, Said, about, of, pooled

FEW = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
OLD, BEFORE = "2025-05", "2025-06-30"
parts = st.tuples(st.integers(0, 60), st.integers(1, 60))


def both_halves(house: House) -> None:
    house.tell(Said("30.2025", "OPS-01", OLD, 10, 20), Said("31.2025", "OPS-01", OLD, 30, 40))


def test_a_merged_unit_is_the_exact_sum_of_its_parts(house: House) -> None:
    both_halves(house)
    page = house.unit("31", indicator="OPS-01", period=OLD)
    figure = about(page.cells, "OPS-01").figure
    assert figure.value == Fraction(40, 60)
    assert (figure.restated, figure.coverage) == (Restated.EXACT, Coverage(2, 2))
    assert {one.unit.key for one in page.former} == {"30.2025", "31.2025"}
    assert [one.day.isoformat() for one in page.events] == ["2025-07-01"]
    assert page.series.points[-1].figure.restated is Restated.EXACT


def test_with_a_part_missing_it_is_partial_and_says_of_how_many(house: House) -> None:
    house.tell(Said("31.2025", "OPS-01", OLD, 30, 40))
    figure = about(house.unit("31", period=OLD).cells, "OPS-01").figure
    assert (figure.value, figure.restated) == (Fraction(3, 4), Restated.PARTIAL)
    assert figure.coverage == Coverage(1, 2)


def test_bare_rates_and_scores_of_former_units_are_not_restated(house: House) -> None:
    house.tell(
        Said("30.2025", "OPS-01", OLD, val=900_000),
        Said("31.2025", "OPS-01", OLD, val=500_000),
        Said("30.2025", "OPS-11", OLD, val=8_000),
    )
    page = house.unit("31", indicator="OPS-01", period=OLD)
    for code in ("OPS-01", "OPS-11"):
        figure = about(page.cells, code).figure
        assert (figure.value, figure.restated) == (None, Restated.NOT_RESTATABLE), code
    assert [one.points[0].figure.value for one in page.former] == [
        Fraction(9, 10),
        Fraction(1, 2),
    ]
    (point,) = page.series.points
    assert point.figure.restated is Restated.NOT_RESTATABLE


def test_half_a_ministry_is_not_added_and_its_absence_is_told(house: House) -> None:
    house.tell(
        Said("most.2025", "OPS-01", "2024-12", 1, 2), Said("mic.2025", "OPS-01", "2024-12", 9, 10)
    )
    page = house.unit("most", indicator="OPS-01", period="2024-12")
    figure = about(page.cells, "OPS-01").figure
    assert (figure.value, figure.restated) == (Fraction(1, 2), Restated.PARTIAL)
    assert figure.coverage == Coverage(1, 2)
    assert {one.unit.key for one in page.former} == {"most.2025", "mic.2025"}
    on_a_day = house.overview(unit="gov", basis="2026-01-01", period="2024-12", indicator="OPS-01")
    assert of(on_a_day.children, "most").figure.value == Fraction(1, 2)
    total = house.overview(unit="gov", period="2024-12", indicator="OPS-01").total
    assert total.figure.value == Fraction(10, 12)


def test_as_reported_shows_sixty_three_and_today_thirty_four(house: House) -> None:
    both_halves(house)
    asked = {"unit": "local", "indicator": "OPS-01", "period": OLD}
    today = house.overview(**asked)
    reported = house.overview(**asked, basis="reported")
    on_a_day = house.overview(**asked, basis=BEFORE)
    assert (len(today.children), len(reported.children)) == (34, 63)
    assert of(today.children, "31").figure.value == Fraction(2, 3)
    assert of(reported.children, "30.2025").figure.value == Fraction(1, 2)
    assert of(reported.children, "31.2025").figure.restated is Restated.AS_REPORTED
    assert reported.children == on_a_day.children
    assert today.total.figure == reported.total.figure == on_a_day.total.figure
    assert today.total.figure.coverage == Coverage(2, 63)


def test_on_an_older_map_later_figures_are_not_divided(house: House) -> None:
    both_halves(house)
    house.tell(Said("31", "OPS-01", "2026-10", 5, 10), Said("38", "OPS-01", "2026-10", 1, 4))
    answer = house.overview(unit="local", indicator="OPS-01", period="2026-10", basis=BEFORE)
    assert len(answer.children) == 63
    former = of(answer.children, "31.2025").figure
    assert (former.value, former.restated) == (None, Restated.NOT_RESTATABLE)
    assert of(answer.children, "38").figure.value == Fraction(1, 4)
    assert answer.total.figure.value == Fraction(6, 14)


def test_the_map_of_a_day_after_the_merger_sums_exactly(house: House) -> None:
    both_halves(house)
    asked = {"unit": "local", "indicator": "OPS-01", "period": OLD, "basis": "2026-01-01"}
    figure = of(house.overview(**asked).children, "31").figure
    assert (figure.value, figure.restated) == (Fraction(40, 60), Restated.EXACT)
    newest = {**asked, "period": ""}
    assert of(house.overview(**newest).children, "31").figure.value == Fraction(40, 60)


def test_a_region_on_the_old_map_pools_its_former_provinces(house: House) -> None:
    both_halves(house)
    asked = {"unit": "R2", "indicator": "OPS-01", "period": OLD}
    today, reported = house.overview(**asked), house.overview(**asked, basis="reported")
    assert today.total.figure.value == reported.total.figure.value == Fraction(2, 3)
    assert today.total.figure.coverage == reported.total.figure.coverage
    assert today.total.figure.coverage is not None
    assert today.total.figure.coverage.reported == 2


def test_a_reorganisation_is_marked_on_the_totals_it_changes(house: House) -> None:
    house.tell(Said("38", "OPS-01", OLD, 1, 2), Said("38", "OPS-01", "2025-09", 1, 2))
    series = house.overview(unit="local", indicator="OPS-01").series
    assert [one.day.isoformat() for one in series.breaks] == ["2025-07-01"]


def test_an_administrative_period_asks_only_what_is_counted_so(house: House) -> None:
    house.tell(Said("38", "TSK-01", "2026-10", 3, 4), Said("38", "OPS-01", "2026-10", 1, 2))
    page = house.unit("38", period="2026-10", calendar="administrative")
    assert about(page.cells, "TSK-01").figure.value == Fraction(3, 4)
    assert about(page.cells, "OPS-01").figure.value is None
    page = house.unit("38", period="2026-10")
    assert about(page.cells, "TSK-01").figure.value is None
    assert about(page.cells, "OPS-01").figure.value == Fraction(1, 2)
    reported = house.overview(
        unit="local", period="2026-10", calendar="administrative", basis="reported"
    )
    cell = reported.matrix.cells[house.units.by_key("38").id, "TSK-01"]
    assert cell.figure.value == Fraction(3, 4)


CODES = {"OPS-01": OverTime.POOL, "OPS-02": OverTime.LAST, "OPS-04": OverTime.NONE}


@FEW
@given(
    told=st.dictionaries(st.integers(1, 12), parts, min_size=1),
    code=st.sampled_from(sorted(CODES)),
    basis=st.sampled_from(["today", "reported"]),
)
def test_longer_periods_are_made_of_months_as_the_indicator_says(
    house: House, told: dict[int, tuple[int, int]], code: str, basis: str
) -> None:
    house.prepare()
    assert house.catalogue.by_code(code).over_time is CODES[code]
    house.tell(*(Said("38", code, f"2025-{month:02d}", *pair) for month, pair in told.items()))
    spans = {"2025-Q1": range(1, 4), "2025-Q4": range(10, 13), "2025": range(1, 13)}
    for period, months in spans.items():
        there = [month for month in months if month in told]
        answer = house.overview(unit="local", indicator=code, period=period, basis=basis)
        figure = of(answer.children, "38").figure
        if CODES[code] is OverTime.NONE or not there:
            assert figure.value is None
            continue
        if CODES[code] is OverTime.LAST:
            assert figure.value == pooled([told[there[-1]]])
            complete = there[-1] == months[-1]
        else:
            assert figure.value == pooled(told[month] for month in there)
            complete = len(there) == len(months)
        assert figure.restated is (Restated.AS_REPORTED if complete else Restated.PARTIAL)


def test_counts_are_added_or_the_last_is_taken(house: House) -> None:
    house.tell(*(Said("38", "SIG-03", f"2026-0{month}", 10 - month) for month in (1, 2, 3)))
    page = house.unit("38", period="2026-Q1")
    assert about(page.cells, "SIG-03").figure.value == 7


def test_a_quarter_of_totals_keeps_the_worst_coverage_of_its_months(house: House) -> None:
    months = ("2025-01", "2025-02", "2025-03")
    house.tell(*(Said("38", "OPS-01", month, 1, 2) for month in months))
    house.tell(Said("01", "OPS-01", "2025-01", 1, 4))
    total = house.overview(unit="local", indicator="OPS-01", period="2025-Q1").total
    assert total.figure.value == Fraction(4, 10)
    assert total.figure.restated is Restated.PARTIAL
    assert total.figure.coverage == Coverage(1, 63)


def test_a_published_figure_of_that_very_length_wins_over_its_months(house: House) -> None:
    house.tell(*(Said("38", "OPS-01", f"2024-{month:02d}", 1, 2) for month in range(1, 13)))
    house.tell(Said("38", "OPS-01", "2024", 9, 10, cite="Báo cáo năm"), source="real")
    cell = about(house.unit("38", period="2024").cells, "OPS-01")
    assert (cell.figure.value, cell.citation) == (Fraction(9, 10), "Báo cáo năm")


def test_one_published_year_does_not_stand_for_a_total_of_months(house: House) -> None:
    for key in ("01", "38"):
        house.tell(*(Said(key, "OPS-01", f"2024-{month:02d}", 1, 2) for month in range(1, 13)))
    house.tell(Said("35.2025", "OPS-01", "2024", 9, 10, cite="Báo cáo năm"), source="real")
    total = house.overview(unit="local", indicator="OPS-01", period="2024").total
    assert total.figure.value == Fraction(1, 2)
    assert total.figure.coverage == Coverage(2, 63)


def test_a_change_is_against_the_period_just_before_and_warns_when_uneven(house: House) -> None:
    house.tell(Said("38", "OPS-01", "2026-09", 1, 2), Said("38", "OPS-01", "2026-10", 3, 4))
    answer = house.overview(unit="local", indicator="OPS-01")
    assert of(answer.children, "38").change == Fraction(1, 4)
    assert (answer.total.change, answer.total.uneven) == (Fraction(1, 4), False)
    house.tell(Said("01", "OPS-01", "2026-10", 1, 2))
    assert house.overview(unit="local", indicator="OPS-01").total.uneven
    house.tell(Said("79", "OPS-01", "2026-08", 1, 2), Said("79", "OPS-01", "2026-10", 1, 2))
    children = house.overview(unit="local", indicator="OPS-01").children
    assert of(children, "79").change is None


def test_gaps_of_a_trend_are_kept_and_say_why(house: House) -> None:
    house.tell(Said("38", "OPS-01", "2026-07", 1, 2), Said("38", "OPS-01", "2026-10", 3, 4))
    points = house.unit("38", indicator="OPS-01").series.points
    assert [one.period.code for one in points] == ["2026-07", "2026-08", "2026-09", "2026-10"]
    assert [one.figure.empty for one in points] == [None, Empty.LATE, Empty.LATE, None]


@pytest.mark.parametrize("key", ["14725", "moha-organisation", "31.2025", "R1", "gov", "vn"])
def test_every_kind_of_unit_has_a_page_without_data(house: House, key: str) -> None:
    page = house.unit(key)
    assert page.crumbs[0].key == "vn"
    assert page.crumbs[-1].key == key
    assert page.series.points == ()
