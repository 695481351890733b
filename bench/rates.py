"""What the whole path from fetch to summary costs, against bare loops that do the least."""

from __future__ import annotations

import json
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import httpx

from bench.running import answers, free_port, stop
from ioc import home
from ioc.domain.unit import Level
from ioc.domain.units import Units
from ioc.ingest.intake import Intake
from ioc.ingest.run import poll
from ioc.ingest.scheduler import open_intake
from ioc.settings import Settings

SOURCES = 40
_FROM = date(2025, 7, 1)
_ASKED = """\
name: nguon-{at:02d}
title: {{vi: "Nguồn {at}", en: "Source {at}"}}
connector: http_json
illustrative: true
schedule: {{every: 1h}}
config: {{url: "http://127.0.0.1:{port}/good/{at}"}}
mapping:
  unit: {{code: ma, system: nso}}
  period: {{constant: "{period}"}}
  values: [{{indicator: OPS-06, value: so}}]
"""
_FILE = """\
name: tep-lon
title: {vi: "Tệp lớn", en: "Large file"}
connector: file_drop
illustrative: true
schedule: {every: 1h}
timeout: 1h
config:
  folder: drop
  settle: 0
  megabytes: 200
  rows: 1048576
  separator: ";"
  columns: {ma: Mã xã, ngay: Ngày, tu: Tử số, mau: Mẫu số}
mapping:
  unit: {code: ma, system: nso, pad: 5}
  period: {field: ngay, grains: [day]}
  values: [{indicator: OPS-01, numerator: tu, denominator: mau}]
"""


def measure(*, rounds: int = 5, rows: int = 1_000_000) -> None:
    """Print sources a second, rows a second and the memory of a large file."""
    _sources(rounds)
    for count in sorted({100_000, rows}):
        _rows(count)


def _intake(place: Path, files: dict[str, str], hosts: tuple[str, ...] = ()) -> Intake:
    home.fill(place, demo=False)
    for old in (place / "sources").glob("*.yaml"):
        old.unlink()
    for name, text in files.items():
        (place / "sources" / name).write_text(text, encoding="utf-8")
    return open_intake(Settings(home=place, demo=False, secret_key="k" * 40, allow_hosts=hosts), {})


def _sources(rounds: int) -> None:
    """Small sources one after the other, each with 34 new figures."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        server = subprocess.Popen([sys.executable, "-m", "bench.faults", str(port)])
        try:
            answers(f"http://127.0.0.1:{port}/good/0")
            files = {
                f"{at:02d}.yaml": _ASKED.format(
                    at=at, port=port, period=f"{2021 + at // 12}-{at % 12 + 1:02d}"
                )
                for at in range(SOURCES)
            }
            intake = _intake(Path(folder), files, (f"127.0.0.1:{port}",))
            whole, bare = [], []
            for _ in range(rounds + 1):
                whole.append(_timed(lambda: _poll_all(intake)))
                bare.append(_timed(lambda: _ask_all(port)))
            intake.engine.dispose()
        finally:
            stop(server)
    ours, least = statistics.median(whole[1:]), statistics.median(bare[1:])
    print(
        f"{SOURCES} sources of 34 figures each, one after the other: whole path"
        f" {SOURCES / ours:.1f} sources/s, bare client and JSON {SOURCES / least:.0f}/s:"
        f" {ours / least:.1f} times"
    )


def _poll_all(intake: Intake) -> None:
    for source in intake.sources.values():
        report = poll(intake, source)
        if report is None or report.added != 34:
            raise SystemExit(f"{source.name}: not 34 new figures but {report}")


def _ask_all(port: int) -> None:
    """The least any reader has to do: one request a source on one open client, and its JSON."""
    with httpx.Client(trust_env=False) as client:
        for at in range(SOURCES):
            json.loads(client.get(f"http://127.0.0.1:{port}/good/{at}").content)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _rows(count: int) -> None:
    """A file of so many rows in a process of its own, so that its memory can be told."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _write_file(place / "rows.csv", count)
        size = (place / "rows.csv").stat().st_size / 1e6
        done = subprocess.run(
            [sys.executable, "-m", "bench.rates", folder],
            capture_output=True,
            text=True,
            check=True,
        )
        seconds, before, most, added = json.loads(done.stdout.splitlines()[-1])
        bare = _timed(lambda: _insert(place / "bare.sqlite", place / "rows.csv"))
    if added != count:
        raise SystemExit(f"{added} of {count} rows were taken in")
    print(
        f"a file of {count:,} rows ({size:.0f} MB): {count / seconds:,.0f} rows/s, bare reading"
        f" and bulk insert {count / bare:,.0f}/s: {seconds / bare:.1f} times; memory"
        f" {most:.0f} MB at most, {before:.0f} MB before it began"
    )


def _lines(count: int) -> Iterator[str]:
    units = [one for one in Units.load().all() if one.level is Level.COMMUNE]
    codes = [one.key for one in units if one.valid_from <= _FROM and one.valid_to is None]
    yield "Mã xã;Ngày;Tử số;Mẫu số\n"
    for at in range(count):
        day = _FROM + timedelta(days=at // len(codes))
        yield f"{codes[at % len(codes)]};{day.isoformat()};{at % 97};{97 + at % 7}\n"


def _write_file(file: Path, count: int) -> None:
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(_lines(count))


def _insert(database: Path, file: Path) -> None:
    """The least: split the lines, make numbers, insert them into one table with such a key."""
    connection = sqlite3.connect(database)
    connection.execute(
        "CREATE TABLE bare (i INTEGER, g INTEGER, p INTEGER, u INTEGER, b TEXT, s INTEGER,"
        " r INTEGER, n INTEGER, d INTEGER, PRIMARY KEY (i, g, p, u, b, s, r)) WITHOUT ROWID"
    )
    with file.open(encoding="utf-8") as stream:
        next(stream)
        parts = (line.rstrip().split(";") for line in stream)
        connection.executemany(
            "INSERT INTO bare VALUES (1, 1, ?, ?, '', 1, 1, ?, ?)",
            ((int(d.replace("-", "")), int(u), int(n), int(m)) for u, d, n, m in parts),
        )
    connection.commit()
    connection.close()


def _take(folder: Path) -> None:
    """Take the file in and tell seconds, memory before and at most (MB), and figures added."""
    intake = _intake(folder / "home", {"tep-lon.yaml": _FILE})
    drop = folder / "home" / "drop"
    drop.mkdir(exist_ok=True)
    (folder / "rows.csv").replace(drop / "rows.csv")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begun = time.perf_counter()
    report = poll(intake, intake.sources["tep-lon"])
    seconds = time.perf_counter() - begun
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for processed in (drop / "processed").glob("*.csv"):
        processed.replace(folder / "rows.csv")
    print(json.dumps([seconds, before, most, report.added if report else 0]))


if __name__ == "__main__":
    _take(Path(sys.argv[1]))
