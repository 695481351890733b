"""Charts say what their figures say: gaps stay gaps, bars begin at zero, islands are drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from urllib.parse import unquote

import pytest
import samples

from ioc.domain.measure import Empty, Figure, Kind
from ioc.domain.period import Period
from ioc.domain.ranking import places as ranks
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.queries.answers import Break, Point, Series
from layouts import theme
from layouts.figures import breakdown, heat, national_map, ranking, spark, trend
from layouts.figures.geometry import provinces
from layouts.goals import target_says, target_short
from layouts.links import wrapped

VIEW = View()


def series(*values: Fraction | None) -> Series:
    indicator = samples.catalogue().by_code("OPS-05")
    points = tuple(
        Point(
            Period.month(2026, at + 1),
            Figure(Kind.RATIO, value, empty=None if value is not None else Empty.LATE),
        )
        for at, value in enumerate(values)
    )
    return Series(samples.key("38"), indicator, points)


def test_missing_period_interrupts_the_line_and_is_marked() -> None:
    figure = trend.figure(series(Fraction(1, 2), None, Fraction(3, 4)), VIEW)
    lines = [trace for trace in figure["data"] if trace.get("mode") == "lines+markers"]
    assert lines[-1]["y"] == [50.0, None, 75.0]
    assert lines[-1]["connectgaps"] is False
    crosses = figure["data"][-1]
    assert len(crosses["x"]) == 1
    assert "chậm báo cáo" in crosses["hovertext"][0]


def test_zero_is_a_point_and_not_a_gap() -> None:
    figure = trend.figure(series(Fraction(0), Fraction(1, 4)), VIEW)
    assert figure["data"][-2]["y"] == [0.0, 25.0]
    assert figure["data"][-1]["x"] == []


def test_trend_of_nothing_is_drawn() -> None:
    assert trend.figure(series(), VIEW)["layout"]["yaxis"]["range"] == [0.0, 100.0]


def test_words_of_a_trend_stand_on_no_line_and_leave_room_on_a_phone() -> None:
    indicator = samples.catalogue().by_code("OPS-01")
    points = tuple(
        Point(
            Period.month(2024 + at // 12, at % 12 + 1),
            Figure(Kind.RATIO, Fraction(30 + at, 100)),
            target=Fraction(1, 2) if at < 12 else None,
        )
        for at in range(30)
    )
    days = (date(2025, 3, 1), date(2025, 7, 1))
    line = Series(samples.key("38"), indicator, points, tuple(_reordered(day) for day in days))
    figure = trend.figure(line, VIEW)
    first, second = figure["layout"]["annotations"][:2]
    assert first["text"] == "Sắp xếp tổ chức<br>01/03/2025"
    assert (first["xanchor"], second["xanchor"]) == ("right", "left")
    assert first["yshift"] == second["yshift"] == 0, "side by side, each on its own side"
    on_the_wall = trend.figure(line, View(wall=True))["layout"]["annotations"][0]
    assert on_the_wall["text"] == "Sắp xếp tổ chức 01/03/2025"


def test_the_words_of_a_target_do_not_stand_on_the_line_of_an_event() -> None:
    indicator = samples.catalogue().by_code("OPS-01")
    points = tuple(
        Point(
            Period.month(2024 + at // 12, at % 12 + 1),
            Figure(Kind.RATIO, Fraction(30 + at, 100)),
            target=Fraction(1, 2) if at < 12 else None,
        )
        for at in range(30)
    )
    line = Series(samples.key("38"), indicator, points, (_reordered(date(2025, 1, 10)),))
    notes = trend.figure(line, VIEW)["layout"]["annotations"]
    target = next(one for one in notes if "Chỉ tiêu" in one["text"])
    assert (target["x"], target["xanchor"]) != ("2024-12-16", "left")


def test_the_words_of_a_single_point_and_of_its_target_do_not_meet() -> None:
    indicator = samples.catalogue().by_code("DQ-01")
    point = Point(Period.month(2026, 11), Figure(Kind.RATIO, Fraction(1)), target=Fraction(1))
    notes = trend.figure(Series(samples.key("38"), indicator, (point,)), VIEW)["layout"][
        "annotations"
    ]
    value, target = notes
    assert (value["text"], value["xanchor"]) == ("100,00%", "left")
    assert target["xanchor"] == "right"


def _reordered(day: date) -> Break:
    return Break(day, "merge", "")


def test_names_of_a_ranking_and_their_ranks_have_room() -> None:
    indicator = samples.catalogue().by_code("OPS-01")
    places = ranks([Fraction(9, 10), Fraction(8, 10)], low_is_best=False, silent=0)
    for name in ("Trung tâm Công nghệ thông tin", "Tuyên Quang", "Huế"):
        unit = replace(samples.key("38"), short=name)
        cells = [replace(samples.cell(indicator, unit), place=place) for place in places]
        chart = ranking.figure(cells, VIEW)["layout"]
        longest = max(map(len, chart["yaxis"]["ticktext"]))
        # As Inter draws names: half of the height a letter, and a little more with the rank.
        assert chart["margin"]["l"] >= longest * theme.text_size(VIEW) * 0.52 + 6, name


def test_bars_begin_at_zero_and_empties_come_last_in_words() -> None:
    cells = [
        replace(
            samples.cell(samples.catalogue().by_code("OPS-05"), samples.key(key)),
            figure=Figure(Kind.RATIO, value, empty=None if value is not None else Empty.MISSING),
            status=Status.AT_RISK if value is not None else Status.NOT_JUDGED,
        )
        for key, value in (("38", None), ("01", Fraction(9, 10)), ("31", Fraction(4, 5)))
    ]
    figure = ranking.figure(cells, VIEW)
    assert figure["layout"]["xaxis"]["range"][0] == 0
    assert figure["layout"]["yaxis"]["ticktext"] == ["Hà Nội", "Hải Phòng", "Thanh Hóa"]
    values = figure["data"][-1]["text"]
    assert values[0] == "90,00% ▼"
    assert values[2] == "<i>chưa có số liệu</i>"
    assert figure["layout"]["separators"] == ",."


def test_map_holds_all_provinces_and_both_archipelagos_named() -> None:
    cells = samples.overview().children
    figure = national_map.figure(cells, VIEW)
    assert sum("fill" in one for one in figure["data"]) == 34
    signs = next(one for one in figure["data"] if one["mode"] == "text")
    assert set(signs["text"]) <= {"●", "◆", "▼"}
    assert len(signs["text"]) == sum(cell.status is not Status.NOT_JUDGED for cell in cells)
    words = " ".join(one["text"] for one in figure["layout"]["annotations"])
    assert "Quần đảo Hoàng Sa<br>(Đà Nẵng)" in words
    assert "Quần đảo Trường Sa<br>(Khánh Hòa)" in words
    assert "Biển Đông" in words
    assert "© OpenStreetMap contributors (ODbL)" in words
    low, high = figure["layout"]["xaxis"]["range"]
    south, north = figure["layout"]["yaxis"]["range"]
    for code, east in (("48", 112.5), ("56", 115.5)):
        shape = provinces()[code]
        assert max(x for x in shape.x if x is not None) > east
        assert all(low < x < high for x in shape.x if x is not None)
        assert all(south < y < north for y in shape.y if y is not None)


@pytest.mark.parametrize("wall", [False, True])
def test_the_credit_of_a_map_covers_none_of_its_islands(wall: bool) -> None:
    shown = national_map.figure([], View(wall=wall))["layout"]
    credit = next(one for one in shown["annotations"] if "OpenStreetMap" in one["text"])
    assert (credit["y"], credit["yanchor"]) == (0, "top")
    assert shown["margin"]["b"] >= credit["font"]["size"] * 1.3


def test_map_is_whole_and_named_even_for_one_region() -> None:
    cells = samples.overview(View(unit="R1")).children
    figure = national_map.figure(cells, View(unit="R1"))
    assert sum("fill" in one for one in figure["data"]) == 34
    linked = [trace for trace in figure["data"] if "customdata" in trace]
    assert len(linked) == len(cells) < 34


def test_map_without_targets_is_coloured_by_value() -> None:
    cells = [
        replace(cell, status=Status.NOT_JUDGED, target=None) for cell in samples.overview().children
    ]
    colours = {trace["fillcolor"] for trace in national_map.figure(cells, VIEW)["data"]}
    assert colours & set(theme.light().ramp)
    assert theme.light().fill[Status.AT_RISK] not in colours


def test_heat_map_has_sign_and_value_and_link_in_each_cell() -> None:
    matrix = samples.overview().matrix
    trace = heat.figure(matrix, VIEW)["data"][0]
    assert len(trace["z"]) == len(matrix.units) == 34
    assert len(trace["z"][0]) == len(matrix.indicators) == 24
    at_risk = [
        trace["text"][row][column]
        for row in range(34)
        for column in range(24)
        if trace["z"][row][column] == 3
    ]
    assert at_risk
    assert all(text.startswith("▼ ") for text in at_risk)
    assert trace["customdata"][0][0][0].startswith("/unit/01?indicator=OPS-01")


def test_equal_names_stay_two_rows_of_the_heat_map() -> None:
    matrix = samples.overview().matrix
    twins = replace(matrix, units=tuple(replace(one, short="Hòa Bình") for one in matrix.units))
    names = heat.figure(twins, VIEW)["data"][0]["y"]
    assert len(set(names)) == 34


def test_spark_keeps_gaps_and_needs_two_values() -> None:
    line = series(Fraction(1, 2), None, Fraction(3, 4), Fraction(1))
    image = spark.image(line.indicator, line.points, VIEW)
    assert image is not None
    assert "tăng từ 50,00% lên 100,00%" in image.alt
    assert unquote(image.src).count("M") == 2
    assert spark.image(line.indicator, series(Fraction(1, 2), None).points, VIEW) is None


def test_breakdown_has_a_bar_a_value() -> None:
    for indicator in samples.catalogue().all:
        for dimension in indicator.breakdown:
            codes = [f"{dimension.code}.{one.code}" for one in dimension.values]
            cell = samples.cell(indicator, samples.key("38"))
            rows = breakdown.rows(indicator, dimension, dict.fromkeys(codes, (cell,)), "vi")
            assert [name for name, _ in rows] == [one.name.vi for one in dimension.values]
            figure = breakdown.figure(rows, VIEW)
            assert len(figure["data"][0]["y"]) == len(rows)
            letters = max(map(len, figure["data"][0]["text"]))
            assert figure["layout"]["margin"]["r"] >= letters * theme.text_size(VIEW) * 0.55


def test_carried_target_says_its_year() -> None:
    indicator = samples.catalogue().by_code("OPS-01")
    target = samples.cell(indicator, samples.key("38")).target
    assert target is not None
    assert target_says(indicator, target, "vi") == "Chỉ tiêu năm 2025: 70%"
    assert target_short(indicator, target, "vi") == "70% (2025)"
    assert target_says(indicator, None, "vi") == "chưa có chỉ tiêu"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>x</b> & y", "&lt;b&gt;x&lt;/b&gt; &amp; y"),
        ("Thừa Thiên – Huế", "Thừa Thiên – Huế"),
    ],
)
def test_markup_is_text_in_charts(text: str, shown: str) -> None:
    assert theme.escape(text) == shown
    assert theme.note(VIEW, text)["text"] == shown


def test_wall_sizes_follow_the_distance() -> None:
    assert theme.wall_px(5, key_figure=True) == 40
    assert theme.wall_px(5, key_figure=False) == 20
    assert theme.wall_px(10, key_figure=False) == theme.wall_px(5, key_figure=True)
    assert theme.text_size(View(wall=True)) >= 20


def test_long_names_break_between_words() -> None:
    assert wrapped("Tái sử dụng dữ liệu", 8, 5) == ["Tái sử", "dụng dữ", "liệu"]
    assert wrapped("một hai ba bốn", 3, 2) == ["một", "hai…"]
