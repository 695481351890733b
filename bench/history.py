"""A store filled with synthetic history through the product's own write path."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from sqlalchemy import Engine, insert

from ioc.domain.period import Period
from ioc.domain.unit import Level
from ioc.domain.units import Units
from ioc.store import runs, versions
from ioc.store.engine import open_engine, writing
from ioc.store.migration import migrate
from ioc.store.observations import Fact, Key, append
from ioc.store.reference import SourceFact, sync_sources, unit
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
    day = LAST.start
    communes = units.ids_by_level(Level.COMMUNE, day)
    count = indicators(observations, len(communes))
    rule = Rule(adds=True, paired=True, counted=frozenset(communes))
    rules = dict.fromkeys(range(1, count + 1), rule)
    words = {"vi": "đo", "en": "bench"}
    with writing(engine) as connection:
        source = sync_sources(
            connection, [SourceFact(0, "bench", words, "bench", "", 100, True, True)]
        )["bench"]
        connection.execute(
            insert(unit),
            [{"unit_id": one, "key": units.by_id(one).key} for one in communes],
        )
    begun = time.perf_counter()
    written = 0
    for facts in _deliveries(communes, count):
        written += _deliver(engine, units, rules, source, facts)
    return engine, units, written, written / (time.perf_counter() - begun)


def _deliveries(communes: tuple[int, ...], count: int) -> Iterator[Mapping[Key, Fact]]:
    chance = random.Random(57)
    for number in range(1, count + 1):
        for first in range(0, MONTHS, 6):
            facts = {}
            for step in range(first, first + 6):
                period = LAST.shift(step - MONTHS + 1)
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
    facts: Mapping[Key, Fact],
) -> int:
    run_id = runs.start_run(engine, source.id, START)
    with writing(engine) as connection:
        recorded_at = versions.next_recorded_at(connection, START)
        done = append(
            connection,
            facts,
            source=source,
            ranks={source.id: source.rank},
            run_id=run_id,
            recorded_at=recorded_at,
        )
        apply(
            connection,
            done.winners,
            tree=units,
            rules=rules,
            illustrative=frozenset({source.id}),
            recorded_at=recorded_at,
        )
        versions.grow_version(connection, run_id, recorded_at)
        runs.finish_run(connection, run_id, source.id, now=START, outcome="ok", added=done.added)
    return done.added
