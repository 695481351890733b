"""Open data portals that run CKAN: tables of the data store page by page, and files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar, Literal
from urllib.parse import urljoin

from pydantic import BaseModel, Field, field_validator, model_validator

from ioc.errors import PermanentSourceError, TransientSourceError
from ioc.ingest.asking import Asking, json_answer
from ioc.ingest.body import Answer, shown
from ioc.ingest.connector import Batch, Outcome, Payload, Reach, Record, Rejected, Tools
from ioc.ingest.http import Ask, same_origin
from ioc.ingest.language import check_path
from ioc.ingest.resource import FORMATS, Look, records_in, resource_records
from ioc.ingest.sheets import Limits
from ioc.ingest.table import heading
from ioc.ingest.values import as_text

_TOLD = frozenset({400, 403, 404, 409})
"""Statuses with which CKAN says in JSON what was wrong."""
_SEARCH = "datastore_search"
_PAGE = "result.records"
"""Where the rows are in a page of the data store."""
_UNPACKED = 10
"""How many times the limit a workbook may measure when it is unpacked."""


class CkanConfig(Asking):
    """Reads one resource of an open data portal that runs CKAN.

    The resource is named by its id, or within a `package` (a data set) by its name or format.
    Where the portal keeps it in its data store, the rows are asked for page by page
    (`datastore_search`), filtered by the portal; else its file is downloaded: CSV and XLSX with
    one row of headings, or JSON. Columns become the fields of the records under their own
    headings, or under the short names of `columns`. Fields with spaces are written in the mapping
    with quotes: `'"Mã tỉnh"'`. Every record also has `_modified`, the moment at which the portal
    says the resource was last changed; a file that is the same since the last run is
    not downloaded again.

    A file often lies on another host than the portal; that host must be declared under `hosts`.
    What is sent under `headers` goes to the portal only. An answer `success: false` is a failed
    run that says the portal's own words; the last good figures stay.
    """

    package: str | None = Field(default=None, description="Id or name of the data set.")
    resource: str | None = Field(
        default=None, description="Id of the resource; not needed with `name` or `format`."
    )
    name: str | None = Field(
        default=None, description="Name of the resource within the package, as the portal shows it."
    )
    format: Literal["csv", "json", "xlsx"] | None = Field(
        default=None,
        description="Format of the resource; chooses within the package, and says how a file is "
        "read where the portal says it wrongly.",
    )
    read: Literal["auto", "datastore", "file"] = Field(
        default="auto",
        description="What is read: the data store, the file, or (`auto`) the data store where the "
        "portal has the resource in it.",
    )
    filters: dict[str, Any] = Field(
        default_factory=dict,
        description="Columns of the data store and the value, or list of values, they must equal.",
    )
    fields: tuple[str, ...] = Field(
        default=(), description="Columns asked for from the data store; all if not given."
    )
    sort: str = Field(
        default="_id",
        description="Order of the data store's rows, such as `nam desc`; rows without an order may "
        "come twice or never when there are several pages. Empty for views without `_id`.",
    )
    size: int = Field(
        default=1000, ge=1, le=32_000, description="Rows asked for at once from the data store."
    )
    pages: int = Field(
        default=200, ge=1, le=10_000, description="More pages are an error, not a silent cut."
    )
    columns: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="Short name: heading, or list of headings of which any may stand there.",
    )
    records: str | None = Field(
        default=None,
        description="JMESPath to the list of records in a JSON file; the whole file if not given.",
    )
    sheet: str | None = Field(
        default=None, description="Name of the workbook's sheet; the first with the headings."
    )
    separator: Literal["auto", ";", ",", "tab"] = Field(
        default="auto", description="What separates the cells of a CSV file."
    )
    encoding: Literal["utf-8", "windows-1258"] = Field(
        default="utf-8", description="How a CSV file is written, with or without byte order mark."
    )
    rows: int = Field(default=200_000, ge=1, le=1_048_576, description="Most rows of a file.")
    only_modified: bool = Field(
        default=True,
        description="Whether a file whose `last_modified` is the same as last time is passed over.",
    )

    _path = field_validator("records")(lambda given: given if given is None else check_path(given))

    @field_validator("columns", mode="before")
    @classmethod
    def _lists(cls, given: object) -> object:
        if isinstance(given, dict):
            return {key: [one] if isinstance(one, str) else one for key, one in given.items()}
        return given

    @model_validator(mode="after")
    def _chosen(self) -> CkanConfig:
        if self.resource is None and (self.package is None or not (self.name or self.format)):
            raise ValueError("resource, or package together with name or format")
        return self


class Ckan:
    """The connector."""

    name: ClassVar[str] = "ckan"
    Config: ClassVar[type[BaseModel]] = CkanConfig
    EXAMPLE: ClassVar[str] = """
        name: du-lieu-mo-phu-song
        title: {vi: Dữ liệu mở về phủ sóng thôn bản, en: Open data on villages with a signal}
        connector: ckan
        illustrative: false
        schedule: {cron: "30 5 * * *"}
        config:
          url: https://data.example.gov.vn
          package: phu-song-thon-ban
          name: Thôn bản có sóng di động theo tỉnh
          filters: {nam: 2026}
          fields: [ma_tinh, nam, thang, so_thon, so_thon_co_song]
          hosts: [files.data.example.gov.vn]
        mapping:
          locale: plain
          unit: {code: ma_tinh, system: nso, pad: 2}
          period: {year: nam, month: thang}
          values:
            - {indicator: SIG-02, numerator: so_thon_co_song, denominator: so_thon}
        contract:
          required: [ma_tinh, so_thon, so_thon_co_song]
          min_records: 30
    """

    def reach(self, config: CkanConfig, home: Path) -> Reach:
        """The portal and the hosts of its files."""
        return config.reach(home)

    def fetch(self, config: CkanConfig, tools: Tools) -> Batch:
        """The rows of the resource; an empty batch when its file has not changed."""
        portal = _Portal(config, tools)
        resource = portal.resource()
        modified = str(resource.get("last_modified") or "")
        mark = json.dumps({"modified": modified, "rules": tools.rules})
        stored = config.read == "datastore" or (
            config.read == "auto" and resource.get("datastore_active") is True
        )
        if stored:
            pages = portal.datastore(str(resource.get("id") or config.resource))
        else:
            # Rows of the data store change without the resource's date; an uploaded file's do not.
            if modified and config.only_modified and tools.watermark == mark:
                return Batch((), (), mark, unchanged=True)
            pages = iter([portal.file(resource)])
        payloads: list[Payload] = []
        found: list[Record | Rejected] = []
        for payload in pages:
            found += _records(config, payload, modified, len(payloads), stored=stored)
            payloads.append(payload)
        return Batch(found, payloads, mark)

    def finish(self, config: CkanConfig, batch: Batch, outcome: Outcome, tools: Tools) -> None:
        """Nothing to clear up."""

    def reread(self, config: CkanConfig, payload: Payload) -> list[Record | Rejected]:
        """The records of a kept page or file; its label tells when the portal last changed it."""
        address, _, label = payload.label.partition(" ")
        modified = label.rpartition(" · ")[0]
        stored = address.endswith(_SEARCH)
        return list(_records(config, payload, modified, 0, stored=stored))


class _Portal:
    """The portal's interface, as one fetch uses it."""

    def __init__(self, config: CkanConfig, tools: Tools) -> None:
        self._config = config
        self._tools = tools
        self._modified = ""

    def resource(self) -> Mapping[str, Any]:
        """What the portal says of the resource; raises PermanentSourceError without just one."""
        config = self._config
        if config.package is None:
            found = self._action("resource_show", {"id": str(config.resource)})[0]
        else:
            package = self._action("package_show", {"id": config.package})[0]
            found = self._chosen(package.get("resources") if isinstance(package, dict) else None)
        if not isinstance(found, dict):
            raise PermanentSourceError("no resource", code="ckan_no_resource", given="–")
        self._modified = str(found.get("last_modified") or "")
        return found

    def _chosen(self, given: object) -> Mapping[str, Any]:
        config = self._config
        items = given if isinstance(given, list) else []
        everything = [one for one in items if isinstance(one, dict)]
        found = [
            one
            for one in everything
            if (config.resource is None or one.get("id") == config.resource)
            and (config.name is None or heading(one.get("name")) == heading(config.name))
            and (config.format is None or config.resource or _format(one) == config.format)
        ]
        if len(found) != 1:
            names = "; ".join(as_text(one.get("name"))[:60] for one in found or everything)[:300]
            raise PermanentSourceError(
                f"{len(found)} resources are meant in {config.package}: {names}",
                code="ckan_many_resources" if found else "ckan_no_resource",
                given=names or "–",
            )
        return found[0]

    def datastore(self, resource: str) -> Iterator[Payload]:
        """Page after page of the data store, to the total it names or as far as it links."""
        config = self._config
        query = {"resource_id": resource, "limit": str(config.size)}
        if config.filters:
            query["filters"] = json.dumps(config.filters, ensure_ascii=False)
        if config.fields:
            query["fields"] = ",".join(config.fields)
        if config.sort:
            query["sort"] = config.sort
        link: str | None = None
        seen = 0
        for number in range(1, config.pages + 1):
            result, answer = self._action(_SEARCH, {**query, "offset": str(seen)}, link)
            found = result.get("records") if isinstance(result, dict) else None
            rows = records_in(found, answer.label, _PAGE)
            yield self._payload(answer, number, "json")
            seen += len(rows)
            total = result.get("total") if isinstance(result, dict) else None
            links = result.get("_links") if isinstance(result, dict) else None
            following = links.get("next") if isinstance(links, dict) else None
            if isinstance(total, int):
                if seen >= total:
                    return
                if not rows:
                    raise TransientSourceError(
                        f"{seen} of {total} rows came", code="ckan_short", seen=seen, total=total
                    )
            elif not rows or not isinstance(following, str):
                return
            else:
                link = urljoin(answer.url, following)
        raise PermanentSourceError(
            f"more than {config.pages} pages", code="too_many_pages", limit=config.pages
        )

    def file(self, resource: Mapping[str, Any]) -> Payload:
        """The resource's file; headers meant for the portal go to no other host."""
        config = self._config
        url = urljoin(f"{config.url}/", as_text(resource.get("url")))
        kind = config.format or _format(resource)
        if kind not in FORMATS:
            raise PermanentSourceError(
                f"{shown(url)}: no CSV, JSON or XLSX", code="ckan_format", given=kind or "–"
            )
        own = config.headers if same_origin(url, config.url) else {}
        answer = config.ask(Ask("GET", url, {"Accept": "*/*", **own}), self._tools)
        if "html" in answer.media or answer.content.lstrip()[:1] == b"<":
            raise PermanentSourceError(
                f"{answer.label}: a page", code="not_data_html", url=answer.label
            )
        return self._payload(answer, 1, kind)

    def _payload(self, answer: Answer, number: int, kind: str) -> Payload:
        label = f"{answer.label} {self._modified} · {number}"
        return Payload(label, answer.content, FORMATS[kind])

    def _action(
        self, action: str, query: Mapping[str, str], link: str | None = None
    ) -> tuple[Any, Answer]:
        """The `result` of an action; raises SourceError with the portal's words for none."""
        config = self._config
        url = link or f"{config.url}/api/3/action/{action}"
        request = Ask("GET", url, config.headers, {} if link else query, answers=_TOLD)
        answer = config.ask(request, self._tools)
        document = json_answer(answer)
        if not isinstance(document, dict) or document.get("success") is not True:
            reason = _reason(document)
            raise PermanentSourceError(
                f"{answer.label}: {reason}", code="ckan_refused", url=answer.label, reason=reason
            )
        return document.get("result"), answer


def _records(
    config: CkanConfig, payload: Payload, modified: str, index: int, *, stored: bool
) -> Iterator[Record | Rejected]:
    """The records of a page or a file, each with the moment of the last change."""
    look = Look(
        config.columns,
        _PAGE if stored else config.records,
        config.sheet,
        config.separator,
        config.encoding,
        Limits(config.rows, int(config.limits.megabytes * 2**20) * _UNPACKED),
    )
    name = str(config.name or config.resource or config.package)
    number = payload.label.rpartition(" · ")[2]
    for one in resource_records(look, payload, name, number, index):
        if isinstance(one, Record):
            one = replace(one, fields={**one.fields, "_modified": modified or None})
        yield one


def _reason(document: object) -> str:
    """What CKAN says went wrong: its kind of error, its message, or the fields it names."""
    error = document.get("error") if isinstance(document, dict) else None
    if not isinstance(error, dict):
        return as_text(error)[:200] or "success: false"
    words = [as_text(error.get("__type")), as_text(error.get("message"))]
    words += [
        f"{key}: {json.dumps(one, ensure_ascii=False, default=str)}"
        for key, one in error.items()
        if key not in ("__type", "message")
    ]
    return ": ".join(one for one in words if one)[:200] or "success: false"


def _format(resource: Mapping[str, Any]) -> str:
    """The format as the portal says it, else as the file's name ends."""
    said = as_text(resource.get("format")).lower().lstrip(".")
    ending = PurePosixPath(as_text(resource.get("url")).partition("?")[0]).suffix.lower()
    return said if said in FORMATS else ending.lstrip(".") or said


CONNECTOR = Ckan()
