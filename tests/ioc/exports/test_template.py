"""Workbooks to fill in: what is open, what may be written, and that no text can compute."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest

from ioc.exports.template import About, Check, Column, Line, Template
from ioc.exports.template_book import to_xlsx

COLUMNS = (
    Column("code", "Mã đơn vị", 12),
    Column("name", "Tên đơn vị", 30),
    Column("upper", "Tử số", 14, number=True),
    Column("lower", "Mẫu số", 14, number=True),
    Column("note", "Ghi chú", 20),
)
RATIO = {"upper": Check(within=True), "lower": Check(), "note": None}


def template(**changes: Any) -> Template:
    given: dict[str, Any] = {
        "sheets": ("data", "meta", "huong_dan"),
        "heading": ("Biểu mẫu", "Tỉnh Thanh Hóa · tháng 10/2026"),
        "columns": COLUMNS,
        "lines": (
            Line({"code": "38", "name": "Tỉnh Thanh Hóa"}, RATIO),
            Line({"code": "01", "name": "Thành phố Hà Nội"}, {"lower": Check(whole=False)}),
        ),
        "about": (About("Mã mẫu", "ioc-so-lieu"), About("Người lập", "", "bắt buộc", open=True)),
        "guide": ("Hướng dẫn", "1. Điền các ô màu vàng."),
        "words": ("-", "chưa thống kê"),
        "prompt": ("Nhập số", "từ 0"),
        "refused": ("Không hợp lệ", "cần một số"),
        "footer": "Biểu mẫu & đơn vị",
    }
    return Template(**{**given, **changes})


def book(one: Template) -> Any:
    return openpyxl.load_workbook(io.BytesIO(to_xlsx(one)))


def test_only_the_cells_to_fill_in_are_open() -> None:
    made = book(template())
    data, meta = made["data"], made["meta"]
    assert made.sheetnames == ["data", "meta", "huong_dan"]
    unlocked = {
        cell.coordinate for row in data.iter_rows() for cell in row if not cell.protection.locked
    }
    assert unlocked == {"C5", "D5", "E5", "D6"}
    assert [cell.protection.locked for cell in meta["B"]] == [True, False]
    for sheet in made:
        assert sheet.protection.sheet
        assert not sheet.protection.password


def test_the_head_stays_in_view_and_on_every_printed_page() -> None:
    data = book(template())["data"]
    assert [cell.value for cell in data[4]] == [one.label for one in COLUMNS]
    assert data.freeze_panes == "A5"
    assert data.print_title_rows == "$4:$4"
    assert data.page_setup.orientation == "landscape"
    assert data.column_dimensions["B"].width == 30


def test_a_number_or_a_known_word_may_be_written() -> None:
    made = book(template())
    rules = {str(one.sqref): one for one in made["data"].data_validations.dataValidation}
    assert set(rules) == {"C5", "D5", "D6"}
    upper = str(rules["C5"].formula1)
    assert "C5<=D5" in upper
    assert "C5>=0" in upper
    assert "C5=INT(C5)" in upper
    assert "INT" not in str(rules["D6"].formula1)
    assert rules["C5"].showErrorMessage
    words = made.defined_names["tu_khong_co"].attr_text
    assert words == "'huong_dan'!$A$3:$A$4"
    assert [made["huong_dan"][f"A{row}"].value for row in (3, 4)] == ["-", "chưa thống kê"]


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "＝1"])
def test_no_text_can_become_a_formula(text: str) -> None:
    one = template(
        heading=(text, text),
        lines=(Line({"code": text, "name": text}, RATIO),),
        about=(About(text, text, text),),
        guide=(text,),
    )
    content = to_xlsx(one)
    made = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in made for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    named = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert [one for one in named if one.startswith(("=", "+", "@", "\t", "＝"))] == []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.namelist():
            assert "externalLink" not in part
            assert "vbaProject" not in part
            body = archive.read(part)
            assert b"<f>" not in body
            assert b"TargetMode" not in body


def test_long_vietnamese_text_gets_the_lines_it_needs() -> None:
    name = "Ủy ban nhân dân xã Nguyễn Thị Minh Khai, thành phố trực thuộc trung ương " * 3
    data = book(template(lines=(Line({"code": "1", "name": name}, RATIO),)))["data"]
    assert data.row_dimensions[5].height > 60
    assert data["B5"].alignment.wrap_text
    assert data["B5"].value == name
