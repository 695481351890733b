"""Failures of the machine itself: a poller killed in its run, a store that is locked or full."""

from __future__ import annotations

import csv
import io
import random
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import SQLAlchemyError
from support.portal import Portal, free_port, running_portal

from ioc import home
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.ingest.intake import Intake
from ioc.ingest.run import poll
from ioc.ingest.scheduler import open_intake
from ioc.packaged import examples
from ioc.queries.desk import Desk
from ioc.queries.health import sources
from ioc.settings import Settings
from ioc.store.engine import open_engine, utc_now
from ioc.store.versions import current_version

ROOT = Path(__file__).parent.parent
SOURCE = "cong-bo-dia-phuong"
FILE = "dia-phuong.csv"
KILLED_BEFORE_THE_COMMIT = """
    import os, signal, sys
    from pathlib import Path
    from ioc.ingest import run, scheduler
    from ioc.settings import Settings

    def die(connection, run_id, *_, **__):
        written = connection.exec_driver_sql("SELECT count(*) FROM observation").scalar()
        print(written, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

    run.runs.finish_run = die
    settings = Settings(home=Path(sys.argv[1]), demo=False, secret_key="k" * 40)
    intake = scheduler.open_intake(settings, {})
    run.poll(intake, intake.sources[sys.argv[2]])
"""


def settings_of(folder: Path) -> Settings:
    """A home with the published figures and no demonstration."""
    place = folder / "home"
    home.fill(place, demo=False)
    return Settings(home=place, demo=False, port=free_port(), secret_key="k" * 40)


@pytest.fixture
def intake(tmp_path: Path) -> Iterator[Intake]:
    opened = open_intake(settings_of(tmp_path), {})
    yield opened
    opened.engine.dispose()


def observations(intake: Intake) -> list[tuple[Any, ...]]:
    """What the observations say, without when and by which run."""
    query = text(
        "SELECT indicator_id, unit_id, period, breakdown, num, den, val"
        " FROM observation ORDER BY 1, 2, 3, 4, 5, 6, 7"
    )
    with intake.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_a_poller_killed_before_its_commit_leaves_nothing_and_runs_again(
    intake: Intake, tmp_path: Path
) -> None:
    assert poll(intake, intake.sources[SOURCE]) is not None
    expected = observations(intake)
    other = settings_of(tmp_path / "killed")
    arguments = [str(other.home), SOURCE]
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED_BEFORE_THE_COMMIT), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL
    assert int(killed.stdout) == len(expected), "it was killed after writing, before the commit"
    again = open_intake(other, {})
    try:
        assert observations(again) == []
        assert current_version(again.engine) == 0
        assert (other.home / "drop" / "published" / FILE).exists()
        report = poll(again, again.sources[SOURCE])
        assert report is not None, "the next start knows that the killed poller is gone"
        assert report.added == len(expected)
        assert observations(again) == expected
        assert outcomes(again) == ["abandoned", "ok"]
    finally:
        again.engine.dispose()


def outcomes(intake: Intake) -> list[str]:
    with intake.engine.connect() as connection:
        found = connection.execute(text("SELECT outcome FROM run ORDER BY started_at"))
        return [str(row[0]) for row in found]


# --- a store that does not take anything ---------------------------------------------------------


@pytest.fixture
def served(intake: Intake) -> Iterator[Portal]:
    """The product over the published figures."""
    assert poll(intake, intake.sources[SOURCE]) is not None
    settings = settings_of(intake.home.parent)
    engine = open_engine(settings.database_url)
    desk = Desk(engine, intake.catalogue, intake.units, settings, utc_now)
    with running_portal(intake.home, desk) as portal:
        yield portal


def last_good(intake: Intake) -> datetime | None:
    settings = Settings(home=intake.home, demo=False, secret_key="k" * 40)
    desk = Desk(intake.engine, intake.catalogue, intake.units, settings, utc_now)
    answer = sources(desk, View(page="sources"), Scope.all())
    return next(row.last_good for row in answer.rows if row.name == SOURCE)


def pages_answer(portal: Portal) -> None:
    for number, path in enumerate(("/unit/38", "/indicator/OPS-02", "/sources")):
        # Another address each time: none of it comes from the pages drawn before.
        basis = f"?basis=2025-0{number + 1}-01" if "unit" in path else ""
        assert httpx.get(portal.url + path + basis, timeout=20).status_code == 200


def test_reads_go_on_while_another_program_holds_the_store(
    intake: Intake, served: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with intake.engine.connect() as holder:
        holder.execution_options(writes=True)
        holder.execute(text("UPDATE source SET rank = rank"))
        pages_answer(served)
        holder.rollback()


@pytest.mark.parametrize("trouble", ["read-only", "full"])
def test_a_store_that_takes_nothing_changes_no_time_and_no_figure(
    intake: Intake, served: Portal, trouble: str
) -> None:
    before = last_good(intake)
    figures = observations(intake)
    assert before is not None
    drop = intake.home / "drop" / "published"
    (drop / FILE).write_text(changed(), encoding="utf-8")
    pragma = "PRAGMA query_only=ON" if trouble == "read-only" else "PRAGMA max_page_count=1"
    intake.engine.dispose()

    @event.listens_for(intake.engine, "connect")
    def hinder(connection: Any, _: object) -> None:
        connection.execute(pragma).close()

    source = intake.sources[SOURCE]
    with suppress(SQLAlchemyError):
        report = poll(replace_now(intake, hours=1), source)
        assert report is None or report.outcome == "failed"
    event.remove(intake.engine, "connect", hinder)
    intake.engine.dispose()
    pages_answer(served)
    assert observations(intake) == figures
    assert last_good(intake) == before
    assert (drop / FILE).exists(), "a delivery that was not taken in stays where it is"


def changed() -> str:
    """The published figures with others in their place and too long a note for a full store."""
    written = (examples() / "drop" / "published" / FILE).read_text(encoding="utf-8-sig")
    rows = list(csv.reader(written.splitlines(), delimiter=";" if ";" in written[:80] else ","))
    note, top = rows[0].index("Ghi chú"), rows[0].index("Tử số")
    noise = random.Random(1)
    for row in rows[1:]:
        row[note] = noise.randbytes(20_000).hex()
        row[top] = row[top] and "1"
    text = io.StringIO()
    csv.writer(text, delimiter=";" if ";" in written[:80] else ",").writerows(rows)
    return text.getvalue()


def replace_now(intake: Intake, **later: float) -> Intake:
    return replace(intake, now=lambda: utc_now() + timedelta(**later))


# --- addresses of exports ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "address=/unit/nope&part=trend",
        "address=/indicator/OPS-99&part=trend",
        "address=/unit/38?period=2026-13&part=trend",
        "address=/unit/38&part=nothing",
        "address=/unit/38&part=../../etc/passwd",
        "address=/unit/38&part=trend&unit=gov",
    ],
)
def test_a_wrong_export_is_refused_and_never_everything(served: Portal, query: str) -> None:
    answer = httpx.get(f"{served.url}/export.csv?{query}")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")


def test_the_name_of_an_export_is_made_by_the_server(served: Portal) -> None:
    answer = httpx.get(f"{served.url}/export.csv", params={"address": "/unit/38", "part": "trend"})
    assert answer.status_code == 200
    name = answer.headers["content-disposition"].partition("filename=")[2]
    assert name.startswith("ioc-unit-38-trend-")
    assert name.endswith(".csv")
