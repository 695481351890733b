"""Codes that cannot be guessed and are read leniently; strips that say where figures come from."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.messages import say
from ioc.exports.code import ALPHABET, LENGTH, new_code, read_code, shown
from ioc.exports.extract import Column, Definition, Extract, Kind, Origin, Shape, Sheet
from ioc.exports.provenance import qr_png, qr_svg, strip_of

MADE = datetime(2026, 11, 22, 7, 5, tzinfo=UTC)
CODE = "7K3M0QXDP9TW"
BASE = "http://ioc.example:8050/"
EXTRACT = Extract(
    address="/indicator/OPS-01",
    title="Hồ sơ đúng hạn",
    lang="vi",
    about=(("Kỳ số liệu", "tháng 10/2026"), ("Đơn vị", "Hải Phòng")),
    sheets=(
        Sheet("trend", "Xu hướng", "", Shape.SERIES, (Column("v", "Giá trị", Kind.DECIMAL),), ()),
    ),
    definitions=(Definition("OPS-01", "Đúng hạn", "", "", "%", "tăng", "3"),),
    origins=(Origin("Cổng DVC", "QĐ 766", datetime(2026, 11, 21, 1, 0, tzinfo=UTC), True),),
    caveats=("30/34 đơn vị đã báo cáo",),
    facts=(),
    illustrative=True,
    known_at=datetime(2026, 11, 22, 7, 0, tzinfo=UTC),
    version=41,
)


def strip(*extracts: Extract, who: str = "Nguyễn Thị Ước", title: str | None = None):  # type: ignore[no-untyped-def]
    return strip_of(extracts, code=CODE, who=who, made_at=MADE, base=BASE, title=title)


def test_codes_are_sixty_bits_of_chance() -> None:
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert len(set(ALPHABET)) ** LENGTH == 2**60
    assert all(read_code(shown(code)) == code for code in codes)
    assert all({code[at] for code in codes} == set(ALPHABET) for at in range(LENGTH))


@pytest.mark.parametrize(
    "typed",
    [
        "7K3M-0QXD-P9TW",
        "7k3m0qxdp9tw",
        " 7K3M – OQXD — P9TW ",
        "7K3M OQXD P9TW",
        "http://ioc.example:8050/verify/7K3M-0QXD-P9TW?lang=en",
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert read_code(typed) == CODE


def test_letters_that_look_alike_are_the_digit() -> None:
    assert read_code("iIlL-oO0U-7777") is None
    assert read_code("iIlL-oO00-7777") == "111100007777"


@pytest.mark.parametrize(
    "typed",
    [
        *("", ":code", "*", "%00", "\x00" * 12, "7" * 13, "7" * 11, "7" * 5000, "U" * 12),
        *("７K3M0QXDP9TW", "ıK3M0QXDP9TW", "7K3M-0QXD-P9T'", None, 7),
    ],
)
def test_nothing_else_is_a_code(typed: object) -> None:
    assert read_code(typed) is None


@given(st.text(max_size=40))
def test_any_text_is_a_code_of_the_alphabet_or_none(text: str) -> None:
    code = read_code(text)
    assert code is None or (len(code) == LENGTH and set(code) <= set(ALPHABET))


def test_a_strip_says_all_that_a_figure_needs() -> None:
    made = strip(EXTRACT)
    assert made.lines == (
        "LƯU Ý: dữ liệu minh họa",
        "Chỉ số: OPS-01 Đúng hạn (định nghĩa 3)",
        "Kỳ số liệu: tháng 10/2026",
        "Đơn vị: Hải Phòng",
        "Số liệu tính đến: 14:00 22/11/2026",
        "Nguồn: Cổng DVC (QĐ 766), nhận lúc 08:00 21/11/2026",
        "Ghi chú: 30/34 đơn vị đã báo cáo",
        "Xuất bản: Nguyễn Thị Ước, lúc 14:05 22/11/2026",
        "Mã kiểm chứng: 7K3M-0QXD-P9TW",
    )
    assert made.address_of_verify == "http://ioc.example:8050/verify/7K3M-0QXD-P9TW"
    assert (made.title, made.mark, made.complete) == ("Hồ sơ đúng hạn", "dữ liệu minh họa", True)


def test_a_strip_names_an_indicator_once() -> None:
    about = (("Unit", "Hai Phong"), (say("en", "export.indicator"), "OPS-01 On-time dossiers"))
    told = strip(replace(EXTRACT, lang="en", about=about)).about
    assert [words for _, words in told if "OPS-01" in words] == ["OPS-01 Đúng hạn (definition 3)"]


def test_a_strip_of_a_briefing_tells_only_what_all_pages_share() -> None:
    other = replace(
        EXTRACT,
        about=(("Kỳ số liệu", "tháng 10/2026"), ("Đơn vị", "Huế")),
        definitions=tuple(replace(EXTRACT.definitions[0], code=f"OPS-0{at}") for at in range(2, 8)),
        origins=(replace(EXTRACT.origins[0], received=datetime(2026, 11, 22, tzinfo=UTC)),),
        sheets=(replace(EXTRACT.sheets[0], missing="không vẽ được"),),
    )
    made = strip(EXTRACT, other, who="", title="Giao ban tuần 47")
    told = dict(made.about)
    assert made.title == "Giao ban tuần 47"
    assert told["Kỳ số liệu"] == "tháng 10/2026"
    assert "Đơn vị" not in told
    assert told["Chỉ số"].endswith("; và 3 chỉ số khác")
    assert told["Nguồn"] == "Cổng DVC (QĐ 766), nhận lúc 07:00 22/11/2026"
    assert told["CHƯA ĐẦY ĐỦ, thiếu phần"] == "Xu hướng"
    assert not made.complete
    assert "không ghi tên" in told["Xuất bản"]


def test_figures_that_are_real_carry_no_mark() -> None:
    made = strip(replace(EXTRACT, illustrative=False))
    assert (made.mark, made.illustrative) == ("", False)
    assert not any("minh họa" in line for line in made.lines)


def test_a_strip_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="needs an extract"):
        strip()


def test_the_qr_code_is_drawn_in_both_forms() -> None:
    from PIL import Image

    svg, png = qr_svg(strip(EXTRACT).address_of_verify), qr_png("7K3M", 3)
    assert svg.startswith("<svg")
    assert "viewBox" in svg
    assert "width=" not in svg
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.size == (29 * 3, 29 * 3)
