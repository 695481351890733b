"""Any row of deliveries and acts: every question at every moment has the answer it had then."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, update

from ioc.domain.registers import Registers
from ioc.store import item_past, item_then
from ioc.store.engine import reading, writing
from ioc.store.item_lists import Choice, Now, count, one, page
from ioc.store.item_rebuild import follow, rebuild
from ioc.store.item_rows import day_number, day_of
from ioc.store.item_tallies import Tally, tallies, totals
from ioc.store.reference import source
from ioc.store.register_tables import NO_DUE
from tests.ioc.store.itemising import (
    LOCAL,
    OTHER_PROVINCE,
    PROVINCE,
    ROOT,
    Registry,
    derived,
    real_units,
    said,
    works,
)

DECLARED = Registers([works()])
RANKS = {"real": 10, "one": 100, "two": 100}
UNITS: tuple[int | None, ...] = (PROVINCE, OTHER_PROVINCE, None)
DUES = (None, "2026-09", "2026-12-31")
STATES = ("new", "busy", "ready")
CHOICES = (
    Choice(works().id),
    Choice(works().id, PROVINCE),
    Choice(works().id, LOCAL, phases=(0,), filters=(("class", ("white", "")),)),
    Choice(works().id, filters=(("word", ("b",)),)),
    Choice(works().id, filters=(("state", ("new", "ready")), ("class", ("white",)))),
    Choice(works().id, due_from=20260901, due_to=NO_DUE - 1),
)
FACETS = ("all", "state", "class", "missing", "due", "done", "person")

Content = tuple[int, int, int, bool]
"""Places in UNITS, DUES and STATES, and whether the class is white."""
contents = st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2), st.booleans())
deliveries = st.tuples(
    st.sampled_from(sorted(RANKS)),
    st.dictionaries(st.sampled_from("ABC"), st.tuples(contents, st.integers(0, 6)), max_size=3),
    st.booleans(),
    st.frozensets(st.sampled_from("ABC"), max_size=1),
)
acts = st.tuples(st.sampled_from("ABC"), st.sampled_from(STATES))


@dataclass
class Word:
    """A version as the naive reader keeps it."""

    key: str
    source: str
    recorded_at: int
    valid_from: int
    gone: bool
    content: Content | None
    act: bool


def stands(words: list[Word], known_at: int, on: int | None = None) -> dict[str, Content]:
    """What stands of every item, worked out by looking at every version."""
    day = day_of(known_at) if on is None else on
    found = {}
    for key in {word.key for word in words}:
        last: dict[str, Word] = {}
        for word in words:
            if word.key == key and word.recorded_at <= known_at and word.valid_from <= day:
                held = last.get(word.source)
                order = (word.valid_from, word.recorded_at)
                if held is None or order > (held.valid_from, held.recorded_at):
                    last[word.source] = word
        left = [word for word in last.values() if not word.gone]
        if left:
            left.sort(key=lambda w: (w.valid_from, w.recorded_at), reverse=True)
            best = min(left, key=lambda word: RANKS[word.source])
            assert best.content is not None
            found[key] = best.content
    return found


def wanted(content: Content, key: str, choice: Choice) -> bool:
    unit, due, state, white = content
    due_day = (NO_DUE, 20260930, 20261231)[due]
    held = {"class": "white" if white else "", "state": STATES[state], "word": f"viec{key.lower()}"}
    above = {ROOT} | ({UNITS[unit], LOCAL} if UNITS[unit] else set())
    return (
        (choice.unit_id is None or choice.unit_id in above)
        and (not choice.phases or (1 if STATES[state] == "ready" else 0) in choice.phases)
        and all(
            key.lower() == "b" if facet == "word" else held[facet] in values
            for facet, values in choice.filters
        )
        and (choice.due_from or 0) <= due_day <= (choice.due_to or NO_DUE)
    )


def naive_tallies(standing: dict[str, Content]) -> Counter[tuple[int, str, str, int]]:
    found: Counter[tuple[int, str, str, int]] = Counter()
    for unit, due, state, white in standing.values():
        phase = 1 if STATES[state] == "ready" else 0
        values = [
            ("all", ""),
            ("state", STATES[state]),
            ("class", "white" if white else ""),
            ("due", str((NO_DUE, 20260930, 20261231)[due])),
            ("missing", "due" if due == 0 else ""),
        ]
        values += [("missing", "unit")] if UNITS[unit] is None else []
        for unit_id in {ROOT, UNITS[unit]} & {ROOT, PROVINCE}:
            for facet, value in values:
                found[unit_id or 0, facet, value, phase] += 1
    return found


def asked(engine: Engine, known_at: int | None) -> list[Any]:
    """Every question, of now or of a moment."""
    with reading(engine) as connection:
        if known_at is None:
            return [
                [
                    page(connection, choice, limit=2, offset=at)
                    for choice in CHOICES
                    for at in (0, 2)
                ],
                [count(connection, choice, 1) for choice in CHOICES],
                [one(connection, works().id, key) for key in "ABC"],
                tallies(connection, works().id, [ROOT, PROVINCE], FACETS),
                page(connection, CHOICES[0], limit=9, newest_first=True),
            ]
        more: dict[str, Any] = {"known_at": known_at, "registers": DECLARED}
        placed: dict[str, Any] = {**more, "units": real_units()}
        return [
            [
                item_past.page(connection, choice, limit=2, offset=at, **placed)
                for choice in CHOICES
                for at in (0, 2)
            ],
            [item_past.count(connection, choice, 1, **placed) for choice in CHOICES],
            [item_past.one(connection, works().id, key, **more) for key in "ABC"],
            item_past.tallies(connection, works().id, [ROOT, PROVINCE], FACETS, **placed),
            item_past.page(connection, CHOICES[0], limit=9, newest_first=True, **placed),
        ]


@settings(
    max_examples=12,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # steps are few: nothing to shorten
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.one_of(deliveries, acts), min_size=1, max_size=8))
def test_every_question_at_every_moment(engine: Engine, steps: list[Any]) -> None:
    registry = Registry(engine).prepare()
    words: list[Word] = []
    answers: dict[int, list[Any]] = {}
    for step in steps:
        at = _take(registry, words, step)
        if at is None:
            continue
        answers[at] = asked(engine, None)
        standing = stands(words, at)
        with reading(engine) as connection:
            for choice in CHOICES:
                keys = {now.key for now in page(connection, choice, limit=9)}
                assert keys == {k for k, c in standing.items() if wanted(c, k, choice)}
            told = tallies(connection, works().id, [ROOT, PROVINCE], FACETS)
        counted = {(t.unit_id, t.facet, t.value, t.phase): t.items for t in told}
        naive = naive_tallies(standing)
        assert {k: n for k, n in counted.items() if k[1] != "done"} == dict(naive)
    for at, answer in answers.items():
        assert asked(engine, at) == answer, "the past answers as it did then"
        with patch.object(item_then, "MOST_LATER", -1):
            assert asked(engine, at) == answer, "also when all versions are read through"
        for on in (20261119, 20261121, 20261123):
            with reading(engine) as connection:
                held = item_past.page(
                    connection, CHOICES[0], limit=9, known_at=at, on=on,
                    registers=DECLARED, units=real_units(),
                )  # fmt: skip
            assert {now.key: STATES.index(now.state) for now in held} == {
                key: content[2] for key, content in stands(words, at, on).items()
            }
    with writing(engine) as connection:
        kept = derived(connection)
        rebuild(connection, works(), real_units())
        assert derived(connection) == kept, "kept up to date is the same as made again"


def _take(registry: Registry, words: list[Word], step: Any) -> int | None:
    """Do a step in the store and write it down naively; its moment, None for no step."""
    later = timedelta(hours=17)
    if len(step) == 2:
        key, state = step
        with reading(registry.engine) as connection:
            found = one(connection, works().id, key)
        moves = {one.code: one.moves for one in works().states}
        if found is None or state not in moves[found.state]:
            return None
        registry.act(key, to_state=state, later=later)
        with reading(registry.engine) as connection:
            after = one(connection, works().id, key)
        assert after is not None
        name = next(n for n, fact in registry.sources.items() if fact.id == found.source_id)
        before = stands(words, after.recorded_at)[key]
        content = (before[0], before[1], STATES.index(state), before[3])
        day = day_of(after.recorded_at)
        words.append(Word(key, name, after.recorded_at, day, False, content, True))
        return after.recorded_at
    name, given_items, whole, still = step
    items = [_said(key, content, back) for key, (content, back) in given_items.items()]
    _, at = registry.take(items, name, whole=whole, still=still, later=later)
    today = day_of(at)
    last = {w.key: w for w in words if w.source == name and not w.act}
    for item in items:
        content = given_items[item.key][0]
        held = last.get(item.key)
        if held is not None and not held.gone and held.content == content:
            continue
        valid_from = min(day_number(item.valid_from), today)
        if held is not None and held.gone:
            valid_from = max(valid_from, held.valid_from)
        words.append(Word(item.key, name, at, valid_from, False, content, False))
    if whole:
        for key, held in last.items():
            if not held.gone and key not in given_items and key not in still:
                valid_from = max(today, held.valid_from)
                words.append(Word(key, name, at, valid_from, True, None, False))
    return at


def _said(key: str, content: Content, back: int) -> Any:
    unit, due, state, white = content
    return said(
        key,
        unit_id=UNITS[unit],
        due=DUES[due],
        state=STATES[state],
        title=f"viec{key} {key}",
        valid_from=date(2026, 11, 24) - timedelta(days=back),
        colour="white" if white else None,
    )


@pytest.fixture
def registry(engine: Engine) -> Registry:
    return Registry(engine).prepare()


def test_overdue_then_is_added_up_as_it_was(registry: Registry, engine: Engine) -> None:
    _, first = registry.take([said("A", due="2026-01-31", homes=2), said("B", due="2026-02-28")])
    registry.take([said("A", due="2026-12-31", homes=2, valid_from=date(2026, 11, 22))])
    with reading(engine) as connection:
        now = totals(connection, works().id, [ROOT], "due", values_to="20261121")
        then = item_past.tallies(
            connection, works().id, [ROOT], ["due"], values_to="20261121", known_at=first,
            registers=DECLARED, units=real_units(),
        )  # fmt: skip
    assert [(one.items, one.sums[0]) for one in now] == [(1, 0)]
    assert then == (
        Tally(ROOT, "due", "20260131", 0, 1, (2, 0, 0, 0)),
        Tally(ROOT, "due", "20260228", 0, 1, (0, 0, 0, 0)),
    )


def test_another_declaration_or_rank_is_followed(registry: Registry, engine: Engine) -> None:
    registry.take([said("A", state="busy")], "one")
    registry.take([said("A", state="new")], "two")
    with writing(engine) as connection:
        assert follow(connection, [works()], real_units()) == []
        fields = [
            one.model_copy(update={"facet": True}) if one.name == "person" else one
            for one in works().fields
        ]
        other = works().model_copy(update={"fields": tuple(fields), "mandatory": ()})
        changed = type(works()).model_validate(
            other.model_dump(by_alias=True, exclude={"mandatory"})
        )
        assert follow(connection, [changed], real_units()) == ["work"]
        assert follow(connection, [works()], real_units()) == ["work"]
        found = one(connection, works().id, "A")
        assert found is not None
        assert found.state == "new"
        connection.execute(update(source).where(source.c.name == "one").values(rank=5))
        assert follow(connection, [works()], real_units()) == ["work"]
        found = one(connection, works().id, "A")
    assert isinstance(found, Now)
    assert (found.state, found.illustrative) == ("busy", 0)
