"""What a delivery said of items of a register on its way into the store, and what is counted."""

from __future__ import annotations

from sqlalchemy import Connection

from ioc.ingest.connector import Batch
from ioc.ingest.counting import Moment, count_again, counted_on
from ioc.ingest.desk import Taken
from ioc.ingest.intake import Intake
from ioc.ingest.source import Source
from ioc.store.items import keep
from ioc.store.reference import citation_ids


def keep_items(
    connection: Connection,
    source: Source,
    batch: Batch,
    taken: Taken,
    intake: Intake,
    ids: tuple[int, int, int],
) -> bool:
    """Keep the items of a delivery inside its run's transaction and count them into figures.

    `ids` are those of the source and the run, and the moment it is recorded at. What came is
    counted in `taken`. Gives whether an item or a figure is other than before.
    """
    if source.items is None:
        return False
    source_id, run_id, recorded_at = ids
    register = intake.registers.by_key(source.items.register_key)
    words = citation_ids(connection, {one.citation for one in taken.said if one.citation})
    kept = keep(
        connection,
        register,
        intake.units,
        (
            one.said._replace(citation_id=words[one.citation] if one.citation else None)
            for one in taken.said
        ),
        source_id=source_id,
        run_id=run_id,
        recorded_at=recorded_at,
        illustrative=source.illustrative,
        by=source.name,
        whole=_whole(source.items.whole, batch, taken),
        still=frozenset(taken.still) | batch.points_still,
    )
    taken.added += kept.added + kept.changed + kept.gone
    taken.unchanged += taken.items - kept.added - kept.changed
    if not kept.moved:
        return count_today(connection, source, intake, run_id, recorded_at)
    count_again(connection, intake, register, Moment(run_id, recorded_at, intake.now()))
    return True


def count_today(
    connection: Connection, source: Source, intake: Intake, run_id: int, recorded_at: int
) -> bool:
    """Count a register again on a new day, although nothing came: periods begin, dates pass.

    Once a day, whoever polls; gives whether a figure is other than before.
    """
    if source.items is None:
        return False
    register = intake.registers.by_key(source.items.register_key)
    moment = Moment(run_id, recorded_at, intake.now())
    if not register.counts or counted_on(connection, intake, register) == moment.today:
        return False
    return count_again(connection, intake, register, moment) > 0


def _whole(declared: bool, batch: Batch, taken: Taken) -> bool:
    """Whether an item that did not come is gone.

    Not while nothing came at all, while only a slice of a longer history did, or while a record
    was refused whose key nobody can tell.
    """
    sliced = batch.progress is not None and batch.progress[1] > 1
    unsure = taken.unsure and not (batch.points is not None and batch.points_whole)
    return declared and taken.items > 0 and not sliced and not unsure
