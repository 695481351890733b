"""Deliveries in a line: a source, an intake over a real store, and a run that takes rows in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine

from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.ingest.connector import Batch, Outcome, Payload, Record
from ioc.ingest.intake import Intake
from ioc.ingest.source import Source
from ioc.ingest.taking import Report, payload_hash, take
from ioc.store import leases

MAPPING: dict[str, Any] = {
    "locale": "plain",
    "percent": "percent",
    "unit": {"code": "code", "system": "nso"},
    "period": {"field": "period"},
    "values": [
        {"indicator": "OPS-02", "numerator": "num", "denominator": "den", "citation": "cited"},
        {"indicator": "OPS-06", "value": "late", "when": {"count": True}},
    ],
}


def described(name: str = "portal", **changes: Any) -> Source:
    """A source of OPS-02 (a rate) and OPS-06 (a count) with this contract and these changes."""
    return Source.model_validate(
        {
            "name": name,
            "title": {"vi": "Cổng", "en": "Portal"},
            "connector": "http_json",
            "schedule": {"every": "60s"},
            "illustrative": True,
            "mapping": MAPPING,
            "file": f"sources/{name}.yaml",
            **changes,
        }
    )


def intake_of(
    engine: Engine, units: Units, catalogue: Catalogue, clock: Any, home: Path, *sources: Source
) -> Intake:
    """An intake over this store for these sources."""
    intake = Intake(
        engine=engine,
        catalogue=catalogue,
        units=units,
        connectors={},
        client=lambda _: httpx.Client(trust_env=False),
        home=home,
        env={},
        now=clock,
        owner="one",
        sources={one.name: one for one in sources},
    )
    intake.prepare()
    return intake


def row(code: str, num: Any, den: Any, period: str = "2025-07", **more: Any) -> dict[str, Any]:
    """A record of OPS-02."""
    return {"code": code, "num": num, "den": den, "period": period, **more}


def late(code: str, value: Any, period: str = "2025-07", **more: Any) -> dict[str, Any]:
    """A record of OPS-06 alone."""
    return {"code": code, "num": None, "den": None, "late": value, "count": True,
            "period": period, **more}  # fmt: skip


def batch_of(rows: Sequence[dict[str, Any]]) -> Batch:
    """These records as a connector gives them."""
    content = json.dumps(rows, sort_keys=True).encode()
    records = (Record(f"item {place}", one) for place, one in enumerate(rows, 1))
    return Batch(records, [Payload("rows", content, "application/json")])


def deliver(
    intake: Intake, rows: Iterable[dict[str, Any]], name: str = "portal"
) -> tuple[Report, Outcome, int]:
    """Take these records in as one run; gives its report, what the connector hears, and its id."""
    source, fact = intake.sources[name], intake.facts[name]
    ticket = leases.begin(intake.engine, fact.id, intake.owner, intake.now(), 60)
    assert ticket is not None, "nobody else runs this source"
    batch = batch_of(list(rows))
    report, outcome, _ = take(intake, source, ticket, batch, payload_hash(source, batch))
    return report, outcome, ticket.run_id
