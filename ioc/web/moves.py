"""What moved between two drawings of one page, so that only this is sent and drawn again.

A page is a tree of components: `{"type", "namespace", "props"}`. A move names a component by its
path from the root of the layout and gives the properties that changed; a change deep within a
property (one colour of a figure) goes as a patch in the form the renderer applies itself.
"""

from __future__ import annotations

from typing import Any

import orjson

ROOT = ("components", "props", "children", 3, "props", "children")
"""Where the page stands in the layout: `Portal.frame` says the same."""
MOST = 0.6
"""A change of more than this share of the whole page is sent as the whole page."""

Path = tuple[str | int, ...]
Moves = list[tuple[Path, dict[str, Any]]]
_PATCHED = ("figure",)


class _Rebuild(Exception):
    """Two trees differ in what kind of component stands here."""


def moves(before: bytes, after: bytes) -> Moves | None:
    """The moves from one drawing to the next, both as the JSON of a page.

    None when the page itself is another one, or when so much changed that all of it is cheaper.
    """
    try:
        found = list(_component(orjson.loads(before), orjson.loads(after), ROOT))
    except _Rebuild:
        return None
    return None if len(orjson.dumps(found)) > MOST * len(after) else found


def _component(old: Any, new: Any, path: Path) -> Moves:
    if not _is_component(old) or not _is_component(new) or not _same_kind(old, new):
        raise _Rebuild
    mine: dict[str, Any] = {}
    below: Moves = []
    before, after = old["props"], new["props"]
    for name in before.keys() | after.keys():
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if name == "children":
            try:
                below += _children(was, now, (*path, "props", "children"))
            except _Rebuild:
                mine[name] = now
        elif name in _PATCHED and isinstance(was, dict) and isinstance(now, dict):
            mine[name] = _patch(was, now)
        else:
            mine[name] = now
    return [*([(path, mine)] if mine else []), *below]


def _children(was: Any, now: Any, path: Path) -> Moves:
    if isinstance(was, list) and isinstance(now, list):
        if len(was) != len(now):
            raise _Rebuild
        found: Moves = []
        for at, (one, other) in enumerate(zip(was, now, strict=True)):
            if one != other:
                found += _component(one, other, (*path, at))
        return found
    return _component(was, now, path)


def _is_component(value: Any) -> bool:
    return isinstance(value, dict) and "props" in value and "type" in value


def _same_kind(old: dict[str, Any], new: dict[str, Any]) -> bool:
    return (
        old["type"] == new["type"]
        and old.get("namespace") == new.get("namespace")
        and old["props"].get("id") == new["props"].get("id")
    )


def _patch(was: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    operations = [
        {"operation": "Assign", "location": list(place), "params": {"value": value}}
        if kept
        else {"operation": "Delete", "location": list(place), "params": {}}
        for place, value, kept in _leaves(was, now, ())
    ]
    return {"__dash_patch_update": "__dash_patch_update", "operations": operations}


def _leaves(was: Any, now: Any, place: Path) -> list[tuple[Path, Any, bool]]:
    if was == now:
        return []
    if isinstance(was, dict) and isinstance(now, dict):
        found = [(((*place, name)), None, False) for name in was.keys() - now.keys()]
        for name, value in now.items():
            if name in was:
                found += _leaves(was[name], value, (*place, name))
            else:
                found.append(((*place, name), value, True))
        return found
    short = isinstance(was, list) and isinstance(now, list) and len(was) == len(now) <= _LONG
    if short and any(isinstance(one, dict | list) for one in now):
        return [
            leaf
            for at, (one, other) in enumerate(zip(was, now, strict=True))
            for leaf in _leaves(one, other, (*place, at))
        ]
    return [(place, now, True)]


_LONG = 200
"""Lists of more items are sent whole: hundreds of single assignments cost more than the list."""
