"""Moodle against a site of that shape: counted by unit, nobody named, errors that come as 200."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from support.moodle import FUNCTIONS, PERSONAL, TOKEN, Learner, MoodleSite
from support.server import serving
from support.sources import NOW
from support.whole import Whole

from data_sources.moodle import CONNECTOR, MoodleConfig
from ioc.domain.messages import say
from ioc.errors import PermanentSourceError, SourceError, TransientSourceError
from ioc.ingest.client import open_client
from ioc.ingest.connector import Batch, Record, Rejected, Tools

MONTH = {"grain": "month", "last": 3, "again": 2}


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(f"{text}T17:00:00+07:00").timestamp())


def course(number: int, end: str | None, category: int = 12) -> dict[str, Any]:
    return {
        "id": number,
        "shortname": f"CDS-{number}",
        "idnumber": f"K{number}",
        "categoryid": category,
        "format": "topics",
        "startdate": seconds("2026-09-01"),
        "enddate": seconds(end) if end else 0,
    }


def learners(first: int, count: int, department: str, **more: Any) -> list[Learner]:
    return [Learner(first + at, department, **more) for at in range(count)]


@pytest.fixture
def site() -> MoodleSite:
    """October: 38 has 8 of 11 in two courses, 01 has 3 of 5, 04 only two learners."""
    ended = [*learners(1, 7, "38. Thanh Hóa"), *learners(20, 5, "01. Hà Nội"),
             *learners(40, 2, "04. Cao Bằng")]  # fmt: skip
    site = MoodleSite(
        courses=[course(11, "2026-10-20"), course(12, "2026-10-31"), course(13, "2026-11-15"),
                 course(14, None), course(15, "2026-12-20"), course(16, "2026-10-05", 99)],
    )  # fmt: skip
    site.enrolled = {
        11: ended,
        12: learners(1, 4, "38. Thanh Hóa"),
        13: learners(1, 6, "38. Thanh Hóa"),
        15: learners(1, 6, "38. Thanh Hóa"),
        16: learners(1, 6, "38. Thanh Hóa"),
    }  # fmt: skip
    done = {11: [1, 2, 3, 4, 5, 20, 21, 22, 40], 12: [1, 2, 3], 13: [1]}
    site.completed = {(one, number) for one, numbers in done.items() for number in numbers}
    return site


@pytest.fixture
def host(site: MoodleSite) -> Iterator[str]:
    with serving(site.respond) as host:
        yield host


BY_NUMBER = {"by": "department", "pattern": r"^(\d\d)\."}


def fetch(host: str, mark: str | None = None, **config: Any) -> Batch:
    more = {name: config.pop(name) for name in ("span", "deadline", "rules") if name in config}
    settings = MoodleConfig.model_validate(
        {"url": f"http://{host}", "token": TOKEN, "attempts": 1, "unit": BY_NUMBER, **config}
    )
    with open_client([host], declared=CONNECTOR.reach(settings, Path()).hosts) as client:
        batch = CONNECTOR.fetch(settings, Tools(client, lambda: NOW, Path(), mark, **more))
        batch = replace(batch, records=list(batch.records))
    again = [one for kept in batch.payloads for one in CONNECTOR.reread(settings, kept)]
    assert [replace(one, payload=0) for one in batch.records] == again
    assert not PERSONAL.search(repr(batch))
    return batch


def rows(batch: Batch) -> list[dict[str, Any]]:
    return [dict(one.fields) for one in batch.records if isinstance(one, Record)]


def counts(batch: Batch, *names: str) -> list[tuple[object, ...]]:
    wanted = names or ("_period", "unit", "enrolled", "completed", "state")
    return [tuple(one[name] for name in wanted) for one in rows(batch)]


def told(batch: Batch) -> dict[str, Rejected]:
    found = {one.code: one for one in batch.records if isinstance(one, Rejected)}
    for one in found.values():
        for lang in ("vi", "en"):
            assert say(lang, f"reject.{one.code}", **one.params)
    return found


def refused(host: str, **config: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        fetch(host, **config)
    for lang in ("vi", "en"):
        assert say(lang, f"source.{caught.value.code}", **caught.value.params)
    said = repr((caught.value.args, caught.value.params))
    assert not PERSONAL.search(said)
    assert TOKEN not in said
    return caught.value


def test_courses_that_ended_in_a_period_are_added_up_by_unit(host: str) -> None:
    batch = fetch(host, categories=[12], periods=MONTH, rules="1")
    assert counts(batch) == [
        ("2026-11", "38", 6, 1, "value"),
        ("2026-10", "01", 5, 3, "value"),
        ("2026-10", "04", None, None, "suppressed"),
        ("2026-10", "38", 11, 8, "value"),
    ]
    assert [one["courses"] for one in rows(batch)] == [1, 2, 2, 2]
    assert batch.progress == (3, 3)
    again = fetch(host, batch.watermark, categories=[12], periods=MONTH, rules="1")
    assert len(again.payloads) == 2
    assert len(fetch(host, batch.watermark, periods=MONTH, rules="2").payloads) == 3


def test_a_course_without_an_end_is_told(host: str) -> None:
    rejected = told(fetch(host, categories=[12], periods=MONTH))["course_no_end"]
    assert rejected.params == {"count": 1, "courses": "CDS-14"}


def test_past_months_are_counted_where_gaps_are_filled(host: str) -> None:
    span = (date(2026, 10, 1), date(2026, 10, 31))
    batch = fetch(host, "kept", categories=[12], periods=MONTH, span=span)
    assert {one["_period"] for one in rows(batch)} == {"2026-10"}
    assert batch.watermark == "kept"


def test_courses_may_be_counted_one_by_one(host: str) -> None:
    batch = fetch(host, courses=[12, 15], least=1)
    assert counts(batch, "course", "course_name", "end", "unit", "enrolled", "completed") == [
        (12, "CDS-12", "2026-10-31", "38", 4, 3),
        (15, "CDS-15", "2026-12-20", "38", 6, 0),
    ]
    first = rows(batch)[0]
    assert (first["course_idnumber"], first["category"], first["start"]) == (
        "K12", 12, "2026-09-01"
    )  # fmt: skip


def test_without_a_choice_every_course_but_the_front_page_is_counted(
    site: MoodleSite, host: str
) -> None:
    fetch(host)
    asked = {one["courseid"] for one in site.calls("core_enrol_get_enrolled_users")}
    assert asked == {"11", "12", "13", "14", "15", "16"}


@pytest.mark.parametrize("code", ["nocriteriaset", "completionnotenabled"])
def test_a_course_that_measures_no_completion_is_told_and_is_not_zero(
    site: MoodleSite, host: str, code: str
) -> None:
    site.failing[12] = code
    batch = fetch(host, categories=[12], periods=MONTH)
    assert ("2026-10", "38", 7, 5, "value") in counts(batch)
    assert told(batch)["course_no_criteria"].params == {"course": "CDS-12"}
    site.failing = {11: code, 12: code}
    assert not [one for one in counts(fetch(host, periods=MONTH, categories=[12]))
                if one[0] == "2026-10"]  # fmt: skip


def test_a_course_whose_report_is_hidden_from_the_account_is_told_whole(
    site: MoodleSite, host: str
) -> None:
    site.failing[(12, 3)] = "cannotviewreport"
    batch = fetch(host, categories=[12], periods=MONTH)
    assert ("2026-10", "38", 7, 5, "value") in counts(batch)
    assert told(batch)["course_hidden"].params == {"course": "CDS-12"}


def test_who_left_the_course_meanwhile_is_not_counted(site: MoodleSite, host: str) -> None:
    site.failing[(12, 4)] = "usernotenroled"
    assert ("2026-10", "38", 10, 8, "value") in counts(fetch(host, categories=[12], periods=MONTH))


def test_teachers_and_inactive_enrolments_are_not_counted(site: MoodleSite, host: str) -> None:
    site.enrolled[12] += [
        Learner(60, "38. Thanh Hóa", role="editingteacher"),
        Learner(61, "38. Thanh Hóa", active=False),
    ]
    assert counts(fetch(host, courses=[12], least=1), "enrolled") == [(4,)]
    assert counts(fetch(host, courses=[12], least=1, roles=[]), "enrolled") == [(5,)]
    assert counts(fetch(host, courses=[12], least=1, active=False), "enrolled") == [(5,)]


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ({"by": "idnumber", "pattern": "^H([0-9]{2})"}, ["38"]),
        ({"by": "institution", "table": {"UBND tỉnh  Thanh Hóa": "thanh-hoa"}}, ["thanh-hoa"]),
        ({"by": "custom", "field": "donvi"}, ["38.01"]),
        ({"by": "cohort"}, ["H38"]),
        ({"by": "cohort", "field": "name", "pattern": "H[0-9]+"}, ["H38"]),
        ({"by": "department", "pattern": "^[0-9]{2}"}, ["38"]),
    ],
)
def test_the_unit_is_found_by_what_was_declared(
    site: MoodleSite, host: str, unit: dict[str, Any], expected: list[str]
) -> None:
    people = [
        Learner(at, "38. Thanh Hóa", f"H38-{at}", "UBND  Tỉnh Thanh hóa", "38.01")
        for at in range(1, 6)
    ]
    site.enrolled[12] = people
    site.cohorts = {"H38": [1, 2, 3, 4, 5], "H01": [20]}
    batch = fetch(host, courses=[12], unit=unit)
    assert counts(batch, "unit", "enrolled") == [(expected[0], 5)]


def test_who_belongs_to_no_unit_or_to_several_is_told_by_number(
    site: MoodleSite, host: str
) -> None:
    site.cohorts = {"H38": [1, 2, 3], "H01": [3]}
    batch = fetch(host, courses=[12], unit={"by": "cohort"}, least=2)
    assert counts(batch, "unit", "enrolled") == [("H38", 2)]
    assert told(batch)["learners_no_unit"].params == {"count": "2"}
    batch = fetch(host, courses=[12], unit={"by": "cohort"}, least=3)
    assert told(batch)["learners_no_unit"].params == {"count": "< 3"}


def test_small_groups_are_withheld_from_the_kept_answer_too(host: str) -> None:
    batch = fetch(host, courses=[11], least=6)
    assert counts(batch, "unit", "enrolled", "completed", "state") == [
        ("01", None, None, "suppressed"),
        ("04", None, None, "suppressed"),
        ("38", 7, 5, "value"),
    ]
    kept = json.loads(batch.payloads[0].content)
    assert [one["enrolled"] for one in kept["rows"]] == [None, None, 7]


def test_only_what_is_needed_is_asked_of_profiles_and_the_token_is_in_no_address(
    site: MoodleSite, host: str
) -> None:
    fetch(host, courses=[12])
    (asked,) = site.calls("core_enrol_get_enrolled_users")
    options = {asked[f"options[{at}][name]"]: asked[f"options[{at}][value]"] for at in range(5)}
    assert options["userfields"] == "id,roles,department"
    assert options["onlyactive"] == "1"
    assert set(site.addresses) == {"POST /webservice/rest/server.php"}


def test_many_learners_come_page_by_page(site: MoodleSite, host: str) -> None:
    site.enrolled[12] = learners(1, 1001, "38. Thanh Hóa")
    assert counts(fetch(host, courses=[12], at_once=8), "enrolled", "completed") == [(1001, 3)]
    assert len(site.calls("core_enrol_get_enrolled_users")) == 3


def test_calls_run_side_by_side_and_no_more_than_allowed(site: MoodleSite, host: str) -> None:
    site.slow = 0.02
    site.enrolled[12] = learners(1, 24, "38. Thanh Hóa")
    fetch(host, courses=[12], at_once=3)
    assert site.busy == 3


def test_a_slow_site_is_left_at_the_deadline(site: MoodleSite, host: str) -> None:
    site.slow = 0.2
    site.enrolled[12] = learners(1, 200, "38. Thanh Hóa")
    began = time.monotonic()
    error = refused(host, courses=[12], at_once=2, deadline=began + 1)
    assert isinstance(error, TransientSourceError)
    assert error.code == "too_slow"
    assert time.monotonic() - began < 3
    assert len(site.calls("core_completion_get_course_completion_status")) < 20


def test_the_first_error_ends_the_calls(site: MoodleSite, host: str) -> None:
    site.enrolled[12] = learners(1, 200, "38. Thanh Hóa")
    site.failing[12] = "dmlreadexception"
    error = refused(host, courses=[12], at_once=2)
    assert (error.code, error.params["reason"]) == ("moodle_refused", "dmlreadexception")
    assert len(site.calls("core_completion_get_course_completion_status")) < 50


def test_a_refused_account_says_what_an_administrator_has_to_do(
    site: MoodleSite, host: str
) -> None:
    assert refused(host, token="sai").code == "moodle_token"
    site.functions = FUNCTIONS[:3]
    error = refused(host)
    assert error.code == "moodle_functions"
    assert error.params["functions"] == "core_completion_get_course_completion_status"
    site.functions = FUNCTIONS[:4]
    assert fetch(host, courses=[12])
    error = refused(host, unit={"by": "cohort"})
    assert str(error.params["functions"]).count("cohort") == 4


def test_a_field_that_no_profile_shows_is_a_right_that_lacks(host: str) -> None:
    error = refused(host, courses=[12], unit={"by": "idnumber"})
    assert (error.code, error.params["field"]) == ("moodle_hidden", "idnumber")
    assert isinstance(error, PermanentSourceError)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<html>log in</html>", "not_data_html"),
        ("null", "not_data_null"),
        ("[1]", "moodle_functions"),
        ('{"exception": "x", "errorcode": "sitemaintenance"}', "moodle_refused"),
        ('{"exception": "x", "errorcode": "<b>Nguyễn Thị</b>"}', "moodle_refused"),
        ('{"error": "Nguyễn Thị", "errorcode": "unknown_x"}', "moodle_refused"),
    ],
)
def test_what_is_no_answer_is_none(site: MoodleSite, host: str, content: str, code: str) -> None:
    site.broken = content
    if content == "[1]":
        assert refused(host).code in ("moodle_functions", "moodle_shape")
        return
    error = refused(host)
    assert error.code == code
    assert isinstance(error, TransientSourceError) == ("maintenance" in content)


@pytest.mark.parametrize(
    "change",
    [
        {"_core_enrol_get_enrolled_users": lambda _: [{"fullname": "Nguyễn Thị", "id": "x"}]},
        {"_core_enrol_get_enrolled_users": lambda _: {"a": "Nguyễn Thị"}},
        {"_core_course_get_courses": lambda _: [{"shortname": "x"}]},
        {"_core_course_get_courses": lambda _: ["x"]},
        {"_status": lambda *_: {"completionstatus": {"completed": "Nguyễn Thị"}}},
        {"_status": lambda *_: ["Nguyễn Thị"]},
    ],
)
def test_another_shape_is_refused_without_repeating_it(
    site: MoodleSite, host: str, change: dict[str, Any]
) -> None:
    for name, work in change.items():
        setattr(site, name, work)
    assert refused(host, courses=[12]).code == "moodle_shape"


SOURCE = """
name: lms
title: {{vi: Đào tạo, en: Training}}
connector: moodle
illustrative: false
schedule: {{cron: "15 2 * * *"}}
config:
  url: http://{host}
  token: ${{env:MOODLE_TOKEN}}
  attempts: 1
  categories: [12]
  unit: {{by: department, pattern: '^([0-9]{{2}})'}}
  periods: {{grain: month, last: 2, again: 2, lag: 0}}
  least: 5
mapping:
  unit: {{code: unit, system: nso}}
  period: {{field: _period, grains: [month]}}
  values:
    - {{indicator: TRN-01, numerator: completed, denominator: enrolled, state: state}}
"""


def test_a_whole_run_keeps_counts_and_nobody_s_name_anywhere(
    site: MoodleSite,
    host: str,
    engine: Engine,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    site.enrolled[11] += learners(70, 6, "không rõ")
    whole = Whole.of(
        engine, tmp_path, SOURCE.format(host=host), hosts=[host], now=lambda: NOW,
        env={"MOODLE_TOKEN": TOKEN},
    )  # fmt: skip
    assert whole.run() == "partial"
    assert sorted(whole.refused()) == ["course_no_end", "learners_no_unit"]
    before = whole.figures()
    assert before[("TRN-01", "38", 2026010, "")] == (8, 11, None)
    assert before[("TRN-01", "01", 2026010, "")] == (3, 5, None)
    assert before[("TRN-01", "38", 2026011, "")] == (1, 6, None)
    assert before[("TRN-01", "04", 2026010, "")] == (None, None, None)
    for breaking in ("dmlreadexception", "invalidtoken", "sitemaintenance"):
        site.failing = {13: breaking}
        assert whole.run() == "failed"
        assert whole.figures() == before
        assert whole.state().broken_since is not None
    site.failing = {}
    site.broken = '{"users": "Nguyễn Thị'
    assert whole.run() == "failed"
    site.broken = ""
    assert whole.run() in ("unchanged", "partial")
    assert whole.state().broken_since is None
    assert whole.figures() == before
    out = capfd.readouterr()
    said = "\n".join([whole.everything(), caplog.text, out.out, out.err])
    assert "CDS-14" in said
    assert not PERSONAL.search(said)
    assert TOKEN not in said


def test_an_unforeseen_error_names_nobody_in_the_log(
    site: MoodleSite,
    host: str,
    engine: Engine,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("ioc.ingest.learners.Tally.add", fails)
    whole = Whole.of(
        engine, tmp_path, SOURCE.format(host=host), hosts=[host], now=lambda: NOW,
        env={"MOODLE_TOKEN": TOKEN},
    )  # fmt: skip
    assert whole.run() == "failed"
    assert "ZeroDivisionError" in caplog.text
    said = whole.everything() + caplog.text
    assert not PERSONAL.search(said)
    assert TOKEN not in said


def test_settings_that_cannot_be_meant_are_refused() -> None:
    good = {"url": "https://a.example", "token": "x", "unit": {"by": "idnumber"}}
    assert MoodleConfig.model_validate(good).least == 5
    for wrong in (
        {"courses": [1], "categories": [2]},
        {"unit": {"by": "custom"}},
        {"unit": {"by": "cohort", "field": "x"}},
        {"unit": {"by": "idnumber", "field": "x"}},
        {"unit": {"by": "idnumber", "pattern": "("}},
        {"at_once": 9},
    ):
        with pytest.raises(ValueError, match="Moodle"):
            MoodleConfig.model_validate({**good, **wrong})
    assert "xyzzy" not in repr(MoodleConfig.model_validate({**good, "token": "xyzzy"}))
