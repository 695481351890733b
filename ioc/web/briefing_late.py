"""What a briefing lacks: indicators without a figure of its period, and sources without news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ioc.domain.briefing import Briefing
from ioc.domain.briefing_due import expected_period, period_of
from ioc.domain.indicator import Indicator
from ioc.domain.messages import say
from ioc.domain.period import Calendar, Period
from ioc.domain.times import period_words
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.exports.extract import Fact
from ioc.queries.ask import asking
from ioc.queries.health import sources
from ioc.queries.standing import is_due

if TYPE_CHECKING:
    from ioc.domain.scope import Scope
    from ioc.queries.desk import Desk
    from ioc.web.briefing_sections import Gathered

_STATES = {"failing": "late_failing", "late": "late_source"}


@dataclass(frozen=True, slots=True)
class Late:
    """Sentences that name what is not there: `figures` of indicators, `sources` in trouble."""

    figures: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """All of it."""
        return (*self.figures, *self.sources)


def late_of(
    desk: Desk,
    briefing: Briefing,
    parts: Sequence[Gathered],
    moment: datetime,
    scope: Scope,
    *,
    past: datetime | None = None,
) -> Late:
    """What the sections of a briefing lack of the period that it is about at a moment.

    A briefing of one period lacks every indicator without a figure of it; one of the newest
    figures only those whose next figure is overdue. Of a `past` moment nothing is known of how
    sources fared.
    """
    facts = [fact for one in parts for fact in one.extract.facts]
    told = _figures(desk, briefing, facts, moment, scope)
    if past is not None:
        return Late(told)
    named = {origin.name for one in parts for origin in one.extract.origins}
    view = View(page="sources", lang=briefing.lang)
    rows = [row for row in sources(desk, view, scope).rows if row.title in named]
    troubled = [
        say(briefing.lang, f"briefing.{_STATES[row.state]}", source=row.title)
        for row in rows
        if row.state in _STATES
    ]
    if any(row.state == "stopped" for row in rows):
        troubled.insert(0, say(briefing.lang, "briefing.late_stopped"))
    lacking = tuple(dict.fromkeys(words for one in parts for words in one.lacking))
    return Late((*told, *lacking), tuple(troubled))


def _figures(
    desk: Desk, briefing: Briefing, facts: Sequence[Fact], moment: datetime, scope: Scope
) -> tuple[str, ...]:
    """Indicators of the briefing's own unit whose figure of the period is not there."""
    own: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.unit == briefing.unit and not fact.breakdown:
            own.setdefault(fact.indicator, []).append(fact)
    asked = period_of(briefing, moment)
    expected = expected_period(briefing, moment)
    said = []
    view = View(unit=briefing.unit, lang=briefing.lang)
    with asking(desk, view, scope) as ask:
        for code in sorted(own):
            try:
                indicator = desk.catalogue.by_code(code)
            except AddressError:
                continue
            period = _own(indicator, expected)
            if asked is None and not is_due(ask, indicator, period):
                continue
            if not _there(own[code], period):
                words = period_words(period, briefing.lang)
                name = indicator.name.say(briefing.lang)
                said.append(
                    say(briefing.lang, "briefing.late_figure", name=name, code=code, period=words)
                )
    return tuple(said)


def _own(indicator: Indicator, expected: Period) -> Period:
    """The indicator's own period that ends with the expected one, or the last before it."""
    found = Period.of(indicator.calendar, indicator.cadence, expected.end)
    return found if found.end <= expected.end else found.previous


def _there(facts: Sequence[Fact], wanted: Period) -> bool:
    """Whether there is a figure of the period, or of one that ends later or holds it."""
    for fact in facts:
        if fact.value is None:
            continue
        period = Period.parse(fact.period, Calendar(fact.calendar))
        if period.end >= wanted.end:
            return True
    return False
