"""The targets a unit set for others, as a list on its page."""

from __future__ import annotations

from dash import dcc, html

from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import date_words, list_words
from ioc.queries.answers import Goal
from layouts import cards
from layouts.goals import goal_words
from layouts.links import unit_link


def panel(goals: tuple[Goal, ...], view: View) -> html.Section | None:
    """The targets this unit or a former one set for others, each with its instrument."""
    if not goals:
        return None
    lang = view.lang
    items = [_goal(goal, view) for goal in goals]
    return cards.panel(
        say(lang, "unit_page.goals"),
        html.Ul(items, className="published"),
        say(lang, "unit_page.goals_line"),
    )


def _goal(goal: Goal, view: View) -> html.Li:
    lang = view.lang
    target, indicator = goal.target, goal.indicator
    levels = [say(lang, f"words.level_{level}") for level in goal.levels]
    receivers = list_words([goal.only.name] if goal.only else levels, lang)
    begin = date_words(target.valid_from, lang)
    when = say(lang, "unit_page.goal_since", day=begin)
    if target.valid_to:
        end = date_words(target.valid_to, lang)
        when = say(lang, "unit_page.goal_between", first=begin, last=end)
    value = goal_words(indicator, target.value, lang)
    return html.Li(
        [
            html.Span(html.Strong(value, className="figure"), className="published-value"),
            html.Span(indicator.name.say(lang), className="published-what"),
            html.Span(say(lang, "unit_page.goal_for", units=receivers)),
            html.Span(when),
            dcc.Link(goal.unit.name, href=unit_link(view, goal.unit, indicator.code)),
            html.Cite(target.legal.say(lang)),
        ]
    )
