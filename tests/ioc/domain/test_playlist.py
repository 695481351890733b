"""Playlists: what is shown when, which scenes come first, and how a wrong file is told of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as some

from ioc.domain.playlist import Alarms, Begun, Playlist, Scene, Weekday, own_view, showing
from ioc.domain.playlist_file import read_playlist, read_shelf
from ioc.domain.view import ZONE
from ioc.errors import AddressError, PlaylistError

TITLE = {"vi": "Danh sách", "en": "List"}
MONDAY = datetime(2026, 11, 23, tzinfo=ZONE)


def playlist(*scenes: dict[str, Any], alarm: tuple[dict[str, Any], ...] = ()) -> Playlist:
    given = {"name": "one", "title": TITLE, "scenes": scenes, "alarm": alarm}
    return Playlist.model_validate(given)


def scene(**parts: Any) -> Scene:
    return Scene.model_validate({"address": "/?wall=1", **parts})


MOMENTS = some.datetimes(
    min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1), timezones=some.just(UTC)
)
CLOCKS = some.tuples(some.integers(0, 23), some.integers(0, 59))


@given(MOMENTS, CLOCKS, CLOCKS)
def test_hours_hold_on_the_vietnamese_clock_also_over_midnight(
    moment: datetime, first: tuple[int, int], last: tuple[int, int]
) -> None:
    if first == last:
        return
    one = scene(hours=f"{first[0]:02}:{first[1]:02}-{last[0]:02}:{last[1]:02}")
    local = moment + timedelta(hours=7)
    now = (local.hour, local.minute)
    within = first <= now < last if first < last else now >= first or now < last
    assert one.runs(moment) is within


@given(MOMENTS, CLOCKS, CLOCKS, some.sets(some.sampled_from(Weekday), min_size=1))
def test_hours_belong_to_the_day_on_which_they_begin(
    moment: datetime, first: tuple[int, int], last: tuple[int, int], days: set[Weekday]
) -> None:
    if first == last:
        return
    hours = f"{first[0]:02}:{first[1]:02}-{last[0]:02}:{last[1]:02}"
    one = scene(hours=hours, days=sorted(days))
    local = moment + timedelta(hours=7)
    begun = local - timedelta(days=1) if first > last > (local.hour, local.minute) else local
    expected = scene(hours=hours).runs(moment) and tuple(Weekday)[begun.weekday()] in days
    assert one.runs(moment) is expected


@given(MOMENTS, some.integers(0, 50), some.integers(0, 3))
def test_alarm_scenes_come_first_and_all_others_stay(
    moment: datetime, red: int, failing: int
) -> None:
    one = playlist(
        {"address": "/?wall=1"},
        alarm=(
            {"address": "/unit/38?wall=1", "when": {"red_over": 10}},
            {"address": "/sources?wall=1", "when": {"source_failing": True}},
        ),
    )
    shown = showing(one, moment, Begun().called(one, moment, Alarms(red, failing)))
    wanted = ["/unit/38?wall=1"] * (red > 10) + ["/sources?wall=1"] * (failing > 0)
    assert [one.address for one in shown] == [*wanted, "/?wall=1"]


def turns(when: dict[str, Any], counts: list[int], *, every: timedelta) -> list[tuple[int, bool]]:
    """At which looks the alarm scene came and went, as the figures at risk were counted."""
    one = playlist({"address": "/?wall=1"}, alarm=({"address": "/unit/38?wall=1", "when": when},))
    begun, found = Begun(), [(-1, False)]
    for at, red in enumerate(counts):
        moment = MONDAY + at * every
        raised = bool(begun.called(one, moment, Alarms(red=red)))
        if raised is not found[-1][1]:
            found.append((at, raised))
    return found[1:]


def test_a_count_that_swings_about_its_limit_calls_once_and_ends_once() -> None:
    swings = [300, *([301, 300] * 60), *([300] * 60)]
    # Looked at every 30 s: the last 301 is number 119, and ten minutes are twenty looks.
    assert turns({"red_over": 300}, swings, every=timedelta(seconds=30)) == [
        (1, True),
        (139, False),
    ]
    without = turns({"red_over": 300, "hold": 0}, swings, every=timedelta(seconds=30))
    assert len(without) == 120


def test_an_alarm_with_a_lower_limit_ends_below_it_only() -> None:
    when = {"red_over": 300, "red_until": 280, "hold": 1}
    counts = [290, 301, *([290] * 50), 281, 280, 280, 290, 300, 301]
    minute = timedelta(minutes=1)
    assert turns(when, counts, every=minute) == [(1, True), (53, False), (57, True)]


def test_the_alarms_of_two_playlists_are_kept_apart() -> None:
    begun = Begun()
    parts = {"address": "/unit/38?wall=1", "when": {"source_failing": True}}
    one = playlist({"address": "/?wall=1"}, alarm=(parts,))
    two = one.model_copy(update={"name": "two"})
    assert begun.called(one, MONDAY, Alarms(failing=1))
    assert not begun.called(two, MONDAY, Alarms())
    assert begun.called(one, MONDAY + timedelta(minutes=9), Alarms())


def test_midnight_and_the_end_of_the_day() -> None:
    night = scene(hours="22:00-06:00", days=["fri"])
    saturday = MONDAY + timedelta(days=5)
    assert night.runs(saturday + timedelta(hours=5, minutes=59))
    assert not night.runs(saturday + timedelta(hours=6))
    assert not night.runs(saturday + timedelta(hours=23))
    evening = scene(hours="18:00-24:00")
    assert evening.runs(MONDAY - timedelta(seconds=1))
    assert not evening.runs(MONDAY)


def test_nothing_may_be_due() -> None:
    assert showing(playlist({"address": "/?wall=1", "days": ["tue"]}), MONDAY) == ()


def test_the_packaged_playlists_are_right_and_their_addresses_are_walls(tmp_path: Path) -> None:
    shelf = read_shelf(tmp_path)
    assert shelf.wrong == ()
    assert "default" in shelf.playlists
    for one in shelf.playlists.values():
        for each in (*one.scenes, *one.alarm):
            assert own_view(each.address).wall


def test_the_examples_are_right() -> None:
    shelf = read_shelf(Path(__file__).parents[3] / "examples")
    assert shelf.wrong == ()
    assert len(shelf.playlists) > 1


def test_the_home_s_files_replace_packaged_ones_and_a_wrong_one_does_not(tmp_path: Path) -> None:
    folder = tmp_path / "playlists"
    folder.mkdir()
    own = {"title": TITLE, "scenes": [{"address": "/unit/38?wall=1"}]}
    (folder / "default.yaml").write_text(yaml.safe_dump(own), encoding="utf-8")
    assert [one.address for one in read_shelf(tmp_path).get("gone").scenes] == ["/unit/38?wall=1"]
    (folder / "default.yaml").write_text("title: x", encoding="utf-8")
    shelf = read_shelf(tmp_path)
    assert len(shelf.get("default").scenes) > 1
    assert "playlists/default.yaml: title: given 'x', allowed: the fields vi, en" in str(
        shelf.wrong[0]
    )


WRONG = [
    ({"address": "https://example.org/?wall=1"}, "scenes[1].address"),
    ({"address": "//example.org/?wall=1"}, "scenes[1].address"),
    ({"address": "/unit/38"}, "scenes[1].address"),
    ({"address": "/wall?wall=1"}, "scenes[1].address"),
    ({"address": "/?wall=1&wall=1"}, "scenes[1].address"),
    ({"address": "/?wall=1#x"}, "scenes[1].address"),
    ({"address": "/?wall=1&nonsense=2"}, "scenes[1].address"),
    ({"address": "/?wall=1", "seconds": 4}, "scenes[1].seconds"),
    ({"address": "/?wall=1", "seconds": "30"}, "scenes[1].seconds"),
    ({"address": "/?wall=1", "hours": "7-18"}, "scenes[1].hours"),
    ({"address": "/?wall=1", "hours": "07:00-24:30"}, "scenes[1].hours"),
    ({"address": "/?wall=1", "hours": "07:00-07:00"}, "scenes[1].hours"),
    ({"address": "/?wall=1", "days": ["monday"]}, "scenes[1].days[1]"),
    ({"address": "/?wall=1", "colour": "red"}, "scenes[1].colour"),
    ({"seconds": 30}, "scenes[1].address"),
]


@pytest.mark.parametrize(("given", "field"), WRONG)
def test_a_wrong_scene_is_told_with_file_field_and_what_is_allowed(
    tmp_path: Path, given: dict[str, Any], field: str
) -> None:
    file = tmp_path / "hall.yaml"
    file.write_text(yaml.safe_dump({"title": TITLE, "scenes": [given]}), encoding="utf-8")
    with pytest.raises(PlaylistError) as raised:
        read_playlist(file)
    assert raised.value.params["file"] == f"{tmp_path.name}/hall.yaml"
    assert raised.value.params["field"] == field
    assert len(str(raised.value.params["allowed"])) > 8


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"title": TITLE, "scenes": []}, "scenes"),
        ({"title": TITLE}, "scenes"),
        ({"title": TITLE, "scenes": [{"address": "/?wall=1"}], "name": "other"}, "name"),
        ({"title": TITLE, "scenes": [{"address": "/?wall=1"}], "more": 1}, "more"),
        (
            {
                "title": TITLE,
                "scenes": [{"address": "/?wall=1"}],
                "alarm": [{"address": "/?wall=1", "when": {"red_over": -1}}],
            },
            "alarm[1].when.red_over",
        ),
        (
            {
                "title": TITLE,
                "scenes": [{"address": "/?wall=1"}],
                "alarm": [{"address": "/?wall=1"}],
            },
            "alarm[1].when",
        ),
    ],
)
def test_a_wrong_playlist_is_told(tmp_path: Path, content: dict[str, Any], field: str) -> None:
    file = tmp_path / "hall.yaml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(PlaylistError) as raised:
        read_playlist(file)
    assert raised.value.params["field"] == field


def test_an_address_of_another_host_is_none_of_ours() -> None:
    for address in ("//evil.example/", "http://evil.example/", "\\\\evil", "/\\evil", "unit/38"):
        with pytest.raises(AddressError):
            own_view(address)
