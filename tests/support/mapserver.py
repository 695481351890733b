"""A real WFS 2.0 for the tests: MapServer from Debian as CGI behind a small web server."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from support.server import answer, serving

BINARY = Path("/usr/lib/cgi-bin/mapserv")
INSTALL = "MapServer is not installed; on Debian or Ubuntu: apt-get install cgi-mapserver"
LAYER = "diem"
FORMAT = "geojson"
_MAP = """
MAP
  NAME "lomsong"
  SIZE 100 100
  EXTENT 102 6 118 24
  PROJECTION "init=epsg:4326" END
  WEB METADATA
    "ows_title" "Blackspots"
    "ows_onlineresource" "http://{host}/wfs?"
    "ows_srs" "EPSG:4326 EPSG:9210 EPSG:3405 EPSG:4756"
    "ows_enable_request" "*"
    "wfs_getfeature_formatlist" "geojson"
  END END
  OUTPUTFORMAT
    NAME "geojson"
    DRIVER "OGR/GEOJSON"
    MIMETYPE "application/json; subtype=geojson"
    FORMATOPTION "STORAGE=stream"
    FORMATOPTION "FORM=SIMPLE"
  END
  LAYER
    NAME "diem"
    TYPE POINT
    STATUS ON
    CONNECTIONTYPE OGR
    CONNECTION "{data}"
    PROJECTION "init=epsg:4326" END
    METADATA
      "ows_title" "Blackspots"
      "gml_include_items" "all"
      "gml_featureid" "ma_diem"
    END
  END
END
"""


@dataclass
class MapServer:
    """A running service; `put` says what its one layer holds from now on."""

    url: str
    host: str
    folder: Path

    def put(self, features: list[dict[str, Any]]) -> None:
        """Replace everything the layer holds."""
        content = json.dumps({"type": "FeatureCollection", "features": features})
        (self.folder / "diem.geojson").write_text(content, encoding="utf-8")

    def spoil(self) -> None:
        """Take the data away from behind the layer."""
        (self.folder / "diem.geojson").unlink()


@contextmanager
def running_mapserver(folder: Path) -> Iterator[MapServer]:
    """A service whose files lie in `folder`; every request is a process of its own."""
    if not BINARY.exists():
        pytest.fail(INSTALL)
    settings = folder / "mapserver.conf"
    settings.write_text('CONFIG\n  ENV\n    "MS_MAP_PATTERN" "."\n  END\nEND\n')

    def respond(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        env = {
            **os.environ,
            "MAPSERVER_CONFIG_FILE": str(settings),
            "MS_MAPFILE": str(folder / "lomsong.map"),
            "REQUEST_METHOD": "GET",
            "QUERY_STRING": urlsplit(handler.path).query,
            "SERVER_NAME": "127.0.0.1",
        }
        done = subprocess.run([BINARY], env=env, capture_output=True, timeout=30, check=False)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        given = dict(line.split(": ", 1) for line in head.decode().splitlines() if ": " in line)
        status = int(given.get("Status", "200").split()[0])
        answer(handler, content, status, given.get("Content-Type", "text/plain"))

    with serving(respond) as host:
        text = _MAP.format(host=host, data=folder / "diem.geojson")
        (folder / "lomsong.map").write_text(text, encoding="utf-8")
        server = MapServer(f"http://{host}/wfs", host, folder)
        server.put([])
        yield server
