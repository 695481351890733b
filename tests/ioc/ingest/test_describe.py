"""Settings in plain words: types, defaults, ranges, and what lies inside other settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import pytest
from pydantic import BaseModel, Field

from ioc import cli
from ioc.domain.period import Grain
from ioc.ingest.connector import Connector
from ioc.ingest.describe import Row, document, introduction, rows, write_pages


class _Shared(BaseModel):
    """What shops share."""

    street: str = Field(default="", description="The street.")
    town: str = Field(description="The town.")


class _Box(BaseModel):
    """A box.

    It has sides.
    """

    shape: Literal["box"]
    size: int = Field(ge=1, le=9, description="The side in metres.")
    colour: str = Field(default="red", description="Its colour.")
    weight: int = Field(default=1, description="In kilograms.")


class _Ball(BaseModel):
    """A ball."""

    shape: Literal["ball"]
    weight: int = Field(default=1, description="In kilograms.")
    colour: str = Field(default="red", description="Its colour.")


class _Ring(BaseModel):
    """A ring."""

    shape: Literal["ring"]
    size: float = Field(gt=0, description="How\nfar.")
    colour: str = Field(default="red", description="Its colour.")


class _Config(_Shared):
    """A shop | of things."""

    name: str = Field(min_length=1, max_length=9, description="A | of it.")
    open: bool = Field(default=False, description="True when it is open.")
    grain: Grain | None = Field(default=None, description="How long.")
    place: str = Field(default="query", alias="in", description="Where.")
    things: tuple[Annotated[_Box | _Ball | _Ring, Field(discriminator="shape")], ...] = Field(
        default=(), description="What there is."
    )
    by_name: dict[str, _Ball] = Field(default_factory=dict, description="Balls.")
    anything: dict[str, Any] = Field(default_factory=dict, description="More.")
    list: tuple[str, ...] = Field(default=("*.csv",), min_length=1, description="Patterns.")


class _Shop:
    name: ClassVar[str] = "shop"
    Config: ClassVar[type[BaseModel]] = _Config
    EXAMPLE: ClassVar[str] = """
        name: thu
        config: {name: x}
    """

    def fetch(self, config: Any, tools: Any) -> Any: ...

    def finish(self, config: Any, batch: Any, outcome: Any, tools: Any) -> None: ...


SHOP: Connector = _Shop()


def _row(name: str) -> list[Row]:
    return [one for one in rows(_Config) if one.name == name]


@pytest.mark.parametrize(
    "row",
    [
        Row("name", "text", "required", "at least 1 letter, at most 9 letters", "A \\| of it."),
        Row("open", "true or false", "`false`", "–", "True when it is open."),
        Row("in", "text", '`"query"`', "–", "Where."),
        Row("list", "list of text", '`["*.csv"]`', "at least 1 entry", "Patterns."),
        Row("anything", "name: anything", "–", "–", "More."),
        Row("things", "list of settings", "–", "–", "What there is."),
        Row("by_name.NAME.colour", "text", '`"red"`', "–", "Its colour."),
        Row("things[].size", "number", "required", "more than 0", "With `shape: ring`: How far."),
    ],
    ids=lambda row: row.name,
)  # fmt: skip
def test_a_setting_is_a_row(row: Row) -> None:
    assert row in _row(row.name)


def test_an_optional_word_of_a_list_is_said_with_its_choices() -> None:
    (row,) = _row("grain")
    assert row.kind.startswith("`day` or `week`")
    assert row.default == "–"


def test_the_forms_of_a_union_are_one_choice_and_share_what_is_alike() -> None:
    (chooser,) = _row("things[].shape")
    assert chooser.kind == "`box` or `ball` or `ring`"
    assert chooser.description == "`box`: A box. `ball`: A ball. `ring`: A ring."
    (colour,) = _row("things[].colour")
    assert colour.description == "Its colour."
    assert len(_row("things[].size")) == 2


def test_a_page_has_introduction_table_and_example() -> None:
    text = document(SHOP)
    assert text.startswith("# shop\n\nA shop | of things.\n\n## Settings\n")
    assert "```yaml\nname: thu\nconfig: {name: x}\n```" in text
    assert introduction(SHOP) == "A shop | of things."


def test_pages_are_written_into_a_folder(tmp_path: Path) -> None:
    (file,) = write_pages({"shop": SHOP}, tmp_path / "a" / "b")
    assert file.name == "shop.md"
    assert file.read_text(encoding="utf-8") == document(SHOP)


def test_the_command_lists_the_kinds_and_writes_their_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "environ", {**os.environ, "IOC_HOME": str(tmp_path / "home")})
    assert cli.main(["source", "kinds"]) == 0
    assert "http_json" in capsys.readouterr().out
    assert cli.main(["source", "kinds", "--docs", str(tmp_path / "docs")]) == 0
    assert (tmp_path / "docs" / "http_json.md").is_file()
    assert str(tmp_path / "docs") in capsys.readouterr().out


def test_what_has_to_be_said_comes_first_and_what_is_shared_last() -> None:
    names = [one.name for one in rows(_Config) if "." not in one.name]
    assert names[:2] == ["name", "town"]
    assert names[2] == "open"
    assert names[-1] == "street"


def test_forms_are_named_the_shorter_way() -> None:
    (weight,) = _row("things[].weight")
    assert weight.description == "Not with `shape: ring`: In kilograms."
