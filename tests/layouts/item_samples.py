"""Hand-made items of registers, and the answers of their forms and scenes made of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from ioc.domain.register import Phase, Register
from ioc.domain.registers import packaged
from ioc.domain.view import View
from ioc.domain.workdays import workdays
from ioc.queries.answers import Stamp, UnitRef
from ioc.queries.register_answers import Check, ItemRow
from ioc.queries.register_board import Board, Column
from ioc.queries.register_cards import due_of
from ioc.queries.register_counts import Load, Part
from ioc.queries.register_map import Cluster, Lack, Places
from ioc.queries.register_people import People, Person
from ioc.queries.register_scene import RegisterWall
from ioc.queries.register_sheet import Sheet
from ioc.queries.register_time import Timeline, Week
from ioc.queries.register_tree import Branch, Hanging, Tree

NOW = datetime(2026, 11, 22, 7, 5, tzinfo=UTC)
TODAY = date(2026, 11, 22)
VN = UnitRef(1, "vn", "Cả nước", "Cả nước", "nation")
UNIT = UnitRef(1038, "38", "Tỉnh Thanh Hóa", "Thanh Hóa", "province", 19.8, 105.7)
STAMP = Stamp(7, NOW, None, illustrative=True)


def of(key: str) -> Register:
    """A packaged register."""
    return packaged().by_key(key)


def row(name: str, key: str, title: str, state: str | None = None, **body: Any) -> ItemRow:
    """An item whose lateness follows from its due date and from what its body says."""
    about = of(name)
    stand = about.state(state) if state else about.states[0]
    due = due_of(body, about.due)
    done = body.get(about.done) if about.done else None
    done_day = date.fromisoformat(done) if done else None
    until = TODAY if stand.phase is Phase.OPEN else done_day
    known = due is not None and until is not None
    place = body.pop("place", None)
    return ItemRow(
        item_id=sum(map(ord, key)),
        register=name,
        key=key,
        title=title,
        unit=UNIT,
        state=stand,
        phase=stand.phase,
        due=due,
        done=done_day,
        slip=due.slip(until) if known and due and until else None,
        late=workdays().between(due.day, until) if known and due and until else 0,
        person=body.get(about.person) if about.person else None,
        parent=body.get(about.parent) if about.parent else None,
        missing=(),
        differs=(),
        checks=tuple(Check(one, 1, (about.field(one.fields[-1]),)) for one in about.checklists),
        values=body,
        names={},
        illustrative=True,
        source="Sổ mẫu",
        source_name="demo",
        valid_from=date(2026, 1, 1),
        recorded_at=NOW,
        lat=place[1] if place else None,
        lon=place[0] if place else None,
    )


def load(unit: UnitRef = UNIT, **counts: Any) -> Load:
    """Counts of a unit."""
    usual = {"open": 9, "done": 4, "overdue": 3, "soon": 2, "incomplete": 1}
    sums = {"sums": (300, 900), "open_sums": (200, 600)}
    return Load(unit, **{**usual, **sums, **counts})


TASKS = tuple(
    row("task", f"NV-{at}", f"Nhiệm vụ số {at}", "doing", person="Nguyễn Văn An",
        due=f"2026-10-{at + 10}")
    for at in range(8)
)  # fmt: skip
DONE = row("task", "NV-X", "Việc đã xong", "done", due="2026-10-01", done="2026-10-05")
RELIGION = row("milestone", "MS-TG", "Cơ sở dữ liệu tôn giáo", "trial", due="2025-10-30")
PLANNED = row(
    "milestone", "MS-IOC", "Trung tâm điều hành", "building", due="2026-Q4", baseline="2026-Q2"
)


def board(view: View) -> Board:
    """Two states with cards, one of them with more than are shown, the others empty."""
    about = of("task")
    columns = tuple(
        Column(state, 40 if state.code == "doing" else 0, TASKS if state.code == "doing" else ())
        for state in about.states
    )
    return Board(view, STAMP, about, UNIT, columns)


def timeline(view: View) -> Timeline:
    """Milestones: one slipped, one whose due date is a quarter and was moved."""
    weeks = tuple(Week(date(2026, 9, 28), 2, 3, 4) for _ in range(21))
    rows = (RELIGION, PLANNED)
    return Timeline(view, STAMP, of("milestone"), VN, TODAY, load(VN), weeks, rows, (),
                    2, more=False, sheet=1, sheets=3)  # fmt: skip


def people(view: View) -> People:
    """One person late, one without a due date, one unit below."""
    found = (Person("Nguyễn Văn An", 9, 3, 8, 8, 6), Person("Trần Thị Bình", 2, 0, 1, 0, 0))
    return People(view, STAMP, of("task"), VN, found, 600, whole=False, nobody=4, own=load(VN),
                  units=(load(),), sheet=1, sheets=2)  # fmt: skip


def tree(view: View) -> Tree:
    """Resolution, plan, plan of the unit."""
    about = of("directive")
    given = (("NQ-57", "57-NQ/TW", "2024-12-22"), ("KH-02", "02-KH/BCĐTW", "2025-06-19"),
             ("KH-04", "04-KH/ĐU", "2025-07-24"))  # fmt: skip
    rows = [
        row("directive", key, f"Văn bản {number}", "in_force", number=number, issued=day)
        for key, number, day in given
    ]
    hangs = (Hanging(of("task"), "directive", 3, 1),)
    branches = (
        Branch(rows[0], 0, None, (), ()),
        Branch(rows[1], 1, 179, (), ("TSK-01",)),
        Branch(rows[2], 2, 35, hangs, ()),
    )
    return Tree(view, STAMP, about, VN, branches, 3, more=False, sheet=1, sheets=1,
                mean_days=(214, 2))  # fmt: skip


def places(view: View) -> Places:
    """Two clusters, one out at sea, and what tenders lack."""
    about = of("blackspot")
    spot = row("blackspot", "LS-1", "Bản Một", "confirmed", households=20, place=(105.1, 19.9))
    clusters = (Cluster("02213", 105.5, 19.5, 12, 400), Cluster("02303", 112.5, 16.5, 1, 5))
    classes = (Part("none", 5, 1, 0, (100, 1), (90, 1)), Part("weak", 4, 3, 0, (200, 1), (110, 1)))
    return Places(view, STAMP, about, VN, None, load(VN), None, None, clusters, (), 2, (load(),),
                  classes, about.checklists[0], (Lack(about.field("power"), 4),),
                  (spot,))  # fmt: skip


def points(view: View) -> Places:
    """A province with single points."""
    spot = row("blackspot", "LS-1", "Bản Một", "confirmed", households=20, place=(105.1, 19.9))
    return replace(places(view), unit=UNIT, province="38", clusters=(), points=(spot,))


def sheet(view: View, name: str) -> Sheet:
    """Few items of one register, a quotation among those of budgets."""
    return Sheet(view, STAMP, of(name), VN, TODAY, SHEETS[name], True, load(VN), (load(),))


def wall(view: View, name: str) -> RegisterWall:
    """Tasks or milestones as their scenes ask for them."""
    rows = TASKS if name == "task" else (RELIGION, PLANNED)
    facet = "state" if name == "task" else "class"
    value = "doing" if name == "task" else "database"
    return RegisterWall(view, STAMP, of(name), VN, TODAY, load(VN), rows, (load(),),
                        {facet: (Part(value, 9, 4), Part("", 1, 0))})  # fmt: skip


SHEETS: dict[str, tuple[ItemRow, ...]] = {
    "budget": (
        row("budget", "DA-0", "Năm dự án của Bộ", "registered", total=412_383,
            investment=46_000, regular=366_383, quoted=True),
        row("budget", "DA-1", "Nền tảng", "allocated", source="investment", total=50_000,
            allocated=40_000, disbursed=10_000),
        row("budget", "DA-2", "Số hóa", "allocated", source="regular", total=30_000,
            investment=10_000, regular=19_000, disbursed=4_000),
    ),
    "dataset": (
        row("dataset", "DL-1", "Hộ tịch", "used", owner="Sở Tư pháp", to_digitise=100,
            digitised=80, growth=12, due="2026-11-02", sharing="lgsp", open_data=True),
        row("dataset", "DL-2", "Đất đai", "declared", owner="Sở Nội vụ", sharing="none"),
    ),
    "training": (
        row("training", "DT-1", "Bình dân học vụ số", "running", start="2026-03-07",
            schedule="thứ Bảy hằng tháng", sessions_planned=12, sessions_held=8, enrolled=400,
            certified=200),
        row("training", "DT-2", "Tập huấn AI", "held", start="2026-10-05", enrolled=100),
    ),
    "security": (
        row("security", "HT-1", "Cổng dịch vụ công", "running", level="3", monitored=True,
            backup=True, response=True, restored="2026-08-01", restore_passed=True,
            drills_planned=2, drills_held=1),
        row("security", "HT-2", "Hệ thống văn bản", "running", level="2", monitored=False,
            restored="2025-01-10"),
    ),
    "press": (
        row("press", "BC-1", "Hỏi về giá đất", "answered", **{"class": "request"},
            due="2026-11-12", answered="2026-11-10"),
        row("press", "BC-2", "Hỏi về đường sá", "forwarded", **{"class": "request"},
            due="2026-11-18"),
        row("press", "PN-1", "Người phát ngôn", "named", **{"class": "spokesperson"},
            spokesperson="Chánh Văn phòng"),
    ),
    "practice": (
        row("practice", "CL-1", "Nền tảng chung", "adopted", topic="government",
            quarter="2026-Q3", grade="b", adopted=4, indicator="OPS-01", what="Một nền tảng"),
        row("practice", "CL-2", "Kho dữ liệu", "shared", topic="data", quarter="2026-Q3"),
    ),
}  # fmt: skip

SCENES: dict[str, Any] = {
    "tasks": lambda view: wall(view, "task"),
    "milestones": lambda view: wall(view, "milestone"),
    "directives": tree,
    "blackspots": places,
    "budget": lambda view: sheet(view, "budget"),
    "inventory": lambda view: sheet(view, "dataset"),
    "training": lambda view: sheet(view, "training"),
    "practices": lambda view: sheet(view, "practice"),
    "security": lambda view: sheet(view, "security"),
    "press": lambda view: sheet(view, "press"),
}

FORMS: dict[str, Any] = {
    "board": board,
    "timeline": timeline,
    "people": people,
    "tree": tree,
    "map": places,
    "money": lambda view: sheet(view, "budget"),
    "inventory": lambda view: sheet(view, "dataset"),
    "sessions": lambda view: sheet(view, "training"),
    "quarters": lambda view: sheet(view, "practice"),
    "matrix": lambda view: sheet(view, "security"),
    "answers": lambda view: sheet(view, "press"),
}
