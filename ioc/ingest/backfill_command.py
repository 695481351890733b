"""The command that fills gaps: says what was filled in and what is still missing."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterable
from typing import TextIO

from ioc.domain.messages import explain, explain_error, say
from ioc.errors import SourceError
from ioc.ingest.backfill import fill, span_of
from ioc.ingest.scheduler import chosen, open_intake
from ioc.settings import Settings

SHOWN = 40


def backfill(
    settings: Settings, name: str, first: str, last: str, dry: bool, out: TextIO | None = None
) -> int:
    """Fill the gaps of a source between two periods; 1 when gaps are left or it failed.

    Raises ConfigError for a source or a period that does not exist.
    """
    lang, to = settings.language, out or sys.stdout

    def tell(key: str, **params: object) -> None:
        to.write(say(lang, f"cli.backfill_{key}", **params) + "\n")

    span = span_of(first, last)
    intake = open_intake(settings, os.environ)
    source = chosen(intake, name)
    try:
        done = fill(intake, source, span, by=_person(), dry=dry)
    except SourceError as error:
        tell("failed", name=name, reason=explain_error(lang, error))
        return 1
    if done.outcome == "nothing":
        tell("none", name=name, first=first, last=last)
        return 0
    if done.outcome == "failed":
        tell("failed", name=name, reason=explain(lang, done.code or "unexpected", done.params))
    else:
        key = "tried" if dry else "done"
        tell(key, name=name, added=done.added, rejected=done.rejected, held=done.held)
    if done.filled:
        tell("filled", gaps=_listed(done.filled))
    if done.missing:
        tell("missing", gaps=_listed(done.missing))
    return 1 if done.missing or done.outcome == "failed" else 0


def _listed(gaps: Iterable[str]) -> str:
    some = list(gaps)
    more = f", … ({len(some)})" if len(some) > SHOWN else ""
    return ", ".join(some[:SHOWN]) + more


def _person() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "ioc"
