"""Items are kept as versions: only what is new is written, and one version stands."""

from __future__ import annotations

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from sqlalchemy import Engine, func, select

from ioc.domain.registers import Registers
from ioc.errors import StoreError
from ioc.store import item_derived, item_past
from ioc.store.engine import reading
from ioc.store.item_history import acts, versions
from ioc.store.item_lists import Choice, Now, count, one, page
from ioc.store.item_tallies import tallies, totals
from ioc.store.items import Kept
from ioc.store.register_tables import item_version
from tests.ioc.store.itemising import OTHER_PROVINCE, PROVINCE, ROOT, Registry, said, works


@pytest.fixture
def registry(engine: Engine) -> Registry:
    return Registry(engine).prepare()


def keys(registry: Registry, **asked: object) -> list[str]:
    with reading(registry.engine) as connection:
        choice = Choice(works().id, **asked)  # type: ignore[arg-type]
        return [now.key for now in page(connection, choice, limit=100)]


def find(registry: Registry, key: str, known_at: int | None = None) -> Now | None:
    with reading(registry.engine) as connection:
        if known_at is None:
            return one(connection, works().id, key)
        return item_past.one(
            connection, works().id, key, known_at=known_at, registers=Registers([works()])
        )


def state(registry: Registry, key: str, known_at: int | None = None) -> str | None:
    found = find(registry, key, known_at)
    return found.state if found else None


def test_only_what_is_new_is_written(registry: Registry) -> None:
    assert registry.take([said("A"), said("B")])[0] == Kept(2, 0, 0)
    again, _ = registry.take([said("A"), said("B", valid_from=date(2026, 11, 9))])
    assert not again.moved
    assert registry.take([said("A"), said("B", state="busy")])[0] == Kept(0, 1, 0)
    with reading(registry.engine) as connection:
        assert connection.scalar(select(func.count()).select_from(item_version)) == 3


def test_lists_follow_due_dates_and_facets(registry: Registry) -> None:
    registry.take(
        [
            said("late", due="2026-01-31", colour="white"),
            said("month", due="2026-03", unit_id=OTHER_PROVINCE, powers=["grid", "sun"]),
            said("none", due=None, shared=True, colour="white"),
            said("done", state="ready", due="2026-02-01", done="2026-02-03"),
        ]
    )
    assert keys(registry) == ["late", "done", "month", "none"]
    assert keys(registry, phases=(0,)) == ["late", "month", "none"]
    assert keys(registry, unit_id=PROVINCE) == ["late", "done", "none"]
    assert keys(registry, filters=(("class", ("white",)),), unit_id=PROVINCE) == ["late", "none"]
    assert keys(registry, filters=(("powers", ("sun", "grid")),)) == ["month"]
    assert keys(registry, filters=(("shared", ("true",)),)) == ["none"]
    assert keys(registry, due_from=20260201, due_to=20261231) == ["done", "month"]
    assert keys(registry, filters=(("word", ("VIÊC",)), ("word", ("mon",)))) == ["month"]
    assert keys(registry, filters=(("missing", ("due",)),)) == ["none"]
    with reading(registry.engine) as connection:
        backwards = page(connection, Choice(works().id), limit=2, newest_first=True)
        assert [now.key for now in backwards] == ["none", "month"]
        assert count(connection, Choice(works().id), most=2) == 3
        assert count(connection, Choice(works().id)) == 4
        march = one(connection, works().id, "month")
        assert march is not None
        assert march.due is not None
        assert (march.due.code, march.due_day) == ("2026-03", 20260331)


def test_an_item_without_a_unit_counts_at_the_root_only(registry: Registry) -> None:
    registry.take([said("A", unit_id=None, homes=5), said("B", homes=7, unit_id=99_999_999)])
    with reading(registry.engine) as connection:
        found = tallies(connection, works().id, [ROOT, PROVINCE], ["all", "missing"])
    assert [(one.unit_id, one.facet, one.value, one.items, one.sums[0]) for one in found] == [
        (ROOT, "all", "", 2, 12),
        (ROOT, "missing", "", 2, 12),
        (ROOT, "missing", "unit", 1, 5),
    ]
    assert keys(registry, filters=(("missing", ("unit",)),)) == ["A"]


def test_totals_that_are_not_the_sum_of_their_parts_are_marked(registry: Registry) -> None:
    registry.take(
        [
            said("equal", total=412383, state_part=46000, local_part=366383),
            said("other", total=412383, state_part=46000, local_part=366000),
            said("open", total=412383, state_part=46000),
        ]
    )
    found = find(registry, "other")
    assert found is not None
    assert found.differs == "total"
    assert keys(registry, filters=(("differs", ("total",)),)) == ["other"]


def test_overdue_is_added_up_by_unit(registry: Registry) -> None:
    registry.take(
        [
            said("A", due="2026-01-31", homes=2),
            said("B", due="2026-02-28", homes=3, unit_id=OTHER_PROVINCE),
            said("C", due="2026-12-31", homes=9),
            said("D", due=None),
        ]
    )
    with reading(registry.engine) as connection:
        late = totals(connection, works().id, [ROOT, PROVINCE], "due", values_to="20261121")
    assert [(one.unit_id, one.phase, one.items, one.sums[0]) for one in late] == [
        (ROOT, 0, 2, 5),
        (PROVINCE, 0, 1, 2),
    ]


def test_overdue_takes_whole_months_and_days_at_both_ends(registry: Registry) -> None:
    days = ["2025-12-31", "2026-01-01", "2026-01-31", "2026-02-10", "2026-03-31", "2026-04-01"]
    registry.take([said(day, due=day) for day in days] + [said("none", due=None)])
    bounds = [None, "20251231", "20260101", "20260131", "20260331", "20260401", "99999998"]
    with reading(registry.engine) as connection:
        for first in bounds:
            for last in bounds:
                found = totals(
                    connection, works().id, [ROOT], "due", values_from=first, values_to=last
                )
                due = [*(int(day.replace("-", "")) for day in days), 99999999]
                wanted = sum(int(first or 0) <= one <= int(last or 99999999) for one in due)
                assert sum(one.items for one in found) == wanted, (first, last)


def test_counts_are_exact_where_tallies_know_them(registry: Registry) -> None:
    registry.take(
        [said(f"A{at}", homes=at, colour="white" if at % 3 else None) for at in range(9)]
        + [said("B", unit_id=OTHER_PROVINCE, colour="grey", state="ready", due="2026-01-01")]
    )
    white = (("class", ("white",)),)
    with reading(registry.engine) as connection:
        for choice, wanted in (
            (Choice(works().id), 10),
            (Choice(works().id, PROVINCE, filters=white), 6),
            (Choice(works().id, OTHER_PROVINCE, filters=white), 0),
            (Choice(works().id, phases=(1, 2)), 1),
            (Choice(works().id, filters=(("class", ("white", "grey")),)), 7),
            (Choice(works().id, filters=(("unit", (str(PROVINCE), str(ROOT))),)), 10),
            (Choice(works().id, due_to=20260601), 1),
            (Choice(works().id, filters=(*white, ("state", ("new",)))), 6),
            (Choice(works().id, filters=(("word", tuple(f"a{at}" for at in range(60))),)), 9),
        ):
            assert count(connection, choice) == wanted
            assert len(page(connection, choice, limit=50)) == wanted
        assert count(connection, Choice(works().id, filters=white), most=3) == 4


def test_a_persons_act_stands_until_the_source_says_something_new(registry: Registry) -> None:
    registry.take([said("A", state="busy")])
    registry.act("A", to_state="ready", evidence="QĐ 12")
    done = find(registry, "A")
    assert done is not None
    assert (done.state, done.done) == ("ready", date(2026, 11, 22)), "done on the day of the act"
    assert registry.take([said("A", state="busy")])[0] == Kept()
    assert state(registry, "A") == "ready", "a source that repeats itself undoes nothing"
    again = said("A", state="busy", homes=4, valid_from=date(2026, 11, 22))
    assert registry.take([again])[0] == Kept(0, 1, 0)
    assert state(registry, "A") == "busy"
    with reading(registry.engine) as connection:
        told = [(a.kind, a.by, a.from_state, a.to_state) for a in acts(connection, done.item_id)]
        assert told == [("state", "Lan", "busy", "ready"), ("import", "one", "ready", "busy")]
        assert [v.run_id for v in versions(connection, done.item_id)] == [7, 0, 7]


def test_acts_check_moves_fields_and_reasons(registry: Registry) -> None:
    registry.take([said("A")])
    for wrong in (
        {"to_state": "off"},
        {"to_state": "new"},
        {"to_state": "nowhere"},
        {"changes": {"nothing": 1}},
        {"changes": {"due": "31/12/2026"}},
        {"changes": {"class": "blue"}},
        {"changes": {"homes": True}},
        {"changes": {"spot": [1, 2, 3]}},
        {"why": "  "},
        {"seen": 1},
    ):
        with pytest.raises(StoreError):
            registry.act("A", **wrong)
    registry.act("A", changes={"due": "2026-Q3", "spot": [1058000000, 210000000], "homes": None})
    found = find(registry, "A")
    assert found is not None
    assert (found.due_day, found.point) == (20260930, (1058000000, 210000000))
    registry.act("A", why="Ghi chú")
    with reading(registry.engine) as connection:
        assert [a.kind for a in acts(connection, found.item_id)] == ["edit", "note"]


def test_going_back_takes_the_day_of_completion_away(registry: Registry) -> None:
    registry.take([said("A", state="ready", done="2026-11-03")])
    registry.act("A", to_state="busy")
    found = find(registry, "A")
    assert found is not None
    assert (found.done, found.fields.get("done")) == (None, None)


def test_of_two_sources_the_smaller_rank_stands_then_the_newer(registry: Registry) -> None:
    registry.take([said("A", state="busy")], "real")
    registry.take([said("A", state="off")], "one")
    assert state(registry, "A") == "busy"
    registry.take([], "real", whole=True)
    assert state(registry, "A") == "off", "the better source speaks of it no more"
    registry.take([said("A", state="ready")], "two")
    assert state(registry, "A") == "ready"
    registry.take([], "one", whole=True)
    registry.take([], "two", whole=True)
    assert find(registry, "A") is None


def test_gone_and_back(registry: Registry) -> None:
    old = date(2026, 1, 5)
    _, first = registry.take([said("A", valid_from=old), said("B"), said("C")], whole=True)
    done, second = registry.take([said("A", valid_from=old)], whole=True, still=frozenset({"C"}))
    assert done == Kept(0, 0, 1)
    assert keys(registry) == ["A", "C"]
    _, third = registry.take([said("C")], whole=True)
    assert registry.take([said("A", valid_from=old)], later=timedelta(days=3))[0] == Kept(1, 0, 0)
    assert keys(registry) == ["A", "C"], "an old date of validity does not keep it away"
    assert registry.take([said("A", valid_from=old)])[0] == Kept()
    assert [state(registry, "A", at) for at in (first - 1, first, second, third)] == [
        None, "new", "new", None,
    ]  # fmt: skip


def test_what_is_learned_late_is_kept_and_does_not_stand(registry: Registry) -> None:
    registry.take([said("A", state="ready", valid_from=date(2026, 10, 1))])
    done, _ = registry.take([said("A", state="busy", valid_from=date(2026, 5, 1))])
    assert done == Kept(0, 1, 0)
    found = find(registry, "A")
    assert found is not None
    assert found.state == "ready"
    with reading(registry.engine) as connection:
        assert len(versions(connection, found.item_id)) == 2
        assert acts(connection, found.item_id) == ()


def test_of_one_key_said_twice_the_first_counts(registry: Registry) -> None:
    assert registry.take([said("A"), said("A", state="busy")])[0] == Kept(1, 0, 0)
    assert state(registry, "A") == "new"


def test_hostile_texts_are_kept_harmless(registry: Registry) -> None:
    strange = ["'; DROP TABLE item_now; --", "a\0b", "𝔘\ud800", "%_%", "x" * 200]
    registry.take([said(key, title=f"<b>{key}\0", person=key * 40) for key in strange])
    with reading(registry.engine) as connection:
        assert count(connection, Choice(works().id)) == 5
        assert one(connection, works().id, strange[0]) is not None
        assert one(connection, works().id, "a\0b") is not None
    for key in ("", "x" * 201, "\0"):
        with pytest.raises(StoreError):
            registry.take([said(key)])


def test_many_items_are_made_known_to_the_planner(registry: Registry) -> None:
    with patch.object(item_derived, "MANY_ITEMS", 3):
        assert registry.take([said(f"A{at}") for at in range(5)])[0] == Kept(5, 0, 0)
    if registry.engine.dialect.name == "postgresql":
        with reading(registry.engine) as connection:
            known = connection.exec_driver_sql(
                "SELECT reltuples FROM pg_class WHERE relname = 'item_now'"
            )
            assert known.scalar() == 5
    assert keys(registry) == [f"A{at}" for at in range(5)]


def test_a_huge_body_is_kept_whole(registry: Registry) -> None:
    registry.take([said("A", title="Đ" * 300_000)])
    found = find(registry, "A")
    assert found is not None
    assert len(found.title) == 500
    assert len(found.fields["title"]) == 300_000
