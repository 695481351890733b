"""Long deliveries: taken in pieces within one transaction, as if they were one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Table, func, select
from support.taking import deliver, described, intake_of, row

from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.errors import PermanentSourceError, TransientSourceError
from ioc.ingest import chunks
from ioc.ingest.connector import Batch, Record
from ioc.ingest.intake import Intake
from ioc.ingest.taking import take
from ioc.store import held, leases, rejections, runs
from ioc.store.engine import reading
from ioc.store.observations import observation, standing
from ioc.store.summary import latest, summary, summary_version
from tests.conftest import Clock

CODES = ["01", "04", "08", "11", "12", "14", "15", "19", "20", "22", "24", "25", "31", "33"]
MONTHS = [f"2026-{month:02}" for month in range(1, 9)]


@pytest.fixture
def open_intake(
    engine: Engine, units: Units, catalogue: Catalogue, clock: Clock, tmp_path: Path
) -> Any:
    def opened(contract: dict[str, Any] | None = None) -> Intake:
        return intake_of(
            engine, units, catalogue, clock, tmp_path, described(contract=contract or {})
        )

    return opened


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of seven figures instead of thousands."""
    sizes = chunks.chunks.__defaults__
    assert sizes == (chunks.SIZE,)
    monkeypatch.setattr(chunks.chunks, "__defaults__", (7,))


def rows(**changed: Any) -> list[dict[str, Any]]:
    """112 figures of OPS-02, spread so that every piece touches the same totals."""
    return [
        {**row(code, 10 + at, 100 + at, month), **changed}
        for month in MONTHS
        for at, code in enumerate(CODES)
    ]


def content(engine: Engine, table: Table) -> list[tuple[Any, ...]]:
    with reading(engine) as connection:
        return sorted(map(tuple, connection.execute(select(table))), key=repr)


def count(engine: Engine, table: Table) -> int:
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


TABLES = (observation, standing, summary, summary_version, latest)


def test_pieces_make_the_same_store_as_one_piece(
    engine: Engine,
    units: Units,
    catalogue: Catalogue,
    clock: Clock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same delivery into an empty store, once in one piece and once in sixteen."""
    intake = intake_of(engine, units, catalogue, clock, tmp_path, described())
    whole, *_ = deliver(intake, rows())
    expected = {table.name: content(engine, table) for table in TABLES}
    with engine.begin() as connection:
        for table in TABLES:
            connection.execute(table.delete())
    monkeypatch.setattr(chunks.chunks, "__defaults__", (7,))
    pieces, *_ = deliver(intake, rows())
    assert (pieces.added, pieces.outcome) == (whole.added, whole.outcome) == (112, "ok")
    moments = ("recorded_at", "prev_recorded_at", "run_id", "version")
    for table in TABLES:
        names = [column.name for column in table.columns]
        kept = [at for at, name in enumerate(names) if name not in moments]

        def plain(rows: list[tuple[Any, ...]], kept: list[int] = kept) -> list[Any]:
            return sorted((tuple(one[at] for at in kept) for one in rows), key=repr)

        assert plain(content(engine, table)) == plain(expected[table.name]), table.name


@pytest.mark.usefixtures("small_pieces")
def test_twins_are_found_across_pieces(open_intake: Any) -> None:
    intake = open_intake()
    first, same, other = rows()[0], dict(rows()[0]), {**rows()[0], "num": 99}
    report, outcome, _ = deliver(intake, [*rows(), same, other, first])
    assert (report.added, report.rejected) == (112, 1)
    assert [(one.place, one.code) for one in outcome.rejected] == [
        ("item 114", "twice_in_delivery")
    ]


@pytest.mark.usefixtures("small_pieces")
def test_rejections_beyond_those_kept_are_counted(open_intake: Any) -> None:
    intake = open_intake()
    many = rejections.KEPT_REJECTIONS + 30
    report, outcome, run_id = deliver(
        intake, [*rows(), *(row("98", at, 10**6) for at in range(many))]
    )
    assert (report.added, report.rejected, outcome.refused) == (112, many, many)
    assert len(outcome.rejected) == rejections.KEPT_REJECTIONS
    with reading(intake.engine) as connection:
        kept = rejections.rejections(connection, run_id, many)
        assert runs.runs_by_id(connection, [run_id])[run_id].rejected == many
    assert len(kept) == rejections.KEPT_REJECTIONS


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("contract", [{"accept": "whole"}, {"unknown_units": "refuse_all"}])
def test_one_bad_record_at_the_end_refuses_the_whole(
    open_intake: Any, engine: Engine, contract: dict[str, Any]
) -> None:
    intake = open_intake(contract)
    report, outcome, _ = deliver(intake, [*rows(), row("98", 1, 2)])
    assert (report.outcome, report.added, report.rejected) == ("partial", 0, 2)
    assert (outcome.readings, outcome.committed) == (0, True)
    assert [one.code for one in outcome.rejected] == ["unknown_code", "whole_refused"]
    assert outcome.rejected[1].params == {"readings": 112, "rejected": 1}
    assert [count(engine, table) for table in TABLES] == [0] * 5
    good, *_ = deliver(intake, rows())
    assert (good.outcome, good.added) == ("ok", 112)


@pytest.mark.usefixtures("small_pieces")
def test_too_few_records_leave_nothing(open_intake: Any, engine: Engine) -> None:
    intake = open_intake({"min_records": 113})
    with pytest.raises(PermanentSourceError) as told:
        deliver(intake, rows())
    assert told.value.params == {"records": 112, "least": 113}
    assert [count(engine, table) for table in TABLES] == [0] * 5


@pytest.mark.usefixtures("small_pieces")
def test_a_source_that_breaks_off_leaves_nothing(open_intake: Any, engine: Engine) -> None:
    intake = open_intake()
    fact = intake.facts["portal"]
    ticket = leases.begin(engine, fact.id, intake.owner, intake.now(), 60)
    assert ticket is not None

    def broken() -> Iterator[Record]:
        for at, one in enumerate(rows()[:50]):
            yield Record(str(at), one)
        raise TransientSourceError("gone", code="cut_off")

    with pytest.raises(TransientSourceError, match="gone"):
        take(intake, intake.sources["portal"], ticket, Batch(broken(), []), None)
    assert [count(engine, table) for table in TABLES] == [0] * 5


@pytest.mark.usefixtures("small_pieces")
def test_jumps_are_held_in_every_piece_and_refused_with_the_whole(
    open_intake: Any, engine: Engine
) -> None:
    intake = open_intake({"max_jump": {"times": 10}, "accept": "whole"})
    deliver(intake, rows())
    thousandfold = [{**one, "num": one["num"] * 1000, "den": one["den"] * 1000} for one in rows()]
    report, *_ = deliver(intake, [*thousandfold, row("98", 1, 2)])
    assert (report.held, report.rejected) == (0, 2)
    assert count(engine, held.held) == 0
    report, *_ = deliver(intake, thousandfold)
    assert (report.outcome, report.held, report.added) == ("partial", 112, 0)
    assert count(engine, held.held) == 112


def test_a_short_delivery_is_read_before_the_transaction(open_intake: Any, engine: Engine) -> None:
    intake = open_intake()
    fact = intake.facts["portal"]
    ticket = leases.begin(engine, fact.id, intake.owner, intake.now(), 60)
    assert ticket is not None

    def records() -> Iterator[Record]:
        # Another writer gets through while the delivery is read.
        runs.start_run(engine, fact.id, intake.now())
        yield Record("1", rows()[0])

    report, *_ = take(intake, intake.sources["portal"], ticket, Batch(records(), []), None)
    assert report.added == 1
