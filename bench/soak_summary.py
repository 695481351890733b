"""What the record of a soak says: slopes after it has settled, and what went wrong."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from bench.trend import slope

SETTLED_MINUTES = 30
LINES = "minutes.csv"


def summary(out: Path) -> str:
    """What the record in `out` says so far, in lines; works while the measurement goes on."""
    with (out / LINES).open(encoding="utf-8", newline="") as opened:
        lines = [{key: float(text) for key, text in one.items()} for one in csv.DictReader(opened)]
    if len(lines) < 3:
        return f"{len(lines)} minutes: too few to say anything\n"
    lasted = lines[-1]["minute"]
    begin = SETTLED_MINUTES if lasted > SETTLED_MINUTES + 5 else lasted / 2
    late = [one for one in lines if one["minute"] >= begin]
    words = [
        f"{lasted:.0f} minutes, {lines[-1]['newest'] - lines[0]['newest']:.0f} data versions;"
        f" slopes an hour over the last {len(late)} minutes, between them with 95 %"
    ]
    columns = {
        "desk_heap_mb": "overview: heap after collection, MB",
        "desk_nodes": "overview: DOM nodes",
        "desk_listeners": "overview: listeners",
        "wall_heap_mb": "rotation: heap after collection, MB",
        "wall_nodes": "rotation: DOM nodes",
        "wall_listeners": "rotation: listeners",
        "browser_mb": "browser, all processes: resident, MB",
        "web_mb": "web process: resident, MB",
        "poll_mb": "poller: resident, MB",
    }
    for key, name in columns.items():
        found = slope([(one["minute"] / 60, one[key]) for one in late])
        first, last = late[0][key], late[-1][key]
        told = f"{name:38} {first:9.1f} → {last:9.1f}"
        if found is not None:
            told += f"   {found.middle:+8.2f} ({found.low:+.2f} … {found.high:+.2f})"
            told += f"   a day: {found.middle * 24:+.0f}"
        words.append(told)
    for name in ("desk", "wall"):
        total = {
            key: sum(one[f"{name}_{key}"] for one in lines)
            for key in ("draws", "loads", "dead_s", "errors", "turns", "failed", "stuck")
        }
        behind = max(one[f"{name}_behind_p95_s"] for one in late)
        words.append(f"{name}: {json.dumps(total)}, behind the newest data {behind:.1f} s at most"
                     " (the worst minute's p95)")  # fmt: skip
    return "\n".join(words) + "\n"
