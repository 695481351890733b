"""Work that many ask for at the same moment, done by the first and shared with the others."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Once(Generic[Value]):
    """Does the work of a key once at a time: who asks meanwhile waits and gets the same value.

    It keeps nothing: who asks afterwards has it done again. Safe among threads.
    """

    def __init__(self) -> None:
        self._under_way: dict[Hashable, Future[Value]] = {}
        self._lock = Lock()

    def __call__(self, key: Hashable, work: Callable[[], Value]) -> Value:
        """The value of `work`; what it raises is raised for all who wait for it.

        `work` must not ask for its own key: it would wait for itself.
        """
        with self._lock:
            others = self._under_way.get(key)
            if others is None:
                mine = self._under_way[key] = Future()
        if others is not None:
            return others.result()
        try:
            value = work()
        except BaseException as error:
            self._end(key)
            mine.set_exception(error)
            raise
        self._end(key)
        mine.set_result(value)
        return value

    def _end(self, key: Hashable) -> None:
        with self._lock:
            del self._under_way[key]
