"""When the page is drawn again."""

from __future__ import annotations

import pytest

from callbacks.refresh import needed

HERE = {"asked": "http://127.0.0.1:8050/unit/38?lang=en"}


@pytest.mark.parametrize(
    ("href", "triggered", "before", "expected"),
    [
        ("http://127.0.0.1:8050/unit/38?lang=en", "address", HERE, False),
        ("http://127.0.0.1:8050/unit/38?lang=en#main", "address", HERE, False),
        ("http://127.0.0.1:8050/unit/38?lang=en", "data-version", HERE, True),
        ("http://127.0.0.1:8050/unit/38", "address", HERE, True),
        ("/unit/38", "address", None, True),
        ("/unit/38", "address", "tampered", True),
        ("/unit/38", None, {}, True),
    ],
)
def test_drawn_for_another_address_or_new_data_only(
    href: str, triggered: object, before: object, expected: bool
) -> None:
    assert needed(href, triggered, before) is expected
