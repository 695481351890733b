"""A folder on a real OpenSSH server: fetched once, moved aside, and nothing else touched."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError
from support.sshd import SshServer

from data_sources.file_drop import CONNECTOR, FileDropConfig
from ioc.domain.messages import explain
from ioc.errors import PermanentSourceError, TransientSourceError
from ioc.ingest.connector import Batch, Outcome, Record, Rejected, Tools
from ioc.ingest.guard import Guard

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=timezone(timedelta(hours=7)))
TABLE = "Mã;Số\n38;1\n"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    with SshServer.made(tmp_path_factory.mktemp("sshd")) as server:
        yield server


class Drop:
    """A source on that server, with what is kept between its runs."""

    def __init__(self, server: SshServer) -> None:
        self.server = server
        self.tools = Tools(
            httpx.Client(), lambda: NOW, server.folder,
            sleep=lambda seconds: None, guard=Guard(["127.0.0.1"]),
        )  # fmt: skip
        self.remote: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": server.port,
            "user": server.user,
            "key_file": "user_key",
            "host_key": server.fingerprint(),
            "folder": str(server.files),
        }

    def config(self, **changes: Any) -> FileDropConfig:
        return FileDropConfig.model_validate(
            {"columns": {"ma": "Mã", "so": "Số"}, "remote": {**self.remote, **changes}}
        )

    def fetch(self, sleep: Callable[[float], None] = lambda seconds: None, **more: Any) -> Batch:
        batch = CONNECTOR.fetch(self.config(**more), replace(self.tools, sleep=sleep))
        if batch.watermark is not None:
            self.tools = replace(self.tools, watermark=batch.watermark)
        return batch

    def finish(self, batch: Batch, outcome: Outcome, **more: Any) -> None:
        CONNECTOR.finish(self.config(**more), batch, outcome, self.tools)

    def run(self, **more: Any) -> list[str]:
        """One whole run; the labels of what it took in."""
        batch = self.fetch(**more)
        refused = [one for one in batch.records if isinstance(one, Rejected)]
        readings = sum(isinstance(one, Record) for one in batch.records)
        self.finish(batch, Outcome(True, readings, rejected=refused), **more)
        return [one.label for one in batch.payloads]

    def put(self, name: str, text: str = TABLE) -> Path:
        path = self.server.files / name
        path.write_text(text, encoding="utf-8")
        return path

    def there(self) -> list[str]:
        return sorted(
            str(one.relative_to(self.server.files))
            for one in self.server.files.rglob("*")
            if one.is_file()
        )


@pytest.fixture
def drop(running: SshServer) -> Iterator[Drop]:
    yield Drop(running)
    for one in sorted(running.files.rglob("*"), reverse=True):
        one.rmdir() if one.is_dir() and not one.is_symlink() else one.unlink()


def test_a_file_is_fetched_and_moved_aside_with_its_report(drop: Drop) -> None:
    drop.put("Tháng 10.csv")
    drop.put("hỏng.csv", "<html>log in</html>")
    (drop.server.files / "processed").mkdir()
    (drop.server.files / "processed" / "Tháng 10.csv").write_text("an earlier one")
    assert sorted([*drop.run(), *drop.run()]) == ["Tháng 10.csv", "hỏng.csv"]
    assert drop.run() == []
    assert drop.there() == [
        "processed/Tháng 10-2.csv", "processed/Tháng 10-2.csv.report.txt",
        "processed/Tháng 10.csv", "rejected/hỏng.csv", "rejected/hỏng.csv.report.txt",
    ]  # fmt: skip
    report = drop.server.files / "rejected" / "hỏng.csv.report.txt"
    assert report.read_text(encoding="utf-8").splitlines()[-1] == (
        "cả tệp: Không tìm thấy dòng tiêu đề; thiếu cột: Mã; Số."
    )


def test_the_records_are_those_of_the_file(drop: Drop) -> None:
    drop.put("a.csv")
    batch = drop.fetch()
    (record,) = batch.records
    assert isinstance(record, Record)
    assert (record.place, record.fields["ma"], record.fields["_file"]) == ("2", "38", "a.csv")
    assert CONNECTOR.reread(drop.config(), batch.payloads[0]) == [record]


def test_good_broken_good(drop: Drop) -> None:
    drop.put("a.csv")
    assert drop.run() == ["a.csv"]
    drop.put("b.csv")
    drop.server.stop()
    with pytest.raises(TransientSourceError) as caught:
        drop.run()
    assert caught.value.code == "no_connection"
    drop.server.start()
    assert drop.run() == ["b.csv"]


def test_a_server_that_goes_between_commit_and_moving_loses_nothing(drop: Drop) -> None:
    drop.put("a.csv")
    batch = drop.fetch()
    drop.server.stop()
    drop.finish(batch, Outcome(True, 1))
    drop.server.start()
    assert drop.there() == ["a.csv"]
    drop.put("b.csv")
    assert drop.run() == ["b.csv"]  # the one that stays does not hide the others
    drop.tools.memory.clear()  # a new process: read once more, which changes nothing, and moved
    assert drop.run() == ["a.csv"]
    assert drop.there()[0] == "processed/a.csv"


def test_a_file_that_is_still_being_sent_waits(drop: Drop) -> None:
    path = drop.put("a.csv")
    drop.put("b.csv.part")

    def grow(seconds: float) -> None:
        with path.open("a", encoding="utf-8") as stream:
            stream.write("40;2\n")

    assert list(drop.fetch(grow).payloads) == []
    assert len(list(drop.fetch().records)) == 2


def test_another_host_key_is_refused_in_words(drop: Drop) -> None:
    drop.put("a.csv")
    for wrong in (drop.server.fingerprint("other_key"), drop.server.public("other_key")):
        with pytest.raises(PermanentSourceError) as caught:
            drop.fetch(host_key=wrong)
        assert caught.value.code == "sftp_host_key"
        words = explain("vi", caught.value.code, caught.value.params)
        assert drop.server.fingerprint() in words
        assert "khác với khóa đã khai báo" in words
    line = f"[127.0.0.1]:{drop.server.port} {drop.server.public()}"
    assert list(drop.fetch(host_key=line).payloads) != []


def test_a_refused_login_shows_no_secret(drop: Drop) -> None:
    with pytest.raises(PermanentSourceError) as caught:
        drop.fetch(key_file="other_key")
    assert caught.value.code == "sftp_login"
    with pytest.raises(PermanentSourceError) as caught:
        drop.fetch(key_file=None, password="mat-khau-sai")
    assert caught.value.code == "sftp_login"
    assert "mat-khau-sai" not in str(caught.value)
    assert "mat-khau-sai" not in repr(drop.config(key_file=None, password="mat-khau-sai"))


def test_nothing_is_followed_out_of_the_folder(drop: Drop) -> None:
    secret = drop.server.folder / "secret.csv"
    secret.write_text(TABLE, encoding="utf-8")
    (drop.server.files / "link.csv").symlink_to(secret)
    (drop.server.files / "folder.csv").mkdir()
    assert drop.run() == []
    assert secret.exists()


def test_a_server_that_may_only_be_read_is_left_as_it_is(drop: Drop) -> None:
    first = drop.put("a.csv")
    drop.server.stop()
    drop.server.start(read_only=True)
    try:
        assert drop.run(after="keep") == ["a.csv"]
        assert drop.run(after="keep") == []
        drop.put("b.csv")
        assert drop.run(after="keep") == ["b.csv"]
        first.write_text("Mã;Số\n38;27\n", encoding="utf-8")
        assert drop.run(after="keep") == ["a.csv"]
        assert drop.run(after="keep") == []
        assert drop.there() == ["a.csv", "b.csv"]
        first.unlink()
        drop.put("c.csv")
        assert drop.run(after="keep") == ["c.csv"]
        assert len((drop.tools.watermark or "").split()) == 2
        other = replace(drop.tools, rules="other", memory={})
        assert CONNECTOR.fetch(drop.config(after="keep"), other).payloads[0].label == "b.csv"
        gap = replace(drop.tools, span=(NOW.date(), NOW.date()), watermark=None)
        assert CONNECTOR.fetch(drop.config(after="keep"), gap).payloads == ()
        drop.tools.memory.clear()
        filling = CONNECTOR.fetch(drop.config(after="keep"), gap)
        assert (filling.payloads[0].label, filling.watermark) == ("b.csv", None)
        # Where it should be moved and may not be, it is told and the others go on.
        assert sorted([*drop.run(), *drop.run()]) == ["b.csv", "c.csv"]
        assert drop.run() == []
    finally:
        drop.server.stop()
        drop.server.start()


def test_a_large_file_is_refused_unread(drop: Drop) -> None:
    drop.put("a.csv", TABLE + "x" * 3_000_000)
    config = drop.config().model_copy(update={"megabytes": 1})
    batch = CONNECTOR.fetch(config, drop.tools)
    (refused,) = batch.records
    assert isinstance(refused, Rejected)
    assert refused.code == "file_too_large"
    assert batch.payloads[0].content == b""


def test_a_missing_folder_is_said(drop: Drop) -> None:
    with pytest.raises(PermanentSourceError) as caught:
        drop.fetch(folder="/khong/co")
    assert caught.value.code == "sftp_folder"


def test_an_address_that_is_not_allowed_is_not_connected_to(drop: Drop) -> None:
    drop.tools = replace(drop.tools, guard=Guard())
    with pytest.raises(PermanentSourceError) as caught:
        drop.fetch()
    assert caught.value.code == "address_refused"


def test_a_server_that_never_answers_is_cut(drop: Drop) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        started = time.monotonic()
        with pytest.raises(TransientSourceError) as caught:
            drop.fetch(port=silent.getsockname()[1], connect=1, total=3)
        assert time.monotonic() - started < 6
    assert caught.value.code in ("sftp_away", "too_slow")


def test_a_server_that_sends_a_byte_a_second_is_cut(drop: Drop) -> None:
    over = threading.Event()
    with socket.socket() as slow:
        slow.bind(("127.0.0.1", 0))
        slow.listen()

        def dribble() -> None:
            client, _ = slow.accept()
            with client:
                while not over.wait(0.2):
                    try:
                        client.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=dribble)
        thread.start()
        started = time.monotonic()
        try:
            with pytest.raises(TransientSourceError):
                drop.fetch(port=slow.getsockname()[1], connect=30, total=2)
            assert time.monotonic() - started < 8
        finally:
            over.set()
            thread.join()


@pytest.mark.parametrize(
    "change",
    [
        {"host_key": "any"},
        {"host_key": "SHA256:short"},
        {"host_key": "ssh-ed25519 AAAA"},
        {"password": "x"},
        {"key_file": None},
    ],
)
def test_a_server_without_a_key_or_with_two_ways_in_is_refused(
    drop: Drop, change: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        drop.config(**change)
