"""Items of every register over real units, told to a store as one run of a source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine

from ioc.domain.due import Due
from ioc.domain.register import Register
from ioc.domain.registers import packaged
from ioc.domain.units import Units
from ioc.store.engine import micros, writing
from ioc.store.items import Said, keep
from tests.ioc.queries.house import BEGIN

TODAY = date(2026, 11, 22)
PROVINCES = ("38", "48", "31", "56", "42")
PEOPLE = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Minh Cường")


def said(
    register: Register, units: Units, key: str, unit: str | None, state: str, **body: Any
) -> Said:
    """One item; `due` and `done` of the body are read as the register names them, `place` is
    (longitude, latitude) in degrees."""
    place = body.pop("place", None)
    due = body.get(register.due) if register.due else None
    done = body.get(register.done) if register.done else None
    return Said(
        key=key,
        unit_id=units.by_key(unit).id if unit else None,
        state=state,
        body=body,
        due=Due.parse(due) if due else None,
        done=date.fromisoformat(done) if done else None,
        lon=round(place[0] * 1e7) if place else None,
        lat=round(place[1] * 1e7) if place else None,
        valid_from=date(2026, 1, 1),
    )


def tell(
    engine: Engine,
    units: Units,
    key: str,
    items: Iterable[tuple[str, str | None, str, dict[str, Any]]],
    *,
    source_id: int,
    at: timedelta = timedelta(0),
    whole: bool = False,
) -> None:
    """Keep items of a register as one delivery, `at` after the house's beginning."""
    register = packaged().by_key(key)
    told = [said(register, units, name, unit, state, **body) for name, unit, state, body in items]
    with writing(engine) as connection:
        keep(
            connection,
            register,
            units,
            told,
            source_id=source_id,
            run_id=1,
            recorded_at=micros(BEGIN + at),
            illustrative=True,
            by="real",
            whole=whole,
        )


def day(offset: int) -> str:
    """The day so many days after today, as a body holds it."""
    return (TODAY + timedelta(days=offset)).isoformat()


def tasks(count: int = 60) -> list[tuple[str, str | None, str, dict[str, Any]]]:
    """A third overdue, a third ahead, a third done, half of these late; every tenth incomplete."""
    made = []
    for at in range(count):
        body: dict[str, Any] = {
            "title": f"Nhiệm vụ số {at + 1}",
            "class": ("regular", "target", "project")[at % 3],
            "person": PEOPLE[at % 3],
            "due": day((-90 + at, 5 + at, -40)[at % 3]),
            "responsibility": "Chủ trì",
            "product": "Báo cáo",
            "authority": "Giám đốc Sở",
            "directive": "KH-04",
        }
        if at % 10 == 0:
            del body["product"]
        state = ("doing", "assigned", "done")[at % 3]
        if state == "done":
            body["done"] = day(-45 if at % 2 else -30)
        made.append((f"NV-{at + 1:04d}", PROVINCES[at % 5], state, body))
    return made


MILESTONES = [
    ("MS-TG", "memr", "trial", {
        "title": "Cơ sở dữ liệu tôn giáo", "class": "database", "due": "2025-10-30",
        "trial": "2025-12-31"}),
    ("MS-DT", "memr", "building", {
        "title": "Cơ sở dữ liệu dân tộc", "class": "database", "due": "2026-09"}),
    ("MS-IOC", "38", "building", {
        "title": "Trung tâm điều hành thông minh", "class": "ioc", "due": "2026-Q4",
        "baseline": "2026-Q2"}),
    ("MS-KHO", "31", "operation", {
        "title": "Kho dữ liệu dùng chung", "class": "platform", "due": "2026-06",
        "done": "2026-07-15"}),
    ("MS-14", "moha", "unstated", {"title": "Cơ sở dữ liệu thứ mười bốn", "class": "database"}),
]  # fmt: skip

DIRECTIVES = [
    ("NQ-57", None, "in_force", {
        "number": "57-NQ/TW", "title": "Nghị quyết về đột phá phát triển khoa học, công nghệ",
        "issuer": "Bộ Chính trị", "issued": "2024-12-22"}),
    ("KH-02", None, "in_force", {
        "number": "02-KH/BCĐTW", "title": "Kế hoạch thúc đẩy chuyển đổi số liên thông",
        "issuer": "Ban Chỉ đạo Trung ương", "issued": "2025-06-19", "parent": "NQ-57"}),
    ("KH-04", "memr", "in_force", {
        "number": "04-KH/ĐU", "title": "Kế hoạch của Đảng ủy Bộ", "issuer": "Đảng ủy Bộ",
        "issued": "2025-07-24", "parent": "KH-02", "indicator": "TSK-01"}),
]  # fmt: skip


def blackspots(count: int = 40) -> list[tuple[str, str | None, str, dict[str, Any]]]:
    """Points around Thanh Hóa, one in Hoàng Sa; every eighth lacks its coordinates."""
    made = []
    for at in range(count):
        body: dict[str, Any] = {
            "title": f"Bản {at + 1}",
            "commune": f"Xã {at % 7 + 1}",
            "class": ("none", "weak")[at % 2],
            "households": 20 + at,
            "population": 4 * (20 + at),
            "power": at % 3 != 0,
            "difficulty": "extreme",
            "place": (104.9 + (at % 10) * 0.09, 19.7 + (at // 10) * 0.14),
        }
        if at % 8 == 0:
            del body["place"]
        if at % 4:
            body["technology"] = "g4"
        state = "live" if at % 5 == 0 else "confirmed"
        if state == "live":
            body["live"] = day(-10)
        made.append((f"LS-{at + 1:04d}", "38", state, body))
    island = {
        "title": "Đảo Phú Lâm", "commune": "Hoàng Sa", "class": "none", "households": 5,
        "population": 20, "power": False, "difficulty": "border", "technology": "satellite",
        "place": (112.34, 16.84),
    }  # fmt: skip
    return [*made, ("LS-HS", "48", "reported", island)]


OTHERS: dict[str, list[tuple[str, str | None, str, dict[str, Any]]]] = {
    "budget": [
        ("DA-0", "memr", "registered", {
            "title": "Năm dự án của Bộ", "source": "both", "year": "2025", "total": 412_383,
            "investment": 46_000, "regular": 366_383, "quoted": True}),
        ("DA-1", "38", "allocated", {
            "title": "Nền tảng dùng chung", "source": "investment", "year": "2026",
            "total": 50_000, "allocated": 40_000, "disbursed": 10_000}),
        ("DA-2", "38", "allocated", {
            "title": "Số hóa hồ sơ", "source": "regular", "year": "2026", "total": 20_000,
            "allocated": 10_000, "disbursed": 9_000}),
        ("DA-3", "31", "allocated", {
            "title": "Trung tâm dữ liệu", "source": "regular", "year": "2026",
            "total": 30_000, "investment": 10_000, "regular": 19_000, "disbursed": 4_000}),
    ],
    "dataset": [
        ("DL-1", "38", "used", {
            "title": "Hộ tịch", "owner": "Sở Tư pháp", "records": 900, "to_digitise": 100,
            "digitised": 80, "growth": 12, "duty": "daily", "due": day(-20), "sharing": "lgsp",
            "open_data": True}),
        ("DL-2", "38", "digitising", {
            "title": "Đất đai", "owner": "Sở Nông nghiệp và Môi trường", "to_digitise": 300,
            "digitised": 60, "growth": 30, "duty": "weekly", "due": day(5), "sharing": "none"}),
        ("DL-3", "31", "declared", {
            "title": "Cán bộ", "owner": "Sở Nội vụ", "digitised": 77, "duty": "monthly"}),
    ],
    "training": [
        ("DT-1", "38", "running", {
            "title": "Bình dân học vụ số", "class": "series", "start": "2026-03-07",
            "schedule": "thứ Bảy hằng tháng", "sessions_planned": 12, "sessions_held": 8,
            "scope": 500, "enrolled": 400, "completed": 300, "certified": 200}),
        ("DT-2", "31", "held", {
            "title": "Tập huấn AI", "class": "course", "start": "2026-10-05",
            "enrolled": 100, "certified": 95}),
        ("DT-0", "memr", "held", {
            "title": "Hai khóa của Bộ", "class": "course", "start": "2025", "enrolled": 1180,
            "quoted": True}),
    ],
    "security": [
        ("HT-1", "38", "running", {
            "title": "Cổng dịch vụ công", "level": "3", "monitored": True, "backup": True,
            "response": True, "restored": "2026-08-01", "restore_passed": True,
            "drills_planned": 2, "drills_held": 1, "due": day(30)}),
        ("HT-2", "31", "running", {
            "title": "Hệ thống văn bản", "level": "2", "monitored": False, "backup": True,
            "restored": "2025-01-10", "due": day(-12)}),
    ],
    "press": [
        ("BC-1", "38", "answered", {
            "title": "Hỏi về giá đất", "class": "request", "agency": "Báo A",
            "received": day(-20), "due": day(-10), "answered": day(-12),
            "spokesperson": "Chánh Văn phòng"}),
        ("BC-2", "38", "forwarded", {
            "title": "Hỏi về đường sá", "class": "request", "agency": "Báo B",
            "received": day(-9), "due": day(-4)}),
        ("BC-3", "31", "received", {
            "title": "Hỏi về cảng", "class": "request", "agency": "Báo C",
            "received": day(-2), "due": day(6)}),
        ("PN-1", "38", "named", {
            "title": "Người phát ngôn", "class": "spokesperson",
            "spokesperson": "Chánh Văn phòng"}),
    ],
    "practice": [
        ("CL-1", "48", "adopted", {
            "title": "Nền tảng Make in Đà Nẵng", "what": "Một nền tảng chung",
            "topic": "government", "quarter": "2026-Q3", "grade": "b", "adopted": 4,
            "indicator": "OPS-01"}),
        ("CL-2", "31", "shared", {
            "title": "Kho dữ liệu dùng chung", "what": "Một kho", "topic": "data",
            "quarter": "2026-Q3", "grade": "d"}),
        ("CL-3", "38", "shared", {
            "title": "Khóa học thứ Bảy", "what": "Học mỗi tháng", "topic": "skills",
            "quarter": "2026-Q2", "grade": "c", "adopted": 2}),
    ],
}  # fmt: skip


def fill(engine: Engine, units: Units, source_id: int, *, count: int = 60) -> None:
    """All registers at once."""
    tell(engine, units, "directive", DIRECTIVES, source_id=source_id)
    tell(engine, units, "task", tasks(count), source_id=source_id)
    tell(engine, units, "milestone", MILESTONES, source_id=source_id)
    tell(engine, units, "blackspot", blackspots(), source_id=source_id)
    for key, items in OTHERS.items():
        tell(engine, units, key, items, source_id=source_id)
