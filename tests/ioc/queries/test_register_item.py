"""One item: all its fields, the chain it hangs in, differences, every version and act."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ioc.domain.scope import Scope
from ioc.errors import AddressError
from tests.ioc.queries.house import House, Said
from tests.ioc.queries.registered import SIX, act, item, kept, said, tell


@pytest.fixture
def tree(house: House) -> House:
    house.tell(Said("38", "OPS-01", "2026-10", 1, 2))

    def paper(key: str, parent: str | None, unit: str | None) -> object:
        more = {"parent": parent} if parent else {}
        return said(house, key, unit, "in_force", of="directive", number=key,
                    issued="2025-01-02", issuer="Trung ương", **more)  # fmt: skip

    tell(house, paper("nq57", None, None), paper("kh266", "nq57", "38"),
         paper("kh1", "kh266", "38"), of="directive", source="real", cite="Nghị quyết")  # fmt: skip
    tell(
        house,
        said(
            house,
            "a",
            "38",
            "doing",
            due="2026-11-13",
            directive="kh266",
            indicator="OPS-01",
            **SIX,
        ),
        said(house, "b", "31", "doing", due="2026-12", directive="kh266"),
    )
    return house


def test_an_item_hangs_between_what_is_above_and_below(tree: House) -> None:
    detail = item(tree, "kh266", register="directive")
    assert [one.key for one in detail.above] == ["nq57"]
    assert [one.key for one in detail.children] == ["kh1"]
    mentioned = {
        register.key: ([one.key for one in rows], n) for register, rows, n in detail.mentions
    }
    assert mentioned == {"task": (["a", "b"], 2)}
    assert detail.row.citation == "Nghị quyết"
    task = item(tree, "a")
    assert task.register.key == "task"
    assert [one.key for one in task.above] == ["nq57", "kh266"]
    assert task.row.names["kh266"] == "Việc kh266"


def test_a_circle_of_parents_ends(house: House) -> None:
    def paper(key: str, parent: str) -> object:
        return said(house, key, "38", "in_force", of="directive", parent=parent)

    tell(house, paper("x", "y"), paper("y", "x"), of="directive")
    assert [one.key for one in item(house, "x", register="directive").above] == ["y"]


def test_its_indicator_shows_the_figure_of_its_unit(tree: House) -> None:
    detail = item(tree, "a", register="task")
    (cell,) = detail.linked
    assert cell.unit.key == "38"
    assert cell.figure.value == Fraction(1, 2)
    assert item(tree, "b", register="task").linked == ()


def test_history_says_what_changed_by_whom_and_why(tree: House) -> None:
    tell(tree, said(tree, "a", "38", "doing", due="2026-12-31", directive="kh266",
                    indicator="OPS-01", **SIX))  # fmt: skip
    act(tree, "a", to_state="waiting", evidence="BB-12")
    act(tree, "a", changes={"person": "An"}, why="đổi người")
    act(tree, "a", why="chỉ ghi chú")
    detail = item(tree, "a", register="task")
    assert [one.kind for one in detail.acts][:3] == ["note", "edit", "state"]
    newest, second, third, first = detail.versions
    assert newest.standing
    assert newest.changes is not None
    assert [(one.name, one.before, one.after) for one in newest.changes] == [
        ("person", "Lê Minh Châu", "An")
    ]
    assert newest.act is not None
    assert (newest.act.by, newest.act.why, newest.run) == ("Lan", "đổi người", None)
    assert second.act is not None
    assert second.act.evidence == "BB-12"
    assert second.changes is not None
    assert ("Đang thực hiện", "Chờ nghiệm thu") in {
        (one.before, one.after) for one in second.changes
    }
    assert third.changes is not None
    assert [(one.name, one.before, one.after) for one in third.changes] == [
        ("due", "13/11/2026", "31/12/2026")
    ]
    assert (third.source_name, third.act) == ("demo", None)
    assert third.run is not None
    assert first.changes is None
    assert {one.code for one in detail.moves} == {"doing", "done"}


def test_the_past_is_as_it_was_known(tree: House) -> None:
    before = tree.clock.isoformat()
    act(tree, "a", to_state="done")
    then = item(tree, "a", register="task", known_at=before)
    assert then.row.state.code == "doing"
    assert len(then.versions) == 1
    assert then.acts == ()
    assert item(tree, "a", register="task").row.state.code == "done"


def test_a_source_that_repeats_itself_undoes_nobody(tree: House) -> None:
    act(tree, "a", to_state="done")
    tell(tree, said(tree, "a", "38", "doing", due="2026-11-13", directive="kh266",
                    indicator="OPS-01", **SIX))  # fmt: skip
    assert item(tree, "a", register="task").row.state.code == "done"


def test_a_total_that_is_not_its_parts_has_a_difference(house: House) -> None:
    parts = {"total": 412_384, "investment": 46_000, "regular": 366_383}
    tell(house, said(house, "p", "38", "registered", of="budget", **parts), of="budget")
    (one,) = item(house, "p", register="budget").differences
    assert one.difference == Fraction(1, 1000)
    assert [str(value) for _, value in one.parts] == ["46", "366383/1000"]
    lacking = {**parts, "regular": None}
    tell(house, said(house, "q", "38", "registered", of="budget", **lacking), of="budget")
    assert item(house, "q", register="budget").differences == ()


def test_what_lies_outside_the_scope_does_not_exist(tree: House) -> None:
    scope = Scope.of(tree.units.by_key("38").id)
    detail = item(tree, "kh266", register="directive", scope=scope)
    assert detail.above == ()
    assert [[one.key for one in rows] for _, rows, _ in detail.mentions] == [["a"]]
    with pytest.raises(AddressError) as hidden:
        item(tree, "b", register="task", scope=scope)
    with pytest.raises(AddressError) as unknown:
        item(tree, "zz", register="task", scope=scope)
    assert hidden.value.params["allowed"] == unknown.value.params["allowed"]
    assert kept(tree, "b") is not None


def test_points_are_degrees(house: House) -> None:
    tell(house, said(house, "s", "38", "reported", of="blackspot", place=(105.7764, 19.8075)),
         of="blackspot")  # fmt: skip
    row = item(house, "s", register="blackspot").row
    assert (row.lon, row.lat) == (105.7764, 19.8075)
