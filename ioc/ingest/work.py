"""One look of a poller: plan what fell due, take what was asked for, and run what waits."""

from __future__ import annotations

from collections.abc import Collection

from ioc.ingest import requests, slots
from ioc.ingest.intake import Intake
from ioc.ingest.run import Started, Work, begin, carry_out
from ioc.ingest.taking import Report


def pending(intake: Intake, busy: Collection[str] = (), most: int = 1000) -> list[Work]:
    """What there is to do now, in order, at most so much; the `busy` sources are left out.

    Requests among it are this poller's from now on.
    """
    now = intake.now()
    slots.plan(intake, now)
    asked = requests.taken(intake, now, busy, most)
    asking = {work.source.name for work in asked}
    return [*asked, *slots.due(intake, now, asking.union(busy))][:most]


def do(intake: Intake, work: Work, started: Started | None = None) -> Report | None:
    """Do one piece of work; None when another poller was first, or for a person's request.

    `started` hears the ticket as soon as there is one. Raises SQLAlchemyError when not even a
    failure could be written.
    """
    if work.request is not None:
        requests.answer(intake, work, started)
        return None
    ticket = begin(intake, work)
    if ticket is None:
        return None
    if started is not None:
        started(ticket)
    return carry_out(intake, work.source, ticket)


def tick(intake: Intake) -> list[tuple[str, Report]]:
    """Do everything that is due by the intake's clock, one after the other, and say what it was.

    The poller does the same with several at a time; this is the plain form for a clock of one's
    own.
    """
    done = []
    for work in pending(intake):
        report = do(intake, work)
        if report is not None:
            done.append((work.source.name, report))
    return done
