"""The other forms of registers ask no more than they show, and what they count is right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ioc.domain.registers import packaged
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.errors import AddressError, NotAllowedError
from ioc.queries.register_board import board
from ioc.queries.register_map import cluster_at, lacking, places
from ioc.queries.register_people import people
from ioc.queries.register_sheet import Pooled, pooled, sheet
from ioc.queries.register_time import timeline
from ioc.queries.register_tree import tree
from ioc.store import source_state
from ioc.store.engine import writing
from tests.ioc.queries import register_samples as samples
from tests.ioc.queries.house import EVERYTHING, House


@pytest.fixture
def told(house: House) -> House:
    samples.fill(house.engine, house.units, house.sources["demo"].id)
    return house


def ask(house: House, question: Any, key: str, scope: Scope = EVERYTHING, **parts: Any) -> Any:
    view = View(page="register", register=key, **parts)
    return question(house.desk, view, scope, packaged().by_key(key))


def test_what_is_overdue_is_told_of_the_chosen_units_alone(told: House) -> None:
    everything = told.overview().late
    assert everything is not None
    parts = []
    for units in ("38", "31", "38,31"):
        late = told.overview(units=units).late
        assert late is not None
        assert {one.unit.key for one in late.items if one.unit} <= set(units.split(","))
        assert [one.late for one in late.items] == sorted(
            (o.late for o in late.items), reverse=True
        )
        parts.append(late.overdue)
    assert 0 < parts[0] + parts[1] == parts[2] < everything.overdue


def test_the_board_counts_every_state_and_shows_the_first_due(told: House) -> None:
    found = ask(told, board, "task")
    counts = {one.state.code: one.count for one in found.columns}
    assert counts == {
        "assigned": 20, "doing": 20, "waiting": 0, "paused": 0, "done": 20, "dropped": 0,
    }  # fmt: skip
    doing = next(one for one in found.columns if one.state.code == "doing")
    assert len(doing.rows) == 15
    assert [row.due for row in doing.rows] == sorted(row.due for row in doing.rows)
    assert found.stamp.illustrative


def test_the_board_of_a_filtered_list_counts_what_passes(told: House) -> None:
    found = ask(told, board, "task", person=samples.PEOPLE[0])
    assert {one.state.code: one.count for one in found.columns if one.count} == {"doing": 20}
    one_state = ask(told, board, "task", state="done")
    assert [one.state.code for one in one_state.columns] == ["done"]


def test_the_religion_database_has_slipped_from_its_due_day_to_today(told: House) -> None:
    found = ask(told, timeline, "milestone")
    first = found.rows[0]
    assert first.key == "MS-TG"
    assert first.slip == (samples.TODAY - datetime(2025, 10, 30, tzinfo=UTC).date()).days == 388
    assert first.late < first.slip
    keys = [row.key for row in found.rows]
    assert keys[-1] == "MS-IOC"
    assert "MS-14" not in keys, "nobody says whether it is still to be done"
    assert found.total.unknown == 1
    assert [row.key for row in found.done] == ["MS-KHO"]
    assert found.done[0].slip == 15


def test_weeks_add_up_to_what_is_due_in_them(told: House) -> None:
    found = ask(told, timeline, "task")
    assert len(found.weeks) == 21
    assert sum(one.done for one in found.weeks) == 20
    assert found.total.overdue == 20
    assert sum(one.overdue for one in found.weeks) <= found.total.overdue
    past = ask(told, timeline, "task", known_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert past.total.all == 0
    assert not past.rows


def test_people_are_counted_and_units_below_add_up(told: House) -> None:
    found = ask(told, people, "task")
    first = found.people[0]
    assert (first.name, first.open, first.overdue) == (samples.PEOPLE[0], 20, 20)
    assert found.whole
    assert found.looked == 40
    assert sum(one.open for one in found.units) == found.own.open == 40
    assert sum(one.overdue for one in found.units) == found.own.overdue
    assert found.own.incomplete == 6
    mine = ask(told, people, "task", unit="38")
    assert mine.own.all == 12


def test_in_time_is_told_of_what_had_a_due_date(told: House) -> None:
    day = "2026-10-31"
    ones = [
        ("NV-A", "38", "done", {"title": "A", "person": "Cường", "due": "2026-10", "done": day}),
        ("NV-B", "38", "doing", {"title": "B", "person": "Cường", "due": "2026-12-01"}),
        ("NV-C", "38", "done", {"title": "C", "person": "Cường", "done": "2026-10-05"}),
        ("NV-D", "38", "done", {"title": "D", "person": "Cường", "due": "2026-09-30",
                                "done": "2026-10-01"}),
    ]  # fmt: skip
    samples.tell(told.engine, told.units, "task", ones,
                 source_id=told.sources["real"].id, at=timedelta(minutes=5))  # fmt: skip
    (cuong,) = (one for one in ask(told, people, "task").people if one.name == "Cường")
    # One day of the month that is its due date is in time; without a due date nothing is said.
    assert (cuong.open, cuong.overdue, cuong.done) == (1, 0, 3)
    assert (cuong.in_time, cuong.dated) == (1, 2)


def test_the_tree_leads_from_the_resolution_to_the_plan(told: House) -> None:
    found = ask(told, tree, "directive")
    assert [(one.row.key, one.depth, one.days) for one in found.branches] == [
        ("NQ-57", 0, None),
        ("KH-02", 1, 179),
        ("KH-04", 2, 35),
    ]
    last = found.branches[-1]
    assert last.indicators == ("TSK-01",)
    (hanging,) = last.hanging
    assert (hanging.register.key, hanging.open, hanging.done) == ("task", 40, 20)
    assert found.mean_days == (214, 2)


def test_a_unit_s_directives_bring_those_above_them(told: House) -> None:
    found = ask(told, tree, "directive", unit="memr")
    assert [(one.row.key, one.asked) for one in found.branches] == [
        ("NQ-57", False),
        ("KH-02", False),
        ("KH-04", True),
    ]


def test_items_in_a_circle_are_shown_once_each(told: House) -> None:
    ones = [
        ("A", None, "in_force", {"number": "1", "title": "Một", "issuer": "X",
                                 "issued": "2026-01-01", "parent": "B"}),
        ("B", None, "in_force", {"number": "2", "title": "Hai", "issuer": "X",
                                 "issued": "2026-01-02", "parent": "A"}),
    ]  # fmt: skip
    samples.tell(told.engine, told.units, "directive", ones,
                 source_id=told.sources["real"].id, at=timedelta(minutes=5))  # fmt: skip
    keys = [one.row.key for one in ask(told, tree, "directive").branches]
    assert sorted(keys) == ["A", "B", "KH-02", "KH-04", "NQ-57"]


def test_the_map_counts_households_and_what_has_no_place(told: House) -> None:
    found = ask(told, places, "blackspot")
    # 40 spots of which 8 are live, and one far out at sea.
    assert found.total.open == 33
    assert found.unplaced == 4
    assert len(found.points) == 29
    assert any(row.lon > 112 for row in found.points)
    assert [one.unit.key for one in found.units] == ["38", "48"]
    assert sum(one.open_sums[0] for one in found.units) == found.total.open_sums[0]
    assert {one.value: one.open for one in found.classes} == {"none": 17, "weak": 16}
    assert found.checklist.code == "tender"
    assert all(lacking(row, found.checklist) for row in found.incomplete)
    assert {one.field.name for one in found.lacks} == {"place", "technology"}


def test_many_points_are_clusters_that_open(told: House, monkeypatch: Any) -> None:
    monkeypatch.setattr("ioc.queries.register_map.POINTS", 5)
    wide = ask(told, places, "blackspot")
    assert not wide.points
    assert sum(one.items for one in wide.clusters) == 29
    biggest = max(wide.clusters, key=lambda one: one.items)
    closer = ask(told, places, "blackspot", reason=biggest.cell)
    assert sum(one.items for one in closer.clusters) == biggest.items
    assert sum(one.sum for one in closer.clusters) == biggest.sum
    assert all(one.cell.startswith(biggest.cell) for one in closer.clusters)
    west, south, east, north = closer.box
    assert west <= biggest.lon <= east
    assert south <= biggest.lat <= north
    assert cluster_at(112.34, 16.84) in {one.cell for one in wide.clusters}
    with pytest.raises(AddressError):
        ask(told, places, "blackspot", reason="99")


def test_ratios_are_pooled_and_a_lone_numerator_is_only_counted(told: House) -> None:
    money = ask(told, sheet, "budget")
    assert [row.key for row in money.quoted] == ["DA-0"]
    assert pooled(money.kept, "disbursed", "allocated") == Pooled(19_000, 50_000, 2, 1, 4_000)
    data = ask(told, sheet, "dataset")
    assert pooled(data.kept, "digitised", "to_digitise") == Pooled(140, 400, 2, 1, 77)


def test_every_form_is_asked_within_the_viewer_s_scope(told: House) -> None:
    scope = Scope.of(told.units.by_key("38").id)
    for question, key in (
        (board, "task"),
        (timeline, "task"),
        (people, "task"),
        (tree, "directive"),
        (places, "blackspot"),
        (sheet, "budget"),
    ):
        with pytest.raises(NotAllowedError):
            ask(told, question, key, scope, unit="48")
        ask(told, question, key, scope, unit="38")


def test_an_empty_register_answers_empty(house: House) -> None:
    for question, key in (
        (board, "task"),
        (timeline, "milestone"),
        (people, "task"),
        (tree, "directive"),
        (places, "blackspot"),
        (sheet, "press"),
    ):
        found = ask(house, question, key)
        assert not found.stamp.illustrative


def test_the_overview_and_the_unit_page_tell_what_is_late(told: House) -> None:
    late = told.overview().late
    assert late is not None
    assert {one.register.key: one.overdue for one in late.stands} == {"task": 20, "milestone": 2}
    assert late.overdue == 22
    assert late.items[0].key == "MS-TG"
    assert [one.late for one in late.items] == sorted(
        (one.late for one in late.items), reverse=True
    )
    found = {one.register.key: one for one in told.unit("38").registers}
    assert (found["task"].all, found["task"].incomplete) == (12, 6)
    assert (found["blackspot"].open, found["blackspot"].done) == (32, 8)
    assert found["blackspot"].incomplete == 5
    assert found["practice"].overdue == 0
    # Before anything was said there was nothing, and later the same is counted from the versions.
    before = told.overview(known_at="2026-11-01").late
    assert before is not None
    assert before.overdue == 0
    after = told.overview(known_at="2026-11-22").late
    assert after is not None
    assert after.stands == late.stands
    assert after.items == late.items


@pytest.mark.parametrize(
    ("question", "key"),
    [(tree, "directive"), (places, "blackspot"), (timeline, "milestone"), (sheet, "press")],
)
def test_a_wall_says_when_its_register_was_received_and_checked(
    house: House, question: Any, key: str
) -> None:
    items = {"directive": samples.DIRECTIVES, "milestone": samples.MILESTONES}
    items |= {"blackspot": samples.blackspots(), **samples.OTHERS}
    samples.tell(house.engine, house.units, key, items[key], source_id=house.sources["demo"].id)
    assert ask(house, question, key).stamp.heard is None
    read = house.now - timedelta(minutes=7)
    with writing(house.engine) as connection:
        for source in house.sources.values():
            # What another source was read at says nothing of this register.
            later = timedelta(minutes=0 if source.name == "demo" else 30)
            source_state.ensure(connection, source.id)
            source_state.change(connection, source.id, last_good=read - later)
    heard = ask(house, question, key, wall=True).stamp.heard
    assert heard.day == samples.TODAY
    assert heard.checked == read
    before = ask(house, question, key, wall=True, known_at=heard.received).stamp.heard
    assert (before.received, before.checked) == (heard.received, None)
    never = heard.received - timedelta(seconds=1)
    assert ask(house, question, key, wall=True, known_at=never).stamp.heard.received is None
