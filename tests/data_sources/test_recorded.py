"""Good, broken, good, with answers kept in files; all their figures are illustrative."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest

from data_sources.http_json import CONNECTOR, HttpJsonConfig
from data_sources.portal_766 import CONNECTOR as PORTAL
from data_sources.portal_766 import Portal766Config
from ioc.errors import PermanentSourceError
from ioc.ingest.connector import Record, Tools

KEPT = Path(__file__).parent / "recorded"
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=timezone(timedelta(hours=7)))


def fetched(connector: Any, config: Any, respond: Callable[[httpx.Request], httpx.Response]) -> Any:
    with httpx.Client(transport=httpx.MockTransport(respond)) as client:
        tools = Tools(client, lambda: NOW, KEPT, sleep=lambda seconds: None)
        return [one for one in connector.fetch(config, tools).records if isinstance(one, Record)]


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ("log_in.html", "not_data_html"),
        ("cut_off.json", "not_data_broken"),
        ("maintenance.json", "no_records"),
        ("other_shape.json", "no_records"),
        ("null.json", "not_data_null"),
        ("empty.json", "not_data_empty"),
    ],
)
def test_a_json_source_recovers_from_each_kept_failure(broken: str, code: str) -> None:
    config = HttpJsonConfig(
        url="https://a.example/x", records="data.items", context={"at": "data.capNhat"}, attempts=1
    )

    def answering(name: str) -> Any:
        content = (KEPT / "http_json" / name).read_bytes()
        return fetched(CONNECTOR, config, lambda request: httpx.Response(200, content=content))

    before = answering("good.json")
    with pytest.raises(PermanentSourceError) as caught:
        answering(broken)
    assert caught.value.code == code
    assert answering("good.json") == before
    assert [one.fields["toanTrinh"] for one in before] == [7160, None]
    assert {one.fields["at"] for one in before} == {"2026-11-22T09:30:00+07:00"}


def test_the_portal_recovers_from_a_failure_of_each_group() -> None:
    config = Portal766Config.model_validate(
        {"departments": ["019d2be3-0000-7000-8000-000000000038"], "pause": 0,
         "periods": {"grain": "quarter", "last": 1, "again": 1}}
    )  # fmt: skip
    groups = sorted(file.stem for file in (KEPT / "portal_766").glob("*.json"))
    assert groups == sorted(config.groups)

    def answering(spoiled: str = "") -> Any:
        def respond(request: httpx.Request) -> httpx.Response:
            group = request.url.path.rpartition("/")[2]
            document = json.loads((KEPT / "portal_766" / f"{group}.json").read_text("utf-8"))
            if group == spoiled:
                document["data"].pop("evaluation", None)
                document["data"].pop("children", None)
            return httpx.Response(200, json=document)

        return fetched(PORTAL, config, respond)

    before = answering()
    metrics = {"transparency": 2, "dvc-progress-tree": 1, "provide-online-tree": 3,
               "dossier-digitized": 2, "formality-online-payment-tree": 3,
               "handling-satisfaction": 3}  # fmt: skip
    # Three departments, each with its metrics and the score of the group.
    assert len(before) == 3 * sum(count + 1 for count in metrics.values())
    for group in groups:
        with pytest.raises(PermanentSourceError) as caught:
            answering(group)
        assert (caught.value.code, caught.value.params["group"]) == ("portal_schema", group)
    assert answering() == before
