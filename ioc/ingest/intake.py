"""What every run needs besides its source: the store, what is declared, and who polls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine

from ioc.domain.catalogue import Catalogue
from ioc.domain.indicator import Indicator, OverUnits
from ioc.domain.measure import Kind
from ioc.domain.registers import Registers, packaged
from ioc.domain.units import Units
from ioc.errors import SourceConfigError
from ioc.ingest.connector import Connector
from ioc.ingest.mapping import Reader
from ioc.ingest.source import Source
from ioc.store.engine import writing
from ioc.store.item_rebuild import follow
from ioc.store.own_source import own_source
from ioc.store.reference import SourceFact, sync_names, sync_sources
from ioc.store.register_sources import counting_sources
from ioc.store.sums import Rule


@dataclass
class Intake:
    """Everything a run needs besides its source; `now` is the clock, `owner` names this poller.

    `memory` is what connectors keep between runs, by source. `left` holds the numbers of leases
    that this poller has and could not give back, by the source's id.
    """

    engine: Engine
    catalogue: Catalogue
    units: Units
    connectors: Mapping[str, Connector]
    client: Callable[[Source], httpx.Client]
    home: Path
    env: Mapping[str, str]
    now: Callable[[], datetime]
    owner: str
    sources: Mapping[str, Source] = field(default_factory=dict)
    facts: dict[str, SourceFact] = field(default_factory=dict)
    memory: dict[str, dict[str, Any]] = field(default_factory=dict)
    left: dict[int, int] = field(default_factory=dict)
    registers: Registers = field(default_factory=packaged)

    def prepare(self) -> None:
        """Record what ids and sources mean.

        Raises SourceConfigError for a source whose mapping or contract does not fit the catalogue
        or the units, and StoreError when an id changed its meaning.
        """
        for source in self.sources.values():
            Reader(source, self.catalogue, self.units, self.now(), self.registers)
        own = [*counting_sources(self.registers.all), own_source()]
        for one in own:
            if one.name in self.sources:
                raise SourceConfigError(
                    file=self.sources[one.name].file,
                    field="name",
                    given=one.name,
                    allowed="a name that is not a register's own",
                )
        with writing(self.engine) as connection:
            sync_names(
                connection,
                {one.id: one.code for one in self.catalogue.all},
                {one.id: one.key for one in self.units.all()},
            )
            self.facts = sync_sources(
                connection,
                [*own, *(_fact(source) for source in self.sources.values())],
            )
            follow(connection, self.registers.all, self.units)

    @cached_property
    def rules(self) -> Mapping[int, Rule]:
        """How each indicator combines over units, by its id."""
        return {one.id: _rule(one, self.units) for one in self.catalogue.all}

    @cached_property
    def counted(self) -> frozenset[int]:
        """The ids of the indicators that are counts or amounts."""
        kinds = (Kind.COUNT, Kind.AMOUNT)
        return frozenset(one.id for one in self.catalogue.all if one.kind in kinds)

    @property
    def ranks(self) -> dict[int, int]:
        """The rank of every source by its id."""
        return {fact.id: fact.rank for fact in self.facts.values()}

    @property
    def illustrative(self) -> frozenset[int]:
        """The ids of the sources whose figures are illustrative."""
        return frozenset(fact.id for fact in self.facts.values() if fact.illustrative)


def _fact(source: Source) -> SourceFact:
    return SourceFact(
        0,
        source.name,
        {"vi": source.title.vi, "en": source.title.en},
        source.connector,
        source.schedule.every or source.schedule.cron or "",
        source.rank,
        source.illustrative,
        active=True,
    )


def _rule(indicator: Indicator, units: Units) -> Rule:
    return Rule(
        adds=indicator.over_units is not OverUnits.NONE,
        paired=indicator.kind is Kind.RATIO,
        counted=frozenset(one.id for one in units.all() if one.level in indicator.reports),
    )
