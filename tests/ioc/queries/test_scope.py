"""Nothing outside a viewer's scope appears anywhere in an answer."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ioc.domain.scope import Scope
from ioc.domain.unit import Level
from ioc.domain.view import View
from ioc.errors import NotAllowedError
from ioc.queries.health import sources
from tests.ioc.queries.house import House, Said, units_in

FEW = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
KEYS = ("vn", "local", "gov", "R2", "R5", "31", "79", "30.2025", "most", "mic.2025", "moha")
ALICE, CHARLIE = Scope.all(), Scope.none()


@pytest.fixture
def house(house: House) -> House:
    for key in ("79", "74.2025", "31.2025", "30.2025", "mic.2025", "most.2025", "moha", "01"):
        period = "2025-01" if key.endswith(".2025") else "2026-10"
        house.tell(Said(key, "OPS-01", period, 1, 2, cite="Báo"), source="real")
    house.tell(Said("vn", "OPS-01", "2024", val=458_000, cite="Báo"), source="real")
    return house


def bob(house: House) -> Scope:
    return Scope.of(house.units.by_key("79").id)


def shown(house: House, scope: Scope) -> int:
    """Ask every page of every unit; nothing unseen may appear. Returns how many answered."""
    answered = 0
    for key in KEYS:
        allowed = house.units.visible(house.units.by_key(key).id, scope)
        for ask in (
            lambda key=key: house.overview(scope, unit=key),
            lambda key=key: house.overview(scope, unit=key, basis="reported", period="2025-01"),
            lambda key=key: house.unit(key, scope),
            lambda key=key: house.indicator("OPS-01", scope, unit=key),
        ):
            if not allowed:
                with pytest.raises(NotAllowedError):
                    ask()
                continue
            answered += 1
            for one in units_in(ask()):
                assert house.units.visible(one.id, scope), (key, one.key)
    return answered


def test_alice_sees_everything_and_charlie_nothing(house: House) -> None:
    assert shown(house, ALICE) == 4 * len(KEYS)
    assert shown(house, CHARLIE) == 0


def test_bob_sees_his_city_and_what_it_was_made_of(house: House) -> None:
    assert shown(house, bob(house)) == 4
    page = house.unit("79", bob(house))
    assert {one.unit.key for one in page.former} == {"74.2025"}
    assert [one.key for one in page.crumbs] == ["79"]
    assert page.children != ()
    assert house.unit("74.2025", bob(house)).successors[0].key == "79"


def test_the_filter_lists_only_regions_one_may_see(house: House) -> None:
    region = house.units.by_key("R2").id
    answer = house.overview(Scope.of(region), unit="R2")
    assert [one.key for one in answer.regions] == ["R2"]
    assert len(house.overview(ALICE).regions) == 6


@FEW
@given(data=st.data())
def test_random_scopes_leak_nothing(house: House, data: st.DataObject) -> None:
    day = date(2026, 11, 1)
    ids = [
        one.id
        for level in (Level.REGION, Level.PROVINCE, Level.MINISTRY, Level.LOCALITIES)
        for one in map(house.units.by_id, house.units.ids_by_level(level, day))
    ]
    ids += [house.units.by_key(key).id for key in ("30.2025", "mic.2025", "14725")]
    roots = data.draw(st.lists(st.sampled_from(ids), max_size=3))
    shown(house, Scope.of(*roots))


def test_a_total_that_may_be_seen_counts_only_its_own(house: House) -> None:
    local = house.units.by_key("local").id
    answer = house.overview(Scope.of(local), unit="local", indicator="OPS-01")
    assert {one.unit.level for one in answer.children} == {"province"}
    with pytest.raises(NotAllowedError):
        house.overview(Scope.of(local), unit="vn")


def test_the_sources_page_is_empty_for_who_may_see_nothing(house: House) -> None:
    view = View.from_address("/sources")
    assert {one.name for one in sources(house.desk, view, ALICE).rows} == {"real", "demo"}
    assert len(sources(house.desk, view, bob(house)).rows) == 2
    assert sources(house.desk, view, CHARLIE).rows == ()
