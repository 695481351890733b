"""The `items:` block of a source's file: how its records become items of a register."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ioc.ingest.language import UnitRule, Value, check_path, check_when

GEO = "geo"
"""How a place is written short that is the point of a feature."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldRule(Value):
    """Where one field of an item comes from: a field's name, or a value with a table.

    What a `table` does not hold refuses the record, unless `otherwise` is given; a blank is a
    blank. `times` multiplies what the source gives: 1000 for an amount in thousands.
    """

    times: Decimal = Field(
        default=Decimal(1), gt=0, description="what a number is multiplied with, such as 1000"
    )


class PlaceRule(_Strict):
    """Where an item's point comes from: `lon` and `lat`, or `text` with both in one.

    `axes` says which number of a text comes first. For a source of the kind `geo` simply `geo`:
    the point of the feature.
    """

    lon: str | None = Field(default=None, description="the field with the longitude")
    lat: str | None = Field(default=None, description="the field with the latitude")
    text: str | None = Field(
        default=None, description="the field with both, such as 105,34808/22,62924"
    )
    axes: Literal["lon,lat", "lat,lon"] = Field(
        default="lon,lat", description="which comes first in `text`"
    )

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        return {"lon": "_lon", "lat": "_lat"} if given == GEO else given

    @model_validator(mode="after")
    def _one_of(self) -> PlaceRule:
        two = self.lon is not None and self.lat is not None
        if (self.lon is None) != (self.lat is None) or two == (self.text is not None):
            raise ValueError("geo, or lon and lat, or text")
        for path in (self.lon, self.lat, self.text):
            if path is not None:
                check_path(path)
        return self


class ItemsRule(_Strict):
    """How each record becomes an item of a register, beside or instead of figures."""

    register_key: str = Field(alias="register", description="the key of the register: task")
    key: str = Field(description="the field that tells an item from all others, for ever")
    unit: UnitRule | None = Field(
        default=None, description="whose item it is; the mapping's unit if not given"
    )
    state: Value = Field(description="the code or name of its state; mostly with a table")
    valid_from: Value | None = Field(
        default=None, description="since when it is so; the day of the run if blank"
    )
    whole: bool = Field(
        default=False,
        description="each delivery holds all items: one that is not in it is gone",
    )
    citation: Value | None = Field(
        default=None, description="the document that what is said was taken from"
    )
    place: PlaceRule | None = Field(default=None, description="where it is; geo, or fields")
    fields: dict[str, FieldRule] = Field(
        description="by the register's field, the field of the record it comes from", min_length=1
    )
    when: dict[str, Any] = Field(
        default_factory=dict, description="only records where each field equals (one of) this"
    )

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @field_validator("key")
    @classmethod
    def _path(cls, given: str) -> str:
        return check_path(given)

    @field_validator("when")
    @classmethod
    def _fields(cls, given: dict[str, Any]) -> dict[str, Any]:
        return check_when(given)

    @property
    def names(self) -> tuple[str, ...]:
        """The record's fields that the rule speaks of."""
        places = self.place.model_dump(exclude={"axes"}).values() if self.place else ()
        units = self.unit.model_dump().values() if self.unit else ()
        given = (self.state, self.valid_from, self.citation, *self.fields.values())
        fields = (one.field for one in given if one is not None)
        said = (self.key, *self.when, *units, *places, *fields)
        return tuple(one for one in said if isinstance(one, str))
