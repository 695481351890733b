"""Slides read back with python-pptx: the figures of the sheet, all the words, any template."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from openpyxl import load_workbook
from PIL import Image
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.constants import RELATIONSHIP_TYPE

from ioc.domain.messages import say
from ioc.domain.target import Status
from ioc.domain.words import status_words
from ioc.errors import TemplateError
from ioc.exports.chart_look import FILLS, TEXTS, TINTS
from ioc.exports.extract import Column, Definition, Extract, Kind, Origin, Shape, Sheet
from ioc.exports.provenance import Strip, strip_of
from ioc.exports.slides import Deck, Look, Slide, deck_of, to_pptx
from ioc.exports.slides_builtin import builtin
from ioc.exports.slides_text import LEADING, lines_needed
from layouts.tokens import tokens

NOW = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
ATTACK = '=HYPERLINK("http://evil.example","x")<img src=x onerror=alert(1)>\x07\u202e'
MARKS = "Tỷ lệ đúng hạn ở Xã Ẵng Nữ, Đắk Lắk: ế ộ ữ ẵ"
CELL = (
    Column("unit_key", "Mã đơn vị"),
    Column("unit", "Đơn vị"),
    Column("indicator_code", "Mã chỉ số"),
    Column("indicator", "Tên chỉ số"),
    Column("period", "Kỳ số liệu"),
    Column("value", "Giá trị", Kind.DECIMAL, "%", 2),
    Column("measure", "Đơn vị tính"),
    Column("empty", "Lý do trống"),
    Column("bound", "Mức chính xác"),
    Column("status", "Trạng thái"),
    Column("target", "Chỉ tiêu", Kind.DECIMAL, "%", 2),
    Column("rank", "Thứ hạng", Kind.WHOLE),
    Column("source", "Nguồn"),
)
POINT = (
    Column("unit", "Đơn vị"),
    Column("indicator", "Tên chỉ số"),
    Column("period", "Kỳ số liệu"),
    Column("from", "Từ ngày", Kind.DATE),
    Column("value", "Giá trị", Kind.DECIMAL, "%", 2),
    Column("target", "Chỉ tiêu", Kind.DECIMAL, "%", 2),
)


def values_of(count: int) -> list[Fraction | None]:
    """Figures that no decimal writes exactly, one of them missing."""
    return [
        None if n == 2 else Fraction(9950 - 137 * n, 100) + Fraction(1, 3) for n in range(count)
    ]


def status_of(value: Fraction | None) -> Status:
    if value is None:
        return Status.NOT_JUDGED
    return Status.REACHED if value >= 85 else Status.NEAR if value >= 78 else Status.AT_RISK


def cells(names: list[str], targets: list[int] | None = None, indicator: str = "Đúng hạn") -> Any:
    rows = []
    for n, (name, value) in enumerate(zip(names, values_of(len(names)), strict=True)):
        empty = "chậm báo cáo" if value is None else None
        bound = say("vi", "export.bound_at_least" if n == 1 else "export.bound_exact")
        target = Fraction(targets[n] if targets else 85)
        rows.append(
            (str(n), name, "OPS-01", indicator, "tháng 10/2026", value, "%", empty, bound,
             status_words(status_of(value), "vi"), target, n + 1, "Cổng 766")
        )  # fmt: skip
    return tuple(rows)


PROVINCES = [f"Tỉnh Đắk {n}" for n in range(34)]
TREND = tuple(
    ("Cả nước", "Đúng hạn", f"tháng {m}/2026 (kỳ báo cáo 15/{m - 1}–14/{m}/2026)",
     date(2026, m, 1), None if m in (5, 6) else Fraction(8000 + 91 * m, 97),
     Fraction(85 if m < 7 else 90))
    for m in range(1, 13)
)  # fmt: skip
SHEETS = (
    Sheet("trend", "Diễn biến", "% · Sáp nhập 01/07/2025", Shape.SERIES, POINT, TREND),
    Sheet("ranking", "Theo tỉnh", "tháng 10/2026", Shape.BARS, CELL, cells(PROVINCES), True),
    Sheet("channel", "Theo kênh", "", Shape.BARS, CELL,
          cells(["Trực tiếp", "Trực tuyến", "Bưu chính", "Tại nhà"], [80, 85, 90, 95])),
    Sheet("pairs", "Đúng hạn và hài lòng", "", Shape.SCATTER,
          (Column("unit", "Đơn vị"), Column("x", "Đúng hạn", Kind.DECIMAL, "%", 2),
           Column("y", "Hài lòng", Kind.DECIMAL, "%", 1)),
          tuple((name, Fraction(7000 + 31 * n, 97), None if n == 1 else Fraction(600 + n, 10))
                for n, name in enumerate(PROVINCES))),
    Sheet("heat", "Bảng nhiệt", "", Shape.MATRIX, CELL,
          tuple(row for k in range(3) for row in cells(PROVINCES, indicator=f"Chỉ số {k}"))),
    Sheet("map", "Bản đồ", "%", Shape.MAP, CELL, cells(PROVINCES), True),
    Sheet("table", "Bảng", "", Shape.TABLE, CELL, cells([f"{n} {ATTACK}" for n in range(3)])),
    Sheet("hostile", ATTACK, ATTACK, Shape.BARS, CELL, cells([ATTACK, "b", "c", "http://x.vn"])),
    Sheet("parts", "Cơ cấu", "", Shape.BARS, (), (), missing="Truy vấn quá 60 giây."),
    Sheet("late", MARKS + " " + "rất dài " * 55, "", Shape.BARS, CELL, cells(["Huế", "Hà Nội"])),
)  # fmt: skip
EXTRACT = Extract(
    address="/indicator/OPS-01",
    title="Hồ sơ đúng hạn: Cả nước",
    lang="vi",
    about=(("Đơn vị", "Cả nước"), ("Kỳ số liệu", "tháng 10/2026")),
    sheets=SHEETS,
    definitions=(
        Definition("OPS-01", "Hồ sơ đúng hạn", "Phần hồ sơ xong đúng hạn", "đúng hạn / đã xong",
                   "%", "càng cao càng tốt", "b45e"),
        Definition("OPS-02", "Khác", "Khác", "", "%", "càng cao càng tốt", "aaaa"),
    ),
    origins=(
        Origin("Cổng 766", "QĐ 766/QĐ-TTg", NOW, False),
        Origin("Nguồn khác", None, NOW, True),
    ),
    caveats=("Số liệu mới có 30/34 tỉnh báo cáo.",),
    facts=(),
    illustrative=True,
    known_at=NOW,
    version=7,
)  # fmt: skip


@cache
def strip() -> Strip:
    return strip_of(
        EXTRACT, code="7K3M0QXDP9TW", who="Nguyễn Thị Ngữ", made_at=NOW, base="https://ioc.vn"
    )


@cache
def png() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (240, 150), "#1f5c98").save(stream, "png")
    return stream.getvalue()


@cache
def made() -> bytes:
    """All sheets with a picture of the map, but none of the heat map."""
    return to_pptx(deck_of(EXTRACT, strip(), {"map": png()}))


def opened(content: bytes) -> Any:
    return Presentation(io.BytesIO(content))


@pytest.fixture(scope="module")
def deck() -> Any:
    return opened(made())


def titled(deck: Any, title: str) -> list[Any]:
    """The slides whose title begins so."""
    return [one for one in deck.slides if one.shapes.title.text_frame.text.startswith(title)]


def charts(slides: list[Any]) -> list[Any]:
    return [shape.chart for one in slides for shape in one.shapes if shape.has_chart]


def table_rows(slides: list[Any]) -> list[list[str]]:
    return [
        [cell.text_frame.text for cell in row.cells]
        for one in slides
        for shape in one.shapes
        if shape.has_table
        for row in shape.table.rows
    ]


def floats(values: Any) -> list[float | None]:
    return [None if one is None else float(one) for one in values]


def book_of(chart: Any) -> list[tuple[Any, ...]]:
    blob = chart.part.chart_workbook.xlsx_part.blob
    return list(load_workbook(io.BytesIO(blob))["Sheet1"].iter_rows(values_only=True))


def texts(slide: Any) -> str:
    return "\n".join(one.text_frame.text for one in slide.shapes if one.has_text_frame)


def test_lines_hold_the_sheets_figures_with_gaps_and_stepped_targets(deck: Any) -> None:
    (chart,) = charts(titled(deck, "Diễn biến"))
    assert chart.chart_type == XL_CHART_TYPE.LINE  # so the library reads lines some without marks
    value, first, second = chart.plots[0].series
    assert list(value.values) == floats(row[4] for row in TREND)
    assert value.values[4] is None
    assert value.values[5] is None
    assert [one.name for one in (first, second)] == ["Chỉ tiêu 85,00%", "Chỉ tiêu 90,00%"]
    assert list(first.values) == [85.0] * 6 + [None] * 6
    assert list(second.values) == [None] * 6 + [90.0] * 6
    assert first.format.line.dash_style is not None
    assert value.format.line.dash_style is None
    assert list(chart.plots[0].categories) == [f"{m}/2026" for m in range(1, 13)]
    assert chart.category_axis.axis_title.text_frame.text == "tháng"
    rows = book_of(chart)
    assert rows[0] == (None, "Giá trị", "Chỉ tiêu 85,00%", "Chỉ tiêu 90,00%")
    assert [row[1] for row in rows[1:]] == floats(row[4] for row in TREND)
    xml = chart._chartSpace.xml
    assert 'dispBlanksAs val="gap"' in xml
    assert '<c:lang val="vi-VN"/>' in xml
    assert '[$-42A]#,##0.00"%"' in chart.part.blob.decode().replace("&quot;", '"')
    assert "Sáp nhập 01/07/2025" in texts(titled(deck, "Diễn biến")[0])


def test_bars_keep_the_order_of_the_screen_and_begin_at_zero(deck: Any) -> None:
    slides = titled(deck, "Theo tỉnh")
    found = charts(slides)
    assert len(slides) == 1
    assert [one.chart_type for one in found] == [XL_CHART_TYPE.BAR_CLUSTERED] * 2
    values = [v for one in found for v in one.plots[0].series[0].values]
    assert values == floats(values_of(34))
    names = [str(name) for one in found for name in one.plots[0].categories]
    assert names[:3] == ["Tỉnh Đắk 0", "Tỉnh Đắk 1", "Tỉnh Đắk 2 (chậm báo cáo)"]
    assert all(one.value_axis.minimum_scale == 0 for one in found)
    assert len({one.value_axis.maximum_scale for one in found}) == 1, "two charts, one scale"
    fills = [
        one.plots[0].series[0].points[n].format.fill.fore_color.rgb
        for one in found
        for n, v in enumerate(one.plots[0].series[0].values)
        if v is not None
    ]
    assert [str(one) for one in fills] == [
        FILLS[status_of(one)] for one in values_of(34) if one is not None
    ]
    words = texts(slides[0])
    assert "Chỉ tiêu: 85,00%" in words
    assert "● đạt: " in words
    assert "▼ nguy cơ: " in words
    assert "Ít nhất: Tỉnh Đắk 1" in words


def test_a_total_among_its_parts_is_told_and_not_drawn() -> None:
    columns = (Column("unit", "Đơn vị"), Column("all", "Số mục", Kind.WHOLE))
    rows = (("Cả nước", 60), ("A", 10), ("B", 20), ("C", 30), ("D", None))
    sheet = Sheet("units", "Theo đơn vị", "", Shape.BARS, columns, rows)
    slides = list(opened(to_pptx(deck_of(replace(EXTRACT, sheets=(sheet,)), strip()))).slides)
    (chart,) = charts(slides)
    assert list(chart.plots[0].series[0].values) == [10, 20, 30, None]
    assert "Cả nước: 60" in texts(slides[1])


def test_columns_and_targets_are_one_chart_of_two_kinds(deck: Any) -> None:
    (chart,) = charts(titled(deck, "Theo kênh"))
    bars, lines = chart.plots
    assert list(bars.series[0].values) == floats(values_of(4))
    assert list(lines.series[0].values) == [80.0, 85.0, 90.0, 95.0]
    axes = [[one.get("val") for one in plot._element.findall("{*}axId")] for plot in (bars, lines)]
    assert axes[0] == axes[1], "no second axis of amounts"
    assert [row[1:] for row in book_of(chart)[1:]] == list(
        zip(floats(values_of(4)), [80.0, 85.0, 90.0, 95.0], strict=True)
    )


def test_a_scatter_holds_both_figures_and_names_its_points(deck: Any) -> None:
    (chart,) = charts(titled(deck, "Đúng hạn và hài lòng"))
    kept = [row for row in SHEETS[3].rows if row[2] is not None]
    series = chart.plots[0].series[0]
    assert list(series.values) == floats(row[2] for row in kept)
    rows = book_of(chart)
    assert [row[0] for row in rows[1:]] == floats(row[1] for row in kept)
    assert [row[2] for row in rows[1:]] == [row[0] for row in kept]
    assert series.points[1].data_label.text_frame.text == "Tỉnh Đắk 2"


def test_a_map_beside_a_ranking_needs_no_table(deck: Any) -> None:
    assert titled(deck, "Bản đồ")
    assert not titled(deck, "Bản đồ: số liệu")


def test_tables_repeat_their_header_and_lose_no_row() -> None:
    alone = replace(EXTRACT, sheets=tuple(s for s in SHEETS if s.shape is Shape.MAP))
    slides = titled(opened(to_pptx(deck_of(alone, None))), "Bản đồ: số liệu")
    assert len(slides) > 1
    assert f"(tiếp theo 2/{len(slides)})" in slides[1].shapes.title.text_frame.text
    rows = table_rows(slides)
    head = rows[0]
    assert head[:2] == ["Đơn vị", "Giá trị (%)"]
    assert rows.count(head) == len(slides)
    body = [one for one in rows if one != head]
    assert [one[0] for one in body] == PROVINCES
    assert body[0][1] == "99,83"
    assert body[2][1] == "chậm báo cáo"


def test_a_matrix_is_units_by_indicators_in_a_native_table(deck: Any) -> None:
    rows = table_rows(titled(deck, "Bảng nhiệt"))
    assert rows[0] == ["Đơn vị", "Chỉ số 0 (%)", "Chỉ số 1 (%)", "Chỉ số 2 (%)"]
    assert rows[1] == ["Tỉnh Đắk 0", "● 99,83", "● 99,83", "● 99,83"]


def test_a_part_without_rows_says_so() -> None:
    bare = replace(EXTRACT, sheets=(Sheet("none", "Trống", "", Shape.BARS, (), ()),))
    slides = opened(to_pptx(deck_of(bare, strip()))).slides
    assert say("vi", "slides.rows_none") in texts(slides[1])


def test_a_map_is_a_picture_and_without_one_says_so(deck: Any) -> None:
    first = titled(deck, "Bản đồ")[0]
    assert [one.name for one in first.shapes if one.name == "IOC picture"]
    assert "▼ nguy cơ: " in texts(first)
    bare = deck_of(replace(EXTRACT, sheets=(SHEETS[5],)), strip())
    slides = list(opened(to_pptx(bare)).slides)
    assert say("vi", "slides.picture_missing") in texts(slides[1])
    assert len(table_rows(slides)) > 34


def test_f2_a_missing_part_says_why_and_the_deck_is_not_called_complete(deck: Any) -> None:
    (slide,) = titled(deck, "Cơ cấu")
    assert "Truy vấn quá 60 giây." in texts(slide)
    assert "CHƯA ĐẦY ĐỦ: 9/10 phần; thiếu: Cơ cấu" in texts(deck.slides[0])
    whole = deck_of(replace(EXTRACT, sheets=SHEETS[:1]), strip())
    assert "Đầy đủ 1/1 phần" in texts(opened(to_pptx(whole)).slides[0])


def test_notes_say_definition_sources_filters_and_code(deck: Any) -> None:
    (slide,) = titled(deck, "Theo tỉnh")
    notes = slide.notes_slide.notes_text_frame.text
    for words in (
        "OPS-01 Hồ sơ đúng hạn (định nghĩa b45e): Phần hồ sơ xong đúng hạn",
        "đúng hạn / đã xong",
        "Cổng 766, QĐ 766/QĐ-TTg, nhận lúc 14:30 22/11/2026",
        "Kỳ số liệu: tháng 10/2026",
        "30/34 tỉnh",
        "7K3M-0QXD-P9TW: https://ioc.vn/verify/7K3M-0QXD-P9TW",
    ):
        assert words in notes
    assert "OPS-02" not in notes
    assert "Nguồn khác" not in notes
    assert all(one.has_notes_slide for one in deck.slides)


def test_every_slide_has_code_qr_and_its_mark(deck: Any) -> None:
    for at, slide in enumerate(deck.slides):
        names = {one.name for one in slide.shapes}
        assert {"IOC code", "IOC QR", "IOC foot"} <= names, at
        assert "7K3M-0QXD-P9TW" in texts(slide)
        assert not [one for one in slide.placeholders if not one.text_frame.text], at
    marked = {n for n, one in enumerate(deck.slides) if "DỮ LIỆU MINH HỌA" in texts(one)}
    shown = {
        deck.slides.index(one) for one in [*titled(deck, "Theo tỉnh"), *titled(deck, "Bản đồ")]
    }
    assert marked == {0, len(deck.slides) - 1, *shown}


def test_e1_hostile_text_is_text_and_nothing_leads_out() -> None:
    """E1, E4: names and titles from sources compute nothing and link to nothing."""
    with zipfile.ZipFile(io.BytesIO(made())) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    slides = [name for name in parts if name.startswith("ppt/slides/")]
    assert slides
    assert not any(b"hlinkClick" in parts[name] for name in slides)
    links = [name for name, body in parts.items() if name.endswith(".rels") and b"External" in body]
    assert links == []
    books = [body for name, body in parts.items() if name.endswith(".xlsx")]
    assert books
    for body in books:
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            assert not any("externalLink" in name for name in book.namelist())
        for row in load_workbook(io.BytesIO(body))["Sheet1"].iter_rows():
            assert not any(one.data_type == "f" or one.hyperlink for one in row)
    (chart,) = charts(titled(opened(made()), "=HYPERLINK"))
    assert str(chart.plots[0].categories[0]).startswith("'=HYPERLINK")


def test_e8_long_titles_shrink_within_their_box(deck: Any) -> None:
    (slide,) = titled(deck, MARKS)
    title = slide.shapes.title
    run = title.text_frame.paragraphs[0].runs[0]
    size = run.font.size.pt
    assert run.text.startswith(MARKS)
    assert size < 20
    places = next(one for one in slide.slide_layout.placeholders if one.name == "Title")
    assert (
        lines_needed(run.text, places.width / 12700, size) * size * LEADING <= places.height / 12700
    )


def customer(*, keep: int = 11) -> bytes:
    """Another's template: 4:3, other colours, layouts in another order, a slide left in it."""
    deck = Presentation()
    master = deck.slide_master
    part: Any = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    part._blob = part.blob.replace(b'<a:accent1><a:srgbClr val="4F81BD"/>',
                                   b'<a:accent1><a:srgbClr val="7A1F1F"/>')  # fmt: skip
    listed = master._element.sldLayoutIdLst
    for one in reversed(list(listed)):
        listed.remove(one)
        listed.append(one)
    for one in list(deck.slide_layouts)[keep:]:
        deck.slide_layouts.remove(one)
    left = deck.slides.add_slide(deck.slide_layouts[0])
    left.shapes.title.text_frame.text = "OLD"
    stream = io.BytesIO()
    deck.save(stream)
    return stream.getvalue()


def inside(slide: Any, deck: Any) -> Iterator[bool]:
    for one in slide.shapes:
        if one.left is not None:
            yield one.left >= 0 and one.left + one.width <= deck.slide_width
            yield one.top >= 0 and one.top + one.height <= deck.slide_height


def test_a_customers_template_gives_size_layouts_and_colours() -> None:
    template = customer()
    assert b"7A1F1F" in b"".join(zipfile.ZipFile(io.BytesIO(template)).read(name)
                                 for name in zipfile.ZipFile(io.BytesIO(template)).namelist()
                                 if "theme" in name)  # fmt: skip
    deck = opened(to_pptx(deck_of(EXTRACT, strip(), {"map": png()}), template))
    assert (deck.slide_width, deck.slide_height) == (9144000, 6858000)
    assert deck.slides[0].slide_layout.name == "Title Slide"
    assert deck.slides[1].slide_layout.name == "Title and Content"
    assert not titled(deck, "OLD")
    assert all(all(inside(one, deck)) for one in deck.slides)
    (chart,) = charts(titled(deck, "Diễn biến"))
    assert list(chart.plots[0].series[0].values) == floats(row[4] for row in TREND)


def test_a_template_that_lacks_something_is_refused_with_what_it_lacks() -> None:
    with pytest.raises(TemplateError) as caught:
        to_pptx(deck_of(EXTRACT, strip()), customer(keep=1))
    assert "IOC cover" in str(caught.value)
    assert "IOC content" in str(caught.value)
    assert "Vertical Title and Text" in str(caught.value.params["found"])
    with pytest.raises(TemplateError):
        to_pptx(deck_of(EXTRACT, strip()), b"not a presentation")


def remade(template: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """A template of which one file says something else."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(template)) as given,
        zipfile.ZipFile(stream, "w") as changed,
    ):
        for one in given.infolist():
            body = given.read(one)
            changed.writestr(one, body.replace(old, new) if one.filename == name else body)
    return stream.getvalue()


def test_a_template_file_may_be_a_potx_but_load_nothing_from_elsewhere() -> None:
    small = deck_of(replace(EXTRACT, sheets=()), strip())
    model = remade(builtin(), "[Content_Types].xml", b"presentationml.presentation.main+xml",
                   b"presentationml.template.main+xml")  # fmt: skip
    assert b"template.main" in zipfile.ZipFile(io.BytesIO(model)).read("[Content_Types].xml")
    assert len(opened(to_pptx(small, model)).slides) == 2
    link = (
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/image" Target="http://evil.example/x.png" TargetMode="External"/>'
    )
    rels = "ppt/slideMasters/_rels/slideMaster1.xml.rels"
    linked = remade(builtin(), rels, b"</Relationships>", link + b"</Relationships>")
    with pytest.raises(TemplateError, match=r"evil\.example"):
        to_pptx(small, linked)


def test_the_builtin_template_can_be_given_back_as_a_customers() -> None:
    small = deck_of(replace(EXTRACT, sheets=SHEETS[:1]), strip())
    made = [opened(to_pptx(small, one)) for one in (None, builtin())]
    names = [[one.name for slide in deck.slides for one in slide.shapes] for deck in made]
    assert names[0] == names[1]


def test_chapters_text_and_a_preview_without_a_code() -> None:
    slides = (
        Slide("I. Chung", kind=Look.SECTION),
        Slide(
            "Nhận xét", kind=Look.TEXT, text="\n".join(f"Câu {n} " + "chữ " * 60 for n in range(20))
        ),
    )
    made = opened(to_pptx(Deck("Giao ban", "Tuần 47", "vi", None, slides)))
    assert [one.shapes.title.text_frame.text for one in made.slides][:3] == [
        "Giao ban", "I. Chung", "Nhận xét",
    ]  # fmt: skip
    body = "\n".join(texts(one) for one in made.slides)
    assert all(f"Câu {n} " in body for n in range(20))
    assert "Đầy đủ 1/1 phần" in body


def test_the_colours_of_statuses_are_those_of_the_screen() -> None:
    of = tokens("light")
    names = {Status.REACHED: "reached", Status.NEAR: "near", Status.AT_RISK: "risk",
             Status.NOT_JUDGED: "open"}  # fmt: skip
    for status, name in names.items():
        for colours, kind in ((FILLS, "fill"), (TINTS, "tint"), (TEXTS, "text")):
            assert f"#{colours[status]}".lower() == of[f"{name}-{kind}"]
