"""Secrets of a source: where they come from, and that they show and stay nowhere."""

from __future__ import annotations

import json
import logging
import zlib
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs

import httpx
import pytest
from pydantic import BaseModel
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from support.server import answer, serving

from data_sources.http_json import CONNECTOR
from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.errors import SourceConfigError
from ioc.ingest.connector import Batch, Outcome, Tools
from ioc.ingest.intake import Intake
from ioc.ingest.reach import client_for
from ioc.ingest.run import poll
from ioc.ingest.secrets import Masks, basic, filled
from ioc.ingest.source import Source, read_source
from ioc.store import payloads, rejections, runs
from ioc.store.engine import metadata
from tests.conftest import Clock

# --- from files ----------------------------------------------------------------------------------


def fill(value: Any, secrets: list[str] | None = None) -> Any:
    return filled(value, {}, "sources/thu.yaml", "config", secrets if secrets is not None else [])


def test_a_gap_is_filled_from_a_mounted_file(tmp_path: Path) -> None:
    file = tmp_path / "khoa"
    secrets: list[str] = []
    for content in ("mật khẩu", "mật khẩu\n", "mật khẩu\r\n"):
        file.write_text(content, encoding="utf-8", newline="")
        assert fill({"a": [f"Bearer ${{file:{file}}}!"]}, secrets) == {"a": ["Bearer mật khẩu!"]}
    assert secrets == ["mật khẩu"] * 3


@pytest.mark.parametrize(
    ("content", "allowed"),
    [
        (None, "a file that is there and can be read"),
        (b"", "one line of text that is not empty"),
        (b"\n", "one line of text that is not empty"),
        (b"hai\ndong", "one line of text that is not empty"),
        (b"bi-mat\x00", "one line of text that is not empty"),
        (b"bi-mat\xff", "a text in UTF-8"),
        (b"bi-mat" * 20_000, "a file of at most 65536 bytes"),
    ],
)
def test_a_file_that_does_not_serve_is_named_without_its_content(
    tmp_path: Path, content: bytes | None, allowed: str
) -> None:
    file = tmp_path / "khoa"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SourceConfigError) as caught:
        fill({"auth": {"token": f"${{file:{file}}}"}})
    assert f"config.auth.token: given '${{file:{file}}}', allowed: {allowed}" in str(caught.value)
    assert "bi-mat" not in str(caught.value)


def test_only_a_whole_path_is_read() -> None:
    for name in ("khoa", "../khoa", "~/khoa"):
        with pytest.raises(SourceConfigError) as caught:
            fill(f"${{file:{name}}}")
        assert "whole path" in str(caught.value)


def test_a_secret_written_into_the_file_itself_is_not_repeated(tmp_path: Path) -> None:
    for wrong in (
        "auth: {kind: bearer, token: mật-khẩu-thật}",
        'auth: {kind: key, name: a, value: "mật-khẩu-thật"}',
        "auth: mật-khẩu-thật",
    ):
        file = tmp_path / "thu.yaml"
        file.write_text(
            "name: thu\ntitle: {vi: Thử, en: Trial}\nconnector: http_json\nillustrative: true\n"
            f"schedule: {{every: 60s}}\nconfig: {{url: 'https://a.example', {wrong}}}\n{MAPPING}",
            encoding="utf-8",
        )
        with pytest.raises(SourceConfigError) as caught:
            read_source(file, {}, {"http_json": CONNECTOR})
        assert "config.auth" in str(caught.value)
        assert "thật" not in str(caught.value)


def test_what_the_database_refuses_is_told_without_what_was_to_be_written(engine: Engine) -> None:
    with pytest.raises(DBAPIError) as caught, engine.connect() as connection:
        connection.execute(text("SELECT :a FROM khong_co"), {"a": "mat-khau-dai"})
    assert "mat-khau-dai" not in str(caught.value)


# --- hiding --------------------------------------------------------------------------------------


def test_every_spelling_is_hidden() -> None:
    secret = 'm"ật/khẩu+ 1'
    masks = Masks([secret])
    masks.add(basic("ioc", secret))
    for shown in (
        f"x {secret} y",
        str(httpx.QueryParams({"a": secret})),
        str(httpx.URL("https://a.example/").copy_with(path=f"/{secret}/x")),
        json.dumps({"a": secret}),
        json.dumps({"a": secret}, ensure_ascii=False),
        basic("ioc", secret),
    ):
        hidden = masks.hide(shown)
        assert "***" in hidden
        assert "kh" not in hidden
        assert basic("ioc", secret) not in hidden


def test_a_long_secret_goes_before_its_part() -> None:
    assert Masks(["abc", "abcdef"]).hide("x abcdef y abc") == "x *** y ***"
    assert Masks(["", "a"]).hide("bcd") == "bcd"


def test_figures_are_never_starred_out() -> None:
    masks = Masks(["38", "1758", "123456789", "mat-khau-dai"])
    content = b'{"ma": "38", "so": 1758, "lon": 123456789, "loi": "mat-khau-dai"}'
    assert masks.hide_in(content) == content.replace(b"mat-khau-dai", b"***")


# --- a whole run: nothing in the store, nothing in the log ---------------------------------------

START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
CLIENT = "ung-dung-bi-mat+/9"
PASSWORD = "mat khau/cua&so"
KEY = "khoa-API-2f9c/71"
PATH_KEY = "duong-dan-bi-mat"

MAPPING = """
mapping:
  unit: {code: ma, system: nso}
  period: {field: ky}
  values: [{indicator: OPS-01, numerator: tu, denominator: mau}]
"""
AUTHS = {
    "token": "{kind: oauth2, token_url: 'http://HOST/token', client_id: ioc,"
    " client_secret: '${file:FILE}', scope: doc}",
    "form": "{kind: oauth2, token_url: 'http://HOST/token', client_id: ioc,"
    " client_secret: '${file:FILE}', send: body}",
    "basic": "{kind: basic, user: ioc, password: '${env:PASSWORD}'}",
    "key": "{kind: key, name: khoa, value: '${env:KEY}', in: query}",
    "header": "{kind: key, name: X-Api-Key, value: '${env:KEY}'}",
    "bearer": "{kind: bearer, token: '${env:KEY}'}",
}
BEHAVIOURS = ("rows", "fail", "redirect", "html", "link", "crash")


class Hostile:
    """A server that gives back all it was told, in every place it can."""

    def __init__(self) -> None:
        self.behaviour = "rows"
        self.tokens: list[str] = []

    def respond(self, handler: BaseHTTPRequestHandler, content: bytes) -> None:
        told = f"{handler.path} {dict(handler.headers)} {content.decode()}"
        sent = handler.headers.get("Authorization", "")
        if handler.path == "/token":
            self.tokens.append(f"ma-truy-cap-{len(self.tokens)}-bi-mat")
            given = {"access_token": self.tokens[-1], "expires_in": 60}
            answer(handler, json.dumps(given).encode())
        elif self.behaviour == "fail":
            answer(handler, told.encode(), 500, X_Debug=told.replace("\n", " "))
        elif self.behaviour == "redirect":
            away = httpx.URL("http://127.0.0.1:9/").copy_with(path=f"/{sent}/{handler.path}")
            answer(handler, status=302, Location=str(away))
        elif self.behaviour == "html":
            answer(handler, f"<html>{told}</html>".encode(), media="text/html")
        else:
            row = {"ma": "38", "ky": "2025-06", "tu": 1, "mau": 2}
            rows = [row, {**row, "ma": told}, {**row, "ky": sent}, {**row, "tu": handler.path}]
            more = f"http://127.0.0.1:9/?{told}" if self.behaviour == "link" else None
            document = {"rows": rows, "stack": told, "next": more}
            answer(handler, json.dumps(document, ensure_ascii=False).encode())


class Crashing:
    """A connector with a mistake of its own, which says all it knows."""

    name: ClassVar[str] = "http_json"
    Config: ClassVar[type[BaseModel]] = CONNECTOR.Config

    def fetch(self, config: Any, tools: Tools) -> Batch:
        url = f"{config.url}?{config.auth}"
        raise RuntimeError(f"cannot read {url} with {tools.secrets}")

    def finish(self, config: Any, batch: Batch, outcome: Outcome, tools: Tools) -> None: ...


@pytest.fixture
def hostile() -> Iterator[tuple[Hostile, str]]:
    server = Hostile()
    with serving(server.respond) as host:
        yield server, host


def a_source(folder: Path, host: str, auth: str, behaviour: str) -> Source:
    secret = folder / "client-secret"
    secret.write_text(CLIENT + "\n", encoding="utf-8")
    said = AUTHS[auth].replace("HOST", host).replace("FILE", str(secret))
    paging = "  paging: {kind: link, next: next}\n" if behaviour == "link" else ""
    file = folder / "thu.yaml"
    file.write_text(
        "name: thu\ntitle: {vi: Thử, en: Trial}\nconnector: http_json\nillustrative: true\n"
        f"schedule: {{every: 60s}}\nconfig:\n  url: 'http://{host}/du-lieu/${{env:PATH_KEY}}'\n"
        f"  attempts: 1\n  records: rows\n  auth: {said}\n{paging}{MAPPING}",
        encoding="utf-8",
    )
    env = {"PASSWORD": PASSWORD, "KEY": KEY, "PATH_KEY": PATH_KEY}
    return read_source(file, env, {"http_json": CONNECTOR})


def everything(engine: Engine) -> str:
    """All there is in the database, raw answers unpacked; for SQLite its files besides."""
    found = []
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                for value in row:
                    if isinstance(value, bytes):
                        found.append(zlib.decompress(value).decode(errors="replace"))
                    found.append(str(value))
    if engine.dialect.name == "sqlite":
        file = Path(str(engine.url.database))
        found += [one.read_bytes().decode("latin-1") for one in file.parent.glob(f"{file.name}*")]
    return "\n".join(found)


@pytest.mark.parametrize("auth", sorted(AUTHS))
def test_c11_c13_nothing_secret_is_kept_or_logged_whatever_the_source_does(
    engine: Engine,
    units: Units,
    catalogue: Catalogue,
    clock: Clock,
    tmp_path: Path,
    hostile: tuple[Hostile, str],
    caplog: pytest.LogCaptureFixture,
    auth: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    server, host = hostile
    outcomes = []
    first = a_source(tmp_path, host, auth, "rows")
    intake = Intake(
        engine=engine,
        catalogue=catalogue,
        units=units,
        connectors={"http_json": CONNECTOR},
        client=lambda one: client_for(one, CONNECTOR, tmp_path, [host, "127.0.0.1:9"]),
        home=tmp_path,
        env={},
        now=clock,
        owner="one",
        sources={"thu": first},
    )
    intake.prepare()
    for server.behaviour in BEHAVIOURS:
        source = a_source(tmp_path, host, auth, server.behaviour)
        if server.behaviour == "crash":
            intake.connectors = {"http_json": Crashing()}
        clock.advance(seconds=600)
        report = poll(intake, source)
        assert report is not None
        outcomes.append(report.outcome)
    assert outcomes == ["partial", *["failed"] * 5]
    pair = basic("ioc", PASSWORD)
    secrets = [CLIENT, PASSWORD, KEY, PATH_KEY, pair, *server.tokens]
    assert bool(server.tokens) == (auth in ("token", "form"))
    kept = everything(engine)
    assert "***" in kept, "the source did give them back"
    for spelled in Masks(secrets):
        assert spelled not in kept, spelled
        assert spelled not in caplog.text, spelled
    with engine.connect() as connection:
        count = len(connection.execute(select(payloads.payload)).all())
        refused = connection.execute(select(rejections.rejection)).all()
        failures = connection.execute(select(runs.run.c.code)).scalars().all()
    assert count == 1
    assert len(refused) == 3
    assert "unexpected" in failures
    assert "unexpected error" in caplog.text


def test_the_server_did_get_what_it_should(tmp_path: Path, hostile: tuple[Hostile, str]) -> None:
    """So that the test above hides something that was really sent."""
    seen: list[str] = []
    server, _ = hostile
    respond = server.respond

    def noting(handler: BaseHTTPRequestHandler, content: bytes) -> None:
        seen.append(f"{handler.path} {handler.headers.get('Authorization', '')}")
        seen.extend(parse_qs(content.decode()).get("client_secret", []))
        respond(handler, content)

    with serving(noting) as other:
        for auth in AUTHS:
            source = a_source(tmp_path, other, auth, "rows")
            with client_for(source, CONNECTOR, tmp_path, [other]) as client:
                CONNECTOR.fetch(source.config, Tools(client, lambda: START, tmp_path))
    sent = "\n".join(seen)
    assert CLIENT in sent
    assert f"Bearer {server.tokens[0]}" in sent
    assert f"Bearer {KEY}" in sent
    assert PATH_KEY in sent
    assert b64decode(basic("ioc", PASSWORD)).decode() == f"ioc:{PASSWORD}"
    assert basic("ioc", PASSWORD) in sent
