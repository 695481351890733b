"""The settings of file_drop: which folder is watched, and how its files look."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ioc.ingest.remote_config import Remote
from ioc.ingest.sheets import Limits
from ioc.ingest.table import Columns
from ioc.ingest.tabular import MEDIA, Form

_UNPACKED = 10
"""How many times the limit a workbook may measure when it is unpacked."""


class FileDropConfig(BaseModel):
    """CSV and XLSX files that people put into a folder, here or on an SFTP server.

    Each file is one run. It is read once its size and time stay the same, then moved aside with a
    report of what was not taken in, row by row and in words. A totals row is never a unit, a
    blank or `-` never zero. Files with macros, passwords or tricks are refused whole.
    """

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
