"""CSV and XLSX files that people put into a folder; each file is one run, then moved aside."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ioc.errors import PermanentSourceError, SourceError
from ioc.ingest.connector import Batch, Outcome, Payload, Reach, Record, Rejected, Tools
from ioc.ingest.drop import inside, move_aside, read_file, safe_name, settled, stable_files
from ioc.ingest.remote import Remote, opened
from ioc.ingest.report import FILE_PLACE, report_text
from ioc.ingest.sheets import FileRefused, Limits
from ioc.ingest.table import Columns
from ioc.ingest.tabular import MEDIA, Form, file_records

_UNPACKED = 10
"""How many times the limit a workbook may measure when it is unpacked."""
_log = logging.getLogger("ioc.run")
_FETCHED = "fetched last"
_AT_ONCE = 5_000
"""Records that are read before the run goes on; a larger file is read row by row."""
_Taken = Iterable[Record | Rejected]


class FileDropConfig(BaseModel):
    """Which folder is watched and how its tables look."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: str | None = Field(
        default=None,
        min_length=1,
        description="Watched folder inside the home directory; processed/ and rejected/ are made "
        "in it.",
    )
    remote: Remote | None = Field(
        default=None, description="A folder on an SFTP server, watched instead."
    )
    patterns: tuple[str, ...] = Field(
        default=("*.csv", "*.xlsx"), description="Names of the files that are read."
    )
    format: Literal["table", "workbook", "sheets_766"] = Field(
        default="table",
        description="table: one heading row and the columns named here; workbook: the template "
        "with the sheets meta and data; sheets_766: the three summary sheets of provinces.",
    )
    columns: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="Of a table: short name and its heading, or several possible headings; the "
        "row that has all of them, within the first 30 rows, is the header.",
    )
    optional: tuple[str, ...] = Field(default=(), description="Columns that may be absent.")
    header_rows: Literal[1, 2, 3] = Field(
        default=1,
        description="Rows of the header; 2 or 3 where merged headings stand above the real ones "
        "and a column is named by both, such as Năm 2026 / Tử số.",
    )
    sheet: str | None = Field(
        default=None, description="Name of the sheet; the first with the header if not given."
    )
    separator: Literal["auto", ";", ",", "tab"] = Field(
        default="auto", description="What stands between the cells of a CSV file."
    )
    encoding: Literal["utf-8", "windows-1258", "auto"] = Field(
        default="utf-8",
        description="How a CSV file encodes letters; utf-8 with or without byte order mark. auto "
        "takes UTF-8 and refuses what is surely something else.",
    )
    stt: str | None = Field(
        default=None,
        description="Heading of the running number; rows numbered I, II, III or A, B are groups "
        "and passed over.",
    )
    skip: tuple[str, ...] = Field(
        default=(),
        description="Regular expressions; a row whose first text matches one is passed over.",
    )
    fill_down: tuple[str, ...] = Field(
        default=(), description="Columns whose blank cells mean: as above (merged downwards)."
    )
    total: str | None = Field(
        default=None,
        description="Regular expression; a row whose first text matches is the totals row: no "
        "unit, only compared with the sum of the rows.",
    )
    summed: tuple[str, ...] = Field(
        default=(),
        description="Columns in which the totals row must be the sum of the rows; a difference "
        "is told and both stay visible.",
    )
    fields: dict[str, str] = Field(
        default_factory=dict,
        description='Fields that every record gets besides, such as ma_tinh: "38".',
    )
    settle: float = Field(
        default=1,
        ge=0,
        le=60,
        description="Seconds for which size and time of a file must stay the same before it is "
        "read.",
    )
    megabytes: float = Field(
        default=50,
        gt=0,
        le=500,
        description="Largest file in megabytes; a workbook may unpack to ten times as much.",
    )
    rows: int = Field(
        default=200_000,
        ge=1,
        le=5_000_000,
        description="Most rows of a sheet; large files are read row by row.",
    )

    @field_validator("folder")
    @classmethod
    def _relative(cls, given: str | None) -> str | None:
        if given is None:
            return None
        parts = Path(given).parts
        if Path(given).is_absolute() or ".." in parts or "\\" in given or not parts:
            raise ValueError("a folder inside the home directory, such as drop/bao-cao")
        return given

    @field_validator("columns", mode="before")
    @classmethod
    def _lists(cls, given: object) -> object:
        if isinstance(given, dict):
            return {key: [one] if isinstance(one, str) else one for key, one in given.items()}
        return given

    @field_validator("skip", "total")
    @classmethod
    def _patterns(cls, given: tuple[str, ...] | str | None) -> tuple[str, ...] | str | None:
        for one in [given] if isinstance(given, str) else given or ():
            try:
                re.compile(one)
            except re.error as error:
                raise ValueError(f"a regular expression ({error})") from None
        return given

    @field_validator("patterns")
    @classmethod
    def _endings(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        if not given or any(Path(one).suffix.lower() not in MEDIA or "/" in one for one in given):
            raise ValueError("names ending in .csv or .xlsx")
        return given

    @model_validator(mode="after")
    def _known(self) -> FileDropConfig:
        if (self.folder is None) == (self.remote is None):
            raise ValueError("exactly one of folder, remote")
        if (self.format == "table") != bool(self.columns):
            raise ValueError("columns for format: table, and for no other")
        for name in (*self.optional, *self.fill_down, *self.summed):
            if name not in self.columns:
                raise ValueError(f"optional, fill_down and summed name columns; {name!r} is none")
        return self

    @property
    def form(self) -> Form:
        """How the files look."""
        columns = Columns(
            self.columns,
            frozenset(self.optional),
            self.header_rows,
            self.stt,
            tuple(re.compile(one, re.IGNORECASE) for one in self.skip),
            frozenset(self.fill_down),
            re.compile(self.total, re.IGNORECASE) if self.total else None,
            frozenset(self.summed),
        )
        limits = Limits(self.rows, int(self.megabytes * 2**20) * _UNPACKED)
        return Form(
            self.format, columns, self.sheet, self.separator, self.encoding, limits, self.fields
        )


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
    found: _Taken
    try:
        if content is None:
            raise FileRefused("file_too_large", megabytes=f"{config.megabytes:g}")
        found = _taken(config, name, content, tools)
    except FileRefused as refused:
        found = [Rejected(FILE_PLACE, refused.code, refused.params)]
    payload = Payload(safe_name(name), content or b"", MEDIA[Path(name).suffix.lower()])
    return Batch(found, [payload], more=more, receipt=name, watermark=watermark)


def _remote(config: FileDropConfig, remote: Remote, tools: Tools, limit: int) -> Batch:
    """The oldest file on the server that was not read yet."""
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


def _taken(config: FileDropConfig, name: str, content: bytes, tools: Tools) -> _Taken:
    """The records of a file: read at once where they are few, again and again where many."""
    known = tools.memory.get(_digest(content))
    if known is not None:
        return [Rejected(FILE_PLACE, known.code, known.params)]
    first = list(islice(file_records(config.form, name, content), _AT_ONCE + 1))
    return first if len(first) <= _AT_ONCE else _Streamed(config, name, content, tools)


class _Streamed:
    """The records of a large file, read anew each time they are asked for: memory stays bounded.

    A workbook that breaks after so many rows fails the run; nothing of it is taken in, and the
    next run refuses the file whole.
    """

    def __init__(self, config: FileDropConfig, name: str, content: bytes, tools: Tools) -> None:
        self._file = (config.form, name, content)
        self._memory = tools.memory

    def __iter__(self) -> Iterator[Record | Rejected]:
        try:
            yield from file_records(*self._file)
        except FileRefused as refused:
            _, name, content = self._file
            self._memory[_digest(content)] = refused
            raise PermanentSourceError(
                f"{safe_name(name)}: {refused.code}", code=refused.code, **refused.params
            ) from None


def _digest(content: bytes) -> str:
    return f"refused:{hashlib.sha256(content).hexdigest()}"


CONNECTOR = FileDrop()
