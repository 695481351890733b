"""The console of walls is a still page: only its script fills it."""

from __future__ import annotations

import json

import pytest

from ioc.domain.messages import gaps, say
from ioc.domain.view import View
from ioc.web.router import encode
from layouts.pages import walls


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_hands_its_words_to_the_script_and_never_changes(lang: str) -> None:
    view = View(page="walls", lang=lang)
    root = walls.PAGE.render(None, view)
    words = json.loads(getattr(root, "data-words"))
    assert words["do_identify"] == say(lang, "walls.do_identify")
    assert gaps(words["errors"]) == {"count"}
    assert encode(root) == encode(walls.PAGE.render(None, view))
    drawn = encode(root).decode()
    for place in ("console-register", "console-freeze", "console-walls", "console-log"):
        assert f'"id":"{place}"' in drawn
