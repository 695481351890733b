"""The states of a page or of a part of it, each drawn once: empty, loading, partial, stale, failed,
not allowed. Every one is said in words, with a shape, and with what to do or expect."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from ioc.domain.measure import Coverage
from ioc.domain.messages import say
from ioc.domain.words import age_words, coverage_words, moment_words
from ioc.errors import NotAllowedError
from ioc.queries.answers import Cell
from ioc.web.page import Ground, ground
from layouts import held_marks, revised_marks
from layouts.attributes import attributes

_LOG = logging.getLogger(__name__)
EMPTY, FAILED, NOT_ALLOWED = "□", "△", "⊘"
"""The shapes of the states that take a part's whole place."""


def blank(title: str, hint: str, *, sign: str = EMPTY, className: str = "") -> html.Div:
    """Where nothing can be drawn: what is missing, and what to do or expect."""
    return html.Div(
        [
            html.Span(sign, className="blank-sign", **attributes(aria_hidden="true")),
            html.P(title, className="blank-title"),
            html.P(hint, className="blank-hint"),
        ],
        className=f"blank {className}".strip(),
    )


def empty(lang: str, hint: str | None = None) -> html.Div:
    """No figures yet; they come by themselves unless `hint` says otherwise."""
    return blank(say(lang, "screen.empty_title"), hint or say(lang, "screen.empty_hint"))


def failed(lang: str, reference: str) -> html.Div:
    """A part that broke while the rest of the page stands; the log has the same `reference`."""
    hint = say(lang, "design.failed_hint", reference=reference)
    title = say(lang, "design.failed_title")
    return blank(title, hint, sign=FAILED, className="is-failed")


def not_allowed(lang: str) -> html.Div:
    """What this viewer or wall may not see; it never says whether there is anything."""
    title, hint = say(lang, "design.not_allowed_title"), say(lang, "design.not_allowed_hint")
    return blank(title, hint, sign=NOT_ALLOWED, className="is-not-allowed")


def part(draw: Callable[[], Component | None], lang: str) -> Component | None:
    """A part of a page as `draw` gives it; one that breaks is said in its place, others stand."""
    try:
        return draw()
    except NotAllowedError:
        return html.Section(not_allowed(lang), className="card-box")
    except Exception:
        # The border of a part: a chart that cannot be drawn must not take the page with it.
        reference = secrets.token_hex(4)
        _LOG.exception("part of a page broken, reference %s", reference)
        return html.Section(failed(lang, reference), className="card-box")


def loading(state: tuple[int, int] | None, lang: str) -> html.Div | None:
    """A bar as long as sources are still being read for the first time: (done, all)."""
    if state is None or state[0] >= state[1]:
        return None
    done, total = state
    share = round(100 * done / total) if total else 0
    words = say(lang, "screen.loading", done=done, total=total)
    return html.Div(
        [
            html.P(words),
            html.Div(html.Div(style={"width": f"{share}%"}), className="progress-track"),
        ],
        className="progress-first",
        role="status",
    )


def partial(coverage: Coverage | None, lang: str) -> html.Span | None:
    """How many have reported, where not all of them have."""
    if coverage is None or coverage.complete:
        return None
    return html.Span(coverage_words(coverage, lang), className="coverage is-partial")


def warnings(cell: Cell, now: datetime, lang: str) -> list[html.Span]:
    """What is wrong with a figure: its source in trouble or silent, or a newer one is overdue."""
    said = []
    if cell.failing:
        said.append(html.Span(say(lang, "screen.source_failing"), className="warning is-failing"))
    if cell.stale and cell.checked is not None:
        # A file is looked at later: it says the moment, for an age would be wrong by then.
        drawn = ground() is not Ground.SCREEN
        moment = moment_words(cell.checked, lang, near=now) if drawn else ""
        age = moment or age_words(now - cell.checked, lang)
        said.append(html.Span(say(lang, "screen.stale", age=age), className="warning is-stale"))
    if cell.overdue:
        said.append(html.Span(say(lang, "screen.overdue"), className="warning is-stale"))
    marks = held_marks.mark(cell, lang), revised_marks.mark(cell, now, lang)
    return [*said, *(one for one in marks if one is not None)]
