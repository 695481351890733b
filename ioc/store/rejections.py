"""Refused records, each with its place in the delivery and its reason."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Index, Integer, Table, Text, insert, select

from ioc.store.engine import RowId, metadata

KEPT_REJECTIONS = 500
"""Rejections stored in full per run; the run's count always says how many there were."""


rejection = Table(
    "rejection",
    metadata,
    Column("run_id", RowId, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("place", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("params", Text, nullable=False),
    Column("record", Text, nullable=False),
    Index("rejection_code", "run_id", "code"),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refused record as it is kept: `place` in the delivery, `code` and `params` why."""

    place: str
    code: str
    params: Mapping[str, object]
    record: str


def keep_rejections(connection: Connection, run_id: int, refused: Iterable[Refusal]) -> None:
    """Keep the first refused records of a run, each with its reason."""
    rows = [
        {
            "run_id": run_id,
            "seq": seq,
            "place": one.place,
            "code": one.code,
            "params": json.dumps(dict(one.params), ensure_ascii=False, default=str),
            "record": one.record[:2000],
        }
        for seq, one in zip(range(KEPT_REJECTIONS), refused, strict=False)
    ]
    if rows:
        connection.execute(insert(rejection), rows)


def rejections(connection: Connection, run_id: int, limit: int = 200) -> tuple[Refusal, ...]:
    """The refused records of a run in their order."""
    query = (
        select(rejection).where(rejection.c.run_id == run_id).order_by(rejection.c.seq).limit(limit)
    )
    return tuple(
        Refusal(row.place, row.code, json.loads(row.params), row.record)
        for row in connection.execute(query)
    )
