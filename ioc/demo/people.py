"""Registers of courses, practices, press requests and difficulties: all of it invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ioc.demo.answer import Answer, Request
from ioc.demo.ledger import Ledger
from ioc.demo.places import Place
from ioc.demo.sheets import Dice, Row, after, bodies, sheet, today, vietnamese_day

COURSES, PRACTICES, PRESS, RISKS = 8, 7, 10, 11

_COURSES = (
    ("Bồi dưỡng kỹ năng số cho cán bộ cấp xã", "Chương trình nhiều buổi", "Cán bộ cấp xã"),
    ("Sử dụng trợ lý trí tuệ nhân tạo trong công vụ", "Khóa đào tạo, bồi dưỡng", "Công chức"),
    ("Nghiệp vụ tiếp nhận hồ sơ trực tuyến", "Khóa đào tạo, bồi dưỡng", "Bộ phận một cửa"),
    ("An toàn thông tin cho người dùng cuối", "Khóa đào tạo, bồi dưỡng", "Toàn thể cán bộ"),
    ("Quản trị và chia sẻ dữ liệu", "Chương trình nhiều buổi", "Cán bộ đầu mối dữ liệu"),
)
_MODES = ("Trực tiếp", "Trực tuyến", "Tự học", "Trực tiếp; Trực tuyến", "Trực tuyến; Tự học")
_PRACTICES = (
    ("Tổ lưu động hướng dẫn nộp hồ sơ tại thôn", "Chính quyền số", "OPS-03"),
    ("Trả kết quả điện tử kèm tin nhắn báo nhận", "Chính quyền số", "OPS-08"),
    ("Bàn giao ca xử lý hồ sơ sắp quá hạn mỗi sáng", "Chính quyền số", "OPS-05"),
    ("Số hóa theo ca tối với đoàn viên tình nguyện", "Dữ liệu", "OPS-09"),
    ("Đối soát dữ liệu hằng tuần giữa ba phòng", "Dữ liệu", "DQ-01"),
    ("Mượn trạm phát sóng lưu động mùa mưa", "Hạ tầng viễn thông", "SIG-03"),
    ("Ghép gói thầu điểm sóng theo tuyến", "Hạ tầng viễn thông", "SIG-04"),
    ("Học 15 phút mỗi ngày trên nền tảng học trực tuyến", "Nhân lực, kỹ năng số", "TRN-01"),
    ("Bảng việc chung của tổ công tác, soát thứ Sáu hằng tuần", "Chính quyền số", "TSK-01"),
    ("Khôi phục thử hằng quý có biên bản", "An toàn thông tin", "DQ-02"),
)
_GRADES = (
    "A – có số liệu trước, sau và so sánh với đơn vị tương đồng",
    "B – có số liệu trước và sau",
    "C – có số liệu kết quả tại một thời điểm",
    "D – mới có mô tả",
)
_QUESTIONS = (
    "Tiến độ số hóa hồ sơ đất đai", "Thời gian trả kết quả thủ tục hộ tịch",
    "Kế hoạch phủ sóng các thôn còn lại", "Hoạt động của trung tâm phục vụ hành chính công",
    "Bảo đảm an toàn dữ liệu cá nhân", "Kết quả tuần lễ chuyển đổi số",
)  # fmt: skip
_RISKS = (
    ("Thiếu cán bộ công nghệ thông tin ở cấp xã", "Nhân lực"),
    ("Máy quét của bộ phận một cửa đã hỏng", "Hạ tầng, thiết bị"),
    ("Dữ liệu hộ tịch cũ thiếu số định danh", "Dữ liệu"),
    ("Hai hệ thống chưa kết nối, phải nhập hai lần", "Kết nối, chia sẻ"),
    ("Người dân lớn tuổi ít dùng dịch vụ trực tuyến", "Sử dụng thực tế"),
    ("Gói thầu hạ tầng chậm do vướng mặt bằng", "Tiến độ"),
    ("Thôn chưa có điện lưới nên chưa đặt được trạm", "Sóng di động"),
)


def courses(ledger: Ledger, request: Request) -> Answer:
    """Courses with sessions held of planned, and how many enrolled, completed, were certified."""
    day = today(request)
    places = bodies(ledger, request)
    return sheet(request, (row for place in places for row in _courses(ledger, place, day)))


def _courses(ledger: Ledger, place: Place, day: date) -> Iterator[Row]:
    for number in range(1, Dice(ledger, place, (COURSES, 0)).whole(0, 2, 4) + 1):
        dice = Dice(ledger, place, (COURSES, number))
        title, kind, audience = _COURSES[(number + place.id) % len(_COURSES)]
        start = after(date(day.year, 1, 5), dice.whole(1, 0, 330))
        end = after(start, dice.whole(2, 3, 110))
        planned = dice.whole(3, 2, 12)
        passed = max(0.0, min(1.0, (day - start).days / max(1, (end - start).days)))
        scope = dice.whole(4, 60, 900)
        enrolled = round(scope * (0.55 + 0.4 * dice.share(5))) if passed else 0
        completed = round(enrolled * passed * (0.6 + 0.35 * dice.share(6)))
        yield {
            "ma": f"DT-{place.code}-{day.year}-{number}",
            "don_vi": place.code,
            "ten": title,
            "loai": kind,
            "hinh_thuc": dice.pick(7, _MODES),
            "doi_tuong": audience,
            "to_chuc": "Sở Khoa học và Công nghệ" if place.spot else "Vụ Tổ chức cán bộ",
            "bat_dau": start.strftime("%m/%Y"),
            "ke_hoach_xong": vietnamese_day(end),
            "ket_thuc": vietnamese_day(end) if end <= day else None,
            "lich": "Thứ Bảy đầu tháng" if kind.startswith("Chương") else None,
            "buoi_ke_hoach": planned,
            "buoi_da_hoc": min(planned, round(planned * passed * (0.75 + 0.35 * dice.share(8)))),
            "thuoc_dien": None if dice.happens(9, 0.08) else scope,
            "tham_gia": enrolled,
            "hoan_thanh": completed,
            "chung_nhan": round(completed * (0.7 + 0.3 * dice.share(10))),
            "trang_thai": "Đã tổ chức" if end <= day else "Đang tổ chức" if passed else
            "Trong kế hoạch",
        }  # fmt: skip


def practices(ledger: Ledger, request: Request) -> Answer:
    """Some twenty practices of the last quarters, with the indicator and who adopted them."""
    day = today(request)
    places = bodies(ledger, request)
    rows: list[Row] = []
    for number in range(22):
        place = places[(number * 7 + 3) % len(places)]
        dice = Dice(ledger, place, (PRACTICES, number))
        title, topic, indicator = _PRACTICES[number % len(_PRACTICES)]
        quarter = after(day, -90 * dice.whole(1, 0, 5))
        adopted = dice.whole(2, 0, 9) if dice.happens(3, 0.6) else 0
        others = [places[(number * 5 + step * 11) % len(places)].name for step in range(adopted)]
        rows.append(
            {
                "ma": f"CLH-{number + 1:02d}",
                "don_vi": place.code,
                "ten": title,
                "da_lam": f"{title}: phân công cụ thể, làm thử một tháng rồi mở rộng.",
                "linh_vuc": topic,
                "quy": f"{quarter.year}-Q{(quarter.month - 1) // 3 + 1}",
                "chi_tieu": indicator,
                "ket_qua": None if dice.happens(4, 0.3) else "Chỉ tiêu tăng trong quý sau.",
                "muc": dice.pick(5, _GRADES),
                "so_ap_dung": adopted,
                "ap_dung": "\n".join(dict.fromkeys(others)) or None,
                "dau_moi": "Văn phòng",
                "trang_thai": "Đã có đơn vị áp dụng" if adopted else "Đã chia sẻ",
            }
        )
    return sheet(request, rows)


def press(ledger: Ledger, request: Request) -> Answer:
    """Requests of the press with their answers, and a spokesperson for most units."""
    day = today(request)
    rows: list[Row] = []
    for place in bodies(ledger, request):
        named = Dice(ledger, place, (PRESS, 0))
        if named.happens(0, 0.86):
            rows.append(
                {
                    "ma": f"PN-{place.code}",
                    "don_vi": place.code,
                    "noi_dung": "Người phát ngôn",
                    "loai": "Người phát ngôn",
                    "nguoi_phat_ngon": "Chánh Văn phòng",
                    "trang_thai": "Đã phân công",
                }
            )
        for number in range(1, named.whole(1, 4, 9) + 1):
            dice = Dice(ledger, place, (PRESS, number))
            received = after(day.replace(day=1), -dice.whole(2, -20, 380))
            if received > day:
                continue
            due = after(received, 10)
            answered = after(received, dice.whole(3, 1, 9 if dice.happens(4, 0.85) else 25))
            over = answered <= day
            rows.append(
                {
                    "ma": f"BC-{place.code}-{received:%y%m%d}-{number}",
                    "don_vi": place.code,
                    "noi_dung": dice.pick(5, _QUESTIONS),
                    "loai": "Yêu cầu của báo chí",
                    "co_quan": f"Báo minh họa {dice.whole(6, 1, 12)}",
                    "ngay_nhan": received.isoformat(),
                    "han": due.isoformat(),
                    "ngay_tra_loi": answered.isoformat() if over else None,
                    "nguoi_phat_ngon": "Chánh Văn phòng" if dice.happens(7, 0.9) else None,
                    "kenh": dice.pick(8, ("Văn bản", "Thư điện tử", "Họp báo")),
                    "trang_thai": "Đã trả lời, đã cung cấp" if over else "Đã chuyển đơn vị",
                }
            )
    return sheet(request, rows)


def risks(ledger: Ledger, request: Request) -> Answer:
    """Difficulties that units named, who deals with them, and until when."""
    day = today(request)
    rows: list[Row] = []
    for place in bodies(ledger, request):
        for number in range(1, Dice(ledger, place, (RISKS, 0)).whole(0, 1, 3) + 1):
            dice = Dice(ledger, place, (RISKS, number))
            title, kind = dice.pick(1, _RISKS)
            raised = after(day.replace(day=1), -dice.whole(2, 0, 300))
            due = after(raised, dice.whole(3, 30, 150))
            done = after(due, dice.whole(4, -25, 60)) if dice.happens(5, 0.6) else None
            over = done is not None and done <= day
            rows.append(
                {
                    "ma": f"VM-{place.code}-{number}",
                    "don_vi": place.code,
                    "noi_dung": title,
                    "loai": kind,
                    "muc_do": dice.pick(6, ("Nghiêm trọng", "Trung bình", "Trung bình", "Nhẹ")),
                    "dau_moi": None if dice.happens(7, 0.12) else "Trung tâm chuyển đổi số",
                    "bien_phap": None
                    if dice.happens(8, 0.15)
                    else "Bố trí nguồn lực, theo dõi hằng tuần",
                    "ngay_neu": raised.isoformat(),
                    "han": due.isoformat(),
                    "xong": done.isoformat() if over and done else None,
                    "trang_thai": "Đã xử lý" if over else "Đang xử lý",
                }
            )
    return sheet(request, rows)
