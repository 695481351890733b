"""A hostile name cannot forge a line of the log."""

from __future__ import annotations

import logging

import pytest

from ioc.logs import OneLine, begin, escaped


def test_control_characters_are_written_out() -> None:
    assert escaped("Thanh Hóa\x1b[31m\r‮") == "Thanh Hóa\\x1b[31m\\r\\u202e"


def test_a_message_is_one_line() -> None:
    record = logging.LogRecord("ioc", logging.INFO, "f", 1, "tên: %s", ("a\n12:00 forged",), None)
    assert OneLine("%(message)s").format(record) == "tên: a\\n12:00 forged"


def test_a_child_says_only_what_went_wrong(capfd: pytest.CaptureFixture[str]) -> None:
    root, ours = logging.getLogger(), logging.getLogger("ioc")
    before = root.handlers[:], root.level, ours.level
    try:
        for quiet in (False, True):
            begin(quiet=quiet)
            ours.getChild("run").info("read, quiet: %s", quiet)
            ours.getChild("run").warning("broken, quiet: %s", quiet)
    finally:
        root.handlers[:], root.level = before[0], before[1]
        ours.setLevel(before[2])
    said = [line.split(" ", 1)[1] for line in capfd.readouterr().err.splitlines()]
    assert said == [
        "INFO ioc.run: read, quiet: False",
        "WARNING ioc.run: broken, quiet: False",
        "WARNING ioc.run: broken, quiet: True",
    ]
