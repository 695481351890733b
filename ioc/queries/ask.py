"""One question while it is answered: its transaction, moment, and what it looked up already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import Connection

from ioc.domain.indicator import Indicator
from ioc.domain.period import Period
from ioc.domain.register import Register
from ioc.domain.scope import Scope
from ioc.domain.target import Target, target_for
from ioc.domain.unit import Level, Unit
from ioc.domain.units import Units
from ioc.domain.view import ZONE, View
from ioc.errors import AddressError
from ioc.queries.answers import Heard, Stamp, UnitRef
from ioc.queries.desk import Desk
from ioc.queries.exercise import exercise_of, states_of
from ioc.queries.figures import Raw
from ioc.queries.stamping import meeting_title, pretended, troubles
from ioc.store import item_versions, reference, source_state, versions
from ioc.store.engine import micros, moment, reading


@dataclass(frozen=True, slots=True)
class Health:
    """Where a figure comes from and how it fares: `checked` is the last good read."""

    source: str | None
    checked: datetime | None
    stale: bool
    failing: bool


class Ask:
    """A view asked by a viewer at one moment; lives for one answer and caches what it looks up.

    `today` is the day on which lateness is judged: the day of `known_at` where the view has one.
    `known_at` is in the store's microseconds.
    """

    def __init__(self, desk: Desk, view: View, scope: Scope, connection: Connection) -> None:
        self.desk, self.view, self.scope, self.connection = desk, view, scope, connection
        self.units = desk.units
        self.exercise = exercise_of(view, desk.units)
        self.now = desk.now()
        self.known_at = micros(view.known_at) if view.known_at else None
        self.map_day = self.now.astimezone(ZONE).date()
        _refuse_unknown_map(view, desk.units, self.map_day)
        self.today = min(view.known_at or self.now, self.now).astimezone(ZONE).date()
        self._refs: dict[int, UnitRef] = {}
        self._targets: dict[tuple[object, ...], Target | None] = {}
        self._decided: dict[int, frozenset[str]] = {}
        self._expected: dict[tuple[int, tuple[Level, ...], date], int] = {}
        self._formers: dict[int, tuple[Unit, ...]] = {}
        self._starts: dict[Period, date] = {}
        self._citations: dict[int, str] = {}
        self._health: dict[tuple[int, int | None], Health] = {}

    # who

    def sees(self, unit: Unit) -> bool:
        """Whether the viewer may see the unit."""
        return self.units.visible(unit.id, self.scope)

    def ref(self, unit: Unit) -> UnitRef:
        """The unit as answers name it."""
        found = self._refs.get(unit.id)
        if found is None:
            found = self._refs[unit.id] = UnitRef(
                id=unit.id,
                key=unit.key,
                name=unit.name_in(self.view.lang),
                short=unit.newest.name_en if self.view.lang == "en" else unit.short_name,
                level=unit.level.value,
                lat=unit.lat,
                lon=unit.lon,
                ended=unit.valid_to,
            )
        return found

    def refs(self, unit_ids: Iterable[int]) -> tuple[UnitRef, ...]:
        """Those of the units that the viewer may see."""
        found = (self.units.by_id(unit_id) for unit_id in unit_ids)
        return tuple(self.ref(unit) for unit in found if self.sees(unit))

    def formers(self, unit: Unit) -> tuple[Unit, ...]:
        """The former units of the same level whose history is shown under this one."""
        found = self._formers.get(unit.id)
        if found is None:
            ids: dict[int, None] = {}
            waiting = [unit.id]
            while waiting:
                for one in self.units.predecessors(waiting.pop()):
                    mine = one.coverage == "whole" or one.principal
                    if mine and one.predecessor_id not in ids:
                        ids[one.predecessor_id] = None
                        waiting.append(one.predecessor_id)
            former = (self.units.by_id(one) for one in ids)
            found = tuple(one for one in former if one.level == unit.level and self.sees(one))
            self._formers[unit.id] = found
        return found

    def made_of(self, unit: Unit) -> tuple[Unit, ...]:
        """Those former units that went whole into this one and so count in its sums."""
        return tuple(one for one in self.formers(unit) if unit.id in self.units.chain(one.id))

    # what is due

    def start(self, period: Period) -> date:
        """The period's first day."""
        found = self._starts.get(period)
        if found is None:
            found = self._starts[period] = period.start
        return found

    def target(self, indicator: Indicator, unit: Unit, period: Period) -> Target | None:
        """The unit's target in a period."""
        decided = self._decided.get(indicator.id)
        if decided is None:
            keys = frozenset(rule.unit for rule in indicator.targets if rule.unit)
            decided = self._decided[indicator.id] = keys
        key = (indicator.id, unit.key if unit.key in decided else unit.level, period)
        if key not in self._targets:
            self._targets[key] = target_for(indicator, unit.level, unit.key, period)
        return self._targets[key]

    def expected(self, unit: Unit, levels: tuple[Level, ...], day: date) -> int:
        """How many units of these levels stood under the unit on a day, itself counted."""
        key = (unit.id, levels, day)
        found = self._expected.get(key)
        if found is None:
            found = sum(self.units.expected(unit.id, level, day) for level in levels)
            self._expected[key] = found
        return found

    # where from

    @cached_property
    def sources(self) -> dict[int, reference.SourceFact]:
        """Every source by its number."""
        return {fact.id: fact for fact in reference.sources(self.connection)}

    @cached_property
    def states(self) -> dict[int, source_state.SourceState]:
        """Where every source stands now, as a rehearsal pretends."""
        stand = source_state.states(self.connection, self.sources)
        return states_of(self.exercise, self.sources.values(), stand, self.now)

    @property
    def ranks(self) -> dict[int, int]:
        """Every source's rank."""
        return {fact.id: fact.rank for fact in self.sources.values()}

    def learn_citations(self, ids: Iterable[int | None]) -> None:
        """Read the words of all citations at once, before cells ask for them one by one."""
        wanted = {one for one in ids if one is not None} - set(self._citations)
        if wanted:
            self._citations |= reference.citations(self.connection, wanted)

    def citation(self, citation_id: int | None) -> str | None:
        """The words of a citation learned before."""
        return None if citation_id is None else self._citations.get(citation_id)

    @cached_property
    def deliverers(self) -> dict[int, frozenset[int]]:
        """Per indicator, the sources that ever delivered it."""
        return reference.deliverers(self.connection)

    def health(self, indicator: Indicator, raw: Raw) -> Health:
        """How fresh a figure is and whether its source is in trouble.

        A sum has no single source: it is as fresh as the source of its indicator read last, and
        failing when one of them fails. Questions about the past say nothing of freshness.
        """
        key = (indicator.id, raw.source_id)
        found = self._health.get(key)
        if found is None:
            found = self._health[key] = self._examine(indicator, raw.source_id)
        if self.known_at is not None:
            return Health(found.source, None, stale=False, failing=False)
        newest = moment(raw.recorded_at)
        if found.checked is not None:
            newest = max(newest, found.checked)
        age = (self.now - newest).total_seconds() / 3600
        return replace(found, stale=age > indicator.fresh_hours)

    def _examine(self, indicator: Indicator, source_id: int | None) -> Health:
        if source_id is not None:
            fact, state = self.sources[source_id], self.states.get(source_id)
            broken = state is not None and state.broken_since is not None
            checked = state.last_good if state else None
            return Health(fact.title[self.view.lang], checked, stale=False, failing=broken)
        ids = [
            one
            for one in self.deliverers.get(indicator.id, ())
            if self.sources[one].active and one in self.states
        ]
        good = [self.states[one].last_good for one in ids]
        return Health(
            None,
            max((one for one in good if one is not None), default=None),
            stale=False,
            failing=any(self.states[one].broken_since is not None for one in ids),
        )

    # when

    def stamp(self, *, illustrative: bool, register: Register | None = None) -> Stamp:
        """What the answer says of itself; a wall also says the times of a `register`."""
        known: datetime | None = self.view.known_at
        version = (
            versions.data_version(self.connection)
            if known is None
            else versions.version_at(self.connection, known)
        )
        facts, lang = self.sources.values(), self.view.lang
        return Stamp(
            version,
            self.now,
            known,
            illustrative,
            troubles=() if known else troubles(facts, self.states, lang),
            sources=sum(fact.active and fact.polled for fact in facts),
            meeting=meeting_title(self.connection, self.view),
            pretended=pretended(self.exercise, facts, lang),
            heard=self._heard(register) if register and self.view.wall else None,
        )

    def _heard(self, register: Register) -> Heard:
        until = self.known_at if self.known_at is not None else micros(self.now)
        received = item_versions.received_last(self.connection, register.id, until)
        checked: list[datetime] = []
        if self.known_at is None:
            asked = [one.id for one in self.sources.values() if one.active and one.polled]
            fed = item_versions.fed_registers(self.connection, asked)
            good = (
                state.last_good for one, state in self.states.items() if fed.get(one) == register.id
            )
            checked = [one for one in good if one is not None]
        return Heard(
            day=self.today,
            received=None if received is None else moment(received),
            checked=min(checked, default=None),
        )


def _refuse_unknown_map(view: View, units: Units, today: date) -> None:
    """Raises AddressError for the map of a day before the first one or not yet come.

    Of such a day there are no units to draw, or units of which nobody knows that they will stand.
    """
    first = units.first_map(Level.PROVINCE)
    if view.basis[:1].isdigit() and not first <= date.fromisoformat(view.basis) <= today:
        allowed = f"today, reported, {first.isoformat()} – {today.isoformat()}"
        raise AddressError(part="basis", given=view.basis, allowed=allowed)


@contextmanager
def asking(desk: Desk, view: View, scope: Scope) -> Iterator[Ask]:
    """Open one reading transaction for one answer."""
    with reading(desk.engine) as connection:
        yield Ask(desk, view, scope, connection)
