"""Writing many rows at once: plain tuples straight to the driver, on both databases.

SQLite takes rows one by one without a way to the server. On PostgreSQL many rows go as one
statement: new ones by COPY, those that may be there already and those to be deleted as one array
a column. Which way is taken changes nothing of what is in the tables afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table, Text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

FEW = 32
"""Rows up to which a statement a row is as good."""
_AT_ONCE = 20_000
"""Rows of one statement with arrays, so that these stay small."""

Rows = Sequence[tuple[Any, ...]]


def write(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Rows,
    *,
    keys: Sequence[str] = (),
    adding: Sequence[str] = (),
) -> None:
    """Insert rows given as tuples in the order of `columns`.

    With `keys`, a row whose key is there already replaces its other columns, but for those of
    `adding`: these are added to what is there. Of two rows of one key the later one stands; with
    `adding` there must not be two. Values are whole numbers, texts, bytes or None. Going past
    the expression layer makes bulk writes several times as fast, and every name in the
    statements comes from our own tables.
    """
    if not rows:
        return
    many = len(rows) > FEW and connection.dialect.name == "postgresql"
    if many and not keys:
        _copy(connection, table, columns, rows)
        return
    into = f"INSERT INTO {table.name} ({', '.join(columns)})"
    end = _when_there(table, columns, keys, adding) if keys else ""
    if many:
        places = [columns.index(name) for name in keys]
        single = list({tuple([row[at] for at in places]): row for row in rows}.values())
        for arrays, given in _arrays(connection, table, columns, single):
            connection.exec_driver_sql(f"{into} SELECT * FROM {arrays}{end}", given)
        return
    marks = ", ".join([_mark(connection)] * len(columns))
    connection.exec_driver_sql(f"{into} VALUES ({marks}){end}", list(rows))


def remove(
    connection: Connection, table: Table, keys: Sequence[str], rows: Rows, *, only: str = ""
) -> None:
    """Delete the rows of these keys, given in the order of `keys`; of them `only` those of which
    a condition holds ("items = 0")."""
    if not rows:
        return
    also = f" AND {table.name}.{only}" if only else ""
    if len(rows) > FEW and connection.dialect.name == "postgresql":
        same = " AND ".join(f"{table.name}.{name} = given.{name}" for name in keys)
        for arrays, given in _arrays(connection, table, keys, rows):
            connection.exec_driver_sql(
                f"DELETE FROM {table.name} USING {arrays} AS given ({', '.join(keys)})"
                f" WHERE {same}{also}",
                given,
            )
        return
    mark = _mark(connection)
    same = " AND ".join(f"{name} = {mark}" for name in keys)
    connection.exec_driver_sql(f"DELETE FROM {table.name} WHERE {same}{also}", list(rows))


def tell_planner(connection: Connection, tables: Iterable[Table]) -> None:
    """After very many rows: let PostgreSQL look at the tables now and not some minutes later.

    Its planner knows nothing of rows that no statistics were gathered of; SQLite seeks as it is.
    """
    if connection.dialect.name == "postgresql":
        for table in tables:
            connection.exec_driver_sql(f"ANALYZE {table.name}")


def _when_there(
    table: Table, columns: Sequence[str], keys: Sequence[str], adding: Sequence[str]
) -> str:
    changes = ", ".join(
        f"{name} = {table.name}.{name} + excluded.{name}"
        if name in adding
        else f"{name} = excluded.{name}"
        for name in columns
        if name not in keys
    )
    action = f"DO UPDATE SET {changes}" if changes else "DO NOTHING"
    return f" ON CONFLICT ({', '.join(keys)}) {action}"


def _copy(connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
    """COPY is the driver's own; what it raises is told as SQLAlchemy tells all else."""
    statement = f"COPY {table.name} ({', '.join(columns)}) FROM STDIN"
    dialect = connection.dialect
    failure = dialect.loaded_dbapi.Error
    try:
        cursor: Any = connection.connection.cursor()
        with cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except failure as error:
        raise DBAPIError.instance(
            statement,
            None,
            error,
            failure,
            hide_parameters=True,
            connection_invalidated=dialect.is_disconnect(error, None, None),
            dialect=dialect,
        ) from error


def _arrays(
    connection: Connection, table: Table, columns: Sequence[str], rows: Rows
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The rows as a table made of one array a column, with the arrays in PostgreSQL's writing.

    Writing them here is several times as fast as the driver's way, which looks at every value.
    """
    kinds = [table.c[name].type for name in columns]
    # A text's own order of characters belongs to the column and not to an array.
    names = ["text" if isinstance(one, Text) else _named(connection, one) for one in kinds]
    arrays = f"unnest({', '.join(f'%s::{name}[]' for name in names)})"
    for start in range(0, len(rows), _AT_ONCE):
        lists = zip(*rows[start : start + _AT_ONCE], strict=True)
        yield arrays, tuple(_array(kind, values) for kind, values in zip(kinds, lists, strict=True))


def _named(connection: Connection, kind: TypeEngine[Any]) -> str:
    return kind.compile(dialect=connection.dialect)


def _array(kind: TypeEngine[Any], values: Iterable[Any]) -> str:
    if isinstance(kind, Text):
        texts = ("NULL" if one is None else f'"{_escaped(one)}"' for one in values)
    elif isinstance(kind, LargeBinary):
        texts = ("NULL" if one is None else f'"\\\\x{bytes(one).hex()}"' for one in values)
    else:
        texts = ("NULL" if one is None else str(int(one)) for one in values)
    return "{" + ",".join(texts) + "}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _mark(connection: Connection) -> str:
    return "?" if connection.dialect.paramstyle == "qmark" else "%s"
