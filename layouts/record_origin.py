"""Where a figure came from: the run, its raw files with their hashes, and the record itself."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import moment_words, number
from ioc.queries.record_answers import RawFile, Record
from ioc.queries.source_answers import RunRow
from layouts import cards, states


def panel(answer: Record, view: View) -> html.Section:
    """The run that brought the figure and what it kept; a sum has none of its own."""
    lang, stands = view.lang, answer.standing
    name = say(lang, "record.origin")
    if stands is None or answer.run is None:
        key = "origin_none" if answer.cell.received else "nothing"
        blank = states.blank(say(lang, f"record.{key}"), say(lang, f"record.{key}_hint"))
        return cards.panel(name, blank, className="record-origin")
    link = dcc.Link(
        answer.source_title,
        href=View(page="source", source=answer.source, lang=lang).href(),
        className="more",
    )
    body: list[Component | None] = [
        html.Dl(_run(answer.run, link, lang), className="record-facts"),
        _counted(answer, view) if answer.raw == "counted" else _excerpt(answer, lang),
        _files(answer, view),
    ]
    line = say(lang, "record.origin_line", run=answer.run.id, source=answer.source or "")
    return cards.panel(name, [one for one in body if one is not None], line,
                       className="record-origin")  # fmt: skip


def _run(run: RunRow, source: Component, lang: str) -> list[Component]:
    finished = moment_words(run.finished, lang) if run.finished else say(lang, "record.unknown")
    counted = say(
        lang,
        "record.counted",
        read=number(run.read, lang),
        added=number(run.added, lang),
        unchanged=number(run.unchanged, lang),
        rejected=number(run.rejected, lang),
    )
    pairs = (
        ("source", source),
        ("started", moment_words(run.started, lang)),
        ("finished", finished),
        ("outcome", say(lang, f"record.outcome_{run.outcome}")),
        ("counts", counted),
    )
    items: list[Component] = []
    for key, value in pairs:
        items += [html.Dt(say(lang, f"record.{key}")), html.Dd(value)]
    return items


def _counted(answer: Record, view: View) -> html.Div:
    """The items that were counted: the register's list of the unit."""
    href = View("register", register=answer.register, unit=answer.unit.key, lang=view.lang).href()
    words = say(view.lang, "collected.counted")
    link = dcc.Link(say(view.lang, "collected.items"), href=href, className="more")
    return html.Div([html.P(words), link], className="record-raw is-none")


def _excerpt(answer: Record, lang: str) -> html.Div:
    """The record as the source gave it, as text and nothing else, or why it is not shown."""
    if answer.excerpt is None:
        key = "no_files" if not answer.files else f"raw_{answer.raw}"
        return html.Div(html.P(say(lang, f"record.{key}")), className="record-raw is-none")
    one = answer.excerpt
    line = say(lang, "record.excerpt_line", file=one.seq + 1, place=one.place)
    return html.Div(
        [
            html.H3(say(lang, "record.excerpt")),
            html.P(line, className="hint"),
            html.Pre(html.Code(one.text), tabIndex=0),
        ],
        className="record-raw",
    )


def _files(answer: Record, view: View) -> html.Div | None:
    if not answer.files or answer.run is None:
        return None
    lang = view.lang
    shown = [_file(one, answer, lang) for one in answer.files]
    said: list[Component] = [
        html.H3(say(lang, "record.files", count=number(answer.file_count, lang)))
    ]
    if answer.file_count > len(answer.files):
        words = say(lang, "record.files_shown", shown=len(answer.files), count=answer.file_count)
        said.append(html.P(words, className="hint"))
    if not answer.may_open:
        said.append(html.P(say(lang, "record.download_only_all"), className="hint"))
    return html.Div([*said, html.Ol(shown, className="record-files")])


def _file(one: RawFile, answer: Record, lang: str) -> html.Li:
    excerpt = answer.excerpt
    holds = excerpt is not None and excerpt.seq == one.seq
    link = None
    if answer.may_open and answer.run is not None:
        link = html.A(
            say(lang, "record.download"),
            href=f"/payload/{one.sha256}?run={answer.run.id}",
            download="",
            className="more",
        )
    facts: list[Component | str | None] = [
        html.Span(one.label, className="file-label"),
        html.Span(
            f"{one.media} · {say(lang, 'record.size', size=number(one.size, lang))}",
            className="file-kind",
        ),
        html.Span([f"{say(lang, 'record.hash')} ", html.Code(one.sha256)], className="file-hash"),
        _verdict(one, lang),
        html.Strong(say(lang, "record.holds"), className="file-holds") if holds else None,
        link,
    ]
    return html.Li([fact for fact in facts if fact], className="holds" if holds else "")


def _verdict(one: RawFile, lang: str) -> html.Span:
    if one.intact is None:
        return html.Span(say(lang, "record.not_checked"), className="verdict")
    word = "intact" if one.intact else "not_intact"
    sign = "✓" if one.intact else "✗"
    return html.Span(
        f"{sign} {say(lang, f'record.{word}')}",
        className="verdict is-intact" if one.intact else "verdict is-broken",
        title=say(lang, f"record.{word}_hint"),
    )
