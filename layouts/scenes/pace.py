"""Who will not reach its target at today's pace: the units behind, and how fast they should go."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.pace import Outlook, Pace
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.domain.words import date_words, figure_words
from ioc.queries.answers import UnitPace
from ioc.queries.desk import Desk
from ioc.queries.pace import PaceBoard
from ioc.web.scene import Scene
from layouts import components as parts
from layouts import pace_words, rank_words
from layouts.cards import panel
from layouts.goals import target_says
from layouts.pace_card import SLOW, outlook_chip
from layouts.wall.head import head
from layouts.wall.stage import stage

MOST = 16
"""Units behind that are named; the others are counted."""
LEAST_ROWS = 5
"""A row is never taller than a fifth of the scene."""
_GOOD = (Outlook.ON_TIME, Outlook.REACHED)


def _load(desk: Desk, view: View, scope: Scope) -> PaceBoard:
    from ioc.queries.pace import pace_board

    return pace_board(desk, view, scope)


def title(answer: PaceBoard, view: View) -> str:
    """`Nhịp độ: Cả nước`."""
    return say(view.lang, "pace.scene", unit=answer.unit.name)


def render(answer: PaceBoard, view: View) -> Component:
    """The units behind as large rows, those furthest behind first; who is well is counted.

    Where nothing can be foretold yet, what each unit needs is shown, and that this is all.
    """
    lang = view.lang
    aimed = [one for one in answer.rows if one.pace.outlook is not Outlook.NOT_JUDGED]
    told = [one for one in aimed if one.pace.outlook is not Outlook.UNKNOWN]
    slow = [one for one in told if one.pace.outlook in SLOW or one.pace.outlook is Outlook.PAST]
    facts = _due(aimed, lang)
    if told:
        counts = {"late": number(len(slow), lang), "all": number(len(told), lang)}
        facts.insert(0, say(lang, "pace.scene_head", **counts))
    listed, name = slow, "pace.scene_late"
    if not told:
        listed, name = aimed, "pace.scene_unknown"
    return stage(
        "whole",
        head(
            title(answer, view),
            view,
            answer.stamp,
            cells=[one.cell for one in answer.rows],
            facts=facts,
        ),
        [_card(answer, listed, say(lang, name), view)],
        view,
        answer.stamp,
    )


def _due(told: Sequence[UnitPace], lang: str) -> list[str]:
    """How much time is left, where all have the same."""
    days = {(one.pace.left, one.pace.workdays) for one in told}
    if len(days) != 1:
        return []
    left, worked = days.pop()
    return [say(lang, "pace.scene_left", left=number(left, lang), days=number(worked, lang))]


def _card(answer: PaceBoard, listed: Sequence[UnitPace], name: str, view: View) -> html.Section:
    lang = view.lang
    if listed:
        shown = min(len(listed), MOST)
        body: Component = html.Div(
            [_row(one, lang) for one in listed[:MOST]],
            className="pace-rows",
            style={"--half": max(-(-shown // 2), LEAST_ROWS), "--all": max(shown, LEAST_ROWS)},
        )
    else:
        well = any(one.pace.outlook in _GOOD for one in answer.rows)
        words = say(lang, "pace.scene_nobody" if well else "pace.hurry_none")
        body = html.P(words, className="wall-silent pace-silent")
    return panel(
        name,
        [body, html.P(_rest(answer, len(listed), lang), className="pace-rest")],
        _line(answer, lang),
        className="wall-pace",
    )


def _line(answer: PaceBoard, lang: str) -> str:
    """The indicator, and its target and deadline where all units share them."""
    name = answer.indicator.name.say(lang)
    goals = {
        (one.cell.target, one.pace.deadline) for one in answer.rows if one.pace.deadline is not None
    }
    if len(goals) != 1:
        return name
    target, until = goals.pop()
    assert until is not None
    goal = target_says(answer.indicator, target, lang)
    day = date_words(until, lang)
    return say(lang, "pace.scene_line", indicator=name, target=goal, day=day)


def _rest(answer: PaceBoard, slow: int, lang: str) -> str:
    """Who is well, who cannot be told, and those for whom there was no room."""
    good = sum(one.pace.outlook in _GOOD for one in answer.rows)
    rest = len(answer.rows) - good - slow
    said = [say(lang, "pace.scene_good", count=number(good, lang))]
    if slow > MOST:
        said.insert(0, say(lang, "pace.scene_more", count=number(slow - MOST, lang)))
    if rest:
        said.append(say(lang, "pace.scene_open", count=number(rest, lang)))
    return " · ".join(said)


def _row(one: UnitPace, lang: str) -> html.Div:
    cell, found = one.cell, one.pace
    of = cell.indicator
    place = rank_words.short(cell.place)
    return html.Div(
        [
            html.Div(
                [
                    html.B(cell.unit.short),
                    html.Span(f"#{place}" if place else "", className="pace-rank"),
                ],
                className="pace-who",
            ),
            html.B(figure_words(of, cell.figure, lang), className="figure pace-value"),
            html.Span(_need(found, one, lang), className="pace-need"),
            html.Span(_moved(found, one, lang), className="pace-now"),
            html.Div(outlook_chip(found, lang), className="pace-outlook"),
            _bar(found),
        ],
        className=f"pace-row {parts.css(cell.status)}",
    )


def _need(found: Pace, one: UnitPace, lang: str) -> str:
    if found.needed is None:
        return say(lang, "pace.needed_none")
    amount = pace_words.amount(one.cell.indicator, found.needed, lang)
    return say(lang, "pace.scene_need", amount=amount)


def _moved(found: Pace, one: UnitPace, lang: str) -> str:
    if found.moved is None:
        return ""
    amount = pace_words.amount(one.cell.indicator, found.moved, lang)
    return say(lang, "pace.scene_now", amount=amount)


def _bar(found: Pace) -> html.Span:
    """Today's pace as a part of the one needed, which is the whole track."""
    share = float(min(max(found.share or 0, 0), 1))
    return html.Span(html.Span(style={"width": f"{share:.1%}"}), className="pace-track")


SCENE = Scene(name="pace", title=title, load=_load, render=render, order=55)
