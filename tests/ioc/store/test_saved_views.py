"""Saved views on both databases: owned, shared, taken away, and still there for another engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from ioc.store import saved_views
from ioc.store.engine import open_engine, reading, writing

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def keep(engine: Engine, owner: str, name: str, *, shared: bool = False, minutes: int = 0) -> int:
    with writing(engine) as connection:
        return saved_views.keep(
            connection,
            owner=owner,
            owner_name=owner.title(),
            name=name,
            address="/unit/38",
            shared=shared,
            now=NOW + timedelta(minutes=minutes),
        )


def names(engine: Engine, owner: str) -> list[str]:
    with reading(engine) as connection:
        return [one.name for one in saved_views.views_of(connection, owner)]


def test_one_sees_his_own_and_what_others_share(engine: Engine) -> None:
    keep(engine, "hanh", "Họp")
    keep(engine, "hanh", "Chung", shared=True, minutes=1)
    keep(engine, "minh", "Riêng", minutes=2)
    assert names(engine, "hanh") == ["Chung", "Họp"]
    assert names(engine, "minh") == ["Riêng", "Chung"]
    assert names(engine, "lan") == ["Chung"]
    with reading(engine) as connection:
        found = saved_views.views_of(connection, "lan")[0]
        assert saved_views.kept_by(connection, "hanh") == 2
    assert (found.owner_name, found.address, found.shared) == ("Hanh", "/unit/38", True)
    assert found.created_at == NOW + timedelta(minutes=1)


def test_only_the_owner_shares_and_takes_away(engine: Engine) -> None:
    view_id = keep(engine, "hanh", "Họp")
    with writing(engine) as connection:
        assert not saved_views.share(connection, view_id, "minh", "Minh", shared=True)
        assert not saved_views.remove(connection, view_id, "minh", NOW)
        assert saved_views.share(connection, view_id, "hanh", "Bà Hạnh", shared=True)
    assert names(engine, "minh") == ["Họp"]
    with reading(engine) as connection:
        assert saved_views.views_of(connection, "minh")[0].owner_name == "Bà Hạnh"
    with writing(engine) as connection:
        assert saved_views.remove(connection, view_id, "hanh", NOW)
        assert not saved_views.remove(connection, view_id, "hanh", NOW), "it is gone already"
        assert not saved_views.share(connection, view_id, "hanh", "Hạnh", shared=True)
    assert names(engine, "hanh") == names(engine, "minh") == []


def test_a_view_outlives_a_restart(engine: Engine) -> None:
    keep(engine, "hanh", "Họp")
    again = open_engine(engine.url.render_as_string(hide_password=False))
    try:
        assert names(again, "hanh") == ["Họp"]
    finally:
        again.dispose()
