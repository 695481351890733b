"""The scripts a document names: heavy ones where they are used, each at an address by its content.

The chart library is the part of plotly.js that draws what the product draws, a third of the whole
(`assets/charts`, docs/decisions.md). Where add-ons offer pages or scenes, which may draw anything,
and where the installed plotly is of another version, it is the whole.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from importlib.metadata import entry_points
from pathlib import Path

from dash.fingerprint import build_fingerprint

from ioc import plugins

SUITES = "/_dash-component-suites/"
CHARTS = "charts/plotly-cartesian.min.js"
ASIDE = r"plotly-.*\.min\.js"
"""Names of files in the assets that no document loads by itself."""

_GRAPH = b'"type":"Graph"'
_GRID = b'"namespace":"dash_ag_grid"'
_GRID_SCRIPT = re.compile(rf'<script src="({SUITES}dash_ag_grid/[^"]+)"></script>')
_OLD_TABLE = "/dash_table/"
_ASSET = re.compile(r'"/assets/([^"?]+)\?m=[^"]*"')
_VERSION = re.compile(rb"plotly\.js (?:\([^)]*\) )?v([0-9.]+)")


def needed(scripts: str, encoded: bytes, charts: tuple[str, ...]) -> str:
    """The script elements a page of this content needs at once.

    Never the old data table, which Dash loads on every page; the chart library only where there is
    a chart and the table library only where there is such a table: elsewhere the first chart, or
    `assets/grid_later.js`, fetches it when it is drawn.
    """
    unwanted = [_OLD_TABLE]
    if _GRAPH not in encoded:
        unwanted += [f'"{one}"' for one in charts]
    if _GRID not in encoded:
        unwanted.append(f"{SUITES}dash_ag_grid/")
    lines = scripts.splitlines()
    return "\n".join(line for line in lines if not any(one in line for one in unwanted))


def grid_script(scripts: str) -> str:
    """The address of the table library among Dash's script elements; empty without one."""
    found = _GRID_SCRIPT.search(scripts)
    return found[1] if found else ""


def by_content(elements: str, assets: Path) -> str:
    """Elements with each file of the assets addressed by the hash of what is in it.

    Dash names the moment at which a file was written, which an installation changes.
    """

    def address(match: re.Match[str]) -> str:
        return f'"{asset(assets, match[1])}"'

    return _ASSET.sub(address, elements)


def asset(assets: Path, name: str) -> str:
    """The address of a file of the assets, by its content."""
    file = assets / name
    return f"/assets/{name}?m={_hash(file, file.stat().st_mtime_ns)}"


def chart_scripts(assets: Path) -> tuple[str, str]:
    """The addresses of the chart library and of Dash's graph, which versions are part of.

    Dash would ask for both late, when the first chart mounts, and without a version to cache by.
    """
    import dash
    import plotly

    graph = _suite("dash", Path(dash.__file__).parent, "dcc/async-graph.js", dash.__version__)
    if chart_part(assets) is not None:
        return asset(assets, CHARTS), graph
    whole = Path(plotly.__file__).parent
    return _suite("plotly", whole, "package_data/plotly.min.js", plotly.__version__), graph


def chart_part(assets: Path) -> Path | None:
    """The file of the part that is enough; None where the whole library must be served."""
    import plotly

    if any(entry_points(group=kind.group) for kind in (plugins.PAGE, plugins.SCENE)):
        return None
    part = assets / CHARTS
    whole = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    return part if part.is_file() and version(part) == version(whole) else None


def version(library: Path) -> str:
    """Which plotly.js a file says at its beginning that it is; empty where it says nothing."""
    with library.open("rb") as opened:
        found = _VERSION.search(opened.read(500))
    return found[1].decode() if found else ""


def _suite(package: str, folder: Path, path: str, version: str) -> str:
    changed = int((folder / path).stat().st_mtime)
    return f"{SUITES}{package}/{build_fingerprint(path, version, changed)}"


@lru_cache(maxsize=500)
def _hash(file: Path, _changed: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]
