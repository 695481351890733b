"""CSV files: numbers stay numbers, text stays text, and nothing is a formula."""

from __future__ import annotations

import csv
import io
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.exports.table import STYLES, Table, cell, decimal_text, plain, to_csv

VI, EN = STYLES["vi"], STYLES["en"]


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (None, "", ""),
        (0, "0", "0"),
        (-5, "-5", "-5"),
        (Fraction(-52, 10), "-5,2", "-5.2"),
        (Fraction(1758 * 100, 1950), "90,153846", "90.153846"),
        (Fraction(10**12), "1000000000000", "1000000000000"),
        (Fraction(-1, 10**9), "0", "0"),
        ("-5.2", "'-5.2", "'-5.2"),
        ("Thừa Thiên Huế", "Thừa Thiên Huế", "Thừa Thiên Huế"),
    ],
)
def test_values_as_a_file_says_them(value: object, vi: str, en: str) -> None:
    assert cell(value, VI) == vi  # type: ignore[arg-type]
    assert cell(value, EN) == en  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "  =1", "\u202e=1", "|cmd", "\x00=1"],
)
def test_text_that_could_be_a_formula_is_neutralised(text: str) -> None:
    assert plain(text).startswith("'")


@given(st.text(max_size=40))
def test_no_text_begins_like_a_formula(text: str) -> None:
    assert not plain(text).lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


@given(st.fractions(min_value=-(10**9), max_value=10**9))
def test_a_number_is_read_back_within_its_places(value: Fraction) -> None:
    assert abs(Fraction(decimal_text(value)) - value) <= Fraction(1, 2 * 10**6)


@given(st.lists(st.tuples(st.text(max_size=20), st.integers()), max_size=5))
def test_rows_and_cells_are_read_back(rows: list[tuple[str, int]]) -> None:
    table = Table((("Tiêu đề", 'a;b\n"c"'),), ("tên", "số"), tuple(rows))
    content = to_csv(table, "vi")
    assert content.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert read[0] == ["Tiêu đề", 'a;b "c"']
    assert read[2] == ["tên", "số"]
    assert [int(row[1]) for row in read[3:]] == [number for _, number in rows]
