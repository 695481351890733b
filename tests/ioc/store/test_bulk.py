"""Writing many rows at once: the same rows afterwards, however many and on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Engine, LargeBinary, MetaData, SmallInteger, Table, Text
from sqlalchemy.exc import DBAPIError, IntegrityError

from ioc.store.bulk import FEW, remove, write
from ioc.store.engine import RowId, reading, writing

HOSTILE = (
    "", " ", "NULL", "null", '"', "\\", '\\"', "{a,b}", "a\tb\nc\r", "\\.", "\\N", "%s", "$1 ?",
    "Đắk Lắk – “số”", "🙂", "'; DROP TABLE x; --",
)  # fmt: skip
MANY = FEW * 3
SIZES = pytest.mark.parametrize("size", [1, FEW, FEW + 1, MANY])

sample = Table(
    "bulk_sample",
    MetaData(),
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("name", Text().with_variant(Text(collation="C"), "postgresql"), server_default=""),
    Column("blob", LargeBinary),
    Column("items", SmallInteger),
    Column("note", Text),
)
NAMES = ("id", "name", "blob", "items", "note")
Row = tuple[Any, ...]


@pytest.fixture
def table(engine: Engine) -> Engine:
    with writing(engine) as connection:
        sample.create(connection)
    return engine


def row(number: int) -> Row:
    text = HOSTILE[number % len(HOSTILE)]
    blob = None if number % 5 == 0 else bytes([number % 256, 0, 92, 34])
    note = None if number % 3 == 0 else text
    return (2**40 + number, text, blob, None if number % 4 == 0 else -number, note)


def rows(size: int) -> list[Row]:
    return [row(number) for number in range(size)]


def held(engine: Engine) -> list[Row]:
    with reading(engine) as connection:
        found = connection.execute(sample.select().order_by(sample.c.id))
        return [tuple(bytes(x) if isinstance(x, memoryview) else x for x in one) for one in found]


def done(engine: Engine, act: Callable[[Connection], None]) -> list[Row]:
    with writing(engine) as connection:
        act(connection)
    return held(engine)


@SIZES
def test_new_rows_are_there_as_they_were_given(table: Engine, size: int) -> None:
    given = rows(size)
    assert done(table, lambda one: write(one, sample, NAMES, given)) == given


@SIZES
def test_columns_come_in_any_order_and_the_others_stay_empty(table: Engine, size: int) -> None:
    given = [(one[1], one[0]) for one in rows(size)]
    found = done(table, lambda one: write(one, sample, ("name", "id"), given))
    assert [(one[1], one[0]) for one in found] == given
    assert all(one[2:] == (None, None, None) for one in found)


@SIZES
def test_a_row_of_a_key_that_is_there_replaces_the_rest(table: Engine, size: int) -> None:
    done(table, lambda one: write(one, sample, NAMES, rows(size)))
    other = [(one[0], one[1] + '"\\x', b"\\", 7, None) for one in rows(size + 5)]
    assert done(table, lambda one: write(one, sample, NAMES, other, keys=("id",))) == other


@SIZES
def test_figures_are_added_where_asked(table: Engine, size: int) -> None:
    given = [(number, "x", 1) for number in range(size)]
    for _ in range(3):
        found = done(
            table,
            lambda one: write(
                one, sample, ("id", "name", "items"), given, keys=("id",), adding=("items",)
            ),
        )
    assert [one[3] for one in found] == [3] * size


@SIZES
def test_of_two_rows_of_one_key_the_later_stands(table: Engine, size: int) -> None:
    given = [(number % 2, f"n{number}") for number in range(size)]
    found = done(table, lambda one: write(one, sample, ("id", "name"), given, keys=("id",)))
    assert [one[:2] for one in found] == sorted(dict(given).items())


@SIZES
def test_keys_that_are_all_there_is_are_left_as_they_are(table: Engine, size: int) -> None:
    done(table, lambda one: write(one, sample, NAMES, rows(size)))
    given = [one[:1] for one in rows(size)]
    found = done(table, lambda one: write(one, sample, ("id",), given, keys=("id",)))
    assert found == rows(size)


@SIZES
def test_rows_are_removed_by_their_keys(table: Engine, size: int) -> None:
    given = rows(size + MANY)
    done(table, lambda one: write(one, sample, NAMES, given))
    gone = [(one[1], one[0]) for one in given[:size]]
    gone.append(("not there", 1))
    left = done(table, lambda one: remove(one, sample, ("name", "id"), gone))
    assert left == given[size:]


@SIZES
def test_only_rows_of_a_condition_are_removed(table: Engine, size: int) -> None:
    given = [(number, "x", number % 2) for number in range(size)]
    done(table, lambda one: write(one, sample, ("id", "name", "items"), given))
    keys = [(one[0],) for one in given]
    left = done(table, lambda one: remove(one, sample, ("id",), keys, only="items = 0"))
    assert [one[0] for one in left] == [number for number in range(size) if number % 2]


def test_nothing_is_nothing(table: Engine) -> None:
    assert done(table, lambda one: write(one, sample, NAMES, [])) == []
    assert done(table, lambda one: remove(one, sample, ("id",), [])) == []


@pytest.mark.parametrize("size", [2, MANY])
def test_a_key_that_is_there_already_is_an_error_of_the_store(table: Engine, size: int) -> None:
    given = [*rows(size - 1), row(0)]
    with pytest.raises(IntegrityError) as raised, writing(table) as connection:
        write(connection, sample, NAMES, given)
    assert isinstance(raised.value, DBAPIError)
    assert held(table) == []
    assert done(table, lambda one: write(one, sample, NAMES, rows(size))) == rows(size)
