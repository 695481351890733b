"""Data that change: a source of its own whose every answer says something new, read through the
product's whole write path at the pace asked for (a source's own schedule begins at 5 seconds)."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from ioc import settings
from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.unit import Level
from ioc.domain.units import Units
from ioc.domain.view import ZONE
from ioc.ingest.run import poll
from ioc.ingest.scheduler import open_intake
from ioc.store.versions import current_version

NAME = "bench"
# Its rank lets it stand before every other source, so that each answer changes what is seen.
_FILE = """name: bench
title: {vi: "Nguồn đo tải (minh họa)", en: "Source of the measurement (illustrative)"}
connector: http_json
illustrative: true
rank: 1
schedule: {every: 1d}
config:
  url: http://127.0.0.1:${env:IOC_BENCH_PORT}/
  records: rows
mapping:
  unit: {key: unit}
  period: {field: period}
  values:
    - {indicator: OPS-01, numerator: num, denominator: den}
"""


@contextmanager
def changing_source(home: Path) -> Iterator[Mapping[str, str]]:
    """Declare the source in a home and answer for it; gives what the environment must say."""
    (home / "sources").mkdir(parents=True, exist_ok=True)
    (home / "sources" / f"{NAME}.yaml").write_text(_FILE, encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler())
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_port
    try:
        yield {"IOC_BENCH_PORT": str(port), "IOC_ALLOW_HOSTS": f"127.0.0.1:{port}"}
    finally:
        server.shutdown()
        server.server_close()


def _handler() -> type[BaseHTTPRequestHandler]:
    units = Units.load()
    today = datetime.now(ZONE).date()
    provinces = [units.by_id(one).key for one in units.ids_by_level(Level.PROVINCE, today)]
    chance, turn = random.Random(), count()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """One province's figure of the present month, each time of another province."""
            day = datetime.now(ZONE).date()
            row = {
                "unit": provinces[next(turn) % len(provinces)],
                "period": Period.of(Calendar.CALENDAR, Grain.MONTH, day).code,
                "num": chance.randrange(20_000, 60_000),
                "den": 80_000,
            }
            body = json.dumps({"rows": [row]}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def changes(
    environment: Mapping[str, str], seconds: float, commits: Path | None = None
) -> Iterator[None]:
    """Let a process of its own poll the source every `seconds`.

    The file `commits` gets a line a change: data version and the moment of `time.time()` at
    which it was committed. What the process has to complain of stands in the home's bench.log.
    """
    command = [sys.executable, "-m", "bench.changing", str(seconds)]
    log = Path(environment["IOC_HOME"]) / "bench.log"
    with (commits or Path(os.devnull)).open("wb") as told, log.open("ab") as complaints:
        writer = subprocess.Popen(
            command, env=dict(environment), process_group=0, stdout=told, stderr=complaints
        )
        try:
            yield
        finally:
            writer.send_signal(signal.SIGTERM)
            writer.wait()


def main() -> None:
    """Poll for ever; a turn that comes too late is left out, as the poller does."""
    seconds = float(sys.argv[1])
    intake = open_intake(settings.load(), os.environ)
    due = time.monotonic()
    while True:
        # A measurement may take the database away: go on when it is back.
        with suppress(SQLAlchemyError):
            poll(intake, intake.sources[NAME])
            committed = time.time()
            sys.stdout.write(f"{current_version(intake.engine)} {committed}\n")
            sys.stdout.flush()
        due = max(due + seconds, time.monotonic())
        time.sleep(max(0.0, due - time.monotonic()))


if __name__ == "__main__":
    main()
