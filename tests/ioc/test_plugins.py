"""Discovery: built-ins and add-ons come through one door; a wrong one stops the start."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from ioc.errors import PluginError
from ioc.plugins import CALLBACKS, KINDS, PAGE, Kind, by_name, discover

Package = Callable[..., Kind]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Package]:
    """Make a package of modules from their texts and give the kind that scans it."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)

    def make(kind: str = "page", **modules: str) -> Kind:
        name = f"made_{tmp_path.name}"
        folder = tmp_path / name
        folder.mkdir()
        (folder / "__init__.py").touch()
        for module, text in modules.items():
            (folder / f"{module}.py").write_text(text)
        return Kind(kind, name, "PAGE", "test.page")

    yield make
    for name in set(sys.modules) - before:
        del sys.modules[name]


def page(name: str) -> str:
    return f"from types import SimpleNamespace\nPAGE = SimpleNamespace(name={name!r})\n"


def test_modules_of_the_package_are_found_by_name(package: Package) -> None:
    found = discover(package(b=page("zebra"), a=page("ant")), [])
    assert [plugin.name for plugin in found] == ["ant", "zebra"]
    assert found[0].origin.endswith("/a.py")
    assert found[0].value.name == "ant"


def test_a_module_without_its_name_stops_the_start_and_is_named(package: Package) -> None:
    with pytest.raises(PluginError, match=r"/empty\.py: a page module must offer PAGE$"):
        discover(package(good=page("good"), empty="x = 1\n"), [])


@pytest.mark.parametrize("value", ["object()", "''", "None"])
def test_a_plug_in_without_a_name_is_named(package: Package, value: str) -> None:
    with pytest.raises(PluginError, match=r"/odd\.py: a page module must offer PAGE"):
        discover(package(odd=f"PAGE = {value}\n"), [])


def test_two_plug_ins_of_one_name_stop_the_start_naming_both_files(package: Package) -> None:
    with pytest.raises(
        PluginError, match=r"page 'same' is offered twice: \S+/one\.py and \S+/two\.py"
    ):
        discover(package(one=page("same"), two=page("same")), [])


def test_a_module_that_cannot_be_imported_is_named(package: Package) -> None:
    kind = package(broken="import no_such_module_anywhere\n")
    with pytest.raises(PluginError, match=r"\.broken cannot be imported: No module named"):
        discover(kind, [])


def test_an_add_on_comes_through_its_entry_point(package: Package, tmp_path: Path) -> None:
    kind = package(built_in=page("built_in"))
    (tmp_path / "add_on.py").write_text(page("added"))
    by_module = EntryPoint("x", "add_on", "test.page")
    by_value = EntryPoint("x", "add_on:PAGE", "test.page")
    for point in (by_module, by_value):
        assert [plugin.name for plugin in discover(kind, [point])] == ["added", "built_in"]


def test_an_add_on_may_not_take_a_built_in_name(package: Package, tmp_path: Path) -> None:
    kind = package(built_in=page("mine"))
    (tmp_path / "add_on.py").write_text(page("mine"))
    with pytest.raises(PluginError, match=r"built_in\.py and entry point test\.page: x = add_on"):
        discover(kind, [EntryPoint("x", "add_on:PAGE", "test.page")])


def test_an_add_on_without_its_value_is_named(package: Package, tmp_path: Path) -> None:
    (tmp_path / "add_on.py").write_text("x = 1\n")
    with pytest.raises(PluginError, match=r"entry point test\.page: x = add_on:PAGE: a page"):
        discover(package(), [EntryPoint("x", "add_on:PAGE", "test.page")])


def test_callbacks_go_by_the_name_of_their_module(package: Package) -> None:
    made = package(drill="def register(app, desk): ...\n")
    kind = Kind(CALLBACKS.word, made.package, CALLBACKS.attribute, "test.callbacks")
    assert [plugin.name for plugin in discover(kind, [])] == ["drill"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.word)
def test_everything_that_comes_with_the_program_is_found(kind: Kind) -> None:
    assert len(by_name(kind)) == len(discover(kind))


def test_pages_are_looked_for_where_the_customer_asked() -> None:
    assert PAGE.package == "layouts.pages"
