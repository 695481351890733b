"""A register of tasks and one of directives, item by item: all of it invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ioc.demo.answer import Answer, Request
from ioc.demo.clock import first_day, month_of
from ioc.demo.ledger import Ledger
from ioc.demo.places import Place
from ioc.demo.sheets import (
    Dice,
    Row,
    after,
    bodies,
    communes,
    due_words,
    sheet,
    today,
    vietnamese_day,
)
from ioc.domain.unit import Level

TASKS, DIRECTIVES = 1, 2
BACK, AHEAD = 15, 6
"""Months before and after the current one in which tasks fall due."""

_WORK = (
    ("Ban hành kế hoạch số hóa hồ sơ, kết quả giải quyết thủ tục hành chính", "OPS-09", 1),
    ("Rà soát, tái cấu trúc thủ tục hành chính đủ điều kiện toàn trình", "OPS-01", 1),
    ("Chuẩn hóa mã định danh đơn vị trên hệ thống thông tin giải quyết thủ tục", "OPS-02", 1),
    ("Kết nối thanh toán trực tuyến phí, lệ phí với Cổng Dịch vụ công", "OPS-07", 1),
    ("Tổ chức hướng dẫn người dân nộp hồ sơ trực tuyến tại bộ phận một cửa", "OPS-03", 1),
    ("Xử lý dứt điểm hồ sơ quá hạn, công khai lời xin lỗi", "OPS-06", 1),
    ("Cấp kết quả điện tử có ký số cho các thủ tục thiết yếu", "OPS-08", 1),
    ("Xây dựng kho dữ liệu dùng chung, tích hợp dữ liệu chuyên ngành", "DB-01", 2),
    ("Làm sạch dữ liệu đất đai, đối soát với cơ sở dữ liệu dân cư", "DQ-01", 2),
    ("Công bố danh mục dữ liệu mở và lịch cập nhật", "DB-03", 2),
    ("Kết nối hệ thống qua nền tảng tích hợp, chia sẻ dữ liệu", "DB-03", 2),
    ("Số hóa tài liệu lưu trữ giai đoạn trước khi sắp xếp đơn vị", "DOC-01", 2),
    ("Xóa điểm trắng sóng tại các thôn đặc biệt khó khăn", "SIG-03", 3),
    ("Khảo sát, lập danh mục thôn chưa có sóng để đấu thầu", "SIG-03", 3),
    ("Nâng cấp đường truyền trung tâm phục vụ hành chính công cấp xã", None, 3),
    ("Bồi dưỡng kỹ năng số cho cán bộ cấp xã", "TRN-01", 4),
    ("Tập huấn sử dụng trợ lý trí tuệ nhân tạo trong xử lý văn bản", "TRN-02", 4),
    ("Kiện toàn tổ công nghệ số cộng đồng", None, 4),
    ("Phê duyệt cấp độ an toàn hệ thống thông tin", "DQ-02", 5),
    ("Diễn tập ứng cứu sự cố, kiểm tra phương án khôi phục", "DQ-02", 5),
    ("Ký số toàn bộ văn bản đi trên trục liên thông", "DOC-02", 1),
    ("Giải ngân kinh phí chuyển đổi số năm nay", "BUD-01", 6),
    ("Nghiệm thu đề tài ứng dụng trí tuệ nhân tạo trong quản lý nhà nước", None, 6),
    ("Đưa trung tâm điều hành thông minh vào vận hành", "DB-01", 2),
)
_GROUPS = (
    "", "Cải cách thủ tục hành chính", "Phát triển dữ liệu", "Hạ tầng số", "Nhân lực số",
    "An toàn thông tin", "Nguồn lực, khoa học công nghệ",
)  # fmt: skip
_OFFICES = (
    "Văn phòng", "Trung tâm chuyển đổi số", "Phòng Tổng hợp", "Phòng Cải cách hành chính",
    "Phòng Kế hoạch – Tài chính", "Cục Công nghệ thông tin",
)  # fmt: skip
_PRODUCTS = (
    "Quyết định phê duyệt", "Báo cáo kết quả", "Hệ thống đưa vào sử dụng", "Kế hoạch được ban hành",
    "Bộ dữ liệu đã đối soát", "Biên bản nghiệm thu",
)  # fmt: skip
_CLASSES = (
    ("Nhiệm vụ thường xuyên", 0.70), ("Chỉ tiêu của kế hoạch", 0.79), ("Dự án của kế hoạch", 0.91),
    ("Nhiệm vụ KH&CN cấp tỉnh", 0.98), ("Nhiệm vụ KH&CN cấp quốc gia", 1.0),
)  # fmt: skip


def tasks(ledger: Ledger, request: Request) -> Answer:
    """Tasks of provinces, ministries and some communes that were assigned until today."""
    return sheet(
        request,
        (row for place in bodies(ledger, request) for row in _of_place(ledger, request, place)),
    )


def _of_place(ledger: Ledger, request: Request, place: Place) -> Iterator[Row]:
    day, month = today(request), month_of(request.minute)
    below = communes(ledger, request, place) if place.level is Level.PROVINCE else []
    for index in range(month - BACK, month + AHEAD + 1):
        for number in (1, 2):
            dice = Dice(ledger, place, (TASKS, index, number))
            if number == 2 and not dice.happens(0, 0.35):
                continue
            due = after(first_day(index), dice.whole(1, 0, 27))
            assigned = after(due, -dice.whole(2, 30, 230))
            if assigned > day:
                continue
            owner = dice.pick(3, below) if below and dice.happens(4, 0.12) else place
            key = f"NV-{place.code}-{due:%y%m}-{number}"
            yield _task(dice, place, owner, key, due, assigned, day)


def _task(
    dice: Dice, place: Place, owner: Place, key: str, due: date, assigned: date, day: date
) -> Row:
    title, indicator, group = dice.pick(5, _WORK)
    due_said = due_words(due, dice, 6)
    done = _done(dice, place, due)
    dropped = dice.happens(7, 0.02)
    finished = done is not None and done <= day and not dropped
    drawn = dice.share(8)
    # Who does well also writes down who, what and until when.
    gap = 0.09 - 0.03 * max(-1.0, min(1.0, place.temper))
    return {
        "ma_nhiem_vu": key,
        "don_vi": owner.code,
        "noi_dung": title,
        "loai": next(name for name, until in _CLASSES if drawn < until),
        "nhom": _GROUPS[group],
        "nguoi_thuc_hien": None if dice.happens(9, gap / 2) else f"{dice.pick(10, _OFFICES)}",
        "han": None if dice.happens(11, gap / 4) else due_said,
        "trach_nhiem": None if dice.happens(12, gap) else "Chủ trì, báo cáo kết quả hằng tháng",
        "san_pham": None if dice.happens(13, gap) else dice.pick(14, _PRODUCTS),
        "tham_quyen": None if dice.happens(15, gap) else "Lãnh đạo đơn vị phê duyệt",
        "van_ban": f"KH-{place.code}" if dice.happens(16, 0.7) else None,
        "tien_do": _progress(dice, assigned, due, day, finished=finished),
        "ngay_giao": vietnamese_day(assigned),
        "ngay_hoan_thanh": vietnamese_day(done) if finished and done else None,
        "trang_thai": "DUNG" if dropped else _state(dice, done, assigned, day),
        "minh_chung": f"{dice.whole(17, 10, 990)}/BC" if finished else None,
        "chi_tieu": indicator,
    }


def _done(dice: Dice, place: Place, due: date) -> date | None:
    """When it will have been done: in time, late, or not at all."""
    drawn = dice.share(20) - 0.07 * max(-1.5, min(1.5, place.temper))
    if drawn < 0.80:
        return after(due, -dice.whole(21, 0, 24))
    if drawn < 0.95:
        return after(due, dice.whole(22, 1, 50))
    return None


def _state(dice: Dice, done: date | None, assigned: date, day: date) -> str:
    if done is not None and done <= day:
        return "XONG"
    if done is not None and done - day <= timedelta(days=6):
        return "CHO"
    if day - assigned <= timedelta(days=12):
        return "MOI"
    return "TAM" if dice.happens(23, 0.04) else "DANG"


def _progress(dice: Dice, assigned: date, due: date, day: date, *, finished: bool) -> str:
    if finished:
        return "100%"
    passed = (day - assigned).days / max(1, (due - assigned).days)
    return f"{min(95, round(100 * passed * (0.5 + 0.5 * dice.share(24))))}%"


def directives(ledger: Ledger, request: Request) -> Answer:
    """From a plan of the centre to every unit's plan and its decisions, by who implements whom."""
    rows: list[Row] = [
        _directive("CT-01", "vn", "Chương trình chuyển đổi số quốc gia", "Đề án, chương trình",
                   "Chính phủ", date(2025, 1, 15), None, None),
        _directive("CT-02", "gov", "Kế hoạch triển khai trong các bộ, ngành", "Kế hoạch",
                   "Ban Chỉ đạo", date(2025, 2, 20), "CT-01", None),
        _directive("CT-03", "local", "Kế hoạch triển khai tại các địa phương", "Kế hoạch",
                   "Ban Chỉ đạo", date(2025, 3, 3), "CT-01", None),
    ]  # fmt: skip
    day = today(request)
    for place in bodies(ledger, request):
        dice = Dice(ledger, place, (DIRECTIVES, 0))
        above = "CT-03" if place.level is Level.PROVINCE else "CT-02"
        issued = after(date(2025, 3, 3), dice.whole(0, 8, 110))
        rows.append(
            _directive(f"KH-{place.code}", place.code, "Kế hoạch chuyển đổi số của đơn vị",
                       "Kế hoạch", place.name, issued, above, dice.whole(1, 12, 60))
        )  # fmt: skip
        for number in range(1, dice.whole(2, 1, 3) + 1):
            later = after(issued, 20 + number * dice.whole(3, 10, 90))
            if later <= day:
                rows.append(
                    _directive(f"QD-{place.code}-{number}", place.code,
                               "Quyết định giao nhiệm vụ chuyển đổi số đợt " + str(number),
                               "Quyết định", place.name, later, f"KH-{place.code}", None)
                )  # fmt: skip
    return sheet(request, rows)


def _directive(
    key: str, unit: str, title: str, kind: str, issuer: str, issued: date, parent: str | None,
    targets: int | None,
) -> Row:  # fmt: skip
    return {
        "ma": key,
        "don_vi": unit,
        "so_ky_hieu": f"{key}/MH",
        "trich_yeu": title,
        "loai": kind,
        "co_quan": issuer,
        "ngay": issued.isoformat(),
        "can_cu": parent,
        "so_chi_tieu": targets,
    }
