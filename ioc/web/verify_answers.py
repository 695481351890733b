"""What the verify page is drawn from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ioc.queries.answers import Stamp
    from ioc.queries.verify import Changed

LARGEST_FILE = 64 * 2**20
"""Bytes of a file that is given to be compared."""
SHOWN_ROWS, SHOWN_CHANGES = 12, 60


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file of the export as the page links it."""

    name: str
    form: str
    size: int
    sha256: str
    href: str


@dataclass(frozen=True, slots=True)
class Table:
    """A frozen table in words; `numbers` marks columns of numbers, `more` rows are not shown.

    `shared` is what every row says alike, as (column, words), instead of columns of their own.
    """

    title: str
    subtitle: str
    shared: tuple[tuple[str, str], ...]
    heads: tuple[str, ...]
    numbers: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int = 0
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A definition as it stood: code, name, meaning and formula, wording."""

    code: str
    name: str
    meaning: str
    formula: str
    version: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A cell then and now; `column` and `row` are empty where the whole table is other."""

    sheet: str
    row: str = ""
    column: str = ""
    then: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """The export of the code: who, when, what, and whether it is as it was kept."""

    code: str
    title: str
    kind: str
    who: str
    made_at: datetime
    known_at: datetime
    version: int
    lang: str
    live: str
    then: str
    illustrative: bool
    complete: bool
    intact: bool
    data_hash: str
    expires_at: datetime | None
    removed_at: datetime | None
    picture: str | None = None
    files: tuple[FileRef, ...] = ()
    about: tuple[tuple[str, str], ...] = ()
    caveats: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    tables: tuple[Table, ...] = ()
    data: str | None = None


@dataclass(frozen=True, slots=True)
class Verify:
    """The page: without `held` it asks for a code. `changes` are those shown of `count`."""

    stamp: Stamp
    held: Held | None = None
    changes: tuple[Changed, ...] = ()
    count: int = 0
    revised: int = 0
    looked: int = 0
    beside: tuple[Beside, ...] | None = field(default=None)
