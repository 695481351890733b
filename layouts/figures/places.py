"""Places for words on a chart: where no line runs and no other words stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ioc.domain.view import View
from layouts.theme import text_size

LETTER = 0.56
"""Width of a letter as a share of its height, on average."""
STEPS = 8
"""How many spots of the line between two of its points are looked at."""

Spot = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Place:
    """A spot, and to which side of it the words stand: `left`/`right` of it, `above`/`below`."""

    spot: Spot
    right: bool = True
    above: bool = True

    @property
    def anchors(self) -> dict[str, str]:
        """The place as an annotation says it."""
        return {
            "xanchor": "left" if self.right else "right",
            "yanchor": "bottom" if self.above else "top",
        }


class Room:
    """What of a chart is taken, in its own coordinates; a chart on the desk is about 400 × 210 px.

    The chart's true size is known to the browser alone, so a narrow one is assumed, unless the
    chart says its `size` in px.
    """

    def __init__(
        self,
        x: tuple[float, float],
        y: tuple[float, float],
        view: View,
        *,
        size: tuple[float, float] | None = None,
    ) -> None:
        self._x, self._y = x, y
        wide, high = size or ((620.0, 300.0) if view.wall else (330.0, 210.0))
        self._letter = text_size(view) * LETTER / wide
        self._line = text_size(view) * 1.45 / high
        self._spots: list[Spot] = []
        self._boxes: list[Box] = []

    def line(self, points: Iterable[Spot | None]) -> None:
        """A line through `points`, interrupted where one is None."""
        before: Spot | None = None
        for point in points:
            here = self._share(point) if point is not None else None
            if here is not None and before is not None:
                for at in range(1, STEPS):
                    part = at / STEPS
                    x = before[0] + (here[0] - before[0]) * part
                    self._spots.append((x, before[1] + (here[1] - before[1]) * part))
            if here is not None:
                self._spots.append(here)
            before = here

    def take(self, words: str, places: Sequence[Place]) -> Place:
        """The first of the places that are least in the way; from now on it is taken."""
        boxes = [self._box(words, place) for place in places]
        best = min(range(len(places)), key=lambda at: (self._crowd(boxes[at]), at))
        self._boxes.append(boxes[best])
        return places[best]

    def free(self, words: str, places: Sequence[Place]) -> list[Place]:
        """Those of the places where no other words stand and that lie within the chart."""
        return [one for one in places if self._clear(self._box(words, one))]

    def _clear(self, box: Box) -> bool:
        return box[0] >= 0 and box[2] <= 1.02 and not any(_over(box, one) for one in self._boxes)

    def _share(self, spot: Spot) -> Spot:
        (left, right), (low, high) = self._x, self._y
        return (spot[0] - left) / ((right - left) or 1), (spot[1] - low) / ((high - low) or 1)

    def _box(self, words: str, place: Place) -> Box:
        x, y = self._share(place.spot)
        wide = (len(words) + 1) * self._letter
        left = x if place.right else x - wide
        low = y if place.above else y - self._line
        return left, low, left + wide, low + self._line

    def _crowd(self, box: Box) -> float:
        """How much is in the way; at the left the numbers of the axis stand, so never there."""
        left, low, right, high = box
        lines = sum(left <= x <= right and low <= y <= high for x, y in self._spots)
        words = sum(_over(box, other) for other in self._boxes)
        outside = max(0.0, right - 1) + max(0.0, -low) + max(0.0, high - 1.12)
        return lines + 12 * words + 60 * outside + 1000 * max(0.0, -left)


def _over(one: Box, other: Box) -> bool:
    """Whether two boxes overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
