"""Units of a similar structure, who improved most, and practices about the indicator."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.errors import NotAllowedError
from ioc.queries.peers import similar
from ioc.queries.peers_answers import Known, Peers
from ioc.store.engine import writing
from ioc.store.items import Said as SaidItem
from ioc.store.items import keep
from ioc.store.runs import start_run
from ioc.store.versions import next_recorded_at
from tests.ioc.queries.house import House, Said, units_in


def ask(house: House, unit: str, scope: Scope | None = None, **parts: str) -> Peers:
    view = View.from_address("/peers", unit=unit, indicator=parts.pop("code", "OPS-01"), **parts)
    return similar(house.desk, view, scope or Scope.all())


def practice(house: House, key: str, unit: str, code: str) -> None:
    """One recorded practice."""
    register = house.desk.registers.by_key("practice")
    source = house.sources["demo"]
    run_id = start_run(house.engine, source.id, house.clock)
    body = {"title": key, "what": "Làm", "indicator": code, "grade": "b", "topic": "data"}
    said = SaidItem(
        key=key, unit_id=house.units.by_key(unit).id, state="shared", body=body, due=None,
        done=None, lon=None, lat=None, valid_from=date(2026, 10, 1), citation_id=None,
    )  # fmt: skip
    with writing(house.engine) as connection:
        keep(
            connection, register, house.units, [said], source_id=source.id, run_id=run_id,
            recorded_at=next_recorded_at(connection, house.clock), illustrative=True, by="demo",
        )  # fmt: skip


def test_the_most_improved_peer_comes_first(house: House) -> None:
    keys = [one.unit.key for one in ask(house, "38", period="2026-10").rows]
    assert len(keys) == 6
    assert "38" not in keys
    for at, key in enumerate(keys):
        house.tell(Said(key, "OPS-01", "2026-09", 10, 100))
        house.tell(Said(key, "OPS-01", "2026-10", 10 + at, 100))
    house.tell(Said("38", "OPS-01", "2026-09", 30, 100), Said("38", "OPS-01", "2026-10", 20, 100))
    page = ask(house, "38", period="2026-10", before="2026-09")
    assert [one.unit.key for one in page.rows] == keys[::-1]
    assert page.best is not None
    assert (page.best.unit.key, page.best.gain) == (keys[-1], Fraction(5, 100))
    assert page.own is not None
    assert page.own.gain == Fraction(-1, 10)
    assert page.known is Known.FEATURES
    assert all(one.distance is not None for one in page.rows)
    assert {"population", "communes", "region"} <= set(page.rows[0].apart or {})


def test_where_less_is_better_falling_is_improving(house: House) -> None:
    key = ask(house, "38", period="2026-10").rows[0].unit.key
    house.tell(Said(key, "OPS-06", "2026-09", 50), Said(key, "OPS-06", "2026-10", 20))
    page = ask(house, "38", code="OPS-06", period="2026-10", before="2026-09")
    assert page.best is not None
    assert (page.best.unit.key, page.best.gain) == (key, 30)


def test_who_is_missing_in_a_period_is_not_compared(house: House) -> None:
    house.tell(Said("40", "OPS-01", "2026-10", 1, 2))
    page = ask(house, "38", period="2026-10", before="2026-09")
    assert page.best is None
    assert all(one.gain is None for one in page.rows)


def test_of_ministries_only_the_kind_is_known(house: House) -> None:
    page = ask(house, "moha", period="2026-10")
    assert page.known is Known.KIND
    assert {one.unit.level for one in page.rows} == {"ministry"}
    assert all(one.distance is None for one in page.rows)


def test_a_total_has_no_peers(house: House) -> None:
    page = ask(house, "vn")
    assert (page.known, page.rows, page.own) == (Known.NO_UNIT, (), None)


def test_practices_about_the_indicator_are_found_by_who_recorded_them(house: House) -> None:
    house.tell(Said("38", "OPS-01", "2026-10", 1, 2))
    near = ask(house, "38", period="2026-10").rows[0].unit.key
    practice(house, "P1", near, "OPS-01")
    practice(house, "P2", "79", "OPS-01")
    practice(house, "P3", near, "OPS-05")
    page = ask(house, "38", period="2026-10")
    assert [one.key for one in page.practices] == ["P1"]
    assert [one.key for one in page.elsewhere] == ["P2"]
    assert page.stamp.illustrative
    assert page.practices[0].values["grade"] == "b"


def test_nothing_outside_the_scope_is_told(house: House) -> None:
    house.tell(Said("38", "OPS-01", "2026-10", 1, 2))
    practice(house, "P2", "79", "OPS-01")
    scope = Scope.of(house.units.by_key("38").id)
    page = ask(house, "38", scope, period="2026-10")
    assert (page.rows, page.elsewhere) == ((), ())
    assert "79" not in {one.key for one in units_in(page)}
    with pytest.raises(NotAllowedError):
        ask(house, "79", scope)
