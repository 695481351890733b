"""Filling a Word template: named placeholders in its body, tables, text boxes, headers, footers.

Word splits what was typed in one go over several runs; a placeholder is found over all runs of
its paragraph and takes the look of its first letter.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ioc.domain.messages import say
from ioc.errors import TemplateError
from ioc.exports.provenance import qr_png
from ioc.exports.report_body import QR_WIDTH, Annex, Body
from ioc.exports.report_words import BLOCKS, OPTIONAL, REQUIRED, TEXTS, recipients, texts
from ioc.exports.report_write import Writer, shape

if TYPE_CHECKING:
    from ioc.exports.report_parts import Report

_HOLE = re.compile(r"\{\{\s*([^{}]{1,60}?)\s*\}\}")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MOST_BYTES = 50_000_000
"""Unpacked size of a template."""


def opened(template: bytes) -> Any:
    """A customer's template as a document; raises TemplateError for anything else."""
    import docx
    from docx.opc.exceptions import OpcError

    try:
        with zipfile.ZipFile(io.BytesIO(template)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_BYTES:
                raise ValueError("too large")
        document = docx.Document(io.BytesIO(template))
    except (zipfile.BadZipFile, OpcError, ValueError, KeyError, SyntaxError) as error:
        raise TemplateError(
            f"the template is no DOCX: {error}", code="report_template_file", reason=str(error)
        ) from error
    if document.part.content_type != _WORD:
        raise TemplateError(
            "the template is no DOCX", code="report_template_file", reason="not .docx"
        )
    return document


def filled(document: Any, report: Report) -> None:
    """Fill every placeholder of the document in place; raises TemplateError, see `check`."""
    check(document)
    words = texts(report)
    holes = [(part, p) for part in _parts(document) for p in _paragraphs(part)]
    for part, element in holes:
        name = _block(element)
        if name is not None:
            _fill_block(document, part, element, name, report)
        else:
            _fill_texts(element, words)
    _properties(document, report)


def check(document: Any) -> None:
    """Raise TemplateError that names every unknown, missing or misplaced placeholder."""
    found: list[str] = []
    misplaced: list[str] = []
    for part in _parts(document):
        for element in _paragraphs(part):
            names = _HOLE.findall(_text(element))
            found += names
            for name in names:
                alone = _block(element) == name
                body = part is document.part or name == "qr"
                if name in BLOCKS and not (alone and body):
                    misplaced.append(name)
    unknown = [name for name in dict.fromkeys(found) if name not in (*TEXTS, *BLOCKS)]
    lacking = [name for name in REQUIRED if name not in found]
    loaded = list(_loaded(document))
    if not (unknown or lacking or misplaced or loaded):
        return
    given = {
        "unknown": ", ".join(unknown) or "–",
        "missing": ", ".join(lacking) or "–",
        "misplaced": ", ".join(dict.fromkeys(misplaced)) or "–",
        "loaded": ", ".join(loaded) or "–",
        "allowed": ", ".join((*TEXTS, *BLOCKS)),
    }
    said = "; ".join(f"{name}: {value}" for name, value in given.items())
    raise TemplateError(f"the report's template: {said}", code="report_template", **given)


def _parts(document: Any) -> Iterator[Any]:
    """The body and every header and footer, each once."""
    yield document.part
    for relation in document.part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if kind in ("header", "footer") and not relation.is_external:
            yield relation.target_part


def _loaded(document: Any) -> Iterator[str]:
    """What Word would fetch from elsewhere on opening; a link that a reader follows is none."""
    for part in (document.part, *document.part.package.iter_parts()):
        for relation in part.rels.values():
            kind = relation.reltype.rpartition("/")[2]
            if relation.is_external and kind != "hyperlink":
                yield str(relation.target_ref)[:80]


def _paragraphs(part: Any) -> list[Any]:
    """All paragraphs that hold a placeholder, those of tables and text boxes too."""
    from docx.oxml.ns import qn

    found = part.element.iter(qn("w:p"))
    return [element for element in found if "{{" in _text(element)]


def _pieces(element: Any) -> list[Any]:
    """The text pieces of a paragraph itself, not of paragraphs inside it (text boxes)."""
    from docx.oxml.ns import qn

    mine = []
    for piece in element.iter(qn("w:t")):
        above = next(piece.iterancestors(qn("w:p")), None)
        if above is element:
            mine.append(piece)
    return mine


def _text(element: Any) -> str:
    return "".join(piece.text or "" for piece in _pieces(element))


def _block(element: Any) -> str | None:
    """The name of the block that the paragraph is for, where it holds nothing else."""
    found = _HOLE.fullmatch(_text(element).strip())
    return found.group(1) if found and found.group(1) in BLOCKS else None


def _fill_texts(element: Any, words: dict[str, str]) -> None:
    """Put the words in, last one first, so that nothing put in is ever read as a placeholder."""
    alone = _HOLE.fullmatch(_text(element).strip())
    if alone and alone.group(1) in OPTIONAL and not words[alone.group(1)]:
        _remove(element)
        return
    for hole in reversed(list(_HOLE.finditer(_text(element)))):
        _replace(_pieces(element), hole.start(), hole.end(), words[hole.group(1)])


def _replace(pieces: list[Any], start: int, end: int, words: str) -> None:
    from docx.oxml.ns import qn

    at, written = 0, False
    for piece in pieces:
        text = piece.text or ""
        first, last = max(start - at, 0), min(end - at, len(text))
        at += len(text)
        if first >= last:
            continue
        put = "" if written else words
        before, after = text[:first], text[last:]
        written = True
        lines = put.split("\n")
        piece.text = before + lines[0] + (after if len(lines) == 1 else "")
        piece.set(qn("xml:space"), "preserve")
        for number, line in enumerate(lines[1:], 2):
            piece = _line(piece, line + (after if number == len(lines) else ""))


def _line(piece: Any, words: str) -> Any:
    """A further line after a text piece, in its run."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    stop, text = OxmlElement("w:br"), OxmlElement("w:t")
    text.text = words
    text.set(qn("xml:space"), "preserve")
    piece.addnext(stop)
    stop.addnext(text)
    return text


def _fill_block(document: Any, part: Any, element: Any, name: str, report: Report) -> None:
    from docx.text.paragraph import Paragraph

    anchor = Paragraph(element, _Parent(part))
    if name == "qr":
        for run in anchor.runs:
            run.text = ""
        _qr(anchor, report)
        return
    writer = Writer(anchor, _width(document))
    if name == "sections":
        Body(report, writer).sections()
    elif name == "annex":
        Annex(report, writer).write()
    else:
        for words in recipients(report):
            writer.paragraph(words, align="left", after=0)
    _remove(element)


def _remove(element: Any) -> None:
    """Take the placeholder's paragraph out; a cell keeps its last one, which it must have."""
    from docx.oxml.ns import qn

    above = element.getparent()
    follows = element.getnext()
    before = element.getprevious()
    needed = above.tag == qn("w:tc") and follows is None
    needed = needed and (before is None or before.tag != qn("w:p"))
    section = element.find(qn("w:pPr"))
    keeps = section is not None and section.find(qn("w:sectPr")) is not None
    if needed or keeps:
        for piece in _pieces(element):
            piece.text = ""
        return
    above.remove(element)


class _Parent:
    """What python-docx asks of a paragraph's parent: the part that its pictures belong to."""

    def __init__(self, part: Any) -> None:
        self.part = part


def _qr(anchor: Any, report: Report) -> None:
    from docx.shared import Cm

    address = report.strip.address_of_verify
    stream = io.BytesIO(qr_png(address, 8))
    drawn = anchor.add_run().add_picture(stream, width=Cm(QR_WIDTH))
    drawn._inline.docPr.set("descr", say(report.lang, "report.qr_words", address=address))
    shape(anchor, align="center")


def _width(document: Any) -> float:
    """Centimetres between the margins of the first section."""
    first = document.sections[0]
    return float((first.page_width - first.left_margin - first.right_margin) / 360_000)


def _properties(document: Any, report: Report) -> None:
    words, its = texts(report), document.core_properties
    its.title = words["title"][:250]
    its.author = (words["office"] if report.heading.office else report.strip.who)[:250]
    its.comments = words["foot"][:250]
    its.language = "vi-VN" if report.lang == "vi" else "en-GB"
    its.created = its.modified = report.strip.made_at.replace(microsecond=0, tzinfo=None)
    its.last_modified_by = ""
