"""Notes on figures: the panel that lists them, their marks on charts, and short for the wall."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from ioc.domain.indicator import Indicator
from ioc.domain.messages import say
from ioc.domain.period import Period
from ioc.domain.view import ZONE, View
from ioc.domain.words import date_words, moment_words, period_words
from ioc.queries.answers import Note, Series, UnitRef
from layouts import cards
from layouts.attributes import attributes
from layouts.figures.marks import height
from layouts.figures.trend_words import middle
from layouts.theme import Figure, escape, note, palette, text_size

LONGEST = 500
"""Characters of a note, as the store keeps it."""
_FORM = ("add", "name", "save", "publish_now", "publish", "withdraw", "sure", "failed", "drafts")
ON_WALL = 2
"""Notes that a wall shows, the newest."""
WALL_WORDS = 120
"""Characters of a note on the wall; the rest is read at the desk."""


def panel(
    notes: Sequence[Note],
    unit: UnitRef,
    indicator: Indicator,
    view: View,
    *,
    period: Period | None = None,
) -> html.Section:
    """The published notes about a figure, one's own drafts, and the form for a new one.

    Drafts and form are filled in by assets/notes.js: a page is kept and shared by all viewers.
    """
    lang = view.lang
    about = say(lang, "notes.line", indicator=indicator.short.say(lang), unit=unit.name)
    return cards.panel(
        say(lang, "notes.title"),
        [
            listed(notes, view) or html.P(say(lang, "notes.none"), className="hint"),
            html.P(say(lang, "notes.past"), className="hint")
            if view.known_at
            else _own(unit, indicator, view, period),
        ],
        about,
        className="notes-card",
    )


def listed(notes: Sequence[Note], view: View) -> html.Ol | None:
    """The notes with author, date and period; each number is the one on the chart."""
    if not notes:
        return None
    return html.Ol([_item(one, view) for one in notes], className="notes")


def _item(one: Note, view: View) -> html.Li:
    lang = view.lang
    when = period_words(one.period, lang) if one.period else say(lang, "notes.about_all")
    signed = say(
        lang,
        "notes.signed",
        author=one.author or say(lang, "notes.unnamed"),
        moment=moment_words(one.published_at, lang),
    )
    withdraw = None
    if view.known_at is None and not view.wall:
        withdraw = html.Button(
            say(lang, "notes.withdraw"),
            type="button",
            className="note-act",
            **attributes(data_note=one.id, data_act="withdraw"),
        )
    return html.Li(
        [
            html.Span(
                str(one.number),
                className="note-number",
                title=say(lang, "notes.number", number=one.number),
            ),
            html.Div(
                [
                    html.P(one.words, className="note-words"),
                    html.P(
                        [html.Span(one.unit.short), " · ", when, " · ", signed],
                        className="note-signed",
                    ),
                ],
                className="note-body",
            ),
            withdraw,
        ],
        className="note",
    )


def _own(unit: UnitRef, indicator: Indicator, view: View, period: Period | None) -> html.Div:
    """Where the script puts one's drafts and the form; its words stand in the attributes.

    The browser makes the form itself, so that what is being typed outlives a page drawn anew.
    """
    lang = view.lang
    shown = period if period is not None else view.period
    when = period_words(shown, lang) if shown else say(lang, "notes.about_all")
    words = {name: say(lang, f"notes.{name}") for name in _FORM}
    words["words"] = say(lang, "notes.words", most=LONGEST)
    words["about"] = f"{say(lang, 'notes.about')}: {when}"
    return html.Div(
        id="note-new",
        className="note-new",
        **attributes(
            data_unit=unit.key,
            data_indicator=indicator.code,
            data_period=shown.code if shown else "",
            data_lang=lang,
            data_most=str(LONGEST),
            **{f"data_say_{name}": text for name, text in words.items()},
        ),
    )


def short(notes: Sequence[Note], view: View) -> html.Ul | None:
    """For the wall: the newest few, each with number, author and day, and their first words."""
    newest = sorted(notes, key=lambda one: one.published_at, reverse=True)[:ON_WALL]
    if not newest:
        return None
    return html.Ul(
        [html.Li(words_of(_begun(one), view.lang)) for one in newest], className="wall-notes"
    )


def _begun(one: Note) -> Note:
    if len(one.words) <= WALL_WORDS:
        return one
    return replace(one, words=one.words[:WALL_WORDS].rsplit(" ", 1)[0] + " …")


def words_of(one: Note, lang: str) -> str:
    """A note as one sentence with its number, author and day."""
    return say(
        lang,
        "notes.on_chart",
        number=one.number,
        author=one.author or say(lang, "notes.unnamed"),
        day=date_words(one.published_at.astimezone(ZONE).date(), lang),
        words=one.words,
    )


def with_marks(figure: Figure, notes: Sequence[Note], series: Series, view: View) -> Figure:
    """The figure of a trend with the numbers of its notes on it."""
    drawn = marks(notes, series, view)
    if not drawn:
        return figure
    plan = figure["layout"]
    return {**figure, "layout": {**plan, "annotations": [*plan.get("annotations", ()), *drawn]}}


def beneath(
    notes: Sequence[Note], series: Series, view: View, *above: Component | str | None
) -> list[Component | str | None]:
    """What stands under a trend: what is given, and the words of the numbers on it."""
    return [one for one in (*above, _worded(notes, series, view)) if one]


def _worded(notes: Sequence[Note], series: Series, view: View) -> html.Ul | None:
    periods = {point.period for point in series.points}
    shown = [one for one in notes if _on(one, series) and one.period in periods]
    if not shown:
        return None
    return html.Ul([html.Li(words_of(one, view.lang)) for one in shown], className="chart-notes")


def _on(one: Note, series: Series) -> bool:
    return one.unit.id == series.unit.id and one.code == series.indicator.code


def marks(notes: Iterable[Note], series: Series, view: View) -> list[Figure]:
    """Numbered marks below the points of a trend that notes are about, with their words on hover.

    Layout annotations, to be added to the trend's own; notes about no period, another unit or a
    period that is not drawn have none.
    """
    points = {point.period: point for point in series.points}
    by_period: dict[Period, list[Note]] = {}
    for one in notes:
        if _on(one, series) and one.period in points and one.period is not None:
            by_period.setdefault(one.period, []).append(one)
    look = palette(view)
    drawn = []
    for period, about in by_period.items():
        point = points[period]
        value = height(series.indicator, point.figure.value)
        numbers = ", ".join(str(one.number) for one in about)
        drawn.append(
            note(
                view,
                numbers,
                x=middle(point).isoformat(),
                y=0 if value is None else value,
                yref="paper" if value is None else "y",
                yanchor="bottom" if value is None else "top",
                yshift=7 if value is None else -9,
                bgcolor=look.surface,
                bordercolor=look.accent,
                borderwidth=1,
                borderpad=2,
                font={"size": text_size(view) - 1, "color": look.accent, "weight": 650},
                hovertext="<br>".join(escape(words_of(one, view.lang)) for one in about),
            )
        )
    return drawn
