"""Tables of a figure's record: its versions, and the account of a total and its parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Figure, Kind
from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import empty_words, figure_words, moment_words, number, period_words
from ioc.queries.record_answers import Account, Change, Learned, Part, Record
from layouts import cards, states
from layouts.record_links import record_href

NAMED = 12
"""Parts that a sentence names; more are counted."""
_LEFT_OUT = ("silent", "bare", "stated")


def versions(answer: Record, view: View) -> html.Section:
    """Every version of the figure by every source; for a sum, what it was over time."""
    lang = view.lang
    if answer.learned:
        rows = [_version(one, answer.indicator, lang) for one in answer.learned]
        heads = [
            "recorded",
            "value",
            *_counted(answer.indicator),
            "source",
            "run",
            "changed",
            "why",
        ]
        table = html.Table([_head(heads, lang), html.Tbody(rows)], className="record-versions")
        return cards.panel(
            say(lang, "record.versions"),
            html.Div(table, className="scroll-x record-sums", tabIndex=0),
            say(lang, "record.versions_line"),
        )
    if answer.shown:
        return _sums(answer, lang)
    key = "versions_none" if answer.cell.received else "nothing"
    blank = states.blank(say(lang, f"record.{key}"), say(lang, f"record.{key}_hint"))
    return cards.panel(say(lang, "record.versions"), blank)


def _counted(indicator: Indicator) -> list[str]:
    return ["num", "den"] if indicator.kind is Kind.RATIO else []


def _head(names: Iterable[str], lang: str) -> html.Thead:
    heads = [
        html.Th(say(lang, f"record.col_{one}"), scope="col", className=f"col-{one}")
        for one in names
    ]
    return html.Thead(html.Tr(heads))


def _version(one: Learned, indicator: Indicator, lang: str) -> html.Tr:
    why: list[Component | str] = [say(lang, f"record.why_{one.why}", rank=one.rank)]
    if one.standing:
        why.insert(0, html.Strong(f"✓ {say(lang, 'record.stands')}"))
    run = say(lang, "record.run_id", run=one.run_id)
    if one.run is not None:
        started = moment_words(one.run.started, lang)
        outcome = say(lang, f"record.outcome_{one.run.outcome}")
        ran = html.Span(run, title=f"{started} · {outcome}")
    else:
        ran = html.Span(run)
    source: list[Component] = [
        dcc.Link(one.title, href=View(page="source", source=one.source, lang=lang).href())
    ]
    if one.citation:
        source.append(html.Cite(one.citation))
    cells = [
        html.Td(moment_words(one.recorded_at, lang), className="figure"),
        html.Td(figure_words(indicator, one.figure, lang), className="figure"),
    ]
    if _counted(indicator):
        cells += [
            html.Td(_number(part, indicator, lang), className="figure number")
            for part in (one.figure.numerator, one.figure.denominator)
        ]
    cells += [
        html.Td(source, className="from"),
        html.Td(ran),
        html.Td(_changed(one.changes, indicator, lang), className="changed"),
        html.Td(html.Span(why, className="why-words")),
    ]
    return html.Tr(cells, className="is-standing" if one.standing else "")


def _changed(changes: Sequence[Change] | None, indicator: Indicator, lang: str) -> str:
    """What a version changed, in words: a withdrawal is named, not shown as two numbers."""
    if changes is None:
        return say(lang, "record.first_word")
    by_part = {one.part: one for one in changes}
    if not by_part:
        return say(lang, "record.no_change")
    state = by_part.get("state")
    if state is not None and state.after.empty is not None and state.after.value is None:
        return say(lang, "record.withdrawn", state=empty_words(state.after.empty, lang))
    if state is not None and state.before.empty is not None:
        return say(lang, "record.given_again")
    said = []
    for name in ("value", "numerator", "denominator", "bound"):
        one = by_part.get(name)
        if one is not None and (words := _change(name, one, indicator, lang)):
            said.append(words)
    return " · ".join(said) or say(lang, "record.no_change")


def _change(name: str, one: Change, indicator: Indicator, lang: str) -> str:
    before, after = (_text(name, figure, indicator, lang) for figure in (one.before, one.after))
    if before == after:
        # Too small to be read; what was counted tells it.
        return ""
    if name == "value":
        return say(lang, "record.changed_value", before=before, after=after)
    part = say(lang, f"record.{name}")
    return say(lang, "record.changed_part", part=part, before=before, after=after)


def _text(name: str, figure: Figure, indicator: Indicator, lang: str) -> str:
    if name == "value":
        return figure_words(indicator, figure, lang)
    if name == "bound":
        return say(lang, f"record.bound_{figure.bound.name.lower()}")
    part = figure.numerator if name == "numerator" else figure.denominator
    return _number(part, indicator, lang)


def _number(part: Fraction | None, indicator: Indicator, lang: str) -> str:
    if part is None:
        return say(lang, "record.unknown")
    return number(part, lang, indicator.scale, trim=True)


def _sums(answer: Record, lang: str) -> html.Section:
    of = answer.indicator
    rows = []
    for one in answer.shown:
        cells = [
            html.Td(moment_words(one.recorded_at, lang), className="figure"),
            html.Td(figure_words(of, one.figure, lang), className="figure"),
        ]
        if _counted(of):
            cells += [
                html.Td(_number(part, of, lang), className="figure number")
                for part in (one.figure.numerator, one.figure.denominator)
            ]
        cells.append(html.Td(number(one.reported, lang), className="figure number"))
        rows.append(html.Tr(cells))
    heads = _head(["recorded", "value", *_counted(of), "reported"], lang)
    table = html.Table([heads, html.Tbody(rows)], className="record-versions")
    line = say(lang, "record.sums_line", shown=len(answer.shown), count=answer.shown_count)
    return cards.panel(
        say(lang, "record.sums"),
        html.Div(table, className="scroll-x record-sums", tabIndex=0),
        line,
    )


def account(answer: Record, view: View) -> html.Section | None:
    """The total and its parts, and in words what is left between them."""
    lang, kept = view.lang, answer.account
    if kept is None:
        return None
    of = answer.indicator
    heads = ["part", *(["num", "den"] if _counted(of) else []), "value", "in"]
    named = {"part": "account_part", "in": "account_in"}
    columns = [
        html.Th(
            say(lang, f"record.{named.get(one, f'col_{one}')}"),
            scope="col",
            className=f"col-{one}",
        )
        for one in heads
    ]
    body = [_part(one, answer, view) for one in kept.parts]
    table = html.Table(
        [html.Thead(html.Tr(columns)), html.Tbody(body), html.Tfoot(_foot(kept, answer, lang))],
        className="record-account",
    )
    said = [html.P(words, className=look) for look, words in _reasons(kept, answer, lang)]
    return cards.panel(
        say(lang, f"record.account_{kept.by}"),
        [
            html.Div(said, className="account-reasons"),
            html.Div(table, className="scroll-x account-box", tabIndex=0),
        ],
        say(lang, "record.account_line"),
        className="record-balance",
    )


def _part(one: Part, answer: Record, view: View) -> html.Tr:
    lang, of = view.lang, answer.indicator
    name: Component | str = say(lang, "record.account_others")
    if one.unit is not None:
        months = answer.account is not None and answer.account.by == "months"
        words = period_words(one.period, lang) if months else one.unit.name
        href = record_href(view, one.unit.key, of.code, one.period, answer.breakdown)
        name = dcc.Link(words, href=href, title=say(lang, "record.to_record"))
    marks = []
    if one.own and not _all_own(answer):
        marks.append(html.Span(say(lang, "record.own_word"), className="part-mark"))
    if one.unit is not None and one.unit.ended is not None:
        marks.append(html.Span(say(lang, "record.former_word"), className="part-mark"))
    inside = "in_sum" if one.counts else f"not_in_{one.why}"
    return html.Tr(
        [
            html.Th([name, *marks], scope="row"),
            *_pair((one.figure.numerator, one.figure.denominator), of, lang),
            html.Td(figure_words(of, one.figure, lang), className="figure number"),
            html.Td(say(lang, f"record.{inside}")),
        ],
        className="" if one.counts else "is-out",
    )


def _all_own(answer: Record) -> bool:
    """Whether every part reported itself, so that it need not be said of each."""
    return answer.account is None or all(one.own for one in answer.account.parts if one.counts)


def _pair(pair: tuple[Fraction | None, Fraction | None], of: Indicator, lang: str) -> list[html.Td]:
    if not _counted(of):
        return []
    return [html.Td(_number(one, of, lang), className="figure number") for one in pair]


def _foot(kept: Account, answer: Record, lang: str) -> list[html.Tr]:
    """The sum, the total, and the difference where the two are not the same."""
    of = answer.indicator
    ratio = bool(_counted(of))
    above, below = kept.sum_of
    value = above / below if below else None if ratio else above
    summed = Figure(of.kind, value, above if ratio else None, below)
    rows = [_total("account_sum", summed, of, lang), _total("account_whole", kept.whole, of, lang)]
    if kept.difference is not None and not kept.balanced:
        left = kept.difference
        cells = _pair(left, of, lang) or []
        shown = "" if ratio else _number(left[0], of, lang)
        name = html.Th(say(lang, "record.account_difference"), scope="row")
        last = html.Td(shown, className="figure number")
        rows.append(html.Tr([name, *cells, last, html.Td("")], className="is-difference"))
    return rows


def _total(key: str, shown: Figure, of: Indicator, lang: str) -> html.Tr:
    words = say(lang, "record.unknown")
    if shown.value is not None or shown.empty is not None:
        words = figure_words(of, shown, lang)
    return html.Tr(
        [
            html.Th(say(lang, f"record.{key}"), scope="row"),
            *_pair((shown.numerator, shown.denominator), of, lang),
            html.Td(words, className="figure number"),
            html.Td(""),
        ]
    )


def _reasons(kept: Account, answer: Record, lang: str) -> list[tuple[str, str]]:
    """Whether it comes out, why where it does not, and what is not in the sum."""
    unit = answer.unit.name
    said: list[tuple[str, str]] = []
    if kept.own:
        bare = kept.difference is None
        key = "account_own_bare" if bare else "account_own"
        words = say(lang, f"record.{key}", unit=unit, source=answer.source_title)
        said.append(("is-balanced" if kept.balanced else "is-open", words))
    elif kept.difference is None:
        said.append(("is-open", say(lang, "record.account_no_whole", unit=unit)))
    if kept.balanced:
        said.append(("is-balanced", f"✓ {say(lang, 'record.account_balanced')}"))
    for why in _LEFT_OUT:
        left = kept.left_out(why)
        if left:
            names = _names(left, kept, lang)
            said.append(("", say(lang, f"record.account_{why}", count=len(left), names=names)))
    if kept.left_out("earlier"):
        said.append(("", say(lang, "record.account_earlier")))
    former = [one for one in kept.parts if one.counts and one.unit and one.unit.ended]
    if former and kept.by == "units":
        names = _names(former, kept, lang)
        said.append(("", say(lang, "record.account_former", names=names)))
    return said


def _names(left: Sequence[Part], kept: Account, lang: str) -> str:
    """The first of them by name; months by their period."""
    months = kept.by == "months"
    named = [
        period_words(one.period, lang) if months else one.unit.short
        for one in left
        if one.unit is not None
    ]
    names = ", ".join(named[:NAMED])
    if len(named) <= NAMED:
        return names
    return say(lang, "record.account_more", names=names, count=len(named) - NAMED)
