"""The quality of data on the wall: six shares, and the weakest sources with what decides."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.quality import Criterion, Score, rules, worst_first
from ioc.domain.scope import Scope
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.domain.words import moment_words, number, status_sign, status_words
from ioc.queries.desk import Desk
from ioc.queries.quality_answers import Quality, Subject
from ioc.web.scene import Scene
from layouts import components as parts
from layouts import quality_cells
from layouts.cards import panel
from layouts.wall.head import head
from layouts.wall.stage import stage

ROWS = 12


def _load(desk: Desk, view: View, scope: Scope) -> Quality:
    from ioc.queries.quality import quality

    return quality(desk, view, scope)


def title(answer: Quality, view: View) -> str:
    """The name of the scene."""
    return say(view.lang, "quality.scene")


def render(answer: Quality, view: View) -> Component:
    """Six large shares above the weakest rows; fewer words than the page, the same counts."""
    lang = view.lang
    past = quality_cells.past_words(answer.past, lang)
    looked = {
        "slot_days": number(answer.looked.slot_days, lang),
        "days": number(answer.looked.days, lang),
        "periods": number(answer.looked.periods, lang),
    }
    moment = moment_words(answer.stamp.told_at, lang, near=answer.stamp.asked_at)
    facts = [
        say(lang, "quality.scene_moment", moment=moment),
        say(lang, "quality.scene_looked", **looked),
        *([past] if past else []),
    ]
    shares = html.Div(
        [_share(one, answer.total.get(one, Score()), lang) for one in answer.criteria],
        className="quality-wall-shares",
    )
    return stage(
        "quality",
        head(title(answer, view), view, answer.stamp, facts=facts),
        [shares, _weakest(answer, lang)],
        view,
        answer.stamp,
    )


def _share(criterion: Criterion, score: Score, lang: str) -> html.Section:
    status, weakest = quality_cells.status_of(criterion, score), score.weakest
    return html.Section(
        [
            html.H2(say(lang, f"quality.criterion_{criterion.value}")),
            html.P(
                [
                    html.Span(status_sign(status), className="sign"),
                    html.B(quality_cells.share_words(score, lang), className="figure"),
                ],
                className="quality-wall-share" + ("" if weakest else " is-none"),
            ),
            html.P(
                quality_cells.checked_words(weakest, lang) if weakest else "",
                className="quality-wall-counts",
            ),
        ],
        className=f"card-box quality-wall-card {parts.css(status)}",
        title=status_words(status, lang),
    )


def _weakest(answer: Quality, lang: str) -> html.Section:
    """Rows below their limits, the weakest first, each with the criterion that decides."""
    found = [(row, *worst) for row in answer.rows if (worst := _worst(row, answer)) is not None]
    rows = [_row(*one, lang) for one in found[:ROWS]]
    words = say(lang, "quality.scene_none")
    shown: Component = html.P(words, className="wall-well")
    if rows:
        shown = html.Div(html.Div(rows, className="rows quality-wall-rows"), className="fit")
    count = html.Span(number(len(found), lang), className="red-count")
    at_risk = any(status is Status.AT_RISK for _, _, _, status in found)
    look = "red" if at_risk else "red is-open" if found else "red is-clear"
    return panel(
        say(lang, "quality.scene_worst"),
        shown,
        say(lang, "quality.scene_worst_line"),
        count,
        className=f"quality-wall-worst {look}",
    )


def _worst(row: Subject, answer: Quality) -> tuple[Criterion, Score, Status] | None:
    judged = [
        (criterion, row.scores[criterion], rules().status(criterion, row.scores[criterion]))
        for criterion in answer.criteria
        if criterion in row.scores
    ]
    short = [one for one in judged if one[2] in (Status.AT_RISK, Status.NEAR)]
    return min(short, key=lambda one: worst_first(one[1]), default=None)


def _row(row: Subject, criterion: Criterion, score: Score, status: Status, lang: str) -> html.Div:
    weakest = score.weakest
    assert weakest is not None  # it was judged
    return html.Div(
        [
            parts.dot(status_sign(status), status_words(status, lang), parts.css(status)),
            html.Span(
                [
                    html.B(row.title),
                    html.Span(
                        f"{say(lang, f'quality.criterion_{criterion.value}')}: "
                        f"{quality_cells.checked_words(weakest, lang)}",
                        className="what",
                    ),
                ],
                className="who",
            ),
            html.Span(
                html.B(quality_cells.share_words(score, lang), className="figure"),
                className="much",
            ),
        ],
        className="wall-row",
    )


SCENE = Scene(name="quality", title=title, load=_load, render=render, order=75)
