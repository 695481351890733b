"""Raw answers and files as they were received: compressed, hashed, each content kept once."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Integer, LargeBinary, Table, Text, insert, select

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


def keep_payloads(connection: Connection, run_id: int, payloads: Sequence[RawPayload]) -> None:
    """Keep the raw answers of a run, compressed, each content once."""
    for seq, one in enumerate(payloads):
        digest = one.sha256
        known = connection.execute(
            select(payload.c.sha256).where(payload.c.sha256 == digest)
        ).first()
        if known is None:
            connection.execute(
                insert(payload).values(
                    sha256=digest,
                    media=one.media,
                    size=len(one.content),
                    content=zlib.compress(one.content, 6),
                )
            )
        connection.execute(
            insert(run_payload).values(run_id=run_id, seq=seq, label=one.label, sha256=digest)
        )


def read_payload(connection: Connection, sha256: str) -> bytes | None:
    """The raw content behind a hash, as it was received; None when there is none."""
    row = connection.execute(select(payload.c.content).where(payload.c.sha256 == sha256)).first()
    return zlib.decompress(row.content) if row else None
