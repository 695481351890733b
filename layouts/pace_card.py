"""The card of a pace: the way to the target drawn and said, and the units that must speed up."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.numbers import number, percent
from ioc.domain.pace import Outlook, Pace
from ioc.domain.target import Target
from ioc.domain.view import View
from ioc.domain.words import date_words, figure_words, list_words, period_words
from ioc.queries.answers import Cell, Series, UnitPace
from layouts import cards, pace_words
from layouts import components as parts
from layouts.attributes import attributes
from layouts.figures import pace as drawing
from layouts.goals import target_says, target_short
from layouts.links import indicator_link, unit_links

SLOW = (Outlook.NEVER, Outlook.LATE)
_LOOKS = {
    Outlook.REACHED: "reached",
    Outlook.ON_TIME: "reached",
    Outlook.LATE: "near",
    Outlook.NEVER: "at-risk",
    Outlook.PAST: "at-risk",
}
_SIGNS = {"reached": "●", "near": "◆", "at-risk": "▼", "not-judged": "–"}
_NAMED = 6


def outlook_chip(found: Pace, lang: str) -> html.Span:
    """The outlook as colour, shape and words."""
    look = _LOOKS.get(found.outlook, "not-judged")
    sign = html.Span(_SIGNS[look], className="sign", **attributes(aria_hidden="true"))
    words = html.Span(pace_words.outlook(found, lang), className="word")
    return html.Span([sign, words], className=f"chip is-{look}")


def card(cell: Cell, found: Pace, line: Series, view: View, **common: Any) -> html.Section | None:
    """The pace of one figure; where none can be told, a card that says why."""
    lang = view.lang
    title = say(lang, "pace.title")
    if found.outlook is Outlook.NOT_JUDGED or cell.target is None or found.deadline is None:
        why = parts.period_line(cell, lang)
        return cards.panel(title, html.P(_why(cell, found, lang), className="hint"), why,
                           className="pace-card")  # fmt: skip
    day = date_words(found.deadline, lang)
    goal = target_says(cell.indicator, cell.target, lang)
    return cards.chart_card(
        "paces",
        title,
        say(lang, "pace.line", target=goal, day=day),
        drawing.figure(line, found, view),
        view,
        summary=_summary(cell, found, lang),
        height=drawing.HEIGHT,
        note=[outlook_chip(found, lang), facts(cell, found, lang), *_more(cell, found, lang)],
        className="pace-card",
        **common,
    )


def brief(cell: Cell, found: Pace | None, view: View) -> html.P | None:
    """The pace in one sentence, with the way to its card on the indicator's page."""
    if found is None or cell.target is None or found.deadline is None:
        return None
    lang = view.lang
    said = pace_words.sentence(cell.indicator, found, lang)
    href = indicator_link(view, cell.indicator.code, cell.unit.key)
    more = dcc.Link(say(lang, "pace.title"), href=href, className="more")
    return html.P(
        [outlook_chip(found, lang), " ", said, " ", None if view.wall else more],
        className="pace-brief",
    )


def _why(cell: Cell, found: Pace, lang: str) -> str:
    given = {}
    if found.why.value == "no_value":
        from ioc.domain.words import empty_words

        given = {"empty": empty_words(cell.figure.empty, lang)}
    return say(lang, "pace.line_none") + ": " + say(lang, f"pace.why_{found.why.value}", **given)


def _summary(cell: Cell, found: Pace, lang: str) -> str:
    assert found.deadline is not None
    return say(
        lang,
        "pace.chart_summary",
        unit=cell.unit.name,
        figure=figure_words(cell.indicator, cell.figure, lang, with_unit=True),
        period=period_words(cell.period, lang) if cell.period else "",
        target=target_short(cell.indicator, cell.target, lang),
        day=date_words(found.deadline, lang),
        words=f"{pace_words.sentence(cell.indicator, found, lang)} "
        f"{pace_words.outlook(found, lang)}.",
    )


def facts(cell: Cell, found: Pace, lang: str) -> html.Dl:
    """What is needed, what was done, what is left and what is expected, in this order."""
    of = cell.indicator
    rows: list[tuple[str, list[parts.Child]]] = [
        ("needed", [html.Strong(pace_words.needed(of, found, lang)), _daily(cell, found, lang)]),
        ("moved", [html.Strong(pace_words.moved(of, found, lang))]),
        ("left", [html.Span(pace_words.left(found, lang), title=say(lang, "pace.holidays"))]),
        ("arrival", [pace_words.arrival(found, lang)]),
    ]
    led = pace_words.at_deadline(of, found, lang)
    if led is not None:
        rows.append(("led", [led]))
    items: list[Component] = []
    for key, words in rows:
        items += [html.Dt(say(lang, f"pace.{key}_label")), html.Dd(words)]
    return html.Dl(items, className="pace-facts")


def _daily(cell: Cell, found: Pace, lang: str) -> html.Span | None:
    if found.daily is None or found.outlook is Outlook.REACHED:
        return None
    words = pace_words.amount(cell.indicator, found.daily, lang, places=2)
    return html.Span(say(lang, "pace.daily", amount=words), className="pace-daily")


def _more(cell: Cell, found: Pace, lang: str) -> list[Component]:
    """The year as a whole, last year's shape, and what the reader must know of the method."""
    of = cell.indicator
    target: Target | None = cell.target
    said = pace_words.whole_year(of, found, lang)
    season = pace_words.last_year(of, found, lang)
    said += [season] if season else []
    shown: list[Component] = [html.P(" ".join(said))] if said else []
    hints = []
    if found.drift is not None and found.at_end is not None:
        hints.append(say(lang, "pace.range_words", count=number(found.drift.count, lang)))
    if target is not None and found.deadline is not None:
        day = pace_words.why_this_day(target, found.deadline, lang)
        hints += [day] if day else []
    if found.outlook is Outlook.PAST and found.deadline is not None:
        day = date_words(found.deadline, lang)
        value = figure_words(of, cell.figure, lang)
        hints.insert(0, say(lang, "pace.past_words", day=day, figure=value))
    hints.append(say(lang, "pace.holidays"))
    return [*shown, html.P(" ".join(hints), className="hint")]


def hurry(rows: tuple[UnitPace, ...], view: View) -> html.Section | None:
    """The units by how much of their needed pace they have, the least first."""
    if not rows:
        return None
    lang = view.lang
    told = [one for one in rows if one.pace.outlook is not Outlook.NOT_JUDGED]
    rest = [one.cell.unit.short for one in rows if one.pace.outlook is Outlook.NOT_JUDGED]
    if not told:
        if not any(one.cell.target for one in rows):
            return None
        blank = html.P(say(lang, "pace.hurry_none"), className="hint")
        return cards.panel(say(lang, "pace.hurry"), blank, className="hurry-card")
    late = sum(one.pace.outlook in SLOW for one in told)
    line = say(lang, "pace.hurry_line", late=number(late, lang), all=number(len(told), lang))
    body: list[Any] = [
        html.P(say(lang, "pace.hurry_hint"), className="hint"),
        _table(told, view),
        _unsaid(rest, lang),
    ]
    mark = any(one.cell.figure.illustrative for one in told)
    return cards.panel(
        say(lang, "pace.hurry"),
        body,
        line,
        parts.illustrative_mark(lang, mark),
        className="hurry-card",
    )


def _when(found: Pace, lang: str) -> html.Span | None:
    """When the target is reached, where the chip does not say it already."""
    if found.outlook not in (Outlook.ON_TIME, Outlook.LATE):
        return None
    return html.Span(pace_words.arrival(found, lang), className="hurry-when")


def _unsaid(names: list[str], lang: str) -> html.P | None:
    if not names:
        return None
    shown = names[:_NAMED] + (["…"] if len(names) > _NAMED else [])
    count = number(len(names), lang)
    return html.P(
        say(lang, "pace.hurry_rest", count=count, units=list_words(shown, lang)), className="hint"
    )


def _table(rows: list[UnitPace], view: View) -> html.Div:
    lang = view.lang
    heads = ("unit", "value", "target", "needed", "moved", "share", "outlook")
    names = [
        html.Th(say(lang, f"pace.col_{one}"), scope="col", className=f"col-{one}") for one in heads
    ]
    link = unit_links(view, rows[0].cell.indicator.code)
    body = [_row(one, link(one.cell.unit), lang) for one in rows]
    table = html.Table([html.Thead(html.Tr(names)), html.Tbody(body)], className="hurry")
    label = attributes(aria_label=say(lang, "pace.hurry"))
    return html.Div(table, className="hurry-scroll", tabIndex=0, role="region", **label)


def _row(one: UnitPace, href: str, lang: str) -> html.Tr:
    of, found = one.cell.indicator, one.pace
    needed = moved = share = "–"
    if found.outlook is Outlook.REACHED:
        needed = say(lang, "pace.already")
    elif found.needed is not None:
        needed = pace_words.amount(of, found.needed, lang)
    if found.moved is not None:
        moved = pace_words.amount(of, found.moved, lang)
    if found.share is not None and found.outlook is not Outlook.REACHED:
        share = percent(found.share, lang, 0)
    name = dcc.Link(one.cell.unit.short, href=href, title=one.cell.unit.name)
    return html.Tr(
        [
            html.Th(name, scope="row"),
            html.Td(parts.figure_span(one.cell, lang), className="number"),
            html.Td(target_short(of, one.cell.target, lang), className="number"),
            html.Td(needed, className="number"),
            html.Td(moved, className="number"),
            html.Td(share, className="number"),
            html.Td([outlook_chip(found, lang), _when(found, lang)]),
        ]
    )
