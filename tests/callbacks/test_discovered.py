"""Every callbacks module is found by name and attaches to any app."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from support.portal import pages, small_desk

from ioc import plugins
from ioc.web.app import create_app


def test_all_modules_register_and_two_apps_do_not_share(tmp_path: Path) -> None:
    found = cast("Any", plugins.by_name(plugins.CALLBACKS))
    assert {"refresh", "drill", "filters"} <= set(found)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        desk = small_desk(tmp_path / name)
        app = create_app(desk, pages=pages(), callbacks=found, shell=lambda content, view: content)
        assert app.server.test_client().get("/").status_code == 200
        assert "..page.children...shown.data...moved.data.." in app.callback_map
        desk.engine.dispose()
