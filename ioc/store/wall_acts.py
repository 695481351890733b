"""The log of walls: who did what to which, and when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, Index, Table, Text, insert, select

from ioc.store.engine import RowId, metadata, micros, moment

ACTS_SHOWN = 40

wall_act = Table(
    "wall_act",
    metadata,
    Column("act_id", RowId, primary_key=True),
    Column("wall_id", RowId, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("params", Text, nullable=False, default="{}"),
    Index("wall_act_wall", "wall_id", "at"),
)
"""Who did what to which wall, and when; never changed. `wall_id` 0 is no single wall."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing an operator did to a wall."""

    wall_id: int
    at: datetime
    by: str
    act: str
    params: Mapping[str, object]


def note_act(
    connection: Connection,
    wall_id: int,
    by: str,
    act: str,
    now: datetime,
    params: Mapping[str, object] | None = None,
) -> None:
    """Write down what an operator did; `wall_id` 0 for what concerns no single wall."""
    said = json.dumps(dict(params or {}), ensure_ascii=False)
    connection.execute(
        insert(wall_act).values(wall_id=wall_id, by=by, act=act, at=micros(now), params=said)
    )


def acts(connection: Connection, limit: int = ACTS_SHOWN) -> tuple[Act, ...]:
    """The newest acts, the last first."""
    newest = select(wall_act).order_by(wall_act.c.at.desc(), wall_act.c.act_id.desc())
    return tuple(
        Act(row["wall_id"], moment(row["at"]), row["by"], row["act"], json.loads(row["params"]))
        for row in connection.execute(newest.limit(limit)).mappings()
    )
