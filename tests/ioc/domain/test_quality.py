"""Scores are checks passed of checks made: pooled, never averaged; nothing tested is no zero."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.messages import sentences
from ioc.domain.quality import (
    FILE,
    FOUR,
    SIX,
    Check,
    Checked,
    Criterion,
    Score,
    read_rules,
    rules,
    worst_first,
)
from ioc.domain.target import Status
from ioc.errors import CatalogueError


def records(passed: int, made: int) -> Score:
    return Score((Checked(Check.RECORDS, passed, made),))


def test_every_reason_to_refuse_a_record_is_in_exactly_one_criterion() -> None:
    known = {key.removeprefix("reject.") for key in sentences("vi") if key.startswith("reject.")}
    assert known - set(rules().codes) == set()
    assert set(rules().codes) - known == set()


def test_an_unknown_reason_counts_against_clean() -> None:
    assert rules().criterion("of_an_add_on") is Criterion.CLEAN


def test_the_form_of_one_ministry_is_the_first_four() -> None:
    assert [one.value for one in FOUR] == ["correct", "sufficient", "clean", "live"]
    assert len(SIX) == 6


def test_nothing_tested_is_not_assessable_and_not_zero() -> None:
    assert Score().share is None
    assert records(0, 0).share is None
    assert rules().status(Criterion.CORRECT, records(0, 0)) is Status.NOT_JUDGED
    assert records(0, 5).share == 0
    assert rules().status(Criterion.CORRECT, records(0, 5)) is Status.AT_RISK


def test_pooling_is_not_averaging() -> None:
    assert Score.pool([records(1, 1), records(0, 99)]).share == Fraction(1, 100)


def test_kinds_of_checks_are_not_mixed_and_the_weakest_decides() -> None:
    many = Score((Checked(Check.RECORDS, 99_999, 100_000), Checked(Check.UNITS, 30, 34)))
    assert many.weakest == Checked(Check.UNITS, 30, 34)
    assert many.share == Fraction(30, 34)
    assert many.failed == 5


def test_limits_are_judged_from_the_declared_share_on() -> None:
    limit = rules().limits[Criterion.SHARED]
    assert (limit.reached, limit.near) == (Fraction(4, 5), Fraction(1, 2))
    for passed, status in ((80, Status.REACHED), (79, Status.NEAR), (49, Status.AT_RISK)):
        score = Score((Checked(Check.DATASETS, passed, 100),))
        assert rules().status(Criterion.SHARED, score) is status


def test_the_worst_comes_first_and_the_untested_last() -> None:
    some = [records(0, 0), records(9, 10), records(1, 10), records(10, 100)]
    assert sorted(some, key=worst_first) == [
        records(10, 100), records(1, 10), records(9, 10), records(0, 0),
    ]  # fmt: skip


tested = st.builds(
    lambda check, made, part: Checked(check, made * part // 100, made),
    st.sampled_from(list(Check)),
    st.integers(0, 10_000),
    st.integers(0, 100),
)


@given(st.lists(st.lists(tested, max_size=4), max_size=6))
def test_a_pool_has_all_checks_of_its_parts(parts: list[list[Checked]]) -> None:
    pool = Score.pool(Score(tuple(one)) for one in parts)
    for check in Check:
        of = [one for some in parts for one in some if one.check is check]
        found = [one for one in pool.tested if one.check is check]
        assert sum(one.made for one in found) == sum(one.made for one in of)
        assert sum(one.passed for one in found) == sum(one.passed for one in of)
        assert len(found) <= 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    - negative\n", "    - negative\n    - negative\n"),
        ("reached: 0.8, near: 0.5", "reached: 0.5, near: 0.8"),
        ("  shared: []", "  nice: []"),
    ],
)
def test_wrong_rules_are_refused(tmp_path: Path, old: str, new: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "rules.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogueError):
        read_rules(file)
