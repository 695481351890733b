"""The four ways into a register as docs/registers.md writes them: good, then broken, then good."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine, select
from support.server import answer, serving

from ioc.domain.messages import say
from ioc.store import payloads, rejections
from ioc.store.engine import reading
from ioc.store.register_tables import item_now
from tests.conftest import Clock
from tests.support.whole import Whole

DOCS = Path(__file__).parents[3] / "docs" / "registers.md"
EXAMPLES = {
    text.splitlines()[0]: text
    for text in re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.S)
    if "\nitems:" in text
}
EXCEL, CSV, GEO, API = EXAMPLES


def items(whole: Whole) -> dict[str, dict[str, Any]]:
    """What stands, by key: the body, with state and what is missing."""
    with reading(whole.intake.engine) as connection:
        rows = connection.execute(select(item_now)).mappings().all()
    return {
        row["key"]: {
            **json.loads(row["body"]),
            "_state": row["state"],
            "_missing": row["missing"].split(",") if row["missing"] else [],
            "_unit": row["unit_id"],
            "_at": (row["lon"], row["lat"]),
        }
        for row in rows
    }


def told(whole: Whole) -> list[str]:
    """The sentences of what the last run refused."""
    with reading(whole.intake.engine) as connection:
        refused = rejections.rejections(connection, whole.last().id)
        assert payloads.payloads_of(connection, whole.last().id, limit=9)[1], "what came is kept"
    return [say("vi", f"reject.{one.code}", **one.params) for one in refused]


@pytest.fixture
def opened(engine: Engine, clock: Clock, tmp_path: Path) -> Callable[..., Whole]:
    def made(name: str, **more: Any) -> Whole:
        text = EXAMPLES[name]
        for old, new in more.pop("changes", {}).items():
            text = text.replace(old, new)
        return Whole.of(engine, tmp_path, text, now=clock, **{"hosts": (), **more})

    return made


def dropped(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Danh sách nhiệm vụ"])
    sheet.append(["Mã", "Nội dung", "Người thực hiện", "Thời hạn", "Trạng thái", "Tiến độ"])
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_four_examples_are_written() -> None:
    assert len(EXAMPLES) == 4


def test_excel(opened: Callable[..., Whole], tmp_path: Path) -> None:
    whole, folder = opened(EXCEL), tmp_path / "drop" / "nhiem-vu"
    good = ("NV-1", "=1+1", "Sở Nội vụ", "Quý III/2027", "Đang làm", "45,5")
    dropped(folder, "1.xlsx", workbook(good, ("NV-2", "Việc hai", None, None, "Chưa làm", None)))
    assert whole.run() == "ok"
    found = items(whole)
    assert (found["NV-1"]["due"], found["NV-1"]["progress"]) == ("2027-Q3", 45_500)
    assert found["NV-1"]["_unit"] == 1038
    assert {"person", "due"} <= set(found["NV-2"]["_missing"])
    bad = ("NV-1", "Việc một", "Sở Nội vụ", "31/02/2027", "Đang làm", "45,5")
    dropped(folder, "2.xlsx", workbook(bad, ("NV-3", "Việc ba", "A", "2027", "Treo", None)))
    assert whole.run() == "partial"
    assert len(told(whole)) == 2
    assert items(whole) == found
    dropped(folder, "3.xlsx", workbook((*good[:4], "Xong", "100")))
    assert whole.run() == "ok"
    assert items(whole)["NV-1"]["_state"] == "done"


def test_csv(opened: Callable[..., Whole], tmp_path: Path) -> None:
    whole, folder = opened(CSV), tmp_path / "drop" / "du-an"
    head = (
        "Mã dự án;Tên dự án;Nguồn vốn;Năm;Kinh phí (triệu đồng);Đã giao (triệu đồng);"
        "Đã giải ngân (triệu đồng)\n"
    )
    one = "DA-1;Kho dữ liệu;Đầu tư công;2026;412.383;400.000;200.000\n"
    two = "DA-2;Nền tảng;Chi thường xuyên;2026;1.000;;\n"
    dropped(folder, "1.csv", (head + one + two).encode())
    assert whole.run() == "ok"
    assert items(whole)["DA-1"]["total"] == 412_383
    assert items(whole)["DA-1"]["disbursed"] == 200_000
    assert "allocated" not in items(whole)["DA-2"]
    more = "DA-3;Cổng;Chi thường xuyên;2026;5;;\n"
    dropped(folder, "2.csv", (head + one.replace("412.383", "nhiều") + more).encode())
    assert whole.run() == "partial"
    assert set(items(whole)) == {"DA-1", "DA-3"}, "DA-1 was refused, DA-2 did not come"
    dropped(folder, "3.csv", (head + one + two).encode())
    assert whole.run() == "ok"
    assert set(items(whole)) == {"DA-1", "DA-2"}


def collection(*features: tuple[str, list[float] | None, dict[str, Any]]) -> bytes:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "geometry": {"type": "Point", "coordinates": at} if at else None,
                    "properties": {"ma_diem": key, "ma_xa": "00691", "thon": "Nà Ca", "xa": "X",
                                   "loai": "trắng", "tinh_trang": "chờ", "so_ho": 37, **more},
                }
                for key, at, more in features
            ],
        }
    ).encode()  # fmt: skip


def test_geojson(opened: Callable[..., Whole], tmp_path: Path) -> None:
    whole, folder = opened(GEO), tmp_path / "drop" / "diem-song"
    here = [105.34808, 22.62924]
    dropped(folder, "1.geojson", collection(("D1", here, {}), ("D2", here, {"so_ho": None})))
    assert whole.run() == "ok"
    found = items(whole)
    assert found["D1"]["_at"] == (1_053_480_800, 226_292_400)
    assert "households" in found["D2"]["_missing"]
    assert whole.figures() != {}
    wrong = collection(("D1", here[::-1], {}), ("D3", here, {"loai": "đen"}), ("D4", here, {}))
    dropped(folder, "2.geojson", wrong)
    assert whole.run() == "partial"
    assert set(items(whole)) == {"D1", "D4"}, "refused is not gone; D2 did not come"
    assert any("đảo chỗ" in one for one in told(whole))
    dropped(folder, "3.geojson", collection(("D1", here, {"tinh_trang": "có sóng"})))
    assert whole.run() == "ok"
    assert items(whole)["D1"]["_state"] == "live"


def test_an_interface(opened: Callable[..., Whole]) -> None:
    said: list[list[dict[str, Any]]] = []

    def reply(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        answer(handler, json.dumps({"data": said[-1]}).encode())

    row = {"id": 7, "name": "CSDL tôn giáo", "status": "TEST", "deadline": "2025-10-30",
           "live_on": None, "percent": 80}  # fmt: skip
    with serving(reply) as host:
        whole = opened(API, changes={"https://lgsp.example.gov.vn": f"http://{host}"}, hosts=[host])
        said.append([row, {**row, "id": 8, "status": "LIVE", "live_on": "2026-01-05"}])
        assert whole.run() == "ok"
        assert items(whole)["7"]["progress"] == 80_000
        assert ("DB-01", "moha", 2026011, "") in whole.figures()
        said.append([{**row, "status": "?"}, {**row, "id": 8, "live_on": "2026-13-05"}])
        assert whole.run() == "partial"
        assert items(whole)["8"]["done"] == "2026-01-05"
        said.append([{**row, "status": "LIVE", "live_on": "2026-02-01"}])
        assert whole.run() == "ok"
        assert set(items(whole)) == {"7"}
        assert whole.figures()["DB-01", "moha", 2026011, ""] == (1, 1, None)
