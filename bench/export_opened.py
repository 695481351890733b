"""Exported files opened by programs that are not the product: LibreOffice, Poppler, ZBar."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

from bench.export_screen import clean, numbers

_RAW = "csv:Text - txt - csv (StarCalc):9,34,76,1,,0,false,false,false,false,false,-1"
"""Every sheet as a file of its own, cells by tabs, numbers as they are, not as they are shown."""
_SECONDS = 900
_TYPED = re.compile(r"-?\d+([.,]\d+)?(E[+-]?\d+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """A row of a table or a point of a chart: its cells, the heads above them, its numbers."""

    cells: tuple[str, ...]
    heads: tuple[str, ...] = ()
    lang: str = "vi"
    typed: bool = False
    where: str = ""

    @cached_property
    def words(self) -> str:
        """All that names the row, in one text with marks between the cells."""
        return "\u241f".join(("", *(clean(one) for one in (*self.cells, *self.heads)), ""))

    @cached_property
    def values(self) -> tuple[Decimal, ...]:
        """The numbers of the row: typed cells as they are, those in words as they are written."""
        found = []
        for cell in self.cells:
            if self.typed and _TYPED.fullmatch(cell):
                with suppress(InvalidOperation):
                    found.append(Decimal(cell.replace(",", ".")))
                continue
            found += [value for _, value, _ in numbers(cell, self.lang)]
        return tuple(found)


@dataclass
class Opened:
    """What a program found in one file: rows, or the text of pages; and what must not be."""

    lines: list[Line] = field(default_factory=list)
    text: str = ""
    wrong: list[str] = field(default_factory=list)
    charts: int = 0


def convert(files: Iterable[Path], target: str, out: Path) -> None:
    """All files by one LibreOffice; raises SystemExit when it does not end."""
    listed = [str(one) for one in files]
    if not listed:
        return
    profile = f"-env:UserInstallation=file://{out.resolve()}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", target, "--outdir", str(out)]
    try:
        subprocess.run([*command, *listed], capture_output=True, timeout=_SECONDS, check=False)
    except FileNotFoundError:
        raise SystemExit("LibreOffice is not installed (scripts/install_office.sh)") from None
    except subprocess.TimeoutExpired:
        raise SystemExit("LibreOffice did not end") from None


def convert_all(folder: Path) -> None:
    """Every office file of the folder, below `office` in it."""
    out = folder / "office"
    out.mkdir(exist_ok=True)
    convert(sorted(folder.glob("*.xlsx")), _RAW, out)
    convert(sorted(folder.glob("*.docx")), "html:HTML (StarWriter):EmbedImages", out)
    convert(sorted([*folder.glob("*.pptx"), *folder.glob("*.docx")]), "pdf", out)


def open_xlsx(file: Path, lang: str) -> Opened:
    """The rows of all sheets, as LibreOffice reads them."""
    found = Opened()
    sheets = sorted((file.parent / "office").glob(f"{file.stem}-*.csv"))
    if not sheets:
        found.wrong.append("LibreOffice opens no sheet")
    for sheet in sheets:
        rows = list(csv.reader(io.StringIO(sheet.read_text("utf-8")), delimiter="\t"))
        found.lines += _sheet(rows, lang, sheet.stem)
    return found


def open_csv(file: Path, lang: str) -> Opened:
    """The rows of a CSV, by the separators that its language says."""
    text = file.read_text("utf-8-sig")
    rows = csv.reader(io.StringIO(text), delimiter="," if lang == "en" else ";")
    return Opened(_sheet(list(rows), lang, "csv"), text)


def _sheet(rows: Sequence[Sequence[str]], lang: str, where: str) -> list[Line]:
    # The lines above a table have two cells; a head is the first row of more.
    heads: tuple[str, ...] = ()
    found = []
    for row in rows:
        cells = tuple(row)
        filled = sum(1 for one in cells if one)
        if not filled:
            heads = ()
        elif not heads and filled > 2:
            heads = cells
        found.append(Line(cells, heads, lang, typed=True, where=where))
    return found


def open_docx(file: Path, lang: str) -> Opened:
    """The rows of its tables and its text, as LibreOffice reads them."""
    page = file.parent / "office" / f"{file.stem}.html"
    if not page.exists():
        return Opened(wrong=["LibreOffice does not open it"])
    reader = _Tables()
    reader.feed(page.read_text("utf-8", errors="replace"))
    # What all rows share stands once, above or below its table.
    around = [" ".join(one.split()) for one in reader.between]
    lines = [
        Line(tuple(row), (*table[0], *around[at : at + 2]), lang, where="table")
        for at, table in enumerate(reader.tables)
        for row in table
    ]
    return Opened([*lines, *_pieces(reader.text, lang)], " ".join("".join(reader.text).split()))


def _pieces(text: Sequence[str], lang: str) -> Iterator[Line]:
    for line in "".join(text).split("\n"):
        if line.strip():
            yield Line((line,), (), lang, where="text")


class _Tables(HTMLParser):
    """Tables of a document, and its text with a line for each paragraph."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.text: list[str] = []
        self.between = [""]
        self._within = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "table":
            self.tables.append([])
            self.between.append("")
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self.tables[-1][-1].append("")
            self._within += 1
        elif tag == "style":
            self._within = -1
        if tag in ("p", "br", "h1", "h2", "h3"):
            self.text.append(" " if self._within > 0 else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._within -= 1
        elif tag == "style":
            self._within = 0

    def handle_data(self, data: str) -> None:
        if self._within < 0:
            return
        self.text.append(data)
        if self._within == 0:
            self.between[-1] += data
        if self._within > 0 and self.tables and self.tables[-1] and self.tables[-1][-1]:
            self.tables[-1][-1][-1] += data.replace("\n", " ")


def open_pptx(file: Path, lang: str) -> Opened:
    """Rows of native tables and points of native charts, by python-pptx; what LibreOffice shows
    of the tables must be the same."""
    from pptx import Presentation

    found = Opened()
    for slide in Presentation(str(file)).slides:
        # What all rows share stands once on the slide.
        named = "\n".join(one.text_frame.text for one in slide.shapes if one.has_text_frame)
        for shape in slide.shapes:
            if shape.has_table:
                rows = [tuple(cell.text for cell in row.cells) for row in shape.table.rows]
                found.lines += [Line(row, (*rows[0], named), lang, where="table") for row in rows]
            elif shape.has_chart:
                found.charts += 1
                found.lines += _points(shape.chart, named, lang)
            elif shape.has_text_frame:
                found.lines += _pieces([shape.text_frame.text], lang)
    pdf = file.parent / "office" / f"{file.stem}.pdf"
    found.text = pdf_text(pdf) if pdf.exists() else ""
    if not found.text.strip():
        found.wrong.append("LibreOffice does not open it")
    # A bracket that is broken over two lines of its column holds no figures of other columns.
    columns = re.split(r"\s{2,}", found.text)
    seen = {words for text in (found.text, *columns) for words in _figures(text, lang)}
    for line in found.lines:
        lost = [w for cell in line.cells for w in _figures(cell, lang) if w not in seen]
        if line.where != "chart" and lost:
            found.wrong.append(f"LibreOffice does not show {lost[0]} of {line.cells}")
    return found


def _points(chart: object, named: str, lang: str) -> Iterator[Line]:
    from pptx.chart.chart import Chart

    assert isinstance(chart, Chart)
    # What all names of an axis begin with is its title: months read `12/2023` below `tháng`.
    with suppress(ValueError):  # charts of points have no axis of categories
        if chart.category_axis.has_title:
            named += f"\n{chart.category_axis.axis_title.text_frame.text}"
    title = named.rpartition("\n")[2]
    for plot in chart.plots:
        kinds = [str(one) for one in plot.categories]
        for series in plot.series:
            across = list(getattr(series, "iter_values", lambda: ())())
            xs = _across(series)
            for at, value in enumerate(across or series.values):
                name = kinds[at] if at < len(kinds) else ""
                cells = [series.name or "", name, *([repr(xs[at])] if at < len(xs) else ())]
                if value is None:
                    continue
                cells.append(repr(float(value)))
                full = f"{title} {name}"
                yield Line(tuple(cells), (named, full), lang, typed=True, where="chart")


def _across(series: object) -> list[float]:
    """The x of a scatter's points."""
    element = getattr(series, "_element", None)
    found = element.xpath("./c:xVal//c:pt/c:v") if element is not None else []
    return [float(one.text) for one in found if _TYPED.fullmatch(one.text or "")]


def _figures(text: str, lang: str) -> list[str]:
    return [words for words, _, _ in numbers(text, lang)]


def pdf_text(file: Path) -> str:
    """The text of a PDF as Poppler reads it, laid out as on the page."""
    made = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, check=False
    )
    return made.stdout.decode("utf-8", errors="replace")


def open_pdf(file: Path) -> Opened:
    """The text of a PDF; every typeface of it must be embedded."""
    found = Opened(text=pdf_text(file))
    if not found.text.strip():
        found.wrong.append("Poppler reads no text")
    fonts = subprocess.run(["pdffonts", str(file)], capture_output=True, check=False)
    for line in fonts.stdout.decode("utf-8", errors="replace").splitlines()[2:]:
        # Name and kind may hold spaces; the last five columns never do but for the object's two.
        if line.split()[-5:-4] != ["yes"]:
            found.wrong.append(f"typeface not embedded: {line.split()[0]}")
    return found


def codes_of(file: Path, folder: Path) -> set[str]:
    """What the QR codes of a picture, or of the pages of a PDF, say."""
    pictures = [file]
    if file.suffix == ".pdf":
        # The strip with its code is on the last page.
        told = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=False)
        pages = re.search(r"^Pages:\s+(\d+)", told.stdout, re.MULTILINE)
        last = pages.group(1) if pages else "1"
        root = folder / f"{file.stem}-page"
        command = ["pdftoppm", "-r", "150", "-gray", "-f", last, "-l", last, str(file), str(root)]
        subprocess.run(command, check=False, capture_output=True)
        pictures = sorted(folder.glob(f"{root.name}-*.pgm"))
    found: set[str] = set()
    for picture in pictures:
        if not found:
            made = subprocess.run(
                ["zbarimg", "--raw", "-q", str(picture)], capture_output=True, check=False
            )
            found |= set(made.stdout.decode("utf-8", errors="replace").split())
        if picture != file:
            picture.unlink()
    return found
