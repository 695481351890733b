"""Figures counted from a register's items, written like those of a source of their own.

Every item counts for its unit and for those above it of the indicator's levels: a commune's task
for its province. Real and illustrative items are counted apart, by two sources of the register.
A unit without any item has no figure, and no rate is made of nothing; where items went that a
figure was counted from, it is corrected.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from ioc.domain.catalogue import Catalogue
from ioc.domain.indicator import Indicator
from ioc.domain.measure import Kind
from ioc.domain.register import Count, Register
from ioc.domain.register import Kind as FieldKind
from ioc.domain.registers import Registers
from ioc.domain.units import Units
from ioc.domain.view import ZONE
from ioc.errors import AddressError, CatalogueError
from ioc.ingest.count_cells import Cells, count_items
from ioc.ingest.intake import Intake
from ioc.store import source_state
from ioc.store.counted_items import items_of, units_of
from ioc.store.observations import Fact, Key, append, stood
from ioc.store.reference import SourceFact
from ioc.store.register_sources import counting_source
from ioc.store.sums import apply


@dataclass(frozen=True, slots=True)
class Moment:
    """When and in which run a register is counted; `recorded_at` in microseconds."""

    run_id: int
    recorded_at: int
    now: datetime

    @property
    def today(self) -> date:
        """The day in Vietnam."""
        return self.now.astimezone(ZONE).date()


def count_again(
    connection: Connection,
    intake: Intake,
    register: Register,
    moment: Moment,
    touched: Collection[int] | None = None,
) -> int:
    """Count a register into figures, inside the transaction that changed its items.

    `touched` are the units whose items changed: only they and those above are counted then; all
    if None. Gives how many figures are new or other than before.
    """
    if not register.counts:
        return 0
    units = intake.units
    owners = units_of(connection, register.id)
    wanted: frozenset[int] | None = None
    if touched is not None:
        levels = {
            level
            for one in register.counts
            for level in intake.catalogue.by_code(one.indicator).levels
        }
        wanted = frozenset(
            one
            for unit_id in touched
            for one in _lines(units, unit_id)
            if units.by_id(one).level in levels
        )
        owners = frozenset(one for one in owners if not wanted.isdisjoint(_lines(units, one)))
    tables = [
        Cells(register, one, intake.catalogue.by_code(one.indicator), units, moment.today)
        for one in register.counts
    ]
    count_items(register, tables, items_of(connection, register.id, owners))
    changed = 0
    for illustrative in (False, True):
        source = intake.facts.get(counting_source(register, illustrative=illustrative).name)
        if source is not None:
            facts: dict[Key, Fact] = {}
            for one in tables:
                facts |= _facts(connection, one, source, wanted, illustrative=illustrative)
            changed += _write(connection, intake, source, facts, moment)
            if touched is None:
                source_state.ensure(connection, source.id)
                source_state.change(connection, source.id, last_good=moment.now)
    return changed


def counted_on(connection: Connection, intake: Intake, register: Register) -> date | None:
    """The day on which the whole register was counted last; None before."""
    name = counting_source(register, illustrative=False).name
    if name not in intake.facts:
        return None
    state = source_state.state(connection, intake.facts[name].id)
    return None if state.last_good is None else state.last_good.astimezone(ZONE).date()


def _facts(
    connection: Connection,
    cells: Cells,
    source: SourceFact,
    wanted: frozenset[int] | None,
    *,
    illustrative: bool,
) -> dict[Key, Fact]:
    """What a count says of the wanted units, and zero for what it said before of items gone."""
    facts = cells.facts(illustrative=illustrative, wanted=wanted)
    first = cells.period.key if cells.now else 0
    units = wanted if wanted is not None else range(10**6)
    before = stood(
        connection, cells.indicator.id, cells.period.grain_key, (first, cells.period.key), units
    )
    for key, said in before.items():
        if (
            source.id in said
            and key not in facts
            and key.breakdown == cells.breakdown
            and (wanted is None or key.unit_id in wanted)
        ):
            facts[key] = cells.nothing
    return facts


def _write(
    connection: Connection,
    intake: Intake,
    source: SourceFact,
    facts: dict[Key, Fact],
    moment: Moment,
) -> int:
    done = append(
        connection,
        facts,
        source=source,
        ranks=intake.ranks,
        run_id=moment.run_id,
        recorded_at=moment.recorded_at,
    )
    apply(
        connection,
        done.winners,
        tree=intake.units,
        rules=intake.rules,
        illustrative=intake.illustrative,
        recorded_at=moment.recorded_at,
        # The run's own figures, or the other source's, may have been summed at this moment.
        again=True,
    )
    return done.added


def _lines(units: Units, unit_id: int) -> tuple[int, ...]:
    """A unit and all above it."""
    return (unit_id, *units.chain(unit_id))


def check_counts(registers: Registers, catalogue: Catalogue) -> None:
    """Raise CatalogueError for a count that does not fit its indicator."""
    for register in registers.all:
        for count in register.counts:
            _check(register, count, catalogue)


def _check(register: Register, count: Count, catalogue: Catalogue) -> None:
    try:
        indicator = catalogue.by_code(count.indicator)
    except AddressError:
        raise _wrong(register, count, "an indicator of the catalogue") from None
    for problem in _problems(register, count, indicator):
        raise _wrong(register, count, problem)


def _problems(register: Register, count: Count, indicator: Indicator) -> Iterable[str]:
    ratio = indicator.kind is Kind.RATIO
    if ratio != (count.numerator is not None):
        yield "numerator and denominator for a rate, and only for one"
    if indicator.kind is Kind.SCORE:
        yield "a rate, a count or an amount"
    if count.over != "now" and register.field(count.over).kind not in (
        FieldKind.DATE,
        FieldKind.DUE,
    ):
        yield "over: now, or a date"
    if count.breakdown is not None and count.breakdown not in indicator.breakdown_codes:
        yield "a breakdown of the indicator"
    for name in (count.sum, count.sum_of):
        if name and register.field(name).kind not in (FieldKind.COUNT, FieldKind.AMOUNT):
            yield "sum: a count or an amount"
    if ratio and (count.sum is None) != (count.sum_of is None):
        yield "sum together with sum_of"


def _wrong(register: Register, count: Count, allowed: str) -> CatalogueError:
    return CatalogueError(
        file=f"registers/{register.key}.yaml",
        field="counts",
        given=count.indicator,
        allowed=allowed,
    )
