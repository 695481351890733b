"""The forms of registers say what they show: in words, with links, and never a made-up rate."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any
from urllib.parse import parse_qsl, unquote

import drawn
import item_samples as samples
import pytest
from plotly.utils import PlotlyJSONEncoder

from ioc.domain.register import Phase
from ioc.domain.registers import packaged
from ioc.domain.view import View
from ioc.queries.answers import LateItem, LateItems, RegisterStand
from ioc.queries.register_answers import Totals
from layouts import (
    forms_budget,
    forms_inventory,
    forms_press,
    forms_security,
    forms_training,
    item_parts,
    item_sums,
    late_items,
    register_head,
    register_table,
    time_rows,
)
from layouts.figures import item_map
from layouts.register_forms import forms, offered
from layouts.wall import items

REGISTERS = {"timeline": "milestone", "tree": "directive", "map": "blackspot", "money": "budget",
             "inventory": "dataset", "sessions": "training", "quarters": "practice",
             "matrix": "security", "answers": "press"}  # fmt: skip
VIEW = View(page="register", register="task")


def view_of(name: str, lang: str = "vi") -> View:
    return View(page="register", register=REGISTERS.get(name, "task"), form=name, lang=lang)


@pytest.fixture(params=sorted(samples.FORMS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_form_found_has_a_sample_and_fits_somewhere() -> None:
    assert set(forms()) == set(samples.FORMS)
    for register in packaged().all:
        assert {"board", "people"} <= {one.name for one in offered(register)}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_form_draws_the_same_each_time_and_says_what_it_shows(name: str, lang: str) -> None:
    view = view_of(name, lang)
    answer = samples.FORMS[name](view)
    drawn_once = forms()[name].render(answer, view)
    again = forms()[name].render(answer, view)
    text = json.dumps(drawn_once, cls=PlotlyJSONEncoder, ensure_ascii=False)
    assert text == json.dumps(again, cls=PlotlyJSONEncoder, ensure_ascii=False)
    assert "form-said" in drawn.classes(drawn_once)
    assert "None" not in drawn.words(drawn_once)


def test_every_link_of_a_form_is_an_address(name: str) -> None:
    view = view_of(name)
    page = forms()[name].render(samples.FORMS[name](view), view)
    found = [one for one in drawn.links(page) if one[:1] == "/" and one[:7] != "/export"]
    assert found
    for href in found:
        path, _, query = href.partition("?")
        read = View.from_address(unquote(path), **dict(parse_qsl(query)))
        assert read.page in ("item", "register", "indicator")


def test_the_religion_database_shows_its_slip() -> None:
    page = forms()["timeline"].render(samples.timeline(VIEW), VIEW)
    said = drawn.words(page)
    assert "Cơ sở dữ liệu tôn giáo" in said
    assert "trễ 388 ngày" in said
    assert "kế hoạch gốc quý II/2026" in said
    assert "lùi 184 ngày" in said


def test_a_due_date_is_drawn_as_wide_as_it_is_exact() -> None:
    register = samples.of("milestone")
    span = time_rows.Span(date(2026, 1, 1), date(2026, 12, 31))
    drawn_line = time_rows.line(register, samples.PLANNED, span, samples.TODAY)
    due = next(one for one in drawn_line.children if "tl-due" in one.className)
    assert "is-span" in due.className
    assert float(due.style["width"].rstrip("%")) == pytest.approx(25, abs=0.5)
    base = next(one for one in drawn_line.children if one.className == "tl-base")
    assert float(base.style["left"].rstrip("%")) == pytest.approx(24.7, abs=0.3)
    assert not [one for one in drawn_line.children if "tl-slip" in one.className]
    late = time_rows.line(register, samples.RELIGION, span, samples.TODAY)
    slip = next(one for one in late.children if "tl-slip" in one.className)
    assert slip.style["left"] == "0.00%"
    assert "is-at-risk" in slip.className


def test_the_axis_never_has_more_marks_than_can_be_read() -> None:
    for years in (0, 1, 4, 30):
        span = time_rows.Span(date(2020, 1, 1), date(2020 + years, 12, 31))
        assert 0 < len(time_rows.marks(span, "vi")) <= time_rows.MARKS
        assert all(0 <= at <= 100 for at, _ in time_rows.marks(span, "vi"))


def test_a_total_is_its_parts_or_the_difference_is_told() -> None:
    rule = samples.of("budget").parts[0]
    found = forms_budget.checked(samples.SHEETS["budget"], rule)
    assert [(row.key, difference) for row, difference in found] == [("DA-2", 1_000), ("DA-0", 0)]
    said = drawn.words(forms()["money"].render(samples.sheet(VIEW, "budget"), VIEW))
    assert "412,383 tỷ đồng" in said
    assert "366,383 tỷ đồng" in said
    assert "1 tỷ đồng" in said


def test_what_was_published_is_not_added_to_what_units_keep() -> None:
    answer = samples.sheet(VIEW, "budget")
    assert sum(one.registered for one in forms_budget.funds(answer, "vi")) == 80_000
    whole = forms_budget.pooled(answer.kept, "disbursed", "allocated")
    assert (whole.num, whole.den, whole.without) == (10_000, 40_000, 1)


def test_a_count_without_denominator_is_no_rate() -> None:
    assert item_parts.share_words(5, 0, "vi") == "5"
    assert item_parts.share_words(0, 0, "vi") == "–"
    assert item_parts.share_words(45, 50, "vi") == "90% (45/50)"
    register = samples.of("dataset")
    lone = forms_inventory.pooled(
        [samples.row("dataset", "A", "A", "used", digitised=77)], "digitised", "to_digitise"
    )
    tile = item_sums.share_tile(
        "x", lone, register.field("digitised"), register.field("to_digitise"), "vi"
    )
    assert "77 hồ sơ" in drawn.words(tile)
    assert "%" not in drawn.words(tile)


def test_security_says_yes_no_and_not_known_apart() -> None:
    said = [drawn.words(forms_security.yes_no(one, "vi")) for one in (True, False, None)]
    assert said == ["● | Có", "▼ | Không", "– | Chưa rõ"]
    rows = forms_security.running(samples.sheet(VIEW, "security"))
    assert [row.key for row in rows] == ["HT-2", "HT-1"]
    assert forms_security.flagged(rows, "backup") == (1, 1)
    old = forms_security.restored(samples.of("security"), rows[0], samples.TODAY, "vi")
    assert "is-near" in old.className


def test_press_judges_only_what_is_answered_or_past_its_day() -> None:
    answer = samples.sheet(VIEW, "press")
    assert forms_press.in_time(forms_press.requests(answer)) == (1, 2)
    (unit,) = forms_press.unit_loads(answer)
    assert (unit.asked, unit.open, unit.speaker) == (2, 1, "Chánh Văn phòng")


def test_training_strip_has_twelve_months_up_to_now() -> None:
    found = forms_training.months(samples.sheet(VIEW, "training"))
    assert len(found) == 12
    assert found[-1][0].code == "2026-11"
    assert {one[0].code: one[1] for one in found if one[1]} == {"2026-03": 1, "2026-10": 1}
    assert forms_training.series(samples.SHEETS["training"])[0][1:] == (8, 12)


def test_clusters_carry_the_way_into_them_and_the_islands_are_named() -> None:
    view = view_of("map")
    figure = item_map.figure(samples.places(view), view)
    marks = figure["data"][-1]
    assert marks["customdata"][0][0] == "/register/blackspot?form=map&reason=02213"
    assert marks["marker"]["size"][0] > marks["marker"]["size"][1]
    words = " ".join(one["text"] for one in figure["layout"]["annotations"])
    assert "Hoàng Sa" in words
    assert "Trường Sa" in words
    single = item_map.figure(samples.points(view), view)
    assert single["data"][-1]["customdata"][0][0] == "/item/LS-1?register=blackspot"
    assert single["layout"]["xaxis"]["range"][1] < 110


def test_an_island_far_out_has_its_box_on_its_province() -> None:
    view = view_of("map")
    island = samples.row("blackspot", "LS-HS", "Đảo", "reported", place=(112.3, 16.8))
    answer = replace(samples.points(view), province="48", points=(island,))
    figure = item_map.figure(answer, view)
    far = [one for one in figure["data"] if one.get("customdata") and one.get("xaxis") == "x2"]
    assert far[0]["x"] == [112.3]


def test_hostile_names_stay_text_on_the_map() -> None:
    view = view_of("map")
    evil = samples.row("blackspot", "LS-1", "<img src=x>", "reported", place=(105.1, 19.9))
    figure = item_map.figure(replace(samples.points(view), points=(evil,)), view)
    assert "<img" not in json.dumps(figure["data"][-1]["hovertext"])


# --- other pages -----------------------------------------------------------------------------


def late(overdue: int = 2) -> LateItems:
    one = LateItem(samples.of("task"), "NV/1", "Việc", samples.UNIT, None, 9, 5, illustrative=True)
    stands = (RegisterStand(samples.of("task"), 9, 4, overdue, 1),)
    return LateItems(stands, (one,) if overdue else ())


def test_the_red_list_of_items_counts_links_and_is_honest_when_empty() -> None:
    page = late_items.red(late(), View())
    assert "quá hạn 5 ngày làm việc" in drawn.words(page)
    assert "/item?item=NV%2F1&register=task" in set(drawn.links(page))
    assert "/register/task?due=overdue" in set(drawn.links(page))
    one, two = samples.UNIT, replace(samples.UNIT, key="x")
    alone = late_items.red(late(), View(units=(one.key,)), [one])
    assert f"/register/task?due=overdue&unit={one.key}" in set(drawn.links(alone))
    both = late_items.red(late(), View(units=(one.key, two.key)), [one, two])
    assert not [href for href in drawn.links(both) if "/register/" in href], (
        "no list has just these"
    )
    assert "2 nhiệm vụ quá hạn" in drawn.words(both)
    assert "red is-clear" in late_items.red(late(0), View()).className
    nothing = late_items.red(LateItems((), ()), View())
    assert "is-open" in nothing.className
    assert "Chưa có việc, mốc nào" in drawn.words(nothing)


def test_a_unit_s_registers_lead_to_their_lists() -> None:
    page = late_items.registers(late().stands, View(page="unit", unit="38"), "38")
    assert page is not None
    found = set(drawn.links(page))
    assert "/register/task?unit=38" in found
    assert "/register/task?due=overdue&unit=38" in found
    assert "/register/task?unit=38&where=missing.any" in found
    empty = (RegisterStand(samples.of("task"), 0, 0, 0, 0),)
    assert late_items.registers(empty, View(), "38") is None


# --- walls -----------------------------------------------------------------------------------


def test_what_nobody_knows_the_state_of_is_counted_apart_and_not_red() -> None:
    stand = RegisterStand(samples.of("milestone"), 1, 2, 0, 0, unknown=3)
    page = late_items.registers([stand], View(page="unit", unit="38"), "38")
    assert page is not None
    assert "Chưa rõ" in drawn.words(page)
    assert "/register/milestone?state=all-unknown&unit=38" in set(drawn.links(page))
    state = next(one for one in samples.of("milestone").states if one.code == "unstated")
    chip = register_table.state_chip(state, "vi")
    assert "is-unknown" in chip.className
    totals = Totals(items=6, phases={Phase.OPEN: 1, Phase.DONE: 2, Phase.UNKNOWN: 3})
    head = register_head.numbers(samples.of("milestone"), totals, View(page="register"))
    assert "chưa rõ tình trạng" in drawn.words(head)


def test_a_wall_s_list_parts_its_rows_where_screens_meet() -> None:
    rows = [items.row(f"A{at}", "1") for at in range(9)]
    card = items.listed("T", "l", rows, empty="–")
    listed: Any = next(
        one for one in drawn.parts(card) if getattr(one, "className", "") == "rows is-tall"
    )
    assert [one.className for one in listed.children].index("seam") == items.ABOVE
    assert len(listed.children) == 10
    few = items.listed("T", "l", rows[:4], empty="–")
    assert "seam" not in drawn.classes(few)


def test_a_bar_never_leaves_its_track() -> None:
    for share in (Fraction(-1), Fraction(1, 3), Fraction(7)):
        card = items.row("A", "1", share=share)
        track: Any = next(
            one for one in drawn.parts(card) if getattr(one, "className", "") == "bar-track"
        )
        assert 0 <= float(track.children.style["width"].rstrip("%")) <= 100
