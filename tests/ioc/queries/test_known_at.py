"""As known at a moment: the same answers as a store that had learned nothing since."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ioc.domain.view import View
from ioc.queries.answers import Cell
from tests.ioc.queries.house import BEGIN, House, Said, about

FEW = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
told = st.builds(
    Said,
    unit=st.sampled_from(["01", "00004", "38", "30.2025", "31.2025", "31", "moha", "vn"]),
    code=st.sampled_from(["OPS-01", "OPS-06"]),
    period=st.sampled_from(["2024-03", "2025-05", "2026-09", "2026-10"]),
    num=st.integers(0, 9),
    den=st.integers(0, 9),
    cite=st.sampled_from([None, "Báo cáo số 1"]),
)
runs = st.lists(
    st.tuples(st.sampled_from(["demo", "real"]), st.lists(told, min_size=1, max_size=5)),
    min_size=1,
    max_size=4,
)


def settle(one: Said) -> Said:
    """A count has no denominator."""
    return replace(one, den=None) if one.code == "OPS-06" else one


QUESTIONS: tuple[Callable[..., Any], ...] = (
    lambda house, **at: house.overview(unit="local", **at),
    lambda house, **at: house.overview(unit="R2", period="2025-Q2", **at),
    lambda house, **at: house.overview(basis="reported", period="2025-05", **at),
    lambda house, **at: house.unit("31", indicator="OPS-01", **at),
    lambda house, **at: house.unit("01", indicator="OPS-06", **at),
    lambda house, **at: house.indicator("OPS-01", **at),
)


def plain(answer: Any) -> Any:
    """The answer without what it says of the view, of freshness and of what was learned later."""
    if isinstance(answer, Cell):
        return replace(answer, checked=None, stale=False, failing=False, revised=None)
    if isinstance(answer, tuple | list):
        return [plain(one) for one in answer]
    if isinstance(answer, dict):
        return {key: plain(one) for key, one in answer.items()}
    if hasattr(answer, "__dataclass_fields__"):
        skipped = {"stamp", "view", "applied", "checked", "stale", "failing", "progress"}
        names = [one for one in answer.__dataclass_fields__ if one not in skipped]
        return {name: plain(getattr(answer, name)) for name in names}
    return answer


def feed(house: House, given_runs: Sequence[tuple[str, list[Said]]]) -> list[datetime]:
    house.prepare()
    house.clock = BEGIN
    return [house.tell(*map(settle, said), source=source) for source, said in given_runs]


@FEW
@given(given_runs=runs)
def test_every_past_state_is_answered_as_it_was(
    house: House, given_runs: list[tuple[str, list[Said]]]
) -> None:
    moments = feed(house, given_runs)
    asked = [
        [plain(question(house, known_at=moment.isoformat())) for question in QUESTIONS]
        for moment in moments
    ]
    for count, moment in enumerate(moments, 1):
        feed(house, given_runs[:count])
        house.now = moment
        fresh = [plain(question(house)) for question in QUESTIONS]
        house.now = moment + timedelta(days=1)
        assert asked[count - 1] == fresh


def test_a_correction_is_not_known_before_it_came(house: House) -> None:
    before = house.clock
    first = house.tell(Said("38", "OPS-01", "2026-10", 1, 2))
    second = house.tell(Said("38", "OPS-01", "2026-10", 3, 4))
    values = []
    versions = []
    for moment in (before, first, second):
        page = house.unit("38", indicator="OPS-01", known_at=moment.isoformat())
        values.append(about(page.cells, "OPS-01").figure.value)
        versions.append(page.stamp.data_version)
        assert page.stamp.known_at == moment
    assert [None if value is None else float(value) for value in values] == [None, 0.5, 0.75]
    now = house.unit("38").stamp
    assert versions[0] == 0
    assert versions[2] == now.data_version
    assert versions[1] == versions[2] - 1
    assert now.known_at is None


def test_lateness_is_judged_on_the_day_asked_about(house: House) -> None:
    house.tell(Said("38", "OPS-01", "2026-09", 1, 2))
    early = View.from_address("/unit/01", known_at="2026-11-04").known_at
    assert early is not None
    shown = house.unit("01", period="2026-10", known_at=early.isoformat())
    assert about(shown.cells, "OPS-01").figure.empty == "missing"
    assert about(house.unit("01", period="2026-10").cells, "OPS-01").figure.empty == "late"


def test_figures_of_long_ago_are_found_at_a_past_moment_too(house: House) -> None:
    moment = house.tell(Said("38", "OPS-01", "2023-02", 1, 2))
    house.tell(Said("38", "OPS-06", "2026-10", 4))
    page = house.unit("38", known_at=moment.isoformat())
    cell = about(page.cells, "OPS-01")
    assert cell.period is not None
    assert (cell.period.code, float(cell.figure.value or 0)) == ("2023-02", 0.5)
    assert about(page.cells, "OPS-06").figure.value is None


def test_a_citation_withdrawn_is_not_shown_at_a_later_past_moment(house: House) -> None:
    first = house.tell(Said("38", "OPS-01", "2026-10", 1, 2, cite="Báo"), source="real")
    second = house.tell(Said("38", "OPS-01", "2026-10", 3, 4), source="real")
    assert len(house.unit("38", known_at=first.isoformat()).published) == 1
    assert house.unit("38", known_at=second.isoformat()).published == ()
    assert house.unit("38").published == ()
