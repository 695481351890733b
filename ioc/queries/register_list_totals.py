"""How a register stands under a unit, and what it can be narrowed by: from tallies, at any size."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from ioc.domain.item_words import facet_words
from ioc.domain.register import ItemField, Kind, Phase, Register
from ioc.domain.unit import Unit
from ioc.queries.ask import Ask
from ioc.queries.register_answers import FacetCount, FacetOption, SumOf, Totals
from ioc.queries.register_cards import day_number
from ioc.queries.register_list_choice import SOON, all_of, names_of
from ioc.queries.register_list_tallies import OWN, Tallies, fields
from ioc.store import item_lists
from ioc.store.item_tallies import Tally

OPTIONS = 200
"""So many values of a facet are offered to choose from; words and addresses reach the rest."""
MOST_ROWS = 1000
"""Of a text with more values than this there is no choosing, and counting them all would cost."""
_FIRST = "00000000"


def totals(ask: Ask, register: Register, unit: Unit, tallies: Tallies) -> Totals:
    """The counts of all items of a unit and below."""
    found: dict[str, list[Tally]] = defaultdict(list)
    for one in tallies.of(OWN):
        found[one.facet].append(one)
    phases: Counter[Phase] = Counter()
    for one in found["all"]:
        phases[tuple(Phase)[one.phase]] += one.items
    states: Counter[str] = Counter()
    for one in found["state"]:
        states[one.value] += one.items
    items = sum(phases.values())
    overdue, soon = _dues(ask, register, tallies)
    kept = [one for one in found["all"] if one.phase != Phase.DROPPED.number]
    return Totals(
        items=items,
        phases=phases,
        states=tuple((state, states[state.code]) for state in register.states),
        overdue=overdue,
        soon=soon,
        incomplete=items - _with(found["missing"], "") if register.mandatory else 0,
        differing=_differing(ask, register, unit, found["differs"]),
        sums=tuple(
            SumOf(field, Fraction(sum(one.sums[at] or 0 for one in kept), 10**field.decimals))
            for at, field in enumerate(register.sums)
        ),
    )


def _differing(ask: Ask, register: Register, unit: Unit, tallies: Sequence[Tally]) -> int:
    """Items with a difference; one may have several, so these are only added up where they can."""
    names = {rule.total for rule in register.parts}
    if len(names) < 2 or not tallies:
        return sum(one.items for one in tallies)
    choice = all_of(ask, register, unit)
    some = (*choice.filters, ("differs", tuple(sorted(names))))
    return item_lists.count(ask.connection, choice._replace(filters=some), known_at=ask.known_at)


def facets(ask: Ask, register: Register, tallies: Tallies) -> tuple[FacetCount, ...]:
    """What the list can be narrowed by, with how many items of the unit have each value.

    A field that points to items has as many values as there are of these: it is reached from
    their pages instead. A text with too many values is found by its words.
    """
    listed = fields(register)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    few = tuple(one.name for one in listed if one.kind is not Kind.TEXT)
    found = list(tallies.of(few)) if few else []
    for one in listed:
        if one.kind is Kind.TEXT:
            some = tallies.of((one.name,), MOST_ROWS)
            found += some if len(some) < MOST_ROWS else ()
    for tally in found:
        counts[tally.facet][tally.value] += tally.items
    return tuple(
        _facet(ask, field, counts[field.name]) for field in listed if any(counts[field.name])
    )


def _facet(ask: Ask, field: ItemField, counted: Counter[str]) -> FacetCount:
    chosen = {part.partition(".")[2] for part in ask.view.where if _is_of(part, field)}
    listed = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    shown = [one for at, one in enumerate(listed) if at < OPTIONS or one[0] in chosen]
    names = names_of(ask, [(field, value) for value, _ in shown])
    lang = ask.view.lang
    options = tuple(
        FacetOption(value, facet_words(field, value, lang, names), items, value in chosen)
        for value, items in shown
        if items
    )
    return FacetCount(field, options, len(listed) - len(shown))


def _is_of(part: str, field: ItemField) -> bool:
    return part.partition(".")[0] == field.name


def _dues(ask: Ask, register: Register, tallies: Tallies) -> tuple[int, int]:
    """Open items that were due before today, and that are due within the next days."""
    if register.due is None:
        return 0, 0
    yesterday, last = ask.today - timedelta(days=1), ask.today + SOON
    return (
        tallies.open_due(_FIRST, str(day_number(yesterday))),
        tallies.open_due(str(day_number(ask.today)), str(day_number(last))),
    )


def _with(tallies: Sequence[Tally], value: str) -> int:
    return sum(one.items for one in tallies if one.value == value)
