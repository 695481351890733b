"""What was checked, counted once for an answer: records, slots, figures, units, pairs, items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cached_property

from ioc.domain.indicator import Indicator, OverUnits
from ioc.domain.period import Period, grain_key
from ioc.domain.quality import Check, Checked, Criterion, Rules, Score
from ioc.domain.register import Phase, Register
from ioc.domain.unit import Unit
from ioc.queries.ask import Ask
from ioc.queries.differences import behind, pair_window, sum_window
from ioc.queries.standing import is_due
from ioc.store import consistency, item_tallies
from ioc.store import quality as stored
from ioc.store.consistency import Counted
from ioc.store.engine import micros
from ioc.store.quality import Newest, Ran
from ioc.store.reference import SourceFact
from ioc.store.register_tables import NO_DUE
from ioc.store.summary import read_cells

DAYS, SLOT_DAYS, PERIODS = 90, 7, 6
"""Days of runs, days of slots and newest periods of figures that are looked through."""
DATASET = "dataset"
SHARED = ("lgsp", "ndop", "both")
"""What the inventory calls shared: through LGSP or NDOP, not by sending files."""
_LOOKED_BACK = 40
"""Periods that the newest one due is looked for in."""
_OPEN = Phase.OPEN.number


class Counts:
    """All that was checked; every part is read from the store when it is first asked for.

    Parts of which the past cannot be asked are empty with `known_at`; `PAST` names their checks.
    """

    PAST = (Check.HELD, Check.FIGURES, Check.PAIRS, Check.SUMS)

    def __init__(self, ask: Ask, rules: Rules) -> None:
        self.ask, self.rules = ask, rules
        self.moment: datetime = min(ask.view.known_at or ask.now, ask.now)
        self.until = micros(self.moment)
        self.past = ask.known_at is not None

    @cached_property
    def sources(self) -> tuple[SourceFact, ...]:
        """The active sources that somebody asks."""
        return tuple(one for one in self.ask.sources.values() if one.active and one.polled)

    # --- records --------------------------------------------------------------------------------

    @cached_property
    def runs(self) -> tuple[Ran, ...]:
        """The newest runs of each source that read anything."""
        return stored.reading_runs(
            self.ask.connection,
            [one.id for one in self.sources],
            since=micros(self.moment - timedelta(days=DAYS)),
            until=self.until if self.past else None,
        )

    @cached_property
    def refused(self) -> Mapping[int, Mapping[Criterion, int]]:
        """How many records were refused for each criterion, by source.

        Of a run only the first records are kept: the others count against clean, of which the
        share refused is the measure.
        """
        by_run = {one.run_id: one for one in self.runs}
        refusing = [one.run_id for one in self.runs if one.rejected]
        found: dict[int, dict[Criterion, int]] = defaultdict(lambda: defaultdict(int))
        kept: dict[int, int] = defaultdict(int)
        codes = stored.refused_for(self.ask.connection, refusing)
        for (run_id, code), many in codes.items():
            found[by_run[run_id].source_id][self.rules.criterion(code)] += many
            kept[run_id] += many
        for run_id in refusing:
            run = by_run[run_id]
            found[run.source_id][Criterion.CLEAN] += max(0, run.rejected - kept[run_id])
        return found

    def records(self, criterion: Criterion, source_id: int, *, shared: bool = False) -> Checked:
        """Records that were not refused for a criterion, of all that were read."""
        made = sum(one.read for one in self.runs if one.source_id == source_id)
        failed = min(made, self.refused.get(source_id, {}).get(criterion, 0))
        return Checked(Check.RECORDS, made - failed, made, shared)

    def values(self, source_id: int) -> Checked:
        """Records that had a figure, of all that were read."""
        mine = [one for one in self.runs if one.source_id == source_id]
        made = sum(one.read for one in mine)
        return Checked(Check.VALUES, made - sum(max(0, one.absent) for one in mine), made)

    @cached_property
    def doubted(self) -> tuple[tuple[int, int, int, int], ...]:
        """Figures that wait for a person or were refused: (source, indicator, unit, how many)."""
        since = micros(self.moment - timedelta(days=DAYS))
        return stored.doubted(
            self.ask.connection, since=since, until=self.until if self.past else None
        )

    # --- time -----------------------------------------------------------------------------------

    @cached_property
    def slots(self) -> Mapping[int, tuple[int, int]]:
        """Slots kept and due, by source."""
        return stored.slots_kept(
            self.ask.connection,
            [one.id for one in self.sources],
            since=micros(self.moment - timedelta(days=SLOT_DAYS)),
            until=self.until,
        )

    def fresh(self, indicator: Indicator, source_id: int) -> bool:
        """Whether a source was read well within the indicator's limit."""
        state = self.ask.states.get(source_id)
        if state is None or state.last_good is None:
            return False
        return self.moment - state.last_good <= timedelta(hours=indicator.fresh_hours)

    # --- figures --------------------------------------------------------------------------------

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators."""
        return self.ask.desk.catalogue.all

    @cached_property
    def due(self) -> Mapping[int, Period]:
        """The newest period of each indicator whose figures should be there."""
        found = {}
        for one in self.indicators:
            period = Period.of(one.calendar, one.cadence, self.ask.today)
            for _ in range(_LOOKED_BACK):
                period = period.previous
                if is_due(self.ask, one, period):
                    found[one.id] = period
                    break
        return found

    @cached_property
    def native(self) -> Mapping[int, int]:
        """The grain of each indicator's own figures, as the store numbers it."""
        return {one.id: grain_key(one.calendar, one.cadence) for one in self.indicators}

    @cached_property
    def holders(self) -> frozenset[int]:
        """Who stands above living units: the summary's parents of their figures."""
        units = self.ask.units
        return frozenset(units.roll_up(one.id) or 0 for one in units.all() if one.valid_to is None)

    @cached_property
    def ended(self) -> tuple[int, ...]:
        """Former units whose figures stand beside those of living ones: nothing is due of them."""
        units = self.ask.units
        return tuple(
            one.id
            for one in units.all()
            if one.valid_to is not None and (units.roll_up(one.id) or 0) in self.holders
        )

    @cached_property
    def newest(self) -> tuple[Newest, ...]:
        """The newest figures that units gave, counted by indicator, source and period."""
        if self.past:
            return ()
        found = stored.newest_figures(
            self.ask.connection,
            tuple(self.native),
            parent_ids=self.holders,
            without=self.ended,
        )
        return tuple(one for one in found if one.grain == self.native[one.indicator_id])

    def newest_of(self, unit_ids: Iterable[int], parents: Iterable[int]) -> list[Newest]:
        """The newest figures of these units by indicator and source."""
        found = stored.newest_figures(
            self.ask.connection,
            tuple(self.native),
            parent_ids=tuple(parents),
            unit_ids=tuple(unit_ids),
        )
        return [one for one in found if one.grain == self.native[one.indicator_id]]

    def figures_of_source(self, source_id: int) -> Score:
        """Its newest figures: those of the newest period due, of all that are its."""
        mine = [one for one in self.newest if one.source_id == source_id]
        made = sum(one.figures for one in mine if one.indicator_id in self.due)
        passed = sum(
            one.figures
            for one in mine
            if one.indicator_id in self.due and one.period >= self.due[one.indicator_id].key
        )
        return Score((Checked(Check.UNITS, passed, made),)) if made else Score()

    def reported(self, units: Iterable[Unit]) -> dict[int, dict[int, tuple[int, int]]]:
        """By unit and indicator: (reported, expected) units due that stand behind its figure of
        the newest period due; the unit itself where it is one of them."""
        wanted = {unit.id: unit for unit in units}
        parents = {self.ask.units.roll_up(one) or 0 for one in wanted}
        groups: dict[Period, list[Indicator]] = defaultdict(list)
        for one in self.indicators:
            if one.id in self.due:
                groups[self.due[one.id]].append(one)
        found: dict[int, dict[int, tuple[int, int]]] = {one: {} for one in wanted}
        for period, members in groups.items():
            rows = read_cells(
                self.ask.connection,
                parent_ids=parents,
                indicator_ids=[one.id for one in members],
                grain=period.grain_key,
                first=period.key,
                last=period.key,
                unit_ids=wanted if len(wanted) <= 5 else None,
                known_at=self.ask.known_at,
            )
            leaves = {(row.unit_id, row.indicator_id): row.leaves for row in rows}
            day = self.ask.start(period)
            for unit_id, unit in wanted.items():
                if not unit.alive(day):
                    continue
                for one in members:
                    expected = self.ask.expected(unit, one.reports, day)
                    if expected:
                        behind = min(leaves.get((unit_id, one.id), 0), expected)
                        found[unit_id][one.id] = (behind, expected)
        return found

    def reporting(self, indicator: Indicator) -> tuple[list[Unit], set[int]]:
        """The units that were due to report an indicator in its newest period due, and the ids
        of those that did."""
        ask, period = self.ask, self.due[indicator.id]
        day = ask.start(period)
        due = [
            unit
            for level in indicator.reports
            for unit in map(ask.units.by_id, ask.units.ids_by_level(level, ask.map_day))
            if unit.alive(day) or unit.valid_from > day
        ]
        rows = read_cells(
            ask.connection,
            parent_ids={ask.units.roll_up(unit.id) or 0 for unit in due},
            indicator_ids=[indicator.id],
            grain=period.grain_key,
            first=period.key,
            last=period.key,
            known_at=ask.known_at,
        )
        return due, {row.unit_id for row in rows if row.leaves}

    def covered(self, root: Unit) -> dict[int, tuple[int, int]]:
        """By indicator: how many of the units due reported, of the whole country.

        Where nothing adds up over units, the units are counted one by one.
        """
        found = self.reported([root])[root.id]
        for one in self.indicators:
            if one.over_units is OverUnits.NONE and one.id in self.due:
                due, there = self.reporting(one)
                if due:
                    found[one.id] = (sum(unit.id in there for unit in due), len(due))
        return found

    # --- agreement ------------------------------------------------------------------------------

    @cached_property
    def pairs(self) -> tuple[Counted, ...]:
        """Figures that several sources state, by indicator and sources."""
        if self.past:
            return ()
        window = pair_window(self.ask, self.indicators, None, periods=PERIODS)
        return consistency.pair_counts(self.ask.connection, window)

    def pairs_of_units(self, unit_ids: set[int]) -> tuple[Counted, ...]:
        """Figures of these units that several sources state."""
        if self.past:
            return ()
        window = pair_window(self.ask, self.indicators, unit_ids, periods=PERIODS)
        return consistency.pair_counts(self.ask.connection, window, by_unit=True)

    @cached_property
    def sums(self) -> tuple[tuple[int, int, int, int], ...]:
        """Totals beside a sum in which all who were due are: (indicator, unit, made, differing)."""
        if self.past:
            return ()
        window = sum_window(self.ask, self.indicators, None, periods=PERIODS)
        found = []
        by_id = {one.id: one for one in self.indicators}
        counted = consistency.sum_counts(self.ask.connection, window)
        for indicator_id, unit_id, leaves, made, differing in counted:
            indicator, unit = by_id[indicator_id], self.ask.units.by_id(unit_id)
            period = self.due.get(indicator_id)
            if period is None:
                continue
            reported, expected = behind(self.ask, indicator, unit, period, leaves, 0)
            if expected and reported >= expected:
                found.append((indicator_id, unit_id, made, differing))
        return tuple(found)

    # --- registers ------------------------------------------------------------------------------

    def items(
        self, register: Register, unit_ids: Iterable[int]
    ) -> dict[int, dict[Criterion, Score]]:
        """The scores of a register's items by unit, those below included."""
        facets = ["missing", "differs"]
        if register.key == DATASET:
            facets += ["sharing", "official_codes", "due"]
        tallies = item_tallies.tallies(
            self.ask.connection, register.id, unit_ids, facets, known_at=self.ask.known_at
        )
        counted: dict[int, dict[str, dict[str, int]]] = {}
        everything = item_tallies.tallies(
            self.ask.connection, register.id, unit_ids, ["all"], known_at=self.ask.known_at
        )
        for one in (*tallies, *everything):
            if one.phase == _OPEN or one.facet in ("missing", "differs", "all"):
                values = counted.setdefault(one.unit_id, {}).setdefault(one.facet, {})
                values[one.value] = values.get(one.value, 0) + one.items
        return {
            unit_id: _of_items(register, facets, self.ask.today)
            for unit_id, facets in counted.items()
        }


def _of_items(
    register: Register, facets: Mapping[str, Mapping[str, int]], today: object
) -> dict[Criterion, Score]:
    made = facets.get("all", {}).get("", 0)
    complete = facets.get("missing", {}).get("", 0)
    scores = {Criterion.SUFFICIENT: Score((Checked(Check.ITEMS, complete, made),))}
    agreed = []
    if register.parts:
        differing = sum(many for name, many in facets.get("differs", {}).items() if name)
        agreed.append(Checked(Check.PARTS, max(0, made - differing), made))
    if register.key == DATASET:
        codes = facets.get("official_codes", {})
        told = codes.get("true", 0) + codes.get("false", 0)
        agreed.append(Checked(Check.CODES, codes.get("true", 0), told))
        sharing = {name: many for name, many in facets.get("sharing", {}).items() if name}
        shared = sum(sharing.get(name, 0) for name in SHARED)
        scores[Criterion.SHARED] = Score((Checked(Check.DATASETS, shared, sum(sharing.values())),))
        day = int(str(today).replace("-", ""))
        dues = {int(value): many for value, many in facets.get("due", {}).items() if value}
        duty = {value: many for value, many in dues.items() if value != NO_DUE}
        kept = sum(many for value, many in duty.items() if value >= day)
        scores[Criterion.LIVE] = Score((Checked(Check.UPDATES, kept, sum(duty.values())),))
    if agreed:
        scores[Criterion.UNIFIED] = Score(tuple(agreed))
    return scores
