"""The tallies of a unit's items: now facet by facet, of a past moment all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ioc.domain.register import ItemField, Kind, Phase, Register
from ioc.domain.unit import Unit
from ioc.queries.ask import Ask
from ioc.queries.register_list_choice import unit_ids
from ioc.store import item_tallies
from ioc.store.item_tallies import Tally

OWN = ("all", "state", "missing", "differs")
"""The facets whose few values say how a register stands."""


class Tallies:
    """Reads them for one unit. A question about the past reads every version there was, so it
    asks once for all that a list shows."""

    def __init__(self, ask: Ask, register: Register, unit: Unit) -> None:
        self._ask, self._register = ask, register
        self._ids = unit_ids(ask, unit)
        self._past: dict[str, list[Tally]] | None = None
        if ask.known_at is not None:
            self._past = defaultdict(list)
            names = [one.name for one in fields(register)]
            for one in self._read((*OWN, "due", *names)):
                self._past[one.facet].append(one)

    def of(self, facets: Sequence[str], most: int | None = None) -> Sequence[Tally]:
        """The tallies of some facets, no more than `most` of them."""
        if self._past is not None:
            return [one for facet in facets for one in self._past.get(facet, ())][:most]
        return self._read(facets, most)

    def open_due(self, first: str, last: str) -> int:
        """How many open items are due from one day to another, both as the store writes them."""
        number = Phase.OPEN.number
        if self._past is not None:
            due = self._past.get("due", ())
            return sum(
                one.items for one in due if one.phase == number and first <= one.value <= last
            )
        found = item_tallies.totals(
            self._ask.connection,
            self._register.id,
            self._ids,
            "due",
            values_from=first,
            values_to=last,
        )
        return sum(one.items for one in found if one.phase == number)

    def _read(self, facets: Sequence[str], most: int | None = None) -> tuple[Tally, ...]:
        return item_tallies.tallies(
            self._ask.connection,
            self._register.id,
            self._ids,
            facets,
            most=most,
            known_at=self._ask.known_at,
        )


def fields(register: Register) -> tuple[ItemField, ...]:
    """The facets that a list offers to choose from; see `register_list_totals.facets`."""
    return tuple(one for one in register.facets if one.kind is not Kind.ITEM)
