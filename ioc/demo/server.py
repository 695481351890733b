"""The server of the imitated systems: 127.0.0.1 only, one address for each system."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from urllib.parse import parse_qsl, urlsplit

from ioc.demo import (
    communes,
    coverage,
    databases,
    digitisation,
    exchange,
    index766,
    learning,
    people,
    portal,
    projects,
    spots,
    tasks,
)
from ioc.demo.answer import Answer, Request, System, labelled
from ioc.demo.clock import minute_of
from ioc.demo.draw import Draw
from ioc.demo.ledger import Ledger
from ioc.demo.model import Model
from ioc.demo.places import World
from ioc.domain.units import Units

ADDRESS = "127.0.0.1"
SYSTEMS: Mapping[str, System] = {
    "/cong-dvc/api/v1/reporting/evaluation": portal.evaluation,
    "/cong-dvc/api/v1/reporting/index-766": index766.evaluation,
    "/kho-xa/api/thang": communes.monthly,
    "/kho-xa/api/quy": communes.quarterly,
    "/so-hoa/api/thong-ke": digitisation.statistics,
    "/lms/webservice/rest/server": learning.report,
    "/phu-song/collections/thon/items": coverage.villages,
    "/phu-song/collections/dan-so/items": coverage.population,
    "/phu-song/collections/diem/items": coverage.blackspots,
    "/truc-van-ban/api/organs": exchange.documents,
    "/thanh-toan/api/ho-so": exchange.payments,
    "/ngan-sach/api/3/action/giai_ngan": exchange.budget,
    "/nhiem-vu/api/danh-sach": tasks.tasks,
    "/van-ban-chi-dao/api/danh-sach": tasks.directives,
    "/moc/api/danh-sach": projects.milestones,
    "/du-an/api/danh-sach": projects.budget,
    "/danh-muc-du-lieu/api/danh-sach": projects.datasets,
    "/an-toan/api/he-thong": projects.systems,
    "/dao-tao/api/khoa": people.courses,
    "/cach-lam/api/danh-sach": people.practices,
    "/bao-chi/api/danh-sach": people.press,
    "/vuong-mac/api/danh-sach": people.risks,
    "/diem-song/collections/so/items": spots.register,
    "/csdl/api/dang-ky": databases.register,
}
_LARGEST_BODY = 65_536


def run(port: int, seed: int) -> None:
    """Serve until interrupted. Raises OSError when the port is taken."""
    server = serving(port, seed)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


def serving(
    port: int,
    seed: int,
    *,
    units: Units | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], None] = time.sleep,
) -> ThreadingHTTPServer:
    """A bound server, not yet serving; `port` 0 takes any free one."""
    ledger = ledger_of(seed, units if units is not None else Units.load())
    started = minute_of(now())

    def answer(path: str, parts: Mapping[str, str]) -> Answer:
        minute = minute_of(now())
        return answered(ledger, path, Request(parts, minute, minute - started))

    return _Server(port, answer, sleep)


def ledger_of(seed: int, units: Units) -> Ledger:
    """The figures of one seed."""
    draw = Draw(seed)
    return Ledger(World(units, draw), Model(draw))


def answered(ledger: Ledger, path: str, request: Request) -> Answer:
    """The answer of the system at `path`; 404 with the list of systems for any other path."""
    system = SYSTEMS.get(path.rstrip("/"))
    if system is not None:
        return system(ledger, request)
    listed = labelled({"he_thong": sorted(SYSTEMS)})
    return listed if path == "/" else Answer(listed.body, status=404)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that hangs up is no error of the server; anything else is said."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def __init__(
        self,
        port: int,
        answer: Callable[[str, Mapping[str, str]], Answer],
        sleep: Callable[[float], None],
    ) -> None:
        self.answer = answer
        self.sleep = sleep
        self.lock = Lock()
        super().__init__((ADDRESS, port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._reply({})

    def do_POST(self) -> None:
        length = min(_LARGEST_BODY, int(self.headers.get("Content-Length") or 0))
        try:
            given = json.loads(self.rfile.read(length) or b"{}")
        except ValueError:
            given = {}
        self._reply({key: str(value) for key, value in given.items()} if given else {})

    def _reply(self, body: dict[str, str]) -> None:
        url = urlsplit(self.path)
        parts = {**dict(parse_qsl(url.query)), **body}
        with self.server.lock:
            answer = self.server.answer(url.path, parts)
        if answer.wait:
            self.server.sleep(answer.wait)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: the poller's log tells what was read."""
