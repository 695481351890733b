"""The periodic report in the administrative form, as a Word document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ioc.domain.briefing import Heading
from ioc.exports.extract import Definition, Extract, Origin, Sheet
from ioc.exports.provenance import Strip


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture (PNG) with the words under it; `missing` says why there is none."""

    title: str
    data: bytes | None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A numbered section: paragraphs, then pictures, then tables, then its own parts."""

    title: str
    paragraphs: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    missing: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A periodic report; `number` is that of the register of documents, empty until it is given.

    `about` is what it is about, under the word BÁO CÁO.
    """

    heading: Heading
    title: str
    about: str
    period: str
    day: date
    lang: str
    parts: tuple[Part, ...]
    strip: Strip
    definitions: tuple[Definition, ...] = ()
    origins: tuple[Origin, ...] = ()
    caveats: tuple[str, ...] = ()
    number: str = ""


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
) -> Report:
    """The report of some pages: one numbered section a page; `pictures` are by address."""
    raise NotImplementedError


def to_docx(report: Report, template: bytes | None = None) -> bytes:
    """The report as DOCX, in the built-in form or filled into a customer's `template`.

    Raises ReportError where the template lacks a placeholder it needs or has an unknown one.
    """
    raise NotImplementedError
