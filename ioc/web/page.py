"""The page: an address, a title, what it loads and how that is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from dash.development.base_component import Component

from ioc.domain.scope import Scope
from ioc.domain.view import View

if TYPE_CHECKING:
    from ioc.queries.desk import Desk


class Ground(StrEnum):
    """What a page is drawn on. On a `file` nothing can be clicked, scrolled or grow older."""

    SCREEN = "screen"
    FILE = "file"
    PAPER = "paper"  # a file whose walls are light, to be printed


_GROUND = ContextVar("ioc_ground", default=Ground.SCREEN)


def ground() -> Ground:
    """What is drawn on now."""
    return _GROUND.get()


@contextmanager
def drawn_on(wanted: Ground) -> Iterator[None]:
    """Within it pages are drawn on this ground."""
    before = _GROUND.set(wanted)
    try:
        yield
    finally:
        _GROUND.reset(before)


@dataclass(frozen=True, slots=True)
class Page:
    """One page, found by name in `layouts.pages` or in an installed add-on.

    `name` is the first step of the address (`overview` is `/`). `load` asks the store and answers
    a frozen value; `render` draws it and must be pure: the same answer, view and `ground()`,
    the same components. `title` is the browser's title. `nav` is the message key of the entry in
    the navigation, None to stay out of it; `order` sorts the entries. `filters` gives the page
    the filter bar: it shows figures of units and periods and tells in chips what it applied.
    A page that is not `kept` is loaded for each who asks, as its `load` decides who may see it.
    """

    name: str
    title: Callable[[Any, View], str]
    load: Callable[[Desk, View, Scope], Any]
    render: Callable[[Any, View], Component]
    nav: str | None = None
    order: int = 100
    filters: bool = False
    kept: bool = True
