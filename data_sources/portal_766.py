"""The reporting of the National Public Service Portal (Decision 766): six groups, two envelopes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import httpx
from pydantic import BaseModel, Field, StringConstraints, model_validator

from ioc.errors import PermanentSourceError
from ioc.ingest.asking import Asking
from ioc.ingest.connector import Batch, Outcome, Payload, Reach, Record, Rejected, Tools
from ioc.ingest.http import Answer, Ask, read_json
from ioc.ingest.index_766 import GROUPS, PAGE_SIZES, WHOLE_DAYS, Schema, group_records
from ioc.ingest.periods import Periods
from ioc.ingest.rounds import Each, read_mark, rounds

_MOST_PAGES = 50
_BETWEEN = " · "
Department = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,80}$")]


class Portal766Config(Asking):
    """Reads the index of Decision 766 from the reporting of the National Public Service Portal.

    The interface is that of the portal's own pages, not a published contract: ask the Government
    Office for leave before polling it, or read an agreed gateway of the same shape. Requests go
    one after the other with a pause between them, are not repeated within a run, and end at the
    first refusal (403, 429).

    All six groups are asked for: transparency, progress, online service, digitisation, payment and
    satisfaction. Each gives one record per department and metric, whichever of the two envelopes
    it comes in, with the fields `group`, `department` (the portal's id), `kind` (`component`, or
    `group` for the score of a whole group) and `part` (its code as the breakdowns of OPS-11 and
    OPS-12 name it), `departmentName`, `level` (`root` for the department asked for, `unit` for
    those below it), `code`, `name`, `numerator`, `denominator`, `ratio`, `score`, `maxScore`,
    `quality` and `qualityMessage` (what the portal says of its data), `row` (everything the portal
    gave of the department) and `_period`, `_year`, `_month`, `_quarter`. The metrics of the groups
    that come as a tree are named PROCESSED_ON_TIME, PROCEDURE_WITH_ONLINE_SERVICE,
    SERVICE_WITH_DOSSIER, ONLINE_CHANNEL_DOSSIER, DOSSIER_PAID_ONLINE,
    PROCEDURE_WITH_ONLINE_PAYMENT and PROCEDURE_WITH_FEE_DATA; the score of a whole group and
    department is the metric SCORE.

    Scores are the portal's own and are never replaced by recomputed ones. What it does not say
    stays missing, also where only one of numerator and denominator is there. An answer that is not
    OK, of another shape, or with fewer departments than it announces fails the whole run: the
    figures there are stay.
    """

    url: str = Field(
        default="https://dichvucong.gov.vn/api/v1/reporting/evaluation",
        description="Address of the reporting, without the group.",
    )
    departments: tuple[Department, ...] = Field(
        min_length=1,
        max_length=200,
        description="Ids (rootDepartmentId) of the ministries or provinces asked for; those below "
        "them come with each.",
    )
    groups: tuple[
        Literal[
            "transparency",
            "dvc-progress-tree",
            "provide-online-tree",
            "dossier-digitized",
            "formality-online-payment-tree",
            "handling-satisfaction",
        ],
        ...,
    ] = Field(default=GROUPS, min_length=1, description="Groups asked for.")
    formality: Department | None = Field(
        default=None,
        description="Id of one administrative procedure to narrow the figures to; satisfaction "
        "cannot be narrowed and is then left out.",
    )
    periods: Periods = Field(
        description="Which periods are asked for; months, quarters or years of the calendar."
    )
    attempts: int = Field(
        default=1, ge=1, le=1, description="Always 1: within a run no request is repeated."
    )
    pause: float = Field(default=2, ge=0, le=60, description="Seconds between two requests.")

    @model_validator(mode="after")
    def _calendar(self) -> Portal766Config:
        if self.periods.grain.value not in ("month", "quarter", "year"):
            raise ValueError("periods.grain: month, quarter or year")
        if self.periods.calendar.value != "calendar":
            raise ValueError("periods.calendar: calendar; the portal knows no other")
        if not self.asked_groups():
            raise ValueError("a group that can be narrowed to a formality")
        return self

    def asked_groups(self) -> tuple[str, ...]:
        """The groups that can be asked for with this formality."""
        return tuple(one for one in self.groups if not (self.formality and one in WHOLE_DAYS))


class Portal766:
    """The connector."""

    name: ClassVar[str] = "portal_766"
    Config: ClassVar[type[BaseModel]] = Portal766Config
    EXAMPLE: ClassVar[str] = """
        name: chi-so-766
        title: {vi: Chỉ số phục vụ theo Quyết định 766, en: Service index of Decision 766}
        connector: portal_766
        illustrative: false
        schedule: {cron: "30 5 * * *"}
        timeout: 15m
        config:
          url: https://truc.example.gov.vn/dvcqg/api/v1/reporting/evaluation
          departments: [019d2be3-0000-7000-8000-000000000038]
          periods: {grain: month, last: 12, again: 2, at_once: 1}
          pause: 2
        mapping:
          when: {level: root}
          unit: {constant: "38"}
          period: {field: _period}
          values:
            - {indicator: OPS-05, numerator: numerator, denominator: denominator,
               when: {code: PROCESSED_ON_TIME}}
            - {indicator: OPS-02, numerator: numerator, denominator: denominator,
               when: {code: PROCEDURE_WITH_ONLINE_SERVICE}}
            - {indicator: OPS-08, numerator: numerator, denominator: denominator,
               when: {code: ORIGINAL_RESULT_AVAILABLE}}
            - {indicator: OPS-12, numerator: numerator, denominator: denominator,
               breakdown: {component: part}, when: {kind: component}}
            - {indicator: OPS-11, value: score, breakdown: {component: part},
               when: {kind: component}}
            - {indicator: OPS-11, value: score, breakdown: {group: part}, when: {kind: group}}
        contract:
          min_records: 20
        """

    def reach(self, config: Portal766Config, home: Path) -> Reach:
        """The hosts and certificates that are declared."""
        return config.reach(home)

    def fetch(self, config: Portal766Config, tools: Tools) -> Batch:
        """Ask for all groups of the periods that are due; the first failure ends it."""
        mark = read_mark(tools.watermark)
        part = rounds(Each(periods=config.periods), tools, mark)
        asked = _Asked(config, tools)
        records = [
            asked.records(group, department, values)
            for values in part.values
            for department in config.departments
            for group in config.asked_groups()
        ]
        return Batch(
            list(chain.from_iterable(records)),
            asked.payloads,
            tools.watermark if tools.span else json.dumps(dict(part.watermark), sort_keys=True),
            part.more,
            part.progress,
        )

    def finish(self, config: Portal766Config, batch: Batch, outcome: Outcome, tools: Tools) -> None:
        """Nothing to clear up."""

    def reread(self, config: Portal766Config, payload: Payload) -> list[Record | Rejected]:
        """The records of a kept answer; its label tells group, period, department and page."""
        address, _, label = payload.label.partition(" ")
        group, period, _department, page = label.split(_BETWEEN)
        answer = Answer(address, address, payload.content, payload.media, httpx.Headers())
        data = _data(answer, group)
        values = config.periods.named(period)
        return list(_records(answer, group, data, label, values, 0, first=page == "1"))


class _Asked:
    """The requests of one fetch, one after the other, and what they brought."""

    def __init__(self, config: Portal766Config, tools: Tools) -> None:
        self._config = config
        self._tools = tools
        self._access = config.access(tools)
        self.payloads: list[Payload] = []

    def records(self, group: str, department: str, values: Mapping[str, str]) -> list[Record]:
        """All records of a group for one department and period."""
        found: list[Record] = []
        units: set[object] = set()
        page = pages = 1
        while page <= pages:
            if self.payloads and self._config.pause:
                self._tools.sleep(self._config.pause)
            body = self._body(group, department, values, page)
            headers = self._config.headers
            answer = self._access.ask(
                Ask("POST", f"{self._config.url}/{group}", headers, body=body)
            )
            data = _data(answer, group)
            label = _BETWEEN.join((group, values["period"], department, str(page)))
            payload = Payload(f"{answer.label} {label}", answer.content, "application/json")
            self.payloads.append(payload)
            at = len(self.payloads) - 1
            found += _records(answer, group, data, label, values, at, first=page == 1)
            units |= {one.fields["department"] for one in found if one.fields["level"] == "unit"}
            total, pages = _extent(answer, group, data, pages)
            page += 1
        if total is not None and len(units) != total:
            raise PermanentSourceError(
                f"{answer.label}: {len(units)} of {total} departments",
                code="portal_incomplete",
                url=answer.label,
                group=group,
                total=total,
                found=len(units),
            )
        return found

    def _body(
        self, group: str, department: str, values: Mapping[str, str], page: int
    ) -> dict[str, object]:
        grain = self._config.periods.grain.value
        body: dict[str, object] = {"rootDepartmentId": department}
        if group in WHOLE_DAYS:
            body |= {"fromDate": values["from"], "toDate": values["to"]}
        else:
            body |= {"timeType": grain, "year": int(values["year"])}
            if grain != "year":
                body[grain] = int(values[grain])
        if self._config.formality is not None:
            # The portal spells this one filter in two ways.
            name = "formalityID" if group == "dossier-digitized" else "formalityId"
            body[name] = self._config.formality
        return {**body, "currentPage": page, "pageSize": PAGE_SIZES[group]}


def _data(answer: Answer, group: str) -> Mapping[str, Any]:
    """What is in the envelope; raises PermanentSourceError when it does not say OK."""
    document = read_json(answer)
    code = document.get("code") if isinstance(document, dict) else None
    if code != "OK":
        given = code if isinstance(code, str) and code.isidentifier() else "?"
        raise PermanentSourceError(
            f"{answer.label}: code {given[:60]}",
            code="portal_code",
            url=answer.label,
            given=given[:60],
        )
    data = document.get("data") if isinstance(document, dict) else None
    if not isinstance(data, dict):
        raise _wrong(answer, group, "data")
    return data


def _records(
    answer: Answer,
    group: str,
    data: Mapping[str, Any],
    label: str,
    values: Mapping[str, str],
    payload: int,
    *,
    first: bool,
) -> Iterator[Record]:
    """The records of one page; the department asked for stands on each and is read from the first.

    Raises PermanentSourceError for another shape than the known ones.
    """
    extra = {f"_{name}": text for name, text in values.items()}
    try:
        for at, fields in enumerate(group_records(group, data), 1):
            if first or fields["level"] != "root":
                yield Record(f"{label}{_BETWEEN}{at}", {**fields, **extra}, payload)
    except Schema as wrong:
        raise _wrong(answer, group, str(wrong)) from None


def _extent(
    answer: Answer, group: str, data: Mapping[str, Any], pages: int
) -> tuple[int | None, int]:
    """How many departments there are in all, and on how many pages."""
    paging = data.get("pagination")
    if paging is None:
        return None, pages
    said = paging if isinstance(paging, dict) else {}
    total, last = said.get("total"), said.get("totalPages")
    if type(total) is not int or type(last) is not int or total < 0:
        raise _wrong(answer, group, "data.pagination")
    if last > _MOST_PAGES:
        raise PermanentSourceError(
            f"more than {_MOST_PAGES} pages", code="too_many_pages", limit=_MOST_PAGES
        )
    return total, last


def _wrong(answer: Answer, group: str, at: str) -> PermanentSourceError:
    return PermanentSourceError(
        f"{answer.label}: {group}: not of the known shape at {at}",
        code="portal_schema",
        url=answer.label,
        group=group,
        at=at,
    )


CONNECTOR = Portal766()
