"""Bound briefings: numbering, outline, feet, links, what is missing, and escaped words.

The drawer is stood in for by one that writes blank pages and keeps the HTML it was given.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction

from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link

from ioc.domain.briefing import Heading
from ioc.exports.extract import Column, Kind, Shape, Sheet
from ioc.exports.form import SIZES
from ioc.exports.paper import POINTS, bind, signed
from ioc.exports.paper_sheaf import Binder, Sheaf
from ioc.exports.provenance import Strip
from ioc.exports.report_parts import Part

BASE = "https://ioc.example.gov.vn"
HOSTILE = "<img src=x onerror=alert(1)> Ế ộ ữ & ẵ"
STRIP = Strip(
    code="7K3M0QXDP9TW",
    address_of_verify=f"{BASE}/verify/7K3M-0QXD-P9TW",
    title="Giao ban tuần 47",
    lang="vi",
    about=(("Lưu ý", "dữ liệu minh họa"), ("Số liệu tính đến", "14:05 22/11/2026")),
    who="Nguyễn Thị Hạnh",
    made_at=datetime(2026, 11, 22, 7, 5, tzinfo=UTC),
    illustrative=True,
    complete=False,
)


def blank(pages: int, size: str = "a4", link: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        one = SIZES[size]
        writer.add_blank_page(one.width * POINTS, one.height * POINTS)
    if link:
        writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url=link))
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


@dataclass
class Press:
    """Draws blank pages; `fronts` are the lengths of cover and contents, one after the other."""

    fronts: list[int] = field(default_factory=lambda: [2])
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, html: str, size: str) -> bytes:
        self.asked.append((html, size))
        if "paper-cover" in html:
            return blank(self.fronts.pop(0) if len(self.fronts) > 1 else self.fronts[0], size)
        return blank(html.count("paper-foot-page") or 1, size)

    def of(self, look: str) -> list[str]:
        return [html for html, _ in self.asked if look in html]


def binder(*sheaves: Sheaf, **changes: object) -> Binder:
    usual = {
        "title": "Giao ban tuần 47",
        "unit": "Tỉnh Thừa Thiên Huế",
        "period": "16/11–22/11/2026",
        "lang": "vi",
        "heading": Heading(authority="Bộ Khoa học và Công nghệ", place="Hà Nội"),
        "day": date(2026, 11, 22),
        "strip": STRIP,
        "sheaves": sheaves,
    }
    return Binder(**{**usual, **changes})  # type: ignore[arg-type]


def test_sections_are_numbered_bookmarked_and_listed_by_their_pages() -> None:
    press = Press()
    made = bind(
        binder(
            Sheaf("Toàn cảnh", blank(3)),
            Sheaf("Màn hình", blank(1, "a4-landscape")),
            Sheaf("Nhận định", part=Part("Nhận định", ("Tăng 0,15 điểm %.",))),
        ),
        press,
        base=BASE,
    )
    reader = PdfReader(io.BytesIO(made))
    assert len(reader.pages) == 2 + 3 + 1 + 1
    outline = {one.title: reader.get_destination_page_number(one) + 1 for one in reader.outline}
    assert outline == {"Mục lục": 2, "1. Toàn cảnh": 3, "2. Màn hình": 6, "3. Nhận định": 7}
    (front,) = press.of("paper-contents")
    assert re.findall(r'paper-page">(\d+)<', front) == ["3", "6", "7"]
    wide = [float(page.mediabox.width) > float(page.mediabox.height) for page in reader.pages]
    assert wide == [False] * 5 + [True, False], "drawn sections keep their own paper"


def test_every_page_but_the_cover_has_a_foot_with_code_and_number() -> None:
    press = Press()
    bind(binder(Sheaf("A", blank(2)), Sheaf("B", blank(1, "a3-landscape"))), press, base=BASE)
    feet = [(html, size) for html, size in press.asked if "paper-foot-page" in html]
    numbers = {size: re.findall(r"Trang (\d+)/(\d+)", html) for html, size in feet}
    assert numbers == {"a4": [("2", "5"), ("3", "5"), ("4", "5")], "a3-landscape": [("5", "5")]}
    assert all("7K3M-0QXD-P9TW" in html and "dữ liệu minh họa" in html for html, _ in feet)


def test_long_contents_move_the_page_numbers() -> None:
    press = Press(fronts=[4])
    made = bind(binder(Sheaf("A", blank(1))), press, base=BASE)
    fronts = press.of("paper-contents")
    assert [re.findall(r'paper-page">(\d+)<', one) for one in fronts] == [["3"], ["5"]]
    assert len(PdfReader(io.BytesIO(made)).pages) == 5


def test_contents_that_grow_shorter_again_are_set_once_more() -> None:
    press = Press(fronts=[3, 2])
    made = bind(binder(Sheaf("A", blank(1))), press, base=BASE)
    (*_, last) = press.of("paper-contents")
    pages = len(PdfReader(io.BytesIO(made)).pages)
    assert re.findall(r'paper-page">(\d+)<', last) == [str(pages)], "the number is the page's own"


def test_what_is_missing_is_said_on_the_cover_in_the_contents_and_in_its_place() -> None:
    press = Press()
    late = tuple(f"Nguồn {number}: chưa có số liệu" for number in range(20))
    whole = binder(
        Sheaf("Có", blank(1)), Sheaf("Bản đồ", missing="quá thời gian 60 giây"), late=late
    )
    bind(whole, press, base=BASE)
    (front,) = press.of("paper-cover")
    assert "CHƯA ĐẦY ĐỦ: 1/2 phần" in front
    assert "Bản đồ: quá thời gian 60 giây" in front
    assert "Đầy đủ" not in front
    assert "Nguồn 11:" in front
    assert "Nguồn 12:" not in front
    assert "và 8 mục khác" in front
    assert 'class="is-gone"' in front
    (section,) = press.of('paper-gone"')
    assert "quá thời gian 60 giây" in section
    full = Press()
    bind(binder(Sheaf("Có", blank(1))), full, base=BASE)
    assert "Đầy đủ 1/1 phần" in full.of("paper-cover")[0]


def test_tables_have_vietnamese_numbers_repeated_heads_and_no_foreign_markup() -> None:
    sheet = Sheet(
        "red", HOSTILE, "", Shape.TABLE,
        (Column("unit", "Đơn vị"), Column("value", "Giá trị", Kind.DECIMAL, "%", 2)),
        ((HOSTILE, Fraction(4880, 100)), ("Cà Mau", None), ("Huế", Fraction(1, 3))),
        illustrative=True,
    )  # fmt: skip
    press = Press()
    part = Part("x", (HOSTILE,), sheets=(sheet,))
    bind(
        binder(Sheaf(HOSTILE, part=part), title=HOSTILE, unit=HOSTILE, late=(HOSTILE,)),
        press,
        base=BASE,
    )
    for html, _ in press.asked:
        assert "<img" not in html
        assert "<script" not in html
    (section,) = press.of("paper-section")
    assert "<thead>" in section
    assert ">48,80<" in section
    assert ">0,33<" in section
    assert section.count("&lt;img src=x onerror=alert(1)&gt; Ế ộ ữ &amp; ẵ") >= 3
    assert "dữ liệu minh họa" in section


def test_the_file_names_itself_and_its_links_lead_to_the_live_product() -> None:
    data = blank(2, link="http://ioc.invalid/unit/38?indicator=OPS-01")
    reader = PdfReader(io.BytesIO(bind(binder(Sheaf("A", data)), Press(), base=BASE + "/")))
    assert reader.metadata is not None
    assert reader.metadata.title == "Giao ban tuần 47"
    assert reader.metadata.author == "Nguyễn Thị Hạnh"
    assert reader.metadata["/Keywords"] == "7K3M-0QXD-P9TW"
    assert reader.metadata["/CreationDate"] == "D:20261122070500+00'00'"
    assert _links(reader) == [f"{BASE}/unit/38?indicator=OPS-01"]
    one = PdfReader(io.BytesIO(signed(data, STRIP, base=BASE)))
    assert _links(one) == [f"{BASE}/unit/38?indicator=OPS-01"]
    assert one.root_object["/Lang"] == "vi-VN"


def test_the_same_binder_gives_the_same_file() -> None:
    first, again = (bind(binder(Sheaf("A", blank(1))), Press(), base=BASE) for _ in range(2))
    assert first == again


def _links(reader: PdfReader) -> list[str]:
    return [
        str(one.get_object()["/A"]["/URI"])
        for page in reader.pages
        for one in page.annotations or ()
    ]
