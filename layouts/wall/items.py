"""Cards of a register's scene: lists with bars, counts, one large number; whole rows only."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.numbers import number, percent
from ioc.domain.view import View
from ioc.queries.answers import Stamp
from ioc.queries.register_counts import Load
from ioc.queries.register_sheet import Sheet
from layouts import components as parts
from layouts import item_parts, states
from layouts.cards import panel
from layouts.wall.head import head
from layouts.wall.stage import stage

ABOVE, ABOVE_FLAT = 4, 6
"""Rows above the seam of a video wall, of tall rows and of low ones."""


def row(
    name: str,
    much: str,
    *,
    what: str = "",
    under: str = "",
    share: Fraction | None = None,
    look: str = "is-not-judged",
    plain: bool = False,
) -> html.Div:
    """A line of a list: who, what about it, how much and of what; `share` draws a bar."""
    sign = item_parts.SIGNS.get(look, "–")
    track = None
    if share is not None:
        width = f"{float(min(max(share, Fraction(0)), Fraction(1))):.1%}"
        bar = html.Span(className=look if look != "is-not-judged" else "is-plain",
                        style={"width": width})  # fmt: skip
        track = html.Span(bar, className="bar-track")
    return html.Div(
        [
            html.Span() if plain else parts.dot(sign, " ".join((name, much, under)).strip(), look),
            html.Span(
                [html.B(name), html.Span(what, className="what") if what else None],
                className="who",
            ),
            html.Span(
                [
                    html.B(much, className="figure"),
                    html.Span(under, className="under") if under else None,
                ],
                className="much",
            ),
            track,
        ],
        className="wall-row is-plain" if plain else "wall-row",
    )


def listed(
    title: str,
    line: str,
    rows: Sequence[html.Div],
    *,
    empty: str,
    count: str | None = None,
    look: str = "",
    tall: bool = True,
    named: bool = False,
) -> html.Section:
    """A card with as many whole rows as there is room for, and none upon a seam.

    Rows of items are `named`: their titles may take two lines.
    """
    body: Component = html.P(empty, className="wall-silent is-wrapped")
    if rows:
        above = ABOVE if tall else ABOVE_FLAT
        seam = html.Div(className="seam")
        parted = [*rows[:above], seam, *rows[above:]] if len(rows) > above else list(rows)
        kind = "rows is-tall" if tall else "rows"
        if named:
            kind += " is-named"
        body = html.Div(
            html.Div(html.Div(parted, className=kind), className="fit"), className="wall-list"
        )
    counted = (
        html.Span(count, className="red-count" if "red" in look else "count-figure")
        if count is not None
        else None
    )
    return panel(title, body, line, counted, className=f"wall-forms {look}".strip())


def big(
    title: str, line: str, value: str, facts: Sequence[str], look: str = "is-not-judged"
) -> html.Section:
    """One number, very large, with what it is made of."""
    kind = "wall-total figure" if len(value) <= 6 else "wall-total figure is-long"
    return panel(
        title,
        [html.Span(value, className=kind), *(html.P(one) for one in facts if one)],
        line,
        # A number that nothing judges has no look of a status.
        className="wall-big is-plain" if look == "is-not-judged" else f"wall-big {look}",
    )


def share_row(name: str, num: int, den: int, lang: str) -> html.Div:
    """A share of counts as a row: percent, both numbers and a bar; a dash without denominator."""
    if not den:
        return row(name, say(lang, "words.nothing"), plain=True)
    share = Fraction(num, den)
    counts = f"{number(num, lang)}/{number(den, lang)}"
    return row(name, percent(share, lang, 0), under=counts, share=share, plain=True)


def unit_rows(units: Sequence[Load], lang: str, *, dated: bool) -> list[html.Div]:
    """Units with what is overdue of what is open, or with what is open."""
    most = max((one.overdue if dated else one.open for one in units), default=0) or 1
    found = []
    for one in units:
        some = one.overdue if dated else one.open
        if not some:
            continue
        much = f"{number(some, lang)}/{number(one.open, lang)}" if dated else number(some, lang)
        look = "is-at-risk" if dated else "is-not-judged"
        found.append(row(one.unit.short, much, share=Fraction(some, most), look=look,
                         plain=not dated))  # fmt: skip
    return found


def facts(total: Load, lang: str, *, dated: bool = True) -> list[str]:
    """How many are open, overdue, done, and which nobody knows of, for the head."""
    pairs = [("open", total.open), *([("overdue", total.overdue)] if dated else []),
             ("done", total.done),
             *([("unknown", total.unknown)] if total.unknown else [])]  # fmt: skip
    return [
        say(lang, f"register_forms.fact_{name}", count=number(count, lang)) for name, count in pairs
    ]


def sheet_facts(answer: Sheet, lang: str, *, dated: bool = True) -> list[str]:
    """As `facts`, and of how many items what is added up comes, where these are not all."""
    said = facts(answer.total, lang, dated=dated)
    if not answer.whole:
        count = number(len(answer.rows), lang)
        said.append(say(lang, "register_forms.fact_first", count=count))
    return said


def scene(
    title: str,
    cards: Sequence[Component | None],
    view: View,
    stamp: Stamp,
    said: Sequence[str],
    *,
    name: str = "register",
    anything: bool = True,
) -> html.Div:
    """The scene of a register, or that it has no items yet."""
    lang = view.lang
    top = head(title, view, stamp, facts=list(said) if anything else [])
    if not anything:
        blank = states.blank(
            say(lang, "register_forms.wall_empty"),
            say(lang, "register_forms.red_empty_hint"),
            className="wall-blank",
        )
        return stage("whole", top, [blank], view, stamp)
    return stage(name, top, list(cards), view, stamp)
