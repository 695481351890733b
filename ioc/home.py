"""The home directory of an installation: filled from the examples, never written over."""

from __future__ import annotations

import shutil
from pathlib import Path

from ioc.packaged import examples

SOURCES = "sources"
DEMO_ADDRESS = "${env:IOC_DEMO_PORT}"


def is_empty(home: Path) -> bool:
    """Whether nobody has put sources into this home yet."""
    return not (home / SOURCES).is_dir()


def fill(home: Path, *, demo: bool = True) -> list[Path]:
    """Copy the example files that the home lacks, and give the new ones.

    Without `demo` the sources that read the demonstration systems are left out.
    """
    begin = examples()
    added = []
    for file in sorted(begin.rglob("*")):
        target = home / file.relative_to(begin)
        if file.is_dir() or "__pycache__" in file.parts or target.exists():
            continue
        if not demo and reads_demo(file):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        added.append(target)
    (home / SOURCES).mkdir(parents=True, exist_ok=True)
    return added


def reads_demo(file: Path) -> bool:
    """Whether this is the file of a source of the demonstration systems."""
    return file.suffix == ".yaml" and DEMO_ADDRESS in file.read_text(encoding="utf-8")


def source_files(home: Path) -> list[Path]:
    """The files of the home's sources, by name."""
    return sorted((home / SOURCES).glob("*.yaml"))
