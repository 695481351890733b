"""A reading as the store keeps it: what it is about, its numbers, and the record it came from."""

from __future__ import annotations

from dataclasses import dataclass

from ioc.ingest.connector import Record
from ioc.ingest.reading import Reading
from ioc.store.observations import Fact, Key


@dataclass(frozen=True, slots=True)
class Item:
    """One figure on its way into the store; `fact` has no citation number yet."""

    key: Key
    fact: Fact
    reading: Reading
    record: Record


def item_of(reading: Reading, record: Record, counted: frozenset[int]) -> Item:
    """A reading as an item; `counted` are the ids of indicators that count or add up."""
    return Item(key_of(reading), fact_of(reading, reading.indicator_id in counted), reading, record)


def key_of(reading: Reading) -> Key:
    """What a reading is about, in the store's numbers."""
    period = reading.period
    return Key(
        reading.indicator_id, period.grain_key, period.key, reading.unit_id, reading.breakdown
    )


def fact_of(reading: Reading, counts: bool) -> Fact:
    """What a reading says. The store sums numerators, so a count or an amount is kept as one."""
    figures = (reading.numerator, reading.denominator, reading.value)
    if counts:
        figures = (reading.value, None, None)
    return Fact(*figures, int(reading.bound), int(reading.state))
