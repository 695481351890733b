"""The cards about similar units: who improved, why they are called similar, what they recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.indicator import Direction
from ioc.domain.messages import say
from ioc.domain.numbers import number, percent
from ioc.domain.peers import KINDS, MOST, NUMBERS
from ioc.domain.peers_words import kind_words
from ioc.domain.view import View
from ioc.domain.words import change_words, figure_words, period_words
from ioc.queries.peers_answers import Known, PeerRow, Peers
from ioc.queries.register_answers import ItemRow
from layouts import cards, states
from layouts import components as parts
from layouts.item_parts import item_link, owner, register_address, value_of
from layouts.links import unit_link
from layouts.record_links import record_link


def change(row: PeerRow, answer: Peers, lang: str) -> str:
    """The change as the indicator says it, not turned to the better direction."""
    if row.gain is None:
        return say(lang, "peers.uneven")
    turned = answer.indicator.direction is Direction.DOWN
    return change_words(answer.indicator, -row.gain if turned else row.gain, lang)


def said(answer: Peers, lang: str) -> str:
    """Who improved most, and what the unit itself did, in two sentences."""
    best, own = answer.best, answer.own
    words = say(lang, "peers.best_none")
    if best is not None:
        words = say(lang, "peers.best", unit=best.unit.name, change=change(best, answer, lang))
    if own is None:
        return words
    if own.gain is None:
        return f"{words} {say(lang, 'peers.own_none', unit=own.unit.name)}"
    told = say(lang, "peers.own", unit=own.unit.name, change=change(own, answer, lang))
    return f"{words} {told}"


def improved(answer: Peers, view: View) -> html.Section:
    """The unit and its peers with both figures, the most improved first."""
    lang = view.lang
    if answer.own is None or answer.period is None or answer.before is None or not answer.rows:
        blank = states.blank(say(lang, "peers.none"), say(lang, "peers.none_hint"))
        return cards.panel(say(lang, "peers.rows"), blank)
    line = say(
        lang,
        "peers.rows_line",
        indicator=answer.indicator.short.say(lang),
        before=period_words(answer.before, lang),
        now=period_words(answer.period, lang),
    )
    keys = ["unit", "before", "now", "change", "practices"]
    if answer.known is Known.FEATURES:
        keys.insert(1, "distance")
    heads = [
        html.Th(say(lang, f"peers.col_{key}"), scope="col", className="figure" if at else "")
        for at, key in enumerate(keys)
    ]
    counted = Counter(one.unit.id for one in answer.practices if one.unit)
    rows = [_row(one, answer, counted, view) for one in (answer.own, *answer.rows)]
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="peers-table")
    keys_of = ",".join(one.unit.key for one in (answer.own, *answer.rows[:7]))
    compare = dcc.Link(
        say(lang, "peers.to_compare"),
        href=view.href(
            page="compare", unit=_group(answer), units=tuple(keys_of.split(",")), before=None,
            form="multiples", indicator=answer.indicator.code,
        ),
        className="more",
    )  # fmt: skip
    return cards.panel(
        say(lang, "peers.rows"),
        [
            html.P(said(answer, lang), className="peers-said"),
            html.Div(table, className="scroll-x", tabIndex=0),
            html.P(say(lang, "peers.cause"), className="hint"),
            html.P(compare) if not view.wall else None,
        ],
        line,
        parts.illustrative_mark(lang, answer.stamp.illustrative),
        className="peers-improved",
    )


def _group(answer: Peers) -> str:
    """The unit whose units are compared: the one above."""
    above = answer.crumbs[-2].key if len(answer.crumbs) > 1 else "vn"
    return {"province": "local", "ministry": "gov"}.get(answer.unit.level, above)


def _row(row: PeerRow, answer: Peers, counted: Counter[int], view: View) -> html.Tr:
    lang, of, own = view.lang, answer.indicator, row is answer.own
    name: list[Component | str] = [
        dcc.Link(row.unit.name, href=unit_link(view.but(before=None), row.unit, of.code))
    ]
    if own:
        name.append(html.Span(say(lang, "peers.self"), className="part-mark"))
    elif row is answer.best:
        name.append(html.Span("▲", className="peers-best", title=say(lang, "peers.col_gain")))
    cells = []
    if answer.known is Known.FEATURES:
        words = number(_two(row.distance), lang, 2) if row.distance is not None else ""
        cells.append(html.Td(words, className="figure"))
    cells += [
        html.Td(
            record_link(view, one, html.Span(figure_words(of, one.figure, lang))),
            className="figure",
        )
        for one in (row.before, row.now)
    ]
    cells.append(html.Td(change(row, answer, lang), className="figure"))
    count = counted[row.unit.id]
    cells.append(html.Td(number(count, lang) if count else "", className="figure"))
    return html.Tr([html.Th(name, scope="row"), *cells], className="is-own" if own else "")


def _two(value: float) -> Fraction:
    return Fraction(round(value * 100), 100)


def features(answer: Peers, view: View) -> html.Section | None:
    """The features that were compared and how, or that nothing honest is known."""
    lang = view.lang
    if answer.known is not Known.FEATURES or answer.own is None or answer.own.features is None:
        if answer.known is Known.NO_UNIT:
            return None
        key = "features_kind" if answer.known is Known.KIND else "features_nothing"
        return cards.panel(say(lang, "peers.features"), html.P(say(lang, f"peers.{key}")))
    names = (*NUMBERS, *KINDS)
    heads = [html.Th(say(lang, "peers.col_unit"), scope="col")]
    heads += [
        html.Th(say(lang, f"peers.feature_{name}"), scope="col", className="figure")
        for name in names
    ]
    rows = [_features(one, names, lang) for one in (answer.own, *answer.rows)]
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="peers-table")
    return cards.panel(
        say(lang, "peers.features"),
        [
            html.Div(table, className="scroll-x", tabIndex=0),
            html.P(say(lang, "peers.features_method", count=MOST), className="hint"),
            html.P(say(lang, "peers.features_source"), className="hint"),
        ],
        say(lang, "peers.features_line"),
    )


def _features(row: PeerRow, names: Sequence[str], lang: str) -> html.Tr:
    cells = [html.Td(_feature(row, name, lang), className="figure") for name in names]
    return html.Tr([html.Th(row.unit.short, scope="row"), *cells])


def _feature(row: PeerRow, name: str, lang: str) -> str:
    of = row.features
    if of is None:
        return say(lang, "words.nothing")
    gap = (row.apart or {}).get(name)
    if name in KINDS:
        return kind_words(of, row.apart, name, lang)
    if name not in of.numbers:
        return say(lang, "words.nothing")
    value = Fraction(of.numbers[name])
    words = percent(value, lang, 0) if name == "ward_share" else number(value, lang)
    if gap is None:
        return words
    return say(lang, "peers.apart", value=words, gap=number(_two(gap), lang, 2))


def practices(answer: Peers, view: View) -> html.Section | None:
    """What these units recorded about the indicator, with the grade of the evidence."""
    if answer.known is Known.NO_UNIT:
        return None
    lang = view.lang
    line = say(lang, "peers.practices_line", indicator=answer.indicator.code)
    body: list[Component | None] = []
    if answer.practices:
        body.append(_practices(answer.practices, answer, view))
    else:
        none, hint = say(lang, "peers.practices_none"), say(lang, "peers.practices_none_hint")
        body.append(states.blank(none, hint))
    if answer.elsewhere:
        words = say(lang, "peers.elsewhere", count=number(len(answer.elsewhere), lang))
        table = _practices(answer.elsewhere, answer, view)
        body.append(html.Details([html.Summary(words), table], className="peers-elsewhere"))
    if answer.register is not None and not view.wall:
        keep = View(known_at=view.known_at, lang=lang)
        where = (f"indicator.{answer.indicator.code}",)
        href = register_address(keep, answer.register.key, where=where)
        body.append(html.P(dcc.Link(say(lang, "peers.to_register"), href=href, className="more")))
    return cards.panel(say(lang, "peers.practices"), body, line)


def _practices(rows: Sequence[ItemRow], answer: Peers, view: View) -> html.Div:
    lang, register = view.lang, answer.register
    heads = [
        html.Th(say(lang, f"peers.col_{key}"), scope="col")
        for key in ("practice", "owner", "quarter", "grade", "result", "state")
    ]
    fields = {one.name: one for one in register.fields} if register else {}
    keep = View(known_at=view.known_at, lang=lang)
    body = []
    for row in rows:
        said_of = [
            html.Td(value_of(row, fields[name], lang) if name in fields else "")
            for name in ("quarter", "grade", "result")
        ]
        mark = parts.illustrative_mark(lang, row.illustrative)
        body.append(
            html.Tr(
                [
                    html.Th([item_link(row, keep), mark], scope="row"),
                    html.Td(owner(row)),
                    *said_of,
                    html.Td(row.state.name.say(lang)),
                ]
            )
        )
    table = html.Table([html.Thead(html.Tr(heads)), html.Tbody(body)], className="peers-table")
    return html.Div(table, className="scroll-x", tabIndex=0)
