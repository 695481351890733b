"""What can go wrong between here and a source, each as the error that says who can mend it."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx

from ioc.errors import IocError, PermanentSourceError, SourceError, TransientSourceError
from ioc.ingest.body import shown

_Error = TypeVar("_Error", bound=IocError)


def masked(error: _Error, secrets: Iterable[str]) -> _Error:
    """The error with every secret text starred out, in place."""
    for secret in secrets:
        error.args = tuple(str(one).replace(secret, "***") for one in error.args)
        error.params = {
            name: one.replace(secret, "***") if isinstance(one, str) else one
            for name, one in error.params.items()
        }
    return error


def checked_url(url: str) -> httpx.URL:
    """The address, when it is http or https without a user name; else PermanentSourceError."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        raise PermanentSourceError("the address is none", code="bad_url", url="–") from None
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.userinfo:
        raise PermanentSourceError(
            f"{shown(parsed)}: only http and https, without a user name in the address",
            code="bad_url",
            url=shown(parsed),
        )
    return parsed


def refusal(url: httpx.URL, code: str, **params: object) -> PermanentSourceError:
    """An answer that is refused, under the sentence `code`."""
    return PermanentSourceError(
        f"{shown(url)}: {code} {params.get('status', '')}".strip(),
        code=code,
        url=shown(url),
        **params,
    )


def connection_error(error: httpx.HTTPError, url: httpx.URL) -> SourceError:
    """A failed connection; a certificate that is not trusted is for a person to see."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            code = _CERTIFICATES.get(cause.verify_code, "certificate")
            message = f"{shown(url)}: the certificate is not trusted: {cause.verify_message}"
            params = {"reason": cause.verify_message} if code == "certificate" else {}
            return PermanentSourceError(message, code=code, url=shown(url), **params)
        if isinstance(cause, ssl.SSLError) and "CERTIFICATE" in (cause.reason or "").upper():
            # The server's alert about ours: none shown, an unknown one, one that ran out.
            return PermanentSourceError(
                f"{shown(url)}: the server does not take this side's certificate ({cause.reason})",
                code="certificate_wanted",
                url=shown(url),
            )
        cause = cause.__cause__ or cause.__context__
    return TransientSourceError(
        f"{shown(url)}: no connection ({type(error).__name__})",
        code="no_connection",
        url=shown(url),
    )


_CERTIFICATES = {
    9: "certificate_early",
    10: "certificate_expired",
    18: "certificate_self_signed",
    19: "certificate_self_signed",
    62: "certificate_name",
    64: "certificate_name",
}
"""OpenSSL's codes for what is wrong with a certificate, and the sentence for each."""


def exchange_error(response: httpx.Response) -> SourceError | None:
    """What an X-Road security server says went wrong, by its header; None when it says nothing.

    The header's code is shown and nothing of the body: that may hold anything.
    """
    given = response.headers.get("x-road-error", "").strip()
    if not given:
        return None
    fault = given if _FAULT.match(given) else "?"
    code = next((name for end, name in _FAULTS.items() if fault.endswith(end)), "xroad_failed")
    message = f"{shown(response.url)}: the exchange answered {fault}"
    url = shown(response.url)
    if code != "xroad_failed" or fault.startswith("Client."):
        return PermanentSourceError(message, code=code, url=url, fault=fault)
    return TransientSourceError(message, code=code, url=url, fault=fault)


_FAULT = re.compile(r"^[A-Za-z0-9_.-]{1,120}$")
_FAULTS = {
    "AccessDenied": "xroad_denied",
    "ServiceDisabled": "xroad_disabled",
    "UnknownMember": "xroad_unknown",
    "UnknownService": "xroad_unknown",
}


def retry_after(response: httpx.Response, now: Callable[[], datetime]) -> float | None:
    """What the source asked to wait, in seconds: a number or a date; None when it did not."""
    text = response.headers.get("retry-after", "").strip()
    if text.isdigit() and text.isascii():
        return float(min(int(text[:9]), 86_400))
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now()).total_seconds(), 0.0), 86_400.0)
