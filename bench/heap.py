"""What a page's heap is made of: two snapshots, and what the later has more of.

A slope says that something grows; only the heap itself says what, and whether it is a store with an
end or a leak without one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

_NAMED = frozenset({"object", "native", "closure"})
_NAME_LENGTH = 90


@dataclass(frozen=True, slots=True)
class Heap:
    """One snapshot: bytes and how many by kind, and the objects that hold the most things by name.

    `largest` maps an object's number, which stays the same between snapshots of one page, to how
    many properties it has and the name of one of them.
    """

    size: Mapping[str, int]
    count: Mapping[str, int]
    largest: Mapping[int, tuple[int, str]]

    @property
    def total(self) -> int:
        """All of it, in bytes."""
        return sum(self.size.values())


def take(session: CDPSession, file: Path) -> None:
    """Write what the page of a session holds now, after a collection, into a file."""
    session.send("HeapProfiler.collectGarbage")
    with file.open("w", encoding="utf-8") as opened:

        def part(event: Any) -> None:
            opened.write(event["chunk"])

        session.on("HeapProfiler.addHeapSnapshotChunk", part)
        session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
        session.remove_listener("HeapProfiler.addHeapSnapshotChunk", part)


def read(file: Path, most: int = 40) -> Heap:
    """Read a snapshot that `take` wrote, with the `most` largest objects of it."""
    given = json.loads(file.read_text(encoding="utf-8"))
    meta, strings = given["snapshot"]["meta"], given["strings"]
    nodes, edges = given["nodes"], given["edges"]
    wide, edge_wide = len(meta["node_fields"]), len(meta["edge_fields"])
    at = {name: place for place, name in enumerate(meta["node_fields"])}
    edge_at = {name: place for place, name in enumerate(meta["edge_fields"])}
    kinds, edge_kinds = meta["node_types"][at["type"]], meta["edge_types"][edge_at["type"]]
    size, count = Counter[str](), Counter[str]()
    largest: list[tuple[int, int, str]] = []
    edge = 0
    for node in range(0, len(nodes), wide):
        kind = kinds[nodes[node + at["type"]]]
        if kind in _NAMED:
            kind = f"{kind} {strings[nodes[node + at['name']]][:_NAME_LENGTH]}"
        size[kind] += nodes[node + at["self_size"]]
        count[kind] += 1
        held = nodes[node + at["edge_count"]]
        if held > 200 and kind.startswith("object"):
            names = [
                strings[edges[one + edge_at["name_or_index"]]]
                for one in range(edge, edge + held * edge_wide, edge_wide)
                if edge_kinds[edges[one + edge_at["type"]]] == "property"
            ]
            if names:
                number, middle = nodes[node + at["id"]], names[len(names) // 2]
                largest.append((number, len(names), middle[:_NAME_LENGTH]))
        edge += held * edge_wide
    largest.sort(key=lambda one: -one[1])
    return Heap(size, count, {number: (held, name) for number, held, name in largest[:most]})


def grown(before: Heap, after: Heap, most: int = 8) -> str:
    """In lines: the kinds of things that take more room, and the objects that hold more by name."""
    words = [f"heap {before.total / 1e6:.2f} → {after.total / 1e6:.2f} MB; what grew most:"]
    more = {kind: size - before.size.get(kind, 0) for kind, size in after.size.items()}
    for kind, size in sorted(more.items(), key=lambda one: -one[1])[:most]:
        number = after.count[kind] - before.count.get(kind, 0)
        words.append(f"  {size / 1e3:+10.1f} kB {number:+8d}  {kind}")
    words.append("objects that hold more by name than before:")
    for number, (held, name) in after.largest.items():
        had = before.largest.get(number, (0, ""))[0]
        if held > had:
            words.append(f"  {had} → {held}, one of them named {name!r}")
    return "\n".join(words) + "\n"
