"""The timeline: what is due when, week by week, and item by item with its slip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ioc.domain.register import Phase, Register
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.answers import Stamp, UnitRef
from ioc.queries.ask import asking
from ioc.queries.desk import Desk
from ioc.queries.register_answers import ItemRow
from ioc.queries.register_counts import Load, by_due, loads, made_up
from ioc.queries.register_list_choice import asked
from ioc.queries.register_list_rows import rows as item_rows
from ioc.store import item_lists

ROWS = 25
"""Items of a sheet."""
DONE_ROWS = 10
MOST = 1000
BEFORE, AFTER = 8, 12
"""Weeks shown before and after this one."""


@dataclass(frozen=True, slots=True)
class Week:
    """The items due in the week that begins on Monday `first`: open ones that are overdue, other
    open ones, and done ones."""

    first: date
    overdue: int
    open: int
    done: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is due when. `rows` are open items, the one that slipped most first; `done` those done
    with the latest due dates; `total` the counts of the unit whatever else is chosen."""

    view: View
    stamp: Stamp
    register: Register
    unit: UnitRef
    today: date
    total: Load
    weeks: tuple[Week, ...]
    rows: tuple[ItemRow, ...]
    done: tuple[ItemRow, ...]
    count: int
    more: bool
    sheet: int
    sheets: int


def timeline(
    desk: Desk, view: View, scope: Scope, register: Register, *, limit: int = ROWS
) -> Timeline:
    """The weeks around today, a sheet of the open items by due date, and some done ones."""
    with asking(desk, view, scope) as ask:
        given = asked(ask, register)
        unit, wanted = given.unit, given.choice
        if view.state is None:
            wanted = wanted._replace(phases=(Phase.OPEN.number,))
        known = ask.known_at
        count = item_lists.count(ask.connection, wanted, MOST, known_at=known)
        sheets = max(1, -(-min(count, MOST) // limit))
        sheet = min(view.sheet, sheets)
        found = item_lists.page(
            ask.connection, wanted, limit=limit, offset=(sheet - 1) * limit, known_at=known
        )
        done: tuple[ItemRow, ...] = ()
        if view.state is None and view.due is None and sheet == 1:
            ended = wanted._replace(phases=(Phase.DONE.number,))
            last = item_lists.page(
                ask.connection, ended, limit=DONE_ROWS, newest_first=True, known_at=known
            )
            done = item_rows(ask, register, last)
        rows = item_rows(ask, register, found)
        (total,) = loads(ask, register, [unit])
        monday = ask.today - timedelta(days=ask.today.weekday())
        first, last_day = monday - timedelta(weeks=BEFORE), monday + timedelta(weeks=AFTER + 1)
        dues = by_due(ask, register, unit, first, last_day - timedelta(days=1))
        return Timeline(
            view=view,
            stamp=ask.stamp(illustrative=made_up(ask, register, unit), register=register),
            register=register,
            unit=ask.ref(unit),
            today=ask.today,
            total=total,
            weeks=_weeks(dues, first, ask.today),
            rows=rows,
            done=done,
            count=min(count, MOST),
            more=count > MOST,
            sheet=sheet,
            sheets=sheets,
        )


def _weeks(dues: dict[date, tuple[int, int]], first: date, today: date) -> tuple[Week, ...]:
    weeks = []
    for at in range(BEFORE + AFTER + 1):
        start = first + timedelta(weeks=at)
        overdue = opened = done = 0
        for step in range(7):
            day = start + timedelta(days=step)
            still, ended = dues.get(day, (0, 0))
            done += ended
            if day < today:
                overdue += still
            else:
                opened += still
        weeks.append(Week(start, overdue, opened, done))
    return tuple(weeks)
