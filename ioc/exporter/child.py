"""The drawing process as its parent sees it: started, asked, watched, ended with all it began."""

from __future__ import annotations

import base64
import contextlib
import errno
import logging
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

import ioc
from ioc.errors import DrawError
from ioc.exporter.drawn import Limits
from ioc.exporter.family import VARIABLE, Family, adopt

if TYPE_CHECKING:
    from ioc.exporter.documents import Serve

MODULE = "ioc.exports.drawer"
PREFIX = "ioc-drawing-"
LEAST_FREE = 16 * 2**20
"""Bytes that the temporary folder must have free: a browser writes its profile there."""
_PASSED = ("PATH", "LANG", "LC_", "TZ", "FONTCONFIG_", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
"""Beginnings of the variables that a child gets: none of them can be a secret."""
_LOOK = 0.2
"""Seconds between two looks at clock and memory."""
_LOG = logging.getLogger(__name__)


class Child:
    """One child process with a browser, in a session and a temporary folder of its own.

    Raises DrawError where it does not start. After any DrawError it must be ended.
    """

    def __init__(self, program: Path, limits: Limits, folder: Path | None) -> None:
        adopt()
        self._limits = limits
        self._place = folder or Path(tempfile.gettempdir())
        self._refuse_full_disk()
        try:
            self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
        except OSError as error:
            raise self._of_disk(error) from error
        self._reason: DrawError | None = None
        self._deadline: float | None = None
        self._ended = threading.Event()
        self._ending = threading.Lock()
        token = secrets.token_hex(16)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", MODULE, str(program)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=self.folder,
                env=self._environment(token),
                start_new_session=True,
            )
        except OSError as error:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise DrawError(str(error), code="not_started") from error
        self.family = Family(self._process.pid, token)
        threading.Thread(target=self._watch, name="drawing-watch", daemon=True).start()
        try:
            self._wait_ready()
        except DrawError:
            self.end()
            raise

    @property
    def pid(self) -> int:
        """The number of the child process."""
        return self._process.pid

    def _environment(self, token: str) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if name.startswith(_PASSED)}
        place = str(self.folder)
        homes = ("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")
        code = str(Path(ioc.__file__).parent.parent)
        return {**own, **dict.fromkeys(homes, place), "PYTHONPATH": code, VARIABLE: token}

    def _wait_ready(self) -> None:
        limits = self._limits
        late = DrawError("the browser did not start in time", code="not_started")
        with self._limited(limits.start, late):
            try:
                if "ready" not in self._line():
                    raise late
            except DrawError as error:
                if error.code != "crashed":
                    raise
                raise self._why(DrawError(str(error), code="not_started")) from error
        # Whoever is there now is known, even when it dies before the others are ended.
        self.family.members()

    def ask(self, message: dict[str, Any], serve: Serve) -> dict[str, Any]:
        """One picture; the page's requests are answered by `serve`. Raises DrawError."""
        seconds = self._limits.seconds
        late = DrawError(f"not drawn within {seconds:g} s", code="time", seconds=round(seconds))
        with self._limited(seconds, late):
            self._send(message)
            while True:
                told = self._line()
                if "need" in told:
                    answer = serve(told["need"])
                    body = base64.b64encode(answer.body).decode()
                    self._send(
                        {
                            "status": answer.status,
                            "media": answer.media,
                            "policy": answer.policy,
                            "kept": answer.kept,
                            "body": body,
                        }
                    )
                elif "failed" in told:
                    detail = str(told.get("detail") or told["params"].get("detail") or "")
                    found = DrawError(
                        f"{told['failed']}: {detail}"[:2000], code=told["failed"], **told["params"]
                    )
                    raise self._why(found) if found.code == "crashed" else found
                else:
                    return dict(told)

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(orjson.dumps(message) + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise self._why(DrawError(str(error), code="crashed")) from error

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        try:
            line = self._process.stdout.readline()
            found: dict[str, Any] = orjson.loads(line)
        except (OSError, ValueError) as error:
            ended = DrawError("the drawing process ended", code="crashed")
            raise self._why(ended) from error
        return found

    def _why(self, seen: DrawError) -> DrawError:
        """The cause behind a sudden end: our own limits, or a full disk."""
        if self._reason is not None:
            return self._reason
        if _free(self._place) < LEAST_FREE // 4:
            return DrawError(str(seen), code="disk")
        return seen

    def _refuse_full_disk(self) -> None:
        if _free(self._place) < LEAST_FREE:
            raise DrawError(f"{self._place}: no room for a browser", code="disk")

    def _of_disk(self, error: OSError) -> DrawError:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        return DrawError(str(error), code="disk" if full else "not_started")

    # --- limits ----------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _limited(self, seconds: float, late: DrawError) -> Any:
        """Within this time, or everything is ended and `late` is the reason."""
        self._late = late
        self._deadline = time.monotonic() + seconds
        try:
            yield
            if self._reason is not None:
                raise self._reason
        finally:
            self._deadline = None

    def _watch(self) -> None:
        """Ends everything when the time is up or the memory too much: needs no one's help."""
        limit = self._limits.megabytes
        while not self._ended.wait(_LOOK):
            deadline = self._deadline
            if deadline is not None and time.monotonic() > deadline:
                self._stop(self._late)
            elif (used := self.family.megabytes(limit)) > limit:
                said = f"{used:.0f} MB used, {limit} allowed"
                self._stop(DrawError(said, code="memory", megabytes=limit))

    def _stop(self, reason: DrawError) -> None:
        self._reason = reason
        _LOG.warning("drawing stopped: %s", reason)
        self._kill()

    def _kill(self) -> None:
        with self._ending:
            if self._ended.is_set():
                return
            left = self.family.end()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
            self._ended.set()
            if left:
                _LOG.error("processes of a drawing that do not end: %s", sorted(left))

    def end(self) -> None:
        """End every process and remove the temporary folder; may be called twice."""
        self._kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0
