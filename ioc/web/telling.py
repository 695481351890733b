"""Live text: sentences with figures in braces, asked as the screen asks them and put in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.exports.extract import Fact

if TYPE_CHECKING:
    from ioc.queries.desk import Desk
    from ioc.web.router import Router
    from ioc.web.steady import Moment


@dataclass(frozen=True, slots=True)
class Problem:
    """A gap that cannot be told: where it stands (`line` and `column` from 1) and why."""

    line: int
    column: int
    gap: str
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """Paragraphs of plain text, the figures in them, and what could not be told.

    `figures` are the amounts as they stand in the text, in its order; `illustrative` when one of
    them is made up; `missing` are the sentences that say that a figure is not there.
    """

    paragraphs: tuple[str, ...]
    facts: tuple[Fact, ...] = ()
    problems: tuple[Problem, ...] = ()
    figures: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    illustrative: bool = False


def tell(
    desk: Desk, router: Router, text: str, base_view: View, scope: Scope, at: Moment
) -> Told:
    """The text with its figures of one moment; a gap that cannot be told stays visible as such."""
    raise NotImplementedError


def check(desk: Desk, text: str, lang: str, scope: Scope) -> tuple[Problem, ...]:
    """What is wrong with a text while it is written; nothing is asked of the store."""
    raise NotImplementedError
