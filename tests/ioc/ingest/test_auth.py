"""Who we are to a source: keys, tokens and certificates, against real servers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter, ValidationError
from support.authority import Authority
from support.oidc import CLIENT, RESOURCE, SECRET, Oidc, oidc_server
from support.server import answer, serving

from ioc.domain.messages import say
from ioc.errors import PermanentSourceError, SourceError
from ioc.ingest.auth import Access, Auth
from ioc.ingest.client import masks_of
from ioc.ingest.connector import Tools
from ioc.ingest.http import Answer, Ask, Limits, Retry, open_client, read_json
from tests.conftest import Clock

Handler = BaseHTTPRequestHandler
AUTH: TypeAdapter[Any] = TypeAdapter(Auth)
START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def access(
    client: httpx.Client, url: str, memory: dict[str, Any], clock: Callable[[], datetime],
    **auth: Any,
) -> Access:  # fmt: skip
    tools = Tools(client, clock, Path("/nowhere"), memory=memory)
    given = AUTH.validate_python(auth) if auth else None
    return Access(given, tools, Limits(), Retry(attempts=1), url)


def get(url: str, clock: Callable[[], datetime] = lambda: START, **auth: Any) -> Answer:
    with open_client([url.split("/")[2]]) as client:
        return access(client, url, {}, clock, **auth).ask(Ask("GET", url))


def refused(ask: Callable[[], Any]) -> SourceError:
    with pytest.raises(SourceError) as caught:
        ask()
    for lang in ("vi", "en"):
        assert say(lang, f"source.{caught.value.code}", **caught.value.params)
    assert SECRET not in f"{caught.value} {caught.value.params}"
    return caught.value


# --- without a server of tokens ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ({}, "Authorization", None),
        ({"kind": "none"}, "Authorization", None),
        ({"kind": "basic", "user": "a", "password": "mật khẩu"}, "Authorization",
         "Basic YTptw6JcdDFh"),
        ({"kind": "key", "name": "X-Api-Key", "value": "k"}, "X-Api-Key", "k"),
        ({"kind": "bearer", "token": "t"}, "Authorization", "Bearer t"),
    ],
)  # fmt: skip
def test_a_request_carries_what_was_declared(
    auth: dict[str, Any], header: str, value: str | None
) -> None:
    seen: list[str | None] = []

    def respond(handler: Handler, _: bytes) -> None:
        seen.append(handler.headers.get(header))
        answer(handler)

    with serving(respond) as host:
        get(f"http://{host}/", **auth)
    if auth.get("kind") == "basic":
        value = "Basic " + httpx.BasicAuth("a", "mật khẩu")._auth_header.removeprefix("Basic ")
    assert seen == [value]


def test_a_key_in_the_query_joins_the_address_s_own() -> None:
    seen: list[str] = []

    def respond(handler: Handler, _: bytes) -> None:
        seen.append(handler.path)
        answer(handler)

    with serving(respond) as host:
        get(f"http://{host}/x?a=1", kind="key", name="khoa", value="b c", **{"in": "query"})
    assert seen == ["/x?a=1&khoa=b+c"]


def test_another_host_is_asked_in_nobody_s_name() -> None:
    seen: list[str | None] = []

    def respond(handler: Handler, _: bytes) -> None:
        seen.append(handler.headers.get("Authorization"))
        answer(handler)

    with serving(respond) as host, serving(respond) as other, open_client([host, other]) as client:
        asked = access(
            client, f"http://{host}/", {}, lambda: START, kind="bearer", token="bi-mat-rieng"
        )
        asked.ask(Ask("GET", f"http://{host}/"))
        asked.ask(Ask("GET", f"http://{other}/"))
    assert seen == ["Bearer bi-mat-rieng", None]


@pytest.mark.parametrize(
    "auth",
    [
        {"kind": "digest"},
        {"kind": "basic", "user": "a"},
        {"kind": "key", "name": "A", "value": "b\r\nHost: c"},
        {"kind": "bearer", "token": ""},
        {"kind": "oauth2", "token_url": "ftp://a", "client_id": "a", "client_secret": "b"},
        {"kind": "oauth2", "token_url": "https://{value}/a", "client_id": "a",
         "client_secret": "b"},
    ],
)  # fmt: skip
def test_a_wrong_way_is_refused_at_the_start(auth: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AUTH.validate_python(auth)


# --- a real server of tokens ---------------------------------------------------------------------


@pytest.fixture
def oidc() -> Iterator[Oidc]:
    with oidc_server() as server:
        yield server


def credentials(oidc: Oidc, **more: Any) -> dict[str, Any]:
    return {
        "kind": "oauth2",
        "token_url": f"{oidc.url}/token",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "scope": "bao-cao",
        "resource": RESOURCE,
        **more,
    }


def asking(
    oidc: Oidc, client: httpx.Client, memory: dict[str, Any], clock: Clock, **more: Any
) -> Any:
    url = f"{oidc.url}/api/bao-cao"
    found = access(client, url, memory, clock, **credentials(oidc, **more))
    return lambda: found.ask(Ask("GET", url))


def test_a_token_is_obtained_once_kept_between_runs_and_renewed_early(
    oidc: Oidc, clock: Clock
) -> None:
    memory: dict[str, Any] = {}
    for _ in range(3):
        with open_client([oidc.url.split("/")[2]]) as client:
            found = asking(oidc, client, memory, clock)()
        clock.advance(seconds=100)
    assert read_json(found) == [{"ma": "38", "khach": CLIENT, "pham_vi": "bao-cao"}]
    assert oidc.counts() == {"tokens": 1, "asked": 3, "refused": 0}
    clock.advance(seconds=245)
    with open_client([oidc.url.split("/")[2]]) as client:
        asking(oidc, client, memory, clock)()
    assert oidc.counts()["tokens"] == 2, "545 of 600 seconds are over: less than early is left"


def test_a_token_that_was_taken_back_is_replaced_once(oidc: Oidc, clock: Clock) -> None:
    memory: dict[str, Any] = {}
    with open_client([oidc.url.split("/")[2]]) as client:
        ask = asking(oidc, client, memory, clock)
        ask()
        (kept,) = (one for one in memory.values() if hasattr(one, "text"))
        oidc.revoke(kept.text)
        assert read_json(ask()) == [{"ma": "38", "khach": CLIENT, "pham_vi": "bao-cao"}]
        assert kept.text in masks_of(client)
    assert oidc.counts() == {"tokens": 2, "asked": 3, "refused": 1}


def test_many_at_once_share_one_token(oidc: Oidc, clock: Clock) -> None:
    memory: dict[str, Any] = {}
    start = threading.Barrier(8)

    def run(_: int) -> object:
        with open_client([oidc.url.split("/")[2]]) as client:
            ask = asking(oidc, client, memory, clock)
            start.wait(10)
            return read_json(ask())

    with ThreadPoolExecutor(8) as pool:
        assert len(list(pool.map(run, range(8)))) == 8
    assert oidc.counts() == {"tokens": 1, "asked": 8, "refused": 0}


def test_the_client_may_stand_in_the_form(clock: Clock) -> None:
    with (
        oidc_server(method="client_secret_post") as oidc,
        open_client([oidc.url.split("/")[2]]) as client,
    ):
        ask = asking(oidc, client, {}, clock, send="body")
        assert isinstance(read_json(ask()), list)


@pytest.mark.parametrize(
    "wrong",
    [{"client_secret": "khac"}, {"client_id": "ai-do"}, {"resource": "khac"}],
)
def test_a_refused_client_is_told_in_words(oidc: Oidc, clock: Clock, wrong: dict[str, str]) -> None:
    with open_client([oidc.url.split("/")[2]]) as client:
        error = refused(asking(oidc, client, {}, clock, **wrong))
    assert isinstance(error, PermanentSourceError)
    assert error.code == "token_refused"
    assert oidc.counts()["asked"] == 0


def test_a_401_is_asked_again_exactly_once() -> None:
    tokens: list[str] = []
    asked: list[str | None] = []

    def respond(handler: Handler, _: bytes) -> None:
        if handler.path == "/token":
            tokens.append(f"token-so-{len(tokens)}")
            answer(handler, json.dumps({"access_token": tokens[-1], "expires_in": 60}).encode())
        else:
            asked.append(handler.headers.get("Authorization"))
            answer(handler, b"Traceback", 401)

    with serving(respond) as host:
        error = refused(
            lambda: get(f"http://{host}/", kind="oauth2", token_url=f"http://{host}/token",
                        client_id="a", client_secret=SECRET)
        )  # fmt: skip
    assert error.code == "http_refused"
    assert asked == ["Bearer token-so-0", "Bearer token-so-1"]


def test_a_401_that_counts_as_an_answer_is_asked_again_too() -> None:
    statuses = iter([401, 200])

    def respond(handler: Handler, _: bytes) -> None:
        if handler.path == "/token":
            answer(handler, b'{"access_token": "mot-token"}')
        else:
            answer(handler, b"[1]", next(statuses))

    with serving(respond) as host, open_client([host]) as client:
        asked = access(client, f"http://{host}/", {}, lambda: START, kind="oauth2",
                       token_url=f"http://{host}/token", client_id="a",
                       client_secret=SECRET)  # fmt: skip
        found = asked.ask(Ask("GET", f"http://{host}/", answers=frozenset({401})))
    assert found.content == b"[1]"


@pytest.mark.parametrize(
    "given",
    [b"<html>log in</html>", b"[]", b"{}", b'{"access_token": 7}', b'{"access_token": ""}',
     b'{"access_token": "a\\r\\nb"}', b'{"access_token": "a", "token_type": "mac"}'],
)  # fmt: skip
def test_an_answer_without_a_token_is_named(given: bytes) -> None:
    with serving(lambda handler, _: answer(handler, given)) as host:
        error = refused(
            lambda: get(f"http://{host}/", kind="oauth2", token_url=f"http://{host}/token",
                        client_id="a", client_secret=SECRET)
        )  # fmt: skip
    assert error.code == "token_absent"


@pytest.mark.parametrize(
    ("expires", "after"),
    [(600, 540), ("600", 540), (60, 30), (1, 0.5), (None, None), ("soon", None), (-5, 0),
     (10**12, 10**9)],
)  # fmt: skip
def test_how_long_a_token_is_kept(expires: Any, after: float | None) -> None:
    memory: dict[str, Any] = {}

    def respond(handler: Handler, _: bytes) -> None:
        told = {"access_token": "mot-token", "token_type": "bearer", "expires_in": expires}
        answer(handler, json.dumps(told).encode() if handler.path == "/token" else b"[]")

    with serving(respond) as host, open_client([host]) as client:
        access(client, f"http://{host}/", memory, lambda: START, kind="oauth2",
               token_url=f"http://{host}/token", client_id="a",
               client_secret=SECRET).ask(Ask("GET", f"http://{host}/"))  # fmt: skip
    (kept,) = (one for one in memory.values() if hasattr(one, "text"))
    assert kept.until == (None if after is None else START + timedelta(seconds=after))


def test_the_token_s_request_passes_the_same_guard_limits_and_deadline() -> None:
    with serving(lambda handler, _: answer(handler)) as host, open_client([host]) as client:
        far = access(client, f"http://{host}/", {}, lambda: START, kind="oauth2",
                     token_url="http://169.254.169.254/token", client_id="a",
                     client_secret=SECRET)  # fmt: skip
        assert refused(lambda: far.ask(Ask("GET", f"http://{host}/"))).code == "address_refused"

    def endless(handler: Handler, _: bytes) -> None:
        answer(handler, b" " * 2**21)

    with serving(endless) as host, open_client([host]) as client:
        tools = Tools(client, lambda: START, Path("/nowhere"))
        auth = AUTH.validate_python(
            {"kind": "oauth2", "token_url": f"http://{host}/token", "client_id": "a",
             "client_secret": SECRET}
        )  # fmt: skip
        large = Access(auth, tools, Limits(size=2**20), Retry(1), f"http://{host}/")
        assert refused(lambda: large.ask(Ask("GET", f"http://{host}/"))).code == "too_large_answer"


# --- certificates --------------------------------------------------------------------------------


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def secure(host: str, **files: Any) -> bytes:
    with open_client([host], **files) as client:
        return access(client, f"https://{host}/", {}, lambda: START).ask(
            Ask("GET", f"https://{host}/")
        ).content  # fmt: skip


def test_c10_certificates_that_are_wrong_fail_in_words(authority: Authority) -> None:
    cases = {
        "certificate_expired": authority.issue("127.0.0.1", until=datetime(2020, 1, 1, tzinfo=UTC)),
        "certificate_name": authority.issue("khac.example"),
    }
    for code, given in cases.items():
        with serving(lambda handler, _: answer(handler), given.context()) as host:
            error = refused(lambda host=host: secure(host, ca_file=authority.file))
        assert (error.code, isinstance(error, PermanentSourceError)) == (code, True)
    with serving(
        lambda handler, _: answer(handler), authority.issue("127.0.0.1").context()
    ) as host:
        assert secure(host, ca_file=authority.file) == b"[]"
        assert refused(lambda: secure(host)).code.startswith("certificate")


def test_a_server_that_asks_who_calls_gets_our_certificate(authority: Authority) -> None:
    seen: list[Any] = []

    def respond(handler: Handler, _: bytes) -> None:
        seen.append(handler.connection.getpeercert())  # type: ignore[attr-defined]
        answer(handler)

    own = authority.issue("ioc.thanhhoa.example")
    context = authority.issue("127.0.0.1").context(callers=authority.file)
    files = {"ca_file": authority.file, "certificate": own.certificate, "key": own.key}
    with serving(respond, context) as host:
        assert secure(host, **files) == b"[]"
        assert seen[0]["subjectAltName"] == (("DNS", "ioc.thanhhoa.example"),)
        error = refused(lambda: secure(host, ca_file=authority.file))
    assert error.code == "certificate_wanted"
    assert len(seen) == 1


def test_a_file_that_is_no_certificate_is_named(authority: Authority, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("-----BEGIN CERTIFICATE-----\nbi mat\n")
    for files in (
        {"ca_file": broken},
        {"ca_file": tmp_path / "none.pem"},
        {"certificate": broken},
        {"certificate": authority.issue("a").certificate, "key": authority.issue("b").key},
    ):
        error = refused(lambda files=files: secure("127.0.0.1:1", **files))
        assert error.code == "certificate_file"
        assert "bi mat" not in f"{error} {error.params}"


def test_a_certificate_that_was_renewed_is_read_again(authority: Authority) -> None:
    given = authority.issue("127.0.0.1")
    with serving(lambda handler, _: answer(handler), given.context()) as host:
        file = authority.file
        assert secure(host, ca_file=file) == b"[]"
        Authority(authority.folder / "..").file.replace(file)
        assert refused(lambda: secure(host, ca_file=file)).code.startswith("certificate")


def test_tokens_behind_a_private_authority_and_mutual_certificates(
    authority: Authority, clock: Clock
) -> None:
    own, peer = authority.issue("ioc.example"), authority.issue("127.0.0.1")
    files = {"ca_file": authority.file, "certificate": own.certificate, "key": own.key}
    with oidc_server(
        certificate=peer.certificate, key=peer.key, ca=authority.file, mutual=True
    ) as oidc:
        host = oidc.url.split("/")[2]
        with open_client([host], **files) as client:
            assert isinstance(read_json(asking(oidc, client, {}, clock)()), list)
        with open_client([host], ca_file=authority.file) as client:
            assert refused(asking(oidc, client, {}, clock)).code == "certificate_wanted"
