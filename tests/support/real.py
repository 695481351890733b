"""A small real store: the example sources, fed by the imitated systems through real runs."""

from __future__ import annotations

import atexit
import csv
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
import orjson

import ioc
from ioc import home
from ioc.demo.answer import Request
from ioc.demo.clock import minute_of
from ioc.demo.ledger import Ledger
from ioc.demo.server import answered, ledger_of
from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.ingest.intake import Intake
from ioc.ingest.run import poll
from ioc.ingest.scheduler import connectors
from ioc.ingest.source import load_sources
from ioc.ingest.taking import Report
from ioc.queries.desk import Desk
from ioc.settings import Settings
from ioc.store.engine import open_engine
from ioc.store.migration import migrate
from ioc.store.versions import current_version

HOSTILE = "<img src=x onerror=\"document.title='hacked'\">"
HOSTILE_COMMUNE = "14758"
"""A commune of Thanh Hóa that carries the hostile name in these tests, as does a province."""
HOSTILE_PROVINCE = "96"
SOURCE = "lms"
"""The source that carries the hostile title."""
PROVINCE = 1038
MONTHS, QUARTERS = 4, 2


def now() -> datetime:
    """The real clock: these tests wait for a real browser."""
    return datetime.now(UTC)


@dataclass
class Real:
    """A fed store; `ahead` is how far the imitated systems' clock runs before the real one."""

    desk: Desk
    intake: Intake
    ledger: Ledger
    ahead: timedelta = timedelta(0)
    uptime: int = 0
    reports: dict[str, Report | None] = field(default_factory=dict)

    def poll(self, name: str) -> Report:
        """One run of a source, to its end; another poller never has it."""
        report = poll(self.intake, self.intake.sources[name])
        assert report is not None
        return report

    def version(self) -> int:
        """The data version now."""
        return current_version(self.desk.engine)

    def feed(self) -> None:
        """Every source once, to its end."""
        for name in self.intake.sources:
            self.reports[name] = self.poll(name)


_fed: dict[bool, tuple[Path, dict[str, Report | None]]] = {}
"""Stores that this process filled, and how their runs ended: filling one takes many seconds."""


def make_real(folder: Path, *, hostile: bool = True) -> Real:
    """A home in `folder` with a database in which every source has run once.

    All indicators for every province and ministry, four months each, the communes of Thanh Hóa,
    and every register. With `hostile` a province, a commune and a source bear a name that is an
    attack. The first in a process is filled, later ones are copies of it.
    """
    if hostile not in _fed:
        template = Path(tempfile.mkdtemp(prefix="ioc-fed-"))
        atexit.register(shutil.rmtree, template, ignore_errors=True)
        place = template / "home"
        home.fill(place)
        for file in home.source_files(place):
            file.write_text(_shorter(file, hostile=hostile), encoding="utf-8")
        if hostile:
            _units(template)
        real = _opened(template, hostile=hostile)
        real.feed()
        with real.desk.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        real.desk.engine.dispose()
        _fed[hostile] = (template, real.reports)
    template, reports = _fed[hostile]
    shutil.copytree(template, folder, dirs_exist_ok=True)
    real = _opened(folder, hostile=hostile)
    real.reports.update(reports)
    return real


def _opened(folder: Path, *, hostile: bool) -> Real:
    """The home in `folder` behind an intake and a desk; nothing has run yet by itself."""
    place = folder / "home"
    units = Units.load(folder / "units" if hostile else None)
    catalogue = Catalogue.load(units=units)
    settings = Settings(home=place, secret_key="k" * 40)
    engine = open_engine(settings.database_url)
    migrate(engine)
    found = connectors()
    environment = {"IOC_DEMO_PORT": "1"}
    sources = load_sources(place, environment, found)
    ledger = ledger_of(7, units)
    intake = Intake(
        engine=engine,
        catalogue=catalogue,
        units=units,
        connectors=found,
        client=lambda _: httpx.Client(transport=httpx.MockTransport(reply)),
        home=place,
        env=environment,
        now=now,
        owner="tests",
        sources={source.name: source for source in sources},
    )
    real = Real(Desk(engine, catalogue, units, settings, now), intake, ledger)
    reply = _imitation(real)
    intake.prepare()
    return real


def _shorter(file: Path, *, hostile: bool) -> str:
    """The source's file with less history, and with a hostile title for one of them."""
    text = file.read_text(encoding="utf-8")
    text = re.sub(r"(grain: month,.*?last: )\d+", rf"\g<1>{MONTHS}", text)
    text = re.sub(r"(grain: quarter,.*?last: )\d+", rf"\g<1>{QUARTERS}", text)
    text = re.sub(r"^(connector: file_drop$.*?^config:$)", r"\1\n  settle: 0", text,
                  flags=re.MULTILINE | re.DOTALL)  # fmt: skip
    text = re.sub(r"at_once: \d+", f"at_once: {MONTHS}", text)
    if hostile and file.stem == SOURCE:
        title = HOSTILE.replace('"', '\\"')
        text = re.sub(r"^title: .*$", lambda _: f'title: {{vi: "{title}", en: "{title}"}}', text,
                      flags=re.MULTILINE)  # fmt: skip
    return text


def _units(folder: Path) -> None:
    """The product's units, one province and one commune of which have a hostile name."""
    copied = folder / "units"
    shutil.copytree(Path(ioc.__file__).parent / "units", copied)
    _rename(copied / "communes" / "versions.csv", str(100_000 + int(HOSTILE_COMMUNE)))
    _rename(copied / "provinces" / "versions.csv", str(1000 + int(HOSTILE_PROVINCE)))


def _rename(file: Path, unit_id: str) -> None:
    with file.open(encoding="utf-8", newline="") as given:
        rows = list(csv.reader(given))
    newest = max(at for at, row in enumerate(rows) if row[0] == unit_id)
    rows[newest][3:6] = [HOSTILE] * 3
    with file.open("w", encoding="utf-8", newline="") as changed:
        csv.writer(changed).writerows(rows)


def _imitation(real: Real) -> Callable[[httpx.Request], httpx.Response]:
    """The imitated systems without a network; of the communes only those of one province."""
    units = real.desk.units
    today = now().date()
    kept = {code.code for unit in units.children(PROVINCE, today) for code in unit.codes}

    def reply(request: httpx.Request) -> httpx.Response:
        parts = dict(parse_qsl(request.url.query.decode()))
        if request.content:
            parts |= {key: str(value) for key, value in orjson.loads(request.content).items()}
        minute = minute_of(now() + real.ahead)
        answer = answered(real.ledger, request.url.path, Request(parts, minute, real.uptime))
        body = answer.body
        if request.url.path.startswith("/kho-xa"):
            content = orjson.loads(body)
            content["xa"] = [one for one in content["xa"] if one["ma"] in kept]
            body = orjson.dumps(content)
        media = {"Content-Type": answer.media}
        return httpx.Response(answer.status, stream=httpx.ByteStream(body), headers=media)

    return reply
