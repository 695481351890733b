"""Comparing figures with those that stand: which jump or fall, and what a person said before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ioc.domain.period import Period
from ioc.domain.view import ZONE
from ioc.ingest.intake import Intake
from ioc.ingest.items import Item
from ioc.ingest.promises import Broken, Promises
from ioc.store import held
from ioc.store.observations import Fact, Key, Standing, best, stood
from ioc.store.reference import SourceFact

LOOK_BACK = 12
"""How many periods back the last figure of a unit is looked for where its own is new."""
Line = tuple[int, str]
"""One series of figures: a unit and a breakdown."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of a figure: nothing is broken, or it is held or rejected.

    `stood` is the figure of the same key that stood before, `against` the one it was compared
    with where a promise is broken; `same` says that this source has already said just this.
    """

    item: Item
    broken: Broken | None = None
    stood: Fact | None = None
    against: Fact | None = None
    same: bool = False


class Judge:
    """Compares the figures of one source by its promises, in the transaction that writes them."""

    def __init__(
        self,
        connection: Connection,
        intake: Intake,
        source: SourceFact,
        promises: Promises,
    ) -> None:
        self._connection = connection
        self._promises = promises
        self._source = source
        self._ranks = intake.ranks
        # Figures that are only illustrative say nothing about real ones, nor the reverse.
        pretended = intake.illustrative
        alike = source.id in pretended
        self._alike = frozenset(one for one in self._ranks if (one in pretended) == alike)
        self._own: set[Key] = set()
        self._refused = held.refused_by_key(connection, source.id) if promises.compare else {}

    def judge(self, items: Sequence[Item], *, every: bool = False) -> list[Judgement]:
        """A judgement of each item, in their order.

        Within the items a later period is compared with an earlier one that was not broken.
        Without `every`, figures that no promise compares are not looked up.
        """
        groups: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        done: dict[int, Judgement] = {}
        for at, item in enumerate(items):
            if every or self._promises.compares(item.key.indicator_id):
                groups[item.key[:2]].append(at)
            else:
                done[at] = Judgement(item)
        for (indicator_id, grain), places in groups.items():
            places.sort(key=lambda at: items[at].key.period)
            group = _Group(self, indicator_id, grain, [items[at] for at in places])
            for at in places:
                done[at] = group.judge(items[at])
        return [done[at] for at in range(len(items))]

    def stood(
        self, indicator_id: int, grain: int, periods: tuple[int, int], units: set[int]
    ) -> dict[Key, Fact]:
        """What stands for this source: its own word, else that of the best source alike."""
        found = stood(self._connection, indicator_id, grain, periods, units)
        chosen = {}
        for key, said in found.items():
            fact = self._chosen(said)
            if fact is not None:
                chosen[key] = fact
            if self._source.id in said:
                self._own.add(key)
        return chosen

    def is_own(self, key: Key) -> bool:
        """Whether the figure that stands for this key is the source's own."""
        return key in self._own

    def _chosen(self, said: Mapping[int, Standing]) -> Fact | None:
        own = said.get(self._source.id)
        if own is None:
            alike = [one for one in said.values() if one.source_id in self._alike]
            own = best(alike, self._ranks) if alike else None
        return None if own is None else own.fact._replace(citation_id=None)

    def compare(
        self, item: Item, against: tuple[int, Fact] | None, steps: Iterable[_Step]
    ) -> tuple[Broken, Fact] | None:
        """The first promise that a figure breaks, and the figure it breaks it against."""
        key, fact = item.key, item.fact
        if against is not None:
            period = Period.from_keys(key.grain, against[0])
            broken = self._promises.jump(key.indicator_id, fact, against[1], period)
            if broken is not None:
                return self._decided(item, broken), against[1]
        for step in steps:
            pair = (fact, step.fact) if step.later else (step.fact, fact)
            broken = self._promises.falls(
                key.indicator_id, *pair, Period.from_keys(key.grain, step.period)
            )
            if broken is not None:
                return self._decided(item, broken), step.fact
        return None

    def span(self, item: Item) -> Period | None:
        """Within which span the item's figures must not fall."""
        return self._promises.span(item.key.indicator_id, item.reading.period)

    def _decided(self, item: Item, broken: Broken) -> Broken:
        """A value that a person has refused is not asked about again."""
        before = self._refused.get((item.key, item.fact)) if broken.held else None
        if before is None or before.decided_at is None:
            return broken
        params = {
            "by": before.decided_by or "–",
            "day": before.decided_at.astimezone(ZONE).strftime("%d/%m/%Y"),
        }
        return Broken("refused_before", params, held=False)


@dataclass(frozen=True, slots=True)
class _Step:
    """The figure beside one in time that a growing count must not fall against."""

    period: int
    fact: Fact
    later: bool


class _Group:
    """The figures of one indicator and grain, in the order of their periods."""

    def __init__(self, judge: Judge, indicator_id: int, grain: int, items: Sequence[Item]) -> None:
        self._judge = judge
        self._place = (indicator_id, grain)
        self._lines: defaultdict[Line, dict[int, Fact]] = defaultdict(dict)
        self._coming: defaultdict[Line, set[int]] = defaultdict(set)
        for item in items:
            self._coming[_line(item.key)].add(item.key.period)
        by_period: defaultdict[int, set[int]] = defaultdict(set)
        for item in items:
            by_period[item.key.period].add(item.key.unit_id)
        for period, units in by_period.items():
            self._load((period, period), units)
        fresh = [one for one in items if one.key.period not in self._lines[_line(one.key)]]
        if fresh:
            first, last = fresh[0].reading.period, fresh[-1].reading.period
            units = {one.key.unit_id for one in fresh}
            self._load((first.shift(-LOOK_BACK).key, last.previous.key), units)
        spans = [span for span in map(judge.span, items) if span is not None]
        if spans:
            units = {one.key.unit_id for one in items}
            self._load(_reach(spans, items[0].reading.period), units)

    def _load(self, periods: tuple[int, int], units: set[int]) -> None:
        for key, fact in self._judge.stood(*self._place, periods, units).items():
            self._lines[_line(key)].setdefault(key.period, fact)

    def judge(self, item: Item) -> Judgement:
        key, line = item.key, self._lines[_line(item.key)]
        coming = self._coming[_line(key)]
        coming.discard(key.period)
        before = line.get(key.period)
        if before == item.fact:
            return Judgement(item, stood=before, same=self._judge.is_own(key))
        found = self._judge.compare(item, self._against(item, line), self._steps(item, line))
        if found is not None:
            return Judgement(item, found[0], before, found[1])
        line[key.period] = item.fact
        return Judgement(item, stood=before)

    def _against(self, item: Item, line: Mapping[int, Fact]) -> tuple[int, Fact] | None:
        """The figure that stands, else the newest earlier one within LOOK_BACK periods."""
        at = item.key.period
        if at in line and not line[at].state:
            return at, line[at]
        oldest = item.reading.period.shift(-LOOK_BACK).key
        earlier = [one for one in line if oldest <= one < at and not line[one].state]
        return (max(earlier), line[max(earlier)]) if earlier else None

    def _steps(self, item: Item, line: Mapping[int, Fact]) -> list[_Step]:
        span = self._judge.span(item)
        if span is None:
            return []
        at, coming = item.key.period, self._coming[_line(item.key)]
        first, last = _reach([span], item.reading.period)
        near = [one for one in line if first <= one <= last and not line[one].state]
        earlier = [one for one in near if one < at]
        # A later one that comes in the same delivery is compared when its turn comes.
        later = [one for one in near if one > at and one not in coming]
        steps = [_Step(max(earlier), line[max(earlier)], later=False)] if earlier else []
        return steps + ([_Step(min(later), line[min(later)], later=True)] if later else [])


def _line(key: Key) -> Line:
    return key.unit_id, key.breakdown


def _reach(spans: Sequence[Period], like: Period) -> tuple[int, int]:
    """The first and last period of this length within the spans."""
    first = min(span.start for span in spans)
    last = max(span.end for span in spans)
    return (
        Period.of(like.calendar, like.grain, first).key,
        Period.of(like.calendar, like.grain, last).key,
    )
