"""Points are kept as records: only what changed is written, and any moment can be asked for."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, func, select

from ioc.store.engine import reading, writing
from ioc.store.features import Kept, Placed, as_known, feature, keep


def put(key: str, lon: int = 1053480800, unit_id: int | None = 1008, body: str = "{}") -> Placed:
    return Placed(key, lon, 226292400, unit_id, body)


def take(engine: Engine, at: int, points: list[Placed], **more: object) -> Kept:
    with writing(engine) as connection:
        return keep(connection, 1, at, at, points, **more)  # type: ignore[arg-type]


def known(engine: Engine, at: int | None = None, **more: object) -> list[str]:
    with reading(engine) as connection:
        found = as_known(connection, [1], known_at=at, **more)  # type: ignore[arg-type]
    return [one.point.key for one in found]


def rows(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(feature)) or 0


def test_only_what_changed_is_written(engine: Engine) -> None:
    first = [put("A"), put("B")]
    assert take(engine, 10, first, whole=True) == Kept(2, 0, 0)
    assert not take(engine, 20, first, whole=True).moved
    assert rows(engine) == 2
    assert take(engine, 30, [put("A"), put("B", lon=1)], whole=True) == Kept(0, 1, 0)
    assert rows(engine) == 3


def test_a_point_is_gone_only_after_a_whole_delivery(engine: Engine) -> None:
    take(engine, 10, [put("A"), put("B"), put("C")], whole=True)
    assert take(engine, 20, [put("A")]) == Kept()
    done = take(engine, 30, [put("A")], whole=True, still=frozenset({"C"}))
    assert done == Kept(0, 0, 1)
    assert known(engine) == ["A", "C"]
    assert known(engine, 29) == ["A", "B", "C"]
    assert take(engine, 40, [put("A"), put("B")]) == Kept(1, 0, 0), "it came back"
    assert known(engine) == ["A", "B", "C"]
    assert known(engine, 35) == ["A", "C"]
    assert known(engine, 9) == []


def test_a_point_counts_for_the_unit_it_had_then(engine: Engine) -> None:
    take(engine, 10, [put("A", unit_id=1008), put("B", unit_id=None)])
    take(engine, 20, [put("A", unit_id=1012)])
    assert known(engine, 15, unit_ids=[1008]) == ["A"]
    assert known(engine, None, unit_ids=[1008]) == []
    assert known(engine, None, unit_ids=[1012]) == ["A"]


def test_a_long_answer_goes_on_where_it_was_cut(engine: Engine) -> None:
    take(engine, 10, [put(f"{at:03}") for at in range(7)])
    first = known(engine, limit=3)
    assert first == ["000", "001", "002"]
    assert known(engine, limit=9, after=(1, first[-1])) == ["003", "004", "005", "006"]


def test_sources_do_not_touch_each_others_points(engine: Engine) -> None:
    take(engine, 10, [put("A")], whole=True)
    with writing(engine) as connection:
        keep(connection, 2, 20, 20, [put("X")], whole=True)
    assert known(engine) == ["A"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    deliveries=st.lists(
        st.tuples(
            st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 2), max_size=4), st.booleans()
        ),
        min_size=1,
        max_size=6,
    )
)
def test_any_row_of_deliveries_can_be_asked_for_again(
    engine: Engine, deliveries: list[tuple[dict[str, int], bool]]
) -> None:
    with writing(engine) as connection:
        connection.execute(delete(feature))
    expected: dict[str, int] = {}
    history: list[dict[str, int]] = []
    for number, (points, whole) in enumerate(deliveries, 1):
        given = [put(key, lon=lon) for key, lon in points.items()]
        take(engine, number, given, whole=whole)
        before = rows(engine)
        take(engine, number + 1000, given, whole=whole)
        assert rows(engine) == before, "the same again writes nothing"
        expected = dict(points) if whole else {**expected, **points}
        history.append(expected)
    with reading(engine) as connection:
        for number, state in enumerate(history, 1):
            found = as_known(connection, [1], known_at=number)
            assert {one.point.key: one.point.lon for one in found} == state
