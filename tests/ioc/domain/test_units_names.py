"""Names as sources write them and as people type them."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioc.domain.scope import Scope
from ioc.domain.unit_names import folded, normalised, read_name
from ioc.domain.units import Level, Unit, Units

BEFORE, TODAY = date(2025, 6, 30), date(2026, 11, 22)
UNITS = Units.load()
PRESENT = [UNITS.by_id(one) for one in UNITS.ids_by_level(Level.PROVINCE, TODAY)]
COMMUNES = [UNITS.by_id(one) for one in UNITS.ids_by_level(Level.COMMUNE, TODAY)]


def province(name: str, day: date = TODAY) -> str | None:
    unit = UNITS.by_name(name, day, Level.PROVINCE)
    return unit.key if unit else None


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Thanh Hóa", "38"),
        ("Thanh Hoá", "38"),
        ("Tỉnh Thanh Hóa", "38"),
        ("  tỉnh   THANH HOÁ ", "38"),
        (unicodedata.normalize("NFD", "Tỉnh Thanh Hóa"), "38"),
        ("Thanh\u00a0Hóa", "38"),
        ("TP HCM", "79"),
        ("TP.HCM", "79"),
        ("TPHCM", "79"),
        ("tp. hồ chí minh", "79"),
        ("Thành phố Hồ Chí Minh", "79"),
        ("Khánh Hoà", "56"),
        ("TP Huế", "46"),
        ("Tỉnh Đồng Nai", "75"),
        ("Thành phố Đồng Nai", "75"),
        # Not this, and never the closest match:
        ("Thanh Hоá", None),  # Cyrillic о
        ("Тhanh Hóa", None),  # Cyrillic Т
        ("Thanh Hoa", None),
        ("Thanh", None),
        ("Tỉnh Hà Nội", None),
        ("Hải Dương", None),
        ("Thừa Thiên Huế", None),
        ("", None),
        ("Tỉnh", None),
        ("=1+1", None),
        ("<img onerror=alert(1)>", None),
    ],
)
def test_names_of_provinces_today(written: str, key: str | None) -> None:
    assert province(written) == key


@pytest.mark.parametrize(
    ("written", "day", "key"),
    [
        ("Lào Cai", BEFORE, "10.2025"),
        ("Lào Cai", TODAY, "15"),
        ("Hải Phòng", BEFORE, "31.2025"),
        ("Hải Dương", BEFORE, "30.2025"),
        ("Hoà Bình", BEFORE, "17.2025"),
        ("Bà Rịa-Vũng Tàu", BEFORE, "77.2025"),
        ("Bà Rịa – Vũng Tàu", BEFORE, "77.2025"),
        ("BR-VT", BEFORE, "77.2025"),
        ("Thừa Thiên Huế", date(2024, 12, 31), "46"),
        ("Thừa Thiên - Huế", date(2024, 12, 31), "46"),
        ("Huế", date(2024, 12, 31), None),
        ("Huế", date(2025, 1, 1), "46"),
        ("Thanh Hóa", date(1999, 1, 1), None),
    ],
)
def test_names_belong_to_their_day(written: str, day: date, key: str | None) -> None:
    assert province(written, day) == key


def test_names_of_ministries() -> None:
    def ministry(name: str, day: date) -> str | None:
        unit = UNITS.by_name(name, day, Level.MINISTRY)
        return unit.key if unit else None

    assert ministry("Bộ Thông tin và Truyền thông", date(2024, 12, 9)) == "mic.2025"
    assert ministry("Bộ TT&TT", date(2024, 12, 9)) == "mic.2025"
    assert ministry("Bộ TT&TT", TODAY) is None
    assert ministry("Nội vụ", date(2025, 4, 4)) == "moha"
    assert ministry("bộ nội vụ", date(2025, 2, 28)) == "moha.2025"
    assert ministry("Uỷ ban Dân tộc", date(2025, 2, 28)) == "cema.2025"


def test_namesakes_need_a_parent_or_a_type() -> None:
    assert UNITS.by_name("Phường 1", BEFORE) is None
    assert UNITS.by_name("Tân Phú", TODAY, Level.COMMUNE) is None
    assert UNITS.by_name("1", BEFORE, Level.COMMUNE, 2096) is None
    ward = UNITS.by_name("Phường Long Thành", TODAY, Level.COMMUNE, 1075)
    assert ward is not None
    assert ward.key == "26368"
    lagging = UNITS.by_name("Xã Long Thành", TODAY, Level.COMMUNE, 1075)
    assert lagging == ward
    assert UNITS.by_name("Đặc khu Long Thành", TODAY, Level.COMMUNE, 1075) is None
    assert UNITS.by_name("Long Thành", TODAY, Level.COMMUNE, 1038) is None


@given(st.sampled_from(PRESENT), st.sampled_from(["NFC", "NFD"]), st.booleans())
def test_every_spelling_of_a_province_is_found(unit: Unit, form: str, upper: bool) -> None:
    for name in (unit.name, unit.short_name):
        written = unicodedata.normalize(form, name.upper() if upper else name)  # type: ignore[arg-type]
        assert province(f" {written}\u00a0") == unit.key


@given(st.sampled_from(COMMUNES))
def test_a_commune_is_found_by_full_name_or_not_at_all(unit: Unit) -> None:
    parent = unit.newest.parent_id
    found = UNITS.by_name(unit.name, TODAY, Level.COMMUNE, parent)
    namesakes = [
        one
        for one in COMMUNES
        if one.newest.parent_id == parent and normalised(one.name) == normalised(unit.name)
    ]
    assert found == (unit if len(namesakes) == 1 else None)


@settings(deadline=None)  # the first search builds the index
@given(st.text(max_size=30))
def test_any_text_is_answered(text: str) -> None:
    unit = UNITS.by_name(text, TODAY, Level.PROVINCE)
    assert unit is None or unit in PRESENT
    UNITS.search(text)
    assert normalised(normalised(text)) == normalised(text)


def test_tone_marks_and_types() -> None:
    assert normalised("Thuỷ Hoà") == normalised("Thủy Hòa")
    assert normalised("HOẢ") == normalised("Hỏa")
    assert normalised("Toà, Xoè, Quỳ") == normalised("Tòa, Xòe, Qùy")
    assert read_name("TP. Huế").kind == "thanh_pho"
    assert read_name("Xãng").kind is None
    assert folded("Đắk Lắk – Ý Yên") == "dak lak y yen"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("thanh hoa", "38"),
        ("THANH HÓA", "38"),
        ("tp hcm", "79"),
        ("sai", None),
        ("hai duong", "30.2025"),
        ("hải đường", "14260.2025"),
        ("phuong hai duong", "10525"),
        ("tinh hai duong", "30.2025"),
        ("thua thien hue", "46"),
        ("dong nai", "75"),
        ("38", "38"),
        ("mic", "mic.2025"),
        ("truyen thong", "mic.2025"),
        ("ho chi minh city", "79"),
        ("nga son thanh hoa", "16093"),
        ("zzzz", None),
        ("", None),
    ],
)
def test_search(typed: str, first: str | None) -> None:
    found = UNITS.search(typed, 5)
    assert len(found) <= 5
    if first is not None:
        assert found[0].key == first
    elif typed in ("zzzz", ""):
        assert found == ()


def test_search_stays_in_scope() -> None:
    found = UNITS.search("thanh hoa", 50, Scope.of(1038))
    assert {unit.key for unit in found} >= {"38"}
    assert all(1038 in (unit.id, *UNITS.chain(unit.id)) for unit in found)
    assert UNITS.search("thanh hoa", 50, Scope.none()) == ()
