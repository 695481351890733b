"""The trial of a source shows what would happen and leaves everything as it was."""

from __future__ import annotations

import io
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from support.server import answer, serving

from ioc.errors import SourceConfigError
from ioc.ingest.check import check_source
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
"""
WEB = """
name: web
title: {vi: Cổng thử, en: Trial portal}
connector: http_json
illustrative: false
schedule: {every: 1m}
config: {url: "http://HOST/x", attempts: 1, query: {khoa: "${env:KHOA}"}}
mapping:
  unit: {code: ma, system: nso}
  period: {constant: 2026-05}
  values: [{indicator: OPS-06, value: so}]
"""


def run(home: Path, name: str, allow: tuple[str, ...] = (), lang: str = "vi") -> tuple[int, str]:
    out = io.StringIO()
    settings = Settings(home=home, allow_hosts=allow, language=lang)
    code = check_source(settings, name, out, {"KHOA": "bi-mat-999"})
    return code, out.getvalue()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "sources").mkdir()
    (tmp_path / "drop").mkdir()
    (tmp_path / "sources" / "thu.yaml").write_text(FILE, encoding="utf-8")
    return tmp_path


def test_a_file_is_shown_figure_by_figure_and_reason_by_reason(home: Path) -> None:
    (home / "drop" / "a.csv").write_text(
        "Mã;Kỳ;Tử số;Mẫu số\n38;05/2025;1.758;1.950\n40;05/2025;;10\n"
        "30;05/2026;1;2\n99;05/2026;1;2\n99;05/2026;1;3\n",
        encoding="utf-8",
    )
    before = sorted(home.rglob("*"))
    code, text = run(home, "thu")
    assert code == 1
    assert text.splitlines() == [
        "Kiểm tra nguồn thu: Báo cáo thử",
        "Chỉ đọc thử, không ghi gì vào cơ sở dữ liệu.",
        "Mọi số liệu của nguồn này là dữ liệu minh họa.",
        "Đã nhận: a.csv (113 byte)",
        "Số liệu nhận: 1",
        "Số liệu thiếu (không tính là 0): 1",
        "Dòng bị từ chối: 3",
        "Ví dụ số liệu sẽ nhận:",
        "  dòng 2: OPS-02 · Tỉnh Thanh Hóa · tháng 5/2025 · 90,15% (1.758/1.950 thủ tục)",
        "Bị từ chối, theo lý do:",
        "  2 × dòng 5: Mã đơn vị “99” không có trong danh mục nso.",
        "  1 × dòng 4: “30” là Tỉnh Hải Dương, đã kết thúc từ 01/07/2025; nay là "
        "Thành phố Hải Phòng (31).",
    ]
    assert sorted(home.rglob("*")) == before


def test_nothing_waiting_is_no_failure(home: Path) -> None:
    code, text = run(home, "thu", lang="en")
    assert code == 0
    assert "Nothing is waiting to be read." in text


def test_a_source_that_does_not_exist_names_those_that_do(home: Path) -> None:
    with pytest.raises(SourceConfigError) as caught:
        run(home, "khong-co")
    assert str(caught.value) == "sources: name: given 'khong-co', allowed: thu"


def test_a_web_source_needs_the_allow_list_and_shows_no_secret(home: Path) -> None:
    def respond(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        answer(handler, b'[{"ma": "38", "so": 7}, {"ma": "bi-mat-999", "so": 1}]')

    with serving(respond) as host:
        file = home / "sources" / "web.yaml"
        file.write_text(WEB.replace("HOST", host), encoding="utf-8")
        refused, reason = run(home, "web")
        code, text = run(home, "web", allow=(host,))
    assert refused == 1
    assert f"Địa chỉ {host} thuộc máy này hoặc mạng nội bộ" in reason
    assert code == 1
    assert "1 · 1: OPS-06 · Tỉnh Thanh Hóa · tháng 5/2026 · 7" in text
    assert "bi-mat-999" not in text
    assert "khoa=" not in text


def test_items_that_would_be_kept_are_shown_with_what_they_lack(home: Path) -> None:
    text = FILE.split("mapping:")[0].replace("columns: {ma: Mã, ky: Kỳ, tu: Tử số, mau: Mẫu số}",
                                             "columns: {ma: Mã, viec: Việc, han: Hạn}")  # fmt: skip
    text += """
items:
  register: task
  key: ma
  unit: {constant: "38"}
  state: {constant: doing}
  fields: {title: viec, due: han}
mapping: {}
"""
    (home / "sources" / "thu.yaml").write_text(text, encoding="utf-8")
    rows = "Mã;Việc;Hạn\nNV-1;Lập kế hoạch;30/10/2026\nNV-2;;sớm\n"
    (home / "drop" / "viec.csv").write_text(rows, encoding="utf-8")
    code, said = run(home, "thu")
    assert code == 1
    assert "Mục của sổ đọc được: 1" in said
    assert "Số liệu" not in said.split("Mục của sổ")[1].split("\n")[0]
    assert "NV-1 · Tỉnh Thanh Hóa · Đang thực hiện · Lập kế hoạch · còn thiếu: Người" in said
    assert "không đọc được ngày “sớm”" in said
    assert (home / "drop" / "viec.csv").exists()
