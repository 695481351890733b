"""What an item is found and counted by: its facets, words, totals that differ, and sums."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from ioc.domain.cells import LEVELS, cell
from ioc.domain.register import Kind, Register, filled, missing_fields
from ioc.domain.unit_names import folded

MOST_WORDS = 12
"""Words of key and title that an item is found by."""
LONGEST_VALUE = 120
"""Characters of a facet's value: longer ones are cut, in the index and when asked for."""
NO_UNIT = "unit"
"""What an item without a unit lacks, as a value of the facet "missing"."""
MADE_UP = "illustrative"
"""The facet that only tallies have, of items that are illustrative: its value is "true"."""
KEPT_FACETS = frozenset(
    {"all", "unit", "state", "missing", "differs", "word", "due", "due_month", "done", MADE_UP}
    | {f"cell{level}" for level in LEVELS}
)
"""Facets that every register has; a declared field of such a name is not a facet of its own."""
FOUND_ONLY = frozenset({"word", "person"})
"""Facets that items are found by and not counted by."""

Facet = tuple[str, str]


def facet_value(value: object) -> str:
    """A value as facets hold it: flags as true and false, spaces single, cut; "" for none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not filled(value):
        return ""
    return " ".join(clean(str(value)).split())[:LONGEST_VALUE]


def clean(text: str) -> str:
    """A text that both databases take: without NUL and without halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def words(text: str) -> tuple[str, ...]:
    """The distinct folded words of a text, as the facet "word" holds them."""
    found = dict.fromkeys(word[:LONGEST_VALUE] for word in folded(clean(text)).split())
    return tuple(found)[:MOST_WORDS]


def differing_totals(register: Register, body: dict[str, Any]) -> tuple[str, ...]:
    """The totals that are not the sum of their parts; nothing is said while a part is missing."""
    found = []
    for rule in register.parts:
        figures = [body.get(name) for name in (rule.total, *rule.of)]
        if all(isinstance(one, int) and not isinstance(one, bool) for one in figures):
            total, *parts = figures
            if total != sum(part for part in parts if part is not None):
                found.append(rule.total)
    return tuple(found)


def sums(register: Register, body: dict[str, Any]) -> tuple[int, int, int, int]:
    """The summed fields in their order, 0 where there is none or no whole number."""
    found = [body.get(one.name) for one in register.sums]
    numbers = [one if isinstance(one, int) and not isinstance(one, bool) else 0 for one in found]
    first, second, third, fourth = [*numbers, 0, 0, 0, 0][:4]
    return first, second, third, fourth


def found_by(
    register: Register,
    *,
    key: str,
    state: str,
    body: dict[str, Any],
    unit_id: int | None,
    point: tuple[int, int] | None,
    only: Collection[str] | None = None,
) -> tuple[Facet, ...]:
    """Every (facet, value) of an item but "unit", each once; of the facets `only`, if given.

    A field without a value has the value ""; an item with all mandatory fields has "missing" "".
    """

    def asked(facet: str) -> bool:
        return only is None or facet in only

    title = body.get(register.title)
    found: list[Facet] = [("state", state)] if asked("state") else []
    if asked("missing"):
        lacking = missing_fields(register, body, placed=point is not None)
        found += [("missing", name) for name in lacking or ("",)]
        if unit_id is None:
            found.append(("missing", NO_UNIT))
    if asked("differs"):
        found += [("differs", name) for name in differing_totals(register, body)]
    if asked("word"):
        found += [("word", word) for word in words(f"{key} {title if filled(title) else ''}")]
    for role in ("person", "parent"):
        name = getattr(register, role)
        if name is not None and asked(role):
            found.append((role, facet_value(body.get(name))))
    for field in register.facets:
        if field.name in KEPT_FACETS or not asked(field.name):
            continue
        value = body.get(field.name)
        several = (
            value if field.kind is Kind.CHOICES and isinstance(value, list) and value else [value]
        )
        found += [(field.name, facet_value(one)) for one in several]
    if register.place is not None:
        found += [
            (f"cell{level}", cell(*point, level) if point is not None else "")
            for level in LEVELS
            if asked(f"cell{level}")
        ]
    return tuple(dict.fromkeys(found))


def dumped(body: dict[str, Any]) -> str:
    """A body as it is kept: filled values only, one text for one content."""
    kept = {name: value for name, value in body.items() if filled(value)}
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if text != clean(text):
        text = json.dumps(kept, sort_keys=True, separators=(",", ":"))
    return text
