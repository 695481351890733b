"""Discovery: the one place where the kernel finds its plug-ins, each kind by name.

Built-ins are the modules of a package; add-ons come through an entry point of the same meaning.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

from ioc.errors import PluginError


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of plug-in: the package scanned, the name each module offers, the entry point."""

    word: str
    package: str
    attribute: str
    group: str


CONNECTOR = Kind("connector", "data_sources", "CONNECTOR", "ioc.connector")
PAGE = Kind("page", "layouts.pages", "PAGE", "ioc.page")
SCENE = Kind("scene", "layouts.scenes", "SCENE", "ioc.scene")
CALLBACKS = Kind("callbacks", "callbacks", "register", "ioc.callbacks")
KINDS = (CONNECTOR, PAGE, SCENE, CALLBACKS)


@dataclass(frozen=True, slots=True)
class Plugin:
    """What a module offers, under its name; `origin` is the file or entry point it came from."""

    name: str
    value: object
    origin: str


def discover(kind: Kind, add_ons: Iterable[EntryPoint] | None = None) -> tuple[Plugin, ...]:
    """All plug-ins of a kind, by name; `add_ons` defaults to the installed entry points.

    Raises PluginError naming the file when a module cannot be imported or lacks its name, or
    when two plug-ins share one.
    """
    installed = entry_points(group=kind.group) if add_ons is None else add_ons
    found: dict[str, Plugin] = {}
    for plugin in (*_built_in(kind), *_added(kind, installed)):
        other = found.get(plugin.name)
        if other is not None:
            raise PluginError(
                f"{kind.word} {plugin.name!r} is offered twice: {other.origin} and {plugin.origin}",
                code="plugin_twice",
                kind=kind.word,
                name=plugin.name,
                first=other.origin,
                second=plugin.origin,
            )
        found[plugin.name] = plugin
    return tuple(found[name] for name in sorted(found))


def by_name(kind: Kind) -> dict[str, object]:
    """What the plug-ins of a kind offer, keyed and ordered by name."""
    return {plugin.name: plugin.value for plugin in discover(kind)}


def _built_in(kind: Kind) -> Iterator[Plugin]:
    package = _import(kind, kind.package, kind.package)
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda one: one.name):
        path = f"{kind.package}.{module.name}"
        yield _offered(kind, module.name, _import(kind, path, path))


def _added(kind: Kind, add_ons: Iterable[EntryPoint]) -> Iterator[Plugin]:
    for point in sorted(add_ons, key=lambda one: (one.name, one.value)):
        origin = f"entry point {point.group}: {point.name} = {point.value}"
        module = _import(kind, point.module, origin)
        if point.attr:
            value = getattr(module, point.attr, None)
            if value is None:
                raise _lacking(kind, point.attr, origin)
            yield Plugin(_name(kind, value, point.name, origin), value, origin)
        else:
            yield _offered(kind, point.name, module)


def _import(kind: Kind, path: str, origin: str) -> ModuleType:
    try:
        return importlib.import_module(path)
    except ImportError as error:
        raise PluginError(
            f"{kind.word} {origin} cannot be imported: {error}",
            code="plugin_import",
            kind=kind.word,
            file=origin,
            reason=str(error),
        ) from error


def _offered(kind: Kind, name: str, module: ModuleType) -> Plugin:
    file = module.__file__ or module.__name__  # a namespace package has no file
    value = getattr(module, kind.attribute, None)
    if value is None:
        raise _lacking(kind, kind.attribute, file)
    return Plugin(_name(kind, value, name, file), value, file)


def _name(kind: Kind, value: object, module: str, origin: str) -> str:
    """Connectors, pages and scenes carry their name; callbacks go by their module's."""
    if kind.word == CALLBACKS.word:
        return module
    name = getattr(value, "name", None)
    if not isinstance(name, str) or not name:
        raise _lacking(kind, f"{kind.attribute}.name", origin)
    return name


def _lacking(kind: Kind, attribute: str, origin: str) -> PluginError:
    return PluginError(
        f"{origin}: a {kind.word} module must offer {attribute}",
        code="plugin_lacks_name",
        kind=kind.word,
        file=origin,
        attribute=attribute,
    )
