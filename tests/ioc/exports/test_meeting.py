"""What slides and reports show of a page: the columns that are read, no names without figures."""

from __future__ import annotations

import io
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from pptx import Presentation

from ioc.domain.messages import say
from ioc.exports.extract import Column, Kind, Shape, Sheet
from ioc.exports.meeting import figureless, meeting
from ioc.exports.slides import deck_of, to_pptx
from tests.ioc.exports.test_slides import CELL, EXTRACT, PROVINCES, cells

VALUE, TARGET = 5, 10


def shown(*sheets: Sheet) -> tuple[Sheet, ...]:
    return meeting(replace(EXTRACT, sheets=sheets)).sheets


def empty(shape: Shape) -> Sheet:
    """A target for everybody and not one figure."""
    rows = [list(row) for row in cells(PROVINCES)]
    for row in rows:
        row[VALUE], row[TARGET + 1] = None, None
    return Sheet("ranking", "Theo tỉnh", "%", shape, CELL, tuple(map(tuple, rows)))


@pytest.mark.parametrize("shape", [Shape.TABLE, Shape.BARS])
def test_names_without_one_figure_are_a_sentence(shape: Shape) -> None:
    (kept,) = shown(empty(shape))
    assert figureless(kept)
    assert len(kept.rows) == len(PROVINCES)
    slides = Presentation(
        io.BytesIO(to_pptx(deck_of(meeting(replace(EXTRACT, sheets=(kept,))), None, {})))
    ).slides
    shapes = [one for slide in slides for one in slide.shapes]
    assert not any(one.has_table or one.has_chart for one in shapes)
    said = [one.text_frame.text for one in shapes if one.has_text_frame]
    assert say("vi", "slides.no_figures", rows=len(PROVINCES)) in said


def test_one_figure_is_enough_for_a_table() -> None:
    sheet = empty(Shape.TABLE)
    rows = ((*sheet.rows[0][:VALUE], Fraction(1), *sheet.rows[0][VALUE + 1 :]), *sheet.rows[1:])
    assert not figureless(replace(sheet, rows=rows))


def test_a_table_of_revisions_keeps_what_was_what_is_and_the_difference() -> None:
    keys = ("at", "unit_key", "unit", "code", "indicator", "period", "part", "then",
            "then_numerator", "then_denominator", "now", "now_numerator", "now_denominator",
            "moved", "measure", "shown_at", "was_source", "source")  # fmt: skip
    amounts = {"then", "now", "moved"}
    columns = tuple(Column(one, one, Kind.DECIMAL if one in amounts else Kind.TEXT) for one in keys)
    values: dict[str, Any] = {one: Fraction(1, 3) if one in amounts else one for one in keys}
    row = tuple(values.values())
    (kept,) = shown(Sheet("rows", "Đã sửa", "", Shape.TABLE, columns, (row, row)))
    found = {one.key for one in kept.columns}
    assert {"indicator", "unit", "period", "then", "now", "moved"} <= found
    assert len(found) <= 9
