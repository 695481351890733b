"""The comparison page: what is drawn is what is exported, and nothing is invented."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from fractions import Fraction
from typing import Any
from urllib.parse import unquote

import compare_samples
import drawn
import pytest
import samples
from dash import html
from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.measure import Empty, Figure
from ioc.domain.period import Period
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.queries.compare_answers import (
    Compare,
    Corridor,
    Form,
    IndexedTrends,
    Multiples,
    Scatter,
    Slopes,
)
from ioc.web.compare_rows import about_lines, compare_rows
from ioc.web.router import encode, read_address
from layouts import compare_pace, compare_words
from layouts.figures import corridor, multiples, scatter, slope
from layouts.figures.dodge import dodged
from layouts.pages.compare import PAGE

FORMS = list(Form)
LANGUAGES = ("vi", "en")


def view(form: Form, **parts: Any) -> View:
    return View(page="compare", form=form.value, **parts)


def page(form: Form, **parts: Any) -> Any:
    asked = view(form, **parts)
    return PAGE.render(compare_samples.answer(asked), asked)


def rows(answer: Compare) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    found = compare_rows(answer, answer.form.value, "en")
    return found.names, [dict(zip(found.names, row, strict=True)) for row in found.rows]


# Every form


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("wall", [False, True])
def test_every_form_is_drawn(form: Form, lang: str, wall: bool) -> None:
    made = page(form, lang=lang, wall=wall)
    assert "None" not in drawn.words(made)
    assert encode(made)
    assert PAGE.title(compare_samples.answer(view(form, lang=lang)), view(form, lang=lang))


@pytest.mark.parametrize("form", FORMS)
def test_every_form_without_figures_says_so_and_invents_none(form: Form) -> None:
    asked = view(form)
    made = PAGE.render(compare_samples.empty(asked), asked)
    assert "Chưa có gì để so sánh" in drawn.words(made)
    assert drawn.charts(made) == {}


@pytest.mark.parametrize("form", FORMS)
def test_hostile_names_stay_text_in_every_form(form: Form) -> None:
    asked = view(form)
    made = PAGE.render(compare_samples.answer(asked, hostile=True), asked)
    for chart in drawn.charts(made).values():
        assert "<img" not in str(chart)
    for one in drawn.parts(made):
        if isinstance(one, html.Img):
            assert "onerror" not in unquote(one.src)


@pytest.mark.parametrize("form", FORMS)
def test_every_choice_is_an_address_that_reads_back(form: Form) -> None:
    asked = view(form, units=("01", "04"), lang="en")
    made = PAGE.render(compare_samples.answer(asked), asked)
    options = [
        option["value"]
        for one in drawn.parts(made)
        for option in getattr(one, "options", None) or ()
    ]
    links = [one for one in drawn.links(made) if not one.startswith("/export")]
    assert len(options) > 60
    for href in {*options, *links}:
        assert read_address(href).lang == "en"
    assert asked.href(units=("04",)) in links
    assert any(read_address(one).units == ("01", "04", "08") for one in options)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_in_words_what_it_shows(form: Form) -> None:
    for lang in LANGUAGES:
        answer = compare_samples.answer(view(form, lang=lang))
        said = compare_words.summary(answer, lang)
        assert said
        assert " ".join(said) in drawn.words(PAGE.render(answer, answer.view))


def test_made_up_figures_are_marked_and_the_source_is_named() -> None:
    for form in FORMS:
        text = drawn.words(page(form))
        assert "dữ liệu minh họa" in text
        assert "cong-dvc" in text


# What is exported is what is drawn


def test_side_by_side_exports_its_cells_in_order() -> None:
    answer = compare_samples.answer(view(Form.SIDE))
    _, found = rows(answer)
    cells = answer.body.cells
    assert [row["Value"] for row in found] == [_shown(one) for one in cells]
    assert [row["Rank"] for row in found] == [one.rank for one in cells]
    assert [row["Unit key"] for row in found] == [one.unit.key for one in cells]
    assert {row["Among the units shown"] for row in found} == {"best", "worst", None}


def test_small_multiples_export_every_point_in_order() -> None:
    answer = compare_samples.answer(view(Form.MULTIPLES))
    assert isinstance(answer.body, Multiples)
    _, found = rows(answer)
    points = [point for one in answer.body.series for point in one.points]
    assert len(found) == 34 * 24
    assert [row["Value"] for row in found] == [
        None if p.figure.value is None else p.figure.value * 100 for p in points
    ]
    order = [key for key, _ in itertools.groupby(row["Unit key"] for row in found)]
    assert order == [one.cell.unit.key for one in answer.body.smalls]


def test_an_indexed_chart_exports_the_indices_it_draws() -> None:
    answer = compare_samples.answer(view(Form.INDEXED))
    assert isinstance(answer.body, IndexedTrends)
    lines = drawn.charts(page(Form.INDEXED))["indexed"]["data"]
    _, found = rows(answer)
    shown = [value for line in lines for value in line["y"]]
    told = [row["Index (base = 100)"] for row in found]
    assert None in shown
    assert shown == [None if one is None else float(one) for one in told]


def test_a_scatter_exports_the_points_it_draws_then_those_lacking() -> None:
    answer = compare_samples.answer(view(Form.SCATTER))
    assert isinstance(answer.body, Scatter)
    (points,) = drawn.charts(page(Form.SCATTER))["scatter"]["data"]
    _, found = rows(answer)
    drawn_x, drawn_y = points["x"], points["y"]
    assert [float(row["Value"]) for row in found[0 : 2 * len(drawn_x) : 2]] == drawn_x
    assert [float(row["Value"]) for row in found[1 : 2 * len(drawn_y) : 2]] == drawn_y
    rest = found[2 * len(drawn_x) :]
    assert len(rest) == 2 * len(answer.body.lacking) > 0
    assert 0.0 not in drawn_x + drawn_y
    ((name, words),) = about_lines(answer, "en")
    assert (name, words.split()[0]) == ("Second indicator", "OPS-01")


def test_slopes_export_both_ends_in_the_order_of_their_names() -> None:
    answer = compare_samples.answer(view(Form.SLOPE))
    assert isinstance(answer.body, Slopes)
    chart = drawn.charts(page(Form.SLOPE))["slope"]
    lines = {
        trace["customdata"][0][0]: trace["y"] for trace in chart["data"] if "customdata" in trace
    }
    _, found = rows(answer)
    for row in found[: len(answer.body.lines)]:
        key = row["Unit key"]
        href = next(one for one in lines if f"/unit/{key}?" in one)
        assert lines[href] == [float(row["Earlier value"]), float(row["Value"])]
    assert [row["Rank"] for row in found[: len(lines)]] == list(range(1, len(lines) + 1))
    assert all(row["Why not compared"] for row in found[len(lines) :])


def test_a_corridor_exports_line_target_and_band() -> None:
    answer = compare_samples.answer(view(Form.CORRIDOR))
    assert isinstance(answer.body, Corridor)
    data = drawn.charts(page(Form.CORRIDOR))["corridor"]["data"]
    _, found = rows(answer)
    band = data[1]["y"]
    assert band == [
        None if row["Target"] is None else float(row["Edge of the band “near”"]) for row in found
    ]
    line = next(one for one in data if one.get("mode") == "lines+markers")
    assert line["y"] == [None if r["Value"] is None else float(r["Value"]) for r in found]
    assert float(found[0]["Target"]) - band[0] == float(answer.indicator.near_gap)


def _shown(cell: Any) -> Fraction | None:
    value = cell.figure.value
    return None if value is None else value * cell.indicator.unit_factor


# Single rules


def test_a_scatter_has_no_mark_for_a_unit_that_lacks_one_figure() -> None:
    answer = compare_samples.answer(view(Form.SCATTER))
    assert isinstance(answer.body, Scatter)
    text = drawn.words(page(Form.SCATTER))
    for one in answer.body.lacking:
        assert one.x.unit.short in text
    assert "thiếu" in text


def test_names_of_the_first_points_keep_off_the_numbers_of_the_axis() -> None:
    answer = compare_samples.answer(view(Form.SCATTER))
    assert isinstance(answer.body, Scatter)
    # A point near the axis with a crowd at its right, and one on either side of them all.
    crowd = [(27 + at, 50 + way) for at in range(8) for way in (-2, 0, 2)]
    spots = [(26, 50), *crowd, (20, 20), (95, 95)]
    body = replace(
        answer.body,
        pairs=tuple(
            replace(
                one,
                x=replace(one.x, figure=replace(one.x.figure, value=Fraction(across, 100))),
                y=replace(one.y, figure=replace(one.y.figure, value=Fraction(up, 100))),
            )
            for one, (across, up) in zip(answer.body.pairs, spots, strict=False)
        ),
    )
    first = body.pairs[0].x.unit
    made = scatter.figure(body, frozenset([first.id]), answer.indicator, answer.against, VIEW)
    notes = {one["text"]: one for one in made["layout"]["annotations"]}
    assert notes[first.short]["xanchor"] == "left", "it runs to the right"


def test_the_worse_of_two_statuses_colours_a_point() -> None:
    of = samples.catalogue().by_code("OPS-05")
    cell = samples.cell(of, samples.key("38"))
    for first, second, worse in (
        (Status.REACHED, Status.NEAR, Status.NEAR),
        (Status.AT_RISK, Status.NEAR, Status.AT_RISK),
        (Status.NOT_JUDGED, Status.REACHED, Status.REACHED),
        (Status.NOT_JUDGED, Status.NOT_JUDGED, Status.NOT_JUDGED),
    ):
        pair = compare_samples.Pair(replace(cell, status=first), replace(cell, status=second))
        assert scatter.worse(pair) is worse


def test_a_slope_that_became_worse_is_dashed_whatever_its_colour() -> None:
    answer = compare_samples.answer(view(Form.SLOPE, indicator="OPS-06"))
    assert isinstance(answer.body, Slopes)
    line = answer.body.lines[0]
    for change, dash in ((Fraction(5), "5px,4px"), (Fraction(-5), "solid"), (Fraction(0), "solid")):
        one = replace(line, change=change)
        made = slope.figure([one], frozenset(), VIEW)["data"][-1]
        assert made["line"]["dash"] == dash, change


VIEW = View(page="compare")


def test_of_many_units_the_ends_the_movers_and_the_chosen_are_named() -> None:
    answer = compare_samples.answer(view(Form.SLOPE, unit="38"))
    assert isinstance(answer.body, Slopes)
    lines = answer.body.lines
    assert len(lines) > slope.MOST_NAMED
    middle = lines[len(lines) // 2].now.unit
    made = slope.figure(lines, frozenset({middle.id}), VIEW)
    named = [one["text"] for one in made["layout"]["annotations"]]
    assert len(named) < 2 * slope.MOST_NAMED
    assert any(lines[0].now.unit.short[:16] in text for text in named)
    assert any(middle.short[:16] in text for text in named)
    assert len(made["data"]) == len(lines) + 1


def test_the_band_lies_on_the_side_where_the_target_is_missed() -> None:
    up, down = (samples.catalogue().by_code(code) for code in ("OPS-05", "OPS-06"))
    assert corridor.edge(up, Fraction(1)) == Fraction(95, 100)
    assert corridor.edge(down, Fraction(0)) == 20
    assert corridor.edge(up, None) is None


def test_small_trends_share_one_scale_and_keep_their_gaps() -> None:
    answer = compare_samples.answer(view(Form.MULTIPLES))
    assert isinstance(answer.body, Multiples)
    scale = multiples.scale_of(answer.body.series)
    assert scale is not None
    values = [p.figure.value for one in answer.body.series for p in one.points]
    aims = [p.target for one in answer.body.series for p in one.points]
    known = [one for one in (*values, *aims) if one is not None]
    assert (scale.low, scale.high) == (min(known), max(known))
    series = answer.body.series[0]
    bare = Figure(series.indicator.kind, None, empty=Empty.LATE)
    gap = tuple(
        replace(p, figure=bare)
        if at == 5
        else replace(p, figure=Figure(p.figure.kind, Fraction(1, 2)))
        for at, p in enumerate(series.points)
    )
    whole = tuple(replace(p, figure=Figure(p.figure.kind, Fraction(1, 2))) for p in series.points)
    assert (
        _strokes(replace(series, points=gap), scale)
        == _strokes(replace(series, points=whole), scale) + 1
    )


def _strokes(series: Any, scale: Any) -> int:
    """How many pieces the line of a small trend has."""
    svg = unquote(multiples.source(series, scale, VIEW))
    (path,) = re.findall(r'<path d="([^"]+)" stroke="[^"]+" stroke-width="2"', svg)
    return path.count("M")


def test_the_index_rule_and_every_exception_are_told() -> None:
    answer = compare_samples.answer(view(Form.INDEXED))
    assert isinstance(answer.body, IndexedTrends)
    first, second, third = answer.body.lines
    late = Period.month(2026, 3)
    lines = (
        first,
        replace(second, start=compare_samples.Start.OWN, base=late, after=samples.TODAY),
        replace(third, start=compare_samples.Start.NEVER, points=(), base=None),
    )
    body = replace(answer.body, lines=lines)
    said = compare_words.index_rules(replace(answer, body=body), body, "vi")
    text = " ".join(said)
    assert "nhân 100" in text
    assert f"{second.series.unit.short}: kỳ gốc chung" in text
    assert "tháng 3/2026 = 100" in text
    assert "không nối qua ngày 22/11/2026" in text
    assert f"{third.series.unit.short}: không có kỳ nào" in text


def test_gaps_to_a_target_are_told_without_a_sign() -> None:
    up, down = (samples.catalogue().by_code(code) for code in ("OPS-05", "OPS-06"))
    for of, gap, words in (
        (up, Fraction(-1, 20), "còn thiếu 5,00 điểm %"),
        (up, Fraction(1, 20), "vượt 5,00 điểm %"),
        (down, Fraction(7), "còn quá 7"),
        (down, Fraction(-7), "thấp hơn mức trần 7"),
        (up, Fraction(0), "đúng bằng chỉ tiêu"),
    ):
        cell = replace(samples.cell(of, samples.key("38")), gap=gap)
        assert compare_words.gap_told(cell, "vi") == words


def test_the_pace_that_is_needed_is_what_lacks_over_the_periods_left() -> None:
    answer = compare_samples.answer(view(Form.CORRIDOR))
    assert isinstance(answer.body, Corridor)
    cell = answer.body.cell
    value = Figure(cell.figure.kind, Fraction(9, 10))
    assert cell.target is not None
    body = replace(answer.body, cell=replace(cell, figure=value))
    said = " ".join(compare_pace.pace(body, "vi"))
    assert "còn cách chỉ tiêu 100% 10,00 điểm %" in said
    assert "còn 4 kỳ: mỗi kỳ cần trung bình +2,50 điểm %" in said
    assert body.pace is not None
    endless = replace(body, pace=replace(body.pace, left=None))
    assert "không ghi thời hạn" in " ".join(compare_pace.pace(endless, "vi"))


@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=40),
    st.floats(0.5, 3),
)
def test_labels_keep_their_order_and_their_distance(places: list[float], apart: float) -> None:
    found = dodged(places, apart, 0, 100)
    order = sorted(range(len(places)), key=lambda at: (places[at], at))
    for one, other in itertools.pairwise(order):
        assert found[other] - found[one] >= apart - 1e-6
    if len(places) * apart < 100:
        assert min(found) >= -1e-6
        assert max(found) <= 100 + 1e-6


def test_labels_that_have_room_stay_where_they_want() -> None:
    assert dodged([10, 50, 90], 5, 0, 100) == [10, 50, 90]
    assert dodged([50, 50], 4, 0, 100) == [48, 52]
