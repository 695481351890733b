"""Points counted per unit: what one delivery of features says about each unit and period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from ioc.ingest.connector import Record, Rejected
from ioc.ingest.fields import Fields, filter_of
from ioc.ingest.geo_area import Areas
from ioc.ingest.geo_features import Feature, Refused
from ioc.ingest.values import Locale, Missing, Share, ValueProblem, as_text, number

PROVINCE = "province"
"""The field that holds the code of a province that was found by place."""
DAY = "day"
"""The field that holds the day of the delivery."""


@dataclass(frozen=True, slots=True)
class CountRules:
    """How features are counted; see the settings of the same names in `geo_config`."""

    unit: str | None
    areas: Areas | None
    doubt: float
    period: str | None
    units: Sequence[str]
    where: Mapping[str, object]
    classes: Mapping[str, Mapping[str, object]]
    sums: Mapping[str, str]
    locale: Locale
    missing: frozenset[str]
    partial: bool
    complete: bool


class Group(NamedTuple):
    """What one record is about: the unit as the source writes it, and the period or nothing."""

    unit: str
    period: str


@dataclass
class _Tally:
    """What was counted of one group, or of one class in it."""

    count: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)
    lacking: set[str] = field(default_factory=set)
    payload: int = 0


@dataclass
class Counted:
    """The records of a delivery, and the code of the unit of each feature that could be told.

    `refused` are the features that could not be counted, with why.
    """

    records: list[Record | Rejected]
    unit_of: dict[str, str]
    refused: list[Refused]


class Counter:
    """Counts the features of one delivery; made once a delivery."""

    def __init__(self, rules: CountRules, day: str) -> None:
        self._rules = rules
        self._day = day
        self._where = filter_of(rules.where)
        self._classes = {name: filter_of(when) for name, when in rules.classes.items()}
        self._groups: dict[Group, dict[str, _Tally]] = {}
        self._doubted: dict[Group, int] = {}
        self._doubted_units: dict[str, int] = {}
        self._lost = 0

    def count(self, features: Iterable[Feature | Refused]) -> Counted:
        """Every group of the delivery as a record.

        A feature that was refused may belong to a unit: its count would be too small, so it is
        refused too, or given as "at least" where the source allows it. A feature whose unit
        nobody can tell may belong to any.
        """
        unit_of: dict[str, str] = {}
        refused: list[Refused] = []
        for one in features:
            if isinstance(one, Refused):
                self._doubt(one.fields)
                continue
            try:
                unit = self._add(one)
            except ValueProblem as problem:
                text = "; ".join(f"{name}={value}" for name, value in one.fields.items())[:500]
                told = Rejected(one.place, problem.code, problem.params, text, one.payload)
                refused.append(Refused(told, one.key, one.fields))
                self._doubt(one.fields)
            else:
                if one.key is not None:
                    unit_of[one.key] = unit
        return Counted(list(self._records()), unit_of, refused)

    def _add(self, one: Feature) -> str:
        rules = self._rules
        unit = self._unit(one)
        if self._where is not None and not self._where(one.fields):
            return unit
        group = Group(unit, self._period(one.fields))
        numbers = {name: self._number(one.fields, path) for name, path in rules.sums.items()}
        within = ["", *(name for name, test in self._classes.items() if test and test(one.fields))]
        tallies = self._groups.setdefault(group, self._empty(one.payload))
        for name in within:
            tally = tallies[name]
            tally.count += 1
            for which, value in numbers.items():
                if value is None:
                    tally.lacking.add(which)
                else:
                    tally.sums[which] += value
        return unit

    def _unit(self, one: Feature) -> str:
        rules = self._rules
        if rules.unit is not None:
            unit = as_text(one.fields.get(rules.unit))
            if not unit:
                raise ValueProblem("no_unit")
            return unit
        assert rules.areas is not None
        assert one.lon is not None
        assert one.lat is not None
        return rules.areas.find(one.lon, one.lat, rules.doubt)

    def _period(self, fields: Fields) -> str:
        if self._rules.period is None:
            return ""
        period = as_text(fields.get(self._rules.period))
        if not period:
            raise ValueProblem("bad_period", given="")
        return period

    def _number(self, fields: Fields, path: str) -> Decimal | None:
        value = number(fields.get(path), self._rules.locale, self._rules.missing)
        if isinstance(value, Share):
            raise ValueProblem("percent_sign", given=as_text(fields.get(path))[:60])
        return None if isinstance(value, Missing) else value

    def _doubt(self, fields: Fields) -> None:
        """A feature is lost: to its group, to its unit, or to whoever it belongs to."""
        rules = self._rules
        try:
            if self._where is not None and fields and not self._where(fields):
                return
        except ValueProblem:
            pass
        unit = as_text(fields.get(rules.unit)) if rules.unit else ""
        period = as_text(fields.get(rules.period)) if rules.period else ""
        if not unit:
            self._lost += 1
        elif rules.period and not period:
            self._doubted_units[unit] = self._doubted_units.get(unit, 0) + 1
        else:
            group = Group(unit, period)
            self._doubted[group] = self._doubted.get(group, 0) + 1

    def _empty(self, payload: int) -> dict[str, _Tally]:
        zero = dict.fromkeys(self._rules.sums, Decimal(0))
        return {name: _Tally(0, dict(zero), set(), payload) for name in ("", *self._rules.classes)}

    def _records(self) -> Iterator[Record | Rejected]:
        groups = dict(self._groups)
        for group in self._due():
            groups.setdefault(group, self._empty(0))
        for group in self._doubted:
            # A unit of which nothing else came has no figure; that is said and not left out.
            groups.setdefault(group, self._empty(0))
        for group, tallies in sorted(groups.items()):
            lost = self._lost + self._doubted.get(group, 0) + self._doubted_units.get(group.unit, 0)
            place = f"{self._rules.unit or PROVINCE}={group.unit}"
            place = f"{place} · {group.period}" if group.period else place
            whole = tallies[""]
            if lost and (not self._rules.partial or not whole.count):
                params = {"counted": whole.count, "lost": lost}
                yield Rejected(place, "count_incomplete", params, "", whole.payload)
            else:
                yield Record(place, self._fields(group, tallies, lost), whole.payload)

    def _due(self) -> Iterator[Group]:
        """The groups that stand at zero where nothing of them came; only if the source says so."""
        rules = self._rules
        if not rules.complete:
            return
        units = rules.areas.codes if rules.areas is not None else rules.units
        periods = {group.period for group in self._groups} if rules.period else {""}
        for period in sorted(periods):
            yield from (Group(unit, period) for unit in units)

    def _fields(self, group: Group, tallies: Mapping[str, _Tally], lost: int) -> dict[str, object]:
        rules = self._rules
        found: dict[str, object] = {rules.unit or PROVINCE: group.unit, DAY: self._day}
        if rules.period is not None:
            found[rules.period] = group.period
        found.update(self._figures(tallies[""], lost))
        found.update({name: self._figures(tallies[name], lost) for name in rules.classes})
        return found

    def _figures(self, tally: _Tally, lost: int) -> dict[str, object]:
        found: dict[str, object] = {"count": tally.count, "bound": _bound(bool(lost))}
        for name, total in tally.sums.items():
            lacking = name in tally.lacking
            # A sum with a blank in it is not known; as "at least" only where that is allowed.
            found[name] = None if lacking and not self._rules.partial else total
            found[f"{name}_bound"] = _bound(lacking or bool(lost))
        return found


def _bound(short: bool) -> str:
    return "at_least" if short else "exact"
