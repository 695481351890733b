"""Alembic's entry: migrations run on the connection that `ioc.store.engine.migrate` hands over."""

from __future__ import annotations

from alembic import context

from ioc.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
