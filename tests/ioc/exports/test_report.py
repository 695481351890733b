"""The periodic report, read back by python-docx: its form, its template, hostile text."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from ioc.domain.briefing import Heading
from ioc.errors import TemplateError
from ioc.exports.extract import Column, Definition, Extract, Fact, Kind, Origin, Shape, Sheet
from ioc.exports.provenance import strip_of
from ioc.exports.report import part_of, report_of, to_docx
from ioc.exports.report_body import roman
from ioc.exports.report_parts import Part, Picture, Report
from ioc.exports.report_words import BLOCKS, TEXTS, place_date

MADE = datetime(2026, 7, 5, 0, 30, tzinfo=UTC)
COLUMNS = (
    Column("unit", "Đơn vị"),
    Column("value", "Giá trị", Kind.DECIMAL, "%", 2),
    Column("rank", "Thứ hạng", Kind.WHOLE),
)


def sheet(count: int = 3, **changes: Any) -> Sheet:
    """A ranking."""
    cells = tuple((f"Tỉnh Điện Biên {n}", Fraction(8750 + n, 100), n + 1) for n in range(count))
    return replace(Sheet("ranking", "Xếp hạng", "%", Shape.BARS, COLUMNS, cells), **changes)


def extract(*sheets: Sheet, **changes: Any) -> Extract:
    """A page with one definition and one source."""
    made = Extract(
        address="/indicator/OPS-01",
        title="Hồ sơ trực tuyến",
        lang="vi",
        about=(("Kỳ", "tháng 6/2026"),),
        sheets=sheets or (sheet(),),
        definitions=(
            Definition(
                "OPS-01", "Tỷ lệ", "Phần hồ sơ", "A / B × 100%", "%", "càng cao", "b45ea2a7"
            ),
        ),
        origins=(Origin("Cổng Dịch vụ công", "Quyết định 1", MADE, False),),
        caveats=("OPS-01: 30/34 đơn vị đã báo cáo.",),
        facts=(Fact("OPS-01", "38", "calendar", "2026-06", "", "7/8", "7", "8", "", False),),
        illustrative=False,
        known_at=MADE,
        version=3,
    )
    return replace(made, **changes)


def png(width: int = 80, height: int = 40) -> bytes:
    """A small picture."""
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(stream, "PNG")
    return stream.getvalue()


HEADING = Heading(
    authority="Chính phủ",
    office="Bộ Khoa học và Công nghệ",
    symbol="BC-BKHCN",
    place="Hà Nội",
    signer_title="KT. Bộ trưởng; Thứ trưởng",
    signer="Nguyễn Văn Ễnh",
    recipients=("Thủ tướng Chính phủ", "Các bộ, ngành"),
)


def report(*extracts: Extract, **changes: Any) -> Report:
    """A report of some pages."""
    pages = extracts or (extract(),)
    strip = strip_of(
        pages, code="7K3M0QXDP9TW", who="Lan", made_at=MADE, base="https://ioc.vn", title="x"
    )
    given: dict[str, Any] = {
        "heading": HEADING, "title": "Kết quả chuyển đổi số quý II năm 2026",
        "period": "quý II/2026", "day": date(2026, 7, 5), "lang": "vi",
        "paragraphs": ("Bộ báo cáo như sau:",), "number": "5",
    } | changes  # fmt: skip
    return report_of(pages, strip, **given)


def opened(data: bytes) -> Any:
    """The file as python-docx reads it."""
    return docx.Document(io.BytesIO(data))


def words(document: Any) -> list[str]:
    """All paragraphs of the body in their order, those of tables too, without empty ones."""
    found = ("".join(t.text or "" for t in p.iter(qn("w:t")))
             for p in document.element.body.iter(qn("w:p")))  # fmt: skip
    return [one for one in found if one.strip()]


def test_the_form_is_that_of_decree_30() -> None:
    document = opened(to_docx(report()))
    page = document.sections[0]
    millimetres = [round(one.mm) for one in (page.page_width, page.page_height, page.top_margin,
                   page.bottom_margin, page.left_margin, page.right_margin)]  # fmt: skip
    assert millimetres == [210, 297, 20, 20, 30, 15]
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert document.styles["Normal"].font.size.pt == 14
    head = document.tables[0]
    left, right = head.rows[0].cells
    assert [one.text for one in left.paragraphs][:2] == ["CHÍNH PHỦ", "BỘ KHOA HỌC VÀ CÔNG NGHỆ"]
    assert [one.runs[0].bold for one in left.paragraphs[:2]] == [False, True]
    assert [one.text for one in right.paragraphs][:2] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
    ]  # fmt: skip
    # Both blocks end in a line.
    assert all("w:pBdr" in one.paragraphs[2]._p.xml for one in (left, right))
    assert head.rows[1].cells[0].text == "Số: 05/BC-BKHCN"
    assert head.rows[1].cells[1].text == "Hà Nội, ngày 05 tháng 7 năm 2026"
    assert head.rows[1].cells[1].paragraphs[0].runs[0].italic
    # The number stands in the middle of the head, from the second page on.
    assert page.different_first_page_header_footer
    assert "PAGE" in page.header._element.xml
    assert "PAGE" not in page.first_page_header._element.xml
    said = words(document)
    assert said.index("BÁO CÁO") + 1 == said.index("Kết quả chuyển đổi số quý II năm 2026")
    assert "I. HỒ SƠ TRỰC TUYẾN" in said
    sign = next(one for one in document.tables if "Nơi nhận:" in one.rows[0].cells[0].text)
    assert sign.rows[0].cells[0].text.split("\n") == [
        "Nơi nhận:", "- Thủ tướng Chính phủ;", "- Các bộ, ngành;", "- Lưu: VT.",
    ]  # fmt: skip
    assert sign.rows[0].cells[1].text.split("\n")[:2] == ["KT. BỘ TRƯỞNG", "THỨ TRƯỞNG"]
    assert sign.rows[0].cells[1].text.endswith("Nguyễn Văn Ễnh")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 2, 9), "Huế, ngày 09 tháng 02 năm 2026"),
        (date(2026, 3, 10), "Huế, ngày 10 tháng 3 năm 2026"),
        (date(2026, 12, 31), "Huế, ngày 31 tháng 12 năm 2026"),
    ],
)
def test_days_below_ten_and_two_months_have_a_nought(day: date, said: str) -> None:
    assert place_date("Huế", day, "vi") == said


def test_what_nobody_filled_in_stays_visibly_open() -> None:
    said = words(opened(to_docx(report(heading=Heading(), number=""))))
    assert "Số: ......../BC-......" in said
    assert "TÊN CƠ QUAN BAN HÀNH" in said
    assert any(one.endswith(", ngày 05 tháng 7 năm 2026") for one in said)
    assert "- ................;" in said
    document = opened(to_docx(report(heading=Heading(), title="Báo cáo quý II")))
    # Nothing stands above the office then, and no title says twice that it is a report.
    assert document.tables[0].rows[0].cells[0].text.startswith("TÊN CƠ QUAN")
    assert "Quý II" in words(document)


def test_sections_are_numbered_and_are_headings_of_the_outline() -> None:
    parts = (
        Part("Một"),
        Part("Hai", parts=(Part("Ba", parts=(Part("Bốn"), Part("Năm"))), Part("Sáu"))),
    )
    document = opened(to_docx(report(parts=parts)))
    said = words(document)
    for one in ("I. MỘT", "II. HAI", "1. Ba", "a) Bốn", "b) Năm", "2. Sáu"):
        assert one in said
    levels = {
        one.text: one._p.pPr.find(qn("w:outlineLvl")).get(qn("w:val"))
        for one in document.paragraphs
        if one._p.pPr is not None and one._p.pPr.find(qn("w:outlineLvl")) is not None
    }
    assert levels["II. HAI"] == "0"
    assert levels["b) Năm"] == "2"
    assert [roman(one) for one in (4, 9, 14, 40)] == ["IV", "IX", "XIV", "XL"]


def test_tables_are_native_with_a_heading_on_every_page_and_the_screens_figures() -> None:
    document = opened(to_docx(report(extract(sheet(34, illustrative=True)))))
    table = next(one for one in document.tables if one.rows[0].cells[0].text == "Đơn vị")
    assert len(table.rows) == 35
    assert [one.text for one in table.rows[0].cells] == ["Đơn vị", "Giá trị (%)", "Thứ hạng"]
    assert [one.text for one in table.rows[1].cells] == ["Tỉnh Điện Biên 0", "87,50", "1"]
    assert "w:tblHeader" in table.rows[0]._tr.xml
    assert all("w:cantSplit" in row._tr.xml for row in table.rows)
    assert "Bảng 1. Xếp hạng: % (số liệu minh họa)" in words(document)


def test_names_without_one_figure_are_no_table() -> None:
    bare = replace(sheet(), rows=(("Huế", None, None), ("Sơn La", None, None)))
    said = words(opened(to_docx(report(extract(bare)))))
    assert "Bảng 1. Xếp hạng: %: chưa có số liệu (2 dòng)." in said
    assert "Huế" not in said


def test_long_and_wide_tables() -> None:
    wide = tuple(Column(f"c{n}", f"Chỉ số thứ {n}", Kind.DECIMAL, "%", 2) for n in range(20))
    rows: Any = tuple((f"Tỉnh {n}", *(Fraction(n) for _ in wide)) for n in range(90))
    long: Sheet = replace(sheet(), columns=(COLUMNS[0], *wide), rows=rows, shape=Shape.TABLE)
    cloud = sheet(part="cloud", title="Đám mây", rows=sheet(90).rows, shape=Shape.SCATTER)
    document = opened(to_docx(report(extract(long, cloud))))
    tables = [one for one in document.tables if one.rows[0].cells[0].text == "Đơn vị"]
    assert len(tables) > 1
    assert sum(len(one.columns) - 1 for one in tables) == 20
    assert {len(one.rows) for one in tables} == {81}
    said = words(document)
    assert any(one.startswith("Còn 10 dòng nữa") for one in said)
    assert any(one.startswith("Bảng 2. Đám mây: %: 90 dòng, không in") for one in said)
    for table in tables:
        assert sum(cell.width.cm for cell in table.rows[0].cells) == pytest.approx(16.5, abs=0.1)


def test_f2_pictures_have_captions_and_one_that_is_missing_is_named() -> None:
    pictures = [
        Picture("Bản đồ", png()),
        Picture("Cao", png(10, 90)),
        Picture("Hỏng", b"no picture"),
        Picture("Thiếu", None, "quá 60 giây."),
    ]
    made = report(parts=(part_of(extract(), pictures=pictures),))
    document = opened(to_docx(made))
    said = words(document)
    assert "Hình 1. Bản đồ" in said
    assert "Hình 2. Cao" in said
    assert "Không có hình “Hỏng”: không vẽ được." in said
    assert "Không có hình “Thiếu”: quá 60 giây." in said
    assert any(one.startswith("Báo cáo chưa đầy đủ. Còn thiếu: “Thiếu”") for one in said)
    shapes = document.inline_shapes
    assert [round(one.width.cm, 1) for one in shapes] == [16.5, 2.1, 3.0]
    assert all(one.height.cm < 19.1 for one in shapes)


def test_the_annex_says_where_figures_are_from_and_every_foot_has_the_code() -> None:
    document = opened(to_docx(report(extract(illustrative=True))))
    said = words(document)
    assert "PHỤ LỤC" in said
    stands = (
        "OPS-01",
        "Phần hồ sơ Cách tính: A / B × 100%",
        "b45ea2a7",
        "Cổng Dịch vụ công",
        "Quyết định 1",
        "- OPS-01: 30/34 đơn vị đã báo cáo.",
        "- Kỳ: tháng 6/2026",
    )
    for one in stands:
        assert one in said, one
    assert any("(Báo cáo có số liệu minh họa" in one for one in said)
    section = document.sections[0]
    for foot in (section.footer, section.first_page_footer):
        assert foot.paragraphs[0].text == (
            "SỐ LIỆU MINH HỌA · Mã kiểm chứng 7K3M-0QXD-P9TW · https://ioc.vn/verify/7K3M-0QXD-P9TW"
        )
    qr = document.inline_shapes[-1]
    assert qr._inline.docPr.get("descr").endswith("https://ioc.vn/verify/7K3M-0QXD-P9TW")


HOSTILE = "<w:p/>&\x00\x0b\x1b=cmd()\ufffe{{code}}\u202egnp \ud800 http://evil.example/"


def test_e1_hostile_text_stays_text_and_nothing_is_fetched() -> None:
    bad = replace(sheet(title=HOSTILE), rows=((HOSTILE, None, 1),))
    # No address to follow or to load stands in the file.
    made = report(extract(bad, title=HOSTILE), title=HOSTILE, paragraphs=(HOSTILE,))
    data = to_docx(made)
    said = " ".join(words(opened(data)))
    assert "<w:p/>& =cmd(){{code}}gnp  http://evil.example/" in said
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for name in packed.namelist():
            content = packed.read(name).decode("utf-8", "replace")
            assert 'TargetMode="External"' not in content, name
            assert not name.endswith((".bin", ".vml"))


def test_e8_letters_with_two_marks_other_scripts_and_very_long_titles() -> None:
    title = "Kết quả số ế ộ ữ ẵ Ễ 🇻🇳 تقرير " + "rất dài " * 70
    long = sheet(title=title, count=2)
    data = to_docx(report(extract(long, title=title), title=title))
    said = words(opened(data))
    assert title.strip() in said
    assert "I. " + title.strip().upper() in said
    assert f"Bảng 1. {title}: %".replace("  ", " ") in {one.replace("  ", " ") for one in said}


def template(*lines: str, foot: str = "{{foot}}") -> Any:
    """A customer's own template."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    document.sections[0].footer.paragraphs[0].text = foot
    return document


def data(document: Any) -> bytes:
    """A document's file."""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_customers_template_is_filled_where_word_split_its_runs_too() -> None:
    document = template("Đầu {{title}} cuối", "{{ sections }}", "{{annex}}")
    split = document.add_paragraph()
    for piece in ("Mã: {", "{co", "de", "}} và {{pe", "riod}}."):
        split.add_run(piece)
    split.runs[1].bold = True
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "{{office}}"
    document.sections[0].header.paragraphs[0].text = "{{number}}"
    filled = opened(to_docx(report(), data(document)))
    said = words(filled)
    assert "Đầu Kết quả chuyển đổi số quý II năm 2026 cuối" in said
    assert "Mã: 7K3M-0QXD-P9TW và Kỳ số liệu: quý II/2026." in said
    assert filled.sections[0].header.paragraphs[0].text == "Số: 05/BC-BKHCN"
    assert "BỘ KHOA HỌC VÀ CÔNG NGHỆ" in said
    assert "I. HỒ SƠ TRỰC TUYẾN" in said
    assert not any("{{" in one for one in said)


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (("{{titel}}", "{{sections}}", "{{annex}}"), {"unknown": "titel", "missing": "title"}),
        (("{{title}}", "xem {{sections}}", "{{annex}}"), {"misplaced": "sections"}),
        (("{{title}}",), {"missing": "sections, annex"}),
    ],
)
def test_what_is_wrong_in_a_template_is_named_at_once(
    lines: tuple[str, ...], named: dict[str, str]
) -> None:
    with pytest.raises(TemplateError) as caught:
        to_docx(report(), data(template(*lines)))
    assert {name: caught.value.params[name] for name in named} == named
    assert "sections" in str(caught.value.params["allowed"])


def test_e6_what_is_no_template_is_refused() -> None:
    for given in (b"", b"PK\x03\x04", to_docx(report())[:400]):
        with pytest.raises(TemplateError):
            to_docx(report(), given)
    loading = template("{{title}}", "{{sections}}", "{{annex}}")
    loading.part.relate_to("http://evil.example/t.dotm", "http://x/attachedTemplate", True)
    with pytest.raises(TemplateError) as caught:
        to_docx(report(), data(loading))
    assert "evil.example" in str(caught.value.params["loaded"])


def test_every_placeholder_stands_in_the_docs() -> None:
    from pathlib import Path

    import ioc

    docs = Path(ioc.__file__).parent.parent / "docs" / "exports.md"
    text = docs.read_text(encoding="utf-8")
    assert [one for one in (*TEXTS, *BLOCKS) if f"`{one}`" not in text] == []


def test_in_english_too() -> None:
    said = words(opened(to_docx(report(extract(lang="en"), lang="en"))))
    assert "REPORT" in said
    assert "No. 05/BC-BKHCN" in said
