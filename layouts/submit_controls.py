"""Choosing form, unit and period; the template to download and the place of the file to send."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say, sentences
from ioc.domain.period import Period
from ioc.domain.unit_names import folded
from ioc.domain.view import View
from ioc.domain.words import date_words, number, period_words
from ioc.web.submit_answers import SubmitPage
from layouts import cards
from layouts.attributes import attributes

Option = dict[str, Any]
_FORM_WORDS = (
    "file", "file_pick", "file_none", "reporter", "approver", "send", "sending", "no_file",
    "no_reporter", "too_large", "failed", "refused_title",
)  # fmt: skip


def home(answer: SubmitPage, view: View, **changes: object) -> str:
    """The address of the page with what is chosen, but no delivery opened."""
    kept: dict[str, object] = {
        "source": answer.form.name if answer.form else None,
        "unit": answer.unit.key if answer.unit else "vn",
        "period": answer.period,
        "delivery": None,
        "form": None,
    }
    if answer.period is not None:
        kept["calendar"] = answer.period.calendar
    return view.href(page="submit", **{**kept, **changes})


def bar(answer: SubmitPage, view: View) -> html.Div:
    """The three choices; each option is an address."""
    lang = view.lang
    picks = [
        _pick("form", _forms(answer, view), home(answer, view), lang),
        _pick("unit", _units(answer, view), home(answer, view), lang),
        _pick("period", _periods(answer, view), home(answer, view), lang),
    ]
    return html.Div(html.Div(picks, className="submit-picks"), className="card-box submit-bar")


def _forms(answer: SubmitPage, view: View) -> list[Option]:
    options = []
    for one in answer.forms:
        here = answer.form is not None and one.name == answer.form.name
        href = home(answer, view) if here else _other_form(view, one.name)
        options.append(_option(one.title, href))
    return options


def _other_form(view: View, name: str) -> str:
    """Another form may ask other units for other periods."""
    changes: dict[str, object] = {"source": name, "unit": "vn", "period": None}
    return view.href(page="submit", delivery=None, form=None, calendar=View().calendar, **changes)


def _units(answer: SubmitPage, view: View) -> list[Option]:
    lang = view.lang
    options = [_option(say(lang, "submit.every_unit"), home(answer, view, unit="vn"))]
    options += [
        _option(one.name, home(answer, view, unit=one.key), f"{one.short} {one.key}")
        for one in answer.units
    ]
    return options


def _periods(answer: SubmitPage, view: View) -> list[Option]:
    lang = view.lang
    return [
        _option(_period_words(one, lang), home(answer, view, period=one)) for one in answer.periods
    ]


def _period_words(period: Period, lang: str) -> str:
    words = period_words(period, lang)
    return words[:1].upper() + words[1:]


def _option(words: str, href: str, more: str = "") -> Option:
    search = f"{words} {folded(words)} {more} {folded(more)}"
    return {"label": words, "value": href, "title": words, "search": search}


def _pick(name: str, options: list[Option], value: str, lang: str) -> html.Label:
    """A labelled list of addresses; assets/drill.js goes to the one chosen."""
    words = say(lang, f"submit.pick_{name}")
    typed = say(lang, "submit.pick_unit_hint") if name == "unit" else words
    return html.Label(
        [
            html.Span(words, className="pick-name"),
            dcc.Dropdown(
                id={"type": "filter", "name": f"submit-{name}"},
                options=options,
                value=value,
                placeholder=typed,
                clearable=False,
                searchable=len(options) > 8,
                maxHeight=420,
                labels={
                    "search": typed if name == "unit" else say(lang, "screen.filter_search"),
                    "no_options_found": say(lang, "screen.filter_none"),
                },
            ),
        ],
        className=f"submit-pick is-{name}",
    )


def steps(answer: SubmitPage, view: View) -> Component:
    """Download, fill, send: two cards, or what to choose first."""
    lang = view.lang
    if answer.unit is None or answer.form is None or answer.period is None:
        return html.P(say(lang, "submit.choose_first"), className="submit-first")
    due = answer.due_days[answer.periods.index(answer.period)]
    line = say(
        lang,
        "submit.step_1_line",
        count=number(len(answer.indicators), lang),
        rows=number(answer.about, lang),
        due=date_words(due, lang),
    )
    limit = f"{answer.megabytes:g}"
    return html.Div(
        [
            cards.panel(say(lang, "submit.step_1"), _download(answer, view), line),
            cards.panel(
                say(lang, "submit.step_2"),
                _upload(answer, view),
                say(lang, "submit.step_2_line", megabytes=limit),
            ),
        ],
        className="submit-steps",
    )


def _download(answer: SubmitPage, view: View) -> html.Div:
    lang = view.lang
    assert answer.form is not None, "the caller has looked"
    assert answer.unit is not None, "the caller has looked"
    names = [
        html.Li([html.Span(one.code, className="submit-code"), one.name.say(lang)])
        for one in answer.indicators
    ]
    hint = html.P(answer.form.hint, className="hint") if answer.form.hint else None
    return html.Div(
        [
            html.P(say(lang, "submit.step_1_about")),
            hint,
            html.Ul(names, className="submit-indicators"),
            html.A(
                say(lang, "submit.download"),
                href="/submissions/template.xlsx?" + urlencode(_asked(answer)),
                className="act is-first",
                download="",
            ),
        ],
        className="submit-step",
    )


def _upload(answer: SubmitPage, view: View) -> html.Form:
    """An empty form: assets/submit.js builds its fields, as a page's components have no file."""
    known = sentences(view.lang)
    words = {name: known[f"submit.{name}"] for name in _FORM_WORDS}
    words["too_large"] = say(view.lang, "submit.too_large", megabytes=f"{answer.megabytes:g}")
    return html.Form(
        id="submit-form",
        className="submit-form",
        **attributes(
            data_words=json.dumps(words, ensure_ascii=False),
            data_asked=json.dumps(_asked(answer)),
            data_lang=view.lang,
            data_bytes=int(answer.megabytes * 2**20),
        ),
    )


def _asked(answer: SubmitPage) -> dict[str, str]:
    assert answer.form is not None, "the caller has looked"
    assert answer.unit is not None, "the caller has looked"
    assert answer.period is not None, "the caller has looked"
    return {
        "source": answer.form.name,
        "unit": answer.unit.key,
        "period": answer.period.code,
    }
