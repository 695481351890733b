"""Keeping what was made: files on disk first, then the snapshot with the job's own transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ioc.domain.period import Calendar, Period
from ioc.errors import IocError
from ioc.exports.extract import Fact
from ioc.exports.form import MIME, Form
from ioc.exports.frozen import Piece, freeze
from ioc.store import export_files, revision_notices, snapshots
from ioc.store.observations import Key

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from ioc.domain.catalogue import Catalogue
    from ioc.domain.units import Units
    from ioc.queries.desk import Desk
    from ioc.web.steady import Moment


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made and checked; `name` is what people save it as."""

    name: str
    form: Form
    content: bytes


@dataclass(frozen=True, slots=True)
class Whose:
    """Who ordered an export: viewer id, the name he calls himself, Scope.key."""

    owner: str
    owner_name: str
    scope: str


def put_files(home: Path, made: Iterable[Made]) -> tuple[snapshots.File, ...]:
    """Write the files of one export; call it before the transaction that keeps the snapshot.

    Raises StoreError when the disk refuses; what was written of the others is swept later.
    """
    return tuple(_put(home, one) for one in made)


def _put(home: Path, made: Made) -> snapshots.File:
    placed = export_files.put(home, made.content, made.form.value)
    pixels = None
    if made.form is Form.PNG:
        from ioc.exports.pixels import pixels_hash

        pixels = pixels_hash(made.content)
    return snapshots.File(
        name=made.name,
        form=made.form.value,
        mime=MIME[made.form],
        size=placed.size,
        sha256=placed.sha256,
        place=placed.place,
        pixels=pixels,
    )


def keep(
    connection: Connection,
    desk: Desk,
    *,
    code: str,
    whose: Whose,
    pieces: Sequence[Piece],
    files: Sequence[snapshots.File],
    at: Moment,
    made_at: datetime,
    kind: str = "page",
    title: str | None = None,
    address: str | None = None,
    complete: bool = True,
    briefing: str | None = None,
    run_id: int | None = None,
) -> int:
    """Keep the snapshot of what was made, in the caller's writing transaction; its id.

    `pieces` are the extracts in their order, `at` the moment they were loaded for. What was
    revised while the files were being made is noted at once. `complete` is False when a form or
    part could not be made.
    """
    first = pieces[0].extract
    data, data_hash = freeze(pieces)
    days = desk.settings.export_keep_days
    snapshot_id = snapshots.keep(
        connection,
        code=code,
        kind=kind,
        owner=whose.owner,
        owner_name=whose.owner_name,
        scope=whose.scope,
        title=title or first.title,
        address=address or first.address,
        lang=first.lang,
        data_version=at.version,
        known_at=at.known_at,
        made_at=made_at,
        data=data,
        data_hash=data_hash,
        illustrative=any(one.extract.illustrative for one in pieces),
        complete=complete and all(one.extract.complete for one in pieces),
        expires_at=made_at + timedelta(days=days) if days else None,
        files=files,
        facts=(
            key for one in pieces for key in keys(desk.catalogue, desk.units, one.extract.facts)
        ),
        briefing=briefing,
        run_id=run_id,
    )
    revision_notices.note_at_once(connection, snapshot_id, made_at)
    return snapshot_id


def keys(catalogue: Catalogue, units: Units, facts: Iterable[Fact]) -> Iterable[Key]:
    """What facts are about, in the store's numbers; those it has no number for are left out."""
    for one in facts:
        try:
            period = Period.parse(one.period, Calendar(one.calendar))
            indicator = catalogue.by_code(one.indicator)
            unit = units.by_key(one.unit)
        except (IocError, ValueError, KeyError):
            continue
        yield Key(indicator.id, period.grain_key, period.key, unit.id, one.breakdown)
