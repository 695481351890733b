"""What is asked of items and answered by counts: a choice, a tally."""

from __future__ import annotations

from typing import NamedTuple

from ioc.domain.item_facets import LONGEST_VALUE
from ioc.domain.unit_names import folded

NATION = 1
"""The unit that has all items, also those without a unit; ids of units are for ever."""


class Choice(NamedTuple):
    """Which items of a register a list shows.

    `unit_id`: those of a unit and all below (None: all, also without a unit). `phases`: 0 open,
    1 done, 2 dropped; empty for all. `filters`: facets of `item_index` with values, any of them;
    every filter must hold. The facet "word" takes the beginnings of words of key and title, as
    typed. `due_from` and `due_to` are days (20251030), both included; NO_DUE is later than all.
    """

    register_id: int
    unit_id: int | None = None
    phases: tuple[int, ...] = ()
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    due_from: int | None = None
    due_to: int | None = None


class Tally(NamedTuple):
    """How many items of a unit have a value of a facet in a phase, and their summed fields."""

    unit_id: int
    facet: str
    value: str
    phase: int
    items: int
    sums: tuple[int, int, int, int]


def asked_values(facet: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """The values of a filter as the index holds them: words folded, everything cut."""
    if facet == "word":
        values = tuple("".join(folded(one).split()) for one in values)
    return tuple(dict.fromkeys(one[:LONGEST_VALUE].replace("\0", "") for one in values))
