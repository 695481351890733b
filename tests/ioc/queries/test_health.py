"""The health of sources in one word each, and the freshness of the figures they bring."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.queries.health import sources
from ioc.queries.source_answers import SourceRow, Sources
from ioc.store.engine import writing
from ioc.store.heartbeat import beat
from ioc.store.leases import take_lease
from ioc.store.rejections import Refusal, keep_rejections
from ioc.store.runs import finish_run, start_run
from ioc.store.slots import expect
from ioc.store.source_state import change, plan_next
from tests.ioc.queries.house import House, Said, about, of


def asked(house: House, path: str = "/sources", **parts: str) -> Sources:
    return sources(house.desk, View.from_address(path, **parts), Scope.all())


def row(house: House, name: str = "demo") -> SourceRow:
    return next(one for one in asked(house).rows if one.name == name)


def run(house: House, outcome: str, moment: datetime, *, refused: int = 0) -> int:
    source_id = house.sources["demo"].id
    take_lease(house.engine, source_id, "test", moment, 60)
    run_id = start_run(house.engine, source_id, moment)
    refusals = [Refusal(f"dòng {n}", "negative", {"given": -n}, "…") for n in range(refused)]
    with writing(house.engine) as connection:
        keep_rejections(connection, run_id, refusals)
        finish_run(
            connection,
            run_id,
            source_id,
            now=moment,
            outcome=outcome,
            rejected=refused,
            code="timeout" if outcome == "failed" else None,
        )
    return run_id


def test_a_source_is_never_stopped_ok_late_or_failing(house: House) -> None:
    source_id = house.sources["demo"].id
    assert row(house).state == "never"
    run(house, "ok", house.now - timedelta(minutes=1))
    assert row(house).state == "stopped"
    beat(house.engine, house.now - timedelta(seconds=5))
    plan_next(house.engine, source_id, house.now + timedelta(minutes=1))
    assert row(house).state == "ok"
    plan_next(house.engine, source_id, house.now - timedelta(minutes=6))
    assert row(house).state == "late"
    run(house, "failed", house.now)
    failing = row(house)
    assert (failing.state, failing.broken_since) == ("failing", house.now)
    assert failing.last is not None
    assert failing.last.code == "timeout"
    house.now += timedelta(hours=1)
    assert row(house).state == "failing"
    run(house, "ok", house.now)
    beat(house.engine, house.now)
    plan_next(house.engine, source_id, house.now + timedelta(minutes=1))
    assert row(house).state == "ok"
    assert row(house).recovered_at == house.now


def test_progress_counts_sources_read_to_their_end(house: House) -> None:
    assert asked(house).progress == (0, 2)
    run(house, "ok", house.now)
    assert asked(house).progress == (1, 2)
    assert house.overview().progress == (1, 2)


def test_a_sources_page_shows_its_runs_and_the_newest_refusals(house: House) -> None:
    first = run(house, "partial", house.now, refused=3)
    second = run(house, "ok", house.now + timedelta(minutes=1))
    answer = asked(house, "/source/demo")
    assert answer.chosen is not None
    assert answer.chosen.rejections == 3
    assert [one.id for one in answer.runs] == [second, first]
    assert answer.rejections is not None
    rows = answer.rejections.rows
    assert [one.place for one in rows] == ["dòng 0", "dòng 1", "dòng 2"]
    assert rows[1].params == {"given": -1}


def test_refused_records_are_browsed_by_run_reason_and_sheet(house: House) -> None:
    first = run(house, "partial", house.now, refused=60)
    second = run(house, "partial", house.now + timedelta(minutes=1), refused=4)
    found = asked(house, "/source/demo").rejections
    assert found is not None
    assert (found.count, found.sheet, found.sheets, found.more) == (64, 1, 4, 0)
    assert [(one.id, many) for one, many in found.runs] == [(second, 4), (first, 60)]
    assert found.reasons == (("negative", 64),)
    assert {one.run for one in found.rows[:4]} == {second}
    last = asked(house, "/source/demo", sheet="4").rejections
    assert last is not None
    assert [one.place for one in last.rows] == [f"dòng {n}" for n in range(56, 60)]
    one = asked(house, "/source/demo", run=str(second), reason="negative").rejections
    assert one is not None
    assert (one.count, one.sheets, one.run) == (4, 1, second)
    none = asked(house, "/source/demo", reason="falls").rejections
    assert none is not None
    assert none.rows == ()
    with pytest.raises(AddressError) as error:
        asked(house, "/source/demo", run="999")
    assert error.value.params["part"] == "run"


def test_who_sees_a_part_of_the_country_reads_no_raw_records(house: House) -> None:
    run(house, "partial", house.now, refused=1)
    scope = Scope(frozenset({house.units.by_key("38").id}))
    answer = sources(house.desk, View.from_address("/source/demo"), scope)
    assert answer.rejections is None
    assert answer.chosen is not None


def test_a_row_has_its_slots_breaker_lag_and_what_is_held(house: House) -> None:
    source_id = house.sources["demo"].id
    run(house, "failed", house.now)
    with writing(house.engine) as connection:
        dues = [house.now - timedelta(minutes=at) for at in (30, 20, 10)]
        expect(connection, source_id, dues[:1], "arrived")
        expect(connection, source_id, dues[1:], "missed", "breaker_open")
        expect(connection, source_id, [house.now + timedelta(minutes=5)])
        change(
            connection,
            source_id,
            breaker="open",
            breaker_until=house.now + timedelta(minutes=3),
            held=2,
        )
    found = row(house)
    assert [one.state for one in found.strip] == ["arrived", "missed", "missed"]
    assert found.strip[1].code == "breaker_open"
    assert (found.missed, found.held, found.lag) == (2, 2, timedelta(minutes=20))
    assert found.breaker == "open"
    assert found.breaker_until == house.now + timedelta(minutes=3)
    assert (found.failures, found.broken_code) == (1, "timeout")


def test_only_the_newest_ninety_slots_are_read(house: House) -> None:
    with writing(house.engine) as connection:
        for name in ("demo", "real"):
            dues = (house.now - timedelta(minutes=at) for at in range(200))
            expect(connection, house.sources[name].id, dues, "arrived")
    for found in asked(house).rows:
        assert len(found.strip) == 90
        assert found.strip[-1].due == house.now
        assert found.lag == timedelta(0)


def test_an_unknown_source_is_an_error_of_the_address(house: House) -> None:
    with pytest.raises(AddressError) as error:
        asked(house, "/source/nothing")
    assert error.value.params["part"] == "source"


@pytest.mark.parametrize(
    "parts", [{"unit": "99"}, {"indicator": "OPS-99"}, {"group": "XYZ"}], ids=str
)
def test_what_does_not_exist_is_an_error_of_the_address(
    house: House, parts: dict[str, str]
) -> None:
    with pytest.raises(AddressError) as error:
        house.overview(**parts)
    assert error.value.params["part"] == next(iter(parts))


def test_a_figure_is_stale_when_its_source_was_not_read_for_too_long(house: House) -> None:
    hours = house.catalogue.by_code("OPS-01").fresh_hours
    recorded = house.tell(Said("38", "OPS-01", "2026-10", 1, 2))
    house.now = recorded + timedelta(hours=hours - 1)
    assert not about(house.unit("38").cells, "OPS-01").stale
    house.now = recorded + timedelta(hours=hours + 1)
    cell = about(house.unit("38").cells, "OPS-01")
    assert cell.stale
    assert cell.received == recorded
    run(house, "unchanged", house.now)
    cell = about(house.unit("38").cells, "OPS-01")
    assert (cell.stale, cell.checked) == (False, house.now)


def test_a_failing_source_marks_its_figures_and_their_totals(house: House) -> None:
    house.tell(Said("38", "OPS-01", "2026-10", 1, 2))
    house.tell(Said("01", "OPS-01", "2026-10", 1, 2), source="real")
    run(house, "failed", house.now)
    answer = house.overview(unit="local", indicator="OPS-01")
    assert of(answer.children, "38").failing
    assert not of(answer.children, "01").failing
    assert answer.total.failing
    past = house.overview(unit="local", indicator="OPS-01", known_at=house.now.isoformat())
    assert not past.total.failing
