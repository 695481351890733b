"""What the program offers is written down: settings, commands, plug-ins, fields, targets, links."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ioc import plugins
from ioc.cli import parser
from ioc.domain.catalogue import Catalogue
from ioc.domain.indicator import Indicator
from ioc.domain.register import (
    Checklist,
    Choice,
    Count,
    ItemField,
    ItemState,
    PartsRule,
    Register,
    When,
)
from ioc.domain.registers import packaged
from ioc.domain.units import Units
from ioc.ingest.connector import Record
from ioc.ingest.mapping import Reader, Reading
from ioc.ingest.scheduler import connectors
from ioc.ingest.source import read_source
from ioc.settings import SETTINGS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def written(*names: str) -> str:
    """The text of these documents, or of all of them together with the README."""
    files = [DOCS / name for name in names] or [*DOCS.rglob("*.md"), ROOT / "README.md"]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def commands(under: argparse.ArgumentParser, path: str = "ioc") -> Iterator[tuple[str, list[str]]]:
    """Each command, with its options and the names of its arguments that a person may type."""
    groups = [one for one in under._actions if isinstance(one, argparse._SubParsersAction)]
    for group in groups:
        for name, one in group.choices.items():
            yield from commands(one, f"{path} {name}")
    if not groups:
        shown = [one for one in under._actions if one.help != argparse.SUPPRESS]
        words = [word for one in shown for word in (one.option_strings or [str(one.metavar)])]
        yield path, [word for word in words if word not in {"-h", "--help"}]


@pytest.mark.parametrize("row", SETTINGS, ids=lambda row: row.name)
def test_each_setting_is_in_the_table_with_its_default(row: object) -> None:
    setting = next(one for one in SETTINGS if one is row)
    line = re.search(rf"^\| `{setting.variable}` \| (.*?) \|", written("run.md"), re.MULTILINE)
    assert line, f"docs/run.md: no row for {setting.variable}"
    if setting.default:
        assert line[1] == f"`{setting.default}`"


def test_no_setting_is_documented_that_does_not_exist() -> None:
    named = set(re.findall(r"\bIOC_[A-Z_]+\b", written()))
    assert named - {row.variable for row in SETTINGS} == set()


@pytest.mark.parametrize(("command", "words"), list(commands(parser("en"))))
def test_each_command_is_in_the_table(command: str, words: list[str]) -> None:
    rows = [line for line in written("run.md").splitlines() if line.startswith(f"| `{command}")]
    assert rows, f"docs/run.md: no row for {command}"
    for word in words:
        assert any(word in row.split("|")[1] for row in rows), f"{command}: {word}"


def test_no_command_is_documented_that_does_not_exist() -> None:
    known = {command for command, _ in commands(parser("en"))}
    named = set(re.findall(r"^\| `(ioc [a-z -]*[a-z])", written("run.md"), re.MULTILINE))
    assert {re.sub(r" --.*", "", one) for one in named} <= known


@pytest.mark.parametrize("kind", plugins.KINDS, ids=lambda kind: kind.word)
def test_each_plug_in_is_named(kind: plugins.Kind) -> None:
    text = written()
    missing = [one.name for one in plugins.discover(kind) if f"`{one.name}`" not in text]
    assert missing == [], f"docs: no word about {kind.word} {missing}"


def test_each_field_of_an_indicator_is_explained() -> None:
    text = written("indicators.md")
    missing = [name for name in Indicator.model_fields if f"`{name}`" not in text]
    assert missing == [], f"docs/indicators.md: no word about {missing}"


def test_each_field_of_a_register_is_explained() -> None:
    text = written("registers.md")
    models = (Register, ItemField, ItemState, Choice, Checklist, PartsRule, Count, When)
    missing = [name for one in models for name in one.model_fields if f"`{name}`" not in text]
    assert missing == [], f"docs/registers.md: no word about {missing}"
    keys = [one.key for one in packaged().all if f"`{one.key}`" not in text]
    assert keys == []


def test_each_target_of_make_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())  # type: ignore[index]
    text = written()
    internal = {"help", "test-needs"}
    assert [one for one in sorted(targets - internal) if f"make {one}" not in text] == []


def test_links_between_documents_lead_somewhere() -> None:
    files = [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]
    broken = []
    for file in files:
        for target in LINK.findall(file.read_text(encoding="utf-8")):
            path = target.partition("#")[0]
            if "://" in target or not path:
                continue
            if not (file.parent / path).exists():
                broken.append(f"{file.relative_to(ROOT)}: {target}")
    assert broken == []


def test_the_readme_begins_with_the_two_commands() -> None:
    beginning = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:30])
    assert "make run" in beginning
    assert "make test" in beginning


@pytest.mark.parametrize(
    "name", ["architecture.md", "decisions.md", "indicators.md", "run.md", "sources.md"]
)
def test_each_document_is_there_and_linked_from_the_readme(name: str) -> None:
    assert (DOCS / name).is_file()
    assert f"docs/{name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_s_source_is_a_right_one(tmp_path: Path) -> None:
    example = re.search(
        r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert example
    file = tmp_path / "example.yaml"
    file.write_text(example[1], encoding="utf-8")
    source = read_source(file, {}, connectors())
    units = Units.load()
    record = Record("1", {"ma_tinh": "38", "ky": "2026-10", "toan_trinh": 3, "tong": 4})
    reader = Reader(source, Catalogue.load(units=units), units, datetime(2026, 11, 22, tzinfo=UTC))
    (reading,) = reader.read(record)
    assert isinstance(reading, Reading)
    assert (reading.unit_id, reading.numerator, reading.denominator) == (1038, 3, 4)


def test_the_documents_lead_to_no_other_host() -> None:
    files = [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]
    links = [link for file in files for link in LINK.findall(file.read_text(encoding="utf-8"))]
    assert [link for link in links if "://" in link] == []


def test_each_picture_of_the_script_is_there_and_small() -> None:
    made = {file.name: file.stat().st_size for file in (DOCS / "pictures").glob("*.png")}
    asked = set(re.findall(r'Picture\("([a-z-]+)"', (ROOT / "scripts" / "pictures.py").read_text()))
    assert {f"{name}.png" for name in asked} == set(made)
    assert max(made.values()) <= 300_000


def test_each_test_that_the_reliability_table_names_exists() -> None:
    known = set()
    for file in (ROOT / "tests").rglob("test_*.py"):
        known |= set(re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8")))
    named = set(re.findall(r"`(test_\w+)`", written("reliability.md")))
    assert len(named) > 50
    assert sorted(named - known) == []
