"""The words of a report's frame: what each placeholder of a template stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from ioc.domain.messages import say
from ioc.domain.times import moment_words
from ioc.exports.slides_text import clean

if TYPE_CHECKING:
    from ioc.exports.report_parts import Part, Report

TEXTS = (
    "authority", "office", "nation", "motto", "number", "place_date", "kind", "title", "period",
    "state", "signer_title", "signer", "code", "verify_address", "foot", "made", "known_at",
)  # fmt: skip
"""Placeholders that become words in their line."""
BLOCKS = ("sections", "annex", "recipients", "qr")
"""Placeholders that stand alone in their paragraph and become paragraphs, tables, a picture."""
OPTIONAL = ("authority", "period", "state")
"""Where these have nothing to say, a line that holds nothing else is taken out."""
REQUIRED = ("title", "sections", "annex", "foot")
"""Without them a report would say nothing, or not where its figures come from."""

_BETWEEN = re.compile(r"\s*[;|]\s*")
"""What parts the lines of a signer's authority: `KT. Bộ trưởng; Thứ trưởng`."""


def texts(report: Report) -> dict[str, str]:
    """Every text placeholder with its words; what nobody filled in stays visibly open."""
    heading, strip, lang = report.heading, report.strip, report.lang
    given = {
        "authority": heading.authority.upper(),
        "office": heading.office.upper() or say(lang, "report.office_blank"),
        "nation": say(lang, "report.nation"),
        "motto": say(lang, "report.motto"),
        "number": number_words(report),
        "place_date": place_date(heading.place, report.day, lang),
        "kind": say(lang, "report.kind"),
        "title": about(report.title, lang),
        "period": say(lang, "report.period", period=report.period) if report.period else "",
        "state": "\n".join(state(report)),
        "signer_title": _BETWEEN.sub("\n", heading.signer_title).upper()
        or say(lang, "report.signer_title_blank"),
        "signer": heading.signer or say(lang, "report.signer_blank"),
        "code": strip.shown_code,
        "verify_address": strip.address_of_verify,
        "foot": foot(report),
        "made": f"{strip.who} {moment_words(strip.made_at, lang)}".strip(),
        "known_at": _known(report),
    }
    return {name: _lines(words) for name, words in given.items()}


def number_words(report: Report) -> str:
    """`Số: 05/BC-BKHCN`; below ten with a nought before it, open until it is given."""
    lang, number = report.lang, report.number.strip()
    symbol = report.heading.symbol.strip().lstrip("/") or say(lang, "report.symbol_blank")
    if number.isascii() and number.isdigit():
        number = number.zfill(2)
    return say(
        lang, "report.number", number=number or say(lang, "report.number_blank"), symbol=symbol
    )


def place_date(place: str, day: date, lang: str) -> str:
    """`Hà Nội, ngày 05 tháng 7 năm 2026`: days below 10 and months 1 and 2 with a nought."""
    month = f"{day.month:02d}" if day.month < 3 or lang != "vi" else str(day.month)
    return say(
        lang,
        "report.place_date",
        place=place or say(lang, "report.place_blank"),
        day=f"{day.day:02d}",
        month=month,
        year=day.year,
    )


def state(report: Report) -> list[str]:
    """What has to be said under the title: illustrative figures, missing parts."""
    lang, said = report.lang, []
    if report.strip.illustrative:
        said.append(say(lang, "report.illustrative"))
    absent = list(dict.fromkeys(_missing(report.parts)))
    if absent or not report.strip.complete:
        parts = ", ".join(f"“{one}”" for one in absent) or "…"
        said.append(say(lang, "report.incomplete", parts=parts))
    return said


def _missing(parts: tuple[Part, ...]) -> Iterator[str]:
    for one in parts:
        if one.missing:
            yield one.title
        yield from (picture.title for picture in one.pictures if picture.data is None)
        yield from (sheet.title for sheet in one.sheets if sheet.missing)
        yield from _missing(one.parts)


def foot(report: Report) -> str:
    """The line at the foot of every page."""
    strip = report.strip
    key = "report.foot_marked" if strip.illustrative else "report.foot"
    return say(report.lang, key, code=strip.shown_code, address=strip.address_of_verify)


def recipients(report: Report) -> list[str]:
    """`- Như trên;` and at the end where it is filed."""
    lang = report.lang
    named = [one.strip(" ;.-") for one in report.heading.recipients if one.strip(" ;.-")]
    listed = named or [say(lang, "report.recipient_blank")]
    last = say(lang, "report.recipient_last")
    filed = bool(named) and f"- {named[-1]}.".startswith(last.split(":")[0])
    told = [say(lang, "report.recipient", name=one) for one in listed[: -1 if filed else None]]
    return [clean(one) for one in (*told, f"- {named[-1]}." if filed else last)]


def about(title: str, lang: str) -> str:
    """What a report is about, under the word BÁO CÁO: a title without that word."""
    kind = say(lang, "report.kind")
    if title.casefold().startswith(kind.casefold() + " "):
        title = title[len(kind) :].strip()
    return title[:1].upper() + title[1:]


def _known(report: Report) -> str:
    label = say(report.lang, "verify.strip_known_at")
    return dict(report.strip.about).get(label, "")


def _lines(words: str) -> str:
    """Lines stay lines, each without what a document cannot hold."""
    return "\n".join(clean(line) for line in words.split("\n"))
