"""The mark of a figure on hold: on pages, tiles, walls, charts, tables and in files, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from ioc.domain.measure import Figure, Kind
from ioc.domain.view import View
from ioc.queries.answer_cells import with_cells
from ioc.queries.answers import Cell, Waiting
from ioc.web.rows import CELL, cell_values
from layouts import grids, held_marks, source_held, source_strip, states, times
from layouts.figures import marks, ranking
from layouts.pages import indicator as indicator_layout
from layouts.pages import overview as overview_layout
from layouts.pages import sources as sources_layout
from layouts.pages import unit as unit_layout
from tests.layouts import drawn
from tests.layouts.samples import (
    NOW,
    catalogue,
    cell,
    held_row,
    indicator_page,
    key,
    overview,
    sources,
    unit_page,
)

HOSTILE = "<img src=x onerror=alert(1)>"
MARK = "đang chờ xác nhận"
WAITING = Waiting(
    Figure(Kind.RATIO, Fraction(9, 10), Fraction(900), Fraction(1000)),
    HOSTILE,
    "cong-dvc-tinh",
    NOW - timedelta(hours=1),
    "jump_points",
    {"moved": "80", "period": "2026-09", "limit": "20"},
)


def held_cell(lang: str = "vi") -> Cell:
    return replace(cell(catalogue().by_code("OPS-01"), key("38")), waiting=WAITING)


def test_the_hint_says_what_was_given_by_whom_when_and_why() -> None:
    told = held_marks.hint(held_cell(), "vi")
    assert told == (
        f"{HOSTILE} đã gửi 90,00% (900/1.000 hồ sơ) lúc 13:05 22/11/2026, chưa được xác nhận: "
        "Thay đổi 80 điểm so với số đang dùng của kỳ 2026-09 (giới hạn 20 điểm)."
    )
    assert held_marks.hint(replace(held_cell(), waiting=None), "vi") is None
    assert held_marks.told(replace(held_cell(), waiting=None), View()) is None


def test_it_opens_to_the_source_on_the_desk_and_stands_open_on_a_wall() -> None:
    desk = held_marks.told(held_cell(), View())
    assert list(drawn.links(desk)) == ["/source/cong-dvc-tinh"]
    assert desk is not None
    assert desk.open is False
    wall = held_marks.told(held_cell(), View(wall=True))
    assert wall is not None
    assert wall.open is True
    assert list(drawn.links(wall)) == []


@pytest.mark.parametrize("wall", [False, True], ids=["desk", "wall"])
@pytest.mark.parametrize(
    ("answer", "layout"),
    [
        (overview, overview_layout),
        (unit_page, unit_layout),
        (indicator_page, indicator_layout),
    ],
    ids=["overview", "unit", "indicator"],
)
def test_every_page_carries_the_mark(answer, layout, wall: bool) -> None:  # type: ignore[no-untyped-def]
    pages = {overview: "overview", unit_page: "unit", indicator_page: "indicator"}
    view = View(page=pages[answer], unit="38" if answer is unit_page else "vn",
                indicator="OPS-01", wall=wall)  # fmt: skip
    plain = answer(view)
    marked = with_cells(plain, lambda one, _: replace(one, waiting=WAITING))
    said = drawn.words(layout.render(marked, view))
    assert f"{held_marks.SIGN} " in said
    assert held_marks.SIGN not in drawn.words(layout.render(plain, view))


def test_tiles_tables_lists_charts_and_grids_carry_it() -> None:
    one = held_cell()
    assert MARK in drawn.words(states.warnings(one, NOW, "vi"))
    assert MARK in drawn.words(times.three_times(one, NOW, "vi"))
    hover = marks.hover(one, View())
    assert held_marks.SIGN in hover
    assert "<img" not in hover
    figure = ranking.figure((one,), View())
    labels = [text for trace in figure["data"] for text in trace.get("text") or ()]
    assert any(text.startswith(held_marks.SIGN) for text in labels)
    (row,) = grids.grid("table", (one,), View()).rowData
    assert row["held"].startswith(f"{held_marks.SIGN} 90,00%")


def test_a_file_has_the_figure_on_hold_beside_the_one_that_stands() -> None:
    row = dict(zip(CELL, cell_values(held_cell(), "vi"), strict=True))
    assert (row["held"], row["held_source"]) == (Fraction(90), HOSTILE)
    bare = dict(zip(CELL, cell_values(replace(held_cell(), waiting=None), "vi"), strict=True))
    assert (bare["held"], bare["held_source"]) == (None, None)


def test_the_list_offers_both_decisions_and_says_who_decided_before() -> None:
    panel = source_held.panel((held_row(7),), (held_row(3, "refused"),), View())
    acts = [
        (one.to_plotly_json()["props"]["data-held"], one.to_plotly_json()["props"]["data-act"])
        for one in drawn.parts(panel)
        if "held-act" in (getattr(one, "className", None) or "").split()
    ]
    assert acts == [(7, "confirm"), (7, "refuse")]
    said = drawn.words(panel)
    assert "99,00% (990/1.000 hồ sơ)" in said
    assert "10,00% (100/1.000 hồ sơ)" in said
    assert "Nguyễn Văn An, " in said
    assert "Sai đơn vị tính" in said


def test_the_strip_is_one_picture_with_its_summary_and_few_elements() -> None:
    row = sources(View(page="sources")).rows[0]
    strip = source_strip.strip(row.strip, "vi", stop=True)
    props = strip.to_plotly_json()["props"]
    assert props["role"] == "img"
    assert props["tabIndex"] == 0
    assert props["aria-label"] == (
        "90 lượt gần nhất: 85 đúng giờ, 1 trễ, 1 có số chờ xác nhận, 1 thất bại và 2 bỏ lỡ"
    )
    assert len(list(drawn.parts(strip))) < 16
    looks = drawn.classes(strip)
    assert {"moment-missed", "moment-held", "moment-failed", "moment-late"} <= looks
    assert source_strip.said((), "vi") == "Chưa có lượt đọc nào đến hạn"


def test_the_list_and_the_scene_count_what_failed_was_missed_and_is_held() -> None:
    view = View(page="sources")
    said = drawn.words(sources_layout.render(sources(view), view))
    assert "đang ngắt đến 14:14 22/11" in said
    assert "2 số chờ xác nhận" in said
    wall = view.but(wall=True)
    said = drawn.words(sources_layout.render(sources(wall), wall))
    assert "1 nguồn đang lỗi" in said
    assert "lượt bỏ lỡ" in said
    assert "2 số chờ xác nhận" in said


def test_one_source_says_its_breaker_lag_and_what_was_not_on_time() -> None:
    view = View(page="source", source="nguon-2")
    said = drawn.words(sources_layout.render(sources(view), view))
    assert "6 lần đọc liên tiếp thất bại" in said
    assert "47 phút" in said
    assert "Đang ngắt tự động sau nhiều lần thất bại." in said
    assert "Trang 2/3" in said
    links = set(drawn.links(sources_layout.render(sources(view), view)))
    assert "/source/nguon-2?reason=negative" in links
    assert "/source/nguon-2?sheet=3" in links
    assert "/rejections.csv?source=nguon-2&lang=vi" in links
