"""The clock of briefings: plans what is due, waits for data, has it made once, and sees it end."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection
from sqlalchemy.exc import NoResultFound

from ioc.domain.briefing import Briefing
from ioc.domain.briefing_due import last_due, next_due, period_of, slot_of
from ioc.domain.briefing_file import read_cabinet
from ioc.domain.messages import say
from ioc.domain.period import Calendar, Period
from ioc.domain.scope import Scope
from ioc.domain.workdays import Workdays, workdays
from ioc.exports.code import new_code
from ioc.store import briefing_deliveries, briefing_runs, briefings, export_jobs
from ioc.store.engine import reading, writing
from ioc.web.briefing_late import late_of
from ioc.web.briefing_sections import Asked, gather
from ioc.web.steady import moment_now

if TYPE_CHECKING:
    from ioc.queries.desk import Desk
    from ioc.store.briefing_runs import Run
    from ioc.web.router import Router

HOME = "home"
"""The owner of what is declared in the home directory."""
LATE = timedelta(minutes=15)
"""What is begun so long after its moment is marked as late: nothing ran then."""
ASK_AGAIN = timedelta(minutes=1)
"""How often a waiting briefing looks whether its data came."""
_log = logging.getLogger("ioc.export")


@dataclass(frozen=True, slots=True)
class Planned:
    """A briefing with a schedule, and whose it is."""

    briefing: Briefing
    owner: str
    owner_name: str


class Rounds:
    """Looks at all briefings; any number of processes may, each slot is taken by one of them."""

    def __init__(self, desk: Desk, router: Router, days: Workdays | None = None) -> None:
        self._desk, self._router = desk, router
        self._days = days or workdays()
        self._asked: dict[int, datetime] = {}

    def look(self) -> None:
        """One round: plan, begin what is due, look after what waits, settle what ended."""
        now = self._desk.now()
        scheduled = {one.briefing.key: one for one in self._scheduled()}
        self._plan(scheduled, now)
        self._begin(scheduled, now)
        self._wait(scheduled, now)
        self.settle()

    def _scheduled(self) -> Iterator[Planned]:
        """What has a schedule; of the declared ones only those of the home directory."""
        cabinet = read_cabinet(self._desk.settings.home)
        for key in sorted(cabinet.own):
            made = cabinet.briefings[key]
            if made.schedule is not None and made.sections:
                yield Planned(made, HOME, say(made.lang, "briefing.by_schedule"))
        with reading(self._desk.engine) as connection:
            kept = briefings.every(connection)
        for one in kept:
            own = one.key in cabinet.own
            if one.definition.schedule is not None and one.definition.sections and not own:
                yield Planned(one.definition, one.owner, one.owner_name)

    # --- planning -------------------------------------------------------------------------------

    def _plan(self, scheduled: dict[str, Planned], now: datetime) -> None:
        """Have the next moment of each schedule written ahead, as the schedule is now."""
        with reading(self._desk.engine) as connection:
            planned = briefing_runs.planned(connection)
        for key in planned.keys() - scheduled.keys():
            with writing(self._desk.engine) as connection:
                briefing_runs.forget_planned(connection, key)
        for key, one in scheduled.items():
            before = planned.get(key)
            if before is not None and self._fits(before, one.briefing):
                if before.definition != one.briefing:
                    with writing(self._desk.engine) as connection:
                        briefing_runs.turn(
                            connection, before.id, before=("planned",), definition=one.briefing
                        )
                continue
            self._write_ahead(one, now)

    def _fits(self, run: Run, briefing: Briefing) -> bool:
        """Whether the planned moment is one of the schedule still."""
        assert briefing.schedule is not None, "only scheduled ones are planned"
        just_before = run.due_at - timedelta(microseconds=1)
        return next_due(briefing.schedule, just_before, self._days) == run.due_at

    def _write_ahead(self, one: Planned, now: datetime) -> None:
        briefing = one.briefing
        assert briefing.schedule is not None, "only scheduled ones are planned"
        due = next_due(briefing.schedule, now, self._days)
        period = period_of(briefing, due)
        with writing(self._desk.engine) as connection:
            briefing_runs.forget_planned(connection, briefing.key, but=slot_of(due))
            briefing_runs.begin(
                connection,
                briefing,
                slot=slot_of(due),
                owner=one.owner,
                period=period.code if period else None,
                due_at=due,
            )

    # --- beginning ------------------------------------------------------------------------------

    def _begin(self, scheduled: dict[str, Planned], now: datetime) -> None:
        """What is due is queued, or waits for its data; of several missed moments only the last."""
        with reading(self._desk.engine) as connection:
            due = [one for one in briefing_runs.in_states(connection, ("planned",))
                   if one.due_at <= now and one.key in scheduled]  # fmt: skip
        for run in due:
            one = scheduled[run.key]
            assert one.briefing.schedule is not None, "only scheduled ones are planned"
            moment = last_due(one.briefing.schedule, now, self._days)
            period = period_of(one.briefing, moment)
            waiting = one.briefing.waiting
            values: dict[str, Any] = {
                "definition": one.briefing,
                "slot": slot_of(moment),
                "due_at": moment,
                "period": period.code if period else None,
                "late": now - moment > LATE,
            }
            with writing(self._desk.engine) as connection:
                if waiting.late == "wait":
                    until = moment + timedelta(hours=waiting.hours)
                    briefing_runs.turn(
                        connection, run.id, before=("planned",), state="waiting",
                        wait_until=until, **values,
                    )  # fmt: skip
                elif briefing_runs.turn(
                    connection, run.id, before=("planned",), state="waiting", **values
                ):
                    self._queue(connection, run.id, one, now)
            self._write_ahead(one, now)

    def _queue(self, connection: Connection, run_id: int, one: Planned, now: datetime) -> None:
        """Ask for the files, in the transaction that takes the slot."""
        job = export_jobs.ask(
            connection,
            export_jobs.Wish(
                owner=one.owner,
                owner_name=one.owner_name,
                scope=Scope.all().key,
                forms=one.briefing.forms,
                lang=one.briefing.lang,
                kind="briefing",
                run_id=run_id,
            ),
            code=new_code(),
            now=now,
        )
        assert isinstance(job, export_jobs.Job), "nothing bounds what a schedule asks for"
        briefing_runs.turn(connection, run_id, before=("waiting",), state="queued", job_id=job.id)
        _log.info("briefing %s: run %d is queued", one.briefing.key, run_id)

    # --- waiting --------------------------------------------------------------------------------

    def _wait(self, scheduled: dict[str, Planned], now: datetime) -> None:
        """Queue what waits as soon as its data are there, and at its deadline whatever lacks."""
        with reading(self._desk.engine) as connection:
            waiting = briefing_runs.in_states(connection, ("waiting",))
        for run in waiting:
            over = run.wait_until is None or now >= run.wait_until
            asked = self._asked.get(run.id)
            if not over and asked is not None and now - asked < ASK_AGAIN:
                continue
            self._asked[run.id] = now
            lacking = () if over else self._lacking(run)
            one = scheduled.get(run.key) or Planned(run.definition, run.owner, "")
            one = Planned(run.definition, one.owner, one.owner_name)
            with writing(self._desk.engine) as connection:
                if lacking:
                    briefing_runs.turn(connection, run.id, before=("waiting",), missing=lacking)
                elif briefing_runs.turn(
                    connection, run.id, before=("waiting",), state="waiting", wait_until=now
                ):
                    self._queue(connection, run.id, one, now)

    def _lacking(self, run: Run) -> tuple[str, ...]:
        """Which figures of the run's period are not there, in words."""
        briefing, period = run.definition, None
        if run.period is not None:
            period = Period.parse(run.period, Calendar(briefing.calendar))
        asked = Asked(briefing, period, Scope.all(), moment_now(self._desk))
        sections = [one for one in briefing.sections if one.kind != "changes"]
        parts = gather(self._desk, self._router, asked, sections)
        return late_of(self._desk, briefing, parts, run.due_at, Scope.all()).figures

    # --- ending ---------------------------------------------------------------------------------

    def settle(self) -> None:
        """Close runs whose job ended, and order their hand-overs in the same transaction."""
        now = self._desk.now()
        with reading(self._desk.engine) as connection:
            queued = briefing_runs.in_states(connection, ("queued",))
        for run in queued:
            if run.job_id is None:
                continue  # a command begins it this very moment
            with writing(self._desk.engine) as connection:
                try:
                    job = export_jobs.one(connection, run.job_id)
                except NoResultFound:
                    briefing_runs.turn(
                        connection, run.id, before=("queued",), now=now, state="failed"
                    )
                    continue
                if job.state not in export_jobs.ENDED:
                    continue
                ended = briefing_runs.turn(
                    connection, run.id, before=("queued",), now=now, state=job.state,
                    snapshot_id=job.snapshot_id,
                )  # fmt: skip
                if ended and job.snapshot_id is not None:
                    _order(connection, run, job.code, now)


def _order(connection: Connection, run: Run, code: str, now: datetime) -> None:
    """Hand-overs of a made briefing: the page has it; folder and mail only of scheduled runs."""
    deliver = run.definition.deliver
    wanted = [("page", run.key)]
    if run.scheduled:
        wanted += [("folder", deliver.folder)] if deliver.folder else []
        wanted += [("mail", one) for one in dict.fromkeys(deliver.mail)]
    for channel, target in wanted:
        key = hashlib.sha256(f"{code}:{channel}:{target}".encode()).hexdigest()[:32]
        briefing_deliveries.order(connection, run.id, channel, target, key, now)
