"""The six criteria are counted from what the store has, and every score leads to what failed."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from ioc.domain.quality import Check, Criterion, Score
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.queries.quality import quality
from ioc.queries.quality_answers import Quality, RefusedRow, SilentRow, SlotRow, Subject
from ioc.store import slots
from ioc.store.engine import writing
from ioc.store.leases import take_lease
from ioc.store.rejections import Refusal, keep_rejections
from ioc.store.runs import finish_run, start_run
from tests.ioc.queries.house import EVERYTHING, NOW, House, Said, counting

SEPTEMBER = "2026-09"


def asked(house: House, scope: Scope = EVERYTHING, **parts: str) -> Quality:
    return quality(house.desk, View.from_address("/quality", **parts), scope)


def row(answer: Quality, key: str) -> Subject:
    return next(one for one in answer.rows if one.key == key)


def share(score: Score, check: Check) -> Fraction | None:
    found = [one for one in score.tested if one.check is check]
    return found[0].ratio.value if found else None


def refuse(
    house: House, source: str, codes: list[str], *, read: int, more: int = 0, absent: int = 0
) -> int:
    """One run that read records and refused some; `more` were refused and not kept."""
    house.clock += timedelta(minutes=1)
    fact = house.sources[source]
    take_lease(house.engine, fact.id, "test", house.clock, 60)
    run_id = start_run(house.engine, fact.id, house.clock)
    with writing(house.engine) as connection:
        told = [Refusal(f"row {at}", code, {"given": "x"}, "{}") for at, code in enumerate(codes)]
        keep_rejections(connection, run_id, told)
        rejected = len(codes) + more
        finish_run(
            connection, run_id, fact.id, now=house.clock, outcome="partial", read=read,
            added=read - rejected - absent, rejected=rejected,
        )  # fmt: skip
    return run_id


def test_nothing_tested_is_not_assessable(house: House) -> None:
    answer = asked(house)
    scores = row(answer, "real").scores
    assert all(score.share is None for score in scores.values())
    assert all(score.share is None for score in answer.total.values())


def test_refused_records_fail_the_criterion_of_their_reason(house: House) -> None:
    refuse(house, "real", ["negative", "negative", "unknown_code", "blank"], read=100)
    scores = row(asked(house), "real").scores
    assert share(scores[Criterion.CORRECT], Check.RECORDS) == Fraction(98, 100)
    assert share(scores[Criterion.UNIFIED], Check.RECORDS) == Fraction(99, 100)
    assert share(scores[Criterion.SUFFICIENT], Check.RECORDS) == Fraction(99, 100)
    assert share(scores[Criterion.CLEAN], Check.RECORDS) == 1


def test_refused_records_that_were_not_kept_count_against_clean(house: House) -> None:
    refuse(house, "real", ["key_twice"], read=1000, more=99)
    score = row(asked(house), "real").scores[Criterion.CLEAN]
    assert share(score, Check.RECORDS) == Fraction(900, 1000)
    (section,) = asked(house, source="real", criterion="clean").sections
    assert (section.failed, section.untold, len(section.rows)) == (100, 99, 1)


def test_records_without_a_figure_are_counted_and_are_no_zeros(house: House) -> None:
    refuse(house, "real", [], read=10, absent=4)
    score = row(asked(house), "real").scores[Criterion.SUFFICIENT]
    assert share(score, Check.VALUES) == Fraction(6, 10)


def test_a_score_leads_to_the_refused_records_page_by_page(house: House) -> None:
    run_id = refuse(house, "real", ["negative"] * 45 + ["key_twice"], read=100)
    first = asked(house, source="real", criterion="correct")
    (section,) = first.sections
    assert (section.failed, section.made, len(section.rows), first.sheets) == (45, 100, 40, 2)
    told = section.rows[0]
    assert isinstance(told, RefusedRow)
    assert (told.run, told.place, told.code) == (run_id, "row 0", "negative")
    second = asked(house, source="real", criterion="correct", sheet="2")
    assert len(second.sections[0].rows) == 5


def test_slots_that_were_not_kept_tell_how_alive_a_source_is(house: House) -> None:
    source_id = house.sources["real"].id
    dues = [NOW - timedelta(hours=hours) for hours in (1, 2, 3, 4)]
    with writing(house.engine) as connection:
        slots.expect(connection, source_id, dues[:1], slots.MISSED, "still_running")
        slots.expect(connection, source_id, dues[1:])
        for due in dues[1:]:
            run_id = slots_run(house, source_id)
            assert slots.claim(connection, source_id, due, run_id)
            state = slots.LATE if due == dues[3] else slots.ARRIVED
            slots.close(connection, source_id, due, state, run_id=run_id, arrived=due)
    score = row(asked(house), "real").scores[Criterion.LIVE]
    assert share(score, Check.SLOTS) == Fraction(2, 4)
    (section,) = asked(house, source="real", criterion="live").sections
    told = [one for one in section.rows if isinstance(one, SlotRow)]
    assert [(one.due, one.state) for one in told] == [(dues[0], "missed"), (dues[3], "late")]


def slots_run(house: House, source_id: int) -> int:
    house.clock += timedelta(minutes=1)
    return int(house.clock.timestamp())


def test_units_that_are_due_and_silent_are_told_by_indicator_and_by_unit(house: House) -> None:
    house.tell(Said("38", "OPS-01", "2026-10", 40, 100))
    by_indicator = asked(house, form="indicator", indicator="OPS-01", criterion="sufficient")
    score = row(by_indicator, "OPS-01").scores[Criterion.SUFFICIENT]
    checked = next(one for one in score.tested if one.check is Check.UNITS)
    due = len(house.units.ids_by_level(house.units.by_key("38").level, NOW.date()))
    assert checked.passed == 1
    assert checked.made >= due
    section = next(one for one in by_indicator.sections if one.check is Check.UNITS)
    silent = [one for one in section.rows if isinstance(one, SilentRow)]
    assert silent
    assert "38" not in {one.unit.key for one in silent}
    by_unit = asked(house, form="unit", unit="38", criterion="sufficient")
    told = [
        one
        for section in by_unit.sections
        if section.check is Check.UNITS
        for one in section.rows
        if isinstance(one, SilentRow)
    ]
    assert told
    assert "OPS-01" not in {one.indicator.code for one in told}


def test_two_sources_that_differ_are_less_unified(house: House) -> None:
    house.tell(
        Said("38", "OPS-01", SEPTEMBER, 40, 100), Said("31", "OPS-01", SEPTEMBER, 1, 4),
        source="real",
    )  # fmt: skip
    house.tell(Said("38", "OPS-01", SEPTEMBER, 47, 100), Said("31", "OPS-01", SEPTEMBER, 1, 4))
    answer = asked(house, form="indicator")
    assert share(row(answer, "OPS-01").scores[Criterion.UNIFIED], Check.PAIRS) == Fraction(1, 2)
    by_source = asked(house)
    assert share(row(by_source, "demo").scores[Criterion.UNIFIED], Check.PAIRS) == Fraction(1, 2)
    units = asked(house, form="unit")
    assert share(row(units, "38").scores[Criterion.UNIFIED], Check.PAIRS) == 0
    assert share(row(units, "31").scores[Criterion.UNIFIED], Check.PAIRS) == 1


def test_the_total_pools_the_rows(house: House) -> None:
    refuse(house, "real", ["negative"], read=1)
    refuse(house, "demo", [], read=99)
    assert asked(house).total[Criterion.CORRECT].share == Fraction(99, 100)


def test_the_worst_stands_first(house: House) -> None:
    refuse(house, "demo", ["negative"] * 5, read=10)
    refuse(house, "real", ["negative"], read=10)
    rows = [one.key for one in asked(house).rows if one.kind == "source"]
    assert rows == ["demo", "real"]


def test_the_four_criteria_form_is_a_view_of_the_same(house: House) -> None:
    house.tell(Said("38", "OPS-01", "2026-10", 40, 100))
    answer = asked(house, form="four", unit="38")
    assert [one.value for one in answer.criteria] == ["correct", "sufficient", "clean", "live"]
    assert [one.key for one in answer.rows] == ["38"]
    same = row(asked(house, form="unit"), "38")
    for criterion in answer.criteria:
        assert answer.rows[0].scores.get(criterion) == same.scores.get(criterion)


def test_of_the_past_it_answers_what_can_be_asked_and_names_the_rest(house: House) -> None:
    refuse(house, "real", ["negative"], read=10)
    then = house.clock + timedelta(seconds=30)
    refuse(house, "real", ["negative"] * 10, read=10)
    answer = asked(house, known_at=then.isoformat())
    assert row(answer, "real").scores[Criterion.CORRECT].share == Fraction(9, 10)
    assert set(answer.past) == {Check.HELD, Check.FIGURES, Check.PAIRS, Check.SUMS}
    assert asked(house).past == ()


def test_runs_outside_the_window_are_not_counted(house: House) -> None:
    house.clock = NOW - timedelta(days=91)
    refuse(house, "real", ["negative"], read=10)
    assert row(asked(house), "real").scores[Criterion.CORRECT].share is None


def test_only_the_newest_runs_are_looked_through(house: House) -> None:
    refuse(house, "real", ["negative"] * 10, read=10)
    for _ in range(50):
        refuse(house, "real", [], read=1)
    score = row(asked(house), "real").scores[Criterion.CORRECT]
    assert share(score, Check.RECORDS) == 1


def test_wrong_parts_of_the_address_are_refused(house: House) -> None:
    for parts in (
        {"form": "seven"},
        {"criterion": "nice"},
        {"source": "nobody"},
        {"register": "nothing"},
    ):
        with pytest.raises(AddressError):
            asked(house, **parts)


def test_who_sees_one_province_sees_neither_raw_records_nor_other_units(house: House) -> None:
    refuse(house, "real", ["negative"], read=10)
    scope = Scope.of(house.units.by_key("31").id)
    answer = asked(house, scope, unit="31", source="real", criterion="correct")
    assert answer.sections[0].rows == ()
    assert not answer.sections[0].browse
    units = asked(house, scope, unit="31", form="unit")
    assert {one.key for one in units.rows} == {"31"}
    assert (
        asked(house, Scope.of(house.units.by_key("31").id), unit="31", form="indicator").rows == ()
    )


def test_it_costs_so_many_statements_whatever_was_refused(house: House) -> None:
    refuse(house, "real", ["negative"], read=10)
    few = counting(house.engine, lambda: asked(house))
    for _ in range(5):
        refuse(house, "real", ["negative"] * 100, read=200)
    assert counting(house.engine, lambda: asked(house)) == few


def test_nothing_is_due_of_a_unit_that_is_no_more(house: House) -> None:
    former = house.units.predecessors(house.units.by_key("31").id)
    gone = next(
        one
        for one in (house.units.by_id(link.predecessor_id) for link in former)
        if one.valid_to is not None
    )
    house.tell(Said(gone.key, "OPS-01", "2025-05", 1, 2), Said("31", "OPS-01", "2026-10", 1, 2))
    score = row(asked(house), "demo").scores[Criterion.SUFFICIENT]
    assert share(score, Check.UNITS) == 1


def test_a_figure_that_is_late_is_told_with_the_newest_there_is(house: House) -> None:
    house.tell(Said("38", "OPS-01", "2026-05", 1, 2), Said("31", "OPS-01", "2026-10", 1, 2))
    answer = asked(house, source="demo", criterion="sufficient")
    section = next(one for one in answer.sections if one.check is Check.UNITS)
    (told,) = section.rows
    assert isinstance(told, SilentRow)
    assert (told.unit.key, told.last and told.last.code) == ("38", "2026-05")
