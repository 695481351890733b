"""The three summary sheets of provinces as they are made by people, and their totals."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from data_sources.file_drop import FileDropConfig
from ioc.ingest.connector import Record, Rejected
from ioc.ingest.presets import period_of
from ioc.ingest.report import reason_words
from ioc.ingest.sheets import FileRefused
from ioc.ingest.tabular import file_records
from ioc.ingest.values import Locale, Share, number

DIGITISED = """ỦY BAN NHÂN DÂN TỈNH THANH HÓA;;;;;;;;;
TỔNG HỢP SỐ HÓA HỒ SƠ THÁNG 10 NĂM 2026;;;;;;;;;
;;;;;;;;;
STT;Đơn vị;Tiếp nhận;Chưa số hóa TPHS;Có số hóa TPHS;Có tái sử dụng thành phần;\
Có tái sử dụng từ Cổng DVCQG;Đã giải quyết;Chưa số hóa (kết quả);Đã số hóa (kết quả)
(1);(2);(3);(4);(5);(6);(7);(8);(9);(10)
I;Sở, ban, ngành;1.600;100;1.500;20;-;900;0;900
1;Sở Nội vụ;1.234;100;1.134;20;;500;0;500
2;Sở Tư pháp;366;0;366;-;-;400;0;400
III;UBND cấp xã;;;;;;;;
1;Phường Hạc Thành;50;10;40;;;30;5;25
;Tổng cộng;1.650;110;1.540;20;;931;5;925
"""


def read(name: str, content: bytes, **config: Any) -> list[Record | Rejected]:
    given = FileDropConfig.model_validate({"folder": "drop", "format": "sheets_766", **config})
    return list(file_records(given.form, name, content))


def test_digitisation_as_csv_with_groups_numbers_and_a_wrong_total() -> None:
    found = read("a.csv", b"\xef\xbb\xbf" + DIGITISED.encode(), fields={"ma_tinh": "38"})
    units = [one.fields for one in found if isinstance(one, Record)]
    assert [(one["don_vi"], one["_group"], one["_group_name"]) for one in units] == [
        ("Sở Nội vụ", "I", "Sở, ban, ngành"),
        ("Sở Tư pháp", "I", "Sở, ban, ngành"),
        ("Phường Hạc Thành", "III", "UBND cấp xã"),
    ]
    first = units[0]
    assert (first["_period"], first["_form"], first["_row"]) == ("2026-10", "so_hoa", 7)
    assert first["ma_tinh"] == "38"
    assert first["tiep_nhan"] == "1.234"
    assert str(number(first["tiep_nhan"], Locale.VI)) == "1234"
    assert [units[1]["tai_su_dung_thanh_phan"], units[2]["tai_su_dung_thanh_phan"]] == ["-", ""]
    (told,) = [one for one in found if isinstance(one, Rejected)]
    assert told.place == "11"
    assert reason_words(told) == (
        "Dòng “Tổng cộng”, cột “Đã giải quyết”: ghi 931 trong khi các dòng cộng lại là 930; "
        "số liệu của từng dòng vẫn được nhận."
    )


def _online(total: int) -> bytes:
    book = openpyxl.Workbook()
    cover = book.active
    assert cover is not None
    cover.append(["Bìa"])
    sheet = book.create_sheet("DVC trực tuyến")
    sheet.append(["DỊCH VỤ CÔNG TRỰC TUYẾN (từ ngày 01/07/2026 đến ngày 30/09/2026)"])
    sheet.append(
        ["STT", "Mã định danh", "Đơn vị", "Tiếp nhận", *[None] * 5, "Trực tuyến đang xử lý"]
        + [None] * 3
        + ["Đã đồng bộ về DVCQG", "Có nghĩa vụ tài chính", "Đã thanh toán trực tuyến qua DVCQG"]
    )
    sheet.append(
        [None] * 3 + ["Qua mạng", None, "Trực tiếp", None, "BCCI", None, "Trong hạn", None]
        + ["Quá hạn", None]
    )  # fmt: skip
    sheet.append([None] * 3 + ["Số", "%"] * 5 + [None, None, "Số", "%"])
    row = [90, 0.9, 10, 0.1, None, None, 5, 1, 0, 0, 88, 20, 15, 0.75]
    sheet.append([1, "000.01.00.H56", "Sở Nội vụ", *row])
    sheet.append([2, "000.02.00.H56", "Sở Tư pháp", *row])
    sheet.append(["Tổng", None, None, total, None, 20, None, None, None, 10, 2, 0, 0, 176, 40, 30])
    sheet["E5"].number_format = "0%"
    sheet.merge_cells("D2:I2")
    sheet.merge_cells("J2:M2")
    for place in ("D3:E3", "F3:G3", "H3:I3", "J3:K3", "L3:M3", "A2:A4", "C2:C4", "P2:Q3"):
        sheet.merge_cells(place)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_online_services_below_headings_of_three_rows() -> None:
    found = read("a.xlsx", _online(180))
    assert all(isinstance(one, Record) for one in found), found
    first = found[0].fields  # type: ignore[union-attr]
    assert (first["ma_dinh_danh"], first["_period"], first["_form"]) == (
        "000.01.00.H56", "2026-Q3", "dvc_truc_tuyen",
    )  # fmt: skip
    assert (first["qua_mang"], first["bcci"], first["qua_han"], first["thanh_toan"]) == (
        90, None, 0, 15,
    )  # fmt: skip
    assert isinstance(first["qua_mang_ty_le"], Share)
    told = [one for one in read("a.xlsx", _online(181)) if isinstance(one, Rejected)]
    assert [(one.place, one.params["total"], one.params["sum"]) for one in told] == [
        ("DVC trực tuyến!7", "181", "180")
    ]


def test_payment_does_not_add_procedures_up() -> None:
    content = (
        "Quý III/2026\n"
        "STT,Đơn vị,TTHC có phí,TTHC có phí phát sinh hồ sơ,TTHC phát sinh thanh toán,"
        "TTHC phát sinh thanh toán trực tuyến,Tổng hồ sơ thuộc TTHC có phí,"
        "Hồ sơ thanh toán trực tuyến\n"
        "TỔNG SỐ,,3,3,3,3,30,3\n"
        "1,Sở A,3,2,1,1,10,1\n2,Sở B,3,2,1,1,20,2\n"
    )
    found = read("a.csv", content.encode())
    assert [one.fields["tong_ho_so"] for one in found if isinstance(one, Record)] == ["10", "20"]
    assert len(found) == 2


def test_a_file_without_a_known_sheet_is_refused() -> None:
    with pytest.raises(FileRefused) as caught:
        read("a.csv", b"a;b\n1;2\n")
    assert caught.value.code == "file_no_summary"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Báo cáo tháng 9/2026", "2026-09"),
        ("QUÝ 3 NĂM 2026", "2026-Q3"),
        ("Số liệu 6 tháng đầu năm 2026", "2026-H1"),
        ("Năm 2025", "2025"),
        ("Từ ngày 15/09/2026 đến ngày 14/10/2026", "2026-10"),
        ("từ 02/09/2026 đến 14/10/2026", None),
        ("Tháng 13/2026", None),
        ("Thanh Hóa, ngày 5", None),
    ],
)
def test_the_period_that_a_title_names(text: str, code: str | None) -> None:
    found = period_of([text, "Đơn vị"])
    assert (found.code if found else None) == code


def test_titles_that_name_two_periods_name_none() -> None:
    assert period_of(["Tháng 9/2026", "Tháng 10/2026"]) is None
