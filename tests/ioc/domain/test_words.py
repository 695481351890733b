"""Numbers, days, periods and figures in words, as Vietnamese officials write them."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.catalogue import Catalogue
from ioc.domain.measure import Bound, Coverage, Empty, Figure, Kind
from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.target import Status, target_for
from ioc.domain.times import age_steps
from ioc.domain.unit import Level
from ioc.domain.words import (
    age_words,
    change_words,
    counts_words,
    coverage_words,
    date_words,
    duration_words,
    empty_words,
    figure_words,
    gap_words,
    list_words,
    moment_words,
    money,
    number,
    percent,
    period_words,
    points,
    range_words,
    status_sign,
    status_words,
    target_words,
    value_words,
)

CATALOGUE = Catalogue.load()
DOSSIERS, PROCEDURES = CATALOGUE.by_code("OPS-01"), CATALOGUE.by_code("OPS-02")
OVERDUE, SCORE = CATALOGUE.by_code("OPS-06"), CATALOGUE.by_code("OPS-11")
DIGITISED, BUDGET = CATALOGUE.by_code("DOC-01"), CATALOGUE.by_code("BUD-01")
BILLION = 10**9


# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (8_718_000, 0, "8.718.000", "8,718,000"),
        (Decimal("3359.8"), 2, "3.359,80", "3,359.80"),
        (0, 2, "0,00", "0.00"),
        (Fraction(1, 3), 4, "0,3333", "0.3333"),
        (Fraction(5, 2), 0, "3", "3"),
        (Fraction(-5, 2), 0, "−3", "−3"),
        (Fraction(1, 200), 2, "0,01", "0.01"),
        (Fraction(-1, 1000), 2, "0,00", "0.00"),
        (Decimal("0.125"), 2, "0,13", "0.13"),
        (-1234567, 0, "−1.234.567", "−1,234,567"),
        (10**30, 0, "1" + ".000" * 10, "1" + ",000" * 10),
    ],
)
def test_numbers(value: int | Fraction | Decimal, decimals: int, vi: str, en: str) -> None:
    assert number(value, "vi", decimals) == vi
    assert number(value, "en", decimals) == en


def test_trimming_and_signs() -> None:
    assert number(Decimal("366.383"), "vi", 6, trim=True) == "366,383"
    assert number(46, "vi", 3, trim=True) == "46"
    assert number(100, "vi", 0, trim=True) == "100"
    assert number(5, "vi", sign=True) == "+5"
    assert number(-5, "vi", sign=True) == "−5"
    assert number(0, "vi", sign=True) == "0"


@pytest.mark.parametrize("write", [number, percent, points, money])
def test_floats_are_refused(write: object) -> None:
    with pytest.raises(TypeError, match="not exact"):
        write(0.1, "vi")  # type: ignore[operator]


@given(st.decimals(-(10**12), 10**12, places=6), st.integers(0, 6))
def test_rounding_is_half_up_to_the_last_digit(value: Decimal, decimals: int) -> None:
    expected = abs(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    written = number(value, "en", decimals).replace(",", "").removeprefix("−")
    assert written == f"{expected:f}"


@given(st.fractions(-(10**9), 10**9), st.integers(0, 4))
def test_vietnamese_is_english_with_the_marks_exchanged(value: Fraction, decimals: int) -> None:
    exchanged = str.maketrans(",.", ".,")
    assert number(value, "en", decimals).translate(exchanged) == number(value, "vi", decimals)


@pytest.mark.parametrize(
    ("share", "decimals", "vi"),
    [
        (Fraction(1758, 1950), 2, "90,15%"),
        (Decimal("0.9951"), 2, "99,51%"),
        (1, 2, "100,00%"),
        (Fraction(115_665, 168_746), 2, "68,54%"),
        (Fraction(1_365_761, 1_436_507), 1, "95,1%"),
        (Fraction(55, 63), 0, "87%"),
    ],
)
def test_percent(share: Fraction | Decimal, decimals: int, vi: str) -> None:
    assert percent(share, "vi", decimals) == vi
    assert percent(share, "en", decimals) == vi.replace(",", ".")


def test_points() -> None:
    assert points(Fraction(125, 10_000), "vi") == "+1,25 điểm %"
    assert points(Fraction(-4, 1000), "vi") == "−0,40 điểm %"
    assert points(Fraction(125, 10_000), "en", 1) == "+1.3 pp"


@pytest.mark.parametrize(
    ("dong", "vi", "en"),
    [
        (412_383_000_000, "412,383 tỷ đồng", "412.383 billion VND"),
        (46 * BILLION, "46 tỷ đồng", "46 billion VND"),
        (412_383 * BILLION, "412.383 tỷ đồng", "412,383 billion VND"),
        (1_500_000, "1,5 triệu đồng", "1.5 million VND"),
        (25_000, "25 nghìn đồng", "25 thousand VND"),
        (-3 * BILLION, "−3 tỷ đồng", "−3 billion VND"),
        (0, "0 đồng", "0 VND"),
    ],
)
def test_money(dong: int, vi: str, en: str) -> None:
    assert (money(dong, "vi"), money(dong, "en")) == (vi, en)


# --- days and periods -----------------------------------------------------------------------------


def test_days_and_moments() -> None:
    assert date_words(date(2025, 7, 1), "vi") == "01/07/2025"
    assert date_words(date(2025, 7, 1), "en") == "1 Jul 2025"
    moment = datetime(2026, 11, 22, 7, 5, tzinfo=UTC)
    assert moment_words(moment, "vi") == "14:05 22/11/2026"
    assert moment_words(moment, "en") == "14:05 22 Nov 2026"


def test_ranges_name_the_first_year_only_when_it_differs() -> None:
    assert range_words(date(2025, 6, 15), date(2025, 7, 14), "vi") == "15/06–14/07/2025"
    assert range_words(date(2024, 12, 15), date(2025, 1, 14), "vi") == "15/12/2024–14/01/2025"
    assert range_words(date(2025, 6, 15), date(2025, 7, 14), "en") == "15 Jun–14 Jul 2025"
    assert range_words(date(2024, 12, 15), date(2025, 1, 14), "en") == "15 Dec 2024–14 Jan 2025"


@pytest.mark.parametrize(
    ("code", "vi", "en", "short_vi", "short_en"),
    [
        ("2026-10", "tháng 10/2026", "October 2026", "T10/2026", "10/2026"),
        ("2026-08", "tháng 8/2026", "August 2026", "T8/2026", "8/2026"),
        ("2026-Q3", "quý III/2026", "Q3 2026", "QIII/2026", "Q3 2026"),
        ("2026-Q4", "quý IV/2026", "Q4 2026", "QIV/2026", "Q4 2026"),
        ("2026-H1", "6 tháng đầu năm 2026", "first half of 2026", "6T đầu/2026", "H1 2026"),
        ("2026-H2", "6 tháng cuối năm 2026", "second half of 2026", "6T cuối/2026", "H2 2026"),
        ("2026", "năm 2026", "2026", "2026", "2026"),
        ("2026-10-22", "22/10/2026", "22 Oct 2026", "22/10", "22 Oct"),
        (
            "2026-W41",
            "tuần 41/2026 (05/10–11/10/2026)",
            "week 41 of 2026 (5 Oct–11 Oct 2026)",
            "tuần 41",
            "W41",
        ),
    ],
)
def test_periods(code: str, vi: str, en: str, short_vi: str, short_en: str) -> None:
    period = Period.parse(code)
    assert (period_words(period, "vi"), period_words(period, "en")) == (vi, en)
    assert period_words(period, "vi", short=True) == short_vi
    assert period_words(period, "en", short=True) == short_en


@pytest.mark.parametrize(
    ("code", "vi", "en"),
    [
        (
            "2025-07",
            "tháng 7/2025 (kỳ báo cáo 15/06–14/07/2025)",
            "July 2025 (reporting period 15 Jun–14 Jul 2025)",
        ),
        (
            "2025-Q1",
            "quý I/2025 (kỳ báo cáo 15/12/2024–14/03/2025)",
            "Q1 2025 (reporting period 15 Dec 2024–14 Mar 2025)",
        ),
        (
            "2025",
            "năm 2025 (kỳ báo cáo 15/12/2024–14/12/2025)",
            "2025 (reporting period 15 Dec 2024–14 Dec 2025)",
        ),
    ],
)
def test_administrative_periods_say_their_days(code: str, vi: str, en: str) -> None:
    period = Period.parse(code, Calendar.ADMINISTRATIVE)
    assert (period_words(period, "vi"), period_words(period, "en")) == (vi, en)


def test_days_and_weeks_are_the_same_in_both_calendars() -> None:
    for grain in (Grain.DAY, Grain.WEEK):
        both = {
            period_words(Period.of(calendar, grain, date(2026, 10, 22)), "vi")
            for calendar in Calendar
        }
        assert len(both) == 1


@pytest.mark.parametrize(
    ("age", "vi", "en"),
    [
        (timedelta(seconds=-5), "vừa xong", "just now"),
        (timedelta(seconds=59), "vừa xong", "just now"),
        (timedelta(minutes=3, seconds=20), "3 phút trước", "3 min ago"),
        (timedelta(minutes=59, seconds=59), "59 phút trước", "59 min ago"),
        (timedelta(hours=1), "1 giờ trước", "1 h ago"),
        (timedelta(hours=47), "1 ngày trước", "1 d ago"),
        (timedelta(days=59), "59 ngày trước", "59 d ago"),
        (timedelta(days=60), "2 tháng trước", "2 mo ago"),
        (timedelta(days=729), "24 tháng trước", "24 mo ago"),
        (timedelta(days=800), "2 năm trước", "2 yr ago"),
    ],
)
def test_ages(age: timedelta, vi: str, en: str) -> None:
    assert (age_words(age, "vi"), age_words(age, "en")) == (vi, en)


def test_durations() -> None:
    assert duration_words(timedelta(minutes=3), "vi") == "3 phút"
    assert duration_words(timedelta(seconds=30), "vi") == "dưới 1 phút"


# --- figures --------------------------------------------------------------------------------------


def test_values_of_each_kind() -> None:
    assert value_words(PROCEDURES, Fraction(1758, 1950), "vi") == "90,15%"
    assert value_words(PROCEDURES, Fraction(1758, 1950), "en", decimals=0) == "90%"
    assert value_words(OVERDUE, Fraction(1204), "vi") == "1.204"
    assert value_words(OVERDUE, Fraction(1204), "vi", with_unit=True) == "1.204 hồ sơ"
    assert value_words(SCORE, Fraction(8765, 100), "vi", with_unit=True) == "87,65 điểm"
    assert value_words(PROCEDURES, None, "vi") == "–"


@pytest.mark.parametrize(
    ("figure", "vi", "en"),
    [
        (Figure(Kind.COUNT, Fraction(37_500), bound=Bound.AT_LEAST), "> 37.500", "> 37,500"),
        (Figure(Kind.COUNT, Fraction(37_500), bound=Bound.ESTIMATE), "≈ 37.500", "≈ 37,500"),
        (Figure(Kind.COUNT, Fraction(0)), "0", "0"),
        (Figure(Kind.COUNT, None, empty=Empty.MISSING), "chưa có số liệu", "no data yet"),
        (Figure(Kind.COUNT, None, empty=Empty.LATE), "chậm báo cáo", "report overdue"),
        (Figure(Kind.COUNT, None, empty=Empty.NOT_APPLICABLE), "không áp dụng", "not applicable"),
        (Figure(Kind.COUNT, None, empty=Empty.SUPPRESSED), "không công bố", "not published"),
        (Figure(Kind.COUNT, None), "–", "–"),
    ],
)
def test_counts_and_the_kinds_of_empty(figure: Figure, vi: str, en: str) -> None:
    assert (figure_words(OVERDUE, figure, "vi"), figure_words(OVERDUE, figure, "en")) == (vi, en)


def test_every_kind_of_empty_reads_differently() -> None:
    for lang in ("vi", "en"):
        assert len({empty_words(empty, lang) for empty in (*Empty, None)}) == len(Empty) + 1


def test_a_zero_denominator_says_so() -> None:
    figure = Figure(Kind.RATIO, None, Fraction(0), Fraction(0), empty=Empty.UNDEFINED)
    assert figure_words(DOSSIERS, figure, "vi") == "không phát sinh"


def test_a_lone_numerator_is_shown_as_a_count_never_as_a_rate() -> None:
    figure = Figure(Kind.RATIO, None, numerator=Fraction(216_450))
    assert figure_words(DIGITISED, figure, "vi") == "216.450 tài liệu"
    assert figure_words(DIGITISED, figure, "en") == "216,450 documents"
    more = Figure(Kind.RATIO, None, numerator=Fraction(216_450), bound=Bound.AT_LEAST)
    assert figure_words(DIGITISED, more, "vi") == "> 216.450 tài liệu"


def test_a_lone_denominator_names_itself() -> None:
    figure = Figure(Kind.RATIO, None, denominator=BUDGET.unscaled(412_383))
    assert figure_words(BUDGET, figure, "vi") == "Vốn được giao: 412,383 tỷ đồng"
    assert figure_words(BUDGET, figure, "en") == "Allocated: 412.383 billion VND"


def test_what_a_rate_was_made_of() -> None:
    figure = Figure(Kind.RATIO, Fraction(1758, 1950), Fraction(1758), Fraction(1950))
    assert counts_words(PROCEDURES, figure, "vi") == "1.758/1.950 thủ tục"
    assert counts_words(PROCEDURES, figure, "en") == "1,758/1,950 procedures"
    bare = Figure(Kind.RATIO, Fraction(9, 10))
    assert counts_words(PROCEDURES, bare, "vi") == "–"


def test_changes_and_gaps() -> None:
    assert change_words(DOSSIERS, Fraction(125, 10_000), "vi") == "+1,25 điểm %"
    assert change_words(OVERDUE, Fraction(-37), "vi") == "−37"
    assert change_words(OVERDUE, Fraction(0), "vi") == "không đổi"
    assert change_words(OVERDUE, None, "vi") == "–"
    assert gap_words(DOSSIERS, Fraction(-5, 100), "vi") == "−5,00 điểm %"
    assert gap_words(DOSSIERS, Fraction(0), "vi") == "0,00 điểm %"
    assert gap_words(DOSSIERS, None, "en") == "–"


def test_targets_say_their_year_when_it_has_passed() -> None:
    now = target_for(DOSSIERS, Level.MINISTRY, "mof", Period.month(2026, 10))
    then = target_for(DOSSIERS, Level.MINISTRY, "mof", Period.month(2025, 10))
    assert target_words(DOSSIERS, now, "vi") == "85% (chỉ tiêu năm 2025)"
    assert target_words(DOSSIERS, now, "en") == "85% (target for 2025)"
    assert target_words(DOSSIERS, then, "vi") == "85%"
    assert target_words(DOSSIERS, None, "vi") == "chưa có chỉ tiêu"
    none_left = target_for(OVERDUE, Level.PROVINCE, "38", Period.month(2025, 10))
    assert target_words(OVERDUE, none_left, "vi") == "0"


def test_coverage() -> None:
    assert coverage_words(Coverage(30, 34), "vi") == "30/34 đơn vị đã báo cáo"
    assert coverage_words(Coverage(3315, 3321), "en") == "3,315/3,321 units reported"
    assert coverage_words(None, "vi") == ""


def test_lists() -> None:
    assert list_words([], "vi") == ""
    assert list_words(["Hà Nội"], "vi") == "Hà Nội"
    assert list_words(["Hải Dương", "Hải Phòng"], "vi") == "Hải Dương và Hải Phòng"
    assert list_words(("A", "B", "C"), "en") == "A, B and C"


def test_a_status_is_a_word_and_a_shape_of_its_own() -> None:
    assert [status_words(status, "vi") for status in Status] == [
        *("đạt", "đang phấn đấu", "nguy cơ", "chưa đánh giá"),
    ]
    assert len({status_sign(status) for status in Status}) == len(Status)


def test_all_words_are_composed_unicode() -> None:
    for one, lang in product(CATALOGUE, ("vi", "en")):
        texts = [one.name, one.short, one.definition, one.formula, one.owner, *one.legal_basis]
        assert all(unicodedata.is_normalized("NFC", text.say(lang)) for text in texts)


@pytest.mark.parametrize("lang", ["vi", "en"])
@given(seconds=st.integers(0, 5 * 365 * 86_400))
def test_the_script_that_lets_ages_grow_says_the_same(lang: str, seconds: int) -> None:
    steps: Any = age_steps(lang)
    text = steps["now"]
    if seconds >= 60:
        size, _, words = next(
            one for one in steps["steps"] if one[0] <= seconds < (one[1] or 10**12)
        )
        length = words.replace("{number}", str(seconds // size))
        text = steps["ago"].replace("{duration}", length)
    assert text == age_words(timedelta(seconds=seconds), lang)
