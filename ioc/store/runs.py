"""Runs, their raw payloads and rejections, the state of each source, and the data version."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    Table,
    Text,
    func,
    insert,
    or_,
    select,
    update,
)

from ioc.store.engine import database_file, inserted_id, metadata, micros, moment, reading, writing

KEPT_REJECTIONS = 500
"""Rejections stored in full per run; the run's count always says how many there were."""

_Key = BigInteger().with_variant(Integer, "sqlite")

run = Table(
    "run",
    metadata,
    Column("run_id", _Key, primary_key=True),
    Column("source_id", Integer, nullable=False, index=True),
    Column("started_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("outcome", Text, nullable=False),
    Column("read", Integer, nullable=False, default=0),
    Column("added", Integer, nullable=False, default=0),
    Column("unchanged", Integer, nullable=False, default=0),
    Column("rejected", Integer, nullable=False, default=0),
    Column("code", Text),
    Column("params", Text, nullable=False, default="{}"),
    Column("payload_hash", Text),
)
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
    Column("run_id", _Key, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("label", Text, nullable=False),
    Column("sha256", Text, nullable=False),
)
rejection = Table(
    "rejection",
    metadata,
    Column("run_id", _Key, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("place", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("params", Text, nullable=False),
    Column("record", Text, nullable=False),
)
source_state = Table(
    "source_state",
    metadata,
    Column("source_id", Integer, primary_key=True, autoincrement=False),
    Column("lease_owner", Text),
    Column("lease_until", BigInteger, nullable=False, default=0),
    Column("watermark", Text),
    Column("payload_hash", Text),
    Column("last_good", BigInteger),
    Column("broken_since", BigInteger),
    Column("recovered_at", BigInteger),
    Column("broken_code", Text),
    Column("broken_params", Text, nullable=False, default="{}"),
    Column("failures", Integer, nullable=False, default=0),
    Column("next_run", BigInteger),
    Column("last_run_id", _Key),
    Column("added", BigInteger, nullable=False, default=0),
    Column("rejected", BigInteger, nullable=False, default=0),
)
data_version_table = Table(
    "data_version",
    metadata,
    Column("version", _Key, primary_key=True),
    Column("run_id", _Key, nullable=False),
    Column("recorded_at", BigInteger, nullable=False, index=True),
)
heartbeat = Table(
    "heartbeat",
    metadata,
    Column("name", Text, primary_key=True),
    Column("beat_at", BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refused record as it is kept: `place` in the delivery, `code` and `params` why."""

    place: str
    code: str
    params: Mapping[str, object]
    record: str


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
class SourceState:
    """Where a source stands; moments in UTC.

    `last_run_id` is its newest finished run; `added` and `rejected` count over all its runs, so
    that no page has to add up a table that only grows.
    """

    source_id: int
    watermark: str | None = None
    payload_hash: str | None = None
    last_good: datetime | None = None
    broken_since: datetime | None = None
    recovered_at: datetime | None = None
    broken_code: str | None = None
    broken_params: Mapping[str, object] = field(default_factory=dict)
    failures: int = 0
    next_run: datetime | None = None
    last_run_id: int | None = None
    added: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class RunFact:
    """One run as stored; `outcome` is running, ok, unchanged, partial, failed or abandoned."""

    id: int
    source_id: int
    started: datetime
    finished: datetime | None
    outcome: str
    read: int
    added: int
    unchanged: int
    rejected: int
    code: str | None
    params: Mapping[str, object]


def next_recorded_at(connection: Connection, now: datetime) -> int:
    """A `recorded_at` later than every one given out; call it inside `writing` only."""
    last = connection.execute(select(func.max(data_version_table.c.recorded_at))).scalar()
    return max(micros(now), (last or 0) + 1)


def grow_version(connection: Connection, run_id: int, recorded_at: int) -> int:
    """Note that data changed; returns the new data version."""
    done = connection.execute(
        insert(data_version_table).values(run_id=run_id, recorded_at=recorded_at)
    )
    return inserted_id(done)


def data_version(connection: Connection) -> int:
    """The newest data version; 0 before the first data."""
    return int(connection.execute(select(func.max(data_version_table.c.version))).scalar() or 0)


def version_at(connection: Connection, known_at: datetime) -> int:
    """The data version that stood at a moment; 0 when nothing was known yet."""
    query = select(func.max(data_version_table.c.version)).where(
        data_version_table.c.recorded_at <= micros(known_at)
    )
    return int(connection.execute(query).scalar() or 0)


def take_lease(engine: Engine, source_id: int, owner: str, now: datetime, seconds: float) -> bool:
    """Claim the only right to poll a source until `now + seconds`; False when another has it.

    A crashed owner's lease ends by itself; its unfinished runs are then marked abandoned.
    """
    with writing(engine) as connection:
        known = connection.execute(
            select(source_state.c.source_id).where(source_state.c.source_id == source_id)
        ).first()
        if known is None:
            connection.execute(
                insert(source_state).values(
                    source_id=source_id,
                    lease_until=0,
                    failures=0,
                    broken_params="{}",
                    added=0,
                    rejected=0,
                )
            )
        until = micros(now + timedelta(seconds=seconds))
        done = connection.execute(
            update(source_state)
            .where(
                source_state.c.source_id == source_id,
                or_(source_state.c.lease_until < micros(now), source_state.c.lease_owner == owner),
            )
            .values(lease_owner=owner, lease_until=until)
        )
        if done.rowcount:
            connection.execute(
                update(run)
                .where(run.c.source_id == source_id, run.c.outcome == "running")
                .values(outcome="abandoned", finished_at=micros(now), code="abandoned")
            )
        return bool(done.rowcount)


def holds_lease(connection: Connection, source_id: int, owner: str) -> bool:
    """Whether the lease is still this owner's; checked again before a run writes (fencing)."""
    query = select(source_state.c.lease_owner).where(source_state.c.source_id == source_id)
    return connection.execute(query).scalar() == owner


def start_run(engine: Engine, source_id: int, now: datetime) -> int:
    """Record that a run began; returns its id."""
    with writing(engine) as connection:
        done = connection.execute(
            insert(run).values(
                source_id=source_id,
                started_at=micros(now),
                outcome="running",
                read=0,
                added=0,
                unchanged=0,
                rejected=0,
                params="{}",
            )
        )
        return inserted_id(done)


def record_missed(engine: Engine, source_id: int, now: datetime, code: str) -> None:
    """Record a slot that did not run: `missed` or `still_running`."""
    with writing(engine) as connection:
        connection.execute(
            insert(run).values(
                source_id=source_id,
                started_at=micros(now),
                finished_at=micros(now),
                outcome="missed",
                read=0,
                added=0,
                unchanged=0,
                rejected=0,
                code=code,
                params="{}",
            )
        )


def finish_run(
    connection: Connection,
    run_id: int,
    source_id: int,
    *,
    now: datetime,
    outcome: str,
    read: int = 0,
    added: int = 0,
    unchanged: int = 0,
    rejected: int = 0,
    code: str | None = None,
    params: Mapping[str, object] | None = None,
    payload_hash: str | None = None,
    watermark: str | None = None,
) -> SourceState:
    """Close a run, give its lease back and bring the source's state up to date.

    Returns the state that stood before, so that the caller can log a break or a recovery once.
    """
    words = json.dumps(params or {}, ensure_ascii=False, default=str)
    connection.execute(
        update(run)
        .where(run.c.run_id == run_id)
        .values(
            finished_at=micros(now),
            outcome=outcome,
            read=read,
            added=added,
            unchanged=unchanged,
            rejected=rejected,
            code=code,
            params=words,
            payload_hash=payload_hash,
        )
    )
    before = state(connection, source_id)
    changes: dict[str, object] = {
        "lease_owner": None,
        "lease_until": 0,
        "last_run_id": run_id,
        "added": before.added + added,
        "rejected": before.rejected + rejected,
    }
    if outcome == "failed":
        changes |= {
            "failures": before.failures + 1,
            "broken_code": code,
            "broken_params": words,
            "broken_since": micros(before.broken_since or now),
        }
    else:
        changes |= {"failures": 0, "broken_since": None, "last_good": micros(now)}
        changes |= {"recovered_at": micros(now)} if before.broken_since else {}
        changes |= {"payload_hash": payload_hash} if payload_hash else {}
        changes |= {"watermark": watermark} if watermark is not None else {}
    connection.execute(
        update(source_state).where(source_state.c.source_id == source_id).values(changes)
    )
    return before


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


def refused_before(
    connection: Connection, source_id: int, payload_hash: str
) -> tuple[Refusal, ...]:
    """What was refused when this very delivery of the source was last read in full."""
    query = (
        select(run.c.run_id)
        .where(
            run.c.source_id == source_id,
            run.c.payload_hash == payload_hash,
            run.c.outcome == "partial",
        )
        .order_by(run.c.run_id.desc())
        .limit(1)
    )
    run_id = connection.execute(query).scalar()
    return () if run_id is None else rejections(connection, run_id, KEPT_REJECTIONS)


def state(connection: Connection, source_id: int) -> SourceState:
    """Where one source stands; an empty state when it never ran."""
    return states(connection, [source_id]).get(source_id, SourceState(source_id))


def states(connection: Connection, source_ids: Iterable[int]) -> dict[int, SourceState]:
    """Where the given sources stand."""
    query = select(source_state).where(source_state.c.source_id.in_(list(source_ids)))
    return {
        row.source_id: SourceState(
            row.source_id,
            row.watermark,
            row.payload_hash,
            _moment(row.last_good),
            _moment(row.broken_since),
            _moment(row.recovered_at),
            row.broken_code,
            json.loads(row.broken_params),
            row.failures,
            _moment(row.next_run),
            row.last_run_id,
            row.added,
            row.rejected,
        )
        for row in connection.execute(query)
    }


def plan_next(engine: Engine, source_id: int, when: datetime | None) -> None:
    """Note when a source is due next."""
    with writing(engine) as connection:
        connection.execute(
            update(source_state)
            .where(source_state.c.source_id == source_id)
            .values(next_run=micros(when) if when else None)
        )


def recent_runs(connection: Connection, source_id: int, limit: int) -> tuple[RunFact, ...]:
    """The newest runs of a source, newest first."""
    query = (
        select(run).where(run.c.source_id == source_id).order_by(run.c.run_id.desc()).limit(limit)
    )
    return tuple(_fact(row) for row in connection.execute(query))


def last_runs(connection: Connection, states: Iterable[SourceState]) -> dict[int, RunFact]:
    """The newest finished run of each source, by source."""
    ids = [one.last_run_id for one in states if one.last_run_id is not None]
    rows = connection.execute(select(run).where(run.c.run_id.in_(ids)))
    return {row.source_id: _fact(row) for row in rows}


def _fact(row: object) -> RunFact:
    got = row._mapping  # type: ignore[attr-defined]
    return RunFact(
        got["run_id"],
        got["source_id"],
        moment(got["started_at"]),
        _moment(got["finished_at"]),
        got["outcome"],
        got["read"],
        got["added"],
        got["unchanged"],
        got["rejected"],
        got["code"],
        json.loads(got["params"]),
    )


def beat(engine: Engine, now: datetime) -> None:
    """Say that the poller lives.

    An embedded database has one writer, and a large delivery may hold it longer than the walls
    wait; there the beat is the time stamp of a file beside the database.
    """
    file = database_file(engine)
    if file is not None:
        fresh = file.with_suffix(".beat.new")
        fresh.write_text(str(micros(now)), encoding="ascii")
        fresh.replace(file.with_suffix(".beat"))
        return
    with engine.begin() as connection:
        done = connection.execute(
            update(heartbeat).where(heartbeat.c.name == "poller").values(beat_at=micros(now))
        )
        if not done.rowcount:
            connection.execute(insert(heartbeat).values(name="poller", beat_at=micros(now)))


def poller_seen(connection: Connection) -> datetime | None:
    """When the poller last said that it lives."""
    file = database_file(connection.engine)
    if file is None:
        query = select(heartbeat.c.beat_at).where(heartbeat.c.name == "poller")
        return _moment(connection.execute(query).scalar())
    try:
        return moment(int(file.with_suffix(".beat").read_text(encoding="ascii")))
    except (OSError, ValueError):
        return None


def _moment(value: int | None) -> datetime | None:
    return None if value is None else moment(value)


def utc_now() -> datetime:
    """The clock of the program; everything else takes the clock as an argument."""
    return datetime.now(UTC)


def current_version(engine: Engine) -> int:
    """The newest data version, in a transaction of its own."""
    with reading(engine) as connection:
        return data_version(connection)
