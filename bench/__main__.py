"""`python -m bench [store|page] [--observations N …]`: measure, print ratios, judge nothing."""

from __future__ import annotations

import argparse

from bench.page import measure as measure_page
from bench.store import measure as measure_store


def main() -> None:
    """Run the parts asked for; without a name, all of them."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("part", nargs="?", choices=["store", "page"])
    parser.add_argument(
        "--observations", type=int, nargs="+", default=[1_000_000, 10_000_000], metavar="N"
    )
    parser.add_argument("--rounds", type=int, default=9, help="page loads of each kind")
    parser.add_argument("--idle", type=int, default=60, help="seconds of idle viewers")
    asked = parser.parse_args()
    if asked.part != "store":
        measure_page(rounds=asked.rounds, idle_seconds=asked.idle)
    if asked.part != "page":
        for observations in asked.observations:
            measure_store(observations)


if __name__ == "__main__":
    main()
