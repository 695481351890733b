"""The index of Decision 766: six groups, two envelopes, quirks, and what must not overwrite."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine, select
from support.portal_766 import FORMALITY, PAGE_SIZES, ROOT, Reporting, reporting

from data_sources.portal_766 import CONNECTOR, Portal766Config
from ioc.domain.catalogue import Catalogue
from ioc.domain.index766 import load
from ioc.domain.messages import say
from ioc.domain.units import Units
from ioc.errors import PermanentSourceError, SourceError, TransientSourceError
from ioc.ingest.connector import Batch, Record, Tools
from ioc.ingest.http import open_client
from ioc.ingest.intake import Intake
from ioc.ingest.reach import client_for
from ioc.ingest.run import poll
from ioc.ingest.source import read_source
from ioc.store.observations import standing
from tests.conftest import Clock

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=timezone(timedelta(hours=7)))


def fetch(url: str, pauses: list[float] | None = None, **given: Any) -> Batch:
    tools = {name: given.pop(name) for name in ("watermark", "span") if name in given}
    config = Portal766Config.model_validate(
        {"url": url, "departments": [ROOT], "periods": {"grain": "quarter", "last": 1, "again": 1},
         **given}
    )  # fmt: skip
    host = url.split("/")[2]
    sleep: Callable[[float], None] = (pauses if pauses is not None else []).append
    with open_client([host]) as client:
        return CONNECTOR.fetch(
            config, Tools(client, lambda: NOW, Path("/nowhere"), sleep=sleep, **tools)
        )


def by_code(batch: Batch, department: str = ROOT) -> dict[tuple[str, str], dict[str, Any]]:
    rows = [dict(one.fields) for one in batch.records if isinstance(one, Record)]
    return {
        (str(one["group"]), str(one["code"])): one
        for one in rows
        if one["department"] == department
    }


def figures(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(None if row[name] is None else float(row[name])
                 for name in ("numerator", "denominator", "score"))  # fmt: skip


def test_both_envelopes_become_one_record_a_department_and_metric() -> None:
    with reporting() as (_, url):
        batch = fetch(url)
    found = by_code(batch)
    assert figures(found["transparency", "PUBLISH_ON_TIME"]) == (9, 10, 5.4)
    assert figures(found["dvc-progress-tree", "PROCESSED_ON_TIME"]) == (360, 400, None)
    assert figures(found["dvc-progress-tree", "SCORE"]) == (None, None, 18)
    assert figures(found["provide-online-tree", "PROCEDURE_WITH_ONLINE_SERVICE"])[:2] == (16, 20)
    assert figures(found["provide-online-tree", "SCORE"]) == (None, None, 9.6)
    assert figures(found["formality-online-payment-tree", "DOSSIER_PAID_ONLINE"])[:2] == (120, 160)
    one = found["transparency", "PUBLISH_ON_TIME"]
    assert (one["level"], one["departmentName"], one["maxScore"], one["_period"]) == (
        "root", "UBND tỉnh Thanh Hóa", 6, "2026-Q4",
    )  # fmt: skip
    assert one["row"]["newField"] == "kept"
    below = by_code(batch, "unit-1")
    assert {one["level"] for one in below.values()} == {"unit"}
    assert below.keys() == found.keys()
    assert {group for group, _ in found} == set(PAGE_SIZES)


def test_what_comes_is_what_the_index_declares_and_the_catalogue_stores() -> None:
    with reporting() as (_, url):
        rows = by_code(fetch(url)).values()
    catalogue = Catalogue.load()
    scores, parts = (catalogue.by_code(one).breakdown_codes for one in ("OPS-11", "OPS-12"))
    for row in rows:
        assert f"{row['kind']}.{row['part']}" in scores
        if row["kind"] == "component":
            assert row["part"] == row["code"].lower()
            assert f"component.{row['part']}" in parts
    groups = {row["part"] for row in rows if row["kind"] == "group"}
    assert groups == {group.code for group in load().groups}


def test_null_is_not_zero_and_what_the_portal_says_of_its_data_is_kept() -> None:
    with reporting() as (_, url):
        found = by_code(fetch(url))
    doubtful = found["handling-satisfaction", "DOSSIER_RECEIVING_SATISFACTION"]
    assert figures(doubtful) == (None, None, None)
    assert (doubtful["quality"], doubtful["qualityMessage"]) == ("WARNING", "Chưa đủ dữ liệu")
    # The official score of a metric over nothing is 6, and nobody recomputes it.
    assert figures(found["handling-satisfaction", "PETITION_PROCESSING_ON_TIME"]) == (0, 0, 6)
    missing = found["formality-online-payment-tree", "PROCEDURE_WITH_FEE_DATA"]
    assert (missing["numerator"], missing["denominator"]) == (None, 4)


@pytest.mark.parametrize(
    ("grain", "timed", "days"),
    [
        ("month", {"timeType": "month", "year": 2026, "month": 11}, ("2026-11-01", "2026-11-30")),
        ("quarter", {"timeType": "quarter", "year": 2026, "quarter": 4},
         ("2026-10-01", "2026-12-31")),
        ("year", {"timeType": "year", "year": 2026}, ("2026-01-01", "2026-12-31")),
    ],
)  # fmt: skip
def test_each_group_is_asked_as_the_portal_wants_it(
    grain: str, timed: dict[str, Any], days: tuple[str, str]
) -> None:
    pauses: list[float] = []
    with reporting() as (portal, url):
        fetch(url, pauses, formality=FORMALITY, periods={"grain": grain, "last": 1, "again": 1})
        fetch(url, groups=["handling-satisfaction"],
              periods={"grain": grain, "last": 1, "again": 1})  # fmt: skip
    asked = dict(portal.asked)
    satisfied = asked.pop("handling-satisfaction")
    assert satisfied == {
        "rootDepartmentId": ROOT, "fromDate": days[0], "toDate": days[1],
        "currentPage": 1, "pageSize": 200,
    }  # fmt: skip
    assert len(asked) == 5
    for group, body in asked.items():
        name = "formalityID" if group == "dossier-digitized" else "formalityId"
        assert body == {
            "rootDepartmentId": ROOT, **timed, name: FORMALITY,
            "currentPage": 1, "pageSize": PAGE_SIZES[group],
        }  # fmt: skip
    assert pauses == [2, 2, 2, 2]


def test_departments_come_page_by_page_and_the_one_asked_for_once() -> None:
    with reporting(units=5, per_page=2) as (portal, url):
        batch = fetch(url, groups=["transparency", "dvc-progress-tree"])
    assert [body["currentPage"] for _, body in portal.asked] == [1, 2, 3, 1, 2, 3]
    rows = [one.fields for one in batch.records if isinstance(one, Record)]
    assert len(rows) == (1 + 5) * 3 + (1 + 5) * 2
    assert sum(one["level"] == "root" for one in rows) == 5
    assert len({(one["group"], one["department"], one["code"]) for one in rows}) == len(rows)


def spoiled(path: str, value: Any = None, group: str = "") -> Callable[[str, Any], Any]:
    """A change that puts a value at a path such as data.overview.metrics; None takes it away."""

    def change(at: str, envelope: dict[str, Any]) -> Any:
        if group not in ("", at):
            return envelope
        envelope = json.loads(json.dumps(envelope))
        *steps, last = path.split(".")
        place: Any = envelope
        for step in steps:
            place = place[int(step)] if step.isdigit() else place.get(step, {})
        if value is None:
            place.pop(last, None)
        else:
            place[last] = value
        return envelope

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (spoiled("code", "ERROR"), "portal_code"),
        (spoiled("code"), "portal_code"),
        (lambda group, envelope: ["a"], "portal_code"),
        (lambda group, envelope: None, "not_data_null"),
        (spoiled("data", []), "portal_schema"),
        (spoiled("data.overview"), "portal_schema"),
        (spoiled("data.evaluation"), "portal_schema"),
        (spoiled("data.overview.metrics"), "portal_schema"),
        (spoiled("data.overview.departmentId"), "portal_schema"),
        (spoiled("data.overview.metrics.0.code", 7), "portal_schema"),
        (spoiled("data.overview.metrics.0.numerator", "9"), "portal_schema"),
        (spoiled("data.overview.metrics.0.score", True), "portal_schema"),
        (spoiled("data.overview.metrics.1.code", "PUBLISH_ON_TIME"), "portal_schema"),
        (spoiled("data.parent.totalOnTime", group="dvc-progress-tree"), "portal_schema"),
        (spoiled("data.children", group="dvc-progress-tree"), "portal_schema"),
        (spoiled("data.pagination.totalPages", "2"), "portal_schema"),
        (spoiled("data.pagination.totalPages", 51), "too_many_pages"),
        (spoiled("data.pagination.total", 3), "portal_incomplete"),
    ],
)
def test_another_shape_fails_the_whole_run_in_words(change: Any, code: str) -> None:
    with reporting(change=change) as (_, url), pytest.raises(PermanentSourceError) as caught:
        fetch(url)
    assert caught.value.code == code
    assert "stack trace" not in f"{caught.value} {caught.value.params}"
    for lang in ("vi", "en"):
        assert say(lang, f"source.{code}", **caught.value.params)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(403, PermanentSourceError), (429, TransientSourceError), (503, TransientSourceError)],
)
def test_the_first_refusal_ends_the_run_without_another_request(
    status: int, kind: type[SourceError]
) -> None:
    with (
        reporting(status={"provide-online-tree": status}) as (portal, url),
        pytest.raises(kind),
    ):
        fetch(url)
    assert [group for group, _ in portal.asked] == [
        "transparency", "dvc-progress-tree", "provide-online-tree",
    ]  # fmt: skip


def test_good_broken_good_gives_the_same_records_again() -> None:
    with reporting() as (portal, url):
        before = fetch(url)
        portal.change = spoiled("data.overview")
        with pytest.raises(PermanentSourceError):
            fetch(url)
        portal.change = Reporting().change
        after = fetch(url)
    assert before.records == after.records


def test_history_goes_on_where_it_stopped_and_a_gap_is_filled_beside_it() -> None:
    several = {"grain": "month", "last": 3, "again": 1, "at_once": 2}
    with reporting() as (portal, url):
        first = fetch(url, groups=["transparency"], periods=several)
        second = fetch(url, groups=["transparency"], periods=several, watermark=first.watermark)
        span = (date(2026, 1, 1), date(2026, 2, 28))
        gap = fetch(url, groups=["transparency"], periods=several, watermark=first.watermark,
                    span=span)  # fmt: skip
    assert [body["month"] for _, body in portal.asked] == [11, 10, 9, 2, 1]
    assert (first.more, first.progress, second.more) == (True, (2, 3), False)
    assert gap.watermark == first.watermark


def test_what_was_kept_is_read_again_as_it_came() -> None:
    with reporting(units=3, per_page=2) as (_, url):
        batch = fetch(url)
    config = Portal766Config.model_validate(
        {"url": url, "departments": [ROOT], "periods": {"grain": "quarter", "last": 1, "again": 1}}
    )
    again = [one for kept in batch.payloads for one in CONNECTOR.reread(config, kept)]
    before = [one for one in batch.records if isinstance(one, Record)]
    assert [(one.place, one.fields) for one in again if isinstance(one, Record)] == [
        (one.place, one.fields) for one in before
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"departments": []},
        {"departments": ["../x"]},
        {"periods": {"grain": "week"}},
        {"periods": {"grain": "month", "calendar": "administrative"}},
        {"groups": ["handling-satisfaction"], "formality": "a"},
        {"groups": ["khac"]},
        {"attempts": 2},
        {"url": "ftp://a.example"},
    ],
)
def test_a_wrong_config_is_refused_at_the_start(given: dict[str, Any]) -> None:
    good = {"departments": [ROOT], "periods": {"grain": "month"}}
    Portal766Config.model_validate(good)
    with pytest.raises(ValidationError):
        Portal766Config.model_validate({**good, **given})


def test_a_bad_answer_never_overwrites_a_verified_figure(
    engine: Engine, clock: Clock, tmp_path: Path
) -> None:
    units = Units.load()
    catalogue = Catalogue.load(units=units)
    with reporting() as (portal, url):
        text = inspect.cleandoc(CONNECTOR.EXAMPLE)
        text = re.sub("url: https.*", f"url: {url}", text).replace("pause: 2", "pause: 0")
        file = tmp_path / "chi-so-766.yaml"
        file.write_text(text, encoding="utf-8")
        source = read_source(file, {}, {"portal_766": CONNECTOR})
        intake = Intake(
            engine=engine, catalogue=catalogue, units=units,
            connectors={"portal_766": CONNECTOR},
            client=lambda one: client_for(one, CONNECTOR, tmp_path, [url.split("/")[2]]),
            home=tmp_path, env={}, now=clock, owner="one", sources={source.name: source},
        )  # fmt: skip
        intake.prepare()

        def run() -> str:
            clock.advance(days=1)
            report = poll(intake, source, slices=1)
            return report.outcome if report else "busy"

        def stands() -> list[tuple[Any, ...]]:
            with engine.connect() as connection:
                query = select(
                    standing.c.indicator_id, standing.c.unit_id, standing.c.num, standing.c.den
                )
                return sorted(tuple(one) for one in connection.execute(query))

        assert run() == "ok"
        verified = stands()
        on_time = catalogue.by_code("OPS-05").id
        province = units.by_key("38").id
        assert (on_time, province, 360, 400) in verified
        for change in (
            spoiled("code", "ERROR"),
            spoiled("data.parent.totalOnTime", "7"),
            spoiled("data.parent.totalReceived"),
            spoiled("data.pagination.total", 99),
        ):
            portal.change = change
            assert run() == "failed"
            assert stands() == verified
        portal.change = spoiled("data.parent.totalOnTime", 380, "dvc-progress-tree")
        assert run() == "ok"
        assert (on_time, province, 380, 400) in stands()
