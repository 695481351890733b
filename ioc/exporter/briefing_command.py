"""`ioc briefing`: list the briefings, or make one now or as known at a past moment."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ioc.domain.briefing import Briefing
from ioc.domain.briefing_due import next_due, period_of
from ioc.domain.briefing_file import read_cabinet
from ioc.domain.messages import explain_error, say
from ioc.domain.scope import Scope
from ioc.domain.times import moment_words
from ioc.domain.view import View
from ioc.domain.workdays import workdays
from ioc.errors import AddressError
from ioc.exporter.command import WRONG, make_now, who
from ioc.exporter.process import open_bench
from ioc.exporter.schedule import Rounds
from ioc.exports.code import new_code
from ioc.store import briefing_runs, briefings
from ioc.store.engine import open_engine, reading, utc_now, writing
from ioc.store.export_jobs import Wish
from ioc.store.migration import migrate

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ioc.settings import Settings
    from ioc.store.export_jobs import Job


def list_briefings(settings: Settings) -> int:
    """Print every briefing with its title and when it is due next; the exit code."""
    lang = settings.language
    engine = open_engine(settings.database_url)
    migrate(engine)
    cabinet = read_cabinet(settings.home)
    for key, made in sorted(_all(settings, engine).items()):
        own = key in cabinet.own or key not in cabinet.briefings
        words = say(lang, "briefing.cli_template")
        if own:
            words = say(lang, "briefing.no_schedule")
            if made.schedule is not None:
                due = next_due(made.schedule, utc_now(), workdays())
                words = say(lang, "briefing.next_due", moment=moment_words(due, lang))
        print(f"{key}\t{made.title}\t{words}")
    for problem in cabinet.wrong:
        print(f"ioc briefing: {explain_error(lang, problem)}", file=sys.stderr)
    return 1 if cabinet.wrong else 0


def make_briefing(
    settings: Settings, name: str, forms: Sequence[str], known_at: str | None, out: Path | None
) -> int:
    """Make the files of a briefing and write them; the exit code."""
    lang = settings.language
    bench = open_bench(settings)
    desk = bench.desk
    made = _all(settings, desk.engine).get(name)
    if made is None:
        words = say(lang, "briefing.cli_unknown", name=name)
        print(f"ioc briefing: {words}", file=sys.stderr)
        return WRONG
    now = desk.now()
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    try:
        known = View.from_address("/", known_at=known_at).known_at if known_at else None
    except AddressError as error:
        print(f"ioc briefing: {explain_error(lang, error)}", file=sys.stderr)
        return WRONG
    moment = min(known or now, now)
    period = period_of(made, moment)
    user = who()
    with writing(desk.engine) as connection:
        run_id = briefing_runs.begin(
            connection,
            made,
            slot=(briefing_runs.AGAIN if known else briefing_runs.WISH) + new_code(),
            owner=f"cli:{user}",
            period=period.code if period else None,
            due_at=moment,
            state="queued",
        )
    assert run_id is not None, "the slot is new"
    wish = Wish(
        owner=f"cli:{user}",
        owner_name=user,
        scope=Scope.all().key,
        forms=tuple(dict.fromkeys(forms)) or made.forms,
        lang=made.lang,
        kind="briefing",
        run_id=run_id,
        options={"known_at": known.isoformat()} if known else {},
    )

    def taken(job: Job) -> None:
        with writing(desk.engine) as connection:
            briefing_runs.turn(connection, run_id, before=("queued",), job_id=job.id)

    code = make_now(bench, wish, out, lang, taken)
    Rounds(desk, bench.router).settle()
    return code


def _all(settings: Settings, engine: Engine) -> dict[str, Briefing]:
    """Every briefing of files and people by its key: who runs commands has the store anyway."""
    with reading(engine) as connection:
        kept = {one.key: one.definition for one in briefings.every(connection)}
    return {**kept, **read_cabinet(settings.home).briefings}
