"""What became of the figures of an export: those that stand otherwise now, from what to what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Figure
from ioc.domain.period import Period
from ioc.queries.answers import Stamp, UnitRef
from ioc.queries.ask import Ask, asking
from ioc.queries.held import figure_of
from ioc.store import revisions, snapshots
from ioc.store.engine import micros, moment
from ioc.store.observations import Fact, Key
from ioc.store.summary import read_cells

if TYPE_CHECKING:
    from ioc.domain.scope import Scope
    from ioc.domain.view import View
    from ioc.queries.desk import Desk

_SAID = ("num", "den", "val", "bound", "state")
_NOTHING = Fact()


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that stands otherwise: `at` is when it became `now`, `source` who says so.

    `source` is None for a sum; `formal` False where it only grew or was added to, which is no
    revision; `times` how often it was revised since.
    """

    unit: UnitRef
    indicator: Indicator
    period: Period
    part: str
    then: Figure
    now: Figure
    at: datetime
    source: str | None
    formal: bool
    times: int


@dataclass(frozen=True, slots=True)
class Since:
    """All that changed since an export, newest first; `looked` figures were compared."""

    stamp: Stamp
    changes: tuple[Changed, ...]
    looked: int


def changed_since(
    desk: Desk, view: View, scope: Scope, snapshot_id: int, known_at: datetime
) -> Since:
    """The figures of a snapshot as they were known at its moment, against those of now."""
    with asking(desk, view.but(known_at=None), scope) as ask:
        indicators = {one.id: one for one in desk.catalogue.all}
        keys = [
            key
            for key in snapshots.figures_of(ask.connection, snapshot_id)
            if key.indicator_id in indicators and ask.sees(ask.units.by_id(key.unit_id))
        ]
        then, now = _cells(ask, keys, micros(known_at)), _cells(ask, keys, None)
        other = [key for key in keys if _said(then.get(key)) != _said(now.get(key))]
        formal = _formal(ask, other, known_at)
        changes = [
            _changed(ask, indicators[key.indicator_id], key, then.get(key), now[key], formal[key])
            for key in other
            if key in now
        ]
        changes.sort(key=lambda one: (one.at, one.indicator.code, one.unit.key), reverse=True)
        illustrative = any(one.now.illustrative for one in changes)
        return Since(ask.stamp(illustrative=illustrative), tuple(changes), len(keys))


def _cells(ask: Ask, keys: Iterable[Key], known_at: int | None) -> dict[Key, Any]:
    grains: dict[int, list[Key]] = defaultdict(list)
    for key in keys:
        grains[key.grain].append(key)
    found: dict[Key, Any] = {}
    for grain, members in grains.items():
        units = {key.unit_id for key in members}
        rows = read_cells(
            ask.connection,
            parent_ids={ask.units.roll_up(unit_id) or 0 for unit_id in units},
            indicator_ids={key.indicator_id for key in members},
            grain=grain,
            first=min(key.period for key in members),
            last=max(key.period for key in members),
            unit_ids=units,
            breakdowns={key.breakdown for key in members},
            known_at=known_at,
        )
        wanted = set(members)
        for row in rows:
            key = Key(row.indicator_id, row.grain, row.period, row.unit_id, row.breakdown)
            if key in wanted:
                found[key] = row
    return found


def _said(row: Any) -> Fact:
    return _NOTHING if row is None else Fact(*(getattr(row, name) for name in _SAID))


def _formal(ask: Ask, keys: Iterable[Key], known_at: datetime) -> dict[Key, int]:
    """How often each of these figures was revised since."""
    times = dict.fromkeys(keys, 0)
    if times:
        found = revisions.about(
            ask.connection,
            {key.indicator_id for key in times},
            {key.unit_id for key in times},
            since=micros(known_at) + 1,
        )
        for one in found:
            if one.key in times:
                times[one.key] += 1
    return times


def _changed(ask: Ask, of: Indicator, key: Key, then: Any, now: Any, times: int) -> Changed:
    source = ask.sources.get(now.source_id) if now.source_id else None
    return Changed(
        unit=ask.ref(ask.units.by_id(key.unit_id)),
        indicator=of,
        period=Period.from_keys(key.grain, key.period),
        part=key.breakdown,
        then=_figure(of, then),
        now=_figure(of, now),
        at=moment(now.recorded_at),
        source=source.title[ask.view.lang] if source else None,
        formal=times > 0,
        times=max(times, 1),
    )


def _figure(of: Indicator, row: Any) -> Figure:
    illustrative = row is not None and bool(row.illustrative)
    return figure_of(of, _said(row), illustrative=illustrative)
