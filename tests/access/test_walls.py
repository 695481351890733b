"""Every wall form and scene: axe, contrast of AAA, statuses in words, size for the distance."""

from __future__ import annotations

from typing import Any

import pytest
from support import access

from ioc import plugins
from ioc.domain.view import View
from layouts.theme import wall_px

FORMS = ("/?wall=1", "/unit/38?wall=1", "/indicator/OPS-01?wall=1", "/sources?wall=1")
UNITS = {"province": "38", "ministry": "moha"}
"""What the scenes of one unit are about."""


def addresses() -> list[str]:
    scenes = [
        View(page="scene", scene=name, unit=UNITS.get(name, "vn"), wall=True).href()
        for name in plugins.by_name(plugins.SCENE)
    ]
    return [*FORMS, *scenes]


@pytest.mark.parametrize("address", addresses(), scope="module")
class TestWall:
    def test_axe_finds_nothing(self, visitor: Any, address: str) -> None:
        found = access.violations(visitor.at(address, 1920, 1080))
        assert not found, "\n".join(found)

    def test_every_text_can_be_read_from_afar(self, visitor: Any, address: str) -> None:
        texts = visitor.at(address, 1920, 1080).evaluate(access.CONTRAST)
        assert len(texts) > 3
        assert not [one for one in texts if one["ratio"] < 7]

    def test_statuses_have_shape_and_word(self, visitor: Any, address: str) -> None:
        assert not visitor.at(address, 1920, 1080).evaluate(access.SIGNS)

    def test_no_text_is_too_small_for_five_metres(self, visitor: Any, address: str) -> None:
        least = wall_px(5, key_figure=False)
        texts = visitor.at(address, 1920, 1080).evaluate(access.SMALL)
        assert not [one for one in texts if one["size"] < least]
