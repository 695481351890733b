"""Every page of the desk for everyone: axe, contrast, keyboard, zoom, phones, statuses in words."""

from __future__ import annotations

from typing import Any

import pytest
from support import access
from support.browser import until

from ioc import plugins
from ioc.domain.view import View

KNOWN: dict[str, tuple[str, ...]] = {
    "overview": ("/", "/?unit=gov&lang=en"),
    "unit": ("/unit/38", "/unit/30.2025"),
    "indicator": ("/indicator/OPS-01", "/indicator/SIG-03?unit=gov&lang=en"),
    "compare": (
        "/compare?units=38,31",
        "/compare?form=multiples&lang=en",
        "/compare?form=indexed&units=38,31",
        "/compare?form=scatter&lang=en",
        "/compare?form=slope",
        "/compare?form=corridor",
    ),
    "record": ("/record?unit=38&indicator=OPS-01", "/record?unit=local&indicator=OPS-06&lang=en"),
    "source": ("/source/csdl",),
    "index766": ("/index766?unit=38",),
    "why": ("/why?unit=local&indicator=OPS-01&lang=en",),
    "peers": ("/peers?unit=38&indicator=OPS-03",),
    "submit": ("/submit", "/submit?unit=38&lang=en"),
    "wall": (),
    "scene": (),
}
"""Addresses with content; any other discovered page is looked at under its own name."""


def addresses() -> list[str]:
    found = [
        address
        for name in plugins.by_name(plugins.PAGE)
        for address in KNOWN.get(name, (View(page=name).href(),))
    ]
    return [*found, "/nowhere"]


DESK = addresses()
WIDE = (1440, 900)


@pytest.mark.parametrize("address", DESK, scope="module")
class TestPage:
    def test_axe_finds_nothing(self, visitor: Any, address: str) -> None:
        found = access.violations(visitor.at(address, *WIDE))
        assert not found, "\n".join(found)

    def test_every_text_can_be_read(self, visitor: Any, address: str) -> None:
        texts = visitor.at(address, *WIDE).evaluate(access.CONTRAST)
        assert len(texts) > 3
        assert not [one for one in texts if one["ratio"] < 4.5]

    def test_statuses_have_shape_and_word(self, visitor: Any, address: str) -> None:
        assert not visitor.at(address, *WIDE).evaluate(access.SIGNS)

    def test_the_keyboard_reaches_everything(self, visitor: Any, address: str) -> None:
        page = visitor.at(address, *WIDE)
        until(page, access.MENDED)
        wanted = page.evaluate(access.TABBABLE)
        stops = access.walked(page)
        reached = {stop.at for stop in stops}
        missed = [html for at, html in enumerate(wanted) if str(at) not in reached]
        assert not missed, "not reached"
        order = [int(stop.at) for stop in stops if stop.at]
        assert order == sorted(order), "not in the order of the page"
        assert not [stop.html for stop in stops if not stop.name], "without a name"
        assert not [stop for stop in stops if stop.width < 1 or stop.covered], "not to be seen"
        assert not [stop.html for stop in stops if stop.ring < 2], "without a focus ring"

    @pytest.mark.parametrize(("width", "height"), [(720, 450), (390, 844), (320, 640)])
    def test_nothing_is_lost_in_little_room(
        self, visitor: Any, address: str, width: int, height: int
    ) -> None:
        page = visitor.at(address, width, height)
        until(page, "document.documentElement.scrollWidth <= window.innerWidth + 1")

    def test_targets_are_large_enough_on_a_phone(self, visitor: Any, address: str) -> None:
        found = access.violations(visitor.at(address, 390, 844), rules=("wcag22aa",))
        assert not found, "\n".join(found)
