"""The rows behind a score: which records, slots, units, pairs and items failed, sheet by sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from ioc.domain.period import Period
from ioc.domain.quality import Check, Checked, Criterion
from ioc.domain.register import Phase, Register
from ioc.domain.unit import Unit
from ioc.queries.differences import (
    item_differences,
    pair_rows,
    pair_window,
    sum_rows,
    sum_window,
)
from ioc.queries.quality_answers import (
    FailingRow,
    HeldLine,
    ItemLine,
    RefusedRow,
    RunLine,
    Section,
    SilentRow,
    SlotRow,
    StaleRow,
    Subject,
)
from ioc.queries.quality_counts import DATASET, PERIODS, SHARED, SLOT_DAYS, Counts
from ioc.queries.source_detail import may_browse
from ioc.store import item_lists
from ioc.store import quality as stored
from ioc.store.engine import micros, moment, moment_or_none
from ioc.store.item_lists import Choice
from ioc.store.refused import by_places
from ioc.store.register_tables import NO_DUE
from ioc.store.slots import ARRIVED, EXPECTED, HELD, RUNNING, slot

SHEET = 40
"""Rows of each kind of check on one sheet."""
_FARTHEST = 200
"""Sheets after which nobody turns on."""
_OPEN = (Phase.OPEN.number,)


def sections(
    counts: Counts, chosen: Subject, criterion: Criterion, sheet: int
) -> tuple[int, int, tuple[Section, ...]]:
    """(sheet, sheets, sections): one section a kind of check that failed somewhere."""
    score = chosen.scores.get(criterion)
    tested = [one for one in score.tested if one.made] if score else []
    most = max((one.failed for one in tested), default=0)
    sheets = min(_FARTHEST, max(1, -(-most // SHEET)))
    sheet = min(sheet, sheets)
    told = _Told(counts, chosen, criterion, (sheet - 1) * SHEET)
    return sheet, sheets, tuple(told.section(one) for one in tested)


class _Told:
    """The failing rows of one cell of the matrix from an offset on."""

    def __init__(self, counts: Counts, chosen: Subject, criterion: Criterion, offset: int) -> None:
        self.counts, self.ask = counts, counts.ask
        self.chosen, self.criterion, self.offset = chosen, criterion, offset
        self.by_id = {one.id: one for one in counts.indicators}

    def section(self, checked: Checked) -> Section:
        """One kind of check with its failing rows."""
        rows: Sequence[FailingRow] = ()
        if checked.failed:
            rows = getattr(self, f"_{checked.check.value}")()
        untold = self._untold() if checked.check is Check.RECORDS else 0
        browse = checked.check not in (Check.RECORDS, Check.VALUES) or may_browse(
            self.ask.desk, self.ask.scope
        )
        return Section(checked.check, checked.failed, checked.made, tuple(rows), untold, browse)

    @property
    def _unit(self) -> Unit | None:
        return self.ask.units.by_key(self.chosen.key) if self.chosen.kind == "unit" else None

    def _source_ids(self) -> set[int]:
        """The sources behind the row."""
        kind, key = self.chosen.kind, self.chosen.key
        if kind == "source":
            return {one.id for one in self.counts.sources if one.name == key}
        if kind == "indicator":
            wanted = self.ask.desk.catalogue.by_code(key).id
            return set(self.ask.deliverers.get(wanted, ()))
        unit = self._unit
        if unit is None or self.counts.past:
            return set()
        parents = {self.ask.units.roll_up(unit.id) or 0}
        return {one.source_id for one in self.counts.newest_of([unit.id], parents)}

    def _title(self, source_id: int) -> tuple[str, str]:
        fact = self.ask.sources[source_id]
        return fact.name, fact.title[self.ask.view.lang]

    # --- what was read ---------------------------------------------------------------------------

    def _runs(self) -> dict[int, int]:
        ids = self._source_ids()
        return {one.run_id: one.source_id for one in self.counts.runs if one.source_id in ids}

    def _records(self) -> list[FailingRow]:
        if not may_browse(self.ask.desk, self.ask.scope):
            return []
        refusing = self._runs()
        codes = self.counts.rules.codes
        clean = self.criterion is Criterion.CLEAN
        listed = [code for code, one in codes.items() if (one is self.criterion) != clean]
        places = stored.refusals(
            self.ask.connection,
            list(refusing),
            listed,
            limit=SHEET,
            offset=self.offset,
            other_than=clean,
        )
        found = by_places(self.ask.connection, places)
        rows: list[FailingRow] = []
        for run_id, seq in places:
            one = found[run_id, seq]
            name, title = self._title(refusing[run_id])
            rows.append(
                RefusedRow(name, title, run_id, one.place, one.code, one.params, one.record)
            )
        return rows

    def _untold(self) -> int:
        if self.criterion is not Criterion.CLEAN:
            return 0
        ids = self._source_ids()
        runs = [one for one in self.counts.runs if one.source_id in ids and one.rejected]
        kept = stored.refused_for(self.ask.connection, [one.run_id for one in runs])
        return max(0, sum(one.rejected for one in runs) - sum(kept.values()))

    def _values(self) -> list[FailingRow]:
        ids = self._source_ids()
        lacking = [one for one in self.counts.runs if one.source_id in ids and one.absent > 0]
        lacking.sort(key=lambda one: -one.run_id)
        return [
            RunLine(*self._title(one.source_id), one.run_id, one.read, one.absent)
            for one in lacking[self.offset : self.offset + SHEET]
        ]

    def _held(self) -> list[FailingRow]:
        kind, key = self.chosen.kind, self.chosen.key
        rows: list[FailingRow] = []
        for source_id, indicator_id, unit_id, many in self.counts.doubted:
            indicator, unit = self.by_id.get(indicator_id), self.ask.units.by_id(unit_id)
            if indicator is None or not self.ask.sees(unit):
                continue
            name, title = self._title(source_id)
            if key == {"source": name, "indicator": indicator.code, "unit": unit.key}.get(kind):
                rows.append(HeldLine(name, title, indicator, self.ask.ref(unit), many))
        return rows[self.offset : self.offset + SHEET]

    # --- time ------------------------------------------------------------------------------------

    def _slots(self) -> list[FailingRow]:
        since = micros(self.counts.moment - timedelta(days=SLOT_DAYS))
        table = slot.c
        in_time = table.state.in_((ARRIVED, HELD)) & (table.arrived_at <= self.counts.until)
        query = (
            select(slot)
            .where(
                table.source_id.in_(self._source_ids()),
                table.due_at.between(since, self.counts.until),
                table.state.not_in((EXPECTED, RUNNING)),
                ~in_time | table.arrived_at.is_(None),
            )
            .order_by(table.due_at.desc())
            .limit(SHEET)
            .offset(self.offset)
        )
        return [
            SlotRow(
                *self._title(row.source_id),
                moment(row.due_at),
                row.state,
                moment_or_none(row.arrived_at),
                row.code,
            )
            for row in self.ask.connection.execute(query)
        ]

    def _figures(self) -> list[FailingRow]:
        unit = self._unit
        newest = self.counts.newest
        if unit is not None:
            parents = {self.ask.units.roll_up(unit.id) or 0}
            newest = tuple(self.counts.newest_of([unit.id], parents))
        stale: dict[tuple[int, int], int] = {}
        for one in newest:
            indicator = self.by_id[one.indicator_id]
            asked = self.chosen.kind != "indicator" or indicator.code == self.chosen.key
            if asked and not self.counts.fresh(indicator, one.source_id):
                at = (one.source_id, one.indicator_id)
                stale[at] = stale.get(at, 0) + one.figures
        rows: list[FailingRow] = []
        ordered = sorted(stale.items(), key=lambda one: (-one[1], one[0]))
        for (source_id, indicator_id), many in ordered[self.offset : self.offset + SHEET]:
            indicator = self.by_id[indicator_id]
            state = self.ask.states.get(source_id)
            good = state.last_good if state else None
            hours = round(indicator.fresh_hours)
            rows.append(StaleRow(*self._title(source_id), indicator, good, hours, many))
        return rows

    # --- who is missing --------------------------------------------------------------------------

    def _units(self) -> list[FailingRow]:
        kind = self.chosen.kind
        if kind == "source":
            return self._overdue()
        if kind == "unit":
            unit = self._unit
            assert unit is not None
            reported = self.counts.reported([unit])[unit.id]
            short = [self.by_id[code] for code, (a, b) in reported.items() if a < b]
            wanted = short[self.offset : self.offset + SHEET]
            return [SilentRow(self.ask.ref(unit), one, self.counts.due[one.id]) for one in wanted]
        indicator = self.ask.desk.catalogue.by_code(self.chosen.key)
        due, there = self.counts.reporting(indicator)
        silent = [one for one in due if one.id not in there and self.ask.sees(one)]
        period = self.counts.due[indicator.id]
        return [
            SilentRow(self.ask.ref(one), indicator, period)
            for one in silent[self.offset : self.offset + SHEET]
        ]

    def _overdue(self) -> list[FailingRow]:
        (source_id,) = self._source_ids()
        due = {
            (indicator_id, self.counts.native[indicator_id]): period.key
            for indicator_id, period in self.counts.due.items()
        }
        rows = stored.overdue_figures(
            self.ask.connection,
            source_id,
            due,
            parent_ids=self.counts.holders,
            without=self.counts.ended,
            limit=SHEET,
            offset=self.offset,
        )
        return [
            SilentRow(
                self.ask.ref(self.ask.units.by_id(unit_id)),
                self.by_id[indicator_id],
                self.counts.due[indicator_id],
                Period.from_keys(grain, period),
            )
            for indicator_id, unit_id, grain, period in rows
            if self.ask.sees(self.ask.units.by_id(unit_id))
        ]

    # --- what disagrees --------------------------------------------------------------------------

    def _pairs(self) -> list[FailingRow]:
        unit, indicators = self._unit, self.counts.indicators
        if self.chosen.kind == "indicator":
            indicators = (self.ask.desk.catalogue.by_code(self.chosen.key),)
        if self.chosen.kind == "source":
            ids = self._source_ids()
            indicators = tuple(
                one for one in indicators if ids & self.ask.deliverers.get(one.id, frozenset())
            )
        unit_ids = {unit.id} if unit else None
        window = pair_window(self.ask, indicators, unit_ids, periods=PERIODS)
        rows = pair_rows(self.ask, window, limit=SHEET, offset=self.offset)
        name = self.chosen.key if self.chosen.kind == "source" else None
        return [row for row in rows if name is None or any(one.name == name for one in row.told)]

    def _sums(self) -> list[FailingRow]:
        unit, indicators = self._unit, self.counts.indicators
        if self.chosen.kind == "indicator":
            indicators = (self.ask.desk.catalogue.by_code(self.chosen.key),)
        unit_ids = {unit.id} if unit else None
        window = sum_window(self.ask, indicators, unit_ids, periods=PERIODS)
        rows = sum_rows(self.ask, window, limit=SHEET, offset=self.offset)
        return [row for row in rows if row.complete]

    # --- registers -------------------------------------------------------------------------------

    def _registers(self) -> list[Register]:
        everything = self.ask.desk.registers.all
        if self.chosen.kind == "register":
            return [one for one in everything if one.key == self.chosen.key]
        return list(everything)

    def _listed(
        self, register: Register, facet: str, values: tuple[str, ...], *, open_only: bool = False
    ) -> tuple[item_lists.Now, ...]:
        unit = self._unit
        choice = Choice(
            register.id,
            unit.id if unit else None,
            phases=_OPEN if open_only else (),
            filters=((facet, values),),
        )
        return item_lists.page(
            self.ask.connection,
            choice,
            limit=SHEET,
            offset=self.offset,
            known_at=self.ask.known_at,
        )

    def _line(
        self, register: Register, item: item_lists.Now, fields: Sequence[str] = ()
    ) -> ItemLine:
        lang = self.ask.view.lang
        unit = self.ask.units.by_id(item.unit_id) if item.unit_id is not None else None
        labels = tuple(
            register.field(name).label.say(lang) for name in fields if register.has(name)
        )
        named = self.ask.ref(unit) if unit is not None and self.ask.sees(unit) else None
        name = register.one.say(lang)
        return ItemLine(register.key, name, item.key, item.title, named, labels)

    def _items(self) -> list[FailingRow]:
        rows: list[FailingRow] = []
        for register in self._registers():
            names = tuple(one.name for one in register.mandatory)
            for item in self._listed(register, "missing", names):
                rows.append(self._line(register, item, item.missing.split(",")))
        return rows[:SHEET]

    def _parts(self) -> list[FailingRow]:
        rows: list[FailingRow] = []
        for register in self._registers():
            if register.parts:
                totals = tuple(rule.total for rule in register.parts)
                for item in self._listed(register, "differs", totals):
                    rows += item_differences(self.ask, register, item)
        return rows[:SHEET]

    def _datasets(self) -> list[FailingRow]:
        register = self.ask.desk.registers.by_key(DATASET)
        other = tuple(
            one.code for one in register.field("sharing").choices if one.code not in SHARED
        )
        found = self._listed(register, "sharing", other, open_only=True)
        return [self._line(register, item) for item in found]

    def _codes(self) -> list[FailingRow]:
        register = self.ask.desk.registers.by_key(DATASET)
        found = self._listed(register, "official_codes", ("false",), open_only=True)
        return [self._line(register, item) for item in found]

    def _updates(self) -> list[FailingRow]:
        register = self.ask.desk.registers.by_key(DATASET)
        unit = self._unit
        yesterday = int(f"{self.ask.today - timedelta(days=1):%Y%m%d}")
        choice = Choice(
            register.id, unit.id if unit else None, phases=_OPEN, due_to=min(yesterday, NO_DUE)
        )
        found = item_lists.page(
            self.ask.connection,
            choice,
            limit=SHEET,
            offset=self.offset,
            known_at=self.ask.known_at,
        )
        return [self._line(register, item) for item in found]
