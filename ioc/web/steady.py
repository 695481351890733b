"""Several answers of one moment: news that arrive in between do not reach the later ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select

from ioc.domain.view import ZONE
from ioc.queries.answers import Stamp
from ioc.queries.as_now import as_now
from ioc.store.engine import moment, reading
from ioc.store.versions import current_version, data_version_table, version_at

if TYPE_CHECKING:
    from ioc.domain.scope import Scope
    from ioc.domain.view import View
    from ioc.queries.desk import Desk
    from ioc.web.page import Page

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Moment:
    """A data version and a moment at which it was known.

    It is a moment of the day of asking, so that what is due "today" is due at it as well.
    """

    version: int
    known_at: datetime


def moment_now(desk: Desk) -> Moment:
    """The newest data version; before the first data the desk's own clock."""
    table = data_version_table
    newest = select(table.c.version, table.c.recorded_at).order_by(table.c.version.desc()).limit(1)
    with reading(desk.engine) as connection:
        row = connection.execute(newest).first()
    if row is None:
        return Moment(0, desk.now())
    today = desk.now().astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return Moment(row.version, max(moment(row.recorded_at), today))


def moment_of(desk: Desk, known_at: object = None) -> Moment:
    """The moment of an ISO text, as all was known then; the newest one without a text."""
    newest = moment_now(desk)
    if not isinstance(known_at, str) or not known_at:
        return newest
    known = datetime.fromisoformat(known_at)
    if known >= newest.known_at:
        return newest
    with reading(desk.engine) as connection:
        return Moment(version_at(connection, known), known)


def view_at(view: View, at: Moment) -> View:
    """The view as known at the moment, or at the earlier one it asks for itself."""
    known = min(view.known_at, at.known_at) if view.known_at else at.known_at
    return view.but(known_at=known)


def load(desk: Desk, page: Page, view: View, scope: Scope, at: Moment) -> Any:
    """A page's answer of the moment: the live one while no news came, else as known then.

    Raises what the page's own `load` raises.
    """
    return answered(desk, page.load, view, scope, at)


def answered(
    desk: Desk, ask: Callable[[Desk, View, Scope], Answer], view: View, scope: Scope, at: Moment
) -> Answer:
    """The same of any question. After midnight it is asked as known too: today is another day."""
    if current_version(desk.engine) == at.version and _day(desk.now()) == _day(at.known_at):
        answer = ask(desk, view, scope)
        if current_version(desk.engine) == at.version:
            return _held(answer, at)
    if view.known_at is not None:
        return ask(desk, view_at(view, at), scope)
    with as_now():
        return ask(desk, view_at(view, at), scope)


def _held(answer: Answer, at: Moment) -> Answer:
    """The answer, or those it holds, telling the moment that the strip of its file tells."""
    if not is_dataclass(answer) or isinstance(answer, type):
        return answer
    stamp = getattr(answer, "stamp", None)
    if isinstance(stamp, Stamp):
        return replace(answer, stamp=replace(stamp, held_at=at.known_at))
    held = {one.name: getattr(answer, one.name) for one in fields(answer)}
    whole = {name: _held(one, at) for name, one in held.items() if hasattr(one, "stamp")}
    return replace(answer, **whole)


def _day(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()
