"""Items in the house: what a source says of them, and the questions about them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from ioc.domain.due import Due
from ioc.domain.register import Register
from ioc.domain.registers import packaged
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.register_answers import ItemDetail, RegisterHome, RegisterList
from ioc.queries.register_home import register_home
from ioc.queries.register_item import register_item
from ioc.queries.register_list import register_list
from ioc.store import items
from ioc.store.engine import reading, writing
from ioc.store.item_lists import Now, one
from ioc.store.items import Said
from ioc.store.reference import citation_ids
from ioc.store.runs import start_run
from ioc.store.versions import grow_version, next_recorded_at
from tests.ioc.queries.house import EVERYTHING, House

SIX = {
    "person": "Lê Minh Châu",
    "responsibility": "Chủ trì",
    "product": "Báo cáo",
    "authority": "Chủ tịch",
}
"""What a task needs besides its title and due date to be complete."""


def register(key: str = "task") -> Register:
    return packaged().by_key(key)


def said(
    house: House, key: str, unit: str | None, state: str, *, of: str = "task", **fields: Any
) -> Said:
    """An item as a source says it; `place` is (lon, lat) in degrees."""
    asked = register(of)
    place = fields.pop("place", None)
    since = fields.pop("since", date(2026, 9, 1))
    body = {"title": f"Việc {key}", **fields}
    due = body.get(asked.due) if asked.due else None
    done = body.get(asked.done) if asked.done else None
    return Said(
        key,
        house.units.by_key(unit).id if unit else None,
        state,
        body,
        Due.parse(due) if due else None,
        date.fromisoformat(done) if done else None,
        round(place[0] * 10**7) if place else None,
        round(place[1] * 10**7) if place else None,
        since,
    )


def tell(
    house: House, *given: Said, of: str = "task", source: str = "demo", cite: str | None = None
) -> None:
    """One run of a source that says these items; the house's clock goes on by an hour."""

    fact = house.sources[source]
    house.clock += timedelta(hours=1)
    run_id = start_run(house.engine, fact.id, house.clock)
    with writing(house.engine) as connection:
        if cite:
            number = citation_ids(connection, [cite])[cite]
            given = tuple(one._replace(citation_id=number) for one in given)
        at = next_recorded_at(connection, house.clock)
        items.keep(
            connection,
            register(of),
            house.units,
            given,
            source_id=fact.id,
            run_id=run_id,
            recorded_at=at,
            illustrative=fact.illustrative,
            by=source,
        )
        grow_version(connection, run_id, at)


def act(house: House, key: str, *, of: str = "task", **more: Any) -> None:
    """What a person does, an hour later."""

    house.clock += timedelta(hours=1)
    now = kept(house, key, of)
    assert now is not None
    with writing(house.engine) as connection:
        items.act(
            connection,
            register(of),
            house.units,
            now.item_id,
            **{"by": "Lan", "by_id": "b1", "at": house.clock, "why": "đã nghiệm thu", **more},
        )


def kept(house: House, key: str, of: str = "task") -> Now | None:
    with reading(house.engine) as connection:
        return one(connection, register(of).id, key)


def listed(
    house: House, key: str = "task", scope: Scope = EVERYTHING, **parts: str
) -> RegisterList:
    return register_list(house.desk, View.from_address(f"/register/{key}", **parts), scope)


def item(house: House, key: str, scope: Scope = EVERYTHING, **parts: str) -> ItemDetail:
    return register_item(house.desk, View.from_address("/item", item=key, **parts), scope)


def home(house: House, scope: Scope = EVERYTHING, **parts: str) -> RegisterHome:
    return register_home(house.desk, View.from_address("/registers", **parts), scope)


def keys(answer: RegisterList) -> list[str]:
    return [row.key for row in answer.rows]
