"""The migrations make exactly the tables that the program speaks of, on both databases."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from ioc.errors import StoreError
from ioc.store.engine import open_engine, reading, writing
from ioc.store.migration import head, migrate, revision
from ioc.store.schema import metadata


def test_migrations_and_tables_agree(engine: Engine) -> None:
    with reading(engine) as connection:
        assert revision(connection) == head()
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    migrate(engine)
    with reading(engine) as connection:
        assert revision(connection) == head()


def test_a_database_of_a_newer_program_is_not_touched(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer than this program"):
        migrate(engine)
    with reading(engine) as connection:
        assert revision(connection) == "9999"


def test_another_kind_of_database_is_refused_in_words() -> None:
    with pytest.raises(StoreError, match="given 'mysql', allowed: sqlite"):
        open_engine("mysql://localhost/x")
