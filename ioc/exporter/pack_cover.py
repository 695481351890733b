"""What stands on the cover of a pack: what it is about, what is late, what could not be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ioc.domain.messages import say
from ioc.domain.period import Calendar, Period
from ioc.domain.times import moment_words, period_words

if TYPE_CHECKING:
    from datetime import datetime

    from ioc.exports.provenance import Strip
    from ioc.queries.desk import Desk
    from ioc.store.briefing_runs import Run
    from ioc.web.briefing_sections import Gathered
    from ioc.web.steady import Moment


@dataclass(frozen=True, slots=True)
class Cover:
    """The cover in words: `about` are (name, words), `late` and `missing` sentences.

    `contents` are the titles of the sections with what is missing of each, empty for nothing.
    """

    title: str
    subtitle: str
    unit: str
    period: str
    about: tuple[tuple[str, str], ...]
    late: tuple[str, ...]
    missing: tuple[str, ...]
    contents: tuple[tuple[str, str], ...]


def cover_of(
    desk: Desk,
    run: Run,
    parts: Sequence[Gathered],
    late: tuple[str, ...],
    *,
    at: Moment,
    made_at: datetime,
    strip: Strip,
) -> Cover:
    """The cover of a run's pack."""
    briefing = run.definition
    lang = briefing.lang
    unit = desk.units.by_key(briefing.unit).name_in(lang)
    period = say(lang, "briefing.period_latest")
    if run.period is not None:
        period = period_words(Period.parse(run.period, Calendar(briefing.calendar)), lang)
    about = [
        (say(lang, "briefing.cover_unit"), unit),
        (say(lang, "briefing.cover_period"), period),
        (say(lang, "briefing.cover_known"), moment_words(at.known_at, lang)),
        (say(lang, "briefing.cover_made"), moment_words(made_at, lang)),
    ]
    said = list(late)
    if run.late:
        due = moment_words(run.due_at, lang)
        said.insert(0, say(lang, "briefing.cover_was_late", moment=due))
    missing = tuple(
        say(
            lang,
            "briefing.reason_section",
            number=one.number,
            title=one.title,
            reason=one.missing or "; ".join(one.problems),
        )
        for one in parts
        if one.missing or one.problems
    )
    return Cover(
        title=briefing.title,
        subtitle=say(lang, "briefing.subtitle", unit=unit, period=period),
        unit=unit,
        period=period,
        about=tuple(about),
        late=tuple(said),
        missing=missing,
        contents=tuple((one.title, one.missing) for one in parts),
    )
