"""The document-digitisation system: flat rows, offset and limit, numbers as Vietnamese text."""

from __future__ import annotations

from ioc.demo.answer import Answer, Request, every, labelled, system_of
from ioc.demo.clock import month_of, named
from ioc.demo.ledger import Ledger
from ioc.demo.places import Place

SYSTEM = 2
_ASIDE = 7


def statistics(ledger: Ledger, request: Request) -> Answer:
    """Rows from `offset` on; units that sent nothing are simply not there."""
    offset = request.number("offset", 0)
    limit = request.number("limit", 500, least=1, most=1000)
    rows = [
        (month, place)
        for month, place in every(ledger, request.months(month_of(request.minute)), request.levels)
        if ledger.model.delivered(place.id, month, request.minute, SYSTEM)
    ]
    return labelled(
        {
            "tong_so": len(rows),
            "ban_ghi": [
                _row(ledger, place, month, request.minute)
                for month, place in rows[offset : offset + limit]
            ],
        }
    )


def _row(ledger: Ledger, place: Place, month: int, minute: int) -> dict[str, object]:
    year, number = named(month)
    digitised, dossiers = ledger.pair(place, "OPS-09", month, minute)
    reused, received = ledger.pair(place, "OPS-10", month, minute)
    done, backlog = ledger.pair(place, "DOC-01", month, minute)
    return {
        "he_ma": system_of(place),
        "ma_don_vi": place.code,
        "ten_don_vi": place.name,
        "ky_bao_cao": f"{number:02d}/{year}",
        "ho_so": vietnamese(dossiers),
        "ho_so_da_so_hoa": vietnamese(digitised),
        "ho_so_tiep_nhan": vietnamese(received),
        "ho_so_tai_su_dung": vietnamese(reused),
        "tai_lieu_da_so_hoa": vietnamese(done),
        "tai_lieu_phai_so_hoa": "-" if place.id % 13 == _ASIDE else vietnamese(backlog),
    }


def vietnamese(whole: int) -> str:
    """A whole number with dots between thousands: 1.234.567."""
    return f"{whole:,}".replace(",", ".")
