"""A checked file row by row, for everyone: it has no address that could be named beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from support import access
from support.browser import until
from support.product import Product
from support.submitting import Person

from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.view import ZONE

MIXED = {
    "TRN-01": {"tu_so": 900, "mau_so": 1000},
    "TRN-02": {"tu_so": 1200, "mau_so": 1000},
    "DOC-01": {"tu_so": "một nghìn", "mau_so": "không rõ"},
    "SIG-04": {"gia_tri": 999_999},
}
LONG = "Báo cáo số liệu chuyển đổi số của Ủy ban nhân dân tỉnh (bản cuối, đã sửa) " * 2 + ".xlsx"


@pytest.fixture(scope="module")
def opened(product: Product) -> Iterator[str]:
    """The address of a file with every verdict and a long name; it is never confirmed."""
    today = datetime.now(UTC).astimezone(ZONE).date()
    period = Period.of(Calendar.CALENDAR, Grain.MONTH, today).previous.code
    person = Person.at(product.url)
    sent = person.send("38", period, person.filled("38", period, MIXED), name=LONG)
    yield sent.json()["href"]
    person.withdraw(sent.json()["token"])
    person.client.close()


def test_axe_finds_nothing(visitor: Any, opened: str) -> None:
    found = access.violations(visitor.at(opened, 1440, 900))
    assert not found, "\n".join(found)


def test_every_text_can_be_read_and_every_state_has_shape_and_word(
    visitor: Any, opened: str
) -> None:
    page = visitor.at(opened, 1440, 900)
    assert not [one for one in page.evaluate(access.CONTRAST) if one["ratio"] < 4.5]
    assert not page.evaluate(access.SIGNS)


def test_the_keyboard_reaches_everything(visitor: Any, opened: str) -> None:
    page = visitor.at(opened, 1440, 900)
    until(page, access.MENDED)
    wanted = page.evaluate(access.TABBABLE)
    stops = access.walked(page)
    reached = {stop.at for stop in stops}
    assert not [html for at, html in enumerate(wanted) if str(at) not in reached]
    assert not [stop.html for stop in stops if not stop.name]
    assert not [stop for stop in stops if stop.width < 1 or stop.covered]
    assert not [stop.html for stop in stops if stop.ring < 2]


@pytest.mark.parametrize(("width", "height"), [(720, 450), (390, 844), (320, 640)])
def test_nothing_is_lost_in_little_room(visitor: Any, opened: str, width: int, height: int) -> None:
    page = visitor.at(opened, width, height)
    until(page, "document.documentElement.scrollWidth <= window.innerWidth + 1")
    found = access.violations(page, rules=("wcag22aa",))
    assert not found, "\n".join(found)
