"""What changed since: the figures of an answer about the past that are other now, and how."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Empty, Figure
from ioc.domain.period import Period
from ioc.domain.unit import Unit
from ioc.queries.answer_cells import cells_in, with_cells
from ioc.queries.answers import Altered, Cell, Revised
from ioc.queries.as_now import is_as_now
from ioc.queries.ask import Ask
from ioc.queries.figures import Raw, figure, has_figure, no_figure
from ioc.queries.found import find
from ioc.queries.gathered import finds
from ioc.queries.standing import standing
from ioc.store import versions
from ioc.store.engine import moment

A = TypeVar("A")
_STATED = (Empty.NOT_APPLICABLE, Empty.SUPPRESSED, Empty.UNDEFINED)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a figure stands; `period` None is the newest there is, of a unit that had none."""

    unit_id: int
    indicator_id: int
    period: Period | None
    part: str


Snapshot = Mapping[Spot, tuple[Period, Raw]]


def with_changes(ask: Ask, answer: A) -> A:
    """The answer with every cell marked that is other now than at the moment asked about.

    The very figures drawn are looked up again, as known then and as known now, a fixed number of
    statements for each period drawn; `stamp.altered` lists them. An answer about now stays as it
    is, also where now has just passed, and so does one that a meeting has frozen: nothing may move
    on its screens.
    """
    if ask.known_at is None or ask.view.meeting is not None or is_as_now():
        return answer
    if not _learned_since(ask):
        return _marked(answer, {}, ())
    drawn = {
        _spot(part, cell): cell
        for part, cell in cells_in(answer)
        if cell.unit.key  # the total of chosen units is drawn from what is looked at anyway
    }
    now = _snapshot(_ask(ask, past=False), drawn)
    # Where there is nothing now there may have been something then: all parts of a sum can go.
    touched = [spot for spot in drawn if spot not in now or _touched(now[spot][1], ask.known_at)]
    then = _snapshot(_ask(ask, past=True), touched)
    found: dict[Spot, Altered] = {}
    for spot in touched:
        altered = _altered(ask, spot, drawn[spot], then.get(spot), now.get(spot))
        if altered is not None:
            found[spot] = altered
    listed = sorted(found.values(), key=_newest_first)
    return _marked(answer, found, tuple(listed))


def _touched(raw: Raw, known_at: int) -> bool:
    """Whether the figure can be other than it was: a version of it came later. One made here out
    of others may also have lost a part, which its own moment does not tell."""
    return raw.stood is not None or raw.recorded_at > known_at


def _learned_since(ask: Ask) -> bool:
    known = ask.view.known_at
    assert known is not None
    return versions.data_version(ask.connection) > versions.version_at(ask.connection, known)


def _newest_first(one: Altered) -> tuple[float, int, str]:
    since = one.revised.since
    return (-since.timestamp() if since else 0.0, one.indicator.order, one.unit.short)


def _ask(ask: Ask, *, past: bool) -> Ask:
    """A question of its own about the same: its period is set for each period looked up."""
    view = ask.view if past else ask.view.but(known_at=None)
    return Ask(ask.desk, view, ask.scope, ask.connection)


# --- looking up ---------------------------------------------------------------------------------


def _snapshot(ask: Ask, spots: Iterable[Spot]) -> Snapshot:
    groups: defaultdict[tuple[Period | None, str], list[Spot]] = defaultdict(list)
    for spot in spots:
        groups[spot.period, spot.part].append(spot)
    view = ask.view
    found: dict[Spot, tuple[Period, Raw]] = {}
    for (period, part), members in groups.items():
        if period is not None:
            ask.view = view.but(period=period, calendar=period.calendar)
        else:
            ask.view = view.but(period=None)
        units = _units(ask, members)
        indicators = _indicators(ask, members)
        there = (
            find(ask, units, indicators, period, part=part)
            if part
            else finds(ask, units, indicators, period)
        )
        for spot in members:
            one = there.get((spot.unit_id, spot.indicator_id))
            if one is not None and (period is None or one.period == period):
                found[spot] = one.period, one.raw
    return found


def _units(ask: Ask, spots: Iterable[Spot]) -> list[Unit]:
    return [ask.units.by_id(one) for one in sorted({spot.unit_id for spot in spots})]


def _indicators(ask: Ask, spots: Iterable[Spot]) -> list[Indicator]:
    ids = sorted({spot.indicator_id for spot in spots})
    return [ask.desk.catalogue.by_id(one) for one in ids]


# --- comparing ----------------------------------------------------------------------------------


def _altered(
    ask: Ask,
    spot: Spot,
    cell: Cell,
    then: tuple[Period, Raw] | None,
    now: tuple[Period, Raw] | None,
) -> Altered | None:
    if now == then:
        return None
    unit, indicator = ask.units.by_id(spot.unit_id), cell.indicator
    before = _figure(ask, unit, indicator, then)
    if _core(before) != _core(cell.figure):
        # What is drawn is not this figure: a total of chosen units, or a rehearsal.
        return None
    after = _figure(ask, unit, indicator, now)
    raw = now[1] if now else None
    kind = _kind(before, after, then[1] if then else None, raw)
    if kind is None:
        return None
    source = ask.sources[raw.source_id].title[ask.view.lang] if raw and raw.source_id else None
    late = raw is not None and raw.recorded_at > (ask.known_at or 0)
    since = moment(raw.recorded_at) if raw and late else None
    revised = Revised(kind, cell.figure, after, since, source)
    given = now or then
    assert given is not None  # two absences are equal
    return Altered(cell.unit, indicator, given[0], revised, spot.part)


def _figure(ask: Ask, unit: Unit, indicator: Indicator, given: tuple[Period, Raw] | None) -> Figure:
    if given is None or not has_figure(given[1]):
        return no_figure(indicator, Empty.MISSING)
    period, raw = given
    return figure(indicator, raw, standing(ask, unit, indicator, period, raw))


def _core(shown: Figure) -> tuple[object, ...]:
    """What a figure says: missing and late are both nothing."""
    stated = shown.empty if shown.empty in _STATED else None
    return shown.value, shown.numerator, shown.denominator, shown.bound, stated


def _says(shown: Figure) -> bool:
    return not (shown.value is None and shown.numerator is None and shown.denominator is None)


def _kind(before: Figure, after: Figure, then: Raw | None, now: Raw | None) -> str | None:
    if _core(before) == _core(after):
        if then is None or now is None or not _says(after):
            return None
        return "restated" if _origin(then) != _origin(now) else None
    if not _says(before) and _says(after):
        return "new"
    return "withdrawn" if _says(before) and not _says(after) else "revised"


def _origin(raw: Raw) -> tuple[object, ...]:
    return raw.source_id, raw.citation_id, raw.illustrative, raw.own, raw.leaves


def _spot(part: str, cell: Cell) -> Spot:
    return Spot(cell.unit.id, cell.indicator.id, cell.period, cell.part or part)


def _marked(answer: A, found: Mapping[Spot, Altered], listed: tuple[Altered, ...]) -> A:
    def mark(cell: Cell, inside: str) -> Cell:
        altered = found.get(_spot(inside, cell))
        return replace(cell, revised=altered.revised) if altered else cell

    # An answer is any of the frozen dataclasses of a page, all of which have a stamp.
    stamp = replace(answer.stamp, altered=listed)  # type: ignore[attr-defined]
    marked = with_cells(answer, mark) if found else answer
    return replace(marked, stamp=stamp)  # type: ignore[type-var]
