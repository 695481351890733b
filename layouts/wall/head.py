"""The head and the foot of a scene: what it shows, as of when, if it is real, and its sources."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import explain, knows, say
from ioc.domain.view import View
from ioc.domain.words import moment_words, number
from ioc.queries.answers import Cell, Stamp, Trouble
from layouts import components as parts
from layouts import revised_marks
from layouts.attributes import attributes
from layouts.times import times_heard, times_of

Item = Component | str | None
LONG, LONGEST = 34, 46
"""Letters of a title beyond which it is written smaller, and in two lines."""
TROUBLES = 2
"""As many sources in trouble are named on the widest screens, one on others; the rest counted."""


def head(
    title: str,
    view: View,
    stamp: Stamp,
    *,
    cells: Sequence[Cell] = (),
    facts: Sequence[Item] = (),
) -> html.Header:
    """Title under its marks, the three times of `cells` or of a register, facts, and the clock."""
    lang = view.lang
    mark = parts.illustrative_mark(lang, stamp.illustrative)
    revised = revised_marks.lately(cells, stamp.known_at or stamp.asked_at, lang)
    lines = [one for one in (*facts, revised, mark) if one is not None]
    return html.Header(
        [
            _marks(view, stamp),
            html.H1(title, className=_size(title)),
            html.Div(
                [
                    times_heard(stamp.heard, stamp.asked_at, lang)
                    if stamp.heard is not None
                    else times_of(cells, stamp.asked_at, lang),
                    html.Div([html.Span(one, className="fact") for one in lines])
                    if lines
                    else None,
                ],
                className="wall-facts",
            ),
            html.Div([html.Div("", className="clock"), _alive(stamp, lang)], className="wall-now"),
        ],
        className="wall-head",
    )


def _size(title: str) -> str | None:
    """Long titles are smaller, the longest in two lines: no name may be cut."""
    if len(title) > LONGEST:
        return "is-longest"
    return "is-long" if len(title) > LONG else None


def _marks(view: View, stamp: Stamp) -> html.P:
    """What is not as usual: an exercise, a frozen meeting, a past moment; else the product."""
    lang = view.lang
    said: list[Component] = []
    if view.exercise:
        words = exercise_words(view.exercise, stamp.pretended, lang)
        said.append(html.Span(html.Span(words), className="mark is-exercise"))
    about = []
    if stamp.meeting is not None:
        about.append(html.Span(say(lang, "scenes.frozen", meeting=stamp.meeting)))
    if stamp.known_at is not None:
        moment = moment_words(stamp.known_at, lang)
        about.append(html.Span(say(lang, "scenes.known_at", moment=moment)))
    if about:
        said.append(html.Span(about, className="mark is-frozen"))
    usual = [html.Span(className="brand-mark", **attributes(aria_hidden="true"))]
    return html.P(
        said or [*usual, html.Span(say(lang, "screen.product"))],
        className="wall-marks" if said else "wall-product",
    )


def exercise_words(exercise: str, about: str | None, lang: str) -> str:
    """What a rehearsal pretends, marked as one: `DIỄN TẬP: giả lập mất nguồn Học trực tuyến`."""
    kind, _, name = exercise.partition(":")
    key = f"scenes.exercise_{kind}"
    if not knows(lang, key):
        return say(lang, "scenes.exercise")
    return say(lang, key, name=about or name)


def _alive(stamp: Stamp, lang: str) -> html.Div:
    """The data version and the sign of life, which the style sheet turns off without a server."""
    return html.Div(
        [
            html.Span(className="pulse-dot", **attributes(aria_hidden="true")),
            html.Span(say(lang, "screen.pulse_live"), className="pulse-live"),
            html.Span(say(lang, "screen.pulse_dead"), className="pulse-dead"),
            html.Span(
                say(lang, "scenes.version", version=number(stamp.data_version, lang)),
                className="wall-version",
            ),
        ],
        className="pulse",
    )


def foot(view: View, stamp: Stamp) -> html.Footer:
    """Which sources cannot be read, since when and why; or that all are well."""
    lang = view.lang
    count = len(stamp.troubles)
    said = [
        html.P(_trouble(one, at, count, stamp, lang), className="trouble")
        for at, one in enumerate(stamp.troubles[:TROUBLES])
    ]
    return html.Footer(
        said or [html.P(_well(stamp, lang), className="well")], className="scene-foot"
    )


def _trouble(one: Trouble, at: int, count: int, stamp: Stamp, lang: str) -> list[Component]:
    """The sentence of a source, after which come those for which there is no room."""
    moment = moment_words(one.since, lang, near=stamp.asked_at)
    words = say(lang, "scenes.trouble", source=one.title, moment=moment)
    said: list[Component] = [
        html.Span([html.Span("▼", className="sign"), words], className="trouble-source")
    ]
    if one.code is not None:
        said.append(html.Span(explain(lang, one.code, one.params), className="trouble-reason"))
    rest = count - at - 1
    if rest and at in (0, TROUBLES - 1):
        more = say(lang, "scenes.trouble_more", count=number(rest, lang))
        said.append(html.Span(more, className=f"trouble-more is-after-{at + 1}"))
    return said


def _well(stamp: Stamp, lang: str) -> str:
    if stamp.known_at is not None:
        return say(lang, "scenes.past")
    return say(lang, "scenes.no_trouble", count=number(stamp.sources, lang))
