"""A hostile name cannot forge a line of the log."""

from __future__ import annotations

import logging

from ioc.logs import OneLine, escaped


def test_control_characters_are_written_out() -> None:
    assert escaped("Thanh Hóa\x1b[31m\r‮") == "Thanh Hóa\\x1b[31m\\r\\u202e"


def test_a_message_is_one_line() -> None:
    record = logging.LogRecord("ioc", logging.INFO, "f", 1, "tên: %s", ("a\n12:00 forged",), None)
    assert OneLine("%(message)s").format(record) == "tên: a\\n12:00 forged"
