"""The data warehouse of the two-tier administration: communes by month, fetched by cursor."""

from __future__ import annotations

from ioc.demo import digitisation, learning, portal
from ioc.demo.answer import Answer, Request, labelled, month_text, quarter_text
from ioc.demo.clock import first_day, month_of
from ioc.demo.ledger import TWO_TIER, Columns, Ledger

_FIELDS = {
    "toan_trinh": ("OPS-01", portal.SYSTEM),
    "truc_tuyen": ("OPS-03", portal.SYSTEM),
    "dung_han": ("OPS-05", portal.SYSTEM),
    "kq_dien_tu": ("OPS-08", portal.SYSTEM),
    "so_hoa": ("OPS-09", digitisation.SYSTEM),
    "dao_tao": ("TRN-01", learning.SYSTEM),
}
_COUNTS = {"qua_han": ("OPS-06", portal.SYSTEM)}


def monthly(ledger: Ledger, request: Request) -> Answer:
    """One month of communes to a page; `con_tro` is the cursor, and null on the last page."""
    months = [
        month for month in request.months(month_of(request.minute)) if first_day(month) >= TWO_TIER
    ]
    at = request.number("con_tro", 0)
    return _page(ledger, request, months, at, months=1)


def quarterly(ledger: Ledger, request: Request) -> Answer:
    """One quarter of communes to a page: the population reached by a mobile signal."""
    quarters = [
        month
        for month in request.quarters(month_of(request.minute))
        if first_day(month - 2) >= TWO_TIER
    ]
    at = request.number("con_tro", 0)
    return _page(ledger, request, quarters, at, months=3)


def _page(ledger: Ledger, request: Request, periods: list[int], at: int, *, months: int) -> Answer:
    rows: list[dict[str, object]] = []
    if at < len(periods):
        month = periods[at]
        columns = ledger.communes(month, request.minute, months=months)
        if months > 1:
            rows = _quarterly(columns, month)
        else:
            rows = _monthly(ledger, columns, month, request.minute)
    following = at + 1 if at + 1 < len(periods) else None
    return labelled({"so_trang": len(periods), "con_tro_sau": following, "xa": rows})


def _monthly(ledger: Ledger, columns: Columns, month: int, minute: int) -> list[dict[str, object]]:
    label = month_text(month)
    there = ledger.model.delivered
    known: dict[tuple[int, int], bool] = {}
    rows: list[dict[str, object]] = []
    for at, place in enumerate(columns.places):
        row: dict[str, object] = {"ma": place.code, "ky": label}
        for name, (code, system) in {**_FIELDS, **_COUNTS}.items():
            key = (place.parent_id, system)
            if key not in known:
                known[key] = there(place.parent_id, month, minute, system)
            delivered = known[key]
            row[name] = columns.numerators[code][at] if delivered else None
            if name not in _COUNTS:
                row[name + "_tong"] = columns.wholes[code][at] if delivered else None
        rows.append(row)
    return rows


def _quarterly(columns: Columns, month: int) -> list[dict[str, object]]:
    label = quarter_text(month)
    tops, wholes = columns.numerators["SIG-01"], columns.wholes["SIG-01"]
    return [
        {"ma": place.code, "ky": label, "phu_song": tops[at], "dan_so": wholes[at]}
        for at, place in enumerate(columns.places)
    ]
