"""The one HTTP client against a real server that hangs, trickles, lies, explodes and redirects."""

from __future__ import annotations

import gzip
import logging
import ssl
import subprocess
import time
import zlib
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.server import answer, serving

from ioc.domain.messages import say
from ioc.errors import PermanentSourceError, SourceError, TransientSourceError
from ioc.ingest.guard import Guard
from ioc.ingest.http import Answer, Ask, Limits, Retry, ask, open_client, read_json

ONCE = Retry(attempts=1)
Handler = BaseHTTPRequestHandler


def get(host: str, path: str = "/", *, allowed: bool = True, **options: Any) -> Answer:
    options.setdefault("retry", ONCE)
    request = options.pop("request", None) or Ask("GET", f"http://{host}{path}")
    with open_client([host] if allowed else [], secrets=options.pop("secrets", ())) as client:
        return ask(client, request, **options)


def refused(host: str, path: str = "/", **options: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        get(host, path, **options)
    error = caught.value
    for lang in ("vi", "en"):
        assert say(lang, f"source.{error.code}", **error.params)
    return error


def test_an_address_of_this_machine_is_refused_before_a_byte_is_sent() -> None:
    asked: list[str] = []
    with serving(lambda handler, _: asked.append(handler.path)) as host:
        error = refused(host, allowed=False)
    assert isinstance(error, PermanentSourceError)
    assert error.code == "address_refused"
    assert asked == []


def test_a_name_that_turns_private_between_two_requests_is_refused() -> None:
    turns = iter([["127.0.0.1"], ["127.0.0.1"]])
    with serving(lambda handler, _: answer(handler)) as host:
        port = int(host.split(":")[1])
        guard = Guard([], lambda name, _: next(turns))
        with open_client(guard=guard) as client, pytest.raises(PermanentSourceError) as caught:
            ask(client, Ask("GET", f"http://rebind.example:{port}/"), retry=ONCE)
    assert caught.value.code == "address_refused"


def test_the_name_is_resolved_once_and_that_address_is_connected_to() -> None:
    asked: list[str] = []

    def resolver(name: str, port: int) -> list[str]:
        asked.append(name)
        return ["127.0.0.1"]

    with serving(lambda handler, _: answer(handler, b"[1]")) as host:
        port = host.split(":")[1]
        guard = Guard([f"kho.example:{port}"], resolver)
        with open_client(guard=guard) as client:
            found = ask(client, Ask("GET", f"http://kho.example:{port}/"), retry=ONCE)
    assert (found.content, asked) == (b"[1]", ["kho.example"])


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://a.example/", "gopher://a.example/", "http://", "//a/b",
     "http://user:pass@a.example/", "http://[::1", "javascript:alert(1)"],
)  # fmt: skip
def test_only_plain_web_addresses_are_asked(url: str) -> None:
    with open_client() as client, pytest.raises(PermanentSourceError) as caught:
        ask(client, Ask("GET", url), retry=ONCE)
    assert caught.value.code == "bad_url"
    assert "pass" not in str(caught.value).replace("passwd", "")


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("http://169.254.169.254/latest/meta-data", "address_refused"),
        ("http://localhost:1/", "address_refused"),
        ("file:///etc/passwd", "bad_url"),
        ("gopher://127.0.0.1/", "bad_url"),
        ("ftp://127.0.0.1/", "bad_url"),
        ("http://[", "bad_url"),
        ("/again", "redirect_loop"),
    ],
)
def test_every_redirect_is_checked_like_the_first_address(target: str, code: str) -> None:
    def respond(handler: Handler, _: bytes) -> None:
        answer(handler, status=302, Location=target)

    with serving(respond) as host:
        assert refused(host).code == code


def test_a_redirect_within_the_host_is_followed_and_to_another_loses_the_headers() -> None:
    seen: dict[str, str | None] = {}

    def other(handler: Handler, _: bytes) -> None:
        seen["other"] = handler.headers.get("Authorization")
        answer(handler, b"[2]")

    with serving(other) as away:

        def respond(handler: Handler, _: bytes) -> None:
            seen[handler.path] = handler.headers.get("Authorization")
            target = "/second" if handler.path == "/" else f"http://{away}/"
            answer(handler, status=307, Location=target)

        with serving(respond) as host, open_client([host, away]) as client:
            request = Ask("GET", f"http://{host}/", {"Authorization": "Bearer x"})
            assert ask(client, request, retry=ONCE).content == b"[2]"
            posted = Ask("POST", f"http://{host}/second", body={"mat": "khau"})
            with pytest.raises(PermanentSourceError) as caught:
                ask(client, posted, retry=ONCE)
    assert (seen["/"], seen["other"]) == ("Bearer x", None)
    assert caught.value.code == "redirect_away"


def test_an_answer_after_the_headers_that_trickles_is_cut_at_the_deadline() -> None:
    def respond(handler: Handler, _: bytes) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)

    with serving(respond) as host:
        started = time.monotonic()
        error = refused(host, limits=Limits(total=0.4))
    assert isinstance(error, TransientSourceError)
    assert error.code == "too_slow"
    assert time.monotonic() - started < 2


def test_headers_that_trickle_are_cut_at_the_deadline_too() -> None:
    def respond(handler: Handler, _: bytes) -> None:
        for letter in b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100:
            handler.wfile.write(bytes([letter]))
            handler.wfile.flush()
            time.sleep(0.05)

    with serving(respond) as host:
        started = time.monotonic()
        assert refused(host, limits=Limits(total=0.4)).code == "too_slow"
    assert time.monotonic() - started < 2


def test_a_server_that_says_nothing_is_left_after_the_read_time() -> None:
    with serving(lambda handler, _: time.sleep(1)) as host:
        assert refused(host, limits=Limits(read=0.2)).code == "too_slow"


def test_a_deadline_of_the_run_bounds_the_request() -> None:
    with serving(lambda handler, _: time.sleep(1)) as host:
        started = time.monotonic()
        assert refused(host, deadline=time.monotonic() + 0.2, retry=Retry()).code == "too_slow"
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_beyond_the_limit_is_cut(announced: bool) -> None:
    def respond(handler: Handler, _: bytes) -> None:
        handler.send_response(200)
        if announced:
            handler.send_header("Content-Length", str(5 * 2**30))
        handler.end_headers()
        for _ in range(64):
            handler.wfile.write(b" " * 65536)

    with serving(respond) as host:
        assert refused(host, limits=Limits(size=2**20)).code == "too_large_answer"


def test_a_bomb_is_cut_before_it_unfolds() -> None:
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(b"0" * 2**20) for _ in range(200)) + packer.flush()

    with serving(lambda handler, _: answer(handler, bomb, Content_Encoding="gzip")) as host:
        assert refused(host, limits=Limits(size=2**20)).code == "too_large_answer"


@pytest.mark.parametrize(
    ("content", "coding"),
    [
        (b"not gzip", "gzip"),
        (gzip.compress(b"[1]", mtime=0)[:-9], "gzip"),
        (b"x", "br"),
        (b"x", "zstd"),
    ],
)
def test_broken_or_strange_packing_is_refused(content: bytes, coding: str) -> None:
    with serving(lambda handler, _: answer(handler, content, Content_Encoding=coding)) as host:
        assert refused(host).code == "bad_packing"


def test_packed_answers_are_unpacked() -> None:
    text = b"[" + b"1," * 100_000 + b"1]"
    for packed, coding in ((gzip.compress(text), "gzip"), (zlib.compress(text), "deflate")):

        def respond(
            handler: Handler, _: bytes, packed: bytes = packed, coding: str = coding
        ) -> None:
            answer(handler, packed, Content_Encoding=coding)

        with serving(respond) as host:
            assert get(host).content == text


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "http_refused", PermanentSourceError),
        (403, "http_refused", PermanentSourceError),
        (404, "http_status", PermanentSourceError),
        (304, "http_status", PermanentSourceError),
        (429, "http_later", TransientSourceError),
        (500, "http_later", TransientSourceError),
        (503, "http_later", TransientSourceError),
    ],
)
def test_a_status_says_whether_a_person_is_needed(
    status: int, code: str, kind: type[SourceError]
) -> None:
    asked: list[int] = []

    def respond(handler: Handler, _: bytes) -> None:
        asked.append(1)
        answer(handler, b"Traceback: password=abc", status)

    with serving(respond) as host:
        error = refused(host, retry=Retry(attempts=3), sleep=lambda seconds: None)
    assert isinstance(error, kind)
    assert error.code == code
    assert "password" not in f"{error} {error.params}"
    assert len(asked) == (3 if kind is TransientSourceError else 1)


def test_a_source_that_recovers_is_read_after_growing_pauses() -> None:
    statuses = iter([503, 500, 200])
    pauses: list[float] = []
    with serving(lambda handler, _: answer(handler, b"[1]", next(statuses))) as host:
        found = get(host, retry=Retry(3, first=1), sleep=pauses.append, chance=lambda: 0.5)
    assert found.content == b"[1]"
    assert pauses == [1, 2]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("Sun, 22 Nov 2026 03:00:07 GMT", 7.0), ("3600", None), ("soon", 0.5)],
)
def test_what_the_source_asks_to_wait_is_respected(header: str, seconds: float | None) -> None:
    statuses = iter([429, 200])
    pauses: list[float] = []
    now = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

    def respond(handler: Handler, _: bytes) -> None:
        answer(handler, b"[]", next(statuses), Retry_After=header)

    options: dict[str, Any] = {
        "retry": Retry(first=0.5), "sleep": pauses.append, "chance": lambda: 0.5,
        "now": lambda: now,
    }  # fmt: skip
    with serving(respond) as host:
        if seconds is None:
            error = refused(host, **options)
            assert isinstance(error, TransientSourceError)
            assert error.retry_after == 3600
        else:
            get(host, **options)
    assert pauses == ([] if seconds is None else [seconds])


def test_a_closed_port_may_open_later() -> None:
    with serving(lambda handler, _: None) as host:
        pass
    error = refused(host)
    assert isinstance(error, TransientSourceError)
    assert error.code == "no_connection"


def test_a_certificate_nobody_vouches_for_needs_a_person(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
         "/CN=kho.example", "-addext", "subjectAltName=DNS:kho.example",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with _serving_tls(context) as port:
        names = {"kho.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]}
        guard = Guard(names, lambda name, _: names[name])
        url = f"https://kho.example:{port}/"
        with open_client(guard=guard) as client, pytest.raises(PermanentSourceError) as caught:
            ask(client, Ask("GET", url), retry=ONCE)
        assert caught.value.code == "certificate_self_signed"
        with open_client(guard=guard, ca_file=certificate) as client:
            assert ask(client, Ask("GET", url), retry=ONCE).content == b"[]"
            with pytest.raises(PermanentSourceError) as caught:
                ask(client, Ask("GET", url.replace("kho", "other")), retry=ONCE)
        assert caught.value.code == "certificate_name"


def _serving_tls(context: ssl.SSLContext) -> Any:
    from contextlib import contextmanager

    @contextmanager
    def running() -> Any:
        import socket
        import threading

        listener = socket.create_server(("127.0.0.1", 0))
        stop = threading.Event()

        def serve() -> None:
            listener.settimeout(0.05)
            while not stop.is_set():
                try:
                    plain, _ = listener.accept()
                except TimeoutError:
                    continue
                plain.settimeout(2)
                try:
                    with context.wrap_socket(plain, server_side=True) as stream:
                        stream.recv(65536)
                        stream.sendall(
                            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]"
                        )
                except OSError:
                    plain.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            stop.set()
            thread.join()
            listener.close()

    return running()


@pytest.mark.parametrize(
    ("content", "media", "code"),
    [
        (b"", "application/json", "not_data_empty"),
        (b" \n", "application/json", "not_data_empty"),
        (b"null", "application/json", "not_data_null"),
        (b"<!doctype html><form>log in</form>", "application/json", "not_data_html"),
        (b"Please log in", "text/html", "not_data_html"),
        (b'{"data": [{"a": 1}, {"a"', "application/json", "not_data_broken"),
        (b"\xff\xfe\x00", "application/json", "not_data_broken"),
        (b"[" * 10_000_000, "application/json", "not_data_nested"),
        (b'{"a":' * 200_000 + b"1", "application/json", "not_data_nested"),
        (b"[" + b"9" * 10_000 + b"]", "application/json", "not_data_broken"),
    ],
)
def test_answers_that_are_not_data_are_named(content: bytes, media: str, code: str) -> None:
    found = Answer("http://a.example/x?token=abc", "http://a.example/x", content, media,
                   httpx.Headers())  # fmt: skip
    with pytest.raises(PermanentSourceError) as caught:
        read_json(found)
    assert caught.value.code == code
    assert "abc" not in str(caught.value)
    for lang in ("vi", "en"):
        assert say(lang, f"source.{code}", **caught.value.params)


def test_numbers_with_decimals_stay_exact() -> None:
    text = b'{"a": 0.1234567890123456789, "b": 1e400, "c": NaN, "d": 12}'
    found = read_json(Answer("http://a.example", "", text, "", httpx.Headers()))
    assert found == {
        "a": Decimal("0.1234567890123456789"), "b": Decimal("1e400"), "c": "NaN", "d": 12,
    }  # fmt: skip


def test_secrets_show_in_no_message_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "khoa-bi-mat-1234"
    with serving(lambda handler, _: answer(handler, status=404)) as host:
        request = Ask(
            "GET", f"http://{host}/{secret}/x", {"Authorization": f"Bearer {secret}"},
            {"token": secret},
        )  # fmt: skip
        error = refused(host, request=request, secrets=[secret])
    assert secret not in f"{error!r} {error.args} {error.params}"
    assert "/***/x" in str(error)
    assert secret not in caplog.text


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with serving(lambda handler, _: answer(handler, b"[1]")) as host:
        assert get(host).content == b"[1]"


def test_a_form_is_sent_as_one_and_follows_no_redirect_to_another_host() -> None:
    seen: list[bytes] = []

    def respond(handler: Handler, body: bytes) -> None:
        if handler.path == "/away":
            answer(handler, status=307, Location="http://127.0.0.1:9/there")
        else:
            seen.append(body + handler.headers["Content-Type"].encode())
            answer(handler)

    with serving(respond) as host:
        form = {"wstoken": "a b", "courseid": "1"}
        get(host, request=Ask("POST", f"http://{host}/", form=form))
        error = refused(host, request=Ask("POST", f"http://{host}/away", form=form))
    assert seen == [b"wstoken=a+b&courseid=1application/x-www-form-urlencoded"]
    assert error.code == "redirect_away"


def test_the_body_of_a_declared_status_is_an_answer() -> None:
    def respond(handler: Handler, _: bytes) -> None:
        answer(handler, b'{"status": "error"}', 422)

    with serving(respond) as host:
        found = get(host, request=Ask("GET", f"http://{host}/", answers=frozenset({422})))
        assert refused(host).code == "http_status"
    assert (found.status, read_json(found)) == (422, {"status": "error"})
