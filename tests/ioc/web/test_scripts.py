"""Which scripts a document names, and by which addresses."""

from __future__ import annotations

import hashlib
import re
from importlib.metadata import EntryPoint
from pathlib import Path

import plotly
import pytest

from ioc import packaged
from ioc.web import scripts

CHARTS = ("/assets/charts/part.js?m=1", "/_dash-component-suites/dash/dcc/async-graph.v4m1.js")
GRID = "/_dash-component-suites/dash_ag_grid/dash_ag_grid.v35m1.min.js"
TABLE = "/_dash-component-suites/dash/dash_table/bundle.v7m1.js"
ELEMENTS = "\n".join(f'<script src="{one}"></script>' for one in (*CHARTS, GRID, TABLE, "/a.js"))


def named(content: bytes) -> list[str]:
    """The scripts that a page of this content names."""
    return re.findall(r'src="([^"]+)"', scripts.needed(ELEMENTS, content, CHARTS))


def test_heavy_scripts_are_named_only_where_they_are_used() -> None:
    chart = b'{"props":{},"type":"Graph","namespace":"dash_core_components"}'
    grid = b'{"props":{},"type":"AgGrid","namespace":"dash_ag_grid"}'
    assert named(b"{}") == ["/a.js"]
    assert named(chart) == [*CHARTS, "/a.js"]
    assert named(grid) == [GRID, "/a.js"]
    assert named(chart + grid) == [*CHARTS, GRID, "/a.js"]
    assert scripts.grid_script(ELEMENTS) == GRID
    assert scripts.grid_script("") == ""


def test_files_of_the_assets_are_named_by_what_is_in_them(tmp_path: Path) -> None:
    (tmp_path / "one.js").write_text("1", encoding="utf-8")
    element = '<script src="/assets/one.js?m=1795404302.95"></script><a href="/assets/x">'
    first = scripts.by_content(element, tmp_path)
    assert first == f'<script src="/assets/one.js?m={digest(b"1")}"></script><a href="/assets/x">'
    (tmp_path / "one.js").touch()
    assert scripts.by_content(element, tmp_path) == first
    (tmp_path / "one.js").write_text("22", encoding="utf-8")
    assert digest(b"22") in scripts.by_content(element, tmp_path)


def test_style_sheets_name_typefaces_by_what_is_in_them() -> None:
    found = [
        (name, asked)
        for sheet in sorted(packaged.assets().glob("*.css"))
        for name, asked in re.findall(
            r'url\("(fonts/[^"?]+)(?:\?m=([^"]*))?"\)', sheet.read_text(encoding="utf-8")
        )
    ]
    assert len(found) == 4
    for name, asked in found:
        assert asked == digest((packaged.assets() / name).read_bytes()), name


def test_the_part_of_the_chart_library_is_of_the_installed_version() -> None:
    """When it fails, pages get the whole until the part of plotly's own version is taken."""
    whole = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    part = scripts.chart_part(packaged.assets())
    assert part is not None
    assert scripts.version(part) == scripts.version(whole) != ""
    assert part.stat().st_size < whole.stat().st_size / 3 + 1
    assert (part.parent / "LICENSE.txt").is_file()
    assert scripts.chart_scripts(packaged.assets())[0].startswith("/assets/charts/plotly-")


def test_the_whole_library_is_served_beside_another_version(tmp_path: Path) -> None:
    part = tmp_path / scripts.CHARTS
    part.parent.mkdir()
    part.write_text("/**\n* plotly.js (cartesian - minified) v4.0.9\n*/", encoding="utf-8")
    assert scripts.version(part) == "4.0.9"
    assert scripts.chart_part(tmp_path) is None
    assert "/plotly/package_data/plotly.v" in scripts.chart_scripts(tmp_path)[0]


def test_the_whole_library_is_served_where_add_ons_may_draw_anything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    point = EntryPoint("more", "more.page:PAGE", "ioc.page")
    monkeypatch.setattr(
        scripts, "entry_points", lambda group: [point] if group == "ioc.page" else []
    )
    assert scripts.chart_part(packaged.assets()) is None


def digest(content: bytes) -> str:
    """The name of a content in an address."""
    return hashlib.sha256(content).hexdigest()[:16]
