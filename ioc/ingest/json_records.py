"""From the JSON of an answer to its records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import jmespath

from ioc.errors import PermanentSourceError
from ioc.ingest.body import Answer
from ioc.ingest.connector import Record, Rejected
from ioc.ingest.paging import search


class JsonRecords:
    """Finds the records where a source declared them.

    `records` is the path to the list (the whole answer if None), `keyed` says that it is an object
    of records, `context` are fields of the whole answer that stand beside every record.
    """

    def __init__(self, records: str | None, keyed: bool, context: Mapping[str, str]) -> None:
        self._records = records
        self._keyed = keyed
        self._path = jmespath.compile(records) if records else None
        self._context = {name: (path, jmespath.compile(path)) for name, path in context.items()}

    def read(
        self,
        answer: Answer,
        document: object,
        label: str,
        values: Mapping[str, str],
        payload: int,
    ) -> list[Record | Rejected]:
        """All records of a document; raises PermanentSourceError where there is no list of them.

        `values` filled the gaps of the request; they stand in the records as `_period`, `_unit`.
        """
        items = self._items(document, answer)
        extra: dict[str, object] = {
            f"_{name}": text for name, text in values.items() if name != "since"
        }
        extra |= {
            name: search(compiled, path, document)
            for name, (path, compiled) in self._context.items()
        }
        return [
            Record(f"{label} · {at}", {**item, **extra}, payload)
            for at, item in enumerate(items, 1)
        ]

    def _items(self, document: object, answer: Answer) -> Iterator[dict[str, Any]]:
        path = self._records
        found = search(self._path, path, document) if self._path and path else document
        if self._keyed and isinstance(found, dict):
            return ({**_record(one), "_key": key} for key, one in found.items())
        if isinstance(found, list) and not self._keyed:
            return (_record(one) for one in found)
        raise PermanentSourceError(
            f"{answer.label}: no list of records at {path!r}",
            code="no_records",
            url=answer.label,
            path=path or "–",
        )


def _record(item: object) -> dict[str, Any]:
    return item if isinstance(item, dict) else {"_item": item}
