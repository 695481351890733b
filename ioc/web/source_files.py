"""The refused records of a source as a table: of one run or reason, every one that is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ioc.domain.messages import explain, say
from ioc.domain.places import place_words
from ioc.domain.times import moment_words
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.exports.table import Table
from ioc.queries.source_detail import refused_of
from ioc.store.engine import reading
from ioc.store.reference import sources as stored_sources

if TYPE_CHECKING:
    from ioc.domain.scope import Scope
    from ioc.queries.desk import Desk

PARTS = ("source", "run", "reason", "lang")
MOST = 20_000
"""Records of one file: what the newest forty runs can have kept."""
_COLUMNS = ("csv_run", "csv_moment", "col_place", "csv_code", "col_reason", "col_record")


def refused_table(desk: Desk, given: Mapping[str, str], scope: Scope, lang: str) -> Table | None:
    """The table of an address's parts; None for who may not read raw records.

    Raises AddressError for a part, source or run that does not exist.
    """
    unknown = next((one for one in given if one not in PARTS), None)
    if unknown is not None:
        raise AddressError(part=unknown, given=given[unknown][:40], allowed=", ".join(PARTS))
    view = View.from_address("/source", **given)
    with reading(desk.engine) as connection:
        facts = {one.name: one for one in stored_sources(connection) if one.active}
        fact = facts.get(view.source or "")
        if fact is None:
            allowed = ", ".join(facts)
            raise AddressError(part="source", given=view.source or "", allowed=allowed)
        found = refused_of(desk, view, scope, fact.id, connection, limit=MOST)
    if found is None:
        return None
    started = {row.id: row.started for row, _ in found.runs}
    about = [
        (say(lang, "export.title"), say(lang, "sources_page.csv_title", title=fact.title[lang])),
        (say(lang, "sources_page.csv_made"), moment_words(desk.now(), lang)),
        (say(lang, "export.address"), view.href(page="source")),
    ]
    if fact.illustrative:
        about.insert(0, (say(lang, "export.mark"), say(lang, "words.illustrative")))
    return Table(
        tuple(about),
        tuple(say(lang, f"sources_page.{one}") for one in _COLUMNS),
        tuple(
            (
                row.run,
                moment_words(started[row.run], lang) if row.run in started else None,
                place_words(row.place, lang),
                row.code,
                explain(lang, row.code, row.params),
                row.record,
            )
            for row in found.rows
        ),
    )
