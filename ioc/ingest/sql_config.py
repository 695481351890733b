"""The settings of sql: which database is asked, and what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from sqlalchemy import URL

from ioc.ingest.database_access import address
from ioc.ingest.reach import Tls
from ioc.ingest.statement import check_gaps, check_select, gaps

_OWN = ("since", "now", "period_start", "period_end")


class Watermark(BaseModel):
    """Which column tells what is new; equal values are read again, so no row is lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str = Field(
        min_length=1, description="Column of the answer that grows, such as updated_at."
    )
    kind: Literal["moment", "day", "number", "text"] = Field(
        default="moment", description="What the column holds; numbers are whole."
    )
    first: str = Field(
        default="1975-01-01",
        description="Value of :since in the first run; of the column's kind.",
    )
    overlap: float = Field(
        default=600,
        ge=0,
        le=30 * 86400,
        description="Seconds that :since lies before the newest value seen (kind moment), for "
        "rows whose transaction ended later than others.",
    )

    @model_validator(mode="after")
    def _readable(self) -> Watermark:
        try:
            parsed(self.kind, self.first)
        except ValueError:
            raise ValueError(f"first: a {self.kind}") from None
        return self


class SqlConfig(BaseModel):
    """Which database is asked, and what.

    One SELECT (or WITH ... SELECT) runs in a read-only transaction with a time limit that the
    server keeps; it is refused when it holds `;`, comments or a word that writes. Give it an
    account that may read one view and nothing else: that is the last line of defence, and the
    only one for kinds of databases that are not built in.

    Bind parameters: `:since` (newest watermark), `:now`, `:period_start` and `:period_end` (days;
    the gap that is being filled, or the last months up to today) and those under `params`. The
    answer's columns are the fields of the records. Numbers are exact, NULL is missing, moments
    without a zone are Vietnamese time. What was answered is kept, so that a figure can be traced.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(
        description="Address: postgresql://user@host:5432/name, mariadb://user@host/name (also "
        "mysql://), sqlite:///file inside the home directory, or that of an installed SQLAlchemy "
        "driver. The password may stand in it as ${env:NAME} or under password.",
        repr=False,
    )
    password: str = Field(
        default="",
        description="The account's password, as ${env:NAME} or ${file:/path}.",
        repr=False,
    )
    query: str = Field(
        min_length=8,
        max_length=20_000,
        description="One SELECT, or WITH ... SELECT, that only reads.",
    )
    params: dict[str, str | int | float | bool | None] = Field(
        default_factory=dict, description="Further bind parameters and their values."
    )
    watermark: Watermark | None = Field(
        default=None, description="Which column tells what is new since the last run."
    )
    months: int = Field(
        default=36,
        ge=1,
        le=1200,
        description="Months before today in which :period_start lies, unless a gap is filled.",
    )
    encrypted: bool = Field(
        default=True,
        description="Connect by TLS and verify the server's certificate against its name; false "
        "only where the network between is trusted.",
    )
    tls: Tls | None = Field(default=None, description="Certificates of a private network.")
    seconds: float = Field(
        default=60, gt=0, le=3600, description="Seconds that the statement may take."
    )
    lock: float = Field(
        default=5, ge=1, le=60, description="Seconds that the statement may wait for a lock."
    )
    connect: float = Field(default=10, ge=2, le=60, description="Seconds to connect.")
    rows: int = Field(
        default=200_000,
        ge=1,
        le=5_000_000,
        description="Most rows of an answer; more are an error, never a silent cut.",
    )
    megabytes: float = Field(
        default=50, gt=0, le=500, description="Largest answer in megabytes, as JSON lines."
    )

    @field_validator("url")
    @classmethod
    def _address(cls, given: str) -> str:
        address(given)
        return given

    @field_validator("query")
    @classmethod
    def _only_reads(cls, given: str) -> str:
        return check_select(given)

    @model_validator(mode="after")
    def _filled(self) -> SqlConfig:
        for name in self.params:
            if name in _OWN or not name.isidentifier():
                raise ValueError(f"params: other names than {', '.join(_OWN)}; given {name!r}")
        check_gaps(self.query, (*_OWN, *self.params))
        if "since" in gaps(self.query) and self.watermark is None:
            raise ValueError("watermark, because the query uses :since")
        return self

    @cached_property
    def place(self) -> URL:
        """The address with its password."""
        found = address(self.url)
        return found.set(password=self.password) if self.password else found


def parsed(kind: str, text: str) -> object:
    """A watermark of this kind, as it is bound; ValueError when the text is none."""
    readers: dict[str, Callable[[str], object]] = {
        "moment": datetime.fromisoformat,
        "day": lambda one: date.fromisoformat(one[:10]),
        "number": int,
        "text": str,
    }
    return readers[kind](text)
