"""The clock that all pollers of one database share."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from ioc.store.engine import moment, utc_now

_log = logging.getLogger("ioc.clock")
_ASKED_AGAIN = 10.0


def shared_clock(engine: Engine) -> Callable[[], datetime]:
    """The clock by which leases, slots and breakers are judged.

    An embedded database has one machine, and its clock. The hosts of a server's database have
    one each, so there the server's clock rules: it is asked every ten seconds and counted on in
    between with this machine's steady timer, which no correction of its clock moves.
    """
    return utc_now if engine.dialect.name == "sqlite" else _ServerClock(engine)


class _ServerClock:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._asked = float("-inf")
        self._then = utc_now()
        self._at = time.monotonic()

    def __call__(self) -> datetime:
        with self._lock:
            if time.monotonic() - self._asked > _ASKED_AGAIN:
                self._asked = time.monotonic()
                self._ask()
            return self._then + timedelta(seconds=time.monotonic() - self._at)

    def _ask(self) -> None:
        try:
            with self._engine.connect() as connection:
                query = text(
                    "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"
                )
                self._then = moment(int(connection.execute(query).scalar_one()))
                self._at = time.monotonic()
        except SQLAlchemyError:
            # The steady timer goes on; without the database nothing can be written anyway.
            _log.warning("the server's clock could not be asked")
