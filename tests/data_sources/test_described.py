"""Each kind of source is documented from its own settings, and its example is a right one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.ingest import describe
from ioc.ingest.connector import Connector
from ioc.ingest.mapping import Reader
from ioc.ingest.scheduler import connectors
from ioc.ingest.source import read_source

PAGES = Path(__file__).parents[2] / "docs" / "connectors"


class Everything(dict[str, str]):
    """An environment in which each variable is set."""

    def get(self, key: str, default: object = None) -> str:  # type: ignore[override]
        return f"{key.lower()}-is-set"


@pytest.fixture(params=sorted(connectors()))
def connector(request: pytest.FixtureRequest) -> Connector:
    return connectors()[request.param]


def test_the_page_is_the_one_that_is_made(connector: Connector) -> None:
    file = PAGES / f"{connector.name}.md"
    again = "make them anew: ioc source kinds --docs docs/connectors"
    assert file.is_file(), again
    assert file.read_text(encoding="utf-8") == describe.document(connector), again


def test_no_page_is_left_of_a_kind_that_is_gone() -> None:
    assert {file.stem for file in PAGES.glob("*.md")} == set(connectors())


def test_every_setting_is_described_in_a_sentence(connector: Connector) -> None:
    bare = [row.name for row in describe.rows(connector.Config) if not row.description]
    assert bare == []
    short = [
        row.name for row in describe.rows(connector.Config) if row.description[-1] not in ".):"
    ]
    assert short == [], "a description is a sentence"


def test_the_kind_is_introduced(connector: Connector) -> None:
    assert len(describe.introduction(connector)) > 40


def test_the_example_is_a_right_source(connector: Connector, tmp_path: Path) -> None:
    text = describe.example(connector)
    assert text, f"{connector.name}: EXAMPLE"
    file = tmp_path / "example.yaml"
    file.write_text(text, encoding="utf-8")
    source = read_source(file, Everything(), connectors())
    assert source.connector == connector.name
    units = Units.load()
    Reader(source, Catalogue.load(units=units), units, datetime(2026, 11, 22, tzinfo=UTC))
