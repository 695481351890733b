"""Values of items in words: exact, in the right units, and nothing is never zero."""

from __future__ import annotations

from datetime import date

import pytest

from ioc.domain.due import Due
from ioc.domain.item_words import degrees_words, due_words, facet_words, slip_words, value_words
from ioc.domain.register import ItemField, Kind
from ioc.domain.registers import packaged


def field(kind: Kind, **more: object) -> ItemField:
    words = {"vi": "Trường", "en": "Field"}
    return ItemField.model_validate({"name": "f", "label": words, "kind": kind, **more})


@pytest.mark.parametrize(
    ("one", "value", "wanted"),
    [
        (field(Kind.TEXT), "Sách", "Sách"),
        (field(Kind.COUNT), 12_345, "12.345"),
        (field(Kind.COUNT), 0, "0"),
        (field(Kind.COUNT), None, "–"),
        (field(Kind.AMOUNT, decimals=3, unit_of_measure={"vi": "tỷ đồng", "en": "bn"}),
         412_383, "412,383 tỷ đồng"),
        (field(Kind.PERCENT), 95_500, "95,5%"),
        (field(Kind.PERCENT), 100_000, "100%"),
        (field(Kind.DATE), "2025-10-30", "30/10/2025"),
        (field(Kind.DUE), "2026-Q3", "quý III/2026"),
        (field(Kind.FLAG), False, "Không"),
        (field(Kind.UNIT), "38", "Thanh Hóa"),
        (field(Kind.UNIT), "39", "39"),
        (field(Kind.ITEM, register="task"), "NV-1", "NV-1"),
    ],
)  # fmt: skip
def test_a_value_reads_as_its_kind(one: ItemField, value: object, wanted: str) -> None:
    assert value_words(one, value, "vi", {"38": "Thanh Hóa"}) == wanted


def test_choices_have_their_names_and_unknown_codes_stand() -> None:
    one = packaged().by_key("task").field("class")
    assert value_words(one, "target", "vi") == "Chỉ tiêu của kế hoạch"
    assert value_words(one, "gone", "en") == "gone"
    assert facet_words(one, "", "vi") == "Chưa ghi"
    assert facet_words(field(Kind.FLAG), "true", "en") == "Yes"


@pytest.mark.parametrize(
    ("slip", "late", "done", "wanted"),
    [
        (None, 0, False, ""),
        (9, 5, False, "quá hạn 5 ngày làm việc"),
        (2, 0, False, "quá hạn 2 ngày nghỉ"),
        (0, 0, False, "hạn hôm nay"),
        (-8, 0, False, "còn 8 ngày"),
        (4, 2, True, "xong muộn 2 ngày làm việc"),
        (-4, 0, True, "đúng hạn"),
        (0, 0, True, "đúng hạn"),
    ],
)
def test_lateness_is_told(slip: int | None, late: int, *, done: bool, wanted: str) -> None:
    assert slip_words(slip, late, "vi", done=done) == wanted


def test_a_due_date_is_told_as_exactly_as_it_is_known() -> None:
    assert due_words(Due(date(2025, 10, 30)), "vi") == "30/10/2025"
    assert due_words(Due.parse("9/2026"), "vi") == "tháng 9/2026"
    assert due_words(None, "vi") == "–"


def test_a_point_is_told_in_degrees() -> None:
    assert degrees_words(19.8075, 105.7764, "vi") == "19,80750° vĩ bắc, 105,77640° kinh đông"
    assert degrees_words(-1.5, -2, "en") == "1.50000° S, 2.00000° W"
