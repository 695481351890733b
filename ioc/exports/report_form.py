"""The built-in form of a report, made by code: Decree 30/2020/NĐ-CP, Appendix I.

A4 upright, margins 20, 20, 30, 15 mm; Times New Roman 14, page number in the middle of the head
from the second page on; the heading in two columns, the signature at the right of the recipients.
It is a template with placeholders like a customer's own.
"""

from __future__ import annotations

from typing import Any

from ioc.domain.messages import say
from ioc.exports.report_write import shape

FONT = "Times New Roman"
LEFT, RIGHT = 6.9, 9.6
"""Centimetres of the two columns of the heading."""


def builtin(lang: str) -> Any:
    """The form as a document with placeholders."""
    import docx

    document = docx.Document()
    for paragraph in list(document.paragraphs):
        paragraph._p.getparent().remove(paragraph._p)
    _normal(document, lang)
    _page(document)
    _heading(document)
    _title(document)
    _line(document.add_paragraph(), "{{sections}}", size=14)
    _signature(document, lang)
    _line(document.add_paragraph(), "{{annex}}", size=14)
    return document


def _normal(document: Any, lang: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), FONT)
    style.paragraph_format.line_spacing = 1.15
    style.paragraph_format.space_after = Pt(0)
    for its in document.styles.element.iter(qn("w:lang")):
        its.set(qn("w:val"), "vi-VN" if lang == "vi" else "en-GB")


def _page(document: Any) -> None:
    from docx.shared import Mm

    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(20), Mm(20)
    page.left_margin, page.right_margin = Mm(30), Mm(15)
    page.header_distance, page.footer_distance = Mm(10), Mm(8)
    page.different_first_page_header_footer = True
    head = page.header.paragraphs[0]
    shape(head, align="center")
    _field(head, "PAGE")
    for foot in (page.footer, page.first_page_footer):
        paragraph = foot.paragraphs[0]
        shape(paragraph, align="center")
        _line(paragraph, "{{foot}}", size=9)


def _field(paragraph: Any, code: str) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement
    from docx.shared import Pt

    run = paragraph.add_run()
    run.font.size = Pt(13)
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("text", "2"), ("end", "")):
        if kind in ("", "text"):
            one = OxmlElement("w:t" if kind else "w:instrText")
            one.text = text
        else:
            one = OxmlElement("w:fldChar")
            one.set(qn("w:fldCharType"), kind)
        run._r.append(one)


def _heading(document: Any) -> None:
    table = _frame(document, (LEFT, RIGHT))
    left, right = table.rows[0].cells
    _first(left, "{{authority}}", size=12)
    _more(left, "{{office}}", size=12, bold=True)
    _rule(left, 2.6)
    _first(right, "{{nation}}", size=12, bold=True)
    _more(right, "{{motto}}", size=13, bold=True)
    _rule(right, 3.05 / 2)
    below = table.add_row()
    left, right = below.cells
    _first(left, "{{number}}", size=13)
    _first(right, "{{place_date}}", size=13, italic=True)


def _title(document: Any) -> None:
    for name, bold, italic, size, before in (
        ("kind", True, False, 14, 18),
        ("title", True, False, 14, 0),
    ):
        paragraph = document.add_paragraph()
        shape(paragraph, align="center", before=before)
        _line(paragraph, "{{" + name + "}}", size=size, bold=bold, italic=italic)
    _rule_in(document.add_paragraph(), 6.2)
    for name, size in (("period", 13), ("state", 12)):
        paragraph = document.add_paragraph()
        shape(paragraph, align="center", after=3)
        _line(paragraph, "{{" + name + "}}", size=size, italic=True)


def _signature(document: Any, lang: str) -> None:
    gap = document.add_paragraph()
    shape(gap, before=6)
    table = _frame(document, (7.5, 9.0))
    left, right = table.rows[0].cells
    _first(left, say(lang, "report.recipients"), size=12, bold=True, italic=True, align="left")
    _more(left, "{{recipients}}", size=11, align="left")
    _first(right, "{{signer_title}}", size=14, bold=True)
    for _ in range(4):
        _more(right, "", size=14)
    _more(right, "{{signer}}", size=14, bold=True)


def _frame(document: Any, widths: tuple[float, float]) -> Any:
    """A table without lines that places two blocks beside each other."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement
    from docx.shared import Cm

    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        one = OxmlElement(f"w:{side}")
        one.set(qn("w:w"), "0")
        one.set(qn("w:type"), "dxa")
        margins.append(one)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for cell, width in zip(table.rows[0].cells, widths, strict=True):
        cell.width = Cm(width)
    its = table.rows[0]._tr.get_or_add_trPr()
    its.append(OxmlElement("w:cantSplit"))
    return table


def _first(cell: Any, text: str, *, align: str = "center", **look: Any) -> None:
    shape(cell.paragraphs[0], align=align)
    _line(cell.paragraphs[0], text, **look)


def _more(cell: Any, text: str, *, align: str = "center", **look: Any) -> None:
    paragraph = cell.add_paragraph()
    shape(paragraph, align=align)
    _line(paragraph, text, **look)


def _line(
    paragraph: Any, text: str, *, size: float, bold: bool = False, italic: bool = False
) -> None:
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic


def _rule(cell: Any, margin: float) -> None:
    _rule_in(cell.add_paragraph(), margin)


def _rule_in(paragraph: Any, margin: float) -> None:
    """A line that leaves `margin` cm free on both sides, as an empty paragraph's upper border."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement
    from docx.shared import Cm, Pt

    _line(paragraph, "", size=4)
    shape(paragraph, before=1)
    its = paragraph.paragraph_format
    its.left_indent = its.right_indent = Cm(margin)
    its.line_spacing = Pt(6)
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = paragraph._p.get_or_add_pPr()
    # The order of the elements is part of the schema: borders come before spacing and indents.
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )
