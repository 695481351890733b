"""One register at one moment of the past: what stood, worked out from the versions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import cached_property

from sqlalchemy import Connection, select

from ioc.domain.register import Register
from ioc.domain.units import Units
from ioc.store.item_choice import Choice, asked_values
from ioc.store.item_derived import Map, facets_of
from ioc.store.item_rows import Now, as_now, day_of, pieces, source_ranks, standing
from ioc.store.register_tables import item_version

MOST_LATER = 5_000
"""Versions learned after the moment, up to which today's lists are corrected for them."""


class Then:
    """A register as known at `known_at` (microseconds), how things stood on the day `on`."""

    def __init__(
        self,
        connection: Connection,
        register: Register,
        units: Callable[[], Units],
        known_at: int,
        on: int | None,
    ) -> None:
        self.connection = connection
        self.register = register
        self._units = units
        self._known_at = known_at
        self._on = on
        self._ranks = source_ranks(connection)
        self._phases = {one.code: one.phase.number for one in register.states}

    @cached_property
    def places(self) -> Map:
        """Today's map."""
        return Map(self._units())

    @cached_property
    def later(self) -> list[int] | None:
        """The items about which something was learned after the moment: all others stood as they
        stand now. None where these are too many, or another day is asked about."""
        if self._on is not None:
            return None
        table = item_version.c
        query = (
            select(table.item_id)
            .where(
                table.register_id == self.register.id,
                table.recorded_at > self._known_at,
            )
            .limit(MOST_LATER + 1)
        )
        found = list(self.connection.execute(query).scalars())
        return sorted(set(found)) if len(found) <= MOST_LATER else None

    def stood(
        self,
        item_ids: list[int] | None = None,
        choice: Choice | None = None,
        under: Collection[int] | None = None,
    ) -> Iterator[Now]:
        """The items that stood, by id: all or these, all or those of a choice, all or those under
        one of some units at least."""
        day = day_of(self._known_at) if self._on is None else self._on
        for some in [None] if item_ids is None else pieces(item_ids):
            for row in standing(
                self.connection,
                self._ranks,
                register_id=self.register.id,
                item_ids=some,
                known_at=self._known_at,
                on=day,
            ):
                if under is not None and not self._below(row.unit_id, under):
                    continue
                if choice is not None:
                    phase = self._phases.get(row.state, 0)
                    if not self._may_be(choice, phase, row.due_day, row.unit_id):
                        continue
                now = as_now(row, self.register, self._ranks)
                if choice is None or self._is(choice, now):
                    yield now

    def _below(self, unit_id: int | None, units: Collection[int]) -> bool:
        return any(one in units for one in self.places.above(unit_id))

    def _may_be(self, choice: Choice, phase: int, due_day: int, unit_id: int | None) -> bool:
        return (
            (not choice.phases or phase in choice.phases)
            and (choice.due_from is None or due_day >= choice.due_from)
            and (choice.due_to is None or due_day <= choice.due_to)
            and (choice.unit_id is None or choice.unit_id in self.places.above(unit_id))
        )

    def _is(self, choice: Choice, now: Now) -> bool:
        if not choice.filters:
            return True
        names = {facet for facet, _ in choice.filters}
        held = list(facets_of(self.register, now, now.fields, names))
        if any(facet == "unit" for facet, _ in choice.filters):
            held += [("unit", str(unit_id)) for unit_id in self.places.above(now.unit_id)]
        return all(
            _holds(held, facet, asked_values(facet, values)) for facet, values in choice.filters
        )


def _holds(held: list[tuple[str, str]], facet: str, values: tuple[str, ...]) -> bool:
    if facet == "word":
        return any(name == facet and value.startswith(values) for name, value in held)
    return any(name == facet and value in values for name, value in held)
