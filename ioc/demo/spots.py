"""A register of signal blackspots as points along links, with what a tender needs; invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ioc.demo.answer import Answer, Request, labelled
from ioc.demo.clock import month_of
from ioc.demo.ledger import Ledger
from ioc.demo.places import Place
from ioc.demo.sheets import Dice, Row, after, apart, communes, today
from ioc.domain.unit import Level

SPOTS = 4
_GEOJSON = "application/geo+json"
_SPREAD = 0.015
"""Degrees by which a point lies around the middle of its commune."""
_LOOK_BACK = 8
"""Months: the blackspots of that time which are none any more went live since."""
_HOUSEHOLDS = {"trắng sóng": 37, "lõm sóng": 11}
_OPERATORS = ("Viettel", "VNPT (VinaPhone)", "MobiFone", "Viettel; VNPT (VinaPhone)")
_AREAS = ("Đặc biệt khó khăn", "Khó khăn", "Biên giới, hải đảo", "Địa bàn khác")


def register(ledger: Ledger, request: Request) -> Answer:
    """The blackspots of every province: as many open ones as the survey counts, and those since
    gone live. Some lack what a tender needs, or their place."""
    start = request.number("offset", 0)
    limit = request.number("limit", 500, least=1, most=1000)
    lacking = apart(ledger, request, SPOTS, (Level.PROVINCE,))
    features = [
        feature
        for place in ledger.places(Level.PROVINCE, month_of(request.minute))
        for feature in _of_province(ledger, request, place, uncounted=place.id in lacking)
    ]
    links = [{"rel": "self", "type": _GEOJSON, "href": f"?limit={limit}&offset={start}"}]
    if start + limit < len(features):
        after_ = f"?limit={limit}&offset={start + limit}"
        links.append({"rel": "next", "type": _GEOJSON, "href": after_})
    return labelled(
        {
            "type": "FeatureCollection",
            "numberMatched": len(features),
            "features": features[start : start + limit],
            "links": links,
        }
    )


def _of_province(
    ledger: Ledger, request: Request, place: Place, *, uncounted: bool
) -> Iterator[Row]:
    day, month = today(request), month_of(request.minute)
    there = communes(ledger, request, place)
    now = ledger.model.blackspots(place, month)
    before = ledger.model.blackspots(place, month - _LOOK_BACK)
    if not there:
        return
    for at, kind in enumerate(_HOUSEHOLDS):
        for number in range(1, max(now[at], before[at]) + 1):
            dice = Dice(ledger, place, (SPOTS, at, number))
            commune = dice.pick(0, there)
            is_open = number <= now[at]
            households = _households(ledger, place, at, number, now[at])
            # In a few provinces some households are not counted yet: SIG-04 differs there.
            known = None if is_open and uncounted and dice.happens(7, 0.6) else households
            yield _feature(dice, place, commune, kind, number, day, known, is_open=is_open)


def _households(ledger: Ledger, place: Place, kind: int, number: int, still: int) -> int:
    """What one place has less than usual, the next has more: together what the survey says."""
    usual = list(_HOUSEHOLDS.values())[kind]
    first = (number - 1) // 2 * 2 + 1
    if number <= still < first + 1:
        return usual
    away = round(usual * 0.6 * (Dice(ledger, place, (SPOTS, kind, first)).share(4) - 0.5))
    return usual + (away if number == first else -away)


def _feature(
    dice: Dice, place: Place, commune: Place, kind: str, number: int, day: date,
    households: int | None, *, is_open: bool,
) -> Row:  # fmt: skip
    assert commune.spot is not None
    lon, lat = commune.spot
    mark = "T" if kind.startswith("trắng") else "L"
    surveyed = after(day.replace(day=1), -dice.whole(1, 200, 600))
    planned = after(surveyed, dice.whole(2, 150, 520))
    live = after(day.replace(day=1), -dice.whole(3, 1, 360))
    states = ("Đã khảo sát", "Đã xác nhận", "Đã xác nhận", "Đã đấu thầu", "Đang xây dựng trạm")
    return {
        "type": "Feature",
        "id": f"DS-{place.code}-{mark}{number:03d}",
        "geometry": {
            "type": "Point",
            "coordinates": [
                round(lon + _SPREAD * (2 * dice.share(5) - 1), 5),
                round(lat + _SPREAD * (2 * dice.share(6) - 1), 5),
            ],
        },
        "properties": {
            "xa": commune.code,
            "ten_xa": commune.name,
            "ten_thon": f"Thôn {number} ({'trắng' if mark == 'T' else 'lõm'})",
            "muc_do": "Trắng sóng" if mark == "T" else "Lõm sóng",
            "so_ho": households,
            "so_dan": None if households is None or dice.happens(8, 0.2) else households * 4,
            "dien_luoi": None if dice.happens(9, 0.1) else "có" if dice.happens(10, 0.8) else
            "không",
            "dia_ban": None if dice.happens(11, 0.12) else dice.pick(12, _AREAS),
            "doanh_nghiep": dice.pick(13, _OPERATORS) if dice.happens(14, 0.7) else None,
            "cong_nghe": dice.pick(15, ("4G", "4G", "5G", "Vệ tinh")) if dice.happens(16, 0.8)
            else None,
            "nguon_von": dice.pick(17, ("Doanh nghiệp tự đầu tư",
                                        "Quỹ Dịch vụ viễn thông công ích")),
            "ngay_khao_sat": surveyed.isoformat(),
            "ke_hoach": planned.strftime("%m/%Y"),
            "ngay_phat_song": None if is_open else live.isoformat(),
            "phu_trach": "Sở Khoa học và Công nghệ" if dice.happens(18, 0.8) else None,
            "trang_thai": dice.pick(19, states) if is_open else "Đã phát sóng",
        },
    }  # fmt: skip
