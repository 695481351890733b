"""A delivery of features over HTTP: one document, or page after page until all have come."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import parse_qsl, quote, urljoin, urlsplit, urlunsplit

from ioc.errors import PermanentSourceError, TransientSourceError
from ioc.ingest.asking import json_answer
from ioc.ingest.body import Answer
from ioc.ingest.connector import Tools
from ioc.ingest.geo_config import FromFeatures, FromUrl, FromWfs, GeoLimits
from ioc.ingest.geo_features import check_crs, features_in
from ioc.ingest.http import Ask

Web = FromUrl | FromWfs | FromFeatures

_TELLING = frozenset({400, 404, 422})
"""Statuses whose body says what was wrong with the request."""
_EXCEPTION = re.compile(r"<(?:\w+:)?(?:ExceptionReport|ServiceExceptionReport)\b")
_CODE = re.compile(r"""(?:exceptionCode|code)\s*=\s*["']([\w.\-]{1,60})["']""")
_WORDS = re.compile(r"<(?:\w+:)?(?:ExceptionText|ServiceException)\b[^>]{0,500}>([^<]{1,2000})<")
_LATER = frozenset({"NoApplicableCode", "OperationProcessingFailed", "ServerBusy"})
_LOOKED_AT = 64 * 1024
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Page:
    """One answer and the features in it."""

    answer: Answer
    features: list[object]


def pages(origin: Web, crs: str, limits: GeoLimits, tools: Tools) -> Iterator[Page]:
    """Every page of a delivery, in order.

    Raises SourceError, also when a service repeats a page, has more than the limits allow, or
    delivers fewer features than it announced: half a delivery is none.
    """
    following: Ask | None = _first(origin)
    seen, size, announced = 0, 0, None
    asked: set[str] = set()
    last = b""
    for number in range(1, limits.pages + 2):
        if following is None:
            break
        if number > limits.pages:
            raise PermanentSourceError(
                f"more than {limits.pages} pages", code="too_many_pages", limit=limits.pages
            )
        answer = origin.ask(following, tools)
        size += len(answer.content)
        if size > limits.bytes:
            raise PermanentSourceError(
                f"the pages are larger than {limits.bytes} bytes",
                code="too_large_answer",
                megabytes=f"{limits.megabytes:g}",
            )
        document = _document(answer)
        features = features_in(document, crs, answer.label)
        if named := answer.headers.get("content-crs"):
            check_crs(named, crs, answer.label)
        if features and answer.content == last:
            raise _repeated(answer)
        last = answer.content
        seen += len(features)
        if seen > limits.features:
            raise PermanentSourceError(
                f"more than {limits.features} features",
                code="too_many_features",
                limit=limits.features,
            )
        announced = _announced(document) if number == 1 or announced is None else announced
        yield Page(answer, features)
        following = _next(origin, following, answer, document, seen, len(features), announced)
        if following is not None:
            mark = repr((following.url, sorted(following.query.items())))
            if mark in asked:
                raise _repeated(answer)
            asked.add(mark)
    if announced is not None and seen != announced and not isinstance(origin, FromUrl):
        # Something came or went between two pages; the next run sees one state of it.
        raise TransientSourceError(
            f"{announced} features announced, {seen} delivered",
            code="features_short",
            announced=announced,
            delivered=seen,
        )


def _first(origin: Web) -> Ask:
    own = {name: str(value) for name, value in origin.query.items()}
    url, given = _apart(origin.url)
    query = given | own
    if isinstance(origin, FromFeatures):
        url = f"{url.rstrip('/')}/collections/{quote(origin.collection, safe='')}/items"
        query["limit"] = str(origin.page)
        query.setdefault("f", "json")
        if origin.bbox is not None:
            query["bbox"] = ",".join(f"{one:g}" for one in origin.bbox)
        if origin.datetime is not None:
            query["datetime"] = origin.datetime
    elif isinstance(origin, FromWfs):
        query |= {
            "service": "WFS",
            "version": "2.0.0",
            "request": "GetFeature",
            "typeNames": origin.layer,
            "outputFormat": origin.output,
        }
        if origin.srs is not None:
            query["srsName"] = origin.srs
        if origin.bbox is not None:
            query["bbox"] = origin.bbox
        if origin.page:
            query |= {"count": str(origin.page), "startIndex": "0"}
    accept = {"Accept": "application/geo+json, application/json"}
    return Ask("GET", url, accept | origin.headers, query, answers=_TELLING)


def _next(
    origin: Web,
    asked: Ask,
    answer: Answer,
    document: object,
    seen: int,
    count: int,
    announced: int | None,
) -> Ask | None:
    if isinstance(origin, FromFeatures):
        target = _link(document)
        if target is None:
            return None
        url, query = _apart(urljoin(answer.url, target))
        # What was declared for one server (tokens, keys) is nobody else's business.
        headers = asked.headers if _server(url) == _server(origin.url) else {}
        return replace(asked, url=url, query=query, headers=headers)
    if isinstance(origin, FromUrl) or not origin.page or not count:
        return None
    if announced is not None and seen >= announced:
        return None
    # Without a total only an empty page tells the end: a service may give fewer than asked for.
    return replace(asked, query={**asked.query, "startIndex": str(seen)})


def _link(document: object) -> str | None:
    links = document.get("links") if isinstance(document, dict) else None
    found = [
        one
        for one in (links if isinstance(links, list) else [])
        if isinstance(one, dict) and one.get("rel") == "next" and isinstance(one.get("href"), str)
    ]
    # Of several, the one that is GeoJSON like the page itself.
    found.sort(key=lambda one: "json" not in str(one.get("type", "json")))
    return str(found[0]["href"]) if found else None


def _announced(document: object) -> int | None:
    if not isinstance(document, dict):
        return None
    for name in ("numberMatched", "totalFeatures"):
        given = document.get(name)
        if isinstance(given, int) and not isinstance(given, bool) and given >= 0:
            return given
        if isinstance(given, str) and given.isdigit() and given.isascii():
            return int(given[:18])
    return None


def _document(answer: Answer) -> object:
    """The JSON of an answer; a service's own report of what was wrong becomes the error."""
    start = answer.content[:_LOOKED_AT].lstrip()
    if start[:1] == b"<":
        told = told_by(start.decode("utf-8", "replace"))
        if told is not None:
            raise _exception(answer, *told)
    document = json_answer(answer)
    if answer.status >= 400:
        found: Mapping[str, object] = document if isinstance(document, dict) else {}
        words = str(found.get("description") or found.get("detail") or found.get("title") or "")
        raise _exception(answer, str(found.get("code") or answer.status)[:60], _line(words))
    return document


def told_by(text: str) -> tuple[str, str] | None:
    """(code, words) of a service's exception report in XML; None when it is none.

    The report is searched as text: nothing in it is parsed, expanded or fetched.
    """
    if not _EXCEPTION.search(text):
        return None
    code, words = _CODE.search(text), _WORDS.search(text)
    return (code[1] if code else "–", _line(words[1]) if words else "–")


def _line(words: str) -> str:
    """The first line of what a service says, without what could be a trace of its program."""
    lines = unescape(words).strip().splitlines()
    clean = "".join(one for one in (lines[0] if lines else "") if one.isprintable())
    return clean.strip()[:_SHOWN] or "–"


def _exception(
    answer: Answer, code: str, words: str
) -> PermanentSourceError | TransientSourceError:
    kind = TransientSourceError if code in _LATER else PermanentSourceError
    return kind(
        f"{answer.label}: {code}: {words}",
        code="service_exception",
        url=answer.label,
        kind=code,
        reason=words,
    )


def _repeated(answer: Answer) -> PermanentSourceError:
    return PermanentSourceError(
        f"{answer.label}: a page came again", code="page_repeated", url=answer.label
    )


def _apart(url: str) -> tuple[str, dict[str, str]]:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query="", fragment="")), dict(
        parse_qsl(parts.query, keep_blank_values=True)
    )


def _server(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()
