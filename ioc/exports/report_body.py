"""What stands in a report: numbered sections, and the annex about where figures are from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ioc.domain.messages import say
from ioc.domain.times import moment_words
from ioc.exports.extract import Shape, Sheet
from ioc.exports.meeting import figureless
from ioc.exports.provenance import qr_png
from ioc.exports.report_words import about, place_date
from ioc.exports.slides_grid import Cell, Grid, grid_of

if TYPE_CHECKING:
    from ioc.exports.report_parts import Part, Picture, Report
    from ioc.exports.report_write import Writer

MOST_ROWS = 80
"""Rows of one table in a report; the workbook has all of them."""
INDENT = 1.0
"""Centimetres that the first line of a paragraph is moved in."""
QR_WIDTH = 3.0
_ELSEWHERE = ("indicators", "sources", "caveats")
"""Lines of the strip that the annex tells in full under their own headings."""
_WHOLE = (Shape.MATRIX, Shape.SCATTER, Shape.MAP)
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"),
          (4, "IV"), (1, "I"))  # fmt: skip


class Body:
    """Writes the sections of one report and counts its tables and pictures."""

    def __init__(self, report: Report, writer: Writer) -> None:
        self._report, self._write, self._lang = report, writer, report.lang
        self._tables = self._pictures = 0

    def sections(self) -> None:
        """The opening and all parts."""
        for words in self._report.opening:
            self._text(words)
        for at, part in enumerate(self._report.parts, 1):
            self._part(part, at, 0)

    def _part(self, part: Part, at: int, depth: int) -> None:
        number = (f"{roman(at)}.", f"{at}.", f"{_letter(at)})", "-")[min(depth, 3)]
        title = part.title.upper() if depth == 0 else part.title
        if part.title:
            self._write.paragraph(
                f"{number} {title}",
                bold=depth < 2,
                indent=INDENT,
                before=6,
                keep=True,
                level=depth,
            )
        for words in part.paragraphs:
            self._text(words)
        if part.missing:
            self._note(say(self._lang, "report.part_missing", why=part.missing))
        for picture in part.pictures:
            self._picture(picture)
        for sheet in part.sheets:
            self._sheet(sheet)
        for inner, one in enumerate(part.parts, 1):
            self._part(one, inner, depth + 1)

    def _text(self, words: str) -> None:
        if words.strip():
            self._write.paragraph(words, indent=INDENT)

    def _note(self, words: str) -> None:
        self._write.paragraph(words, italic=True, indent=INDENT)

    def _picture(self, picture: Picture) -> None:
        why = picture.missing or say(self._lang, "report.picture_why")
        if picture.data is not None:
            try:
                self._write.picture(picture.data, picture.title)
            except ValueError:
                self._note(say(self._lang, "report.picture_missing", title=picture.title, why=why))
                return
            self._pictures += 1
            words = say(self._lang, "report.picture", number=self._pictures, title=picture.title)
            self._write.paragraph(words, italic=True, size=12, align="center", after=8)
            return
        self._note(say(self._lang, "report.picture_missing", title=picture.title, why=why))

    def _sheet(self, sheet: Sheet) -> None:
        lang = self._lang
        title = f"{sheet.title}: {sheet.subtitle}" if sheet.subtitle else sheet.title
        if sheet.illustrative:
            title = say(lang, "report.marked", title=title)
        if sheet.missing:
            self._note(say(lang, "report.part_missing", why=f"{sheet.title}: {sheet.missing}"))
            return
        self._tables += 1
        grid = grid_of(sheet, lang)
        if figureless(sheet):
            # Names of units without one figure are no table.
            rows = {"rows": len(grid.rows), "number": self._tables, "title": title}
            self._note(say(lang, "report.no_figures", **rows))
            return
        left = len(grid.rows) - MOST_ROWS
        if left > 0 and sheet.shape in _WHOLE:
            # A part of a matrix or a cloud of points would tell something else than all of it.
            rows = {"rows": len(grid.rows), "number": self._tables, "title": title}
            self._note(say(lang, "report.too_long", **rows))
            return
        grid = replace(grid, rows=grid.rows[:MOST_ROWS])
        grids = self._write.grids(grid) if grid.rows else ()
        for at, one in enumerate(grids, 1):
            key = "report.table" if len(grids) == 1 else "report.table_part"
            words = say(lang, key, number=self._tables, title=title, part=at, parts=len(grids))
            self._caption(words)
            self._write.table(one)
        if not grids:
            self._caption(say(lang, "report.table", number=self._tables, title=title))
            self._note(say(lang, "report.rows_none"))
        if grid.shared:
            self._under(grid.shared)
        if left > 0:
            self._under(say(lang, "report.rows_left", rest=left))
        self._write.paragraph("", size=6, after=2)

    def _caption(self, words: str) -> None:
        self._write.paragraph(
            words, bold=True, size=12, align="center", before=6, after=4, keep=True
        )

    def _under(self, words: str) -> None:
        self._write.paragraph(words, italic=True, size=11, align="left", before=2, after=2)


class Annex:
    """Writes where the figures of a report are from and how it is verified."""

    def __init__(self, report: Report, writer: Writer) -> None:
        self._report, self._write, self._lang = report, writer, report.lang

    def write(self) -> None:
        """The annex, on a page of its own."""
        report, lang = self._report, self._lang
        self._write.break_page()
        day = place_date(report.heading.place, report.day, lang)
        of = say(lang, "report.annex_of", title=about(report.title, lang), date=day)
        for words, bold, italic in (
            (say(lang, "report.annex"), True, None),
            (say(lang, "report.annex_title"), True, None),
            (of, None, True),
        ):
            self._write.paragraph(
                words, bold=bold, italic=italic, align="center", after=4, keep=True,
                level=0 if words == say(lang, "report.annex") else None,
            )  # fmt: skip
        self._definitions()
        self._sources()
        told = {say(lang, f"verify.strip_{key}") for key in _ELSEWHERE}
        scope = [
            say(lang, "verify.strip_line", label=label, words=words)
            for label, words in report.strip.about
            if label not in told
        ]
        self._lines("scope", scope)
        self._lines("caveats", list(report.caveats))
        self._verify()

    def _head(self, name: str) -> None:
        words = say(self._lang, f"report.{name}")
        self._write.paragraph(words, bold=True, align="left", before=8, after=4, keep=True)

    def _definitions(self) -> None:
        lang = self._lang
        self._head("definitions")
        names = ("code", "name", "meaning", "unit", "version")
        rows = []
        for one in self._report.definitions:
            formula = say(lang, "report.formula", formula=one.formula) if one.formula else ""
            meaning = f"{one.meaning} {formula}".strip()
            unit = ", ".join(part for part in (one.unit, one.direction) if part)
            rows.append((one.code, one.name, meaning, unit, one.version))
        self._table(names, rows)

    def _sources(self) -> None:
        lang = self._lang
        self._head("sources")
        rows = [
            (
                one.name,
                one.citation or "",
                moment_words(one.received, lang) if one.received else "–",
                say(lang, "words.illustrative" if one.illustrative else "report.mark_real"),
            )
            for one in self._report.origins
        ]
        self._table(("source", "citation", "received", "mark"), rows)

    def _table(self, names: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
        if not rows:
            self._plain(say(self._lang, "report.none"))
            return
        kept = [at for at in range(len(names)) if any(row[at] for row in rows)]
        heads = tuple(say(self._lang, f"report.col_{names[at]}") for at in kept)
        cells = tuple(tuple(Cell(row[at]) for at in kept) for row in rows)
        self._write.table(Grid(heads, cells, 1))

    def _lines(self, name: str, lines: list[str]) -> None:
        self._head(name)
        for words in lines or [say(self._lang, "report.none")]:
            self._plain(say(self._lang, "report.caveat", words=words) if lines else words)

    def _plain(self, words: str) -> None:
        self._write.paragraph(words, size=12, align="left", after=3)

    def _verify(self) -> None:
        strip, lang = self._report.strip, self._lang
        self._head("verify")
        self._plain(strip.invitation)
        self._plain(say(lang, "report.verify_at", address=strip.address_of_verify))
        words = say(lang, "report.qr_words", address=strip.address_of_verify)
        self._write.picture(qr_png(strip.address_of_verify, 8), words, width=QR_WIDTH)


def roman(number: int) -> str:
    """A number from 1 in Roman numerals."""
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text, number = text + letters, number - value
    return text


def _letter(number: int) -> str:
    """a, b, …, z, aa, ab, …"""
    text = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text
