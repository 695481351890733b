"""The national public-service portal: the 766 envelope with a list of metrics for each unit."""

from __future__ import annotations

from ioc.demo.answer import Answer, Request, every, labelled, system_of
from ioc.demo.clock import month_of, named
from ioc.demo.index766 import official
from ioc.demo.ledger import Ledger
from ioc.demo.places import Place
from ioc.domain.unit import Level

SYSTEM = 1
METRICS = {
    "FULLY_ONLINE_DOSSIER": "OPS-01",
    "PROCEDURE_WITH_ONLINE_SERVICE": "OPS-02",
    "ONLINE_CHANNEL_DOSSIER": "OPS-03",
    "SERVICE_WITH_DOSSIER": "OPS-04",
    "PROCESSED_ON_TIME": "OPS-05",
    "ORIGINAL_RESULT_AVAILABLE": "OPS-08",
}
"""The portal's metric codes and the indicators they are."""


def evaluation(ledger: Ledger, request: Request) -> Answer:
    """One page of units by month, newest month first; pages are counted from 1."""
    size = request.number("pageSize", 200, least=1, most=500)
    page = request.number("currentPage", 1, least=1)
    months = request.months(month_of(request.minute))
    rows = every(ledger, months, request.levels)
    items = [
        _item(ledger, place, month, request.minute)
        for month, place in rows[(page - 1) * size : page * size]
    ]
    pages = -(-len(rows) // size)
    return labelled(
        {
            "code": "OK",
            "data": {
                "evaluation": items,
                "pagination": {
                    "currentPage": page,
                    "pageSize": size,
                    "total": len(rows),
                    "totalPages": pages,
                },
            },
        }
    )


def _item(ledger: Ledger, place: Place, month: int, minute: int) -> dict[str, object]:
    year, number = named(month)
    # A department's figures come with its ministry's, which are their sum.
    sender = place.parent_id if place.level is Level.DEPARTMENT else place.id
    there = ledger.model.delivered(sender, month, minute, SYSTEM)
    return {
        "departmentCode": place.code,
        "departmentName": place.name,
        "departmentLevel": place.level.value,
        "codeSystem": system_of(place),
        "timeType": "month",
        "year": year,
        "month": number,
        "score": _score(ledger, place, month, minute) if there else None,
        "maxScore": 100,
        "overdueCount": ledger.pair(place, "OPS-06", month, minute)[0] if there else None,
        "metrics": [
            _metric(name, ledger.pair(place, code, month, minute) if there else None)
            for name, code in METRICS.items()
        ],
    }


def _score(ledger: Ledger, place: Place, month: int, minute: int) -> float:
    """The 766 score: of departments drawn, of provinces and ministries made of their rows."""
    if place.level is Level.DEPARTMENT:
        return ledger.model.score(place, month, minute) / 100
    return float(official(ledger, place, month, minute).total)


def _metric(name: str, pair: tuple[int, int] | None) -> dict[str, object]:
    if pair is None:
        return {"code": name, "numerator": None, "denominator": None, "ratio": None}
    ratio = round(pair[0] / pair[1], 4) if pair[1] else None
    return {"code": name, "numerator": pair[0], "denominator": pair[1], "ratio": ratio}
