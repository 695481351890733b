"""The filter bar: every choice is an address, so choosing is nothing but going there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dash import dcc, html

from ioc.domain.catalogue import Catalogue
from ioc.domain.indicator import Indicator
from ioc.domain.messages import say
from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.unit import Level
from ioc.domain.units import Units
from ioc.domain.view import View
from ioc.domain.words import period_words
from layouts.attributes import attributes
from layouts.components import pills

MONTHS, QUARTERS, YEARS = 24, 8, 3

Named = tuple[str, str]
"""A unit as the bar offers it: its key and its name."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen on a day: units by kind, indicators, and the newest day of data."""

    regions: tuple[Named, ...]
    provinces: tuple[Named, ...]
    ministries: tuple[Named, ...]
    indicators: tuple[Indicator, ...]
    today: date


def choices(units: Units, catalogue: Catalogue, today: date, lang: str) -> Choices:
    """The choices as of `today`, with names in `lang`."""

    def named(level: Level) -> tuple[Named, ...]:
        found = (units.by_id(one) for one in units.ids_by_level(level, today))
        return tuple((unit.key, unit.name_in(lang)) for unit in found)

    return Choices(
        regions=named(Level.REGION),
        provinces=named(Level.PROVINCE),
        ministries=named(Level.MINISTRY),
        indicators=tuple(catalogue.all),
        today=today,
    )


def bar(view: View, offered: Choices) -> html.Div:
    """The filter bar of the desk; pages that show no figures have none."""
    lang = view.lang
    controls = [
        tree_switch(view),
        _choice("region", _units(view, offered.regions), view),
        _choice("province", _units(view, offered.provinces), view),
        _choice("ministry", _units(view, offered.ministries), view),
        _choice("indicator", _indicators(view, offered.indicators), view),
        _choice("period", _periods(view, offered.today), view),
        calendar_switch(view),
    ]
    return html.Div(
        controls,
        className="filters",
        role="search",
        **attributes(aria_label=say(lang, "screen.filters")),
    )


def tree_switch(view: View) -> html.Nav:
    """Localities or ministries: the two trees of the administration."""
    lang = view.lang
    page = "indicator" if view.page == "indicator" else "overview"
    ministries = view.unit == "gov" or (view.page == "unit" and not view.unit[:1].isdigit())
    return pills(
        (
            (say(lang, "screen.tree_local"), view.href(page=page, unit="vn"), not ministries),
            (say(lang, "screen.tree_gov"), view.href(page=page, unit="gov"), ministries),
        ),
        say(lang, "screen.tree"),
    )


def calendar_switch(view: View) -> html.Nav:
    """Calendar months, or the administrative ones that end on the 14th."""
    lang = view.lang
    return pills(
        (
            (
                say(lang, f"screen.calendar_{one.value}"),
                view.href(calendar=one, period=None),
                view.calendar is one,
            )
            for one in Calendar
        ),
        say(lang, "screen.calendar"),
    )


def basis_switch(view: View) -> html.Nav:
    """Today's map, or the units as they were when they reported."""
    lang = view.lang
    return pills(
        (
            (say(lang, f"screen.basis_{one}"), view.href(basis=one), view.basis == one)
            for one in ("today", "reported")
        ),
        say(lang, "screen.basis"),
    )


def language_switch(view: View) -> html.Nav:
    """Vietnamese or English, on the same page."""
    return pills(
        ((one.upper(), view.href(lang=one), view.lang == one) for one in ("vi", "en")),
        say(view.lang, "screen.language"),
    )


def _choice(name: str, options: Sequence[dict[str, Any]], view: View) -> html.Label:
    here = view.href()
    value = next((one["value"] for one in options if one["value"] == here), None)
    return html.Label(
        [
            html.Span(say(view.lang, f"screen.filter_{name}"), className="visually-hidden"),
            dcc.Dropdown(
                id={"type": "filter", "name": name},
                options=list(options),
                value=value,
                placeholder=say(view.lang, f"screen.filter_{name}"),
                clearable=False,
                searchable=name != "period",
                maxHeight=420,
                labels={
                    "search": say(view.lang, "screen.filter_search"),
                    "no_options_found": say(view.lang, "screen.filter_none"),
                },
            ),
        ],
        className=f"filter filter-{name}",
    )


def _units(view: View, named: Iterable[Named]) -> list[dict[str, Any]]:
    options = []
    for key, name in named:
        region = key.startswith("R") and key[1:].isdigit()
        page = "overview" if region else "unit"
        if region and view.page == "indicator":
            page = "indicator"
        href = view.href(page=page, unit=key, source=None)
        options.append({"label": name, "value": href, "title": name})
    return options


def _indicators(view: View, indicators: Iterable[Indicator]) -> list[dict[str, Any]]:
    page = view.page if view.page in ("overview", "unit", "indicator") else "indicator"
    options: list[dict[str, Any]] = []
    group = None
    for one in indicators:
        if one.group != group:
            group = one.group
            title = say(view.lang, f"indicator.group_{one.group.value}")
            options.append({"label": title, "value": f"#{one.group.value}", "disabled": True})
        href = view.href(page=page, indicator=one.code)
        words = f"{one.code} · {one.short.say(view.lang)}"
        options.append(
            {
                "label": words,
                "value": href,
                "title": one.name.say(view.lang),
                "search": f"{one.code} {one.name.say(view.lang)}",
            }
        )
    return options


def _periods(view: View, today: date) -> list[dict[str, Any]]:
    options = [{"label": say(view.lang, "screen.newest"), "value": view.href(period=None)}]
    for grain, count in ((Grain.MONTH, MONTHS), (Grain.QUARTER, QUARTERS), (Grain.YEAR, YEARS)):
        period = Period.of(view.calendar, grain, today)
        for _ in range(count):
            label = period_words(period, view.lang)
            options.append({"label": label, "value": view.href(period=period)})
            period = period.previous
    return options
