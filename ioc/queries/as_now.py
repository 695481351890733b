"""Drawing the newest figures of a moment that has just passed, as they were seen then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_AS_NOW = ContextVar("ioc_as_now", default=False)


def is_as_now() -> bool:
    """Whether the past moment of a question is the asker's own now."""
    return _AS_NOW.get()


@contextmanager
def as_now() -> Iterator[None]:
    """Within it the past moment of a question was nobody's wish: news came between the order of
    an export and its making. Nothing is compared with later, and no filter is told."""
    token = _AS_NOW.set(True)
    try:
        yield
    finally:
        _AS_NOW.reset(token)
