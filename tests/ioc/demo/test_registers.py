"""The imitated registers: the same items for a seed, plausible, and incomplete here and there."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest

from ioc.demo.answer import BOTH, Request
from ioc.demo.clock import administrative_month_of, month_of
from ioc.demo.ledger import Ledger
from ioc.demo.server import SYSTEMS, answered, ledger_of
from ioc.demo.sheets import DIFFERENT
from ioc.domain.due import Due
from ioc.domain.unit import Level
from ioc.domain.units import Units

SHEETS = {
    "/nhiem-vu/api/danh-sach": "ma_nhiem_vu",
    "/van-ban-chi-dao/api/danh-sach": "ma",
    "/moc/api/danh-sach": "ma",
    "/du-an/api/danh-sach": "ma",
    "/danh-muc-du-lieu/api/danh-sach": "ma",
    "/an-toan/api/he-thong": "ma",
    "/dao-tao/api/khoa": "ma",
    "/cach-lam/api/danh-sach": "ma",
    "/bao-chi/api/danh-sach": "ma",
    "/vuong-mac/api/danh-sach": "ma",
}
SPOTS = "/diem-song/collections/so/items"


def rows(ledger: Ledger, path: str, minute: int) -> list[dict[str, Any]]:
    """All rows of a register, page by page."""
    found: list[dict[str, Any]] = []
    while True:
        parts = {"offset": str(len(found)), "limit": "400"}
        page = json.loads(answered(ledger, path, Request(parts, minute)).body)
        found += page["muc"]
        if len(found) >= page["tong"]:
            return found


@pytest.mark.parametrize("path", sorted(SHEETS))
def test_items_are_told_apart_and_the_same_for_a_seed(
    ledger: Ledger, units: Units, noon: int, path: str
) -> None:
    assert path in SYSTEMS
    found = rows(ledger, path, noon)
    keys = [row[SHEETS[path]] for row in found]
    assert len(keys) == len(set(keys)) > 15
    assert found == rows(ledger_of(1, units), path, noon)
    assert {row["don_vi"] for row in found} <= {one.key for one in units.all()}


def test_tasks_fall_due_over_more_than_a_year_and_some_lack_a_clear_field(
    ledger: Ledger, noon: int
) -> None:
    found = rows(ledger, "/nhiem-vu/api/danh-sach", noon)
    assert 1_000 < len(found) < 1_700
    dues = [Due.parse(row["han"]).day for row in found if row["han"]]
    assert len({(day.year, day.month) for day in dues if day <= date(2026, 11, 22)}) >= 14
    assert max(dues) > date(2027, 1, 1)
    assert any(row["han"] is None for row in found)
    six = ("nguoi_thuc_hien", "noi_dung", "han", "trach_nhiem", "san_pham", "tham_quyen")
    unclear = sum(any(row[name] is None for name in six) for row in found)
    assert 0.1 < unclear / len(found) < 0.5
    overdue = [
        row for row in found
        if row["han"] and row["trang_thai"] in ("MOI", "DANG", "CHO", "TAM")
        and Due.parse(row["han"]).day < date(2026, 11, 22)
    ]  # fmt: skip
    assert 20 < len(overdue) < 200
    owners = {row["don_vi"] for row in found}
    assert len([one for one in owners if len(one) == 5 and one.isdigit()]) > 20, "communes"


def test_a_task_keeps_its_key_and_its_due_date_from_month_to_month(
    ledger: Ledger, noon: int
) -> None:
    now = {row["ma_nhiem_vu"]: row for row in rows(ledger, "/nhiem-vu/api/danh-sach", noon)}
    later = rows(ledger, "/nhiem-vu/api/danh-sach", noon + 40 * 1440)
    both = [row for row in later if row["ma_nhiem_vu"] in now]
    assert len(both) > 0.8 * len(now)
    assert all(row["han"] == now[row["ma_nhiem_vu"]]["han"] for row in both)
    assert any(row["trang_thai"] != now[row["ma_nhiem_vu"]]["trang_thai"] for row in both)


def test_every_directive_implements_one_that_is_there(ledger: Ledger, noon: int) -> None:
    found = {row["ma"]: row for row in rows(ledger, "/van-ban-chi-dao/api/danh-sach", noon)}
    above = [row["can_cu"] for row in found.values() if row["can_cu"]]
    assert set(above) <= set(found)
    assert all(
        found[row["can_cu"]]["ngay"] <= row["ngay"] for row in found.values() if row["can_cu"]
    )


def test_most_budgets_add_up_and_some_do_not(ledger: Ledger, noon: int) -> None:
    found = rows(ledger, "/du-an/api/danh-sach", noon)
    sums = [(row["dau_tu"] or 0) + (row["thuong_xuyen"] or 0) for row in found]
    wrong = sum(row["dang_ky"]["trieu"] != total for row, total in zip(found, sums, strict=True))
    assert 0 < wrong < 0.15 * len(found)
    given = [row for row in found if row["duoc_giao"] is not None]
    assert all(0 <= row["giai_ngan"] <= row["duoc_giao"] for row in given)


def test_open_blackspots_are_those_of_the_survey(ledger: Ledger, noon: int) -> None:
    body = json.loads(answered(ledger, SPOTS, Request({"limit": "1000"}, noon)).body)
    spots = body["features"]
    assert len(spots) == body["numberMatched"] > 500
    still = [one for one in spots if one["properties"]["trang_thai"] != "Đã phát sóng"]
    month = month_of(noon)
    surveyed = [
        ledger.model.blackspots(place, month) for place in ledger.places(Level.PROVINCE, month)
    ]
    assert len(still) == sum(none + weak for none, weak in surveyed)
    lacking = [one for one in still if one["properties"]["so_ho"] is None]
    assert 0 < len(lacking) < 0.2 * len(still)
    first = json.loads(answered(ledger, SPOTS, Request({"limit": "100"}, noon)).body)
    assert first["features"] == spots[:100]
    assert first["links"][-1]["href"] == "?limit=100&offset=100"


def differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """The units of which both tell something, and not the same."""
    both = one.keys() & other.keys()
    assert len(both) > 25
    return [unit for unit in both if one[unit] != other[unit]]


def test_milestones_and_the_list_of_databases_tell_the_same_but_for_a_few(
    ledger: Ledger, noon: int
) -> None:
    assigned, done = Counter[str](), Counter[str]()
    for row in rows(ledger, "/moc/api/danh-sach", noon):
        if row["loai"] == "Cơ sở dữ liệu":
            assigned[row["don_vi"]] += 1
            done[row["don_vi"]] += row["trang_thai"] == "Vận hành chính thức"
            assert (row["chinh_thuc"] is not None) == (row["trang_thai"] == "Vận hành chính thức")
    month = Request({"ky": "2026-11"}, noon)
    body = json.loads(answered(ledger, "/csdl/api/dang-ky", month).body)["danh_sach"]
    said = {row["co_quan"]: (row["csdl"]["van_hanh"], row["csdl"]["duoc_giao"]) for row in body}
    assert said["moha"][1] == 14
    assert said["memr"][1] == 5
    counted = {unit: (done[unit], of) for unit, of in assigned.items()}
    other = differing(counted, said)
    assert 1 <= len(other) <= DIFFERENT
    assert all(said[unit] == (counted[unit][0] + 1, counted[unit][1]) for unit in other)


def test_databases_are_completed_one_after_the_other(ledger: Ledger, noon: int) -> None:
    for level in BOTH:
        for place in ledger.places(level, month_of(noon)):
            working = [ledger.pair(place, "DB-01", month, noon)[0] for month in range(11, 47)]
            assert working == sorted(working)
            assert working[0] < working[-1] or len(ledger.databases(place)) < 7


@pytest.mark.parametrize("days", [0, 40])
def test_projects_come_to_what_the_budget_system_says_but_for_a_few(
    ledger: Ledger, noon: int, days: int
) -> None:
    """40 days later it is another budget year."""
    minute = noon + days * 1440
    month = administrative_month_of(minute)
    said = {
        place.code: ledger.model.budget(place, month, minute)
        for level in BOTH
        for place in ledger.places(level, month_of(minute))
    }
    found = rows(ledger, "/du-an/api/danh-sach", minute)
    assert {row["nam"] for row in found} == {2026 if days == 0 else 2027}
    assert any(row["duoc_giao"] is None for row in found)
    spent, given = Counter[str](), Counter[str]()
    for row in found:
        spent[row["don_vi"]] += row["giai_ngan"] or 0
        given[row["don_vi"]] += row["duoc_giao"] or 0
    counted = {unit: (spent[unit], whole) for unit, whole in given.items()}
    other = differing(counted, said)
    assert len(other) == DIFFERENT
    assert all(counted[unit][0] < said[unit][0] for unit in other)


def test_households_at_blackspots_are_those_of_the_survey_but_for_a_few(
    ledger: Ledger, noon: int
) -> None:
    body = json.loads(answered(ledger, SPOTS, Request({"limit": "1000"}, noon)).body)
    by_province, lacking = Counter[str](), set[str]()
    for feature in body["features"]:
        province, one = feature["id"].split("-")[1], feature["properties"]
        if one["trang_thai"] != "Đã phát sóng":
            by_province[province] += one["so_ho"] or 0
            if one["so_ho"] is None:
                lacking.add(province)
    month = month_of(noon)
    surveyed = {
        place.code: none * 37 + weak * 11
        for place in ledger.places(Level.PROVINCE, month)
        for none, weak in [ledger.model.blackspots(place, month)]
    }
    assert set(differing(dict(by_province), surveyed)) == lacking
    assert 1 <= len(lacking) <= DIFFERENT
