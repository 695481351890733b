"""A real OpenID Connect server (npm oidc-provider) on this machine, for OAuth2 sources."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

PEER = Path(__file__).parents[1] / "peers" / "oidc"
CLIENT, SECRET = "ioc-thanh-hoa", "mat-khau/+cua%20ung dung"
RESOURCE = "https://bao-cao.example.gov.vn"


@dataclass(frozen=True)
class Oidc:
    """A running server: `url` without a path; `verify` is what its certificate hangs on."""

    url: str
    verify: Any = True

    def counts(self) -> dict[str, int]:
        """Tokens given out, requests for figures, and those that were refused."""
        found: dict[str, int] = httpx.get(f"{self.url}/counts", verify=self.verify).json()
        return found

    def revoke(self, token: str) -> None:
        """Take a token back, by the server's own means."""
        given = {"token": token, "client_id": CLIENT, "client_secret": SECRET}
        found = httpx.post(f"{self.url}/token/revocation", data=given, verify=self.verify)
        assert found.status_code == 200


@contextmanager
def oidc_server(
    *, seconds: int = 600, method: str = "client_secret_basic", **tls: Any
) -> Iterator[Oidc]:
    """A server that knows one client; `tls` names certificate, key, ca and mutual.

    A server that is not installed fails the test: `npm ci` in tests/peers/oidc mends it.
    """
    node = shutil.which("node")
    assert node, "Node.js is not installed"
    assert (PEER / "node_modules").is_dir(), f"npm ci is missing in {PEER}"
    client = {"client_id": CLIENT, "client_secret": SECRET, "token_endpoint_auth_method": method}
    given = {"clients": [client], "seconds": seconds, **{k: v for k, v in tls.items() if v}}
    process = subprocess.Popen(
        [node, "server.mjs"],
        cwd=PEER,
        env={**os.environ, "PEER": json.dumps(given, default=str), "NODE_NO_WARNINGS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = next((one for one in process.stdout if one.startswith('{"port"')), "")
        assert line, "the server did not start"
        port = json.loads(line)["port"]
        scheme = "https" if tls.get("certificate") else "http"
        yield Oidc(f"{scheme}://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()
