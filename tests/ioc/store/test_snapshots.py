"""Snapshots, their files and the notices of revisions, on both databases."""

from __future__ import annotations

import os
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from ioc.domain.period import Period
from ioc.errors import StoreError
from ioc.store import export_files, revision_notices, snapshots
from ioc.store.engine import micros, reading, writing
from ioc.store.observations import Fact, Key
from ioc.store.revisions import figure_revision
from tests.ioc.store.feeding import COUNT, RATIO, Feed

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
OCTOBER = Period.month(2026, 10)
KEY = Key(RATIO, OCTOBER.grain_key, OCTOBER.key, 10)
OTHER = Key(COUNT, OCTOBER.grain_key, OCTOBER.key, 11, "channel.online")


def keep(
    engine: Engine,
    code: str,
    *facts: Key,
    owner: str = "hanh",
    at: datetime = NOW,
    files: tuple[snapshots.File, ...] = (),
    days: int | None = 730,
) -> int:
    with writing(engine) as connection:
        return snapshots.keep(
            connection,
            code=code,
            kind="page",
            owner=owner,
            owner_name=owner.title(),
            scope="*",
            title="Hồ sơ đúng hạn",
            address="/indicator/OPS-01",
            lang="vi",
            data_version=7,
            known_at=at,
            made_at=at + timedelta(seconds=9),
            data=zlib.compress(b"{}"),
            data_hash="ab" * 32,
            illustrative=True,
            complete=True,
            expires_at=None if days is None else at + timedelta(days=days),
            files=files,
            facts=facts,
        )


def revise(engine: Engine, key: Key, at: datetime, num: int = 80) -> None:
    """A figure taken back, as sums note it."""
    shown = {"num": num, "den": 100, "bound": 0, "state": 0, "illustrative": 1, "own": 1}
    values = {f"was_{name}": value for name, value in shown.items()} | shown
    with writing(engine) as connection:
        connection.execute(
            figure_revision.insert().values(
                recorded_at=micros(at), shown_at=micros(at) - 1, **key._asdict(), **values
            )
        )


def sweep(engine: Engine, at: datetime) -> int:
    with writing(engine) as connection:
        return revision_notices.sweep(connection, at)


def told(engine: Engine, owner: str) -> list[tuple[str, int, bool]]:
    with reading(engine) as connection:
        found = revision_notices.of_owner(connection, owner)
    return [(one.code, one.figures, one.seen_at is None) for one in found]


def test_a_snapshot_is_found_by_its_code_with_all_it_holds(engine: Engine) -> None:
    file = snapshots.File("a.png", "png", "image/png", 3, "cd" * 32, "cd/x.png", "pixels")
    kept = keep(engine, "A" * 12, KEY, OTHER, KEY, files=(file,))
    with reading(engine) as connection:
        found = snapshots.by_code(connection, "A" * 12)
        assert found is not None
        assert (found.id, found.owner_name, found.known_at) == (kept, "Hanh", NOW)
        assert found == snapshots.by_id(connection, kept)
        assert snapshots.by_code(connection, "B" * 12) is None
        assert snapshots.data_of(connection, kept) == zlib.compress(b"{}")
        assert snapshots.files_of(connection, kept) == (file,)
        assert set(snapshots.figures_of(connection, kept)) == {KEY, OTHER}
        assert snapshots.with_content(connection, sha256="cd" * 32) == (found,)
        assert snapshots.with_content(connection, pixels="pixels") == (found,)
        assert snapshots.with_content(connection, sha256="ce" * 32) == ()
        assert snapshots.of_owner(connection, "hanh", 5) == (found,)
        assert snapshots.of_owner(connection, "minh", 5) == ()


def test_a_code_is_never_given_twice(engine: Engine) -> None:
    keep(engine, "A" * 12)
    with pytest.raises(IntegrityError):
        keep(engine, "A" * 12)


def test_what_expired_keeps_its_row_and_what_is_shared_its_file(engine: Engine) -> None:
    shared = snapshots.File("a.csv", "csv", "text/csv", 3, "cd" * 32, "cd/a.csv")
    alone = snapshots.File("b.csv", "csv", "text/csv", 3, "ce" * 32, "ce/b.csv")
    old = keep(engine, "A" * 12, KEY, files=(shared, alone), days=1)
    young = keep(engine, "B" * 12, KEY, files=(shared,), days=3)
    ever = keep(engine, "C" * 12, KEY, days=None)
    later = NOW + timedelta(days=2)
    with writing(engine) as connection:
        assert snapshots.remove_expired(connection, later) == 1
        assert snapshots.remove_expired(connection, later) == 0
        assert snapshots.still_held(connection, [shared.place, alone.place]) == {shared.place}
    with reading(engine) as connection:
        gone = snapshots.by_code(connection, "A" * 12)
        assert gone is not None
        assert (gone.removed_at, gone.data_hash) == (later, "ab" * 32)
        assert snapshots.data_of(connection, old) is None
        assert snapshots.files_of(connection, old) == ()
        assert snapshots.figures_of(connection, old) == ()
        assert snapshots.data_of(connection, young) is not None
        assert snapshots.data_of(connection, ever) is not None


def test_a_revision_is_told_once_to_each_who_exported_the_figure(engine: Engine) -> None:
    keep(engine, "A" * 12, KEY, OTHER)
    keep(engine, "B" * 12, KEY, owner="minh")
    keep(engine, "C" * 12, OTHER)
    keep(engine, "D" * 12, KEY, at=NOW + timedelta(hours=2))
    assert sweep(engine, NOW) == 0
    revise(engine, KEY, NOW - timedelta(hours=1))
    assert sweep(engine, NOW) == 0, "known before either export"
    first = NOW + timedelta(hours=1)
    revise(engine, KEY, first)
    assert sweep(engine, first) == 2
    assert sweep(engine, first) == 0
    revise(engine, KEY, first + timedelta(minutes=5))
    assert sweep(engine, first) == 2, "revised again"
    assert told(engine, "hanh") == [("A" * 12, 1, True)]
    assert told(engine, "minh") == [("B" * 12, 1, True)]
    assert told(engine, "lan") == []


def test_what_was_revised_while_files_were_made_is_told_too(engine: Engine) -> None:
    revise(engine, KEY, NOW + timedelta(seconds=1))
    assert sweep(engine, NOW) == 0
    kept = keep(engine, "A" * 12, KEY)
    with writing(engine) as connection:
        assert revision_notices.note_at_once(connection, kept, NOW) == 1
        assert revision_notices.note_at_once(connection, kept, NOW) == 0
    assert told(engine, "hanh") == [("A" * 12, 1, True)]


def test_seen_is_seen_until_the_next_revision(engine: Engine) -> None:
    first, second = keep(engine, "A" * 12, KEY, OTHER), keep(engine, "B" * 12, OTHER)
    revise(engine, KEY, NOW + timedelta(hours=1))
    revise(engine, OTHER, NOW + timedelta(hours=1, seconds=1))
    sweep(engine, NOW)
    with writing(engine) as connection:
        assert revision_notices.unseen(connection, "hanh") == 2
        assert revision_notices.mark_seen(connection, "minh", NOW) == 0
        assert revision_notices.mark_seen(connection, "hanh", NOW, first) == 2
        assert revision_notices.unseen(connection, "hanh") == 1
    assert told(engine, "hanh") == [("B" * 12, 1, True), ("A" * 12, 2, False)]
    revise(engine, OTHER, NOW + timedelta(hours=2))
    assert sweep(engine, NOW) == 2
    assert told(engine, "hanh") == [("B" * 12, 1, True), ("A" * 12, 2, True)]
    with writing(engine) as connection:
        assert revision_notices.mark_seen(connection, "hanh", NOW) == 3
        assert revision_notices.unseen(connection, "hanh") == 0
    assert second > first


def test_expired_snapshots_are_not_told_of(engine: Engine) -> None:
    keep(engine, "A" * 12, KEY, days=1)
    with writing(engine) as connection:
        snapshots.remove_expired(connection, NOW + timedelta(days=2))
    revise(engine, KEY, NOW + timedelta(days=3))
    assert sweep(engine, NOW + timedelta(days=3)) == 0


def test_a_real_correction_reaches_who_exported_the_figure(engine: Engine) -> None:
    feed = Feed(engine).prepare()
    feed.run({KEY: Fact(80, 100)})
    keep(engine, "A" * 12, KEY, at=feed.moment + timedelta(seconds=1))
    feed.run({KEY: Fact(70, 100)})
    assert sweep(engine, feed.moment) == 1
    assert told(engine, "hanh") == [("A" * 12, 1, True)]


# --- files ---------------------------------------------------------------------------------------


def test_a_file_is_named_by_its_content_and_kept_once(tmp_path: Path) -> None:
    first = export_files.put(tmp_path, b"figures", "csv")
    assert export_files.put(tmp_path, b"figures", "csv") == first
    assert first.place == f"{first.sha256[:2]}/{first.sha256}.csv"
    assert first.size == 7
    assert export_files.read(tmp_path, first.place, first.sha256) == b"figures"
    assert [one.name for one in (tmp_path / "exports").rglob("*.csv")] == [f"{first.sha256}.csv"]


def test_a_file_that_was_changed_on_disk_is_not_given_out(tmp_path: Path) -> None:
    kept = export_files.put(tmp_path, b"figures", "csv")
    path = export_files.path_of(tmp_path, kept.place)
    assert path is not None
    path.write_bytes(b"Figures")
    assert export_files.read(tmp_path, kept.place, kept.sha256) is None
    path.unlink()
    assert export_files.read(tmp_path, kept.place, kept.sha256) is None


@pytest.mark.parametrize("place", ["../ioc.sqlite", "ab/../../ioc.toml", "/etc/passwd", ""])
def test_a_place_never_leads_out_of_the_folder(tmp_path: Path, place: str) -> None:
    assert export_files.path_of(tmp_path, place) is None
    assert export_files.read(tmp_path, place, "") is None


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left") as caught:
        export_files.put(tmp_path, b"figures", "csv")
    assert caught.value.code == "export_write"
    assert [one for one in (tmp_path / "exports").rglob("*") if one.is_file()] == []


def test_what_lies_unwanted_is_found_and_taken_away(tmp_path: Path) -> None:
    old = export_files.put(tmp_path, b"old", "csv")
    young = export_files.put(tmp_path, b"young", "csv")
    path = export_files.path_of(tmp_path, old.place)
    assert path is not None
    os.utime(path, (1000, 1000))
    assert list(export_files.places(tmp_path, 2000)) == [old.place]
    export_files.put(tmp_path, b"old", "csv")
    assert list(export_files.places(tmp_path, 2000)) == [], "wanted again just now"
    export_files.remove(tmp_path, old.place)
    left = [one.name for one in (tmp_path / "exports").rglob("*.csv")]
    assert left == [young.place.partition("/")[2]]
