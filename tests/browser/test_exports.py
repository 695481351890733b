"""Exports as a person meets them: asked for, followed, left, taken back, taken along."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.exporting import bench_of

from ioc.exporter.crew import Crew
from ioc.exporter.process import new_drawing
from ioc.store import export_beat

pytestmark = pytest.mark.timeout(300)
PATIENCE = 120_000
UNIT = "/unit/38?indicator=OPS-01"


@pytest.fixture
def crew(product: Any) -> Iterator[Crew]:
    """What makes exports, not yet started; whatever happens no browser of it is left."""
    desk = product.real.desk
    export_beat.beat(desk.settings.home, desk.now())
    drawing = partial(new_drawing, desk.settings)
    made = Crew(bench_of(desk), "h:1:browser", desk.now, drawing)
    yield made
    made.stop(10.0)


def opened(open_page: Any, product: Any, path: str = UNIT, **size: int) -> Any:
    tab = open_page(**size)
    tab.goto(product.url + path)
    tab.wait_for_selector("html.ready", state="attached", timeout=30_000)
    return tab


def test_files_are_asked_for_followed_and_taken_along(
    product: Any, open_page: Any, crew: Crew
) -> None:
    tab = opened(open_page, product)
    card = tab.locator("section.chart[data-name=trend]")
    card.locator("details.export summary").click()
    card.locator(".export-ask:not(.is-quick)").click()
    dialog = tab.locator("dialog.export-box")
    dialog.locator(".export-go").wait_for()
    assert dialog.locator("input[value=png]").is_checked(), "one click is enough for a chart"
    assert dialog.get_attribute("aria-labelledby")
    dialog.locator("input[value=xlsx]").check()
    dialog.locator(".export-go").click()
    dialog.locator(".export-state.is-queued").wait_for()
    assert "Tệp của bạn là tiếp theo." in dialog.inner_text()
    crew.start()
    dialog.locator("progress[value]").wait_for(timeout=PATIENCE)
    assert "Bước" in dialog.locator(".export-step").inner_text()
    dialog.locator(".export-files a").first.wait_for(timeout=PATIENCE)
    assert dialog.locator(".export-state").inner_text() == "Đã xong"
    assert "dữ liệu minh họa" in dialog.inner_text()
    taken = []
    for at in range(2):
        with tab.expect_download() as waiting:
            dialog.locator(".export-files a").nth(at).click()
        assert waiting.value.suggested_filename.startswith("Diễn biến")
        taken.append(Path(waiting.value.path()))
    assert taken[0].read_bytes().startswith(b"\x89PNG")
    code = dialog.locator(".export-code a").inner_text()
    book = openpyxl.load_workbook(io.BytesIO(taken[1].read_bytes()))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(code in one for one in cells), "the file bears the code that the dialog shows"
    tab.keyboard.press("Escape")
    assert not dialog.count()
    assert tab.evaluate("document.activeElement.tagName") == "SUMMARY", "focus goes back"


def test_a_wish_is_left_found_again_and_taken_back(
    product: Any, open_page: Any, crew: Crew
) -> None:
    tab = opened(open_page, product, width=390, height=844)
    tab.locator(".export-ask.is-page").click()
    dialog = tab.locator("dialog.export-box")
    dialog.locator(".export-go").click()
    dialog.locator(".export-state.is-queued").wait_for()
    for _ in range(6):
        tab.keyboard.press("Tab")
        assert tab.evaluate("!!document.activeElement.closest('dialog, body')"), "focus is kept"
    tab.keyboard.press("Escape")
    tab.goto(product.url + "/exports")
    item = tab.locator(".export-item")
    item.first.wait_for(timeout=30_000)
    assert item.count() == 1
    assert "PDF" in item.inner_text()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    item.get_by_role("button", name="Hủy").click()
    item.locator(".export-state.is-cancelled").wait_for()
    item.get_by_role("button", name="Làm lại").click()
    tab.locator(".export-item .export-state.is-queued").wait_for()
    assert tab.locator(".export-item").count() == 2
    assert "đang chờ 1" in tab.locator(".exports-queue").inner_text()
    tab.locator(".export-item").first.get_by_role("button", name="Hủy").click()
    tab.locator(".export-item").first.locator(".export-state.is-cancelled").wait_for()


@pytest.mark.parametrize(
    ("path", "kept", "left"),
    [
        ("/register/task?form=board&unit=38", ".board-more", ".bar"),
        ("/", ".late-counts > .more", ".head-tools"),
        ("/record?unit=38&indicator=OPS-01", "dd > .more", ".record-across"),
    ],
)
def test_on_paper_what_says_something_stays_and_what_only_leads_on_goes(
    product: Any, open_page: Any, path: str, kept: str, left: str
) -> None:
    tab = opened(open_page, product, path)
    for selector in (kept, left):
        tab.locator(selector).first.wait_for(timeout=20_000)
    tab.emulate_media(media="print")
    assert tab.locator(kept).first.is_visible()
    assert not tab.locator(left).first.is_visible()
    tab.emulate_media(media="screen")
