"""The learning system: courses and skills; provinces and ministries are asked for apart."""

from __future__ import annotations

from ioc.demo.answer import Answer, Request, labelled, month_text
from ioc.demo.clock import month_of
from ioc.demo.ledger import Ledger
from ioc.demo.places import Place

SYSTEM = 3


def report(ledger: Ledger, request: Request) -> Answer:
    """All rows of one page; a page is six months, `page` counts from 0."""
    months = request.months(month_of(request.minute))
    page = request.number("page", 0)
    chosen = months[page * 6 : page * 6 + 6]
    level = request.levels[0]
    rows = [
        _row(ledger, place, month, request.minute)
        for month in chosen
        for place in ledger.places(level, month)
        if ledger.model.delivered(place.id, month, request.minute, SYSTEM)
    ]
    return labelled({"users": rows, "page": page, "lastpage": max(0, -(-len(months) // 6) - 1)})


def _row(ledger: Ledger, place: Place, month: int, minute: int) -> dict[str, object]:
    completed, enrolled = ledger.pair(place, "TRN-01", month, minute)
    able, staff = ledger.pair(place, "TRN-02", month, minute)
    return {
        "idnumber": place.code,
        "department": place.name,
        "period": month_text(month),
        "completion": {"completed": completed, "enrolled": enrolled},
        "skills": {"ai": {"able": able, "staff": staff}},
    }
