"""The periodic report in the administrative form, as a Word document.

The form is that of Decree 30/2020/NĐ-CP, Appendix I; docs/exports.md describes it and the
placeholders of a customer's own template.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date

from ioc.domain.briefing import Heading
from ioc.exports.extract import Extract, Origin, Shape, Sheet
from ioc.exports.meeting import told_apart
from ioc.exports.provenance import Strip
from ioc.exports.report_parts import Part, Picture, Report


def part_of(
    extract: Extract,
    *,
    title: str | None = None,
    paragraphs: Sequence[str] = (),
    pictures: Sequence[Picture] = (),
) -> Part:
    """The section of a page: its tables under its pictures; a map beside a ranking is no table."""
    absent = [one for one in extract.sheets if one.missing]
    sheets = tuple(one for one in extract.sheets if not one.missing and not _twice(one, extract))
    return Part(
        title=title or extract.title,
        paragraphs=tuple(paragraphs),
        pictures=tuple(pictures),
        sheets=sheets,
        parts=tuple(Part(one.title, missing=one.missing) for one in absent),
    )


def _twice(sheet: Sheet, extract: Extract) -> bool:
    """What a picture shows and a ranking beside it lists, or that no page holds as a table."""
    return sheet.shape in (Shape.MAP, Shape.MATRIX) and told_apart(sheet, extract)


def report_of(
    extracts: Sequence[Extract],
    strip: Strip,
    *,
    heading: Heading,
    title: str,
    period: str,
    day: date,
    lang: str,
    paragraphs: Sequence[str] = (),
    pictures: Mapping[str, bytes] | None = None,
    parts: Sequence[Part] | None = None,
    number: str = "",
) -> Report:
    """The report of some pages: one numbered section a page, or the `parts` given.

    `pictures` are by the address of the extract; `paragraphs` open the report. Definitions,
    sources and caveats of the annex are those of all extracts, each once.
    """
    drawn = pictures or {}
    made = [
        part_of(
            one,
            pictures=[Picture(one.title, drawn[one.address])] if one.address in drawn else (),
        )
        for one in extracts
    ]
    origins: dict[str, Origin] = {}
    for one in (origin for extract in extracts for origin in extract.origins):
        before = origins.get(one.name)
        newer = before is None or before.received is None
        if newer or (
            one.received and before and before.received and one.received > before.received
        ):
            origins[one.name] = one
    definitions = {one.code: one for extract in extracts for one in extract.definitions}
    return Report(
        heading=heading,
        title=title,
        period=period,
        day=day,
        lang=lang,
        parts=tuple(made if parts is None else parts),
        strip=strip,
        opening=tuple(paragraphs),
        definitions=tuple(definitions[code] for code in sorted(definitions)),
        origins=tuple(origins.values()),
        caveats=tuple(dict.fromkeys(words for one in extracts for words in one.caveats)),
        number=number,
    )


def to_docx(report: Report, template: bytes | None = None) -> bytes:
    """The report as DOCX, in the built-in form or filled into a customer's `template`.

    Raises TemplateError, naming every one, where the template lacks a placeholder that it needs,
    has an unknown one, or loads something from elsewhere.
    """
    from ioc.exports.report_form import builtin
    from ioc.exports.report_template import filled, opened

    document = builtin(report.lang) if template is None else opened(template)
    filled(document, report)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
