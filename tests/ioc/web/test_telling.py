"""Live text asks what the screen asks: the same figures, at one moment, within the scope."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sqlalchemy import Engine

from ioc.domain.catalogue import Catalogue
from ioc.domain.period import Period
from ioc.domain.scope import Scope
from ioc.domain.units import Units
from ioc.domain.view import View
from ioc.domain.words import value_words
from ioc.errors import NotAllowedError
from ioc.web.router import Router
from ioc.web.steady import Moment, moment_now
from ioc.web.telling import Told, check, ready, tell
from layouts.pages import indicator, registers
from tests.ioc.queries.house import House, Said
from tests.ioc.queries.registered import SIX, said
from tests.ioc.queries.registered import tell as give

ALL = Scope.all()
TEXT = (
    "{unit} đạt {OPS-01.value}, {OPS-01.change} so với {OPS-01.before}, "
    "xếp thứ {OPS-01.rank}; {OPS-01.against_target}."
)


@pytest.fixture(scope="module")
def units() -> Units:
    return Units.load()


@pytest.fixture
def house(engine: Engine, units: Units) -> House:
    """Two months of three provinces, the last one silent in the second."""
    made = House(engine, units, Catalogue.load(units=units)).prepare()
    made.tell(
        *(Said(key, "OPS-01", "2026-09", num=n, den=100) for key, n in
          (("01", 60), ("38", 70), ("48", 90))),
        *(Said(key, "OPS-01", "2026-10", num=n, den=100) for key, n in
          (("01", 65), ("38", 65), ("48", 80))),
        source="real",
    )  # fmt: skip
    return made


def told(
    house: House, text: str, at: Moment | None = None, scope: Scope = ALL, **view: object
) -> Told:
    """What a text says now, or at a moment."""
    pages = {"indicator": indicator.PAGE, "registers": registers.PAGE}
    router = Router(house.desk, pages, lambda content, view: content)
    asked = View().but(**view)
    return tell(house.desk, router, text, asked, scope, at or moment_now(house.desk))


def test_a_text_has_the_figures_of_the_screen(house: House) -> None:
    its = told(house, TEXT, unit="38")
    assert its.paragraphs == (
        "Tỉnh Thanh Hóa đạt 65,00%, giảm 5,00 điểm % so với tháng 9/2026, xếp thứ 2/3 (đồng hạng; "
        "31 đơn vị chưa báo cáo); chưa đạt chỉ tiêu 70% của năm 2025 (thiếu 5,00 điểm %).",
    )
    assert its.problems == ()
    assert its.missing == ()
    page = house.indicator("OPS-01", unit="local")
    cell = next(one for one in page.children if one.unit.key == "38")
    assert value_words(cell.indicator, cell.figure.value, "vi") in its.figures
    assert cell.change == Fraction(-5, 100)
    assert cell.place is not None
    assert (cell.place.rank, cell.place.tied) == (2, True)
    assert {(one.unit, one.period, one.value) for one in its.facts} == {
        ("38", "2026-10", "13/20"),
        ("38", "2026-09", "7/10"),
    }
    assert [one.code for one in its.definitions] == ["OPS-01"]
    assert [one.name for one in its.origins] == ["Nguồn"]


def test_other_units_and_periods(house: House) -> None:
    its = told(
        house,
        "{unit@48}: {OPS-01@48/previous.value}, quý: {OPS-01@48/2026-Q4.value}; "
        "{OPS-01@48/last-year.value}.",
        unit="01",
    )
    assert its.paragraphs[0] == (
        "Thành phố Đà Nẵng: 90,00%, quý: 80,00%; chưa có số liệu tháng 10/2025."
    )
    (missing,) = its.missing
    assert missing.endswith("trình của thành phố Đà Nẵng: chưa có số liệu tháng 10/2025")
    best = told(house, "{OPS-01.best} và {OPS-01.worst}; {OPS-01.units_silent}.", unit="local")
    assert best.paragraphs[0].startswith("Đà Nẵng (80,00%) và ")
    assert best.paragraphs[0].endswith("; 31.")


def test_an_indicator_of_another_calendar_is_told_of_its_own_days(house: House) -> None:
    house.tell(
        *(Said("38", "BUD-01", f"2026-{month:02d}", num=month * 10, den=100) for month in (8, 9)),
        source="real",
    )
    its = told(house, "Đạt {BUD-01.value}.", unit="38", period=Period.parse("2026-09"))
    assert its.paragraphs == ("Đạt 90,00% (kỳ báo cáo 15/08–14/09/2026).",)
    assert {one.calendar for one in its.facts} == {"administrative"}


def test_a_sum_says_how_many_reported_and_what_is_illustrative(house: House) -> None:
    house.tell(Said("22", "OPS-01", "2026-10", num=1, den=100), source="demo")
    (words,) = told(house, "{OPS-01.sentence}", unit="local").paragraphs
    assert words.startswith(
        "Tỷ lệ hồ sơ trực tuyến toàn trình của các địa phương tháng 10/2026 đạt 52,75% "
        "(4/34 đơn vị đã báo cáo)"
    )
    assert words.endswith("(số liệu minh họa).")


def test_late_data_are_said_and_never_become_a_nought(house: House) -> None:
    period = Period.month(2026, 8)
    its = told(house, TEXT, unit="01", period=period)
    assert its.paragraphs == ("Thành phố Hà Nội chậm báo cáo, chưa có số liệu tháng 8/2026.",)
    assert its.missing
    assert [one.state for one in its.facts] == ["late"]


def test_news_that_arrive_in_between_do_not_reach_a_text_of_an_earlier_moment(
    house: House,
) -> None:
    at = moment_now(house.desk)
    before = told(house, TEXT, at, unit="38")
    house.clock = house.now  # on the day of asking, as every moment is
    house.tell(Said("38", "OPS-01", "2026-10", num=99, den=100), source="real")
    then = told(house, TEXT, at, unit="38")
    assert (then.paragraphs, then.facts) == (before.paragraphs, before.facts)
    assert "99,00%" in told(house, TEXT, unit="38").paragraphs[0]
    asked = told(house, TEXT, unit="38", known_at=at.known_at)
    assert asked.paragraphs == before.paragraphs


def test_a_unit_outside_the_scope_reads_like_none(house: House, units: Units) -> None:
    mine = Scope.of(units.by_key("38").id)
    text = "{OPS-01.value}, {OPS-01@01.value}, {unit@zz}"
    its = told(house, text, scope=mine, unit="38")
    assert its.paragraphs == (
        "65,00%, [không đọc được: {OPS-01@01.value}], [không đọc được: {unit@zz}]",
    )
    outside, unknown = (one.words.split("không có đơn vị")[1] for one in its.problems)
    assert outside.replace("“01”", "“zz”") == unknown
    assert {one.unit for one in its.facts} == {"38"}
    assert tuple(check(house.desk, text, "vi", mine)) == its.problems
    with pytest.raises(NotAllowedError):
        told(house, TEXT, scope=mine, unit="01")


def test_registers_are_counted_as_their_page_counts_them(house: House) -> None:
    give(
        house,
        said(house, "1", "38", "doing", due="2026-11-01", **SIX),
        said(house, "2", "38", "doing", due="2026-12-30", **SIX),
        said(house, "3", "01", "done", due="2026-10-01", done="2026-10-01", **SIX),
    )
    text = "{task.overdue}/{task.open} của {unit}, {task@01.done} xong, {task.name}"
    its = told(house, text, unit="38")
    assert its.paragraphs[0].split(" (")[0] == "1/2 của tỉnh Thanh Hóa, 1 xong, Nhiệm vụ"


def test_a_ready_made_sentence_is_a_text_that_can_be_told(house: House) -> None:
    of = house.catalogue.by_code("OPS-01")
    for lang in ("vi", "en"):
        text = ready(of, lang, unit="48")
        assert check(house.desk, text, lang, ALL) == ()
        made = told(house, text, lang=lang)
        # The text names the unit it was made for, as the field does.
        assert made.paragraphs == told(house, "{OPS-01@48.sentence}", lang=lang).paragraphs
