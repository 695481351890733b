"""Trends of groups that store no totals, and figures after which a newer one is overdue."""

from __future__ import annotations

from fractions import Fraction

from tests.ioc.queries.house import House, Said, about


def test_the_trend_of_a_region_pools_its_provinces_period_by_period(house: House) -> None:
    """Hà Nội 1/2 and Quảng Ninh 1/4 make the Red River Delta's 1/3, in each month for itself."""
    house.prepare()
    house.tell(
        Said("01", "OPS-01", "2026-09", 1, 2),
        Said("22", "OPS-01", "2026-09", 1, 4),
        Said("01", "OPS-01", "2026-10", 2, 4),
        Said("22", "OPS-01", "2026-10", 0, 4),
        Said("79", "OPS-01", "2026-10", 9, 9),
    )
    answer = house.overview(unit="R2", indicator="OPS-01")
    assert [point.figure.value for point in answer.series.points] == [
        Fraction(1, 3),
        Fraction(1, 4),
    ]
    assert answer.series.points[-1].figure.coverage is not None
    assert answer.series.points[-1].figure.coverage.reported == 2


def test_the_newest_figure_says_when_a_newer_one_is_overdue(house: House) -> None:
    """On 22 November a figure of February is the newest there is, but not what should be there."""
    house.prepare()
    house.tell(Said("38", "OPS-01", "2026-02", 1, 2), Said("01", "OPS-01", "2026-11", 1, 2))
    shown = {
        key: about(house.unit(key, indicator="OPS-01").cells, "OPS-01") for key in ("38", "01")
    }
    assert shown["38"].overdue
    assert shown["38"].figure.value == Fraction(1, 2)
    assert not shown["01"].overdue
    asked = house.unit("38", indicator="OPS-01", period="2026-02")
    assert not about(asked.cells, "OPS-01").overdue
