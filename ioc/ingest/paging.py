"""Paging: how the next page of an answer is asked for, and when there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Literal
from urllib.parse import urljoin

import jmespath
from pydantic import BaseModel, ConfigDict, Field, field_validator

from ioc.errors import PermanentSourceError
from ioc.ingest.body import Answer
from ioc.ingest.http import Ask, same_origin
from ioc.ingest.language import check_path

_LINK = re.compile(r"<([^<>]*)>\s*((?:;[^,]*)?)")
_LONGEST = 4096
"""Characters of a cursor or a header that are looked at: a source must not keep us busy."""


class _Paging(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    limit: int = Field(
        default=100,
        ge=1,
        le=10_000,
        description="Pages at most; more are an error and no silent cut.",
    )


class _Param(_Paging):
    param: str = Field(
        min_length=1, description="Parameter with the page's number, offset or cursor."
    )
    place: Literal["query", "body"] = Field(
        default="query", alias="in", description="Where the parameters of paging are sent."
    )


class PagePaging(_Param):
    """Pages by number."""

    kind: Literal["page"]
    first: int = Field(default=1, ge=0, description="Number of the first page.")
    size_param: str | None = Field(
        default=None, description="Parameter with the number of records per page."
    )
    size: int | None = Field(
        default=None, ge=1, description="Records per page; a page with fewer is the last."
    )
    pages: str | None = Field(
        default=None,
        description="JMESPath to the number of pages; else an empty or short page is the last.",
    )

    _path = field_validator("pages")(lambda given: given if given is None else check_path(given))


class OffsetPaging(_Param):
    """Pages by the number of records to pass over."""

    kind: Literal["offset"]
    size_param: str = Field(
        min_length=1, description="Parameter with the number of records per page."
    )
    size: int = Field(ge=1, description="Records per page; a page with fewer is the last.")
    total: str | None = Field(
        default=None,
        description="JMESPath to the number of records; else an empty or short page is the last.",
    )

    _path = field_validator("total")(lambda given: given if given is None else check_path(given))


class CursorPaging(_Param):
    """Pages by a token of the answer before."""

    kind: Literal["cursor"]
    next: str = Field(
        description="JMESPath to the next cursor; nothing there, or an empty text, ends."
    )

    _path = field_validator("next")(check_path)


class LinkPaging(_Paging):
    """Pages by an address: the header `Link` with rel="next", or a place in the answer."""

    kind: Literal["link"]
    next: str | None = Field(
        default=None,
        description="JMESPath to the address of the next page; the header Link if not given.",
    )

    _path = field_validator("next")(lambda given: given if given is None else check_path(given))


Paging = Annotated[
    PagePaging | OffsetPaging | CursorPaging | LinkPaging, Field(discriminator="kind")
]


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it came: the answer, its JSON, how many records it has and had before it."""

    answer: Answer
    document: object
    count: int
    before: int


def first_ask(paging: Paging | None, ask: Ask) -> Ask:
    """The request for the first page."""
    if isinstance(paging, PagePaging):
        ask = _with(ask, paging, paging.param, paging.first)
        if paging.size_param is not None and paging.size is not None:
            ask = _with(ask, paging, paging.size_param, paging.size)
    elif isinstance(paging, OffsetPaging):
        ask = _with(_with(ask, paging, paging.param, 0), paging, paging.size_param, paging.size)
    return ask


def next_ask(paging: Paging | None, first: Ask, number: int, page: Page) -> Ask | None:
    """The request after page `number` (from 1); None when that was the last."""
    if isinstance(paging, PagePaging):
        pages = _number(paging.pages, page.document)
        short = page.count == 0 or (paging.size is not None and page.count < paging.size)
        over = number >= pages if pages is not None else short
        return None if over else _with(first, paging, paging.param, paging.first + number)
    if isinstance(paging, OffsetPaging):
        total = _number(paging.total, page.document)
        seen = page.before + page.count
        over = page.count == 0 or (seen >= total if total is not None else page.count < paging.size)
        return None if over else _with(first, paging, paging.param, seen)
    if isinstance(paging, CursorPaging):
        cursor = _found(paging.next, page.document)
        if cursor is None or cursor == "" or cursor is False:
            return None
        if not isinstance(cursor, (str, int, Decimal)) or len(str(cursor)) > _LONGEST:
            raise _inapplicable(paging.next)
        return _with(first, paging, paging.param, cursor)
    if isinstance(paging, LinkPaging):
        target = _target(paging, page)
        return _linked(first, urljoin(page.answer.url, target)) if target else None
    return None


def _linked(first: Ask, url: str) -> Ask:
    """The request for a page elsewhere; what was declared for one host goes to no other."""
    headers = first.headers if same_origin(first.url, url) else {}
    return replace(first, url=url, query={}, headers=headers)


def _with(ask: Ask, paging: _Param, name: str, value: object) -> Ask:
    if paging.place == "query":
        return replace(ask, query={**ask.query, name: str(value)})
    return replace(ask, body={**_object(ask.body), name: value})


def _object(body: object) -> dict[str, object]:
    return dict(body) if isinstance(body, dict) else {}


def _target(paging: LinkPaging, page: Page) -> str:
    if paging.next is not None:
        found = _found(paging.next, page.document)
        return found if isinstance(found, str) else ""
    for url, params in _LINK.findall(page.answer.headers.get("link", "")[:_LONGEST]):
        if re.search(r'rel\s*=\s*"?([^";]*\s)?next(\s[^";]*)?"?\s*(;|$)', params):
            return str(url)
    return ""


def _number(path: str | None, document: object) -> int | None:
    found = _found(path, document) if path else None
    if isinstance(found, str) and found.isascii() and found.isdigit():
        return int(found[:12])
    return int(found) if isinstance(found, (int, Decimal)) and not isinstance(found, bool) else None


def _found(path: str, document: object) -> object:
    return search(jmespath.compile(path), path, document)


def search(compiled: jmespath.parser.ParsedResult, path: str, document: object) -> object:
    """What an expression finds in an answer; PermanentSourceError when it cannot be applied."""
    try:
        found: object = compiled.search(document)
    except jmespath.exceptions.JMESPathError:
        raise _inapplicable(path) from None
    return found


def _inapplicable(path: str) -> PermanentSourceError:
    return PermanentSourceError(
        f"the expression {path!r} cannot be applied to the answer",
        code="bad_answer_path",
        path=path,
    )
