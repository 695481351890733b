"""A store filled with synthetic history through the product's own write path."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from sqlalchemy import Engine, insert

from ioc.domain.period import Period
from ioc.domain.unit import Level
from ioc.domain.units import Units
from ioc.store import runs, versions
from ioc.store.engine import open_engine, writing
from ioc.store.migration import migrate
from ioc.store.observations import Fact, Key, append
from ioc.store.reference import SourceFact, sources, sync_sources, unit
from ioc.store.sums import Rule, apply

MONTHS = 36
LAST = Period.month(2028, 6)
START = datetime(2026, 11, 22, tzinfo=UTC)


def indicators(observations: int, communes: int) -> int:
    """How many indicators of 36 months for every commune make so many observations."""
    return max(1, round(observations / (communes * MONTHS)))


def build(url: str, observations: int) -> tuple[Engine, Units, int, float]:
    """Fill a fresh database; returns engine, units, observations written and facts per second.

    Every indicator is a ratio reported by all communes in all months, so that every figure of a
    province, of the localities and of the nation is a sum.
    """
    units = Units.load()
    engine = open_engine(url)
    migrate(engine)
    communes = units.ids_by_level(Level.COMMUNE, LAST.start)
    with writing(engine) as connection:
        connection.execute(
            insert(unit),
            [{"unit_id": one, "key": units.by_id(one).key} for one in communes],
        )
    numbers = range(1, indicators(observations, len(communes)) + 1)
    begun = time.perf_counter()
    written = add(engine, units, numbers, LAST, MONTHS)
    return engine, units, written, written / (time.perf_counter() - begun)


def add(engine: Engine, units: Units, numbers: Iterable[int], last: Period, months: int) -> int:
    """Give every commune a figure of each indicator in so many months up to `last`.

    The indicators are told by their ids, the source stands behind all others. Returns how many
    observations were new.
    """
    communes = units.ids_by_level(Level.COMMUNE, last.start)
    rule = Rule(adds=True, paired=True, counted=frozenset(communes))
    words = {"vi": "Số liệu đo tải (minh họa)", "en": "Figures of the measurement (illustrative)"}
    mine = SourceFact(0, "bench-history", words, "bench", "", 900, True, True)
    with writing(engine) as connection:
        others = [one for one in sources(connection) if one.active]
        known = sync_sources(connection, [*others, mine])
    source, ranks = known[mine.name], {one.id: one.rank for one in known.values()}
    loose = frozenset(one.id for one in known.values() if one.illustrative)
    return sum(
        _deliver(engine, units, {number: rule}, source, ranks, loose, facts)
        for number in numbers
        for facts in _deliveries(communes, number, last, months)
    )


def _deliveries(
    communes: tuple[int, ...], number: int, last: Period, months: int
) -> Iterator[Mapping[Key, Fact]]:
    chance = random.Random(number)
    for first in range(0, months, 6):
        facts = {}
        for step in range(first, min(first + 6, months)):
            period = last.shift(step - months + 1)
            for one in communes:
                whole = chance.randrange(100, 900)
                key = Key(number, period.grain_key, period.key, one)
                facts[key] = Fact(chance.randrange(whole), whole)
        yield facts


def _deliver(
    engine: Engine,
    units: Units,
    rules: Mapping[int, Rule],
    source: SourceFact,
    ranks: Mapping[int, int],
    illustrative: frozenset[int],
    facts: Mapping[Key, Fact],
) -> int:
    run_id = runs.start_run(engine, source.id, START)
    with writing(engine) as connection:
        recorded_at = versions.next_recorded_at(connection, START)
        done = append(
            connection,
            facts,
            source=source,
            ranks=ranks,
            run_id=run_id,
            recorded_at=recorded_at,
        )
        apply(
            connection,
            done.winners,
            tree=units,
            rules=rules,
            illustrative=illustrative,
            recorded_at=recorded_at,
        )
        versions.grow_version(connection, run_id, recorded_at)
        runs.finish_run(connection, run_id, source.id, now=START, outcome="ok", added=done.added)
    return done.added
