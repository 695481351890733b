"""A figure down to its source: versions, what stands and why, and accounts that come out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.errors import AddressError, NotAllowedError
from ioc.queries.record import record
from ioc.queries.record_answers import Record
from tests.ioc.queries.house import BEGIN, House, Said, units_in

FEW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def ask(house: House, unit: str, code: str, scope: Scope | None = None, **parts: str) -> Record:
    view = View.from_address("/record", unit=unit, indicator=code, **parts)
    return record(house.desk, view, scope or Scope.all())


def test_each_version_is_told_with_what_it_changed_and_what_stands(house: House) -> None:
    first = house.tell(Said("38", "OPS-01", "2026-10", 1, 2))
    second = house.tell(Said("38", "OPS-01", "2026-10", 3, 4))
    house.tell(Said("38", "OPS-01", "2026-10", 5, 6, cite="Báo cáo số 1"), source="real")
    page = ask(house, "38", "OPS-01", period="2026-10")
    assert [(one.source, one.why, one.standing) for one in page.learned] == [
        ("real", "rank", True),
        ("demo", "outranked", False),
        ("demo", "replaced", False),
    ]
    assert page.cell.figure.value == Fraction(5, 6)
    assert page.cell.citation == page.learned[0].citation == "Báo cáo số 1"
    assert page.learned[0].changes is None
    told = page.learned[1].changes
    assert told is not None
    assert {one.part for one in told} == {"value", "numerator", "denominator"}
    assert page.learned[1].recorded_at == second
    assert page.learned[2].recorded_at == first
    assert page.source == "real"
    assert page.run is not None
    assert page.run.outcome == "ok"


def test_a_later_word_is_not_known_before_it_came(house: House) -> None:
    first = house.tell(Said("38", "OPS-01", "2026-10", 1, 2))
    house.tell(Said("38", "OPS-01", "2026-10", 3, 4))
    page = ask(house, "38", "OPS-01", period="2026-10", known_at=first.isoformat())
    assert [(one.why, one.figure.value) for one in page.learned] == [("only", Fraction(1, 2))]
    assert page.cell.figure.value == Fraction(1, 2)


def test_of_equal_rank_the_newest_stands(house: House) -> None:
    house.sources["demo"] = replace(house.sources["demo"], rank=10)
    from ioc.store.engine import writing
    from ioc.store.reference import sync_sources

    with writing(house.engine) as connection:
        sync_sources(connection, house.sources.values())
    house.tell(Said("38", "OPS-01", "2026-10", 1, 2), source="real")
    house.tell(Said("38", "OPS-01", "2026-10", 3, 4))
    page = ask(house, "38", "OPS-01")
    assert [(one.source, one.why) for one in page.learned] == [
        ("demo", "newest"),
        ("real", "older"),
    ]


def test_without_a_period_the_newest_is_told(house: House) -> None:
    house.tell(Said("38", "OPS-01", "2026-09", 1, 2), Said("38", "OPS-01", "2026-10", 1, 4))
    page = ask(house, "38", "OPS-01")
    assert page.period is not None
    assert page.period.code == "2026-10"
    assert ask(house, "01", "OPS-01").period is None


def test_an_own_figure_of_a_total_leaves_a_difference_that_is_named(house: House) -> None:
    house.tell(Said("01", "OPS-01", "2026-10", 10, 20), Said("38", "OPS-01", "2026-10", 1, 4))
    house.tell(Said("local", "OPS-01", "2026-10", 15, 30), source="real")
    account = ask(house, "local", "OPS-01", period="2026-10").account
    assert account is not None
    assert account.sum_of == (11, 24)
    assert account.difference == (4, 6)
    assert account.own
    assert not account.balanced
    silent = [one.unit.key for one in account.left_out("silent") if one.unit]
    assert len(silent) == 32
    assert "79" in silent


def test_what_does_not_add_up_is_left_out_by_name(house: House) -> None:
    house.tell(
        Said("01", "OPS-01", "2026-10", 10, 20),
        Said("38", "OPS-01", "2026-10", val=500_000),
        Said("79", "OPS-01", "2026-10", state=2),
    )
    account = ask(house, "local", "OPS-01", period="2026-10").account
    assert account is not None
    assert account.balanced
    assert [one.unit.key for one in account.left_out("bare") if one.unit] == ["38"]
    assert [one.unit.key for one in account.left_out("stated") if one.unit] == ["79"]


def test_former_units_count_in_the_one_they_went_into(house: House) -> None:
    house.tell(
        Said("30.2025", "OPS-01", "2025-05", 1, 2), Said("31.2025", "OPS-01", "2025-05", 3, 4)
    )
    account = ask(house, "31", "OPS-01", period="2025-05").account
    assert account is not None
    assert account.balanced
    assert account.sum_of == (4, 6)
    assert {one.unit.key for one in account.parts if one.unit and one.counts} == {
        "30.2025",
        "31.2025",
    }


def test_a_quarter_is_made_of_its_months(house: House) -> None:
    house.tell(
        Said("38", "OPS-01", "2026-07", 1, 2),
        Said("38", "OPS-01", "2026-09", 3, 4),
    )
    account = ask(house, "38", "OPS-01", period="2026-Q3").account
    assert account is not None
    assert account.by == "months"
    assert account.balanced
    assert account.sum_of == (4, 6)
    assert [one.period.code for one in account.left_out("silent")] == ["2026-08"]


def test_a_region_is_made_of_its_provinces(house: House) -> None:
    house.tell(Said("01", "OPS-01", "2026-10", 1, 2), Said("31", "OPS-01", "2026-10", 3, 4))
    account = ask(house, "R2", "OPS-01", period="2026-10").account
    assert account is not None
    assert account.by == "members"
    assert account.balanced
    assert account.sum_of == (4, 6)


def test_an_unknown_part_or_unit_is_refused(house: House) -> None:
    with pytest.raises(AddressError):
        ask(house, "38", "OPS-01", breakdown="channel.fax")
    with pytest.raises(AddressError):
        ask(house, "99", "OPS-01")
    with pytest.raises(NotAllowedError):
        ask(house, "38", "OPS-01", Scope.of(house.units.by_key("01").id))


def test_a_narrow_viewer_sees_his_own_and_opens_no_whole_delivery(house: House) -> None:
    house.tell(Said("01", "OPS-01", "2026-10", 1, 2), Said("38", "OPS-01", "2026-10", 3, 4))
    scope = Scope.of(house.units.by_key("38").id)
    page = ask(house, "38", "OPS-01", scope, period="2026-10")
    assert not page.may_open
    assert ask(house, "38", "OPS-01", period="2026-10").may_open
    seen = {one.key for one in units_in(page)}
    assert "01" not in seen


def test_a_part_of_a_figure_has_its_own_record(house: House) -> None:
    code = next(one for one in house.catalogue.all if one.breakdown_codes).code
    part = house.catalogue.by_code(code).breakdown_codes[0]
    house.tell(
        Said("01", code, "2026-10", 1, 2, breakdown=part),
        Said("38", code, "2026-10", 3, 4, breakdown=part),
        Said("38", code, "2026-10", 5, 6),
    )
    page = ask(house, "38", code, period="2026-10", breakdown=part)
    assert [one.figure.numerator for one in page.learned] == [3]
    assert page.cell.figure.numerator == 3
    above = ask(house, "local", code, period="2026-10", breakdown=part).account
    assert above is not None
    assert above.balanced
    assert above.sum_of == (4, 6)


def test_a_figure_of_one_day_has_its_record(house: House) -> None:
    house.tell(Said("01", "OPS-01", "2026-10-25", 1, 2, cite="Báo"), source="real")
    page = ask(house, "01", "OPS-01", period="2026-10-25")
    assert page.cell.figure.value == Fraction(1, 2)
    assert page.learned[0].citation == "Báo"


# --- laws ---------------------------------------------------------------------------------------

told = st.builds(
    Said,
    unit=st.sampled_from(
        ["01", "00004", "38", "14725", "30.2025", "31.2025", "31", "moha", "local", "vn"]
    ),
    code=st.sampled_from(["OPS-01", "OPS-06"]),
    period=st.sampled_from(["2025-05", "2025-06", "2026-09", "2026-Q3"]),
    num=st.integers(0, 9),
    den=st.one_of(st.none(), st.integers(0, 9)),
    state=st.sampled_from([0, 0, 0, 2]),
)
runs = st.lists(
    st.tuples(st.sampled_from(["demo", "real"]), st.lists(told, min_size=1, max_size=6)),
    min_size=1,
    max_size=3,
)
SUBJECTS = ["vn", "local", "gov", "R2", "01", "31", "38", "moha"]


def settle(one: Said) -> Said:
    """A count has no denominator; what is stated has no figure."""
    if one.state:
        return replace(one, num=None, den=None)
    return replace(one, den=None) if one.code == "OPS-06" else one


def parts_of(page: Record) -> list[Any]:
    assert page.account is not None
    return [one.figure for one in page.account.parts if one.counts]


@FEW
@given(given_runs=runs, subject=st.sampled_from(SUBJECTS))
def test_a_total_is_its_parts_and_a_named_difference(
    house: House, given_runs: list[tuple[str, list[Said]]], subject: str
) -> None:
    house.prepare()
    house.clock = BEGIN
    moments: list[datetime | None] = [None]
    moments += [house.tell(*map(settle, said), source=source) for source, said in given_runs]
    for code in ("OPS-01", "OPS-06"):
        for period in ("2025-05", "2025-Q2", "2026-09", "2026-Q3"):
            for moment in moments:
                at = {"known_at": moment.isoformat()} if moment else {}
                balanced(ask(house, subject, code, period=period, **at))


def balanced(page: Record) -> None:
    account = page.account
    if account is None:
        return
    counted = parts_of(page)
    ratio = page.indicator.code == "OPS-01"
    above = sum((one.numerator if ratio else one.value) or 0 for one in counted)
    assert account.sum_of[0] == above
    if ratio:
        assert account.sum_of[1] == sum(one.denominator or 0 for one in counted)
    whole = account.whole
    assert whole.value == page.cell.figure.value
    if account.difference is None:
        return
    mine = whole.numerator if ratio else whole.value
    assert mine == account.sum_of[0] + account.difference[0]
    if ratio:
        assert whole.denominator == (account.sum_of[1] or 0) + (account.difference[1] or 0)
    if not account.own:
        assert account.balanced
