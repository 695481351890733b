"""Exported files on disk: named by their content, written whole or not at all.

They lie below `<home>/exports/` as `<first two letters>/<sha256>.<form>`, so the same bytes are
kept once whoever exported them.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ioc.errors import StoreError

FOLDER = "exports"
TEMPORARY = ".part-"
_PLACE = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}\.[a-z]{3,4}")


@dataclass(frozen=True, slots=True)
class Placed:
    """Where bytes lie: `place` below the folder of exports."""

    place: str
    sha256: str
    size: int


def folder_of(home: Path) -> Path:
    """The folder of exports of a home; it may not be there yet."""
    return home / FOLDER


def put(home: Path, content: bytes, form: str) -> Placed:
    """Write bytes under the name of their content; nothing is left of a write that failed.

    Raises StoreError `export_write` when the disk is full or refuses.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    place = f"{sha256[:2]}/{sha256}.{form}"
    target = folder_of(home) / place
    placed = Placed(place, sha256, len(content))
    try:
        if target.is_file() and target.stat().st_size == len(content):
            os.utime(target)  # the sweep leaves what was wanted just now
            return placed
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(target, content)
    except OSError as error:
        raise StoreError(
            f"exports: {target.name} cannot be written: {error.strerror or error}",
            code="export_write",
            reason=error.strerror or str(error),
        ) from error
    return placed


def read(home: Path, place: str, sha256: str) -> bytes | None:
    """The bytes of a file; None when it is gone or its content is not what was kept."""
    path = path_of(home, place)
    try:
        content = path.read_bytes() if path is not None else None
    except OSError:
        return None
    if content is None or hashlib.sha256(content).hexdigest() != sha256:
        return None
    return content


def path_of(home: Path, place: str) -> Path | None:
    """The path of a place; None for a text that is no place."""
    return folder_of(home) / place if _PLACE.fullmatch(place) else None


def places(home: Path, before: float) -> Iterator[str]:
    """What lies in the folder unwanted since `before` (seconds of 1970): places and leftovers."""
    folder = folder_of(home)
    for path in folder.glob("*/*") if folder.is_dir() else ():
        try:
            if path.is_file() and path.stat().st_mtime < before:
                yield f"{path.parent.name}/{path.name}"
        except OSError:
            continue


def remove(home: Path, place: str) -> None:
    """Take a file away, and its folder when that is empty."""
    path = folder_of(home) / place
    path.unlink(missing_ok=True)
    if not any(path.parent.iterdir()):
        path.parent.rmdir()


def _write(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=TEMPORARY, dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
