"""The timeline: what is due week by week, and item by item how far it slipped."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.register import Register
from ioc.domain.scope import Scope
from ioc.domain.times import date_words
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.register_answers import ItemRow
from ioc.queries.register_time import Timeline, Week
from layouts import cards, item_parts, states, time_rows
from layouts.attributes import attributes
from layouts.register_forms import Form


def _load(desk: Desk, view: View, scope: Scope, register: Register) -> Timeline:
    from ioc.queries.register_time import timeline

    return timeline(desk, view, scope, register)


def render(answer: Timeline, view: View) -> Component:
    """Weeks, then the open items, the one that slipped most first, then those done last."""
    lang = view.lang
    rows = (*answer.rows, *answer.done)
    if not rows and not answer.total.all:
        return html.Section(states.empty(lang), className="card-box")
    return html.Div(
        [
            html.P(said(answer, lang), className="form-said"),
            _weeks(answer, view),
            _list(answer.rows, answer, view, "timeline_open"),
            item_parts.sheets(view, answer.register, answer.sheet, answer.sheets, "timeline"),
            _list(answer.done, answer, view, "timeline_done") if answer.done else None,
        ],
        className="form-timeline",
    )


def said(answer: Timeline, lang: str) -> str:
    """The timeline in a sentence or two."""
    words = [
        say(
            lang,
            "register_forms.time_said",
            open=number(answer.total.open, lang),
            overdue=number(answer.total.overdue, lang),
            soon=number(answer.total.soon, lang),
            done=number(answer.total.done, lang),
        )
    ]
    if answer.total.unknown:
        count = number(answer.total.unknown, lang)
        words.append(say(lang, "register_forms.time_unknown", count=count))
    worst = max(
        (row for row in answer.rows if row.slip and row.slip > 0),
        key=lambda row: row.slip or 0,
        default=None,
    )
    if worst is not None:
        words.append(
            say(
                lang,
                "register_forms.time_worst",
                title=worst.title,
                days=number(worst.slip or 0, lang),
            )
        )
    return " ".join(words)


def _weeks(answer: Timeline, view: View) -> html.Section | None:
    lang = view.lang
    most = max((one.overdue + one.open + one.done for one in answer.weeks), default=0)
    if not most:
        return None
    text = "; ".join(
        say(
            lang,
            "register_forms.week_said",
            day=date_words(one.first, lang),
            overdue=one.overdue,
            open=one.open,
            done=one.done,
        )
        for one in answer.weeks
        if one.overdue + one.open + one.done
    )
    bars = html.Div(
        [_week(one, most, answer, lang) for one in answer.weeks],
        className="week-bars",
        role="img",
        **attributes(aria_label=text),
    )
    keys = html.P(
        [
            html.Span(
                [
                    html.Span(className=f"week-key week-{one}"),
                    say(lang, f"register_forms.week_{one}"),
                ],
                className="tl-legend-item",
            )
            for one in ("overdue", "open", "done")
        ],
        className="tl-legend",
    )
    return cards.panel(
        say(lang, "register_forms.weeks"),
        [bars, keys],
        say(lang, "register_forms.weeks_line"),
        className="weeks-card",
    )


def _week(week: Week, most: int, answer: Timeline, lang: str) -> html.Div:
    now = 0 <= (answer.today - week.first).days < 7
    count = week.overdue + week.open + week.done
    parts = [
        html.Span(className=f"week-part week-{name}", style={"height": f"{100 * some / most:.1f}%"})
        for name, some in (("overdue", week.overdue), ("open", week.open), ("done", week.done))
        if some
    ]
    return html.Div(
        [
            html.Span(number(count, lang) if count else "", className="week-count"),
            html.Div(parts, className="week-stack"),
            html.Span(f"{week.first:%d/%m}", className="week-day"),
        ],
        className="week is-now" if now else "week",
    )


def _list(rows: Sequence[ItemRow], answer: Timeline, view: View, title: str) -> html.Section | None:
    lang = view.lang
    if not rows:
        hint = say(lang, "register_forms.none_open_hint")
        blank = states.blank(say(lang, "register_forms.none_open"), hint, sign="●")
        return html.Section(blank, className="card-box")
    span = time_rows.span_of(answer.register, rows, answer.today)
    return cards.panel(
        say(lang, f"register_forms.{title}"),
        [
            time_rows.axis(span, answer.today, lang),
            html.Ol([_row(row, span, answer, view) for row in rows], className="tl-rows"),
            time_rows.legend(lang, view),
        ],
        say(lang, f"register_forms.{title}_line"),
        item_parts.marked(rows, lang),
        className="tl-card",
    )


def _row(row: ItemRow, span: time_rows.Span, answer: Timeline, view: View) -> html.Li:
    lang = view.lang
    return html.Li(
        [
            html.Div(
                [
                    item_parts.item_link(row, view),
                    html.Span(
                        " · ".join(
                            one
                            for one in (
                                item_parts.owner(row),
                                row.state.name.say(lang),
                                time_rows.dates_said(answer.register, row, lang),
                            )
                            if one
                        ),
                        className="tl-facts",
                    ),
                ],
                className="tl-what",
            ),
            time_rows.line(answer.register, row, span, answer.today),
            html.Span(
                [
                    html.B(time_rows.slip_days(row, lang)),
                    html.Span(item_parts.slip_said(row, lang), className="tl-work")
                    if row.slip and row.slip > 0
                    else None,
                ],
                className=f"tl-much {item_parts.look(row)}",
            ),
        ],
        className="tl-row",
    )


FORM = Form(
    name="timeline",
    words="register_forms.form_timeline",
    load=_load,
    render=render,
    fits=lambda register: register.due is not None,
    order=20,
)
