"""Whether the store can be written now: full, read-only and locked stores can still be read."""

from __future__ import annotations

import shutil

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from ioc.store.engine import database_file, writing_soon

LEAST_FREE = 32 * 1024 * 1024
"""Bytes left beside an embedded database below which it is called full: a run needs room twice,
for the write-ahead log and for the pages themselves."""
FULL, READ_ONLY, LOCKED, UNREACHABLE, REFUSED = (
    "full", "read_only", "locked", "unreachable", "refused",
)  # fmt: skip
CODES = (FULL, READ_ONLY, LOCKED, UNREACHABLE, REFUSED)
_SAID = (
    (FULL, ("disk is full", "no space left", "could not extend file")),
    (READ_ONLY, ("readonly database", "read-only", "permission denied", "recovery")),
    (LOCKED, ("locked", "lock timeout", "canceling statement due to lock")),
    (UNREACHABLE, ("connection", "unable to open", "starting up", "shutting down")),
)


def why_not(error: BaseException) -> str:
    """One of CODES: what the database's own words about a refused write come to."""
    said = str(getattr(error, "orig", None) or error).lower()
    for code, words in _SAID:
        if any(word in said for word in words):
            return code
    return REFUSED


def trouble(engine: Engine) -> str | None:
    """Why nothing can be written now, one of CODES; None when it can. Writes nothing itself.

    A store that another writer holds is "locked" after a moment only: whoever asks decides how
    long that may go on, since a large delivery rightly holds it for seconds.
    """
    file = database_file(engine)
    try:
        if file is not None and shutil.disk_usage(file.parent).free < LEAST_FREE:
            return FULL
        with writing_soon(engine) as connection:
            if engine.dialect.name == "postgresql":
                # Also so on a standby.
                setting = text("SELECT current_setting('transaction_read_only')")
                if connection.execute(setting).scalar() == "on":
                    return READ_ONLY
    except (SQLAlchemyError, OSError) as error:
        return why_not(error)
    return None
