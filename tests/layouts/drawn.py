"""What was drawn, as tests look at it: texts, figures and links of a tree of components."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dash import dcc
from dash.development.base_component import Component


def parts(root: Any) -> Iterator[Component]:
    """Every component under `root`, itself included."""
    if isinstance(root, list | tuple):
        for one in root:
            yield from parts(one)
    elif isinstance(root, Component):
        yield root
        yield from parts(getattr(root, "children", None))


def texts(root: Any) -> Iterator[str]:
    """Every text that stands in a component."""
    if isinstance(root, str):
        yield root
    elif isinstance(root, list | tuple):
        for one in root:
            yield from texts(one)
    elif isinstance(root, Component):
        yield from texts(getattr(root, "children", None))


def words(root: Any) -> str:
    """All texts, one after the other."""
    return " | ".join(texts(root))


def charts(root: Any) -> dict[str, dict[str, Any]]:
    """The figures by the name of their graph; nameless ones of the wall by number."""
    found: dict[str, dict[str, Any]] = {}
    for one in parts(root):
        if isinstance(one, dcc.Graph):
            name = getattr(one, "id", None)
            found[name["name"] if name else f"wall-{len(found)}"] = one.figure
    return found


def classes(root: Any) -> set[str]:
    """Every class that a component carries."""
    return {name for one in parts(root) for name in (getattr(one, "className", None) or "").split()}


def links(root: Any) -> Iterator[str]:
    """Every address that can be gone to: links, tables and marks of charts."""
    for one in parts(root):
        href = getattr(one, "href", None)
        if isinstance(href, str):
            yield href
        for row in getattr(one, "rowData", None) or ():
            yield row["href"]
    for figure in charts(root).values():
        for trace in figure["data"]:
            yield from _flat(trace.get("customdata", ()))


def _flat(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _flat(one)
