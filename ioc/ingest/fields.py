"""Compiled access to the fields of records: looked up the way the mapping declares, only fast."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import jmespath

from ioc.ingest.language import Value
from ioc.ingest.values import ValueProblem, as_text

Fields = Mapping[str, object]
Getter = Callable[[Fields], Any]
_SIMPLE = re.compile(r"^[^\W\d]\w*(\.[^\W\d]\w*)*$")


def getter(path: str) -> Getter:
    """A function that finds `path` in a record; None where it is absent or null."""
    if not _SIMPLE.match(path):
        return _expression(path)
    if "." not in path:
        return lambda fields: fields.get(path)
    steps = path.split(".")

    def walk(fields: Fields) -> object:
        found: object = fields
        for step in steps:
            if not isinstance(found, Mapping):
                return None
            found = found.get(step)
        return found

    return walk


def _expression(path: str) -> Getter:
    compiled = jmespath.compile(path)

    def search(fields: Fields) -> object:
        try:
            found: object = compiled.search(fields)
        except jmespath.exceptions.JMESPathError:
            # A function met a value of another type than it takes.
            raise ValueProblem("bad_expression", field=path) from None
        return found

    return search


def present(path: str) -> Callable[[Fields], bool]:
    """A function that says whether a record carries `path` at all, be it null."""
    if not _SIMPLE.match(path):
        find = getter(path)
        return lambda fields: find(fields) is not None
    *parents, last = path.split(".")
    parent = getter(".".join(parents)) if parents else None

    def carried(fields: Fields) -> bool:
        holder = parent(fields) if parent else fields
        return isinstance(holder, Mapping) and last in holder

    return carried


def value_getter(rule: Value) -> Getter:
    """A function that gives a declared value of a record.

    It raises ValueProblem for a value that is not in the declared table.
    """
    if rule.field is None:
        constant = rule.constant
        return lambda fields: constant
    find = getter(rule.field)
    table, otherwise, name = rule.table, rule.otherwise, rule.field
    if table is None:
        return find

    def translated(fields: Fields) -> object:
        given = as_text(find(fields))
        meaning = table.get(given, otherwise)
        if meaning is None:
            raise ValueProblem("not_in_table", field=name, given=given[:60])
        return meaning

    return translated


def filter_of(when: Mapping[str, object]) -> Callable[[Fields], bool] | None:
    """A function that says whether a record is meant; None where every record is."""
    if not when:
        return None
    tests = [
        (getter(path), frozenset(_plain(one) for one in _choices(wanted)))
        for path, wanted in when.items()
    ]
    return lambda fields: all(_plain(find(fields)) in wanted for find, wanted in tests)


def _choices(wanted: object) -> list[object]:
    return wanted if isinstance(wanted, list) else [wanted]


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else as_text(value)
