"""Three more systems: the e-document axis (slow), payments and the budget."""

from __future__ import annotations

from ioc.demo.answer import Answer, Request, every, labelled, month_text, system_of
from ioc.demo.clock import administrative_month_of, month_of, named
from ioc.demo.ledger import Ledger
from ioc.demo.places import Place

DOCUMENTS, PAYMENTS, BUDGET = 5, 6, 7
_SLOWEST, _FASTEST = 4.0, 2.0


def documents(ledger: Ledger, request: Request) -> Answer:
    """Signed and sent documents by organisation; thinks for two to four seconds first."""
    months = request.months(month_of(request.minute))
    rows = [
        {
            "OrganId": place.code,
            "OrganName": place.name,
            "CodeList": system_of(place),
            "ReportMonth": month_text(month),
            "Sent": _or_null(ledger, place, month, request.minute, DOCUMENTS, "DOC-02", 1),
            "Signed": _or_null(ledger, place, month, request.minute, DOCUMENTS, "DOC-02", 0),
        }
        for month, place in every(ledger, months, request.levels)
    ]
    wait = _FASTEST + (_SLOWEST - _FASTEST) * (request.minute * 37 % 100) / 100
    return labelled({"Status": "success", "Body": {"Organs": rows}}, wait=wait)


def payments(ledger: Ledger, request: Request) -> Answer:
    """Dossiers paid online, grouped by month; each group is one record with a list of units."""
    months = request.months(month_of(request.minute))
    size = request.number("kich_thuoc", 6, least=1, most=36)
    at = request.number("trang", 1, least=1) - 1
    groups = [
        {
            "ky": month_text(month),
            "don_vi": [
                {
                    "ma": place.code,
                    "he_ma": system_of(place),
                    "ky": month_text(month),
                    "co_phi": ledger.pair(place, "OPS-07", month, request.minute)[1],
                    "da_tra": ledger.pair(place, "OPS-07", month, request.minute)[0],
                }
                for _, place in every(ledger, [month], request.levels)
                if ledger.model.delivered(place.id, month, request.minute, PAYMENTS)
            ],
        }
        for month in months[at * size : at * size + size]
    ]
    return labelled(
        {"ket_qua": groups, "trang": at + 1, "tong_trang": max(1, -(-len(months) // size))}
    )


def budget(ledger: Ledger, request: Request) -> Answer:
    """Allocated and disbursed since the start of the administrative year, in million đồng."""
    months = request.months(administrative_month_of(request.minute))
    rows = []
    for month, place in every(ledger, months, request.levels):
        if not ledger.model.delivered(place.id, month, request.minute, BUDGET):
            continue
        disbursed, allocated = ledger.model.budget(place, month, request.minute)
        year, number = named(month)
        rows.append(
            {
                "maDonVi": place.code,
                "heMa": system_of(place),
                "nam": year,
                "thang": number,
                "duToan": {"trieuDong": allocated},
                "giaiNgan": {"trieuDong": disbursed},
            }
        )
    return labelled({"success": True, "result": {"total": len(rows), "records": rows}})


def _or_null(
    ledger: Ledger, place: Place, month: int, minute: int, system: int, code: str, part: int
) -> int | None:
    if not ledger.model.delivered(place.id, month, minute, system):
        return None
    return ledger.pair(place, code, month, minute)[part]
