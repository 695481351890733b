"""Learners counted by unit: which unit each belongs to, and sums that name nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ioc.ingest.table import heading
from ioc.ingest.values import as_text, clean


class LearnerUnit(BaseModel):
    """Which unit a learner belongs to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: Literal["idnumber", "department", "institution", "custom", "cohort"] = Field(
        description="Where the account says it: a field of the profile, a custom field of it, or "
        "the cohort it is a member of."
    )
    field: str | None = Field(
        default=None,
        description="Short name of the custom field; of a cohort `idnumber` (if not given) or "
        "`name`.",
    )
    pattern: str | None = Field(
        default=None,
        description="Regular expression that finds the unit in what is said: its first group, or "
        "the whole match; what does not match belongs to no unit.",
    )
    table: dict[str, str] | None = Field(
        default=None,
        description="What is said, and the unit it means; capitals and spaces do not matter, what "
        "is not in the table belongs to no unit.",
    )

    @field_validator("pattern")
    @classmethod
    def _expression(cls, given: str | None) -> str | None:
        try:
            re.compile(given or "")
        except re.error as error:
            raise ValueError(f"a regular expression ({error})") from None
        return given

    @field_validator("table", mode="before")
    @classmethod
    def _texts(cls, given: object) -> object:
        if isinstance(given, dict):
            return {str(key): str(value) for key, value in given.items()}
        return given

    @model_validator(mode="after")
    def _named(self) -> LearnerUnit:
        if self.by == "custom" and not self.field:
            raise ValueError("field: the short name of the custom field")
        if self.by == "cohort" and self.field not in (None, "idnumber", "name"):
            raise ValueError("field of a cohort: idnumber or name")
        if self.by not in ("custom", "cohort") and self.field is not None:
            raise ValueError("field only together with by: custom or by: cohort")
        return self

    def said_by(self, user: Mapping[str, Any]) -> str | None:
        """What a profile says; None where it does not show the field at all."""
        if self.by != "custom":
            return as_text(user[self.by]) if self.by in user else None
        given = user.get("customfields")
        for one in given if isinstance(given, list) else ():
            if isinstance(one, dict) and one.get("shortname") == self.field:
                return as_text(one.get("value"))
        return None

    def unit(self, said: str | None) -> str | None:
        """The unit that is meant; None for none."""
        text = clean(said or "")
        if self.pattern is not None:
            found = re.search(self.pattern, text)
            if not found:
                return None
            text = clean((found[1] if found.re.groups else found[0]) or "")
        if self.table is not None:
            known = {heading(key): one for key, one in self.table.items()}
            return known.get(heading(text))
        return text or None


@dataclass
class Tally:
    """How many are enrolled and how many of them are done, by unit; `strays` belong to none."""

    enrolled: dict[str, int] = field(default_factory=dict)
    completed: dict[str, int] = field(default_factory=dict)
    strays: int = 0

    def add(self, unit: str | None, done: bool) -> None:
        """One learner."""
        if unit is None:
            self.strays += 1
            return
        self.enrolled[unit] = self.enrolled.get(unit, 0) + 1
        self.completed[unit] = self.completed.get(unit, 0) + done

    def rows(self, least: int) -> list[dict[str, object]]:
        """A row per unit, in order; one of fewer than `least` learners says nothing of them."""
        found: list[dict[str, object]] = []
        for unit in sorted(self.enrolled):
            shown = self.enrolled[unit] >= least
            found.append(
                {
                    "unit": unit,
                    "enrolled": self.enrolled[unit] if shown else None,
                    "completed": self.completed[unit] if shown else None,
                    "state": "value" if shown else "suppressed",
                }
            )
        return found


def together(tallies: Iterable[Tally]) -> Tally:
    """The sum: who takes two courses is counted in both."""
    found = Tally()
    for one in tallies:
        found.strays += one.strays
        for unit, count in one.enrolled.items():
            found.enrolled[unit] = found.enrolled.get(unit, 0) + count
            found.completed[unit] = found.completed.get(unit, 0) + one.completed[unit]
    return found
