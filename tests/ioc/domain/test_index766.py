"""The 766 index scored again: each row at its boundaries, and one whole case, both by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.catalogue import Catalogue
from ioc.domain.index766 import FILE, Index766, load
from ioc.domain.index766_score import (
    Given,
    Outcome,
    Scored,
    differs,
    explained_by,
    recompute,
    score,
    tolerance,
)
from ioc.errors import CatalogueError

OLD, NEW = date(2026, 6, 1), date(2026, 7, 1)
INDEX = load()
ROWS = {row.code: row for row in INDEX.rows}

# Row, numerator, denominator, points by hand, outcome. None is "the portal said nothing".
TABLE = [
    ("PUBLISH_ON_TIME", 0, 40, "0", "rate"),
    ("PUBLISH_ON_TIME", 30, 40, "4.5", "rate"),
    ("PUBLISH_ON_TIME", 40, 40, "6", "rate"),
    ("PUBLISH_ON_TIME", 0, 0, None, "unstated"),
    ("PUBLISH_ON_TIME", None, 40, None, "missing"),
    ("PUBLISH_ON_TIME", 30, None, None, "missing"),
    ("PUBLIC_UPDATE_ON_TIME", 0, 8, "0", "rate"),
    ("PUBLIC_UPDATE_ON_TIME", 5, 8, "2.5", "rate"),
    ("PUBLIC_UPDATE_ON_TIME", 8, 8, "4", "rate"),
    ("PUBLIC_UPDATE_ON_TIME", 0, 0, None, "unstated"),
    ("PUBLIC_UPDATE_ON_TIME", None, None, None, "missing"),
    ("PUBLIC_CONTENT_FULL", 0, 1950, "0", "rate"),
    ("PUBLIC_CONTENT_FULL", 975, 1950, "1", "rate"),
    ("PUBLIC_CONTENT_FULL", 1950, 1950, "2", "rate"),
    ("PUBLIC_CONTENT_FULL", 0, 0, None, "unstated"),
    ("PUBLIC_CONTENT_FULL", None, 1950, None, "missing"),
    ("DOSSIER_SYNC", 0, 1000, "0", "rate"),
    ("DOSSIER_SYNC", 900, 1000, "5.4", "rate"),
    ("DOSSIER_SYNC", 1000, 1000, "6", "rate"),
    ("DOSSIER_SYNC", None, 1000, None, "missing"),
    ("PROCESSED_ON_TIME", 0, 500, "0", "rate"),
    ("PROCESSED_ON_TIME", 475, 500, "19", "rate"),
    ("PROCESSED_ON_TIME", 500, 500, "20", "rate"),
    ("PROCESSED_ON_TIME", 0, 0, None, "unstated"),
    ("PROCESSED_ON_TIME", None, 500, None, "missing"),
    ("PROCEDURE_WITH_ONLINE_SERVICE", 0, 100, "0", "rate"),
    ("PROCEDURE_WITH_ONLINE_SERVICE", 79, 100, "1.975", "rate"),
    ("PROCEDURE_WITH_ONLINE_SERVICE", 80, 100, "2", "rate"),
    ("PROCEDURE_WITH_ONLINE_SERVICE", 81, 100, "2", "capped"),
    ("PROCEDURE_WITH_ONLINE_SERVICE", 0, 0, None, "unstated"),
    ("PROCEDURE_WITH_ONLINE_SERVICE", None, 100, None, "missing"),
    ("SERVICE_WITH_DOSSIER", 0, 16, "0", "rate"),
    ("SERVICE_WITH_DOSSIER", 8, 16, "2", "rate"),
    ("SERVICE_WITH_DOSSIER", 16, 16, "4", "rate"),
    ("SERVICE_WITH_DOSSIER", 0, 0, None, "unstated"),
    ("SERVICE_WITH_DOSSIER", 8, None, None, "missing"),
    ("ONLINE_CHANNEL_DOSSIER", 0, 100, "0", "rate"),
    ("ONLINE_CHANNEL_DOSSIER", 49, 100, "5.88", "rate"),
    ("ONLINE_CHANNEL_DOSSIER", 50, 100, "6", "rate"),
    ("ONLINE_CHANNEL_DOSSIER", 51, 100, "6", "capped"),
    ("ONLINE_CHANNEL_DOSSIER", 0, 0, None, "unstated"),
    ("ONLINE_CHANNEL_DOSSIER", None, 100, None, "missing"),
    ("FULLY_ONLINE_DOSSIER", 60, 100, None, "watched"),
    ("FULLY_ONLINE_DOSSIER", 0, 0, None, "watched"),
    ("FULLY_ONLINE_DOSSIER", None, None, None, "watched"),
    ("ORIGINAL_RESULT_AVAILABLE", 0, 10, "0", "rate"),
    ("ORIGINAL_RESULT_AVAILABLE", 9, 10, "5.4", "rate"),
    ("ORIGINAL_RESULT_AVAILABLE", 10, 10, "6", "rate"),
    ("ORIGINAL_RESULT_AVAILABLE", 0, 0, None, "unstated"),
    ("ORIGINAL_RESULT_AVAILABLE", None, 10, None, "missing"),
    ("SO_HOA_GIAY_TO_GIAI_QUYET", 0, 100, "0", "rate"),
    ("SO_HOA_GIAY_TO_GIAI_QUYET", 80, 100, "3.2", "rate"),
    ("SO_HOA_GIAY_TO_GIAI_QUYET", 100, 100, "4", "rate"),
    ("SO_HOA_GIAY_TO_GIAI_QUYET", 0, 0, None, "unstated"),
    ("SO_HOA_GIAY_TO_GIAI_QUYET", 80, None, None, "missing"),
    ("ELECTRONIC_CERTIFIED_COPY", 0, 4, "0", "rate"),
    ("ELECTRONIC_CERTIFIED_COPY", 1, 4, "0.5", "rate"),
    ("ELECTRONIC_CERTIFIED_COPY", 4, 4, "2", "rate"),
    ("ELECTRONIC_CERTIFIED_COPY", 0, 0, None, "unstated"),
    ("ELECTRONIC_CERTIFIED_COPY", None, 4, None, "missing"),
    ("REUSED_DIGITIZED_DATA", 0, 100, "0", "rate"),
    ("REUSED_DIGITIZED_DATA", 40, 100, "1", "rate"),
    ("REUSED_DIGITIZED_DATA", 79, 100, "1.975", "rate"),
    ("REUSED_DIGITIZED_DATA", 80, 100, "2", "rate"),
    ("REUSED_DIGITIZED_DATA", 81, 100, "2", "capped"),
    ("REUSED_DIGITIZED_DATA", 0, 0, None, "unstated"),
    ("REUSED_DIGITIZED_DATA", None, 100, None, "missing"),
    ("SYNCED_WITH_DVCQG_PERSONAL_STORAGE", 0, 100, "0", "rate"),
    ("SYNCED_WITH_DVCQG_PERSONAL_STORAGE", 25, 100, "1", "rate"),
    ("SYNCED_WITH_DVCQG_PERSONAL_STORAGE", 100, 100, "4", "rate"),
    ("SYNCED_WITH_DVCQG_PERSONAL_STORAGE", 0, 0, None, "unstated"),
    ("SYNCED_WITH_DVCQG_PERSONAL_STORAGE", None, 100, None, "missing"),
    ("CITIZEN_DATA_CONNECTED_FORMALITY", 0, 50, "0", "rate"),
    ("CITIZEN_DATA_CONNECTED_FORMALITY", 25, 50, "1", "rate"),
    ("CITIZEN_DATA_CONNECTED_FORMALITY", 50, 50, "2", "rate"),
    ("CITIZEN_DATA_CONNECTED_FORMALITY", 0, 0, None, "unstated"),
    ("CITIZEN_DATA_CONNECTED_FORMALITY", None, None, None, "missing"),
    ("CITIZEN_DATA_CONNECTED_DOSSIER", 0, 50, "0", "rate"),
    ("CITIZEN_DATA_CONNECTED_DOSSIER", 10, 50, "0.4", "rate"),
    ("CITIZEN_DATA_CONNECTED_DOSSIER", 50, 50, "2", "rate"),
    ("CITIZEN_DATA_CONNECTED_DOSSIER", 0, 0, None, "unstated"),
    ("CITIZEN_DATA_CONNECTED_DOSSIER", 10, None, None, "missing"),
    ("DOSSIER_PAID_ONLINE", 0, 4, "0", "rate"),
    ("DOSSIER_PAID_ONLINE", 3, 4, "4.5", "rate"),
    ("DOSSIER_PAID_ONLINE", 4, 4, "6", "rate"),
    ("DOSSIER_PAID_ONLINE", 0, 0, None, "unstated"),
    ("DOSSIER_PAID_ONLINE", None, 4, None, "missing"),
    ("PROCEDURE_WITH_ONLINE_PAYMENT", 0, 100, "0", "rate"),
    ("PROCEDURE_WITH_ONLINE_PAYMENT", 79, 100, "1.975", "rate"),
    ("PROCEDURE_WITH_ONLINE_PAYMENT", 80, 100, "2", "rate"),
    ("PROCEDURE_WITH_ONLINE_PAYMENT", 81, 100, "2", "capped"),
    ("PROCEDURE_WITH_ONLINE_PAYMENT", 0, 0, None, "unstated"),
    ("PROCEDURE_WITH_ONLINE_PAYMENT", None, 100, None, "missing"),
    ("PROCEDURE_WITH_FEE_DATA", 0, 100, "0", "rate"),
    ("PROCEDURE_WITH_FEE_DATA", 79, 100, "1.975", "rate"),
    ("PROCEDURE_WITH_FEE_DATA", 80, 100, "2", "rate"),
    ("PROCEDURE_WITH_FEE_DATA", 100, 100, "2.5", "beyond"),
    ("PROCEDURE_WITH_FEE_DATA", 0, 0, None, "unstated"),
    ("PROCEDURE_WITH_FEE_DATA", None, 100, None, "missing"),
    ("PETITION_PROCESSING_ON_TIME", 0, 10, "0", "rate"),
    ("PETITION_PROCESSING_ON_TIME", 9, 10, "5.4", "rate"),
    ("PETITION_PROCESSING_ON_TIME", 10, 10, "6", "rate"),
    ("PETITION_PROCESSING_ON_TIME", 0, 0, "6", "full_without"),
    ("PETITION_PROCESSING_ON_TIME", None, 0, None, "missing"),
    ("PETITION_HANDLING_SATISFACTION", 0, 10, "0", "rate"),
    ("PETITION_HANDLING_SATISFACTION", 5, 10, "3", "rate"),
    ("PETITION_HANDLING_SATISFACTION", 10, 10, "6", "rate"),
    ("PETITION_HANDLING_SATISFACTION", 0, 0, "6", "full_without"),
    ("PETITION_HANDLING_SATISFACTION", None, None, None, "missing"),
    ("DOSSIER_RECEIVING_SATISFACTION", 0, 100, "0", "rate"),
    ("DOSSIER_RECEIVING_SATISFACTION", 45, 100, "3", "rate"),
    ("DOSSIER_RECEIVING_SATISFACTION", 90, 100, "6", "rate"),
    ("DOSSIER_RECEIVING_SATISFACTION", 91, 100, "6", "capped"),
    ("DOSSIER_RECEIVING_SATISFACTION", 0, 0, "0", "none_without"),
    ("DOSSIER_RECEIVING_SATISFACTION", None, 100, None, "missing"),
    ("PETITION_RULES", 1, 4, None, "watched"),
    ("PETITION_RULES", 0, 0, None, "watched"),
    ("PETITION_STAFF", 3, 4, None, "watched"),
    ("PETITION_STAFF", None, None, None, "watched"),
]


def part(value: int | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def on(
    code: str, above: int | None, below: int | None, day: date, last: int | None = None
) -> Scored:
    row = ROWS[code]
    said = Given(part(above), part(below), part(last))
    return score(row, row.scoring(INDEX.version(day)), said)


@pytest.mark.parametrize(("code", "above", "below", "points", "outcome"), TABLE)
def test_a_row_at_its_boundaries(
    code: str, above: int | None, below: int | None, points: str | None, outcome: str
) -> None:
    made = on(code, above, below, NEW)
    assert made.points == (None if points is None else Fraction(points))
    assert made.outcome == outcome


def test_the_table_speaks_of_every_row() -> None:
    assert len(ROWS) == 24
    assert {line[0] for line in TABLE} == set(ROWS)


@pytest.mark.parametrize(
    ("above", "last", "points", "outcome"),
    [
        (45, 50, "5.4", Outcome.LAST_YEAR),
        (60, 50, "7.2", Outcome.BEYOND),
        (45, 0, "0", Outcome.LAST_YEAR_NONE),
        (45, None, None, Outcome.LAST_YEAR_UNKNOWN),
    ],
)
def test_no_dossier_to_synchronise_asks_for_last_year(
    above: int, last: int | None, points: str | None, outcome: Outcome
) -> None:
    made = on("DOSSIER_SYNC", above, 0, NEW, last)
    assert made.points == (None if points is None else Fraction(points))
    assert made.outcome is outcome
    assert made.divisor == (Fraction(50) if last else Fraction(0))


@pytest.mark.parametrize(
    ("code", "above", "old", "new"),
    [
        ("SO_HOA_GIAY_TO_GIAI_QUYET", 79, "3.95", "3.16"),
        ("SO_HOA_GIAY_TO_GIAI_QUYET", 80, "4", "3.2"),
        ("SO_HOA_GIAY_TO_GIAI_QUYET", 81, "4", "3.24"),
        ("FULLY_ONLINE_DOSSIER", 50, "6", None),
        ("SERVICE_WITH_DOSSIER", 50, None, "2"),
        ("ONLINE_CHANNEL_DOSSIER", 25, None, "3"),
        ("PROCEDURE_WITH_ONLINE_SERVICE", 40, None, "1"),
    ],
)
def test_a_period_is_scored_by_the_version_of_its_day(
    code: str, above: int, old: str | None, new: str | None
) -> None:
    for day, points in ((OLD, old), (NEW, new)):
        made = on(code, above, 100, day)
        assert made.points == (None if points is None else Fraction(points))
    assert INDEX.version(date(2026, 6, 30)).code == "documented"
    assert INDEX.version(date(2026, 7, 1)).code == "observed"
    assert INDEX.version(date(2020, 1, 1)).code == "documented"


def test_steps_are_told() -> None:
    made = on("ONLINE_CHANNEL_DOSSIER", 60, 100, NEW)
    assert (made.divisor, made.rate) == (100, Fraction(3, 5))
    assert (made.earned, made.points) == (Fraction(36, 5), 6)


# One whole case: code, numerator, denominator, points by hand.
WHOLE = [
    ("PUBLISH_ON_TIME", 18, 20, "5.4"),
    ("PUBLIC_UPDATE_ON_TIME", 15, 20, "3"),
    ("PUBLIC_CONTENT_FULL", 1755, 1950, "1.8"),
    ("DOSSIER_SYNC", 9500, 10000, "5.7"),  # 15.9 of 18
    ("PROCESSED_ON_TIME", 9700, 10000, "19.4"),  # 19.4 of 20
    ("PROCEDURE_WITH_ONLINE_SERVICE", 1758, 1950, "2"),  # 90.15 % is above 80 %
    ("SERVICE_WITH_DOSSIER", 879, 1758, "2"),
    ("ONLINE_CHANNEL_DOSSIER", 4000, 10000, "4.8"),  # 8.8 of 12
    ("FULLY_ONLINE_DOSSIER", 3000, 10000, None),
    ("ORIGINAL_RESULT_AVAILABLE", 6000, 8000, "4.5"),
    ("SO_HOA_GIAY_TO_GIAI_QUYET", 8500, 10000, "3.4"),
    ("ELECTRONIC_CERTIFIED_COPY", 100, 400, "0.5"),
    ("REUSED_DIGITIZED_DATA", 6000, 10000, "1.5"),
    ("SYNCED_WITH_DVCQG_PERSONAL_STORAGE", 0, 10000, "0"),
    ("CITIZEN_DATA_CONNECTED_FORMALITY", 300, 400, "1.5"),
    ("CITIZEN_DATA_CONNECTED_DOSSIER", 8000, 10000, "1.6"),  # 13 of 22
    ("DOSSIER_PAID_ONLINE", 3000, 5000, "3.6"),
    ("PROCEDURE_WITH_ONLINE_PAYMENT", 60, 200, "0.75"),
    ("PROCEDURE_WITH_FEE_DATA", 180, 200, "2.25"),  # 6.6 of 10: above its maximum, no cap known
    ("PETITION_PROCESSING_ON_TIME", 0, 0, "6"),
    ("PETITION_HANDLING_SATISFACTION", 0, 0, "6"),
    ("DOSSIER_RECEIVING_SATISFACTION", 9300, 10000, "6"),  # 18 of 18
    ("PETITION_RULES", 0, 0, None),
    ("PETITION_STAFF", 0, 0, None),
]


def components(without: str = "") -> dict[str, Given]:
    return {c: Given(part(n), part(d)) for c, n, d, _ in WHOLE if c != without}


def test_a_whole_case_by_hand() -> None:
    made = recompute(INDEX, components(), NEW)
    by_code = {one.row.code: one for one in made.rows}
    for code, _, _, points in WHOLE:
        assert by_code[code].points == (None if points is None else Fraction(points)), code
    assert [group.points for group in made.groups] == [
        Fraction(text) for text in ("15.9", "19.4", "8.8", "13", "6.6", "18")
    ]
    assert made.points == Fraction("81.7")
    assert made.lacking == ()


def test_the_same_case_by_the_description() -> None:
    made = recompute(INDEX, components(), OLD)
    # Group 3 is 12 × 30 %, group 4 gains 0.6 as 85 % is above 80 %.
    assert [group.points for group in made.groups] == [
        Fraction(text) for text in ("15.9", "19.4", "3.6", "13.6", "6.6", "18")
    ]
    assert made.points == Fraction("77.1")


def test_a_missing_component_leaves_its_group_and_the_total_open() -> None:
    made = recompute(INDEX, components(without="PUBLIC_CONTENT_FULL"), NEW)
    assert made.points is None
    assert made.groups[0].points is None
    assert made.groups[0].known == Fraction("14.1")
    assert made.known == Fraction("79.9")
    assert [one.row.code for one in made.lacking] == ["PUBLIC_CONTENT_FULL"]
    assert made.groups[1].points == Fraction("19.4")
    assert recompute(INDEX, {}, NEW).known == 0
    assert len(recompute(INDEX, {}, NEW).lacking) == 21


def test_rounding_explains_and_more_does_not() -> None:
    assert tolerance() == Fraction("0.01")
    assert tolerance(21) == Fraction("0.11")
    assert not differs(Fraction("5.40"), Fraction("5.41"))
    assert differs(Fraction("5.40"), Fraction("5.42"))
    assert not differs(None, Fraction(1))
    assert not differs(Fraction(1), None)


def test_a_difference_may_be_the_other_version() -> None:
    row = ROWS["SO_HOA_GIAY_TO_GIAI_QUYET"]
    said = Given(Fraction(85), Fraction(100))
    new = INDEX.version(NEW)
    found = explained_by(INDEX, row, said, Fraction(4), new)
    assert found is INDEX.version(OLD)
    assert explained_by(INDEX, row, said, Fraction(2), new) is None


@given(
    st.lists(
        st.tuples(st.none() | st.integers(0, 50), st.none() | st.integers(0, 50)),
        min_size=24,
        max_size=24,
    ),
    st.sampled_from([OLD, NEW]),
)
def test_totals_are_the_sum_of_what_is_there(
    pairs: list[tuple[int | None, int | None]], day: date
) -> None:
    said = {
        row.code: Given(part(above), part(below))
        for row, (above, below) in zip(INDEX.rows, pairs, strict=True)
    }
    made = recompute(INDEX, said, day)
    assert made.known == sum(one.points for one in made.rows if one.points is not None)
    assert (made.points is None) == bool(made.lacking)
    for one in made.rows:
        assert one.points is None or one.points >= 0
        if one.scoring.capped and one.points is not None:
            assert one.points <= one.scoring.max


@pytest.mark.parametrize(
    ("wrong", "instead", "said"),
    [
        ("both: {max: 20}", "both: {max: 19}", "19 of 20"),
        ("code: PETITION_STAFF", "code: PETITION_RULES", "each row once"),
        ("documented: {max: 12}", "observed: {max: 12}", "given twice"),
        ('full_at: "0.90"', 'full_at: "1.90"', "less than or equal to 1"),
    ],
)
def test_a_wrong_declaration_is_refused(
    tmp_path: Path, wrong: str, instead: str, said: str
) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert wrong in text
    file = tmp_path / "index766.yaml"
    file.write_text(text.replace(wrong, instead, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=said):
        load(file)


def test_the_file_is_an_index() -> None:
    assert isinstance(INDEX, Index766)
    assert [group.max for group in INDEX.groups] == [18, 20, 12, 22, 10, 18]


def test_the_catalogue_stores_what_the_index_declares() -> None:
    catalogue = Catalogue.load()
    score, parts = (catalogue.by_code(code) for code in ("OPS-11", "OPS-12"))
    assert parts.breakdown_codes == tuple(row.breakdown for row in INDEX.rows)
    groups = tuple(group.breakdown for group in INDEX.groups)
    assert score.breakdown_codes == (*groups, *parts.breakdown_codes)
    assert [one.day for one in score.redefined] == [INDEX.versions[1].valid_from]
    assert not parts.collected
