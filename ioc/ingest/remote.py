"""A folder on another machine, watched by SFTP: fetched, never executed or followed elsewhere."""

from __future__ import annotations

import contextlib
import logging
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import paramiko

from ioc.errors import PermanentSourceError, SourceError, TransientSourceError
from ioc.ingest.connector import Tools
from ioc.ingest.drop import Seen, meant, safe_name
from ioc.ingest.guard import too_slow
from ioc.ingest.remote_config import Remote, declared_key, fingerprint
from ioc.ingest.wire import Cut, open_socket, seconds_left

_MOST_FILES = 20_000
_PIECE = 1 << 18
_TRIES = 1000
_RSA = ("rsa-sha2-512", "rsa-sha2-256")


class RemoteFolder:
    """The folder while it is open."""

    def __init__(self, remote: Remote, sftp: paramiko.SFTPClient) -> None:
        self._remote = remote
        self._sftp = sftp

    def look(self, patterns: tuple[str, ...]) -> Seen:
        """The files in it that are meant: name → (size, time); links and folders are no files."""
        found: Seen = {}
        try:
            for count, one in enumerate(self._sftp.listdir_iter(self._remote.folder)):
                if count >= _MOST_FILES:
                    raise PermanentSourceError(
                        f"{self._remote.where}: more than {_MOST_FILES} files",
                        code="sftp_many_files",
                        folder=self._remote.folder,
                        most=_MOST_FILES,
                    )
                name = one.filename
                if "/" not in name and meant(name, patterns) and stat.S_ISREG(one.st_mode or 0):
                    found[name] = (one.st_size or 0, int(one.st_mtime or 0))
        except (FileNotFoundError, PermissionError) as error:
            raise PermanentSourceError(
                f"{self._remote.where}: {self._remote.folder}: {error.strerror}",
                code="sftp_folder",
                folder=self._remote.folder,
                reason=error.strerror or type(error).__name__,
            ) from None
        return found

    def read(self, name: str, seen: tuple[int, int], limit: int) -> bytes | None:
        """The content of a file; None when it is larger than `limit`.

        Raises OSError when it is not the file any more that was seen.
        """
        if seen[0] > limit:
            return None
        path = self._path(name)
        if not stat.S_ISREG(self._sftp.lstat(path).st_mode or 0):
            raise OSError(0, "not a plain file")
        pieces: list[bytes] = []
        left = limit + 1
        with self._sftp.open(path, "rb") as stream:
            about = stream.stat()
            if (about.st_size or 0, int(about.st_mtime or 0)) != seen:
                raise OSError(0, "it is being written")
            stream.prefetch(seen[0], max_concurrent_requests=32)
            while left > 0 and (piece := stream.read(min(_PIECE, left))):
                pieces.append(piece)
                left -= len(piece)
        content = b"".join(pieces)
        if len(content) < seen[0]:
            raise OSError(0, "it is being written")
        return content if left > 0 else None

    def aside(self, name: str, into: str, report: str) -> None:
        """Move a file into a folder beside it, with its report; nothing is ever overwritten.

        Raises OSError where the account may not do that.
        """
        target = PurePosixPath(self._remote.folder) / into
        with contextlib.suppress(OSError):  # it is there already, or the next step says why not
            self._sftp.mkdir(str(target))
        clean = PurePosixPath(safe_name(name))
        for count in range(1, _TRIES):
            number = f"-{count}" if count > 1 else ""
            place = target / f"{clean.stem}{number}{clean.suffix}"
            if self._there(str(place)):
                continue
            beside = f"{place}.report.txt"
            if self._there(beside):
                continue
            with self._sftp.open(beside, "wx") as stream:
                stream.write(report.encode())
            # Not the renaming that overwrites: this one fails when the name was just taken.
            self._sftp.rename(self._path(name), str(place))
            return
        raise OSError(0, f"{target}/{clean}: every number is taken")

    def _there(self, path: str) -> bool:
        try:
            self._sftp.lstat(path)
        except FileNotFoundError:
            return False
        return True

    def _path(self, name: str) -> str:
        return str(PurePosixPath(self._remote.folder) / name)


@contextmanager
def opened(remote: Remote, tools: Tools) -> Iterator[RemoteFolder]:
    """The folder, reached at the checked address of a server that showed the declared key.

    Raises SourceError, also for what goes wrong while it is used.
    """
    # The library logs every refused log-in with its own traceback.
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)
    connect = seconds_left(tools.deadline, remote.connect)
    wire = open_socket(tools.guard, remote.host, remote.port, connect)
    with (
        contextlib.closing(wire),
        Cut(wire.fileno(), seconds_left(tools.deadline, remote.total)) as cut,
    ):
        try:
            transport = paramiko.Transport(wire)
            try:
                _enter(transport, remote, tools.home, connect)
                sftp = paramiko.SFTPClient.from_transport(transport)
                if sftp is None:
                    raise paramiko.SSHException("no SFTP")
                # Its stub allows None, which a client just made from a transport never gives.
                sftp.get_channel().settimeout(remote.read)  # type: ignore[union-attr]
                yield RemoteFolder(remote, sftp)
            finally:
                transport.close()
                transport.join(5)
        except SourceError:
            raise
        except (paramiko.SSHException, EOFError, OSError, UnicodeDecodeError) as error:
            if cut.fired:
                raise too_slow() from None
            reason = str(error)[:200] or type(error).__name__
            raise TransientSourceError(
                f"{remote.where}: {reason}", code="sftp_away", where=remote.where, reason=reason
            ) from None


def _enter(transport: paramiko.Transport, remote: Remote, home: Path, seconds: float) -> None:
    kind, matches = declared_key(remote.host_key)
    transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = seconds
    if kind:
        transport.get_security_options().key_types = _RSA if kind == "ssh-rsa" else (kind,)
    try:
        transport.start_client(timeout=seconds)
    except paramiko.SSHException as error:
        if "no acceptable host key" in str(error).lower():
            raise _other_key(remote, "–", "–") from None
        raise
    key = transport.get_remote_server_key()
    if not matches(key.asbytes()):
        raise _other_key(remote, key.get_name(), fingerprint(key.asbytes()))
    try:
        if remote.key_file:
            transport.auth_publickey(remote.user, _own_key(home / remote.key_file))
        else:
            transport.auth_password(remote.user, remote.password)
    except paramiko.AuthenticationException:
        raise PermanentSourceError(
            f"{remote.where} refuses the log-in of {remote.user}",
            code="sftp_login",
            where=remote.where,
            user=remote.user,
        ) from None


def _own_key(path: Path) -> paramiko.PKey:
    try:
        return paramiko.PKey.from_path(path)
    except (OSError, ValueError, TypeError, paramiko.SSHException) as error:
        # The file's content is in no message.
        raise PermanentSourceError(
            f"{path.name}: the key cannot be used ({type(error).__name__})",
            code="certificate_file",
            file=path.name,
            reason=type(error).__name__,
        ) from None


def _other_key(remote: Remote, kind: str, fingerprint: str) -> PermanentSourceError:
    return PermanentSourceError(
        f"{remote.where} shows the key {kind} {fingerprint}, not the declared one",
        code="sftp_host_key",
        where=remote.where,
        kind=kind,
        fingerprint=fingerprint,
    )
