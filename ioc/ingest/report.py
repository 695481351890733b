"""The report beside a file that was read: what was taken in, what was not, row by row."""

from __future__ import annotations

from datetime import datetime

from ioc.domain import places
from ioc.domain.messages import say
from ioc.domain.places import FILE_PLACE
from ioc.domain.times import moment_words
from ioc.ingest.connector import Outcome, Rejected

__all__ = ["FILE_PLACE", "place_words", "printable", "reason_words", "report_text", "row_place"]

LANGUAGE = "vi"
"""Reports lie in folders of the administration; the pages tell the same in English too."""


def row_place(sheet: str, number: int) -> str:
    """How a row is named: the spreadsheet's own way."""
    return f"{sheet}!{number}" if sheet else str(number)


def place_words(place: str, lang: str = LANGUAGE) -> str:
    """The place of a row or file in words: "dòng 12"."""
    return places.place_words(place, lang)


def reason_words(rejected: Rejected, lang: str = LANGUAGE) -> str:
    """Why a record was rejected, as a sentence."""
    return say(lang, f"reject.{rejected.code}", **rejected.params)


def report_text(name: str, outcome: Outcome, now: datetime, lang: str = LANGUAGE) -> str:
    """The whole report; one rejected row a line, control characters taken out.

    Of very many rejected rows the first are listed, the number is that of all.
    """
    refused = max(outcome.refused, len(outcome.rejected))
    held = [say(lang, "source.report_held", count=outcome.held)] if outcome.held else []
    lines = [
        say(lang, "source.report_file", name=name),
        say(lang, "source.report_moment", moment=moment_words(now, lang)),
        say(lang, "source.report_readings", count=outcome.readings),
        say(lang, "source.report_missing", count=outcome.missing),
        *held,
        say(lang, "source.report_rejected", count=refused),
        *(f"{place_words(one.place, lang)}: {reason_words(one, lang)}" for one in outcome.rejected),
    ]
    return "\n".join(printable(line) for line in lines) + "\n"


def printable(line: str) -> str:
    """A line that stays one line on a terminal and in a log."""
    return "".join(letter if letter.isprintable() else " " for letter in line)
