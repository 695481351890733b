"""CSV and XLSX files that people put into a folder; each file is one run, then moved aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ioc.errors import PermanentSourceError
from ioc.ingest.connector import Batch, Outcome, Payload, Record, Rejected, Tools
from ioc.ingest.drop import inside, move_aside, read_file, safe_name, stable_files
from ioc.ingest.report import FILE_PLACE, report_text, row_place
from ioc.ingest.sheets import FileRefused, Sheet, csv_sheets, xlsx_sheets
from ioc.ingest.table import Columns, find_header, missing_headings, records

_UNPACKED = 10
"""How many times the limit a workbook may measure when it is unpacked."""
_MEDIA = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class FileDropConfig(BaseModel):
    """Which folder is watched and how its tables look."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: str = Field(min_length=1)
    patterns: tuple[str, ...] = ("*.csv", "*.xlsx")
    columns: dict[str, tuple[str, ...]] = Field(min_length=1)
    optional: tuple[str, ...] = ()
    header_rows: Literal[1, 2] = 1
    sheet: str | None = None
    separator: Literal["auto", ";", ",", "tab"] = "auto"
    encoding: Literal["utf-8", "windows-1258"] = "utf-8"
    stt: str | None = None
    skip: tuple[str, ...] = ()
    fill_down: tuple[str, ...] = ()
    settle: float = Field(default=1, ge=0, le=60)
    megabytes: float = Field(default=50, gt=0, le=500)
    rows: int = Field(default=200_000, ge=1, le=1_048_576)

    @field_validator("folder")
    @classmethod
    def _relative(cls, given: str) -> str:
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

    @field_validator("skip")
    @classmethod
    def _patterns(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for one in given:
            try:
                re.compile(one)
            except re.error as error:
                raise ValueError(f"a regular expression ({error})") from None
        return given

    @field_validator("patterns")
    @classmethod
    def _endings(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        if not given or any(Path(one).suffix.lower() not in _MEDIA or "/" in one for one in given):
            raise ValueError("names ending in .csv or .xlsx")
        return given

    @model_validator(mode="after")
    def _known(self) -> FileDropConfig:
        for name in (*self.optional, *self.fill_down):
            if name not in self.columns:
                raise ValueError(f"optional and fill_down name columns; {name!r} is none")
        return self

    @property
    def table(self) -> Columns:
        """What is looked for in a table."""
        return Columns(
            self.columns,
            frozenset(self.optional),
            self.header_rows,
            self.stt,
            tuple(re.compile(one, re.IGNORECASE) for one in self.skip),
            frozenset(self.fill_down),
        )


class FileDrop:
    """The connector."""

    name: ClassVar[str] = "file_drop"
    Config: ClassVar[type[BaseModel]] = FileDropConfig

    def fetch(self, config: FileDropConfig, tools: Tools) -> Batch:
        """The oldest file that is waiting; an empty batch when there is none.

        A file that cannot be read is a batch of one rejection. Raises PermanentSourceError when
        the folder leads out of the home directory.
        """
        folder = _folder(config, tools)
        waiting = stable_files(folder, config.patterns, config.settle, tools.sleep)
        if not waiting:
            return Batch((), ())
        name = waiting[0]
        limit = int(config.megabytes * 2**20)
        found: list[Record | Rejected]
        try:
            content = read_file(folder, name, limit)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise PermanentSourceError(
                f"{safe_name(name)}: {reason}",
                code="file_unreadable",
                file=safe_name(name),
                reason=reason,
            ) from None
        try:
            if content is None:
                raise FileRefused("file_too_large", megabytes=f"{config.megabytes:g}")
            found = list(_records(config, name, content))
        except FileRefused as refused:
            found = [Rejected(FILE_PLACE, refused.code, refused.params)]
        payload = Payload(safe_name(name), content or b"", _MEDIA[Path(name).suffix.lower()])
        return Batch(found, [payload], more=len(waiting) > 1, receipt=name)

    def finish(self, config: FileDropConfig, batch: Batch, outcome: Outcome, tools: Tools) -> None:
        """Move the file aside with its report, once what it said was committed."""
        name = batch.receipt
        if not outcome.committed or not name:
            return
        good = outcome.readings > 0 or not outcome.rejected
        report = report_text(safe_name(name), outcome, tools.now())
        move_aside(_folder(config, tools), name, "processed" if good else "rejected", report)

    def reread(self, config: FileDropConfig, payload: Payload) -> list[Record | Rejected]:
        """The records of a kept file, as the run that took it in read them."""
        try:
            return list(_records(config, payload.label, payload.content))
        except FileRefused as refused:
            return [Rejected(FILE_PLACE, refused.code, refused.params)]


def _folder(config: FileDropConfig, tools: Tools) -> Path:
    folder = inside(tools.home, config.folder)
    if folder is None:
        raise PermanentSourceError(
            f"{config.folder} leads out of the home directory",
            code="folder_outside",
            folder=config.folder,
        )
    return folder


def _records(config: FileDropConfig, name: str, content: bytes) -> Iterator[Record]:
    columns = config.table
    closest: list[str] | None = None
    for sheet in _sheets(config, name, content):
        header = find_header(sheet, columns)
        if header is None:
            lacking = missing_headings(sheet, columns)
            closest = lacking if closest is None or len(lacking) < len(closest) else closest
            continue
        about = {"_file": safe_name(name), "_sheet": sheet.name}
        for number, fields in records(sheet, header, columns):
            place = row_place(sheet.name, number)
            yield Record(place, {**fields, **about, "_row": number})
        return
    raise FileRefused("file_no_header", headings="; ".join(closest or []) or "–")


def _sheets(config: FileDropConfig, name: str, content: bytes) -> Iterator[Sheet]:
    if not content.strip():
        raise FileRefused("file_empty")
    if name.lower().endswith(".csv"):
        return csv_sheets(content, config.encoding, config.separator, config.rows)
    limit = int(config.megabytes * 2**20) * _UNPACKED
    return xlsx_sheets(content, config.sheet, config.rows, limit)


CONNECTOR = FileDrop()
