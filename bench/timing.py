"""Timing that can be trusted on a noisy machine: medians of interleaved rounds."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping


def medians(
    ways: Mapping[str, Callable[[], object]],
    rounds: int,
    *,
    warm: int = 2,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, float]:
    """Median milliseconds of each way, all ways run once in turn in every round.

    `clock` gives seconds; `time.thread_time` those that this thread worked, whoever else does.
    """
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + warm):
        for name, work in ways.items():
            begun = clock()
            work()
            if turn >= warm:
                spent[name].append((clock() - begun) * 1000)
    return {name: statistics.median(times) for name, times in spent.items()}
