"""Hand-made answers to draw pages from: real units and indicators, figures from a small formula."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

from ioc.domain.catalogue import Catalogue
from ioc.domain.indicator import Indicator
from ioc.domain.measure import Bound, Coverage, Empty, Figure, Kind
from ioc.domain.period import Period
from ioc.domain.ranking import Place
from ioc.domain.target import Status, gap, judge, target_for
from ioc.domain.unit import Level, Unit
from ioc.domain.units import Units
from ioc.domain.view import View
from ioc.queries.answers import (
    Break,
    Cell,
    IndicatorPage,
    Matrix,
    Overview,
    Point,
    Series,
    Stamp,
    Tile,
    UnitPage,
    UnitRef,
)
from ioc.queries.source_answers import (
    HeldRow,
    Refused,
    RejectionRow,
    RunRow,
    SlotMark,
    SourceRow,
    Sources,
)

NOW = datetime(2026, 11, 22, 7, 5, tzinfo=UTC)
TODAY = date(2026, 11, 22)
MONTH = Period.month(2026, 10)
HOSTILE = "<img src=x onerror=alert(1)> <b>Xã</b> & Ḧ̴a &lt;i&gt;"
EMPTIES = tuple(Empty)


@cache
def units() -> Units:
    return Units.load()


@cache
def catalogue() -> Catalogue:
    return Catalogue.load(units=units())


def ref(unit: Unit) -> UnitRef:
    newest = unit.newest
    ended = unit.valid_to
    return UnitRef(
        unit.id,
        unit.key,
        newest.name,
        newest.short_name,
        unit.level.value,
        unit.lat,
        unit.lon,
        ended,
    )


def key(text: str) -> UnitRef:
    return ref(units().by_key(text))


def _noise(*parts: object) -> int:
    value = 7
    for char in "|".join(str(part) for part in parts):
        value = (value * 131 + ord(char)) % 1_000_003
    return value


def figure(indicator: Indicator, unit: UnitRef, period: Period, *, illustrative: bool) -> Figure:
    """A figure that grows slowly over time; now and then empty, each kind somewhere."""
    chance = _noise(indicator.code, unit.key, period.code)
    if unit.level not in ("nation", "government", "region") and chance % 29 == 0:
        return Figure(indicator.kind, None, empty=EMPTIES[chance % 5], illustrative=illustrative)
    months = (period.start.year - 2024) * 12 + period.start.month
    base = 42 + _noise(indicator.code, unit.key) % 52 + months * 0.32 + chance % 5
    if indicator.kind is Kind.RATIO:
        lower = 800 + _noise(unit.key) % 4000
        upper = min(lower, int(lower * base / 100))
        return Figure(
            Kind.RATIO,
            Fraction(upper, lower),
            Fraction(upper),
            Fraction(lower),
            illustrative=illustrative,
            coverage=Coverage(30, 34) if unit.level == "nation" else None,
        )
    size = int(base * (34 if unit.level == "nation" else 1))
    if indicator.kind is Kind.SCORE:
        size = min(int(base), 99)
    bound = Bound.AT_LEAST if chance % 31 == 0 else Bound.EXACT
    return Figure(indicator.kind, Fraction(size), bound=bound, illustrative=illustrative)


def cell(
    indicator: Indicator, unit: UnitRef, *, period: Period = MONTH, illustrative: bool = True
) -> Cell:
    found = figure(indicator, unit, period, illustrative=illustrative)
    before = figure(indicator, unit, period.previous, illustrative=illustrative)
    target = target_for(indicator, Level(unit.level), unit.key, period)
    known = found.value is not None and before.value is not None
    chance = _noise(unit.key, indicator.code)
    return Cell(
        unit=unit,
        indicator=indicator,
        period=period,
        figure=found,
        status=judge(indicator, found, target),
        target=target,
        gap=gap(found, target),
        change=found.value - before.value if known else None,  # type: ignore[operator]
        received=NOW - timedelta(minutes=chance % 300),
        checked=NOW - timedelta(minutes=chance % 3),
        source="cong-dvc",
        stale=chance % 37 == 0,
        failing=chance % 41 == 0,
    )


def points(
    indicator: Indicator, unit: UnitRef, count: int, last: Period = MONTH
) -> tuple[Point, ...]:
    made = []
    for step in range(count - 1, -1, -1):
        period = last.shift(-step)
        target = target_for(indicator, Level(unit.level), unit.key, period)
        made.append(
            Point(
                period,
                figure(indicator, unit, period, illustrative=True),
                target.value if target else None,
            )
        )
    return tuple(made)


def best_first(cells: list[Cell]) -> tuple[Cell, ...]:
    known = [one for one in cells if one.figure.value is not None]
    down = known[0].indicator.direction == "down" if known else False
    known.sort(key=lambda one: one.figure.value or 0, reverse=not down)
    ranked = [replace(one, place=Place(at + 1, ranked=len(known))) for at, one in enumerate(known)]
    return (*ranked, *(one for one in cells if one.figure.value is None))


def stamp(*, illustrative: bool = True) -> Stamp:
    return Stamp(41, NOW, None, illustrative)


def children_of(unit: UnitRef) -> tuple[UnitRef, ...]:
    if unit.key in ("vn", "local"):
        ids = units().ids_by_level(Level.PROVINCE, TODAY)
        return tuple(ref(units().by_id(one)) for one in ids)
    if unit.level == "region":
        return tuple(ref(one) for one in units().in_region(unit.id, TODAY))
    return tuple(ref(one) for one in units().children(unit.id, TODAY))


def status_counts(cells: list[Cell]) -> dict[Status, int]:
    return {status: sum(one.status is status for one in cells) for status in Status}


def overview(view: View = View()) -> Overview:  # noqa: B008
    unit = key(view.unit)
    indicators = catalogue().collected
    focus = catalogue().by_code(view.indicator or "OPS-01")
    below = children_of(unit)
    cells = {(one.id, of.code): cell(of, one) for one in below for of in indicators}
    tiles = tuple(
        Tile(
            cell(of, unit),
            points(of, unit, 12),
            status_counts([cells[one.id, of.code] for one in below]),
        )
        for of in indicators
        if of.headline
    )
    red = sorted(
        (one for one in cells.values() if one.status is Status.AT_RISK),
        key=lambda one: -abs(one.gap or 0) / (one.target.value or 1 if one.target else 1),
    )
    return Overview(
        view=view,
        stamp=stamp(),
        unit=unit,
        tiles=tiles,
        focus=focus,
        period=MONTH,
        total=cell(focus, unit),
        children=best_first([cells[one.id, focus.code] for one in below]),
        series=Series(unit, focus, points(focus, unit, 36), (merger(),)),
        matrix=Matrix(below, indicators, cells),
        red=tuple(red[:60]),
        indicators=indicators,
    )


def merger(*former: str) -> Break:
    return Break(date(2025, 7, 1), "merge", "202/2025/QH15", tuple(key(one) for one in former))


def unit_page(view: View) -> UnitPage:
    unit = key(view.unit)
    indicators = catalogue().collected
    focus = catalogue().by_code(view.indicator or "OPS-01")
    below = children_of(unit)
    former = ("30.2025", "31.2025") if unit.key == "31" else ()
    crumbs = [key("vn")]
    if unit.level == "commune":
        parent = units().parent(unit.id, TODAY)
        crumbs += [ref(parent)] if parent else []
    elif unit.level == "ministry":
        crumbs.append(key("gov"))
    events = (merger(*former),) if former else ()
    return UnitPage(
        view=view,
        stamp=stamp(),
        unit=unit,
        crumbs=(*crumbs, unit),
        codes=(("nso", unit.key),),
        events=events,
        cells=tuple(cell(of, unit, illustrative=of.code != "OPS-02") for of in indicators),
        own=cell(focus, unit, illustrative=focus.code != "OPS-02"),
        focus=focus,
        series=Series(unit, focus, points(focus, unit, 16 if former else 36), events),
        former=tuple(
            Series(key(one), focus, points(focus, key(one), 20, Period.month(2025, 6)))
            for one in former
        ),
        children=best_first([cell(focus, one) for one in below]),
        child_level=below[0].level if below else None,
        published=(published(unit, catalogue().by_code("OPS-02")),),
        indicators=indicators,
    )


def published(unit: UnitRef, indicator: Indicator) -> Cell:
    found = Figure(
        Kind.RATIO, Fraction(1758, 1950), Fraction(1758), Fraction(1950), bound=Bound.EXACT
    )
    return Cell(
        unit, indicator, Period.month(2025, 6), found, Status.REACHED,
        citation="Báo cáo của UBND tỉnh Thanh Hóa, 16/06/2025", source="cong-bo",
    )  # fmt: skip


def indicator_page(view: View) -> IndicatorPage:
    unit = key(view.unit)
    of = catalogue().by_code(view.indicator or "OPS-01")
    below = children_of(unit)
    breakdown: dict[str, Any] = {
        code: (cell(of, replace(unit, key=f"{unit.key}{code}")),) for code in of.breakdown_codes
    }
    return IndicatorPage(
        view=view,
        stamp=stamp(),
        indicator=of,
        unit=unit,
        total=cell(of, unit),
        coverage=Coverage(30, 34),
        missing=below[3:7],
        children=best_first([cell(of, one) for one in below]),
        series=Series(unit, of, points(of, unit, 36), (merger(),)),
        breakdown=breakdown,
    )


def run(number: int, outcome: str, code: str | None = None, **params: object) -> RunRow:
    started = NOW - timedelta(minutes=number)
    return RunRow(
        number, started, started + timedelta(seconds=2), outcome, 340, 12, 326, 2, code, params
    )


def sources(view: View) -> Sources:
    states = ("ok", "ok", "failing", "late", "ok", "never", "stopped", "ok", "ok", "ok")
    titles = (
        "Cổng Dịch vụ công quốc gia", "Hệ thống số hóa tài liệu", "Học trực tuyến",
        "Khảo sát vùng phủ sóng", "Hệ thống thông tin Bộ Nội vụ", "Ngân sách nhà nước",
        "Trục liên thông văn bản", "Theo dõi nhiệm vụ", "Số liệu đã công bố", "Chất lượng dữ liệu",
    )  # fmt: skip
    rows = tuple(
        SourceRow(
            name=f"nguon-{at}",
            title=title,
            connector="http_json" if at != 8 else "file_drop",
            illustrative=at != 8,
            schedule="60s",
            state=state,
            last=None
            if state == "never"
            else run(at, "failed", "timeout", seconds=10)
            if state == "failing"
            else run(at, "ok"),
            last_good=NOW - timedelta(minutes=3 + at),
            broken_since=NOW - timedelta(minutes=47) if state == "failing" else None,
            recovered_at=NOW - timedelta(hours=2) if at == 1 else None,
            next_run=NOW + timedelta(seconds=40),
            observations=128_450 * (at + 1),
            rejections=at * 3,
            breaker="open" if state == "failing" else "closed",
            breaker_until=NOW + timedelta(minutes=9) if state == "failing" else None,
            failures=6 if state == "failing" else 0,
            broken_code="timeout" if state == "failing" else None,
            broken_params={"seconds": 10} if state == "failing" else {},
            lag=timedelta(minutes=47) if state == "failing" else timedelta(0),
            held=2 if at == 0 else 0,
            strip=() if state == "never" else slots(state),
        )
        for at, (state, title) in enumerate(zip(states, titles, strict=True))
    )
    chosen = next((row for row in rows if row.name == view.source), None)
    return Sources(
        view=view,
        stamp=stamp(illustrative=False),
        poller_seen=NOW - timedelta(seconds=2),
        rows=rows,
        chosen=chosen,
        runs=(run(1, "ok"), run(2, "unchanged"), run(3, "failed", "timeout", seconds=10))
        if chosen
        else (),
        rejections=refused() if chosen else None,
        progress=(6, 10),
        held=(held_row(7), held_row(6)) if chosen else (),
        decided=(held_row(3, "refused"),) if chosen else (),
    )


def slots(state: str) -> tuple[SlotMark, ...]:
    """Ninety slots, one a minute, of every kind; those of a failing source end badly."""
    odd = {10: "missed", 11: "missed", 30: "late", 44: "held", 60: "failed"}
    if state == "failing":
        odd |= dict.fromkeys(range(80, 86), "failed") | dict.fromkeys(range(86, 90), "missed")
    codes = {"missed": "breaker_open", "failed": "timeout"}
    found = []
    for at in range(90):
        due = NOW - timedelta(minutes=90 - at)
        what = odd.get(at, "arrived")
        came = due + timedelta(seconds=3) if what in ("arrived", "late", "held") else None
        found.append(SlotMark(due, what, came, int(what != "missed"), codes.get(what)))
    return tuple(found)


def refused() -> Refused:
    """Refused records on three sheets, of two runs."""
    row = RejectionRow("dòng 12", "unknown_code", {"given": HOSTILE, "system": "nso"},
                       '{"a":"<b>x</b>"}', 1)  # fmt: skip
    last = run(1, "partial")
    return Refused((row,), 120, 30, 2, 3, None, None, ((last, 100), (run(9, "partial"), 50)),
                   (("unknown_code", 90), ("negative", 30)))  # fmt: skip


def held_row(number: int, decision: str | None = None) -> HeldRow:
    """A figure ten times as high as before."""
    given = Figure(Kind.RATIO, Fraction(99, 100), Fraction(990), Fraction(1000))
    return HeldRow(
        number,
        key("38"),
        catalogue().by_code("OPS-01"),
        MONTH,
        "",
        given,
        Figure(Kind.RATIO, Fraction(1, 10), Fraction(100), Fraction(1000)),
        "jump_points",
        {"moved": "89", "period": "2026-09", "limit": "20"},
        "dòng 4",
        '{"ma": "38"}',
        4,
        NOW - timedelta(hours=2),
        decision,
        NOW - timedelta(hours=1) if decision else None,
        "Nguyễn Văn An" if decision else None,
        "Sai đơn vị tính" if decision else None,
    )


def hostile(unit: UnitRef) -> UnitRef:
    return replace(unit, name=HOSTILE, short=HOSTILE)


ANSWERS = {
    "overview": overview,
    "unit": unit_page,
    "indicator": indicator_page,
    "sources": sources,
    "source": sources,
}
