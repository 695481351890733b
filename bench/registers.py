"""What the pages of registers cost at 100,000 tasks and 50,000 blackspots against 1,000 of each."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy import Engine

from bench.register_store import build
from bench.timing import medians
from ioc.domain.catalogue import Catalogue
from ioc.domain.registers import packaged
from ioc.domain.scope import Scope
from ioc.domain.unit import Level
from ioc.domain.units import Units
from ioc.domain.view import View
from ioc.plugins import PAGE, by_name
from ioc.queries.desk import Desk
from ioc.settings import load as load_settings
from ioc.store.engine import reading
from ioc.store.item_history import acts, versions
from ioc.store.item_lists import Choice, children, count, one, page
from ioc.store.item_tallies import tallies, totals
from ioc.web.scene import scenes
from layouts.register_forms import LIST, offered

SMALL, LARGE = (1_000, 1_000), (100_000, 50_000)
"""Tasks and blackspots of the two stores."""
TARGET = 2.0
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
_TASK, _SPOT = 1, 4
_PROVINCE, _PERSON = 1008, "Cán bộ 17"
_SCENES = ("tasks", "directives", "blackspots", "milestones", "red")

Question = Callable[[Desk], object]


def measure(*, rounds: int, home: Path | None = None) -> bool:
    """Fill both stores, time every question on both in turn and print the ratios.

    Timed is the work of the thread, for a neighbour on the machine to change nothing. Returns
    whether every page's ratio is at most TARGET (a single verb may be over: a count that goes on
    to 1,000 where the small store has 25 takes longer); `home` keeps the stores for another time.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = home or Path(folder)
        units = Units.load()
        catalogue = Catalogue.load(units=units)
        desks = {}
        for name, size in (("small", SMALL), ("large", LARGE)):
            engine, spent = build(place, units, *size)
            if spent:
                _say(f"{size[0]:,} tasks kept in {spent:.1f} s of work as one delivery")
            desks[name] = _desk(engine, catalogue, units, Path(folder))
        _say(f"{'question':58} {'1,000':>9} {'100,000':>9} {'ratio':>6}")
        slow = 0
        pages = page_questions()
        for name, question in {**store_questions(units), **pages}.items():
            ways = {size: partial(question, desk) for size, desk in desks.items()}
            got = medians(ways, rounds, clock=time.thread_time)
            ratio = got["large"] / got["small"]
            over = ratio > TARGET
            slow += over and name in pages
            mark = "  over" if over else ""
            _say(f"{name:58} {got['small']:7.1f}ms {got['large']:7.1f}ms {ratio:5.2f}×{mark}")
        for desk in desks.values():
            desk.engine.dispose()
    _say(f"{slow} of {len(pages)} pages over {TARGET:.0f} ×")
    return not slow


def store_questions(units: Units) -> Mapping[str, Question]:
    """The verbs of the store, each in a reading transaction of its own."""
    provinces = units.ids_by_level(Level.PROVINCE, NOW.date())
    two = (("class", ("project",)), ("group", ("Nhóm 3",)))
    asked: dict[str, Callable[..., object]] = {
        "list: first page": partial(page, choice=Choice(_TASK), limit=51),
        "list: page 20": partial(page, choice=Choice(_TASK), limit=51, offset=950),
        "list: open, of a province": partial(
            page, choice=Choice(_TASK, _PROVINCE, phases=(0,)), limit=51
        ),
        "list: two facets": partial(page, choice=Choice(_TASK, filters=two), limit=51),
        "list: two facets, of a province": partial(
            page, choice=Choice(_TASK, _PROVINCE, filters=two), limit=51
        ),
        "list: of a person": partial(
            page, choice=Choice(_TASK, filters=(("person", (_PERSON,)),)), limit=51
        ),
        "list: words, frequent": partial(
            page, choice=Choice(_TASK, filters=(("word", ("tram",)), ("word", ("do",)))), limit=51
        ),
        "list: words, one item": partial(
            page, choice=Choice(_TASK, filters=(("word", ("nv",)), ("word", ("717",)))), limit=51
        ),
        "list: overdue, backwards": partial(
            page, choice=Choice(_TASK, phases=(0,), due_to=20261121), limit=51, newest_first=True
        ),
        "list: points of a square of the map": partial(
            page, choice=Choice(_SPOT, filters=(("cell7", (_cell(),)),)), limit=51
        ),
        "count: two facets, up to 1,000": partial(count, choice=Choice(_TASK, filters=two)),
        "tallies: 34 provinces by state": partial(
            tallies, register_id=_TASK, unit_ids=provinces, facets=["state"]
        ),
        "totals: overdue of 34 provinces": partial(
            totals, register_id=_TASK, unit_ids=provinces, facet="due", values_to="20261121"
        ),
        "map: squares of the country": partial(
            tallies, register_id=_SPOT, unit_ids=[1], facets=["cell5"]
        ),
        "map: small squares of a province": partial(
            tallies, register_id=_SPOT, unit_ids=[_PROVINCE], facets=["cell7"]
        ),
        "tree: children of a directive": partial(
            children, register_id=_TASK, parents=("VB7",), limit=51
        ),
        "item: with versions and acts": _item,
    }
    return {name: partial(_read, ask) for name, ask in asked.items()}


def page_questions() -> Mapping[str, Question]:
    """The loads of the pages and scenes of registers, by address."""
    addresses = ["/registers", "/item/NV-500?register=task", "/item/DT-500?register=blackspot"]
    for key in ("task", "blackspot"):
        register = packaged().by_key(key)
        start = f"/register/{key}"
        addresses += [start, f"{start}?sheet=20", f"{start}?unit=08", f"{start}?due=overdue"]
        addresses += [
            f"{start}?form={form.name}" for form in offered(register) if form.name != LIST
        ]
    addresses += [
        f"/register/task?person={_PERSON}",
        "/register/task?where=class.project&where=group.Nhóm 3",
        "/register/task?q=tram",
        "/register/task?sheet=200",
        "/register/directive?form=tree",
        "/",
        "/unit/08",
    ]
    asked: dict[str, Question] = {one: partial(_load, one) for one in addresses}
    return asked | {f"/scene/{one}?wall=1": partial(_load, f"/scene/{one}") for one in _SCENES}


def _load(address: str, desk: Desk) -> object:
    split = urlsplit(address)
    parts: dict[str, str] = {}
    for name, value in parse_qsl(split.query):
        parts[name] = f"{parts[name]},{value}" if name in parts else value
    view = View.from_address(split.path, **parts)
    offered_by = scenes()[view.scene] if view.scene else by_name(PAGE)[view.page]
    return offered_by.load(desk, view, Scope(everything=True))  # type: ignore[attr-defined]


def _read(ask: Callable[..., object], desk: Desk) -> object:
    with reading(desk.engine) as connection:
        return ask(connection)


def _item(connection: object) -> object:
    found = one(connection, _TASK, "NV-500")  # type: ignore[arg-type]
    assert found is not None
    return versions(connection, found.item_id), acts(connection, found.item_id)  # type: ignore[arg-type]


def _cell() -> str:
    from ioc.domain.cells import cell

    return cell(1_058_000_000, 210_000_000, 7)


def _desk(engine: Engine, catalogue: Catalogue, units: Units, folder: Path) -> Desk:
    settings = load_settings({"IOC_HOME": str(folder)}, folder=folder)
    return Desk(engine, catalogue, units, settings, lambda: NOW)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
