"""JSON over HTTP, page by page, period by period and unit by unit; everything is declared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar, Literal

import httpx
from pydantic import BaseModel, Field, field_validator, model_validator

from ioc.errors import PermanentSourceError
from ioc.ingest.asking import Asking
from ioc.ingest.client import masks_of
from ioc.ingest.conditional import NOT_MODIFIED, Conditions
from ioc.ingest.connector import Batch, Outcome, Payload, Reach, Record, Rejected, Tools
from ioc.ingest.exchange import Adapter, XRoad, through
from ioc.ingest.http import Answer, Ask, read_json
from ioc.ingest.json_records import JsonRecords
from ioc.ingest.language import check_path
from ioc.ingest.paging import Page, Paging, first_ask, next_ask
from ioc.ingest.reach import web_address
from ioc.ingest.rounds import Each, label_of, read_mark, rounds, values_of
from ioc.ingest.template import PERIOD_NAMES, fill, fill_address, fill_body, gaps


class HttpJsonConfig(Asking):
    """Reads JSON over HTTP: page by page and, where asked, period by period and unit by unit.

    Texts of `url`, `headers`, `query` and `body` may hold gaps: {period} 2026-10, {year}, {month}
    (two digits), {quarter}, {half}, {from} and {to} (first and last day), {unit}, {value}, {since}
    (moment of the last committed fetch, or 36 months ago). A text of the body that is one gap
    with `:n`, such as "{year:n}", is sent as a number.

    Beside its own fields every record carries `_period`, `_year`, `_month`, `_quarter`, `_half`,
    `_from`, `_to`, `_unit` and `_value` of its request, so a mapping can say
    `period: {field: _period}`. A record that is no object is the field `_item`.
    """

    url: str = Field(description="Address, http or https; gaps are filled and escaped.")
    method: Literal["GET", "POST"] = Field(default="GET", description="How it is asked.")
    query: dict[str, str | int] = Field(
        default_factory=dict, description="Parameters of the address, added to those it has."
    )
    body: dict[str, Any] | None = Field(
        default=None, description="Sent as JSON with every request; needs `method: POST`."
    )
    records: str | None = Field(
        default=None,
        description="JMESPath to the list of records; the whole answer if not given.",
    )
    keyed: bool = Field(
        default=False,
        description="The records are an object such as {'38': {...}}; each gets its key as the "
        "field _key.",
    )
    context: dict[str, str] = Field(
        default_factory=dict,
        description="Fields taken from the whole answer (JMESPath) and put beside every record.",
    )
    each: Each | None = Field(
        default=None, description="Several requests per poll; without it one."
    )
    paging: Paging | None = Field(
        default=None, description="How the next page is asked for; without it there is one."
    )
    pause: float = Field(
        default=0, ge=0, le=60, description="Seconds between two requests of one run."
    )
    conditional: bool = Field(
        default=False,
        description="Ask only for what changed since the last committed run, by the ETag or "
        "Last-Modified it came with; for one GET request without {since}. An answer 304 leaves "
        "the last delivery as it is.",
    )
    xroad: XRoad | None = Field(default=None, description="Headers for an X-Road security server.")
    adapter: Adapter | None = Field(
        default=None,
        description="Forwarding through an exchange's adapter (dstcode, providerurl); `url` is "
        "then the provider's address and only the adapter is connected to.",
    )

    @field_validator("url")
    @classmethod
    def _address(cls, given: str) -> str:
        return web_address(given)

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
        each = self.each
        if (each is None or each.periods is None) and used & set(PERIOD_NAMES):
            raise ValueError("gaps about a period only together with each.periods")
        if "value" in used and not (each and each.values):
            raise ValueError("{value} only together with each.values")
        if "unit" in used and not (each and each.units):
            raise ValueError("{unit} only together with each.units")
        if self.body is not None and self.method != "POST":
            raise ValueError("body only together with method: POST")
        single = self.method == "GET" and each is None and self.paging is None
        if self.conditional and (not single or "since" in used):
            raise ValueError("conditional only for one GET request: no each, paging or {since}")
        return self

    def own(self) -> str:
        """The address that is connected to: the source's, or that of the adapter before it."""
        return self.adapter.address if self.adapter else self.url


class HttpJson:
    """The connector."""

    name: ClassVar[str] = "http_json"
    Config: ClassVar[type[BaseModel]] = HttpJsonConfig
    EXAMPLE: ClassVar[str] = """
        name: ho-so-truc-tuyen
        title: {vi: Hồ sơ trực tuyến theo xã, en: Online dossiers by commune}
        connector: http_json
        illustrative: false
        schedule: {every: 1h}
        config:
          url: https://lgsp.example.gov.vn/dvc/v1/bao-cao/{period}
          auth:
            kind: oauth2
            token_url: https://lgsp.example.gov.vn/token
            client_id: ioc
            client_secret: ${env:LGSP_SECRET}
            scope: bao-cao
          tls: {ca: certs/tinh-ca.pem}
          query: {donVi: tat-ca}
          records: data.items
          each:
            periods: {grain: month, last: 36, again: 2}
          paging: {kind: page, param: page, size_param: size, size: 200, pages: data.totalPages}
        mapping:
          unit: {code: maXa, system: nso}
          period: {field: _period}
          values:
            - {indicator: OPS-01, numerator: toanTrinh, denominator: tongHoSo}
        contract:
          required: [maXa, toanTrinh, tongHoSo]
        """

    def reach(self, config: HttpJsonConfig, home: Path) -> Reach:
        """The hosts and certificates that are declared."""
        return config.reach(home)

    def fetch(self, config: HttpJsonConfig, tools: Tools) -> Batch:
        """Ask for everything that is due; raises SourceError for the first thing that fails."""
        mark = read_mark(tools.watermark)
        # Before the first request: what changes while we ask is asked for again.
        now = tools.now().isoformat(timespec="seconds")
        part = rounds(config.each, tools, mark)
        asked = _Asked(config, tools, mark)
        since = _since(config, tools, mark)
        records = [asked.records({**one, "since": since}) for one in part.values]
        following = {"since": now, **part.watermark}
        return Batch(
            list(chain.from_iterable(records)),
            asked.payloads,
            # Filling a gap must not move the point from which the next poll goes on.
            tools.watermark
            if tools.span
            else json.dumps({**following, **asked.validators}, sort_keys=True),
            part.more,
            part.progress,
            unchanged=asked.unchanged,
        )

    def finish(self, config: HttpJsonConfig, batch: Batch, outcome: Outcome, tools: Tools) -> None:
        """Nothing to clear up."""

    def reread(self, config: HttpJsonConfig, payload: Payload) -> list[Record | Rejected]:
        """The records of a kept answer, as the fetch that brought it read them.

        The label tells which period, unit and value the answer was asked for.
        """
        address, _, label = payload.label.partition(" ")
        values = values_of(config.each, label)
        answer = Answer(address, address, payload.content, payload.media, httpx.Headers())
        return _documents(config).read(answer, read_json(answer), label, values, 0)


def _since(config: HttpJsonConfig, tools: Tools, mark: Mapping[str, str]) -> str:
    """What {since} stands for: the moment or day from which news are wanted."""
    now = tools.now()
    if tools.span is not None:
        return tools.span[0].isoformat()
    if mark.get("since"):
        return mark["since"]
    if config.each and config.each.periods:
        return config.each.periods.first(now)
    return now.replace(year=now.year - 3, day=1).isoformat(timespec="seconds")


class _Asked:
    """The requests of one fetch, and what they brought."""

    def __init__(self, config: HttpJsonConfig, tools: Tools, mark: Mapping[str, str]) -> None:
        self._config = config
        self._tools = tools
        self._access = config.access(tools)
        self._documents = _documents(config)
        self._number = 0
        self._conditions = Conditions(mark, _asking(config, tools))
        self.payloads: list[Payload] = []
        self.validators: dict[str, str] = {}
        self.unchanged = False

    def records(self, values: Mapping[str, str]) -> list[Record | Rejected]:
        """All records of one round: one period, one unit, one value."""
        config = self._config
        first = first_ask(
            config.paging,
            through(
                Ask(
                    config.method,
                    fill_address(config.url, values),
                    {name: fill(text, values) for name, text in config.headers.items()},
                    {name: fill(str(text), values) for name, text in config.query.items()},
                    None if config.method == "GET" else fill_body(config.body or {}, values),
                ),
                config.xroad,
                config.adapter,
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
            following = next_ask(config.paging, first, number, page) if page else None
        return found

    def _page(
        self,
        request: Ask,
        number: int,
        values: Mapping[str, str],
        found: list[Record | Rejected],
    ) -> Page | None:
        answer = self._answer(request)
        if self.unchanged:
            return None
        document = read_json(answer)
        payload = len(self.payloads)
        label = label_of(values, number)
        self.payloads.append(Payload(f"{answer.label} {label}", answer.content, "application/json"))
        before = len(found)
        found += self._documents.read(answer, document, label, values, payload)
        return Page(answer, document, len(found) - before, before)

    def _answer(self, request: Ask) -> Answer:
        if self._number and self._config.pause:
            self._tools.sleep(self._config.pause)
        self._number += 1
        if not self._config.conditional or self._tools.span is not None:
            return self._access.ask(request)
        told = self._conditions.headers()
        answers = frozenset({NOT_MODIFIED}) if told else frozenset[int]()
        headers = {**request.headers, **told}
        answer = self._access.ask(replace(request, headers=headers, answers=answers))
        self.unchanged = answer.status == NOT_MODIFIED
        self.validators = self._conditions.remember(answer.headers, self.unchanged)
        return answer


def _asking(config: HttpJsonConfig, tools: Tools) -> list[object]:
    """What decides the records of an answer, without anything secret."""
    parts = [config.url, config.query, config.records, config.keyed, config.context]
    return [masks_of(tools.client).hide(json.dumps(parts)), tools.rules]


def _documents(config: HttpJsonConfig) -> JsonRecords:
    return JsonRecords(config.records, config.keyed, config.context)


CONNECTOR = HttpJson()
