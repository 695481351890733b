"""The settings of the `geo` connector: where features come from and how they are read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ioc.ingest.asking import Asking
from ioc.ingest.coordinates import Axes, Box, country_box
from ioc.ingest.geo_count import DAY, PROVINCE
from ioc.ingest.geo_crs import WGS84, crs_name, to_wgs84
from ioc.ingest.geo_features import Rules
from ioc.ingest.language import check_when
from ioc.ingest.values import Locale

_NAME = re.compile(r"^[^\W\d]\w*$")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class _Web(Asking):
    query: dict[str, str | int] = Field(
        default_factory=dict, description="Further parameters of the query, such as a key."
    )


class FromFile(_Strict):
    """GeoJSON files that people put into a folder; each is one delivery, then moved aside."""

    kind: Literal["file"]
    folder: str = Field(
        min_length=1,
        description="Watched folder inside the home directory; `processed/` and `rejected/` are"
        " made in it.",
    )
    patterns: tuple[str, ...] = Field(
        default=("*.geojson", "*.json"), description="Names of the files that are read."
    )
    settle: float = Field(
        default=1,
        ge=0,
        le=60,
        description="Seconds a file's size must stay the same before it is read.",
    )

    @field_validator("folder")
    @classmethod
    def _relative(cls, given: str) -> str:
        parts = Path(given).parts
        outside = Path(given).is_absolute() or ".." in parts or not parts
        if outside or "\\" in given or ":" in given:
            raise ValueError("a folder inside the home directory, such as drop/ban-do")
        return given

    @field_validator("patterns")
    @classmethod
    def _endings(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        if not given or any(
            Path(one).suffix.lower() not in (".geojson", ".json") or "/" in one for one in given
        ):
            raise ValueError("names ending in .geojson or .json")
        return given


class FromUrl(_Web):
    """One GeoJSON document at an address."""

    kind: Literal["url"]


class FromWfs(_Web):
    """A Web Feature Service 2.0 that answers GetFeature with GeoJSON."""

    kind: Literal["wfs"]
    layer: str = Field(min_length=1, description="Name of the layer, sent as `typeNames`.")
    output: str = Field(
        default="application/json", description="How the service calls GeoJSON (`outputFormat`)."
    )
    srs: str | None = Field(
        default=None,
        description="Reference system asked for (`srsName`), the same as `place.crs`; the service's"
        " own. MapServer passes degrees on as they are: of it ask for WGS 84 or a zone in metres.",
    )
    bbox: str | None = Field(
        default=None,
        description="Sent as `bbox` as it is written, because services differ in the order of"
        " its numbers; the whole layer.",
    )
    page: int = Field(
        default=1000,
        ge=0,
        le=100_000,
        description="Features a request (`count`, `startIndex`); 0 asks once without paging.",
    )


class FromFeatures(_Web):
    """A collection of an OGC API Features service; its links lead from page to page."""

    kind: Literal["features"]
    collection: str = Field(
        pattern=r"^[^/?#\s]{1,200}$", description="Id of the collection below `/collections/`."
    )
    page: int = Field(default=1000, ge=1, le=100_000, description="Features a request (`limit`).")
    bbox: tuple[float, float, float, float] | None = Field(
        default=None, description="West, south, east, north in degrees; the whole collection."
    )
    datetime: str | None = Field(
        default=None,
        description="A moment or an interval such as `2026-01-01T00:00:00Z/..`; all times.",
    )


Origin = Annotated[FromFile | FromUrl | FromWfs | FromFeatures, Field(discriminator="kind")]


class Place(_Strict):
    """Where the coordinates stand and how they are meant."""

    crs: str = Field(
        default=WGS84,
        description="Reference system of the coordinates: CRS84 or EPSG:4326 (WGS 84), EPSG:4756"
        " (VN-2000 in degrees), EPSG:3405 and 3406 (UTM), EPSG:5896 to 5899 and 9205 to 9218"
        " (provincial TM-3 zones), or any other with a known way to WGS 84.",
    )
    axes: Axes = Field(
        default="lon,lat",
        description="Which number comes first: longitude (or easting) or latitude (or northing).",
    )
    text: str | None = Field(
        default=None,
        description="Property that holds both numbers as text, such as `105,34808/22,62924`;"
        " the geometry is then passed over.",
    )
    lon: str | None = Field(
        default=None, description="Property of the longitude (or easting), together with `lat`."
    )
    lat: str | None = Field(
        default=None, description="Property of the latitude (or northing), together with `lon`."
    )
    within: tuple[float, float, float, float] | None = Field(
        default=None,
        description="West, south, east, north in degrees that every place must lie within; the"
        " extent of the country from the units' data.",
    )

    @field_validator("crs")
    @classmethod
    def _known(cls, given: str) -> str:
        name = crs_name(given)
        to_wgs84(name)
        return name

    @field_validator("within")
    @classmethod
    def _box(
        cls, given: tuple[float, float, float, float] | None
    ) -> tuple[float, float, float, float] | None:
        if given is not None and not (given[0] < given[2] and given[1] < given[3]):
            raise ValueError("west, south, east, north in degrees")
        return given

    @model_validator(mode="after")
    def _one_way(self) -> Place:
        if (self.lon is None) != (self.lat is None) or (self.text and self.lon):
            raise ValueError("text, or lon and lat together, or none of them")
        return self


class Count(_Strict):
    """Points are counted per unit; each unit (and period) is then one record.

    A record has the unit under the property's own name (or `province`), `day` (of the delivery),
    `count`, `bound` (exact or at_least), each sum with its `<name>_bound`, and the same figures
    inside each class.
    """

    unit: str | None = Field(
        default=None, description="Property that holds the unit's code or name."
    )
    locate: Literal["province"] | None = Field(
        default=None,
        description="Instead of `unit`: find the province by the place, on the product's map; the"
        " record's field `province` holds its statistics code.",
    )
    doubt: float = Field(
        default=2,
        ge=0,
        le=50,
        description="With `locate`: kilometres from another province within which the coarse map"
        " cannot tell and a point is refused.",
    )
    period: str | None = Field(
        default=None,
        description="Property that holds the period; without it the whole delivery is as of"
        " its `day`.",
    )
    units: tuple[str, ...] = Field(
        default=(),
        description="With `unit` and `complete`: the units, as the source writes them, that count"
        " zero when no point of them came.",
    )
    where: dict[str, Any] = Field(
        default_factory=dict,
        description="Only points where each property equals (one of) this are counted.",
    )
    classes: dict[str, dict[str, Any]] = Field(
        default_factory=dict,
        description="Name of a class: the properties and values of the points that belong to it.",
    )
    sums: dict[str, str] = Field(
        default_factory=dict,
        description="Name of a sum: the property that is added up over the points.",
    )
    locale: Locale = Field(
        default=Locale.UNDECLARED,
        description="How numbers are written that come as text: plain 1234.5, vi 1.234,5,"
        " en 1,234.5; undeclared takes whole numbers only.",
    )
    missing: tuple[str, ...] = Field(
        default=(), description="Further words with which a property says that nothing is known."
    )
    partial: bool = Field(
        default=False,
        description="True: a unit with a refused point, or a sum with a blank, is given as `bound:"
        " at_least`; otherwise it is refused and its old figure stays.",
    )

    @field_validator("where")
    @classmethod
    def _filter(cls, given: dict[str, Any]) -> dict[str, Any]:
        return check_when(given)

    @field_validator("classes")
    @classmethod
    def _filters(cls, given: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        for when in given.values():
            if not when:
                raise ValueError("a property and a value for every class")
            check_when(when)
        return given

    @model_validator(mode="after")
    def _clear(self) -> Count:
        if (self.unit is None) == (self.locate is None):
            raise ValueError("exactly one of unit, locate")
        if self.units and self.unit is None:
            raise ValueError("units only together with unit")
        names = [self.unit or PROVINCE, *([self.period] if self.period else [])]
        names += [DAY, "count", "bound", *self.classes, *self.sums]
        names += [f"{one}_bound" for one in self.sums]
        for one in names:
            if not _NAME.match(one):
                raise ValueError(f"names of letters, digits and _; {one!r} is none")
        if len(set(names)) != len(names):
            raise ValueError("unit, period, classes and sums with names of their own")
        return self


class GeoLimits(_Strict):
    """What one delivery may cost."""

    megabytes: float = Field(
        default=50, gt=0, le=1024, description="Megabytes of a delivery, all its pages together."
    )
    features: int = Field(default=50_000, ge=1, le=1_000_000, description="Features of a delivery.")
    pages: int = Field(default=1000, ge=1, le=100_000, description="Requests of a delivery.")
    depth: int = Field(
        default=8, ge=1, le=50, description="Lists and objects inside each other in a property."
    )
    corners: int = Field(default=20_000, ge=4, le=1_000_000, description="Corners of one polygon.")

    @property
    def bytes(self) -> int:
        """The same in bytes."""
        return int(self.megabytes * 2**20)


class GeoConfig(_Strict):
    """Reads places from GeoJSON files and addresses, WFS 2.0 and OGC API Features.

    Each point is kept as a record of its own, so that any moment's map can be asked for later:
    what changed is added, nothing is overwritten. With `count` the points are counted per unit
    and the mapping makes figures of the counts; without it each feature's properties are one
    record, with `_key`, `_lon`, `_lat` and `_day` beside them.

    Nothing is guessed: a reference system that is not WGS 84 is declared and turned into it
    exactly, or refused; a `crs` in the data that contradicts the declaration is refused; a place
    outside the country is refused, and told when its two numbers seem exchanged; a line or an
    area is never given a middle. An empty answer is not zero, and a unit without a point is zero
    only where `complete: true` says that the delivery holds every point there is.
    """

    origin: Origin = Field(alias="from", description="Where the features come from.")
    geometry: Literal["point", "polygon", "any"] = Field(
        default="point",
        description="`point`: every feature must be one. `polygon`: areas, checked for crossing"
        " sides and winding; only their properties are read. `any`: only properties are read.",
    )
    place: Place = Field(
        default=Place(), description="Where coordinates stand, how they are meant."
    )
    key: str | None = Field(
        default=None,
        description="Property that tells one feature from all others for ever; the feature's id.",
    )
    name: str | None = Field(
        default=None,
        description="Property that people find a feature by, shown when it is refused.",
    )
    keep: tuple[str, ...] | None = Field(
        default=None,
        description="Properties kept with each point; all of them. Leave out what is personal.",
    )
    complete: bool = Field(
        default=False,
        description="True: a delivery holds every point there is, so one that is no longer in it"
        " is gone, and a unit without one counts zero.",
    )
    empty: bool = Field(
        default=False,
        description="True: a delivery without any feature is believed; otherwise it is an error.",
    )
    count: Count | None = Field(default=None, description="How points are counted per unit.")
    limits: GeoLimits = Field(default=GeoLimits(), description="What one delivery may cost.")

    @model_validator(mode="after")
    def _together(self) -> GeoConfig:
        if self.count is not None and self.count.locate and self.geometry != "point":
            raise ValueError("locate only together with geometry: point")
        return self

    @property
    def rules(self) -> Rules:
        """How features are read."""
        place = self.place
        return Rules(
            self.geometry,
            place.crs,
            to_wgs84(place.crs),
            place.axes,
            Box(*place.within) if place.within else country_box(),
            place.text,
            place.lon,
            place.lat,
            self.key,
            self.name,
            self.limits.depth,
            self.limits.corners,
        )

    def reading_rules(self) -> str:
        """What decides, besides the mapping, what a delivery says; not where it comes from."""
        return self.model_dump_json(exclude={"origin", "limits"})
