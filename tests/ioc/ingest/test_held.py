"""Held figures: a jump waits for a person while the old value stands, and is decided once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from support.taking import batch_of, deliver, described, intake_of, late, row

from ioc.domain.catalogue import Catalogue
from ioc.domain.messages import explain_error, say
from ioc.domain.units import Units
from ioc.errors import DecisionError
from ioc.ingest.decide import confirm, refuse
from ioc.ingest.intake import Intake
from ioc.ingest.preview import preview
from ioc.store import held, rejections, runs, source_state, versions
from ioc.store.engine import micros, reading
from ioc.store.observations import Fact, Key, as_reported, history
from ioc.store.summary import read_cells
from tests.conftest import Clock

TEN_TIMES = {"max_jump": {"times": 10}}
MONTH, JULY = 3, 2025007


@pytest.fixture
def open_intake(
    engine: Engine, units: Units, catalogue: Catalogue, clock: Clock, tmp_path: Path
) -> Any:
    def opened(contract: dict[str, Any] = TEN_TIMES, **more: Any) -> Intake:
        return intake_of(
            engine, units, catalogue, clock, tmp_path, described(contract=contract, **more)
        )

    return opened


def key(intake: Intake, unit: str = "38", code: str = "OPS-02", period: int = JULY) -> Key:
    unit_id = intake.units.by_key(unit).id
    return Key(intake.catalogue.by_code(code).id, MONTH, period, unit_id)


def standing(intake: Intake, about: Key, known_at: int | None = None) -> Fact | None:
    with reading(intake.engine) as connection:
        found = as_reported(
            connection,
            indicator_ids=[about.indicator_id],
            unit_ids=[about.unit_id],
            ranks=intake.ranks,
            known_at=known_at,
        )
    return found[about].fact if about in found else None


def nation(intake: Intake, known_at: int | None = None) -> tuple[int | None, int | None]:
    """The numerator and denominator of all localities in July 2025."""
    local = intake.units.by_key("local")
    with reading(intake.engine) as connection:
        cells = read_cells(
            connection,
            parent_ids=[intake.units.roll_up(local.id) or 0],
            indicator_ids=[key(intake).indicator_id],
            grain=MONTH,
            first=JULY,
            last=JULY,
            unit_ids=[local.id],
            known_at=known_at,
        )
    return (cells[0].num, cells[0].den) if cells else (None, None)


def waiting(intake: Intake) -> tuple[held.Held, ...]:
    with reading(intake.engine) as connection:
        return held.open_held(connection)


def state(intake: Intake) -> source_state.SourceState:
    with reading(intake.engine) as connection:
        return source_state.state(connection, intake.facts["portal"].id)


def version(intake: Intake) -> int:
    with reading(intake.engine) as connection:
        return versions.data_version(connection)


def test_a_jump_is_held_and_the_old_value_stays_standing(open_intake: Any, clock: Clock) -> None:
    """D14: a value a thousand times larger (million for billion) waits for a person."""
    intake = open_intake()
    deliver(intake, [row("38", 1754, 1950), row("31", 900, 1000)])
    clock.advance(seconds=60)
    before = version(intake)
    report, outcome, run_id = deliver(intake, [row("38", 1754000, 1950000), row("31", 901, 1000)])
    assert (report.outcome, report.added, report.held, report.rejected) == ("partial", 1, 1, 0)
    assert (outcome.readings, outcome.held) == (1, 1)
    assert standing(intake, key(intake)) == Fact(1754, 1950)
    assert nation(intake) == (1754 + 901, 2950)
    (entry,) = waiting(intake)
    assert (entry.doubt.key, entry.doubt.fact) == (key(intake), Fact(1754000, 1950000))
    assert (entry.doubt.was, entry.run_id) == (Fact(1754, 1950), run_id)
    assert (entry.doubt.place, entry.doubt.code) == ("item 1", "jump_times")
    assert entry.doubt.params == {"times": "1000", "limit": "10", "period": "2025-07"}
    assert '"num": 1754000' in entry.doubt.record
    assert "1000 lần" in say("vi", f"reject.{entry.doubt.code}", **entry.doubt.params)
    assert state(intake).held == 1
    assert version(intake) > before
    with reading(intake.engine) as connection:
        about = [key(intake), key(intake, "31")]
        assert held.held_of(connection, about) == {key(intake)[:4]}
        assert held.held_of(connection, about, known_at=micros(clock()) - 1) == frozenset()
        assert runs.runs_by_id(connection, [run_id])[run_id].held == 1


def test_a_confirmed_figure_stands_and_later_ones_are_compared_with_it(
    open_intake: Any, clock: Clock
) -> None:
    intake = open_intake()
    deliver(intake, [row("38", 10, 20, cited="Công văn 1")])
    clock.advance(seconds=60)
    deliver(intake, [row("38", 1000, 2000, cited="Công văn 2")])
    (entry,) = waiting(intake)
    clock.advance(seconds=60)
    known = micros(clock())
    before = version(intake)
    run_id = confirm(intake, entry.id, "Lê Thị Hoa", "Đã gọi tỉnh")
    assert version(intake) == before + 1
    now = standing(intake, key(intake))
    assert now is not None
    assert now[:3] == (1000, 2000, None)
    assert now.citation_id is not None
    assert nation(intake) == (1000, 2000)
    assert nation(intake, known_at=known - 1) == (10, 20)
    with reading(intake.engine) as connection:
        run = runs.runs_by_id(connection, [run_id])[run_id]
        ended = held.one_held(connection, entry.id)
        assert history(connection, key(intake))[-1].fact.num == 1000
    assert (run.kind, run.by, run.outcome, run.added) == ("decision", "Lê Thị Hoa", "ok", 1)
    assert run.params == {"note": "Đã gọi tỉnh"}
    assert ended is not None
    assert (ended.decision, ended.decided_by, ended.note) == (
        "confirmed", "Lê Thị Hoa", "Đã gọi tỉnh",
    )  # fmt: skip
    assert ended.decision_run_id == run_id
    assert state(intake).held == 0
    clock.advance(seconds=60)
    same, *_ = deliver(intake, [row("38", 1000, 2000, cited="Công văn 2")])
    assert same.outcome == "unchanged"
    further, *_ = deliver(intake, [row("38", 1100, 2100)])
    assert (further.added, further.held) == (1, 0)
    back, *_ = deliver(intake, [row("38", 10, 20)])
    assert (back.added, back.held) == (0, 1)


def test_a_refused_value_is_rejected_when_it_comes_again_and_never_held_anew(
    open_intake: Any, clock: Clock
) -> None:
    intake = open_intake()
    deliver(intake, [row("38", 10, 20)])
    deliver(intake, [row("38", 1000, 2000)])
    (entry,) = waiting(intake)
    refuse(intake, entry.id, "Trần Văn An", "sai đơn vị tính")
    assert state(intake).payload_hash == "", "the same delivery is read again"
    for _ in range(2):
        clock.advance(seconds=60)
        report, outcome, run_id = deliver(intake, [row("38", 1000, 2000)])
        assert (report.outcome, report.held, report.rejected) == ("partial", 0, 1)
        with reading(intake.engine) as connection:
            (refused,) = rejections.rejections(connection, run_id)
        assert refused.code == "refused_before"
        assert refused.params == {"by": "Trần Văn An", "day": "22/11/2026"}
        assert [one.code for one in outcome.rejected] == ["refused_before"]
    assert waiting(intake) == ()
    assert standing(intake, key(intake)) == Fact(10, 20)
    other, *_ = deliver(intake, [row("38", 5000, 9000)])
    assert other.held == 1, "another value is another question"


def test_the_same_held_value_stays_one_entry_and_a_good_one_ends_it(
    open_intake: Any, clock: Clock
) -> None:
    intake = open_intake()
    deliver(intake, [row("38", 10, 20)])
    deliver(intake, [row("38", 1000, 2000)])
    (first,) = waiting(intake)
    clock.advance(seconds=60)
    before = version(intake)
    again, *_ = deliver(intake, [row("38", 1000, 2000)])
    assert again.held == 1
    assert waiting(intake) == (first,)
    assert version(intake) == before, "nothing that a page shows has changed"
    deliver(intake, [row("38", 3000, 4000)])
    (second,) = waiting(intake)
    assert second.doubt.fact == Fact(3000, 4000)
    deliver(intake, [row("38", 11, 20)])
    assert waiting(intake) == ()
    assert standing(intake, key(intake)) == Fact(11, 20)
    assert state(intake).held == 0
    with reading(intake.engine) as connection:
        ended = held.decided_held(connection)
    assert {(one.id, one.decision) for one in ended} == {
        (first.id, "superseded"), (second.id, "superseded"),
    }  # fmt: skip
    with pytest.raises(DecisionError) as told:
        confirm(intake, second.id, "ai đó", "")
    assert told.value.code == "held_superseded"


def test_a_value_delivered_as_it_stands_ends_the_open_entry(open_intake: Any) -> None:
    intake = open_intake()
    deliver(intake, [row("38", 10, 20)])
    deliver(intake, [row("38", 1000, 2000)])
    deliver(intake, [row("38", 10, 20)])
    assert waiting(intake) == ()
    assert standing(intake, key(intake)) == Fact(10, 20)


def test_a_first_figure_cannot_jump_and_a_new_period_is_compared_with_the_last(
    open_intake: Any,
) -> None:
    intake = open_intake()
    first, *_ = deliver(intake, [row("38", 5_000_000, 9_000_000, "2025-07")])
    assert (first.added, first.held) == (1, 0)
    following = [row("38", 5_000, 9_000, "2025-08"), row("38", 5_100_000, 9_000_000, "2025-09")]
    report, *_ = deliver(intake, following)
    assert (report.added, report.held) == (1, 1)
    (entry,) = waiting(intake)
    assert entry.doubt.key.period == 2025008
    assert entry.doubt.params["period"] == "2025-07"
    much_later, *_ = deliver(intake, [row("38", 5, 9, "2026-10")])
    assert much_later.held == 0, "a figure of more than a year ago is no measure"


def test_a_real_source_is_not_compared_with_an_illustrative_one(
    engine: Engine, units: Units, catalogue: Catalogue, clock: Clock, tmp_path: Path
) -> None:
    sources = [
        described("portal", contract=TEN_TIMES),
        described("real", contract=TEN_TIMES, illustrative=False, rank=10),
        described("second", contract=TEN_TIMES, illustrative=False, rank=20),
    ]
    intake = intake_of(engine, units, catalogue, clock, tmp_path, *sources)
    deliver(intake, [row("38", 10, 20)])
    real, *_ = deliver(intake, [row("38", 1000, 2000)], "real")
    assert real.held == 0
    second, *_ = deliver(intake, [row("38", 10, 20)], "second")
    assert second.held == 1


@pytest.mark.parametrize(
    ("limit", "was", "given", "code"),
    [
        ({"times": 10}, (0, 0), (5, 9), None),
        ({"times": 10}, (0, 0), (5000, 9000), "jump_times"),
        ({"times": 10}, (5000, 9000), (0, 0), "jump_times"),
        ({"times": 10}, (100, 900), (1000, 9000), None),
        ({"times": 10, "above": 50}, (1, 2), (40, 45), None),
        ({"times": 10, "above": 50}, (1, 2), (40, 60), "jump_times"),
        ({"points": 30}, (50, 100), (80, 100), None),
        ({"points": 30}, (50, 100), (81, 100), "jump_points"),
        ({"share": 0.5}, (100, 200), (150, 300), None),
        ({"share": 0.5}, (100, 200), (49, 200), "jump_share"),
        ({"times": 100, "points": 5}, (50, 100), (60, 100), "jump_points"),
    ],
)
def test_limits(
    open_intake: Any,
    limit: dict[str, Any],
    was: tuple[int, int],
    given: tuple[int, int],
    code: str | None,
) -> None:
    intake = open_intake({"max_jump": limit})
    deliver(intake, [row("38", *was)])
    deliver(intake, [row("38", *given)])
    assert [one.doubt.code for one in waiting(intake)] == ([code] if code else [])


def test_limits_of_one_indicator_and_of_none(open_intake: Any) -> None:
    intake = open_intake({"max_jump": {"default": {"times": 10}, "OPS-06": None}})
    deliver(intake, [row("38", 10, 20, late=1, count=True)])
    report, *_ = deliver(intake, [row("38", 1000, 2000, late=5000, count=True)])
    assert (report.added, report.held) == (1, 1)
    assert waiting(intake)[0].doubt.key == key(intake)


def test_a_state_is_no_number_and_is_not_compared(open_intake: Any) -> None:
    mapping = {
        "locale": "plain",
        "unit": {"code": "code", "system": "nso"},
        "period": {"field": "period"},
        "values": [{"indicator": "OPS-06", "value": "late", "state": "said"}],
    }
    intake = open_intake(TEN_TIMES, mapping=mapping)
    deliver(intake, [late("38", 10)])
    deliver(intake, [late("38", None, said="suppressed")])
    report, *_ = deliver(intake, [late("38", 90)])
    assert (report.added, report.held) == (1, 0)


def test_a_cumulative_count_that_falls_is_rejected(open_intake: Any) -> None:
    """D9: the figure of a month alone where the source promised the year to date."""
    intake = open_intake({"monotone": {"OPS-06": "year"}})
    months = [late("38", value, f"2025-{month:02}") for month, value in [(7, 10), (8, 18), (9, 7)]]
    report, _, run_id = deliver(intake, months)
    assert (report.added, report.rejected) == (2, 1)
    with reading(intake.engine) as connection:
        refused = [one for one in rejections.rejections(connection, run_id) if one.code == "falls"]
    assert [one.place for one in refused] == ["item 3"]
    assert refused[0].params == {"period": "2025-08", "within": "year"}
    new_year, *_ = deliver(intake, [late("38", 3, "2026-01")])
    assert new_year.added == 1
    too_late, *_ = deliver(intake, [late("38", 19, "2025-07")])
    assert (too_late.added, too_late.rejected) == (0, 1), "an earlier month above a later one"
    both, *_ = deliver(intake, [late("38", 19, "2025-07"), late("38", 21, "2025-08")])
    assert (both.added, both.rejected) == (2, 0)


def test_a_fall_may_be_held_instead(open_intake: Any) -> None:
    intake = open_intake({"monotone": {"OPS-06": {"within": "quarter", "then": "hold"}}})
    deliver(intake, [late("38", 10, "2025-07")])
    report, *_ = deliver(intake, [late("38", 7, "2025-08")])
    assert (report.held, report.rejected) == (1, 0)
    confirm(intake, waiting(intake)[0].id, "Lê Thị Hoa", "")
    assert standing(intake, key(intake, code="OPS-06", period=2025008)) == Fact(7)


def test_one_decision_only(open_intake: Any) -> None:
    intake = open_intake()
    deliver(intake, [row("38", 10, 20)])
    deliver(intake, [row("38", 1000, 2000)])
    (entry,) = waiting(intake)
    refuse(intake, entry.id, "Trần Văn An", "")
    with pytest.raises(DecisionError) as told:
        confirm(intake, entry.id, "Lê Thị Hoa", "")
    assert told.value.code == "held_refused"
    assert "bị Trần Văn An từ chối ngày 22/11/2026" in explain_error("vi", told.value)
    with pytest.raises(DecisionError, match="no held figure 77"):
        refuse(intake, 77, "Lê Thị Hoa", "")
    with pytest.raises(DecisionError, match="name"):
        refuse(intake, entry.id, "  ", "")
    assert standing(intake, key(intake)) == Fact(10, 20)


def test_two_people_at_once_make_one_decision(open_intake: Any) -> None:
    intake = open_intake()
    deliver(intake, [row("38", 10, 20)])
    deliver(intake, [row("38", 1000, 2000)])
    (entry,) = waiting(intake)
    start = threading.Barrier(4)
    ends: list[str] = []

    def decide(at: int) -> None:
        start.wait()
        try:
            (confirm if at % 2 else refuse)(intake, entry.id, f"Người {at}", "")
            ends.append("done")
        except DecisionError as error:
            ends.append(error.code)

    people = [threading.Thread(target=decide, args=(at,)) for at in range(4)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert ends.count("done") == 1
    assert set(ends) <= {"done", "held_confirmed", "held_refused"}
    with reading(intake.engine) as connection:
        decided = held.one_held(connection, entry.id)
        made = runs.recent_runs(connection, entry.source_id, 20)
    assert decided is not None
    confirmed = decided.decision == "confirmed"
    assert standing(intake, key(intake)) == (Fact(1000, 2000) if confirmed else Fact(10, 20))
    assert sum(one.kind == "decision" for one in made) == 1


def test_pages_of_open_entries(open_intake: Any) -> None:
    intake = open_intake()
    codes = ["01", "04", "08", "38"]
    deliver(intake, [row(code, 10, 20) for code in codes])
    deliver(intake, [row(code, 1000, 2000) for code in codes])
    portal = intake.facts["portal"].id
    with reading(intake.engine) as connection:
        first = held.open_held(connection, portal, limit=3)
        rest = held.open_held(connection, portal, limit=3, after=first[-1].id)
        assert held.open_held(connection, portal + 1) == ()
        assert held.count_open(connection, portal) == 4
    assert [one.doubt.place for one in (*first, *rest)] == [f"item {n}" for n in (4, 3, 2, 1)]


def test_a_preview_says_what_a_run_would_do_and_writes_nothing(open_intake: Any) -> None:
    intake = open_intake({**TEN_TIMES, "ranges": {"OPS-02": {"max": 95}}})
    deliver(intake, [row("38", 10, 20), row("31", 10, 20), row("01", 10, 20)])
    before = version(intake)
    given = [
        row("38", 10, 20), row("31", 12, 20), row("01", 1000, 2000), row("99", 1, 2),
        row("04", None, 2), row("08", 96, 100), row("31", 13, 20),
    ]  # fmt: skip
    shown = preview(intake, intake.sources["portal"], batch_of(given))
    assert [(one.place, one.verdict, one.code) for one in shown.rows] == [
        ("item 1", "unchanged", ""),
        ("item 2", "accepted", ""),
        ("item 3", "held", "jump_times"),
        ("item 4", "rejected", "unknown_code"),
        ("item 5", "missing", "blank"),
        ("item 6", "rejected", "out_of_range"),
        ("item 7", "rejected", "twice_in_delivery"),
    ]
    counts = (shown.accepted, shown.unchanged, shown.held, shown.rejected, shown.missing)
    assert counts == (1, 1, 1, 3, 1)
    assert shown.refused is None
    accepted, doubtful = shown.rows[1], shown.rows[2]
    assert (accepted.given, accepted.standing) == ((12, 20, None), (10, 20, None))
    assert (doubtful.given, doubtful.standing) == ((1000, 2000, None), (10, 20, None))
    assert doubtful.unit_id == intake.units.by_key("01").id
    assert doubtful.period is not None
    assert doubtful.period.code == "2025-07"
    assert '"num": 1000' in doubtful.record_text
    assert version(intake) == before
    assert waiting(intake) == ()
    report, *_ = deliver(intake, given)
    assert (report.added, report.held, report.rejected) == (1, 1, 3)


def test_a_preview_tells_that_the_whole_would_be_refused(open_intake: Any) -> None:
    intake = open_intake({"accept": "whole", "min_records": 2})
    source = intake.sources["portal"]
    shown = preview(intake, source, batch_of([row("38", 1, 2), row("99", 1, 2)]))
    assert shown.refused is not None
    assert (shown.refused.code, shown.refused.params) == (
        "whole_refused", {"readings": 1, "rejected": 1},
    )  # fmt: skip
    few = preview(intake, source, batch_of([row("38", 1, 2)]))
    assert few.refused is not None
    assert few.refused.code == "too_few_records"


def test_what_was_known_says_when_a_figure_was_held(open_intake: Any, clock: Clock) -> None:
    intake = open_intake()
    deliver(intake, [row("38", 10, 20)])
    clock.advance(days=1)
    deliver(intake, [row("38", 1000, 2000)])
    (entry,) = waiting(intake)
    clock.advance(days=1)
    refuse(intake, entry.id, "Trần Văn An", "")
    about = [key(intake)]
    days = [datetime(2026, 11, day, 12, tzinfo=UTC) for day in (22, 23, 24)]
    with reading(intake.engine) as connection:
        marked = [bool(held.held_of(connection, about, micros(day))) for day in days]
        assert not held.held_of(connection, about)
    assert marked == [False, True, False]
