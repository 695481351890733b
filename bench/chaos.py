"""Fifty sources, six of them hostile: do the other forty-four meet every slot?"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import Connection, select

from bench.faults import FAULTS
from bench.product import Product, cpu_seconds, family, resident_mb
from bench.running import free_port, stop
from ioc.store.engine import open_engine, reading
from ioc.store.reference import sources as stored_sources
from ioc.store.runs import run
from ioc.store.slots import slot

EVERY = 10
"""Seconds between two slots of each source."""
WELL = 44
_SOURCE = """\
name: {name}
title: {{vi: "{name}", en: "{name}"}}
connector: http_json
illustrative: true
schedule: {{every: {every}s}}
timeout: {timeout}s
config:
  url: http://127.0.0.1:{port}/{path}
  limits: {{connect: 2, read: 5, total: {timeout}, megabytes: 10}}
  attempts: 1
mapping:
  unit: {{code: ma, system: nso}}
  period: {{constant: "{period}"}}
  values:
    - {{indicator: OPS-06, value: so}}
"""


def measure(*, seconds: float = 120, pollers: int = 1) -> bool:
    """Let them run for so long and print what became of every slot; True when the well ones met
    all of theirs."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        port = free_port()
        faults = subprocess.Popen([sys.executable, "-m", "bench.faults", str(port)])
        product = Product(place)
        product.environment |= {"IOC_ALLOW_HOSTS": f"127.0.0.1:{port}", "IOC_DEMO": "false"}
        product.prepare()
        for old in (place / "sources").glob("*.yaml"):
            old.unlink()
        names = _declare(place, port)
        began = time.time()
        workers = [_poller(product) for _ in range(pollers)]
        try:
            most = 0.0
            while time.time() < began + seconds:
                time.sleep(1)
                most = max(most, sum(resident_mb(*family(one.pid)) for one in workers))
            used = sum(cpu_seconds(one.pid) for one in workers)
            return _report(product, names, began, seconds, most, used)
        finally:
            for one in (*workers, faults):
                stop(one)


def _declare(place: Path, port: int) -> dict[str, str]:
    """One YAML file a source; gives each name's group."""
    groups: dict[str, str] = {}
    paths = [f"good/{at}" for at in range(WELL)] + list(FAULTS)
    for at, path in enumerate(paths):
        name = path.replace("/", "-")
        groups[name] = "well" if path.startswith("good") else path
        # Each source speaks of a month of its own, so that none replaces another's figures.
        period = f"{2021 + at // 12}-{at % 12 + 1:02d}"
        text = _SOURCE.format(
            name=name, port=port, path=path, period=period, every=EVERY, timeout=8
        )
        (place / "sources" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return groups


def _poller(product: Product) -> subprocess.Popen[bytes]:
    with product.log.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "ioc", "poll"], env=product.environment, stdout=log, stderr=log
        )


def _report(
    product: Product,
    groups: dict[str, str],
    began: float,
    seconds: float,
    most: float,
    used: float,
) -> bool:
    engine = open_engine(product.database)
    try:
        with reading(engine) as connection:
            ids = {one.id: groups[one.name] for one in stored_sources(connection) if one.active}
            # Ten seconds to start, and the slots whose time was not over at the end, are left out.
            since, until = (began + 10) * 1e6, (began + seconds - EVERY) * 1e6
            rows = _slots(connection, ids, since, until)
            late = _lateness(connection, ids, since, until)
    finally:
        engine.dispose()
    expected = int((until - since) / 1e6 / EVERY)
    print(f"{len(groups)} sources, a slot each {EVERY} s for {seconds:.0f} s:")
    print(f"{'sources':<10} {'n':>3} {'slots':>6}  states")
    for group in ("well", *FAULTS):
        count = sum(one == group for one in groups.values())
        states = Counter(state for found, state in rows if found == group)
        words = ", ".join(f"{state} {times}" for state, times in states.most_common())
        print(f"{group:<10} {count:>3} {sum(states.values()):>6}  {words}")
    well = Counter(state for found, state in rows if found == "well")
    met = set(well) == {"arrived"} and well["arrived"] >= WELL * (expected - 1)
    if late:
        late.sort()
        print(
            f"well: from slot to commit, median {late[len(late) // 2]:.2f} s,"
            f" 99 % {late[int(len(late) * 0.99)]:.2f} s, worst {late[-1]:.2f} s"
        )
    print(f"pollers: most memory {most:.0f} MB, processor {used:.0f} s")
    print("every slot of the well sources was met" if met else "SLOTS OF WELL SOURCES WERE LOST")
    return met


def _slots(
    connection: Connection, ids: dict[int, str], since: float, until: float
) -> list[tuple[str, str]]:
    query = select(slot.c.source_id, slot.c.state).where(
        slot.c.due_at >= int(since), slot.c.due_at < int(until)
    )
    return [(ids[row.source_id], row.state) for row in connection.execute(query)]


def _lateness(
    connection: Connection, ids: dict[int, str], since: float, until: float
) -> list[float]:
    """Seconds from each well source's slot to its commit."""
    query = (
        select(slot.c.source_id, slot.c.due_at, run.c.finished_at)
        .join(run, run.c.run_id == slot.c.run_id)
        .where(slot.c.due_at >= int(since), slot.c.due_at < int(until))
    )
    return [
        (row.finished_at - row.due_at) / 1e6
        for row in connection.execute(query)
        if ids.get(row.source_id) == "well" and row.finished_at
    ]
