"""Pages of registers draw from hand-made answers: full, empty, hostile, translated, on walls."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import drawn
import pytest

from ioc.domain.catalogue import Catalogue
from ioc.domain.due import Due
from ioc.domain.register import Phase, Register
from ioc.domain.registers import packaged
from ioc.domain.target import Status
from ioc.domain.units import Units
from ioc.domain.view import View
from ioc.queries.answers import Stamp, UnitRef
from ioc.queries.register_answers import (
    ActRow,
    Check,
    Difference,
    FacetCount,
    FacetOption,
    FieldChange,
    Filter,
    ItemDetail,
    ItemRow,
    ItemVersion,
    RegisterCard,
    RegisterHome,
    RegisterList,
    SumOf,
    Totals,
)
from layouts import filters
from layouts.pages import item, register, registers

HOSTILE = "<img src=x onerror=alert(1)>"
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
UNIT = UnitRef(1038, "38", "Tỉnh Thanh Hóa", "Thanh Hóa", "province")
STAMP = Stamp(7, NOW, None, illustrative=True)


@pytest.fixture(scope="module")
def choices() -> Any:
    units = Units.load()
    return filters.choices(units, Catalogue.load(units=units), TODAY, View(unit="38"))


def of(key: str) -> Register:
    return packaged().by_key(key)


def row(name: str = "task", **changes: Any) -> ItemRow:
    about = of(name)
    made = ItemRow(
        item_id=1,
        register=name,
        key="NV/1",
        title=HOSTILE,
        unit=UNIT,
        state=about.states[0],
        phase=about.states[0].phase,
        due=Due(date(2026, 11, 13)),
        done=None,
        slip=9,
        late=5,
        person="Lê Minh Châu",
        parent=None,
        missing=about.mandatory[:1],
        differs=tuple(rule.total for rule in about.parts),
        checks=tuple(Check(one, 1, (about.field(one.fields[0]),)) for one in about.checklists),
        values={},
        names={},
        illustrative=True,
        source="Nguồn",
        source_name="demo",
        valid_from=date(2026, 9, 1),
        recorded_at=NOW,
        citation="Kế hoạch 1",
        lat=19.8,
        lon=105.7,
    )
    return replace(made, **changes)


def totals(about: Register) -> Totals:
    return Totals(
        items=1234,
        phases={Phase.OPEN: 1000, Phase.DONE: 234},
        states=tuple((one, 5) for one in about.states),
        overdue=3,
        soon=2,
        incomplete=4,
        differing=1,
        sums=tuple(SumOf(one, Fraction(412_383, 1000)) for one in about.sums),
    )


def listed(view: View, key: str = "task", **changes: Any) -> RegisterList:
    about = of(key)
    facets = tuple(
        FacetCount(one, (FacetOption("x", HOSTILE, 3, chosen=True), FacetOption("", "Chưa ghi", 1)))
        for one in about.facets
    )
    made = RegisterList(
        view=view,
        stamp=STAMP,
        register=about,
        registers=packaged().all,
        unit=UNIT,
        crumbs=(UNIT,),
        filters=(Filter("where", "class.x", f"Loại: {HOSTILE}"), Filter("q", "a", "Có chữ a")),
        totals=totals(about),
        facets=facets,
        rows=(row(key), row(key, key="b", illustrative=False, slip=-3, late=0)),
        count=1000,
        more=True,
        sheet=2,
        sheets=400,
    )
    return replace(made, **changes)


@pytest.mark.parametrize("key", [one.key for one in packaged().all])
def test_every_register_lists_its_items(key: str, choices: Any) -> None:
    for view in (
        View(page="register", register=key, unit="38", where=("class.x",), q="a"),
        View(page="register", register=key, lang="en"),
        View(page="register", register=key, wall=True),
    ):
        shown = register.Shown(listed(view, key), choices, TODAY)
        tree = register.render(shown, view)
        assert HOSTILE in drawn.words(tree)
        assert register.title(shown, view)
        empty = replace(shown, answer=listed(view, key, rows=(), count=0, filters=()))
        assert drawn.words(register.render(empty, view))


def test_lateness_and_what_is_missing_are_said_in_words(choices: Any) -> None:
    view = View(page="register", register="task", unit="38")
    words = drawn.words(register.render(register.Shown(listed(view), choices, TODAY), view))
    assert "quá hạn 5 ngày làm việc" in words
    assert "còn 3 ngày" in words
    assert "Thiếu: " in words
    assert "hơn 1.000" in words
    assert "dữ liệu minh họa" in words


def test_only_what_is_overdue_has_the_look_of_alarm(choices: Any) -> None:
    view = View(page="register", register="task", unit="38")
    tree = register.render(register.Shown(listed(view), choices, TODAY), view)
    looks = [str(getattr(one, "className", "")) for one in drawn.parts(tree)]
    assert looks.count("due-late") == 1
    assert looks.count("is-overdue") == 1


def test_a_chip_takes_back_its_own_part(choices: Any) -> None:
    view = View(page="register", register="task", unit="38", where=("class.x", "group.y"), q="a")
    tree = register.render(register.Shown(listed(view), choices, TODAY), view)
    chips = [one for one in drawn.parts(tree) if getattr(one, "className", "") == "filter-chip"]
    gone = {drawn.words(chip): chip.href for chip in chips}
    where = next(href for words, href in gone.items() if "Loại" in words)
    assert "class.x" not in where
    assert "group.y" in where
    assert all("q=a" in href for words, href in gone.items() if "Có chữ" not in words)


def test_what_does_not_apply_is_said_in_words(choices: Any) -> None:
    view = View(page="register", register="task", units=("38", "31"), status=Status.AT_RISK)
    words = drawn.words(register.render(register.Shown(listed(view), choices, TODAY), view))
    assert "Đã chọn: 38, 31" in words
    assert "Trạng thái: nguy cơ" in words


def test_the_home_has_a_card_each(choices: Any) -> None:
    cards = tuple(
        RegisterCard(one, totals(one) if one.key != "press" else Totals(), illustrative=True)
        for one in packaged().all
    )
    for view in (View(page="registers"), View(page="registers", wall=True, lang="en")):
        shown = registers.Shown(RegisterHome(view, STAMP, UNIT, (UNIT,), cards), choices, TODAY)
        words = drawn.words(registers.render(shown, view))
        assert all(one.name.say(view.lang) in words for one in packaged().all)


def detail(view: View, key: str = "budget") -> ItemDetail:
    about = of(key)
    act = ActRow(1, "state", NOW, HOSTILE, "vì thế", "BB", about.states[0], about.states[1])
    changed = FieldChange("state", "Trạng thái", "Cũ", "Mới")
    return ItemDetail(
        view=view,
        stamp=STAMP,
        register=about,
        row=row(key, values={"note": HOSTILE, "indicator": "OPS-01"}, names={"OPS-01": "Chỉ số"}),
        crumbs=(UNIT,),
        above=(row("directive", key="nq"),),
        children=(row(key, key="c"),),
        children_count=70,
        mentions=((of("task"), (row(),), 12),),
        differences=tuple(
            Difference(
                about.field(rule.total),
                tuple((about.field(one), Fraction(1)) for one in rule.of),
                Fraction(5),
                Fraction(3),
            )
            for rule in about.parts
        ),
        versions=(
            ItemVersion(date(2026, 10, 1), NOW, "", "", None, None, (changed,), act, standing=True),
            ItemVersion(date(2026, 9, 1), NOW, "Nguồn", "demo", None, "Kế hoạch", None),
            ItemVersion(date(2026, 9, 1), NOW, "Nguồn", "demo", None, None, (), gone=True),
        ),
        acts=(act, ActRow(2, "note", NOW, "Lan", "ghi chú")),
        moves=about.states[1:],
    )


@pytest.mark.parametrize("key", [one.key for one in packaged().all])
def test_an_item_of_every_register_draws(key: str) -> None:
    for view in (
        View(page="item", item="NV/1", register=key),
        View(page="item", item="NV/1", register=key, lang="en"),
        View(page="item", item="NV/1", register=key, wall=True),
    ):
        assert HOSTILE in drawn.words(item.render(detail(view, key), view))


def test_a_difference_is_a_row_and_history_says_who_and_why() -> None:
    view = View(page="item", item="NV/1", register="budget")
    words = drawn.words(item.render(detail(view), view))
    for part in ("Chênh lệch", "3 tỷ đồng", "Lý do: vì thế", "Minh chứng: BB", "Cũ",
                 "Lần ghi nhận đầu", "Nguồn không còn nêu"):  # fmt: skip
        assert part in words, part


def test_nobody_acts_on_a_wall_or_on_the_past() -> None:
    def hosts(view: View) -> list[Any]:
        tree = item.render(detail(view), view)
        return [one for one in drawn.parts(tree) if getattr(one, "id", None) == "item-act"]

    view = View(page="item", item="NV/1", register="budget")
    (host,) = hosts(view)
    seen = int(NOW.timestamp()) * 1_000_000
    assert getattr(host, "data-seen") == str(seen)
    assert hosts(view.but(wall=True)) == []
    assert hosts(view.but(known_at=NOW)) == []


def test_the_bare_address_says_what_to_do() -> None:
    view = View(page="item")
    assert "Chưa chọn mục nào" in drawn.words(item.render(None, view))
