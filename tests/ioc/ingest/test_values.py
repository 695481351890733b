"""Numbers are read exactly, missing is never zero, and nothing is guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.ingest.values import Locale, Missing, Share, ValueProblem, as_text, clean, number, scaled


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("1.234,5", Locale.VI, "1234.5"),
        ("1.234", Locale.VI, "1234"),
        ("8.718.000", Locale.VI, "8718000"),
        ("8 718 000", Locale.VI, "8718000"),
        ("8\u00a0718\u202f000", Locale.VI, "8718000"),
        ("-0,5", Locale.VI, "-0.5"),
        ("\u22125,2", Locale.VI, "-5.2"),
        ("1234,5", Locale.VI, "1234.5"),
        ("1,234.5", Locale.EN, "1234.5"),
        ("1,234", Locale.EN, "1234"),
        ("1.234", Locale.PLAIN, "1.234"),
        ("1e3", Locale.PLAIN, "1E+3"),
        ("1234", Locale.UNDECLARED, "1234"),
        (" 007 ", Locale.UNDECLARED, "7"),
    ],
)
def test_a_text_is_read_by_its_locale(text: str, locale: Locale, expected: str) -> None:
    assert number(text, locale) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "locale", "code"),
    [
        ("1.234", Locale.UNDECLARED, "ambiguous_number"),
        ("1,5", Locale.UNDECLARED, "ambiguous_number"),
        ("1.234,5", Locale.UNDECLARED, "ambiguous_number"),
        ("1.5", Locale.VI, "not_a_number"),
        ("12.34.567", Locale.VI, "not_a_number"),
        ("1.2345", Locale.VI, "not_a_number"),
        ("1,23,456", Locale.EN, "not_a_number"),
        ("1,234", Locale.PLAIN, "not_a_number"),
        ("٣٤", Locale.PLAIN, "not_a_number"),
        ("12 hồ sơ", Locale.VI, "not_a_number"),
        ("=1+1", Locale.VI, "not_a_number"),
        ("0x1F", Locale.PLAIN, "not_a_number"),
        ("1_000", Locale.PLAIN, "not_a_number"),
        ("%", Locale.VI, "not_a_number"),
        ("12%%", Locale.VI, "not_a_number"),
        ("9" * 500, Locale.PLAIN, "not_a_number"),
        (True, Locale.PLAIN, "not_a_number"),
        ([1], Locale.PLAIN, "not_a_number"),
        ({"a": 1}, Locale.PLAIN, "not_a_number"),
    ],
)
def test_a_text_of_another_locale_is_a_problem_and_never_a_guess(
    text: object, locale: Locale, code: str
) -> None:
    with pytest.raises(ValueProblem) as caught:
        number(text, locale)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (None, "blank"),
        ("", "blank"),
        ("   ", "blank"),
        ("\u00a0", "blank"),
        ("\ufeff", "blank"),
        ("-", "said_missing"),
        ("–", "said_missing"),
        ("N/A", "said_missing"),
        ("#N/A", "said_missing"),
        ("…", "said_missing"),
        ("...", "said_missing"),
        ("null", "said_missing"),
        ("#DIV/0!", "cell_error"),
        ("NaN", "not_finite"),
        ("-Infinity", "not_finite"),
        (float("nan"), "not_finite"),
        (float("inf"), "not_finite"),
        (Decimal("1e400"), "not_finite"),
        (Decimal("NaN"), "not_finite"),
    ],
)
def test_what_is_not_there_is_missing_with_its_reason(given: object, reason: str) -> None:
    assert number(given, Locale.VI) == Missing(reason)


def test_an_overflow_written_as_text_is_missing_too() -> None:
    assert number("1e400", Locale.PLAIN) == Missing("not_finite")


def test_further_words_for_missing_are_declared_by_the_source() -> None:
    assert number("Chưa báo cáo", Locale.VI, frozenset({"chưa báo cáo"})) == Missing("said_missing")


def test_a_percent_sign_makes_a_share() -> None:
    assert number("87,5%", Locale.VI) == Share(Decimal("0.875"))
    assert number("99,51 %", Locale.VI) == Share(Decimal("0.9951"))


def test_typed_numbers_need_no_locale_and_lose_the_noise_of_binary_arithmetic() -> None:
    assert number(0.1 + 0.2, Locale.UNDECLARED) == Decimal("0.3")
    assert number(1.234, Locale.UNDECLARED) == Decimal("1.234")
    assert scaled(Decimal("-0.0"), 2) == 0


@pytest.mark.parametrize(
    ("exact", "scale", "code"),
    [("0.123", 2, "too_precise"), ("1e19", 0, "too_large"), ("1e250", 6, "too_large")],
)
def test_what_the_store_cannot_hold_is_a_problem(exact: str, scale: int, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        scaled(Decimal(exact), scale)
    assert caught.value.code == code


def test_surplus_decimals_are_rounded_half_to_even_where_declared() -> None:
    assert scaled(Decimal("0.125"), 2, rounding=True) == 12
    assert scaled(Decimal("0.135"), 2, rounding=True) == 14


@given(st.integers(-(10**15), 10**15), st.integers(0, 4))
def test_every_number_survives_being_written_in_each_locale(whole: int, places: int) -> None:
    exact = Decimal(whole).scaleb(-places)
    english = f"{exact:,f}"
    vietnamese = english.translate(str.maketrans(",.", ".,"))
    assert number(english, Locale.EN) == exact
    assert number(vietnamese, Locale.VI) == exact
    assert number(f"{exact:f}", Locale.PLAIN) == exact
    assert scaled(exact, places) == whole


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    for locale in Locale:
        try:
            found = number(text, locale)
        except ValueProblem:
            continue
        assert isinstance(found, (Decimal, Share, Missing))


def test_texts_are_composed_and_lose_invisible_marks() -> None:
    assert clean("Ha\u0300 No\u0323\u0302i\u200b\u202e ") == "Hà Nội"
    assert clean("Ha\u200b\u0300 No\x00\u0323\u0302i") == "Hà Nội", "a mark behind an unseen sign"
    assert as_text(38.0) == as_text(Decimal("38")) == as_text(38) == "38"
    assert as_text(None) == ""


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (Decimal("38.0"), "38"),
        (Decimal("1E+3"), "1000"),
        (38.0, "38"),
        (Decimal("38.5"), "38.5"),
        (Decimal("1E+999"), "1E+999"),
        (Decimal("1E+999999"), "1E+999999"),
        (Decimal("Infinity"), "Infinity"),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
    ],
)
def test_a_code_that_is_a_number_is_written_out_within_reason(given: object, text: str) -> None:
    assert as_text(given) == text
