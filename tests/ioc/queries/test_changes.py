"""What changed since a moment: exactly the difference of then and now, and never then itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ioc.domain.measure import Empty, Figure
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.answers import Altered, Cell
from ioc.queries.record import record
from tests.ioc.queries.house import BEGIN, House, Said, about, counting, of
from tests.ioc.queries.test_known_at import plain, settle

FEW = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MONTH = "2026-10"


def altered(page: Any) -> dict[tuple[str, str, str], Altered]:
    return {(one.unit.key, one.indicator.code, one.period.code): one for one in page.stamp.altered}


def test_a_correction_is_marked_with_then_now_and_since(house: House) -> None:
    first = house.tell(Said("38", "OPS-01", MONTH, 1, 2))
    second = house.tell(Said("38", "OPS-01", MONTH, 3, 4))
    page = house.unit("38", indicator="OPS-01", known_at=first.isoformat())
    cell = about(page.cells, "OPS-01")
    assert cell.revised is not None
    assert cell.revised.kind == "revised"
    assert (cell.revised.then, float(cell.revised.now.value or 0)) == (cell.figure, 0.75)
    assert cell.revised.since == second
    assert cell.revised.source == "Nguồn"
    assert list(altered(page)) == [("38", "OPS-01", MONTH)]
    assert house.unit("38").stamp.altered is None
    assert house.unit("38", known_at=second.isoformat()).stamp.altered == ()


def test_each_kind_of_change_is_named(house: House) -> None:
    first = house.tell(
        Said("01", "OPS-01", MONTH, 1, 2),
        Said("38", "OPS-01", MONTH, 1, 2),
        Said("79", "OPS-01", MONTH, 1, 2),
    )
    house.tell(Said("01", "OPS-01", MONTH, state=2), Said("48", "OPS-01", MONTH, 5, 6))
    house.tell(Said("79", "OPS-01", MONTH, 1, 2, cite="Báo cáo số 1"), source="real")
    page = house.indicator("OPS-01", unit="local", period=MONTH, known_at=first.isoformat())
    kinds = {key[0]: one.revised.kind for key, one in altered(page).items()}
    assert kinds == {"01": "withdrawn", "48": "new", "79": "restated", "local": "revised"}
    assert of(page.children, "38").revised is None
    local = altered(page)["local", "OPS-01", MONTH].revised
    assert local.source is None


def test_the_record_too_says_what_became_of_its_figure(house: House) -> None:
    first = house.tell(Said("38", "OPS-01", MONTH, 1, 2))
    house.tell(Said("38", "OPS-01", MONTH, 3, 4))
    at = {"unit": "38", "indicator": "OPS-01", "period": MONTH, "known_at": first.isoformat()}
    page = record(house.desk, View.from_address("/record", **at), Scope.all())
    assert page.cell.revised is not None
    assert float(page.cell.revised.now.value or 0) == 0.75
    assert len(page.stamp.altered or ()) == 1


def test_first_figures_of_a_unit_are_new(house: House) -> None:
    first = house.tell(Said("38", "OPS-06", MONTH, 4))
    house.tell(Said("38", "OPS-01", MONTH, 1, 2))
    page = house.unit("38", known_at=first.isoformat())
    assert {key[:2]: one.revised.kind for key, one in altered(page).items()} == {
        ("38", "OPS-01"): "new"
    }
    revised = about(page.cells, "OPS-01").revised
    assert revised is not None
    assert revised.kind == "new"


def test_regions_and_quarters_are_compared_as_they_are_made(house: House) -> None:
    first = house.tell(Said("01", "OPS-01", "2026-08", 1, 2))
    house.tell(Said("31", "OPS-01", "2026-09", 3, 4))
    page = house.overview(unit="R2", period="2026-Q3", known_at=first.isoformat())
    found = altered(page)
    assert found["R2", "OPS-01", "2026-Q3"].revised.now.numerator == 4
    assert found["31", "OPS-01", "2026-Q3"].revised.kind == "new"
    reported = house.overview(
        unit="local", basis="reported", period="2026-09", known_at=first.isoformat()
    )
    assert altered(reported)["31", "OPS-01", "2026-09"].revised.kind == "new"


def test_statements_do_not_grow_with_what_changed(house: House) -> None:
    keys = [one.key for one in house.units.all() if one.id < 3000 and one.valid_to is None]
    first = house.tell(Said("38", "OPS-01", MONTH, 1, 2))
    house.tell(Said("01", "OPS-01", MONTH, 1, 2))
    few = counting(house.engine, lambda: house.overview(known_at=first.isoformat()))
    house.tell(*(Said(key, "OPS-01", MONTH, 3, 4) for key in keys))
    house.tell(*(Said(key, "OPS-03", MONTH, 3, 4) for key in keys))
    many = counting(house.engine, lambda: house.overview(known_at=first.isoformat()))
    assert many <= few + 6


# --- laws ---------------------------------------------------------------------------------------

told = st.builds(
    Said,
    unit=st.sampled_from(["01", "00004", "38", "30.2025", "31.2025", "31", "moha", "local"]),
    code=st.sampled_from(["OPS-01", "OPS-06"]),
    period=st.sampled_from(["2025-05", "2026-09"]),
    num=st.integers(0, 4),
    den=st.integers(0, 4),
    state=st.sampled_from([0, 0, 0, 2]),
)
runs = st.lists(
    st.tuples(st.sampled_from(["demo", "real"]), st.lists(told, min_size=1, max_size=5)),
    min_size=1,
    max_size=3,
)


def cleaned(one: Said) -> Said:
    return replace(settle(one), num=None, den=None) if one.state else settle(one)


def figures(page: Any) -> dict[tuple[str, str], Figure]:
    """Every cell of a page by unit and indicator."""
    found: dict[tuple[str, str], Figure] = {}
    lists: list[Sequence[Cell]] = [getattr(page, "children", ()), getattr(page, "cells", ())]
    if hasattr(page, "matrix"):
        lists.append(tuple(page.matrix.cells.values()))
        lists.append([one.cell for one in page.tiles])
    if hasattr(page, "total"):
        lists.append([page.total])
    for some in lists:
        for one in some:
            found[one.unit.key, one.indicator.code] = one.figure
    return found


def says(shown: Figure) -> tuple[object, ...]:
    """What a figure says; missing and late are both nothing."""
    empty = None if shown.empty in (Empty.MISSING, Empty.LATE) else shown.empty
    return shown.value, shown.numerator, shown.denominator, shown.bound, empty


QUESTIONS = (
    lambda house, **at: house.overview(unit="local", **at),
    lambda house, **at: house.overview(unit="R2", **at),
    lambda house, **at: house.unit("31", indicator="OPS-01", **at),
    lambda house, **at: house.indicator("OPS-06", **at),
)


@FEW
@given(given_runs=runs, period=st.sampled_from(["2025-05", "2025-Q2", "2026-09"]))
def test_the_list_is_the_difference_of_two_snapshots(
    house: House, given_runs: list[tuple[str, list[Said]]], period: str
) -> None:
    house.prepare()
    house.clock = BEGIN
    moments: list[datetime] = [
        house.tell(*map(cleaned, said), source=source) for source, said in given_runs
    ]
    for question in QUESTIONS:
        now = figures(question(house, period=period))
        for moment in moments:
            page = question(house, period=period, known_at=moment.isoformat())
            then = figures(page)
            listed = altered(page)
            moved = {
                (key[0], key[1]) for key, one in listed.items() if one.revised.kind != "restated"
            }
            assert moved == {key for key in then if says(then[key]) != says(now[key])}
            for key, one in listed.items():
                assert says(one.revised.then) == says(then[key[0], key[1]])
                assert says(one.revised.now) == says(now[key[0], key[1]])
                assert one.revised.since is None or one.revised.since > moment


def test_what_was_known_stays_the_same_whatever_comes(house: House) -> None:
    first = house.tell(Said("38", "OPS-01", MONTH, 1, 2))
    before = house.unit("38", known_at=first.isoformat())
    house.tell(Said("38", "OPS-01", MONTH, 3, 4), Said("01", "OPS-01", MONTH, 3, 4))
    after = house.unit("38", known_at=first.isoformat())
    assert plain(after) == plain(before)
    assert about(after.cells, "OPS-01").revised is not None
    assert about(before.cells, "OPS-01").revised is None


@pytest.mark.parametrize("page", ["overview", "unit", "indicator"])
def test_now_and_the_future_say_nothing_of_changes(house: House, page: str) -> None:
    house.tell(Said("38", "OPS-01", MONTH, 1, 2))
    asks = {
        "overview": lambda **at: house.overview(**at),
        "unit": lambda **at: house.unit("38", **at),
        "indicator": lambda **at: house.indicator("OPS-01", **at),
    }
    assert asks[page]().stamp.altered is None
    assert asks[page](known_at="2027-01-01").stamp.altered == ()
