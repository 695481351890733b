"""The log of a process: one line an event on standard error, with hostile characters escaped."""

from __future__ import annotations

import logging
import re

# A name or an answer from outside may carry newlines and terminal codes.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class OneLine(logging.Formatter):
    """Escapes control characters, and newlines of the message (not of a traceback)."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line of an event."""
        return escaped(super().formatMessage(record).replace("\n", "\\n"))


def escaped(text: str) -> str:
    """The text with control characters written out, such as `\\x1b`."""
    return _CONTROL.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


def begin(*, quiet: bool = False) -> None:
    """Send events to standard error: warnings of everybody, and unless `quiet` all of our own."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s", "%H:%M:%S"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("ioc").setLevel(logging.WARNING if quiet else logging.INFO)
