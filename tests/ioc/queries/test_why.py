"""Why a figure changed: accounts over real units that add up, and what cannot be split."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ioc.domain.decompose import Presence, Share
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.errors import AddressError, NotAllowedError
from ioc.queries.why import why
from ioc.queries.why_answers import Closed, Why
from tests.ioc.queries.house import House, Said, units_in

FEW = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
COUNTS = st.none() | st.tuples(st.integers(0, 500), st.integers(0, 500)).map(
    lambda pair: (min(pair), max(pair))
)


def ask(house: House, unit: str, code: str, scope: Scope | None = None, **parts: str) -> Why:
    view = View.from_address("/why", unit=unit, indicator=code, **parts)
    return why(house.desk, view, scope or Scope.all())


def adds_up(page: Why) -> None:
    found = page.account
    assert found is not None
    assert page.total is not None
    assert page.total_before is not None
    assert found.before == page.total_before.figure.value
    assert found.now == page.total.figure.value
    added = sum((one.total for one in found.shares), Fraction(0)) + found.rest
    assert added == found.change


def share(page: Why, house: House, key: str) -> Share[int]:
    assert page.account is not None
    wanted = house.units.by_key(key).id
    return next(one for one in page.account.shares if one.key == wanted)


def test_rates_and_mix_of_provinces(house: House) -> None:
    house.tell(Said("38", "OPS-01", "2026-09", 90, 100), Said("31", "OPS-01", "2026-09", 10, 100))
    house.tell(Said("38", "OPS-01", "2026-10", 270, 300), Said("31", "OPS-01", "2026-10", 10, 100))
    page = ask(house, "local", "OPS-01", period="2026-10", before="2026-09")
    adds_up(page)
    assert page.account is not None
    assert (page.account.change, page.account.rate, page.account.mix) == (
        Fraction(1, 5), 0, Fraction(1, 5),
    )  # fmt: skip
    assert len(page.silent) == 32


def test_who_spoke_only_once_is_told_apart(house: House) -> None:
    house.tell(Said("38", "OPS-01", "2026-09", 50, 100))
    house.tell(Said("38", "OPS-01", "2026-10", 50, 100), Said("31", "OPS-01", "2026-10", 90, 100))
    page = ask(house, "local", "OPS-01")
    adds_up(page)
    assert page.period is not None
    assert (page.period.code, page.before and page.before.code) == ("2026-10", "2026-09")
    late = share(page, house, "31")
    assert (late.presence, late.rate, late.mix) == (Presence.ONLY_NOW, 0, 0)
    assert late.apart == Fraction(1, 5)


def test_a_merged_province_is_one_part_on_todays_map(house: House) -> None:
    house.tell(Said("30.2025", "OPS-01", "2025-06", 10, 100))
    house.tell(Said("31.2025", "OPS-01", "2025-06", 30, 100))
    house.tell(Said("31", "OPS-01", "2025-07", 90, 300))
    page = ask(house, "local", "OPS-01", period="2025-07", before="2025-06")
    adds_up(page)
    one = share(page, house, "31")
    assert one.presence is Presence.BOTH
    assert one.rate == Fraction(90, 300) - Fraction(40, 200)


def test_a_total_of_its_own_leaves_a_rest(house: House) -> None:
    house.tell(Said("38", "OPS-01", "2026-09", 40, 100), Said("14758", "OPS-01", "2026-09", 4, 10))
    house.tell(Said("38", "OPS-01", "2026-10", 60, 100), Said("14758", "OPS-01", "2026-10", 5, 10))
    page = ask(house, "38", "OPS-01", period="2026-10")
    adds_up(page)
    assert page.account is not None
    assert page.account.rest == Fraction(1, 5) - Fraction(1, 10)


def test_a_count_by_unit(house: House) -> None:
    house.tell(Said("38", "OPS-06", "2026-09", 5), Said("31", "OPS-06", "2026-09", 7))
    house.tell(Said("38", "OPS-06", "2026-10", 9), Said("01", "OPS-06", "2026-10", 2))
    page = ask(house, "local", "OPS-06")
    adds_up(page)
    assert share(page, house, "38").rate == 4
    assert share(page, house, "31").apart == -7
    assert share(page, house, "01").apart == 2


@pytest.mark.parametrize(
    ("unit", "code", "closed"),
    [
        ("38", "OPS-11", Closed.SCORE),
        ("14725", "OPS-01", Closed.NO_PARTS),
        ("31", "OPS-01", Closed.NO_BEFORE),
        ("01", "OPS-01", Closed.NO_NOW),
    ],
)
def test_what_cannot_be_split_says_why(house: House, unit: str, code: str, closed: Closed) -> None:
    house.tell(Said("14725", "OPS-01", "2026-10", 1, 2), Said("31", "OPS-01", "2026-10", 1, 2))
    house.tell(Said("38", "OPS-11", "2026-10", val=5000), Said("38", "OPS-11", "2026-09", val=40))
    assert ask(house, unit, code, period="2026-10").closed is closed


def test_as_known_then(house: House) -> None:
    house.tell(Said("38", "OPS-01", "2026-09", 1, 4))
    first = house.tell(Said("38", "OPS-01", "2026-10", 2, 4))
    house.tell(Said("38", "OPS-01", "2026-10", 3, 4))
    parts = {"period": "2026-10", "before": "2026-09"}
    then = ask(house, "local", "OPS-01", known_at=first.isoformat(), **parts)
    now = ask(house, "local", "OPS-01", **parts)
    assert then.account is not None
    assert now.account is not None
    assert (then.account.change, now.account.change) == (Fraction(1, 4), Fraction(1, 2))


def test_an_earlier_period_must_be_earlier_and_of_the_same_length(house: House) -> None:
    for before in ("2026-11", "2026-Q2"):
        with pytest.raises(AddressError):
            ask(house, "local", "OPS-01", period="2026-10", before=before)


def test_units_outside_the_scope_are_not_named(house: House) -> None:
    for month in ("2026-09", "2026-10"):
        house.tell(Said("38", "OPS-01", month, 1, 4), Said("31", "OPS-01", month, 2, 4))
    scope = Scope.of(house.units.by_key("38").id)
    with pytest.raises(NotAllowedError):
        ask(house, "local", "OPS-01", scope)
    page = ask(house, "38", "OPS-01", scope)
    assert "31" not in {one.key for one in units_in(page)}


@FEW
@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=5))
def test_whatever_was_reported_it_adds_up(
    house: House, said: list[tuple[tuple[int, int] | None, tuple[int, int] | None]]
) -> None:
    house.prepare()
    keys = ["38", "31", "01", "79", "48"]
    told = [
        Said(key, "OPS-01", month, *pair)
        for key, pairs in zip(keys, said, strict=False)
        for month, pair in zip(("2026-09", "2026-10"), pairs, strict=True)
        if pair is not None
    ]
    if told:
        house.tell(*told)
    page = ask(house, "local", "OPS-01", period="2026-10", before="2026-09")
    if page.account is not None:
        adds_up(page)
        assert page.account.rest == 0
    else:
        assert page.closed is not None
