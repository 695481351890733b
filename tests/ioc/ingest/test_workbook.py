"""The workbook of the template: what it gives, and what its author is told when it is wrong."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from ioc.domain.period import Grain
from ioc.ingest.connector import Record, Rejected
from ioc.ingest.report import place_words, reason_words
from ioc.ingest.sheets import FileRefused, Limits, open_book
from ioc.ingest.values import Share
from ioc.ingest.workbook import (
    DATA,
    DATA_LABELS,
    META,
    META_LABELS,
    TEMPLATE,
    VERSION,
    Key,
    Meta,
    read_meta,
    workbook_records,
)

GOOD: dict[str, Any] = {
    Key.TEMPLATE: TEMPLATE,
    Key.VERSION: VERSION,
    Key.UNIT: "38",
    Key.SYSTEM: "nso",
    Key.KIND: "thang",
    Key.START: date(2026, 10, 1),
    Key.END: "31/10/2026",
    Key.REPORTER: "Nguyễn Thị Bình",
    Key.APPROVER: None,
}
ROWS: list[list[Any]] = [
    ["38", "Thanh Hóa", "OPS-01", "1.758", 1950, None, "hồ sơ", None],
    ["38", "Thanh Hóa", "OPS-02", None, None, "12,5%", "%", "tạm tính"],
    ["38", None, "OPS-03", "-", None, None, None, None],
]


def made(meta: dict[str, Any], rows: list[list[Any]], *, sheets: tuple[str, str] = (META, DATA)):
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = sheets[0]
    first.append(["BIỂU NHẬP SỐ LIỆU"])
    for key, value in meta.items():
        first.append([str(key), value, META_LABELS.get(key, "")])
    second = book.create_sheet(sheets[1])
    second.append(["Hướng dẫn: chỉ điền các ô trắng"])
    second.append(list(DATA_LABELS.values()))
    second.append(list(DATA_LABELS))
    for row in rows:
        second.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def read(content: bytes) -> list[Record | Rejected]:
    with open_book(content, Limits(1000, 10**7)) as book:
        return list(workbook_records(book.sheet(META), book.sheet(DATA), "a.xlsx"))


def told(found: list[Record | Rejected]) -> list[str]:
    return [
        f"{place_words(one.place)}: {reason_words(one)}"
        for one in found
        if isinstance(one, Rejected)
    ]


def test_records_carry_their_row_and_what_meta_says() -> None:
    found = read(made(GOOD, ROWS))
    assert all(isinstance(one, Record) for one in found)
    fields = [one.fields for one in found if isinstance(one, Record)]
    assert [one.place for one in found] == ["data!4", "data!5", "data!6"]
    wanted = ("ma_chi_tieu", "tu_so", "mau_so", "gia_tri")
    assert [tuple(one[name] for name in wanted) for one in fields] == [
        ("OPS-01", Decimal(1758), Decimal(1950), None),
        ("OPS-02", None, None, Share(Decimal("0.125"))),
        ("OPS-03", "-", None, None),
    ]  # fmt: skip
    assert {name: value for name, value in fields[0].items() if name.startswith("_")} == {
        "_meta_ma_mau": TEMPLATE,
        "_meta_phien_ban": VERSION,
        "_meta_ma_don_vi": "38",
        "_meta_he_ma": "nso",
        "_meta_loai_ky": "month",
        "_meta_tu_ngay": "2026-10-01",
        "_meta_den_ngay": "2026-10-31",
        "_meta_nguoi_lap": "Nguyễn Thị Bình",
        "_meta_nguoi_duyet": "",
        "_period": "2026-10",
        "_calendar": "calendar",
        "_file": "a.xlsx",
        "_sheet": "data",
        "_row": 4,
    }


@pytest.mark.parametrize(
    ("kind", "start", "end", "grain", "code", "calendar"),
    [
        ("quy", "01/07/2026", "30/09/2026", Grain.QUARTER, "2026-Q3", "calendar"),
        ("thang", "2026-09-15", "2026-10-14", Grain.MONTH, "2026-10", "administrative"),
        ("nam", "15/12/2025", "14/12/2026", Grain.YEAR, "2026", "administrative"),
        ("nua_nam", "01.01.2026", "30.06.2026", Grain.HALF, "2026-H1", "calendar"),
        ("tuan", "05/10/2026", "11/10/2026", Grain.WEEK, "2026-W41", "calendar"),
        ("day", "05/10/2026", "05/10/2026", Grain.DAY, "2026-10-05", "calendar"),
    ],
)
def test_whole_periods_of_both_calendars(
    kind: str, start: str, end: str, grain: Grain, code: str, calendar: str
) -> None:
    content = made({**GOOD, Key.KIND: kind, Key.START: start, Key.END: end}, ROWS)
    with open_book(content, Limits(1000, 10**7)) as book:
        meta = read_meta(book.sheet(META))
    assert isinstance(meta, Meta)
    assert (meta.period.grain, meta.period.code, meta.period.calendar.value) == (
        grain,
        code,
        calendar,
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({Key.TEMPLATE: "khac"}, "trang meta, dòng 2: "
         "“Mã mẫu” ghi là “khac”; được phép: ioc-so-lieu."),
        ({Key.VERSION: 2}, "trang meta, dòng 3: “Phiên bản mẫu” ghi là “2”; được phép: 1."),
        ({Key.REPORTER: " "}, "trang meta, dòng 9: Chưa điền “Người lập” (nguoi_lap)."),
        ({Key.START: "31/02/2026"}, "trang meta, dòng 7: "
         "“Từ ngày” ghi là “31/02/2026”; được phép: 01/10/2026."),
        ({Key.END: "30/10/2026"}, "trang meta, dòng 8: "
         "Từ 01/10/2026 đến 30/10/2026 không phải trọn một kỳ loại “thang”."),
        ({Key.KIND: "thế kỷ"}, "trang meta, dòng 6: "
         "“Loại kỳ” ghi là “thế kỷ”; được phép: ngay, tuan, thang, quy, nua_nam, nam."),
    ],
)  # fmt: skip
def test_a_wrong_meta_sheet_refuses_everything_in_words(change: dict[Key, Any], words: str) -> None:
    assert told(read(made({**GOOD, **change}, ROWS))) == [words]


def test_every_blank_cell_of_meta_is_told_at_once() -> None:
    found = told(read(made({Key.TEMPLATE: TEMPLATE, Key.VERSION: 1, "Người lập": "A"}, ROWS)))
    assert found == [
        "meta: Chưa điền “Mã đơn vị báo cáo” (ma_don_vi).",
        "meta: Chưa điền “Hệ mã đơn vị” (he_ma).",
        "meta: Chưa điền “Loại kỳ” (loai_ky).",
        "meta: Chưa điền “Từ ngày” (tu_ngay).",
        "meta: Chưa điền “Đến ngày” (den_ngay).",
    ]


def test_wrong_cells_are_told_by_row_and_column_and_good_rows_stay() -> None:
    rows = [
        ["38", None, "OPS-01", "1,758.0", "mười", None, None, None],
        [None, "Thanh Hóa", None, 1, 2, None, None, None],
        ["38", None, "OPS-01", 1, 2, 3, None, None],
        ["38", None, "OPS-01", None, 2, None, None, None],
        ["38", None, "OPS-01", 1, 2, None, None, None],
    ]
    found = read(made(GOOD, rows))
    assert told(found) == [
        "trang data, dòng 4: Cột “Tử số”: “1,758.0” "
        "không phải là số (viết như 1.234,5 hoặc 12,5%).",
        "trang data, dòng 4: Cột “Mẫu số”: “mười” không phải là số (viết như 1.234,5 hoặc 12,5%).",
        "trang data, dòng 5: Cột “Mã đơn vị”: chưa điền.",
        "trang data, dòng 5: Cột “Mã chỉ tiêu”: chưa điền.",
        "trang data, dòng 6: Cột “Giá trị” chỉ dùng khi cột “Tử số” và “Mẫu số” để trống.",
        "trang data, dòng 7: Cột “Tử số”: để trống trong khi đã có mẫu số.",
    ]  # fmt: skip
    assert [one.place for one in found if isinstance(one, Record)] == ["data!8"]


def test_a_workbook_without_its_sheets_is_refused() -> None:
    with pytest.raises(FileRefused) as caught:
        read(made(GOOD, ROWS, sheets=("meta", "Số liệu")))
    assert caught.value.code == "file_no_sheet"
