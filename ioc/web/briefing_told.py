"""What the pages of briefings show of them: cards, definitions, runs and sections, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ioc.domain.briefing import Briefing, Schedule
from ioc.domain.briefing_due import next_due, period_of
from ioc.domain.messages import explain_error, knows, say
from ioc.domain.numbers import number
from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.times import date_words, moment_words, period_words
from ioc.domain.unit import Level
from ioc.domain.view import ZONE, View
from ioc.domain.workdays import workdays
from ioc.exports.code import shown
from ioc.exports.extract import Kind, Sheet
from ioc.store import briefing_deliveries, briefing_runs, export_jobs, snapshots
from ioc.store.engine import reading

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ioc.domain.scope import Scope
    from ioc.queries.desk import Desk
    from ioc.store.briefing_deliveries import Delivery
    from ioc.store.briefing_runs import Run
    from ioc.web.briefing_sections import Gathered

PREVIEWED = 12
"""Rows of a section that its preview shows."""
PERIODS = {Grain.MONTH: 12, Grain.QUARTER: 8, Grain.YEAR: 3}
"""Past periods that can be chosen, of each kind."""


def card_told(desk: Desk, made: Briefing, lang: str, **more: object) -> dict[str, object]:
    """A briefing as the list shows it."""
    return {
        "key": made.key,
        "title": made.title,
        "href": View(page="briefing", briefing=made.key, lang=lang).href(),
        "sections": say(lang, "briefing.sections_count", count=len(made.sections)),
        "forms": [form.upper() for form in made.forms],
        "schedule": schedule_words(made.schedule, lang) if made.schedule else "",
        **more,
    }


def schedule_words(schedule: Schedule, lang: str) -> str:
    """`Thứ Hai hằng tuần lúc 07:00`."""
    counted = "_count" if schedule.working == "count" else ""
    weekday = say(lang, f"briefing.weekday_{schedule.day}") if schedule.day <= 7 else ""
    words = say(
        lang,
        f"briefing.schedule_{schedule.every}{counted}",
        weekday=weekday,
        day=schedule.day,
        at=schedule.at,
    )
    return words[:1].upper() + words[1:]


def next_told(desk: Desk, made: Briefing, lang: str) -> str:
    """When it is due next."""
    if made.schedule is None:
        return say(lang, "briefing.no_schedule")
    due = next_due(made.schedule, desk.now(), workdays())
    return say(lang, "briefing.next_due", moment=moment_words(due, lang))


def last_told(connection: Connection, key: str, lang: str) -> dict[str, object] | None:
    """How the newest run stands, for the list."""
    found = briefing_runs.last(connection, key, limit=1)
    if not found:
        return None
    run = found[0]
    return {
        "state": run.state,
        "words": say(lang, f"briefing.state_{run.state}"),
        "moment": moment_words(run.finished_at or run.due_at, lang),
    }


def runs_told(desk: Desk, key: str, lang: str) -> list[dict[str, object]]:
    """The newest runs of a briefing with their files, what was missing, and where they went."""
    with reading(desk.engine) as connection:
        found = briefing_runs.last(connection, key)
        sent = briefing_deliveries.of_runs(connection, [one.id for one in found])
        return [_run(connection, one, sent.get(one.id, ()), lang) for one in found]


def _run(
    connection: Connection, run: Run, sent: Sequence[Delivery], lang: str
) -> dict[str, object]:
    job = export_jobs.one(connection, run.job_id) if run.job_id else None
    frozen = frozen_of(connection, run)
    state = job.state if job is not None and run.state == "queued" else run.state
    state = "queued" if state == "running" else state
    files: list[dict[str, object]] = []
    if frozen is not None and frozen.removed_at is None:
        files = [
            {
                "form": one.form.upper(),
                "href": f"/briefings/{run.key}/runs/{run.id}/{at}/{one.name}",
            }
            for at, one in enumerate(snapshots.files_of(connection, frozen.id))
        ]
    reasons = [reason_words(one, lang) for one in job.reasons] if job is not None else []
    waits = run.wait_until if run.state == "waiting" else None
    return {
        "id": run.id,
        "moment": moment_words(run.finished_at or run.due_at, lang),
        "state": state,
        "words": say(lang, f"briefing.state_{state}"),
        "late": say(lang, "briefing.run_late") if run.late else "",
        "waits": say(lang, "briefing.run_waits", moment=moment_words(waits, lang)) if waits else "",
        "job": job.code if job is not None else None,
        "code": shown(frozen.code) if frozen is not None else "",
        "verify": f"/verify/{shown(frozen.code)}" if frozen is not None else "",
        "files": files,
        "missing": [*run.missing, *(one for one in reasons if one not in run.missing)],
        "sent": [_sent(one, lang) for one in sent],
    }


def frozen_of(connection: Connection, run: Run) -> snapshots.Frozen | None:
    """The snapshot of a run, also of one whose job has ended this very moment."""
    number = run.snapshot_id
    if number is None and run.job_id is not None:
        number = export_jobs.one(connection, run.job_id).snapshot_id
    return None if number is None else snapshots.by_id(connection, number)


def reason_words(reason: Mapping[str, Any], lang: str) -> str:
    """A reason of a job, kept as the key of a sentence with what fills it."""
    params = {name: value for name, value in reason.items() if name != "key"}
    key = str(reason.get("key", ""))
    return say(lang, key, **params) if knows(lang, key) else key


def _sent(one: Delivery, lang: str) -> dict[str, str]:
    params = {"attempts": one.attempts, "reason": _why(one.reason, lang)}
    return {
        "state": one.state,
        "channel": say(lang, f"briefing.channel_{one.channel}", target=one.target),
        "words": say(lang, f"briefing.sent_{one.state}", **params),
    }


def _why(reason: str, lang: str) -> str:
    """The reason of a delivery: JSON of a sentence's key and parameters."""
    try:
        said = json.loads(reason) if reason else {}
    except ValueError:
        return reason
    return reason_words(said, lang)


def choices_told(desk: Desk, made: Briefing, scope: Scope, lang: str) -> dict[str, object]:
    """What can be chosen from: units, periods, registers, own templates, mail."""
    units, today = desk.units, desk.now().astimezone(ZONE).date()
    listed = [
        unit
        for level in (
            Level.NATION, Level.LOCALITIES, Level.GOVERNMENT, Level.REGION, Level.PROVINCE,
            Level.MINISTRY,
        )
        for unit_id in units.ids_by_level(level, today)
        if units.visible((unit := units.by_id(unit_id)).id, scope)
    ]  # fmt: skip
    settings = desk.settings
    folder = settings.home / "templates"
    return {
        "units": [{"key": one.key, "name": one.name_in(lang)} for one in listed],
        "periods": [
            {"key": one.code, "name": period_words(one, lang)} for one in _periods(made, desk.now())
        ],
        "registers": [{"key": one.key, "name": one.name.say(lang)} for one in desk.registers.all],
        "templates": sorted(
            {one.stem for form in ("pptx", "docx") for one in folder.glob(f"*.{form}")}
        ),
        "mail": bool(settings.smtp_host and settings.mail_domains),
        "domains": ", ".join(settings.mail_domains),
    }


def _periods(made: Briefing, now: datetime) -> list[Period]:
    today, kind = now.astimezone(ZONE).date(), Calendar(made.calendar)
    return [
        Period.of(kind, grain, today).shift(-step)
        for grain, count in PERIODS.items()
        for step in range(count)
    ]


def section_told(one: Gathered, lang: str) -> dict[str, object]:
    """A section as its preview shows it: paragraphs, the first rows of tables, problems."""
    return {
        "title": one.title,
        "paragraphs": list(one.paragraphs),
        "problems": [*one.problems, *one.lacking],
        "missing": one.missing,
        "known": say(
            lang, "briefing.preview_known", moment=moment_words(one.extract.known_at, lang)
        ),
        "sheets": [
            _sheet(sheet, one.extract.lang)
            for sheet in one.extract.sheets
            if not one.paragraphs and not sheet.missing
        ],
        "mark": say(lang, "words.illustrative") if one.extract.illustrative else "",
    }


def _sheet(sheet: Sheet, lang: str) -> dict[str, object]:
    kept = _worth(sheet)
    rows = [
        [_cell(row[at], lang, _places(sheet, line, at)) for at in kept]
        for line, row in enumerate(sheet.rows[:PREVIEWED])
    ]
    counted = {"shown": len(rows), "count": len(sheet.rows)}
    return {
        "title": sheet.title,
        "subtitle": sheet.subtitle,
        "columns": [sheet.columns[at].words for at in kept],
        "rows": rows,
        "count": say(lang, "briefing.preview_rows", **counted) if sheet.rows else "",
    }


def _worth(sheet: Sheet) -> list[int]:
    """Columns that say anything in the rows that are shown, at most eight."""
    shown_rows = sheet.rows[:PREVIEWED]
    keys = ("unit_key", "indicator_code")
    return [
        at
        for at, column in enumerate(sheet.columns)
        if column.key not in keys and any(row[at] is not None for row in shown_rows)
    ][:8]


def _places(sheet: Sheet, row: int, at: int) -> int | None:
    """The decimals of an amount, those of its column or else of its row."""
    column = sheet.columns[at]
    if column.kind is not Kind.DECIMAL:
        return None
    if column.places is None and row < len(sheet.places):
        return sheet.places[row]
    return column.places


def _cell(value: Any, lang: str, places: int | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return moment_words(value, lang)
    if isinstance(value, date):
        return date_words(value, lang)
    if isinstance(value, (int, Fraction)):
        return number(value, lang, 2 if places is None else places, trim=places is None)
    return str(value)


def wrong_told(problems: Sequence[Any], lang: str) -> list[str]:
    """What is wrong with files, in words."""
    return [explain_error(lang, one) for one in problems]


def period_told(made: Briefing, now: datetime, lang: str) -> str:
    """The period that it would be about now."""
    found = period_of(made, now)
    return period_words(found, lang) if found else say(lang, "briefing.period_latest")
