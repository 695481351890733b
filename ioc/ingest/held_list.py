"""Held figures on the command line: listed, confirmed, refused."""

from __future__ import annotations

import getpass
import os
import sys
from typing import TextIO

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Bound, Kind, State
from ioc.domain.messages import explain, explain_error, say
from ioc.domain.period import Period
from ioc.domain.times import moment_words, period_words
from ioc.domain.words import counts_words, figure_words
from ioc.errors import DecisionError
from ioc.ingest.check import as_figure
from ioc.ingest.decide import confirm, refuse
from ioc.ingest.intake import Intake
from ioc.ingest.reading import Reading
from ioc.ingest.report import place_words, printable
from ioc.ingest.scheduler import chosen, open_intake
from ioc.settings import Settings
from ioc.store import held
from ioc.store.engine import reading
from ioc.store.observations import Fact, Key

_PAGE = 500


def list_held(settings: Settings, name: str | None, out: TextIO | None = None) -> int:
    """Print the figures that wait for a decision, newest first; 1 when there are any.

    Raises SourceConfigError for a source that does not exist.
    """
    out = out or sys.stdout
    intake = open_intake(settings, os.environ)
    source_id = intake.facts[chosen(intake, name).name].id if name else None
    found, after = 0, None
    while True:
        with reading(intake.engine) as connection:
            page = held.open_held(connection, source_id, _PAGE, after)
        for entry in page:
            out.write(printable(_line(intake, entry, settings.language)) + "\n")
        found += len(page)
        if len(page) < _PAGE:
            break
        after = page[-1].id
    out.write(say(settings.language, "cli.held_count", count=found) + "\n")
    return 1 if found else 0


def decide_held(
    settings: Settings,
    ids: list[int],
    *,
    believe: bool,
    note: str,
    by: str | None = None,
    out: TextIO | None = None,
) -> int:
    """Confirm or refuse these entries, each on its own; 1 when one could not be decided.

    `by` is the account that runs the command where it is not given.
    """
    out = out or sys.stdout
    intake = open_intake(settings, os.environ)
    name, wrong = by or getpass.getuser(), 0
    for held_id in ids:
        try:
            (confirm if believe else refuse)(intake, held_id, name, note)
        except DecisionError as error:
            wrong += 1
            out.write(explain_error(settings.language, error) + "\n")
        else:
            key = "cli.held_confirmed" if believe else "cli.held_refused"
            out.write(say(settings.language, key, id=held_id, by=name) + "\n")
    return 1 if wrong else 0


def _line(intake: Intake, entry: held.Held, lang: str) -> str:
    doubt = entry.doubt
    indicator = intake.catalogue.by_id(doubt.key.indicator_id)
    source = next(one.name for one in intake.facts.values() if one.id == entry.source_id)
    return say(
        lang,
        "cli.held_line",
        id=entry.id,
        source=source,
        moment=moment_words(entry.held_at, lang),
        place=place_words(doubt.place, lang),
        indicator=" ".join(filter(None, (indicator.code, doubt.key.breakdown))),
        unit=intake.units.by_id(doubt.key.unit_id).name_in(lang),
        period=period_words(Period.from_keys(doubt.key.grain, doubt.key.period), lang),
        given=_words(indicator, doubt.key, doubt.fact, lang),
        standing=_words(indicator, doubt.key, doubt.was, lang),
        reason=explain(lang, doubt.code, doubt.params),
    )


def _words(indicator: Indicator, key: Key, fact: Fact, lang: str) -> str:
    counts = indicator.kind in (Kind.COUNT, Kind.AMOUNT)
    figure = as_figure(
        indicator,
        Reading(
            key.indicator_id,
            key.unit_id,
            Period.from_keys(key.grain, key.period),
            key.breakdown,
            None if counts else fact.num,
            fact.den,
            fact.num if counts else fact.val,
            Bound(fact.bound),
            State(fact.state),
            None,
            "",
        ),
    )
    words = figure_words(indicator, figure, lang)
    both = figure.value is not None and figure.denominator is not None
    return words + (f" ({counts_words(indicator, figure, lang)})" if both else "")
