"""An extract as CSV: what it says of itself, then its tables one under the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioc.domain.messages import say
from ioc.exports.extract import Column, Extract, Sheet
from ioc.exports.table import BOM, Table, to_csv

if TYPE_CHECKING:
    from ioc.exports.provenance import Strip


def sheet_table(extract: Extract, sheet: Sheet) -> Table:
    """One table of an extract under the lines that say where it comes from."""
    lang = extract.lang
    mark = sheet.illustrative or extract.illustrative
    about = [
        *([(say(lang, "export.mark"), say(lang, "words.illustrative"))] if mark else []),
        *_moved(extract, sheet),
        (say(lang, "export.version"), str(extract.version)),
        (say(lang, "export.source"), ", ".join(one.name for one in extract.origins)),
        *((say(lang, "sheets.caveat"), one) for one in extract.caveats),
        (say(lang, "export.format"), say(lang, "export.format_words")),
    ]
    kept = tuple((name, words) for name, words in about if words)
    return Table(kept, tuple(heading(one) for one in sheet.columns), sheet.rows)


def _moved(extract: Extract, sheet: Sheet) -> list[tuple[str, str]]:
    """The filters in words with the table's own title below that of the page."""
    first, *rest = extract.about
    return [first, (say(extract.lang, "export.part"), sheet.title), *rest]


def heading(column: Column) -> str:
    """A column's name with its unit of measure: `Chỉ tiêu (%)`."""
    return f"{column.words} ({column.unit})" if column.unit else column.words


def to_csv_file(extract: Extract, strip: Strip) -> bytes:
    """All tables of an extract as one file: UTF-8 with a byte order mark, in the numbers of its
    language; above them the provenance strip, a blank line between two."""
    lang = extract.lang
    head = (
        *strip.about,
        *((say(lang, "sheets.caveat"), one) for one in extract.caveats),
        (say(lang, "export.version"), str(extract.version)),
        (say(lang, "export.format"), say(lang, "export.format_words")),
    )
    files: list[bytes] = []
    for sheet in extract.sheets:
        about = [(say(lang, "export.part"), sheet.title)]
        columns = tuple(heading(one) for one in sheet.columns)
        if sheet.missing:
            about.append((say(lang, "sheets.missing"), sheet.missing))
            columns = ()
        above = about if files else [*head, *about]
        made = to_csv(Table(tuple(above), columns, sheet.rows), lang)
        files.append(b"\r\n" + made.removeprefix(BOM.encode()) if files else made)
    return b"".join(files) or to_csv(Table(head, (), ()), lang)
