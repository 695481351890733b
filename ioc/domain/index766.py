"""The index of Decision 766 as it is declared: groups, rows, and the versions of its formulas."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ioc.domain.indicator import Text, Words
from ioc.domain.yaml_file import place, read_mapping
from ioc.errors import CatalogueError

FILE = Path(__file__).with_name("index766.yaml")
TOTAL_POINTS = 100
DIMENSION, GROUPS = "component", "group"
"""The breakdowns under which components (OPS-12, OPS-11) and groups (OPS-11) are stored."""


class Zero(StrEnum):
    """What a denominator of zero earns: the rule of one row."""

    FULL = "full"
    NONE = "none"
    LAST_YEAR = "last_year"
    UNSTATED = "unstated"


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Scoring(_Declared):
    """How a row is scored in a version: `max` points at the rate `full_at`; 0 is watched only."""

    max: Annotated[int, Field(strict=True, ge=0, le=TOTAL_POINTS)]
    full_at: Annotated[Decimal, Field(gt=0, le=1)] = Decimal(1)
    capped: bool = False
    zero: Zero = Zero.UNSTATED
    proven: bool = True

    @property
    def scored(self) -> bool:
        """Whether the row has points at all."""
        return self.max > 0

    @property
    def full(self) -> Fraction:
        """The rate that earns all points, as a share of one."""
        return Fraction(self.full_at)


class Row(_Declared):
    """One row: its name in the portal's interface, its words, and how each version scores it."""

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
    number: Text
    name: Words
    numerator: Words
    denominator: Words
    formula: Words
    both: Scoring | None = None
    documented: Scoring | None = None
    observed: Scoring | None = None

    @model_validator(mode="after")
    def _scored_once(self) -> Row:
        apart = (self.documented, self.observed)
        if (self.both is None) == (None in apart):
            raise ValueError(f"{self.code}: either both, or documented and observed")
        return self

    @property
    def part(self) -> str:
        """The value of the breakdown `component` under which it is stored."""
        return self.code.lower()

    @property
    def breakdown(self) -> str:
        """The stored breakdown: `component.publish_on_time`."""
        return f"{DIMENSION}.{self.part}"

    def scoring(self, version: Version) -> Scoring:
        """How the row is scored in a version."""
        own = self.documented if version.code == "documented" else self.observed
        found = self.both or own
        assert found is not None  # checked when the file was read
        return found


class Group(_Declared):
    """One of the six groups; `max` is the sum of its rows in every version."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
    max: int
    name: Words
    rows: tuple[Row, ...] = Field(min_length=1)

    @property
    def breakdown(self) -> str:
        """The stored breakdown of its official score: `group.transparency`."""
        return f"{GROUPS}.{self.code}"


class Version(_Declared):
    """One reading of the formulas and the days (both included) whose periods it is applied to."""

    code: Annotated[str, Field(pattern=r"^(documented|observed)$")]
    valid_from: date
    valid_to: date | None = None
    name: Words
    source: Words
    note: Words

    def holds(self, day: date) -> bool:
        """Whether it is applied to a period that begins on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Index766(_Declared):
    """The whole index; its groups add up to 100 points in every version."""

    versions: tuple[Version, ...] = Field(min_length=1)
    groups: tuple[Group, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _adds_up(self) -> Index766:
        codes = [row.code for row in self.rows]
        if len(set(codes)) < len(codes):
            raise ValueError("groups: each row once")
        for version in self.versions:
            for group in self.groups:
                said = sum(row.scoring(version).max for row in group.rows)
                if said != group.max:
                    raise ValueError(f"{group.code}: {said} of {group.max} in {version.code}")
        if sum(group.max for group in self.groups) != TOTAL_POINTS:
            raise ValueError(f"groups: {TOTAL_POINTS} points in all")
        return self

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row, in order."""
        return tuple(row for group in self.groups for row in group.rows)

    def version(self, day: date) -> Version:
        """The version applied to a period that begins on `day`; before the first, the first."""
        held = (one for one in self.versions if one.holds(day))
        return next(held, self.versions[0])

    def version_of(self, code: str) -> Version | None:
        """The version of this code; None when there is none."""
        return next((one for one in self.versions if one.code == code), None)


@lru_cache(maxsize=4)
def load(path: Path = FILE) -> Index766:
    """Read the declaration; raises CatalogueError naming what is wrong in the file."""
    try:
        return Index766.model_validate(read_mapping(path, CatalogueError))
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        raise CatalogueError(
            file=place(path),
            field=".".join(str(step) for step in first["loc"]) or "file",
            given=first["msg"],
            allowed="docs/index766.md",
        ) from None
