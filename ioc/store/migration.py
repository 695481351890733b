"""Bringing a database to the schema of this program, and saying whether it is there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from ioc.errors import StoreError
from ioc.store.engine import reading, writing


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


def head() -> str:
    """The newest schema revision; StoreError when there are two heads."""
    heads = ScriptDirectory.from_config(_config()).get_heads()
    if len(heads) != 1:
        raise StoreError(f"migrations: given heads {heads}, allowed: one", code="two_heads")
    return heads[0]


def revision(connection: Connection) -> str | None:
    """The schema revision of a database; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(engine: Engine) -> None:
    """Bring the database to the newest schema, in one transaction under the writer's lock.

    Raises StoreError for a database that a newer program made: it is not touched.
    """
    wanted = head()
    with reading(engine) as connection:
        if revision(connection) == wanted:
            return
    known = {one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()}
    with writing(engine) as connection:
        found = revision(connection)
        if found is not None and found not in known:
            raise StoreError(
                f"database: schema {found} is newer than this program (it knows up to {wanted})",
                code="schema_newer",
            )
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
