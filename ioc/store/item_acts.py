"""Acts of people on items: another state, other fields, or a note; who, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from ioc.domain.due import PRECISIONS, Due
from ioc.domain.item_facets import clean, dumped
from ioc.domain.register import Kind, Phase, Register, filled
from ioc.domain.units import Units
from ioc.errors import StoreError
from ioc.store.bulk import write
from ioc.store.item_derived import Counts, Map, derive
from ioc.store.item_rebuild import follow
from ioc.store.item_rows import Now, day_number, day_of, source_ranks
from ioc.store.item_versions import VERSION
from ioc.store.register_tables import NO_DUE, item_now, item_version, register_act
from ioc.store.versions import grow_version, next_recorded_at

ACT = (
    "act_id", "item_id", "at", "kind", "by", "by_id", "from_state", "to_state", "why", "evidence",
    "run_id",
)  # fmt: skip
"""The columns of `register_act`."""
NO_RUN = 0
"""The run of what a person did."""


def act(
    connection: Connection,
    register: Register,
    units: Units,
    item_id: int,
    *,
    by: str,
    by_id: str,
    at: datetime,
    why: str,
    to_state: str | None = None,
    changes: Mapping[str, Any] | None = None,
    evidence: str = "",
    seen: int | None = None,
) -> int:
    """Record what a person does to an item; returns the act's id. Call inside `writing`.

    `to_state` moves it, `changes` sets fields by name (typed as `register.Kind` says, None takes
    a value away; a place is (lon, lat) in 1e-7 degrees); neither is a note. It stands from the
    day of `at` until the item's source says something new. An item that reaches a state that is
    done gets that day as its day of completion unless it has one; going back takes it away.
    `seen` is the `recorded_at` that the person looked at. The data version grows.

    Raises StoreError: no such item (code item_gone), it changed since `seen` (item_changed), a
    move that the register does not allow (item_move), a field or value that does not fit
    (item_field), no reason given (item_why).
    """
    row = connection.execute(select(item_now).where(item_now.c.item_id == item_id)).first()
    if row is None or row.register_id != register.id:
        raise StoreError(f"item {item_id}: there is none", code="item_gone")
    now = Now(*row)
    if seen is not None and now.recorded_at != seen:
        raise StoreError(f"item {now.key}: changed since it was seen", code="item_changed")
    if not why.strip():
        raise StoreError(f"item {now.key}: an act needs a reason", code="item_why")
    if to_state is not None:
        _check_move(register, now, to_state)
    recorded_at = next_recorded_at(connection, at)
    act_id = next_act_id(connection)
    changed = dict(changes or {})
    connection.execute(
        insert(register_act).values(
            act_id=act_id,
            item_id=item_id,
            at=recorded_at,
            kind="state" if to_state is not None else "edit" if changed else "note",
            by=clean(by),
            by_id=clean(by_id),
            from_state=now.state if to_state is not None else None,
            to_state=to_state,
            why=clean(why.strip()),
            evidence=clean(evidence.strip()),
            run_id=NO_RUN,
        )
    )
    if to_state is not None or changed:
        version = _version(register, now, to_state, changed, recorded_at, act_id)
        write(connection, item_version, VERSION, [version])
        follow(connection, [register], units)
        places = Map(units)
        counts = Counts(register, places)
        derive(connection, register, places, source_ranks(connection), [item_id], counts)
        counts.write(connection)
    grow_version(connection, NO_RUN, recorded_at)
    return act_id


def next_act_id(connection: Connection) -> int:
    """An id that no act has; ids are given out under the writer's lock."""
    return (connection.execute(select(func.max(register_act.c.act_id))).scalar() or 0) + 1


def _check_move(register: Register, now: Now, to_state: str) -> None:
    declared = {one.code: one for one in register.states}
    here = declared.get(now.state)
    allowed = [
        code
        for code in declared
        if code != now.state and (here is None or not here.moves or code in here.moves)
    ]
    if to_state not in allowed:
        raise StoreError(
            f"item {now.key}: given state {to_state!r}, allowed: {', '.join(allowed) or 'none'}",
            code="item_move",
        )


def _version(
    register: Register,
    now: Now,
    to_state: str | None,
    changes: dict[str, Any],
    recorded_at: int,
    act_id: int,
) -> tuple[Any, ...]:
    body = now.fields
    lon, lat = now.lon, now.lat
    for name, value in changes.items():
        _check_field(register, now, name, value)
        if register.field(name).kind is Kind.PLACE:
            lon, lat = value if value is not None else (None, None)
        else:
            body[name] = value
    day = day_of(recorded_at)
    done_day = now.done_day
    if register.done is not None:
        _complete(register, now, to_state, changes, body, day)
        done = body.get(register.done)
        done_day = day_number(date.fromisoformat(str(done))) if filled(done) else None
    due_day, due_grain = now.due_day, now.due_grain
    if register.due is not None and register.due in changes:
        code = body.get(register.due)
        due = Due.parse(str(code)) if filled(code) else None
        due_day = NO_DUE if due is None else day_number(due.day)
        due_grain = None if due is None else PRECISIONS.index(due.precision)
    return (
        now.item_id, recorded_at, max(day, now.valid_from), register.id, NO_RUN, now.source_id,
        act_id, 0, now.unit_id, to_state or now.state, due_day, due_grain, done_day, lon, lat,
        now.citation_id, dumped(body),
    )  # fmt: skip


def _complete(
    register: Register,
    now: Now,
    to_state: str | None,
    changes: dict[str, Any],
    body: dict[str, Any],
    day: int,
) -> None:
    """Let the day of completion follow the phase, unless the act itself says it."""
    assert register.done is not None
    if to_state is None or register.done in changes:
        return
    phase = register.state(to_state).phase
    if phase is Phase.DONE and not filled(body.get(register.done)):
        text = str(day)
        body[register.done] = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    elif phase in (Phase.OPEN, Phase.UNKNOWN):
        body[register.done] = None


_TEXTS = (Kind.TEXT, Kind.LONG, Kind.LINK, Kind.ITEM, Kind.UNIT, Kind.INDICATOR)
_NUMBERS = (Kind.COUNT, Kind.AMOUNT, Kind.PERCENT)


def _check_field(register: Register, now: Now, name: str, value: object) -> None:
    fits = register.has(name) and (value is None or _fits(register, name, value))
    if not fits:
        raise StoreError(
            f"item {now.key}: {name[:40]}: given {str(value)[:60]!r}, allowed: what the register's"
            " field takes",
            code="item_field",
        )


def _fits(register: Register, name: str, value: object) -> bool:
    field = register.field(name)
    try:
        if field.kind in _TEXTS:
            return isinstance(value, str)
        if field.kind in _NUMBERS:
            return isinstance(value, int) and not isinstance(value, bool)
        if field.kind is Kind.FLAG:
            return isinstance(value, bool)
        if field.kind is Kind.DATE:
            return isinstance(value, str) and bool(date.fromisoformat(value))
        if field.kind is Kind.DUE:
            return isinstance(value, str) and Due.parse(value).code == value
        if field.kind is Kind.CHOICE:
            return isinstance(value, str) and field.choice(value) is not None
        if field.kind is Kind.CHOICES:
            codes = value if isinstance(value, list) else [None]
            return all(isinstance(one, str) and field.choice(one) is not None for one in codes)
    except ValueError:
        return False
    return (
        isinstance(value, (tuple, list))
        and len(value) == 2
        and all(isinstance(one, int) and not isinstance(one, bool) for one in value)
        and abs(value[0]) <= 1_800_000_000
        and abs(value[1]) <= 900_000_000
    )
