"""The mobile coverage survey: features by province with an offset like WFS, and the blackspots
themselves as points along links (OGC API Features)."""

from __future__ import annotations

from collections.abc import Callable

from ioc.demo.answer import Answer, Request, every, labelled, month_text, quarter_text
from ioc.demo.clock import month_of
from ioc.demo.ledger import Ledger
from ioc.demo.places import Place
from ioc.domain.unit import Level

SYSTEM = 4
_HOUSEHOLDS_WITHOUT, _HOUSEHOLDS_WEAK = 37, 11
_LOCAL = (Level.PROVINCE,)
_GEOJSON = "application/geo+json"
_SPREAD = 0.12
"""Degrees of latitude and longitude by which points lie around the middle of their province."""


def villages(ledger: Ledger, request: Request) -> Answer:
    """Villages with signal, blackspots by class and households at them, by month."""
    months = request.months(month_of(request.minute))
    return _collection(ledger, request, months, _village)


def population(ledger: Ledger, request: Request) -> Answer:
    """Population reached by a signal, by quarter."""
    return _collection(ledger, request, request.quarters(month_of(request.minute)), _population)


def blackspots(ledger: Ledger, request: Request) -> Answer:
    """Every open blackspot of the current month as a point, with links from page to page.

    As many of each class as the survey counts; those of provinces that have not reported yet are
    there too, marked as not confirmed.
    """
    start = request.number("offset", 0)
    limit = request.number("limit", 200, least=1, most=1000)
    month = month_of(request.minute)
    spots = [
        (place, number, number <= none)
        for _, place in every(ledger, [month], _LOCAL)
        for none, weak in [ledger.model.blackspots(place, month)]
        for number in range(1, none + weak + 1)
        if place.spot is not None
    ]
    features = [
        _point(ledger, place, number, dark, month, request.minute)
        for place, number, dark in spots[start : start + limit]
    ]
    links = [{"rel": "self", "type": _GEOJSON, "href": f"?limit={limit}&offset={start}"}]
    if start + limit < len(spots):
        after = f"?limit={limit}&offset={start + limit}"
        links.append({"rel": "next", "type": _GEOJSON, "href": after})
    return labelled(
        {
            "type": "FeatureCollection",
            "numberMatched": len(spots),
            "numberReturned": len(features),
            "features": features,
            "links": links,
        }
    )


def _collection(
    ledger: Ledger,
    request: Request,
    months: list[int],
    properties: Callable[[Ledger, Place, int, int], dict[str, object]],
) -> Answer:
    start = request.number("startIndex", 0)
    count = request.number("count", 200, least=1, most=1000)
    rows = [
        (month, place)
        for month, place in every(ledger, months, _LOCAL)
        if ledger.model.delivered(place.id, month, request.minute, SYSTEM)
    ]
    features = [
        {
            "type": "Feature",
            "geometry": None,
            "properties": properties(ledger, place, month, request.minute),
        }
        for month, place in rows[start : start + count]
    ]
    return labelled(
        {
            "type": "FeatureCollection",
            "numberMatched": len(rows),
            "numberReturned": len(features),
            "features": features,
        }
    )


def _village(ledger: Ledger, place: Place, month: int, minute: int) -> dict[str, object]:
    covered, villages_ = ledger.pair(place, "SIG-02", month, minute)
    none, weak = ledger.model.blackspots(place, month)
    return {
        "tinh": place.name,
        "thang": month_text(month),
        "so_thon": villages_,
        "thon_co_song": covered,
        "trang_song": {"thon": none, "ho": none * _HOUSEHOLDS_WITHOUT},
        "lom_song": {"thon": weak, "ho": weak * _HOUSEHOLDS_WEAK},
        "tong": {
            "thon": none + weak,
            "ho": none * _HOUSEHOLDS_WITHOUT + weak * _HOUSEHOLDS_WEAK,
        },
    }


def _population(ledger: Ledger, place: Place, month: int, minute: int) -> dict[str, object]:
    covered, people = ledger.pair(place, "SIG-01", month, minute, months=3)
    return {
        "tinh": place.name,
        "quy": quarter_text(month),
        "dan_so": people,
        "dan_so_phu_song": covered,
    }


def _point(
    ledger: Ledger, place: Place, number: int, dark: bool, month: int, minute: int
) -> dict[str, object]:
    assert place.spot is not None
    lon, lat = place.spot
    return {
        "type": "Feature",
        "id": f"{place.code}-{number:03d}",
        "geometry": {
            "type": "Point",
            "coordinates": [
                round(lon + _SPREAD * ledger.model.lean(place, number, 0), 5),
                round(lat + _SPREAD * ledger.model.lean(place, number, 1), 5),
            ],
        },
        "properties": {
            "ma_tinh": place.code,
            "ten": f"Điểm minh họa {number}",
            "loai": "trắng sóng" if dark else "lõm sóng",
            "so_ho": _HOUSEHOLDS_WITHOUT if dark else _HOUSEHOLDS_WEAK,
            "xac_nhan": ledger.model.delivered(place.id, month, minute, SYSTEM),
        },
    }
