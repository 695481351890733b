"""Moodle: who is enrolled and who has completed, counted by unit; only counts leave this module."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, Field, model_validator

from ioc.ingest.asking import Asking
from ioc.ingest.client import masks_of
from ioc.ingest.connector import Batch, Outcome, Payload, Reach, Record, Rejected, Tools
from ioc.ingest.enrolments import Counted, Counting
from ioc.ingest.learners import LearnerUnit
from ioc.ingest.marks import remembered, to_remember
from ioc.ingest.moodle import Site
from ioc.ingest.periods import Periods
from ioc.ingest.rounds import Each, rounds


class MoodleConfig(Asking):
    """Counts the learners of Moodle courses and how many of them have completed.

    Reads the courses, their enrolled users and the completion of each by Moodle's Web Services,
    and adds them up by unit. Only sums leave the connector: records, the kept payload and
    rejections hold no name, address or id of a person, and of the profiles only the field that
    names the unit is asked for. A unit with fewer learners than `least` is withheld: its record
    has the `state` suppressed and no figures.

    Without `periods` there is one record per course and unit: `course`, `course_name`,
    `course_idnumber`, `category`, `start`, `end`, `unit`, `enrolled`, `completed`, `state`. With
    `periods` there is one per period and unit, over the courses that ended in the period:
    `_period`, `courses`, `unit`, `enrolled`, `completed`, `state`; a learner of two courses
    counts in both.

    A course that measures no completion, or whose report the account may not see, is rejected
    whole and told; it never counts as zero completed. Learners whose profile names no unit are
    told by their number. The account's service needs the functions core_webservice_get_site_info,
    core_course_get_courses, core_enrol_get_enrolled_users and
    core_completion_get_course_completion_status, and for cohorts core_cohort_get_cohorts and
    core_cohort_get_cohort_members; its role must see the profile field and completion reports.
    Completion is one call per learner and course: choose courses narrowly and poll by night.
    """

    token: str = Field(
        min_length=1, repr=False, description="Token of the service's account; from ${env:NAME}."
    )
    courses: tuple[int, ...] = Field(
        default=(), description="Ids of the courses; all if not given."
    )
    categories: tuple[int, ...] = Field(
        default=(), description="Ids of the categories whose courses are meant; all if not given."
    )
    unit: LearnerUnit = Field(description="How a learner's unit is found.")
    roles: tuple[str, ...] = Field(
        default=("student",),
        description="Short names of the roles that are counted; an empty list counts everyone.",
    )
    active: bool = Field(
        default=True, description="Counts only enrolments that are active, not suspended or over."
    )
    periods: Periods | None = Field(
        default=None, description="Adds up the courses that ended in each period."
    )
    least: int = Field(
        default=5,
        ge=1,
        le=1000,
        description="Learners below which a unit's record is withheld as suppressed; 1 withholds "
        "none.",
    )
    at_once: int = Field(
        default=4, ge=1, le=8, description="Calls that run at the same time at most."
    )

    @model_validator(mode="after")
    def _either(self) -> MoodleConfig:
        if self.courses and self.categories:
            raise ValueError("courses or categories, not both")
        return self


class Moodle:
    """The connector."""

    name: ClassVar[str] = "moodle"
    Config: ClassVar[type[BaseModel]] = MoodleConfig
    EXAMPLE: ClassVar[str] = """
        name: lms-chuyen-doi-so
        title: {vi: Hệ thống đào tạo trực tuyến (Moodle), en: Learning management system (Moodle)}
        connector: moodle
        illustrative: false
        schedule: {cron: "15 2 * * *"}
        timeout: 30m
        config:
          url: https://lms.example.gov.vn
          token: ${env:MOODLE_TOKEN}
          categories: [12]
          unit:
            by: department
            pattern: '^([0-9]{2})\\.'
          periods: {grain: month, last: 12, again: 2, at_once: 1}
          least: 5
        mapping:
          unit: {code: unit, system: nso}
          period: {field: _period, grains: [month]}
          values:
            - {indicator: TRN-01, numerator: completed, denominator: enrolled, state: state}
    """

    def reach(self, config: MoodleConfig, home: Path) -> Reach:
        """The site."""
        return config.reach(home)

    def fetch(self, config: MoodleConfig, tools: Tools) -> Batch:
        """Count; raises SourceError when the site refuses, changes its shape, or is too slow."""
        masks_of(tools.client).add(config.token)
        site = Site(
            config.url,
            config.token,
            lambda request: config.ask(replace(request, headers=config.headers), tools),
            config.at_once,
        )
        rules = Counted(config.unit, config.roles, config.active, config.least)
        counting = Counting(site, rules)
        each = Each(periods=config.periods) if config.periods else None
        due = rounds(each, tools, remembered(tools))
        courses = counting.courses(config.courses, config.categories, tools.now())
        payloads = []
        for values in due.values:
            label = f"{config.url} {values.get('period', '')}".strip()
            payloads.append(Payload(label, counting.count(courses, values), "application/json"))
        counting.check_shown()
        found = [one for at, payload in enumerate(payloads) for one in _records(payload, at)]
        return Batch(found, payloads, to_remember(due.watermark, tools), due.more, due.progress)

    def finish(self, config: MoodleConfig, batch: Batch, outcome: Outcome, tools: Tools) -> None:
        """Nothing to clear up."""

    def reread(self, config: MoodleConfig, payload: Payload) -> list[Record | Rejected]:
        """The records of a kept count."""
        return list(_records(payload, 0))


def _records(payload: Payload, index: int) -> Iterator[Record | Rejected]:
    document = json.loads(payload.content)
    for at, row in enumerate(document["rows"], 1):
        label = row.get("_period") or row.get("course_name")
        yield Record(f"{label} · {at}", row, index)
    for one in document["told"]:
        yield Rejected(one["place"], one["code"], one["params"], payload=index)


CONNECTOR = Moodle()
