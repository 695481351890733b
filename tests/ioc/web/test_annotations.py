"""Notes: kept by their author, seen by all once published, never changed; a wall only reads."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dash import html
from sqlalchemy import Engine, select

from ioc.domain.catalogue import Catalogue
from ioc.domain.scope import Scope
from ioc.domain.units import Units
from ioc.domain.view import View
from ioc.store import annotations as store
from ioc.store.engine import reading
from ioc.store.versions import current_version
from ioc.web import annotations as web
from ioc.web.app import create_app
from tests.ioc.queries.house import NOW, House, Said

HOSTILE = '<img src=x onerror=alert(1)> & "{braces}"'


@pytest.fixture(scope="module")
def units() -> Units:
    return Units.load()


@pytest.fixture
def house(engine: Engine, units: Units) -> House:
    made = House(engine, units, Catalogue.load(units=units)).prepare()
    made.tell(Said("38", "OPS-01", "2026-10", 1, 2))
    return made


@pytest.fixture
def app(house: House) -> Any:
    made = create_app(house.desk, pages={}, callbacks={}, shell=lambda content, view: content)
    made.server.config["WTF_CSRF_ENABLED"] = False
    return made.server


def person(app: Any, name: str) -> Any:
    """A browser of its own, whose owner gave a name."""
    client = app.test_client()
    client.get("/viewer")
    assert client.post("/viewer", json={"name": name}).status_code == 200
    return client


def write(client: Any, words: str = "Số tạm tính", **more: str) -> Any:
    about = {"unit": "38", "indicator": "OPS-01", "period": "2026-10", "words": words}
    return client.post("/notes", json={**about, **more})


def mine(client: Any) -> list[str]:
    given = client.get("/notes/mine?unit=38&indicator=OPS-01").get_json()
    return [one["words"] for one in given["notes"]]


def public(house: House, **at: str) -> list[str]:
    return [one.words for one in house.unit("38", indicator="OPS-01", **at).notes]


def test_a_draft_is_seen_by_its_author_alone_until_published(house: House, app: Any) -> None:
    lan, minh = person(app, "Lan"), person(app, "Minh")
    before = current_version(house.engine)
    note_id = write(lan).get_json()["id"]
    assert (mine(lan), mine(minh), public(house)) == (["Số tạm tính"], [], [])
    assert current_version(house.engine) == before
    assert minh.post(f"/notes/{note_id}/publish").status_code == 404
    assert lan.post(f"/notes/{note_id}/publish").status_code == 200
    assert (mine(lan), public(house)) == ([], ["Số tạm tính"])
    assert current_version(house.engine) == before + 1
    note = house.unit("38", indicator="OPS-01").notes[0]
    assert (note.author, note.number, note.code) == ("Lan", 1, "OPS-01")
    assert note.period is not None
    assert note.period.code == "2026-10"


def test_withdrawn_notes_stay_in_the_store_and_in_the_past(house: House, app: Any) -> None:
    lan, minh = person(app, "Lan"), person(app, "Minh")
    note_id = write(lan).get_json()["id"]
    assert minh.post(f"/notes/{note_id}/withdraw").status_code == 404
    lan.post(f"/notes/{note_id}/publish")
    published = house.unit("38", indicator="OPS-01").notes[0].published_at
    house.now = NOW + timedelta(hours=1)
    early = (published - timedelta(microseconds=1)).isoformat()
    assert public(house, known_at=early) == []
    assert public(house, known_at=published.isoformat()) == ["Số tạm tính"]
    assert minh.post(f"/notes/{note_id}/withdraw").status_code == 200
    assert public(house) == []
    assert public(house, known_at=published.isoformat()) == ["Số tạm tính"]
    assert minh.post(f"/notes/{note_id}/withdraw").status_code == 404
    with reading(house.engine) as connection:
        kept = store.note(connection, note_id)
    assert kept is not None
    assert (kept.words, kept.withdrawn_by) == ("Số tạm tính", "Minh")
    assert kept.withdrawn_at is not None


@pytest.mark.parametrize(
    ("words", "status"),
    [("", 400), ("   ", 400), ("a" * 500, 200), ("a" * 501, 400), ("zero\u200bwidth", 400),
     ("bi\u202edi", 400), (HOSTILE, 200)],
)  # fmt: skip
def test_words_are_checked_and_kept_as_they_are(app: Any, words: str, status: int) -> None:
    lan = person(app, "Lan")
    assert write(lan, words).status_code == status
    assert mine(lan) == ([words] if status == 200 else [])


def test_who_writes_gives_a_name(app: Any) -> None:
    client = app.test_client()
    answer = write(client)
    assert answer.status_code == 400
    assert "tên" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "more",
    [{"unit": "99"}, {"indicator": "OPS-99"}, {"period": "2026-99"}],
)
def test_a_note_is_about_a_figure_that_exists(app: Any, more: dict[str, str]) -> None:
    assert write(person(app, "Lan"), **more).status_code == 404


def test_a_unit_outside_the_scope_reads_like_none(
    house: House, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lan = person(app, "Lan")
    note_id = write(lan).get_json()["id"]
    narrow = Scope.of(house.units.by_key("01").id)
    monkeypatch.setattr(web, "scope_of", lambda _: narrow)
    assert write(lan).status_code == 404
    assert lan.get("/notes/mine?unit=38&indicator=OPS-01").status_code == 404
    assert lan.post(f"/notes/{note_id}/publish").status_code == 404


def test_a_wall_only_reads(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lan = person(app, "Lan")
    note_id = write(lan).get_json()["id"]
    monkeypatch.setattr(web, "may_write", lambda _: False)
    assert write(lan).status_code == 403
    assert lan.post(f"/notes/{note_id}/publish").status_code == 403
    assert lan.get("/notes/mine?unit=38&indicator=OPS-01").get_json()["may_write"] is False


def test_without_the_token_nothing_is_written(house: House) -> None:
    made = create_app(house.desk, pages={}, callbacks={}, shell=lambda content, view: html.P())
    client = made.server.test_client()
    assert write(client).status_code == 400
    with reading(house.engine) as connection:
        assert connection.execute(select(store.annotation)).all() == []


def test_the_indicator_page_carries_the_notes_of_the_units_drawn(house: House, app: Any) -> None:
    lan = person(app, "Lan")
    for unit, period in (("38", "2026-10"), ("local", "2026-09"), ("01", "")):
        note_id = write(lan, f"về {unit}", unit=unit, period=period).get_json()["id"]
        lan.post(f"/notes/{note_id}/publish")
    notes = house.indicator("OPS-01", unit="local").notes
    assert [(one.number, one.words) for one in notes] == [
        (1, "về local"), (2, "về 38"), (3, "về 01"),
    ]  # fmt: skip
    narrow = Scope.of(house.units.by_key("38").id)
    assert [one.words for one in house.unit("38", narrow, indicator="OPS-01").notes] == ["về 38"]


def test_notes_are_drawn_as_text_and_as_marks(house: House, app: Any, tmp_path: Path) -> None:
    from layouts.pages import unit as page

    lan = person(app, "Lan")
    note_id = write(lan, HOSTILE).get_json()["id"]
    lan.post(f"/notes/{note_id}/publish")
    view = View.from_address("/unit/38", indicator="OPS-01")
    from ioc.queries.unit_page import unit_page
    from layouts import notes

    answer = unit_page(house.desk, view, Scope.all())
    marks = notes.marks(answer.notes, answer.series, view)
    assert [one["text"] for one in marks] == ["1"]
    assert "<img" not in marks[0]["hovertext"]
    drawn = str(page.render(answer, view))
    assert "Ghi chú 1, Lan" in drawn
    assert notes.short(answer.notes, view) is not None
    assert notes.marks((), answer.series, view) == []
