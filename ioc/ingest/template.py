"""Gaps such as {period} in addresses, queries and bodies, filled from a fixed list of names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from ioc.domain.period import Calendar, Grain, Period

_GAP = re.compile(r"\{([a-z_]+)(:n)?\}")
NAMES = ("period", "year", "month", "quarter", "half", "from", "to", "value", "unit", "since")
PERIOD_NAMES = ("period", "year", "month", "quarter", "half", "from", "to")


def gaps(given: object) -> set[str]:
    """The names of all gaps in a text, or in the texts of a list or mapping.

    Raises ValueError for a name that is not one of NAMES.
    """
    if isinstance(given, dict):
        return {name for one in given.values() for name in gaps(one)}
    if isinstance(given, list):
        return {name for one in given for name in gaps(one)}
    if not isinstance(given, str):
        return set()
    found = {match[1] for match in _GAP.finditer(given)}
    for name in sorted(found - set(NAMES)):
        raise ValueError(f"{{{name}}} is no gap; there are " + ", ".join(NAMES))
    return found


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its gaps filled, once and as text."""
    return _GAP.sub(lambda gap: values.get(gap[1], ""), text)


def fill_address(text: str, values: Mapping[str, str]) -> str:
    """An address with its gaps filled; what is put in can never become a step or a query."""
    return _GAP.sub(lambda gap: quote(values.get(gap[1], ""), safe=""), text)


def fill_body(given: object, values: Mapping[str, str]) -> object:
    """A JSON body with the gaps of its texts filled; "{year:n}" alone becomes a number."""
    if isinstance(given, dict):
        return {key: fill_body(one, values) for key, one in given.items()}
    if isinstance(given, list):
        return [fill_body(one, values) for one in given]
    if not isinstance(given, str):
        return given
    whole = _GAP.fullmatch(given)
    text = fill(given, values)
    return int(text) if whole and whole[2] and text.isdigit() else text


def period_values(period: Period) -> dict[str, str]:
    """What the gaps about a period stand for."""
    first_month = _name_month(period)
    return {
        "period": period.code,
        "year": f"{period.name_year:04d}",
        "month": f"{first_month:02d}",
        "quarter": str((first_month - 1) // 3 + 1),
        "half": str((first_month - 1) // 6 + 1),
        "from": period.start.isoformat(),
        "to": period.end.isoformat(),
    }


def _name_month(period: Period) -> int:
    if period.grain in (Grain.DAY, Grain.WEEK):
        return period.start.month
    return period.months()[0].number


@dataclass(frozen=True, slots=True)
class Slice:
    """The periods to ask for in one fetch, and what to remember of it."""

    periods: tuple[Period, ...]
    watermark: dict[str, str]
    done: int
    total: int

    @property
    def more(self) -> bool:
        """True while history is left to ask for."""
        return self.done < self.total


def next_slice(
    today: date,
    *,
    calendar: Calendar,
    grain: Grain,
    last: int,
    lag: int,
    again: int,
    at_once: int,
    watermark: Mapping[str, str],
) -> Slice:
    """The periods due now, newest first.

    While the history of `last` periods is not complete, its next `at_once`; afterwards, and when
    a new period has begun, the newest `again` ones and those that fell due since the last fetch.
    """
    newest = Period.of(calendar, grain, today).shift(-lag)
    oldest = newest.shift(1 - last)
    reached = _known(watermark, "oldest", calendar)
    seen = _known(watermark, "newest", calendar)
    if reached is None or seen is None:
        wanted = [newest.shift(-step) for step in range(min(at_once, last))]
        reached = wanted[-1]
    else:
        behind = reached > oldest and seen == newest
        wanted = [] if behind else [newest]
        since = max(min(seen, newest.shift(1 - again)), oldest)
        while wanted and wanted[-1] > since:
            wanted.append(wanted[-1].previous)
        while behind and reached > oldest and len(wanted) < at_once:
            reached = reached.previous
            wanted.append(reached)
    done = sum(1 for step in range(last) if newest.shift(-step) >= reached)
    mark = {"newest": newest.code, "oldest": max(min(reached, newest), oldest).code}
    return Slice(tuple(wanted), mark, min(done, last), last)


def _known(watermark: Mapping[str, str], name: str, calendar: Calendar) -> Period | None:
    text = watermark.get(name)
    return Period.parse(text, calendar) if text else None
