"""A real Prometheus reads the metrics: it takes them without a word of complaint."""

from __future__ import annotations

from pathlib import Path

import httpx
from support.portal import Portal
from support.prometheus import running_prometheus


def test_a_real_prometheus_scrapes_the_metrics(portal: Portal, tmp_path: Path) -> None:
    with running_prometheus(tmp_path / "prometheus", portal.url.removeprefix("http://")) as server:
        server.wait_for("ioc_data_version")
        server.wait_for("ioc_poller_beat_age_seconds >= 0")
        server.wait_for('up{job="thu"} == 1')
        known = httpx.get(f"{server.url}/api/v1/targets/metadata").json()["data"]
    told = {one["metric"]: one for one in known}
    assert told["ioc_store_writable"]["type"] == "gauge"
    assert "nothing can be written" in told["ioc_store_writable"]["help"]
    assert told["process_cpu_seconds_total"]["type"] == "counter"
    assert "Error on ingesting" not in server.log.read_text()
