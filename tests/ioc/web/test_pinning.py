"""A meeting's freeze holds every figure of its pages until it is released, whatever arrives."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.queries.desk import Desk
from ioc.queries.indicator_page import indicator_page
from ioc.queries.overview import overview
from ioc.queries.unit_page import unit_page
from ioc.store.engine import writing
from ioc.store.freezes import release_freeze, start_freeze
from ioc.web.export import table_of
from ioc.web.page import Page
from ioc.web.pinning import pinned
from ioc.web.router import Router
from tests.ioc.queries.house import House, Said

SCOPE = Scope.all()
HREF = "/?indicator=OPS-01&meeting=M1"


@pytest.fixture
def house(engine: Engine) -> House:
    from ioc.domain.catalogue import Catalogue
    from ioc.domain.units import Units

    units = Units.load()
    made = House(engine, units, Catalogue.load(units=units)).prepare()
    made.tell(Said("38", "OPS-01", "2026-10", 80, 100))
    return made


def freeze(house: House, *, desks: bool = False) -> None:
    with writing(house.engine) as connection:
        start_freeze(connection, "M1", title="Giao ban", desks=desks, by="An", now=house.now)


def release(house: House) -> None:
    with writing(house.engine) as connection:
        assert release_freeze(connection, "M1", by="An", now=house.now)


def shown(answer: Any, view: View) -> Any:
    from dash import html

    cells = [one for one in answer.children if one.figure.value is not None]
    return html.P([f"{one.unit.key}={one.figure.value} " for one in cells])


def router_of(desk: Desk) -> Router:
    page = Page("overview", lambda a, v: "t", overview, shown)
    return Router(desk, {"overview": page}, lambda content, view: content)


def words(router: Router, href: str) -> str:
    return router.show(href, SCOPE).encoded.decode()


@pytest.mark.parametrize("desks", [False, True])
def test_later_figures_do_not_reach_a_frozen_page(house: House, desks: bool) -> None:
    freeze(house, desks=desks)
    router = router_of(house.desk)
    href = "/?indicator=OPS-01" if desks else HREF
    before = words(router, href)
    assert "38=4/5" in before
    assert "ĐÓNG BĂNG" in before
    assert "Giao ban" in before
    house.tell(Said("38", "OPS-01", "2026-10", 90, 100), Said("01", "OPS-01", "2026-10", 1, 2))
    assert words(router, href) == before
    assert words(router_of(house.desk), href) == before
    table = table_of(house.desk, router, pinned(house.engine, router.read(href)).view, "map", SCOPE)
    assert [row[5] for row in table.rows if row[0] == "38"] == [80]
    release(house)
    after = words(router, href)
    assert "38=9/10" in after
    assert "ĐÓNG BĂNG" not in after


def test_a_frozen_page_need_not_be_asked_for_again(house: House) -> None:
    freeze(house)
    router = router_of(house.desk)
    first = router.show(HREF, SCOPE)
    house.tell(Said("38", "OPS-01", "2026-10", 90, 100))
    again = router.show(HREF, SCOPE)
    assert again.version == first.version + 1
    assert again.digest == first.digest


def test_without_the_meeting_a_desk_is_live_and_a_wall_is_never_pinned_by_desks(
    house: House,
) -> None:
    freeze(house)
    assert pinned(house.engine, View()).freeze is None
    release(house)
    with writing(house.engine) as connection:
        start_freeze(connection, "M2", title="Hai", desks=True, by="An", now=house.now)
    assert pinned(house.engine, View()).holds
    assert not pinned(house.engine, View(wall=True)).holds
    assert not pinned(house.engine, View(page="walls")).holds


def test_an_earlier_moment_asked_for_stays(house: House) -> None:
    freeze(house)
    early = datetime(2026, 1, 1, tzinfo=UTC)
    assert pinned(house.engine, View(meeting="M1", known_at=early)).view.known_at == early
    late = house.now + timedelta(days=9)
    held = pinned(house.engine, View(meeting="M1", known_at=late))
    assert held.view == replace(held.view, known_at=held.freeze and held.freeze.known_at)


def test_a_meeting_that_never_was_is_a_wrong_address(house: House) -> None:
    with pytest.raises(AddressError, match="meeting"):
        pinned(house.engine, View(meeting="NONE"))
    assert router_of(house.desk).show("/?meeting=NONE", SCOPE).status == 404


@pytest.mark.parametrize("path", ["/", "/unit/38", "/indicator/OPS-01"])
def test_no_answer_of_a_frozen_page_moves(house: House, path: str) -> None:
    query = {"/": overview, "/unit/38": unit_page, "/indicator/OPS-01": indicator_page}[path]
    freeze(house)
    given = {} if path.startswith("/indicator") else {"indicator": "OPS-01"}
    held = pinned(house.engine, View.from_address(path, meeting="M1", **given)).view
    before = query(house.desk, held, SCOPE)
    house.tell(Said("38", "OPS-01", "2026-10", 90, 100), Said("38", "OPS-01", "2026-09", 1, 2))
    assert query(house.desk, held, SCOPE) == before
    live = query(house.desk, held.but(meeting=None, known_at=None), SCOPE)
    assert live.stamp.data_version > before.stamp.data_version
