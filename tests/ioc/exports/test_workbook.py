"""Workbooks and CSV of extracts, read back: typed cells, clean names, and no text that acts."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.exports.csv_pack import to_csv_file
from ioc.exports.extract import Column, Definition, Extract, Kind, Origin, Shape, Sheet
from ioc.exports.provenance import Strip, strip_of
from ioc.exports.workbook import to_xlsx
from ioc.exports.workbook_names import LONGEST, clean, names_of
from ioc.exports.workbook_table import HEADER_ROW

WHEN = datetime(2026, 11, 22, 7, 5, 9, tzinfo=UTC)
HOSTILE = (
    "=HYPERLINK(\"http://evil.example\",\"x\")", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1",
    "＝1+1", "=cmd|'/c calc'!A1", "=[1]Sheet!A1", "http://evil.example/x",
)  # fmt: skip
COLUMNS = (
    Column("unit_key", "Mã đơn vị"),
    Column("unit", "Đơn vị"),
    Column("value", "Giá trị", Kind.DECIMAL, "%", 2),
    Column("from", "Từ ngày", Kind.DATE),
    Column("period", "Kỳ số liệu"),
    Column("numerator", "Tử số", Kind.WHOLE),
    Column("empty", "Lý do trống"),
    Column("status", "Trạng thái"),
    Column("change", "Thay đổi", Kind.DECIMAL, "điểm %", 2),
    Column("received", "Thời điểm nhận", Kind.MOMENT),
    Column("illustrative", "Tính chất số liệu"),
)
ROWS: tuple[tuple[Any, ...], ...] = (
    ("38", "Tỉnh Thanh Hóa", Fraction(2475, 30), date(2026, 10, 1), "tháng 10/2026", 1758,
     None, "đạt", Fraction(-26, 5), WHEN, None),
    ("01", "Thành phố Hà Nội", None, date(2026, 10, 1), "tháng 10/2026", None,
     "chưa có số liệu", "chưa đánh giá", None, None, "dữ liệu minh họa"),
    ("31", "Thành phố Hải Phòng", Fraction(0), date(2026, 10, 1), "tháng 10/2026", 0,
     None, "nguy cơ", Fraction(0), WHEN, "dữ liệu minh họa"),
)  # fmt: skip


def sheet(**changes: Any) -> Sheet:
    given: dict[str, Any] = {
        "part": "ranking", "title": "Hồ sơ toàn trình theo đơn vị",
        "subtitle": "% · tháng 10/2026", "shape": Shape.BARS, "columns": COLUMNS, "rows": ROWS,
        "illustrative": True, **changes,
    }  # fmt: skip
    return Sheet(**given)


def extracted(*sheets: Sheet, lang: str = "vi", title: str = "Cả nước – Tổng quan") -> Extract:
    return Extract(
        address="/",
        title=title,
        lang=lang,
        about=(("Tiêu đề", title), ("Đơn vị", "Cả nước"), ("Lọc theo", "Trạng thái: nguy cơ")),
        sheets=sheets or (sheet(),),
        definitions=(
            Definition("OPS-01", "Tỷ lệ hồ sơ trực tuyến toàn trình", "Ý nghĩa", "a / b", "%",
                       "càng cao càng tốt", "1a2b3c4d"),
        ),
        origins=(Origin("Cổng Dịch vụ công", "Báo cáo 12/BC", WHEN, True),),
        caveats=("30/34 đơn vị đã báo cáo.",),
        facts=(),
        illustrative=True,
        known_at=WHEN,
        version=7,
    )  # fmt: skip


def strip(extract: Extract) -> Strip:
    return strip_of(
        extract, code="7K3M0QXDP9TW", who="Nguyễn Thị Ẵng", made_at=WHEN, base="http://ioc.vn"
    )


def book(*extracts: Extract) -> Any:
    made = to_xlsx(extracts, strip(extracts[0]), extracts[0].lang)
    return openpyxl.load_workbook(io.BytesIO(made))


def table(page: Any) -> list[dict[str, Any]]:
    """The cells of a sheet's table by the names of the columns."""
    head, *rows = page.iter_rows(min_row=HEADER_ROW + 1)
    names = [str(one.value).partition("\n")[0] for one in head]
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_f8_numbers_dates_and_periods_are_what_they_are() -> None:
    """Case F8: numbers are numbers, days days, and a period never becomes a moment."""
    page = book(extracted())["Xếp hạng"]
    first, second, third = table(page)
    assert first["Giá trị"].value == pytest.approx(82.5, abs=1e-12)
    assert first["Giá trị"].number_format.endswith("#,##0.00")
    assert first["Từ ngày"].value == datetime(2026, 10, 1)
    assert first["Từ ngày"].number_format == "dd/mm/yyyy"
    assert first["Kỳ số liệu"].value == "tháng 10/2026"
    assert first["Tử số"].value == 1758
    assert first["Thời điểm nhận"].value == datetime(2026, 11, 22, 14, 5, 9)
    assert first["Mã đơn vị"].value == "38", "a key is no number"
    assert third["Giá trị"].value == 0
    assert third["Giá trị"].data_type == "n", "zero is a figure"
    assert second["Giá trị"].value == "chưa có số liệu", "and none says why"
    assert second["Thay đổi"].value is None


def test_a_status_has_a_shape_a_word_and_a_fill_and_an_illustrative_row_its_own() -> None:
    page = book(extracted())["Xếp hạng"]
    first, second, third = table(page)
    assert first["Trạng thái"].value == "● đạt"
    assert third["Trạng thái"].value == "▼ nguy cơ"
    fills = {one["Trạng thái"].fill.fgColor.rgb for one in (first, second, third)}
    assert len(fills) == 3
    assert second["Đơn vị"].fill.fgColor.rgb != first["Đơn vị"].fill.fgColor.rgb
    assert "MINH HỌA" in page.cell(3, 1).value


def test_the_book_has_a_cover_definitions_and_sources() -> None:
    made = book(extracted())
    assert made.sheetnames == ["Bìa", "Xếp hạng", "Định nghĩa", "Nguồn"]
    cover = [str(one.value) for row in made["Bìa"].iter_rows() for one in row if one.value]
    assert "Cả nước – Tổng quan" in cover
    assert "7K3M-0QXD-P9TW" in cover
    assert any("nguy cơ" in one for one in cover), "the filters stand there in words"
    assert any("30/34" in one for one in cover)
    assert len(made["Bìa"]._images) == 1
    definition = [one.value for one in list(made["Định nghĩa"].iter_rows())[3]]
    assert definition[0] == "OPS-01"
    assert definition[-1] == "1a2b3c4d"
    origin = [one.value for one in list(made["Nguồn"].iter_rows())[3]]
    assert origin[0] == "Cổng Dịch vụ công"
    assert origin[2] == datetime(2026, 11, 22, 14, 5, 9)


def test_a_sheet_is_ready_for_reading_and_for_paper() -> None:
    page = book(extracted())["Xếp hạng"]
    assert page.freeze_panes is not None
    assert page.auto_filter.ref is not None
    assert page.page_setup.orientation == "landscape"
    assert page.page_setup.paperSize == 9
    assert page.page_setup.fitToHeight == 0
    assert page.print_title_rows == f"${HEADER_ROW + 1}:${HEADER_ROW + 1}"
    assert "7K3M-0QXD-P9TW" in page.oddFooter.left.text
    widths = [one.width for one in page.column_dimensions.values()]
    assert max(widths) < 50


def test_a_part_that_is_missing_is_named_with_its_reason() -> None:
    broken = sheet(part="trend", title="Diễn biến", rows=(), missing="quá thời gian")
    extract = extracted(sheet(), broken)
    made = book(extract)
    assert "quá thời gian" in str(made["Xu hướng"].cell(HEADER_ROW + 1, 1).value)
    cover = " ".join(str(one.value) for row in made["Bìa"].iter_rows() for one in row if one.value)
    assert "CHƯA ĐẦY ĐỦ" in cover
    assert "quá thời gian" in cover
    assert "quá thời gian" in to_csv_file(extract, strip(extract)).decode()


def test_e3_no_text_becomes_a_formula_and_a_negative_number_stays_one() -> None:
    """Case E3, in the workbook and in the CSV."""
    rows = tuple((one, one, Fraction(-26, 5), None, one, -5, None, one, None, None, one)
                 for one in HOSTILE)  # fmt: skip
    extract = extracted(sheet(rows=rows, title=HOSTILE[0]), title=HOSTILE[0])
    for page in book(extract).worksheets:
        for cell in (one for row in page.iter_rows() for one in row):
            assert cell.data_type != "f"
            if isinstance(cell.value, str):
                assert not cell.value.lstrip().startswith(("=", "+", "@", "＝"))
    told = table(book(extract)["Xếp hạng"])
    assert {one["Giá trị"].value for one in told} == {-5.2}
    assert {one["Giá trị"].data_type for one in told} == {"n"}
    lines = csv_rows(to_csv_file(extract, strip(extract)))
    head = next(at for at, one in enumerate(lines) if one[:1] == ["Mã đơn vị"])
    for line in lines[head + 1 :]:
        assert line[2] == "-5,2"
        assert line[5] == "-5"
        assert line[0].startswith(("'", "http"))


def test_e4_a_workbook_has_no_links_no_outside_parts_and_clean_sheet_names() -> None:
    """Case E4: nothing in the file leads elsewhere, whatever the data say."""
    titles = ("a[b]:c*d?e/f\\g", "x" * 300, "=1+1", "'quoted'", "x" * 300, "History", "\u202exet")
    sheets = tuple(
        sheet(part=f"odd{at}", title=one, rows=((*HOSTILE, None),) * 2)
        for at, one in enumerate(titles)
    )
    extract = extracted(*sheets)
    made = to_xlsx([extract], strip(extract), "vi")
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        names = packed.namelist()
        everything = b"".join(packed.read(one) for one in names if one.endswith((".xml", ".rels")))
    assert not [one for one in names if "external" in one.lower() or "vba" in one.lower()]
    assert b'TargetMode="External"' not in everything
    for tag in (b"<hyperlink", b"<f>", b"ddeLink", b"<oleLink"):
        assert tag not in everything
    found = openpyxl.load_workbook(io.BytesIO(made)).sheetnames
    assert len({one.casefold() for one in found}) == len(found) == len(titles) + 3
    for one in found:
        assert 0 < len(one) <= LONGEST
        assert not set(one) & set("[]:*?/\\'\u202e")


@given(st.lists(st.text(max_size=60), max_size=8))
def test_e4_any_words_become_names_that_a_workbook_takes(wanted: list[str]) -> None:
    found = names_of(wanted)
    assert len({one.casefold() for one in found}) == len(wanted)
    for one in found:
        assert 0 < len(one) <= LONGEST
        assert clean(one) == one or one.endswith(")")


def test_equal_tables_are_one_sheet_and_several_pages_have_numbers() -> None:
    both = extracted(sheet(part="map", shape=Shape.MAP), sheet())
    assert book(both).sheetnames == ["Bìa", "Xếp hạng", "Định nghĩa", "Nguồn"]
    pack = to_xlsx([both, extracted(sheet(part="trend"))], strip(both), "vi")
    found = openpyxl.load_workbook(io.BytesIO(pack)).sheetnames
    assert found == ["Bìa", "1. Xếp hạng", "2. Xu hướng", "Định nghĩa", "Nguồn"]


def test_the_same_extract_gives_the_same_bytes() -> None:
    extract = extracted()
    assert to_xlsx([extract], strip(extract), "vi") == to_xlsx([extract], strip(extract), "vi")


def csv_rows(content: bytes, separator: str = ";") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=separator))


@pytest.mark.parametrize(("lang", "separator", "told"), [("vi", ";", "82,5"), ("en", ",", "82.5")])
def test_e9_a_csv_is_read_by_the_spreadsheet_of_its_country(
    lang: str, separator: str, told: str
) -> None:
    """Case E9: a byte order mark, the separators of the language, numbers that stay numbers."""
    extract = extracted(sheet(), sheet(part="trend", title="Diễn biến"), lang=lang)
    made = to_csv_file(extract, strip(extract))
    assert made.startswith(b"\xef\xbb\xbf")
    assert made.count(b"\xef\xbb\xbf") == 1
    lines = csv_rows(made, separator)
    heads = [at for at, one in enumerate(lines) if one[:1] == ["Mã đơn vị"]]
    assert len(heads) == 2, "both tables stand in it"
    for head in heads:
        row: Sequence[str] = lines[head + 1]
        assert row[2] == told
        assert row[3] == "2026-10-01"
        assert lines[head + 2][2] == "", "nothing is no zero"
        assert lines[head + 3][2] == "0"
    said = " ".join(word for line in lines for word in line)
    assert "7K3M-0QXD-P9TW" in said
    assert "30/34" in said
