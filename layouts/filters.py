"""The filter bar: every choice is an address, so choosing is nothing but going there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.view import LANGUAGES, ZONE, View
from layouts import filter_options as options
from layouts.attributes import attributes
from layouts.components import pills
from layouts.filter_chips import asked
from layouts.filter_options import Choices, Named, Option, choices

__all__ = ["Choices", "bar", "basis_switch", "choices", "language_switch", "slow_words"]

_LESS = ("group", "breakdown", "basis")
"""Parts of the address whose filters stand behind `more`."""
_FIND = ("find", "find_hint", "find_none", "find_failed", "find_count")
_VIEWS = (
    "views_own", "views_shared", "views_none", "views_save", "views_name", "views_share",
    "views_unshare", "views_remove", "views_owner", "views_anonymous", "views_failed",
    "views_saved", "views_here", "viewer_name", "viewer_keep", "viewer_kept",
)  # fmt: skip


def bar(view: View, offered: Choices, *, compare: bool = False) -> html.Div:
    """The filter bar of the desk, in two rows: where, then what, when and how known.

    With `compare` there is a page to compare units on. On a phone the rows are behind a button
    that says how many filters are set. A page about one figure has only what asks for another
    moment, another page or a saved view.
    """
    lang = view.lang
    rows = [_where(view, offered), _what(view, offered, compare=compare)]
    if view.page not in options.TREE:
        ends = html.Div(views(view), className="filter-ends")
        rows = [[finder(view), known_at(view, offered.today), ends]]
    return html.Div(
        [
            _opener(view),
            html.Div(
                [html.Div(row, className="filter-row") for row in rows],
                id="filters-body",
                className="filters-body",
            ),
        ],
        className="filters",
        role="search",
        **attributes(aria_label=say(lang, "screen.filters")),
    )


def slow_words(lang: str) -> html.Div:
    """What assets/waiting.js says while an answer is late."""
    return html.Div(
        id="slow-words",
        hidden=True,
        **attributes(data_slow=say(lang, "filters.slow"), data_retry=say(lang, "filters.retry")),
    )


def tree_switch(view: View) -> html.Nav:
    """Localities or ministries: the two trees of the administration."""
    lang = view.lang
    page = "indicator" if view.page == "indicator" else "overview"
    ministries = view.unit == "gov" or (view.page == "unit" and not view.unit[:1].isdigit())
    local, gov = (view.href(page=page, unit=key, units=()) for key in ("vn", "gov"))
    return pills(
        (
            (say(lang, "screen.tree_local"), local, not ministries),
            (say(lang, "screen.tree_gov"), gov, ministries),
        ),
        say(lang, "screen.tree"),
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
        ((one.upper(), view.href(lang=one), view.lang == one) for one in LANGUAGES),
        say(view.lang, "screen.language"),
    )


def _opener(view: View) -> html.Button:
    """Opens the bar on a phone; assets/filters.js does it."""
    count = len(asked(view))
    key = "filters.open_count" if count else "filters.open"
    gaps = {"count": count} if count else {}
    return html.Button(
        say(view.lang, key, **gaps),
        id="filters-open",
        className="filters-open",
        type="button",
        **attributes(aria_expanded="false", aria_controls="filters-body"),
    )


def _where(view: View, offered: Choices) -> list[Component]:
    """Localities or ministries, and the unit."""
    lang = view.lang
    region = view.unit if any(one.key == view.unit for one in offered.regions) else None
    province, ministry = offered.province, offered.ministry
    country = (say(lang, "filters.all_country"), "vn")
    shown = [
        finder(view),
        tree_switch(view),
        choice("region", options.units(view, offered.regions, region, country), view),
        choice(
            "province",
            options.units(
                view,
                offered.provinces,
                province.key if province else None,
                (say(lang, "filters.all_provinces"), "vn"),
            ),
            view,
        ),
    ]
    if province and offered.communes:
        shown.append(_below(view, "commune", province, offered.communes))
    shown.append(
        choice(
            "ministry",
            options.units(
                view,
                offered.ministries,
                ministry.key if ministry else None,
                (say(lang, "filters.all_ministries"), "gov"),
            ),
            view,
        )
    )
    if ministry and offered.departments:
        shown.append(_below(view, "department", ministry, offered.departments))
    return shown


def _below(view: View, name: str, parent: Named, offered: Sequence[Named]) -> html.Label:
    """The choice among the units below one that is chosen, and that one as a whole."""
    here = view.unit if view.unit != parent.key else None
    whole = (say(view.lang, "filters.all_of", place=parent.name), parent.key)
    listed = options.units(view, offered, here, whole)
    return choice(name, listed, view, words=say(view.lang, f"filters.{name}"))


def _what(view: View, offered: Choices, *, compare: bool) -> list[Component]:
    """Indicator, period, status, the moment, and what is used less often."""
    lang = view.lang
    shown: list[Component] = [
        choice("indicator", options.indicators(view, offered.indicators), view),
        choice("period", options.periods(view, offered.today), view),
    ]
    if not offered.leaf:
        listed = options.statuses(view)
        shown.append(choice("status", listed, view, words=say(lang, "filters.status")))
    shown += [known_at(view, offered.today), _more(view, offered)]
    ends: list[Component] = []
    if not offered.leaf:
        ends.append(_pick(view))
    if compare:
        ends.append(_compare(view, offered))
    ends.append(views(view))
    return [*shown, html.Div(ends, className="filter-ends")]


def finder(view: View) -> html.Div:
    """Finds any unit or indicator; assets/filters.js puts the box there."""
    return _made("find", "find-box", view, _FIND)


def _pick(view: View) -> html.Button:
    """The switch that turns clicks into choices; assets/drill.js keeps it."""
    words = say(view.lang, "filters.pick")
    if view.units:
        words = f"{words} ({len(view.units)})"
    return html.Button(
        words,
        id="pick",
        className="filter-button",
        type="button",
        title=say(view.lang, "filters.pick_hint"),
        **attributes(aria_pressed="false"),
    )


def _compare(view: View, offered: Choices) -> Component:
    """Leads to the comparison of the chosen units, or of the unit of the page with its like."""
    parts: dict[str, Any] = {"page": "compare", "source": None, "status": None, "group": None}
    if not view.units and view.page == "unit":
        near = offered.province if view.unit[:1].isdigit() else offered.ministry
        if near is not None and near.key == view.unit:
            above = "vn" if view.unit[:1].isdigit() else "gov"
            parts |= {"unit": above, "units": (view.unit,)}
        elif near is not None:
            parts |= {"unit": near.key, "units": (view.unit,)}
    return dcc.Link(
        say(view.lang, "filters.compare"), href=view.href(**parts), className="filter-button"
    )


def views(view: View) -> html.Details:
    """The menu of saved views; assets/views.js fills it when it is opened."""
    summary = html.Summary(say(view.lang, "filters.views"), className="filter-button")
    return html.Details(
        [summary, _made("views-menu", "menu-panel", view, _VIEWS)],
        id="views",
        className="filter-menu is-end",
    )


def _more(view: View, offered: Choices) -> html.Details:
    """Group, breakdown and map: used less often, so behind one button that counts them."""
    lang = view.lang
    count = sum(part in asked(view) for part in _LESS)
    words = say(lang, "filters.more_count", count=count) if count else say(lang, "filters.more")
    shown: list[Component] = []
    if view.page != "indicator":
        listed = options.groups(view)
        shown.append(
            choice(
                "group",
                listed,
                view,
                words=say(lang, "filters.group"),
                hint=say(lang, "filters.all_groups"),
            )
        )
    parts = options.parts(view, offered.indicators)
    key = "breakdown" if parts else "breakdown_without" if view.indicator else "breakdown_first"
    hint = say(lang, f"filters.{key}")
    shown += [
        choice("breakdown", parts, view, words=say(lang, "filters.breakdown"), hint=hint),
        choice(
            "basis",
            options.maps(view),
            view,
            words=say(lang, "filters.basis"),
            hint=say(lang, "screen.basis_today"),
        ),
        html.Div(
            id="basis-day",
            className="day-box",
            **attributes(
                data_part="basis",
                data_kind="date",
                data_value=view.basis if view.basis[:1].isdigit() else "",
                data_max=offered.today.isoformat(),
                data_label=say(lang, "filters.basis_day"),
            ),
        ),
    ]
    return html.Details(
        [html.Summary(words, className="filter-button"), html.Div(shown, className="menu-panel")],
        id="more-filters",
        className="filter-menu",
    )


def known_at(view: View, today: date) -> html.Div:
    """The moment as of which everything is told; assets/filters.js puts the field there."""
    lang = view.lang
    return html.Div(
        id="known-at",
        className="day-box is-known is-set" if view.known_at else "day-box is-known",
        **attributes(
            data_part="known_at",
            data_kind="datetime-local",
            data_value=_local(view.known_at),
            data_max=f"{today.isoformat()}T23:59",
            data_label=say(lang, "filters.known_at"),
            data_hint=say(lang, "filters.known_at_hint"),
            data_clear=say(lang, "filters.known_at_clear"),
        ),
    )


def _local(moment: datetime | None) -> str:
    """A moment as the field takes it: the clock of Việt Nam, to the minute."""
    return moment.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") if moment else ""


def _made(name: str, look: str, view: View, keys: Sequence[str]) -> html.Div:
    """An empty place that a script of ours fills, with the words it needs."""
    gaps = {"text": "{text}", "count": "{count}", "owner": "{owner}", "reason": "{reason}"}
    words = {key: say(view.lang, f"filters.{key}", **_gaps(key, gaps)) for key in keys}
    return html.Div(
        id=name, className=look, **attributes(data_words=json.dumps(words, ensure_ascii=False))
    )


_GAPS = {
    "find_none": ("text",),
    "find_count": ("count",),
    "views_owner": ("owner",),
    "views_failed": ("reason",),
}


def _gaps(key: str, gaps: dict[str, str]) -> dict[str, str]:
    return {name: gaps[name] for name in _GAPS.get(key, ())}


def choice(
    name: str, offered: Sequence[Option], view: View, *, words: str = "", hint: str = ""
) -> html.Label:
    """A dropdown; its name is its placeholder, or stands above it where there is a `hint`."""
    words = words or say(view.lang, f"screen.filter_{name}")
    value = next((one["value"] for one in offered if _is_here(one)), None)
    return html.Label(
        [
            html.Span(words, className="filter-name" if hint else "visually-hidden"),
            dcc.Dropdown(
                id={"type": "filter", "name": name},
                options=list(offered),
                value=value,
                placeholder=hint or words,
                clearable=False,
                disabled=not offered,
                searchable=len(offered) > 8,
                maxHeight=420,
                labels={
                    "search": say(view.lang, "screen.filter_search"),
                    "no_options_found": say(view.lang, "screen.filter_none"),
                },
            ),
        ],
        className=f"filter filter-{name} is-set" if value else f"filter filter-{name}",
    )


def _is_here(one: Option) -> bool:
    return bool(str(one["value"]).startswith("#/"))
