"""Briefings that people put together: their versions, who may see them, and baskets of views."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, or_, select, update

from ioc.domain.briefing import Briefing, ViewSection
from ioc.store.engine import micros, moment
from ioc.store.export_tables import briefing, briefing_basket, briefing_version


@dataclass(frozen=True, slots=True)
class Kept:
    """A briefing in its newest version; `owner` is a viewer's id, `by_name` who changed it last."""

    key: str
    owner: str
    owner_name: str
    shared: bool
    version: int
    definition: Briefing
    changed_at: datetime
    by_name: str


def add(
    connection: Connection,
    made: Briefing,
    *,
    owner: str,
    owner_name: str,
    now: datetime,
    shared: bool = False,
) -> None:
    """Keep a new briefing as its first version; its key must be free."""
    connection.execute(
        insert(briefing).values(
            key=made.key,
            owner=owner,
            owner_name=owner_name,
            shared=int(shared),
            made_at=micros(now),
        )
    )
    _append(connection, made, 1, owner, owner_name, now)


def change(
    connection: Connection,
    made: Briefing,
    *,
    seen: int,
    by_id: str,
    by_name: str,
    now: datetime,
) -> int | None:
    """Append a version after the one `seen`; its number, or None when another came between."""
    newest = _newest(connection, made.key)
    if newest != seen:
        return None
    _append(connection, made, newest + 1, by_id, by_name, now)
    return newest + 1


def _newest(connection: Connection, key: str) -> int:
    query = select(func.max(briefing_version.c.version)).where(briefing_version.c.key == key)
    return int(connection.execute(query).scalar() or 0)


def _append(
    connection: Connection, made: Briefing, version: int, by_id: str, by_name: str, now: datetime
) -> None:
    connection.execute(
        insert(briefing_version).values(
            key=made.key,
            version=version,
            definition=made.model_dump_json(),
            made_at=micros(now),
            by_id=by_id,
            by_name=by_name,
        )
    )


def share(connection: Connection, key: str, owner: str, *, shared: bool) -> bool:
    """Let everyone see and change it, or only its owner; False when it is not the owner's."""
    return _of_owner(connection, key, owner, {"shared": int(shared)})


def remove(connection: Connection, key: str, owner: str, now: datetime) -> bool:
    """Take it away; its rows stay, and so does its key. False when it is not the owner's."""
    return _of_owner(connection, key, owner, {"removed_at": micros(now)})


def _of_owner(connection: Connection, key: str, owner: str, values: dict[str, Any]) -> bool:
    done = connection.execute(
        update(briefing)
        .where(briefing.c.key == key, briefing.c.owner == owner)
        .where(briefing.c.removed_at.is_(None))
        .values(values)
    )
    return done.rowcount == 1


def _query() -> Select[Any]:
    newest = (
        select(briefing_version.c.key, func.max(briefing_version.c.version).label("version"))
        .group_by(briefing_version.c.key)
        .subquery()
    )
    return (
        select(briefing, briefing_version)
        .join(newest, newest.c.key == briefing.c.key)
        .join(
            briefing_version,
            (briefing_version.c.key == newest.c.key)
            & (briefing_version.c.version == newest.c.version),
        )
        .where(briefing.c.removed_at.is_(None))
        .order_by(briefing_version.c.made_at.desc(), briefing.c.key)
    )


def seen_by(connection: Connection, owner: str) -> tuple[Kept, ...]:
    """Those of an owner and those that others share, changed last first; removed ones never."""
    query = _query().where(or_(briefing.c.owner == owner, briefing.c.shared == 1))
    return tuple(_kept(row) for row in connection.execute(query).mappings())


def every(connection: Connection) -> tuple[Kept, ...]:
    """All that are not removed, for the clock that makes what is due."""
    return tuple(_kept(row) for row in connection.execute(_query()).mappings())


def found(connection: Connection, key: str) -> Kept | None:
    """The briefing of a key, whoever owns it."""
    row = connection.execute(_query().where(briefing.c.key == key)).mappings().first()
    return _kept(row) if row is not None else None


def is_taken(connection: Connection, key: str) -> bool:
    """Whether a briefing ever had the key."""
    query = select(briefing.c.key).where(briefing.c.key == key)
    return connection.execute(query).first() is not None


def _kept(row: Any) -> Kept:
    return Kept(
        key=row[briefing.c.key],
        owner=row[briefing.c.owner],
        owner_name=row[briefing.c.owner_name],
        shared=bool(row[briefing.c.shared]),
        version=row[briefing_version.c.version],
        definition=Briefing.model_validate_json(row[briefing_version.c.definition]),
        changed_at=moment(row[briefing_version.c.made_at]),
        by_name=row[briefing_version.c.by_name],
    )


# --- baskets -----------------------------------------------------------------------------------


def basket(connection: Connection, owner: str) -> tuple[ViewSection, ...]:
    """What a viewer put aside, in his order."""
    query = select(briefing_basket.c.content).where(briefing_basket.c.owner == owner)
    content = connection.execute(query).scalar()
    return tuple(ViewSection.model_validate(one) for one in json.loads(content or "[]"))


def fill_basket(
    connection: Connection, owner: str, content: Sequence[ViewSection], now: datetime
) -> None:
    """Replace what a viewer put aside."""
    values = {
        "content": json.dumps([one.model_dump() for one in content], ensure_ascii=False),
        "changed_at": micros(now),
    }
    done = connection.execute(
        update(briefing_basket).where(briefing_basket.c.owner == owner).values(values)
    )
    if not done.rowcount:
        connection.execute(insert(briefing_basket).values(owner=owner, **values))
