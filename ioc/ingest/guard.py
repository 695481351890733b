"""The address guard: which hosts may be read from, decided for the address connected to."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpcore

from ioc.errors import PermanentSourceError, TransientSourceError

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], list[str]]
_NUMERIC = re.compile(r"^(0x[0-9a-f]*|[0-9]+)$")
_NAT64 = ip_network("64:ff9b::/96")


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host name, as the system knows them; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class Guard:
    """Says which addresses may be connected to.

    Public addresses may; addresses of this machine, private networks, link-local, multicast and
    reserved ones only when the host or `host:port` stands on the administrator's list `allowed`.
    With `declared`, no other host than these may be connected to at all, public ones included.
    """

    def __init__(
        self,
        allowed: Iterable[str] = (),
        resolver: Resolver = resolve,
        declared: Iterable[str] | None = None,
    ) -> None:
        self._allowed = frozenset(_entry(one) for one in allowed)
        self._declared = None if declared is None else frozenset(_entry(one) for one in declared)
        self._resolver = resolver

    def check(self, host: str, port: int) -> list[str]:
        """The addresses of `host` that may be connected to, each checked.

        Raises PermanentSourceError when one of them is refused: a name that has both public and
        private addresses is an attempt. Raises TransientSourceError when the name is not known.
        """
        name = _normal(host)
        spelled = {name, f"{_bracketed(name)}:{port}"}
        if self._declared is not None and not spelled & self._declared:
            raise PermanentSourceError(
                f"{host} is not among the hosts that the source declares",
                code="host_undeclared",
                host=host,
            )
        listed = bool(spelled & self._allowed)
        literal = _literal(name)
        if literal is None and _NUMERIC.match(name.rsplit(".", 1)[-1]):
            raise _refused(host, port)
        if literal is not None:
            found = [str(literal)]
        else:
            try:
                found = self._resolver(name, port)
            except (OSError, UnicodeError) as error:
                raise TransientSourceError(
                    f"the name {host} is not known", code="unknown_host", host=host
                ) from error
        if not found:
            raise TransientSourceError(
                f"the name {host} has no address", code="unknown_host", host=host
            )
        if not listed and not all(is_public(ip_address(one.split("%")[0])) for one in found):
            raise _refused(host, port)
        return found


def is_public(address: Address) -> bool:
    """True for addresses of the public network, also seen through the IPv4 they may carry."""
    if isinstance(address, IPv6Address):
        carried = address.ipv4_mapped or address.sixtofour
        if address.teredo is not None:
            carried = address.teredo[1]
        if address in _NAT64:
            carried = IPv4Address(int(address) & 0xFFFFFFFF)
        if carried is not None and not is_public(carried):
            return False
        if address.ipv4_mapped is not None:
            return True
    return address.is_global and not (
        address.is_multicast or address.is_unspecified or address.is_reserved
    )


def _normal(host: str) -> str:
    """A host as it is connected to: small letters, Vietnamese ones in their ASCII form."""
    name = host.strip().lower().rstrip(".").removeprefix("[").removesuffix("]")
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _entry(given: str) -> str:
    """An entry of the allow-list: a host, or `host:port` with IPv6 addresses in brackets."""
    text = given.strip().lower()
    return text if "]:" in text else _normal(text)


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name else name


def _literal(name: str) -> Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None


def _refused(host: str, port: int) -> PermanentSourceError:
    return PermanentSourceError(
        f"{host}:{port} is an address of this machine or of a private network and not allowed",
        code="address_refused",
        host=f"{host}:{port}",
    )


class Deadline:
    """The moment by which the request of the running thread must be over."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._local = threading.local()

    def set(self, moment: float | None) -> None:
        """Set it for this thread, in seconds of the clock; None lifts it."""
        self._local.moment = moment

    def left(self, timeout: float | None) -> float | None:
        """What remains, at most `timeout`; raises TransientSourceError when nothing does."""
        moment: float | None = getattr(self._local, "moment", None)
        if moment is None:
            return timeout
        left = moment - self._clock()
        if left <= 0:
            raise too_slow()
        return left if timeout is None else min(left, timeout)


def too_slow() -> TransientSourceError:
    """The error of a source that did not finish in time."""
    return TransientSourceError("the source did not finish in time", code="too_slow")


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to the very address that was checked, so that a name cannot change in between."""

    def __init__(self, guard: Guard, deadline: Deadline) -> None:
        self._guard = guard
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Check the host, then connect to its first address that answers."""
        addresses = self._guard.check(host, port)
        for at, address in enumerate(addresses):
            try:
                stream = self._plain.connect_tcp(
                    address, port, self._deadline.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if at == len(addresses) - 1:
                    raise
            else:
                return _TimedStream(stream, self._deadline)
        raise httpcore.ConnectError(f"{host} has no address")

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Refused: a source is never a local socket."""
        raise _refused(path, 0)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._plain.sleep(seconds)


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every step ends at the request's deadline: a byte a second is cut too."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: object,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secure = self._stream.start_tls(
            ssl_context,  # type: ignore[arg-type]
            server_hostname,
            self._deadline.left(timeout),
        )
        return _TimedStream(secure, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
