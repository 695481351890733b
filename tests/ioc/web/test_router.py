"""From addresses to pages: reading, statuses, and the memory of pages drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dash import html
from hypothesis import given
from hypothesis import strategies as st
from support.portal import grow, pages, small_desk

from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.queries.desk import Desk
from ioc.web.page import Page
from ioc.web.router import Router, plain_view, read_address, without

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = replace(small_desk(tmp_path), now=lambda: NOON)
    yield made
    made.engine.dispose()


def texts(root: Any) -> Iterator[str]:
    """All texts of a tree of components."""
    if isinstance(root, str):
        yield root
    for one in root if isinstance(root, list) else [getattr(root, "children", None)]:
        if one is not None:
            yield from texts(one)


def bare(content: Any, view: View) -> Any:
    """No shell."""
    return content


class Counting:
    """A page that counts how often it is loaded."""

    def __init__(self) -> None:
        self.loads = 0
        self.page = Page("overview", lambda a, v: "t", self.load, lambda a, v: html.P(a))

    def load(self, desk: Desk, view: View, scope: Scope) -> Any:
        self.loads += 1
        return f"{view.unit} for {scope.key}"


def test_the_same_question_is_drawn_once(desk: Desk) -> None:
    counting = Counting()
    router = Router(desk, {"overview": counting.page}, bare)
    first = router.show("/?unit=38", Scope.all())
    again = router.show("http://127.0.0.1:8050/?unit=38&lang=vi#top", Scope.all())
    assert counting.loads == 1
    assert again is first


def test_new_data_another_scope_or_a_minute_later_is_drawn_anew(desk: Desk) -> None:
    counting = Counting()
    moments = [NOON]
    router = Router(replace(desk, now=lambda: moments[0]), {"overview": counting.page}, bare)
    router.show("/", Scope.all())
    narrow = router.show("/", Scope.of(1038))
    assert counting.loads == 2
    assert narrow.content.children == "vn for 1038"
    grow(desk.engine)
    assert router.show("/", Scope.all()).version == 1
    assert counting.loads == 3
    moments[0] += timedelta(minutes=1)
    router.show("/", Scope.all())
    assert counting.loads == 4


def test_only_so_many_pages_are_kept(desk: Desk) -> None:
    counting = Counting()
    router = Router(desk, {"overview": counting.page}, bare, kept=2)
    for unit in ("01", "02", "03", "01"):
        router.show(f"/?unit={unit}", Scope.all())
    assert counting.loads == 4
    router.show("/?unit=03", Scope.all())
    assert counting.loads == 4


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 200),
        ("/unit/38", 200),
        ("/unit/99", 404),
        ("/unit/77", 404),
        ("/broken", 500),
        ("/nothing", 404),
        ("/?unit=38&unit=01", 404),
        ("/?unknown=1", 404),
        ("/?wall=2", 404),
        ("/?period=2026-13", 404),
        ("/?path=/x", 404),
        ("/unit/../38", 404),
        ("/" + "x" * 3000, 404),
        ("http://[bad", 404),
    ],
)
def test_each_address_has_its_status(desk: Desk, address: str, status: int) -> None:
    shown = Router(desk, pages(), bare).show(address, Scope.all())
    assert shown.status == status
    assert shown.title
    assert shown.facts(address)["status"] == status


def test_a_wrong_address_is_told_in_plain_words(desk: Desk) -> None:
    router = Router(desk, {"overview": Counting().page}, bare)
    for address, said in (
        ("/nowhere", "Không có trang “nowhere”."),
        ("/?status=red", "Trạng thái “red” không dùng được. Địa chỉ chấp nhận: reached,"),
    ):
        told = "".join(texts(router.show(address, Scope.all()).content))
        assert said in told
        assert "status:" not in told
        assert "briefing" not in told, "no list of pages: nobody types their names"


def test_the_card_speaks_the_language_of_the_address(desk: Desk) -> None:
    shown = Router(desk, pages(), bare).show("/unit/99?lang=en&wall=1", Scope.all())
    assert shown.view.lang == "en"
    assert shown.view.wall
    assert "no unit" in str(shown.content)


@given(st.text(max_size=200))
def test_any_text_is_an_address_or_an_address_error(text: str) -> None:
    try:
        view = read_address(text)
    except AddressError:
        view = plain_view(text)
    assert view.lang in ("vi", "en")


@pytest.mark.parametrize(
    ("address", "instead"),
    [
        ("/unit/38?basis=nonsense&lang=en", "/unit/38?lang=en"),
        ("http://127.0.0.1:8050/?colour=red&wall=1", "/?wall=1"),
        ("/?status=purple&units=38,31", "/?units=38%2C31"),
        ("/unit/99", None),
        ("/a/b/c", None),
        ("/?period=x&basis=y", None),
    ],
)
def test_a_wrong_part_can_be_left_out(desk: Desk, address: str, instead: str | None) -> None:
    router = Router(desk, {"overview": Counting().page, "unit": Counting().page}, bare)
    shown = router.show(address, Scope.all())
    hrefs = re.findall(r'"href":"([^"]*)"', shown.encoded.decode())
    if shown.status == 404:
        assert hrefs[:-1] == ([instead] if instead else [])
    else:
        assert instead is None


@pytest.mark.parametrize(
    ("address", "instead"),
    [
        ("/?units=38,zz&lang=en", "/?lang=en&units=38"),
        ("/?units=zz", "/"),
        ("/?units=38&unit=zz", "/?units=38"),
        ("/unit/zz?units=38", None),
    ],
)
def test_the_wrong_one_of_chosen_units_can_be_left_out(address: str, instead: str | None) -> None:
    error = AddressError(part="unit", given="zz", allowed="38, 31")
    assert without(address, error) == instead
