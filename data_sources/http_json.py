"""JSON over HTTP, page by page and, where asked, period by period; everything is declared."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, ClassVar, Literal

import httpx
import jmespath
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ioc.errors import PermanentSourceError
from ioc.ingest.connector import Batch, Outcome, Payload, Record, Rejected, Tools
from ioc.ingest.http import Answer, Ask, Limits, Retry, ask, read_json
from ioc.ingest.language import check_path
from ioc.ingest.paging import Page, Paging, first_ask, next_ask, search
from ioc.ingest.periods import Periods
from ioc.ingest.template import PERIOD_NAMES, fill, fill_address, fill_body, gaps


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LimitsConfig(_Strict):
    """Seconds and megabytes for one request."""

    connect: float = Field(default=5, gt=0, le=60)
    read: float = Field(default=20, gt=0, le=300)
    total: float = Field(default=60, gt=0, le=3600)
    megabytes: float = Field(default=50, gt=0, le=1024)

    @property
    def limits(self) -> Limits:
        """The same as the client takes it."""
        return Limits(self.connect, self.read, self.total, int(self.megabytes * 2**20))


class Each(_Strict):
    """One request per period, per value of a list, or per pair."""

    periods: Periods | None = None
    values: tuple[str | int, ...] = ()

    @model_validator(mode="after")
    def _something(self) -> Each:
        if self.periods is None and not self.values:
            raise ValueError("periods, values, or both")
        return self


class HttpJsonConfig(_Strict):
    """How a JSON interface is asked, and where its records are."""

    url: str
    method: Literal["GET", "POST"] = "GET"
    headers: dict[str, str] = Field(default_factory=dict)
    query: dict[str, str | int] = Field(default_factory=dict)
    body: dict[str, Any] | None = None
    records: str | None = None
    keyed: bool = False
    context: dict[str, str] = Field(default_factory=dict)
    each: Each | None = None
    paging: Paging | None = None
    limits: LimitsConfig = LimitsConfig()
    attempts: int = Field(default=3, ge=1, le=10)

    @field_validator("url")
    @classmethod
    def _address(cls, given: str) -> str:
        if not given.lower().startswith(("http://", "https://")):
            raise ValueError("an address beginning with http:// or https://")
        return given

    @field_validator("headers")
    @classmethod
    def _plain(cls, given: dict[str, str]) -> dict[str, str]:
        for name, text in given.items():
            if not (name + text).isascii() or not (name + text).isprintable():
                raise ValueError("headers of plain letters, digits and signs")
        return given

    @field_validator("records")
    @classmethod
    def _path(cls, given: str | None) -> str | None:
        return given if given is None else check_path(given)

    @field_validator("context")
    @classmethod
    def _paths(cls, given: dict[str, str]) -> dict[str, str]:
        for path in given.values():
            check_path(path)
        return given

    @model_validator(mode="after")
    def _gaps(self) -> HttpJsonConfig:
        used = gaps([self.url, self.query, self.body or {}, self.headers])
        periods = self.each.periods if self.each else None
        if periods is None and used & set(PERIOD_NAMES):
            raise ValueError("gaps about a period only together with each.periods")
        if "value" in used and not (self.each and self.each.values):
            raise ValueError("{value} only together with each.values")
        if self.body is not None and self.method != "POST":
            raise ValueError("body only together with method: POST")
        return self


class HttpJson:
    """The connector."""

    name: ClassVar[str] = "http_json"
    Config: ClassVar[type[BaseModel]] = HttpJsonConfig

    def fetch(self, config: HttpJsonConfig, tools: Tools) -> Batch:
        """Ask for everything that is due; raises SourceError for the first thing that fails."""
        mark = _mark(tools.watermark)
        now = tools.now()
        since = mark.get("since", "")
        following = {"since": now.isoformat(timespec="seconds")}
        periods = config.each.periods if config.each else None
        rounds: list[dict[str, str]] = [{}]
        more, progress = False, None
        if periods is not None:
            part = periods.due(now, mark)
            rounds = [periods.values(period) for period in part.periods]
            following |= part.watermark
            more, progress = part.more, (part.done, part.total)
            since = since or periods.first(now)
        if config.each and config.each.values:
            rounds = [
                {**one, "value": str(value)} for one in rounds for value in config.each.values
            ]
        if not since:
            since = now.replace(year=now.year - 3, day=1).isoformat(timespec="seconds")
        asked = _Asked(config, tools)
        records = [asked.records({**one, "since": since}) for one in rounds]
        return Batch(
            list(chain.from_iterable(records)),
            asked.payloads,
            json.dumps(following, sort_keys=True),
            more,
            progress,
        )

    def finish(self, config: HttpJsonConfig, batch: Batch, outcome: Outcome, tools: Tools) -> None:
        """Nothing to clear up."""

    def reread(self, config: HttpJsonConfig, payload: Payload) -> list[Record | Rejected]:
        """The records of a kept answer, as the fetch that brought it read them.

        The label tells which period and value the answer was asked for.
        """
        address, _, label = payload.label.partition(" ")
        *about, _number = label.split(" · ")
        values: dict[str, str] = {}
        if config.each and config.each.periods and about:
            values = config.each.periods.named(about.pop(0))
        if config.each and config.each.values and about:
            values["value"] = " · ".join(about)
        answer = Answer(address, address, payload.content, payload.media, httpx.Headers())
        return _Documents(config).records(answer, read_json(answer), label, values, 0)


class _Asked:
    """The requests of one fetch, and what they brought."""

    def __init__(self, config: HttpJsonConfig, tools: Tools) -> None:
        self._config = config
        self._tools = tools
        self._documents = _Documents(config)
        self.payloads: list[Payload] = []

    def records(self, values: Mapping[str, str]) -> list[Record | Rejected]:
        """All records of one round: one period, one value."""
        config = self._config
        first = first_ask(
            config.paging,
            Ask(
                config.method,
                fill_address(config.url, values),
                {name: fill(text, values) for name, text in config.headers.items()},
                {name: fill(str(text), values) for name, text in config.query.items()},
                None if config.method == "GET" else fill_body(config.body or {}, values),
            ),
        )
        found: list[Record | Rejected] = []
        following: Ask | None = first
        number = 0
        while following is not None:
            number += 1
            limit = config.paging.limit if config.paging else 1
            if number > limit:
                raise PermanentSourceError(
                    f"more than {limit} pages", code="too_many_pages", limit=limit
                )
            page = self._page(following, number, values, found)
            following = next_ask(config.paging, first, number, page)
        return found

    def _page(
        self,
        request: Ask,
        number: int,
        values: Mapping[str, str],
        found: list[Record | Rejected],
    ) -> Page:
        answer = self._answer(request)
        document = read_json(answer)
        payload = len(self.payloads)
        about = " · ".join(values[name] for name in ("period", "value") if name in values)
        label = f"{about} · {number}" if about else str(number)
        self.payloads.append(Payload(f"{answer.label} {label}", answer.content, "application/json"))
        before = len(found)
        found += self._documents.records(answer, document, label, values, payload)
        return Page(answer, document, len(found) - before, before)

    def _answer(self, request: Ask) -> Answer:
        tools = self._tools
        return ask(
            tools.client,
            request,
            limits=self._config.limits.limits,
            retry=Retry(self._config.attempts),
            deadline=tools.deadline,
            sleep=tools.sleep,
            now=tools.now,
        )


class _Documents:
    """From an answer's document to its records."""

    def __init__(self, config: HttpJsonConfig) -> None:
        self._config = config
        self._path = jmespath.compile(config.records) if config.records else None
        self._context = {name: jmespath.compile(path) for name, path in config.context.items()}

    def records(
        self,
        answer: Answer,
        document: object,
        label: str,
        values: Mapping[str, str],
        payload: int,
    ) -> list[Record | Rejected]:
        """All records of a document; raises PermanentSourceError where there is no list of them."""
        items = self._items(document, answer)
        extra = self._extra(document, values)
        return [
            Record(f"{label} · {at}", {**item, **extra}, payload)
            for at, item in enumerate(items, 1)
        ]

    def _extra(self, document: object, values: Mapping[str, str]) -> dict[str, object]:
        asked = {f"_{name}": text for name, text in values.items() if name != "since"}
        found = {
            name: search(path, self._config.context[name], document)
            for name, path in self._context.items()
        }
        return asked | found

    def _items(self, document: object, answer: Answer) -> Iterator[dict[str, Any]]:
        path = self._config.records
        found = search(self._path, path, document) if self._path and path else document
        if self._config.keyed and isinstance(found, dict):
            return ({**_record(one), "_key": key} for key, one in found.items())
        if isinstance(found, list) and not self._config.keyed:
            return (_record(one) for one in found)
        raise PermanentSourceError(
            f"{answer.label}: no list of records at {self._config.records!r}",
            code="no_records",
            url=answer.label,
            path=self._config.records or "–",
        )


def _record(item: object) -> dict[str, Any]:
    return item if isinstance(item, dict) else {"_item": item}


def _mark(text: str | None) -> dict[str, str]:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return {str(key): str(one) for key, one in found.items()} if isinstance(found, dict) else {}


CONNECTOR = HttpJson()
