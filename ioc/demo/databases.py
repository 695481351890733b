"""A ministry's register of databases: good for some minutes, then it breaks, then it is good."""

from __future__ import annotations

from ioc.demo.answer import Answer, Request, every, labelled, month_text, system_of
from ioc.demo.clock import month_of
from ioc.demo.ledger import Ledger
from ioc.demo.sheets import apart

SYSTEM = 9
CYCLE = 9
"""Minutes from one break to the next."""

_BROKEN, _LOGGED_OUT = (4,), (5,)
_LOGIN_PAGE = (
    "<!doctype html><html lang='vi'><head><title>Đăng nhập</title></head>"
    "<body><h1>Phiên làm việc đã hết hạn</h1><p>Dữ liệu minh họa</p></body></html>"
)


def register(ledger: Ledger, request: Request) -> Answer:
    """Databases assigned and in operation, by month and body; some minutes an error instead."""
    phase = request.uptime % CYCLE
    if phase in _BROKEN:
        return Answer("Lỗi hệ thống (minh họa)".encode(), "text/plain; charset=utf-8", 500)
    if phase in _LOGGED_OUT:
        return Answer(_LOGIN_PAGE.encode(), "text/html; charset=utf-8")
    months = request.months(month_of(request.minute))
    ahead = apart(ledger, request, SYSTEM)
    rows = []
    for month, place in every(ledger, months, request.levels):
        if not ledger.model.delivered(place.id, month, request.minute, SYSTEM):
            continue
        working, assigned = ledger.pair(place, "DB-01", month, request.minute)
        if place.id in ahead:
            # These lists count one that the register of milestones does not have in operation yet.
            working = min(assigned, working + 1)
        rows.append(
            {
                "co_quan": place.code,
                "he_ma": system_of(place),
                "thoi_diem": month_text(month),
                "csdl": {"duoc_giao": assigned, "van_hanh": working},
            }
        )
    return labelled({"ok": True, "tong": len(rows), "danh_sach": rows})
