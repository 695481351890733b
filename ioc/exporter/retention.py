"""Retention: what expired loses its data and files, and what no snapshot holds leaves the disk."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from ioc.store import export_files, snapshots
from ioc.store.engine import reading, writing

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from ioc.queries.desk import Desk

GRACE = timedelta(hours=6)
"""How long a file may lie without a snapshot: far longer than any job takes from the one to the
other, so that what is being made is never swept."""
AT_ONCE = 200
EVERY = timedelta(hours=1)
"""How often it is worth looking."""
_LOG = logging.getLogger("ioc.export")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """How many snapshots expired and how many files were taken from the disk."""

    snapshots: int
    files: int


def clean(desk: Desk, now: datetime) -> Cleaned:
    """Remove what expired, in short transactions, then sweep the folder of exports."""
    expired = 0
    while True:
        with writing(desk.engine) as connection:
            removed = snapshots.remove_expired(connection, now, AT_ONCE)
        expired += removed
        if removed < AT_ONCE:
            break
    done = Cleaned(expired, sweep(desk.engine, desk.settings.home, now))
    if done != Cleaned(0, 0):
        _LOG.info("retention: %d exports expired, %d files removed", done.snapshots, done.files)
    return done


def sweep(engine: Engine, home: Path, now: datetime) -> int:
    """Take from the disk what no snapshot holds and nobody wanted within GRACE; how many files."""
    found = export_files.places(home, (now - GRACE).timestamp())
    removed = 0
    while places := list(islice(found, AT_ONCE)):
        with reading(engine) as connection:
            held = snapshots.still_held(connection, places)
        for place in places:
            if place not in held:
                export_files.remove(home, place)
                removed += 1
    return removed
