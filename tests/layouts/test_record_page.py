"""The record page draws in every case: versions, sums, differences, nothing; and what changed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from plotly.utils import PlotlyJSONEncoder
from sqlalchemy import Engine

from ioc.domain.catalogue import Catalogue
from ioc.domain.scope import Scope
from ioc.domain.units import Units
from ioc.domain.view import View
from ioc.domain.yaml_file import read_mapping
from ioc.queries.record import record
from ioc.queries.record_answers import Excerpt, RawFile
from layouts.pages import record as page
from layouts.pages import unit as unit_page
from layouts.record_links import cell_href, record_href, record_mark
from tests.ioc.queries.house import House, Said

HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def units() -> Units:
    return Units.load()


@pytest.fixture
def house(engine: Engine, units: Units) -> House:
    return House(engine, units, Catalogue.load(units=units)).prepare()


def drawn(house: House, lang: str = "vi", changed: Any = None, **parts: str) -> str:
    view = View.from_address("/record", lang=lang, **parts)
    answer = record(house.desk, view, Scope.all())
    answer = changed(answer) if changed else answer
    assert page.title(answer, view)
    return json.dumps(page.render(answer, view), cls=PlotlyJSONEncoder, ensure_ascii=False)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_case_draws(house: House, lang: str) -> None:
    house.tell(
        Said("01", "OPS-01", "2026-10", 10, 20),
        Said("38", "OPS-01", "2026-10", 1, 2),
        Said("79", "OPS-01", "2026-10", val=500_000),
        Said("48", "OPS-01", "2026-10", state=2),
        Said("30.2025", "OPS-01", "2025-05", 1, 2),
    )
    house.tell(Said("38", "OPS-01", "2026-10", 2, 3, bound=1))
    house.tell(Said("38", "OPS-01", "2026-10", state=1))
    house.tell(Said("38", "OPS-01", "2026-10", 2, 3))
    house.tell(Said("38", "OPS-01", "2026-10", 5, 6, cite="Báo"), source="real")
    house.tell(Said("local", "OPS-01", "2026-10", 15, 30), source="real")
    house.tell(Said("gov", "OPS-01", "2026-10", val=300_000), source="real")
    house.tell(Said("38", "OPS-06", "2026-10", 4))
    for unit, code, period in (
        ("38", "OPS-01", "2026-10"),
        ("38", "OPS-06", "2026-10"),
        ("38", "OPS-01", "2026-Q4"),
        ("31", "OPS-01", "2025-05"),
        ("local", "OPS-01", "2026-10"),
        ("gov", "OPS-01", "2026-10"),
        ("vn", "OPS-01", "2026-10"),
        ("R2", "OPS-01", "2026-10"),
        ("moha", "OPS-11", ""),
        ("14725", "OPS-01", "2026-10"),
    ):
        asked = {"period": period} if period else {}
        assert "record" in drawn(house, lang, unit=unit, indicator=code, **asked)


def test_a_raw_record_is_text_and_a_file_is_a_download(house: House) -> None:
    house.tell(Said("38", "OPS-01", "2026-10", 1, 2))

    def raw(answer: Any) -> Any:
        good = RawFile(0, HOSTILE, "a" * 64, "application/json", 12, True)
        bad = replace(good, seq=1, sha256="b" * 64, intact=False)
        return replace(
            answer,
            files=(good, bad, replace(good, seq=2, intact=None)),
            file_count=9,
            raw="found",
            excerpt=Excerpt(0, "dòng 1", HOSTILE),
        )

    text = drawn(house, changed=raw, unit="38", indicator="OPS-01")
    assert '"download": ""' in text
    assert f"/payload/{'a' * 64}?run=" in text
    assert "✓ khớp" in text
    assert "✗ không khớp" in text
    assert "dangerously_allow_html" not in text
    narrow = drawn(
        house, changed=lambda one: replace(raw(one), may_open=False), unit="38", indicator="OPS-01"
    )
    assert "/payload/" not in narrow


def test_each_reason_for_no_record_has_a_sentence() -> None:
    folder = Path(page.__file__).parents[2] / "ioc" / "messages"
    for lang in ("vi", "en"):
        known = read_mapping(folder / lang / "record.yaml")
        for reason in ("unread", "no_source", "changed", "cannot", "too_large", "not_found"):
            assert f"raw_{reason}" in known
        for why in ("only", "rank", "newest", "replaced", "outranked", "older"):
            assert f"why_{why}" in known
        for outcome in ("ok", "unchanged", "partial", "failed", "running", "abandoned", "missed"):
            assert f"outcome_{outcome}" in known


def test_links_keep_the_moment_and_read_back(house: House) -> None:
    moment = house.tell(Said("38", "OPS-01", "2026-10", 1, 2))
    view = View.from_address("/unit/38", known_at=moment.isoformat(), lang="en", units="01,38")
    shown = house.unit("38", known_at=moment.isoformat())
    cell = next(one for one in shown.cells if one.indicator.code == "OPS-01")
    href = cell_href(view, cell)
    from ioc.web.router import read_address

    back = read_address(href)
    assert (back.page, back.unit, back.indicator) == ("record", "38", "OPS-01")
    assert back.period == cell.period
    assert (back.known_at, back.lang, back.units) == (moment, "en", ())
    assert record_mark(view.but(wall=True), cell) is None
    assert record_mark(view, replace(cell, period=None)) is None
    assert "breakdown=a.b" in record_href(view, "38", "OPS-01", cell.period, "a.b")


def test_what_changed_is_marked_and_listed(house: House) -> None:
    first = house.tell(
        Said("38", "OPS-01", "2026-10", 1, 2), Said("14725", "OPS-01", "2026-10", 1, 3)
    )
    house.tell(Said("38", "OPS-01", "2026-10", 100_001, 200_003))
    view = View.from_address("/unit/38", indicator="OPS-01", known_at=first.isoformat())
    answer = house.unit("38", indicator="OPS-01", known_at=first.isoformat())
    text = json.dumps(unit_page.render(answer, view), cls=PlotlyJSONEncoder, ensure_ascii=False)
    assert "1 số liệu đã khác từ thời điểm này" in text
    assert "is-revised" in text
    # 50,00% then and now: told apart by what was counted.
    assert "100.001/200.003" in text
    plain = house.unit("38", indicator="OPS-01")
    now = View.from_address("/unit/38", indicator="OPS-01")
    text = json.dumps(unit_page.render(plain, now), cls=PlotlyJSONEncoder, ensure_ascii=False)
    assert "is-revised" not in text
    assert '"altered"' not in text
