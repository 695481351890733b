"""Differences: where two sources, a total and its parts, or the parts of an item disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from ioc.domain.indicator import Indicator, OverUnits
from ioc.domain.measure import Kind
from ioc.domain.period import Period, grain_key
from ioc.domain.register import Kind as FieldKind
from ioc.domain.register import Register
from ioc.domain.scope import Scope
from ioc.domain.unit import Level, Unit
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.queries import resolve
from ioc.queries.ask import Ask, asking
from ioc.queries.desk import Desk
from ioc.queries.difference_answers import (
    FORMS,
    PERIODS,
    Differences,
    ItemRow,
    PairRow,
    SumRow,
    Told,
)
from ioc.queries.held import figure_of
from ioc.queries.revisions import within
from ioc.store import consistency, item_lists
from ioc.store.consistency import Total, Window
from ioc.store.engine import moment
from ioc.store.item_lists import Choice, Now
from ioc.store.observations import Fact, Key, Standing, best

SHEET, MOST_ITEMS = 25, 1000
_OWNERS = (Level.NATION, Level.LOCALITIES, Level.GOVERNMENT, Level.PROVINCE, Level.MINISTRY)
"""Whose own totals are held against the sum of those below."""


def differences(desk: Desk, view: View, scope: Scope) -> Differences:
    """The differences of the address's unit and all below it, of one indicator or all.

    Raises AddressError for an unknown unit, indicator or form, NotAllowedError outside the scope.
    """
    with asking(desk, view, scope) as ask:
        form = view.form or ""
        if form not in ("", *FORMS):
            raise AddressError(part="form", given=form[:60], allowed=", ".join(FORMS))
        unit = resolve.unit(desk.units, view, scope)
        chosen = resolve.indicator(desk.catalogue, view) if view.indicator else None
        if ask.known_at is not None:
            stamp = ask.stamp(illustrative=False)
            return Differences(view, stamp, ask.ref(unit), form or "sums", (), asked=False)
        among = (chosen,) if chosen else desk.catalogue.all
        two = pair_window(ask, among, within(ask, unit), view.period)
        own = sum_window(ask, among, within(ask, unit), view.period)
        counts = (
            ("sums", consistency.count_sums(ask.connection, own)),
            ("pairs", consistency.count_pairs(ask.connection, two)),
            ("items", 0 if chosen or view.period else _count_items(ask, unit)),
        )
        form = form or next((name for name, count in counts if count), "sums")
        sheets = max(1, -(-dict(counts)[form] // SHEET))
        sheet = min(view.sheet, sheets)
        answer = Differences(
            view=view,
            stamp=ask.stamp(illustrative=False),
            unit=ask.ref(unit),
            form=form,
            counts=counts,
            sheet=sheet,
            sheets=sheets,
            chosen=chosen,
        )
        answer = _filled(ask, answer, unit, two, own, (sheet - 1) * SHEET)
        figures = [one.figure for row in answer.pairs for one in row.told]
        figures += [one for row in answer.sums for one in (row.whole, row.summed)]
        made_up = any(one.illustrative for one in figures)
        made_up |= any(row.illustrative for row in answer.items)
        return replace(answer, stamp=ask.stamp(illustrative=made_up))


def _filled(
    ask: Ask, answer: Differences, unit: Unit, two: Window, own: Window, offset: int
) -> Differences:
    if answer.form == "pairs":
        return replace(answer, pairs=pair_rows(ask, two, limit=SHEET, offset=offset))
    if answer.form == "sums":
        return replace(answer, sums=sum_rows(ask, own, limit=SHEET, offset=offset))
    if answer.chosen is None and answer.view.period is None:
        rows = _item_rows(ask, unit)
        return replace(answer, items=rows[offset : offset + SHEET])
    return answer


def pair_window(
    ask: Ask,
    indicators: Sequence[Indicator],
    unit_ids: set[int] | None,
    period: Period | None = None,
    periods: int = PERIODS,
) -> Window:
    """What is looked through for two sources: indicators that more than one ever delivered."""
    several = [one for one in indicators if len(ask.deliverers.get(one.id, ())) > 1]
    return _window(ask, several, unit_ids, period, periods)


def sum_window(
    ask: Ask,
    indicators: Sequence[Indicator],
    unit_ids: set[int] | None,
    period: Period | None = None,
    periods: int = PERIODS,
) -> Window:
    """What is looked through for totals beside their parts: indicators that add up, and units
    with others below."""
    adding = [one for one in indicators if one.over_units is not OverUnits.NONE]
    window = _window(ask, adding, None, period, periods)
    owners = [
        unit
        for level in _OWNERS
        for unit in map(ask.units.by_id, ask.units.ids_by_level(level, ask.map_day))
        if (unit_ids is None or unit.id in unit_ids) and ask.sees(unit)
    ]
    parents = {ask.units.roll_up(unit.id) or 0 for unit in owners}
    return replace(
        window,
        unit_ids=tuple(unit.id for unit in owners),
        parent_ids=tuple(sorted(parents)),
    )


def _window(
    ask: Ask,
    indicators: Sequence[Indicator],
    unit_ids: set[int] | None,
    period: Period | None,
    periods: int,
) -> Window:
    firsts = {}
    for one in indicators:
        newest = Period.of(one.calendar, one.cadence, ask.today)
        firsts[grain_key(one.calendar, one.cadence)] = newest.shift(1 - periods).key
    if period is not None:
        indicators = [one for one in indicators if one.calendar is period.calendar]
    return Window(
        indicator_ids=tuple(one.id for one in indicators),
        ratios=frozenset(one.id for one in indicators if one.kind is Kind.RATIO),
        firsts=firsts,
        grains={one.id: grain_key(one.calendar, one.cadence) for one in indicators},
        unit_ids=unit_ids,
        period=(period.grain_key, period.key) if period else None,
    )


def pair_rows(ask: Ask, window: Window, *, limit: int, offset: int = 0) -> tuple[PairRow, ...]:
    """Figures of which sources say different things, the biggest difference first."""
    found = consistency.differing_pairs(ask.connection, window, limit=limit, offset=offset)
    return tuple(_pair(ask, key, some) for key, some in found)


def _pair(ask: Ask, key: Key, some: Sequence[Standing]) -> PairRow:
    indicator, ranks = ask.desk.catalogue.by_id(key.indicator_id), ask.ranks
    stands = best(some, ranks)
    others = sorted(
        (one for one in some if one is not stands),
        key=lambda one: (ranks[one.source_id], -one.recorded_at),
    )
    same_rank = any(ranks[one.source_id] == ranks[stands.source_id] for one in others)
    return PairRow(
        unit=ask.ref(ask.units.by_id(key.unit_id)),
        indicator=indicator,
        period=Period.from_keys(key.grain, key.period),
        part=key.breakdown,
        told=tuple(_told(ask, indicator, one, one is stands) for one in (stands, *others)),
        why="newest" if same_rank else "rank",
    )


def _told(ask: Ask, indicator: Indicator, one: Standing, stands: bool) -> Told:
    fact = ask.sources[one.source_id]
    return Told(
        source=fact.title[ask.view.lang],
        name=fact.name,
        rank=fact.rank,
        figure=figure_of(indicator, one.fact, illustrative=fact.illustrative),
        at=moment(one.recorded_at),
        stands=stands,
    )


def sum_rows(ask: Ask, window: Window, *, limit: int, offset: int = 0) -> tuple[SumRow, ...]:
    """Totals that are not the sum of their parts, the biggest difference first."""
    found = consistency.differing_sums(ask.connection, window, limit=limit, offset=offset)
    return tuple(_sum(ask, one) for one in found)


def _sum(ask: Ask, one: Total) -> SumRow:
    indicator = ask.desk.catalogue.by_id(one.key.indicator_id)
    unit = ask.units.by_id(one.key.unit_id)
    period = Period.from_keys(one.key.grain, one.key.period)
    ratio = indicator.kind is Kind.RATIO
    below = Fact(one.num, one.den if ratio else None)
    scale = 10**indicator.scale
    left = Fraction((one.own.num or 0) - one.num, scale)
    under = Fraction((one.own.den or 0) - one.den, scale) if ratio else None
    source = ask.sources.get(one.source_id) if one.source_id else None
    reported, expected = behind(ask, indicator, unit, period, one.leaves, one.parts)
    return SumRow(
        unit=ask.ref(unit),
        indicator=indicator,
        period=period,
        part=one.key.breakdown,
        whole=figure_of(indicator, one.own, illustrative=one.illustrative),
        summed=figure_of(indicator, below, illustrative=one.illustrative),
        left=(left, under),
        source=source.title[ask.view.lang] if source else None,
        reported=reported,
        expected=expected,
    )


def behind(
    ask: Ask, indicator: Indicator, unit: Unit, period: Period, leaves: int, parts: int
) -> tuple[int, int]:
    """How many units stand behind a sum of those below, and how many were due to.

    Where only finer units deliver, who are not due to, they are counted instead.
    """
    day = ask.start(period)
    below = tuple(level for level in indicator.reports if level is not unit.level)
    expected = ask.expected(unit, below, day) if below else 0
    if expected:
        return leaves, expected
    finer = tuple(level for level in indicator.detail if level is not unit.level)
    return parts, ask.expected(unit, finer, ask.map_day) if finer else parts


# --- items --------------------------------------------------------------------------------------


def _with_parts(ask: Ask) -> list[Register]:
    return [one for one in ask.desk.registers.all if one.parts]


def _choice(ask: Ask, register: Register, unit: Unit) -> Choice:
    totals = tuple(rule.total for rule in register.parts)
    root = ask.units.roll_up(unit.id) is None
    return Choice(register.id, None if root else unit.id, filters=(("differs", totals),))


def _count_items(ask: Ask, unit: Unit) -> int:
    return sum(
        min(
            item_lists.count(ask.connection, _choice(ask, one, unit), MOST_ITEMS),
            MOST_ITEMS,
        )
        for one in _with_parts(ask)
    )


def _item_rows(ask: Ask, unit: Unit) -> tuple[ItemRow, ...]:
    """Of the first so many of each register, the biggest difference against the total first."""
    rows: list[ItemRow] = []
    for register in _with_parts(ask):
        choice = _choice(ask, register, unit)
        for item in item_lists.page(ask.connection, choice, limit=MOST_ITEMS):
            rows += item_differences(ask, register, item)
    return tuple(sorted(rows, key=lambda row: (-_share(row), row.key)))


def _share(row: ItemRow) -> Fraction:
    return Fraction(abs(row.left), max(abs(row.total), 1))


def item_differences(ask: Ask, register: Register, item: Now) -> list[ItemRow]:
    """Every total of an item that is not the sum of its parts."""
    body, found = item.fields, []
    unit = ask.units.by_id(item.unit_id) if item.unit_id is not None else None
    for rule in register.parts:
        total = body.get(rule.total)
        parts = tuple((name, body.get(name)) for name in rule.of)
        if rule.total not in item.differs.split(",") or not isinstance(total, int):
            continue
        field = register.field(rule.total)
        found.append(
            ItemRow(
                register=register,
                key=item.key,
                title=item.title,
                unit=ask.ref(unit) if unit is not None and ask.sees(unit) else None,
                field=rule.total,
                total=total,
                parts=parts,
                left=total - sum(value for _, value in parts if value is not None),
                decimals=field.decimals if field.kind is FieldKind.AMOUNT else 0,
                illustrative=bool(item.illustrative),
            )
        )
    return found
