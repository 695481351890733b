"""The learning system: courses and skills; provinces and ministries are asked for apart."""

from __future__ import annotations

from ioc.demo.answer import Answer, Request, every, labelled, month_text
from ioc.demo.clock import month_of
from ioc.demo.ledger import Ledger
from ioc.demo.places import Place

SYSTEM = 3


def report(ledger: Ledger, request: Request) -> Answer:
    """One row for each unit and month; a unit that sent nothing has no row."""
    rows = [
        _row(ledger, place, month, request.minute)
        for month, place in every(ledger, request.months(month_of(request.minute)), request.levels)
        if ledger.model.delivered(place.id, month, request.minute, SYSTEM)
    ]
    return labelled({"report": {"rows": rows}, "warnings": []})


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
