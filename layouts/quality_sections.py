"""The rows that fail, a table for each kind of check, every row with the way to where it is."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import explain, say
from ioc.domain.places import place_words
from ioc.domain.view import View
from ioc.domain.words import moment_words, number, period_words
from ioc.queries.difference_answers import ItemRow, PairRow, SumRow
from ioc.queries.quality_answers import (
    FailingRow,
    HeldLine,
    ItemLine,
    RefusedRow,
    RunLine,
    Section,
    SilentRow,
    SlotRow,
    StaleRow,
)
from layouts import cards, difference_tables, states
from layouts.attributes import attributes
from layouts.record_links import record_href

RECORD = 240
Value = Component | str | None


def panel(section: Section, view: View) -> html.Section:
    """One kind of check: how many failed, and which."""
    lang = view.lang
    title = say(lang, f"quality.fail_{section.check.value}")
    if not section.failed:
        words = say(lang, "quality.all_passed", made=number(section.made, lang))
        title = say(lang, f"quality.check_{section.check.value}")
        title = title[:1].upper() + title[1:]
        return cards.panel(title, html.P(words, className="quality-well"))
    line = say(
        lang,
        "quality.failed_line",
        failed=number(section.failed, lang),
        made=number(section.made, lang),
    )
    body: list[Component] = []
    if not section.browse:
        body.append(states.not_allowed(lang))
        body.append(html.P(say(lang, "quality.no_browse"), className="hint"))
    elif section.rows:
        body.append(html.Div(_table(section.rows, view), className="scroll-x", tabIndex=0))
    if section.untold:
        count = number(section.untold, lang)
        body.append(html.P(say(lang, "quality.untold", count=count), className="hint"))
    return cards.panel(title, body, line)


def _table(rows: Sequence[FailingRow], view: View) -> html.Table:
    first = rows[0]
    if isinstance(first, PairRow):
        return difference_tables.pairs([one for one in rows if isinstance(one, PairRow)], view)
    if isinstance(first, SumRow):
        return difference_tables.sums([one for one in rows if isinstance(one, SumRow)], view)
    if isinstance(first, ItemRow):
        return difference_tables.items([one for one in rows if isinstance(one, ItemRow)], view)
    heads = _HEADS[type(first)]
    lang = view.lang
    names = [html.Th(say(lang, f"quality.col_{one}"), scope="col") for one in heads]
    body = [
        html.Tr(
            [
                html.Td(value, **attributes(data_label=say(lang, f"quality.col_{head}")))
                for head, value in zip(heads, _values(one, view), strict=True)
            ]
        )
        for one in rows
    ]
    return html.Table([html.Thead(html.Tr(names)), html.Tbody(body)], className="quality-rows")


_HEADS: dict[type, tuple[str, ...]] = {
    RefusedRow: ("place", "reason", "record", "from", "run"),
    SlotRow: ("due", "state", "arrived", "reason", "from"),
    StaleRow: ("from", "figure", "good", "limit", "count"),
    SilentRow: ("unit_name", "figure", "period", "last"),
    HeldLine: ("figure", "unit_name", "from", "count"),
    RunLine: ("run", "from", "read", "absent"),
    ItemLine: ("item", "register", "unit_name", "missing"),
}


def _values(one: FailingRow, view: View) -> Sequence[Value]:
    lang = view.lang
    if isinstance(one, RefusedRow):
        record = one.record if len(one.record) <= RECORD else one.record[: RECORD - 1] + "…"
        way = View(page="source", source=one.source, run=one.run, reason=one.code, lang=lang)
        return (
            place_words(one.place, lang),
            explain(lang, one.code, one.params),
            html.Code(record),
            source_link(one.source, one.title, view),
            dcc.Link(say(lang, "quality.run", run=one.run), href=way.href()),
        )
    if isinstance(one, SlotRow):
        return (
            moment_words(one.due, lang),
            say(lang, f"quality.slot_{one.state}"),
            moment_words(one.arrived, lang) if one.arrived else say(lang, "quality.never"),
            explain(lang, one.code) if one.code else "",
            source_link(one.source, one.title, view),
        )
    if isinstance(one, StaleRow):
        return (
            source_link(one.source, one.title, view),
            f"{one.indicator.code} {one.indicator.short.say(lang)}",
            moment_words(one.last_good, lang) if one.last_good else say(lang, "quality.never"),
            say(lang, "quality.hours", hours=number(one.hours, lang)),
            number(one.figures, lang),
        )
    if isinstance(one, SilentRow):
        last = period_words(one.last, lang, short=True) if one.last else ""
        href = record_href(view, one.unit.key, one.indicator.code, one.period)
        return (
            dcc.Link(one.unit.short, href=view.href(page="unit", unit=one.unit.key, **_PLAIN)),
            dcc.Link(f"{one.indicator.code} {one.indicator.short.say(lang)}", href=href),
            period_words(one.period, lang, short=True),
            last,
        )
    if isinstance(one, HeldLine):
        return (
            f"{one.indicator.code} {one.indicator.short.say(lang)}",
            one.unit.short,
            source_link(one.source, one.title, view),
            number(one.figures, lang),
        )
    if isinstance(one, RunLine):
        return (
            say(lang, "quality.run", run=one.run),
            source_link(one.source, one.title, view),
            number(one.read, lang),
            number(one.absent, lang),
        )
    assert isinstance(one, ItemLine)
    return (
        item_link(one.register, one.key, one.title, view),
        one.name,
        one.unit.short if one.unit else say(lang, "quality.never"),
        ", ".join(one.fields),
    )


_PLAIN: dict[str, object] = {
    "form": None, "criterion": None, "source": None, "register": None, "indicator": None,
    "sheet": 1,
}  # fmt: skip


def source_link(name: str, title: str, view: View) -> dcc.Link:
    """The way to a source's page."""
    return dcc.Link(title, href=View(page="source", source=name, lang=view.lang).href())


def item_link(register: str, key: str, title: str, view: View) -> dcc.Link:
    """The way to an item's page."""
    href = View(page="item", item=key, register=register, lang=view.lang).href()
    return dcc.Link(title or key, href=href)
