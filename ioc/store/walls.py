"""Walls: the screens that are registered, and what each should show."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    RowMapping,
    Table,
    Text,
    delete,
    insert,
    or_,
    select,
    update,
)

from ioc.store.engine import (
    RowId,
    metadata,
    micros,
    moment,
    moment_or_none,
)

CODE_LIVES = timedelta(minutes=15)
WAITING_KEPT = timedelta(days=1)
"""How long a screen that nobody registers is remembered after its last code."""
MOST_WAITING = 50

wall = Table(
    "wall",
    metadata,
    Column("wall_id", RowId, primary_key=True),
    Column("name", Text, nullable=False, default=""),
    Column("code", Text, unique=True),
    Column("code_until", BigInteger),
    Column("credential", Text, unique=True),
    Column("next_credential", Text, unique=True),
    Column("credential_at", BigInteger, nullable=False, default=0),
    Column("playlist", Text, nullable=False, default=""),
    Column("orders", Text, nullable=False, default="{}"),
    Column("freeze", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("registered_at", BigInteger),
    Column("registered_by", Text),
    Column("revoked_at", BigInteger),
)
"""`credential` is the hash of the device's own secret; `next_credential` that of the one that
replaces it once it has been used, `credential_at` when the last was given (0: give one now);
`orders` is JSON: what the operators want of it now."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What operators want of a wall; the moments are the store's microseconds, 0 is never.

    `reload` and `picture` are counted up by each request; `replaces` is the revoked wall whose
    screen this one is; `exercise` is what a rehearsal pretends, as a View writes it.
    """

    reload: int = 0
    picture: int = 0
    hold: bool = False
    identify_until: int = 0
    notice: str = ""
    notice_until: int = 0
    exercise: str = ""
    exercise_until: int = 0
    replaces: int = 0


@dataclass(frozen=True, slots=True)
class Wall:
    """One screen. `state` is waiting (for its registration), registered or revoked."""

    id: int
    name: str
    code: str | None
    code_until: datetime | None
    credential: str | None
    next_credential: str | None
    credential_at: datetime
    playlist: str
    orders: Orders
    freeze: str | None
    created_at: datetime
    registered_at: datetime | None
    registered_by: str | None
    revoked_at: datetime | None

    @property
    def state(self) -> str:
        """One word."""
        if self.revoked_at is not None:
            return "revoked"
        return "waiting" if self.registered_at is None else "registered"


# --- screens -----------------------------------------------------------------------------------


def open_wall(
    connection: Connection, credential: str, code: str, now: datetime, *, replaces: int = 0
) -> bool:
    """Remember a new screen that waits for its registration; False when too many wait already.

    Screens that waited in vain are forgotten first.
    """
    waiting = wall.c.registered_at.is_(None)
    old = micros(now - WAITING_KEPT)
    connection.execute(delete(wall).where(waiting, wall.c.code_until < old))
    alive = select(wall.c.wall_id).where(waiting, wall.c.code_until > micros(now))
    if len(connection.execute(alive).all()) >= MOST_WAITING:
        return False
    connection.execute(
        insert(wall).values(
            credential=credential,
            code=code,
            code_until=micros(now + CODE_LIVES),
            orders=_written(Orders(replaces=replaces)),
            created_at=micros(now),
        )
    )
    return True


def renew_code(connection: Connection, wall_id: int, code: str, now: datetime) -> None:
    """Give a waiting screen another code, for fifteen minutes."""
    _change(connection, wall_id, code=code, code_until=micros(now + CODE_LIVES))


def wall_of(connection: Connection, credential: str) -> Wall | None:
    """The wall of a credential's hash, the present one or the one given to replace it."""
    same = or_(wall.c.credential == credential, wall.c.next_credential == credential)
    row = connection.execute(select(wall).where(same)).mappings().first()
    return _wall(row) if row else None


def wall_by_id(connection: Connection, wall_id: int) -> Wall | None:
    """The wall of this number."""
    row = connection.execute(select(wall).where(wall.c.wall_id == wall_id)).mappings().first()
    return _wall(row) if row else None


def walls(connection: Connection) -> tuple[Wall, ...]:
    """All screens, by name and number; those that wait come last."""
    rows = connection.execute(select(wall)).mappings()
    found = [_wall(row) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.state != "registered", one.name, one.id)))


def offer_credential(connection: Connection, wall_id: int, credential: str, now: datetime) -> None:
    """Note the hash of the secret that replaces the present one as soon as it is used."""
    _change(connection, wall_id, next_credential=credential, credential_at=micros(now))


def adopt_credential(connection: Connection, wall_id: int, credential: str) -> None:
    """The replacing secret was used: it is the only one from now on."""
    mine = (wall.c.wall_id == wall_id) & (wall.c.next_credential == credential)
    connection.execute(update(wall).where(mine).values(credential=credential, next_credential=None))


# --- what operators do -------------------------------------------------------------------------


def register_wall(
    connection: Connection, code: str, *, name: str, playlist: str, by: str, now: datetime
) -> Wall | None:
    """Register the screen that shows this code; None when no screen shows it any more."""
    shown = (wall.c.code == code) & (wall.c.code_until > micros(now))
    row = connection.execute(select(wall).where(shown)).mappings().first()
    if row is None or row["registered_at"] is not None:
        return None
    _change(
        connection,
        row["wall_id"],
        name=name,
        playlist=playlist,
        code=None,
        code_until=None,
        credential_at=0,
        orders=_written(Orders()),
        registered_at=micros(now),
        registered_by=by,
    )
    return wall_by_id(connection, row["wall_id"])


def assign(connection: Connection, wall_id: int, playlist: str) -> None:
    """Give a wall another playlist."""
    _change(connection, wall_id, playlist=playlist)


def order(connection: Connection, found: Wall, **changes: object) -> Orders:
    """Change some of what is wanted of a wall, and give all of it."""
    # The fields differ in type, which no keyword of one type can say.
    orders = replace(found.orders, **changes)  # type: ignore[arg-type]
    _change(connection, found.id, orders=_written(orders))
    return orders


def pin(connection: Connection, wall_id: int, freeze: str | None) -> None:
    """Pin a wall to a meeting's freeze, or let it go."""
    _change(connection, wall_id, freeze=freeze)


def revoke(connection: Connection, wall_id: int, now: datetime) -> None:
    """Take a wall's right to its playlist away; its credentials stay known as revoked."""
    _change(
        connection,
        wall_id,
        revoked_at=micros(now),
        code=None,
        orders=_written(Orders()),
        freeze=None,
    )


def _change(connection: Connection, wall_id: int, **values: object) -> None:
    connection.execute(update(wall).where(wall.c.wall_id == wall_id).values(**values))


def _written(orders: Orders) -> str:
    return json.dumps(asdict(orders), ensure_ascii=False)


def _read(text: str) -> Orders:
    known = {one.name for one in fields(Orders)}
    return Orders(**{name: value for name, value in json.loads(text).items() if name in known})


def _wall(row: RowMapping) -> Wall:
    return Wall(
        id=row["wall_id"],
        name=row["name"],
        code=row["code"],
        code_until=moment_or_none(row["code_until"]),
        credential=row["credential"],
        next_credential=row["next_credential"],
        credential_at=moment(row["credential_at"]),
        playlist=row["playlist"],
        orders=_read(row["orders"]),
        freeze=row["freeze"],
        created_at=moment(row["created_at"]),
        registered_at=moment_or_none(row["registered_at"]),
        registered_by=row["registered_by"],
        revoked_at=moment_or_none(row["revoked_at"]),
    )
