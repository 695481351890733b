"""A watched folder: stable files are found, and moved aside with a report when they were read."""

from __future__ import annotations

import fnmatch
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

_UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".download", ".swp")
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
_LONGEST = 150

Seen = dict[str, tuple[int, int]]
"""Files of a folder: name → (size in bytes, time of the last change)."""


def inside(home: Path, folder: str) -> Path | None:
    """The folder when it lies inside the home directory, also after links; else None."""
    root = home.resolve()
    found = (root / folder).resolve()
    return found if found != root and found.is_relative_to(root) else None


def stable_files(
    folder: Path, patterns: Iterable[str], settle: float, sleep: Callable[[float], None]
) -> list[str]:
    """Names of the files that nobody is writing any more, oldest first; links are passed over."""
    names = tuple(patterns)
    return list(settled(lambda: _look(folder, names), settle, sleep))


def settled(look: Callable[[], Seen], settle: float, sleep: Callable[[float], None]) -> Seen:
    """Of the files of a folder those that were the same in two looks; oldest first."""
    before = look()
    if not before:
        return {}
    sleep(settle)
    after = look()
    return {
        name: seen
        for name, seen in sorted(after.items(), key=lambda item: (item[1][1], item[0]))
        if before.get(name) == seen
    }


def meant(name: str, patterns: Iterable[str]) -> bool:
    """True for a name of the patterns that is not hidden and not of an unfinished upload."""
    small = name.lower()
    if small.startswith((".", "~$")) or small.endswith(_UNFINISHED):
        return False
    return any(fnmatch.fnmatchcase(small, pattern.lower()) for pattern in patterns)


def _look(folder: Path, patterns: tuple[str, ...]) -> Seen:
    found: Seen = {}
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return found
    for entry in entries:
        if not meant(entry.name, patterns):
            continue
        try:
            about = entry.stat(follow_symlinks=False)
        except OSError:
            continue
        if stat.S_ISREG(about.st_mode):
            found[entry.name] = (about.st_size, about.st_mtime_ns)
    return found


def read_file(folder: Path, name: str, limit: int) -> bytes | None:
    """The content of a file, not through a link; None when it is larger than `limit`.

    Raises OSError when it cannot be read.
    """
    handle = os.open(folder / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(handle, "rb") as stream:
        # Asked for the limit at once, the system would reserve all of it.
        size = min(os.fstat(handle).st_size, limit)
        content = stream.read(size + 1)
    if size < limit and len(content) > size:
        raise OSError(0, "it is being written")
    return None if len(content) > limit else content


def safe_name(name: str) -> str:
    """A name that is only ever a name: no folders, no marks that hide or turn letters."""
    text = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))
    text = "".join(one for one in text if unicodedata.category(one) not in ("Cf", "Co", "Cs"))
    text = _UNSAFE.sub("_", text).strip(" .") or "_"
    if _DEVICES.match(text):
        text = f"_{text}"
    stem, dot, ending = text.rpartition(".")
    if not dot or len(ending) > 10:
        stem, ending = text, ""
    while len(stem.encode()) > _LONGEST:
        stem = stem[:-1]
    return f"{stem}.{ending}" if ending else stem


def move_aside(folder: Path, name: str, into: str, report: str) -> Path:
    """Move a file into a folder beside it, with its report; nothing is ever overwritten."""
    target = folder / into
    target.mkdir(exist_ok=True)
    clean = Path(safe_name(name))
    for count in range(1, 100_000):
        number = f"-{count}" if count > 1 else ""
        place = target / f"{clean.stem}{number}{clean.suffix}"
        beside = place.with_name(place.name + ".report.txt")
        try:
            with open(beside, "x", encoding="utf-8") as stream:
                stream.write(report)
        except FileExistsError:
            continue
        if not place.exists():
            os.rename(folder / name, place)
            return place
        beside.unlink()
    raise FileExistsError(str(target / clean))
