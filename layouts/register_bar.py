"""What a register is narrowed by: a bar of choices, each an address, and chips that tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.register import Phase
from ioc.domain.view import DUES, View
from ioc.domain.words import moment_words, number
from ioc.queries.register_answers import FacetCount, RegisterHome, RegisterList
from layouts import filter_chips, filters
from layouts import filter_options as options
from layouts.attributes import attributes
from layouts.filter_options import Choices, Named, Option

MOST_WORDS = 80
MINE = ("unit", "known_at", "form")
"""Parts that filter pages of figures and mean something here, too."""
_NONE: dict[str, object] = {
    "state": None, "due": None, "where": (), "person": None, "q": None, "sheet": 1,
}  # fmt: skip


def bar(answer: RegisterList, view: View, offered: Choices, today: date) -> html.Div:
    """The filter bar of a register: which one, where, state, due date, its facets, words."""
    lang = view.lang
    first = [_registers(answer, view), *places(view, offered), filters.known_at(view, today)]
    second = [_words(view), _states(answer, view)]
    if answer.register.due is not None:
        second.append(_dues(view))
    facets = [_facet(one, view) for one in answer.facets]
    second += facets[:3]
    if facets[3:]:
        second.append(_more(answer, facets[3:], lang))
    ends = html.Div(filters.views(view), className="filter-ends")
    return _bar([first, [*second, ends]], answer, view)


def home_bar(answer: RegisterHome, view: View, offered: Choices, today: date) -> html.Div:
    """Where and when: all that the page of all registers can be asked for."""
    ends = html.Div(filters.views(view), className="filter-ends")
    return _bar([[*places(view, offered), filters.known_at(view, today), ends]], answer, view)


def _bar(rows: list[list[Component]], answer: RegisterList | RegisterHome, view: View) -> html.Div:
    lang = view.lang
    set_ = len(answer.filters) if isinstance(answer, RegisterList) else 0
    words = say(lang, "filters.open_count", count=set_) if set_ else say(lang, "filters.open")
    opener = html.Button(
        words,
        id="filters-open",
        className="filters-open",
        type="button",
        **attributes(aria_expanded="false", aria_controls="filters-body"),
    )
    body = html.Div(
        [html.Div(row, className="filter-row") for row in rows],
        id="filters-body",
        className="filters-body",
    )
    return html.Div(
        [opener, body],
        className="filters register-filters",
        role="search",
        **attributes(aria_label=say(lang, "screen.filters")),
    )


def places(view: View, offered: Choices) -> list[Component]:
    """Any unit by typing a part of its name, provinces with their communes, ministries."""
    lang = view.lang
    province, ministry = offered.province, offered.ministry
    shown: list[Component] = [
        filters.finder(view),
        _place("province", view, offered.provinces, province, say(lang, "filters.all_provinces")),
    ]
    if province and offered.communes:
        whole = say(lang, "filters.all_of", place=province.name)
        shown.append(_below("commune", view, offered.communes, province, whole))
    words = say(lang, "filters.all_ministries")
    shown.append(_place("ministry", view, offered.ministries, ministry, words))
    if ministry and offered.departments:
        whole = say(lang, "filters.all_of", place=ministry.name)
        shown.append(_below("department", view, offered.departments, ministry, whole))
    return shown


def _place(
    name: str, view: View, units: Sequence[Named], here: Named | None, everything: str
) -> Component:
    key = here.key if here else None
    found = [
        options.option(one.name, view.href(unit=one.key, sheet=1), here=one.key == key)
        for one in units
    ]
    if key is not None:
        found.insert(0, options.option(everything, view.href(unit="vn", sheet=1), here=False))
    return filters.choice(name, found, view)


def _below(
    name: str, view: View, units: Sequence[Named], parent: Named, everything: str
) -> Component:
    found = [options.option(everything, view.href(unit=parent.key, sheet=1), here=False)]
    found += [
        options.option(one.name, view.href(unit=one.key, sheet=1), here=one.key == view.unit)
        for one in units
    ]
    return filters.choice(name, found, view, words=say(view.lang, f"filters.{name}"))


def _registers(answer: RegisterList, view: View) -> Component:
    """Another register, of the same units: what narrows this one means nothing there."""
    listed = [
        options.option(
            one.name.say(view.lang),
            view.href(register=one.key, form=None, **_NONE),
            here=one.key == answer.register.key,
            search=one.about.say(view.lang),
        )
        for one in answer.registers
    ]
    return filters.choice("register", listed, view, words=say(view.lang, "register.register"))


def _words(view: View) -> html.Div:
    """The box of words; assets/registers.js makes it, as what is typed outlives a redraw."""
    lang = view.lang
    return html.Div(
        id="register-words",
        className="register-words",
        **attributes(
            data_value=view.q or "",
            data_most=MOST_WORDS,
            data_label=say(lang, "register.words"),
            data_hint=say(lang, "register.words_hint"),
        ),
    )


def _states(answer: RegisterList, view: View) -> Component:
    lang, counted = view.lang, answer.totals
    listed: list[Option] = []
    if view.state is not None:
        listed.append(_any(view, "any_state", state=None))
    declared = {state.phase for state, _ in counted.states}
    for phase in Phase:
        if phase is Phase.UNKNOWN and phase not in declared:
            continue
        words = _counted(say(lang, f"register.phase_{phase}"), counted.phases.get(phase, 0), lang)
        code = f"all-{phase.value}"
        href = view.href(state=code, sheet=1)
        listed.append(options.option(words, href, here=view.state == code))
    listed.append(options.heading(say(lang, "register.each_state")))
    for state, items in counted.states:
        words = _counted(state.name.say(lang), items, lang)
        href = view.href(state=state.code, sheet=1)
        listed.append(options.option(words, href, here=view.state == state.code))
    return filters.choice("state", listed, view, words=say(lang, "register.state"))


def _dues(view: View) -> Component:
    lang = view.lang
    listed = [_any(view, "any_due", due=None)] if view.due is not None else []
    listed += [
        options.option(
            say(lang, f"register.due_{one}"), view.href(due=one, sheet=1), here=view.due == one
        )
        for one in DUES
    ]
    return filters.choice("due", listed, view, words=say(lang, "register.due"))


def _facet(one: FacetCount, view: View) -> Component:
    """A facet's values with their counts; choosing another one takes the place of the first."""
    lang, name = view.lang, one.field.name
    others = tuple(part for part in view.where if part.partition(".")[0] != name)
    chosen = any(option.chosen for option in one.options)
    label = one.field.label.say(lang)
    listed = []
    if chosen:
        words = say(lang, "register.any_value")
        listed.append(options.option(words, view.href(where=others, sheet=1), here=False))
    for value in one.options:
        href = view.href(where=(*others, f"{name}.{value.value}"), sheet=1)
        words = _counted(value.words, value.items, lang)
        listed.append(options.option(words, href, here=value.chosen))
    return filters.choice(f"facet-{name}", listed, view, words=label)


def _more(answer: RegisterList, facets: Sequence[Component], lang: str) -> html.Details:
    hidden = {one.field.name for one in answer.facets[3:]}
    count = sum(
        one.part == "where" and one.value.partition(".")[0] in hidden for one in answer.filters
    )
    words = say(lang, "filters.more_count", count=count) if count else say(lang, "filters.more")
    return html.Details(
        [
            html.Summary(words, className="filter-button"),
            html.Div(list(facets), className="menu-panel"),
        ],
        id="more-filters",
        className="filter-menu is-end",
    )


def _any(view: View, key: str, **without: object) -> Option:
    return options.option(say(view.lang, f"register.{key}"), view.href(sheet=1, **without),
                          here=False)  # fmt: skip


def _counted(words: str, items: int, lang: str) -> str:
    return say(lang, "register.option", words=words, count=number(items, lang))


def chips(answer: RegisterList | RegisterHome, view: View) -> html.Div | None:
    """What the list was narrowed by, each with a way to take it back; what does not apply says so.

    Nothing where the address narrows nothing.
    """
    lang = view.lang
    made: list[Component] = []
    if view.unit != View().unit:
        words = say(lang, "filters.chip_unit", value=answer.unit.name)
        made.append(_chip(words, view.href(unit=View().unit, sheet=1)))
    if view.known_at is not None:
        words = say(lang, "filters.chip_known_at", value=moment_words(view.known_at, lang))
        made.append(_chip(words, view.href(known_at=None, sheet=1)))
    for one in answer.filters if isinstance(answer, RegisterList) else ():
        made.append(_chip(one.words, view.href(sheet=1, **without(view, one.part, one.value))))
    for part in filter_chips.asked(view):
        if part not in MINE:
            plain = {part: getattr(View(), part)}
            words = filter_chips.words_of(part, view)
            made.append(_chip(words, view.href(**plain), say(lang, "filters.why_page")))
    if not made:
        return None
    cleared = {part: getattr(View(), part) for part in filter_chips.PARTS if part != "form"}
    clear = dcc.Link(
        say(lang, "filters.clear"), href=view.href(**cleared, **_NONE), className="chips-clear"
    )
    title = html.Span(say(lang, "filters.chips"), className="chips-title")
    return html.Div(
        [title, html.Ul([html.Li(chip) for chip in made]), clear],
        id="chips",
        className="filter-chips",
        role="group",
        **attributes(aria_label=say(lang, "filters.chips")),
    )


def without(view: View, part: str, value: str) -> dict[str, object]:
    """The changes that take one filter out of an address."""
    if part == "where":
        return {"where": tuple(one for one in view.where if one != value)}
    return {part: None}


def _chip(words: str, href: str, unused: str = "") -> Component:
    said: list[Component] = [html.Span(words, className="chip-words")]
    if unused:
        said.append(html.Span(unused, className="chip-after"))
    cross = html.Span("×", className="chip-cross", **attributes(aria_hidden="true"))
    look = "filter-chip is-unused" if unused else "filter-chip"
    return dcc.Link([*said, cross], href=href, className=look)
