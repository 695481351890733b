"""Moodle's Web Services: the calls that counting needs, with errors that come as good answers.

Answers about people stay here: what is raised names functions and codes, never what was answered.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ioc.domain.view import ZONE
from ioc.errors import PermanentSourceError, TransientSourceError
from ioc.ingest.asking import json_answer
from ioc.ingest.body import Answer
from ioc.ingest.http import Ask
from ioc.ingest.values import as_text

INFO, COURSES = "core_webservice_get_site_info", "core_course_get_courses"
USERS = "core_enrol_get_enrolled_users"
STATUS = "core_completion_get_course_completion_status"
COHORTS, MEMBERS = "core_cohort_get_cohorts", "core_cohort_get_cohort_members"
UNMEASURED = frozenset({"nocriteriaset", "completionnotenabled"})
"""The course does not measure completion."""
LEFT = frozenset({"usernotenroled", "notenroled"})
"""The learner left the course meanwhile, or is none of it."""
HIDDEN = frozenset({"cannotviewreport"})
"""The account may not see this course's report."""
_LATER = frozenset({"sitemaintenance", "upgraderunning", "dbconnectionfailed"})
_PAGE = 500
_FRONT_PAGE = "site"


class MoodleError(Exception):
    """What Moodle answered in place of an answer; `code` is its errorcode."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Course:
    """A course: its keys and its days in Vietnamese time; None for no day."""

    id: int
    shortname: str
    idnumber: str
    category: int
    start: date | None
    end: date | None
    ended: bool

    @property
    def fields(self) -> dict[str, object]:
        """What a record says of it."""
        return {
            "course": self.id,
            "course_name": self.shortname,
            "course_idnumber": self.idnumber,
            "category": self.category,
            "start": self.start.isoformat() if self.start else None,
            "end": self.end.isoformat() if self.end else None,
        }


class Site:
    """A site, asked through `send` as the account of `token`, `at_once` calls at a time."""

    def __init__(self, url: str, token: str, send: Callable[[Ask], Answer], at_once: int) -> None:
        self._url = f"{url}/webservice/rest/server.php"
        self._token = token
        self._send = send
        self._at_once = at_once

    def check(self, needed: Sequence[str]) -> None:
        """Raise PermanentSourceError when the account's service lacks a function."""
        found = self._told(INFO, {})
        given = found.get("functions") if isinstance(found, dict) else None
        names = {one.get("name") for one in _objects(given, INFO)}
        lacking = [one for one in needed if one not in names]
        if lacking:
            raise PermanentSourceError(
                f"the service lacks {', '.join(lacking)}",
                code="moodle_functions",
                functions=", ".join(lacking),
            )

    def courses(self, ids: Sequence[int], categories: Sequence[int], now: datetime) -> list[Course]:
        """The courses of these ids, or of these categories, or all of them but the front page."""
        query = {f"options[ids][{at}]": str(one) for at, one in enumerate(ids)}
        found = []
        for one in _objects(self._told(COURSES, query), COURSES):
            course = _course(one, now)
            front = one.get("format") == _FRONT_PAGE and course.id not in ids
            if not front and (not categories or course.category in categories):
                found.append(course)
        return sorted(found, key=lambda one: one.id)

    def learners(self, course: int, fields: Sequence[str], active: bool) -> list[Mapping[str, Any]]:
        """The enrolled users with these fields of their profiles and no others.

        Raises MoodleError.
        """
        options = {"userfields": ",".join(["id", *fields]), "sortby": "id"}
        if active:
            options["onlyactive"] = "1"
        found: dict[object, Mapping[str, Any]] = {}
        page: list[dict[str, Any]] = []
        for start in range(0, 1_000_000, _PAGE):
            options |= {"limitfrom": str(start), "limitnumber": str(_PAGE)}
            query = {"courseid": str(course)}
            for at, (name, value) in enumerate(options.items()):
                query |= {f"options[{at}][name]": name, f"options[{at}][value]": value}
            page = _objects(self._call(USERS, query), USERS)
            if not all(isinstance(one.get("id"), int) for one in page):
                raise _shape(USERS)
            before = len(found)
            # A site too old to page gives everyone each time.
            found |= {one.get("id"): {key: one.get(key) for key in ("id", *fields) if key in one}
                      for one in page}  # fmt: skip
            if len(page) != _PAGE or len(found) == before:
                break
        return list(found.values())

    def completions(
        self, pairs: Sequence[tuple[int, int]]
    ) -> Generator[bool | MoodleError, None, None]:
        """For each (course, user) whether it is complete, or Moodle's error, in their order.

        Raises SourceError for the first failure that is not Moodle's.
        """
        pool = ThreadPoolExecutor(self._at_once, thread_name_prefix="moodle")
        try:
            # Bound from the start: a course's calls end at its first error of the whole course.
            yield from pool.map(self._complete, pairs)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _complete(self, pair: tuple[int, int]) -> bool | MoodleError:
        course, user = pair
        try:
            found = self._call(STATUS, {"courseid": str(course), "userid": str(user)})
        except MoodleError as error:
            return error
        status = found.get("completionstatus") if isinstance(found, dict) else None
        done = status.get("completed") if isinstance(status, dict) else None
        if not isinstance(done, (bool, int)):
            raise _shape(STATUS)
        return bool(done)

    def members(self, name: str) -> dict[int, list[str]]:
        """The `idnumber` or `name` of the cohorts of each user, by the user's id."""
        cohorts = {
            one.get("id"): as_text(one.get(name))
            for one in _objects(self._told(COHORTS, {}), COHORTS)
        }
        query = {f"cohortids[{at}]": str(one) for at, one in enumerate(cohorts)}
        found: dict[int, list[str]] = {}
        for one in _objects(self._told(MEMBERS, query), MEMBERS) if cohorts else ():
            users = one.get("userids")
            for user in users if isinstance(users, list) else ():
                found.setdefault(user, []).append(cohorts.get(one.get("cohortid"), ""))
        return found

    def _told(self, function: str, query: Mapping[str, str]) -> Any:
        """A call whose errors are for a person to see."""
        try:
            return self._call(function, query)
        except MoodleError as error:
            raise refused(function, error) from None

    def _call(self, function: str, query: Mapping[str, str]) -> Any:
        form = {
            "wstoken": self._token,
            "wsfunction": function,
            "moodlewsrestformat": "json",
            **query,
        }
        found = json_answer(self._send(Ask("POST", self._url, form=form)))
        if isinstance(found, dict) and ("exception" in found or "errorcode" in found):
            code = as_text(found.get("errorcode") or found.get("exception"))[:60]
            raise MoodleError(code if code.replace("_", "").isalnum() else "unknown")
        return found


def refused(function: str, error: MoodleError) -> PermanentSourceError | TransientSourceError:
    """The failure of a call: its function and Moodle's code, without what it may say of people."""
    message = f"{function}: {error.code}"
    if error.code in _LATER:
        return TransientSourceError(
            message, code="moodle_refused", function=function, reason=error.code
        )
    code = "moodle_token" if error.code in ("invalidtoken", "accessexception") else "moodle_refused"
    return PermanentSourceError(message, code=code, function=function, reason=error.code)


def _course(one: Mapping[str, Any], now: datetime) -> Course:
    number = one.get("id")
    if not isinstance(number, int):
        raise _shape(COURSES)
    end = one.get("enddate")
    moment = _moment(end)
    begun = _moment(one.get("startdate"))
    return Course(
        number,
        as_text(one.get("shortname"))[:200],
        as_text(one.get("idnumber"))[:100],
        category if isinstance(category := one.get("categoryid"), int) else 0,
        begun.date() if begun else None,
        moment.date() if moment else None,
        moment is not None and moment <= now,
    )


def _moment(seconds: object) -> datetime | None:
    """A moment as Moodle writes it; 0 is none."""
    if not isinstance(seconds, int) or not 0 < seconds < 2**33:
        return None
    return datetime.fromtimestamp(seconds, ZONE)


def _objects(found: object, function: str) -> list[dict[str, Any]]:
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise _shape(function)
    return found


def _shape(function: str) -> PermanentSourceError:
    return PermanentSourceError(
        f"{function}: the answer is not of the known shape",
        code="moodle_shape",
        function=function,
    )
