"""Ten thousand slots under a clock that steps, with pollers that die and pollers that sleep."""

from __future__ import annotations

import dataclasses
import json
import random
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import httpx
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Engine, event, func, select

from bench.faults import body
from bench.postgres import Postgres, programs
from bench.truth import look
from ioc import home
from ioc.ingest.connector import Batch, Outcome, Payload, Record, Tools
from ioc.ingest.intake import Intake
from ioc.ingest.scheduler import open_intake
from ioc.ingest.source import load_sources
from ioc.ingest.work import tick
from ioc.settings import Settings
from ioc.store.engine import reading
from ioc.store.runs import run
from ioc.store.slots import slot

SOURCES = 10
POLLERS = 4
EVERY = 10
"""Seconds between two slots of a source, on the simulated clock."""
_SOURCE = """\
name: nguon-{at}
title: {{vi: "Nguồn {at}", en: "Source {at}"}}
connector: imagined
illustrative: true
schedule: {{every: {every}s}}
timeout: 20s
misfire: {{policy: each, grace: 1d, at_most: 500}}
breaker: {{failures: 1000}}
mapping:
  unit: {{code: ma, system: nso}}
  period: {{constant: "2024-{month:02d}"}}
  values: [{{indicator: OPS-06, value: so}}]
"""


class Died(BaseException):
    """A poller ends here: nothing of it runs on, as after kill -9."""


class World:
    """The clock everybody reads, the four pollers, and what befalls them."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.now = datetime(2026, 1, 5, tzinfo=UTC)
        self.version = 0
        self.happened: Counter[str] = Counter()
        self.pollers: list[Intake] = []
        self._life = 0
        self._left: int | None = None
        self._asleep = False
        self.rested = False

    def join(self, intake: Intake) -> None:
        """Let a new poller of another machine begin."""
        self._life += 1
        owner = f"elsewhere:{self._life}"
        self.pollers.append(
            dataclasses.replace(
                intake, owner=owner, now=lambda: self.now, memory={}, left={}, client=_nobody
            )
        )

    def step(self) -> None:
        """Move the clock on, mostly by a little; now and then it is set back or ahead."""
        drawn = self.chance.random()
        if drawn < 0.001:
            self.now -= timedelta(hours=1)
            self.happened["clock set back by an hour"] += 1
        elif drawn < 0.002:
            self.now += timedelta(minutes=self.chance.randint(5, 10))
            self.happened["clock set ahead"] += 1
        else:
            self.now += timedelta(seconds=self.chance.uniform(1, 6))

    def look(self) -> None:
        """One poller looks for work; one in ten dies at some statement of it."""
        at = self.chance.randrange(len(self.pollers))
        self._left = self.chance.randint(1, 60) if self.chance.random() < 0.1 else None
        try:
            tick(self.pollers[at])
        except Died:
            self.happened["pollers died"] += 1
            dead = self.pollers.pop(at)
            self.join(dead)
        finally:
            self._left = None

    def statement(self, *_: Any) -> None:
        """Called before each statement: a poller may end at any of them."""
        if self._left is None or self._asleep:
            return
        self._left -= 1
        if self._left == 0:
            raise Died

    def sleep(self) -> None:
        """Sometimes a poller sleeps while it fetches, past its lease; the others go on."""
        if self._asleep or self.rested or self.chance.random() > 0.002:
            return
        self._asleep = True
        self.happened["pollers slept past their lease"] += 1
        self.now += timedelta(seconds=120)
        for other in self.pollers:
            tick(other)
        self._asleep = False


class _Config(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Imagined:
    """A connector whose every delivery is whole and carries a number of its own."""

    name: ClassVar[str] = "imagined"
    Config: ClassVar[type[BaseModel]] = _Config

    def __init__(self, world: World) -> None:
        self._world = world

    def fetch(self, config: _Config, tools: Tools) -> Batch:
        """The next delivery."""
        self._world.version += 1
        content = body(self._world.version)
        self._world.sleep()
        records = [Record(str(at), one) for at, one in enumerate(json.loads(content), 1)]
        return Batch(records, [Payload("imagined", content, "application/json")])

    def finish(self, config: _Config, batch: Batch, outcome: Outcome, tools: Tools) -> None:
        """Nothing to clear up."""


def measure(*, slots: int = 10_000, seed: int = 1) -> bool:
    """So many slots on SQLite and on PostgreSQL; True when each had exactly one effective run."""
    bin = programs()
    if bin is None:
        raise SystemExit("PostgreSQL is not installed")
    with tempfile.TemporaryDirectory() as folder:
        held = _simulate("SQLite", f"sqlite:///{folder}/ioc.sqlite", slots, seed)
    with Postgres.made(bin) as server:
        held &= _simulate("PostgreSQL", server.url, slots, seed)
    return held


def _simulate(name: str, url: str, slots: int, seed: int) -> bool:
    world = World(seed)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        intake = _intake(Path(folder), url, world)
        engine = intake.engine
        event.listen(engine, "before_cursor_execute", world.statement)
        for _ in range(POLLERS):
            world.join(intake)
        while _count(engine) < slots:
            for _ in range(200):
                world.step()
                world.look()
        _settle(world)
        found = look(engine)
        states, runs = _slots(engine)
        engine.dispose()
    once = sum(count == 1 for count in runs)
    print(
        f"{name}: {len(runs)} slots, {once} with exactly one effective run; states"
        f" {dict(states)}; {found.committed} runs committed, {found.cut} cut off;"
        f" {time.monotonic() - begun:.0f} s"
    )
    print("  " + ", ".join(f"{what} {count}" for what, count in world.happened.items()))
    for what, count in found.wrong.items():
        print(f"  {what}: {count}")
    return once == len(runs) >= slots and not any(found.wrong.values())


def _settle(world: World) -> None:
    """Nobody dies or sleeps any more and no time passes but that of a lease: the rest is done."""
    world.rested = True
    world.now += timedelta(seconds=120)
    while sum(len(tick(one)) for one in world.pollers):
        pass


def _intake(place: Path, url: str, world: World) -> Intake:
    home.fill(place, demo=False)
    for old in (place / "sources").glob("*.yaml"):
        old.unlink()
    settings = Settings(home=place, demo=False, secret_key="k" * 40, database_url=url)
    intake = open_intake(settings, {})
    for at in range(SOURCES):
        text = _SOURCE.format(at=at, every=EVERY, month=at + 1)
        (place / "sources" / f"{at}.yaml").write_text(text, encoding="utf-8")
    connectors = {"imagined": Imagined(world)}
    sources = {one.name: one for one in load_sources(place, {}, connectors)}
    made = dataclasses.replace(
        intake, connectors=connectors, sources=sources, now=lambda: world.now, facts={}
    )
    made.prepare()
    return made


def _nobody(_: object) -> Any:
    """The client of a source that asks nobody."""
    return httpx.Client(trust_env=False, verify=False)


def _count(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(slot)).scalar_one())


def _slots(engine: Engine) -> tuple[Counter[str], list[int]]:
    """How many slots are in each state, and for each how many runs were effective."""
    effective = (
        select(run.c.source_id, run.c.due_at, func.count().label("times"))
        .where(run.c.outcome.in_(("ok", "partial", "unchanged")))
        .group_by(run.c.source_id, run.c.due_at)
        .subquery()
    )
    query = select(slot.c.state, func.coalesce(effective.c.times, 0)).select_from(
        slot.outerjoin(
            effective,
            (effective.c.source_id == slot.c.source_id) & (effective.c.due_at == slot.c.due_at),
        )
    )
    with reading(engine) as connection:
        rows = connection.execute(query).all()
    return Counter(row[0] for row in rows), [int(row[1]) for row in rows]
