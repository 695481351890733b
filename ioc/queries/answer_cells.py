"""The cells of an answer, wherever they stand in it: to be looked at, or given back marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from ioc.queries.answers import Cell, Note, Series, Stamp, UnitRef

A = TypeVar("A")
Mark = Callable[[Cell, str], Cell]
"""Gives a cell marked; the text is the part under which a breakdown holds it, else empty."""
_SKIPPED = ("view", "stamp", "unit", "focus", "indicator", "series", "former", "singles", "units")
_WITHOUT = (Stamp, Series, UnitRef, Note)


def cells_in(value: object, *, inside: str = "") -> Iterator[tuple[str, Cell]]:
    """Every cell of an answer, with the part under which a breakdown holds it."""
    if isinstance(value, Cell):
        yield inside, value
    elif isinstance(value, tuple):
        for one in value:
            yield from cells_in(one, inside=inside)
    elif isinstance(value, Mapping):
        for one in value.values():
            if isinstance(one, Cell):
                yield inside, one
    elif is_dataclass(value) and not isinstance(value, (*_WITHOUT, type)):
        for name, held in _held(value):
            if name == "breakdown" and isinstance(held, Mapping):
                for code, some in held.items():
                    yield from cells_in(some, inside=code)
            else:
                yield from cells_in(held)


def with_cells(answer: A, mark: Mark) -> A:
    """The answer with each of its cells as `mark` gives it; parts without one stay as they are."""
    marked: A = _marked(answer, mark, "")
    return marked


# An answer is any of the frozen dataclasses of a page; the type checker knows of none of them
# that it is one, nor that marking a part gives a part of the same kind.
def _marked(value: Any, mark: Mark, inside: str) -> Any:
    if isinstance(value, Cell):
        return mark(value, inside)
    if isinstance(value, tuple):
        some = tuple(_marked(one, mark, inside) for one in value)
        return value if all(a is b for a, b in zip(value, some, strict=True)) else some
    if isinstance(value, Mapping):
        cells = {key: mark(one, inside) for key, one in value.items() if isinstance(one, Cell)}
        return {**value, **cells} if cells else value
    if not is_dataclass(value) or isinstance(value, (*_WITHOUT, type)):
        return value
    changed: dict[str, Any] = {}
    for name, held in _held(value):
        if name == "breakdown" and isinstance(held, Mapping):
            made: Any = {code: _marked(some, mark, code) for code, some in held.items()}
        else:
            made = _marked(held, mark, "")
        if made is not held:
            changed[name] = made
    return replace(value, **changed) if changed else value


def _held(answer: Any) -> Iterator[tuple[str, object]]:
    for one in fields(answer):
        if one.name not in _SKIPPED:
            yield one.name, getattr(answer, one.name)
