"""The units as they come with the product: identity, codes, tree, lineage and totals."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.scope import Scope
from ioc.domain.unit_check import check
from ioc.domain.units import Level, Unit, Units
from ioc.errors import AddressError

BEFORE, MERGER, TODAY = date(2025, 6, 30), date(2025, 7, 1), date(2026, 11, 22)
VN, LOCAL, GOV = 1, 2, 3
UNITS = Units.load()
PROVINCES = [unit for unit in UNITS.all() if unit.level is Level.PROVINCE]
COMMUNES = [unit for unit in UNITS.all() if unit.level is Level.COMMUNE]
COMMUNES_OF = {"01": 126, "04": 56, "08": 124, "11": 45, "12": 38, "14": 75, "15": 99}
COMMUNES_OF |= {"19": 92, "20": 65, "22": 54, "24": 99, "25": 148, "31": 114, "33": 104}
COMMUNES_OF |= {"37": 129, "38": 166, "40": 130, "42": 69, "44": 78, "46": 40, "48": 94}
COMMUNES_OF |= {"51": 96, "52": 135, "56": 65, "66": 102, "68": 124, "75": 95, "79": 168}
COMMUNES_OF |= {"80": 96, "82": 102, "86": 124, "91": 102, "92": 103, "96": 64}
FORMER = {"08": 2, "15": 2, "19": 2, "24": 2, "25": 3, "31": 2, "33": 2, "37": 3, "44": 2}
FORMER |= {"48": 2, "51": 2, "52": 2, "56": 2, "66": 2, "68": 3, "75": 2, "79": 3, "80": 2}
FORMER |= {"82": 2, "86": 3, "91": 2, "92": 3, "96": 2}


def key(unit_id: int | None) -> str | None:
    return None if unit_id is None else UNITS.by_id(unit_id).key


def test_all_official_totals_hold() -> None:
    results = check(UNITS, "en")
    assert len(results) > 45
    assert [one for one in results if not one.ok] == []
    assert {one.what for one in results} != {one.what for one in check(UNITS, "vi")}


def test_a_false_total_is_in_the_list() -> None:
    fewer = Units(unit for unit in UNITS.all() if unit.key != "16093")
    wrong = {one.what: (one.expected, one.found) for one in check(fewer, "en") if not one.ok}
    assert wrong["Communes, wards and special zones of Tỉnh Thanh Hóa"] == (166, 165)
    assert (3321, 3320) in wrong.values()


@pytest.mark.parametrize(("code", "count"), COMMUNES_OF.items())
def test_communes_of_every_province(code: str, count: int) -> None:
    province = UNITS.by_key(code)
    assert len(UNITS.children(province.id, TODAY, Level.COMMUNE)) == count
    assert UNITS.expected(province.id, Level.COMMUNE, TODAY) == count


def test_tables_of_this_test_are_whole() -> None:
    assert sum(COMMUNES_OF.values()) == 3321
    assert len(FORMER) == 23
    assert sum(FORMER.values()) + 11 == 63


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("15", "15.2025", "15"),
        ("24", "24.2025", "24"),
        ("44", "44.2025", "44"),
        ("52", "52.2025", "52"),
        ("80", "80.2025", "80"),
        ("82", "82.2025", "82"),
        ("91", "91.2025", "91"),
        ("38", "38", "38"),
        ("30", "30.2025", None),
        ("99", None, None),
    ],
)
def test_a_code_is_looked_up_with_its_day(code: str, before: str, after: str | None) -> None:
    found = [UNITS.by_code("nso", code, day) for day in (BEFORE, MERGER)]
    assert [unit.key if unit else None for unit in found] == [before, after]


def test_codes_of_other_systems() -> None:
    def at(system: str, code: str, day: date) -> str | None:
        unit = UNITS.by_code(system, code, day)
        return unit.key if unit else None

    assert at("merger_map", "4", TODAY) == "31"
    assert at("merger_map", "7", TODAY) == "04"
    assert at("merger_map", "7", BEFORE) is None
    assert at("agency_id", "H41", TODAY) == at("agency_id", "H41", BEFORE) == "40"
    assert at("agency_id", "G12", date(2025, 2, 28)) == "mof.2025"
    assert at("agency_id", "G12", date(2025, 3, 1)) == "mof"
    assert at("local", "mic", date(2024, 12, 9)) == "mic.2025"
    assert at("local", "mic", TODAY) is None
    assert UNITS.by_key("38").code("nso", TODAY) == "38"
    assert UNITS.by_key("38").code("agency_id", TODAY) is None


def test_no_code_names_two_units_on_a_day() -> None:
    for day in (BEFORE, MERGER, TODAY):
        seen = [
            (code.system, code.code)
            for unit in UNITS.all()
            for code in unit.codes
            if code.covers(day)
        ]
        assert len(seen) == len(set(seen))


def test_ids_are_stable() -> None:
    ids = {"vn": 1, "local": 2, "gov": 3, "R1": 11, "R6": 16, "moha": 104, "most": 111}
    ids |= {"38": 1038, "30.2025": 2030, "31.2025": 2031, "31": 1031, "14725": 114725}
    ids |= {"00004.2025": 200004, "00004": 100004, "memr": 114}
    assert {one: UNITS.by_key(one).id for one in ids} == ids


def test_an_unknown_key_is_an_address_error() -> None:
    with pytest.raises(AddressError) as caught:
        UNITS.by_key("<img onerror=alert(1)>")
    assert caught.value.params["part"] == "unit"
    with pytest.raises(KeyError):
        UNITS.by_id(999_999)


def test_names_kinds_and_parents_over_time() -> None:
    hue = UNITS.by_key("46")
    names = [version.name for version in hue.versions]
    assert names == ["Tỉnh Thừa Thiên Huế", "Thành phố Huế", "Thành phố Huế"]
    older = hue.at(date(2024, 12, 31))
    assert older is not None
    assert (older.kind, older.name_en) == ("tinh", "Thua Thien Hue")
    dong_nai = UNITS.by_key("75")
    kinds = [v.kind for day in (MERGER, date(2026, 4, 30)) if (v := dong_nai.at(day))]
    assert kinds == ["tinh", "thanh_pho"]
    assert dong_nai.at(BEFORE) is None
    assert UNITS.by_key("79").short_name == "TP.HCM"
    assert UNITS.by_key("79").name_in("en") == "Ho Chi Minh City"
    assert UNITS.by_key("38").name_in("en") == "Thanh Hoa"
    assert UNITS.by_key("38").name_in("vi") == "Tỉnh Thanh Hóa"
    parent = UNITS.parent(UNITS.by_key("10525.2025").id, BEFORE)
    assert parent is not None
    assert parent.key == "30.2025"
    assert UNITS.parent(UNITS.by_key("10525.2025").id, MERGER) is None


def test_communes_whose_source_type_was_wrong() -> None:
    kinds = {code: UNITS.by_key(code).newest.kind for code in ("10543", "11848", "31213", "31299")}
    assert kinds == {"10543": "phuong", "11848": "xa", "31213": "phuong", "31299": "xa"}


def test_every_name_agrees_with_its_kind() -> None:
    words = {"tinh": "Tỉnh ", "thanh_pho": "Thành phố ", "phuong": "Phường ", "xa": "Xã "}
    words |= {"dac_khu": "Đặc khu ", "thi_tran": "Thị trấn "}
    for unit in (*PROVINCES, *COMMUNES):
        for version in unit.versions:
            assert version.name.startswith(words[version.kind])
            assert version.name_en.isascii()


def test_children() -> None:
    assert [unit.key for unit in UNITS.children(VN, TODAY)] == ["local", "gov"]
    assert len(UNITS.children(LOCAL, BEFORE)) == 63
    assert len(UNITS.children(VN, TODAY, Level.PROVINCE)) == 34
    assert len(UNITS.children(GOV, TODAY)) == 17
    region = [unit.short_name for unit in UNITS.children(UNITS.by_key("R3").id, TODAY)]
    assert region == ["Thanh Hóa", "Nghệ An", "Hà Tĩnh", "Quảng Trị", "Huế"]
    before = [unit.key for unit in UNITS.in_region(UNITS.by_key("R3").id, BEFORE)]
    assert sorted(before) == ["38", "40", "42", "44.2025", "45.2025", "46"]
    assert all(unit.illustrative for unit in UNITS.children(104, TODAY))
    assert not UNITS.by_key("moha").illustrative


@pytest.mark.parametrize(("code", "count"), FORMER.items())
def test_expected_counts_predecessors(code: str, count: int) -> None:
    unit = UNITS.by_key(code)
    assert UNITS.expected(unit.id, Level.PROVINCE, BEFORE) == count
    assert UNITS.expected(unit.id, Level.PROVINCE, MERGER) == 1
    assert len(UNITS.principal_predecessors(unit.id)) == count


def test_expected_of_other_units() -> None:
    assert UNITS.expected(VN, Level.PROVINCE, BEFORE) == 63
    assert UNITS.expected(VN, Level.COMMUNE, BEFORE) == 10_035
    assert UNITS.expected(GOV, Level.MINISTRY, date(2025, 2, 28)) == 22
    assert UNITS.expected(1038, Level.PROVINCE, BEFORE) == 1
    assert UNITS.expected(2030, Level.PROVINCE, MERGER) == 0
    assert UNITS.expected(13, Level.PROVINCE, TODAY) == 5
    former = UNITS.expected(2030, Level.COMMUNE, BEFORE)
    assert former + UNITS.expected(2031, Level.COMMUNE, BEFORE) == UNITS.expected(
        1031, Level.COMMUNE, BEFORE
    )
    assert former == len(UNITS.children(2030, BEFORE)) == 207


def test_lineage_of_ministries() -> None:
    assert key(UNITS.principal_successor(139)) == "most"
    assert [key(one) for one in UNITS.principal_predecessors(111)] == ["mic.2025", "most.2025"]
    labour = UNITS.by_key("molisa.2025")
    moved = {key(one.successor_id): one.function for one in UNITS.successors(labour.id)}
    assert set(moved) == {"moha", "moet", "moh", "mae"}
    assert moved["moet"] == "giáo dục nghề nghiệp"
    assert all(one.function_en for one in UNITS.successors(labour.id))
    assert UNITS.roll_up(labour.id) == GOV
    assert UNITS.roll_up(139) == GOV
    assert key(UNITS.roll_up(UNITS.by_key("mpi.2025").id)) == "mof"
    assert key(UNITS.principal_successor(UNITS.by_key("cema.2025").id)) == "memr"
    ended = [unit for unit in UNITS.all() if unit.key.endswith(".2025") and unit.id < 1000]
    assert [sum(s.principal for s in UNITS.successors(unit.id)) for unit in ended] == [1] * 11


def test_breaks() -> None:
    last = date(2026, 12, 31)
    (merger,) = UNITS.breaks(1031, date(2025, 1, 1), last)
    assert (merger.day, merger.kind, merger.legal_basis) == (MERGER, "merge", "202/2025/QH15")
    assert [key(one) for one in merger.predecessors] == ["30.2025", "31.2025"]
    assert UNITS.breaks(1031, date(2025, 7, 2), last) == ()
    assert UNITS.breaks(1031, MERGER, MERGER) == (merger,)
    kinds = [(one.kind, one.day) for one in UNITS.breaks(1024, date(2025, 1, 1), last)]
    assert kinds == [("merge", MERGER), ("type_change", date(2026, 9, 20))]
    assert [one.day for one in UNITS.breaks(1046, date(2024, 1, 1), last)] == [date(2025, 1, 1)]
    assert UNITS.breaks(1038, date(2024, 1, 1), last) == ()
    (gone,) = UNITS.breaks(2030, date(2024, 1, 1), last)
    assert gone.successors == (1031,)
    (gift,) = UNITS.breaks(UNITS.by_key("moet").id, date(2024, 1, 1), last)
    assert (gift.kind, [key(one) for one in gift.predecessors]) == ("transfer", ["molisa.2025"])
    ward = UNITS.breaks(UNITS.by_key("26368").id, date(2026, 1, 1), last)
    assert [(one.kind, one.legal_basis) for one in ward] == [("type_change", "237/NQ-UBTVQH16")]


def test_scope() -> None:
    hai_phong = Scope.of(1031)
    assert UNITS.visible(1031, hai_phong)
    assert UNITS.visible(2030, hai_phong)
    assert UNITS.visible(UNITS.by_key("10525.2025").id, hai_phong)
    assert not UNITS.visible(1038, hai_phong)
    assert not UNITS.visible(VN, hai_phong)
    assert not UNITS.visible(LOCAL, hai_phong)
    assert UNITS.visible(139, Scope.of(111))
    assert not UNITS.visible(139, Scope.of(LOCAL))
    assert UNITS.visible(13, Scope.of(VN))
    assert all(UNITS.visible(unit.id, Scope.all()) for unit in PROVINCES)
    assert not any(UNITS.visible(unit.id, Scope.none()) for unit in PROVINCES)


@given(st.sampled_from(PROVINCES))
def test_every_province_counts_in_the_nation(unit: Unit) -> None:
    chain = UNITS.chain(unit.id)
    assert chain[-2:] == (LOCAL, VN)
    if unit.valid_to is None:
        assert chain == (LOCAL, VN)
    else:
        assert chain == (UNITS.successors(unit.id)[0].successor_id, LOCAL, VN)


@given(st.sampled_from(UNITS.all()))
def test_laws_of_the_chain(unit: Unit) -> None:
    chain = UNITS.chain(unit.id)
    assert unit.id not in chain
    assert len(set(chain)) == len(chain)
    above = UNITS.roll_up(unit.id)
    assert chain == (() if above is None else (above, *UNITS.chain(above)))
    assert all(UNITS.by_id(one).level is not Level.REGION for one in chain)
    assert chain[-1:] == (() if unit.id == VN or unit.level is Level.REGION else (VN,))
    for root in UNITS.chain(unit.id):
        assert UNITS.visible(unit.id, Scope.of(root))


@given(st.sampled_from(COMMUNES))
def test_a_commune_never_leaves_its_province(unit: Unit) -> None:
    holders = [UNITS.by_id(one) for one in UNITS.chain(unit.id)]
    present = [one for one in holders if one.level is Level.PROVINCE and one.valid_to is None]
    assert len(present) == 1
    for one in UNITS.successors(unit.id):
        assert present[0].id in UNITS.chain(one.successor_id)


@given(st.dates(date(2025, 1, 1), date(2027, 1, 1)), st.sampled_from(list(Level)))
def test_expected_of_the_nation_is_all_that_exist(day: date, level: Level) -> None:
    if level is not Level.REGION:
        assert UNITS.expected(VN, level, day) == len(UNITS.ids_by_level(level, day))
