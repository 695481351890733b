"""A downloaded resource as records: a CSV file, a workbook, or a list of objects in JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace

import httpx
import jmespath

from ioc.errors import PermanentSourceError
from ioc.ingest.body import Answer, read_json
from ioc.ingest.connector import Payload, Record, Rejected
from ioc.ingest.paging import search
from ioc.ingest.report import FILE_PLACE
from ioc.ingest.sheets import FileRefused, Limits, csv_sheets, open_book
from ioc.ingest.table import Columns, heading
from ioc.ingest.tabular import MEDIA, Form, file_records
from ioc.ingest.values import as_text, clean

JSON = "application/json"
FORMATS = {"csv": MEDIA[".csv"], "xlsx": MEDIA[".xlsx"], "json": JSON}
"""What a resource may be, and the media type its payload gets."""
_ENDINGS = {media: f".{name}" for name, media in FORMATS.items()}

Headings = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Look:
    """How a resource looks.

    `columns` are short names and the headings they may have; without them every column goes by
    its own heading. `path` is the JMESPath to the list of records in JSON.
    """

    columns: Headings
    path: str | None
    sheet: str | None
    separator: str
    encoding: str
    limits: Limits


def resource_records(
    look: Look, payload: Payload, name: str, number: str, index: int
) -> Iterator[Record | Rejected]:
    """The records of one payload; a table that cannot be read is one rejection.

    `name` is the file's, `number` tells the pages of one delivery apart, `index` is the payload's
    place in its batch. Raises PermanentSourceError for what is no JSON or has no list of records.
    """
    if payload.media == JSON:
        renamed = {heading(one): key for key, all in look.columns.items() for one in all}
        for at, item in enumerate(_items(look, payload), 1):
            fields = {renamed.get(heading(key), key): one for key, one in item.items()}
            yield Record(f"{number} · {at}", fields, index)
        return
    try:
        if not payload.content.strip():
            raise FileRefused("file_empty")
        columns = Columns(look.columns or _headings(look, payload))
        form = Form("table", columns, look.sheet, look.separator, look.encoding, look.limits, {})
        for one in file_records(form, name + _ENDINGS[payload.media], payload.content):
            yield replace(one, payload=index)
    except FileRefused as refused:
        yield Rejected(FILE_PLACE, refused.code, refused.params, payload=index)


def records_in(found: object, label: str, path: str) -> list[dict[str, object]]:
    """A list of records; raises PermanentSourceError naming the path where there is none."""
    if not isinstance(found, list):
        raise PermanentSourceError(
            f"{label}: no list of records at {path}", code="no_records", url=label, path=path
        )
    return [one if isinstance(one, dict) else {"_item": one} for one in found]


def _items(look: Look, payload: Payload) -> list[dict[str, object]]:
    label = payload.label.partition(" ")[0]
    document = read_json(Answer(label, label, payload.content, payload.media, httpx.Headers()))
    found = search(jmespath.compile(look.path), look.path, document) if look.path else document
    return records_in(found, label, look.path or "–")


def _headings(look: Look, payload: Payload) -> Headings:
    """The headings of the first row; raises FileRefused where it has none."""
    with ExitStack() as stack:
        if payload.media == FORMATS["csv"]:
            sheets = csv_sheets(payload.content, look.encoding, look.separator, look.limits)
        else:
            book = stack.enter_context(open_book(payload.content, look.limits))
            sheets = book.sheets(look.sheet)
        for sheet in sheets:
            texts = [clean(as_text(cell)) for cell in (sheet.head[0] if sheet.head else ())]
            named = [one for one in texts if one]
            # A table read by a wrong separator has one column only.
            if len(named) > 1:
                return {one: (one,) for one in named}
    raise FileRefused("file_no_header", headings="–")
