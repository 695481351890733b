"""Colours tell statuses or values, nothing else; words on charts keep out of each other's way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
import samples
from drawn import words

from ioc.domain.measure import Coverage, Empty, Figure, Kind, Restated
from ioc.domain.period import Period
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.queries.answers import Break, Cell, Point, Series
from layouts import components as parts
from layouts import theme
from layouts.figures import national_map, ranking, trend, trend_words
from layouts.figures.paint import Paint
from layouts.figures.places import Place, Room
from layouts.grids import grid
from layouts.pages import overview

VIEW = View()
KEYS = ("01", "04", "08", "11", "12", "14", "15", "19", "20", "22")


def cells(status: Status, *values: Fraction | None) -> list[Cell]:
    of = samples.catalogue().by_code("DOC-01")
    return [
        replace(
            samples.cell(of, samples.key(key)),
            figure=Figure(Kind.RATIO, value, empty=None if value is not None else Empty.MISSING),
            status=status if value is not None else Status.NOT_JUDGED,
            target=None,
            gap=None,
        )
        for key, value in zip(KEYS, values, strict=False)
    ]


def tenths(count: int) -> list[Fraction]:
    return [Fraction(at, 10) for at in range(1, count + 1)]


def test_judged_units_have_the_colour_of_their_status() -> None:
    judged = cells(Status.NEAR, *tenths(3))
    assert {Paint(judged, VIEW).colour(cell) for cell in judged} == {
        theme.light().fill[Status.NEAR]
    }
    assert Paint(judged, VIEW).steps() == []


def test_unjudged_units_are_coloured_by_fifths_of_their_values() -> None:
    unjudged = cells(Status.NOT_JUDGED, *tenths(10))
    paint = Paint(unjudged, VIEW)
    colours = [paint.colour(cell) for cell in unjudged]
    assert colours == [one for one in theme.light().ramp for _ in range(2)]
    assert paint.steps()[0][1:] == ("10,0%", "20,0%")
    assert paint.steps()[-1][1:] == ("90,0%", "100,0%")


def test_equal_values_share_a_colour() -> None:
    alike = cells(Status.NOT_JUDGED, *[Fraction(1, 2)] * 6)
    assert len({Paint(alike, VIEW).colour(cell) for cell in alike}) == 1
    assert len(Paint(alike, VIEW).steps()) == 1


def test_a_missing_unit_is_on_no_scale() -> None:
    some = cells(Status.NOT_JUDGED, Fraction(1, 2), None, Fraction(3, 4))
    paint = Paint(some, VIEW)
    palette = theme.light()
    assert paint.missing
    assert paint.colour(some[1]) not in (*palette.ramp, *palette.fill.values())
    hatched = [
        one for one in national_map.figure(some, VIEW)["data"] if one.get("fillpattern") is not None
    ]
    assert [one["meta"] for one in hatched] == [some[1].unit.key]
    assert "chưa có số liệu" in words(parts.map_legend(some, VIEW))


def test_bars_without_a_target_share_the_accent() -> None:
    bars = ranking.figure(cells(Status.NOT_JUDGED, *tenths(5)), VIEW)["data"][1]
    assert set(bars["marker"]["color"]) == {theme.light().ramp[3]}


def test_few_bars_do_not_fill_a_tall_chart() -> None:
    low, high = ranking.figure(cells(Status.NEAR, *tenths(3)), VIEW, room=600)["layout"]["yaxis"][
        "range"
    ]
    assert 600 / (low - high) <= ranking.TALLEST + 1


def test_a_region_is_drawn_large_and_the_country_whole() -> None:
    (left, right), (low, high) = national_map.extent(["38", "40", "42", "44", "46"])
    assert right - left < 5
    assert high - low < 7
    assert national_map.extent([]) == national_map.EXTENT
    assert national_map.extent(["38", "30.2025"]) == national_map.EXTENT


def line(*figures: Figure, breaks: tuple[Break, ...] = ()) -> Series:
    points = tuple(
        Point(Period.month(2025, at + 1), figure, Fraction(4, 5))
        for at, figure in enumerate(figures)
    )
    return Series(samples.key("31"), samples.catalogue().by_code("OPS-05"), points, breaks)


def share(top: int, restated: Restated = Restated.EXACT, reported: int = 2) -> Figure:
    coverage = Coverage(reported, 2)
    return Figure(Kind.RATIO, Fraction(top, 100), restated=restated, coverage=coverage)


def test_a_partial_period_is_hollow_and_said_below() -> None:
    drawn = line(share(50), share(60, Restated.PARTIAL, reported=1), share(70))
    colours = trend.figure(drawn, VIEW)["data"][-2]["marker"]["color"]
    assert [one == theme.light().surface for one in colours] == [False, True, False]
    said = trend_words.coverage_note(drawn, "vi") or ""
    assert "1/2 đơn vị đã báo cáo (tháng 2/2025)" in said
    assert trend_words.coverage_note(line(share(50), share(60)), "vi") is None


def test_what_cannot_be_restated_is_said() -> None:
    lost = Figure(
        Kind.RATIO, None, empty=Empty.MISSING, restated=Restated.NOT_RESTATABLE, coverage=None
    )
    assert "không quy đổi được" in (trend_words.coverage_note(line(lost, share(40)), "vi") or "")


def test_events_near_to_each_other_stand_in_two_rows() -> None:
    events = tuple(Break(date(2025, month, 1), "merge", "NQ") for month in (3, 7))
    drawn = trend.figure(line(*(share(at) for at in range(50, 62)), breaks=events), VIEW)
    marks = [
        one for one in drawn["layout"]["annotations"] if one["text"].startswith("Sắp xếp tổ chức")
    ]
    assert len({one["yshift"] for one in marks}) == 2
    assert drawn["layout"]["margin"]["t"] > 26


@pytest.mark.parametrize("wall", [False, True])
@pytest.mark.parametrize("months", [(2, 4), (5, 7), (9, 11)])
def test_words_of_near_events_never_cross_each_other_s_lines(
    months: tuple[int, int], wall: bool
) -> None:
    events = tuple(Break(date(2025, month, 1), "merge", "NQ") for month in months)
    series = line(*(share(at) for at in range(50, 62)), breaks=events)
    shown = trend.figure(series, VIEW.but(wall=wall))["layout"]
    marks = [one for one in shown["annotations"] if one["text"].startswith("Sắp xếp tổ chức")]
    first, second = sorted(marks, key=lambda one: str(one["x"]))
    lifted = [one for one in shown["shapes"] if one.get("ysizemode") == "pixel"]
    if (first["xanchor"], second["xanchor"]) == ("right", "left"):
        assert not lifted
        return
    assert first["xanchor"] == second["xanchor"]
    above = first if first["xanchor"] == "left" else second
    below = second if above is first else first
    assert above["yshift"] > below["yshift"] == 0
    (raised,) = lifted
    assert (raised["x0"], raised["y1"]) == (above["x"], above["yshift"])


def test_words_avoid_lines_and_other_words() -> None:
    room = Room((0, 10), (0, 10), VIEW)
    room.line([(0, 5), (10, 6)])
    above, below = Place((1, 5)), Place((1, 5), above=False)
    assert room.take("Chỉ tiêu 80%", [above, below]) == below
    assert room.take("Hải Dương", [below, Place((1, 9), above=False)]) != below


def test_an_uneven_change_says_so() -> None:
    cell = replace(samples.overview().total, change=Fraction(1, 100), uneven=True)
    assert "khác số đơn vị" in words(parts.change_span(cell, "vi"))
    assert "different units" in words(parts.change_span(cell, "en"))
    assert "khác số đơn vị" in grid("g", [cell], VIEW).rowData[0]["change_words"]
    even = replace(cell, uneven=False)
    assert "khác số đơn vị" not in words(parts.change_span(even, "vi"))


def test_the_red_number_counts_all_and_leads_to_them() -> None:
    answer = replace(samples.overview(), red_count=251)
    page = words(overview.red_list(answer.red, VIEW, answer.red_count))
    assert "251" in page
    assert "Xem tất cả 251 mục" in page


def test_the_first_loading_is_shown_until_it_is_done() -> None:
    loading = overview.render(replace(samples.overview(), progress=(3, 15)), VIEW)
    assert "3/15" in words(loading)
    done = overview.render(replace(samples.overview(), progress=(15, 15)), VIEW)
    assert "15/15" not in words(done)


def test_nothing_judged_is_not_all_clear() -> None:
    shown = words(overview.red_list((), VIEW, 0, judged=False))
    assert "Không có chỉ số nào" not in shown
    assert "Chưa có số liệu" in shown
    assert "Không có chỉ số nào" in words(overview.red_list((), VIEW, 0))
