"""One delivery of features: read, counted where asked for, and turned into records and points."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ioc.domain.view import ZONE
from ioc.errors import PermanentSourceError
from ioc.ingest.connector import Point, Record, Rejected
from ioc.ingest.geo_area import provinces
from ioc.ingest.geo_config import GeoConfig
from ioc.ingest.geo_count import DAY, PROVINCE, Counter, CountRules
from ioc.ingest.geo_features import Feature, Refused, read_feature
from ioc.ingest.guard import too_slow


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a delivery came to.

    `points` are None where the source has none; `whole` says that a point which is not among
    them is gone, unless its key is in `still`: what was delivered and refused is not gone.
    """

    records: list[Record | Rejected]
    points: list[Point] | None
    whole: bool
    still: frozenset[str]


def day_of(now: datetime) -> str:
    """The day a delivery is as of: the country's own date."""
    return now.astimezone(ZONE).date().isoformat()


def deliver(
    config: GeoConfig,
    pages: Sequence[Sequence[object]],
    day: str,
    deadline: float | None = None,
) -> Delivered:
    """Read the features of all pages of one delivery.

    Raises PermanentSourceError when there are none and that is not declared as possible, and
    TransientSourceError when the `deadline` (of `time.monotonic`) passes.
    """
    if not config.empty and not any(pages):
        raise PermanentSourceError("a delivery without any feature", code="no_features")
    found = _read(config, pages, deadline)
    refused = [one for one in found if isinstance(one, Refused)]
    good = [one for one in found if isinstance(one, Feature)]
    units: Mapping[str, str] = {}
    if config.count is None:
        records: list[Record | Rejected] = [
            one.told if isinstance(one, Refused) else _record(one, day) for one in found
        ]
    else:
        counted = Counter(_rules(config), day).count(found)
        units = counted.unit_of
        records = [*(one.told for one in (*refused, *counted.refused)), *counted.records]
    if config.geometry != "point":
        return Delivered(records, None, False, frozenset())
    points = [_point(config, one, units.get(one.key or "")) for one in good]
    keys = [one.key for one in refused]
    return Delivered(
        records,
        points,
        config.complete and None not in keys,
        frozenset(one for one in keys if one is not None),
    )


def _read(
    config: GeoConfig, pages: Sequence[Sequence[object]], deadline: float | None
) -> list[Feature | Refused]:
    rules = config.rules
    found: list[Feature | Refused] = []
    seen: set[str] = set()
    for payload, page in enumerate(pages):
        prefix = f"{payload + 1}." if len(pages) > 1 else ""
        for number, given in enumerate(page, 1):
            if deadline is not None and time.monotonic() >= deadline:
                raise too_slow()
            one = read_feature(given, f"{prefix}{number}", rules, payload)
            if isinstance(one, Feature):
                one = _told_apart(one, seen, needed=config.geometry == "point")
            found.append(one)
    return found


def _told_apart(one: Feature, seen: set[str], *, needed: bool) -> Feature | Refused:
    """The feature, unless it cannot be told from the others of its delivery."""
    if one.key is None:
        if not needed:
            return one
        return Refused(Rejected(one.place, "no_key", {}, "", one.payload), None, one.fields)
    if one.key in seen:
        told = Rejected(one.place, "key_twice", {"key": one.key[:60]}, "", one.payload)
        return Refused(told, one.key, one.fields)
    seen.add(one.key)
    return one


def _rules(config: GeoConfig) -> CountRules:
    count = config.count
    assert count is not None
    return CountRules(
        count.unit,
        provinces() if count.locate else None,
        count.doubt,
        count.period,
        count.units,
        count.where,
        count.classes,
        count.sums,
        count.locale,
        frozenset(word.strip().lower() for word in count.missing),
        count.partial,
        config.complete,
    )


def _record(one: Feature, day: str) -> Record:
    about = {"_key": one.key, "_lon": one.lon, "_lat": one.lat, f"_{DAY}": day}
    return Record(one.place, {**one.fields, **about}, one.payload)


def _point(config: GeoConfig, one: Feature, unit: str | None) -> Point:
    fields = dict(one.fields)
    count = config.count
    if config.keep is not None:
        kept = {*config.keep, *([count.unit] if count and count.unit else [])}
        fields = {name: value for name, value in fields.items() if name in kept}
    if count is not None and count.locate and unit is not None:
        fields[PROVINCE] = unit
    assert one.key is not None
    assert one.lon is not None
    assert one.lat is not None
    return Point(one.key, one.lon, one.lat, None, fields)
