"""One SELECT against real databases: exact, read-only, within its time, and nothing lost."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import trustme
from pydantic import ValidationError
from support.mariadb import MariadbServer, free_port
from support.postgres import PostgresServer

from data_sources.sql import CONNECTOR, SqlConfig
from ioc.domain.messages import explain
from ioc.errors import PermanentSourceError, SourceError, TransientSourceError
from ioc.ingest.connector import Batch, Record, Tools
from ioc.ingest.guard import Guard

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=timezone(timedelta(hours=7)))
FIGURES = """
CREATE TABLE ops (ma varchar(10), ky date, tu decimal(20,4), mau bigint, ghi varchar(50),
                  updated_at {moment});
INSERT INTO ops VALUES ('38', '2026-10-01', 1758.1250, 1950, 'Thanh Hóa', '2026-11-01 08:00:00'),
                       ('01', '2026-10-01', NULL, 9007199254740993, NULL, '2026-11-01 08:00:00'),
                       ('04', '2026-10-01', 0, 1, 'x', NULL);
"""
SELECT = "SELECT ma, ky, tu, mau, ghi, updated_at FROM ops ORDER BY ma"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def postgres_tcp(
    authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PostgresServer]:
    folder = tmp_path_factory.mktemp("pki")
    own = authority.issue_cert("localhost")
    own.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    # The server's user reads them: they cannot stand below pytest's own folder.
    with PostgresServer.started(free_port(), {"listen_addresses": "127.0.0.1"}) as server:
        with psycopg.connect(_owner(server), autocommit=True) as connection:
            pem = (folder / "server.pem").read_text()
            place = server.folder / "data" / "server.pem"
            place.write_text(pem)
            owner = place.parent.stat()
            os.chown(place, owner.st_uid, owner.st_gid)
            place.chmod(0o600)
            for line in (
                f"ALTER SYSTEM SET ssl_cert_file = '{place}'",
                f"ALTER SYSTEM SET ssl_key_file = '{place}'",
                "ALTER SYSTEM SET ssl = on",
                "SELECT pg_reload_conf()",
                *FIGURES.format(moment="timestamptz").strip().split(";\n"),
                "CREATE TABLE victim (id int)",
                "CREATE SEQUENCE counter",
                "CREATE FUNCTION spoil() RETURNS int LANGUAGE plpgsql AS "
                "$$ BEGIN INSERT INTO victim VALUES (1); RETURN 1; END $$",
                "CREATE ROLE ioc_doc LOGIN",
                "GRANT SELECT ON ops, victim TO ioc_doc",
                "CREATE ROLE ioc_qua_quyen LOGIN SUPERUSER",
            ):
                connection.execute(line.rstrip(";").encode())
        yield server


def _owner(server: PostgresServer) -> str:
    return f"host={server.folder} port={server.port} user=ioc dbname=postgres"


@pytest.fixture(scope="module")
def mariadb(authority: trustme.CA) -> Iterator[MariadbServer]:
    own = authority.issue_cert("localhost").private_key_and_cert_chain_pem.bytes()
    with MariadbServer.started(own) as server:
        server.run(
            *FIGURES.format(moment="datetime").strip().rstrip(";").split(";\n"),
            "CREATE TABLE victim (id int)",
            "CREATE FUNCTION spoil() RETURNS int MODIFIES SQL DATA SQL SECURITY DEFINER "
            "BEGIN INSERT INTO victim VALUES (1); RETURN 1; END",
        )
        yield server


@pytest.fixture(params=["postgresql", "mariadb", "sqlite"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    if request.param == "sqlite":
        with sqlite3.connect(tmp_path / "nguon.db") as made:
            made.executescript(FIGURES.format(moment="text"))
        made.close()
        return {"url": "sqlite:///nguon.db"}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_tcp")
        return {
            "url": f"postgresql://ioc_doc@127.0.0.1:{server.port}/postgres",
            "encrypted": False,
        }
    maria: MariadbServer = request.getfixturevalue("mariadb")
    return {"url": maria.url, "password": maria.password, "encrypted": False}


def tools_for(home: Path, **changes: Any) -> Tools:
    given = Tools(httpx.Client(), lambda: NOW, home, guard=Guard(["127.0.0.1", "localhost"]))
    return replace(given, **changes)


def fetch(database: dict[str, Any], home: Path, query: str = SELECT, **config: Any) -> Batch:
    tools = {
        name: config.pop(name)
        for name in ("watermark_kept", "span", "deadline", "guard", "secrets", "rules")
        if name in config
    }
    if "watermark_kept" in tools:
        tools["watermark"] = tools.pop("watermark_kept")
    given = SqlConfig.model_validate({**database, "query": query, **config})
    return CONNECTOR.fetch(given, tools_for(home, **tools))


def fields(batch: Batch) -> list[dict[str, Any]]:
    return [dict(one.fields) for one in batch.records if isinstance(one, Record)]


def test_figures_are_exact_and_null_is_missing(database: dict[str, Any], tmp_path: Path) -> None:
    batch = fetch(database, tmp_path)
    rows = fields(batch)
    assert [one["ma"] for one in rows] == ["01", "04", "38"]
    assert (rows[0]["tu"], rows[0]["mau"], rows[0]["ghi"]) == (None, 9007199254740993, None)
    assert (rows[1]["tu"], rows[1]["updated_at"]) == (0, None)
    assert rows[2]["tu"] == Decimal("1758.1250")
    assert (rows[2]["ky"], rows[2]["ghi"]) == ("2026-10-01", "Thanh Hóa")
    assert str(rows[2]["updated_at"]).replace("T", " ").startswith("2026-11-01 ")


def test_what_was_answered_is_kept_and_read_again(database: dict[str, Any], tmp_path: Path) -> None:
    config = SqlConfig.model_validate({**database, "query": SELECT})
    batch = fetch(database, tmp_path)
    (kept,) = batch.payloads
    assert "mật khẩu" not in kept.label
    assert kept.label.startswith(("postgresql://127.0.0.1", "mariadb://127.0.0.1", "sqlite:///"))
    assert CONNECTOR.reread(config, kept) == list(batch.records)
    assert fetch(database, tmp_path).payloads == batch.payloads


def test_rows_of_an_equal_time_are_never_lost(database: dict[str, Any], tmp_path: Path) -> None:
    query = "SELECT ma, updated_at FROM ops WHERE updated_at >= :since ORDER BY ma"
    mark = {"column": "updated_at", "overlap": 0}
    first = fetch(database, tmp_path, query, watermark=mark)
    assert [one["ma"] for one in fields(first)] == ["01", "38"]
    assert first.watermark is not None
    newest, asked = json.loads(first.watermark)
    again = fetch(database, tmp_path, query, watermark=mark, watermark_kept=first.watermark)
    assert [one["ma"] for one in fields(again)] == ["01", "38"]
    assert again.watermark == first.watermark
    moment = datetime.fromisoformat(newest) + timedelta(seconds=1)
    later = json.dumps([moment.isoformat(" "), asked])
    nothing = fetch(database, tmp_path, query, watermark=mark, watermark_kept=later)
    assert fields(nothing) == []
    assert nothing.watermark is None
    # Read by other rules, everything is asked for again.
    other = fetch(database, tmp_path, query, watermark=mark, watermark_kept=later, rules="other")
    assert len(fields(other)) == 2
    overlapping = fetch(
        database, tmp_path, query, watermark={**mark, "overlap": 60}, watermark_kept=later
    )
    assert [one["ma"] for one in fields(overlapping)] == ["01", "38"]


def test_periods_and_parameters_are_bound_never_pasted(
    database: dict[str, Any], tmp_path: Path
) -> None:
    query = "SELECT ma FROM ops WHERE ky BETWEEN :period_start AND :period_end AND ghi = :ten"
    hostile = {"ten": "x' OR 1=1 --"}
    assert fields(fetch(database, tmp_path, query, params=hostile)) == []
    assert fields(fetch(database, tmp_path, query, params={"ten": "x"})) == [{"ma": "04"}]
    gap = (date(2026, 9, 1), date(2026, 9, 30))
    assert fields(fetch(database, tmp_path, query, params={"ten": "x"}, span=gap)) == []
    given = {"params": {"ten": "x"}, "span": (date(2026, 10, 1), date(2026, 10, 31))}
    assert fields(fetch(database, tmp_path, query, **given)) == [{"ma": "04"}]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1; DROP TABLE ops",
        "SELECT 1;",
        "COPY ops TO PROGRAM 'id'",
        "WITH gone AS (DELETE FROM ops RETURNING *) SELECT * FROM gone",
        "DROP TABLE ops",
        "SELECT * INTO copied FROM ops",
        "SELECT ma INTO OUTFILE '/tmp/x' FROM ops",
        "SELECT * FROM ops FOR UPDATE",
        "SELECT 1 /*! UNION SELECT 2 */",
        "SELECT 1 -- a\n, 2 FROM ops",
        "SELECT '\\' , 1 FROM ops WHERE ma = ' DROP '",
        "SELECT $$ a $$, 1",
        "PRAGMA writable_schema = 1",
        "ATTACH 'x' AS y",
        "SELECT ma FROM ops WHERE updated_at > :since",
        "SELECT ma FROM ops WHERE ma = :khong_co",
    ],
)
def test_a_statement_that_could_write_stops_the_start(query: str) -> None:
    given = {"url": "sqlite:///a.db", "query": query, "watermark": {"column": "updated_at"}}
    with pytest.raises(ValidationError):
        SqlConfig.model_validate(given)


def test_words_of_writing_in_names_and_texts_are_no_writing() -> None:
    query = "SELECT ma AS updated, 'DROP; nothing'  FROM ops".replace(";", ",")
    SqlConfig.model_validate({"url": "sqlite:///a.db", "query": query})
    quoted = 'WITH a AS (SELECT "update", updated_at::date FROM ops) SELECT * FROM a'
    SqlConfig.model_validate({"url": "sqlite:///a.db", "query": quoted})


@pytest.mark.parametrize(
    "url",
    ["sqlite:////etc/x.db", "sqlite://", "sqlite:///:memory:", "postgresql:///x?host=/tmp",
     "postgresql://u@h/x?sslmode=disable", "mysql://u@/x", "x", "postgresql://u@a,b/x"],
)  # fmt: skip
def test_an_address_without_one_plain_host_or_file_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        SqlConfig.model_validate({"url": url, "query": SELECT})


def test_a_file_outside_the_home_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PermanentSourceError) as caught:
        fetch({"url": "sqlite:///../x.db"}, tmp_path)
    assert caught.value.code == "folder_outside"


SIDE_EFFECTS = {
    "postgresql": ["SELECT spoil()", "SELECT nextval('counter')",
                   "SELECT set_config('transaction_read_only', 'off', false), spoil()"],
    "mariadb": ["SELECT spoil()"],
    "sqlite": ["SELECT load_extension('x')"],
}  # fmt: skip


def _kind(database: dict[str, Any]) -> str:
    return str(database["url"]).split(":", 1)[0]


def test_a_function_with_side_effects_is_refused_by_the_database_in_words(
    database: dict[str, Any], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    kind = _kind(database)
    # Even an account that may do everything.
    given = {**database, "url": database["url"].replace("ioc_doc@", "ioc_qua_quyen@")}
    for query in SIDE_EFFECTS[kind]:
        with pytest.raises(SourceError) as caught:
            fetch(given, tmp_path, query)
        assert caught.value.code in ("sql_read_only", "sql_wrong"), (query, caught.value)
        assert explain("vi", caught.value.code, caught.value.params)
    assert fields(fetch(database, tmp_path, "SELECT 1 AS so")) == [{"so": 1}]
    if kind != "sqlite":
        assert fields(fetch(database, tmp_path, "SELECT count(*) AS so FROM victim")) == [{"so": 0}]


SLEEPING = {
    "postgresql": "SELECT pg_sleep(600)",
    "mariadb": "SELECT sleep(600)",
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT max(i) AS m FROM n",
}


def test_a_statement_that_never_ends_is_cut_in_words(
    database: dict[str, Any], tmp_path: Path
) -> None:
    started = time.monotonic()
    with pytest.raises(TransientSourceError) as caught:
        fetch(database, tmp_path, SLEEPING[_kind(database)], seconds=1, connect=2)
    assert time.monotonic() - started < 8
    assert caught.value.code == "sql_too_slow"
    assert "quá thời gian" in explain("vi", caught.value.code, caught.value.params)
    assert len(fields(fetch(database, tmp_path))) == 3


def test_what_the_account_may_not_read_is_said(
    database: dict[str, Any], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if _kind(database) == "postgresql":
        query = "SELECT pg_read_file('/etc/passwd')"
    elif _kind(database) == "mariadb":
        query = "SELECT * FROM mysql.global_priv"
    else:
        query = "SELECT * FROM khong_co"
    with pytest.raises(PermanentSourceError) as caught:
        fetch(database, tmp_path, query)
    assert caught.value.code in ("sql_rights", "sql_wrong")
    assert explain("vi", caught.value.code, caught.value.params)


def test_more_rows_or_bytes_than_declared_are_an_error_not_a_cut(
    database: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(PermanentSourceError) as caught:
        fetch(database, tmp_path, rows=2)
    assert caught.value.code == "sql_too_many_rows"
    with pytest.raises(PermanentSourceError) as caught:
        fetch(database, tmp_path, megabytes=0.0001)
    assert caught.value.code == "too_large_answer"
    with pytest.raises(PermanentSourceError) as caught:
        fetch(database, tmp_path, "SELECT ma, ma FROM ops")
    assert caught.value.code == "sql_column_twice"


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_an_endless_answer_is_fetched_piece_by_piece_and_left(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "mariadb":
        maria: MariadbServer = request.getfixturevalue("mariadb")
        given = {"url": maria.url, "password": maria.password}
        query = "SELECT seq AS n FROM seq_1_to_2000000000"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_tcp")
        given = {"url": f"postgresql://ioc_doc@127.0.0.1:{server.port}/postgres"}
        query = "SELECT generate_series(1, 2000000000) AS n"
    started = time.monotonic()
    with pytest.raises(PermanentSourceError) as caught:
        fetch(given, tmp_path, query, encrypted=False, rows=5000, seconds=60)
    assert caught.value.code == "sql_too_many_rows"
    assert time.monotonic() - started < 20


def test_a_statement_that_hangs_keeps_nobody_else_from_asking(
    postgres_tcp: PostgresServer, mariadb: MariadbServer, tmp_path: Path
) -> None:
    ours = {
        "postgresql": {"url": f"postgresql://ioc_doc@127.0.0.1:{postgres_tcp.port}/postgres"},
        "mariadb": {"url": mariadb.url, "password": mariadb.password},
    }
    ended: list[str] = []

    def hang(kind: str) -> None:
        with pytest.raises(TransientSourceError):
            fetch(ours[kind], tmp_path, SLEEPING[kind], encrypted=False, seconds=4, connect=2)
        ended.append(kind)

    hanging = [threading.Thread(target=hang, args=(kind,)) for kind in ours]
    for one in hanging:
        one.start()
    time.sleep(0.5)
    for given in ours.values():
        assert len(fields(fetch(given, tmp_path, encrypted=False))) == 3
    assert ended == []
    for one in hanging:
        one.join()
    assert sorted(ended) == sorted(ours)


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_server_that_never_answers_is_cut(kind: str, tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        given = {"url": f"{kind}://u@127.0.0.1:{silent.getsockname()[1]}/x", "encrypted": False}
        started = time.monotonic()
        with pytest.raises(TransientSourceError) as caught:
            fetch(given, tmp_path, seconds=1, connect=2)
        assert time.monotonic() - started < 10
    assert caught.value.code in ("sql_too_slow", "sql_away")


def test_good_broken_good(mariadb: MariadbServer, tmp_path: Path) -> None:
    given = {"url": mariadb.url, "password": mariadb.password, "encrypted": False}
    assert len(fields(fetch(given, tmp_path))) == 3
    with pytest.raises(PermanentSourceError) as caught:
        fetch({**given, "password": "sai-mat-khau"}, tmp_path)
    assert caught.value.code == "sql_login"
    assert "sai-mat-khau" not in str(caught.value)
    with pytest.raises(TransientSourceError) as away:
        fetch({**given, "url": f"mariadb://ioc@127.0.0.1:{free_port()}/motcua"}, tmp_path)
    assert away.value.code == "no_connection"
    assert len(fields(fetch(given, tmp_path))) == 3


def test_a_private_address_needs_the_administrators_list(
    database: dict[str, Any], tmp_path: Path
) -> None:
    if _kind(database) == "sqlite":
        return
    with pytest.raises(PermanentSourceError) as caught:
        fetch(database, tmp_path, guard=Guard())
    assert caught.value.code == "address_refused"
    with pytest.raises(PermanentSourceError):
        fetch(database, tmp_path, guard=None)


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_certificate_is_verified_against_the_name(
    kind: str, authority: trustme.CA, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    tls = {"tls": {"ca": "ca.pem"}}
    if kind == "mariadb":
        maria: MariadbServer = request.getfixturevalue("mariadb")
        given = {"url": maria.url, "password": maria.password}
        query = "SELECT variable_value <> '' AS so FROM information_schema.session_status "
        query += "WHERE variable_name = 'Ssl_cipher'"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_tcp")
        given = {"url": f"postgresql://ioc_doc@127.0.0.1:{server.port}/postgres"}
        query = "SELECT count(*) AS so FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl"
    guard = Guard(["localhost", "127.0.0.1"], resolver=lambda host, port: ["127.0.0.1"])
    named = {**given, "url": given["url"].replace("127.0.0.1", "localhost")}
    assert fields(fetch(named, tmp_path, query, guard=guard, **tls)) == [{"so": 1}]
    # The address instead of the name, and an authority that is not known.
    for wrong, more in ((given, tls), (named, {})):
        with pytest.raises(PermanentSourceError) as caught:
            fetch(wrong, tmp_path, guard=guard, **more)
        assert caught.value.code == "sql_certificate"


def test_a_driver_that_is_not_installed_is_said(tmp_path: Path) -> None:
    with pytest.raises(PermanentSourceError) as caught:
        fetch({"url": "oracle://u@127.0.0.1/x"}, tmp_path)
    assert caught.value.code == "sql_no_driver"
