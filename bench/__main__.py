"""`python -m bench [PART]`: measure and print; some parts also fail where they must."""

from __future__ import annotations

import argparse
from pathlib import Path

from bench.chaos import measure as measure_chaos
from bench.clicks import measure as measure_clicks
from bench.export_check import measure as measure_export_check
from bench.export_faults import measure as measure_export_faults
from bench.exports import measure as measure_exports
from bench.killing import measure as measure_killing
from bench.page import measure as measure_page
from bench.rates import measure as measure_rates
from bench.recovery import measure as measure_recovery
from bench.registers import measure as measure_registers
from bench.slots import measure as measure_slots
from bench.soak import measure as measure_soak
from bench.soak_summary import summary as summary_of_soak
from bench.store import measure as measure_store
from bench.viewers import measure as measure_viewers

PARTS = (
    "store", "page", "clicks", "viewers", "recovery", "soak", "rates", "chaos", "kill", "slots",
    "registers", "export-faults", "export-check", "exports",
)  # fmt: skip


def main() -> None:
    """Run the part asked for; without a name, store and page."""
    asked = _parser().parse_args()
    if asked.part == "soak":
        _soak(asked)
    elif asked.part == "recovery":
        measure_recovery(asked.cause)
    elif asked.part == "viewers":
        measure_viewers(viewers=asked.viewers, seconds=asked.seconds or 60, home=asked.home)
    elif asked.part == "clicks":
        for observations in asked.observations or [1_000_000]:
            measure_clicks(observations=observations, rounds=asked.rounds or 15, folder=asked.home)
    elif asked.part == "rates":
        measure_rates(rounds=asked.rounds or 5, rows=max(asked.observations or [1_000_000]))
    elif asked.part == "chaos":
        _must(measure_chaos(seconds=asked.seconds or 120))
    elif asked.part == "kill":
        _must(measure_killing(rounds=asked.rounds or 1000))
    elif asked.part == "slots":
        _must(measure_slots(slots=asked.rounds or 10_000))
    elif asked.part == "registers":
        _must(measure_registers(rounds=asked.rounds or 9, home=asked.home))
    elif asked.part == "export-faults":
        _must(measure_export_faults(rounds=asked.rounds or 1000, seconds=asked.seconds))
    elif asked.part == "export-check":
        _must(
            measure_export_check(
                views=asked.views, seed=asked.seed, home=asked.home, keep=asked.keep,
                only=asked.address,
            )
        )  # fmt: skip
    elif asked.part == "exports":
        measure_exports(rounds=asked.rounds or 9, home=asked.home)
    if asked.part in (None, "page"):
        measure_page(rounds=asked.rounds or 9, idle_seconds=asked.idle)
    if asked.part in (None, "store"):
        for observations in asked.observations or [1_000_000, 10_000_000]:
            measure_store(observations)


def _must(held: bool) -> None:
    if not held:
        raise SystemExit(1)


def _soak(asked: argparse.Namespace) -> None:
    if asked.read:
        print(summary_of_soak(asked.out), end="")
    else:
        measure_soak(hours=asked.hours, out=asked.out, home=asked.home)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("part", nargs="?", choices=PARTS)
    parser.add_argument("--observations", type=int, nargs="+", metavar="N")
    parser.add_argument("--rounds", type=int, help="page loads, clicks, kills, slots or exports")
    parser.add_argument("--idle", type=int, default=60, help="seconds of idle viewers")
    parser.add_argument("--viewers", type=int, default=200, help="how many watch at once")
    parser.add_argument("--seconds", type=float, help="how long they watch, or chaos lasts")
    parser.add_argument("--cause", default="", help="only the causes that have this in their name")
    parser.add_argument("--home", type=Path, help="a home to keep, filled only the first time")
    parser.add_argument("--views", type=int, default=50, help="how many views are checked")
    parser.add_argument("--seed", type=int, default=1, help="which random views")
    parser.add_argument("--keep", type=Path, help="a folder where the files of the check stay")
    parser.add_argument("--address", nargs="+", default=(), help="these views and no random ones")
    parser.add_argument("--hours", type=float, default=2.0, help="how long a soak lasts at most")
    parser.add_argument("--out", type=Path, default=Path("var/soak"), help="folder of its record")
    parser.add_argument("--read", action="store_true", help="sum up a soak's record, measure none")
    return parser


if __name__ == "__main__":
    main()
