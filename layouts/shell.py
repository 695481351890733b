"""The frame around every page: bar, filters and foot on the desk, a bare canvas on the wall."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.catalogue import Catalogue
from ioc.domain.messages import say
from ioc.domain.units import Units
from ioc.domain.view import LANGUAGES, ZONE, View
from ioc.web.page import Ground, Page, ground
from layouts import basket, export_dialog, filter_chips, filters, notices_badge
from layouts.attributes import attributes
from layouts.filters import Choices

ENTRIES = 6
"""So many pages stand in the bar, in their order; those gone to less often are behind a menu."""
PARENTS = {
    "register": "registers",
    "item": "registers",
    "source": "sources",
    "briefing": "briefings",
}
"""Pages without an entry of their own that belong to one that has."""
PLAIN = ("source", "sources")
"""Pages without figures of units: what their address filters by is said not to apply."""

Shell = Callable[[Component, View], Component]


def build(
    pages: Mapping[str, Page], units: Units, catalogue: Catalogue, now: Callable[[], datetime]
) -> Shell:
    """The function that frames the content of a page, knowing what can be navigated and chosen."""

    def shell(content: Component, view: View) -> Component:
        if view.wall or view.page in ("wall", "scene"):
            return wall(content, view)
        choices = None
        page = pages.get(view.page)
        if page is not None and page.filters:
            today = now().astimezone(ZONE).date()
            choices = filters.choices(units, catalogue, today, view)
        return desk(content, view, pages=pages, choices=choices)

    return shell


def desk(
    content: Component, view: View, *, pages: Mapping[str, Page], choices: Choices | None = None
) -> html.Div:
    """The light desk: bar with navigation, filters where there is something to choose, foot."""
    return html.Div(
        [
            html.A(say(view.lang, "screen.skip"), href="#main", className="skip"),
            _bar(view, pages),
            _filters(view, pages, choices),
            html.Main(content, id="main", className="main", tabIndex=-1),
            _foot(view),
            filters.slow_words(view.lang),
        ],
        className="frame desk",
        lang=view.lang,
    )


def wall(content: Component, view: View) -> html.Div:
    """The wall: a canvas 1080 px high that the style sheet enlarges; dark, but light on paper."""
    return html.Div(
        html.Main(content, id="main", className="wall-main"),
        className="frame wall-frame",
        lang=view.lang,
        **attributes(data_bs_theme="light" if ground() is Ground.PAPER else "dark"),
    )


def _filters(view: View, pages: Mapping[str, Page], choices: Choices | None) -> Component | None:
    if choices is not None:
        return filters.bar(view, choices, compare="compare" in pages)
    return filter_chips.row(view) if view.page in PLAIN else None


def _bar(view: View, pages: Mapping[str, Page]) -> html.Header:
    lang = view.lang
    entries = sorted((one for one in pages.values() if one.nav), key=lambda one: one.order)
    shown = len(entries) if len(entries) <= ENTRIES + 1 else ENTRIES
    links: list[Component] = [_entry(one, view) for one in entries[:shown]]
    rare: list[Component] = [_entry(one, view) for one in entries[shown:]]
    here = pages.get(view.page)
    if here is not None and here.filters:
        large = html.A(
            say(lang, "screen.wall_this"),
            href=view.href(wall=True),
            className="nav-entry",
            target="_blank",
        )
        (rare or links).append(large)
    if rare:
        on = any(_is_on(one, view) for one in entries[shown:])
        links.append(_more(rare, view.lang, on=on))
    return html.Header(
        [
            dcc.Link(_brand(lang), href=View(lang=lang).href(), className="brand"),
            html.Nav(links, className="nav-main", **attributes(aria_label=say(lang, "screen.nav"))),
            html.Div(
                [
                    _pulse(lang),
                    export_dialog.button(view) if "exports" in pages else None,
                    notices_badge.badge(lang) if "exports" in pages else None,
                    basket.counter(lang) if "briefings" in pages else None,
                    filters.language_switch(view) if view.lang in LANGUAGES else None,
                ],
                className="bar-end",
            ),
        ],
        className="bar",
    )


def _is_on(page: Page, view: View) -> bool:
    return page.name == PARENTS.get(view.page, view.page)


def _entry(page: Page, view: View) -> Component:
    return dcc.Link(
        say(view.lang, str(page.nav)),
        href=View(page=page.name, lang=view.lang).href(),
        className="nav-entry is-on" if _is_on(page, view) else "nav-entry",
    )


def _more(links: Sequence[Component], lang: str, *, on: bool) -> html.Details:
    """What is gone to less often; assets/filters.js closes it."""
    name = "nav-entry is-on" if on else "nav-entry"
    summary = html.Summary(say(lang, "screen.nav_more"), className=name)
    listed = html.Div(links, className="nav-menu")
    return html.Details([summary, listed], id="nav-more", className="nav-more filter-menu")


def _brand(lang: str) -> list[Component]:
    words = [
        html.Span(say(lang, "screen.product"), className="brand-name"),
        html.Span(say(lang, "screen.product_line"), className="brand-line"),
    ]
    return [html.Span(className="brand-mark", **attributes(aria_hidden="true")), html.Span(words)]


def _pulse(lang: str) -> html.Div:
    """The sign of life: the style sheet turns it off when the script finds the server gone."""
    return html.Div(
        [
            html.Span(className="pulse-dot", **attributes(aria_hidden="true")),
            html.Span(say(lang, "screen.pulse_live"), className="pulse-live"),
            html.Span(say(lang, "screen.pulse_dead"), className="pulse-dead"),
        ],
        id="pulse",
        className="pulse",
    )


def _foot(view: View) -> html.Footer:
    lang = view.lang
    parts = [say(lang, "screen.foot_missing"), say(lang, "screen.map_credit")]
    return html.Footer([html.Span(part) for part in parts], className="foot", tabIndex=-1)
