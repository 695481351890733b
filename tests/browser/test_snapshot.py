"""Pictures of charts, made in Chromium, and the CSV beside them."""

from __future__ import annotations

import struct
from html import escape
from pathlib import Path
from typing import Any

import pytest
from support.portal import Portal


@pytest.fixture
def drawn(steady: Portal, page: Any) -> Any:
    page.goto(steady.url)
    page.wait_for_selector("html.ready", timeout=20_000)
    return page


def saved(page: Any, form: str) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        page.locator(f"button.snap[data-form={form}]").first.click()
    download = waiting.value
    return download.suggested_filename, Path(download.path()).read_bytes()


def test_svg_carries_title_strip_mark_and_text(drawn: Any) -> None:
    name, content = saved(drawn, "svg")
    text = content.decode()
    assert name.startswith("ty-le-ho-so-truc-tuyen-2")
    assert name.endswith(".svg")
    for words in (
        "Tỷ lệ hồ sơ trực tuyến",
        "%, tháng 10/2026",
        "DỮ LIỆU MINH HỌA",
        "tính đến 14:05 22/11/2026",
        "nguồn: cổng",
        "Thanh Hóa",
    ):
        assert words in text, words
    assert "<script" not in text
    assert "<img" not in text
    assert "http://127" not in text


def test_png_has_twice_the_size(drawn: Any) -> None:
    name, content = saved(drawn, "png")
    assert name.endswith(".png")
    assert content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", content[16:24])
    card = drawn.locator(".js-plotly-plot").first.bounding_box()
    assert width >= 2 * card["width"]
    assert height >= 2 * card["height"] + 100
    colours = drawn.evaluate(
        """async (bytes) => {
            const blob = new Blob([new Uint8Array(bytes)], {type: "image/png"});
            const map = await createImageBitmap(blob);
            const canvas = new OffscreenCanvas(map.width, map.height);
            const pen = canvas.getContext("2d");
            pen.drawImage(map, 0, 0);
            const data = pen.getImageData(0, 0, map.width, map.height).data;
            const seen = new Set();
            for (let i = 0; i < data.length; i += 400) {
                seen.add(data[i] + "," + data[i + 1] + "," + data[i + 2]);
            }
            return seen.size;
        }""",
        list(content),
    )
    assert colours > 3


def test_small_multiples_are_one_picture(product: Any, page: Any) -> None:
    page.goto(f"{product.url}/compare?form=multiples&indicator=OPS-01")
    page.wait_for_selector("html.ready", timeout=20_000)
    shown = page.locator(".small-name").all_inner_texts()
    page.locator(".compare-multiples .export summary").click()
    name, content = saved(page, "svg")
    text = content.decode()
    assert name.endswith(".svg")
    assert text.count("<image ") == len(shown) > 30
    for words in (*shown, "Một thang chung", "DỮ LIỆU MINH HỌA"):
        assert escape(words, quote=False) in text, words
    page.locator(".compare-multiples .export summary").click()
    name, content = saved(page, "png")
    width, height = struct.unpack(">II", content[16:24])
    drawn = page.locator(".smalls").bounding_box()
    assert width >= 2 * drawn["width"]
    assert height >= 2 * drawn["height"]


def test_csv_is_a_file(drawn: Any) -> None:
    with drawn.expect_download() as waiting:
        drawn.locator("a.snap-csv").first.click()
    content = Path(waiting.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert "'=1+1" in content.decode()
