"""The HTTP client that runs get: guarded addresses, verified certificates, masked messages."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import certifi
import httpcore
import httpx

from ioc.errors import PermanentSourceError
from ioc.ingest.guard import Deadline, Guard, GuardedBackend
from ioc.ingest.secrets import Masks


class _GuardedTransport(httpx.HTTPTransport):
    """httpx over a pool that connects through the guard."""

    def __init__(self, guard: Guard, context: ssl.SSLContext) -> None:
        super().__init__(verify=context, trust_env=False)
        self._deadline = Deadline()
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=8,
            keepalive_expiry=10,
            retries=0,
            network_backend=GuardedBackend(guard, self._deadline),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._deadline.set(request.extensions.get("deadline"))
        return super().handle_request(request)


class _Client(httpx.Client):
    """A client that knows its guard, and which texts its messages must not show."""

    guard: Guard
    masks: Masks


def open_client(
    allowed: Iterable[str] = (),
    *,
    secrets: Iterable[str] = (),
    declared: Iterable[str] | None = None,
    ca_file: Path | None = None,
    certificate: Path | None = None,
    key: Path | None = None,
    guard: Guard | None = None,
) -> httpx.Client:
    """A client that connects to public addresses and those on the list `allowed` only.

    With `declared`, it connects to these hosts only. Certificates are always verified, against
    the system's authorities and those of `ca_file`; `certificate` and `key` (PEM) are shown to
    servers that ask who is calling. Proxies of the environment are not used: they would connect
    in place of the guard. Texts of `secrets` show in no message.
    Raises PermanentSourceError for a certificate's file that cannot be used.
    """
    for name in ("httpx", "httpcore"):
        # These loggers write whole addresses, with the tokens in their queries.
        logging.getLogger(name).setLevel(logging.WARNING)
    guard = guard or Guard(allowed, declared=declared)
    context = _context(*(_stamped(one) for one in (ca_file, certificate, key)))
    transport = _GuardedTransport(guard, context)
    client = _Client(transport=transport, trust_env=False, follow_redirects=False)
    client.guard = guard
    client.masks = Masks(secrets)
    return client


def masks_of(client: httpx.Client) -> Masks:
    """What this client keeps from showing; one that was made elsewhere gets nothing to hide."""
    if not isinstance(getattr(client, "masks", None), Masks):
        # A plain httpx client (a test's, an add-on's) declares no such attribute, but can carry it.
        client.masks = Masks()  # type: ignore[attr-defined]
    found: Masks = client.masks  # type: ignore[attr-defined]
    return found


def guard_of(client: httpx.Client) -> Guard | None:
    """The guard of a client made by `open_client`, for protocols other than HTTP."""
    return getattr(client, "guard", None)


_Stamp = tuple[Path, int]


def _stamped(path: Path | None) -> _Stamp | None:
    """A file and when it was written: a certificate that was renewed is read again."""
    if path is None:
        return None
    try:
        return path, path.stat().st_mtime_ns
    except OSError as error:
        raise _unusable(path, error) from None


@lru_cache(maxsize=64)
def _context(
    ca_file: _Stamp | None, certificate: _Stamp | None, key: _Stamp | None
) -> ssl.SSLContext:
    """The authorities trusted; kept, because reading hundreds of them costs more than a run."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file[0])
        except OSError as error:
            raise _unusable(ca_file[0], error) from None
    if certificate is not None:
        try:
            # An empty password: without one OpenSSL would ask at the terminal.
            context.load_cert_chain(certificate[0], key[0] if key else None, password="")
        except OSError as error:
            raise _unusable(certificate[0], error) from None
    return context


def _unusable(path: Path, error: OSError) -> PermanentSourceError:
    reason = (error.reason if isinstance(error, ssl.SSLError) else "") or type(error).__name__
    return PermanentSourceError(
        f"{path.name}: the certificate's file cannot be used ({reason})",
        code="certificate_file",
        file=path.name,
        reason=reason,
    )
