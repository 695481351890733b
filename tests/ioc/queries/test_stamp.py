"""What answers say of themselves: sources in trouble, the meeting shown, what is rehearsed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from ioc.domain.units import Units
from ioc.domain.view import View
from ioc.queries.exercise import exercise_of
from ioc.queries.stamping import meeting_title, pretended, troubles
from ioc.store.engine import reading, writing
from ioc.store.freezes import release_freeze, start_freeze
from ioc.store.reference import SourceFact
from ioc.store.source_state import SourceState
from tests.ioc.queries.house import House, Said

NOW = datetime(2026, 11, 22, 7, 5, tzinfo=UTC)


def fact(number: int, *, active: bool = True) -> SourceFact:
    title = {"vi": f"Hệ thống {number}", "en": f"System {number}"}
    return SourceFact(number, f"s{number}", title, "http_json", "60s", 100, False, active)


def broken(number: int, minutes: int) -> SourceState:
    since = NOW - timedelta(minutes=minutes)
    return SourceState(number, broken_since=since, broken_code="too_slow")


def test_the_source_broken_longest_is_named_first_and_a_retired_one_never() -> None:
    facts = [fact(1), fact(2), fact(3, active=False), fact(4)]
    states = {1: broken(1, 5), 2: broken(2, 50), 3: broken(3, 90), 4: SourceState(4)}
    found = troubles(facts, states, "vi")
    assert [(one.name, one.title, one.code) for one in found] == [
        ("s2", "Hệ thống 2", "too_slow"),
        ("s1", "Hệ thống 1", "too_slow"),
    ]
    assert troubles(facts, {}, "en") == ()


def test_a_meeting_has_its_title_until_its_freeze_is_released(engine: Engine) -> None:
    view = View(meeting="GB47")
    with writing(engine) as connection:
        start_freeze(connection, "GB47", title="Giao ban", desks=False, by="a", now=NOW)
    with reading(engine) as connection:
        assert meeting_title(connection, view) == "Giao ban"
        assert meeting_title(connection, View()) is None
        assert meeting_title(connection, View(meeting="GB48")) is None
    with writing(engine) as connection:
        release_freeze(connection, "GB47", by="a", now=NOW)
    with reading(engine) as connection:
        assert meeting_title(connection, view) is None


def test_a_rehearsal_names_its_source_or_unit(units: Units) -> None:
    facts = [fact(1)]
    lost, late = View(exercise="source:s1"), View(exercise="late:38")
    assert pretended(exercise_of(lost, units), facts, "en") == "System 1"
    assert pretended(exercise_of(late, units), facts, "vi") == "Tỉnh Thanh Hóa"
    assert pretended(exercise_of(View(exercise="server"), units), facts, "vi") is None


def test_an_answer_counts_its_sources_and_a_past_one_names_no_trouble(house: House) -> None:
    moment = house.tell(Said("38", "OPS-01", "2026-10", 1, 2))
    assert house.overview().stamp.sources >= 1
    past = house.overview(known_at=moment.isoformat())
    assert past.stamp.troubles == ()


def test_an_illustrative_headline_marks_the_answer_while_no_child_has_a_figure(
    house: House,
) -> None:
    house.tell(Said("vn", "OPS-01", "2026-10", 1, 2), source="real")
    assert not house.overview().stamp.illustrative
    house.tell(Said("moha", "OPS-05", "2026-10", 1, 2), source="demo")
    answer = house.overview()
    assert not any(one.figure.illustrative for one in answer.matrix.cells.values())
    assert any(one.cell.figure.illustrative for one in answer.tiles)
    assert answer.stamp.illustrative
