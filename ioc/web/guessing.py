"""Wrong codes are counted: who tries many is answered as if none existed."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from threading import Lock

WINDOW = timedelta(minutes=1)
OF_VIEWER, OF_ADDRESS = 20, 200
"""Wrong codes a minute of one browser, and of one network address, behind which many may sit."""
REMEMBERED = 10_000


class Guesses:
    """The wrong codes of the last minute, by who tried them; safe among threads."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[tuple[str, str], deque[tuple[datetime, int]]] = OrderedDict()
        self._lock = Lock()

    def refused(self, who: Iterable[tuple[str, str]], now: datetime) -> bool:
        """Whether one of these (kind, name) tried too many wrong codes within WINDOW."""
        with self._lock:
            return any(len(self._recent(one, now)) >= _most(one) for one in who)

    def wrong(self, who: Iterable[tuple[str, str]], text: object, now: datetime) -> bool:
        """Count a wrong code of each of them; False when it is one they tried just before.

        A page that is left open on a wrong code asks for it again whenever data come.
        """
        tried, fresh = hash(text), True
        with self._lock:
            for one in who:
                recent = self._recent(one, now)
                if any(tried == before for _, before in recent):
                    fresh = False
                else:
                    recent.append((now, tried))
                self._wrong.move_to_end(one)
            while len(self._wrong) > REMEMBERED:
                self._wrong.popitem(last=False)
        return fresh

    def _recent(self, one: tuple[str, str], now: datetime) -> deque[tuple[datetime, int]]:
        recent = self._wrong.setdefault(one, deque(maxlen=OF_ADDRESS))
        while recent and recent[0][0] <= now - WINDOW:
            recent.popleft()
        return recent


def _most(one: tuple[str, str]) -> int:
    return OF_VIEWER if one[0] == "viewer" else OF_ADDRESS
