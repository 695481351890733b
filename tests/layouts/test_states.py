"""The states of a part of a page: each says in words what is the matter."""

from __future__ import annotations

import logging

import pytest
from drawn import classes, words

from ioc.domain.measure import Coverage
from ioc.errors import NotAllowedError
from layouts import states


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_each_state_has_a_shape_a_title_and_what_to_do(lang: str) -> None:
    drawn = (states.empty(lang), states.failed(lang, "0a1b2c3d"), states.not_allowed(lang))
    signs = {words(one).split(" | ")[0] for one in drawn}
    assert len(signs) == 3
    for one in drawn:
        assert {"blank-sign", "blank-title", "blank-hint"} <= classes(one)
        assert len(words(one)) > 40


def test_a_broken_part_is_said_in_its_place(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise RuntimeError("secret detail")

    with caplog.at_level(logging.ERROR):
        said = words(states.part(broken, "vi"))
    reference = caplog.messages[0].split()[-1]
    assert f"báo mã {reference} cho người quản trị" in said
    assert "secret detail" not in said


def test_a_part_that_may_not_be_seen_does_not_say_whether_it_is_there() -> None:
    def outside() -> None:
        raise NotAllowedError("outside", code="not_allowed", unit="38")

    said = words(states.part(outside, "vi"))
    assert "chưa được cấp quyền" in said
    assert "38" not in said


def test_a_part_that_stands_is_itself() -> None:
    whole = states.empty("vi")
    assert states.part(lambda: whole, "vi") is whole
    assert states.part(lambda: None, "vi") is None


def test_loading_ends_and_partial_says_how_many() -> None:
    assert "5/15" in words(states.loading((5, 15), "vi"))
    assert states.loading((15, 15), "vi") is None
    assert states.loading(None, "vi") is None
    assert "49/51" in words(states.partial(Coverage(49, 51), "vi"))
    assert states.partial(Coverage(51, 51), "vi") is None
    assert states.partial(None, "vi") is None
