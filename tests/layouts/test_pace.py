"""The words of rules, paces, coverage and ranks, and what the pace's chart draws."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
import samples
from drawn import words

from ioc.domain.coverage_range import CoverageRange
from ioc.domain.indicator import Words
from ioc.domain.interval import wilson
from ioc.domain.measure import Empty, Figure, Kind
from ioc.domain.pace import Outlook, Pace, pace
from ioc.domain.ranking import places
from ioc.domain.target import Reason, Target, gap, judge
from ioc.domain.view import View
from ioc.domain.workdays import workdays
from ioc.queries.answers import Cell, IndicatorPage, Point, Series, UnitPace
from ioc.queries.pace import PaceBoard
from ioc.web.extracting_parts import figure_parts
from ioc.web.rows import rows_of
from layouts import pace_card, pace_coverage, pace_rule, pace_words, rank_words
from layouts.figures import pace as drawing
from layouts.pages import indicator as page
from layouts.scenes import pace as scene

OF = samples.catalogue().by_code("OPS-02")
HANOI = samples.key("01")
PERCENTS = (50, 51, 53, 54, 54, 56, 57, 57, 58, 59)
AIM = Target(
    Fraction(65, 100),
    Words(vi="Quyết định 1", en="Decision 1"),
    date(2026, 1, 1),
    date(2026, 12, 31),
    unit="01",
)
VIEW = View(page="indicator", indicator="OPS-02")


def share(percent: int) -> Figure:
    return Figure(Kind.RATIO, Fraction(percent, 100), Fraction(percent), Fraction(100))


def cell(figure: Figure, target: Target | None = AIM) -> Cell:
    status, miss = judge(OF, figure, target), gap(figure, target)
    return Cell(HANOI, OF, samples.MONTH, figure, status, target=target, gap=miss)


def told(percents: tuple[int, ...] = PERCENTS, target: Target | None = AIM) -> Pace:
    past = {
        samples.MONTH.shift(at + 1 - len(percents)): share(one) for at, one in enumerate(percents)
    }
    last = share(percents[-1])
    return pace(OF, last, target, samples.MONTH, past, samples.TODAY, workdays())


def line(percents: tuple[int, ...] = PERCENTS) -> Series:
    points = tuple(
        Point(samples.MONTH.shift(at + 1 - len(percents)), share(one), AIM.value)
        for at, one in enumerate(percents)
    )
    return Series(HANOI, OF, points)


def test_the_sentence_of_the_documentation() -> None:
    found = told()
    assert pace_words.sentence(OF, found, "vi") == (
        "Cần +3,0 điểm % mỗi tháng đến 31/12/2026 (2 kỳ trọn, 28 ngày làm việc); "
        "ba kỳ qua +0,7 điểm % mỗi tháng."
    )
    assert pace_words.arrival(found, "vi") == (
        "tháng 7/2027 (sớm nhất tháng 3/2027, muộn nhất tháng 10/2030)"
    )
    assert pace_words.at_deadline(OF, found, "vi") == "khoảng 58,7% đến 62,0%, giữa khoảng 60,3%"
    assert pace_words.outlook(found, "vi") == "chậm hạn với nhịp hiện nay"


def test_too_few_figures_are_said_to_be_few() -> None:
    found = told(PERCENTS[:3])
    assert pace_words.outlook(found, "vi") == "không đủ dữ liệu"
    assert "cần ít nhất 4" in pace_words.arrival(found, "vi")
    assert "mới có 2" in pace_words.arrival(found, "vi")
    assert "không đủ dữ liệu" in pace_words.moved(OF, found, "vi")
    assert pace_words.at_deadline(OF, found, "vi") is None


def test_a_small_pace_does_not_read_as_none() -> None:
    assert pace_words.amount(OF, Fraction(3, 10_000), "vi") == "+0,03 điểm %"
    assert pace_words.amount(OF, Fraction(0), "vi") == "0,0 điểm %"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_card_says_all_of_it_and_draws_the_way(lang: str) -> None:
    view = replace(VIEW, lang=lang)
    made = pace_card.card(cell(share(59)), told(), line(), view, strip="")
    assert made is not None
    said = words(made)
    for part in ("65%", "28", "31/12/2026") if lang == "vi" else ("65%", "28"):
        assert part in said
    drawn = drawing.figure(line(), told(), view)
    span, target, need, likely, past = drawn["data"]
    assert target["y"] == [65.0, 65.0]
    assert need["y"] == [59.0, 65.0]
    assert round(likely["y"][1], 1) == 60.3
    assert span["fill"] == "toself"
    assert past["y"][-1] == 59.0


def test_without_a_target_the_card_says_why_and_draws_nothing() -> None:
    made = pace_card.card(cell(share(59), None), told(target=None), line(), VIEW, strip="")
    assert made is not None
    assert "chưa có chỉ tiêu" in words(made)
    empty = drawing.figure(Series(HANOI, OF, ()), told(target=None), VIEW)
    assert all(not trace["x"] for trace in empty["data"])


def test_who_has_reached_it_is_not_asked_to_fall_back() -> None:
    found = told((80, 80, 80, 81, 82, 82))
    drawn = drawing.figure(line((80, 80, 80, 81, 82, 82)), found, VIEW)
    assert found.outlook is Outlook.REACHED
    assert all(trace["y"] != [82.0, 65.0] for trace in drawn["data"])
    assert pace_words.needed(OF, found, "vi") == "đã đạt, cần giữ vững"


# The rule


def test_the_rule_says_target_whose_when_by_what_and_why() -> None:
    said = words(pace_rule.told(cell(share(59)), "vi"))
    for part in (
        "65%",
        HANOI.name,
        "từ 01/01/2026 đến 31/12/2026",
        "Quyết định 1",
        "5 điểm %",
        "59/100",
        "nguy cơ: cách chỉ tiêu 6 điểm %, quá 5 điểm %.",
    ):
        assert part in said, part
    near = pace_rule.verdict(cell(share(62)), "vi")
    assert near == "đang phấn đấu: còn cách chỉ tiêu 3 điểm %, không quá 5 điểm %."
    assert "bằng hoặc tốt hơn 65%" in pace_rule.verdict(cell(share(65)), "vi")


@pytest.mark.parametrize(
    ("one", "part"),
    [
        (cell(share(59), None), "chưa có chỉ tiêu"),
        (cell(Figure(Kind.RATIO, None, empty=Empty.LATE)), "chậm báo cáo"),
        (cell(Figure(Kind.RATIO, None, Fraction(3))), "chưa biết mẫu số"),
    ],
)
def test_what_is_not_judged_says_why(one: Cell, part: str) -> None:
    assert part in pace_rule.verdict(one, "vi")


def test_the_rule_opens_by_keyboard_and_a_wall_has_no_hands() -> None:
    desk = pace_rule.chip(cell(share(59)), VIEW)
    assert type(desk).__name__ == "Details"
    wall = pace_rule.chip(cell(share(59)), replace(VIEW, wall=True))
    assert type(wall).__name__ == "Span"


# Coverage and ranks


def test_a_total_says_what_it_may_become() -> None:
    reach = CoverageRange(2, 1, Fraction(9, 10), Fraction(3, 5), Fraction(7, 10), Fraction(31, 50))
    said = " ".join(pace_coverage.coverage_range_words(cell(share(67)), reach, "vi"))
    for part in ("90,0%", "60,00% đến 70,00%", "62,00%", "2 đơn vị", "1 đơn vị"):
        assert part in said
    open_ended = replace(reach, high=None)
    said = " ".join(pace_coverage.coverage_range_words(cell(share(67)), open_ended, "vi"))
    assert "không giới hạn trên" in said
    nothing = CoverageRange(2, 2, None, None, None, None)
    said = " ".join(pace_coverage.coverage_range_words(cell(share(67)), nothing, "vi"))
    assert "Không giới hạn được" in said
    assert pace_coverage.coverage_range_words(cell(share(67)), None, "vi") == []


def test_places_in_words() -> None:
    pairs = [(9400, 10000), (8, 10), (8, 10), (7000, 10000)]
    found = places(
        [Fraction(*one) for one in pairs], silent=2, intervals=[wilson(*one) for one in pairs]
    )
    few = replace(cell(share(80)), place=found[1])
    assert rank_words.short(found[1]) == "=2"
    assert rank_words.told(few, "vi") == [
        "hạng =2 trên 4 (2 chưa báo cáo)",
        "khoảng 49% đến 94%, vì chỉ có 10 thủ tục",
        "không phân biệt được với hạng 1 đến hạng 4",
    ]
    assert rank_words.told(replace(few, place=found[0]), "vi") == ["hạng 1 trên 4 (2 chưa báo cáo)"]
    assert rank_words.few(replace(few, place=found[0])) is None


# Page and scene


def with_paces(view: View) -> IndicatorPage:
    answer = samples.indicator_page(view)
    rows = tuple(UnitPace(one, told() if one.target else told(target=None))
                 for one in answer.children)  # fmt: skip
    return replace(answer, pace=told(), paces=rows, total=cell(share(59)))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_lists_who_must_speed_up(lang: str) -> None:
    view = replace(VIEW, lang=lang)
    said = words(page.render(with_paces(view), view))
    assert ("Ai phải tăng tốc" if lang == "vi" else "Who must speed up") in said


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_scene_names_those_behind(lang: str) -> None:
    view = View(page="scene", scene="pace", wall=True, lang=lang)
    rows = (
        UnitPace(cell(share(59)), told()),
        UnitPace(cell(share(82)), told((80, 80, 80, 81, 82, 82))),
        UnitPace(cell(share(59), None), Pace(Outlook.NOT_JUDGED, Reason.NO_TARGET)),
    )
    answer = PaceBoard(view, samples.stamp(), samples.key("vn"), OF, rows[0], rows)
    said = words(scene.render(answer, view))
    assert HANOI.short in said
    assert "+3,0" in said or "+3.0" in said
    nobody = replace(answer, rows=rows[1:])
    assert HANOI.short not in words(scene.render(nobody, view)).split()
    assert words(scene.render(replace(answer, rows=()), view))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_file_of_the_card_holds_the_total_first_and_then_the_units(lang: str) -> None:
    answer = with_paces(VIEW)
    view = VIEW.but(lang=lang)
    found = next(one.grid for one in figure_parts(answer, view) if one.name == "paces")
    columns, rows = found.names, found.rows
    assert len({len(one) for one in (columns, *rows)}) == 1
    assert len(rows) == 1 + len(answer.children)
    first = dict(zip(columns, rows[0], strict=True))
    needed = "Cần mỗi kỳ" if lang == "vi" else "Needed a period"
    assert first[needed] == 3
    assert date(2026, 12, 31) in rows[0]
    unknown = rows_of([UnitPace(cell(share(59), None), told(target=None))], lang).rows[0]
    assert first[needed] not in unknown
