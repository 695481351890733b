"""What an address narrows a page to, kept as it is done: chips tell what ran, not what was asked.

Every part of an address that is set ends among `applied` or `ignored`, or in neither, and a
screen then says that the page does not know it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from ioc.domain.indicator import Indicator
from ioc.domain.target import Status
from ioc.domain.unit import Level, Unit
from ioc.errors import AddressError
from ioc.queries.answers import Applied, Cell, Ignored, Series
from ioc.queries.as_now import is_as_now
from ioc.queries.ask import Ask
from ioc.queries.found import find
from ioc.queries.group import Group
from ioc.queries.newest import totalled


@dataclass
class Narrowing:
    """Narrows the rows of one answer and remembers what that did."""

    ask: Ask
    applied: list[Applied] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)

    # whole questions

    def asked(self, *, grouped: bool) -> None:
        """The period, the map and the moment, which every figure of the answer was asked with.

        Only units in a group (`grouped`) are restated; one unit's own page has one map.
        """
        view = self.ask.view
        if view.period is not None:
            self.applied.append(Applied("period"))
        if view.basis != "today" and grouped:
            self.applied.append(Applied("basis"))
        elif view.basis != "today":
            self.ignored.append(Ignored("basis", "why_no_group"))
        if view.known_at is not None and not is_as_now():
            self.applied.append(Applied("known_at"))

    def unit(self, unit: Unit) -> None:
        """The part of the country, on pages that are about more than it."""
        if unit.key != "vn":
            self.applied.append(Applied("unit", units=(self.ask.ref(unit),)))

    def indicator(self, indicator: Indicator) -> None:
        """The indicator in focus, on pages that are about more than it."""
        if self.ask.view.indicator is not None:
            words = indicator.short.say(self.ask.view.lang)
            self.applied.append(Applied("indicator", words=words))

    def group(self, kept: Collection[Indicator], of: Collection[Indicator]) -> None:
        """The group of indicators: how many are left of how many."""
        if self.ask.view.group is not None:
            self.applied.append(Applied("group", len(kept), len(of)))

    # parts of an indicator

    def part(self, indicator: Indicator) -> str:
        """The part of the indicator to show, "" for the whole.

        Raises AddressError for a part that no indicator declares.
        """
        view, catalogue = self.ask.view, self.ask.desk.catalogue
        if view.breakdown is None:
            return ""
        known = sorted({code for one in catalogue.all for code in one.breakdown_codes})
        if view.breakdown not in known:
            raise AddressError(part="breakdown", given=view.breakdown, allowed=", ".join(known))
        divided = view.breakdown in indicator.breakdown_codes
        if divided and view.basis == "today":
            return view.breakdown
        declared = (one.breakdown_words(view.breakdown) for one in catalogue.all)
        words = next(one for one in declared if one is not None).say(view.lang)
        why = "why_today_only" if divided else "why_not_divided"
        self.ignored.append(Ignored("breakdown", why, words=words))
        return ""

    def parted(self, found: Group, indicator: Indicator, part: str) -> Group:
        """The group with one indicator's figures replaced by those of its part."""
        if not part:
            return found
        ask, period = self.ask, self.ask.view.period
        finds = find(ask, found.members, [indicator], period, part=part)
        if found.parent.level is Level.REGION:
            totals = totalled(ask, found.parent, found.members, [indicator], finds)
        else:
            own = find(ask, [found.parent], [indicator], period, part=part)
            totals = {key[1]: one for key, one in own.items()}
        rest = {key: one for key, one in found.finds.items() if key[1] != indicator.id}
        others = {key: one for key, one in found.totals.items() if key != indicator.id}
        return replace(found, finds={**rest, **finds}, totals={**others, **totals})

    def part_words(self, indicator: Indicator, part: str, cells: Sequence[Cell]) -> str | None:
        """The name of the part; tells how many units have a figure of it."""
        words = indicator.breakdown_words(part) if part else None
        if words is None:
            return None
        said = words.say(self.ask.view.lang)
        kept = sum(one.figure.value is not None for one in cells)
        of = len(cells) or None
        self.applied.append(Applied("breakdown", kept if of else None, of, words=said))
        return said

    # units

    def of_status(self, cells: tuple[Cell, ...], part: str) -> tuple[Cell, ...]:
        """The cells of the status asked for. A part has no target and so no status."""
        asked = self.ask.view.status
        if asked is None:
            return cells
        if part or not cells:
            why = "why_part_not_judged" if part else "why_no_units"
            self.ignored.append(Ignored("status", why))
            return cells
        kept = tuple(one for one in cells if one.status is asked)
        self.applied.append(Applied("status", len(kept), len(cells)))
        return kept

    def chosen(self, members: Sequence[Unit]) -> tuple[Unit, ...]:
        """The members that the address chooses, in its order; none when it chooses no member.

        Raises AddressError for a key that does not exist or lies outside the scope.
        """
        ask = self.ask
        if not ask.view.units:
            return ()
        asked = [self._seen(key) for key in ask.view.units]
        ids = {unit.id for unit in members}
        there = tuple(unit for unit in asked if unit.id in ids)
        if there:
            refs = tuple(ask.ref(unit) for unit in there)
            self.applied.append(Applied("units", len(there), len(members), refs))
        away = tuple(ask.ref(unit) for unit in asked if unit.id not in ids)
        if away:
            self.ignored.append(Ignored("units", "why_not_here", away))
        return there

    def _seen(self, key: str) -> Unit:
        unit = self.ask.units.by_key(key)
        if not self.ask.sees(unit):
            raise AddressError(part="unit", given=key, allowed="38, 31")
        return unit


def unjudged(cells: Iterable[Cell], part: str) -> tuple[Cell, ...]:
    """Cells of a part, without targets: a part is not held against the target of the whole."""
    judged = Status.NOT_JUDGED
    return tuple(
        replace(one, part=part, target=None, gap=None, status=judged, overdue=False)
        for one in cells
    )


def aimless(series: Series, part: str) -> Series:
    """The series of a part, without targets."""
    points = tuple(replace(one, target=None) for one in series.points)
    return replace(series, points=points, part=part)
