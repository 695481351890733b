"""The page "Submit figures" in its states, drawn without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest
from dash.development.base_component import Component

from ioc.domain.period import Period
from ioc.domain.view import View
from ioc.queries.answers import Stamp, UnitRef
from ioc.store.deliveries import Counts, Delivery
from ioc.web.submit_answers import Checked, DueRow, FormRef, Opened, Sent, SubmitPage
from layouts.pages.submit import render, title

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
UNIT = UnitRef(1038, "38", "Tỉnh Thanh Hóa", "Thanh Hóa", "province")
PERIODS = (Period.parse("2026-10"), Period.parse("2026-09"))
HOSTILE = "<img src=x onerror=alert(1)>" * 8
SENT = Delivery(
    "token", 1, 1038, "2026-10", HOSTILE, "x", "0" * 64, HOSTILE, HOSTILE, NOW, "127.0.0.1",
    "checked", Counts(1, 2, 3, 4, 5), None, "", None,
)  # fmt: skip
EMPTY = SubmitPage(Stamp(1, NOW, None, False), ())
PAGE = replace(
    EMPTY,
    forms=(FormRef("a", "Biểu A", "", True), FormRef("b", "Biểu B", "", False)),
    form=FormRef("a", "Biểu A", "Một câu.", True),
    units=(UNIT,),
    periods=PERIODS,
    period=PERIODS[0],
    due_days=(date(2026, 11, 10), date(2026, 10, 10)),
    due=(DueRow(UNIT, ("late", "sent_late"), (None, NOW)),),
)


def text(page: Component) -> str:
    def plain(value: Any) -> Any:
        return value.to_plotly_json()

    return orjson.dumps(page, default=plain).decode()


def opened(state: str = "checked", **changes: Any) -> SubmitPage:
    given: dict[str, Any] = {
        "sent": Sent(replace(SENT, state=state), state, UNIT, PERIODS[0], "a"),
        "counts": SENT.counts,
        "rows": (Checked("rejected", 9, "Tử số", unit_given=HOSTILE, code="unknown_code"),),
        "row_count": 900,
        "verdict": None,
        "seen": "abc",
        "until": NOW,
    }
    return replace(PAGE, unit=UNIT, opened=Opened(**{**given, **changes}))


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    "answer",
    [EMPTY, PAGE, replace(PAGE, unit=UNIT), replace(PAGE, due=()), opened(), opened("expired")],
)
def test_every_state_is_drawn_in_both_languages(answer: SubmitPage, lang: str) -> None:
    view = View(page="submit", lang=lang)
    assert title(answer, view)
    assert "submit." not in text(render(answer, view)).replace("is-submit", "")


def test_without_a_form_it_says_what_to_do() -> None:
    said = text(render(EMPTY, View(page="submit")))
    assert "Chưa có biểu mẫu nào" in said
    assert "submit-form" not in said


def test_a_wall_has_nothing_to_send() -> None:
    said = text(render(PAGE, View(page="submit", wall=True)))
    assert "Màn hình chỉ để xem" in said
    assert "dropdown" not in said.lower()


def test_a_unit_comes_before_its_file() -> None:
    assert "Chọn đơn vị ở trên" in text(render(PAGE, View(page="submit")))
    assert "submit-form" in text(render(replace(PAGE, unit=UNIT), View(page="submit")))


@pytest.mark.parametrize(
    ("answer", "confirm", "withdraw"),
    [
        (opened(), True, True),
        (opened(counts=Counts(0, 2, 3, 0, 5)), False, True),
        (opened(counts=Counts(0, 0, 0, 1, 0)), True, True),
        (opened(wrong="Không đọc được"), False, False),
        (opened("confirming"), False, False),
        (opened("confirmed"), False, False),
        (opened("withdrawn"), False, False),
        (opened("expired"), False, False),
    ],
)
def test_what_can_be_done_depends_on_the_state(
    answer: SubmitPage, confirm: bool, withdraw: bool
) -> None:
    said = text(render(answer, View(page="submit", delivery="token")))
    assert ("/token/confirm" in said) is confirm
    assert ("/token/withdraw" in said) is withdraw
    assert "/token/file" in said


def test_a_long_list_says_that_it_goes_on() -> None:
    said = text(render(opened(), View(page="submit", delivery="token")))
    assert "1 trong 900 dòng" in said
    assert "dòng 9, cột Tử số" in said
