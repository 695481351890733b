"""The pages of analysis as drawn: words, steps, marks, charts that keep the rules, the wall."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import drawn
import pytest

from ioc.domain.catalogue import Catalogue
from ioc.domain.decompose import of_count, of_ratio
from ioc.domain.index766 import load
from ioc.domain.index766_score import Given, recompute
from ioc.domain.measure import Empty, Figure, Kind
from ioc.domain.peers import Features
from ioc.domain.period import Period
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.queries.answers import Break, Cell, Point, Series, Stamp, UnitRef
from ioc.queries.index766_answers import Beside, GroupTold, Index766Page, Placed, RowTold
from ioc.queries.peers_answers import Known, PeerRow, Peers
from ioc.queries.why_answers import Closed, Part, Why
from ioc.web.router import read_address
from layouts.pages import index766, peers, why
from layouts.why_links import peers_link, why_link

CATALOGUE = Catalogue.load()
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
STAMP = Stamp(7, NOW, None, illustrative=True)
HERE = UnitRef(1038, "38", "Tỉnh Thanh Hóa", "Thanh Hóa", "province")
NEXT = UnitRef(1040, "40", "Tỉnh <b>Nghệ An</b>", "<b>Nghệ An</b>", "province")
LOCAL = UnitRef(2, "local", "Các địa phương", "Địa phương", "localities")
OCT, SEP = Period.parse("2026-10"), Period.parse("2026-09")
INDEX = load()


def cell(
    code: str, value: str | None, unit: UnitRef = HERE, period: Period = OCT, **more: Any
) -> Cell:
    of = CATALOGUE.by_code(code)
    exact = None if value is None else Fraction(value)
    empty = Empty.MISSING if exact is None else None
    figure = Figure(of.kind, exact, empty=empty, illustrative=True, **more)
    return Cell(unit, of, period, figure, Status.NOT_JUDGED, source="Cổng")


def page766(given: dict[str, Given], official: dict[str, str]) -> Index766Page:
    """A page of October 2026 with these components and official scores of rows."""
    made = recompute(INDEX, given, date(2026, 10, 1))
    groups = []
    for one in made.groups:
        rows = tuple(
            RowTold(
                scored,
                Beside(
                    Fraction(official[scored.row.code]) if scored.row.code in official else None,
                    scored.points,
                ),
            )
            for scored in one.rows
        )
        groups.append(GroupTold(one.group, rows, Beside(None, one.points, 7), one.known))
    of = CATALOGUE.by_code("OPS-11")
    months = [Period.parse(f"2026-{month:02d}") for month in (5, 6, 7, 8)]
    points = tuple(Point(one, Figure(Kind.SCORE, Fraction(60 + one.start.month))) for one in months)
    broken = (Break(date(2026, 7, 1), "redefined", "Đổi công thức"),)
    line = Series(HERE, of, points, broken)
    return Index766Page(
        view=View(page="index766", unit="38"),
        stamp=STAMP,
        unit=HERE,
        crumbs=(HERE,),
        indicator=of,
        components=CATALOGUE.by_code("OPS-12"),
        period=OCT,
        version=made.version,
        versions=INDEX.versions,
        official=cell("OPS-11", "71.5"),
        total=Beside(Fraction("71.5"), made.points, 21),
        made=made,
        groups=tuple(groups),
        series=line,
        remade=line,
        siblings=(HERE, NEXT),
        periods=(OCT, SEP),
    )


FULL = {row.code: Given(Fraction(60), Fraction(100)) for row in INDEX.rows}


def test_every_row_tells_its_steps_in_words() -> None:
    page = page766(FULL, {"PUBLISH_ON_TIME": "3.6"})
    made = index766.render(page, page.view)
    words = drawn.words(made)
    assert "60 / 100 = 60,00%" in words
    assert "6 × 60,00% = 3,60" in words
    assert "6 × 60,00% / 50% = 7,20" in words
    assert "6,00 (cắt ở 6 điểm)" in words
    assert "Tỷ lệ vượt mức đạt điểm tối đa nên điểm dừng ở mức tối đa." in words
    for row in INDEX.rows:
        assert f"{row.number} {row.name.vi}" in words
    assert any("breakdown=component.publish_on_time" in link for link in drawn.links(made))


def test_zero_null_and_a_denominator_of_zero_are_three_things() -> None:
    given = {
        "PUBLISH_ON_TIME": Given(Fraction(0), Fraction(40)),
        "PETITION_PROCESSING_ON_TIME": Given(Fraction(0), Fraction(0)),
        "DOSSIER_RECEIVING_SATISFACTION": Given(Fraction(0), Fraction(0)),
        "PROCESSED_ON_TIME": Given(Fraction(0), Fraction(0)),
    }
    page = page766(given, {})
    words = drawn.words(index766.render(page, page.view))
    assert "0 / 40 = 0,00%" in words
    assert "nguồn không gửi (khác với 0)" in words
    assert "Mẫu số bằng 0: quy tắc của chỉ số này cho đủ điểm." in words
    assert "Mẫu số bằng 0: quy tắc của chỉ số này cho 0 điểm." in words
    assert "Mẫu số bằng 0 và công thức không nêu cách chấm: không có điểm." in words
    assert "Thiếu không phải là 0" in words


def test_differences_stand_first_and_are_open() -> None:
    page = page766(FULL, {"PUBLISH_ON_TIME": "5", "DOSSIER_SYNC": "3.60"})
    made = index766.render(page, page.view)
    words = drawn.words(made)
    assert words.index("5,00 ≠ 3,60") < words.index("Sáu nhóm, từng chỉ số")
    opened = [
        one for one in drawn.parts(made)
        if getattr(one, "open", None) and "index-row" in (getattr(one, "className", "") or "")
    ]  # fmt: skip
    assert [one.id for one in opened] == ["row-publish_on_time"]
    assert "Không phiên bản công thức nào cho ra điểm này" in words


def test_the_line_is_interrupted_where_the_formulas_changed() -> None:
    page = page766(FULL, {})
    chart = drawn.charts(index766.render(page, page.view))["trend"]
    lines = [one for one in chart["data"] if one.get("mode") == "lines+markers"]
    assert len(lines) == 2
    for line in lines:
        at = line["x"].index("2026-07-01")
        assert line["y"][at] is None
        assert None not in line["y"][:at] + line["y"][at + 1 :]
        assert len(line["x"]) == len(line["y"]) == len(line["hovertext"]) == 5
    said = [one["text"] for one in chart["layout"]["annotations"]]
    assert "Đổi công thức<br>01/07/2026" in said
    assert chart["layout"]["shapes"]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("wall", [False, True])
def test_the_list_and_the_empty_page_are_drawn(lang: str, wall: bool) -> None:
    view = View(page="index766", lang=lang, wall=wall)
    page = page766(FULL, {})
    score = cell("OPS-11", "71.5", NEXT)
    placed = (Placed(NEXT, score, Beside(Fraction(71), Fraction(70), 21), 2, 1),)
    listed = index766.render(
        Index766Page(view, STAMP, LOCAL, (LOCAL,), page.indicator, page.components, OCT,
                     page.version, page.versions, placed=placed),
        view,
    )  # fmt: skip
    assert "Nghệ An" in drawn.words(listed)
    assert not wall or "10/2026" in drawn.words(listed)
    empty = Index766Page(
        view, STAMP, HERE, (HERE,), page.indicator, page.components, None, None, page.versions
    )
    assert drawn.words(index766.render(empty, view))
    assert drawn.words(index766.render(page, view))


def change(code: str = "OPS-01") -> Why:
    of = CATALOGUE.by_code(code)
    if of.kind is Kind.RATIO:
        pairs = {1038: ((40, 100), (60, 120)), 1040: ((80, 100), (60, 80))}
        then = {key: (Fraction(a[0]), Fraction(a[1])) for key, (a, _) in pairs.items()}
        now = {key: (Fraction(b[0]), Fraction(b[1])) for key, (_, b) in pairs.items()}
        account = of_ratio(then, now, totals=(Fraction(3, 5), Fraction(7, 10)))
    else:
        account = of_count(
            {1038: Fraction(4)}, {1038: Fraction(9), 1040: Fraction(2)},
            totals=(Fraction(4), Fraction(11)),
        )  # fmt: skip
    parts = {
        unit.id: Part(cell(code, "0.5", unit, SEP), cell(code, "0.6", unit), partial=True)
        for unit in (HERE, NEXT)
    }
    return Why(
        view=View(page="why", unit="local", indicator=code),
        stamp=STAMP,
        unit=LOCAL,
        crumbs=(LOCAL,),
        indicator=of,
        period=OCT,
        before=SEP,
        total_before=cell(code, "0.6", LOCAL, SEP),
        total=cell(code, "0.7", LOCAL),
        account=account,
        parts=parts,
        indicators=(of,),
        units=(LOCAL, HERE),
    )


@pytest.mark.parametrize("code", ["OPS-01", "OPS-06"])
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("wall", [False, True])
def test_a_change_is_told_drawn_and_tabled(code: str, lang: str, wall: bool) -> None:
    answer = change(code)
    view = answer.view.but(lang=lang, wall=wall)
    made = why.render(answer, view)
    chart = drawn.charts(made)["cells"]
    bars = [one for one in chart["data"] if one["type"] == "bar"]
    low, high = chart["layout"]["xaxis"]["range"]
    assert low < 0 < high
    assert all("base" not in one for one in bars)
    # Words of bars to the left stand between them and the names, in room of their own.
    words = next(one for one in chart["data"] if one.get("mode") == "text")
    room = chart["layout"]["yaxis"]["ticklabelstandoff"]
    if "middle left" in words["textposition"]:
        assert room >= max(map(len, words["text"])) * 0.5 * words["textfont"]["size"]
    assert all("<b>Nghệ" not in text for text in chart["layout"]["yaxis"]["ticktext"])
    if not wall:
        assert "&lt;b&gt;" in str(chart["layout"]["yaxis"]["ticktext"])


def test_a_wall_says_both_periods_and_when_their_figures_were_received() -> None:
    answer = change()
    cells = [one for part in (answer.parts or {}).values() for one in (part.before, part.now)]
    when = datetime(2026, 11, 2, 1, 5, tzinfo=UTC)
    told = replace(answer, cells=tuple(replace(one, received=when, checked=when) for one in cells))
    words = drawn.words(why.render(told, told.view.but(wall=True)))
    assert "T9/2026, T10/2026" in words
    assert "nhận 08:05 02/11" in words
    assert "kiểm tra" in words


def test_the_parts_are_said_with_what_is_left() -> None:
    answer = change()
    words = drawn.words(why.render(answer, answer.view))
    assert "+10,00 điểm %" in words
    assert "Ngoài tổng các đơn vị" in words
    assert "Kitagawa" in words
    assert "không nói nguyên nhân" in words
    assert "số liệu chưa đủ đơn vị" in words


@pytest.mark.parametrize("closed", list(Closed))
def test_what_cannot_be_split_says_why(closed: Closed) -> None:
    answer = change()
    view = answer.view
    bare = Why(view, STAMP, LOCAL, (LOCAL,), answer.indicator, OCT, SEP, closed=closed)
    made = why.render(bare, view)
    assert "Không tách được thay đổi này" in drawn.words(made)
    assert drawn.charts(made) == {}
    assert drawn.words(why.render(bare, view.but(wall=True)))


def test_links_keep_the_moment_and_are_not_given_where_nothing_can_be_split() -> None:
    of = CATALOGUE.by_code("OPS-01")
    figure = Figure(Kind.RATIO, Fraction(1, 2))
    one = Cell(HERE, of, OCT, figure, Status.NOT_JUDGED, change=Fraction(1, 10))
    view = View(known_at=NOW)
    link = why_link(view, one)
    assert link is not None
    read = read_address(link.href)
    assert (read.page, read.unit, read.indicator, read.period, read.before, read.known_at) == (
        "why", "38", "OPS-01", OCT, SEP, NOW,
    )  # fmt: skip
    assert peers_link(view, one) is not None
    assert why_link(view.but(wall=True), one) is None
    assert why_link(view, cell("OPS-11", "70")) is None
    assert peers_link(view, cell("OPS-01", "1", LOCAL)) is None


def similar(**more: Any) -> Peers:
    of = CATALOGUE.by_code("OPS-01")
    features = Features("40", {"population": 3e6, "ward_share": 0.1}, {"kind": "tinh"})
    own = PeerRow(HERE, cell("OPS-01", "0.5", HERE, SEP), cell("OPS-01", "0.4"), features=features,
                  gain=Fraction(-1, 10))  # fmt: skip
    row = PeerRow(NEXT, cell("OPS-01", "0.5", NEXT, SEP), cell("OPS-01", "0.7", NEXT), 0.42,
                  {"population": 0.3, "kind": 1.0}, features, Fraction(1, 5))  # fmt: skip
    given: dict[str, Any] = {
        "view": View(page="peers", unit="38", indicator="OPS-01"),
        "stamp": STAMP,
        "unit": HERE,
        "crumbs": (LOCAL, HERE),
        "indicator": of,
        "known": Known.FEATURES,
        "period": OCT,
        "before": SEP,
        "own": own,
        "rows": (row,),
        "indicators": (of,),
        "units": (HERE, NEXT),
    }
    return Peers(**{**given, **more})


def test_peers_are_told_with_their_distance_and_no_cause() -> None:
    answer = similar()
    words = drawn.words(peers.render(answer, answer.view))
    assert "Tiến bộ nhất: Tỉnh <b>Nghệ An</b>, +20,00 điểm %." in words
    assert "Tỉnh Thanh Hóa: −10,00 điểm %." in words
    assert "0,42" in words
    assert "3.000.000 (0,30)" in words
    assert "không chứng minh là nguyên nhân" in words
    assert "không ghi không có nghĩa là không làm" in words


@pytest.mark.parametrize("known", list(Known))
@pytest.mark.parametrize("wall", [False, True])
def test_what_is_not_known_of_units_is_said(known: Known, wall: bool) -> None:
    answer = similar(known=known, own=None, rows=(), period=None, before=None)
    view = answer.view.but(wall=wall)
    assert drawn.words(peers.render(answer, view))
    if known is Known.KIND and not wall:
        assert "không xếp theo độ giống" in drawn.words(peers.render(answer, view))
