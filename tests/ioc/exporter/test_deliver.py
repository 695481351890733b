"""Handing briefings over: folders, mail against a real SMTP server with STARTTLS and log-in."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from sqlalchemy import Engine

from ioc.domain.briefing import Briefing, Deliver, RedSection
from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.exporter.deliver import Deliveries, FolderError, put
from ioc.exporter.mail import Attachment, Letter, MailError, message_of, send
from ioc.queries.desk import Desk
from ioc.settings import Settings
from ioc.store import briefing_deliveries, briefing_runs, snapshots
from ioc.store.engine import writing

PASSWORD = "mat-khau-rat-dai"
LETTER = Letter(
    key="k" * 32,
    to="an@example.vn",
    subject="Báo cáo giao ban tuần – tháng 10/2026",
    lines=("Kính gửi Quý vị,", "", "Số liệu đến 07:00."),
    lang="vi",
    at=datetime.fromisoformat("2026-11-23T07:00:00+07:00"),
    attachments=(Attachment("ioc-giao-ban.xlsx", "application/zip", b"PK\x03\x04" * 50),),
)


@dataclass
class Taken:
    """What the server took, and how it misbehaves."""

    messages: list[bytes] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    drop_after_data: bool = False

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.messages.append(envelope.content)
        if self.drop_after_data:
            server.transport.abort()
        return "250 OK"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@contextmanager
def serving(taken: Taken, authority: trustme.CA, *, tls: bool = True) -> Iterator[int]:
    """An SMTP server with STARTTLS that asks for the right name and password."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)

    def right(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        good = (given.login, given.password) == (b"ioc", PASSWORD.encode())
        return AuthResult(success=good, handled=False)

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    more: dict[str, Any] = {}
    if tls:
        more = {
            "tls_context": context,
            "require_starttls": True,
            "authenticator": right,
            "auth_required": True,
        }
    controller = Controller(
        taken, hostname="127.0.0.1", port=port, ready_timeout=30, server_hostname="localhost",
        **more,
    )  # fmt: skip
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def settings_for(folder: Path, port: int, **changes: Any) -> Settings:
    secret = folder / "smtp"
    secret.write_text(PASSWORD + "\n", encoding="utf-8")
    given: dict[str, Any] = {
        "home": folder,
        "smtp_host": "localhost",
        "smtp_port": port,
        "smtp_user": "ioc",
        "smtp_password_file": str(secret),
        "smtp_from": "ioc@example.vn",
        "mail_domains": ("example.vn",),
        **changes,
    }
    return Settings(**given)


@pytest.fixture
def trusts(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_sends_over_starttls_after_logging_in(
    tmp_path: Path, authority: trustme.CA, trusts: ssl.SSLContext
) -> None:
    taken = Taken()
    with serving(taken, authority) as port:
        send(settings_for(tmp_path, port), LETTER, trusts)
    (raw,) = taken.messages
    read = message_from_bytes(raw, policy=policy.default)
    assert read["Subject"] == LETTER.subject
    assert read["Message-ID"] == f"<ioc-{LETTER.key}@example.vn>"
    assert (read["From"], read["To"]) == ("ioc@example.vn", "an@example.vn")
    body = read.get_body(("plain",))
    assert body is not None
    assert "Kính gửi Quý vị," in body.get_content()
    (file,) = read.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("ioc-giao-ban.xlsx", b"PK\x03\x04" * 50)


def test_a_wrong_password_is_said_without_it(
    tmp_path: Path, authority: trustme.CA, trusts: ssl.SSLContext, caplog: pytest.LogCaptureFixture
) -> None:
    taken = Taken()
    caplog.set_level(logging.DEBUG)
    with serving(taken, authority) as port:
        settings = settings_for(tmp_path, port)
        Path(settings.smtp_password_file).write_text("sai-mat-khau", encoding="utf-8")
        with pytest.raises(MailError) as refused:
            send(settings, LETTER, trusts)
    assert (refused.value.code, refused.value.everyone) == ("mail_login", True)
    assert "sai-mat-khau" not in str(refused.value) + repr(refused.value.params) + caplog.text
    assert taken.messages == []


def test_refused_for_good_and_for_now(
    tmp_path: Path, authority: trustme.CA, trusts: ssl.SSLContext
) -> None:
    taken = Taken(refuse={LETTER.to: "550 No such user"})
    with serving(taken, authority) as port:
        settings = settings_for(tmp_path, port)
        with pytest.raises(MailError) as gone:
            send(settings, LETTER, trusts)
        taken.refuse = {LETTER.to: "451 Try later"}
        with pytest.raises(MailError) as later:
            send(settings, LETTER, trusts)
    assert (gone.value.final, later.value.final) == (True, False)
    assert not gone.value.everyone
    assert "550 No such user" in str(gone.value.params["answer"])


def test_a_connection_lost_after_data_is_tried_again_under_the_same_id(
    tmp_path: Path, authority: trustme.CA, trusts: ssl.SSLContext
) -> None:
    taken = Taken(drop_after_data=True)
    with serving(taken, authority) as port:
        settings = settings_for(tmp_path, port)
        with pytest.raises(MailError) as lost:
            send(settings, LETTER, trusts)
        assert not lost.value.final
        taken.drop_after_data = False
        send(settings, LETTER, trusts)
    ids = {message_from_bytes(one)["Message-ID"] for one in taken.messages}
    assert len(taken.messages) == 2
    assert len(ids) == 1


def test_a_server_without_starttls_or_with_a_foreign_certificate_gets_nothing(
    tmp_path: Path, authority: trustme.CA
) -> None:
    taken = Taken()
    with serving(taken, authority, tls=False) as port, pytest.raises(MailError) as plain:
        send(settings_for(tmp_path, port), LETTER)
    with serving(taken, authority) as port, pytest.raises(MailError) as foreign:
        send(settings_for(tmp_path, port), LETTER)  # the system does not know the authority
    assert plain.value.code == "mail_no_tls"
    assert foreign.value.code == "mail_unreachable"
    assert taken.messages == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mail_domains": ()}, "mail_not_allowed"),
        ({"mail_domains": ("khac.vn",)}, "mail_not_allowed"),
        ({"smtp_host": ""}, "mail_no_host"),
    ],
)
def test_nothing_leaves_when_it_is_not_allowed(
    tmp_path: Path, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(MailError) as refused:
        send(settings_for(tmp_path, 1, **changes), LETTER)
    assert refused.value.code == code


def test_no_title_can_add_a_header() -> None:
    hostile = "Giao ban\r\nBcc: ke-xau@khac.vn\r\n\r\nThân thư giả"
    made = message_of(replace(LETTER, subject=hostile), "ioc@example.vn")
    read = message_from_bytes(made.as_bytes(), policy=policy.default)
    assert read["Bcc"] is None
    assert read["Subject"] == "Giao ban Bcc: ke-xau@khac.vn Thân thư giả"
    with pytest.raises(ValueError, match="CR or LF"):
        message_of(replace(LETTER, to="a@b.vn\r\nBcc: c@d.vn"), "ioc@example.vn")


# --- folders -----------------------------------------------------------------------------------


def test_files_go_into_the_folder_once_and_replace_nothing(tmp_path: Path) -> None:
    one = Attachment("ioc-a.xlsx", "x", b"mot")
    put(tmp_path, "giao-ban", [one])
    put(tmp_path, "giao-ban", [one])
    folder = tmp_path / "briefings" / "out" / "giao-ban"
    assert [file.name for file in folder.iterdir()] == ["ioc-a.xlsx"]
    with pytest.raises(FolderError) as taken:
        put(tmp_path, "giao-ban", [replace(one, data=b"hai")])
    assert taken.value.final
    assert (folder / "ioc-a.xlsx").read_bytes() == b"mot"
    assert len(list(folder.iterdir())) == 1, "no draft is left"


def test_a_folder_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "briefings" / "out", tmp_path / "elsewhere"
    out.mkdir(parents=True)
    elsewhere.mkdir()
    (out / "giao-ban").symlink_to(elsewhere)
    with pytest.raises(FolderError):
        put(tmp_path, "giao-ban", [Attachment("a.pdf", "x", b"1")])
    with pytest.raises(FolderError):
        put(tmp_path, "..", [Attachment("a.pdf", "x", b"1")])
    assert list(elsewhere.iterdir()) == []
    put(tmp_path, "khac", [Attachment("../../a.pdf", "x", b"1")])
    assert (out / "khac" / "a.pdf").is_file()


# --- rounds ------------------------------------------------------------------------------------


@dataclass
class Server:
    """A mail server that is there or not; `sent` are the keys of what it took."""

    up: bool = True
    sent: list[str] = field(default_factory=list)
    tried: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, letter: Letter) -> None:
        with self.lock:
            self.tried += 1
            if not self.up:
                raise MailError("mail_unreachable", everyone=True, answer="ConnectionRefusedError")
            self.sent.append(letter.to)


@pytest.fixture
def desk(engine: Engine, clock: Any, tmp_path: Path) -> Desk:
    units = Units.load()
    settings = settings_for(tmp_path, 1, public_address="http://ioc.example.vn/")
    return Desk(engine, Catalogue.load(units=units), units, settings, clock)


def made(desk: Desk, mails: tuple[str, ...], code: str = "7K3M0QXDP9TW", **more: Any) -> int:
    """A run that ended with one file, its mails ordered."""
    place = "aa/bb.xlsx"
    path = desk.settings.home / "exports" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"PK\x03\x04")
    now = desk.now()
    given = Briefing(
        key="giao-ban", title="Giao ban tuần", sections=(RedSection(),), deliver=Deliver(mail=mails)
    )
    with writing(desk.engine) as connection:
        run = briefing_runs.begin(
            connection, given, slot=code, owner="x", period="2026-10", due_at=now, state="queued"
        )
        assert run is not None
        number = snapshots.keep(
            connection, code=code, kind="briefing", owner="x", owner_name="", scope="*",
            title=given.title, address="/briefing/giao-ban", lang="vi", data_version=1,
            known_at=now, made_at=now, data=b"", data_hash="", illustrative=True, complete=True,
            expires_at=None, facts=(),
            files=(snapshots.File("ioc-a.xlsx", "xlsx", "application/zip", 4, "h", place),),
        )  # fmt: skip
        briefing_runs.turn(
            connection, run, before=("queued",), now=now, state="done", snapshot_id=number,
            missing=("OPS-01: chưa có số liệu tháng 10/2026",), **more,
        )  # fmt: skip
        for at, one in enumerate(mails):
            briefing_deliveries.order(connection, run, "mail", one, f"{code}{at}", now)
    return run


def states(desk: Desk, run: int) -> list[str]:
    with writing(desk.engine) as connection:
        return [one.state for one in briefing_deliveries.of_runs(connection, [run])[run]]


def test_a_mail_server_that_is_down_for_two_hours_delays_and_loses_nothing(
    desk: Desk, clock: Any
) -> None:
    server = Server(up=False)
    deliveries = Deliveries(desk, server)
    mails = ("an@example.vn", "binh@example.vn", "chi@example.vn")
    run = made(desk, mails)
    for _ in range(120):
        deliveries.look()
        clock.advance(minutes=1)
    assert server.tried < 12, "it backs off, and one letter stands for all"
    server.up = True
    late = made(desk, ("dung@example.vn",), code="8K3M0QXDP9TW")
    for _ in range(35):
        deliveries.look()
        clock.advance(minutes=1)
    assert server.sent == [*mails, "dung@example.vn"], "in their order, each once"
    assert states(desk, run) == ["done"] * 3
    assert states(desk, late) == ["done"]


def test_what_is_refused_for_good_is_not_tried_again_and_stops_no_other(desk: Desk) -> None:
    sent = []

    def refusing(letter: Letter) -> None:
        if letter.to.startswith("an@"):
            raise MailError("mail_refused_by", final=True, answer="550 No such user")
        sent.append(letter.to)

    run = made(desk, ("an@example.vn", "binh@example.vn"))
    deliveries = Deliveries(desk, refusing)
    deliveries.look()
    deliveries.look()
    assert states(desk, run) == ["failed", "done"]
    assert sent == ["binh@example.vn"]


def test_two_exporters_send_one_letter(desk: Desk) -> None:
    server = Server()
    made(desk, ("an@example.vn", "binh@example.vn"))
    both = [threading.Thread(target=Deliveries(desk, server).look) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(server.sent) == ["an@example.vn", "binh@example.vn"]


def test_the_letter_says_what_is_in_it_and_what_is_late(desk: Desk) -> None:
    letters: list[Letter] = []
    made(desk, ("an@example.vn",), late=True)
    Deliveries(desk, letters.append).look()
    (letter,) = letters
    text = "\n".join(letter.lines)
    assert letter.subject == "Giao ban tuần – tháng 10/2026"
    for words in (
        "Kỳ số liệu: tháng 10/2026", "10:00 22/11/2026", "7K3M-0QXD-P9TW",
        "http://ioc.example.vn/verify/7K3M-0QXD-P9TW", "dữ liệu minh họa",
        "OPS-01: chưa có số liệu tháng 10/2026", "Lập muộn",
        "http://ioc.example.vn/briefing/giao-ban",
    ):  # fmt: skip
        assert words in text
    assert [one.name for one in letter.attachments] == ["ioc-a.xlsx"]


def test_files_that_are_too_large_are_only_told_of(desk: Desk, clock: Any) -> None:
    small = replace(desk, settings=replace(desk.settings, mail_megabytes=0))
    letters: list[Letter] = []
    made(small, ("an@example.vn",))
    Deliveries(small, letters.append).look()
    assert letters[0].attachments == ()
    assert "vượt quá 0 MB" in "\n".join(letters[0].lines)


def test_files_that_are_gone_fail_for_good(desk: Desk, clock: Any) -> None:
    run = made(desk, ("an@example.vn",))
    (desk.settings.home / "exports" / "aa" / "bb.xlsx").unlink()
    deliveries = Deliveries(desk, lambda _: None)
    deliveries.look()
    assert states(desk, run) == ["pending"]
    clock.advance(days=4)
    deliveries.look()
    assert states(desk, run) == ["failed"]
