"""The address is the question: reading and writing it are inverse, and nonsense is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.target import Status
from ioc.domain.view import DUES, ZONE, View
from ioc.errors import AddressError

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
KEYS = st.text("0123456789abcdefR.", min_size=1, max_size=8)
WHERE = st.builds("{}.{}".format, st.sampled_from(["class", "issuer"]), NAMES | st.just(""))
PAGES = (
    "overview",
    "unit",
    "indicator",
    "source",
    "sources",
    "wall",
    "compare",
    "scene",
    "register",
    "item",
)
DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@st.composite
def views(draw: st.DrawFn) -> View:
    calendar = draw(st.sampled_from(Calendar))
    grains = st.sampled_from(Grain)
    page = draw(st.sampled_from(PAGES))
    return View(
        page=page,
        unit=draw(st.just("vn") | NAMES),
        indicator=draw(NAMES if page == "indicator" else st.none() | NAMES),
        source=draw(NAMES if page == "source" else st.none() | NAMES),
        group=draw(st.none() | NAMES),
        calendar=calendar,
        period=draw(st.none() | st.builds(Period.of, st.just(calendar), grains, DAYS)),
        basis=draw(st.sampled_from(["today", "reported"]) | DAYS.map(date.isoformat)),
        known_at=draw(
            st.none()
            | st.datetimes(
                datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(ZONE) | st.just(UTC)
            )
        ),
        units=tuple(draw(st.lists(KEYS, max_size=4, unique=True))),
        status=draw(st.none() | st.sampled_from(Status)),
        breakdown=draw(st.none() | NAMES),
        against=draw(st.none() | NAMES),
        before=draw(st.none() | st.builds(Period.of, st.just(calendar), grains, DAYS)),
        form=draw(st.none() | NAMES),
        scene=draw(NAMES if page == "scene" else st.none() | NAMES),
        meeting=draw(st.none() | NAMES),
        exercise=draw(st.none() | NAMES),
        delivery=draw(st.none() | NAMES),
        verify=draw(st.none() | NAMES),
        briefing=draw(st.none() | NAMES),
        run=draw(st.none() | st.integers(1, 10**18 - 1)),
        reason=draw(st.none() | NAMES),
        register=draw(NAMES if page == "register" else st.none() | NAMES),
        item=draw(NAMES if page == "item" else st.none() | NAMES),
        state=draw(st.none() | NAMES),
        person=draw(st.none() | NAMES),
        due=draw(st.none() | st.sampled_from(DUES)),
        where=tuple(draw(st.lists(WHERE, max_size=4, unique=True))),
        q=draw(st.none() | NAMES),
        criterion=draw(st.none() | NAMES),
        sheet=draw(st.integers(1, 500)),
        wall=draw(st.booleans()),
        lang=draw(st.sampled_from(["vi", "en"])),
    )


def _read(address: str) -> View:
    parts = urlsplit(address)
    return View.from_address(unquote(parts.path), **dict(parse_qsl(parts.query)))


@given(views())
def test_reading_an_address_gives_the_view_it_was_written_from(view: View) -> None:
    assert _read(view.href()) == view


@given(views(), st.sampled_from(["vi", "en"]))
def test_href_changes_only_what_it_is_told(view: View, lang: str) -> None:
    assert _read(view.href(lang=lang)) == view.but(lang=lang)


@pytest.mark.parametrize(
    ("view", "address"),
    [
        (View(), "/"),
        (View(page="unit", unit="38"), "/unit/38"),
        (View(page="unit"), "/unit/vn"),
        (View(page="unit", unit="38", indicator="OPS-01"), "/unit/38?indicator=OPS-01"),
        (View(page="indicator", indicator="OPS-01"), "/indicator/OPS-01"),
        (View(page="sources"), "/sources"),
        (View(wall=True), "/?wall=1"),
        (View(lang="en", basis="reported"), "/?basis=reported&lang=en"),
        (
            View(
                calendar=Calendar.ADMINISTRATIVE,
                period=Period.month(2025, 7, Calendar("administrative")),
            ),
            "/?calendar=administrative&period=2025-07",
        ),
        (View(unit="30.2025", page="unit"), "/unit/30.2025"),
    ],
)
def test_addresses_are_short_and_readable(view: View, address: str) -> None:
    assert view.href() == address
    assert _read(address) == view


def test_the_period_is_read_in_its_calendar() -> None:
    view = View.from_address("/", period="2025-07", calendar="administrative")
    assert view.period is not None
    assert view.period.start == date(2025, 6, 15)


def test_empty_parts_count_as_not_given() -> None:
    assert View.from_address("/", indicator="", period=None) == View()


def test_a_day_known_at_means_its_end() -> None:
    view = View.from_address("/", known_at="2025-10-22")
    assert view.known_at == datetime(2025, 10, 22, 23, 59, 59, 999_999, tzinfo=ZONE)
    assert _read(view.href()) == view


@pytest.mark.parametrize("text", ["20251022", "2025-W43-3"])
def test_a_day_written_otherwise_means_its_end_too(text: str) -> None:
    view = View.from_address("/", known_at="2025-10-22")
    assert View.from_address("/", known_at=text) == view


def test_a_plus_typed_into_an_address_is_a_plus() -> None:
    view = View.from_address("/", known_at="2025-10-22T17:00:00+07:00")
    assert _read("/?known_at=2025-10-22T17:00:00+07:00") == view


def test_a_subject_said_twice_alike_is_said_once() -> None:
    assert View.from_address("/unit/38", unit="38") == View(page="unit", unit="38")


def test_a_moment_without_zone_is_vietnamese_time() -> None:
    view = View.from_address("/", known_at="2025-10-22T17:00:00")
    assert view.known_at == datetime(2025, 10, 22, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "parts", "part"),
    [
        ("/unit/38/OPS-01", {}, "path"),
        ("/somewhere/38", {}, "path"),
        ("/", {"colour": "red"}, "colour"),
        ("/", {"page": "unit"}, "page"),
        ("/", {"period": "2026-13"}, "period"),
        ("/", {"calendar": "lunar"}, "calendar"),
        ("/", {"basis": "yesterday"}, "basis"),
        ("/", {"basis": "2025-02-30"}, "basis"),
        ("/", {"known_at": "soon"}, "known_at"),
        ("/", {"known_at": "0001-01-01T00:00:00+14:00"}, "known_at"),
        ("/", {"known_at": "0001-01-01"}, "known_at"),
        ("/", {"known_at": "9999-12-31T23:59:59-12:00"}, "known_at"),
        ("/unit/38", {"unit": "31"}, "query"),
        ("/indicator/OPS-01", {"indicator": "OPS-02"}, "query"),
        ("/", {"wall": "yes"}, "wall"),
        ("/", {"lang": "fr"}, "lang"),
    ],
)
def test_a_wrong_address_names_the_part(path: str, parts: dict[str, str], part: str) -> None:
    with pytest.raises(AddressError) as caught:
        View.from_address(path, **parts)
    assert caught.value.params["part"] == part
    assert caught.value.params["allowed"]


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_a_view_or_an_address_error(path: str, text: str) -> None:
    for parts in ({"period": text}, {"known_at": text}, {"basis": text}, {"unit": text}):
        try:
            View.from_address(path, **parts)
        except AddressError:
            continue


def test_hostile_text_in_a_unit_is_quoted() -> None:
    view = View(page="unit", unit='<img src=x onerror="1">/..?&#')
    assert "<" not in view.href()
    assert _read(view.href()) == view
