"""The sign of life of whoever makes exports: a file in the folder where exports are kept."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from ioc.store.engine import micros, moment
from ioc.store.export_files import folder_of

NAME = "beat"


def beat(home: Path, now: datetime) -> None:
    """Say that a process that makes exports lives."""
    folder = folder_of(home)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = folder / f".{NAME}-{os.getpid()}"
    fresh.write_text(str(micros(now)), encoding="ascii")
    fresh.replace(folder / NAME)


def seen(home: Path) -> datetime | None:
    """When one last said that it lives; None where none ever did."""
    with suppress(OSError, ValueError):
        return moment(int((folder_of(home) / NAME).read_text(encoding="ascii")))
    return None
