"""Several requests in one poll: per period, per unit, per value of a list, or per combination."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ioc.domain.view import ZONE
from ioc.ingest.connector import Tools
from ioc.ingest.periods import Periods

_BETWEEN = " · "


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EachUnit(_Strict):
    """One request per unit that exists on the first day of the period, or today."""

    system: Literal["nso", "agency_id", "local", "merger_map"] = Field(
        description="The system whose codes fill {unit}; units without a code in it are left out."
    )
    level: Literal["province", "commune", "ministry", "department"] = Field(
        description="The level of the units asked for."
    )


class Each(_Strict):
    """Several requests per poll; given together, one per combination."""

    periods: Periods | None = Field(default=None, description="One request per period.")
    units: EachUnit | None = Field(
        default=None,
        description="One request per unit; its code is {unit} and stands in the records as _unit.",
    )
    values: tuple[str | int, ...] = Field(
        default=(),
        description="One request per value of this list; it is {value} and stands in the records "
        "as _value.",
    )

    @model_validator(mode="after")
    def _something(self) -> Each:
        if self.periods is None and self.units is None and not self.values:
            raise ValueError("at least one of periods, units, values")
        return self


@dataclass(frozen=True, slots=True)
class Rounds:
    """The requests of one fetch: what fills the gaps of each, and what to remember of it."""

    values: tuple[Mapping[str, str], ...]
    watermark: Mapping[str, str]
    more: bool = False
    progress: tuple[int, int] | None = None


def read_mark(watermark: str | None) -> dict[str, str]:
    """The names and texts of a watermark; nothing for one that is not such a list."""
    try:
        found = json.loads(watermark) if watermark else {}
    except ValueError:
        return {}
    return {str(key): str(one) for key, one in found.items()} if isinstance(found, dict) else {}


def rounds(each: Each | None, tools: Tools, mark: Mapping[str, str]) -> Rounds:
    """What is to be asked for now; all periods of `tools.span` where gaps are filled."""
    days: list[dict[str, str]] = [{}]
    found = Rounds((), {})
    if each is not None and each.periods is not None:
        periods = each.periods
        if tools.span is not None:
            days = [periods.values(one) for one in periods.between(*tools.span)]
        else:
            part = periods.due(tools.now(), mark)
            days = [periods.values(one) for one in part.periods]
            found = Rounds((), part.watermark, part.more, (part.done, part.total))
    values = tuple(
        one | unit | value
        for one in days
        for unit in _units(each, tools, one)
        for value in _values(each)
    )
    return Rounds(values, found.watermark, found.more, found.progress)


def _units(each: Each | None, tools: Tools, period: Mapping[str, str]) -> Sequence[dict[str, str]]:
    if each is None or each.units is None:
        return [{}]
    today = tools.now().astimezone(ZONE).date()
    day = date.fromisoformat(period["from"]) if period else today
    return [{"unit": code} for code in tools.codes(each.units.system, each.units.level, day)]


def _values(each: Each | None) -> Sequence[dict[str, str]]:
    return [{"value": str(one)} for one in each.values] if each and each.values else [{}]


def label_of(values: Mapping[str, str], number: int) -> str:
    """What tells one answer of a poll from the others: "2026-10 · 38 · 1"."""
    about = [values[name] for name in ("period", "unit", "value") if name in values]
    return _BETWEEN.join([*about, str(number)])


def values_of(each: Each | None, label: str) -> dict[str, str]:
    """What filled the gaps of the request with this label; raises AddressError for no period."""
    about = label.split(_BETWEEN)[:-1]
    values: dict[str, str] = {}
    if each is not None and each.periods is not None and about:
        values = each.periods.named(about.pop(0))
    if each is not None and each.units is not None and about:
        values["unit"] = about.pop(0)
    if each is not None and each.values and about:
        values["value"] = _BETWEEN.join(about)
    return values
