"""Items delivered, changed, refused and gone; and the figures that are counted from them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from support.taking import deliver, described, intake_of

from ioc.domain.catalogue import Catalogue
from ioc.domain.register import Count, When
from ioc.domain.registers import packaged
from ioc.domain.scope import Scope
from ioc.domain.units import Units
from ioc.domain.view import View
from ioc.errors import CatalogueError, SourceConfigError
from ioc.ingest.counting import Moment, check_counts, count_again
from ioc.ingest.intake import Intake
from ioc.ingest.preview import preview
from ioc.queries.desk import Desk
from ioc.queries.health import sources
from ioc.settings import Settings
from ioc.store import runs
from ioc.store.engine import reading, writing
from ioc.store.observations import standing
from ioc.store.register_tables import item_now, item_version
from ioc.store.versions import current_version
from tests.conftest import Clock
from tests.support.taking import batch_of

RULE: dict[str, Any] = {
    "register": "task",
    "key": "ma",
    "unit": {"key": "dv"},
    "state": "tt",
    "fields": {
        name: name
        for name in (
            "title", "person", "due", "responsibility", "product", "authority", "done", "assigned",
        )
    },
}  # fmt: skip
CLEAR = {"title": "Việc", "person": "A", "responsibility": "B", "product": "C", "authority": "D"}


def fed(name: str = "so-viec", *, illustrative: bool = False, **changes: Any) -> Any:
    return described(
        name, mapping={}, items={**RULE, **changes}, illustrative=illustrative, rank=100
    )


@pytest.fixture
def opened(engine: Engine, units: Units, catalogue: Catalogue, clock: Clock, tmp_path: Path) -> Any:
    def made(*sources: Any) -> Intake:
        return intake_of(engine, units, catalogue, clock, tmp_path, *sources)

    return made


def task(key: str, unit: str, due: str | None, state: str = "doing", **more: Any) -> dict[str, Any]:
    return {"ma": key, "dv": unit, "tt": state, "due": due, **CLEAR, **more}


def items(intake: Intake) -> dict[str, tuple[str, str]]:
    """Key → state and missing fields of what stands."""
    with reading(intake.engine) as connection:
        rows = connection.execute(select(item_now)).mappings().all()
    return {row["key"]: (row["state"], row["missing"]) for row in rows}


def figures(intake: Intake) -> dict[tuple[str, str, str, int], tuple[int | None, int | None]]:
    """(source, indicator, unit, period) → numerator and denominator of what stands."""
    names = {fact.id: fact.name for fact in intake.facts.values()}
    with reading(intake.engine) as connection:
        rows = connection.execute(select(standing)).mappings().all()
    return {
        (
            names[row["source_id"]],
            intake.catalogue.by_id(row["indicator_id"]).code,
            intake.units.by_id(row["unit_id"]).key,
            row["period"],
        ): (row["num"], row["den"])
        for row in rows
    }


def versions(intake: Intake) -> int:
    with reading(intake.engine) as connection:
        return len(connection.execute(select(item_version)).all())


def test_items_are_kept_counted_and_told_in_the_run(opened: Any, clock: Clock) -> None:
    intake = opened(fed())
    rows = [
        task("A", "38", "20/06/2026", "done", done="19/06/2026"),
        task("B", "38", "20/06/2026", "done", done="22/06/2026"),
        task("C", "38", "01/01/2099"),
        task("D", "38", None, person=""),
        task("E", "moha", "30/06/2026"),
        task("F", "98", "30/06/2026"),
        task("", "38", "30/06/2026"),
    ]
    report, outcome, run_id = deliver(intake, rows, "so-viec")
    assert (report.outcome, report.added, report.rejected) == ("partial", 5, 2)
    assert [one.code for one in outcome.rejected] == ["unknown_unit_key", "item_no_key"]
    assert items(intake)["D"] == ("doing", "person,due")
    with reading(intake.engine) as connection:
        fact = runs.runs_by_id(connection, [run_id])[run_id]
    assert (fact.read, fact.added, fact.unchanged, fact.rejected) == (7, 5, 0, 2)
    found = figures(intake)
    july = 2026007
    assert found["so-task", "TSK-01", "38", july] == (1, 2)
    assert found["so-task", "TSK-01", "moha", july] == (0, 1)
    assert not [key for key in found if key[1] == "TSK-01" and key[3] > 2026012]
    (open_tasks,) = [key for key in found if key[1:3] == ("TSK-02", "38")]
    assert found[open_tasks] == (1, 2)
    before = current_version(intake.engine), versions(intake)
    report, *_ = deliver(intake, rows[:5], "so-viec")
    assert (report.outcome, report.added) == ("unchanged", 0)
    assert (current_version(intake.engine), versions(intake)) == before


def test_a_bad_record_leaves_the_last_good_version(opened: Any) -> None:
    intake = opened(fed(whole=True))
    deliver(intake, [task("A", "38", "20/06/2026"), task("B", "38", "20/06/2026")], "so-viec")
    report, outcome, _ = deliver(
        intake, [task("A", "38", "hôm qua"), task("C", "38", "2026")], "so-viec"
    )
    assert report.outcome == "partial"
    assert [one.code for one in outcome.rejected] == ["item_date"]
    # A was refused and stands; B did not come and is gone.
    assert set(items(intake)) == {"A", "C"}
    deliver(intake, [task("C", "38", "2026"), task("", "38", "2026")], "so-viec")
    assert set(items(intake)) == {"A", "C"}, "nobody can tell whose record was refused"
    deliver(intake, [task("C", "38", "2026")], "so-viec")
    assert set(items(intake)) == {"C"}
    deliver(intake, [], "so-viec")
    assert set(items(intake)) == {"C"}, "nothing at all is no list of everything"


def test_one_key_twice_keeps_the_first(opened: Any) -> None:
    intake = opened(fed())
    rows = [task("A", "38", "2026"), task("A", "38", "2026"), task("A", "38", "2027")]
    seen = preview(intake, intake.sources["so-viec"], batch_of(rows))
    assert [(one.verdict, one.code) for one in seen.rows] == [
        ("accepted", ""), ("rejected", "item_twice"),
    ]  # fmt: skip
    report, outcome, _ = deliver(intake, rows, "so-viec")
    assert (report.added, report.rejected) == (1, 1)
    assert outcome.rejected[0].params == {"key": "A"}
    with reading(intake.engine) as connection:
        assert connection.execute(select(item_now.c.due_day)).scalars().all() == [20261231]


def test_a_contract_may_refuse_a_delivery_as_a_whole(opened: Any) -> None:
    source = fed().model_copy(update={"contract": described(contract={"accept": "whole"}).contract})
    intake = opened(source)
    report, outcome, _ = deliver(
        intake, [task("A", "38", "2026"), task("B", "98", "2026")], "so-viec"
    )
    assert (report.added, items(intake)) == (0, {})
    assert outcome.rejected[-1].code == "whole_refused"


def test_real_and_illustrative_items_are_counted_apart(opened: Any) -> None:
    intake = opened(fed("that"), fed("mau", illustrative=True))
    deliver(intake, [task("A", "38", "20/06/2026")], "that")
    deliver(intake, [task("M", "38", "20/06/2026"), task("N", "08", "20/06/2026")], "mau")
    found = figures(intake)
    assert found["so-task", "TSK-01", "38", 2026007] == (0, 1)
    assert found["so-task-minh-hoa", "TSK-01", "38", 2026007] == (0, 1)
    assert found["so-task-minh-hoa", "TSK-01", "08", 2026007] == (0, 1)
    assert intake.ranks[intake.facts["so-task"].id] < 100
    assert intake.ranks[intake.facts["so-task-minh-hoa"].id] > 100
    assert intake.facts["so-task-minh-hoa"].illustrative


def test_what_went_is_counted_no_more_and_a_commune_counts_for_its_province(
    opened: Any, units: Units
) -> None:
    intake = opened(fed(whole=True))
    commune = next(
        one.key
        for one in units.children(1038, intake.now().date())
        if one.alive(intake.now().date())
    )
    deliver(intake, [task("A", commune, "20/06/2026"), task("B", "08", "20/06/2026")], "so-viec")
    assert figures(intake)["so-task", "TSK-01", "38", 2026007] == (0, 1)
    deliver(intake, [task("B", "08", "20/06/2026")], "so-viec")
    found = figures(intake)
    assert found["so-task", "TSK-01", "38", 2026007] == (0, 0)
    assert found["so-task", "TSK-01", "08", 2026007] == (0, 1)


def test_a_day_that_passes_is_counted_although_nothing_came(opened: Any, clock: Clock) -> None:
    intake = opened(fed())
    tomorrow = (clock() + timedelta(days=1)).date()
    rows = [task("A", "38", tomorrow.isoformat())]
    deliver(intake, rows, "so-viec")
    assert not [key for key in figures(intake) if key[1] == "TSK-01"]
    version = current_version(intake.engine)
    clock.advance(days=2)
    deliver(intake, rows, "so-viec")
    assert [value for key, value in figures(intake).items() if key[1] == "TSK-01"] == [(0, 1)]
    assert current_version(intake.engine) > version


def test_counting_for_touched_units_leaves_the_others(opened: Any) -> None:
    intake = opened(fed())
    deliver(intake, [task("A", "38", "20/06/2026"), task("B", "08", "20/06/2026")], "so-viec")
    register = intake.registers.by_key("task")
    with writing(intake.engine) as connection:
        connection.execute(item_now.update().values(done_day=20260601))
        moment = Moment(0, 2_000_000_000_000_000, intake.now())
        assert count_again(connection, intake, register, moment, {1038}) == 1
    found = figures(intake)
    assert found["so-task", "TSK-01", "38", 2026007] == (1, 1)
    assert found["so-task", "TSK-01", "08", 2026007] == (0, 1)


def test_every_declared_count_fits_its_indicator(catalogue: Catalogue) -> None:
    check_counts(packaged(), catalogue)
    task_register = packaged().by_key("task")
    wrong = task_register.model_copy(
        update={"counts": (Count(indicator="TSK-01", where=When(phases=("open",))),)}
    )
    with pytest.raises(CatalogueError, match="numerator and denominator"):
        check_counts(type(packaged())([wrong]), catalogue)


def test_a_registers_own_sources_stay_active_and_off_the_list_of_sources(
    opened: Any, catalogue: Catalogue, units: Units
) -> None:
    intake = opened(fed())
    deliver(intake, [task("A", "38", "20/06/2026")], "so-viec")
    before = intake.facts["so-task"]
    intake.prepare()
    assert intake.facts["so-task"] == before
    assert before.active
    assert not before.polled
    desk = Desk(intake.engine, catalogue, units, Settings(home=intake.home), intake.now)
    scope = Scope.all()
    listed = sources(desk, View.from_address("/sources"), scope)
    assert [one.name for one in listed.rows] == ["so-viec"]
    detail = sources(desk, View.from_address("/source", source="so-task"), scope)
    assert detail.chosen is not None
    assert (detail.chosen.name, detail.chosen.state) == ("so-task", "ok")


def test_a_source_may_not_take_a_registers_name(opened: Any) -> None:
    with pytest.raises(SourceConfigError, match="a name that is not a register's own"):
        opened(fed("so-task"))
