"""Held figures: taken in but not believed, until a person confirms or refuses them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    and_,
    func,
    or_,
    select,
    update,
)

from ioc.store.bulk import write
from ioc.store.engine import RowId, metadata, moment, moment_or_none
from ioc.store.observations import Fact, Key

held = Table(
    "held",
    metadata,
    Column("held_id", RowId, primary_key=True),
    Column("source_id", Integer, nullable=False),
    Column("run_id", RowId, nullable=False),
    Column("indicator_id", Integer, nullable=False),
    Column("grain", SmallInteger, nullable=False),
    Column("period", Integer, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("breakdown", Text, nullable=False),
    Column("num", BigInteger),
    Column("den", BigInteger),
    Column("val", BigInteger),
    Column("bound", SmallInteger, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("citation", Text),
    Column("was_num", BigInteger),
    Column("was_den", BigInteger),
    Column("was_val", BigInteger),
    Column("place", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("params", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("held_at", BigInteger, nullable=False),
    Column("decision", Text),
    Column("decided_at", BigInteger),
    Column("decided_by", Text),
    Column("note", Text),
    Column("decision_run_id", RowId),
    Index("held_open", "source_id", "decision"),
    Index("held_about", "indicator_id", "grain", "period", "unit_id"),
)
CONFIRMED, REFUSED, SUPERSEDED = "confirmed", "refused", "superseded"
"""How an entry ends: a person believed it, a person did not, or the source gave another value."""
About = tuple[int, int, int, int]
"""Which figure: indicator, grain, period and unit, as in a Key."""
_RECORD = 2000
_AT_ONCE = 100
_COLUMNS = (
    "source_id", "run_id", "indicator_id", "grain", "period", "unit_id", "breakdown",
    "num", "den", "val", "bound", "state", "citation", "was_num", "was_den", "was_val",
    "place", "code", "params", "record", "held_at",
)  # fmt: skip
_OPEN = held.c.decision.is_(None)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure about to be held: what was given, what it was compared with, where and why.

    `code` names the sentence `reject.<code>`, `params` fill its gaps; `record` is the raw record.
    """

    key: Key
    fact: Fact
    was: Fact
    citation: str | None
    place: str
    code: str
    params: Mapping[str, object]
    record: str


@dataclass(frozen=True, slots=True)
class Held:
    """One entry as stored; moments in UTC.

    `decision` is None while it is open, else `confirmed`, `refused` or `superseded`.
    """

    id: int
    source_id: int
    run_id: int
    doubt: Doubt
    held_at: datetime
    decision: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    note: str | None = None
    decision_run_id: int | None = None


def hold(
    connection: Connection, source_id: int, run_id: int, held_at: int, doubts: Sequence[Doubt]
) -> None:
    """Keep figures for a decision; at most one entry of a source and key may be open."""
    rows = [
        (
            source_id, run_id, *one.key,
            one.fact.num, one.fact.den, one.fact.val, one.fact.bound, one.fact.state,
            one.citation, one.was.num, one.was.den, one.was.val, one.place, one.code,
            json.dumps(dict(one.params), ensure_ascii=False, default=str),
            one.record[:_RECORD], held_at,
        )
        for one in doubts
    ]  # fmt: skip
    write(connection, held, _COLUMNS, rows)


def open_held(
    connection: Connection,
    source_id: int | None = None,
    limit: int = 200,
    after: int | None = None,
) -> tuple[Held, ...]:
    """The open entries, newest first; `after` is the id of the last one of the page before."""
    query = select(held).where(_OPEN).order_by(held.c.held_id.desc()).limit(limit)
    if source_id is not None:
        query = query.where(held.c.source_id == source_id)
    if after is not None:
        query = query.where(held.c.held_id < after)
    return tuple(_held(row) for row in connection.execute(query))


def decided_held(
    connection: Connection, source_id: int | None = None, limit: int = 200
) -> tuple[Held, ...]:
    """The entries that have ended, the latest decision first."""
    query = (
        select(held)
        .where(held.c.decision.is_not(None))
        .order_by(held.c.decided_at.desc(), held.c.held_id.desc())
        .limit(limit)
    )
    if source_id is not None:
        query = query.where(held.c.source_id == source_id)
    return tuple(_held(row) for row in connection.execute(query))


def one_held(connection: Connection, held_id: int) -> Held | None:
    """One entry, open or not; None where there is none of this number."""
    row = connection.execute(select(held).where(held.c.held_id == held_id)).first()
    return None if row is None else _held(row)


def held_of(
    connection: Connection, keys: Iterable[Key | About], known_at: int | None = None
) -> frozenset[About]:
    """Which of these figures have an open entry, as (indicator, grain, period, unit).

    `known_at` (microseconds) asks which had one then.
    """
    wanted = {(one[0], one[1], one[2], one[3]) for one in keys}
    if not wanted:
        return frozenset()
    table = held.c
    open_then: ColumnElement[bool] = _OPEN
    if known_at is not None:
        open_then = (table.held_at <= known_at) & or_(_OPEN, table.decided_at > known_at)
    query = (
        select(table.indicator_id, table.grain, table.period, table.unit_id)
        .where(open_then, table.indicator_id.in_({one[0] for one in wanted}))
        .distinct()
    )
    found = {(row[0], row[1], row[2], row[3]) for row in connection.execute(query)}
    return frozenset(found & wanted)


def entries_of(
    connection: Connection, abouts: Iterable[About], known_at: int | None = None
) -> tuple[Held, ...]:
    """The open entries about these figures, oldest first; `known_at` as in `held_of`."""
    table = held.c
    open_then: ColumnElement[bool] = _OPEN
    if known_at is not None:
        open_then = (table.held_at <= known_at) & or_(_OPEN, table.decided_at > known_at)
    found: list[Held] = []
    wanted = sorted(set(abouts))
    for start in range(0, len(wanted), _AT_ONCE):
        about = or_(
            *(
                and_(
                    table.indicator_id == indicator_id,
                    table.grain == grain,
                    table.period == period,
                    table.unit_id == unit_id,
                )
                for indicator_id, grain, period, unit_id in wanted[start : start + _AT_ONCE]
            )
        )
        found += map(_held, connection.execute(select(held).where(open_then, about)))
    return tuple(sorted(found, key=lambda one: one.id))


def open_by_key(connection: Connection, source_id: int) -> dict[Key, Held]:
    """The open entries of a source by what they are about."""
    query = select(held).where(_OPEN, held.c.source_id == source_id)
    return {one.doubt.key: one for one in map(_held, connection.execute(query))}


def refused_by_key(connection: Connection, source_id: int) -> dict[tuple[Key, Fact], Held]:
    """The refused entries of a source by key and figure; the newest refusal of each."""
    query = (
        select(held)
        .where(held.c.source_id == source_id, held.c.decision == REFUSED)
        .order_by(held.c.held_id)
    )
    return {(one.doubt.key, one.doubt.fact): one for one in map(_held, connection.execute(query))}


def end(
    connection: Connection,
    held_id: int,
    decision: str,
    *,
    at: int,
    run_id: int,
    by: str | None = None,
    note: str | None = None,
) -> bool:
    """Close an open entry; False when it was closed before. Call inside `writing`."""
    done = connection.execute(
        update(held)
        .where(held.c.held_id == held_id, _OPEN)
        .values(decision=decision, decided_at=at, decided_by=by, note=note, decision_run_id=run_id)
    )
    return bool(done.rowcount)


def count_open(connection: Connection, source_id: int) -> int:
    """How many figures of a source wait for a decision."""
    query = select(func.count()).select_from(held).where(_OPEN, held.c.source_id == source_id)
    return int(connection.execute(query).scalar_one())


def _held(row: Any) -> Held:
    doubt = Doubt(
        Key(row.indicator_id, row.grain, row.period, row.unit_id, row.breakdown),
        Fact(row.num, row.den, row.val, row.bound, row.state),
        Fact(row.was_num, row.was_den, row.was_val),
        row.citation,
        row.place,
        row.code,
        json.loads(row.params),
        row.record,
    )
    return Held(
        row.held_id,
        row.source_id,
        row.run_id,
        doubt,
        moment(row.held_at),
        row.decision,
        moment_or_none(row.decided_at),
        row.decided_by,
        row.note,
        row.decision_run_id,
    )
