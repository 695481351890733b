"""Random views for the check of exports: pages, units, periods, bases, moments and languages."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from ioc.domain.scope import Scope
from ioc.domain.unit import Level
from ioc.store.engine import moment, reading
from ioc.store.versions import data_version_table
from ioc.web.router import read_address

if TYPE_CHECKING:
    from ioc.exporter.bench import Bench

KINDS = (
    "overview", "unit", "unit", "indicator", "indicator", "compare", "compare", "record",
    "registers", "register", "register", "index766", "quality", "differences", "revisions", "why",
    "peers", "scene", "scene",
)  # fmt: skip
PLACES = ("vn", "01", "38", "gov", "moh", "79")
SCENES = ("national", "map", "ministry", "province", "red", "meeting", "index766", "red")
PERIODS = ("", "", "", "2026-11", "2026-10", "2026-Q3", "2025", "2026")
BASES = ("", "", "", "", "reported", "2025-06-30")
NOW_ONLY = ("quality", "differences")
"""Pages of now: a past moment would be another question."""


def random_views(bench: Bench, count: int, seed: int) -> list[str]:
    """So many different addresses that answer, each kind in turn; the same for a seed and store."""
    choose = random.Random(seed)
    codes = sorted(one.code for one in bench.desk.catalogue.all)
    registers = sorted(one.key for one in bench.desk.registers.all)
    places = [*PLACES, *_communes(bench)]
    # A store filled a minute ago knows no yesterday: its own moments are what is asked for.
    moments = _moments(bench)
    found: list[str] = []
    for turn in range(count * 20):
        if len(found) == count:
            break
        kind = KINDS[turn % len(KINDS)]
        address = _address(kind, choose.choice, codes, registers, places, moments)
        if address not in found and _answers(bench, address):
            found.append(address)
    return found


def _address(
    kind: str,
    pick: Callable[[list[str] | tuple[str, ...]], str],
    codes: list[str],
    registers: list[str],
    places: list[str],
    moments: list[str],
) -> str:
    unit, code = pick(places), pick(codes)
    parts = [pick(("", "", "lang=en"))]
    if kind not in NOW_ONLY and moments:
        parts.append(pick(("", "", "", f"known_at={pick(moments)}")))
    path = f"/{kind}"
    if kind in ("overview", "indicator", "compare", "why", "peers", "record"):
        period, basis = pick(PERIODS), pick(BASES)
        parts += [f"indicator={code}", f"period={period}" if period else ""]
        parts += [f"basis={basis}" if basis else "", pick(("", "", "calendar=administrative"))]
    if kind == "overview":
        path = "/"
        parts.append(f"unit={pick(('vn', 'gov'))}")
    elif kind == "unit":
        path = f"/unit/{unit}"
        parts.append(f"indicator={code}")
    elif kind == "indicator":
        path = f"/indicator/{code}"
        parts += [f"unit={pick(('vn', 'gov', '38', '01'))}", pick(("", "", "status=at_risk"))]
        parts.remove(f"indicator={code}")
    elif kind == "compare":
        form = pick(("", "slope", "scatter", "indexed", "multiples", "corridor"))
        units = "01,31,38" if form in ("", "indexed", "corridor") else ""
        second = pick(codes) if form == "scatter" else ""
        parts += [f"form={form}" if form else "", f"units={units}" if units else ""]
        parts.append(f"against={second}" if second and second != code else "")
    elif kind in ("record", "why", "peers"):
        parts.append(f"unit={pick(('01', '31', '38', '79', '48'))}")
    elif kind == "register":
        path = f"/register/{pick(registers)}"
        parts += [pick(("", "due=overdue", "state=all-open", "state=all-done"))]
        parts.append(pick(("", "unit=38", "unit=01", "unit=gov")))
    elif kind == "index766":
        parts.append(pick(("", "unit=38", "unit=01")))
    elif kind == "scene":
        path = f"/scene/{pick(SCENES)}"
        parts += ["wall=1", pick(("", "unit=38")), pick(("", f"indicator={code}"))]
    return f"{path}?{'&'.join(sorted(one for one in set(parts) if one))}"


def _answers(bench: Bench, address: str) -> bool:
    """Whether the page is about something: some random mixtures do not exist."""
    from ioc.errors import IocError
    from ioc.web.extracting import extract
    from ioc.web.steady import moment_now

    try:
        view = read_address(address)
        shown = extract(bench.desk, bench.router, view, Scope.all(), moment_now(bench.desk))
    except IocError:
        return False
    return any(one.rows for one in shown.sheets)


def _communes(bench: Bench) -> list[str]:
    """Two communes of Thanh Hóa, which has figures of its communes."""
    units = bench.desk.units
    below = units.children(units.by_key("38").id, bench.desk.now().date(), Level.COMMUNE)
    keys = sorted(one.key for one in below)
    return [*keys[:1], *keys[-1:]]


def _moments(bench: Bench) -> list[str]:
    """A few moments at which the store knew less than now."""
    table = data_version_table
    with reading(bench.desk.engine) as connection:
        rows = connection.execute(select(table.c.recorded_at).order_by(table.c.version)).all()
    known = [moment(row.recorded_at) for row in rows]
    picked = known[len(known) // 3 :: max(1, len(known) // 3)] if len(known) > 3 else []
    return [
        (one + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S%%2B00:00") for one in picked[:2]
    ]
