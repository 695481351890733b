"""Whatever sequence of deliveries and decisions: one value stands, and the past stays as it was."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from support.taking import deliver, described, intake_of, row

from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.errors import DecisionError
from ioc.ingest.decide import confirm, refuse
from ioc.ingest.intake import Intake
from ioc.store import held
from ioc.store.engine import micros, reading
from ioc.store.observations import Key, as_reported
from ioc.store.summary import read_cells
from tests.conftest import Clock

CODES = ("01", "04", "38")
MONTH, JULY, STEPS, LIMIT = 3, 2025007, 24, 10
Value = tuple[int, int]


@dataclass
class Model:
    """What ought to be: the value that stands, the open one and the refused ones of each unit."""

    stands: dict[str, Value] = field(default_factory=dict)
    waits: dict[str, Value] = field(default_factory=dict)
    refused: set[tuple[str, Value]] = field(default_factory=set)

    def deliver(self, code: str, value: Value) -> None:
        """A delivery of one figure."""
        old = self.stands.get(code)
        if old is None or value == old or not jumps(value, old):
            self.stands[code] = value
            self.waits.pop(code, None)
        elif (code, value) not in self.refused:
            self.waits[code] = value


def jumps(new: Value, old: Value) -> bool:
    """Whether one of the two numbers moved more than tenfold; below one counts as one."""
    pairs = [(max(a, b, 1), max(min(a, b), 1)) for a, b in zip(new, old, strict=True)]
    return any(more > LIMIT * less for more, less in pairs)


def seen(intake: Intake, known_at: int | None) -> dict[str, Any]:
    """Everything that can be asked about July: figures, their sum, and which are held."""
    indicator_id = intake.catalogue.by_code("OPS-02").id
    ids = {code: intake.units.by_key(code).id for code in CODES}
    local = intake.units.by_key("local")
    keys = [Key(indicator_id, MONTH, JULY, one) for one in ids.values()]
    with reading(intake.engine) as connection:
        said = as_reported(
            connection,
            indicator_ids=[indicator_id],
            unit_ids=ids.values(),
            ranks=intake.ranks,
            known_at=known_at,
        )
        cells = read_cells(
            connection,
            parent_ids=[intake.units.roll_up(local.id) or 0],
            indicator_ids=[indicator_id],
            grain=MONTH,
            first=JULY,
            last=JULY,
            unit_ids=[local.id],
            known_at=known_at,
        )
        marks = held.held_of(connection, keys, known_at)
    return {
        "stands": {code: said[key].fact[:2] for code, key in zip(ids, keys, strict=True)
                   if key in said},
        "sum": [(one.num, one.den, one.leaves) for one in cells],
        "held": sorted(code for code, one in ids.items() if (*keys[0][:3], one) in marks),
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_sequences(
    engine: Engine, units: Units, catalogue: Catalogue, clock: Clock, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    contract = {"max_jump": {"times": LIMIT}}
    intake = intake_of(engine, units, catalogue, clock, tmp_path, described(contract=contract))
    model = Model()
    moments: list[tuple[int, dict[str, Any]]] = []
    for _ in range(STEPS):
        clock.advance(seconds=60)
        act(intake, model, chance)
        now = seen(intake, None)
        assert now["stands"] == model.stands
        assert now["held"] == sorted(model.waits)
        total = [sum(part) for part in zip(*model.stands.values(), strict=True)]
        assert now["sum"] == ([(*total, len(model.stands))] if model.stands else [])
        moments.append((micros(clock()) + 1_000_000, now))
    with reading(engine) as connection:
        assert held.count_open(connection, intake.facts["portal"].id) == len(model.waits)
    for moment, answer in moments:
        assert seen(intake, moment) == answer


def act(intake: Intake, model: Model, chance: random.Random) -> None:
    """One step by chance: a delivery of some units, or a decision, sometimes a second one."""
    with reading(intake.engine) as connection:
        entries = held.open_held(connection)
        ended = held.decided_held(connection)
    kind = chance.choice(["deliver", "deliver", "confirm", "refuse", "again"])
    if kind == "again" and ended:
        with pytest.raises(DecisionError):
            chance.choice([confirm, refuse])(intake, chance.choice(ended).id, "Ai đó", "")
        return
    if kind in ("confirm", "refuse") and entries:
        entry = chance.choice(entries)
        code = intake.units.by_id(entry.doubt.key.unit_id).key
        (confirm if kind == "confirm" else refuse)(intake, entry.id, "Lê Thị Hoa", "")
        value = model.waits.pop(code)
        if kind == "confirm":
            model.stands[code] = value
        else:
            model.refused.add((code, value))
        return
    given = {
        code: (scale * chance.randint(1, 3), scale * 5)
        for code in chance.sample(CODES, chance.randint(1, 3))
        for scale in [chance.choice([1, 4, 1000])]
    }
    deliver(intake, [row(code, *value) for code, value in given.items()])
    for code, value in given.items():
        model.deliver(code, value)
