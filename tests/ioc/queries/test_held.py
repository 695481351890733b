"""A figure on hold is marked wherever the old one is shown, then as now, with what was given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction

from ioc.domain.period import Period
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.answer_cells import cells_in
from ioc.queries.answers import Cell
from ioc.queries.compare import compare
from ioc.queries.health import sources
from ioc.queries.record import record
from ioc.store import held
from ioc.store.engine import micros, writing
from ioc.store.observations import Fact
from tests.ioc.queries.house import House, Said, about, counting, of

OLD = Said("38", "OPS-01", "2026-10", 10, 100)
GIVEN = Fact(90, 100)


def hold(house: House, said: Said = OLD, *, at: datetime | None = None) -> int:
    """Hold a figure for the key of `said`; gives the number of the entry."""
    fact = house.sources["demo"]
    moment = at or house.now
    doubt = held.Doubt(
        house.key(said), GIVEN, Fact(said.num, said.den), None, "dòng 4", "jump_points",
        {"moved": "80", "period": "2026-09", "limit": "20"}, '{"ma": 38}',
    )  # fmt: skip
    with writing(house.engine) as connection:
        held.hold(connection, fact.id, 1, micros(moment), [doubt])
        return held.open_held(connection, fact.id)[0].id


def decide(house: House, held_id: int, at: datetime) -> None:
    with writing(house.engine) as connection:
        held.end(connection, held_id, held.REFUSED, at=micros(at), run_id=2, by="An", note="sai")


def waiting(answer: object) -> Iterator[Cell]:
    return (one for _, one in cells_in(answer) if one.waiting)


def test_every_page_marks_the_old_figure_and_says_what_was_given(house: House) -> None:
    house.tell(OLD, Said("01", "OPS-01", "2026-10", 50, 100))
    hold(house)
    overview = house.overview(unit="local", indicator="OPS-01")
    cell = of(overview.children, "38")
    assert cell.figure.value == Fraction(1, 10)
    assert cell.waiting is not None
    assert cell.waiting.figure.value == Fraction(9, 10)
    assert (cell.waiting.source, cell.waiting.name) == ("Nguồn", "demo")
    assert cell.waiting.since == house.now
    assert cell.waiting.code == "jump_points"
    assert of(overview.children, "01").waiting is None
    assert overview.matrix.cells[cell.unit.id, "OPS-01"].waiting is not None
    assert about(house.unit("38").cells, "OPS-01").waiting is not None
    assert of(house.indicator("OPS-01", unit="local").children, "38").waiting is not None
    view = View.from_address("/compare", unit="local", units="38,01", indicator="OPS-01")
    assert {one.unit.key for one in waiting(compare(house.desk, view, Scope.all()))} == {"38"}
    view = View.from_address("/record", unit="38", indicator="OPS-01", period="2026-10")
    assert record(house.desk, view, Scope.all()).cell.waiting is not None


def test_nothing_held_costs_one_statement_and_changes_nothing(house: House) -> None:
    house.tell(OLD)
    many = counting(house.engine, lambda: house.overview(indicator="OPS-01"))
    hold(house, Said("01", "OPS-07", "2026-10"))
    assert counting(house.engine, lambda: house.overview(indicator="OPS-01")) <= many + 1


def test_another_period_and_part_is_not_marked(house: House) -> None:
    house.tell(OLD)
    hold(house, Said("38", "OPS-01", "2026-09", 1, 2))
    hold(house, Said("38", "OPS-01", "2026-10", 1, 2, breakdown="channel.online"))
    assert about(house.unit("38").cells, "OPS-01").waiting is None


def test_as_known_then_what_was_held_then(house: House) -> None:
    house.tell(OLD)
    begin = house.clock + timedelta(minutes=5)
    held_id = hold(house, at=begin)
    decide(house, held_id, begin + timedelta(hours=1))
    house.now = begin + timedelta(hours=5)

    def at(moment: datetime) -> Cell:
        return about(house.unit("38", known_at=moment.isoformat()).cells, "OPS-01")

    assert at(begin - timedelta(seconds=1)).waiting is None
    assert at(begin + timedelta(minutes=30)).waiting is not None
    assert at(begin + timedelta(hours=2)).waiting is None
    assert about(house.unit("38").cells, "OPS-01").waiting is None


def test_the_sources_page_lists_what_is_open_and_decided_within_the_scope(house: House) -> None:
    first = hold(house, Said("01", "OPS-01", "2026-10", 5, 10))
    second = hold(house)
    decide(house, first, house.now)
    everything = sources(house.desk, View.from_address("/source/demo"), Scope.all())
    (row,) = everything.held
    assert (row.id, row.unit.key, row.period) == (second, "38", Period.month(2026, 10))
    assert (row.given.value, row.standing.value) == (Fraction(9, 10), Fraction(1, 10))
    assert (row.place, row.record) == ("dòng 4", '{"ma": 38}')
    (past,) = everything.decided
    assert (past.id, past.decision, past.decided_by, past.note) == (first, "refused", "An", "sai")
    part = Scope(frozenset({house.units.by_key("01").id}))
    narrow = sources(house.desk, View.from_address("/source/demo"), part)
    assert narrow.held == ()
    assert [one.id for one in narrow.decided] == [first]
