"""The sums equal the truth: at every level, in any order of arrival, at every past moment."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from ioc.store.engine import reading
from ioc.store.observations import Fact, Key, Standing, history, observation
from ioc.store.summary import latest, read_cells, read_latest, summary, summary_version
from tests.ioc.store.feeding import ABOVE, COUNT, MONTH, PROVINCES, RATIO, SCORE, Feed

RELAXED = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PERIODS = (2026009, 2026010)

units = st.sampled_from([2, 10, 11, 20, 21, 100, 101, 110])
keys = st.builds(
    Key,
    indicator_id=st.sampled_from([RATIO, COUNT]),
    grain=st.just(MONTH),
    period=st.sampled_from(PERIODS),
    unit_id=units,
    breakdown=st.just(""),
)
numbers = st.integers(0, 60)


@st.composite
def facts_for(draw: st.DrawFn, key: Key) -> Fact:
    """A fact of the key's kind: figures, count only, a bare rate, not applicable, suppressed."""
    if key.indicator_id == COUNT:
        return Fact(num=draw(numbers), bound=draw(st.sampled_from([0, 1, 2])))
    return draw(
        st.one_of(
            st.tuples(numbers, numbers).map(lambda pair: Fact(*pair)),
            numbers.map(lambda num: Fact(num=num)),
            st.integers(0, 1_000_000).map(lambda rate: Fact(val=rate)),
            st.sampled_from([1, 2]).map(lambda state: Fact(state=state)),
        )
    )


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[str, dict[Key, Fact]]:
    """One delivery of one of the two sources."""
    source = draw(st.sampled_from(["real", "demo"]))
    wanted = draw(st.lists(keys, min_size=1, max_size=6, unique=True))
    return source, {key: draw(facts_for(key)) for key in wanted}


def truth(said: dict[Key, dict[str, Fact]], key: Key) -> dict[str, Any] | None:
    """The figure of a cell by brute force, from what each source said last."""
    mine = said.get(key, {})
    fact = mine.get("real", mine.get("demo"))
    below = [truth(said, key._replace(unit_id=u)) for u, up in ABOVE.items() if up == key.unit_id]
    adding = [one for one in below if one is not None and one["adds"]]
    counted = key.unit_id in PROVINCES
    leaves = sum(one["leaves"] for one in adding)
    paired = key.indicator_id == RATIO
    if fact is not None:
        good = fact.state == 0 and fact.num is not None and (not paired or fact.den is not None)
        own = int(counted) if leaves or fact.state == 0 else 0
        return {
            "num": fact.num,
            "den": fact.den,
            "val": fact.val,
            "adds": good,
            "leaves": own if counted else leaves,
            "illustrative": int("real" not in mine),
            "bound": fact.bound,
        }
    if not adding:
        return None
    return {
        "num": sum(one["num"] for one in adding),
        "den": sum(one["den"] or 0 for one in adding) if paired else None,
        "val": None,
        "adds": True,
        "leaves": leaves or int(counted),
        "illustrative": int(any(one["illustrative"] for one in adding)),
        "bound": max(one["bound"] for one in adding),
    }


def cells(engine: Engine, known_at: int | None = None) -> dict[Key, Any]:
    """Every summary cell with a figure, as stored."""
    with reading(engine) as connection:
        rows = read_cells(
            connection,
            parent_ids=[0, 1, 2, 10, 11],
            indicator_ids=[RATIO, COUNT, SCORE],
            grain=MONTH,
            first=PERIODS[0],
            last=PERIODS[-1],
            known_at=known_at,
        )
    return {Key(r.indicator_id, r.grain, r.period, r.unit_id): r for r in rows}


def assert_true(stored: dict[Key, Any], said: dict[Key, dict[str, Fact]]) -> None:
    """Compare all cells with brute force."""
    for indicator in (RATIO, COUNT):
        for period in PERIODS:
            for unit in ABOVE:
                key = Key(indicator, MONTH, period, unit)
                wanted = truth(said, key)
                row = stored.get(key)
                if wanted is None:
                    assert row is None or (not row.own and not row.parts), key
                    continue
                names = ("num", "den", "val", "leaves", "illustrative", "bound")
                got = {name: getattr(row, name) for name in names}
                assert got == {name: wanted[name] for name in names}, key


@RELAXED
@given(st.lists(deliveries(), min_size=1, max_size=6))
def test_sums_equal_the_truth_and_every_past_state_can_be_read(
    engine: Engine, runs: list[tuple[str, dict[Key, Fact]]]
) -> None:
    """After each run, and again for each run's moment at the end, all cells equal brute force."""
    feed = Feed(engine).prepare()
    said: dict[Key, dict[str, Fact]] = {}
    past: list[tuple[int, dict[Key, dict[str, Fact]]]] = []
    for source, facts in runs:
        _, recorded_at = feed.run(facts, source)
        for key, fact in facts.items():
            said.setdefault(key, {})[source] = fact
        assert_true(cells(engine), said)
        past.append((recorded_at, {key: dict(by) for key, by in said.items()}))
    for recorded_at, then in past:
        assert_true(cells(engine, known_at=recorded_at), then)


@RELAXED
@given(st.data())
def test_order_of_arrival_does_not_matter(engine: Engine, data: st.DataObject) -> None:
    """The same facts delivered in another order, in other batches, make the same sums."""
    wanted = data.draw(st.lists(keys, min_size=2, max_size=8, unique=True))
    facts = {key: data.draw(facts_for(key)) for key in wanted}
    names = ("num", "den", "val", "leaves", "parts", "illustrative", "own")

    def sums(order: list[Key]) -> dict[Key, tuple[Any, ...]]:
        feed = Feed(engine).prepare()
        for key in order:
            feed.run({key: facts[key]})
        return {
            key: tuple(getattr(row, name) for name in names)
            for key, row in cells(engine).items()
            if row.own or row.parts
        }

    assert sums(wanted) == sums(data.draw(st.permutations(wanted)))


def test_a_half_and_a_quarter_make_a_third(engine: Engine) -> None:
    """1/2 and 1/4 total 2/6, at every level above."""
    feed = Feed(engine).prepare()
    period = PERIODS[0]
    feed.run(
        {
            Key(RATIO, MONTH, period, 10): Fact(1, 2),
            Key(RATIO, MONTH, period, 11): Fact(1, 4),
        }
    )
    stored = cells(engine)
    for unit in (2, 1):
        row = stored[Key(RATIO, MONTH, period, unit)]
        assert Fraction(row.num, row.den) == Fraction(1, 3)
        assert row.leaves == 2


def test_scores_never_make_a_total(engine: Engine) -> None:
    """A score stays with its unit."""
    feed = Feed(engine).prepare()
    feed.run({Key(SCORE, MONTH, PERIODS[0], 10): Fact(val=8123)})
    assert set(cells(engine)) == {Key(SCORE, MONTH, PERIODS[0], 10)}


def test_former_units_add_up_in_their_successor_and_stay_readable(engine: Engine) -> None:
    """Two predecessors make the merged province exactly; one alone shows in the leaves."""
    feed = Feed(engine).prepare()
    feed.run({Key(RATIO, MONTH, PERIODS[0], 20): Fact(100, 200)})
    merged = Key(RATIO, MONTH, PERIODS[0], 10)
    assert (cells(engine)[merged].num, cells(engine)[merged].leaves) == (100, 1)
    feed.run({Key(RATIO, MONTH, PERIODS[0], 21): Fact(90, 100)})
    row = cells(engine)[merged]
    assert (row.num, row.den, row.leaves, row.parts) == (190, 300, 2, 2)
    assert cells(engine)[Key(RATIO, MONTH, PERIODS[0], 20)].num == 100


def test_the_same_facts_twice_add_nothing(engine: Engine) -> None:
    """An unchanged delivery writes no row and no version; a change writes one and keeps the old."""
    feed = Feed(engine).prepare()
    key = Key(RATIO, MONTH, PERIODS[0], 11)
    first, early = feed.run({key: Fact(1, 4)})
    again, _ = feed.run({key: Fact(1, 4)})
    changed, _ = feed.run({key: Fact(2, 4)})
    assert (first.added, again.added, again.unchanged, changed.added) == (1, 0, 1, 1)
    with reading(engine) as connection:
        assert len(connection.execute(select(observation)).all()) == 2
        assert len(connection.execute(select(summary_version)).all()) == 6
        assert [one.fact for one in history(connection, key)] == [Fact(1, 4), Fact(2, 4)]
    assert cells(engine, known_at=early)[key].num == 1
    assert cells(engine)[key].num == 2


def test_a_source_may_return_to_an_earlier_value(engine: Engine) -> None:
    """1/4, 2/4, 1/4 are three facts; a unique hash would have lost the last."""
    feed = Feed(engine).prepare()
    key = Key(RATIO, MONTH, PERIODS[0], 11)
    for num in (1, 2, 1):
        feed.run({key: Fact(num, 4)})
    with reading(engine) as connection:
        assert [one.fact.num for one in history(connection, key)] == [1, 2, 1]
    assert cells(engine)[key].num == 1


def test_a_published_figure_stands_before_an_illustrative_one(engine: Engine) -> None:
    """Whatever comes last, the smaller rank stands; both stay in the observations."""
    feed = Feed(engine).prepare()
    key = Key(RATIO, MONTH, PERIODS[0], 11)
    feed.run({key: Fact(1758, 1950)}, "real")
    feed.run({key: Fact(1, 2)}, "demo")
    row = cells(engine)[key]
    assert (row.num, row.den, row.illustrative) == (1758, 1950, 0)
    with reading(engine) as connection:
        assert {one.source_id for one in history(connection, key)} == {
            source.id for source in feed.sources.values()
        }


@RELAXED
@given(st.lists(deliveries(), min_size=1, max_size=5))
def test_latest_is_the_two_newest_periods_of_the_summary(
    engine: Engine, runs: list[tuple[str, dict[Key, Fact]]]
) -> None:
    """`latest` never differs from the summary it is derived from."""
    feed = Feed(engine).prepare()
    for source, facts in runs:
        feed.run(facts, source)
    with reading(engine) as connection:
        stored = connection.execute(select(summary).where(summary.c.breakdown == "")).all()
        rows = read_latest(connection, parent_ids=[0, 1, 2, 10, 11], indicator_ids=[RATIO, COUNT])
        assert len(rows) == len(connection.execute(select(latest)).all())
    by_unit: dict[tuple[int, int], list[Any]] = {}
    for row in sorted(stored, key=lambda one: -one.period):
        by_unit.setdefault((row.indicator_id, row.unit_id), []).append(row)
    assert len(rows) == len(by_unit)
    for row in rows:
        newest = by_unit[row.indicator_id, row.unit_id]
        assert (row.period, row.num, row.den, row.leaves) == (
            newest[0].period,
            newest[0].num,
            newest[0].den,
            newest[0].leaves,
        )
        assert row.prev_period == (newest[1].period if len(newest) > 1 else None)
        assert row.prev_num == (newest[1].num if len(newest) > 1 else None)


def test_standing_is_a_plain_value() -> None:
    """Standings compare by value: what tests and caches rely on."""
    assert Standing(Fact(1, 2), 1, 5) == Standing(Fact(1, 2), 1, 5)


@pytest.mark.parametrize("count", [300])
def test_many_units_are_read_as_one_range(engine: Engine, count: int) -> None:
    """More units than are asked for by name still find what each said before."""
    feed = Feed(engine).prepare()
    breakdowns = {
        Key(COUNT, MONTH, PERIODS[0], 110, f"b{number}"): Fact(number) for number in range(count)
    }
    first, _ = feed.run(breakdowns)
    again, _ = feed.run(breakdowns)
    assert (first.added, again.added) == (count, 0)
