"""One delivery row by row: what would be taken, what not and why, and the two ways on."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import moment_words, number, period_words
from ioc.web.submit_answers import VERDICTS, Checked, Opened, SubmitPage
from ioc.web.submit_words import given_words, place_words, reason_words
from layouts import cards, states
from layouts.attributes import attributes
from layouts.submit_controls import home

SIGNS = {"accepted": "●", "unchanged": "=", "rejected": "▼", "held": "◆", "missing": "○"}
_COLUMNS = ("place", "unit", "indicator", "given", "standing", "verdict", "reason")


def panel(answer: SubmitPage, opened: Opened, view: View) -> Component:
    """The delivery: its state in words, counts that filter, what to do, and its rows."""
    lang = view.lang
    one = opened.sent.delivery
    line = say(
        lang,
        "submit.opened_line",
        file=one.file,
        unit=opened.sent.unit.name if opened.sent.unit else "–",
        period=period_words(opened.sent.period, lang) if opened.sent.period else one.period,
    )
    waiting = opened.sent.state == "checked"
    parts = [
        html.P(answer.form.title, className="hint") if answer.form else None,
        html.P(_state_words(opened, lang), className=f"submit-state is-{opened.sent.state}"),
        html.P(opened.wrong, className="submit-wrong", role="alert") if opened.wrong else None,
        _counts(opened, view),
        _hints(opened, lang) if waiting and not opened.wrong else None,
        _acts(answer, opened, view),
        _rows(opened, view),
    ]
    return cards.panel(
        say(lang, "submit.opened_title"),
        [part for part in parts if part is not None],
        line,
        className="submit-opened",
    )


def _state_words(opened: Opened, lang: str) -> str:
    one = opened.sent.delivery
    moment = one.decided or one.uploaded_at
    said = {
        "moment": moment_words(moment, lang),
        "until": moment_words(opened.until, lang),
        "by": _who(one.decided_by, lang),
        "run": one.run_id or "–",
    }
    return say(lang, f"submit.state_said_{opened.sent.state}", **said)


def _who(name: str, lang: str) -> str:
    """Nobody gave a name in the browser: the machine is all that is known."""
    return say(lang, "submit.nobody") if name in ("", "127.0.0.1") else name


def _counts(opened: Opened, view: View) -> html.Nav:
    """Counts of each verdict; each shows its own rows."""
    lang = view.lang
    done = opened.sent.state == "confirmed"
    links: list[Component] = []
    total = sum(getattr(opened.counts, name) for name in VERDICTS)
    for name in (None, *VERDICTS):
        count = total if name is None else getattr(opened.counts, name)
        key = "verdict_all" if name is None else f"verdict_{name}"
        words = say(
            lang, "submit.done_accepted" if done and name == "accepted" else f"submit.{key}"
        )
        sign = html.Span(
            SIGNS.get(name or "", ""), className="sign", **attributes(aria_hidden="true")
        )
        inside = [
            html.Span(number(count, lang), className="figure state-number"),
            html.Span([sign, html.Span(words)], className="submit-count-word"),
        ]
        look = f"submit-count verdict-{name or 'all'}" + ("" if count else " is-none")
        if done and name not in ("rejected",):
            links.append(html.Span(inside, className=look))
            continue
        here = {"aria_current": "true"} if opened.verdict == name else {}
        look += " is-on" if opened.verdict == name else ""
        links.append(
            dcc.Link(inside, href=view.href(form=name), className=look, **attributes(**here))
            if not here
            else html.Span(inside, className=look, **attributes(**here))
        )
    return html.Nav(
        links, className="submit-counts", **attributes(aria_label=say(lang, "submit.col_verdict"))
    )


def _hints(opened: Opened, lang: str) -> html.Ul:
    """What confirming would do, one line a kind."""
    of = opened.counts
    said = [say(lang, "submit.opened_nothing_written")]
    if of.accepted:
        said.append(say(lang, "submit.confirm_hint_ok", accepted=number(of.accepted, lang)))
    if of.held:
        said.append(say(lang, "submit.confirm_hint_held", held=number(of.held, lang)))
    if of.rejected:
        said.append(say(lang, "submit.confirm_hint_rejected", rejected=number(of.rejected, lang)))
    if of.missing:
        said.append(say(lang, "submit.confirm_hint_missing", missing=number(of.missing, lang)))
    if not of.accepted and not of.held:
        said.append(say(lang, "submit.confirm_nothing"))
    return html.Ul([html.Li(one) for one in said], className="submit-hints")


def _acts(answer: SubmitPage, opened: Opened, view: View) -> html.Div:
    lang = view.lang
    one = opened.sent.delivery
    root = f"/submissions/{one.token}"
    acts: list[Component] = []
    if opened.sent.state == "checked" and not opened.wrong:
        if opened.counts.accepted or opened.counts.held:
            acts.append(_button("confirm", root, "act is-first", lang, seen=opened.seen))
        acts.append(_button("withdraw", root, "act", lang))
    if opened.sent.state == "confirmed" and opened.sent.unit is not None:
        words = say(lang, "submit.to_unit", unit=opened.sent.unit.name)
        href = View(page="unit", unit=opened.sent.unit.key, lang=lang).href()
        acts.append(dcc.Link(words, href=href, className="act"))
    if opened.sent.run_source:
        href = View(page="source", source=opened.sent.run_source, lang=lang).href()
        if opened.sent.state == "confirmed":
            acts.append(dcc.Link(say(lang, "submit.to_source"), href=href, className="act"))
    acts.append(dcc.Link(say(lang, "submit.again"), href=home(answer, view), className="act"))
    files = [
        html.A(
            say(lang, "submit.download_file"),
            href=f"{root}/file",
            className="act is-quiet",
            download="",
        )
    ]
    if opened.sent.state == "checked" and not opened.wrong:
        href = f"{root}/rows.csv?lang={lang}"
        words = say(lang, "submit.list_csv")
        files.append(html.A(words, href=href, className="act is-quiet", download=""))
    return html.Div([*acts, *files], className="submit-acts")


def _button(name: str, root: str, look: str, lang: str, seen: str = "") -> html.Button:
    """A button that assets/submit.js answers."""
    return html.Button(
        say(lang, f"submit.{name}"),
        type="button",
        className=look,
        **attributes(
            data_submit=f"{root}/{name}?lang={lang}",
            data_seen=seen,
            data_acting=say(lang, "submit.acting"),
            data_failed=say(lang, "submit.failed", reason="{reason}"),
        ),
    )


def _rows(opened: Opened, view: View) -> Component | None:
    lang = view.lang
    if opened.sent.state not in ("checked", "confirming") and not opened.rows:
        return None
    if opened.wrong:
        return None
    if not opened.rows:
        return states.blank(say(lang, "submit.no_rows"), say(lang, "submit.verdict_all"), sign="○")
    shown = len(opened.rows)
    more = None
    if opened.row_count > shown:
        words = say(
            lang,
            "submit.shown_of",
            shown=number(shown, lang),
            count=number(opened.row_count, lang),
        )
        more = html.P(words, className="hint")
    many = len({row.unit.key if row.unit else row.unit_given for row in opened.rows}) > 1
    columns = [name for name in _COLUMNS if many or name != "unit"]
    heads = [
        html.Th(say(lang, f"submit.col_{name}"), scope="col", className=f"col-{name}")
        for name in columns
    ]
    body = [_row(row, columns, lang) for row in opened.rows]
    table = html.Table(
        [html.Thead(html.Tr(heads)), html.Tbody(body)],
        className="submit-rows",
        **attributes(aria_label=say(lang, "submit.rows_label")),
    )
    return html.Div([more, html.Div(table, className="scroll-x")] if more else [table])


def _row(row: Checked, columns: list[str], lang: str) -> html.Tr:
    none = say(lang, "submit.not_given")
    standing = given_words(row.indicator, row.standing, lang) or say(lang, "submit.none_standing")
    cells: dict[str, Any] = {
        "place": place_words(row, lang),
        "unit": row.unit.name if row.unit else row.unit_given or none,
        "indicator": _indicator(row, lang),
        "given": given_words(row.indicator, row.given, lang) or row.cells or none,
        "standing": standing,
        "verdict": verdict_chip(row.verdict, lang),
        "reason": reason_words(row, lang),
    }
    drawn: list[Component] = [html.Th(cells["place"], scope="row", className="col-place")]
    for name in columns[1:]:
        label = attributes(data_label=say(lang, f"submit.col_{name}"))
        drawn.append(html.Td(cells[name], className=f"col-{name}", **label))
    return html.Tr(drawn, className=f"is-{row.verdict}")


def _indicator(row: Checked, lang: str) -> list[Component | str]:
    if row.indicator is None:
        return [row.indicator_given or say(lang, "submit.not_given")]
    code = html.Span(row.indicator.code, className="submit-code")
    return [code, row.indicator.short.say(lang)]


def verdict_chip(verdict: str, lang: str) -> html.Span:
    """A verdict as shape, colour and word."""
    sign = html.Span(SIGNS[verdict], className="sign", **attributes(aria_hidden="true"))
    word = html.Span(say(lang, f"submit.verdict_{verdict}"), className="word")
    return html.Span([sign, word], className=f"chip verdict-{verdict}")
