"""Files in a watched folder: tables as people make them, and files nobody should open."""

from __future__ import annotations

import io
import os
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from pydantic import ValidationError

from data_sources.file_drop import CONNECTOR, FileDropConfig
from ioc.errors import PermanentSourceError, TransientSourceError
from ioc.ingest.connector import Batch, Outcome, Record, Rejected, Tools
from ioc.ingest.values import Share

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=timezone(timedelta(hours=7)))
BAD = Path(__file__).parent / "bad"
CONFIG: dict[str, Any] = {
    "folder": "drop",
    "columns": {"ma": ["Mã đơn vị", "Mã ĐV"], "tu": "Tử số", "mau": "Mẫu số", "ghi": "Ghi chú"},
    "optional": ["ghi"],
    "stt": "STT",
    "skip": ["^tổng", "^cộng"],
}
TABLE = """BÁO CÁO THÁNG 5/2026;;;;
;;;;
STT;Mã  đơn vị;Tên;TỬ SỐ;Mẫu số
I;;Miền Bắc;;
1;01;Hà Nội;1.758;1.950
2;04;Cao Bằng;-;100

II.;;Miền Trung;;
1;38;"Thanh Hóa
(tỉnh)";12,5%;
;;Tổng cộng;1.758;2.050
"""


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


def tools_for(home: Path, sleep: Callable[[float], None] = lambda seconds: None) -> Tools:
    return Tools(httpx.Client(), lambda: NOW, home, sleep=sleep)


def fetch(
    drop: Path, sleep: Callable[[float], None] = lambda seconds: None, **config: Any
) -> Batch:
    given = FileDropConfig.model_validate({**CONFIG, **config})
    return CONNECTOR.fetch(given, tools_for(drop.parent, sleep))


def finish(drop: Path, batch: Batch, outcome: Outcome, **config: Any) -> None:
    given = FileDropConfig.model_validate({**CONFIG, **config})
    CONNECTOR.finish(given, batch, outcome, tools_for(drop.parent))


def rows(batch: Batch) -> list[tuple[Any, ...]]:
    found = []
    for one in batch.records:
        assert isinstance(one, Record), one
        found.append((one.place, *(one.fields.get(name) for name in ("ma", "tu", "mau"))))
    return found


EXPECTED = [("5", "01", "1.758", "1.950"), ("6", "04", "-", "100"), ("9", "38", "12,5%", "")]


@pytest.mark.parametrize("mark", [";", "\t", ","])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_a_table_as_people_make_it(drop: Path, mark: str, bom: str) -> None:
    text = TABLE.replace("12,5%", '"12,5%"').replace(";", mark)
    (drop / "a.csv").write_text(bom + text, encoding="utf-8", newline="")
    assert rows(fetch(drop)) == EXPECTED


def test_windows_1258_is_read_where_declared(drop: Path) -> None:
    import unicodedata

    def encoded(letter: str) -> bytes:
        try:
            return letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tones = [one for one in parts[1:] if one in "\u0300\u0301\u0303\u0309\u0323"]
            rest = "".join(one for one in parts if one not in tones)
            base = unicodedata.normalize("NFC", rest)
            return base.encode("cp1258") + "".join(tones).encode("cp1258")

    (drop / "a.csv").write_bytes(b"".join(encoded(one) for one in TABLE))
    assert rows(fetch(drop, encoding="windows-1258")) == EXPECTED
    (refused,) = fetch(drop).records
    assert isinstance(refused, Rejected)
    assert refused.code == "file_encoding"


def _workbook(path: Path, *lines: list[object], title: str = "Số liệu") -> Any:
    book = openpyxl.Workbook()
    cover = book.active
    cover.title = "Bìa"
    cover.append(["Sở Nội vụ"])
    sheet = book.create_sheet(title)
    for line in lines:
        sheet.append(line)
    book.save(path)
    return book


def test_a_workbook_with_a_cover_dates_and_percentages(drop: Path) -> None:
    _workbook(
        drop / "a.xlsx",
        ["BÁO CÁO"],
        ["STT", "Mã đơn vị", "Tử số", "Mẫu số", "Ghi chú"],
        ["I", "Nhóm"],
        [1, 38, 0.1 + 0.2, None, date(2026, 5, 1)],
        ["Tổng cộng", None, 5, 6],
    )
    book = openpyxl.load_workbook(drop / "a.xlsx")
    book["Số liệu"]["C4"].number_format = "0.00%"
    book.save(drop / "a.xlsx")
    (record,) = fetch(drop).records
    assert isinstance(record, Record)
    assert record.place == "Số liệu!4"
    assert record.fields == {
        "ma": 38, "tu": Share(Decimal("0.3")), "mau": None, "ghi": datetime(2026, 5, 1),
        "_file": "a.xlsx", "_sheet": "Số liệu", "_row": 4,
        "_group": "I", "_group_name": "Nhóm",
    }  # fmt: skip


def test_headings_below_merged_ones_and_cells_merged_downwards(drop: Path) -> None:
    (drop / "a.csv").write_text(
        "Tỉnh;Năm 2025;;Năm 2026;\n;Tử số;Mẫu số;Tử số;Mẫu số\n38;1;2;3;4\n;5;6;7;8\n",
        encoding="utf-8",
    )
    batch = fetch(
        drop, header_rows=2, optional=[], stt=None, fill_down=["ma"],
        columns={"ma": "Tỉnh", "tu": "Năm 2026 / Tử số", "mau": "Năm 2026 / Mẫu số"},
    )  # fmt: skip
    assert rows(batch) == [("3", "38", "3", "4"), ("4", "38", "7", "8")]


@pytest.mark.parametrize("name", sorted(one.stem for one in BAD.glob("*.txt")))
def test_a_bad_file_is_rejected_with_its_exact_message(drop: Path, name: str) -> None:
    (source,) = [one for one in BAD.glob(f"{name}.*") if one.suffix != ".txt"]
    (drop / source.name).write_bytes(source.read_bytes())
    batch = fetch(drop, megabytes=0.05, rows=1000)
    refused = [one for one in batch.records if isinstance(one, Rejected)]
    assert len(refused) == 1
    finish(drop, batch, Outcome(True, rejected=refused))
    assert sorted(one.name for one in (drop / "rejected").iterdir()) == [
        source.name, f"{source.name}.report.txt",
    ]  # fmt: skip
    report = (drop / "rejected" / f"{source.name}.report.txt").read_text(encoding="utf-8")
    assert report.splitlines()[-1] == (BAD / f"{name}.txt").read_text(encoding="utf-8").strip()


def test_one_file_a_run_oldest_first_and_the_others_at_once_after_it(drop: Path) -> None:
    for age, name in enumerate(["c.csv", "b.csv", "a.csv"]):
        (drop / name).write_text(TABLE, encoding="utf-8")
        os.utime(drop / name, (1_700_000_000 + age, 1_700_000_000 + age))
    read = []
    more = True
    while more:
        batch = fetch(drop)
        read.append(batch.payloads[0].label)
        more = batch.more
        finish(drop, batch, Outcome(True, readings=2))
    assert read == ["c.csv", "b.csv", "a.csv"]
    empty = fetch(drop)
    assert (list(empty.records), list(empty.payloads), empty.more) == ([], [], False)
    finish(drop, empty, Outcome(True))


def test_a_file_that_still_grows_waits(drop: Path) -> None:
    (drop / "a.csv").write_text(TABLE, encoding="utf-8")

    def grow(seconds: float) -> None:
        with open(drop / "a.csv", "a", encoding="utf-8") as stream:
            stream.write("3;40;Nghệ An;1;2\n")

    assert list(fetch(drop, grow).payloads) == []
    assert len(rows(fetch(drop))) == 4


def test_a_file_stays_where_it_is_when_nothing_was_committed(drop: Path) -> None:
    (drop / "a.csv").write_text(TABLE, encoding="utf-8")
    finish(drop, fetch(drop), Outcome(committed=False))
    assert [one.name for one in drop.iterdir()] == ["a.csv"]


def test_the_report_tells_every_rejected_row_and_nothing_is_overwritten(drop: Path) -> None:
    for _ in range(3):
        (drop / "a.csv").write_text(TABLE, encoding="utf-8")
        batch = fetch(drop)
        refused = [Rejected("6", "unknown_code", {"given": "9\n9", "system": "nso"})]
        finish(drop, batch, Outcome(True, readings=2, missing=1, rejected=refused))
    moved = drop / "processed"
    names = ["a-2.csv", "a-3.csv", "a.csv"]
    assert sorted(one.name for one in moved.glob("*.csv")) == names
    assert (moved / "a-3.csv.report.txt").read_text(encoding="utf-8").splitlines() == [
        "Tệp: a.csv",
        "Đọc lúc: 10:00 22/11/2026",
        "Số liệu nhận: 2",
        "Số liệu thiếu (không tính là 0): 1",
        "Dòng bị từ chối: 1",
        "dòng 6: Mã đơn vị “9 9” không có trong danh mục nso.",
    ]


@pytest.mark.parametrize(
    "name",
    ["a\nb.csv", "\u202egnp.csv", "=cmd.csv", "con.csv", "..csv", " x .csv", "ữ" * 80 + ".csv",
     "<img onerror=1>.csv"],
)  # fmt: skip
def test_hostile_names_become_plain_names_inside_the_folder(drop: Path, name: str) -> None:
    (drop / name).write_text(TABLE, encoding="utf-8")
    batch = fetch(drop)
    if not batch.payloads:
        assert name.startswith(".")
        return
    finish(drop, batch, Outcome(True, readings=2))
    assert not (drop / name).exists()
    moved = [one.name for one in (drop / "processed").iterdir()]
    assert len(moved) == 2
    assert all(
        one.isprintable() and "<" not in one and one.casefold() != "con.csv" for one in moved
    )


def test_links_unfinished_and_foreign_files_are_left_alone(drop: Path) -> None:
    outside = drop.parent / "secret.csv"
    outside.write_text(TABLE, encoding="utf-8")
    (drop / "link.csv").symlink_to(outside)
    os.mkfifo(drop / "pipe.csv")
    for name in (".hidden.csv", "~$a.xlsx", "a.csv.part", "a.txt"):
        (drop / name).write_text(TABLE, encoding="utf-8")
    (drop / "folder.csv").mkdir()
    assert list(fetch(drop).payloads) == []


def test_a_folder_that_links_out_of_the_home_directory_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "drop").symlink_to(tmp_path)
    given = FileDropConfig.model_validate(CONFIG)
    with pytest.raises(PermanentSourceError) as caught:
        CONNECTOR.fetch(given, tools_for(home))
    assert caught.value.code == "folder_outside"


def test_a_folder_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    given = FileDropConfig.model_validate(CONFIG)
    assert list(CONNECTOR.fetch(given, tools_for(tmp_path)).payloads) == []


@pytest.mark.parametrize(
    "config",
    [
        {"folder": "/etc"},
        {"folder": "../x"},
        {"folder": "a/../../x"},
        {"folder": "a\\..\\x"},
        {"folder": "."},
        {"patterns": ["*.xls"]},
        {"patterns": ["../*.csv"]},
        {"patterns": []},
        {"columns": {}},
        {"optional": ["khong"]},
        {"skip": ["("]},
        {"separator": "|"},
    ],
)
def test_a_wrong_config_is_refused_at_the_start(config: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        FileDropConfig.model_validate({**CONFIG, **config})


VARIANT = "Sở Nội vụ\nBáo cáo tháng 10\n\nMã đơn vị;Tử số;Mẫu số;Ghi chú\n38;1,5;2;hai\n01;3;4;\n"


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "auto"])
def test_ends_of_lines_and_marks_of_order(drop: Path, bom: bytes, end: str, encoding: str) -> None:
    (drop / "a.csv").write_bytes(bom + VARIANT.replace("\n", end).encode())
    found = rows(fetch(drop, encoding=encoding))
    assert [one[1:] for one in found] == [("38", "1,5", "2"), ("01", "3", "4")]


def test_a_cell_of_several_lines_is_one_cell(drop: Path) -> None:
    (drop / "a.csv").write_text(
        'Mã đơn vị;Tử số;Mẫu số;Ghi chú\r\n38;1;2;"dòng một\r\nvà ""hai"""\r\n01;3;4;\r\n',
        encoding="utf-8",
        newline="",
    )
    first, second = fetch(drop).records
    assert isinstance(first, Record)
    assert first.fields["ghi"] == 'dòng một\r\nvà "hai"'
    assert second.place == "3"  # as a spreadsheet counts


def test_an_encoding_that_cannot_be_told_is_refused_not_guessed(drop: Path) -> None:
    (drop / "a.csv").write_bytes("Mã đơn vị;Tử số;Mẫu số\n38;1;2\n".encode()[:-1] + b"\xd0")
    (refused,) = fetch(drop, encoding="auto").records
    assert isinstance(refused, Rejected)
    assert refused.code == "file_encoding_unknown"


def test_a_cell_that_is_too_long_refuses_the_file(drop: Path) -> None:
    long = "x" * 40_000
    (drop / "a.csv").write_text(f"Mã đơn vị;Tử số;Mẫu số\n38;1;{long}\n", encoding="utf-8")
    (refused,) = fetch(drop).records
    assert isinstance(refused, Rejected)
    assert refused.params["row"] == 2


def _many(path: Path, count: int, *, packed: bool) -> None:
    heading = ["Mã đơn vị", "Tử số", "Mẫu số"]
    if packed:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Số liệu")
        sheet.append(heading)
        for number in range(count):
            sheet.append(["38", number, count])
        book.save(path)
        return
    with path.open("w", encoding="utf-8") as stream:
        stream.write(";".join(heading) + "\n")
        stream.writelines(f"38;{number};{count}\n" for number in range(count))


@pytest.mark.parametrize(("packed", "count"), [(False, 20_000), (True, 6_000)])
def test_a_large_file_is_read_row_by_row(drop: Path, packed: bool, count: int) -> None:
    name = "a.xlsx" if packed else "a.csv"
    _many(drop / name, count, packed=packed)
    tracemalloc.start()
    try:
        batch = fetch(drop, rows=count + 1, settle=0)
        seen = 0
        for one in batch.records:
            assert isinstance(one, Record)
            seen += 1
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert seen == count
    # The file itself and what is read ahead; a record a row would be some 700 bytes each.
    assert peak < 8_000_000
    assert sum(1 for _ in batch.records) == count  # as often as it is asked for


def test_a_large_workbook_that_breaks_half_way_is_taken_in_not_at_all(drop: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Số liệu")
    sheet.append(["Mã đơn vị", "Tử số", "Mẫu số"])
    for number in range(5_500):
        sheet.append(["38", number, 9])
    book.save(drop / "a.xlsx")
    whole = (drop / "a.xlsx").read_bytes()
    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(broken, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                text = text.replace(b"<v>5400</v>", b"<v>nan-so</v>")
            new.writestr(part.filename, text)
    (drop / "a.xlsx").write_bytes(broken.getvalue())
    tools = tools_for(drop.parent)
    config = FileDropConfig.model_validate({**CONFIG, "settle": 0})
    with pytest.raises(PermanentSourceError) as caught:
        list(CONNECTOR.fetch(config, tools).records)
    assert caught.value.code == "file_broken"
    (refused,) = CONNECTOR.fetch(config, tools).records
    assert isinstance(refused, Rejected)
    assert refused.code == "file_broken"


def test_a_file_that_takes_longer_than_the_run_may_is_left_for_later(drop: Path) -> None:
    (drop / "a.csv").write_text(TABLE, encoding="utf-8")
    config = FileDropConfig.model_validate({**CONFIG, "settle": 0})
    late = replace(tools_for(drop.parent), deadline=time.monotonic() - 1)
    with pytest.raises(TransientSourceError) as caught:
        CONNECTOR.fetch(config, late)
    assert caught.value.code == "too_slow"
    assert (drop / "a.csv").exists()


def test_texts_that_a_workbook_shares_are_bounded_more_than_its_rows(drop: Path) -> None:
    texts = b"<sst>" + b"<si><t>x</t></si>" * 200_000 + b"</sst>"
    with zipfile.ZipFile(drop / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", texts)
    (refused,) = fetch(drop, megabytes=1).records
    assert isinstance(refused, Rejected)
    assert refused.code == "file_bomb"


def test_a_file_whose_figures_wait_for_a_person_was_read(drop: Path) -> None:
    (drop / "a.csv").write_text(TABLE, encoding="utf-8")
    refused = [Rejected("6", "unknown_code", {"given": "9", "system": "nso"})]
    finish(drop, fetch(drop), Outcome(True, held=1, rejected=refused))
    assert (drop / "processed" / "a.csv").is_file()
