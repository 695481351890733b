"""A source's `submit:` block: who is asked for which figures, and by when."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ioc.domain.indicator import Words
from ioc.domain.period import Grain
from ioc.domain.unit import Level


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Asked(_Strict):
    """Whose figures are asked for: every unit of `level` below the unit `under`."""

    under: str = Field(description="The key of the unit above those asked: `local`, `gov`, `38`.")
    level: Level = Field(description="Their level: `province`, `commune`, `ministry`, ...")


class Submit(_Strict):
    """What the data focal points of units submit as workbooks, on the page Submit figures.

    The source is a `file_drop` with `format: workbook`; a file put into its folder and one that
    is uploaded are read alike.
    """

    title: Words | None = Field(
        default=None, description="The form's name in `vi` and `en`; the source's title if absent."
    )
    hint: Words | None = Field(
        default=None, description="A sentence for the person who fills it in, in `vi` and `en`."
    )
    units: Asked | tuple[str, ...] = Field(
        description="Which units submit: `{under: local, level: province}`, or a list of keys."
    )
    rows: Level | None = Field(
        default=None,
        description="Rows are about the units of this level below the one that submits; "
        "about that unit itself if absent.",
    )
    indicators: tuple[str, ...] = Field(
        default=(), description="The codes asked for; those the mapping names if absent."
    )
    grain: Grain | None = Field(
        default=None, description="The length of a period; the indicators' own if absent."
    )
    open: int = Field(
        default=2, ge=1, le=36, description="How many ended periods may be submitted, newest first."
    )
    running: bool = Field(
        default=False, description="Whether the period that has not ended may be submitted too."
    )
    due_days: int | None = Field(
        default=None,
        ge=0,
        le=366,
        description="Days after its end by which a period is due; the indicators' own if absent.",
    )
    version: int = Field(
        default=1, ge=1, le=999, description="Raised when old templates must not come back."
    )

    @field_validator("units")
    @classmethod
    def _some(cls, given: Asked | tuple[str, ...]) -> Asked | tuple[str, ...]:
        if isinstance(given, tuple) and (not given or len(set(given)) != len(given)):
            raise ValueError("one unit's key or more, each once")
        return given

    @model_validator(mode="after")
    def _once(self) -> Submit:
        if len(set(self.indicators)) != len(self.indicators):
            raise ValueError("indicators: each once")
        return self
