"""Closed by default: hosts, headers, tokens, forged callbacks, errors without inside views."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
from support.portal import HOSTILE, Portal

from ioc.errors import SettingsError
from ioc.settings import Settings
from ioc.web.serving import listen, run


def token(client: httpx.Client) -> dict[str, str]:
    """The header the renderer sends after its first page."""
    client.get("/")
    name = next(name for name in client.cookies if name.startswith("_csrf_token"))
    return {"X-CSRFToken": client.cookies[name]}


def callback(href: str, before: Any = None) -> dict[str, Any]:
    """The request of the callback that draws pages."""
    return {
        "output": "..page.children...shown.data...moved.data..",
        "outputs": [
            {"id": "page", "property": "children"},
            {"id": "shown", "property": "data"},
            {"id": "moved", "property": "data"},
        ],
        "inputs": [
            {"id": "address", "property": "href", "value": href},
            {"id": "data-version", "property": "data", "value": 1},
        ],
        "state": [{"id": "shown", "property": "data", "value": before}],
        "changedPropIds": ["address.href"],
    }


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "evil.example:80"])
@pytest.mark.parametrize("path", ["/", "/live", "/healthz", "/assets/live.js"])
def test_a_foreign_host_is_refused(client: httpx.Client, host: str, path: str) -> None:
    assert client.get(path, headers={"Host": host}).status_code == 400


def test_own_hosts_are_served(client: httpx.Client) -> None:
    for host in ("127.0.0.1", "localhost:8050", "LOCALHOST", "[::1]:8050"):
        assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_html_has_a_policy_without_unsafe_scripts(client: httpx.Client) -> None:
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    scripts = re.search(r"script-src ([^;]*)", policy)
    assert scripts
    assert "unsafe" not in scripts[1]
    assert "'sha256-" in scripts[1]
    assert "frame-ancestors 'self'" in policy
    assert "object-src 'none'" in policy
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert answer.headers["cache-control"] == "no-store"


def test_every_answer_has_the_security_headers(client: httpx.Client) -> None:
    for path in ("/", "/unit/99", "/healthz", "/assets/live.js", "/_dash-layout", "/export.csv"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path
        assert "server" not in headers, path


def test_versions_are_not_told(client: httpx.Client) -> None:
    text = client.get("/").text
    found = re.search(r'id="_dash-config" type="application/json">(.*?)</script>', text)
    assert found
    config = json.loads(found[1])
    assert config["python_version"] == config["dash_version"] == ""
    assert "dash-version.plotly" not in text
    assert config["ui"] is False


def test_a_callback_needs_the_token(client: httpx.Client) -> None:
    header = token(client)
    assert client.post("/_dash-update-component", json=callback("/")).status_code == 400
    wrong = {"X-CSRFToken": header["X-CSRFToken"][:-2] + "xx"}
    answer = client.post("/_dash-update-component", json=callback("/"), headers=wrong)
    assert answer.status_code == 400
    right = client.post("/_dash-update-component", json=callback("/"), headers=header)
    assert right.status_code == 200
    assert "Đơn vị vn" in right.text


def test_a_token_of_another_session_is_refused(client: httpx.Client, portal: Portal) -> None:
    with httpx.Client(base_url=portal.url) as other:
        header = token(other)
    token(client)
    answer = client.post("/_dash-update-component", json=callback("/"), headers=header)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "href",
    ["/unit/99", "/unit/77", "/nope", "/?unit=38&unit=01", "/?evil=1", "/broken", "/%00"],
)
def test_a_forged_callback_passes_the_same_gate(client: httpx.Client, href: str) -> None:
    answer = client.post("/_dash-update-component", json=callback(href), headers=token(client))
    assert answer.status_code == 200
    shown = answer.json()["response"]["shown"]["data"]
    assert shown["status"] in (404, 500), href
    assert "bars" not in answer.text
    assert "secret detail" not in answer.text


@pytest.mark.parametrize("href", [None, 5, ["/"], {"a": 1}])
def test_a_forged_callback_of_a_wrong_kind_changes_nothing(client: httpx.Client, href: Any) -> None:
    answer = client.post("/_dash-update-component", json=callback(href), headers=token(client))
    assert answer.status_code == 200
    assert answer.json()["response"] == {}


@pytest.mark.parametrize("body", [{}, [], {"output": "x.y", "inputs": []}, "text", None])
def test_nonsense_is_a_plain_error(client: httpx.Client, body: Any) -> None:
    answer = client.post("/_dash-update-component", json=body, headers=token(client))
    assert answer.status_code in (400, 415, 500)
    assert "Traceback" not in answer.text
    assert "site-packages" not in answer.text


def test_a_large_request_is_refused(client: httpx.Client) -> None:
    headers = {**token(client), "Content-Type": "application/json"}
    answer = client.post("/_dash-update-component", content=b" " * 1_100_000, headers=headers)
    assert answer.status_code == 413


def test_outside_the_scope_reads_like_nothing_there(client: httpx.Client) -> None:
    outside, absent = client.get("/unit/77"), client.get("/unit/99")
    assert outside.status_code == absent.status_code == 404

    def reason(text: str) -> str:
        found = re.search(r'"children":"([^"]*)","className":"error-reason"', text)
        assert found
        return found[1]

    assert reason(outside.text) == reason(absent.text).replace("99", "77")


def test_the_layout_route_holds_no_data(client: httpx.Client) -> None:
    text = client.get("/_dash-layout").text
    assert "Thanh" not in text
    assert "bars" not in text


def test_text_cannot_end_the_document_early(client: httpx.Client) -> None:
    text = client.get("/").text
    assert HOSTILE not in text
    assert "<img" not in text
    layout = re.search(r'data-first="_dash-layout">(.*?)</script>', text)
    assert layout
    assert HOSTILE in json.dumps(json.loads(layout[1]), ensure_ascii=False).replace('\\"', '"')


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(client: httpx.Client, method: str) -> None:
    for path in ("/", "/live", "/assets/live.js", "/export.csv"):
        assert client.request(method, path, headers=token(client)).status_code in (400, 405), path


def test_no_debug_no_reload_no_mcp(client: httpx.Client) -> None:
    for path in ("/_mcp", "/mcp", "/console", "/_alive"):
        assert client.get(path).status_code == 404, path
    assert "ws" not in client.get("/").headers["content-security-policy"].split("'self'")[0]


def test_another_address_than_this_machine_is_refused(tmp_path: Any) -> None:
    with pytest.raises(SettingsError, match=r"127\.0\.0\.1 only"):
        run(Settings(home=tmp_path, host="0.0.0.0"))


def test_a_port_in_use_is_a_clear_message() -> None:
    first = listen("127.0.0.1", 0)
    try:
        with pytest.raises(SettingsError, match="IOC_PORT"):
            listen("127.0.0.1", first.getsockname()[1])
    finally:
        first.close()
