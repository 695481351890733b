"""The published figures of the first start, read by their real sources, found where they belong."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import httpx
import pytest

from ioc.domain.catalogue import Catalogue
from ioc.domain.measure import Coverage, Restated
from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.target import Status
from ioc.domain.units import Units
from ioc.ingest.connector import Connector
from ioc.ingest.intake import Intake
from ioc.ingest.run import poll
from ioc.ingest.source import load_sources
from ioc.packaged import examples
from ioc.plugins import CONNECTOR, by_name
from ioc.store.engine import open_engine
from tests.ioc.queries.house import NOW, House, Said, about

CONFERENCE = "Hội nghị quản lý nhà nước quý IV/2024"
LOCAL = "cong-bo-dia-phuong"
Q4 = Period(Calendar.CALENDAR, Grain.QUARTER, 2024, 4)


@pytest.fixture(scope="module")
def polled(
    tmp_path_factory: pytest.TempPathFactory,
    _migrated_sqlite: Path,
    units: Units,
    catalogue: Catalogue,
) -> Path:
    """A store that has polled the published figures and nothing else."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(examples() / "drop", home / "drop")
    (home / "sources").mkdir()
    for file in sorted((examples() / "sources").glob("cong-bo-*.yaml")):
        shutil.copyfile(file, home / "sources" / file.name)
    store = home / "ioc.sqlite"
    shutil.copyfile(_migrated_sqlite, store)
    connectors: dict[str, Connector] = by_name(CONNECTOR)  # type: ignore[assignment]
    intake = Intake(
        engine=open_engine(f"sqlite:///{store}"),
        catalogue=catalogue,
        units=units,
        connectors=connectors,
        client=lambda _: httpx.Client(trust_env=False),
        home=home,
        env={},
        now=lambda: NOW,
        owner="test",
        sources={one.name: one for one in load_sources(home, {}, connectors)},
    )
    intake.prepare()
    for source in intake.sources.values():
        report = poll(intake, source)
        assert report is not None
        assert (report.outcome, report.rejected) == ("ok", 0)
    intake.engine.dispose()
    return store


@pytest.fixture
def house(polled: Path, tmp_path: Path, units: Units, catalogue: Catalogue) -> Iterator[House]:
    """A copy of that store, so that a test may add to it."""
    store = tmp_path / "ioc.sqlite"
    shutil.copyfile(polled, store)
    engine = open_engine(f"sqlite:///{store}")
    yield House(engine, units, catalogue).open()
    engine.dispose()


def test_thanh_hoa_shows_its_procedures_online_and_no_dossier_target(house: House) -> None:
    page = house.unit("38", period="2025-05")
    procedures = about(page.cells, "OPS-02")
    assert procedures.figure.value == Fraction(1758, 1950)
    assert (procedures.figure.numerator, procedures.figure.denominator) == (1758, 1950)
    assert procedures.target is not None
    assert procedures.target.value == Fraction(80, 100)
    assert CONFERENCE not in procedures.target.legal.vi
    dossiers = about(page.cells, "OPS-01")
    assert dossiers.figure.value is None
    assert dossiers.target is not None
    assert dossiers.target.value == Fraction(70, 100)
    assert dossiers.status is Status.NOT_JUDGED


def test_no_cell_anywhere_reaches_the_dossier_target_by_procedures(house: House) -> None:
    for parts in ({"period": "2025-05"}, {"period": "2025-Q2"}, {"period": "2025"}, {}):
        answer = house.overview(**parts)
        reached = [c for c in answer.matrix.cells.values() if c.status is Status.REACHED]
        assert "OPS-01" not in {one.indicator.code for one in reached}
        cell = answer.matrix.cells[1038, "OPS-02"]
        if cell.figure.value is not None:
            assert cell.figure.value == Fraction(1758, 1950)
            assert cell.target is not None
            assert cell.target.value == Fraction(80, 100)


def test_a_count_without_its_whole_stays_a_count(house: House) -> None:
    cell = about(house.unit("38", period="2025-06").cells, "OPS-02")
    assert (cell.figure.value, cell.figure.numerator) == (None, 1754)
    assert cell.figure.count_only
    assert cell.status is Status.NOT_JUDGED


def test_hai_duongs_coverage_lies_in_the_history_of_hai_phong(house: House) -> None:
    page = house.unit("31", indicator="SIG-01")
    (published,) = (one for one in page.published if one.indicator.code == "SIG-01")
    assert (published.unit.key, published.unit.ended) == ("30.2025", date(2025, 7, 1))
    assert (published.period, published.figure.value) == (Q4, 1)
    assert "Hợp nhất 2 Bộ" in (published.citation or "")
    (former,) = page.former
    assert former.unit.key == "30.2025"
    assert [(p.period, p.figure.value) for p in former.points] == [(Q4, 1)]
    (event,) = page.events
    assert (event.day, event.kind) == (date(2025, 7, 1), "merge")
    assert {one.key for one in event.predecessors} == {"30.2025", "31.2025"}
    (point,) = page.series.points
    assert (point.period, point.figure.value) == (Q4, None)
    assert point.figure.restated is Restated.NOT_RESTATABLE
    merged = about(house.unit("31", period="2024-Q4").cells, "SIG-01")
    assert merged.figure.value is None
    assert merged.figure.restated is Restated.NOT_RESTATABLE


def test_the_merged_quarter_is_partial_when_the_other_half_reported(house: House) -> None:
    house.tell(Said("31.2025", "SIG-01", "2024-Q4", 1_900_000, 2_000_000), source=LOCAL)
    for indicator_page in (False, True):
        if indicator_page:
            answer = house.indicator("SIG-01", unit="local", period="2024-Q4")
            cell = next(one for one in answer.children if one.unit.key == "31")
        else:
            cell = about(house.unit("31", period="2024-Q4").cells, "SIG-01")
        assert cell.figure.value == Fraction(95, 100)
        assert cell.figure.restated is Restated.PARTIAL
        assert cell.figure.coverage == Coverage(1, 2)
    reported = house.overview(basis="reported", period="2024-Q4", indicator="SIG-01")
    hai_duong = next(one for one in reported.children if one.unit.key == "30.2025")
    assert (hai_duong.figure.value, hai_duong.rank) == (1, 1)


def test_a_former_page_says_what_follows_it_and_keeps_its_figure(house: House) -> None:
    page = house.unit("30.2025", indicator="SIG-01")
    assert [one.key for one in page.successors] == ["31"]
    assert about(page.cells, "SIG-01").figure.value == 1
    assert [one.key for one in page.crumbs] == ["vn", "30.2025"]


def test_the_conferences_targets_are_found_under_todays_ministry(house: House) -> None:
    page = house.unit("most")
    held = [one for one in page.goals if CONFERENCE in one.target.legal.vi]
    found = {(one.indicator.code, level, one.target.value) for one in held for level in one.levels}
    assert ("OPS-01", "ministry", Fraction(85, 100)) in found
    assert ("OPS-01", "province", Fraction(70, 100)) in found
    assert {one.unit.key for one in held} == {"mic.2025"}
    assert house.unit("mic.2025").goals == page.goals
    assert house.unit("moj").goals == ()
    assert any("mic.2025" in {u.key for u in e.predecessors} for e in page.events)


def test_published_figures_of_former_ministries_are_found_under_todays(house: House) -> None:
    published = house.unit("mof").published
    cell = next(one for one in published if one.unit.key == "mof.2025")
    assert cell.figure.value == Fraction(7844, 10000)
    assert cell.figure.empty is None


def test_published_national_figures_of_any_cadence_are_listed(house: House) -> None:
    found = house.indicator("OPS-01").published
    words = {(one.unit.key, one.period.code if one.period else "") for one in found}
    assert {("vn", "2024"), ("gov", "2024"), ("local", "2025-10-26"), ("35.2025", "2024")} <= words
