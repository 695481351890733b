"""Databases, workbooks and summary sheets through the whole run, on both stores."""

from __future__ import annotations

import inspect
import json
import shutil
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import Engine, text

from data_sources import file_drop, sql
from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.ingest.client import open_client
from ioc.ingest.intake import Intake
from ioc.ingest.run import poll
from ioc.ingest.source import read_source
from ioc.ingest.taking import Report
from ioc.ingest.workbook import DATA, DATA_LABELS, META, TEMPLATE, VERSION
from ioc.store import reference, source_state
from ioc.store.engine import reading
from tests.conftest import Clock

CONNECTORS = {"sql": sql.CONNECTOR, "file_drop": file_drop.CONNECTOR}
DATABASE = """
name: mot-cua
title: {vi: Một cửa, en: One stop}
connector: sql
illustrative: true
schedule: {every: 1m}
config:
  url: sqlite:///nguon.db
  query: >
    SELECT ma, ky, tu, mau, updated_at FROM ops WHERE updated_at >= :since ORDER BY updated_at
  watermark: {column: updated_at, overlap: 0}
mapping:
  unit: {code: ma, system: nso}
  period: {field: ky}
  values: [{indicator: OPS-02, numerator: tu, denominator: mau}]
"""
SUMMARY = """
name: bieu-tinh
title: {vi: Biểu của tỉnh, en: The province's sheets}
connector: file_drop
illustrative: true
schedule: {every: 1m}
config: {folder: drop/bieu, format: sheets_766, settle: 0, fields: {ma_tinh: "38"}}
mapping:
  locale: vi
  when: {_form: thanh_toan, _group: III}
  unit: {name: don_vi, level: commune, parent: ma_tinh, system: nso}
  period: {field: _period}
  values: [{indicator: OPS-01, numerator: ho_so_truc_tuyen, denominator: tong_ho_so}]
"""


@pytest.fixture
def run(
    engine: Engine, clock: Clock, tmp_path: Path, units: Units, catalogue: Catalogue
) -> Callable[[str], Report]:
    """Run the source of a file's text once, in a new process each time."""

    def running(described: str) -> Report:
        file = tmp_path / "source.yaml"
        file.write_text(inspect.cleandoc(described), encoding="utf-8")
        source = read_source(file, {}, CONNECTORS)
        intake = Intake(
            engine=engine,
            catalogue=catalogue,
            units=units,
            connectors=CONNECTORS,
            client=lambda _: open_client(),
            home=tmp_path,
            env={},
            now=clock,
            owner="one",
            sources={source.name: source},
        )
        intake.prepare()
        clock.advance(minutes=1)
        report = poll(intake, source)
        assert report is not None
        return report

    return running


def figures(engine: Engine) -> list[tuple[int, int, int]]:
    query = "SELECT unit_id, num, den FROM observation ORDER BY recorded_at, unit_id"
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def told(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT place, code FROM rejection"))]


def test_a_database_is_read_on_from_its_watermark_and_no_equal_time_is_lost(
    run: Callable[[str], Report], engine: Engine, tmp_path: Path
) -> None:
    made = sqlite3.connect(tmp_path / "nguon.db", isolation_level=None)
    made.execute("CREATE TABLE ops (ma, ky, tu, mau, updated_at)")

    def put(code: str, numerator: int | None) -> None:
        row = (code, numerator, "2026-11-01 08:00:00")
        made.execute("INSERT INTO ops VALUES (?, '2026-10', ?, 1000, ?)", row)

    put("38", 900)
    report = run(DATABASE)
    assert (report.added, told(engine)) == (1, [])
    put("01", 800)  # later, with the very time of the newest row
    put("04", None)
    report = run(DATABASE)
    assert (report.outcome, report.added) == ("ok", 1)
    assert run(DATABASE).outcome == "unchanged"
    made.execute("UPDATE ops SET tu = 950, updated_at = '2026-11-02 08:00:00' WHERE ma = '38'")
    assert run(DATABASE).added == 1
    assert figures(engine) == [(1038, 900, 1000), (1001, 800, 1000), (1038, 950, 1000)]
    with reading(engine) as connection:
        (fact,) = (one for one in reference.sources(connection) if one.name == "mot-cua")
        kept = source_state.state(connection, fact.id).watermark
    assert json.loads(kept or "[]")[0] == "2026-11-02 08:00:00"
    shutil.move(tmp_path / "nguon.db", tmp_path / "away.db")
    assert run(DATABASE).outcome == "failed"
    shutil.move(tmp_path / "away.db", tmp_path / "nguon.db")
    assert run(DATABASE).outcome in ("unchanged", "ok")
    assert len(figures(engine)) == 3
    made.close()


def test_a_workbook_is_taken_in_by_the_documented_source(
    run: Callable[[str], Report], engine: Engine, tmp_path: Path
) -> None:
    folder = tmp_path / "drop" / "so-lieu-cac-so"
    folder.mkdir(parents=True)
    book = openpyxl.Workbook()
    meta = book.active
    assert meta is not None
    meta.title = META
    for row in (
        ["ma_mau", TEMPLATE], ["phien_ban", VERSION], ["ma_don_vi", "38"], ["he_ma", "nso"],
        ["loai_ky", "thang"], ["tu_ngay", date(2026, 10, 1)], ["den_ngay", date(2026, 10, 31)],
        ["nguoi_lap", "Lê Văn Tám"], ["nguoi_duyet", ""],
    ):  # fmt: skip
        meta.append(row)
    data = book.create_sheet(DATA)
    data.append(list(DATA_LABELS))
    data.append(["38", "Thanh Hóa", "OPS-02", "1.758", "1.950", None, "hồ sơ", None])
    data.append(["38", "Thanh Hóa", "OPS-03", "không", None, None, None, None])
    data.append(["38", "Thanh Hóa", "OPS-04", None, None, None, None, None])
    book.save(folder / "bao cao.xlsx")
    report = run(file_drop.CONNECTOR.EXAMPLE)
    assert (report.outcome, report.added, report.rejected) == ("partial", 1, 1)
    assert figures(engine) == [(1038, 1758, 1950)]
    assert told(engine) == [("data!3", "workbook_cell_number")]
    said = (folder / "processed" / "bao cao.xlsx.report.txt").read_text(encoding="utf-8")
    assert said.splitlines()[-1] == (
        "trang data, dòng 3: Cột “Tử số”: “không” không phải là số (viết như 1.234,5 hoặc 12,5%)."
    )


def test_a_wrong_total_is_told_and_counted_never(
    run: Callable[[str], Report], engine: Engine, tmp_path: Path
) -> None:
    folder = tmp_path / "drop" / "bieu"
    folder.mkdir(parents=True)
    (folder / "thanh-toan.csv").write_text(
        "BIỂU THANH TOÁN TRỰC TUYẾN THÁNG 10/2026\n"
        "STT;Đơn vị;TTHC có phí;TTHC có phí phát sinh hồ sơ;TTHC phát sinh thanh toán;"
        "TTHC phát sinh thanh toán trực tuyến;Tổng hồ sơ thuộc TTHC có phí;"
        "Hồ sơ thanh toán trực tuyến\n"
        "I;Sở, ban, ngành;;;;;;\n1;Sở Nội vụ;3;2;2;1;1.000;900\n"
        "III;UBND cấp xã;;;;;;\n1;Phường Hạc Thành;3;2;2;1;50;40\n2;Xã Thọ Xuân;3;2;2;1;-;\n"
        ";Tổng cộng;3;2;2;1;1.051;940\n",
        encoding="utf-8",
    )
    report = run(SUMMARY)
    assert (report.outcome, report.added, report.rejected) == ("partial", 1, 1)
    assert [row[1:] for row in figures(engine)] == [(40, 50)]
    assert told(engine) == [("8", "total_differs")]
