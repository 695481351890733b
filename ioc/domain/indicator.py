"""What an indicator declares: its words, how it is measured, who reports it and its targets."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ioc.domain.measure import Kind
from ioc.domain.period import Calendar, Grain
from ioc.domain.unit import Level


class Group(StrEnum):
    """The groups of indicators, in the order of the screens."""

    OPS = "OPS"
    DOC = "DOC"
    TRN = "TRN"
    SIG = "SIG"
    TSK = "TSK"
    DB = "DB"
    BUD = "BUD"
    DQ = "DQ"


class Direction(StrEnum):
    """Which way is better; `neutral` indicators are shown and never judged."""

    UP = "up"
    DOWN = "down"
    NEUTRAL = "neutral"


class OverUnits(StrEnum):
    """How the figures of units make the figure of the unit above."""

    POOL = "pool"
    SUM = "sum"
    NONE = "none"


class OverTime(StrEnum):
    """How the figures of months make the figure of a quarter or year."""

    POOL = "pool"
    SUM = "sum"
    LAST = "last"
    NONE = "none"


def _proper_text(text: str) -> str:
    if not text or text != text.strip() or text != unicodedata.normalize("NFC", text):
        raise ValueError("not a proper text")
    return text


Text = Annotated[
    str,
    AfterValidator(_proper_text),
    Field(description="a text in composed Unicode (NFC), not empty, without spaces around it"),
]
Token = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="lower-case letters, digits and _")
]
Whole = Annotated[int, Field(strict=True, gt=0, description="a whole number above 0")]
Places = Annotated[int, Field(strict=True, ge=0, le=6, description="a whole number from 0 to 6")]
Switch = Annotated[bool, Field(strict=True, description="true or false")]
Exact = Annotated[Decimal, Field(allow_inf_nan=False, description="a number")]
Distance = Annotated[Decimal, Field(ge=0, allow_inf_nan=False, description="a number of 0 or more")]
Day = Annotated[date, Field(description="a date such as 2025-07-01")]


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Declared):
    """The same words in Vietnamese and English; as a string they are the Vietnamese ones."""

    vi: Text
    en: Text

    def say(self, lang: str) -> str:
        """The words in `lang`; anything but English is Vietnamese."""
        return self.en if lang == "en" else self.vi

    def __str__(self) -> str:
        return self.vi


class DimensionValue(_Declared):
    """One value of a breakdown, such as the channel `online`."""

    code: Token
    name: Words


class Dimension(_Declared):
    """One way of splitting the indicator's figure, such as by channel."""

    code: Token
    name: Words
    values: tuple[DimensionValue, ...] = Field(min_length=1, description="a list of values")


class Redefined(_Declared):
    """From `day` on the indicator means something else: a line over it breaks there."""

    day: Day
    what: Words


class TargetRule(_Declared):
    """A target of a class of units (`levels`) or of one unit (`unit`, its key) between two days.

    `value` is in shown units: 85 means 85 % for a ratio. `valid_to` is the last day; a rule
    that is `carried` stays on screen after it, marked as the target of its year, until a newer
    rule begins. `set_by` is the key of the unit that set it, under whose history it is found.
    """

    levels: tuple[Level, ...] = Field((), description="a list of levels")
    unit: Text | None = None
    valid_from: Day
    valid_to: Day | None = None
    value: Exact
    carried: Switch = False
    set_by: Text | None = None
    legal: Words


class Indicator(_Declared):
    """One indicator as its file declares it; docs/indicators.md explains each field.

    `scale` is how many decimal places the store keeps of numerators, denominators, counts,
    amounts and scores (value × 10^scale as a whole number); `decimals` is how many a screen
    shows. `since_year_start` marks figures that begin from nought with each year. `counted` is
    the unit of the numerator and denominator of a ratio ("hồ sơ").
    One that is not `collected` is nobody's duty: only what was published or counted from
    registers stands, on its own page and under the units it is about; it is no column of tables.
    """

    id: Whole
    code: Annotated[
        str, Field(pattern=r"^[A-Z]{2,3}-\d{2}$", description="a group, - and two digits: OPS-01")
    ]
    group: Group
    order: Whole
    headline: Switch = False
    collected: Switch = True
    name: Words
    short: Words
    definition: Words
    formula: Words
    kind: Kind
    numerator: Words | None = None
    denominator: Words | None = None
    counted: Words | None = None
    unit_of_measure: Words
    decimals: Places
    scale: Places = 0
    direction: Direction
    reports: tuple[Level, ...] = Field(description="a list of levels")
    detail: tuple[Level, ...] = Field((), description="a list of levels")
    cadence: Grain
    calendar: Calendar = Calendar.CALENDAR
    due_days: Annotated[
        int, Field(strict=True, ge=0, le=366, description="a whole number from 0 to 366")
    ]
    fresh_hours: Annotated[
        float, Field(gt=0, allow_inf_nan=False, description="a number of hours above 0")
    ]
    over_units: OverUnits
    over_time: OverTime
    since_year_start: Switch = False
    may_exceed: Switch = False
    breakdown: tuple[Dimension, ...] = Field((), description="a list of dimensions")
    redefined: tuple[Redefined, ...] = Field((), description="a list of days with words")
    targets: tuple[TargetRule, ...] = Field((), description="a list of targets")
    near_gap: Distance
    legal_basis: tuple[Words, ...] = Field((), description="a list of instruments")
    owner: Words

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def levels(self) -> tuple[Level, ...]:
        """All levels whose units may deliver a figure: those due to report and the finer ones."""
        return self.reports + self.detail

    @property
    def unit_factor(self) -> int:
        """What a figure is multiplied with to be shown: 100 for a share shown in percent."""
        return 100 if self.kind is Kind.RATIO else 1

    @property
    def breakdown_codes(self) -> tuple[str, ...]:
        """The breakdowns a source may deliver, as stored: `channel.online`; the total is ""."""
        return tuple(code for code, _ in self._splits())

    def breakdown_words(self, code: str) -> Words | None:
        """The name of the breakdown `code`; None when it is not declared."""
        return dict(self._splits()).get(code)

    def unscaled(self, stored: int) -> Fraction:
        """A stored numerator, denominator, count, amount or score in the unit it is shown in."""
        return Fraction(stored, 10**self.scale)

    def _splits(self) -> Iterator[tuple[str, Words]]:
        for dimension in self.breakdown:
            for value in dimension.values:
                yield f"{dimension.code}.{value.code}", value.name
