"""Sources whose connector answers what a test lays out, and pollers over one database."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar

import httpx
from pydantic import BaseModel
from sqlalchemy import Engine, text

from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.ingest.connector import Batch, Outcome, Payload, Record, Tools
from ioc.ingest.intake import Intake
from ioc.ingest.source import Source
from ioc.ingest.work import tick
from ioc.store import runs, slots, source_state
from ioc.store.engine import reading
from ioc.store.source_state import SourceState

Answer = list[dict[str, Any]] | Exception


class Config(BaseModel):
    """As a file writes it."""

    name: str = "portal"


@dataclass
class Asked:
    """A connector that gives each source its next answer, and else a figure that is new."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    spans: list[tuple[date, date] | None] = field(default_factory=list)
    more: dict[str, list[bool]] = field(default_factory=dict)
    meanwhile: Callable[[str], None] = lambda name: None
    name: ClassVar[str] = "asked"
    Config: ClassVar[type[BaseModel]] = Config

    def fetch(self, config: Any, tools: Tools) -> Batch:
        name = config["name"] if isinstance(config, dict) else config.name
        self.asked.append(name)
        self.spans.append(tools.span)
        self.meanwhile(name)
        given = self.answers.get(name, [])
        answer = given.pop(0) if given else [row(len(self.asked))]
        if isinstance(answer, Exception):
            raise answer
        left = self.more.get(name, [])
        return Batch(
            [Record(f"item {at}", one) for at, one in enumerate(answer, 1)],
            [Payload(name, json.dumps(answer, sort_keys=True).encode(), "application/json")],
            more=left.pop(0) if left else False,
        )

    def finish(self, config: Any, batch: Batch, outcome: Outcome, tools: Tools) -> None:
        """Nothing to clear up."""


def row(numerator: int, period: str = "2026-01", code: str = "38") -> dict[str, Any]:
    """One record of the connector."""
    return {"code": code, "num": numerator, "den": 1_000_000, "period": period}


def asked_source(name: str, **changes: Any) -> Source:
    """A source of that connector, every minute."""
    described = {
        "name": name,
        "title": {"vi": name, "en": name},
        "connector": "asked",
        "config": {"name": name},
        "schedule": {"every": "60s"},
        "illustrative": True,
        "mapping": {
            "locale": "plain",
            "unit": {"code": "code", "system": "nso"},
            "period": {"field": "period"},
            "values": [{"indicator": "OPS-02", "numerator": "num", "denominator": "den"}],
        },
    }
    return Source.model_validate({**described, **changes})


@dataclass
class Polled:
    """Pollers over one database that share a clock; each has its name."""

    engine: Engine
    clock: Any
    home: Path
    units: Units
    catalogue: Catalogue
    connector: Asked = field(default_factory=Asked)
    sources: dict[str, Source] = field(default_factory=dict)

    def declare(self, name: str = "portal", **changes: Any) -> Source:
        """Add a source before the first poller starts."""
        self.sources[name] = asked_source(name, **changes)
        return self.sources[name]

    def poller(self, owner: str = "one", clock: Any = None) -> Intake:
        """One more poller."""
        intake = Intake(
            engine=self.engine,
            catalogue=self.catalogue,
            units=self.units,
            connectors={"asked": self.connector},
            client=lambda _: httpx.Client(
                transport=httpx.MockTransport(lambda _: httpx.Response(500)), trust_env=False
            ),
            home=self.home,
            env={},
            now=clock or self.clock,
            owner=owner,
            sources=self.sources,
        )
        intake.prepare()
        return intake

    def tick(self, intake: Intake, **step: float) -> list[str]:
        """Move the clock on and look once; gives how the runs ended."""
        if step:
            self.clock.advance(**step)
        return [report.outcome for _, report in tick(intake)]

    def slots(self, name: str = "portal") -> list[tuple[str, str, str | None]]:
        """The slots of a source, oldest first: the time of day in Hà Nội, state and code."""
        with reading(self.engine) as connection:
            found = slots.recent(connection, self._id(name), 10_000)
        zone = self.clock().tzinfo
        return [
            (one.due.astimezone(zone).strftime("%H:%M:%S"), one.state, one.code)
            for one in reversed(found)
        ]

    def states(self, name: str = "portal") -> list[str]:
        """The states of a source's slots, oldest first."""
        return [state for _, state, _ in self.slots(name)]

    def state(self, name: str = "portal") -> SourceState:
        """Where a source stands."""
        with reading(self.engine) as connection:
            return source_state.state(connection, self._id(name))

    def runs(self, name: str = "portal") -> list[runs.RunFact]:
        """The runs of a source, oldest first."""
        with reading(self.engine) as connection:
            return list(reversed(runs.recent_runs(connection, self._id(name), 10_000)))

    def effective(self) -> dict[tuple[int, datetime], int]:
        """How many runs took effect, by source and slot."""
        found: dict[tuple[int, datetime], int] = {}
        for name in self.sources:
            for one in self.runs(name):
                if one.due is not None and one.outcome in ("ok", "unchanged", "partial"):
                    key = (one.source_id, one.due)
                    found[key] = found.get(key, 0) + 1
        return found

    def observations(self) -> int:
        """How many figures were ever written."""
        with self.engine.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM observation")).scalar_one())

    def _id(self, name: str) -> int:
        with self.engine.connect() as connection:
            query = text("SELECT source_id FROM source WHERE name = :name")
            return int(connection.execute(query, {"name": name}).scalar_one())
