"""A way to feed items of registers, shared by the tests of registers in the store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from sqlalchemy import Connection, Engine, delete, select

from ioc.domain.due import Due
from ioc.domain.register import Register
from ioc.domain.units import Units
from ioc.store.engine import writing
from ioc.store.items import Kept, Said, act, keep
from ioc.store.reference import SourceFact, sync_sources
from ioc.store.register_tables import item_index, item_now, item_tally
from ioc.store.schema import metadata
from ioc.store.versions import grow_version, next_recorded_at

START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ROOT, LOCAL, PROVINCE, OTHER_PROVINCE = 1, 2, 1008, 1012


@lru_cache(maxsize=1)
def real_units() -> Units:
    return Units.load()


@lru_cache(maxsize=1)
def works() -> Register:
    """A register with every kind of facet, two sums, a total of parts and a place."""
    name = {"vi": "x", "en": "x"}
    fields: list[dict[str, object]] = [
        {"name": "title", "mandatory": True},
        {"name": "class", "kind": "choice", "facet": True,
         "choices": [{"code": one, "name": name} for one in ("white", "grey")]},
        {"name": "powers", "kind": "choices", "facet": True,
         "choices": [{"code": one, "name": name} for one in ("grid", "sun")]},
        {"name": "shared", "kind": "flag", "facet": True},
        {"name": "person", "mandatory": True},
        {"name": "due", "kind": "due", "mandatory": True},
        {"name": "done", "kind": "date"},
        {"name": "homes", "kind": "count", "sum": True},
        {"name": "total", "kind": "amount", "sum": True, "decimals": 3},
        {"name": "state_part", "kind": "amount", "decimals": 3},
        {"name": "local_part", "kind": "amount", "decimals": 3},
        {"name": "above", "kind": "item", "register": "work"},
        {"name": "spot", "kind": "place"},
    ]  # fmt: skip
    return Register.model_validate(
        {
            "id": 900, "key": "work", "order": 1, "name": name, "one": name, "about": name,
            "due": "due", "done": "done", "person": "person", "parent": "above", "place": "spot",
            "fields": [{"label": name, **one} for one in fields],
            "states": [
                {"code": "new", "name": name, "phase": "open", "moves": ["busy", "ready"]},
                {"code": "busy", "name": name, "phase": "open", "moves": ["ready", "off"]},
                {"code": "ready", "name": name, "phase": "done", "moves": ["busy"]},
                {"code": "off", "name": name, "phase": "dropped", "moves": ["new"]},
            ],
            "parts": [{"total": "total", "of": ["state_part", "local_part"]}],
        }
    )  # fmt: skip


def said(
    key: str,
    *,
    unit_id: int | None = PROVINCE,
    state: str = "new",
    due: str | None = "2026-12-31",
    done: str | None = None,
    point: tuple[int, int] | None = None,
    colour: str | None = None,
    valid_from: date = date(2026, 11, 1),
    **body: object,
) -> Said:
    """What a source says, with a title and a person unless given as None; `colour`: its class."""
    given: dict[str, object] = {
        "title": f"Việc {key}",
        "person": "Đặng Thị Hoà",
        "due": due,
        "done": done,
        "class": colour,
    }
    given.update(body)
    lon, lat = point or (None, None)
    return Said(
        key,
        unit_id,
        state,
        {name: value for name, value in given.items() if value is not None},
        Due.parse(due) if due else None,
        date.fromisoformat(done) if done else None,
        lon,
        lat,
        valid_from,
    )


@dataclass
class Registry:
    """Keeps items of three sources, as runs do: `real` (rank 10), `one` and `two` (rank 100)."""

    engine: Engine
    moment: datetime = START

    def prepare(self) -> Registry:
        words = {"vi": "nguồn", "en": "source"}
        with writing(self.engine) as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(delete(table))
            self.sources = sync_sources(
                connection,
                [
                    SourceFact(0, name, words, "file_drop", "60s", rank, illustrative, True)
                    for name, rank, illustrative in (
                        ("real", 10, False), ("one", 100, False), ("two", 100, True)
                    )
                ],
            )  # fmt: skip
        return self

    def take(
        self,
        items: Iterable[Said],
        source: str = "one",
        *,
        whole: bool = False,
        still: frozenset[str] = frozenset(),
        later: timedelta = timedelta(minutes=1),
    ) -> tuple[Kept, int]:
        """One delivery; what it did and its recorded_at."""
        self.moment += later
        fact = self.sources[source]
        with writing(self.engine) as connection:
            at = next_recorded_at(connection, self.moment)
            done = keep(
                connection, works(), real_units(), items, source_id=fact.id, run_id=7,
                recorded_at=at, illustrative=fact.illustrative, by=source, whole=whole, still=still,
            )  # fmt: skip
            grow_version(connection, 7, at)
        return done, at

    def act(self, key: str, *, later: timedelta = timedelta(minutes=1), **more: object) -> int:
        """A person's act on the item of a key; its moment."""
        from ioc.store.item_lists import one

        self.moment += later
        with writing(self.engine) as connection:
            found = one(connection, works().id, key)
            assert found is not None
            more.setdefault("why", "vì thế")
            return act(
                connection, works(), real_units(), found.item_id, by="Lan", by_id="lan",
                at=self.moment, **more,  # type: ignore[arg-type]
            )  # fmt: skip


def derived(connection: Connection) -> tuple[list[tuple[object, ...]], ...]:
    """Everything that is derived, sorted: item_now, item_index, item_tally."""
    return tuple(
        sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
        for table in (item_now, item_index, item_tally)
    )
