"""Only public and allowed addresses are connected to, and the one checked is the one used."""

from __future__ import annotations

import pytest

from ioc.errors import PermanentSourceError, TransientSourceError
from ioc.ingest.guard import Guard


def _names(**known: list[str]) -> Guard:
    return Guard(resolver=lambda host, port: known[host.replace(".", "_").replace("-", "_")])


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "[::1]",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "0177.0.0.1",
        "127.1",
        "127.0.0.1.",
        "1.2.3.4.5",
    ],
)
def test_private_addresses_and_strange_spellings_are_refused(host: str) -> None:
    guard = Guard(resolver=lambda name, port: ["8.8.8.8"])
    with pytest.raises(PermanentSourceError) as caught:
        guard.check(host, 80)
    assert caught.value.code == "address_refused"


@pytest.mark.parametrize("host", ["localhost", "localhost.", "LOCALHOST", "LocalHost."])
def test_names_of_this_machine_are_refused(host: str) -> None:
    with pytest.raises(PermanentSourceError):
        Guard().check(host, 80)


def test_public_addresses_are_let_through_as_they_were_found() -> None:
    assert _names(vn_example=["203.162.0.1", "8.8.8.8"]).check("VN.example.", 443) == [
        "203.162.0.1",
        "8.8.8.8",
    ]
    assert Guard().check("8.8.8.8", 80) == ["8.8.8.8"]
    assert Guard().check("[2001:4860:4860::8888]", 80) == ["2001:4860:4860::8888"]


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    with pytest.raises(PermanentSourceError):
        _names(rebind_example=["8.8.8.8", "10.0.0.1"]).check("rebind.example", 80)


def test_the_allow_list_names_a_host_or_a_host_and_its_port() -> None:
    guard = Guard(["127.0.0.1:9000", "Kho.Noi-Bo.", "[::1]:81"], lambda host, port: ["10.0.0.7"])
    assert guard.check("127.0.0.1", 9000) == ["127.0.0.1"]
    assert guard.check("kho.noi-bo", 1234) == ["10.0.0.7"]
    assert guard.check("::1", 81) == ["::1"]
    for host, port in (("127.0.0.1", 9001), ("127.0.0.2", 9000), ("::1", 80)):
        with pytest.raises(PermanentSourceError):
            guard.check(host, port)


def test_an_unknown_name_may_be_known_later() -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    with pytest.raises(TransientSourceError) as caught:
        Guard(resolver=nobody).check("khong-co.example", 80)
    assert caught.value.code == "unknown_host"
