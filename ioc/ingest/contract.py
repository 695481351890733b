"""What a source has promised, and what happens to figures that break it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Contract(BaseModel):
    """What the source has promised: broken promises reject records or the whole delivery.

    `required`: fields every record must carry (null is allowed, absence is not). `accept`: take
    the good `rows` of a delivery, or the `whole` only. `min_records`: fewer is no delivery.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    unknown_units: Literal["reject"] = "reject"
    required: tuple[str, ...] = ()
    accept: Literal["rows", "whole"] = "rows"
    min_records: int = Field(default=0, ge=0)
