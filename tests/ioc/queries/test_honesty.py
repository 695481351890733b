"""What a figure must not pretend: to be whole, comparable, late, or still published."""

from __future__ import annotations

from fractions import Fraction

from ioc.domain.measure import Coverage, Empty, Restated
from tests.ioc.queries.house import House, Said, about, of


def test_one_communes_figure_is_not_the_whole_provinces(house: House) -> None:
    commune = house.units.children(house.units.by_key("79").id, house.now.date())[0]
    house.tell(Said(commune.key, "OPS-01", "2026-10", 30, 40))
    cell = about(house.unit("79").cells, "OPS-01")
    assert cell.figure.value == Fraction(3, 4)
    assert cell.figure.restated is Restated.PARTIAL
    assert cell.figure.coverage == Coverage(1, 168)
    assert of(house.overview(indicator="OPS-01").children, "79").figure.restated is (
        Restated.PARTIAL
    )


def test_all_communes_make_the_province(house: House) -> None:
    communes = house.units.children(house.units.by_key("12").id, house.now.date())
    house.tell(*(Said(one.key, "OPS-01", "2026-10", 1, 2) for one in communes))
    shown = about(house.unit("12").cells, "OPS-01").figure
    assert (shown.value, shown.restated) == (Fraction(1, 2), Restated.AS_REPORTED)
    assert shown.coverage == Coverage(len(communes), len(communes))


def test_nobody_is_late_in_a_calendar_or_period_nobody_reports_in(house: House) -> None:
    house.tell(Said("31", "BUD-01", "2026-10", 3000, 4000), Said("31", "OPS-11", "2026-10", val=1))
    monthly = house.unit("31", period="2026-10").cells
    assert about(monthly, "BUD-01").figure.empty is Empty.NOT_APPLICABLE
    administrative = house.unit("31", period="2026-10", calendar="administrative").cells
    assert about(administrative, "BUD-01").figure.value == Fraction(3, 4)
    assert about(administrative, "OPS-01").figure.empty is Empty.NOT_APPLICABLE
    quarter = house.unit("31", period="2026-Q3").cells
    assert about(quarter, "OPS-11").figure.empty is Empty.NOT_APPLICABLE
    assert about(quarter, "OPS-01").figure.empty is Empty.LATE


def test_a_month_asked_of_a_quarterly_indicator_is_not_missing(house: House) -> None:
    cells = house.unit("38", period="2026-10").cells
    assert about(cells, "SIG-01").figure.empty is Empty.NOT_APPLICABLE


def test_more_than_a_number_has_no_exact_change(house: House) -> None:
    house.tell(Said("38", "OPS-06", "2026-09", 10), Said("38", "OPS-06", "2026-10", 37, bound=1))
    assert about(house.unit("38").cells, "OPS-06").change is None


def test_a_withdrawn_citation_is_not_published_at_a_past_moment_either(house: House) -> None:
    said = Said("38", "OPS-02", "2026-09", 9, 10, cite="Công báo")
    first = house.tell(said)
    second = house.tell(Said("38", "OPS-02", "2026-09", 8, 10))
    assert len(house.unit("38", known_at=first.isoformat()).published) == 1
    assert house.unit("38", known_at=second.isoformat()).published == ()
    assert house.unit("38").published == ()
