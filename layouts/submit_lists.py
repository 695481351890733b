"""Who is due and who sent what: the coverage of a form and the history of its deliveries."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import date_words, moment_words, number, period_words
from ioc.web.submit_answers import DueRow, Sent, SubmitPage
from layouts import cards, states
from layouts.attributes import attributes
from layouts.submit_controls import home

DUE_SIGNS = {"sent": "●", "sent_late": "●", "waiting": "○", "late": "▲"}
STATE_SIGNS = {
    "checked": "○", "confirming": "◐", "confirmed": "●", "withdrawn": "■", "expired": "×",
}  # fmt: skip
NOBODY = ("", "127.0.0.1")


def due(answer: SubmitPage, view: View) -> Component:
    """Every unit asked and how it stands with each open period, with counts of the chosen one."""
    lang = view.lang
    title = say(lang, "submit.due_title")
    if not answer.due or answer.period is None or answer.period not in answer.periods:
        empty = states.blank(title, say(lang, "submit.due_empty"))
        return cards.panel(title, empty)
    at = answer.periods.index(answer.period)
    owed = [row.states[at] for row in answer.due if row.states[at]]
    sent = sum(state in ("sent", "sent_late") for state in owed)
    when = period_words(answer.period, lang)
    line = say(
        lang, "submit.due_line", sent=number(sent, lang), asked=number(len(owed), lang), period=when
    )
    counts = {
        "sent": sent,
        "waiting": owed.count("waiting"),
        "late": owed.count("late"),
    }
    heads = [
        html.Th(
            [
                period_words(period, lang, short=True),
                html.Span(
                    say(lang, "submit.due_until", day=date_words(day, lang)), className="due-day"
                ),
            ],
            scope="col",
            className="is-here" if period == answer.period else "",
        )
        for period, day in zip(answer.periods, answer.due_days, strict=True)
    ]
    table = html.Table(
        [
            html.Thead(html.Tr([html.Th(say(lang, "submit.col_unit"), scope="col"), *heads])),
            html.Tbody([_due_row(row, answer, view) for row in answer.due]),
        ],
        className="submit-due",
        **attributes(aria_label=say(lang, "submit.due_label")),
    )
    summary = html.Div(
        [
            html.Div(
                [
                    html.Span(number(count, lang), className="figure state-number"),
                    due_chip(state, say(lang, f"submit.due_count_{state}")),
                ],
                className="due-count" + ("" if count else " is-none"),
            )
            for state, count in counts.items()
        ],
        className="due-counts",
    )
    return cards.panel(title, [summary, html.Div(table, className="scroll-x")], line)


def _due_row(row: DueRow, answer: SubmitPage, view: View) -> html.Tr:
    lang = view.lang
    cells = []
    for period, state, moment in zip(answer.periods, row.states, row.moments, strict=True):
        if not state:
            cells.append(html.Td(say(lang, "submit.due_none"), className="due-none"))
            continue
        chip = due_chip(state, say(lang, f"submit.due_{state}"))
        when = None
        if moment is not None:
            when = html.Span(moment_words(moment, lang), className="due-when")
        link = dcc.Link(chip, href=home(answer, view, unit=row.unit.key, period=period))
        cells.append(html.Td([link, when] if when else link))
    name = dcc.Link(row.unit.name, href=home(answer, view, unit=row.unit.key))
    return html.Tr([html.Th(name, scope="row"), *cells])


def due_chip(state: str, words: str) -> html.Span:
    """How a unit stands with a period, as shape, colour and word."""
    sign = html.Span(DUE_SIGNS[state], className="sign", **attributes(aria_hidden="true"))
    return html.Span([sign, html.Span(words, className="word")], className=f"chip due-{state}")


def history(answer: SubmitPage, view: View) -> Component:
    """The deliveries of the form, of one unit or of all, newest first."""
    lang = view.lang
    title = say(lang, "submit.history_title")
    if not answer.history or answer.form is None:
        hint = say(lang, "submit.history_none_hint")
        return cards.panel(title, states.blank(say(lang, "submit.history_none"), hint))
    shown, count = len(answer.history), answer.history_count
    key = "submit.history_line" if shown == count else "submit.history_line_shown"
    line = say(lang, key, shown=number(shown, lang), count=number(count, lang))
    asked = {"source": answer.form.name, "lang": lang}
    if answer.unit is not None:
        asked["unit"] = answer.unit.key
    file = html.A(
        say(lang, "submit.history_csv"),
        href="/submissions/history.csv?" + urlencode(asked),
        className="more",
        download="",
    )
    columns = ["when", "unit", "period", "file", "people", "counts", "state"]
    if answer.unit is not None:
        columns.remove("unit")
    heads = [
        html.Th(say(lang, f"submit.col_{name}"), scope="col", className=f"col-{name}")
        for name in columns
    ]
    table = html.Table(
        [
            html.Thead(html.Tr(heads)),
            html.Tbody([_sent_row(one, columns, view) for one in answer.history]),
        ],
        className="submit-history",
        **attributes(aria_label=say(lang, "submit.history_label")),
    )
    return cards.panel(title, html.Div(table, className="scroll-x"), line, file)


def _sent_row(sent: Sent, columns: list[str], view: View) -> html.Tr:
    lang, one = view.lang, sent.delivery
    opened = view.href(
        page="submit", delivery=one.token, form=None, source=None, unit="vn", period=None
    )
    cells: dict[str, Any] = {
        "unit": sent.unit.name if sent.unit else "–",
        "period": period_words(sent.period, lang, short=True) if sent.period else one.period,
        "file": [
            dcc.Link(one.file, href=opened, title=say(lang, "submit.open_delivery")),
            html.Span(
                say(lang, "submit.hash", hash=f"{one.sha256[:12]}…"),
                className="submit-hash",
                title=one.sha256,
            ),
            html.A(
                say(lang, "submit.download_file"),
                href=f"/submissions/{one.token}/file",
                className="submit-file",
                download="",
            ),
        ],
        "people": _people(sent, lang),
        "counts": say(
            lang,
            "submit.counts",
            accepted=number(one.counts.accepted, lang),
            unchanged=number(one.counts.unchanged, lang),
            rejected=number(one.counts.rejected, lang),
            held=number(one.counts.held, lang),
            missing=number(one.counts.missing, lang),
        ),
        "state": state_chip(sent.state, lang),
    }
    drawn: list[Component] = [
        html.Th(moment_words(one.uploaded_at, lang), scope="row", className="col-when")
    ]
    for name in columns[1:]:
        label = attributes(data_label=say(lang, f"submit.col_{name}"))
        drawn.append(html.Td(cells[name], className=f"col-{name}", **label))
    return html.Tr(drawn)


def _people(sent: Sent, lang: str) -> list[Component | str]:
    one = sent.delivery
    key = "submit.people" if one.approver else "submit.people_no_approver"
    words = say(lang, key, reporter=one.reporter, approver=one.approver, by=_who(one.by, lang))
    if sent.state != "confirmed":
        return [words]
    by = say(lang, "submit.confirmed_by", by=_who(one.decided_by, lang))
    return [words, html.Span(by, className="submit-confirmed-by")]


def _who(name: str, lang: str) -> str:
    return say(lang, "submit.nobody") if name in NOBODY else name


def state_chip(state: str, lang: str) -> html.Span:
    """The state of a delivery as shape, colour and word."""
    sign = html.Span(STATE_SIGNS[state], className="sign", **attributes(aria_hidden="true"))
    word = html.Span(say(lang, f"submit.state_{state}"), className="word")
    return html.Span([sign, word], className=f"chip sent-{state}")
