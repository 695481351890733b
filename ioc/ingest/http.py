"""The one HTTP client: every request with deadlines, limits, retries and a checked address."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urljoin

import httpx

from ioc.errors import SourceError, TransientSourceError
from ioc.ingest.body import Answer, read_body, read_json, shown
from ioc.ingest.client import masks_of, open_client
from ioc.ingest.guard import too_slow
from ioc.ingest.http_errors import (
    checked_url,
    connection_error,
    exchange_error,
    masked,
    refusal,
    retry_after,
)

__all__ = [
    "Answer", "Ask", "Limits", "Retry", "ask", "open_client", "read_json", "same_origin", "shown",
]  # fmt: skip

_AGENT = "intelligent-operations-center"
_HOPS = 5
_REFUSED = (401, 403, 407)
_LATER = (408, 425, 429)
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to connect, for one read, and for one request in all; bytes of the answer."""

    connect: float = 5
    read: float = 20
    total: float = 60
    size: int = 50 * 2**20


@dataclass(frozen=True, slots=True)
class Retry:
    """How often to try, the first pause, and the longest one waited for within a run (seconds)."""

    attempts: int = 3
    first: float = 0.5
    longest: float = 20


@dataclass(frozen=True, slots=True)
class Ask:
    """One request; gaps are filled. `body` is sent as JSON, `form` as a form's fields.

    `answers` are statuses beside 2xx whose body says what went wrong: they come back as an answer.
    The answer to a `confidential` request is itself a secret (a token) and is given as it came;
    in any other the client's secrets are starred out where the source repeats them.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    form: Mapping[str, str] | None = None
    answers: frozenset[int] = frozenset()
    confidential: bool = False


def ask(
    client: httpx.Client,
    request: Ask,
    *,
    limits: Limits | None = None,
    retry: Retry | None = None,
    deadline: float | None = None,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    chance: Callable[[], float] = random.random,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Answer:
    """Send a request, again after transient failures, and give the answer unpacked.

    `deadline` (of `clock`) bounds everything, pauses included. Raises TransientSourceError for
    time-outs, broken connections, 429 and 5xx, with `retry_after` where the source said it and
    it is longer than a run should wait; PermanentSourceError for everything a person must fix.
    """
    limits, retry = limits or Limits(), retry or Retry()
    masks = masks_of(client)
    for attempt in range(1, retry.attempts + 1):
        until = clock() + limits.total
        until = min(until, deadline) if deadline is not None else until
        try:
            answer = _follow(client, request, limits, until, clock, now)
            content = answer.content if request.confidential else masks.hide_in(answer.content)
            return replace(answer, label=shown(answer.url, masks), content=content)
        except TransientSourceError as error:
            pause = retry.first * 2 ** (attempt - 1) * (0.5 + chance())
            pause = max(pause, error.retry_after or 0)
            late = deadline is not None and clock() + pause >= deadline
            if attempt == retry.attempts or pause > retry.longest or late:
                raise masked(error, masks) from None
        except SourceError as error:
            raise masked(error, masks) from None
        sleep(pause)
    raise AssertionError("a retry needs at least one attempt")


def _follow(
    client: httpx.Client,
    request: Ask,
    limits: Limits,
    until: float,
    clock: Callable[[], float],
    now: Callable[[], datetime],
) -> Answer:
    """Send, and follow redirects by hand: each hop is a request checked like the first."""
    origin = current = checked_url(request.url)
    method, headers = request.method, dict(request.headers)
    body, form = request.body, request.form
    if request.query:
        # Not as `params`: those would take the place of a query that the address has already.
        current = current.copy_merge_params(request.query)
    for _ in range(_HOPS + 1):
        if clock() >= until:
            raise too_slow()
        try:
            sent = client.build_request(
                method,
                current,
                headers={"Accept": "application/json", "User-Agent": _AGENT, **headers}
                | {"Accept-Encoding": "gzip, deflate"},
                json=body,
                data=form,
                timeout=httpx.Timeout(limits.read, connect=limits.connect),
                extensions={"deadline": until},
            )
            with closing(client.send(sent, stream=True)) as response:
                if response.status_code not in _REDIRECTS:
                    return _answer(response, limits, until, clock, now, request.answers)
                target = response.headers.get("location", "")
        except httpx.TimeoutException:
            raise too_slow() from None
        except httpx.HTTPError as error:
            raise connection_error(error, current) from None
        following = _joined(current, target)
        if current.scheme == "https" and following.scheme == "http":
            raise refusal(current, "redirect_insecure")
        if _host(following) != _host(origin):
            if body is not None or form is not None:
                raise refusal(current, "redirect_away")
            # What was declared for one host (tokens, keys) is nobody else's business.
            headers = {}
        if response.status_code in (301, 302, 303) and method == "POST":
            method, body, form = "GET", None, None
        current = following
    raise refusal(origin, "redirect_loop")


def _joined(current: httpx.URL, target: str) -> httpx.URL:
    try:
        return checked_url(urljoin(str(current), target))
    except ValueError:
        raise refusal(current, "bad_url") from None


def same_origin(one: str, other: str) -> bool:
    """True when two addresses have scheme, host and port in common; never for a wrong one."""
    try:
        return _host(httpx.URL(one)) == _host(httpx.URL(other))
    except (httpx.InvalidURL, KeyError):
        return False


def _host(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host.lower(), url.port or {"http": 80, "https": 443}[url.scheme]


def _answer(
    response: httpx.Response,
    limits: Limits,
    until: float,
    clock: Callable[[], float],
    now: Callable[[], datetime],
    answers: frozenset[int],
) -> Answer:
    code, url = response.status_code, response.url
    failed = exchange_error(response)
    if failed is not None:
        raise failed
    if code in answers:
        pass
    elif code in _REFUSED:
        raise refusal(url, "http_refused", status=code)
    elif code in _LATER or code >= 500:
        raise TransientSourceError(
            f"{shown(url)} answered {code}",
            code="http_later",
            retry_after=retry_after(response, now),
            url=shown(url),
            status=code,
        )
    elif not 200 <= code < 300:
        raise refusal(url, "http_status", status=code)
    content = read_body(response, limits.size, until, clock)
    media = response.headers.get("content-type", "").split(";")[0].strip().lower()
    return Answer(str(url), shown(url), content, media, response.headers, code)
