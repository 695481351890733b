"""The records of one file: of a small one at once, of a large one row by row when asked for."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, MutableMapping
from itertools import islice
from typing import Any

from ioc.errors import PermanentSourceError
from ioc.ingest.connector import Record, Rejected
from ioc.ingest.drop import safe_name
from ioc.ingest.guard import too_slow
from ioc.ingest.report import FILE_PLACE
from ioc.ingest.sheets import FileRefused
from ioc.ingest.tabular import Form, file_records

_AT_ONCE = 5_000
"""Records that are read before the run goes on; a larger file is read row by row."""
_LOOK = 200
Taken = Iterable[Record | Rejected]


def taken(
    form: Form,
    name: str,
    content: bytes,
    memory: MutableMapping[str, Any],
    deadline: float | None = None,
) -> Taken:
    """The records of a file: read at once where they are few, again and again where many.

    `memory` is kept between runs, `deadline` is the run's. Raises FileRefused, and
    TransientSourceError when the time is up.
    """
    known = memory.get(_digest(content))
    if known is not None:
        return [Rejected(FILE_PLACE, known.code, known.params)]
    first = list(islice(_until(deadline, file_records(form, name, content)), _AT_ONCE + 1))
    return first if len(first) <= _AT_ONCE else _Streamed(form, name, content, memory, deadline)


class _Streamed:
    """The records of a large file, read anew each time they are asked for: memory stays bounded.

    A workbook that breaks after so many rows fails the run; nothing of it is taken in, and the
    next run refuses the file whole.
    """

    def __init__(
        self,
        form: Form,
        name: str,
        content: bytes,
        memory: MutableMapping[str, Any],
        deadline: float | None,
    ) -> None:
        self._file = (form, name, content)
        self._memory = memory
        self._deadline = deadline

    def __iter__(self) -> Iterator[Record | Rejected]:
        try:
            yield from _until(self._deadline, file_records(*self._file))
        except FileRefused as refused:
            _, name, content = self._file
            self._memory[_digest(content)] = refused
            raise PermanentSourceError(
                f"{safe_name(name)}: {refused.code}", code=refused.code, **refused.params
            ) from None


def _until(deadline: float | None, records: Taken) -> Iterator[Record | Rejected]:
    """The records as long as the run has time: a hostile file may need hours."""
    for count, one in enumerate(records):
        if deadline is not None and count % _LOOK == 0 and time.monotonic() > deadline:
            raise too_slow()
        yield one


def _digest(content: bytes) -> str:
    return f"refused:{hashlib.sha256(content).hexdigest()}"
