"""Every row of docs/seeds.md, from A1 to D26, is found at its address in a fresh installation."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from plotly.utils import PlotlyJSONEncoder

from ioc.domain.catalogue import Catalogue
from ioc.domain.scope import Scope
from ioc.domain.units import Units
from ioc.domain.view import View
from ioc.ingest.connector import Connector
from ioc.ingest.intake import Intake
from ioc.ingest.run import poll
from ioc.ingest.source import load_sources
from ioc.packaged import examples
from ioc.plugins import CONNECTOR, PAGE, by_name
from ioc.queries.desk import Desk
from ioc.settings import Settings
from ioc.store.engine import open_engine
from ioc.web.page import Page

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
DOCUMENT = Path(__file__).parents[2] / "docs" / "seeds.md"
LINE = re.compile(r"^\| ([A-D]\d+) \| ([^|]+) \| `([^`]+)` \| ([^|]+) \|$", re.MULTILINE)
ROWS = {"A": 26, "B": 25, "C": 15, "D": 26}
HIDDEN = ("type", "namespace", "className", "id", "href", "figure", "columnDefs")
PAGES: dict[str, Page] = by_name(PAGE)  # type: ignore[assignment]


@dataclass(frozen=True)
class Row:
    """A line of the table: which thing of the articles, where, and what is shown there."""

    id: str
    address: str
    shown: tuple[str, ...]


def rows() -> list[Row]:
    """The lines of the document's table."""
    found = LINE.findall(DOCUMENT.read_text(encoding="utf-8"))
    return [
        Row(one, at, tuple(t.strip() for t in texts.split("; "))) for one, _, at, texts in found
    ]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, _migrated_sqlite: Path) -> Iterator[Desk]:
    """A product that has read the published files and nothing else."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(examples() / "drop", home / "drop")
    (home / "sources").mkdir()
    for file in sorted((examples() / "sources").glob("cong-bo-*.yaml")):
        shutil.copyfile(file, home / "sources" / file.name)
    shutil.copyfile(_migrated_sqlite, home / "ioc.sqlite")
    engine = open_engine(f"sqlite:///{home / 'ioc.sqlite'}")
    units = Units.load()
    catalogue = Catalogue.load(units=units)
    connectors: dict[str, Connector] = by_name(CONNECTOR)  # type: ignore[assignment]
    intake = Intake(
        engine=engine,
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
        assert (source.name, report.outcome, report.rejected) == (source.name, "ok", 0)
    yield Desk(engine, catalogue, units, Settings(home=home, secret_key="k" * 40), lambda: NOW)
    engine.dispose()


def drawn(desk: Desk, address: str) -> str:
    """Every text of the page at an address, one after the other."""
    path, _, query = address.partition("?")
    parts = dict(one.split("=", 1) for one in query.split("&") if one)
    view = View.from_address(path, lang="vi", **parts)
    page = PAGES[view.page]
    answer = page.load(desk, view, Scope.all())
    assert page.title(answer, view)
    found = json.loads(json.dumps(page.render(answer, view), cls=PlotlyJSONEncoder))
    return " ".join(" ".join(texts(found)).split())


def texts(node: object) -> Iterator[str]:
    """The words of a drawn page: not those of the filter bar, of addresses or for scripts."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for one in node:
            yield from texts(one)
    elif isinstance(node, dict) and node.get("className") != "filters":
        for name, one in node.items():
            if name not in HIDDEN and not name.startswith("data-"):
                yield from texts(one)


def test_the_rows_are_exactly_those_of_the_articles() -> None:
    expected = [f"{part}{number + 1}" for part, last in ROWS.items() for number in range(last)]
    assert list(dict.fromkeys(one.id for one in rows())) == expected
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    assert len(rows()) == sum(bool(re.match(r"\| [A-D]\d", line)) for line in lines)


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.id}-{row.address.split('?')[0]}")
def test_a_row_is_found_at_its_address(row: Row, desk: Desk) -> None:
    said = drawn(desk, row.address)
    assert row.shown
    for text in row.shown:
        assert text in said, f"{row.id}: {text!r} is not drawn at {row.address}"
