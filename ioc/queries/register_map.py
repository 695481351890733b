"""The map of a register: open items clustered by squares that halve, points where they are few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ioc.domain.cells import LEVELS, bounds, cell
from ioc.domain.register import FACETS, Checklist, ItemField, Phase, Register
from ioc.domain.scope import Scope
from ioc.domain.unit import Level, Unit
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.queries.answers import Stamp, UnitRef
from ioc.queries.ask import Ask, asking
from ioc.queries.desk import Desk
from ioc.queries.register_answers import ItemRow
from ioc.queries.register_counts import Load, Part, loads, made_up, members, parts
from ioc.queries.register_list_choice import asked, unit_ids
from ioc.queries.register_list_rows import rows as item_rows
from ioc.store import item_lists, item_tallies
from ioc.store.item_lists import Choice

POINTS, LISTED = 250, 12
"""Points drawn at most; incomplete items listed."""
_SCALE = 10_000_000


@dataclass(frozen=True, slots=True)
class Cluster:
    """The open items of one square: `lon`, `lat` (degrees) its middle, `sum` that of the
    register's first summed field over them, unscaled by its decimals."""

    cell: str
    lon: float
    lat: float
    items: int
    sum: int


@dataclass(frozen=True, slots=True)
class Lack:
    """How many open items lack one field of the checklist."""

    field: ItemField
    items: int


@dataclass(frozen=True, slots=True)
class Places:
    """A register on the map. Either `clusters` or `points` (open items) is drawn.

    `cell` is the square looked into and `box` its edges in degrees (west, south, east, north).
    `unplaced` counts the unit's open items without a point. `units` are those below, most of the
    summed field first; `classes` the open items by the register's field `class`; `lacks` and
    `incomplete` tell of the first checklist.
    """

    view: View
    stamp: Stamp
    register: Register
    unit: UnitRef
    province: str | None
    total: Load
    cell: str | None
    box: tuple[float, float, float, float] | None
    clusters: tuple[Cluster, ...]
    points: tuple[ItemRow, ...]
    unplaced: int
    units: tuple[Load, ...]
    classes: tuple[Part, ...]
    checklist: Checklist | None
    lacks: tuple[Lack, ...]
    incomplete: tuple[ItemRow, ...]


def places(desk: Desk, view: View, scope: Scope, register: Register) -> Places:
    """The map of a unit, or of the square that the address names as `reason`.

    Raises AddressError for a text that is no square.
    """
    with asking(desk, view, scope) as ask:
        given = asked(ask, register)
        unit, at = given.unit, _cell(view)
        open_only = given.choice._replace(phases=(Phase.OPEN.number,))
        (total,) = loads(ask, register, [unit])
        clusters = _clusters(ask, register, unit, at)
        points: tuple[ItemRow, ...] = ()
        if sum(one.items for one in clusters) <= POINTS or (at and len(at) == max(LEVELS)):
            inside = open_only.filters
            if at:
                inside = (*inside, (f"cell{len(at)}", (at,)))
            chosen = open_only._replace(filters=inside)
            found = item_lists.page(ask.connection, chosen, limit=POINTS, known_at=ask.known_at)
            drawn = item_rows(ask, register, found)
            points = tuple(one for one in drawn if one.lat is not None)
            clusters = ()
        units = sorted(
            (one for one in loads(ask, register, members(ask, unit)) if one.open),
            key=lambda one: (-(one.open_sums[:1] or (one.open,))[0], one.unit.name),
        )
        listed = register.checklists[0] if register.checklists else None
        lacks, incomplete = _lacks(ask, register, unit, open_only, listed)
        return Places(
            view=view,
            stamp=ask.stamp(illustrative=made_up(ask, register, unit), register=register),
            register=register,
            unit=ask.ref(unit),
            province=_province(ask, unit),
            total=total,
            cell=at,
            box=_box(at),
            clusters=clusters,
            points=points,
            unplaced=_unplaced(ask, register, unit),
            units=tuple(units),
            classes=parts(ask, register, unit, "class") if _facet(register, "class") else (),
            checklist=listed,
            lacks=lacks,
            incomplete=incomplete,
        )


def _facet(register: Register, name: str) -> bool:
    return register.has(name) and register.field(name).facet


def _cell(view: View) -> str | None:
    if not view.reason:
        return None
    try:
        bounds(view.reason)
    except ValueError:
        raise AddressError(part="reason", given=view.reason[:40], allowed="00213") from None
    if len(view.reason) not in LEVELS:
        raise AddressError(part="reason", given=view.reason[:40], allowed="00213")
    return view.reason


def _box(at: str | None) -> tuple[float, float, float, float] | None:
    if at is None:
        return None
    edges = bounds(at)
    return (
        edges.west / _SCALE,
        edges.south / _SCALE,
        edges.east / _SCALE,
        edges.north / _SCALE,
    )


def _clusters(ask: Ask, register: Register, unit: Unit, at: str | None) -> tuple[Cluster, ...]:
    """The squares one step finer than the one looked into."""
    wide = unit.level in (Level.NATION, Level.LOCALITIES, Level.REGION, Level.GOVERNMENT)
    level = LEVELS[0] if wide else LEVELS[1]
    low = high = None
    if at is not None:
        level = next((one for one in LEVELS if one > len(at)), max(LEVELS))
        low, high = at.ljust(level, "0"), at.ljust(level, "3")
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for tally in item_tallies.tallies(
        ask.connection,
        register.id,
        list(unit_ids(ask, unit)),
        (f"cell{level}",),
        values_from=low,
        values_to=high,
        known_at=ask.known_at,
    ):
        if tally.phase == Phase.OPEN.number and tally.value:
            found[tally.value][0] += tally.items
            found[tally.value][1] += tally.sums[0] or 0
    drawn = []
    for value, (items, summed) in sorted(found.items()):
        lon, lat = bounds(value).centre
        drawn.append(Cluster(value, lon / _SCALE, lat / _SCALE, items, summed))
    return tuple(drawn)


def cluster_at(lon: float, lat: float, level: int = LEVELS[0]) -> str:
    """The square of a place in degrees; the empty text outside the box of the map."""
    return cell(round(lon * _SCALE), round(lat * _SCALE), level)


def _unplaced(ask: Ask, register: Register, unit: Unit) -> int:
    found = item_tallies.tallies(
        ask.connection,
        register.id,
        list(unit_ids(ask, unit)),
        (f"cell{LEVELS[0]}",),
        values_from="",
        values_to="",
        known_at=ask.known_at,
    )
    return sum(one.items for one in found if one.phase == Phase.OPEN.number)


def _province(ask: Ask, unit: Unit) -> str | None:
    """The key of the province that the unit is or lies in."""
    one: Unit | None = unit
    while one is not None:
        if one.level is Level.PROVINCE:
            return one.key
        one = ask.units.parent(one.id, ask.map_day)
    return None


def _lacks(
    ask: Ask, register: Register, unit: Unit, choice: Choice, listed: Checklist | None
) -> tuple[tuple[Lack, ...], tuple[ItemRow, ...]]:
    """Which fields of the checklist are empty how often, and the first items that lack one."""
    if listed is None:
        return (), ()
    mandatory = {one.name for one in register.mandatory}
    lacking = {part.value: part.open for part in parts(ask, register, unit, "missing")}
    lacks: list[Lack] = []
    wanted: list[tuple[str, tuple[str, ...]]] = [("missing", tuple(
        name for name in listed.fields if name in mandatory
    ))]  # fmt: skip
    for name in listed.fields:
        field = register.field(name)
        if name in mandatory:
            lacks.append(Lack(field, lacking.get(name, 0)))
        elif field.facet and field.kind in FACETS:
            wanted.append((name, ("",)))
            empty = [one.open for one in parts(ask, register, unit, name) if one.value == ""]
            lacks.append(Lack(field, sum(empty)))
    found = {}
    for filtered in wanted:
        if filtered[1]:
            own = choice._replace(filters=(*choice.filters, filtered))
            for row in item_lists.page(ask.connection, own, limit=LISTED, known_at=ask.known_at):
                found[row.item_id] = row
    rows = item_rows(ask, register, list(found.values()))
    ordered = sorted(rows, key=lambda one: (-_lack_count(one, listed), one.key))
    return tuple(one for one in lacks if one.items), tuple(ordered[:LISTED])


def _lack_count(row: ItemRow, listed: Checklist) -> int:
    return sum(len(one.missing) for one in row.checks if one.checklist.code == listed.code)


def lacking(row: ItemRow, listed: Checklist) -> Sequence[ItemField]:
    """The fields of a checklist that an item lacks."""
    return next((one.missing for one in row.checks if one.checklist.code == listed.code), ())
