"""Static files: compressed, cached for ever where the address names a version, never beyond."""

from __future__ import annotations

import re

import httpx
import pytest


def scripts(client: httpx.Client) -> list[str]:
    """The scripts of the first document."""
    return re.findall(r'<script src="([^"]+)"', client.get("/").text)


def test_all_scripts_are_own_versioned_compressed_and_kept_for_ever(client: httpx.Client) -> None:
    found = scripts(client)
    assert any("/charts/plotly-" in one for one in found)
    assert any("/assets/live.js?m=" in one for one in found)
    for script in found:
        assert script.startswith(("/_dash-component-suites/", "/assets/"))
        answer = client.get(script)
        assert answer.status_code == 200, script
        assert "immutable" in answer.headers["cache-control"], script
        if len(answer.content) > 1000:
            assert answer.headers["content-encoding"] == "gzip", script
        plain = client.get(script, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.content == answer.content


def test_an_unversioned_file_is_asked_for_again_and_not_sent_twice(client: httpx.Client) -> None:
    first = client.get("/assets/live.js")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/assets/live.js", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert client.head("/assets/live.js").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../pyproject.toml",
        "/assets/%2e%2e/pyproject.toml",
        "/assets/..%2fpyproject.toml",
        "/assets//etc/passwd",
        "/assets/%00",
        "/assets/nothing.js",
        "/_dash-component-suites/os/path.py",
        "/_dash-component-suites/dash/../../secret.key",
        "/_dash-component-suites/dash/dash.py",
    ],
)
def test_nothing_outside_is_served(client: httpx.Client, path: str) -> None:
    answer = httpx.get(httpx.URL(str(client.base_url)).copy_with(raw_path=path.encode()))
    assert answer.status_code in (404, 500)
    assert b"[project]" not in answer.content
    assert b"root:" not in answer.content
    assert b"Traceback" not in answer.content
