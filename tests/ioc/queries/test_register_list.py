"""Lists of items: totals from tallies, each filter, sheets, lateness in working days, scope."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ioc.domain.register import Phase
from ioc.domain.registers import packaged
from ioc.domain.scope import Scope
from ioc.errors import AddressError, NotAllowedError
from tests.ioc.queries.house import House
from tests.ioc.queries.registered import SIX, act, home, keys, listed, said, tell

# The house's clock stands on Sunday 22 November 2026.


@pytest.fixture
def tasks(house: House) -> House:
    tell(
        house,
        said(house, "late", "38", "doing", due="2026-11-13", **{"class": "target"}, **SIX),
        said(house, "weekend", "14758", "doing", due="2026-11-20", product="Sách", person="An"),
        said(house, "month", "38", "assigned", due="2026-11", **{"class": "project"}, **SIX),
        said(house, "later", "31", "waiting", due="2027-03-01", **{"class": "target"}, **SIX),
        said(house, "someday", "38", "paused", **{"class": "regular"}, **SIX),
        said(house, "well", "31", "done", due="2026-10-30", done="2026-10-30", **SIX),
        said(house, "slow", "31", "done", due="2026-10-30", done="2026-11-03", **SIX),
        said(house, "dropped", "31", "dropped", due="2026-01-01", **SIX),
        said(house, "nowhere", None, "doing", due="2026-11-23", **SIX),
    )
    return house


def test_totals_are_those_of_the_unit(tasks: House) -> None:
    whole = listed(tasks).totals
    assert (whole.items, whole.open, whole.phases[Phase.DONE]) == (9, 6, 2)
    assert (whole.overdue, whole.soon) == (2, 2)
    assert whole.incomplete == 2
    counted = {state.code: items for state, items in whole.states}
    assert counted == {
        "assigned": 1, "doing": 3, "waiting": 1, "paused": 1, "done": 2, "dropped": 1,
    }  # fmt: skip
    here = listed(tasks, unit="38", state="all-open", due="overdue")
    assert (here.totals.items, here.totals.overdue) == (4, 2)
    assert here.count == 2


def test_lateness_is_in_working_days(tasks: House) -> None:
    rows = {row.key: row for row in listed(tasks).rows}
    assert (rows["late"].slip, rows["late"].late, rows["late"].overdue) == (9, 5, True)
    assert (rows["weekend"].slip, rows["weekend"].late, rows["weekend"].overdue) == (2, 0, True)
    assert (rows["month"].slip, rows["month"].overdue) == (-8, False)
    assert (rows["slow"].slip, rows["slow"].late, rows["slow"].overdue) == (4, 2, False)
    assert rows["well"].slip == 0
    assert rows["dropped"].slip is None
    assert rows["someday"].slip is None


def test_what_nobody_says_the_state_of_is_neither_done_nor_overdue(house: House) -> None:
    due = {"due": "2025-12-20", "class": "database"}
    tell(
        house,
        said(house, "built", "38", "operation", of="milestone", done="2025-12-01", **due),
        said(house, "silent", "38", "unstated", of="milestone", **due),
        said(house, "late", "38", "building", of="milestone", **due),
        of="milestone",
    )
    found = listed(house, "milestone", unit="38")
    totals = found.totals
    assert (totals.items, totals.open, totals.unknown, totals.overdue) == (3, 1, 1, 1)
    assert keys(found) == ["late", "silent", "built"], "after what is open, before what is done"
    row = found.rows[1]
    assert (row.phase, row.slip, row.overdue) == (Phase.UNKNOWN, None, False)
    assert keys(listed(house, "milestone", state="all-unknown")) == ["silent"]
    assert keys(listed(house, "milestone", due="overdue")) == ["late"]
    stand = next(one for one in house.unit("38").registers if one.register.key == "milestone")
    assert (stand.all, stand.open, stand.done, stand.unknown, stand.overdue) == (3, 1, 1, 1, 1)
    late = house.overview().late
    assert late is not None
    assert [one.key for one in late.items] == ["late"]
    counts = next(one for one in packaged().by_key("milestone").counts if one.indicator == "DB-01")
    assert Phase.UNKNOWN in counts.where.phases, "it stays in the denominator"
    act(house, "silent", of="milestone", to_state="operation", changes={"done": "2026-01-05"})
    assert listed(house, "milestone", unit="38").totals.unknown == 0


def test_what_is_missing_is_named(tasks: House) -> None:
    rows = {row.key: row for row in listed(tasks).rows}
    assert [one.name for one in rows["weekend"].missing] == ["responsibility", "authority"]
    check = rows["weekend"].checks[0]
    assert (check.have, check.of) == (4, 6)
    assert rows["late"].missing == ()


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        ({"state": "doing"}, {"late", "weekend", "nowhere"}),
        ({"state": "all-done"}, {"well", "slow"}),
        ({"due": "overdue"}, {"late", "weekend"}),
        ({"due": "soon"}, {"month", "nowhere"}),
        ({"due": "later"}, {"later"}),
        ({"due": "none"}, {"someday"}),
        ({"where": "class.target"}, {"late", "later"}),
        ({"where": "class.target,class.project"}, {"late", "later", "month"}),
        ({"where": "class.target", "unit": "38"}, {"late"}),
        ({"where": "missing.any"}, {"weekend", "someday"}),
        ({"where": "missing.due"}, {"someday"}),
        ({"where": "missing.unit"}, {"nowhere"}),
        ({"person": "An"}, {"weekend"}),
        ({"q": "viec WEEK"}, {"weekend"}),
        ({"q": "việc", "state": "waiting"}, {"later"}),
        ({"unit": "14758"}, {"weekend"}),
        ({"unit": "38"}, {"late", "weekend", "month", "someday"}),
    ],
)
def test_each_filter_keeps_what_it_says(
    tasks: House, parts: dict[str, str], wanted: set[str]
) -> None:
    answer = listed(tasks, **parts)
    assert set(keys(answer)) == wanted
    assert answer.count == len(wanted)
    named = {part for part in parts if part != "unit"}
    assert {one.part for one in answer.filters} == named
    assert all(one.words for one in answer.filters)


def test_open_items_come_in_due_order(tasks: House) -> None:
    order = keys(listed(tasks, state="all-open"))
    assert order == ["late", "weekend", "nowhere", "month", "later", "someday"]


def test_a_region_holds_the_items_of_its_provinces(tasks: House) -> None:
    region = tasks.units.region(tasks.units.by_key("38").id)
    assert region is not None
    answer = listed(tasks, unit=tasks.units.by_id(region).key)
    assert set(keys(answer)) == {"late", "weekend", "month", "someday"}
    assert answer.totals.items == 4


@pytest.mark.parametrize(
    ("parts", "part"),
    [
        ({"state": "flying"}, "state"),
        ({"where": "nothing.target"}, "where"),
        ({"where": "missing.progress"}, "where"),
        ({"unit": "99999"}, "unit"),
    ],
)
def test_what_means_nothing_is_refused(tasks: House, parts: dict[str, str], part: str) -> None:
    with pytest.raises(AddressError) as error:
        listed(tasks, **parts)
    assert error.value.params["part"] == part


def test_an_unknown_register_is_refused(tasks: House) -> None:
    with pytest.raises(AddressError):
        listed(tasks, "nosuch")
    with pytest.raises(AddressError):
        listed(tasks, "practice", due="overdue")


def test_a_scope_sees_its_own_items_only(tasks: House) -> None:
    scope = Scope.of(tasks.units.by_key("38").id)
    assert set(keys(listed(tasks, unit="38", scope=scope))) == {
        "late", "weekend", "month", "someday",
    }  # fmt: skip
    for unit in ("31", "vn"):
        with pytest.raises(NotAllowedError):
            listed(tasks, unit=unit, scope=scope)


def test_the_past_is_as_it_was_known(tasks: House) -> None:
    before = tasks.clock.isoformat()
    act(tasks, "late", to_state="done")
    tell(tasks, said(tasks, "new", "38", "doing", due="2026-11-01", **SIX))
    now, then = listed(tasks, unit="38"), listed(tasks, unit="38", known_at=before)
    # Lateness is judged on the day asked about, on which one of them was due.
    assert (now.totals.overdue, then.totals.overdue) == (2, 1)
    assert "new" in keys(now)
    assert "new" not in keys(then)
    rows = {row.key: row.state.code for row in then.rows}
    assert rows["late"] == "doing"
    assert set(keys(listed(tasks, known_at=before, due="overdue"))) == {"late"}


def test_sheets_are_turned_and_end(house: House) -> None:
    tell(
        house,
        *(
            said(house, f"t{at:03}", "38", "doing", due=f"2026-{1 + at // 12:02}-{1 + at % 12:02}")
            for at in range(120)
        ),
    )
    first, last = listed(house), listed(house, sheet="3")
    assert (first.count, first.sheet, first.sheets, len(first.rows)) == (120, 1, 3, 50)
    assert (last.sheet, len(last.rows)) == (3, 20)
    assert keys(first)[0] == "t000"
    assert keys(last)[-1] == "t119"
    assert listed(house, sheet="9").sheet == 3
    assert not set(keys(first)) & set(keys(listed(house, sheet="2")))


def test_facets_count_what_can_be_chosen(tasks: House) -> None:
    answer = listed(tasks, unit="38", where="class.target")
    facet = next(one for one in answer.facets if one.field.name == "class")
    counted = {one.value: (one.items, one.chosen) for one in facet.options}
    assert counted["target"] == (1, True)
    assert counted["project"] == (1, False)
    assert "directive" not in {one.field.name for one in answer.facets}


def test_the_home_counts_every_register(tasks: House) -> None:
    answer = home(tasks, unit="38")
    card = next(one for one in answer.cards if one.register.key == "task")
    assert (card.totals.items, card.totals.overdue) == (4, 2)
    assert card.illustrative
    assert answer.stamp.illustrative
    assert {one.register.key for one in answer.cards} == {
        one.key for one in tasks.desk.registers.all
    }
    assert sum(one.totals.items for one in answer.cards) == 4


def test_a_difference_is_counted_and_found(house: House) -> None:
    parts: dict[str, int] = {"total": 412_383, "investment": 46_000, "regular": 366_383}
    give: Callable[..., object] = lambda key, **more: said(  # noqa: E731
        house, key, "38", "registered", of="budget", **{**parts, **more}
    )
    tell(house, give("sum"), give("off", total=412_384), of="budget")
    answer = listed(house, "budget")
    assert answer.totals.differing == 1
    assert keys(listed(house, "budget", where="differs.any")) == ["off"]
    assert [str(one.value) for one in answer.totals.sums if one.field.name == "total"] == [
        "824767/1000"
    ]


def test_one_illustrative_item_among_many_real_ones_marks_list_and_card(house: House) -> None:
    real = [said(house, f"real-{at}", "38", "doing", due="2026-11-13", **SIX) for at in range(60)]
    tell(house, *real, source="real")
    assert not listed(house, unit="38").stamp.illustrative
    tell(house, said(house, "made-up", "38", "doing", due="2027-12-31", **SIX))
    assert listed(house, unit="38").stamp.illustrative
    assert not listed(house, unit="31").stamp.illustrative
    cards = {one.register.key: one.illustrative for one in home(house, unit="38").cards}
    assert (cards["task"], cards["budget"]) == (True, False)
