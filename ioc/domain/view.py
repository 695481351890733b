"""The question in the address: every page, export and wall scene is one View."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from urllib.parse import quote, unquote, urlencode
from zoneinfo import ZoneInfo

from ioc.domain.period import Calendar, Period
from ioc.domain.target import Status
from ioc.errors import AddressError

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LANGUAGES = ("vi", "en")
MOST_UNITS = 200
"""Units that one address may choose: more than any group drawn has."""
DUES = ("overdue", "soon", "later", "none")
"""What a list may be narrowed to by due date, seen from today."""
MOST_WHERE = 12
_FIRST_YEAR = 1900
_SWITCH = {"0": False, "1": True}


@dataclass(frozen=True, slots=True)
class View:
    """What is asked: a page, its subject and how to look at it.

    A page named like a field (`unit`, `indicator`, `source`) carries that field in its path:
    `/unit/38?indicator=OPS-01`; everything else is a query part and defaults are left out.
    `basis` is "today" (today's map), "reported" (as reported) or an ISO date (the map of that
    day). `known_at` is a moment: a bare date in the address means the end of that day.
    `units` are keys chosen among those drawn (to compare, or to filter by), `status` keeps the
    units of one status, `breakdown` one declared part (`channel.online`). `against` is a second
    indicator, `before` a second period, `form` how a comparison is drawn. `meeting` names a
    freeze, `exercise` what a rehearsal pretends (`source:dvc`, `late:38`). `delivery` is the token
    of a submitted file, `verify` the code of an export. `run` and `reason` choose refused records
    of a source, `sheet` is which sheet of a long list is shown, from 1.

    `register` is the key of a register, `item` of one of its items; a list of items is narrowed
    by `state` (a state, or a whole phase: `all-open`), `person`, `due`, words (`q`) and `where`,
    facets with their values (`class.target`): one facet given twice means either value.
    """

    page: str = "overview"
    unit: str = "vn"
    indicator: str | None = None
    source: str | None = None
    group: str | None = None
    calendar: Calendar = Calendar.CALENDAR
    period: Period | None = None
    basis: str = "today"
    known_at: datetime | None = None
    units: tuple[str, ...] = ()
    status: Status | None = None
    breakdown: str | None = None
    against: str | None = None
    before: Period | None = None
    form: str | None = None
    scene: str | None = None
    meeting: str | None = None
    exercise: str | None = None
    delivery: str | None = None
    verify: str | None = None
    briefing: str | None = None
    run: int | None = None
    reason: str | None = None
    register: str | None = None
    item: str | None = None
    state: str | None = None
    person: str | None = None
    due: str | None = None
    where: tuple[str, ...] = ()
    q: str | None = None
    criterion: str | None = None
    sheet: int = 1
    wall: bool = False
    lang: str = "vi"

    @classmethod
    def from_address(cls, path: str = "/", **parts: str | None) -> View:
        """Read a path, its escapes already undone, and its query parts.

        Raises AddressError for an unknown part, a malformed value, a path of more than two
        steps or a part that says other than the path; whether the unit or indicator exists is
        the query's to say.
        """
        steps = [step for step in path.split("/") if step]
        page = steps[0] if steps else "overview"
        known = {field.name for field in fields(cls)} - {"page"}
        if len(steps) > 2 or (len(steps) == 2 and page not in known):
            raise AddressError(part="path", given=path, allowed="/, /unit/38, /indicator/OPS-01")
        if len(steps) == 2:
            if parts.get(page) not in (None, "", steps[1]):
                raise AddressError(part="query", given=f"{page}={parts[page]}", allowed=path)
            parts = {**parts, page: steps[1]}
        for name in parts:
            if name not in known:
                raise AddressError(part=name, given=parts[name], allowed=", ".join(sorted(known)))
        given = {name: text for name, text in parts.items() if text not in (None, "")}
        return cls(page=page, **_read(given))  # type: ignore[arg-type]

    def but(self, **changes: object) -> View:
        """This view with some parts changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def href(self, **changes: object) -> str:
        """The address of this view with some parts changed; `from_address` reads it back."""
        view = self.but(**changes)
        path = "" if view.page == "overview" else view.page
        texts = {name: text for name, text in _write(view) if text is not None}
        default = View()
        for field in fields(View):
            usual = getattr(view, field.name) == getattr(default, field.name)
            if usual and field.name not in ("page", view.page):
                texts.pop(field.name, None)
        # A subject with a slash would read as two steps: it stays a query part.
        if "/" not in (texts.get(view.page) or "/"):
            path += "/" + quote(texts.pop(view.page), safe="")
        query = urlencode(sorted(texts.items()))
        return f"/{path}?{query}" if query else f"/{path}"


def _write(view: View) -> list[tuple[str, str | None]]:
    return [
        ("unit", view.unit),
        ("indicator", view.indicator),
        ("source", view.source),
        ("group", view.group),
        ("calendar", view.calendar.value),
        ("period", view.period.code if view.period else None),
        ("basis", view.basis),
        ("known_at", view.known_at.isoformat() if view.known_at else None),
        ("units", ",".join(view.units) or None),
        ("status", view.status.value if view.status else None),
        ("breakdown", view.breakdown),
        ("against", view.against),
        ("before", view.before.code if view.before else None),
        ("form", view.form),
        ("scene", view.scene),
        ("meeting", view.meeting),
        ("exercise", view.exercise),
        ("delivery", view.delivery),
        ("verify", view.verify),
        ("briefing", view.briefing),
        ("run", str(view.run) if view.run is not None else None),
        ("reason", view.reason),
        ("register", view.register),
        ("item", view.item),
        ("state", view.state),
        ("person", view.person),
        ("due", view.due),
        ("where", ",".join(_closed(part) for part in view.where) or None),
        ("q", view.q),
        ("criterion", view.criterion),
        ("sheet", str(view.sheet)),
        ("wall", "1" if view.wall else None),
        ("lang", view.lang),
    ]


def _read(texts: dict[str, str | None]) -> dict[str, object]:
    values: dict[str, object] = dict(texts)
    calendar = _calendar(str(values.get("calendar", "calendar")))
    if "calendar" in values:
        values["calendar"] = calendar
    if "period" in values:
        values["period"] = Period.parse(str(values["period"]), calendar)
    if "before" in values:
        values["before"] = Period.parse(str(values["before"]), calendar)
    if "known_at" in values:
        values["known_at"] = _moment(str(values["known_at"]))
    if "units" in values:
        values["units"] = _keys(str(values["units"]))
    if "where" in values:
        values["where"] = _where(str(values["where"]))
    if "due" in values and values["due"] not in DUES:
        raise AddressError(part="due", given=values["due"], allowed=", ".join(DUES))
    if "status" in values:
        values["status"] = _status(str(values["status"]))
    if "basis" in values:
        values["basis"] = _basis(str(values["basis"]))
    for name in ("run", "sheet"):
        if name in values:
            values[name] = _number(name, str(values[name]))
    if "wall" in values:
        if values["wall"] not in _SWITCH:
            raise AddressError(part="wall", given=values["wall"], allowed="0, 1")
        values["wall"] = _SWITCH[str(values["wall"])]
    if "lang" in values and values["lang"] not in LANGUAGES:
        raise AddressError(part="lang", given=values["lang"], allowed=", ".join(LANGUAGES))
    return values


def _number(part: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19 and int(text) > 0):
        raise AddressError(part=part, given=text[:40], allowed="1, 2, 3")
    return int(text)


def _calendar(text: str) -> Calendar:
    try:
        return Calendar(text)
    except ValueError:
        raise AddressError(
            part="calendar", given=text, allowed="calendar, administrative"
        ) from None


def _keys(text: str) -> tuple[str, ...]:
    keys = tuple(dict.fromkeys(key for key in text.split(",") if key))
    if not keys or len(keys) > MOST_UNITS:
        raise AddressError(part="units", given=text[:80], allowed=f"38,31 (1-{MOST_UNITS})")
    return keys


def _closed(part: str) -> str:
    """A facet's value may hold the comma that parts them: it is written as `%2C` then."""
    return part.replace("%", "%25").replace(",", "%2C")


def _where(text: str) -> tuple[str, ...]:
    parts = tuple(dict.fromkeys(unquote(part) for part in text.split(",") if part))
    if not parts or len(parts) > MOST_WHERE or not all("." in part for part in parts):
        raise AddressError(part="where", given=text[:80], allowed="class.none,power.true")
    return parts


def _status(text: str) -> Status:
    try:
        return Status(text)
    except ValueError:
        allowed = ", ".join(one.value for one in Status)
        raise AddressError(part="status", given=text, allowed=allowed) from None


def _basis(text: str) -> str:
    if text in ("today", "reported"):
        return text
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise AddressError(
            part="basis", given=text, allowed="today, reported, 2025-06-30"
        ) from None


def _moment(text: str) -> datetime:
    try:
        return _end_of_day(text) or _instant(text)
    except (ValueError, OverflowError):
        raise AddressError(
            part="known_at", given=text, allowed="2025-10-22, 2025-10-22T17:00:00+07:00"
        ) from None


def _end_of_day(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return _tellable(datetime(day.year, day.month, day.day, 23, 59, 59, 999_999, tzinfo=ZONE))


def _instant(text: str) -> datetime:
    # A plus that is typed into an address arrives as a space.
    day, mark, clock = text.partition("T")
    moment = datetime.fromisoformat(day + mark + clock.replace(" ", "+"))
    return _tellable(moment if moment.tzinfo else moment.replace(tzinfo=ZONE))


def _tellable(moment: datetime) -> datetime:
    """The moment; raises OverflowError where a clock or a calendar ends, or long before it."""
    for zone in (UTC, ZONE):
        if moment.astimezone(zone).year < _FIRST_YEAR:
            raise OverflowError
    return moment
