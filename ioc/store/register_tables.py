"""The tables of registers: items, every version of them, acts, and what is derived for lists.

`item_version` and `register_act` are the truth and only ever appended. `item_now`, `item_index`
and `item_tally` can be made again from them and are kept in the transaction that appends.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from ioc.store.engine import RowId, metadata

# Beginnings of words and stretches of days are read as ranges: in the order of the characters'
# numbers, whatever the language of the server.
_Plain = Text().with_variant(Text(collation="C"), "postgresql")

NO_DUE = 99_999_999
"""The due day of an item without one: it sorts behind all others. Days are written 20251030."""

register_item = Table(
    "register_item",
    metadata,
    Column("item_id", RowId, primary_key=True),
    Column("register_id", SmallInteger, nullable=False),
    Column("key", Text, nullable=False),
    UniqueConstraint("register_id", "key"),
)

# What was known of an item: `valid_from` is the day since which it is so (20251030), `recorded_at`
# when it was learned. Of the versions not later than both moments asked about, the one of the
# greatest (valid_from, recorded_at) stands. `run_id` 0: a person's act.
item_version = Table(
    "item_version",
    metadata,
    Column("item_id", RowId, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("valid_from", Integer, nullable=False),
    Column("register_id", SmallInteger, nullable=False),
    Column("run_id", RowId, nullable=False),
    Column("source_id", Integer, nullable=False),
    Column("act_id", RowId),
    Column("gone", SmallInteger, nullable=False),
    Column("unit_id", Integer),
    Column("state", Text, nullable=False),
    Column("due_day", Integer, nullable=False),
    Column("due_grain", SmallInteger),
    Column("done_day", Integer),
    Column("lon", Integer),
    Column("lat", Integer),
    Column("citation_id", Integer),
    Column("body", Text, nullable=False),
    PrimaryKeyConstraint("item_id", "recorded_at"),
    Index("item_version_register", "register_id", "recorded_at"),
    Index("item_version_source", "source_id", "item_id", "recorded_at"),
    sqlite_with_rowid=False,
)

# The version that stands now, one row an item that is not gone. `missing` names its empty
# mandatory fields, `differs` the totals that are not the sum of their parts.
item_now = Table(
    "item_now",
    metadata,
    Column("item_id", RowId, primary_key=True, autoincrement=False),
    Column("register_id", SmallInteger, nullable=False),
    Column("key", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("unit_id", Integer),
    Column("state", Text, nullable=False),
    Column("phase", SmallInteger, nullable=False),
    Column("due_day", Integer, nullable=False),
    Column("due_grain", SmallInteger),
    Column("done_day", Integer),
    Column("person", Text),
    Column("parent", Text),
    Column("lon", Integer),
    Column("lat", Integer),
    Column("missing", Text, nullable=False),
    Column("differs", Text, nullable=False),
    Column("source_id", Integer, nullable=False),
    Column("run_id", RowId, nullable=False),
    Column("illustrative", SmallInteger, nullable=False),
    Column("citation_id", Integer),
    Column("valid_from", Integer, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Index("item_now_due", "register_id", "phase", "due_day", "item_id"),
    Index("item_now_done", "register_id", "done_day"),
    Index("item_now_unit", "unit_id", "register_id"),
)

# Every way into a list, in due order: facet "unit" holds the unit and all above it (as numbers),
# "state", "person", "parent", "missing" (one row a field, "" for complete, "unit" without one),
# "differs", "word" (folded words of key and title), "cell5", "cell7", "cell9" (squares of the map)
# and every declared facet. A field without a value has the value "".
item_index = Table(
    "item_index",
    metadata,
    Column("register_id", SmallInteger, nullable=False),
    Column("facet", Text, nullable=False),
    Column("value", _Plain, nullable=False),
    Column("phase", SmallInteger, nullable=False),
    Column("due_day", Integer, nullable=False),
    Column("item_id", RowId, nullable=False),
    PrimaryKeyConstraint("register_id", "facet", "value", "phase", "due_day", "item_id"),
    Index("item_index_item", "item_id"),
    sqlite_with_rowid=False,
)

# How many items, and the sums of the register's summed fields in their order, per unit (those
# below included; the root has all, also those without a unit), facet, value and phase. Facets are
# those of `item_index` but "unit", "word" and "person", and "all" (value ""), "due" (the day),
# "due_month", "done" (the month).
item_tally = Table(
    "item_tally",
    metadata,
    Column("register_id", SmallInteger, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("facet", Text, nullable=False),
    Column("value", _Plain, nullable=False),
    Column("phase", SmallInteger, nullable=False),
    Column("items", Integer, nullable=False),
    Column("sum1", BigInteger, nullable=False),
    Column("sum2", BigInteger, nullable=False),
    Column("sum3", BigInteger, nullable=False),
    Column("sum4", BigInteger, nullable=False),
    PrimaryKeyConstraint("register_id", "unit_id", "facet", "value", "phase"),
    sqlite_with_rowid=False,
)

# Who did what to an item, when and why; `kind` is import, state, edit or note.
register_act = Table(
    "register_act",
    metadata,
    Column("act_id", RowId, primary_key=True),
    Column("item_id", RowId, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("by_id", Text, nullable=False),
    Column("from_state", Text),
    Column("to_state", Text),
    Column("why", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("run_id", RowId, nullable=False),
    Index("register_act_item", "item_id", "at"),
)

# What a register's lists and counts were made of: its declaration, the map, the sources' ranks.
item_basis = Table(
    "item_basis",
    metadata,
    Column("register_id", SmallInteger, primary_key=True, autoincrement=False),
    Column("made_of", Text, nullable=False),
    Column("ranks", Text, nullable=False),
)
