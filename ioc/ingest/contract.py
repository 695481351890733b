"""What a source has promised, and what happens to figures that break it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

DEFAULT = "default"
"""The key of `max_jump` that stands for every indicator without one of its own."""
_CODE = r"^[A-Z]{2,3}-\d{2}$"
_Text = Annotated[str, BeforeValidator(lambda given: str(given) if type(given) is int else given)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Range(_Strict):
    """The least and the greatest value, in the unit of the indicator (percent for a rate)."""

    min: Decimal | None = Field(default=None, allow_inf_nan=False)
    max: Decimal | None = Field(default=None, allow_inf_nan=False)

    @model_validator(mode="after")
    def _ordered(self) -> Range:
        if self.min is None and self.max is None:
            raise ValueError("min, max or both")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min not above max")
        return self


class Jump(_Strict):
    """How far a figure may move from the one that stands; beyond it a person decides.

    `times`: numerator, denominator or value grew or shrank so many times (10 catches millions
    for billions); figures below one count as one. `points`: a rate or score moved by so many
    points. `share`: it moved by more than this part of what it was (0.5: by half). `above`:
    figures that stay below this never jump, whatever they are multiplied with.
    """

    times: Decimal | None = Field(default=None, gt=1, allow_inf_nan=False)
    points: Decimal | None = Field(default=None, gt=0, allow_inf_nan=False)
    share: Decimal | None = Field(default=None, gt=0, allow_inf_nan=False)
    above: Decimal = Field(default=Decimal(0), ge=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _some(self) -> Jump:
        if self.times is None and self.points is None and self.share is None:
            raise ValueError("at least one of times, points, share")
        return self


class Monotone(_Strict):
    """A count that only grows `within` a span, and what becomes of one that falls."""

    within: Literal["year", "half", "quarter"]
    then: Literal["reject", "hold"] = "reject"

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        return {"within": given} if isinstance(given, str) else given


class Contract(_Strict):
    """What the source has promised: broken promises reject records or the whole delivery.

    `required`: fields every record must carry (null is allowed, absence is not). `accept`: take
    the good `rows` of a delivery, or the `whole` only. `min_records`: fewer is no delivery.
    `unknown_units`: reject the record, or `refuse_all` of the delivery; `ignored_units` are
    codes or names (of totals, of other provinces) whose records are passed over in silence.
    `unknown_fields`, fields that are neither read nor in `known_fields`: `ignore` them, `note`
    each once in the run, or `refuse` the record. `ranges`, `monotone` and `max_jump` are by the
    code of the indicator; `max_jump` may also say `default`, and null for no limit.
    """

    required: tuple[str, ...] = ()
    accept: Literal["rows", "whole"] = "rows"
    min_records: int = Field(default=0, ge=0)
    unknown_units: Literal["reject", "refuse_all"] = "reject"
    ignored_units: tuple[_Text, ...] = ()
    unknown_fields: Literal["ignore", "note", "refuse"] = "ignore"
    known_fields: tuple[str, ...] = ()
    ranges: dict[Annotated[str, Field(pattern=_CODE)], Range] = Field(default_factory=dict)
    monotone: dict[Annotated[str, Field(pattern=_CODE)], Monotone] = Field(default_factory=dict)
    max_jump: dict[str, Jump | None] = Field(default_factory=dict)

    @field_validator("max_jump", mode="before")
    @classmethod
    def _for_all(cls, given: object) -> object:
        if isinstance(given, dict) and given and set(given) <= set(Jump.model_fields):
            return {DEFAULT: given}
        return given

    @property
    def whole(self) -> bool:
        """True where one broken record may refuse the whole delivery."""
        return self.accept == "whole" or self.unknown_units == "refuse_all"

    def changes(self) -> dict[str, Any]:
        """What differs from a contract that promises nothing; empty for that one."""
        return self.model_dump(mode="json", exclude_defaults=True)
