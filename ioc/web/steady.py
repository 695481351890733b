"""Several answers of one moment: news that arrive in between do not reach the later ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ioc.store.engine import moment, reading
from ioc.store.versions import current_version, data_version_table

if TYPE_CHECKING:
    from ioc.domain.scope import Scope
    from ioc.domain.view import View
    from ioc.queries.desk import Desk
    from ioc.web.page import Page


@dataclass(frozen=True, slots=True)
class Moment:
    """A data version and the moment it was known from."""

    version: int
    known_at: datetime


def moment_now(desk: Desk) -> Moment:
    """The newest data version; before the first data the desk's own clock."""
    table = data_version_table
    newest = select(table.c.version, table.c.recorded_at).order_by(table.c.version.desc()).limit(1)
    with reading(desk.engine) as connection:
        row = connection.execute(newest).first()
    return Moment(row.version, moment(row.recorded_at)) if row else Moment(0, desk.now())


def view_at(view: View, at: Moment) -> View:
    """The view as known at the moment, or at the earlier one it asks for itself."""
    known = min(view.known_at, at.known_at) if view.known_at else at.known_at
    return view.but(known_at=known)


def load(desk: Desk, page: Page, view: View, scope: Scope, at: Moment) -> Any:
    """A page's answer of the moment: the live one while no news came, else as known then.

    Raises what the page's own `load` raises.
    """
    if current_version(desk.engine) == at.version:
        answer = page.load(desk, view, scope)
        if current_version(desk.engine) == at.version:
            return answer
    return page.load(desk, view_at(view, at), scope)
