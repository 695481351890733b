"""What happened to a unit, from its versions and lineage, for the marks on a trend."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from ioc.domain.unit import Succession, Unit, UnitEvent

_WEIGHT = ("merge", "split", "rename", "type_change", "transfer")


def events(
    unit: Unit, predecessors: Iterable[Succession], successors: Iterable[Succession]
) -> list[UnitEvent]:
    """Mergers, splits, transfers, renames and changes of type, oldest first.

    A former unit that continues under the same name and bounds is no event.
    """
    found = [*_lineage(predecessors, arrived=True), *_lineage(successors, arrived=False)]
    for before, after in pairwise(unit.versions):
        if before.kind != after.kind:
            found.append(UnitEvent(after.valid_from, "type_change", after.legal_basis))
        elif before.name != after.name:
            found.append(UnitEvent(after.valid_from, "rename", after.legal_basis))
    return sorted(found, key=lambda event: (event.day, _WEIGHT.index(event.kind)))


def _lineage(rows: Iterable[Succession], *, arrived: bool) -> list[UnitEvent]:
    days: dict[tuple[object, str], list[Succession]] = {}
    for one in rows:
        if one.kind != "continue":
            days.setdefault((one.day, one.legal_basis), []).append(one)
    return [
        UnitEvent(
            day=group[0].day,
            kind=min((one.kind for one in group), key=_WEIGHT.index),
            legal_basis=group[0].legal_basis,
            predecessors=tuple(one.predecessor_id for one in group) if arrived else (),
            successors=() if arrived else tuple(one.successor_id for one in group),
        )
        for group in days.values()
    ]
