"""The mobile coverage survey: GeoJSON features, provinces by name, an offset like WFS."""

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


def villages(ledger: Ledger, request: Request) -> Answer:
    """Villages with signal, blackspots by class and households at them, by month."""
    months = request.months(month_of(request.minute))
    return _collection(ledger, request, months, _village)


def population(ledger: Ledger, request: Request) -> Answer:
    """Population reached by a signal, by quarter."""
    return _collection(ledger, request, request.quarters(month_of(request.minute)), _population)


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
