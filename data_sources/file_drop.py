"""CSV and XLSX files that people put into a folder; each file is one run, then moved aside."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel

from ioc.errors import PermanentSourceError, SourceError
from ioc.ingest.connector import Batch, Outcome, Payload, Reach, Record, Rejected, Tools
from ioc.ingest.drop import inside, move_aside, read_file, safe_name, settled, stable_files
from ioc.ingest.drop_config import FileDropConfig
from ioc.ingest.remote_config import Remote
from ioc.ingest.report import FILE_PLACE, report_text
from ioc.ingest.sheets import FileRefused
from ioc.ingest.streamed import Taken, taken
from ioc.ingest.tabular import MEDIA, file_records

_log = logging.getLogger("ioc.run")
_FETCHED = "fetched last"


class FileDrop:
    """The connector."""

    name: ClassVar[str] = "file_drop"
    Config: ClassVar[type[BaseModel]] = FileDropConfig
    EXAMPLE: ClassVar[str] = """
        name: so-lieu-cac-so
        title: {vi: "Số liệu các sở gửi theo mẫu", en: "Workbooks from departments"}
        connector: file_drop
        illustrative: false
        schedule: {every: 5m}
        config:
          folder: drop/so-lieu-cac-so
          format: workbook
          patterns: ["*.xlsx"]
        mapping:
          locale: vi
          unit: {code: ma_don_vi, system: nso, pad: 2}
          period: {field: _period, grains: [month, quarter, half, year]}
          values:
            - indicator: {field: ma_chi_tieu}
              numerator: tu_so
              denominator: mau_so
              value: gia_tri
        contract:
          required: [ma_don_vi, ma_chi_tieu]
        """

    def reach(self, config: FileDropConfig, home: Path) -> Reach:
        """The SFTP server, and no other host."""
        return Reach((config.remote.host,)) if config.remote else Reach()

    def fetch(self, config: FileDropConfig, tools: Tools) -> Batch:
        """The oldest file that is waiting; an empty batch when there is none.

        A file that cannot be read is a batch of one rejection. Raises PermanentSourceError when
        the folder leads out of the home directory.
        """
        limit = int(config.megabytes * 2**20)
        if config.remote is not None:
            return _remote(config, config.remote, tools, limit)
        folder = _folder(config, tools)
        waiting = stable_files(folder, config.patterns, config.settle, tools.sleep)
        if not waiting:
            return Batch((), ())
        name = waiting[0]
        with _reading(name):
            content = read_file(folder, name, limit)
        return _batch(config, name, content, tools, more=len(waiting) > 1)

    def finish(self, config: FileDropConfig, batch: Batch, outcome: Outcome, tools: Tools) -> None:
        """Move the file aside with its report, once what it said was committed."""
        name = batch.receipt
        if not outcome.committed or not name:
            return
        good = outcome.readings + outcome.held > 0 or not outcome.rejected
        into = "processed" if good else "rejected"
        report = report_text(safe_name(name), outcome, tools.now())
        if config.remote is None:
            move_aside(_folder(config, tools), name, into, report)
        elif config.remote.after == "keep" or not _moved(config.remote, name, into, report, tools):
            # A file that stays must not hide the others.
            left = tools.memory.get(_FETCHED)
            tools.memory.setdefault(_left(tools), set()).update(left[1:] if left else ())

    def reread(self, config: FileDropConfig, payload: Payload) -> list[Record | Rejected]:
        """The records of a kept file, as the run that took it in read them."""
        try:
            return list(file_records(config.form, payload.label, payload.content))
        except FileRefused as refused:
            return [Rejected(FILE_PLACE, refused.code, refused.params)]


def _batch(
    config: FileDropConfig,
    name: str,
    content: bytes | None,
    tools: Tools,
    *,
    more: bool,
    watermark: str | None = None,
) -> Batch:
    found: Taken
    try:
        if content is None:
            raise FileRefused("file_too_large", megabytes=f"{config.megabytes:g}")
        found = taken(config.form, name, content, tools.memory, tools.deadline)
    except FileRefused as refused:
        found = [Rejected(FILE_PLACE, refused.code, refused.params)]
    payload = Payload(safe_name(name), content or b"", MEDIA[Path(name).suffix.lower()])
    return Batch(found, [payload], more=more, receipt=name, watermark=watermark)


def _remote(config: FileDropConfig, remote: Remote, tools: Tools, limit: int) -> Batch:
    """The oldest file on the server that was not read yet."""
    from ioc.ingest.remote import opened  # its driver is loaded only where it is needed

    with opened(remote, tools) as folder:
        seen = settled(lambda: folder.look(config.patterns), config.settle, tools.sleep)
        known: set[str] = set(tools.memory.get(_left(tools), ()))
        if remote.after == "keep":
            rules, _, before = (tools.watermark or "").partition(":")
            known.update(before.split() if rules == _rules(tools) else ())
        waiting = [name for name, about in seen.items() if _mark(name, about) not in known]
        if not waiting:
            return Batch((), ())
        name = waiting[0]
        with _reading(name):
            content = folder.read(name, seen[name], limit)
    tools.memory[_FETCHED] = (name, _mark(name, seen[name]))
    kept: str | None = None
    if remote.after == "keep" and tools.span is None:
        # Filling a gap starts without what is remembered, and must not make it forgotten.
        there = {_mark(one, about) for one, about in seen.items()}
        marks = sorted((known & there) | {_mark(name, seen[name])})
        kept = f"{_rules(tools)}:{' '.join(marks)}"
    return _batch(config, name, content, tools, more=len(waiting) > 1, watermark=kept)


def _moved(remote: Remote, name: str, into: str, report: str, tools: Tools) -> bool:
    """Move the file aside on the server; where that fails, what it said stays taken in."""
    from ioc.ingest.remote import opened

    try:
        with opened(remote, tools) as folder:
            folder.aside(name, into, report)
    except SourceError as error:
        _log.warning("%s: %s stays where it is: %s", remote.where, safe_name(name), error)
        return False
    return True


def _rules(tools: Tools) -> str:
    """How records are read now, in short: by other rules every file is read again."""
    return hashlib.sha256(tools.rules.encode()).hexdigest()[:16]


def _left(tools: Tools) -> str:
    """Under which name this process remembers the files that stay on the server."""
    return f"left on the server {tools.rules}"


def _mark(name: str, about: tuple[int, int]) -> str:
    """How a file is remembered: by name, size and time."""
    return hashlib.sha256(f"{name}\n{about[0]}\n{about[1]}".encode()).hexdigest()[:16]


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise PermanentSourceError(
            f"{safe_name(name)}: {reason}",
            code="file_unreadable",
            file=safe_name(name),
            reason=reason,
        ) from None


def _folder(config: FileDropConfig, tools: Tools) -> Path:
    folder = inside(tools.home, config.folder or "")
    if folder is None:
        raise PermanentSourceError(
            f"{config.folder} leads out of the home directory",
            code="folder_outside",
            folder=config.folder or "",
        )
    return folder


__all__ = ["CONNECTOR", "FileDropConfig"]
CONNECTOR = FileDrop()
