"""A real Prometheus for the tests: own folder, one target, history written before it starts."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from support.portal import free_port

INSTALL = "Prometheus is not installed; on Debian or Ubuntu: apt-get install prometheus"
Sample = tuple[str, float, float]
"""A series as it is written (`up{job="a"}`), its value, and the second it was measured."""


@dataclass(frozen=True)
class PrometheusServer:
    """A running server."""

    url: str
    log: Path

    @property
    def host(self) -> str:
        """host:port."""
        return self.url.removeprefix("http://")

    def wait_for(self, query: str) -> None:
        """Until a query has an answer that is not empty."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            answer = httpx.get(f"{self.url}/api/v1/query", params={"query": query}).json()
            if answer["data"]["result"]:
                return
            time.sleep(0.1)
        raise AssertionError(f"{query}: nothing; {self.log.read_text()}")


@contextmanager
def running_prometheus(
    folder: Path, target: str, history: Iterable[Sample] = ()
) -> Iterator[PrometheusServer]:
    """Start a server that scrapes `target` (host:port) each second; stopped at the end."""
    for program in ("prometheus", "promtool"):
        if shutil.which(program) is None:
            pytest.fail(INSTALL)
    data, log = folder / "data", folder / "log"
    data.mkdir(parents=True)
    _write_history(folder, data, history)
    config = folder / "prometheus.yml"
    config.write_text(json.dumps(_config(target)))  # JSON is YAML
    port = free_port()
    command = [
        *_tied(),
        "prometheus",
        f"--config.file={config}",
        f"--storage.tsdb.path={data}",
        "--storage.tsdb.retention.time=20y",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=warn",
    ]
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            server = PrometheusServer(f"http://127.0.0.1:{port}", log)
            _wait(server, process)
            yield server
        finally:
            process.send_signal(signal.SIGKILL)


def _config(target: str) -> dict[str, object]:
    static = [{"targets": [target]}]
    return {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
        "scrape_configs": [
            {"job_name": "thu", "honor_labels": True, "static_configs": static},
        ],
    }


def _write_history(folder: Path, data: Path, history: Iterable[Sample]) -> None:
    """Blocks of the past, made from OpenMetrics."""
    rows = [f"{series} {value} {moment:.3f}" for series, value, moment in history]
    if not rows:
        return
    text = folder / "history.txt"
    text.write_text("\n".join(rows) + "\n# EOF\n")
    command = ["promtool", "tsdb", "create-blocks-from", "openmetrics", str(text), str(data)]
    done = subprocess.run(
        [*command, "--max-block-duration=744h"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _tied() -> list[str]:
    """Killed with the tests, so that no server is left behind."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig=KILL"] if setpriv else []


def _wait(server: PrometheusServer, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None, server.log.read_text()
        try:
            if httpx.get(f"{server.url}/-/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError(server.log.read_text())
