"""`ioc doctor`: is this installation complete, and does nothing stand in its way?"""

from __future__ import annotations

import importlib.util
import re
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from ioc import packaged, plugins
from ioc.errors import IocError, PlaylistError, StoreError
from ioc.settings import Settings

DISTRIBUTION = "intelligent-operations-center"
PACKAGES = ("ioc", "layouts", "callbacks", "data_sources")
OLDEST_PYTHON = (3, 11)
NO_BROWSER = "none: PNG, SVG and PDF are refused; Debian: apt-get install chromium"
NOT_MADE = "empty: the first start makes it"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `what` is a key of the messages, `detail` says what was found."""

    what: str
    ok: bool
    detail: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything, one finding after the other; nothing is changed or made."""
    looks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("python", _python),
        ("packages", _packages),
        ("names", _names),
        ("assets", _assets),
        ("fonts", _fonts),
        ("browser", _browser),
        ("plugins", _plugins),
        ("knowledge", _knowledge),
        ("playlists", _playlists),
        ("home", _home),
        ("database", _database),
    )
    for what, look in looks:
        try:
            yield Finding(what, True, look(settings))
        except IocError as error:
            yield Finding(what, False, str(error))


class Unwell(IocError):
    """Something is missing or in the way; the text says what."""


def _python(_: Settings) -> str:
    if sys.version_info < OLDEST_PYTHON:
        raise Unwell(f"{sys.version.split()[0]}, needed: 3.11 or newer")
    return sys.version.split()[0]


def requirements() -> list[str]:
    """The names of the distributions needed: of the installed wheel, else of the checkout."""
    try:
        lines = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        project = Path(__file__).parent.parent / "pyproject.toml"
        lines = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
    needed = [line for line in lines if "extra ==" not in line]
    return [re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0] for line in needed]


def _packages(_: Settings) -> str:
    needed = requirements()
    missing = []
    for name in needed:
        try:
            metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        raise Unwell(f"not installed: {', '.join(missing)}")
    return str(len(needed))


def clashes(owners: dict[str, list[str]]) -> dict[str, list[str]]:
    """Other distributions that bring a top-level package of ours, by package."""
    found = {name: sorted(set(owners.get(name, ())) - {DISTRIBUTION}) for name in PACKAGES}
    return {name: others for name, others in found.items() if others}


def _names(_: Settings) -> str:
    taken = clashes({name: list(all_) for name, all_ in metadata.packages_distributions().items()})
    if taken:
        said = "; ".join(f"{name}: {', '.join(others)}" for name, others in taken.items())
        raise Unwell(f"another distribution brings the same package, uninstall it: {said}")
    ours = Path(__file__).parent.parent
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        places = (
            [Path(one).parent for one in (spec.submodule_search_locations or ())] if spec else []
        )
        if ours not in places:
            raise Unwell(f"{name} is found in {places or 'no place'}, expected: {ours}")
    return ", ".join(PACKAGES)


def _assets(_: Settings) -> str:
    return _some(packaged.assets(), "*.css", "*.js", "*.geojson")


def _fonts(_: Settings) -> str:
    return _some(packaged.assets() / "fonts", "*.woff2")


def _browser(settings: Settings) -> str:
    """Only drawn files need a browser, so it may be missing; one that a setting names may not."""
    from ioc.exporter.browser import program

    found = program(settings.chromium)
    if found is None and settings.chromium:
        raise Unwell(f"setting chromium: {settings.chromium}: no such program")
    return str(found or NO_BROWSER)


def _some(folder: Path, *patterns: str) -> str:
    for pattern in patterns:
        if not any(folder.rglob(pattern)):
            raise Unwell(f"{folder}: no {pattern}")
    return str(folder)


def _plugins(_: Settings) -> str:
    counts = [f"{kind.word} {len(plugins.discover(kind))}" for kind in plugins.KINDS]
    return ", ".join(counts)


def _knowledge(_: Settings) -> str:
    from ioc.domain.catalogue import Catalogue
    from ioc.domain.units import Units

    units = Units.load()
    catalogue = Catalogue.load(units=units)
    return f"{len(catalogue.all)} / {len(units.all())}"


def _playlists(settings: Settings) -> str:
    """Every scene of every playlist is one that this installation has."""
    from ioc.domain.playlist import own_view
    from ioc.domain.playlist_file import read_shelf

    shelf = read_shelf(settings.home)
    if shelf.wrong:
        raise shelf.wrong[0]
    pages = {str(name) for name in plugins.by_name(plugins.PAGE)}
    scenes = {str(name) for name in plugins.by_name(plugins.SCENE)}
    for name, playlist in shelf.playlists.items():
        for scene in (*playlist.scenes, *playlist.alarm):
            view = own_view(scene.address)
            known = view.scene in scenes if view.page == "scene" else view.page in pages
            if not known:
                allowed = ", ".join(sorted(pages | {f"scene/{one}" for one in scenes}))
                raise PlaylistError(
                    file=f"{name}.yaml", field="address", given=scene.address, allowed=allowed
                )
    return ", ".join(sorted(shelf.playlists))


def _home(settings: Settings) -> str:
    home = settings.home
    folder = next(one for one in (home, *home.parents) if one.exists())
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Unwell(f"{folder}: cannot be written ({error.strerror})") from error
    return str(home)


def _database(settings: Settings) -> str:
    from sqlalchemy.exc import SQLAlchemyError

    from ioc.store.engine import open_engine, reading
    from ioc.store.migration import head, revision

    file = settings.database_url.removeprefix("sqlite:///")
    if file != settings.database_url and not Path(file).exists():
        # Opening it would make it; the first start does that.
        return f"{settings.shown_database} ({NOT_MADE})"
    engine = open_engine(settings.database_url)
    try:
        with reading(engine) as connection:
            found = revision(connection)
    except SQLAlchemyError as error:
        reason = str(error.__cause__ or error).splitlines()[0]
        raise StoreError(f"{settings.shown_database}: {reason}", code="unreachable") from error
    finally:
        engine.dispose()
    if found not in {head(), None}:
        raise StoreError(f"{settings.shown_database}: schema {found}, needed: {head()}")
    return f"{settings.shown_database} ({found or NOT_MADE})"
