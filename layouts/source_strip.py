"""The newest slots of a source as a strip of small cells: colour, shape, and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import explain, knows, say
from ioc.domain.words import list_words, moment_words, number
from ioc.queries.source_answers import SlotMark
from layouts.attributes import attributes

CELLS = 90
STATES = ("arrived", "late", "held", "failed", "missed", "running", "expected")
"""In the order of the legend."""
_FINE = ("arrived", "none")
"""States whose neighbouring cells are drawn as one element with a pattern."""


def strip(slots: Sequence[SlotMark], lang: str, *, stop: bool = False) -> html.Div:
    """The strip as one picture with its summary as name; `stop` lets the Tab key halt at it.

    Slots on time that follow each other are one element: a page of fifty sources stays small.
    """
    shown = slots[-CELLS:]
    halting = attributes(tabIndex=0) if stop else {}
    return html.Div(
        [_blank(CELLS - len(shown)), *_cells(shown, lang)],
        className="moments",
        role="img",
        **halting,
        **attributes(aria_label=said(shown, lang)),
    )


def said(slots: Sequence[SlotMark], lang: str) -> str:
    """The strip in one sentence: `90 lượt gần nhất: 87 đúng giờ, 2 bỏ lỡ và 1 thất bại`."""
    if not slots:
        return say(lang, "sources_page.strip_none")
    counted = Counter(one.state for one in slots)
    parts = [
        say(
            lang,
            "sources_page.strip_part",
            count=number(counted[state], lang),
            word=slot_word(state, lang),
        )
        for state in STATES
        if counted[state]
    ]
    return say(
        lang,
        "sources_page.strip_said",
        count=number(len(slots), lang),
        parts=list_words(parts, lang),
    )


def slot_word(state: str, lang: str) -> str:
    """What became of a slot, in a word or two."""
    return say(lang, f"sources_page.slot_{state if state in STATES else 'expected'}")


def _blank(count: int) -> html.Span | None:
    return _run("none", count, None) if count > 0 else None


def _run(look: str, count: int, title: str | None) -> html.Span:
    told = attributes(title=title) if title else {}
    # Neighbours share a pattern: as wide as so many cells and the gaps between them.
    style = {"flex": f"{count} {count} {count - 1}px", "--n": count}
    return html.Span(className=f"moment moment-{look}", style=style, **told)


def _cells(slots: Sequence[SlotMark], lang: str) -> Iterator[Component]:
    for state, some in groupby(slots, key=lambda one: one.state):
        alike = list(some)
        if state in _FINE and len(alike) > 1:
            yield _run(state, len(alike), _span(alike, lang))
            continue
        known = state if state in STATES else "expected"
        for one in alike:
            yield html.Span(className=f"moment moment-{known}", title=slot_words(one, lang))


def _span(slots: Sequence[SlotMark], lang: str) -> str:
    return say(
        lang,
        "sources_page.slot_span",
        count=number(len(slots), lang),
        word=slot_word(slots[0].state, lang),
        first=moment_words(slots[0].due, lang),
        last=moment_words(slots[-1].due, lang),
    )


def slot_words(one: SlotMark, lang: str) -> str:
    """One slot in a sentence: when it was due, what became of it and why."""
    said = {"moment": moment_words(one.due, lang), "word": slot_word(one.state, lang)}
    if one.code is None or one.state in ("arrived", "late"):
        return say(lang, "sources_page.slot_one", **said)
    return say(lang, "sources_page.slot_why", reason=why(one, lang), **said)


def why(one: SlotMark, lang: str) -> str:
    """The reason of a slot that was missed or failed, as a sentence; empty without one."""
    if one.code is None:
        return ""
    key = f"sources_page.slot_code_{one.code}"
    return say(lang, key) if knows(lang, key) else explain(lang, one.code)


def legend(lang: str) -> html.Ul:
    """The shapes of the cells with their words."""
    return html.Ul(
        [
            html.Li([html.Span(className=f"moment moment-{state}"), slot_word(state, lang)])
            for state in STATES
        ],
        className="moments-legend",
    )


def troubled(slots: Sequence[SlotMark], lang: str) -> html.Details | None:
    """Every slot that was not on time, newest first, to be opened; nothing where there is none."""
    bad = [one for one in reversed(slots) if one.state in ("late", "held", "failed", "missed")]
    if not bad:
        return None
    heads = ("due", "state", "came", "tries")
    names = [html.Th(say(lang, f"sources_page.slot_{one}"), scope="col") for one in heads]
    rows = [
        html.Tr(
            [
                html.Td(moment_words(one.due, lang), className="figure"),
                html.Td(
                    [
                        html.Span(className=f"moment moment-{one.state}"),
                        " ",
                        slot_word(one.state, lang),
                        html.Span(why(one, lang), className="log-reason") if one.code else None,
                    ]
                ),
                html.Td(moment_words(one.arrived, lang) if one.arrived else "–"),
                html.Td(number(one.attempts, lang), className="figure"),
            ]
        )
        for one in bad
    ]
    count = number(len(bad), lang)
    return html.Details(
        [
            html.Summary(say(lang, "sources_page.slot_list", count=count)),
            html.Div(
                html.Table(
                    [html.Thead(html.Tr(names)), html.Tbody(rows)], className="moments-rows"
                ),
                className="scroll-x",
                tabIndex=0,
            ),
        ],
        id="moments-list",
        className="moments-list",
    )


def counts(slots: Sequence[SlotMark], lang: str) -> list[html.Span]:
    """What is wrong on the strip, in words beneath it: missed, failed, late."""
    counted = Counter(one.state for one in slots)
    return [
        html.Span(
            say(lang, f"sources_page.{state}_count", count=number(counted[state], lang)),
            className=f"moments-count is-{state}",
        )
        for state in ("missed", "failed", "late")
        if counted[state]
    ]
