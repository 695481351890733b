"""DQ-01 is counted by the centre from the state of its own sources."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, select

from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.ingest.alive import alive, tell_alive
from ioc.ingest.intake import Intake
from ioc.store import slots, source_state
from ioc.store.engine import reading, writing
from ioc.store.own_source import OWN, own_source
from ioc.store.reference import SourceFact, sync_sources
from ioc.store.summary import summary

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def intake(engine: Engine, tmp_path: Path) -> Intake:
    units = Units.load()
    words = {"vi": "Nguồn", "en": "Source"}
    given = [
        SourceFact(0, name, words, "http_json", "60s", 100, True, True)
        for name in ("good", "late", "broken", "new")
    ]
    with writing(engine) as connection:
        facts = sync_sources(connection, [*given, own_source()])
        for name in ("good", "late", "broken"):
            source_state.ensure(connection, facts[name].id)
            source_state.change(connection, facts[name].id, last_good=NOW - timedelta(hours=1))
        source_state.change(connection, facts["broken"].id, broken_since=NOW - timedelta(hours=1))
        due = [NOW - timedelta(minutes=20)]
        slots.expect(connection, facts["good"].id, due, slots.ARRIVED)
        slots.expect(connection, facts["late"].id, due, slots.MISSED, "still_running")
    return Intake(
        engine=engine,
        catalogue=Catalogue.load(units=units),
        units=units,
        connectors={},
        client=lambda _: httpx.Client(),
        home=tmp_path,
        env={},
        now=lambda: NOW,
        owner="test",
        facts=facts,
    )


def test_a_source_lives_that_is_read_when_it_is_due(intake: Intake) -> None:
    with reading(intake.engine) as connection:
        assert alive(connection, intake, NOW) == (1, 4)


def told(intake: Intake) -> list[tuple[int, int, int]]:
    """Numerator, denominator and source of what stands for DQ-01."""
    with reading(intake.engine) as connection:
        rows = connection.execute(select(summary.c.num, summary.c.den, summary.c.source_id))
        return [tuple(row) for row in rows]


def test_the_figure_is_told_once_and_again_when_it_changes(intake: Intake) -> None:
    own = intake.facts[OWN].id
    assert tell_alive(intake) == 1
    assert told(intake) == [(1, 4, own)]
    assert tell_alive(intake) == 0
    with writing(intake.engine) as connection:
        source_state.change(connection, intake.facts["broken"].id, broken_since=None)
    assert tell_alive(replace(intake, now=lambda: NOW + timedelta(minutes=1))) == 1
    assert told(intake) == [(2, 4, own)]
