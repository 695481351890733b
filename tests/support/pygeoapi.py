"""A real OGC API Features server for the tests: pygeoapi in its own environment, nothing kept."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from support.portal import free_port

_HOUSE = Path(__file__).parents[2] / ".venv-peers" / "pygeoapi" / "bin"
INSTALL = "pygeoapi is not installed in .venv-peers/pygeoapi; run: sh scripts/install_test_needs.sh"
COLLECTION = "diem-lom-song"


@dataclass
class Pygeoapi:
    """A running server; `put` says what its one collection holds from now on."""

    url: str
    data: Path

    def put(self, features: list[dict[str, Any]]) -> None:
        """Replace everything the collection holds."""
        fresh = self.data.with_suffix(".new")
        fresh.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        fresh.replace(self.data)

    def spoil(self) -> None:
        """Break the data behind the collection."""
        self.data.write_text('{"type": "FeatureCollection", "feat')


@contextmanager
def running_pygeoapi(folder: Path) -> Iterator[Pygeoapi]:
    """Start a server in `folder`; it ends with the block."""
    if not (_HOUSE / "pygeoapi").exists():
        pytest.fail(INSTALL)
    port = free_port()
    url, data = f"http://127.0.0.1:{port}", folder / "diem.geojson"
    server = Pygeoapi(url, data)
    server.put([])
    settings, described = folder / "config.yml", folder / "openapi.yml"
    settings.write_text(yaml.safe_dump(_settings(url, port, data)), encoding="utf-8")
    env = {**os.environ, "PYGEOAPI_CONFIG": str(settings), "PYGEOAPI_OPENAPI": str(described)}
    # The description of the interface is made from the settings once; nobody asks for it here.
    described.write_text("openapi: 3.0.2\ninfo: {title: x, version: '1'}\npaths: {}\n")
    command = [str(_HOUSE / "python"), "-c", _SERVE, str(port)]
    with (
        (folder / "log").open("w+") as log,
        subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log) as process,
    ):
        try:
            _wait(url, process, folder / "log")
            yield server
        finally:
            process.terminate()


_SERVE = """
import sys
from pygeoapi.flask_app import APP
from werkzeug.serving import make_server
make_server("127.0.0.1", int(sys.argv[1]), APP, threaded=True).serve_forever()
"""


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            httpx.get(f"{url}/conformance?f=json", trust_env=False).raise_for_status()
        except httpx.HTTPError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        else:
            return


def _settings(url: str, port: int, data: Path) -> dict[str, Any]:
    about = {"title": {"en": "Blackspots"}, "description": {"en": "Illustrative"}}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": url,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["en-US"],
            "limits": {"default_items": 10, "max_items": 50},
            "map": {"url": "about:blank", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                **about,
                "keywords": {"en": ["x"]},
                "terms_of_service": "none",
                "url": url,
            },
            "license": {"name": "none", "url": url},
            "provider": {"name": "tests", "url": url},
            "contact": {"name": "tests", "email": "tests@example.org"},
        },
        "resources": {
            COLLECTION: {
                "type": "collection",
                **about,
                "keywords": {"en": ["x"]},
                "links": [],
                "extents": {
                    "spatial": {
                        "bbox": [102, 6, 118, 24],
                        "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
                    }
                },
                "providers": [
                    {
                        "type": "feature",
                        "name": "GeoJSON",
                        "data": str(data),
                        "id_field": "id",
                    }
                ],
            }
        },
    }
