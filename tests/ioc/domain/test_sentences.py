"""Live text: every case in both languages, and no figure that was not given."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioc.domain.catalogue import Catalogue
from ioc.domain.indicator import Indicator
from ioc.domain.measure import Bound, Coverage, Empty, Figure
from ioc.domain.messages import say
from ioc.domain.period import Period
from ioc.domain.ranking import Place
from ioc.domain.registers import packaged
from ioc.domain.scope import Scope
from ioc.domain.sentence_check import Names, fault_words
from ioc.domain.sentence_fill import Paragraph, fill
from ioc.domain.sentence_words import Below, Counted, Said, Stand, counted_words, stand_words
from ioc.domain.sentences import FIGURES, Draft, Gap, expanded, read
from ioc.domain.target import Status, Target, judge
from ioc.domain.units import Units

CATALOGUE = Catalogue.load()
RATE, COUNT, FALLING = (CATALOGUE.by_code(one) for one in ("OPS-01", "DB-07", "OPS-06"))
FIFTH = Place(5, ranked=34)
FULL = (
    "Tỷ lệ hồ sơ trực tuyến toàn trình của {unit} đạt {OPS-01.value}, {OPS-01.change} so với "
    "{OPS-01.before}, xếp thứ {OPS-01.rank}; {OPS-01.against_target}."
)
ENGLISH = (
    "In {unit} the rate reached {OPS-01.value}, {OPS-01.change} on {OPS-01.before}, "
    "ranked {OPS-01.rank}; {OPS-01.against_target}."
)


def stand(
    value: str | None,
    *,
    of: Indicator = RATE,
    change: str | None = "0.0125",
    target: str | None = "0.85",
    year: int | None = None,
    place: Place | None = FIFTH,
    before: str | None = None,
    **figure: Any,
) -> Stand:
    """What is known of an indicator of Hà Nội in October 2026."""
    shown = Figure(of.kind, None if value is None else Fraction(value), **figure)
    goal = None
    if target is not None:
        goal = Target(Fraction(target), of.name, date(2026, 1, 1), None, year)
    return Stand(
        indicator=of,
        unit="thành phố Hà Nội",
        unit_short="Hà Nội",
        period=Period.month(2026, 10),
        figure=shown,
        status=judge(of, shown, goal),
        target=goal,
        change=None if change is None or value is None else Fraction(change),
        before=None if before is None else Figure(of.kind, Fraction(before)),
        place=place if value is not None else None,
    )


def told(text: str, its: Stand, lang: str = "vi") -> Paragraph:
    """One paragraph about one indicator."""

    def known(gap: Gap) -> Said:
        if gap.subject.name == "unit":
            return Said(its.unit, figure=False)
        return stand_words(its, gap.field, lang)

    (paragraph,) = fill(read(text), known, lang)
    return paragraph


@pytest.mark.parametrize(
    ("its", "vi", "en"),
    [
        (
            stand("0.8213"),
            "đạt 82,13%, tăng 1,25 điểm % so với tháng 9/2026, xếp thứ 5/34; "
            "chưa đạt chỉ tiêu 85% (thiếu 2,87 điểm %).",
            "reached 82.13%, up 1.25 percentage points on September 2026, ranked 5 of 34; "
            "short of the target of 85% (by 2.87 percentage points).",
        ),
        (
            stand("0.8713", change="-0.0125", place=Place(5, tied=True, ranked=32, silent=2)),
            "đạt 87,13%, giảm 1,25 điểm % so với tháng 9/2026, xếp thứ 5/32 (đồng hạng; 2 đơn vị "
            "chưa báo cáo); vượt chỉ tiêu 85% (cao hơn 2,13 điểm %).",
            "reached 87.13%, down 1.25 percentage points on September 2026, ranked 5 of 32 (tied; "
            "2 not reporting); above the target of 85% (by 2.13 percentage points).",
        ),
        (
            stand("0.85", change="0", year=2025),
            "đạt 85,00%, không đổi so với tháng 9/2026, xếp thứ 5/34; "
            "đạt chỉ tiêu 85% của năm 2025.",
            "reached 85.00%, unchanged on September 2026, ranked 5 of 34; "
            "meeting the target of 85% for 2025.",
        ),
        (
            stand("0.8213", change="0.00001", coverage=Coverage(30, 34), illustrative=True),
            "đạt 82,13% (30/34 đơn vị đã báo cáo), gần như không đổi so với tháng 9/2026, "
            "xếp thứ 5/34; chưa đạt chỉ tiêu 85% (thiếu 2,87 điểm %) (số liệu minh họa).",
            "reached 82.13% (30 of 34 units reported), almost unchanged on September 2026, "
            "ranked 5 of 34; short of the target of 85% (by 2.87 percentage points) "
            "(illustrative data).",
        ),
        (
            stand("0.82", change=None, target=None, place=None),
            "đạt 82,00%, chưa có số liệu để so sánh với tháng 9/2026, chưa xếp hạng; "
            "chưa có chỉ tiêu để so sánh.",
            "reached 82.00%, no data to compare with September 2026, not ranked; "
            "no target to compare with.",
        ),
        (
            stand("0.9", bound=Bound.AT_LEAST, change=None, place=None),
            "đạt hơn 90,00%, chưa có số liệu để so sánh với tháng 9/2026, chưa xếp hạng; "
            "vượt chỉ tiêu 85% (cao hơn 5,00 điểm %).",
            "reached more than 90.00%, no data to compare with September 2026, not ranked; "
            "above the target of 85% (by 5.00 percentage points).",
        ),
    ],
)
def test_a_sentence_in_both_languages(its: Stand, vi: str, en: str) -> None:
    assert told(FULL, its).text == f"Tỷ lệ hồ sơ trực tuyến toàn trình của thành phố Hà Nội {vi}"
    assert told(ENGLISH, its, "en").text == f"In thành phố Hà Nội the rate {en}"


@pytest.mark.parametrize(
    ("empty", "words"),
    [
        (Empty.MISSING, "chưa có số liệu tháng 10/2026"),
        (Empty.LATE, "chậm báo cáo, chưa có số liệu tháng 10/2026"),
        (Empty.SUPPRESSED, "không công bố số liệu tháng 10/2026"),
        (Empty.NOT_APPLICABLE, "không thuộc diện báo cáo chỉ số này tháng 10/2026"),
        (Empty.UNDEFINED, "không phát sinh hồ sơ, việc để tính tỷ lệ tháng 10/2026"),
    ],
)
def test_a_missing_figure_is_said_once_and_never_a_nought(empty: Empty, words: str) -> None:
    paragraph = told(FULL, stand(None, empty=empty))
    assert paragraph.text == (f"Tỷ lệ hồ sơ trực tuyến toàn trình của thành phố Hà Nội {words}.")
    named = f"Tỷ lệ hồ sơ trực tuyến toàn trình của thành phố Hà Nội: {words}"
    assert paragraph.missing == ((named,) if empty in (Empty.MISSING, Empty.LATE) else ())


def test_a_sentence_that_named_its_period_does_not_name_it_again() -> None:
    text = "{OPS-01.name} {OPS-01.period} đạt {OPS-01.value}, {OPS-01.rank}. Rồi {OPS-01.value}."
    assert told(text, stand(None, empty=Empty.MISSING)).text == (
        "Tỷ lệ hồ sơ trực tuyến toàn trình tháng 10/2026 chưa có số liệu. "
        "Rồi chưa có số liệu tháng 10/2026."
    )


def test_amounts_change_by_their_share_and_rates_by_points() -> None:
    its = stand("1500", of=COUNT, change="300", before="1200", target=None)
    assert told("{DB-07.change}", its).text == "Tăng 300 lượt (25,0%)"
    assert told("{DB-07.change}", its, "en").text.startswith("Up 300 ")
    assert told("{DB-07.value}, tức {DB-07.change}", its).text == (
        "1.500 lượt, tức tăng 300 lượt (25,0%)"
    )


def test_of_what_should_fall_a_lower_figure_is_good() -> None:
    good = stand("80", of=FALLING, change="-20", target="100")
    assert told("{OPS-06.against_target}.", good).text == (
        "Đạt chỉ tiêu không quá 100 hồ sơ (thấp hơn 20 hồ sơ)."
    )
    bad = stand("130", of=FALLING, change="30", target="100")
    assert "vượt quá 30 hồ sơ" in told("{OPS-06.against_target}.", bad).text
    none = stand("3", of=FALLING, target="0")
    assert told("x {OPS-06.against_target}", none).text == (
        "x chưa đạt chỉ tiêu 0 hồ sơ (vượt quá 3 hồ sơ)"
    )


def test_brackets_say_only_what_is_there_and_brackets_without_a_gap_are_brackets() -> None:
    text = "Đạt {OPS-01.value}[, xếp thứ {OPS-01.rank}] [theo Nghị định] [[x]] {{y}}."
    assert told(text, stand("0.5")).text == ("Đạt 50,00%, xếp thứ 5/34 [theo Nghị định] [x] {y}.")
    assert "xếp thứ" not in told(text, stand("0.5", place=None)).text


def test_a_short_form_does_not_end_a_sentence() -> None:
    text = "Tại TP. Hồ Chí Minh đạt {OPS-01.value} tại TP. Vinh. Hết."
    assert told(text, stand("0.5", illustrative=True)).text == (
        "Tại TP. Hồ Chí Minh đạt 50,00% tại TP. Vinh (số liệu minh họa). Hết."
    )


def test_the_best_and_the_worst_are_told_or_said_to_be_missing() -> None:
    best, worst = (Figure(RATE.kind, Fraction(one)) for one in ("0.9", "0.1"))
    below = Below(("Huế", best), ("Sơn La", worst), ((Status.AT_RISK, 3),), 2)
    text = "Cao nhất là {OPS-01.best}, thấp nhất là {OPS-01.worst}; {OPS-01.units_silent} đơn vị."
    its = stand("0.5")
    assert told(text, replace(its, below=below)).text == (
        "Cao nhất là Huế (90,00%), thấp nhất là Sơn La (10,00%); 2 đơn vị."
    )
    assert told(text, its).text == (
        "Cao nhất chưa có số liệu của các đơn vị trực thuộc tháng 10/2026."
    )


def test_a_period_of_other_days_than_asked_about_is_said_beside_the_value() -> None:
    its = replace(stand("0.5", coverage=Coverage(3, 34)), other_days=True)
    assert told("Đạt {OPS-01.value}, {OPS-01.counts}.", its).text.startswith(
        "Đạt 50,00% (kỳ báo cáo 01/10–31/10/2026; 3/34 đơn vị đã báo cáo), "
    )
    assert told("{OPS-01.period} đạt {OPS-01.value}", its).text == (
        "Tháng 10/2026 đạt 50,00% (3/34 đơn vị đã báo cáo)"
    )


def test_registers_are_counted() -> None:
    counted = Counted(packaged().by_key("task"), "cả nước", (("overdue", 1078), ("open", 0)), True)
    (paragraph,) = fill(
        read("Có {task.overdue} nhiệm vụ quá hạn, {task.open} đang mở."),
        lambda gap: counted_words(counted, gap.field, "vi"),
        "vi",
    )
    assert paragraph.text == "Có 1.078 nhiệm vụ quá hạn, 0 đang mở (số liệu minh họa)."


def faults(text: str, scope: Scope | None = None, lang: str = "vi") -> list[str]:
    """What is wrong with a text, in words."""
    names = Names(CATALOGUE, packaged(), UNITS, scope or Scope.all())
    return [fault_words(one, lang) for one in names.faults(read(text))]


UNITS = Units.load()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ab {OPS-99.value}", ["Dòng 1, ký tự 4", "“OPS-99”", "OPS-09", "task"]),
        ("x\n\n{OPS-01.valeu}", ["Dòng 3, ký tự 1", "valeu", "against_target"]),
        ("{OPS-01@zz.value}", ["“zz”", "khóa của đơn vị"]),
        ("{OPS-01/2026-13.value}", ["2026-13", "previous"]),
        ("{OPS-01[channel.online].value}", ["channel.online"]),
        ("{task/2026-10.open}", ["task", "không theo kỳ"]),
        ("{task.late}", ["late", "overdue"]),
        ("{period.value}", ["đứng một mình"]),
        ("{OPS-01.value", ["mở mà không đóng"]),
        ("a } b", ["đóng mà không mở"]),
        ("{OPS 01}", ["không đọc được"]),
        ("x [của {unit}", ["ngoặc vuông mở"]),
        ("{unit}" * 201, ["nhiều nhất 200"]),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_what_is_allowed(
    text: str, words: list[str]
) -> None:
    (said,) = faults(text)
    for one in words:
        assert one in said


def test_a_unit_outside_the_scope_reads_like_none() -> None:
    scope = Scope.of(UNITS.by_key("38").id)
    outside, unknown = faults("{unit@01}", scope), faults("{unit@zz}", scope)
    assert outside == [unknown[0].replace("zz", "01")]
    assert faults("{unit@38}{OPS-01@38/previous.value}{OPS-01/2026-Q3.rank}", scope) == []


def test_every_field_can_be_told_or_is_said_to_be_missing() -> None:
    for lang in ("vi", "en"):
        for part in FIGURES:
            for its in (stand("0.5"), stand(None, target=None, change=None)):
                said = stand_words(its, part, lang)
                assert said.words.strip()
                assert not (said.missing and re.search(r"(?<![\d/])0(?!\d)", said.words))


def test_ready_sentences_stand_where_their_gap_stood() -> None:
    draft = expanded(
        read("Một. {OPS-01.sentence}."),
        lambda gap: say(
            "vi",
            "telling.ready_up",
            **{
                part: gap.subject.gap(part)
                for part in (
                    "name", "unit", "period", "value", "change", "before", "rank",
                    "against_target",
                )
            },
        ),
    )  # fmt: skip
    assert {(one.line, one.column) for one in draft.gaps} == {(1, 6)}
    (paragraph,) = fill(draft, lambda gap: stand_words(stand("0.8213"), gap.field, "vi"), "vi")
    assert paragraph.text == (
        "Một. Tỷ lệ hồ sơ trực tuyến toàn trình của thành phố Hà Nội tháng 10/2026 đạt 82,13%, "
        "tăng 1,25 điểm % so với tháng 9/2026, xếp thứ 5/34; chưa đạt chỉ tiêu 85% "
        "(thiếu 2,87 điểm %)."
    )


@settings(max_examples=60)
@given(st.text())
def test_any_text_can_be_read_and_without_gaps_it_stays_itself(text: str) -> None:
    draft = read(text)
    assert isinstance(draft, Draft)
    plain = "".join(one for one in text if one not in "{}[]")
    paragraphs = fill(read(plain), lambda gap: None, "vi")
    for line, paragraph in zip(
        [one for one in plain.splitlines() if one.strip()], paragraphs, strict=True
    ):
        assert re.sub(r"[ \t]+", " ", line).strip() == paragraph.text


shares = st.fractions(0, 1, max_denominator=10_000)
stands = st.builds(
    lambda value, change, target, rank, tied, cov, made_up, empty: stand(
        None if empty else str(value),
        change=None if change is None else str(change),
        target=None if target is None else str(target),
        place=None if rank is None else Place(rank, tied=tied, ranked=34, silent=rank % 3),
        coverage=Coverage(cov, 34),
        illustrative=made_up,
        empty=Empty.LATE if empty else None,
    ),
    shares,
    st.none() | st.fractions(-1, 1, max_denominator=10_000),
    st.none() | shares,
    st.none() | st.integers(1, 34),
    st.booleans(),
    st.integers(0, 34),
    st.booleans(),
    st.booleans(),
)
parts = st.sampled_from([
    "{OPS-01.value}", "{OPS-01.change}", "{OPS-01.rank}", "{OPS-01.against_target}",
    "{OPS-01.before}", "{OPS-01.coverage}", "{OPS-01.target}", "{unit}", " đạt ", " là ", ", ",
    "; ", ". Và ", " [thứ {OPS-01.rank}]", "chữ ",
])  # fmt: skip


@settings(max_examples=80)
@given(stands, st.lists(parts, min_size=1, max_size=12), st.sampled_from(["vi", "en"]))
def test_every_number_in_a_told_sentence_is_one_of_the_figures(
    its: Stand, written: list[str], lang: str
) -> None:
    paragraph = told("".join(written), its, lang) if "".join(written).strip() else Paragraph("")
    left = paragraph.text
    lacking = [stand_words(its, one, lang) for one in ("value", "change")]
    given = (*paragraph.figures, *(one.words for one in lacking if one.missing))
    for words in sorted(given, key=len, reverse=True):
        left = left.replace(words, " ")
        left = left.replace(words[:1].upper() + words[1:], " ")
    assert not any(letter.isdigit() for letter in left), (paragraph, left)
    if its.figure.value is None:
        assert not re.search(r"0[,.]00%", paragraph.text)
