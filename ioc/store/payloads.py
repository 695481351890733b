"""Raw answers and files as they were received: compressed, hashed, each content kept once."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    Select,
    Table,
    Text,
    func,
    insert,
    select,
)

from ioc.store.engine import RowId, metadata

payload = Table(
    "payload",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("media", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
)


run_payload = Table(
    "run_payload",
    metadata,
    Column("run_id", RowId, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("label", Text, nullable=False),
    Column("sha256", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class RawPayload:
    """One raw answer or file of a run."""

    label: str
    media: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash the raw record is found by."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class PayloadFact:
    """What is kept of one payload of a run without its content; `size` in bytes, unpacked."""

    seq: int
    label: str
    sha256: str
    media: str
    size: int


def keep_payloads(connection: Connection, run_id: int, payloads: Sequence[RawPayload]) -> None:
    """Keep the raw answers of a run, compressed, each content once."""
    for seq, one in enumerate(payloads):
        digest = keep_content(connection, one)
        connection.execute(
            insert(run_payload).values(run_id=run_id, seq=seq, label=one.label, sha256=digest)
        )


def keep_content(connection: Connection, one: RawPayload) -> str:
    """Keep one content, compressed, unless it is kept already; its hash."""
    digest = one.sha256
    query = select(payload.c.sha256).where(payload.c.sha256 == digest)
    if connection.execute(query).first() is None:
        packed = zlib.compress(one.content, 6)
        connection.execute(
            insert(payload).values(
                sha256=digest, media=one.media, size=len(one.content), content=packed
            )
        )
    return digest


def read_payload(connection: Connection, sha256: str) -> bytes | None:
    """The raw content behind a hash, as it was received; None when there is none."""
    row = connection.execute(select(payload.c.content).where(payload.c.sha256 == sha256)).first()
    return zlib.decompress(row.content) if row else None


def payloads_of(
    connection: Connection, run_id: int, *, limit: int
) -> tuple[tuple[PayloadFact, ...], int]:
    """The first `limit` payloads of a run in their order, and how many there are."""
    count = connection.execute(
        select(func.count()).select_from(run_payload).where(run_payload.c.run_id == run_id)
    ).scalar()
    rows = connection.execute(_kept(run_id).limit(limit))
    return tuple(PayloadFact(*row) for row in rows), int(count or 0)


def payload_of(connection: Connection, run_id: int, sha256: str) -> PayloadFact | None:
    """The payload of that hash if the run brought it."""
    query = _kept(run_id).where(payload.c.sha256 == sha256).limit(1)
    row = connection.execute(query).first()
    return PayloadFact(*row) if row else None


def _kept(run_id: int) -> Select[Any]:
    of, kept = run_payload.c, payload.c
    return (
        select(of.seq, of.label, kept.sha256, kept.media, kept.size)
        .join(payload, kept.sha256 == of.sha256)
        .where(of.run_id == run_id)
        .order_by(of.seq)
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """A raw content and whether it is still what its hash says; empty where it cannot be read."""

    bytes: bytes
    intact: bool


def checked_payload(connection: Connection, sha256: str) -> Checked:
    """The raw content behind a hash, its hash computed anew."""
    try:
        content = read_payload(connection, sha256)
    except zlib.error:
        content = None
    if content is None:
        return Checked(b"", intact=False)
    return Checked(content, hashlib.sha256(content).hexdigest() == sha256)
