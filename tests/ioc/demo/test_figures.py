"""The figures of the demonstration: pure, plausible, and in step with the map of each month."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.demo.clock import (
    administrative_month_of,
    first_minute,
    minute_of,
    month_of,
    named,
    progress,
)
from ioc.demo.draw import LANES, Draw, logit, share_of
from ioc.demo.ledger import APART, OF_DEPARTMENTS, Ledger
from ioc.demo.rates import COMMUNE_MONTHLY, RATES
from ioc.demo.server import ledger_of
from ioc.domain.unit import Level
from ioc.domain.units import Units

NOVEMBER_2026 = 46
JUNE_2025, JULY_2025 = 29, 30
FEBRUARY_2025, MARCH_2025 = 25, 26


@given(st.integers(), st.integers(), st.integers(0, 2**40))
def test_a_draw_follows_from_its_seed_and_numbers(seed: int, a: int, b: int) -> None:
    draw = Draw(seed)
    assert draw.normals(a, b) == Draw(seed).normals(a, b)
    assert len(draw.normals(a, b)) == LANES
    assert all(abs(lane) < 2.5 for lane in draw.normals(a, b))
    assert 0 <= draw.share(a, b) < 1


@given(st.floats(0.0001, 0.9999))
def test_logit_and_share_are_inverse(share: float) -> None:
    assert share_of(logit(share)) == pytest.approx(share)


@given(st.integers(minute_of(datetime(2024, 1, 1, tzinfo=UTC)), 40_000_000))
def test_a_minute_lies_in_its_month(minute: int) -> None:
    month = month_of(minute)
    assert first_minute(month) <= minute < first_minute(month + 1)
    assert administrative_month_of(minute) in (month, month + 1)
    assert 0 <= progress(minute, month, step=5, phase=3) <= 1


def test_months_are_named_from_january_2023() -> None:
    assert named(0) == (2023, 1)
    assert named(NOVEMBER_2026) == (2026, 11)


def test_the_administrative_month_begins_on_the_15th(noon: int) -> None:
    assert administrative_month_of(noon) == NOVEMBER_2026 + 1
    assert administrative_month_of(noon - 8 * 1440) == NOVEMBER_2026


@pytest.mark.parametrize(
    ("level", "month", "count"),
    [
        (Level.PROVINCE, JUNE_2025, 63),
        (Level.PROVINCE, JULY_2025, 34),
        (Level.MINISTRY, FEBRUARY_2025, 22),
        (Level.MINISTRY, MARCH_2025, 17),
        (Level.COMMUNE, JULY_2025, 3321),
        (Level.COMMUNE, NOVEMBER_2026, 3321),
    ],
)
def test_places_follow_the_map_of_the_month(
    ledger: Ledger, level: Level, month: int, count: int
) -> None:
    assert len(ledger.places(level, month)) == count


def test_codes_are_those_of_the_day(ledger: Ledger) -> None:
    before = {place.code: place.name for place in ledger.places(Level.PROVINCE, JUNE_2025)}
    after = {place.code: place.name for place in ledger.places(Level.PROVINCE, JULY_2025)}
    assert "Bắc Giang" in before["24"]
    assert "Bắc Ninh" in after["24"]
    assert "30" in before
    assert "30" not in after


def test_the_same_seed_gives_the_same_figures(units: Units, ledger: Ledger, noon: int) -> None:
    again, other = ledger_of(1, units), ledger_of(2, units)
    place = ledger.places(Level.PROVINCE, NOVEMBER_2026)[5]
    pairs = [
        [book.pair(place, code, month, noon) for code in RATES for month in (12, 35, 46)]
        for book in (ledger, again, other)
    ]
    assert pairs[0] == pairs[1]
    assert pairs[0] != pairs[2]


@pytest.mark.parametrize("code", sorted(set(RATES) - {"SIG-01"}))
def test_every_share_lies_between_nothing_and_all(ledger: Ledger, noon: int, code: str) -> None:
    for month in (12, 29, 30, 45, NOVEMBER_2026):
        for level in (Level.PROVINCE, Level.MINISTRY):
            for place in ledger.places(level, month):
                numerator, whole = ledger.pair(place, code, month, noon)
                assert 0 <= numerator <= whole


def test_a_merger_does_not_make_dossiers_jump(ledger: Ledger, noon: int) -> None:
    def dossiers(month: int, level: Level) -> int:
        return sum(ledger.pair(place, "OPS-03", month, noon)[1] for place in places(month, level))

    def places(month: int, level: Level):  # type: ignore[no-untyped-def]
        return ledger.places(level, month)

    provinces = dossiers(JULY_2025, Level.PROVINCE) / dossiers(JUNE_2025, Level.PROVINCE)
    ministries = dossiers(MARCH_2025, Level.MINISTRY) / dossiers(24 - 1, Level.MINISTRY)
    assert 0.9 < provinces < 1.1
    assert 0.85 < ministries < 1.15


@pytest.mark.parametrize("code", COMMUNE_MONTHLY)
@pytest.mark.parametrize("month", [JULY_2025, NOVEMBER_2026 - 1, NOVEMBER_2026])
def test_a_province_is_the_sum_of_its_communes(
    ledger: Ledger, noon: int, code: str, month: int
) -> None:
    columns = ledger.communes(month, noon)
    for province in ledger.places(Level.PROVINCE, month):
        rows = [at for at, one in enumerate(columns.places) if one.parent_id == province.id]
        total = sum(columns.wholes[code][at] for at in rows)
        upper = sum(columns.numerators[code][at] for at in rows)
        given_pair = ledger.pair(province, code, month, noon)
        if (province.code, code) == APART[:2]:
            assert given_pair[1] > total
        else:
            assert given_pair == (upper, total)


@pytest.mark.parametrize("code", sorted(OF_DEPARTMENTS))
def test_a_ministry_is_the_sum_of_its_departments_and_no_larger_than_others(
    ledger: Ledger, noon: int, code: str
) -> None:
    month = NOVEMBER_2026 - 1
    below: dict[int, list[tuple[int, int]]] = {}
    for place in ledger.places(Level.DEPARTMENT, month):
        below.setdefault(place.parent_id, []).append(ledger.pair(place, code, month, noon))
    alone, summed = [], []
    for ministry in ledger.places(Level.MINISTRY, month):
        own = ledger.pair(ministry, code, month, noon)
        pairs = below.get(ministry.id)
        (summed if pairs else alone).append(own[1])
        if pairs:
            assert own == (sum(top for top, _ in pairs), sum(whole for _, whole in pairs))
    assert len(summed) == 6
    assert sum(summed) / len(summed) < 3 * sum(alone) / len(alone)


def test_the_running_month_grows_and_ends_at_its_final_figure(ledger: Ledger) -> None:
    place = ledger.places(Level.MINISTRY, NOVEMBER_2026)[3]
    start, end = first_minute(NOVEMBER_2026), first_minute(NOVEMBER_2026 + 1)
    wholes = [
        ledger.pair(place, "OPS-01", NOVEMBER_2026, minute)[1]
        for minute in range(start, end + 1, 1440)
    ]
    assert wholes == sorted(wholes)
    assert wholes[0] < wholes[10] < wholes[-1]


def test_something_moves_each_few_minutes(ledger: Ledger, noon: int) -> None:
    places = ledger.places(Level.MINISTRY, NOVEMBER_2026)

    def all_of(minute: int) -> list[tuple[int, int]]:
        return [ledger.pair(place, "OPS-01", NOVEMBER_2026, minute) for place in places]

    assert all_of(noon) != all_of(noon + 5)


def test_last_month_is_corrected_now_and_then_and_older_months_stand_still(
    ledger: Ledger, noon: int
) -> None:
    def all_of(month: int, minute: int) -> list[tuple[int, int]]:
        return [
            ledger.pair(place, code, month, minute)
            for place in ledger.places(Level.MINISTRY, month)
            for code in RATES
            if code != "SIG-01"
        ]

    last, older = NOVEMBER_2026 - 1, NOVEMBER_2026 - 3
    changed = sum(
        before != after
        for before, after in zip(all_of(last, noon), all_of(last, noon + 720), strict=True)
    )
    assert 0 < changed < 60
    assert all_of(older, noon) == all_of(older, noon + 720)


def test_some_units_are_missing_and_some_are_late(ledger: Ledger, noon: int) -> None:
    months = range(NOVEMBER_2026 - 35, NOVEMBER_2026 + 1)
    sent = [
        ledger.model.delivered(place.id, month, noon, 1)
        for month in months
        for place in ledger.places(Level.PROVINCE, month)
    ]
    assert 0.9 < sum(sent) / len(sent) < 1
    last = NOVEMBER_2026 - 1
    places = ledger.places(Level.PROVINCE, last)
    end_of_time = first_minute(last + 2)
    late = [
        place
        for place in places
        for system in range(1, 10)
        if not ledger.model.delivered(place.id, last, noon, system)
        and ledger.model.delivered(place.id, last, end_of_time, system)
    ]
    assert late


def test_levels_are_plausible(ledger: Ledger, noon: int) -> None:
    def rates(code: str, level: Level, month: int) -> list[float]:
        pairs = [ledger.pair(place, code, month, noon) for place in ledger.places(level, month)]
        return sorted(numerator / whole for numerator, whole in pairs)

    first = rates("OPS-01", Level.PROVINCE, NOVEMBER_2026 - 35)
    last = rates("OPS-01", Level.PROVINCE, NOVEMBER_2026 - 1)
    assert first[len(first) // 2] < 0.3 < last[len(last) // 2]
    ministries = rates("OPS-01", Level.MINISTRY, NOVEMBER_2026 - 1)
    assert ministries[0] < 0.80
    assert ministries[-1] > 0.85
    assert rates("OPS-05", Level.PROVINCE, NOVEMBER_2026 - 1)[0] > 0.8
    late = [ledger.pair(place, "OPS-06", 45, noon) for place in ledger.places(Level.PROVINCE, 45)]
    assert all(numerator < 0.05 * whole for numerator, whole in late)


def test_the_budget_is_spent_over_the_administrative_year(ledger: Ledger, noon: int) -> None:
    place = ledger.places(Level.PROVINCE, 40)[0]
    spent = [ledger.model.budget(place, month, noon) for month in range(36, 47)]
    assert {allocated for _, allocated in spent} == {spent[0][1]}
    assert [disbursed for disbursed, _ in spent] == sorted(disbursed for disbursed, _ in spent)
