"""Whether the store can be written, as this process last saw it: operators are told on the desk."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import event

from ioc.store.versions import current_version
from ioc.store.writable import LOCKED, REFUSED, UNREACHABLE, trouble, why_not

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.engine import ExceptionContext

LOOK_SECONDS = 10.0
PATIENCE = 60.0
"""Seconds that a store may be locked, with nothing new in it, before anybody is told: large
deliveries hold it for some, and a long history is many of them. A write that failed is told of
for as long after it."""


class Writing:
    """Asks the store now and then, and listens to what really failed; `clock` is in seconds."""

    def __init__(
        self,
        engine: Engine,
        *,
        ask: Callable[[Engine], str | None] = trouble,
        version: Callable[[Engine], int] = current_version,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.trouble: str | None = None
        self._engine, self._ask, self._clock = engine, ask, clock
        self._version, self._seen = version, -1
        self._looked = self._failed_at = float("-inf")
        self._failed: str | None = None
        self._locked_since: float | None = None
        event.listen(engine, "handle_error", self._heard)

    def look(self) -> str | None:
        """Why nothing can be written, one of `ioc.store.writable.CODES`; None when it can."""
        now = self._clock()
        if now - self._looked < LOOK_SECONDS:
            return self.trouble
        self._looked = now
        found = self._ask(self._engine)
        if found != LOCKED:
            self._locked_since = None
        elif self._moved() or self._locked_since is None:
            self._locked_since = now
        if found == LOCKED and now - (self._locked_since or now) < PATIENCE:
            found = None
        if found is None and now - self._failed_at < PATIENCE:
            found = self._failed
        self.trouble = found
        return found

    def _moved(self) -> bool:
        """Whether someone wrote since the last look: then the store is busy, not stuck."""
        before, self._seen = self._seen, self._version(self._engine)
        return self._seen != before

    def _heard(self, context: ExceptionContext) -> None:
        """A statement failed: what says that the store is full or read-only is remembered."""
        code = why_not(context.original_exception)
        if code not in (LOCKED, REFUSED, UNREACHABLE):
            self._failed, self._failed_at = code, self._clock()
