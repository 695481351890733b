"""Comparisons against figures worked out by hand: ranks, indices, slopes, targets, gaps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import TypeVar

import pytest

from ioc.domain.measure import Coverage, Empty, Restated
from ioc.domain.scope import Scope
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.errors import AddressError, NotAllowedError
from ioc.queries.compare import compare
from ioc.queries.compare_answers import (
    Compare,
    Corridor,
    Form,
    Indexed,
    IndexedTrends,
    Multiples,
    Scatter,
    Side,
    Slopes,
    Start,
    Uneven,
)
from tests.ioc.queries.house import EVERYTHING, House, Said, counting, units_in

Body = TypeVar("Body")
NOW, YEAR_AGO = "2026-10", "2025-10"


def ask(house: House, scope: Scope = EVERYTHING, **parts: str) -> Compare:
    return compare(house.desk, View.from_address("/compare", **parts), scope)


def body(house: House, kind: type[Body], **parts: str) -> Body:
    answer = ask(house, **parts).body
    assert isinstance(answer, kind)
    return answer


def three(house: House, period: str = NOW) -> None:
    """Thanh Hóa 50 %, Hải Phòng 75 %, Hà Nội 90 % of dossiers; 40, 10 and 10 overdue."""
    house.tell(
        Said("38", "OPS-01", period, 10, 20),
        Said("31", "OPS-01", period, 30, 40),
        Said("01", "OPS-01", period, 90, 100),
        Said("38", "OPS-06", period, 40),
        Said("31", "OPS-06", period, 10),
        Said("01", "OPS-06", period, 10),
    )


# Side by side


def test_side_by_side_ranks_in_the_group_and_marks_best_and_worst(house: House) -> None:
    three(house)
    house.tell(Said("79", "OPS-01", NOW, 99, 100))
    side = body(house, Side, units="38,01,31")
    row = next(one for one in side.rows if one.indicator.code == "OPS-01")
    assert [unit.key for unit in side.units] == ["38", "01", "31"]
    assert [cell.figure.value for cell in row.cells] == [
        Fraction(1, 2),
        Fraction(9, 10),
        Fraction(3, 4),
    ]
    assert [cell.rank for cell in row.cells] == [4, 2, 3]
    assert row.ranked == 4
    ids = {unit.key: unit.id for unit in side.units}
    assert (row.best, row.worst) == ({ids["01"]}, {ids["38"]})


def test_fewer_is_better_where_the_indicator_says_so_and_equals_share(house: House) -> None:
    three(house)
    side = body(house, Side, units="38,31,01")
    row = next(one for one in side.rows if one.indicator.code == "OPS-06")
    ids = {unit.key: unit.id for unit in side.units}
    assert [cell.rank for cell in row.cells] == [3, 1, 1]
    assert (row.best, row.worst) == ({ids["31"], ids["01"]}, {ids["38"]})


def test_a_total_beside_units_is_pooled_and_not_ranked(house: House) -> None:
    three(house)
    side = body(house, Side, units="local,38", group="OPS")
    row = next(one for one in side.rows if one.indicator.code == "OPS-01")
    assert row.cells[0].figure.value == Fraction(130, 160)
    assert row.cells[0].rank is None
    assert row.best == row.worst == frozenset()


def test_a_region_beside_units_is_pooled_from_its_provinces(house: House) -> None:
    house.tell(Said("31", "OPS-01", NOW, 30, 40), Said("33", "OPS-01", NOW, 1, 10))
    region = house.units.region(house.units.by_key("31").id)
    assert region is not None
    key = house.units.by_id(region).key
    side = body(house, Side, units=f"{key},31")
    row = next(one for one in side.rows if one.indicator.code == "OPS-01")
    same = house.units.region(house.units.by_key("33").id) == region
    assert row.cells[0].figure.value == (Fraction(31, 50) if same else Fraction(3, 4))


def test_without_a_choice_first_middle_and_last_are_taken(house: House) -> None:
    three(house)
    answer = ask(house, indicator="OPS-01")
    assert answer.by_default
    assert [unit.key for unit in answer.chosen] == ["01", "31", "38"]


def test_more_units_than_can_be_told_apart_are_named_and_not_drawn(house: House) -> None:
    keys = "01,04,08,11,12,14,15,19,20,22"
    answer = ask(house, units=keys)
    assert isinstance(answer.body, Side)
    assert len(answer.body.units) == 8
    assert [unit.key for unit in answer.left_out] == ["20", "22"]


# Small multiples


def test_small_multiples_are_ordered_by_value_and_keep_gaps(house: House) -> None:
    three(house)
    house.tell(Said("38", "OPS-01", "2026-08", 1, 4))
    smalls = body(house, Multiples, form="multiples", indicator="OPS-01").smalls
    assert len(smalls) == 34
    assert [one.cell.unit.key for one in smalls[:3]] == ["01", "31", "38"]
    values = [point.figure.value for point in smalls[2].series.points]
    assert values == [Fraction(1, 4), None, Fraction(1, 2)]
    silent = smalls[-1]
    assert silent.cell.figure.value is None
    assert silent.series.points == ()


def test_of_many_communes_forty_are_drawn_and_the_rest_counted(house: House) -> None:
    communes = house.units.children(house.units.by_key("38").id, date(2026, 11, 22))
    house.tell(*(Said(one.key, "OPS-01", NOW, at, 200) for at, one in enumerate(communes)))
    multiples = body(house, Multiples, form="multiples", unit="38", indicator="OPS-01")
    assert len(multiples.smalls) == 40
    assert multiples.left_out == len(communes) - 40
    best = [one.cell.figure.numerator for one in multiples.smalls]
    assert best == sorted(best, reverse=True)


# Indexed


def by_unit(trends: IndexedTrends) -> dict[str, Indexed]:
    return {one.series.unit.key: one for one in trends.lines}


def test_the_index_is_value_over_own_base_times_a_hundred(house: House) -> None:
    house.tell(
        Said("38", "OPS-01", "2026-08", 1, 4),
        Said("38", "OPS-01", "2026-09", 1, 2),
        Said("38", "OPS-01", NOW, 3, 4),
        Said("01", "OPS-01", "2026-09", 4, 5),
        Said("01", "OPS-01", NOW, 3, 5),
    )
    trends = body(house, IndexedTrends, form="indexed", units="38,01", indicator="OPS-01")
    assert trends.base is not None
    assert trends.base.code == "2026-09"
    lines = by_unit(trends)
    assert [one.index for one in lines["38"].points] == [100, 150]
    assert [one.index for one in lines["01"].points] == [100, 75]
    assert {one.start for one in trends.lines} == {Start.COMMON}


def test_a_line_without_the_asked_base_starts_at_its_own_first_period(house: House) -> None:
    house.tell(
        Said("38", "OPS-01", "2026-08", 1, 4),
        Said("38", "OPS-01", NOW, 3, 4),
        Said("01", "OPS-01", "2026-09", 4, 5),
        Said("01", "OPS-01", NOW, 3, 5),
    )
    asked = {"form": "indexed", "units": "38,01", "indicator": "OPS-01", "before": "2026-08"}
    lines = by_unit(body(house, IndexedTrends, **asked))
    assert [one.index for one in lines["38"].points] == [100, None, 300]
    late = lines["01"]
    assert late.start is Start.OWN
    assert late.base is not None
    assert late.base.code == "2026-09"
    assert [one.index for one in late.points] == [100, 75]


def test_zero_and_at_least_are_no_base_and_nothing_is_drawn_from_them(house: House) -> None:
    house.tell(Said("38", "OPS-06", NOW, 0), Said("01", "OPS-06", NOW, 5, bound=1))
    asked = {"form": "indexed", "units": "38,01", "indicator": "OPS-06"}
    lines = by_unit(body(house, IndexedTrends, **asked))
    assert {one.start for one in lines.values()} == {Start.NEVER}
    assert [one.points for one in lines.values()] == [(), ()]


def test_no_index_crosses_what_cannot_be_restated(house: House) -> None:
    house.tell(
        Said("30.2025", "OPS-01", "2025-05", val=900_000),
        Said("31.2025", "OPS-01", "2025-05", val=500_000),
        Said("38", "OPS-01", "2025-05", 1, 4),
        Said("38", "OPS-01", "2025-08", 1, 2),
        Said("31", "OPS-01", "2025-08", 1, 2),
        Said("31", "OPS-01", NOW, 3, 4),
        Said("38", "OPS-01", NOW, 1, 2),
    )
    asked = {"form": "indexed", "units": "31,38", "indicator": "OPS-01", "before": "2025-05"}
    lines = by_unit(body(house, IndexedTrends, **asked))
    merged = lines["31"]
    assert (merged.start, merged.after) == (Start.OWN, date(2025, 6, 1))
    assert merged.points[0].point.period.code == "2025-08"
    assert merged.points[-1].index == 150
    assert lines["38"].points[-1].index == 200


def test_a_merged_unit_with_whole_parts_is_indexed_across_the_merger(house: House) -> None:
    house.tell(
        Said("30.2025", "OPS-06", "2025-05", 20),
        Said("31.2025", "OPS-06", "2025-05", 30),
        Said("31", "OPS-06", "2025-08", 75),
    )
    asked = {"form": "indexed", "units": "31", "indicator": "OPS-06"}
    (line,) = body(house, IndexedTrends, **asked).lines
    assert line.series.points[0].figure.restated is Restated.EXACT
    assert [one.index for one in line.points if one.index is not None] == [100, 150]
    assert [one.day for one in line.series.breaks] == [date(2025, 7, 1)]


def test_half_a_merged_unit_is_no_base_of_a_count(house: House) -> None:
    house.tell(
        Said("31.2025", "OPS-06", "2025-05", 30),
        Said("31", "OPS-06", "2025-08", 75),
        Said("31", "OPS-06", "2025-09", 60),
    )
    (line,) = body(house, IndexedTrends, form="indexed", units="31", indicator="OPS-06").lines
    assert [one.index for one in line.points] == [100, 80]


# Scatter


def test_a_scatter_draws_units_with_both_figures_and_names_the_others(house: House) -> None:
    three(house)
    house.tell(
        Said("38", "OPS-02", NOW, 9, 10),
        Said("01", "OPS-02", NOW, 1, 2),
        Said("79", "OPS-02", NOW, 1, 2),
    )
    asked = {"form": "scatter", "indicator": "OPS-01", "against": "OPS-02"}
    scatter = body(house, Scatter, **asked)
    drawn = {one.x.unit.key: (one.x.figure.value, one.y.figure.value) for one in scatter.pairs}
    assert drawn == {
        "01": (Fraction(9, 10), Fraction(1, 2)),
        "38": (Fraction(1, 2), Fraction(9, 10)),
    }
    assert len(scatter.lacking) == 32
    lacking = {one.x.unit.key: one for one in scatter.lacking}
    assert lacking["31"].x.figure.value == Fraction(3, 4)
    assert lacking["31"].y.figure.empty in (Empty.LATE, Empty.MISSING)
    assert lacking["79"].x.figure.value is None
    assert scatter.y_target is not None
    assert scatter.y_target.value == Fraction(80, 100)


# Slope


def test_a_slope_tells_change_and_rank_among_those_compared(house: House) -> None:
    three(house)
    house.tell(
        Said("38", "OPS-01", YEAR_AGO, 19, 20),
        Said("31", "OPS-01", YEAR_AGO, 1, 4),
        Said("01", "OPS-01", YEAR_AGO, 9, 10),
        Said("79", "OPS-01", NOW, 1, 2),
    )
    answer = ask(house, form="slope", indicator="OPS-01")
    assert isinstance(answer.body, Slopes)
    assert answer.before is not None
    assert (answer.before.code, answer.period and answer.period.code) == (YEAR_AGO, NOW)
    told = [
        (one.now.unit.key, one.change, one.before.rank, one.now.rank) for one in answer.body.lines
    ]
    assert told == [
        ("01", Fraction(0), 2, 1),
        ("31", Fraction(1, 2), 3, 2),
        ("38", Fraction(-9, 20), 1, 3),
    ]
    why = {one.now.unit.key: one.uneven for one in answer.body.uneven}
    assert why["79"] is Uneven.NO_BEFORE
    assert len(why) == 31


def test_a_slope_does_not_compare_half_a_unit_with_a_whole_one(house: House) -> None:
    house.tell(
        Said("31.2025", "OPS-01", "2025-05", 30, 40),
        Said("31", "OPS-01", "2026-05", 1, 2),
        Said("38", "OPS-01", "2025-05", 1, 2),
        Said("38", "OPS-01", "2026-05", 1, 2, bound=1),
    )
    asked = {"form": "slope", "indicator": "OPS-01", "period": "2026-05", "before": "2025-05"}
    slopes = body(house, Slopes, **asked)
    why = {one.now.unit.key: one.uneven for one in slopes.uneven}
    assert (why["31"], why["38"]) == (Uneven.PARTIAL, Uneven.INEXACT)
    half = next(one for one in slopes.uneven if one.now.unit.key == "31")
    assert half.before.figure.coverage == Coverage(1, 2)


@pytest.mark.parametrize("before", ["2026-10", "2026-11", "2026-Q1", "2026"])
def test_a_slope_begins_at_an_earlier_period_of_the_same_length(house: House, before: str) -> None:
    three(house)
    with pytest.raises(AddressError, match="before"):
        ask(house, form="slope", indicator="OPS-01", period=NOW, before=before)


def test_quarters_pool_their_months_on_both_sides(house: House) -> None:
    house.tell(
        Said("38", "OPS-01", "2026-01", 1, 10),
        Said("38", "OPS-01", "2026-02", 1, 10),
        Said("38", "OPS-01", "2026-03", 8, 80),
        Said("38", "OPS-01", "2026-04", 9, 10),
        Said("38", "OPS-01", "2026-05", 0, 40),
        Said("38", "OPS-01", "2026-06", 0, 50),
    )
    asked = {"form": "slope", "indicator": "OPS-01", "period": "2026-Q2", "before": "2026-Q1"}
    (line,) = body(house, Slopes, **asked).lines
    assert (line.before.figure.value, line.now.figure.value) == (Fraction(1, 10), Fraction(9, 100))


# The way to the target


def test_the_corridor_tells_what_lacks_and_how_far_it_moved(house: House) -> None:
    house.tell(
        Said("38", "OPS-02", "2026-01", 1, 2),
        Said("38", "OPS-02", NOW, 3, 5),
    )
    answer = ask(house, form="corridor", units="38", indicator="OPS-02")
    assert isinstance(answer.body, Corridor)
    pace = answer.body.pace
    assert pace is not None
    assert (pace.missing, pace.moved) == (Fraction(1, 5), Fraction(1, 10))
    assert pace.since is not None
    assert pace.since.code == "2026-01"
    assert pace.left is None
    assert answer.body.cell.status is Status.AT_RISK


def test_periods_left_are_counted_to_the_targets_last_day(house: House) -> None:
    house.tell(Said("38", "OPS-01", "2025-08", 1, 2))
    corridor = body(house, Corridor, form="corridor", units="38", indicator="OPS-01")
    target = corridor.cell.target
    assert target is not None
    assert target.valid_to == date(2025, 12, 31)
    assert corridor.pace is not None
    assert corridor.pace.left == 4
    assert corridor.pace.missing == target.value - Fraction(1, 2)


def test_a_group_without_a_total_of_its_own_shows_its_first_unit(house: House) -> None:
    house.tell(Said("38", "OPS-11", NOW, val=80), Said("01", "OPS-11", NOW, val=90))
    answer = ask(house, form="corridor", indicator="OPS-11")
    assert isinstance(answer.body, Corridor)
    assert answer.body.line.unit.key == "01"


# Maps, moments, scopes and addresses


def test_as_reported_compares_former_units_with_their_own_figures(house: House) -> None:
    house.tell(
        Said("30.2025", "OPS-01", "2025-05", 10, 20), Said("31.2025", "OPS-01", "2025-05", 30, 40)
    )
    asked = {"form": "multiples", "indicator": "OPS-01", "period": "2025-05"}
    reported = body(house, Multiples, **asked, basis="reported")
    today = body(house, Multiples, **asked)
    dated = body(house, Multiples, **asked, basis="2026-01-01")
    told = [(one.cell.unit.key, one.cell.figure.value) for one in reported.smalls[:2]]
    assert told == [("31.2025", Fraction(3, 4)), ("30.2025", Fraction(1, 2))]
    for answer in (today, dated):
        merged = answer.smalls[0]
        assert (merged.cell.unit.key, merged.cell.figure.value) == ("31", Fraction(2, 3))
        assert merged.series.points[-1].figure.value == Fraction(2, 3)


def test_a_past_moment_knows_only_what_was_known(house: House) -> None:
    three(house)
    moment = house.tell(Said("38", "OPS-01", "2026-09", 1, 4)).isoformat()
    house.tell(Said("38", "OPS-01", NOW, 20, 20), Said("79", "OPS-01", NOW, 1, 1))
    forms: tuple[tuple[str, Callable[[Compare], object]], ...] = (
        ("side", lambda answer: [c.figure.value for c in answer.body.cells]),
        ("multiples", lambda answer: [c.figure.value for c in answer.body.cells]),
        ("indexed", lambda answer: [p.index for o in answer.body.lines for p in o.points]),  # type: ignore[union-attr]
        ("slope", lambda answer: [c.figure.value for c in answer.body.cells]),
        ("scatter", lambda answer: [c.figure.value for c in answer.body.cells]),
        ("corridor", lambda answer: [c.figure.value for c in answer.body.cells]),
    )
    asked = {"units": "38", "indicator": "OPS-01", "group": "OPS"}
    for form, told in forms:
        now = told(ask(house, form=form, **asked))
        past = ask(house, form=form, known_at=moment, **asked)
        assert told(past) != now, form
        assert past.stamp.known_at is not None
        if isinstance(past.body, IndexedTrends):
            assert [one.index for one in by_unit(past.body)["38"].points] == [100, 200]


@pytest.mark.parametrize("form", list(Form))
def test_nothing_outside_the_scope_is_compared(house: House, form: Form) -> None:
    three(house)
    house.tell(Said("79", "OPS-01", NOW, 1, 2), Said("79", "OPS-02", NOW, 1, 2))
    bob = Scope.of(house.units.by_key("79").id)
    with pytest.raises(NotAllowedError):
        ask(house, bob, form=form)
    with pytest.raises(AddressError) as outside:
        ask(house, bob, form=form, unit="79", units="38")
    with pytest.raises(AddressError) as unknown:
        ask(house, bob, form=form, unit="79", units="xyz")
    assert outside.value.params["part"] == unknown.value.params["part"] == "unit"
    for one in units_in(ask(house, bob, form=form, unit="79", indicator="OPS-01")):
        assert house.units.visible(one.id, bob), one.key


@pytest.mark.parametrize(
    ("parts", "part"),
    [
        ({"form": "pie"}, "form"),
        ({"units": "38,nowhere"}, "unit"),
        ({"indicator": "XXX-01"}, "indicator"),
        ({"form": "scatter", "against": "XXX-01"}, "against"),
        ({"group": "XXX"}, "group"),
        ({"basis": "2025-06-30", "unit": "nowhere"}, "unit"),
    ],
)
def test_what_does_not_exist_is_said(house: House, parts: dict[str, str], part: str) -> None:
    three(house)
    with pytest.raises(AddressError) as said:
        ask(house, **parts)
    assert said.value.params["part"] == part
    assert said.value.params["allowed"]


def test_a_commune_is_compared_among_those_of_its_province(house: House) -> None:
    house.tell(Said("14725", "OPS-01", NOW, 1, 2))
    answer = ask(house, form="indexed", unit="14725", indicator="OPS-01")
    assert answer.unit.key == "37"
    assert [unit.key for unit in answer.chosen] == ["14725"]


def test_ministries_are_compared_where_only_they_report(house: House) -> None:
    house.tell(Said("moha", "OPS-01", NOW, 1, 2))
    answer = ask(house, form="multiples", unit="gov", indicator="OPS-01")
    assert isinstance(answer.body, Multiples)
    assert {one.cell.unit.level for one in answer.body.smalls} == {"ministry"}


@pytest.mark.parametrize("form", list(Form))
def test_statements_do_not_grow_with_units(house: House, form: Form) -> None:
    house.tell(Said("31", "OPS-01", NOW, 1, 2), source="real")
    asked = {"form": form.value, "indicator": "OPS-01"}
    few = counting(house.engine, lambda: ask(house, **asked))
    keys = [one.key for one in house.units.all() if one.id < 3000 and one.valid_to is None]
    house.tell(*(Said(key, "OPS-01", NOW, 1, 2, cite=f"Báo {key}") for key in keys))
    many = counting(house.engine, lambda: ask(house, **asked))
    assert many <= few + 3
    assert many <= 16


def test_an_empty_store_is_compared_without_an_error(house: House) -> None:
    for form in Form:
        answer = ask(house, form=form)
        assert not answer.illustrative
        assert all(cell.figure.value is None for cell in answer.body.cells)
