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
from ioc.store.rejections import Refusal, keep_rejections
from ioc.store.leases import take_lease
from ioc.store.runs import finish_run, start_run
from ioc.store.source_state import plan_next
from tests.ioc.queries.house import House, Said, about, of


def asked(house: House, path: str = "/sources") -> Sources:
    return sources(house.desk, View.from_address(path), Scope.all())


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
    assert [one.place for one in answer.rejections] == ["dòng 0", "dòng 1", "dòng 2"]
    assert answer.rejections[1].params == {"given": -1}


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
