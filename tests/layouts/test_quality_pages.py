"""The quality matrix, failing rows, differences, revisions and their marks as they are drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from ioc.domain.measure import Empty, Figure, Kind
from ioc.domain.period import Period
from ioc.domain.quality import SIX, Check, Checked, Criterion, Score
from ioc.domain.registers import packaged
from ioc.domain.view import View
from ioc.queries.answers import Cell, Corrected, Stamp
from ioc.queries.difference_answers import Differences, ItemRow, PairRow, SumRow, Told
from ioc.queries.quality_answers import (
    HeldLine,
    ItemLine,
    Looked,
    Quality,
    RefusedRow,
    RunLine,
    Section,
    SilentRow,
    SlotRow,
    StaleRow,
    Subject,
)
from ioc.queries.revision_answers import RevisionRow, Revisions
from ioc.web import quality_table
from ioc.web.rows import REVISION, is_illustrative, rows_of
from layouts import grids, quality_cells, revised_marks, states, times
from layouts.figures import marks
from layouts.pages import differences, quality, revisions
from layouts.scenes import quality as scene
from layouts.wall.head import head
from tests.layouts import drawn
from tests.layouts.samples import HOSTILE, MONTH, NOW, catalogue, cell, key

STAMP = Stamp(7, NOW, None, True)
OPS = catalogue().by_code("OPS-01")
LANGS = ("vi", "en")


def rate(num: int, den: int = 100) -> Figure:
    return Figure(Kind.RATIO, Fraction(num, den), Fraction(num), Fraction(den))


def score(check: Check, passed: int, made: int) -> Score:
    return Score((Checked(check, passed, made),))


def subject(name: str, **scores: Score) -> Subject:
    return Subject("source", name, HOSTILE, {Criterion(k): v for k, v in scores.items()}, True)


def matrix(view: View, **more: Any) -> Quality:
    row = subject(
        "dvc",
        correct=score(Check.RECORDS, 99_999, 100_000),
        sufficient=score(Check.UNITS, 30, 34),
        clean=score(Check.RECORDS, 1, 2),
    )
    return Quality(
        view=view, stamp=STAMP, unit=key("vn"), by="source", criteria=SIX, rows=(row,),
        total=row.scores, looked=Looked(50, 90, 7, 6), **more,
    )  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_a_cell_is_a_share_with_its_counts_a_tone_and_a_way_to_what_failed(lang: str) -> None:
    view = View(page="quality", lang=lang)
    page = quality.render(matrix(view), view)
    said = drawn.words(page)
    assert "30/34" in said
    assert "88,2%" in said or "88.2%" in said
    assert {"is-near", "is-at-risk", "is-reached", "is-not-judged"} <= drawn.classes(page)
    links = list(drawn.links(page))
    assert any("source=dvc" in one and "criterion=sufficient" in one for one in links)
    assert any(one.startswith("/differences") for one in links)
    assert any(one.startswith("/revisions") for one in links)


def test_what_was_not_tested_is_said_in_words_and_is_no_zero() -> None:
    view = View(page="quality")
    said = drawn.words(quality.render(matrix(view), view))
    assert "không đánh giá được" in said
    assert " 0%" not in said


def test_the_matrix_goes_into_a_file_with_exact_shares_and_a_row_for_what_was_not_tested() -> None:
    answer = matrix(View(page="quality"))
    found = rows_of(answer.rows, "vi")
    columns, rows = found.names, found.rows
    assert is_illustrative(answer.rows)
    assert len(columns) == len(quality_table.COLUMNS)
    lines = [dict(zip(quality_table.COLUMNS, row, strict=True)) for row in rows]
    assert [one["key"] for one in lines] == ["dvc"] * len(SIX)
    assert (lines[1]["share"], lines[1]["passed"], lines[1]["made"]) == (
        Fraction(3000, 34), 30, 34,
    )  # fmt: skip
    assert (lines[3]["share"], lines[3]["passed"], lines[3]["check"]) == (None, None, None)


@pytest.mark.parametrize(("sheet", "shown", "hidden"), [(1, "s07", "s29"), (2, "s29", "s07")])
def test_a_long_matrix_has_sheets(sheet: int, shown: str, hidden: str) -> None:
    view = View(page="quality", sheet=sheet)
    rows = tuple(subject(f"s{at:02}", clean=score(Check.RECORDS, at, 99)) for at in range(30))
    page = quality.render(replace(matrix(view), rows=rows), view)
    said = drawn.words(page)
    assert shown in said
    assert hidden not in said
    assert any("export.csv" in one for one in drawn.links(page))


def test_a_share_is_never_rounded_up_to_all() -> None:
    assert quality_cells.share_words(score(Check.RECORDS, 99_999, 100_000), "vi") == "99,999%"
    assert quality_cells.share_words(score(Check.RECORDS, 999_999, 1_000_000), "vi") == "< 100%"
    assert quality_cells.share_words(score(Check.RECORDS, 5, 5), "vi") == "100%"


SECTIONS = (
    Section(
        Check.RECORDS, 2, 10, (RefusedRow("dvc", HOSTILE, 7, "row 3", "negative",
        {"given": HOSTILE, "part": "x"}, HOSTILE),), untold=1,
    ),
    Section(Check.VALUES, 3, 9, (RunLine("dvc", HOSTILE, 7, 9, 3),)),
    Section(Check.HELD, 1, 9, (HeldLine("dvc", HOSTILE, OPS, key("38"), 1),)),
    Section(Check.UNITS, 1, 34, (SilentRow(key("38"), OPS, MONTH, Period.month(2026, 9)),)),
    Section(Check.SLOTS, 1, 9, (SlotRow("dvc", HOSTILE, NOW, "missed", None, "still_running"),)),
    Section(Check.FIGURES, 1, 9, (StaleRow("dvc", HOSTILE, OPS, None, 48, 1),)),
    Section(Check.ITEMS, 1, 9, (ItemLine("task", "nhiệm vụ", "NV-1", HOSTILE, None, ("Hạn",)),)),
    Section(Check.SUMS, 0, 9),
)  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_every_kind_of_failing_row_is_told_with_the_way_to_where_it_is(lang: str) -> None:
    view = View(page="quality", source="dvc", criterion="clean", lang=lang)
    answer = matrix(view)
    chosen = replace(
        answer, chosen=answer.rows[0], criterion=Criterion.CLEAN, sections=SECTIONS, sheets=3
    )
    page = quality.render(chosen, view)
    links = list(drawn.links(page))
    assert any(one.startswith("/source/dvc") and "run=7" in one for one in links)
    assert any(one.startswith("/item/NV-1") and "register=task" in one for one in links)
    assert any(one.startswith("/record") and "period=2026-10" in one for one in links)
    assert any("sheet=2" in one for one in links)
    assert any(one.startswith("/quality") and "criterion" not in one for one in links)


def test_who_may_not_read_raw_records_is_told_so() -> None:
    view = View(page="quality", source="dvc", criterion="clean")
    answer = matrix(view)
    closed = (Section(Check.RECORDS, 2, 10, browse=False),)
    page = quality.render(
        replace(answer, chosen=answer.rows[0], criterion=Criterion.CLEAN, sections=closed), view
    )
    assert "is-not-allowed" in drawn.classes(page)


@pytest.mark.parametrize("lang", LANGS)
def test_the_scene_shows_six_shares_and_the_weakest_sources_without_links(lang: str) -> None:
    view = View(page="scene", scene="quality", wall=True, lang=lang)
    page = scene.render(matrix(view), view)
    assert list(drawn.links(page)) == []
    assert sum("quality-wall-card" in (getattr(one, "className", "") or "").split()
               for one in drawn.parts(page)) == 6  # fmt: skip
    assert HOSTILE in drawn.words(page)
    empty = scene.render(replace(matrix(view), rows=(), total={}), view)
    assert "wall-well" in drawn.classes(empty)


# --- differences --------------------------------------------------------------------------------


def told(name: str, num: int, *, stands: bool) -> Told:
    return Told(HOSTILE, name, 10 if stands else 100, rate(num), NOW, stands)


def lists(view: View, form: str, **rows: Any) -> Differences:
    counts = (("sums", 1), ("pairs", 2), ("items", 0))
    return Differences(view, STAMP, key("vn"), form, counts, sheets=2, **rows)


@pytest.mark.parametrize("lang", LANGS)
def test_two_sources_stand_side_by_side_with_the_rule(lang: str) -> None:
    view = View(page="differences", form="pairs", lang=lang)
    row = PairRow(key("38"), OPS, MONTH, "", (told("real", 40, stands=True),
                  told("demo", 47, stands=False)), "rank")  # fmt: skip
    page = differences.render(lists(view, "pairs", pairs=(row,)), view)
    said = drawn.words(page)
    assert "40/100" in said
    assert "47/100" in said
    assert ("hạng 10" in said) or ("rank 10" in said)
    assert {"/source/real" in one for one in drawn.links(page)} == {True, False}


def test_a_total_and_its_parts_are_told_with_what_is_left() -> None:
    view = View(page="differences", form="sums")
    row = SumRow(key("local"), OPS, MONTH, "", rate(60, 200), rate(50, 200),
                 (Fraction(10), Fraction(0)), HOSTILE, 2, 34)  # fmt: skip
    said = drawn.words(differences.render(lists(view, "sums", sums=(row,)), view))
    assert "+10 / 0" in said
    assert "2/34 đơn vị" in said
    assert "chưa đủ đơn vị" in said


def test_an_item_is_told_in_its_own_unit() -> None:
    budget = packaged().by_key("budget")
    view = View(page="differences", form="items")
    row = ItemRow(budget, "DA-1", HOSTILE, key("38"), "total", 412_383,
                  (("investment", 46_000), ("regular", 366_000)), 383, 3, False)  # fmt: skip
    page = differences.render(lists(view, "items", items=(row,)), view)
    said = drawn.words(page)
    assert "412,383" in said
    assert "+0,383" in said
    assert any(one.startswith("/item/DA-1") for one in drawn.links(page))


def test_where_nothing_differs_and_of_the_past_it_is_said() -> None:
    view = View(page="differences")
    assert "Không có chênh lệch" in drawn.words(differences.render(lists(view, "sums"), view))
    past = replace(lists(view, "sums"), asked=False)
    assert "quá khứ" in drawn.words(differences.render(past, view))


# --- revisions ----------------------------------------------------------------------------------

CORRECTED = Corrected(
    rate(40), rate(47), NOW - timedelta(days=2), NOW - timedelta(hours=3), HOSTILE
)


def corrected_cell(at: timedelta = timedelta(hours=3)) -> Cell:
    shown = cell(OPS, key("38"))
    return replace(shown, corrected=replace(CORRECTED, at=NOW - at))


def row() -> RevisionRow:
    return RevisionRow(key("38"), OPS, MONTH, "", rate(40), rate(47), CORRECTED.shown_at,
                       CORRECTED.at, HOSTILE, "demo", "Cũ")  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_a_revision_is_told_from_to_when_and_by_whom(lang: str) -> None:
    view = View(page="revisions", unit="38", period=MONTH, lang=lang)
    answer = Revisions(view, STAMP, key("38"), (row(),), 1, False, 1, 1)
    page = revisions.render(answer, view)
    said = drawn.words(page)
    assert "40,00%" in said or "40.00%" in said
    assert "47,00%" in said or "47.00%" in said
    assert HOSTILE in said
    links = list(drawn.links(page))
    assert any(one.startswith("/record") for one in links)
    assert any("export.csv" in one for one in links)
    nothing = replace(answer, rows=(), count=0)
    assert "blank" in drawn.classes(revisions.render(nothing, view))


def test_revisions_go_into_a_file_with_exact_figures() -> None:
    found = rows_of((row(),), "vi")
    columns, rows = found.names, found.rows
    assert len(columns) == len(REVISION) == len(rows[0])
    line = dict(zip(REVISION, rows[0], strict=True))
    assert (line["then"], line["now"]) == (40, 47)
    assert (line["unit_key"], line["code"], line["source"]) == ("38", "OPS-01", HOSTILE)


def test_the_hint_says_what_was_shown_before() -> None:
    hint = revised_marks.hint(corrected_cell(), "vi")
    assert hint is not None
    assert "40,00%" in hint
    assert "47,00%" in hint
    assert HOSTILE in hint
    assert revised_marks.hint(cell(OPS, key("38")), "vi") is None


def test_the_mark_stands_in_tables_tiles_charts_and_grids() -> None:
    one = corrected_cell()
    view = View(page="indicator", indicator="OPS-01")
    assert any("is-corrected" in (said.className or "") for said in states.warnings(one, NOW, "vi"))
    assert "when-corrected" in drawn.classes(times.three_times(one, NOW, "vi"))
    assert revised_marks.SIGN in marks.hover(one, view)
    fields = [column["field"] for column in grids.grid("x", (one,), view).columnDefs]
    assert "corrected" in fields
    assert "when-corrected" not in drawn.classes(
        times.three_times(corrected_cell(timedelta(hours=25)), NOW, "vi")
    )


def test_a_scene_says_how_many_of_its_figures_changed_in_a_day() -> None:
    view = View(page="scene", wall=True)
    plain = replace(STAMP, illustrative=False)
    some = [corrected_cell(), cell(OPS, key("31")), corrected_cell(timedelta(hours=25))]
    assert "1 số sửa trong 24 giờ" in drawn.words(head("x", view, plain, cells=some[:2]))
    assert "sửa" not in drawn.words(head("x", view, plain, cells=some[1:]))


def test_a_withdrawn_figure_is_told_too() -> None:
    gone = replace(CORRECTED, now=Figure(Kind.RATIO, None, empty=Empty.SUPPRESSED))
    hint = revised_marks.hint(replace(cell(OPS, key("38")), corrected=gone), "vi")
    assert hint is not None
    assert "40,00%" in hint
