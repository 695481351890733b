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
    head = [(say(lang, "sheets.strip"), one) for one in strip.lines]
    files = []
    for at, sheet in enumerate(extract.sheets):
        named = (say(lang, "export.part"), sheet.title)
        if sheet.missing:
            table = Table((named, (say(lang, "sheets.missing"), sheet.missing)), (), ())
        else:
            table = Table((named,), tuple(heading(one) for one in sheet.columns), sheet.rows)
        if at == 0:
            whole = (
                sheet_table(extract, sheet).about if len(extract.sheets) == 1 else _about(extract)
            )
            table = Table((*head, *whole, *table.about), table.columns, table.rows)
        made = to_csv(table, lang)
        files.append(made if at == 0 else b"\r\n" + made.removeprefix(BOM.encode()))
    return b"".join(files) or to_csv(Table((*head, *_about(extract)), (), ()), lang)


def _about(extract: Extract) -> tuple[tuple[str, str], ...]:
    lang = extract.lang
    lines = [
        *([(say(lang, "export.mark"), say(lang, "words.illustrative"))] if extract.illustrative
          else []),
        *extract.about,
        (say(lang, "export.version"), str(extract.version)),
        (say(lang, "export.source"), ", ".join(one.name for one in extract.origins)),
        *((say(lang, "sheets.caveat"), one) for one in extract.caveats),
        (say(lang, "export.format"), say(lang, "export.format_words")),
    ]  # fmt: skip
    return tuple((name, words) for name, words in lines if words)
