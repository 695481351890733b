"""Totals rows of a table: never a unit, only compared with the rows they claim to add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ioc.ingest.connector import Rejected
from ioc.ingest.values import Locale, Missing, ValueProblem, number

Fields = Mapping[str, object]
Sums = dict[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a group or totals row says, and which sums it may mean."""

    place: str
    label: str
    fields: Fields
    sums: tuple[Sums, ...]


class Totals:
    """Adds up the rows of a table, all of them and those since the last group row.

    A totals row may mean all rows of the table, wherever it stands, those above it, or those of
    its group. Only columns whose every figure is a plain number, or blank, are compared.
    """

    def __init__(self, summed: frozenset[str], headings: Mapping[str, tuple[str, ...]]) -> None:
        self._headings = {name: headings[name][0] for name in sorted(summed)}
        self._all: Sums = self._nothing()
        self._group: Sums = self._nothing()
        self._claims: list[_Claim] = []

    def _nothing(self) -> Sums:
        return dict.fromkeys(self._headings, Decimal(0))

    def add(self, fields: Fields) -> None:
        """Count one row of a unit."""
        for name in self._headings:
            given = _figure(fields.get(name))
            for sums in (self._all, self._group):
                before = sums[name]
                sums[name] = None if given is None or before is None else before + given

    def group(self, place: str, label: str, fields: Fields) -> None:
        """A group row begins a new group; figures in it are the sum of the rows below."""
        self._group = self._nothing()
        self._claims.append(_Claim(place, label, fields, (self._group,)))

    def total(self, place: str, label: str, fields: Fields) -> None:
        """A totals row."""
        so_far = (dict(self._all), dict(self._group))
        self._claims.append(_Claim(place, label, fields, (self._all, *so_far)))

    def differences(self) -> Iterator[Rejected]:
        """At the end of the table: every column of a totals row that is not the sum it claims."""
        for claim in self._claims:
            for name, column in self._headings.items():
                given = _figure(claim.fields.get(name))
                meant = [sums[name] for sums in claim.sums]
                if not given or None in meant or given in meant:
                    continue  # a blank total claims nothing
                params = {"label": claim.label[:60], "column": column}
                params |= {"total": _plain(given), "sum": _plain(meant[0])}
                yield Rejected(claim.place, "total_differs", params)


def _figure(cell: object) -> Decimal | None:
    """The figure of a cell; 0 for a blank one, None where it is no plain number."""
    try:
        found = number(cell, Locale.VI)
    except ValueProblem:
        return None
    if isinstance(found, Decimal):
        return found
    return Decimal(0) if isinstance(found, Missing) else None


def _plain(value: Decimal | None) -> str:
    """A number as Vietnamese tables write it."""
    if value is None:
        return "–"
    text = f"{value.normalize():,f}"
    return text.translate(str.maketrans(",.", ".,"))
