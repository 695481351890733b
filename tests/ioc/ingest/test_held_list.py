"""Held figures from a file in a folder, listed and decided on the command line."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from ioc.errors import SourceConfigError
from ioc.ingest.held_list import decide_held, list_held
from ioc.ingest.scheduler import poll_once
from ioc.settings import Settings

FILE = """
name: thu
title: {vi: Báo cáo thử, en: Trial report}
connector: file_drop
illustrative: true
schedule: {every: 1m}
config:
  folder: drop
  settle: 0
  columns: {ma: Mã, ky: Kỳ, tu: Tử số, mau: Mẫu số}
mapping:
  locale: vi
  unit: {code: ma, system: nso, pad: 2}
  period: {field: ky, pattern: MM/YYYY}
  values: [{indicator: OPS-02, numerator: tu, denominator: mau}]
contract: {max_jump: {times: 10}}
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "sources").mkdir()
    (tmp_path / "drop").mkdir()
    (tmp_path / "sources" / "thu.yaml").write_text(FILE, encoding="utf-8")
    settings = Settings(home=tmp_path, language="vi")
    for name, figures in (("a", "1.758;1.950"), ("b", "1.758.000;1.950.000")):
        rows = f"Mã;Kỳ;Tử số;Mẫu số\n38;05/2026;{figures}\n01;05/2026;{figures}\n"
        (tmp_path / "drop" / f"{name}.csv").write_text(rows, encoding="utf-8")
        assert poll_once(settings, "thu") == 0
    return settings


def listed(settings: Settings, name: str | None = None) -> tuple[int, list[str]]:
    out = io.StringIO()
    return list_held(settings, name, out), out.getvalue().splitlines()


def decided(settings: Settings, ids: list[int], *, believe: bool) -> tuple[int, list[str]]:
    out = io.StringIO()
    code = decide_held(settings, ids, believe=believe, note="đã gọi", by="Lê Thị Hoa", out=out)
    return code, out.getvalue().splitlines()


def test_held_figures_are_listed_and_decided(settings: Settings) -> None:
    processed = settings.home / "drop" / "processed"
    report = (processed / "b.csv.report.txt").read_text(encoding="utf-8")
    assert "Số liệu tạm giữ chờ xác nhận: 2" in report
    code, lines = listed(settings, "thu")
    assert (code, lines[-1]) == (1, "2 số liệu đang tạm giữ.")
    assert lines[1].startswith("#1 thu, ")
    for words in ("OPS-02, Tỉnh Thanh Hóa", "1.758.000/1.950.000", "1.758/1.950", "1000 lần"):
        assert words in lines[1], words
    assert decided(settings, [1, 9], believe=True) == (
        1,
        ["Số liệu tạm giữ số 1: Lê Thị Hoa đã xác nhận.", "Không có số liệu tạm giữ số 9."],
    )
    code, lines = decided(settings, [1, 2], believe=False)
    assert code == 1
    assert "đã được Lê Thị Hoa xác nhận" in lines[0]
    assert lines[1] == "Số liệu tạm giữ số 2: Lê Thị Hoa đã từ chối."
    assert listed(settings) == (0, ["0 số liệu đang tạm giữ."])


def test_an_unknown_source_is_named(settings: Settings) -> None:
    with pytest.raises(SourceConfigError, match="thu"):
        listed(settings, "khac")
