"""A source reaches the hosts it declares and no others, redirects and links included."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter, ValidationError
from support.authority import Authority
from support.server import answer, serving
from support.sources import source_of

from data_sources.http_json import CONNECTOR
from ioc.domain.messages import say
from ioc.errors import PermanentSourceError, SourceError
from ioc.ingest.asking import Asking
from ioc.ingest.connector import Reach, Reaching, Tools
from ioc.ingest.guard import Guard
from ioc.ingest.reach import Host, Tls, client_for, reach_of, web_address
from ioc.ingest.scheduler import connectors
from tests.conftest import Clock

MAPPING = """
unit: {code: ma, system: nso}
period: {field: ky}
values: [{indicator: OPS-01, numerator: tu, denominator: mau}]
"""


def fetched(config: dict[str, Any], clock: Clock, allowed: list[str], home: Path) -> list[Any]:
    given = CONNECTOR.Config.model_validate({"attempts": 1, **config})
    source = source_of(MAPPING).model_copy(update={"config": given})
    with client_for(source, CONNECTOR, home, allowed) as client:
        return list(CONNECTOR.fetch(given, Tools(client, clock, home)).records)  # type: ignore[arg-type]


def refused(*given: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        fetched(*given)
    for lang in ("vi", "en"):
        assert say(lang, f"source.{caught.value.code}", **caught.value.params)
    return caught.value


def redirecting(target: str) -> Any:
    def respond(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        answer(handler, status=302, Location=target)

    return respond


def test_c3_a_redirect_to_an_undeclared_host_is_refused_even_where_the_address_is_allowed(
    clock: Clock, tmp_path: Path
) -> None:
    asked: list[str] = []

    def other(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        asked.append(handler.path)
        answer(handler)

    with serving(other) as away:
        url = f"http://localhost:{away.split(':')[1]}/x"
        with serving(redirecting(url)) as host:
            config = {"url": f"http://{host}/"}
            error = refused(config, clock, [host, "localhost"], tmp_path)
            assert isinstance(error, PermanentSourceError)
            assert (error.code, error.params["host"]) == ("host_undeclared", "localhost")
            assert asked == []
            assert fetched({**config, "hosts": ["localhost"]}, clock, [host, "localhost"],
                           tmp_path) == []  # fmt: skip
            # Declaring a host does not lift the guard: the administrator's list does.
            both = {**config, "hosts": ["localhost"]}
            assert refused(both, clock, [host], tmp_path).code == "address_refused"
    assert asked == ["/x"]


def test_a_link_to_a_next_page_elsewhere_is_refused_too(clock: Clock, tmp_path: Path) -> None:
    def respond(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        answer(handler, b"[{}]", Link='<http://evil.example/2>; rel="next"')

    with serving(respond) as host:
        error = refused(
            {"url": f"http://{host}/", "paging": {"kind": "link"}}, clock, [host], tmp_path
        )
    assert (error.code, error.params["host"]) == ("host_undeclared", "evil.example")


def test_a_name_that_is_not_declared_is_not_even_looked_up() -> None:
    looked: list[str] = []
    guard = Guard(
        [], lambda name, port: looked.append(name) or ["8.8.8.8"], ["a.gov.vn", "b.vn:81"]
    )  # type: ignore[func-returns-value]
    assert guard.check("A.gov.VN.", 443) == ["8.8.8.8"]
    assert guard.check("b.vn", 81) == ["8.8.8.8"]
    for host, port in (("evil.example", 80), ("b.vn", 80), ("sub.a.gov.vn", 443)):
        with pytest.raises(PermanentSourceError) as caught:
            guard.check(host, port)
        assert caught.value.code == "host_undeclared"
    assert looked == ["a.gov.vn", "b.vn"]


def test_c5_a_name_is_the_same_in_every_spelling() -> None:
    spelled = httpx.URL("https://điện-tử.example.vn/").raw_host.decode()
    assert spelled.startswith("xn--")
    for declared in ("điện-tử.example.vn", "ĐIỆN-TỬ.example.VN", spelled, spelled.upper()):
        guard = Guard([declared], lambda name, port: ["10.0.0.1"], [declared])
        assert guard.check(spelled, 443) == ["10.0.0.1"]
        assert guard.check("Điện-tử.example.vn.", 443) == ["10.0.0.1"]
        with pytest.raises(PermanentSourceError):
            guard.check("dien-tu.example.vn", 443)


def test_what_a_source_declares(tmp_path: Path) -> None:
    config = CONNECTOR.Config.model_validate(
        {
            "url": "https://dvc.example.gov.vn/{value}",
            "each": {"values": [1]},
            "hosts": ["tep.example.gov.vn"],
            "auth": {"kind": "oauth2", "token_url": "https://sso.example.gov.vn/token",
                     "client_id": "a", "client_secret": "b"},
            "tls": {"ca": "certs/ca.pem", "certificate": "/etc/own.pem", "key": "/etc/own.key"},
        }
    )  # fmt: skip
    assert CONNECTOR.reach(config, tmp_path) == Reach(  # type: ignore[arg-type]
        ("dvc.example.gov.vn", "sso.example.gov.vn", "tep.example.gov.vn"),
        tmp_path / "certs" / "ca.pem",
        Path("/etc/own.pem"),
        Path("/etc/own.key"),
    )
    forwarded = CONNECTOR.Config.model_validate(
        {
            "url": "https://ben-cung-cap.vn/x",
            "adapter": {"address": "http://ss.vn:8080/forward", "destination": "VN:GOV:G22:x"},
        }
    )
    assert CONNECTOR.reach(forwarded, tmp_path) == Reach(("ss.vn",))  # type: ignore[arg-type]


def test_a_private_authority_of_the_source_s_own_file(clock: Clock, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.file.rename(tmp_path / "tinh.pem")
    with serving(
        lambda handler, _: answer(handler, b'[{"ma": "38"}]'),
        authority.issue("127.0.0.1").context(),
    ) as host:
        config = {"url": f"https://{host}/", "tls": {"ca": "tinh.pem"}}
        (found,) = fetched(config, clock, [host], tmp_path)
        assert found.fields == {"ma": "38"}
        assert refused({"url": config["url"]}, clock, [host], tmp_path).code.startswith(
            "certificate"
        )
        missing = {**config, "tls": {"ca": "khong-co.pem"}}
        assert refused(missing, clock, [host], tmp_path).code == "certificate_file"


@pytest.mark.parametrize(
    "given", ["", "https://a.vn", "a.vn/x", "*", "*.gov.vn", "u@a.vn", "{value}"]
)
def test_a_host_is_a_name(given: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Host).validate_python(given)


@pytest.mark.parametrize(
    "given", ["ftp://a.vn", "https://", "https://{value}.vn/", "https://u:p@a.vn/", "//a.vn"]
)
def test_an_address_has_its_host_written_out(given: str) -> None:
    with pytest.raises(ValueError, match="address"):
        web_address(given)


def test_every_kind_that_asks_over_http_declares_where() -> None:
    kinds = [one for one in connectors().values() if issubclass(one.Config, Asking)]
    assert {"http_json", "portal_766", "ckan"} <= {one.name for one in kinds}
    for one in kinds:
        assert isinstance(one, Reaching), one.name


def test_a_key_needs_its_certificate() -> None:
    with pytest.raises(ValidationError):
        Tls(key="a.pem")


def test_hosts_of_addresses_are_taken_without_their_ports() -> None:
    found = reach_of(["https://A.vn:8443/x", "http://[::1]/"], ["b.vn:81", "a.vn"], None, Path())
    assert found == Reach(("a.vn", "::1", "b.vn:81"))
    assert httpx.URL("https://A.vn").host == "a.vn"
