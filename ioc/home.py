"""The home directory of an installation: filled from the examples, never written over."""

from __future__ import annotations

import shutil
from pathlib import Path

from ioc.packaged import examples

SOURCES = "sources"


def is_empty(home: Path) -> bool:
    """Whether nobody has put sources into this home yet."""
    return not (home / SOURCES).is_dir()


def fill(home: Path, pattern: Path | None = None) -> list[Path]:
    """Copy the files of `pattern` (the examples) that the home lacks, and give the new ones."""
    begin = examples() if pattern is None else pattern
    added = []
    for file in sorted(begin.rglob("*")):
        target = home / file.relative_to(begin)
        if file.is_dir() or "__pycache__" in file.parts or target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        added.append(target)
    (home / SOURCES).mkdir(parents=True, exist_ok=True)
    return added


def source_files(home: Path) -> list[Path]:
    """The files of the home's sources, by name."""
    return sorted((home / SOURCES).glob("*.yaml"))
