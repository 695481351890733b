"""The data warehouse of the two-tier administration: communes of a period, fetched by cursor."""

from __future__ import annotations

from ioc.demo import digitisation, learning, portal
from ioc.demo.answer import Answer, Request, labelled, month_text, quarter_text
from ioc.demo.clock import first_day, month_of
from ioc.demo.ledger import TWO_TIER, Columns, Ledger

RATIOS = {
    "toan_trinh": ("OPS-01", portal.SYSTEM),
    "truc_tuyen": ("OPS-03", portal.SYSTEM),
    "dung_han": ("OPS-05", portal.SYSTEM),
    "kq_dien_tu": ("OPS-08", portal.SYSTEM),
    "so_hoa": ("OPS-09", digitisation.SYSTEM),
    "dao_tao": ("TRN-01", learning.SYSTEM),
}
"""Fields of a commune's month; the whole stands beside each with `_tong` after its name."""

COUNTS = {"qua_han": ("OPS-06", portal.SYSTEM)}
"""Fields without a whole."""

Row = dict[str, object]


def monthly(ledger: Ledger, request: Request) -> Answer:
    """Communes of the newest month asked for; nothing before the two-tier administration.

    `con_tro` is the cursor, `con_tro_sau` the next one and null on the last page.
    """
    month = next(iter(request.months(month_of(request.minute))), None)
    if month is None or first_day(month) < TWO_TIER:
        return _page(request, [])
    columns = ledger.communes(month, request.minute)
    return _page(request, _monthly(ledger, columns, month, request.minute))


def quarterly(ledger: Ledger, request: Request) -> Answer:
    """Communes of the newest quarter asked for: the population reached by a mobile signal."""
    month = next(iter(request.quarters(month_of(request.minute))), None)
    if month is None or first_day(month - 2) < TWO_TIER:
        return _page(request, [])
    columns = ledger.communes(month, request.minute, months=3)
    label, tops, wholes = quarter_text(month), columns.numerators, columns.wholes
    rows: list[Row] = [
        {
            "ma": place.code,
            "ky": label,
            "phu_song": tops["SIG-01"][at],
            "dan_so": wholes["SIG-01"][at],
        }
        for at, place in enumerate(columns.places)
    ]
    return _page(request, rows)


def _page(request: Request, rows: list[Row]) -> Answer:
    at = request.number("con_tro", 0, most=100_000)
    end = at + request.number("kich_thuoc", 2000, least=1, most=5000)
    following = end if end < len(rows) else None
    return labelled({"tong": len(rows), "con_tro_sau": following, "xa": rows[at:end]})


def _monthly(ledger: Ledger, columns: Columns, month: int, minute: int) -> list[Row]:
    label, fields = month_text(month), {**RATIOS, **COUNTS}
    known: dict[tuple[int, int], bool] = {}
    rows: list[Row] = []
    for at, place in enumerate(columns.places):
        row: Row = {"ma": place.code, "ky": label}
        for name, (code, system) in fields.items():
            key = (place.parent_id, system)
            if key not in known:
                known[key] = ledger.model.delivered(key[0], month, minute, system)
            row[name] = columns.numerators[code][at] if known[key] else None
            if name in RATIOS:
                row[name + "_tong"] = columns.wholes[code][at] if known[key] else None
        rows.append(row)
    return rows
