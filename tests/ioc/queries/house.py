"""The real units and catalogue over a small store: tell figures, ask the three questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, event

from ioc.domain.catalogue import Catalogue
from ioc.domain.indicator import OverUnits
from ioc.domain.measure import Kind
from ioc.domain.period import Period
from ioc.domain.scope import Scope
from ioc.domain.units import Units
from ioc.domain.view import View
from ioc.queries.answers import Cell, IndicatorPage, Overview, UnitPage, UnitRef
from ioc.queries.desk import Desk
from ioc.queries.indicator_page import indicator_page
from ioc.queries.overview import overview
from ioc.queries.unit_page import unit_page
from ioc.settings import Settings
from ioc.store.engine import moment, reading, writing
from ioc.store.leases import take_lease
from ioc.store.observations import Fact, Key, append
from ioc.store.reference import SourceFact, citation_ids, sync_sources
from ioc.store.reference import sources as stored_sources
from ioc.store.runs import finish_run, start_run
from ioc.store.schema import metadata
from ioc.store.sums import Rule, apply
from ioc.store.versions import grow_version, next_recorded_at

BEGIN = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
EVERYTHING = Scope.all()


@dataclass(frozen=True)
class Said:
    """One figure as a source says it; `period` as in an address."""

    unit: str
    code: str
    period: str
    num: int | None = None
    den: int | None = None
    val: int | None = None
    bound: int = 0
    state: int = 0
    cite: str | None = None
    breakdown: str = ""


@dataclass(repr=False)
class House:
    """Feeds figures as runs of `real` (rank 10) and `demo` (rank 100, illustrative), and asks."""

    engine: Engine
    units: Units
    catalogue: Catalogue
    now: datetime = NOW
    clock: datetime = BEGIN
    sources: dict[str, SourceFact] = field(default_factory=dict)
    rules: dict[int, Rule] = field(default_factory=dict)

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        """What hypothesis prints of a failing example: not all units and rules."""
        printer.text("house")

    def prepare(self) -> House:
        """Empty the store and record what its numbers mean."""
        with writing(self.engine) as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(delete(table))
            words = {"vi": "Nguồn", "en": "Source"}
            facts = [
                SourceFact(0, "real", words, "file_drop", "60s", 10, False, True),
                SourceFact(0, "demo", words, "http_json", "60s", 100, True, True),
            ]
            sync_sources(connection, facts)
        return self.open()

    def open(self) -> House:
        """Take the store's sources as they are."""
        with reading(self.engine) as connection:
            self.sources = {one.name: one for one in stored_sources(connection)}
        for one in self.catalogue.all:
            self.rules[one.id] = Rule(
                adds=one.over_units is not OverUnits.NONE,
                paired=one.kind is Kind.RATIO,
                counted=frozenset(u.id for u in self.units.all() if u.level in one.reports),
            )
        return self

    def key(self, said: Said) -> Key:
        """What a figure is about, in the store's numbers."""
        indicator = self.catalogue.by_code(said.code)
        period = Period.parse(said.period, indicator.calendar)
        unit = self.units.by_key(said.unit)
        return Key(indicator.id, period.grain_key, period.key, unit.id, said.breakdown)

    def tell(self, *told: Said, source: str = "demo") -> datetime:
        """One run; returns when its figures were recorded."""
        self.clock += timedelta(minutes=1)
        fact = self.sources[source]
        take_lease(self.engine, fact.id, "test", self.clock, 60)
        run_id = start_run(self.engine, fact.id, self.clock)
        with writing(self.engine) as connection:
            words = citation_ids(connection, [one.cite for one in told if one.cite])
            facts = {
                self.key(one): Fact(
                    one.num, one.den, one.val, one.bound, one.state, words.get(one.cite or "")
                )
                for one in told
            }
            recorded_at = next_recorded_at(connection, self.clock)
            done = append(
                connection,
                facts,
                source=fact,
                ranks={one.id: one.rank for one in self.sources.values()},
                run_id=run_id,
                recorded_at=recorded_at,
            )
            apply(
                connection,
                done.winners,
                tree=self.units,
                rules=self.rules,
                illustrative=frozenset(one.id for one in self.sources.values() if one.illustrative),
                recorded_at=recorded_at,
            )
            if done.added:
                grow_version(connection, run_id, recorded_at)
            finish_run(connection, run_id, fact.id, now=self.clock, outcome="ok", added=done.added)
        return moment(recorded_at)

    @property
    def desk(self) -> Desk:
        """What the questions are asked with."""
        settings = Settings(home=Path("."))
        return Desk(self.engine, self.catalogue, self.units, settings, lambda: self.now)

    def overview(self, scope: Scope = EVERYTHING, **parts: str) -> Overview:
        """The overview at an address."""
        return overview(self.desk, View.from_address("/", **parts), scope)

    def unit(self, key: str, scope: Scope = EVERYTHING, **parts: str) -> UnitPage:
        """A unit's page at an address."""
        return unit_page(self.desk, View.from_address(f"/unit/{key}", **parts), scope)

    def indicator(self, code: str, scope: Scope = EVERYTHING, **parts: str) -> IndicatorPage:
        """An indicator's page at an address."""
        return indicator_page(self.desk, View.from_address(f"/indicator/{code}", **parts), scope)


def of(cells: Iterable[Cell], unit: str) -> Cell:
    """The cell of a unit."""
    return next(one for one in cells if one.unit.key == unit)


def about(cells: Iterable[Cell], code: str) -> Cell:
    """The cell of an indicator."""
    return next(one for one in cells if one.indicator.code == code)


def units_in(answer: object) -> Iterator[UnitRef]:
    """Every unit named anywhere in an answer."""
    if isinstance(answer, UnitRef):
        yield answer
    elif is_dataclass(answer):
        for one in fields(answer):
            yield from units_in(getattr(answer, one.name))
    elif isinstance(answer, dict):
        for key, value in answer.items():
            yield from units_in(key)
            yield from units_in(value)
    elif isinstance(answer, tuple | list):
        for one in answer:
            yield from units_in(one)


def pooled(pairs: Iterable[tuple[int, int]]) -> Fraction | None:
    """Sum over sum."""
    given = list(pairs)
    below = sum(den for _, den in given)
    return Fraction(sum(num for num, _ in given), below) if below else None


def counting(engine: Engine, ask: Callable[[], Any]) -> int:
    """How many statements a question sends to the database."""
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(sent)
