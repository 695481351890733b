"""`python -m bench [store|page|soak|viewers|recovery]`: measure, print ratios, judge nothing."""

from __future__ import annotations

import argparse
from pathlib import Path

from bench.page import measure as measure_page
from bench.recovery import measure as measure_recovery
from bench.soak import measure as measure_soak
from bench.soak import summary as summary_of_soak
from bench.store import measure as measure_store
from bench.viewers import measure as measure_viewers


def main() -> None:
    """Run the part asked for; without a name, store and page."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("part", nargs="?", choices=["store", "page", "soak", "viewers", "recovery"])
    parser.add_argument(
        "--observations", type=int, nargs="+", default=[1_000_000, 10_000_000], metavar="N"
    )
    parser.add_argument("--rounds", type=int, default=9, help="page loads of each kind")
    parser.add_argument("--idle", type=int, default=60, help="seconds of idle viewers")
    parser.add_argument("--viewers", type=int, default=200, help="how many watch at once")
    parser.add_argument("--seconds", type=float, default=60, help="how long they watch")
    parser.add_argument("--home", type=Path, help="a home to keep, filled only the first time")
    parser.add_argument("--hours", type=float, default=2.0, help="how long a soak lasts at most")
    parser.add_argument("--out", type=Path, default=Path("var/soak"), help="folder of its record")
    parser.add_argument("--read", action="store_true", help="sum up a soak's record, measure none")
    asked = parser.parse_args()
    if asked.part == "soak":
        if asked.read:
            print(summary_of_soak(asked.out), end="")
        else:
            measure_soak(hours=asked.hours, out=asked.out, home=asked.home)
        return
    if asked.part == "recovery":
        measure_recovery()
        return
    if asked.part == "viewers":
        measure_viewers(viewers=asked.viewers, seconds=asked.seconds, home=asked.home)
        return
    if asked.part != "store":
        measure_page(rounds=asked.rounds, idle_seconds=asked.idle)
    if asked.part != "page":
        for observations in asked.observations:
            measure_store(observations)


if __name__ == "__main__":
    main()
