"""From a gathered pack to its workbook, its slides and its report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ioc.domain.briefing import Briefing
from ioc.domain.messages import say
from ioc.domain.view import ZONE
from ioc.errors import TemplateError
from ioc.exporter.pack_cover import Cover
from ioc.exports.extract import Extract, Shape, Sheet

if TYPE_CHECKING:
    from ioc.exports.provenance import Strip
    from ioc.exports.report import Part
    from ioc.exports.slides_deck import Slide
    from ioc.web.briefing_sections import Gathered

MOST_ROWS = 40
"""Rows of one table on slides and in the report; the workbook has all of them."""
MOST_COLUMNS = 9
READ = (
    "register", "key", "title", "indicator", "unit", "period", "value", "measure", "target",
    "status", "change", "rank", "person", "state", "due", "late", "needed", "moved", "likely",
    "outlook",
)  # fmt: skip
"""Columns that are read at a meeting, in the order of their worth; of a wide table the others are
in the workbook."""


@dataclass(frozen=True, slots=True)
class Packed:
    """What all forms are made from; `pictures` are PNGs by the section's number and the part."""

    briefing: Briefing
    cover: Cover
    parts: tuple[Gathered, ...]
    strip: Strip
    pictures: Mapping[tuple[int, str], bytes]
    made_at: datetime

    def pictured(self, one: Gathered) -> dict[str, bytes]:
        """The pictures of a section by its parts."""
        return {
            part: data for (number, part), data in self.pictures.items() if number == one.number
        }


def xlsx_of(packed: Packed) -> bytes:
    """Every table of every section, complete."""
    from ioc.exports.workbook import to_xlsx

    extracts = [one.extract for one in packed.parts]
    return to_xlsx(extracts, packed.strip, packed.briefing.lang)


def pptx_of(packed: Packed, folder: Path) -> bytes:
    """Cover, contents, and the slides of each section."""
    from ioc.exports.slides import to_pptx
    from ioc.exports.slides_deck import Deck, Look, Slide

    lang, cover = packed.briefing.lang, packed.cover
    contents = "\n".join(
        f"{at}. {title}" + (f" – {missing}" if missing else "")
        for at, (title, missing) in enumerate(cover.contents, 1)
    )
    slides: list[Slide] = [
        Slide(say(lang, "briefing.contents"), kind=Look.TEXT, text=contents, notes="")
    ]
    if cover.late or cover.missing:
        words = "\n".join((*cover.late, *cover.missing))
        slides.append(Slide(say(lang, "briefing.cover_late"), kind=Look.TEXT, text=words))
    for one in packed.parts:
        slides += _slides(packed, one)
    known = say(lang, "briefing.cover_known")
    # The cover of slides says that moment itself, from the strip.
    about = [one for one in cover.about if one[0] != known]
    if cover.late:
        about.append((say(lang, "briefing.cover_late"), "; ".join(cover.late)))
    if cover.missing:
        about.append((say(lang, "briefing.cover_missing"), "; ".join(cover.missing)))
    there = sum(not one.missing for one in packed.parts)
    deck = Deck(
        title=cover.title,
        subtitle="",
        lang=lang,
        strip=packed.strip,
        slides=tuple(slides),
        about=tuple(about),
        parts=(there, len(packed.parts)),
    )
    return to_pptx(deck, template_of(packed.briefing, folder, "pptx"))


def _slides(packed: Packed, one: Gathered) -> list[Slide]:
    from ioc.exports.slides import slides_of
    from ioc.exports.slides_deck import Look, Slide

    title = f"{one.number}. {one.title}"
    if one.missing:
        return [Slide(title, kind=Look.TEXT, missing=one.missing)]
    if one.paragraphs:
        text = "\n".join(one.paragraphs)
        mark = one.extract.illustrative
        return [Slide(title, kind=Look.TEXT, text=text, illustrative=mark)]
    shown = short(one.extract)
    made = slides_of(shown, packed.pictured(one), packed.strip)
    if len(made) == 1:
        return [replace(made[0], title=title)]
    subtitle = packed.cover.subtitle
    chapter = Slide(title, subtitle=subtitle, kind=Look.SECTION)
    # A picture is not repeated as a table: the workbook of the pack has it.
    return [chapter, *(replace(s, sheet=None) if s.picture else s for s in made)]


def docx_of(packed: Packed, folder: Path) -> bytes:
    """The report in the administrative form."""
    from ioc.exports.report import report_of, to_docx

    briefing = packed.briefing
    report = report_of(
        [one.extract for one in packed.parts],
        packed.strip,
        heading=briefing.heading,
        title=briefing.title,
        period=packed.cover.period,
        day=packed.made_at.astimezone(ZONE).date(),
        lang=briefing.lang,
        paragraphs=(*packed.cover.late, *packed.cover.missing),
        parts=[part_told(packed, one) for one in packed.parts],
    )
    return to_docx(report, template_of(briefing, folder, "docx"))


def part_told(packed: Packed, one: Gathered, *, pictured: bool = True) -> Part:
    """A section as text and tables, with its pictures where there are any."""
    from ioc.exports.report import Part, Picture, part_of

    if one.missing:
        return Part(one.title, missing=one.missing)
    if one.paragraphs:
        return Part(one.title, paragraphs=one.paragraphs)
    found = packed.pictured(one) if pictured else {}
    shown = short(one.extract)
    kept = tuple(s for s in shown.sheets if not (s.shape is Shape.MATRIX and s.part in found))
    titles = {sheet.part: sheet.title for sheet in one.extract.sheets}
    pictures = [Picture(titles[part], data) for part, data in found.items()]
    return part_of(replace(shown, sheets=kept), title=one.title, pictures=pictures)


def short(extract: Extract) -> Extract:
    """The extract with long and wide tables cut; what rows are left out is said under the title."""
    sheets = tuple(_cut(_narrow(one), extract.lang) for one in extract.sheets)
    return replace(extract, sheets=sheets)


def _narrow(sheet: Sheet) -> Sheet:
    """Of a table with more columns than paper has room for those that are read first."""
    if sheet.shape is not Shape.TABLE or len(sheet.columns) <= MOST_COLUMNS:
        return sheet
    filled = [
        at for at, _ in enumerate(sheet.columns) if any(row[at] is not None for row in sheet.rows)
    ]
    worth = {key: number for number, key in enumerate(READ)}
    known = sorted(
        (at for at in filled if sheet.columns[at].key in worth),
        key=lambda at: worth[sheet.columns[at].key],
    )
    kept = sorted((known if len(known) > 2 else filled)[:MOST_COLUMNS])
    return replace(
        sheet,
        columns=tuple(sheet.columns[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in sheet.rows),
    )


def _cut(sheet: Sheet, lang: str) -> Sheet:
    if len(sheet.rows) <= MOST_ROWS:
        return sheet
    if sheet.shape in (Shape.MAP, Shape.MATRIX, Shape.SERIES):
        return sheet
    counted = say(lang, "briefing.preview_rows", shown=MOST_ROWS, count=len(sheet.rows))
    return replace(
        sheet,
        rows=sheet.rows[:MOST_ROWS],
        places=sheet.places[:MOST_ROWS],
        subtitle=f"{sheet.subtitle} · {counted}" if sheet.subtitle else counted,
    )


def template_of(briefing: Briefing, folder: Path, ending: str) -> bytes | None:
    """The customer's template of a briefing for a form; raises TemplateError when it has none.

    A template may exist for one form only: the other then has the built-in one.
    """
    if briefing.template is None:
        return None
    path = folder / f"{briefing.template}.{ending}"
    if path.is_file():
        return path.read_bytes()
    if any(folder.glob(f"{briefing.template}.*")):
        return None
    words = say(briefing.lang, "briefing.template_missing", template=briefing.template)
    raise TemplateError(words, code="template_missing", template=briefing.template)
