"""Labels in a column: moved apart as little as needed, in their order."""

from __future__ import annotations

from collections.abc import Sequence


def dodged(places: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Where labels stand that want `places` but need `apart` between each other.

    Labels that would touch form a block around the middle of what they want; blocks that touch
    become one. All stay between `low` and `high` as far as they fit.
    """
    order = sorted(range(len(places)), key=lambda at: (places[at], at))
    blocks: list[tuple[list[int], float]] = []
    for at in order:
        blocks.append(([at], places[at]))
        while len(blocks) > 1 and _touch(blocks[-2], blocks[-1], apart):
            last, before = blocks.pop(), blocks.pop()
            members = before[0] + last[0]
            wanted = [places[one] - step * apart for step, one in enumerate(members)]
            start = sum(wanted) / len(wanted)
            blocks.append((members, start + (len(members) - 1) * apart / 2))
    found = [0.0] * len(places)
    least = low
    for members, middle in blocks:
        start = middle - (len(members) - 1) * apart / 2
        start = max(least, start)
        for step, at in enumerate(members):
            found[at] = start + step * apart
        least = start + len(members) * apart
    return _within(found, order, apart, high)


def _touch(one: tuple[list[int], float], other: tuple[list[int], float], apart: float) -> bool:
    top = one[1] + (len(one[0]) - 1) * apart / 2
    ground = other[1] - (len(other[0]) - 1) * apart / 2
    return ground - top < apart


def _within(found: list[float], order: Sequence[int], apart: float, high: float) -> list[float]:
    """Push labels down from the top where they stand above it."""
    most = high
    for at in reversed(order):
        if found[at] <= most:
            break
        found[at] = most
        most -= apart
    return found
