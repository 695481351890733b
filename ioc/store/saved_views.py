"""Saved views: addresses that people kept under a name, their own or shared with all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    SmallInteger,
    Table,
    Text,
    func,
    insert,
    or_,
    select,
    update,
)

from ioc.store.engine import RowId, inserted_id, metadata, micros, moment

saved_view = Table(
    "saved_view",
    metadata,
    Column("view_id", RowId, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("owner_name", Text, nullable=False, default=""),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("shared", SmallInteger, nullable=False, default=0),
    Column("created_at", BigInteger, nullable=False),
    Column("removed_at", BigInteger),
    Index("saved_view_owner", "owner"),
)
_COLUMNS = [
    saved_view.c[name]
    for name in ("view_id", "owner", "owner_name", "name", "address", "shared", "created_at")
]


@dataclass(frozen=True, slots=True)
class SavedView:
    """One kept address; `owner` is a viewer's id, `owner_name` what he called himself then."""

    id: int
    owner: str
    owner_name: str
    name: str
    address: str
    shared: bool
    created_at: datetime


def keep(
    connection: Connection,
    *,
    owner: str,
    owner_name: str,
    name: str,
    address: str,
    shared: bool,
    now: datetime,
) -> int:
    """Keep an address under a name; the id of the view."""
    values = {
        "owner": owner,
        "owner_name": owner_name,
        "name": name,
        "address": address,
        "shared": int(shared),
        "created_at": micros(now),
    }
    return inserted_id(connection.execute(insert(saved_view).values(values)))


def views_of(connection: Connection, owner: str) -> tuple[SavedView, ...]:
    """The views of an owner and those that others share, newest first; removed ones never."""
    query = (
        select(*_COLUMNS)
        .where(saved_view.c.removed_at.is_(None))
        .where(or_(saved_view.c.owner == owner, saved_view.c.shared == 1))
        .order_by(saved_view.c.created_at.desc(), saved_view.c.view_id.desc())
    )
    return tuple(_view(row) for row in connection.execute(query))


def kept_by(connection: Connection, owner: str) -> int:
    """How many views an owner has."""
    query = (
        select(func.count())
        .select_from(saved_view)
        .where(saved_view.c.owner == owner, saved_view.c.removed_at.is_(None))
    )
    return int(connection.execute(query).scalar_one())


def share(
    connection: Connection, view_id: int, owner: str, owner_name: str, *, shared: bool
) -> bool:
    """Share a view under the owner's name, or stop; False when it is not a view of the owner."""
    return _change(connection, view_id, owner, {"shared": int(shared), "owner_name": owner_name})


def remove(connection: Connection, view_id: int, owner: str, now: datetime) -> bool:
    """Take a view away; the row stays. False when it is not a view of the owner."""
    return _change(connection, view_id, owner, {"removed_at": micros(now)})


def _change(connection: Connection, view_id: int, owner: str, values: dict[str, Any]) -> bool:
    done = connection.execute(
        update(saved_view)
        .where(saved_view.c.view_id == view_id, saved_view.c.owner == owner)
        .where(saved_view.c.removed_at.is_(None))
        .values(values)
    )
    return done.rowcount == 1


def _view(row: Any) -> SavedView:
    return SavedView(
        id=row.view_id,
        owner=row.owner,
        owner_name=row.owner_name,
        name=row.name,
        address=row.address,
        shared=bool(row.shared),
        created_at=moment(row.created_at),
    )
