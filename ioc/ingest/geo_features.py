"""From a GeoJSON document to its features, each with its place, its key and its name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ioc.errors import PermanentSourceError
from ioc.ingest.connector import RECORD_TEXT, Rejected
from ioc.ingest.coordinates import Axes, Box, ordered, ordinate, pair, placed
from ioc.ingest.geo_crs import Project, crs_name, same_crs
from ioc.ingest.geo_shape import polygons
from ioc.ingest.values import ValueProblem, as_text

MOST_TEXT = 64 * 1024
"""Characters of one feature's properties as JSON; more are no record but a document."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How features are read; see the settings of the same names in `geo_config`."""

    geometry: str
    crs: str
    project: Project
    axes: Axes
    box: Box
    text: str | None
    lon: str | None
    lat: str | None
    key: str | None
    name: str | None
    depth: int
    corners: int


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature that was read: `place` finds it again, `lon` and `lat` are None without a point.

    `payload` is the index of the answer it came in.
    """

    place: str
    key: str | None
    fields: Mapping[str, object]
    lon: float | None
    lat: float | None
    payload: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A feature that was not taken in; `fields` and `key` are what could still be read of it."""

    told: Rejected
    key: str | None
    fields: Mapping[str, object]


def features_in(document: object, crs: str, label: str) -> list[Any]:
    """The list of features of a FeatureCollection.

    Raises PermanentSourceError when there is none, or when the document names another reference
    system than the one declared: one of the two is wrong, and nobody can tell which.
    """
    found = document.get("features") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(found, list):
        raise PermanentSourceError(
            f"{label}: no GeoJSON FeatureCollection", code="no_feature_collection", url=label
        )
    named = document.get("crs")
    if named is not None:
        inner = named.get("properties") if isinstance(named, dict) else None
        check_crs(str(inner.get("name")) if isinstance(inner, dict) else str(named), crs, label)
    return found


def check_crs(given: str, declared: str, label: str) -> None:
    """Raise PermanentSourceError unless `given` means the declared reference system."""
    try:
        named = crs_name(given)
    except ValueError:
        named = given[:60]
    if not same_crs(named, declared):
        raise PermanentSourceError(
            f"{label}: the data say {named}, the source's file says {declared}",
            code="crs_contradicts",
            url=label,
            given=named,
            declared=declared,
        )


def read_feature(given: object, number: str, rules: Rules, payload: int) -> Feature | Refused:
    """One feature of a document, or why it cannot be taken; `number` says which it is."""
    properties = given.get("properties") if isinstance(given, dict) else None
    fields: Mapping[str, object] = properties if isinstance(properties, dict) else {}
    key, place = None, f"{number} · –"
    try:
        if not isinstance(given, dict) or given.get("type") != "Feature":
            raise ValueProblem("not_a_feature")
        if _deeper(fields, rules.depth) or len(_json(fields)) > MOST_TEXT:
            fields = {}
            raise ValueProblem("feature_too_deep", depth=rules.depth, most=MOST_TEXT // 1024)
        key = as_text(fields.get(rules.key) if rules.key else given.get("id"))[:200] or None
        name = as_text(fields.get(rules.name)) if rules.name else ""
        place = f"{number} · {' · '.join(one[:80] for one in (name, key or '') if one) or '–'}"
        lon, lat = _place(given, fields, rules)
    except ValueProblem as problem:
        told = Rejected(place, problem.code, problem.params, _json(fields)[:RECORD_TEXT], payload)
        return Refused(told, key, fields)
    return Feature(place, key, fields, lon, lat, payload)


def _place(
    given: Mapping[str, object], fields: Mapping[str, object], rules: Rules
) -> tuple[float | None, float | None]:
    if rules.geometry == "any":
        return None, None
    if rules.geometry == "polygon":
        for part in polygons(given.get("geometry"), rules.corners, rules.axes):
            for x, y in part[0]:
                placed(x, y, rules.project, rules.box)
        return None, None
    if rules.text is not None:
        x, y = pair(as_text(fields.get(rules.text)), rules.axes)
    elif rules.lon is not None and rules.lat is not None:
        x, y = (ordinate(_known(fields.get(one))) for one in (rules.lon, rules.lat))
    else:
        x, y = ordered(_point(given.get("geometry")), rules.axes)
    return placed(x, y, rules.project, rules.box)


def _point(geometry: object) -> tuple[float, float]:
    if not isinstance(geometry, dict):
        raise ValueProblem("no_geometry")
    kind, given = geometry.get("type"), geometry.get("coordinates")
    if kind == "MultiPoint" and isinstance(given, list) and len(given) == 1:
        # How some programs write every point.
        given = given[0]
    elif kind != "Point":
        # A line or an area has no one place; its middle would be made up.
        raise ValueProblem("not_a_point", given=str(kind or "–")[:40])
    if not isinstance(given, list) or not given:
        raise ValueProblem("no_geometry")
    if len(given) < 2:
        raise ValueProblem("bad_coordinates", given=str(given)[:60])
    return ordinate(given[0]), ordinate(given[1])


def _known(value: object) -> object:
    if value is None or value == "":
        raise ValueProblem("no_geometry")
    return value


def _deeper(value: object, depth: int) -> bool:
    """Whether lists and objects lie deeper in each other than `depth`."""
    level: list[object] = [value]
    for _ in range(depth + 1):
        following: list[object] = []
        for one in level:
            if isinstance(one, dict):
                following += one.values()
            elif isinstance(one, list):
                following += one
        if not following:
            return False
        level = following
    return True


def _json(fields: Mapping[str, object]) -> str:
    return json.dumps(dict(fields), ensure_ascii=False, default=str, sort_keys=True)
