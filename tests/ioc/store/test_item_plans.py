"""Lists of items seek their way through an index; acts of many people at once all count."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from ioc.domain.registers import Registers
from ioc.errors import StoreError
from ioc.store import item_past
from ioc.store.engine import reading, writing
from ioc.store.item_history import acts, versions
from ioc.store.item_lists import Choice, children, count, one, page
from ioc.store.item_tallies import tallies, totals
from ioc.store.items import act
from tests.ioc.store.itemising import PROVINCE, ROOT, Registry, real_units, said, works

DECLARED = Registers([works()])
WHITE = (("class", ("white",)),)
WORD = (("word", ("viec",)),)
QUESTIONS: dict[str, Callable[[Connection], object]] = {
    "page": lambda c: page(c, Choice(works().id), limit=5),
    "deep page": lambda c: page(c, Choice(works().id), limit=5, offset=900, newest_first=True),
    "of a unit": lambda c: page(c, Choice(works().id, PROVINCE, phases=(0,)), limit=5),
    "of a facet": lambda c: page(c, Choice(works().id, PROVINCE, filters=WHITE), limit=5),
    "of words": lambda c: page(c, Choice(works().id, filters=(*WHITE, *WORD)), limit=5),
    "due": lambda c: page(c, Choice(works().id, due_from=20260101, due_to=20261231), limit=5),
    "count": lambda c: count(c, Choice(works().id, PROVINCE, filters=(*WHITE, *WORD))),
    "one": lambda c: one(c, works().id, "A1"),
    "children": lambda c: children(c, works().id, ("A1", "A2"), limit=5),
    "tallies": lambda c: tallies(c, works().id, [ROOT, PROVINCE], ["state", "cell5"]),
    "totals": lambda c: totals(c, works().id, [ROOT], "due", values_to="20261121"),
    "stood": lambda c: item_past.one(c, works().id, "A1", known_at=1 << 50, registers=DECLARED),
    "history": lambda c: (versions(c, 1), acts(c, 1)),
}


@pytest.fixture
def registry(engine: Engine) -> Registry:
    registry = Registry(engine).prepare()
    registry.take([said(f"A{at}", colour="white" if at % 2 else "grey") for at in range(40)])
    return registry


def test_no_question_scans_a_table(registry: Registry) -> None:
    for question in QUESTIONS.values():
        asked: list[tuple[str, Any]] = []

        def listen(
            _: object, __: object, statement: str, given: Any, *___: object, asked: Any = asked
        ) -> None:
            asked.append((statement, given))

        with reading(registry.engine) as connection:
            event.listen(connection, "before_cursor_execute", listen)
            question(connection)
            event.remove(connection, "before_cursor_execute", listen)
            assert asked
            if connection.dialect.name != "sqlite":
                continue  # PostgreSQL rightly scans what is small
            plans = [
                row[3]
                for statement, given in asked
                for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
            ]
        assert any("SEARCH" in step for step in plans)
        for bad in ("SCAN item_", "SCAN register_", "item_version_register (register_id=?)"):
            assert not [step for step in plans if bad in step], plans


def test_of_people_who_act_at_once_none_is_lost(registry: Registry) -> None:
    def add_home(number: int) -> bool:
        with writing(registry.engine) as connection:
            found = one(connection, works().id, "A1")
            assert found is not None
            homes = found.fields.get("homes", 0) + 1
            act(
                connection, works(), real_units(), found.item_id, by=f"người {number}",
                by_id=str(number), at=registry.moment, why="thêm một hộ", changes={"homes": homes},
            )  # fmt: skip
        return True

    with ThreadPoolExecutor(4) as people:
        assert all(people.map(add_home, range(12)))
    with reading(registry.engine) as connection:
        found = one(connection, works().id, "A1")
        assert found is not None
        assert found.fields["homes"] == 12
        told = acts(connection, found.item_id)
        assert len({a.at for a in told}) == len(told) == 12
        whole = tallies(connection, works().id, [ROOT], ["all"])
        assert (whole[0].items, whole[0].sums[0]) == (40, 12)


def test_of_two_who_saw_the_same_the_second_is_told(registry: Registry) -> None:
    with reading(registry.engine) as connection:
        found = one(connection, works().id, "A1")
    assert found is not None
    registry.act("A1", to_state="busy", seen=found.recorded_at)
    with pytest.raises(StoreError) as told:
        registry.act("A1", to_state="ready", seen=found.recorded_at)
    assert told.value.code == "item_changed"
