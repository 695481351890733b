"""The controls of a comparison: every choice of form, units, indicators and periods is a link."""

from __future__ import annotations

from collections.abc import Iterable

from dash import dcc, html

from ioc.domain.catalogue import Group, Indicator
from ioc.domain.messages import say
from ioc.domain.period import Grain, Period
from ioc.domain.unit_names import folded
from ioc.domain.view import ZONE, View
from ioc.domain.words import period_words
from ioc.queries.answers import UnitRef
from ioc.queries.compare_answers import Compare, Form
from layouts import components as parts
from layouts.attributes import attributes
from layouts.compare_units import Option, pick, units

BACK = {Grain.MONTH: 36, Grain.QUARTER: 16, Grain.HALF: 8, Grain.YEAR: 5}
"""Periods offered, by how long one is."""
_LEVELS = {"nation": "province", "government": "ministry", "region": "province"}


def bar(answer: Compare, view: View) -> html.Div:
    """Form, group, indicators, periods and the chosen units."""
    lang = view.lang
    picks = [_group(answer, view)]
    if answer.form is Form.SIDE:
        picks.append(_theme(answer, view))
    else:
        picks.append(_indicator("indicator", answer.indicator, answer, view))
    if answer.form is Form.SCATTER:
        picks.append(_indicator("against", answer.against, answer, view))
    picks.append(_period(answer, view))
    if answer.form in (Form.SLOPE, Form.INDEXED):
        picks.append(_before(answer, view))
    return html.Div(
        [
            _forms(answer, view),
            html.Div([*picks, _known_at(answer, view)], className="compare-picks"),
            units(answer, view),
            _unused(view),
        ],
        className="card-box compare-bar",
        role="group",
        **attributes(aria_label=say(lang, "compare.choose")),
    )


def _forms(answer: Compare, view: View) -> html.Div:
    lang = view.lang
    pills = parts.pills(
        (
            (say(lang, f"compare.form_{one.value}"), _form(view, one), one is answer.form)
            for one in Form
        ),
        say(lang, "compare.forms"),
    )
    about = html.P(say(lang, f"compare.about_{answer.form.value}"), className="hint")
    return html.Div([pills, about], className="compare-forms")


def _form(view: View, form: Form) -> str:
    """The first form has no word in the address; a base period is no earlier period of a slope."""
    return view.href(form=None if form is Form.SIDE else form.value, before=None)


def _group(answer: Compare, view: View) -> html.Div:
    options = [_unit_option(unit, _to_group(view, unit), view.lang) for unit in answer.groups]
    value = _to_group(view, answer.unit)
    if all(one["value"] != value for one in options):
        options.append(_unit_option(answer.unit, value, view.lang))
    return pick("group", "pick_group", options, value, view)


def _to_group(view: View, unit: UnitRef) -> str:
    """Units chosen in one group say nothing in another."""
    return view.href(unit=unit.key, units=() if unit.key != view.unit else view.units)


def _unit_option(unit: UnitRef, href: str, lang: str) -> Option:
    level = _LEVELS.get(unit.level, "commune" if unit.level == "province" else "department")
    words = say(lang, "compare.group_of", unit=unit.name, level=say(lang, f"compare.kind_{level}"))
    return {"label": words, "value": href, "title": words, "search": f"{words} {folded(words)}"}


def _theme(answer: Compare, view: View) -> html.Div:
    lang = view.lang
    there = {one.group for one in answer.indicators}
    options = [{"label": say(lang, "compare.every_theme"), "value": view.href(group=None)}]
    options += [
        {
            "label": say(lang, f"indicator.group_{one.value}"),
            "value": view.href(group=one.value),
        }
        for one in Group
        if one in there
    ]
    return pick("theme", "pick_theme", options, view.href(), view)


def _indicator(field: str, chosen: Indicator, answer: Compare, view: View) -> html.Div:
    lang = view.lang
    offered = list(answer.indicators)
    if chosen not in offered:
        offered.append(chosen)
    options = []
    for one in offered:
        words = f"{one.code} · {one.short.say(lang)}"
        search = f"{one.code} {one.name.say(lang)} {one.short.say(lang)}"
        options.append(
            {
                "label": words,
                "value": _to_indicator(view, field, one, answer),
                "title": one.name.say(lang),
                "search": f"{search} {folded(search)}",
            }
        )
    value = _to_indicator(view, field, chosen, answer)
    return pick(field, f"pick_{field}", options, value, view)


def _to_indicator(view: View, field: str, one: Indicator, answer: Compare) -> str:
    """Periods stay where the other indicator has the same ones."""
    same = (one.cadence, one.calendar) == (answer.indicator.cadence, answer.indicator.calendar)
    kept = {} if same or field == "against" else {"period": None, "before": None}
    return view.href(**{field: one.code}, **kept)


def _period(answer: Compare, view: View) -> html.Div:
    lang = view.lang
    options: list[Option] = [
        {"label": say(lang, "compare.newest"), "value": view.href(period=None, before=None)}
    ]
    last = _newest(answer, view)
    if last is not None:
        options += _options(_back(last), view, "period")
    if view.period is not None and all(one["value"] != view.href() for one in options):
        options.append(_option(view.period, view, "period"))
    value = view.href(period=view.period, **_kept(view, view.period))
    return pick("period", "pick_period", options, value, view)


def _before(answer: Compare, view: View) -> html.Div:
    lang = view.lang
    key = "base_common" if answer.form is Form.INDEXED else "year_before"
    options: list[Option] = [
        {"label": say(lang, f"compare.{key}"), "value": view.href(before=None)}
    ]
    last = answer.period
    if answer.form is Form.INDEXED:
        points = [p.period for one in answer.body.series for p in one.points]
        last = max(points, default=last)
    if last is not None:
        options += _options(_back(last)[1:], view, "before")
    if view.before is not None and all(one["value"] != view.href() for one in options):
        options.append(_option(view.before, view, "before"))
    name = "pick_base" if answer.form is Form.INDEXED else "pick_before"
    return pick("before", name, options, view.href(), view)


def _newest(answer: Compare, view: View) -> Period | None:
    """The newest period to offer: that of today, in the indicator's own calendar."""
    of = answer.indicator
    day = (answer.stamp.known_at or answer.stamp.asked_at).date()
    if view.period is not None and view.period.grain is not of.cadence:
        return Period.of(view.calendar, view.period.grain, day)
    return Period.of(of.calendar, of.cadence, day)


def _back(last: Period) -> list[Period]:
    return [last.shift(-at) for at in range(BACK.get(last.grain, 24))]


def _options(periods: Iterable[Period], view: View, field: str) -> list[Option]:
    return [_option(one, view, field) for one in periods]


def _option(period: Period, view: View, field: str) -> Option:
    changes: dict[str, object] = {field: period, "calendar": period.calendar}
    if field == "period":
        changes |= _kept(view, period)
    return {"label": period_words(period, view.lang, short=True), "value": view.href(**changes)}


def _kept(view: View, period: Period | None) -> dict[str, object]:
    """The earlier period stays only where it is still earlier and of the same kind."""
    before = view.before
    if before is None or period is None:
        return {"before": before if period is None else None}
    same = (before.grain, before.calendar) == (period.grain, period.calendar)
    return {"before": before if same and before < period else None}


def _known_at(answer: Compare, view: View) -> html.Div:
    """The moment as of which all is told; assets/filters.js puts the field there."""
    lang = view.lang
    known = view.known_at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") if view.known_at else ""
    last = answer.stamp.asked_at.astimezone(ZONE).date().isoformat()
    return html.Div(
        id="known-at",
        className="day-box is-known is-set" if known else "day-box is-known",
        **attributes(
            data_part="known_at",
            data_kind="datetime-local",
            data_value=known,
            data_max=f"{last}T23:59",
            data_label=say(lang, "filters.known_at"),
            data_hint=say(lang, "filters.known_at_hint"),
            data_clear=say(lang, "filters.known_at_clear"),
        ),
    )


def _unused(view: View) -> html.P | None:
    """What the address filters by elsewhere and a comparison does not, with a way to drop it."""
    if view.status is None and view.breakdown is None:
        return None
    link = dcc.Link(
        say(view.lang, "compare.unused_drop"),
        href=view.href(status=None, breakdown=None),
        className="more",
    )
    return html.P([say(view.lang, "compare.unused"), " ", link], className="hint")
