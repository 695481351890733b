"""Files that people delivered: checked first, figures only once somebody confirmed them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    Table,
    Text,
    and_,
    insert,
    or_,
    select,
    update,
)

from ioc.store.engine import RowId, metadata, micros, moment, moment_or_none, writing
from ioc.store.versions import grow_version, next_recorded_at

delivery = Table(
    "delivery",
    metadata,
    Column("delivery_id", RowId, primary_key=True),
    Column("token", Text, nullable=False, unique=True),
    Column("source_id", Integer, nullable=False),
    Column("unit_id", Integer),
    Column("period", Text),
    Column("file", Text, nullable=False),
    Column("media", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("reporter", Text),
    Column("approver", Text),
    Column("uploaded_at", BigInteger, nullable=False),
    Column("uploaded_by", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Column("missing", Integer, nullable=False),
    Column("confirmed_at", BigInteger),
    Column("confirmed_by", Text),
    Column("run_id", RowId),
    Index("delivery_source", "source_id", "uploaded_at"),
    Index("delivery_unit", "unit_id", "uploaded_at"),
)

LASTS = timedelta(days=1)
"""How long a checked file waits for its confirmation; it is kept after that, but not taken in."""
CLAIM = timedelta(minutes=3)
"""How long a confirmation may take; one that was cut off may be tried again after that."""
_NO_RUN = 0
STATES = ("checked", "confirming", "confirmed", "withdrawn", "expired")


@dataclass(frozen=True, slots=True)
class Counts:
    """What became, or would become, of the figures of a file."""

    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    held: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file; `file` is only a label, `state` one of STATES, `decided` when that was reached.

    `period` is a code such as 2026-10; `by` is who sent it, `decided_by` who confirmed it or took
    it back.
    """

    token: str
    source_id: int
    unit_id: int
    period: str
    file: str
    media: str
    sha256: str
    reporter: str
    approver: str
    uploaded_at: datetime
    by: str
    state: str
    counts: Counts
    decided: datetime | None
    decided_by: str
    run_id: int | None

    def at(self, now: datetime) -> str:
        """The state at a moment: what nobody confirmed in time has expired, and a confirmation
        that was cut off waits again."""
        state = self.state
        if self.decided is not None and self.decided > now:
            state = "checked"
        elif state == "confirming" and (self.decided or now) < now - CLAIM:
            return "checked"
        return "expired" if state == "checked" and now >= self.uploaded_at + LASTS else state


def add(
    connection: Connection,
    *,
    source_id: int,
    unit_id: int,
    period: str,
    file: str,
    media: str,
    sha256: str,
    reporter: str,
    approver: str,
    by: str,
    counts: Counts,
    now: datetime,
) -> str:
    """Keep a file that was checked; the random token it is found by. Call inside `writing`."""
    token = secrets.token_urlsafe(18)
    _tell_pages(connection, now)
    connection.execute(
        insert(delivery).values(
            token=token,
            source_id=source_id,
            unit_id=unit_id,
            period=period,
            file=file,
            media=media,
            sha256=sha256,
            reporter=reporter,
            approver=approver,
            uploaded_at=micros(now),
            uploaded_by=by,
            state="checked",
            **_counted(counts),
        )
    )
    return token


def found(connection: Connection, token: str) -> Delivery | None:
    """The delivery of this token; None when there is none."""
    row = connection.execute(select(delivery).where(delivery.c.token == token)).first()
    return fact_of(row) if row else None


def claim(engine: Engine, token: str, by: str, now: datetime) -> bool:
    """Take the only right to confirm a checked delivery; False when there is nothing to take.

    The claim of a process that was cut off can be taken over after CLAIM.
    """
    of = delivery.c
    waits = and_(of.state == "checked", of.uploaded_at > micros(now - LASTS))
    stuck = and_(of.state == "confirming", of.confirmed_at < micros(now - CLAIM))
    with writing(engine) as connection:
        done = connection.execute(
            update(delivery)
            .where(of.token == token, or_(waits, stuck))
            .values(state="confirming", confirmed_at=micros(now), confirmed_by=by)
        )
        return done.rowcount == 1


def confirmed(
    engine: Engine, token: str, *, run_id: int, counts: Counts, by: str, now: datetime
) -> None:
    """Close a claimed delivery with the run that took its figures in."""
    with writing(engine) as connection:
        _tell_pages(connection, now)
        connection.execute(
            update(delivery)
            .where(delivery.c.token == token, delivery.c.state == "confirming")
            .values(
                state="confirmed",
                run_id=run_id,
                confirmed_at=micros(now),
                confirmed_by=by,
                **_counted(counts),
            )
        )


def give_back(engine: Engine, token: str) -> None:
    """Let a claimed delivery be confirmed again: its run failed and wrote nothing."""
    with writing(engine) as connection:
        connection.execute(
            update(delivery)
            .where(delivery.c.token == token, delivery.c.state == "confirming")
            .values(state="checked", confirmed_at=None, confirmed_by=None)
        )


def withdraw(engine: Engine, token: str, by: str, now: datetime) -> bool:
    """Take a checked delivery back; the file stays. False when it was not waiting any more."""
    with writing(engine) as connection:
        done = connection.execute(
            update(delivery)
            .where(delivery.c.token == token, delivery.c.state == "checked")
            .values(state="withdrawn", confirmed_at=micros(now), confirmed_by=by)
        )
        if done.rowcount == 1:
            _tell_pages(connection, now)
        return done.rowcount == 1


def mark_expired(connection: Connection, now: datetime) -> int:
    """Mark what nobody confirmed in time; how many there were."""
    of = delivery.c
    done = connection.execute(
        update(delivery)
        .where(of.state == "checked", of.uploaded_at <= micros(now - LASTS))
        .values(state="expired")
    )
    return done.rowcount


def _tell_pages(connection: Connection, now: datetime) -> None:
    """Open pages list deliveries: they are drawn anew."""
    grow_version(connection, _NO_RUN, next_recorded_at(connection, now))


def _counted(counts: Counts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in Counts.__slots__}


def fact_of(row: Any) -> Delivery:
    """A row as a fact."""
    return Delivery(
        token=row.token,
        source_id=row.source_id,
        unit_id=row.unit_id or 0,
        period=row.period or "",
        file=row.file,
        media=row.media,
        sha256=row.sha256,
        reporter=row.reporter or "",
        approver=row.approver or "",
        uploaded_at=moment(row.uploaded_at),
        by=row.uploaded_by,
        state=row.state,
        counts=Counts(row.accepted, row.unchanged, row.rejected, row.held, row.missing),
        decided=moment_or_none(row.confirmed_at),
        decided_by=row.confirmed_by or "",
        run_id=row.run_id,
    )
