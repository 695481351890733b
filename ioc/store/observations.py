"""Observations: every figure ever learned, append-only, and the one now standing per source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    select,
)

from ioc.store.bulk import write
from ioc.store.engine import metadata
from ioc.store.reference import SourceFact, source_indicator

FEW = 250
"""Up to so many units are asked for by name; more are read as one clustered range."""


def _figure_columns() -> list[Column[Any]]:
    return [
        Column("num", BigInteger),
        Column("den", BigInteger),
        Column("val", BigInteger),
        Column("bound", SmallInteger, nullable=False),
        Column("state", SmallInteger, nullable=False),
        Column("citation_id", Integer),
        Column("run_id", BigInteger, nullable=False),
    ]


def _key_columns() -> list[Column[Any]]:
    return [
        Column("indicator_id", Integer, nullable=False),
        Column("grain", SmallInteger, nullable=False),
        Column("period", Integer, nullable=False),
        Column("unit_id", Integer, nullable=False),
        Column("breakdown", Text, nullable=False),
        Column("source_id", Integer, nullable=False),
        Column("recorded_at", BigInteger, nullable=False),
    ]


observation = Table(
    "observation",
    metadata,
    *_key_columns(),
    *_figure_columns(),
    PrimaryKeyConstraint(
        "indicator_id", "grain", "period", "unit_id", "breakdown", "source_id", "recorded_at"
    ),
    Index("observation_unit", "unit_id", "indicator_id"),
    sqlite_with_rowid=False,
)
standing = Table(
    "standing",
    metadata,
    *_key_columns(),
    *_figure_columns(),
    PrimaryKeyConstraint("indicator_id", "grain", "period", "unit_id", "breakdown", "source_id"),
    Index("standing_unit", "unit_id", "indicator_id"),
    sqlite_with_rowid=False,
)


_STANDING_KEY = ("indicator_id", "grain", "period", "unit_id", "breakdown", "source_id")
_COLUMNS = (
    *_STANDING_KEY, "recorded_at", "num", "den", "val", "bound", "state", "citation_id", "run_id",
)  # fmt: skip


class Key(NamedTuple):
    """What a figure is about, in the store's numbers (see Period.grain_key and Period.key)."""

    indicator_id: int
    grain: int
    period: int
    unit_id: int
    breakdown: str = ""


class Fact(NamedTuple):
    """What is said of a key: scaled whole numbers (`val` for bare rates in millionths, scores)."""

    num: int | None = None
    den: int | None = None
    val: int | None = None
    bound: int = 0
    state: int = 0
    citation_id: int | None = None


class Standing(NamedTuple):
    """A fact with the source that says it and when that was learned."""

    fact: Fact
    source_id: int
    recorded_at: int


@dataclass(frozen=True, slots=True)
class Appended:
    """What an append did: `winners` holds, per changed key, the fact that now stands."""

    added: int
    unchanged: int
    winners: Mapping[Key, Standing]


def append(
    connection: Connection,
    facts: Mapping[Key, Fact],
    *,
    source: SourceFact,
    ranks: Mapping[int, int],
    run_id: int,
    recorded_at: int,
) -> Appended:
    """Write what is new against what this source said last; the old rows stay.

    `ranks` gives every source's rank: where several state the same figure, the smallest rank
    stands, then the newest. Call inside `writing`.
    """
    rows: list[tuple[Any, ...]] = []
    winners: dict[Key, Standing] = {}
    stamp = (source.id, recorded_at)
    for slice_key, keys in _slices(facts).items():
        said = _standing(connection, slice_key, keys)
        for key in keys:
            fact = facts[key]
            others = said.get(key)
            fresh = Standing(fact, source.id, recorded_at)
            if others is None:
                winners[key] = fresh
            else:
                mine = others.get(source.id)
                if mine is not None and mine.fact == fact:
                    continue
                winners[key] = best({**others, source.id: fresh}.values(), ranks)
            rows.append((*key, *stamp, *fact, run_id))
    write(connection, observation, _COLUMNS, rows)
    write(connection, standing, _COLUMNS, rows, keys=_STANDING_KEY)
    pair = ("source_id", "indicator_id")
    delivered = [(source.id, one) for one in sorted({row[0] for row in rows})]
    write(connection, source_indicator, pair, delivered, keys=pair)
    return Appended(len(rows), len(facts) - len(rows), winners)


def _slices(facts: Iterable[Key]) -> dict[tuple[int, int, int], list[Key]]:
    slices: defaultdict[tuple[int, int, int], list[Key]] = defaultdict(list)
    for key in facts:
        slices[key[:3]].append(key)
    return slices


def best(standings: Iterable[Standing], ranks: Mapping[int, int]) -> Standing:
    """Which of several sources' figures is shown: the smallest rank, then the newest."""
    return min(standings, key=lambda one: (ranks[one.source_id], -one.recorded_at))


def _standing(
    connection: Connection, slice_key: tuple[int, int, int], keys: Sequence[Key]
) -> dict[Key, dict[int, Standing]]:
    indicator_id, grain, period = slice_key
    return stood(connection, indicator_id, grain, (period, period), {key.unit_id for key in keys})


def stood(
    connection: Connection,
    indicator_id: int,
    grain: int,
    periods: tuple[int, int],
    unit_ids: Collection[int],
) -> dict[Key, dict[int, Standing]]:
    """What every source last said of an indicator from the first to the last period key.

    Figures of other units may come too: more than FEW units are read as one clustered range.
    """
    table = standing.c
    query = select(standing).where(
        table.indicator_id == indicator_id,
        table.grain == grain,
        table.period.between(*periods) if periods[0] != periods[1] else table.period == periods[0],
    )
    if len(unit_ids) <= FEW:
        query = query.where(table.unit_id.in_(unit_ids))
    found: defaultdict[Key, dict[int, Standing]] = defaultdict(dict)
    for row in connection.execute(query):
        key = Key(indicator_id, grain, row.period, row.unit_id, row.breakdown)
        fact = Fact(row.num, row.den, row.val, row.bound, row.state, row.citation_id)
        found[key][row.source_id] = Standing(fact, row.source_id, row.recorded_at)
    return found


def history(connection: Connection, key: Key) -> tuple[Standing, ...]:
    """Every version of one figure by every source, oldest first."""
    table = observation.c
    query = (
        select(observation)
        .where(
            table.indicator_id == key.indicator_id,
            table.grain == key.grain,
            table.period == key.period,
            table.unit_id == key.unit_id,
            table.breakdown == key.breakdown,
        )
        .order_by(table.recorded_at)
    )
    return tuple(
        Standing(
            Fact(row.num, row.den, row.val, row.bound, row.state, row.citation_id),
            row.source_id,
            row.recorded_at,
        )
        for row in connection.execute(query)
    )


class Version(NamedTuple):
    """One row of history: a standing with the run that brought it."""

    stands: Standing
    run_id: int


def versions_of(
    connection: Connection, key: Key, *, known_at: int | None = None
) -> tuple[Version, ...]:
    """Every version of one figure by every source with its run, oldest first.

    `known_at` (microseconds) leaves out what was learned later.
    """
    table = observation.c
    query = select(observation).where(
        table.indicator_id == key.indicator_id,
        table.grain == key.grain,
        table.period == key.period,
        table.unit_id == key.unit_id,
        table.breakdown == key.breakdown,
    )
    if known_at is not None:
        query = query.where(table.recorded_at <= known_at)
    return tuple(
        Version(
            Standing(
                Fact(row.num, row.den, row.val, row.bound, row.state, row.citation_id),
                row.source_id,
                row.recorded_at,
            ),
            row.run_id,
        )
        for row in connection.execute(query.order_by(table.recorded_at, table.source_id))
    )


def as_reported(
    connection: Connection,
    *,
    indicator_ids: Iterable[int],
    unit_ids: Iterable[int],
    ranks: Mapping[int, int],
    known_at: int | None = None,
    grains: Iterable[int] | None = None,
    periods: tuple[int, int] | None = None,
    cited: bool = False,
) -> dict[Key, Standing]:
    """What units themselves reported, unsummed: the exact path over observations.

    `known_at` (microseconds) leaves out what was learned later; `cited` keeps published figures
    only; without `grains` figures of every grain come, without `periods` (the first and last
    key) those of all time.
    """
    table = observation.c if known_at is not None else standing.c
    query = select(*table).where(
        table.indicator_id.in_(list(indicator_ids)), table.unit_id.in_(list(unit_ids))
    )
    if grains is not None:
        query = query.where(table.grain.in_(list(grains)))
    if periods is not None:
        query = query.where(table.period.between(*periods))
    if known_at is not None:
        query = query.where(table.recorded_at <= known_at)
    if cited and known_at is None:
        query = query.where(table.citation_id.is_not(None))
    said: defaultdict[Key, dict[int, Standing]] = defaultdict(dict)
    for row in connection.execute(query):
        key = Key(row.indicator_id, row.grain, row.period, row.unit_id, row.breakdown)
        earlier = said[key].get(row.source_id)
        if earlier is None or earlier.recorded_at < row.recorded_at:
            fact = Fact(row.num, row.den, row.val, row.bound, row.state, row.citation_id)
            said[key][row.source_id] = Standing(fact, row.source_id, row.recorded_at)
    shown = {}
    for key, by_source in said.items():
        # Only now: a citation that its own source has since withdrawn is not what was known.
        left = [one for one in by_source.values() if not cited or one.fact.citation_id is not None]
        if left:
            shown[key] = best(left, ranks)
    return shown
