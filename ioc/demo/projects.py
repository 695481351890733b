"""Registers of milestones, projects with their money, datasets and systems: all of it invented."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from ioc.demo.answer import Answer, Request
from ioc.demo.clock import administrative_month_of, named
from ioc.demo.ledger import Ledger
from ioc.demo.places import Place
from ioc.demo.sheets import Dice, Row, after, apart, bodies, due_words, sheet, today, vietnamese_day

MILESTONES, BUDGET, DATASETS, SYSTEMS = 3, 5, 6, 9

_DATABASES = (
    "hộ tịch", "đất đai", "cán bộ, công chức", "lao động, việc làm", "doanh nghiệp",
    "giáo dục", "y tế cơ sở", "bảo trợ xã hội", "giao thông", "khoáng sản",
)  # fmt: skip
_SYSTEMS = (
    "Hệ thống thông tin giải quyết thủ tục hành chính", "Hệ thống quản lý văn bản và điều hành",
    "Cổng thông tin điện tử", "Nền tảng tích hợp, chia sẻ dữ liệu", "Hệ thống thư điện tử",
    "Hệ thống báo cáo", "Hệ thống họp trực tuyến",
)  # fmt: skip
_PARTNERS = ("Đơn vị tự xây dựng", "Doanh nghiệp viễn thông", "Doanh nghiệp công nghệ số")


def milestones(ledger: Ledger, request: Request) -> Answer:
    """Databases, systems and centres by when they were promised, and since when they work."""
    return _every(ledger, request, _milestones)


def budget(ledger: Ledger, request: Request) -> Answer:
    """Projects with registered, allocated and disbursed money, in million đồng."""
    behind = apart(ledger, request, BUDGET)

    def of_place(ledger: Ledger, request: Request, place: Place) -> Iterator[Row]:
        for row in _projects(ledger, request, place):
            # Here a project's last payments are not in the register yet: BUD-01 differs.
            spent = row["giai_ngan"]
            if place.id in behind and isinstance(spent, int):
                row["giai_ngan"] = spent * 9 // 10
            yield row

    return _every(ledger, request, of_place)


def datasets(ledger: Ledger, request: Request) -> Answer:
    """Who owns which data, how much of them is digital, who may use them."""
    return _every(ledger, request, _datasets)


def systems(ledger: Ledger, request: Request) -> Answer:
    """Systems with level, monitoring, backups, restore tests and drills."""
    return _every(ledger, request, _systems)


def _every(
    ledger: Ledger, request: Request, of_place: Callable[[Ledger, Request, Place], Iterator[Row]]
) -> Answer:
    places = bodies(ledger, request)
    return sheet(request, (row for place in places for row in of_place(ledger, request, place)))


def _milestones(ledger: Ledger, request: Request, place: Place) -> Iterator[Row]:
    """The databases that DB-01 counts, each with its day, and some systems beside them."""
    databases = ledger.databases(place)
    systems = Dice(ledger, place, (MILESTONES, 0)).whole(0, 1, 4)
    for number in range(len(databases) + systems):
        dice = Dice(ledger, place, (MILESTONES, number + 1))
        done = (
            databases[number]
            if number < len(databases)
            else after(date(2025, 6, 30), dice.whole(1, 0, 800))
        )
        name = (
            f"Cơ sở dữ liệu {_DATABASES[(number + place.id) % len(_DATABASES)]}"
            f"{', giai đoạn 2' * (number >= len(_DATABASES))}"
            if number < len(databases)
            else _SYSTEMS[(number + place.id) % len(_SYSTEMS)]
        )
        kind = "Cơ sở dữ liệu" if number < len(databases) else "Hệ thống thông tin"
        yield _milestone(dice, place, number, name, kind, done, today(request))


def _milestone(
    dice: Dice, place: Place, number: int, name: str, kind: str, done: date, day: date
) -> Row:
    slip = dice.whole(4, -40, 25) if dice.happens(5, 0.62) else dice.whole(6, 20, 200)
    due = after(done, -slip)
    baseline = after(due, 0 if dice.happens(2, 0.7) else -dice.whole(3, 30, 150))
    trial = after(done, -dice.whole(7, 20, 90))
    started = min(after(baseline, -dice.whole(8, 150, 420)), after(trial, -30))
    state = (
        "Vận hành chính thức" if done <= day
        else "Vận hành thử nghiệm" if trial <= day
        else "Đang xây dựng" if started <= day
        else "Trong kế hoạch"
    )  # fmt: skip
    passed = (day - started).days / max(1, (done - started).days)
    return {
        "ma": f"MOC-{place.code}-{number + 1:02d}",
        "don_vi": place.code,
        "ten": name,
        "loai": kind,
        "han": due_words(due, dice, 10),
        "han_goc": due_words(baseline, dice, 10),
        "bat_dau": started.isoformat() if started <= day else None,
        "chay_thu": trial.isoformat() if trial <= day else None,
        "chinh_thuc": done.isoformat() if done <= day else None,
        "tien_do": f"{max(0, min(100, round(passed * 100)))}%",
        "phu_trach": None if dice.happens(11, 0.15) else "Trung tâm chuyển đổi số",
        "thuc_hien": dice.pick(12, _PARTNERS),
        "van_ban": f"KH-{place.code}",
        "trang_thai": state,
    }


def _projects(ledger: Ledger, request: Request, place: Place) -> Iterator[Row]:
    """The projects of the budget year, those with money coming to what the budget system says;
    some were registered only."""
    month = administrative_month_of(request.minute)
    year, _ = named(month)
    disbursed, allocated = ledger.model.budget(place, month, request.minute)
    dice = Dice(ledger, place, (BUDGET, year))
    given, more = dice.whole(0, 2, 4), dice.happens(1, 0.4)
    weights = [0.5 + dice.share(10 + number) for number in range(given)]
    money = _split(allocated, weights, [allocated] * given)
    paces = [one * (0.7 + 0.6 * dice.share(20 + at)) for at, one in enumerate(money)]
    spent = _split(disbursed, paces, money)
    for number in range(given):
        yield _project(ledger, place, year, number + 1, (money[number], spent[number]))
    if more:
        yield _project(ledger, place, year, given + 1, None)


def _split(whole: int, weights: list[float], most: list[int]) -> list[int]:
    """A whole in parts by weight, none larger than its `most`; together these hold the whole."""
    parts: list[int] = []
    for at, weight in enumerate(weights):
        left = whole - sum(parts)
        share = round(left * weight / (sum(weights[at:]) or 1))
        parts.append(min(most[at], left, max(share, left - sum(most[at + 1 :]))))
    return parts


def _project(
    ledger: Ledger, place: Place, year: int, number: int, money: tuple[int, int] | None
) -> Row:
    dice = Dice(ledger, place, (BUDGET, year, number))
    allocated, disbursed = money or (dice.whole(1, 4, 90) * 1000 + dice.whole(2, 0, 999), 0)
    registered = round(allocated / (0.6 + 0.4 * dice.share(8)))
    kind = dice.whole(5, 0, 2)
    share = (1.0, 0.0, 0.5 + 0.4 * dice.share(3))[kind]
    investment = round(registered * share)
    regular = registered - investment
    # Some plans do not add up: that must be seen.
    total = registered + (dice.whole(6, 1, 9) * 100 if dice.happens(7, 0.06) else 0)
    return {
        "ma": f"DA-{place.code}-{year}-{number}",
        "don_vi": place.code,
        "ten": f"{_SYSTEMS[(number + place.id) % len(_SYSTEMS)]}: nâng cấp, mở rộng",
        "nguon": ("Đầu tư công", "Chi thường xuyên", "Đầu tư công và chi thường xuyên")[kind],
        "nam": year,
        "dang_ky": {"trieu": total},
        "dau_tu": investment if kind != 1 else None,
        "thuong_xuyen": regular if kind != 0 else None,
        "duoc_giao": allocated if money else None,
        "giai_ngan": disbursed if money else None,
        "han": vietnamese_day(date(year, dice.whole(11, 6, 12), 28)),
        "chu_dau_tu": "Ban quản lý dự án" if dice.happens(12, 0.9) else None,
        "van_ban": f"KH-{place.code}",
        "trang_thai": "Được giao vốn, đang thực hiện" if money else "Đã đăng ký kinh phí",
    }


def _datasets(ledger: Ledger, request: Request, place: Place) -> Iterator[Row]:
    day = today(request)
    duties = (
        ("Hằng ngày", 1), ("Hằng tuần", 7), ("Hằng tháng", 31), ("Hằng quý", 92), ("Hằng năm", 366),
    )  # fmt: skip
    for number in range(1, Dice(ledger, place, (DATASETS, 0)).whole(0, 3, 6) + 1):
        dice = Dice(ledger, place, (DATASETS, number))
        duty, days = dice.pick(1, duties)
        late = dice.happens(2, 0.2)
        updated = after(day, -(dice.whole(3, days + 1, days * 2 + 5) if late else days // 2))
        backlog = dice.whole(4, 2, 90) * 1000
        share = max(0.05, min(0.99, 0.62 + 0.12 * place.temper + 0.5 * (dice.share(5) - 0.5)))
        sharing = ("Chưa chia sẻ", "Gửi tệp", "Qua LGSP", "Qua NDOP", "Qua LGSP và NDOP")
        yield {
            "ma": f"DL-{place.code}-{number:02d}",
            "don_vi": place.code,
            "ten": f"Dữ liệu {_DATABASES[(number * 3 + place.id) % len(_DATABASES)]}",
            "loai": dice.pick(6, ("Cơ sở dữ liệu chuyên ngành", "Kho dữ liệu dùng chung",
                                  "Hồ sơ, tài liệu")),
            "chu_quan": place.name,
            "dau_moi": None if dice.happens(7, 0.2) else "Phòng Công nghệ thông tin",
            "so_ban_ghi": backlog * dice.whole(8, 2, 40),
            "phai_so_hoa": backlog,
            "da_so_hoa": round(backlog * share),
            "tang_moi_ngay": 0 if late else dice.whole(9, 1, 400),
            "cap_nhat": duty,
            "lan_cuoi": updated.isoformat(),
            "han": after(updated, days).isoformat(),
            "chia_se": dice.pick(10, sharing) if dice.happens(11, 0.9) else None,
            "du_lieu_mo": dice.happens(12, 0.35),
            "khai_thac": dice.whole(13, 0, 24),
            "ma_quoc_gia": dice.happens(14, 0.6),
            "trang_thai": "Đang khai thác" if share > 0.5 else "Đang số hóa, tạo lập",
        }  # fmt: skip


def _systems(ledger: Ledger, request: Request, place: Place) -> Iterator[Row]:
    day = today(request)
    for number in range(1, Dice(ledger, place, (SYSTEMS, 0)).whole(0, 3, 5) + 1):
        dice = Dice(ledger, place, (SYSTEMS, number))
        restored = after(day.replace(day=1), -dice.whole(1, 10, 500))
        planned, incidents = dice.whole(2, 1, 4), dice.whole(3, 0, 6)
        passed = dice.happens(4, 0.85)
        yield {
            "ma": f"HT-{place.code}-{number:02d}",
            "don_vi": place.code,
            "ten": _SYSTEMS[(number + place.id) % len(_SYSTEMS)],
            "cap_do": str(dice.whole(5, 2, 3 if number > 1 else 4)),
            "giam_sat": "có" if dice.happens(6, 0.74 + 0.08 * place.temper) else "không",
            "sao_luu": "có" if dice.happens(7, 0.86) else "không",
            "kich_ban": "có" if dice.happens(8, 0.66) else "không",
            "khoi_phuc_thu": restored.isoformat() if dice.happens(9, 0.8) else None,
            "khoi_phuc_dat": "có" if passed else "không",
            "han": after(restored, 365).isoformat(),
            "dien_tap_ke_hoach": planned,
            "dien_tap_da_lam": min(planned, dice.whole(10, 0, 4)),
            "su_co": incidents,
            "da_xu_ly": incidents - (incidents > 3),
            "san_sang": f"{99 + dice.share(11):.2f}%".replace(".", ","),
            "van_hanh": "Trung tâm chuyển đổi số" if dice.happens(12, 0.85) else None,
            "trang_thai": "Đang nâng cấp" if dice.happens(13, 0.1) else "Đang vận hành",
        }
