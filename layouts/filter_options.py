"""What the filter bar offers: every option is an address, and the one shown leads nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from ioc.domain.catalogue import Catalogue
from ioc.domain.indicator import Group, Indicator
from ioc.domain.messages import say
from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.target import Status
from ioc.domain.unit import Level, Unit
from ioc.domain.unit_names import folded, normalised
from ioc.domain.units import Units
from ioc.domain.view import View
from ioc.domain.words import date_words, period_words, status_sign, status_words
from ioc.errors import AddressError

GRAINS = ((Grain.MONTH, 24), (Grain.QUARTER, 8), (Grain.HALF, 4), (Grain.YEAR, 3))
BEFORE_MERGERS = date(2025, 6, 30)
TREE = ("overview", "unit", "indicator")
_CALENDARS = ((Calendar.CALENDAR, "months"), (Calendar.ADMINISTRATIVE, "administrative"))

Option = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """A unit as the bar offers it."""

    key: str
    name: str
    level: Level


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen on a day: units by kind, indicators, and the newest day of data.

    `province` and `ministry` are those the address stands in; `communes` and `departments` what
    is under them; nothing stands below a `leaf`.
    """

    regions: tuple[Named, ...]
    provinces: tuple[Named, ...]
    ministries: tuple[Named, ...]
    indicators: tuple[Indicator, ...]
    today: date
    province: Named | None = None
    ministry: Named | None = None
    communes: tuple[Named, ...] = ()
    departments: tuple[Named, ...] = ()
    leaf: bool = False


def choices(units: Units, catalogue: Catalogue, today: date, view: View) -> Choices:
    """The choices as of `today` around the unit of `view`, with names in its language."""
    lang = view.lang

    def named(unit: Unit) -> Named:
        return Named(unit.key, unit.name_in(lang), unit.level)

    def all_of(level: Level) -> tuple[Named, ...]:
        found = (units.by_id(one) for one in units.ids_by_level(level, today))
        return tuple(named(unit) for unit in found)

    above: dict[Level, Unit] = {}
    try:
        unit = units.by_key(view.unit)
    except AddressError:
        unit = units.by_key("vn")
    step: Unit | None = unit
    while step is not None:
        above[step.level] = step
        day = min(today, step.valid_to or today)
        parent = (step.at(day) or step.newest).parent_id
        step = None if parent is None else units.by_id(parent)
    province, ministry = above.get(Level.PROVINCE), above.get(Level.MINISTRY)

    def under(one: Unit | None, level: Level) -> tuple[Named, ...]:
        found = units.children(one.id, today, level) if one else ()
        return tuple(named(unit) for unit in found)

    return Choices(
        regions=all_of(Level.REGION),
        provinces=all_of(Level.PROVINCE),
        ministries=all_of(Level.MINISTRY),
        indicators=tuple(catalogue.all),
        today=today,
        province=named(province) if province else None,
        ministry=named(ministry) if ministry else None,
        communes=under(province, Level.COMMUNE),
        departments=under(ministry, Level.DEPARTMENT),
        leaf=unit.level in (Level.COMMUNE, Level.DEPARTMENT),
    )


def option(label: str, href: str, *, here: bool, search: str = "", title: str = "") -> Option:
    """One option. The present one is no address: putting a bar on the page follows nothing.

    The words to search by are also kept without diacritics, and with tone marks in the other
    place: `thanh hoa`, `Thanh Hoá` and `thanh hóa` all find Thanh Hóa.
    """
    words = f"{label} {search}".strip()
    spellings = dict.fromkeys((words.casefold(), normalised(words), folded(words)))
    made = {"label": label, "value": f"#{href}" if here else href, "search": " ".join(spellings)}
    return {**made, "title": title} if title else made


def heading(words: str) -> Option:
    """A line between options."""
    return {"label": words, "value": f"#-{words}", "disabled": True}


def to_unit(view: View, one: Named) -> str:
    """The address of a unit: a total on the overview, any other on its own page."""
    total = one.level in (Level.NATION, Level.LOCALITIES, Level.GOVERNMENT, Level.REGION)
    page = "overview" if total else "unit"
    if total and view.page == "indicator":
        page = "indicator"
    return _elsewhere(view, page, one.key)


def _elsewhere(view: View, page: str, key: str) -> str:
    dropped: dict[str, Any] = {"source": None, "units": (), "against": None, "before": None}
    return view.href(page=page, unit=key, form=None, **dropped)


def units(
    view: View, named: Iterable[Named], here: str | None, everything: tuple[str, str]
) -> list[Option]:
    """Units of one kind; `everything` is the words and the key of what choosing none means."""
    found = [option(one.name, to_unit(view, one), here=one.key == here) for one in named]
    if here is None:
        return found
    words, key = everything
    total = "overview" if key in ("vn", "gov") else "unit"
    page = view.page if view.page == "indicator" and total == "overview" else total
    return [option(words, _elsewhere(view, page, key), here=False), *found]


def indicators(view: View, offered: Iterable[Indicator]) -> list[Option]:
    """Indicators in their groups; a page about figures stays, any other gives way to theirs."""
    page = view.page if view.page in TREE else "indicator"
    found: list[Option] = []
    if view.indicator is not None and page != "indicator":
        found.append(_none(view, "all_indicators", indicator=None, breakdown=None))
    group = None
    for one in offered:
        if one.group != group:
            group = one.group
            found.append(heading(say(view.lang, f"indicator.group_{one.group.value}")))
        words = f"{one.code} · {one.short.say(view.lang)}"
        href = view.href(page=page, indicator=one.code, breakdown=None)
        name = one.name.say(view.lang)
        here = one.code == view.indicator
        found.append(option(words, href, here=here, search=name, title=name))
    return found


def periods(view: View, today: date) -> list[Option]:
    """The newest period, and those of both calendars, longest history of months first."""
    found = []
    if view.period is not None:
        words = say(view.lang, "screen.newest")
        href = view.href(period=None, calendar=Calendar.CALENDAR)
        found.append(option(words, href, here=False))
    for calendar, key in _CALENDARS:
        found.append(heading(say(view.lang, f"filters.{key}")))
        for grain, count in GRAINS:
            period = Period.of(calendar, grain, today)
            for _ in range(count):
                href = view.href(period=period, calendar=calendar)
                words = period_words(period, view.lang)
                found.append(option(words, href, here=period == view.period))
                period = period.previous
    return found


def groups(view: View) -> list[Option]:
    """Groups of indicators."""
    found = [] if view.group is None else [_none(view, "all_groups", group=None)]
    for one in Group:
        words = say(view.lang, f"indicator.group_{one.value}")
        href = view.href(group=one.value)
        found.append(option(words, href, here=one.value == view.group, search=one.value))
    return found


def statuses(view: View) -> list[Option]:
    """Statuses with their signs."""
    found = [] if view.status is None else [_none(view, "all_statuses", status=None)]
    for one in Status:
        words = f"{status_sign(one)} {status_words(one, view.lang)}"
        found.append(option(words, view.href(status=one), here=one is view.status))
    return found


def parts(view: View, offered: Iterable[Indicator]) -> list[Option]:
    """The declared parts of the indicator of the address."""
    found = [] if view.breakdown is None else [_none(view, "all_parts", breakdown=None)]
    for one in offered:
        if one.code != view.indicator:
            continue
        for dimension in one.breakdown:
            found.append(heading(dimension.name.say(view.lang)))
            for value in dimension.values:
                code = f"{dimension.code}.{value.code}"
                words, href = value.name.say(view.lang), view.href(breakdown=code)
                found.append(option(words, href, here=code == view.breakdown))
    return found


def maps(view: View) -> list[Option]:
    """Today's map, the units as they reported, the map before the mergers, and any day asked."""
    found = [option(say(view.lang, "screen.basis_today"), view.href(basis="today"), here=False)]
    if view.basis == "today":
        found.clear()
    found.append(
        option(
            say(view.lang, "screen.basis_reported"),
            view.href(basis="reported"),
            here=view.basis == "reported",
        )
    )
    before = BEFORE_MERGERS.isoformat()
    words = say(view.lang, "filters.basis_before")
    found.append(option(words, view.href(basis=before), here=view.basis == before))
    if view.basis not in ("today", "reported", before):
        found.append(option(basis_words(view), view.href(), here=True))
    return found


def basis_words(view: View) -> str:
    """The map asked for in words."""
    if view.basis == "reported":
        return say(view.lang, "filters.basis_words_reported")
    if view.basis == "today":
        return say(view.lang, "screen.basis_today")
    day = date_words(date.fromisoformat(view.basis), view.lang)
    return say(view.lang, "filters.basis_words_day", day=day)


def _none(view: View, key: str, **without: object) -> Option:
    return option(say(view.lang, f"filters.{key}"), view.href(**without), here=False)
