"""A site that answers as Moodle's Web Services do: always 200, errors as `exception`."""

from __future__ import annotations

import json
import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl

from support.server import answer

FUNCTIONS = (
    "core_webservice_get_site_info",
    "core_course_get_courses",
    "core_enrol_get_enrolled_users",
    "core_completion_get_course_completion_status",
    "core_cohort_get_cohorts",
    "core_cohort_get_cohort_members",
)
TOKEN = "khoa-dich-vu-9f2c"
PERSONAL = re.compile(r"Nguyễn Thị|nguyenthi|@hocvien|người học số|(?<![0-9])70[0-9]{4}(?![0-9])")
"""What of a learner must be found nowhere: names, addresses, descriptions, ids."""


@dataclass
class Learner:
    """A user as profiles show it; the id is one that no count could be taken for."""

    number: int
    department: str = ""
    idnumber: str = ""
    institution: str = ""
    custom: str = ""
    role: str = "student"
    active: bool = True

    @property
    def id(self) -> int:
        """Six digits that begin with 70."""
        return 700_000 + self.number

    def profile(self) -> dict[str, Any]:
        """More than was asked for: an older site does not keep to `userfields`.

        Fields without a content are left out, as Moodle does.
        """
        found: dict[str, Any] = {
            "id": self.id,
            "fullname": f"Nguyễn Thị Số {self.number}",
            "username": f"nguyenthi{self.number}",
            "email": f"so{self.number}@hocvien.example",
            "description": f"người học số {self.number}",
            "roles": [{"roleid": 5, "name": "", "shortname": self.role, "sortorder": 0}],
        }
        for name in ("department", "idnumber", "institution"):
            if given := getattr(self, name):
                found[name] = given
        if self.custom:
            found["customfields"] = [
                {"type": "text", "value": self.custom, "name": "Đơn vị", "shortname": "donvi"}
            ]
        return found


@dataclass
class MoodleSite:
    """Courses, who is enrolled, who has completed, and what goes wrong where.

    `failing` maps a course, or (course, learner's number), to an errorcode; `busy` is how many
    completion calls ran at the same time at most.
    """

    courses: list[dict[str, Any]] = field(default_factory=list)
    enrolled: dict[int, list[Learner]] = field(default_factory=dict)
    completed: set[tuple[int, int]] = field(default_factory=set)
    cohorts: dict[str, list[int]] = field(default_factory=dict)
    failing: dict[object, str] = field(default_factory=dict)
    functions: tuple[str, ...] = FUNCTIONS
    broken: str = ""
    slow: float = 0
    asked: list[dict[str, str]] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    busy: int = 0
    _running: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def respond(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        """Answer one call."""
        form = dict(parse_qsl(body.decode()))
        with self._lock:
            self.addresses.append(f"{handler.command} {handler.path}")
            self.asked.append(form)
        found = self.broken or self.answered(form)
        content = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
        answer(handler, content.encode())

    def answered(self, form: dict[str, str]) -> Any:
        """What a call gives."""
        name = form.get("wsfunction", "")
        if form.get("wstoken") != TOKEN:
            return fault("invalidtoken", "core\\exception\\moodle_exception")
        if name not in self.functions:
            return fault("accessexception", "webservice_access_exception")
        return getattr(self, f"_{name}")(form)

    def calls(self, name: str) -> list[dict[str, str]]:
        """The calls of a function."""
        return [one for one in self.asked if one.get("wsfunction") == name]

    def _core_webservice_get_site_info(self, _: dict[str, str]) -> Any:
        functions = [{"name": one, "version": "2025"} for one in self.functions]
        return {"sitename": "LMS", "userid": 7, "release": "5.0", "functions": functions}

    def _core_course_get_courses(self, form: dict[str, str]) -> Any:
        ids = {int(value) for key, value in form.items() if key.startswith("options[ids]")}
        front = {"id": 1, "shortname": "LMS", "format": "site", "categoryid": 0, "enddate": 0}
        return [one for one in (front, *self.courses) if not ids or one["id"] in ids]

    def _core_enrol_get_enrolled_users(self, form: dict[str, str]) -> Any:
        options = {
            form[f"options[{at}][name]"]: form[f"options[{at}][value]"]
            for at in range(8)
            if f"options[{at}][name]" in form
        }
        users = self.enrolled.get(int(form["courseid"]), [])
        if options.get("onlyactive") == "1":
            users = [one for one in users if one.active]
        first = int(options.get("limitfrom", 0))
        page = users[first : first + int(options.get("limitnumber", 0) or len(users))]
        return [one.profile() for one in page]

    def _core_completion_get_course_completion_status(self, form: dict[str, str]) -> Any:
        with self._lock:
            self._running += 1
            self.busy = max(self.busy, self._running)
        try:
            time.sleep(self.slow)
            return self._status(int(form["courseid"]), int(form["userid"]) - 700_000)
        finally:
            with self._lock:
                self._running -= 1

    def _status(self, course: int, number: int) -> Any:
        code = self.failing.get((course, number)) or self.failing.get(course)
        if code:
            return fault(code, message=f"Nguyễn Thị Số {number}: {code}")
        done = (course, number) in self.completed
        status = {"completed": done, "aggregation": 1, "completions": []}
        return {"completionstatus": status, "warnings": []}

    def _core_cohort_get_cohorts(self, _: dict[str, str]) -> Any:
        return [
            {"id": at, "name": f"Cán bộ {name}", "idnumber": name, "visible": True}
            for at, name in enumerate(self.cohorts, 1)
        ]

    def _core_cohort_get_cohort_members(self, form: dict[str, str]) -> Any:
        names = dict(enumerate(self.cohorts, 1))
        ids = [int(value) for key, value in form.items() if key.startswith("cohortids")]
        return [
            {"cohortid": one, "userids": [700_000 + n for n in self.cohorts[names[one]]]}
            for one in ids
        ]


def fault(code: str, kind: str = "moodle_exception", message: str = "…") -> dict[str, str]:
    """An error as Moodle gives it, with status 200."""
    return {"exception": kind, "errorcode": code, "message": message, "debuginfo": message}
