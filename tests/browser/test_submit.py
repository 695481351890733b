"""Submitting figures in a real browser: choose, download, fill in, send, look, confirm."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.browser import OpenPage, until
from support.portal import grow
from support.product import Product, running_product
from support.submitting import GOOD, REPORTER, fill

WIDE = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product for this module alone: submissions change its figures."""
    with running_product(tmp_path_factory.mktemp("submit")) as running:
        yield running


def at(
    open_page: OpenPage,
    served: Product,
    address: str,
    expected: tuple[str, ...] = (),
    **size: int,
) -> Any:
    page = open_page(**{**WIDE, **size}, expected=expected, accept_downloads=True)
    page.goto(served.url + address)
    page.wait_for_selector("html.ready", state="attached", timeout=30_000)
    return page


def downloaded(page: Any) -> bytes:
    """The template as the browser saves it."""
    with page.expect_download() as coming:
        page.get_by_role("link", name="Tải mẫu Excel").click()
    assert coming.value.suggested_filename.startswith("nop-so-lieu-tinh-")
    return Path(coming.value.path()).read_bytes()


def send(page: Any, content: bytes, name: str = "báo cáo tháng.xlsx") -> None:
    """Choose the file, say who reports, and send it."""
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.locator("#submit-file").set_input_files(
        {"name": name, "mimeType": sheet, "buffer": content}
    )
    page.locator("#submit-reporter").fill(REPORTER)
    page.get_by_role("button", name="Kiểm tra tệp").click()


def test_the_whole_way(open_page: OpenPage, served: Product) -> None:
    page = at(open_page, served, "/submit")
    page.locator(".submit-pick.is-unit button").click()
    page.keyboard.type("thanh hoa")
    page.get_by_role("option", name="Tỉnh Thanh Hóa").click()
    page.wait_for_selector("#submit-file")
    assert page.url.endswith("unit=38") or "unit=38&" in page.url
    content = fill(downloaded(page), {**GOOD, "TRN-02": {"tu_so": 9, "mau_so": 1}})
    send(page, content)
    page.wait_for_selector("html.ready .submit-opened")
    rows = page.locator(".submit-rows tbody tr")
    assert rows.count() == 4
    first = rows.filter(has_text="TRN-01")
    assert "90,00% (900/1.000" in first.inner_text()
    assert "Sẽ nhận" in first.inner_text()
    wrong = rows.filter(has_text="TRN-02")
    assert "Bị từ chối" in wrong.inner_text()
    assert "cột Tử số" in wrong.inner_text()

    page.get_by_role("link", name="Bị từ chối").click()
    until(page, "document.querySelectorAll('.submit-rows tbody tr').length === 1")
    assert "form=rejected" in page.url

    page.get_by_role("button", name="Xác nhận nộp").dblclick()
    page.wait_for_selector(".submit-state.is-confirmed", timeout=30_000)
    assert "Đã ghi nhận" in page.locator(".submit-state").inner_text()
    page.get_by_role("link", name="Nộp tệp khác").click()
    page.wait_for_selector(".submit-due")
    assert "Đã xác nhận" in page.locator(".submit-history tbody tr").first.inner_text()
    assert REPORTER in page.locator(".submit-history tbody tr").first.inner_text()
    assert page.locator(".submit-history tbody tr").count() == 1, "one run, however often clicked"
    until(page, f"document.querySelector('#submit-reporter').value === {REPORTER!r}")


def test_a_wrong_file_is_said_in_words_and_the_form_stays(
    open_page: OpenPage, served: Product
) -> None:
    page = at(open_page, served, "/submit?unit=31", expected=("422",))
    page.wait_for_selector("#submit-file")
    template = downloaded(page)
    page.get_by_role("button", name="Kiểm tra tệp").click()
    assert "Chưa chọn tệp" in page.get_by_role("alert").inner_text()
    book = openpyxl.load_workbook(io.BytesIO(fill(template, GOOD)))
    for row in book["meta"].iter_rows():
        if row[0].value == "Mã đơn vị báo cáo":
            row[1].value = "38"
    stream = io.BytesIO()
    book.save(stream)
    send(page, stream.getvalue())
    until(page, "(document.querySelector('#submit-said') || {}).innerText.includes('Hải Phòng')")
    assert page.locator("#submit-reporter").input_value() == REPORTER
    assert page.locator(".submit-history tbody tr").count() == 0


def test_it_can_be_withdrawn_on_a_phone(open_page: OpenPage, served: Product) -> None:
    page = at(open_page, served, "/submit?unit=40", width=390, height=844)
    page.wait_for_selector("#submit-file")
    send(page, fill(downloaded(page), GOOD))
    page.wait_for_selector("html.ready .submit-opened")
    until(page, "document.documentElement.scrollWidth <= window.innerWidth + 1")
    page.get_by_role("button", name="Rút lại").click()
    page.wait_for_selector(".submit-state.is-withdrawn", timeout=30_000)
    assert page.get_by_role("button", name="Xác nhận nộp").count() == 0


def test_what_was_seen_changes_under_ones_hands(open_page: OpenPage, served: Product) -> None:
    page = at(open_page, served, "/submit?unit=42", expected=("409",))
    page.wait_for_selector("#submit-file")
    content = fill(downloaded(page), GOOD)
    send(page, content)
    page.wait_for_selector("html.ready .submit-opened")
    # What the page shows is not what is there any more; said by the question, as the page itself
    # is drawn anew whenever figures come.
    page.route(
        "**/submissions/**/confirm*",
        lambda route: route.continue_(post_data='{"seen": "x"}'),
        times=1,
    )
    page.get_by_role("button", name="Xác nhận nộp").click()
    refused = page.locator("#submit-said.is-bad", has_text="đã thay đổi")
    refused.wait_for()
    # Nothing takes the words away but the next action: neither new figures nor the page drawn anew.
    version = grow(served.real.desk.engine)
    until(page, f"window.iocShown.version >= {version}")
    page.evaluate("document.getElementById('submit-said').replaceChildren()")
    refused.wait_for()
    # A refusal that comes at once is told by the page drawn anew, not to the one that is left.
    page.evaluate("void (window.iocSend = () => Promise.reject(new Error('Từ chối ngay')))")
    with page.expect_navigation():
        page.get_by_role("button", name="Xác nhận nộp").click()
    page.locator("#submit-said.is-bad", has_text="Từ chối ngay").wait_for()
    page.wait_for_selector("[data-submit*=confirm]")
    page.get_by_role("button", name="Xác nhận nộp").click()
    page.wait_for_selector(".submit-state.is-confirmed", timeout=30_000)
