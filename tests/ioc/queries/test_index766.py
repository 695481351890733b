"""The 766 index of a unit: official beside recomputed, differences, versions, as known then."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ioc.domain.index766 import load
from ioc.domain.index766_score import Outcome
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.errors import NotAllowedError
from ioc.queries.index766 import index766
from ioc.queries.index766_answers import Index766Page, RowTold
from tests.ioc.queries.house import House, Said, units_in

INDEX = load()
HALF = {row.code: (50, 100) for row in INDEX.rows}


def ask(house: House, scope: Scope | None = None, **parts: str) -> Index766Page:
    view = View.from_address("/index766", **parts)
    return index766(house.desk, view, scope or Scope.all())


def rows(unit: str, period: str, pairs: dict[str, tuple[int, int]]) -> list[Said]:
    """What the rows count, at the scale the store keeps."""
    return [
        Said(
            unit, "OPS-12", period, above * 100, below * 100, breakdown=f"component.{code.lower()}"
        )
        for code, (above, below) in pairs.items()
    ]


def points(unit: str, period: str, value: str, breakdown: str = "") -> Said:
    return Said(unit, "OPS-11", period, val=int(Fraction(value) * 100), breakdown=breakdown)


def told(page: Index766Page, code: str) -> RowTold:
    return next(one for one in page.rows if one.scored.row.code == code)


def test_both_scores_stand_beside_each_other_with_every_step(house: House) -> None:
    house.tell(
        *rows("38", "2026-10", HALF),
        points("38", "2026-10", "3", "component.publish_on_time"),
        points("38", "2026-10", "3.5", "component.so_hoa_giay_to_giai_quyet"),
        points("38", "2026-10", "9", "group.transparency"),
        points("38", "2026-10", "58"),
    )
    page = ask(house, unit="38", period="2026-10")
    assert page.version is not None
    assert page.version.code == "observed"
    one = told(page, "PUBLISH_ON_TIME")
    assert (one.beside.official, one.beside.made, one.beside.differs) == (3, 3, False)
    assert (one.scored.rate, one.scored.outcome) == (Fraction(1, 2), Outcome.RATE)
    assert [row.scored.row.code for row in page.differences] == ["SO_HOA_GIAY_TO_GIAI_QUYET"]
    # 4 × 50 % is 2 now; 4 × 50 % / 80 % was 2.5: neither is the 3.5 that the portal gave.
    assert page.differences[0].explained is None
    assert page.groups[0].beside.official == page.groups[0].beside.made == 9
    # 50 % of 100, and what earlier caps add: 3.A 0.25, 3.C 3, 4.3 0.25, 5.B 0.25, 5.C 0.25,
    # 5.4 1/3.
    assert page.total.made == 50 + Fraction("4") + Fraction(1, 3)
    assert page.total.official == 58
    assert page.total.differs
    assert not page.summed
    assert page.told


def test_a_difference_names_the_version_that_explains_it(house: House) -> None:
    house.tell(
        *rows("38", "2026-10", HALF),
        points("38", "2026-10", "2.5", "component.so_hoa_giay_to_giai_quyet"),
    )
    page = ask(house, unit="38", period="2026-10")
    assert [one.explained and one.explained.code for one in page.differences] == ["documented"]


def test_what_is_missing_leaves_the_total_open_and_zero_does_not(house: House) -> None:
    some = dict(HALF)
    del some["PUBLIC_CONTENT_FULL"]
    some["PUBLISH_ON_TIME"] = (0, 40)
    some["PETITION_PROCESSING_ON_TIME"] = (0, 0)
    house.tell(*rows("38", "2026-10", some))
    page = ask(house, unit="38", period="2026-10")
    assert told(page, "PUBLIC_CONTENT_FULL").scored.outcome is Outcome.MISSING
    assert told(page, "PUBLISH_ON_TIME").scored.points == 0
    assert told(page, "PETITION_PROCESSING_ON_TIME").scored.points == 6
    assert page.total.made is None
    assert page.groups[0].lacking == 1
    assert page.groups[0].beside.made is None
    assert page.groups[5].beside.made is not None


def test_without_an_official_total_the_official_groups_are_summed(house: House) -> None:
    house.tell(
        *(points("38", "2026-10", "5.5", group.breakdown) for group in INDEX.groups),
    )
    page = ask(house, unit="38", period="2026-10")
    assert (page.total.official, page.summed) == (33, True)
    assert not page.told
    house.tell(points("31", "2026-10", "5", INDEX.groups[0].breakdown))
    assert ask(house, unit="31", period="2026-10").total.official is None


def test_last_year_stands_in_for_no_dossiers_only_if_it_is_known(house: House) -> None:
    sync = {"DOSSIER_SYNC": (30, 0)}
    house.tell(*rows("38", "2026-10", sync))
    page = ask(house, unit="38", period="2026-10")
    assert told(page, "DOSSIER_SYNC").scored.outcome is Outcome.LAST_YEAR_UNKNOWN
    year = [
        said
        for month in range(1, 13)
        for said in rows("38", f"2025-{month:02d}", {"DOSSIER_SYNC": (0, 10 * month)})
    ]
    house.tell(*year)
    one = told(ask(house, unit="38", period="2026-10"), "DOSSIER_SYNC").scored
    # 780 / 12 = 65 a month: 6 × 30 / 65.
    assert (one.divisor, one.points) == (65, Fraction(180, 65))


def test_a_period_before_the_change_is_scored_by_the_description_and_the_line_breaks(
    house: House,
) -> None:
    for month in ("2026-05", "2026-06", "2026-07", "2026-08"):
        house.tell(*rows("38", month, HALF), points("38", month, "50"))
    old = ask(house, unit="38", period="2026-06")
    assert old.version is not None
    assert old.version.code == "documented"
    assert told(old, "FULLY_ONLINE_DOSSIER").scored.points == 6
    assert told(old, "SERVICE_WITH_DOSSIER").scored.outcome is Outcome.WATCHED
    page = ask(house, unit="38")
    assert page.series is not None
    assert [(one.day.isoformat(), one.kind) for one in page.series.breaks] == [
        ("2026-07-01", "redefined")
    ]
    assert page.remade is not None
    made = [point.figure.value for point in page.remade.points]
    assert made[0] == made[1]
    assert made[1] != made[2]
    assert made[2] == made[3]


def test_as_known_then(house: House) -> None:
    first = house.tell(*rows("38", "2026-10", HALF), points("38", "2026-10", "50"))
    house.tell(*rows("38", "2026-10", {"PUBLISH_ON_TIME": (100, 100)}))
    now = ask(house, unit="38", period="2026-10")
    then = ask(house, unit="38", period="2026-10", known_at=first.isoformat())
    assert told(now, "PUBLISH_ON_TIME").scored.points == 6
    assert told(then, "PUBLISH_ON_TIME").scored.points == 3


def test_under_a_total_its_units_are_listed_best_first(house: House) -> None:
    house.tell(
        *rows("38", "2026-10", HALF),
        points("38", "2026-10", "40"),
        points("31", "2026-10", "70"),
        points("moha", "2026-10", "60"),
    )
    page = ask(house)
    assert [one.unit.key for one in page.placed[:3]] == ["31", "moha", "38"]
    assert page.placed[2].lacking == 0
    assert page.placed[0].lacking == 21
    assert page.placed[2].beside.differs
    assert {one.unit.level for one in ask(house, unit="gov").placed} == {"ministry"}
    assert len(ask(house, unit="local").placed) == 34


def test_units_outside_the_scope_are_not_there(house: House) -> None:
    house.tell(points("38", "2026-10", "40"), points("31", "2026-10", "70"))
    scope = Scope.of(house.units.by_key("38").id)
    with pytest.raises(NotAllowedError):
        ask(house, scope, unit="31")
    assert "31" not in {one.key for one in units_in(ask(house, scope, unit="38"))}


def test_a_commune_without_a_score_is_an_empty_page(house: House) -> None:
    page = ask(house, unit="14725")
    assert (page.period, page.groups, page.placed) == (None, (), ())
