"""A total is sum over sum of those who reported; what does not add up never enters one."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ioc.domain.measure import Coverage, Empty, Restated
from ioc.domain.target import Status
from ioc.domain.unit import Level
from tests.ioc.queries.house import House, Said, about, of, pooled

PERIOD = "2026-10"
PROVINCES = ("01", "22", "31", "38", "79")
MINISTRIES = ("moha", "moj")
COMMUNES = {"00004": "01", "00025": "01"}
FEW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
parts = st.tuples(st.integers(0, 60), st.integers(0, 60))


@FEW
@given(
    told=st.dictionaries(
        st.sampled_from((*PROVINCES, *MINISTRIES, *COMMUNES)), parts, min_size=1, max_size=9
    )
)
def test_at_every_level_the_total_is_sum_over_sum(
    house: House, told: dict[str, tuple[int, int]]
) -> None:
    house.prepare()
    house.tell(*(Said(unit, "OPS-01", PERIOD, *pair) for unit, pair in told.items()))
    provinces = {key: told[key] for key in PROVINCES if key in told}
    communes = [told[key] for key in COMMUNES if key in told]
    if "01" not in told and communes:
        provinces["01"] = (sum(n for n, _ in communes), sum(d for _, d in communes))
    ministries = [told[key] for key in MINISTRIES if key in told]
    delta = [pair for key, pair in provinces.items() if house.units.region(id_of(house, key)) == 12]
    expected = {
        "vn": [*provinces.values(), *ministries],
        "local": list(provinces.values()),
        "gov": ministries,
        "R2": delta,
    }
    for parent, pairs in expected.items():
        total = house.overview(unit=parent, indicator="OPS-01", period=PERIOD).total
        assert total.figure.value == pooled(pairs), parent
        if pairs:
            assert total.figure.numerator == sum(num for num, _ in pairs)
            assert total.figure.coverage is not None
            assert total.figure.coverage.reported == len(pairs)
    children = house.overview(unit="local", indicator="OPS-01", period=PERIOD).children
    for key, pair in provinces.items():
        assert of(children, key).figure.value == pooled([pair])
    ranks = [(one.figure.value, one.rank) for one in children if one.rank is not None]
    for value, rank in ranks:
        assert rank == 1 + sum(other > value for other, _ in ranks)  # type: ignore[operator]


def id_of(house: House, key: str) -> int:
    return house.units.by_key(key).id


def test_half_and_quarter_make_a_third(house: House) -> None:
    house.tell(Said("01", "OPS-01", PERIOD, 1, 2), Said("38", "OPS-01", PERIOD, 1, 4))
    total = house.overview(unit="local", indicator="OPS-01").total
    assert total.figure.value == Fraction(1, 3)
    assert total.figure.illustrative


def test_thirty_of_thirty_four_have_reported(house: House) -> None:
    ids = house.units.ids_by_level(Level.PROVINCE, date(2026, 10, 1))
    keys = [house.units.by_id(one).key for one in ids]
    assert len(keys) == 34
    house.tell(*(Said(key, "OPS-01", PERIOD, 1, 2) for key in keys[:30]))
    answer = house.overview(unit="local", indicator="OPS-01")
    assert answer.total.figure.coverage == Coverage(30, 34)
    assert answer.total.figure.restated is Restated.PARTIAL
    page = house.indicator("OPS-01", unit="local")
    assert page.coverage == Coverage(30, 34)
    assert {one.key for one in page.missing} == set(keys[30:])
    assert [one.figure.empty for one in answer.children[30:]] == [Empty.LATE] * 4


def test_a_zero_denominator_is_listed_without_a_rank(house: House) -> None:
    house.tell(Said("01", "OPS-01", PERIOD, 0, 0), Said("38", "OPS-01", PERIOD, 1, 2))
    answer = house.overview(unit="local", indicator="OPS-01")
    undefined = of(answer.children, "01")
    assert (undefined.figure.value, undefined.figure.empty) == (None, Empty.UNDEFINED)
    assert undefined.rank is None
    assert of(answer.children, "38").rank == 1
    assert answer.total.figure.value == Fraction(1, 2)
    assert answer.total.figure.coverage == Coverage(2, 34)
    assert "01" not in {one.key for one in house.indicator("OPS-01", unit="local").missing}


def test_units_without_a_figure_stand_in_vietnamese_order(house: House) -> None:
    house.tell(Said("01", "OPS-01", PERIOD, 1, 2))
    missing = [one.short for one in house.indicator("OPS-01", unit="local").missing]
    assert missing.index("Cà Mau") < missing.index("Cao Bằng")
    assert missing.index("Đắk Lắk") < missing.index("Gia Lai") < missing.index("Vĩnh Long")


def test_equal_values_share_a_rank(house: House) -> None:
    told = {"01": (1, 2), "38": (2, 4), "79": (3, 4), "31": (1, 4)}
    house.tell(*(Said(key, "OPS-01", PERIOD, *pair) for key, pair in told.items()))
    children = house.overview(unit="local", indicator="OPS-01").children
    assert {key: of(children, key).rank for key in told} == {"79": 1, "01": 2, "38": 2, "31": 4}


def test_less_is_better_where_the_indicator_says_so(house: House) -> None:
    house.tell(Said("01", "OPS-06", PERIOD, 5), Said("38", "OPS-06", PERIOD, 3))
    answer = house.overview(unit="local", indicator="OPS-06")
    assert [one.unit.key for one in answer.children[:2]] == ["38", "01"]
    assert answer.total.figure.value == 8


def test_counts_alone_and_bare_rates_never_enter_a_total(house: House) -> None:
    house.tell(
        Said("01", "OPS-01", PERIOD, 7),
        Said("31", "OPS-01", PERIOD, val=990_000),
        Said("38", "OPS-01", PERIOD, 1, 2),
    )
    answer = house.overview(unit="local", indicator="OPS-01")
    assert answer.total.figure.value == Fraction(1, 2)
    assert answer.total.figure.numerator == 1
    assert answer.total.figure.coverage == Coverage(1, 34)
    alone = of(answer.children, "01")
    assert alone.figure.count_only
    assert (alone.figure.value, alone.status, alone.rank) == (None, Status.NOT_JUDGED, None)
    bare = of(answer.children, "31")
    assert (bare.figure.value, bare.figure.numerator) == (Fraction(99, 100), None)
    region = house.overview(unit="R2", indicator="OPS-01").total
    assert region.figure.value is None


def test_scores_are_never_totalled(house: House) -> None:
    house.tell(Said("01", "OPS-11", PERIOD, val=8_050), Said("38", "OPS-11", PERIOD, val=7_000))
    for parent in ("vn", "local", "R2"):
        answer = house.overview(unit=parent, indicator="OPS-11")
        assert answer.total.figure.value is None
    children = house.overview(unit="local", indicator="OPS-11").children
    assert of(children, "01").figure.value == Fraction(8050, 100)


def test_the_kinds_of_empty_are_told_apart(house: House) -> None:
    house.tell(
        Said("01", "OPS-01", PERIOD, 0, 10),
        Said("31", "OPS-01", PERIOD, state=1),
        Said("38", "OPS-01", PERIOD, state=2),
    )
    children = house.overview(unit="local", indicator="OPS-01", period=PERIOD).children
    assert of(children, "01").figure.value == 0
    assert of(children, "01").figure.empty is None
    assert of(children, "31").figure.empty is Empty.NOT_APPLICABLE
    assert of(children, "38").figure.empty is Empty.SUPPRESSED
    assert of(children, "79").figure.empty is Empty.LATE
    for period in ("2026-11", "2026-05"):
        children = house.overview(unit="local", indicator="OPS-01", period=period).children
        assert of(children, "79").figure.empty is Empty.MISSING
    total = house.overview(unit="local", indicator="OPS-01", period=PERIOD).total
    assert (total.figure.value, total.figure.numerator) == (0, 0)


@pytest.mark.parametrize("code", ["SIG-01", "DQ-01"])
def test_who_is_not_asked_is_neither_late_nor_counted(house: House, code: str) -> None:
    page = house.indicator(code, unit="gov")
    assert page.children == ()
    assert page.missing == ()
    assert page.coverage == Coverage(0, 0)


def test_what_a_unit_says_itself_beats_its_parts_and_an_official_source_a_demonstration(
    house: House,
) -> None:
    house.tell(Said("00004", "OPS-01", PERIOD, 9, 10), Said("01", "OPS-01", PERIOD, 3, 10))
    assert about(house.unit("01").cells, "OPS-01").figure.value == Fraction(3, 10)
    house.tell(Said("01", "OPS-01", PERIOD, 4, 10, cite="Báo Hà Nội"), source="real")
    house.tell(Said("01", "OPS-01", PERIOD, 5, 10))
    cell = about(house.unit("01").cells, "OPS-01")
    assert cell.figure.value == Fraction(4, 10)
    assert (cell.citation, cell.figure.illustrative) == ("Báo Hà Nội", False)
    assert house.overview(unit="local", indicator="OPS-01").total.figure.value == Fraction(4, 10)


def test_few_early_reporters_do_not_replace_a_full_month(house: House) -> None:
    keys = ("01", "31", "38", "79", "22")
    house.tell(*(Said(key, "OPS-01", "2026-10", 1, 2) for key in keys))
    house.tell(Said("38", "OPS-01", "2026-11", 3, 4))
    answer = house.overview(unit="local", indicator="OPS-01")
    assert answer.period is not None
    assert answer.period.code == "2026-10"
    assert answer.total.period == answer.period
    assert answer.total.figure.value == Fraction(1, 2)
    assert of(answer.children, "38").figure.value == Fraction(1, 2)
    assert answer.matrix.cells[id_of(house, "38"), "OPS-01"].figure.value == Fraction(3, 4)
    house.tell(*(Said(key, "OPS-01", "2026-11", 3, 4) for key in keys[:2]))
    answer = house.overview(unit="local", indicator="OPS-01")
    assert answer.period.code == "2026-11"
    assert answer.total.figure.coverage == Coverage(3, 34)
    for tile in answer.tiles:
        if tile.cell.indicator.code == "OPS-01":
            assert tile.cell == answer.total


def test_an_overdue_unit_is_late_in_the_matrix_and_one_not_yet_due_keeps_its_newest(
    house: House,
) -> None:
    house.tell(
        Said("01", "OPS-01", "2026-09", 1, 2),
        Said("38", "OPS-01", "2026-10", 1, 2),
        Said("01", "OPS-03", "2026-10", 1, 2),
        Said("38", "OPS-03", "2026-11", 1, 2),
    )
    cells = house.overview(unit="local").matrix.cells
    assert cells[id_of(house, "01"), "OPS-01"].figure.empty is Empty.LATE
    assert cells[id_of(house, "01"), "OPS-03"].figure.value == Fraction(1, 2)
