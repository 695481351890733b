"""Refused records to be browsed: chosen by run and reason, sheet by sheet, and as a file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import explain, say, sentences
from ioc.domain.places import place_words
from ioc.domain.view import View
from ioc.domain.words import moment_words, number
from ioc.queries.source_answers import Refused, RejectionRow
from layouts import cards, states
from layouts.attributes import attributes

RUNS, REASONS = 8, 12
"""So many runs and reasons are offered to choose from; the table can always be read through."""
RECORD, REASON = 300, 80
_GAP = re.compile(r"\{[a-z0-9_]+\}")


def panel(found: Refused | None, view: View) -> html.Section:
    """The card; who may not see the records of all units is told so."""
    lang = view.lang
    title = say(lang, "sources_page.rejections")
    if found is None:
        return cards.panel(title, states.not_allowed(lang))
    if not found.rows and not found.runs:
        nothing = states.blank(
            say(lang, "sources_page.no_rejection"),
            say(lang, "sources_page.no_rejection_hint"),
            sign="●",
        )
        return cards.panel(title, nothing)
    body = [
        _choices(found, view),
        html.Div(_table(found.rows, lang), className="scroll-x", tabIndex=0),
        _sheets(found, view),
        html.P(
            say(lang, "sources_page.rejections_more", count=number(found.more, lang)),
            className="hint",
        )
        if found.more
        else None,
    ]
    csv = html.A(
        say(lang, "sources_page.rejections_csv"), href=csv_href(view), className="refused-csv"
    )
    line = say(lang, "sources_page.rejections_found", count=number(found.count, lang))
    return cards.panel(title, [one for one in body if one], line, csv, className="refused-card")


def csv_href(view: View) -> str:
    """Where the chosen records are fetched as a file, all sheets of them."""
    parts = {"source": view.source, "run": view.run, "reason": view.reason, "lang": view.lang}
    return "/rejections.csv?" + urlencode({name: one for name, one in parts.items() if one})


def _choices(found: Refused, view: View) -> html.Div:
    lang = view.lang
    all_runs = say(lang, "sources_page.rejections_run_all")
    runs: list[tuple[str, str, int | None]] = [(all_runs, view.href(run=None, sheet=1), None)]
    chosen = found.run
    for row, many in found.runs[:RUNS] + tuple(
        one for one in found.runs[RUNS:] if one[0].id == chosen
    ):
        words = say(
            lang,
            "sources_page.rejections_run_one",
            moment=moment_words(row.started, lang),
            count=number(many, lang),
        )
        runs.append((words, view.href(run=row.id, sheet=1), row.id))
    all_reasons = say(lang, "sources_page.rejections_reason_all")
    reasons: list[tuple[str, str, str | None]] = [
        (all_reasons, view.href(reason=None, sheet=1), None)
    ]
    for code, many in found.reasons[:REASONS]:
        words = say(
            lang,
            "sources_page.rejections_reason_one",
            words=reason_short(code, lang),
            count=number(many, lang),
        )
        reasons.append((words, view.href(reason=code, sheet=1), code))
    return html.Div(
        [
            _links("run", [(words, href, one == found.run) for words, href, one in runs], lang),
            _links(
                "reason",
                [(words, href, one == found.reason) for words, href, one in reasons],
                lang,
            ),
        ],
        className="refused-choices",
        role="group",
        **attributes(aria_label=say(lang, "sources_page.rejections_choose")),
    )


def _links(what: str, options: Iterable[tuple[str, str, bool]], lang: str) -> html.Div:
    links = [
        dcc.Link(words, href=href, className="refused-choice is-on" if on else "refused-choice")
        for words, href, on in options
    ]
    name = html.Span(say(lang, f"sources_page.rejections_{what}"), className="refused-what")
    return html.Div([name, *links], className="refused-options")


def reason_short(code: str, lang: str) -> str:
    """A reason without what it is about: its sentence with gaps, else its code."""
    for file in ("reject", "source", "errors"):
        found = sentences(lang).get(f"{file}.{code}")
        if found is not None:
            words = _GAP.sub("…", found).strip(" .")
            return words if len(words) <= REASON else words[: REASON - 1] + "…"
    return code


def _table(rows: Sequence[RejectionRow], lang: str) -> html.Table:
    heads = ("place", "reason", "record")
    names = [html.Th(say(lang, f"sources_page.col_{one}"), scope="col") for one in heads]
    body = [
        html.Tr(
            [
                html.Td(place_words(row.place, lang)),
                html.Td(explain(lang, row.code, row.params)),
                html.Td(html.Code(_record(row.record))),
            ]
        )
        for row in rows
    ]
    return html.Table([html.Thead(html.Tr(names)), html.Tbody(body)], className="rejected")


def _sheets(found: Refused, view: View) -> Component | None:
    if found.sheets < 2:
        return None
    lang = view.lang
    words = say(lang, "sources_page.rejections_sheet", sheet=found.sheet, sheets=found.sheets)
    before = after = None
    if found.sheet > 1:
        href = view.href(sheet=found.sheet - 1)
        before = dcc.Link(say(lang, "sources_page.rejections_before"), href=href, className="more")
    if found.sheet < found.sheets:
        href = view.href(sheet=found.sheet + 1)
        after = dcc.Link(say(lang, "sources_page.rejections_after"), href=href, className="more")
    return html.Nav(
        [one for one in (before, html.Span(words, className="figure"), after) if one],
        className="refused-sheets",
        **attributes(aria_label=words),
    )


def _record(text: str) -> str:
    with suppress(ValueError):
        text = json.dumps(json.loads(text), ensure_ascii=False)
    return text if len(text) <= RECORD else text[: RECORD - 1] + "…"
