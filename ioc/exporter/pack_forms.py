"""From a gathered pack to its workbook, its slides and its report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ioc.domain.briefing import Briefing
from ioc.domain.messages import say
from ioc.domain.view import ZONE
from ioc.errors import TemplateError
from ioc.exporter.pack_cover import Cover
from ioc.exports.meeting import left_out, meeting, recent
from ioc.exports.provenance import lacking

if TYPE_CHECKING:
    from ioc.exports.provenance import Strip
    from ioc.exports.report_parts import Part
    from ioc.exports.slides_deck import Slide
    from ioc.web.briefing_sections import Gathered

MOST_LATE = 3
"""Sentences of what is late that stand on a cover alone, without a slide of their own."""


@dataclass(frozen=True, slots=True)
class Packed:
    """What all forms are made from; `pictures` are PNGs by the section's number and the part,
    `unpictured` the reasons of those that could not be drawn."""

    briefing: Briefing
    cover: Cover
    parts: tuple[Gathered, ...]
    strip: Strip
    pictures: Mapping[tuple[int, str], bytes]
    made_at: datetime
    unpictured: Mapping[tuple[int, str], str] = field(default_factory=dict)

    def pictured(self, one: Gathered) -> dict[str, bytes]:
        """The pictures of a section by its parts."""
        return {
            part: data for (number, part), data in self.pictures.items() if number == one.number
        }

    def lacks(self, one: Gathered) -> dict[str, str]:
        """Why pictures of a section are not there, by its parts."""
        return {
            part: why for (number, part), why in self.unpictured.items() if number == one.number
        }

    @property
    def signed(self) -> Strip:
        """The strip of a file with pictures, which names those that it lacks."""
        titles = [
            f"{one.number}. {sheet.title}"
            for one in self.parts
            for sheet in one.extract.sheets
            if (one.number, sheet.part) in self.unpictured
        ]
        lang = self.briefing.lang
        return lacking(
            self.strip, [say(lang, "slides.lacks_picture", title=title) for title in titles]
        )


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
    if len(cover.late) > MOST_LATE or cover.missing:
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
    there = sum(not one.missing and not packed.lacks(one) for one in packed.parts)
    deck = Deck(
        title=cover.title,
        subtitle="",
        lang=lang,
        strip=packed.signed,
        slides=tuple(slides),
        about=tuple(about),
        parts=(there, len(packed.parts)),
        remark=_left_out(packed),
    )
    return to_pptx(deck, template_of(packed.briefing, folder, "pptx"))


def _slides(packed: Packed, one: Gathered) -> list[Slide]:
    from ioc.exports.slides import slides_of
    from ioc.exports.slides_deck import Look, Slide

    title = f"{one.number}. {one.title}"
    if one.missing:
        return [Slide(title, kind=Look.TEXT, missing=one.missing)]
    if told := _paragraphs(one):
        text = "\n".join(told)
        mark = one.extract.illustrative
        return [Slide(title, kind=Look.TEXT, text=text, illustrative=mark)]
    shown = meeting(one.extract)
    made = slides_of(shown, packed.pictured(one), packed.signed, packed.lacks(one))
    # A picture is not repeated as a table: the workbook of the pack has it.
    made = tuple(replace(one, figures=False) if one.picture else one for one in made)
    if len(made) == 1:
        return [replace(made[0], title=title)]
    subtitle = packed.cover.subtitle
    return [Slide(title, subtitle=subtitle, kind=Look.SECTION), *made]


def _paragraphs(one: Gathered) -> tuple[str, ...]:
    """The words of a section that has nothing but words."""
    if one.paragraphs:
        return one.paragraphs
    sheets = one.extract.sheets
    alone = len(sheets) == 1 and len(sheets[0].columns) == 1 and sheets[0].part == "changes"
    return tuple(str(row[0]) for row in sheets[0].rows) if alone else ()


def _left_out(packed: Packed) -> str:
    """The sentence that the sections show less than the workbook, where they do."""
    told = (left_out(one.extract, meeting(one.extract)) for one in packed.parts)
    return next((words for words in told if words), "")


def docx_of(packed: Packed, folder: Path) -> bytes:
    """The report in the administrative form."""
    from ioc.exports.report import report_of, to_docx

    briefing = packed.briefing
    report = report_of(
        [one.extract for one in packed.parts],
        packed.signed,
        heading=briefing.heading,
        title=briefing.title,
        period=packed.cover.period,
        day=packed.made_at.astimezone(ZONE).date(),
        lang=briefing.lang,
        paragraphs=_opening(packed),
        parts=[part_told(packed, one) for one in packed.parts],
    )
    left = _left_out(packed)
    if left:
        report = replace(report, caveats=(*report.caveats, left))
    return to_docx(report, template_of(briefing, folder, "docx"))


def _opening(packed: Packed) -> tuple[str, ...]:
    """What is late and what is missing, each under its name, before the first section."""
    lang, cover = packed.briefing.lang, packed.cover
    told = (("cover_late", cover.late), ("cover_missing", cover.missing))
    return tuple(
        say(lang, "briefing.opening", name=say(lang, f"briefing.{key}"), words="; ".join(words))
        for key, words in told
        if words
    )


def part_told(packed: Packed, one: Gathered, *, pictured: bool = True) -> Part:
    """A section as text and tables, with its pictures where there are any."""
    from ioc.exports.report import part_of
    from ioc.exports.report_parts import Part, Picture

    if one.missing:
        return Part(one.title, missing=one.missing)
    if told := _paragraphs(one):
        return Part(one.title, paragraphs=told)
    shown = recent(meeting(one.extract))
    titles = {sheet.part: sheet.title for sheet in one.extract.sheets}
    pictures = []
    if pictured:
        pictures = [Picture(titles[part], data) for part, data in packed.pictured(one).items()]
        pictures += [Picture(titles[part], None, why) for part, why in packed.lacks(one).items()]
    return part_of(shown, title=one.title, pictures=pictures)


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
