"""How much a question costs from the summary, against the answer in a dictionary and against the
raw observations."""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path

from bench.history import build
from bench.questions import Answer, place_units, questions
from bench.timing import medians
from ioc.store.engine import reading

_ROUNDS = 15


def measure(observations: int) -> None:
    """Fill a fresh SQLite store, check that both ways answer alike, and print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        _say(f"\nfilling a store with {observations:,} observations …")
        engine, units, written, speed = build(
            f"sqlite:///{Path(folder) / 'bench.sqlite'}", observations
        )
        _say(
            f"{written:,} observations of 36 months, written at {speed:,.0f} a second, sums and all"
        )
        _say(f"{'question':50} {'summary':>9} {'dict':>9} {'ratio':>7} {'raw':>10} {'ratio':>7}")
        count = max(1, round(written / (36 * 3321)))
        with reading(engine) as connection:
            place_units(connection, units)
            for question in questions(count):
                answer = question.summed(connection)
                if answer != question.raw(connection):
                    raise SystemExit(f"{question.name}: summary and raw observations differ")
                known = {question.name: answer}
                got = medians(
                    {
                        "summary": partial(question.summed, connection),
                        "dict": partial(_look_up, known, question.name),
                        "raw": partial(question.raw, connection),
                    },
                    _ROUNDS,
                )
                _say(
                    f"{question.name:50} {got['summary']:7.2f}ms {got['dict']:7.4f}ms"
                    f" {got['summary'] / got['dict']:6.0f}× {got['raw']:8.1f}ms"
                    f" {got['raw'] / got['summary']:6.0f}×"
                )
        engine.dispose()


def _look_up(known: dict[str, Answer], name: str) -> Answer:
    return list(known[name])


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
