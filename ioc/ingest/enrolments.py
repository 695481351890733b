"""Enrolments and completions added up by unit and period; what is learned of people ends here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ioc.errors import PermanentSourceError
from ioc.ingest.learners import LearnerUnit, Tally, together
from ioc.ingest.moodle import (
    COHORTS,
    COURSES,
    HIDDEN,
    INFO,
    LEFT,
    MEMBERS,
    STATUS,
    UNMEASURED,
    USERS,
    Course,
    MoodleError,
    Site,
    refused,
)

_NAMED = 5
"""So many courses are named in one rejection."""
Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """Who is counted (these `roles`, all if there are none) and for which unit.

    Units of fewer than `least` learners are withheld.
    """

    unit: LearnerUnit
    roles: tuple[str, ...]
    active: bool
    least: int


class Counting:
    """The counting of one fetch; what it learns of people ends with it."""

    def __init__(self, site: Site, rules: Counted) -> None:
        self._site = site
        self._rules = rules
        self._members: Mapping[int, list[str]] = {}
        self._seen = self._said = 0
        self._rounds = 0

    def courses(self, ids: Sequence[int], categories: Sequence[int], now: datetime) -> list[Course]:
        """The courses that are meant, once the account was seen to have what it needs."""
        needed = [INFO, COURSES, USERS, STATUS]
        cohort = self._rules.unit.by == "cohort"
        self._site.check([*needed, COHORTS, MEMBERS] if cohort else needed)
        if cohort:
            self._members = self._site.members(self._rules.unit.field or "idnumber")
        return self._site.courses(ids, categories, now)

    def check_shown(self) -> None:
        """Raise PermanentSourceError when no profile at all showed the field of the unit."""
        if self._seen and not self._said:
            name = self._rules.unit.field or self._rules.unit.by
            raise _unseen(name)

    def count(self, courses: Sequence[Course], values: Mapping[str, str]) -> bytes:
        """The sums of one period, or of every course by itself without `values`, as JSON.

        `rows` are the fields of records, `told` what is not counted: place, code and params of
        rejections.
        """
        told: list[Told] = []
        tallies: list[tuple[Course, Tally]] = []
        for course in _meant(courses, values):
            found = self._course(course)
            if isinstance(found, Tally):
                tallies.append((course, found))
            else:
                told.append(_told(course.shortname, found, course=course.shortname))
        about = {f"_{name}": text for name, text in values.items()}
        least = self._rules.least
        if values:
            # Told once, with the newest period.
            told += _endless(courses) if self._rounds == 0 else []
            self._rounds += 1
            whole = together(tally for _, tally in tallies)
            rows = [{**about, "courses": len(tallies), **row} for row in whole.rows(least)]
        else:
            whole = together(tally for _, tally in tallies)
            rows = [
                {**course.fields, **row} for course, tally in tallies for row in tally.rows(least)
            ]
        if whole.strays:
            count = str(whole.strays) if whole.strays >= least else f"< {least}"
            told.append(_told(values.get("period", "–"), "learners_no_unit", count=count))
        return json.dumps({"rows": rows, "told": told}, ensure_ascii=False, indent=1).encode()

    def _course(self, course: Course) -> Tally | str:
        """The sums of a course, or the code that says why it is not counted."""
        rules = self._rules
        try:
            users = self._site.learners(course.id, self._fields(), rules.active)
        except MoodleError as error:
            if error.code in HIDDEN:
                return "course_hidden"
            raise refused(USERS, error) from None
        if rules.roles and users and not any("roles" in one for one in users):
            raise _unseen("roles")
        learners = [one for one in users if self._counts(one)]
        units = [self._unit(one) for one in learners]
        pairs = [(course.id, one["id"]) for one in learners]
        tally = Tally()
        with closing(self._site.completions(pairs)) as answers:
            for unit, done in zip(units, answers, strict=True):
                if not isinstance(done, MoodleError):
                    tally.add(unit, done)
                elif done.code in UNMEASURED:
                    return "course_no_criteria"
                elif done.code in HIDDEN:
                    return "course_hidden"
                elif done.code not in LEFT:
                    raise refused(STATUS, done)
        return tally

    def _fields(self) -> list[str]:
        by = self._rules.unit.by
        fields: list[str] = ["roles"] if self._rules.roles else []
        if by != "cohort":
            fields.append("customfields" if by == "custom" else by)
        return fields

    def _counts(self, user: Mapping[str, Any]) -> bool:
        if not self._rules.roles:
            return True
        given = user.get("roles")
        roles = given if isinstance(given, list) else []
        return any(
            isinstance(one, dict) and one.get("shortname") in self._rules.roles for one in roles
        )

    def _unit(self, user: Mapping[str, Any]) -> str | None:
        """The unit of a user; None for none, and for several at once."""
        rule = self._rules.unit
        said = self._members.get(user["id"], []) if rule.by == "cohort" else [rule.said_by(user)]
        self._seen += 1
        self._said += any(said)
        units = {unit for one in said if (unit := rule.unit(one)) is not None}
        return units.pop() if len(units) == 1 else None


def _meant(courses: Sequence[Course], values: Mapping[str, str]) -> list[Course]:
    """Of a period those that ended in it; else all."""
    if not values:
        return list(courses)
    first, last = values["from"], values["to"]
    return [
        one for one in courses if one.ended and one.end and first <= one.end.isoformat() <= last
    ]


def _endless(courses: Sequence[Course]) -> list[Told]:
    """Courses without an end belong to no period, and that is told."""
    names = [one.shortname for one in courses if one.end is None]
    if not names:
        return []
    named = "; ".join(names[:_NAMED]) + ("; …" if len(names) > _NAMED else "")
    return [_told("–", "course_no_end", count=len(names), courses=named)]


def _told(place: str, code: str, **params: object) -> Told:
    return {"place": place, "code": code, "params": params}


def _unseen(field: str) -> PermanentSourceError:
    return PermanentSourceError(
        f"no profile shows the field {field}", code="moodle_hidden", field=field
    )
