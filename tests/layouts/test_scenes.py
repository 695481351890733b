"""Every scene found draws: with figures and without, marked where it is no usual present."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import drawn
import item_samples
import pytest
import samples
from plotly.utils import PlotlyJSONEncoder
from test_pace import OF, cell, share, told
from test_pages import emptied, mapped, renamed
from test_quality_pages import matrix

from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.queries.answers import Trouble, UnitPace
from ioc.queries.pace import PaceBoard
from ioc.web.scene import Scene, scene_of, scenes
from layouts.pages.scene import PAGE
from layouts.scenes import red
from layouts.times import three_times, times_of
from layouts.wall.head import head


def paces(view: View) -> PaceBoard:
    row = UnitPace(cell(share(59)), told())
    return PaceBoard(view, samples.stamp(), samples.key("vn"), OF, row, (row,))


ANSWERS = {
    "national": samples.overview,
    "map": samples.indicator_page,
    "province": lambda view: samples.unit_page(view.but(unit="38")),
    "ministry": lambda view: samples.overview(view.but(unit="gov")),
    "red": samples.overview,
    "sources": samples.sources,
    "meeting": samples.overview,
    "pace": paces,
    "quality": matrix,
    **item_samples.SCENES,
}
WALL = View(page="scene", wall=True)


def answer(name: str, view: View = WALL, **stamp: Any) -> Any:
    found = ANSWERS[name](view)
    return replace(found, stamp=replace(found.stamp, **stamp))


def encoded(root: Any) -> str:
    return json.dumps(root, cls=PlotlyJSONEncoder, ensure_ascii=False)


@pytest.fixture(params=list(scenes().values()), ids=lambda one: one.name)
def scene(request: pytest.FixtureRequest) -> Scene:
    return request.param  # type: ignore[no-any-return]


def test_scenes_are_found_in_their_order() -> None:
    first = ["national", "map", "province", "ministry", "red", "sources", "meeting"]
    assert [one for one in scenes() if one in first] == first
    assert [one for one in scenes() if one in item_samples.SCENES] == [
        "tasks", "directives", "milestones", "blackspots", "budget", "inventory", "training",
        "practices", "security", "press",
    ]  # fmt: skip


def test_an_unknown_scene_is_a_wrong_address() -> None:
    with pytest.raises(AddressError) as caught:
        scene_of(View.from_address("/scene/nowhere", wall="1"))
    assert caught.value.params["part"] == "scene"
    assert "national" in str(caught.value.params["allowed"])


def test_a_scene_is_dark_even_where_its_address_does_not_ask(scene: Scene) -> None:
    asked = answer(scene.name)
    plain = View(page="scene", scene=scene.name)
    assert encoded(PAGE.render(asked, plain)) == encoded(PAGE.render(asked, plain.but(wall=True)))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_scene_draws_the_same_each_time_and_can_be_sent(scene: Scene, lang: str) -> None:
    view = WALL.but(lang=lang, scene=scene.name)
    asked = answer(scene.name, view)
    assert scene.title(asked, view)
    page = encoded(scene.render(asked, view))
    assert page == encoded(scene.render(asked, view))
    assert "None" not in drawn.words(scene.render(asked, view))


def test_a_scene_draws_without_a_single_figure_and_with_hostile_names(scene: Scene) -> None:
    asked = answer(scene.name)
    assert "None" not in drawn.words(scene.render(mapped(asked, emptied), WALL))
    for figure in drawn.charts(scene.render(mapped(asked, renamed), WALL)).values():
        assert "<img" not in encoded(figure)


def test_nothing_on_a_scene_needs_a_hand(scene: Scene) -> None:
    page = scene.render(answer(scene.name), WALL)
    kinds = {type(one).__name__ for one in drawn.parts(page)}
    assert not kinds & {"Dropdown", "Button", "Details", "AgGrid", "Link", "A"}


def test_every_identifier_is_there_once(scene: Scene) -> None:
    page = scene.render(answer(scene.name), WALL)
    found = [str(one.id) for one in drawn.parts(page) if getattr(one, "id", None)]
    assert len(found) == len(set(found))


def test_a_scene_names_the_sources_that_cannot_be_read_since_when_and_why(scene: Scene) -> None:
    since = samples.NOW - timedelta(minutes=47)
    lost = tuple(
        Trouble(f"s{at}", f"Hệ thống {at}", since, "http_status", {"url": "u", "status": 503})
        for at in range(4)
    )
    said = drawn.words(scene.render(answer(scene.name, troubles=lost, sources=9), WALL))
    assert "Nguồn Hệ thống 0 không đọc được từ 13:18 22/11" in said
    assert "u trả lời với mã 503." in said
    assert "và 3 nguồn khác" in said
    calm = drawn.words(scene.render(answer(scene.name, sources=9), WALL))
    assert "9 nguồn dữ liệu, không nguồn nào đang lỗi" in calm


def test_a_scene_says_exercise_freeze_and_past_moment(scene: Scene) -> None:
    view = WALL.but(exercise="source:lms", meeting="GB47")
    stamp = {"known_at": samples.NOW, "meeting": "Giao ban tuần 47", "pretended": "Học trực tuyến"}
    page = scene.render(answer(scene.name, **stamp), view)
    said = drawn.words(page)
    assert "DIỄN TẬP: giả lập mất nguồn Học trực tuyến" in said
    assert "ĐÓNG BĂNG CHO CUỘC HỌP Giao ban tuần 47" in said
    assert "Số liệu chốt lúc 14:05 22/11/2026" in said
    assert "is-exercise" in drawn.classes(page)
    plain = drawn.words(scene.render(answer(scene.name), WALL))
    assert "DIỄN TẬP" not in plain
    assert "ĐÓNG BĂNG" not in plain


def test_a_released_meeting_is_no_longer_frozen() -> None:
    page = scenes()["meeting"].render(answer("meeting"), WALL.but(meeting="GB47"))
    assert "ĐÓNG BĂNG" not in drawn.words(page)
    assert "Số liệu hiện thời, chưa đóng băng" in drawn.words(page)


def test_a_scene_of_quality_says_of_when_its_shares_are() -> None:
    words = drawn.words(scenes()["quality"].render(answer("quality"), WALL))
    assert "tính lúc " in words
    assert "kỳ gần nhất" in words


def test_long_titles_are_smaller_so_that_no_name_is_cut() -> None:
    sizes = [
        head("x" * letters, WALL, samples.stamp()).children[1].to_plotly_json()["props"]
        for letters in (34, 35, 47)
    ]
    assert [one.get("className") for one in sizes] == [None, "is-long", "is-longest"]


def test_the_red_list_counts_every_unit_and_puts_the_worst_first() -> None:
    asked = samples.overview()
    blocks = red.by_unit(asked)
    at_risk = [one for one in asked.matrix.cells.values() if one.status is Status.AT_RISK]
    assert sum(map(len, blocks)) == len(at_risk)
    assert [len(block) for block in blocks] == sorted(map(len, blocks), reverse=True)
    count = f"{len(at_risk)} mục nguy cơ ở {len(blocks)}/34 đơn vị"
    assert count in drawn.words(red.SCENE.render(asked, WALL))


def test_only_what_was_not_at_risk_before_is_new() -> None:
    cell = next(
        one for one in samples.overview().matrix.cells.values()
        if one.status is Status.AT_RISK and one.target and one.gap is not None
    )  # fmt: skip
    assert red.is_new(replace(cell, change=cell.gap))
    assert not red.is_new(replace(cell, change=cell.gap * 0))  # type: ignore[operator]
    assert not red.is_new(replace(cell, change=None))


# --- the three times -------------------------------------------------------------------------


def times(cell: Any, lang: str = "vi") -> str:
    return drawn.words(three_times(cell, samples.NOW, lang)).replace(" | ", " ")


def fresh() -> Any:
    cell = samples.cell(samples.catalogue().by_code("OPS-01"), samples.key("38"))
    return replace(
        cell,
        received=samples.NOW - timedelta(hours=6),
        checked=samples.NOW - timedelta(minutes=2),
        stale=False,
        failing=False,
    )


def test_a_figure_says_its_period_its_receipt_and_its_check() -> None:
    assert times(fresh()) == "T10/2026 nhận 08:05 22/11 kiểm tra   2 phút trước"
    assert times(fresh(), "en") == "10/2026 received 08:05 22 Nov checked   2 min ago"
    told = three_times(fresh(), samples.NOW, "vi").title
    assert told == ("Kỳ: tháng 10/2026 · Nhận: 08:05 22/11/2026 · Kiểm tra: 14:03 22/11/2026")


def test_an_old_figure_says_its_age_in_words() -> None:
    since = samples.NOW - timedelta(days=3)
    old = replace(fresh(), received=since, checked=since, stale=True)
    assert times(old) == "T10/2026 nhận 14:05 19/11 cũ 3 ngày"
    assert "is-stale" in drawn.classes(
        scenes()["map"].render(replace(answer("map"), total=old), WALL)
    )


def test_a_figure_of_a_lost_source_and_an_overdue_one_say_so() -> None:
    assert "nguồn lỗi, kiểm tra" in times(replace(fresh(), failing=True))
    assert "T10/2026, kỳ sau chậm" in times(replace(fresh(), overdue=True))


def test_a_figure_of_last_year_says_the_year() -> None:
    before = replace(fresh(), received=samples.NOW - timedelta(days=400))
    assert "2025" in times(before)


def test_a_list_says_its_first_and_last_receipt_and_the_check_longest_ago() -> None:
    one = fresh()
    later = replace(one, received=samples.NOW - timedelta(hours=1), checked=samples.NOW)
    said = drawn.words(times_of([one, later], samples.NOW, "vi")).replace(" | ", " ")
    assert said == "T10/2026 nhận 08:05–13:05 22/11 kiểm tra   2 phút trước"
    days = replace(one, received=samples.NOW - timedelta(days=2))
    said = drawn.words(times_of([one, days], samples.NOW, "vi"))
    assert "nhận 20/11–22/11" in said
    assert times_of([mapped(one, emptied)], samples.NOW, "vi") is None
