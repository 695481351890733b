"""Charts in words: what a summary says of answers whose content is known."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
import samples
from drawn import parts

from ioc.domain.measure import Empty, Figure, Kind
from ioc.domain.period import Period
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.queries.answers import Cell, Point, Series
from layouts import summaries
from layouts.pages import indicator, overview, unit


def cell(unit_key: str, value: Fraction | None, status: Status = Status.NOT_JUDGED) -> Cell:
    of = samples.catalogue().by_code("DOC-01")
    figure = Figure(Kind.RATIO, value, empty=None if value is not None else Empty.MISSING)
    made = samples.cell(of, samples.key(unit_key))
    return replace(made, figure=figure, status=status, target=None, gap=None)


def test_places_say_coverage_ends_statuses_and_who_is_missing() -> None:
    cells = [
        cell("01", Fraction(9, 10), Status.REACHED),
        cell("04", Fraction(7, 10), Status.AT_RISK),
        cell("08", Fraction(5, 10), Status.AT_RISK),
        cell("11", None),
    ]
    said = summaries.places(cells, "vi")
    assert said.startswith("3 trên 4 đơn vị có số liệu.")
    assert "Đứng đầu là Thành phố Hà Nội (90,00%)" in said
    assert "cuối bảng là Tỉnh Tuyên Quang (50,00%)" in said
    assert "1 đạt và 2 nguy cơ" in said
    assert said.endswith("Chưa có số liệu: Tỉnh Điện Biên.")


def test_many_silent_units_are_counted() -> None:
    cells = [
        cell("01", Fraction(1, 2)),
        *(cell(key, None) for key in ("04", "08", "11", "12", "14", "15")),
    ]
    said = summaries.places(cells, "vi")
    assert "Chỉ Thành phố Hà Nội có số liệu" in said
    assert "và 2 đơn vị khác" in said


def test_nothing_to_draw_is_said() -> None:
    assert summaries.places([cell("01", None)], "vi") == "Chưa có số liệu để vẽ."
    assert summaries.places([], "en") == "No figures to draw yet."


def line(*values: Fraction | None) -> Series:
    points = tuple(
        Point(
            Period.month(2026, at + 1),
            Figure(Kind.RATIO, value, empty=None if value is not None else Empty.MISSING),
            Fraction(4, 5),
        )
        for at, value in enumerate(values)
    )
    return Series(samples.key("31"), samples.catalogue().by_code("DOC-01"), points)


@pytest.mark.parametrize(
    ("values", "way"),
    [
        ((Fraction(1, 2), None, Fraction(3, 5)), "Tăng 10,00 điểm % so với tháng 1/2026."),
        ((Fraction(3, 5), None, Fraction(1, 2)), "Giảm 10,00 điểm % so với tháng 1/2026."),
        ((Fraction(1, 2), None, Fraction(1, 2)), "Không đổi so với tháng 1/2026."),
    ],
)
def test_a_trend_says_its_way_its_gaps_and_its_target(
    values: tuple[Fraction | None, ...], way: str
) -> None:
    said = summaries.trend(line(*values), "vi")
    assert "2 trên 3 kỳ có số liệu, từ tháng 1/2026 đến tháng 3/2026." in said
    assert way in said
    assert said.endswith("Chỉ tiêu 80%.")


def test_a_trend_names_changes_of_the_unit() -> None:
    merged = replace(line(Fraction(1, 2)), breaks=(samples.merger("30.2025"),))
    assert "Có thay đổi tổ chức: Sáp nhập" in summaries.trend(merged, "vi")


def test_the_heat_map_names_the_worst_unit() -> None:
    said = summaries.matrix(samples.overview().matrix, "vi")
    assert said.startswith("34 đơn vị, 24 chỉ số.")
    assert "Nhiều ô nguy cơ nhất:" in said


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_chart_of_a_page_is_a_picture_with_a_name(lang: str) -> None:
    view = View(lang=lang)
    pages = (
        overview.render(samples.overview(view), view),
        unit.render(samples.unit_page(view), view),
        indicator.render(samples.indicator_page(view), view),
    )
    for page in pages:
        named = [one for one in parts(page) if getattr(one, "role", None) == "img"]
        charts = [one for one in named if getattr(one, "className", "") == "plot-said"]
        assert len(charts) == sum(type(one).__name__ == "Graph" for one in parts(page)) >= 2
        for one in charts:
            words = getattr(one, "aria-label")
            assert any(char.isdigit() for char in words), words
            assert len(words) > 60, words
