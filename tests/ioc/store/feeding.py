"""A small tree of units and a way to feed facts, shared by the tests of the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, delete

from ioc.store.engine import micros, writing
from ioc.store.observations import Appended, Fact, Key, append
from ioc.store.reference import SourceFact, sync_sources
from ioc.store.runs import finish_run, start_run
from ioc.store.schema import metadata
from ioc.store.sums import Rule, apply
from ioc.store.versions import grow_version, next_recorded_at

START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

# vn(1) › local(2) › provinces 10, 11; 10 came of 20 and 21; communes 100, 101 of 10; 110 of 11
ABOVE = {1: None, 2: 1, 10: 2, 11: 2, 20: 10, 21: 10, 100: 10, 101: 10, 110: 11}
PROVINCES = frozenset({10, 11, 20, 21})
RATIO, COUNT, SCORE = 1, 2, 3
RULES = {
    RATIO: Rule(adds=True, paired=True, counted=PROVINCES),
    COUNT: Rule(adds=True, paired=False, counted=PROVINCES),
    SCORE: Rule(adds=False, paired=False, counted=PROVINCES),
}
MONTH = 3


class SmallTree:
    """The units above, as `apply` needs them."""

    def roll_up(self, unit_id: int) -> int | None:
        return ABOVE[unit_id]

    def chain(self, unit_id: int) -> tuple[int, ...]:
        above = ABOVE[unit_id]
        return () if above is None else (above, *self.chain(above))


@dataclass
class Feed:
    """Feeds facts as runs of two sources: `real` (rank 10) and `demo` (rank 100, illustrative)."""

    engine: Engine
    moment: datetime = START
    sources: dict[str, SourceFact] = field(default_factory=dict)

    def prepare(self) -> Feed:
        with writing(self.engine) as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(delete(table))
            words = {"vi": "nguồn", "en": "source"}
            self.sources = sync_sources(
                connection,
                [
                    SourceFact(0, "real", words, "file_drop", "60s", 10, False, True),
                    SourceFact(0, "demo", words, "http_json", "60s", 100, True, True),
                ],
            )
        return self

    def run(self, facts: Mapping[Key, Fact], source: str = "demo") -> tuple[Appended, int]:
        """One run, as the product does it; returns what was appended and its recorded_at."""
        self.moment += timedelta(seconds=60)
        fact = self.sources[source]
        run_id = start_run(self.engine, fact.id, self.moment)
        with writing(self.engine) as connection:
            recorded_at = next_recorded_at(connection, self.moment)
            done = self.write(connection, facts, fact, run_id, recorded_at)
            finish_run(connection, run_id, fact.id, now=self.moment, outcome="ok")
        return done, recorded_at

    def write(
        self,
        connection: Connection,
        facts: Mapping[Key, Fact],
        source: SourceFact,
        run_id: int,
        recorded_at: int,
    ) -> Appended:
        done = append(
            connection,
            facts,
            source=source,
            ranks={one.id: one.rank for one in self.sources.values()},
            run_id=run_id,
            recorded_at=recorded_at,
        )
        apply(
            connection,
            done.winners,
            tree=SmallTree(),
            rules=RULES,
            illustrative=frozenset(s.id for s in self.sources.values() if s.illustrative),
            recorded_at=recorded_at,
        )
        if done.added:
            grow_version(connection, run_id, recorded_at)
        return done


def now_key(feed: Feed) -> int:
    """The feed's present moment in the store's numbers."""
    return micros(feed.moment)
