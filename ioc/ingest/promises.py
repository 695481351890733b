"""A contract made ready: which figures break a promise, by how much, and what it is called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ioc.domain.catalogue import Catalogue
from ioc.domain.indicator import Indicator
from ioc.domain.measure import RATE_SCALE, Kind
from ioc.domain.period import Grain, Period
from ioc.errors import AddressError, SourceConfigError
from ioc.ingest.contract import DEFAULT, Contract, Jump, Monotone, Range
from ioc.ingest.language import Mapping as ReadingRules
from ioc.ingest.values import clean
from ioc.store.observations import Fact

_WORD = re.compile(r"[^\W\d]\w*")
_SPANS = {"year": Grain.YEAR, "half": Grain.HALF, "quarter": Grain.QUARTER}
_POINT = RATE_SCALE // 100


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that a figure breaks; `held` says that a person decides about it."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    held: bool = True


class Shown(NamedTuple):
    """A figure in the unit people read it in: percent, points, or its unit of measure."""

    value: Fraction | None
    parts: tuple[tuple[int | None, int], ...]
    """Each stored number with what stands for one of its unit."""


class Promises:
    """What one source has promised, checked against the catalogue.

    Raises SourceConfigError naming file and field for a code that does not exist or a limit that
    does not fit the kind of its indicator.
    """

    def __init__(self, contract: Contract, catalogue: Catalogue, file: str) -> None:
        self._catalogue = catalogue
        self._file = file
        self._ranges: dict[int, Range] = {
            self._named("ranges", code).id: one for code, one in contract.ranges.items()
        }
        self._monotone: dict[int, Monotone] = {
            self._growing(code, one).id: one for code, one in contract.monotone.items()
        }
        self._jumps: dict[int, Jump | None] = {
            self._jumping(code, one).id: one
            for code, one in contract.max_jump.items()
            if code != DEFAULT
        }
        self._usual = contract.max_jump.get(DEFAULT)
        self.ignored = frozenset(clean(one).casefold() for one in contract.ignored_units)

    @property
    def ranges(self) -> bool:
        """True where a value may lie outside a declared range."""
        return bool(self._ranges)

    @property
    def compare(self) -> bool:
        """True where a figure has to be compared with others."""
        return bool(self._monotone or self._usual or any(self._jumps.values()))

    def compares(self, indicator_id: int) -> bool:
        """True where figures of this indicator have to be compared with others."""
        return indicator_id in self._monotone or self._jump(indicator_id) is not None

    def span(self, indicator_id: int, period: Period) -> Period | None:
        """The year, half or quarter within which a figure of this period must not fall."""
        rule = self._monotone.get(indicator_id)
        if rule is None or period.grain in (Grain.YEAR, _SPANS[rule.within]):
            return None
        return Period.of(period.calendar, _SPANS[rule.within], period.end)

    def out_of_range(self, indicator_id: int, fact: Fact) -> Broken | None:
        """Whether a value lies outside its declared range."""
        limit = self._ranges.get(indicator_id)
        if limit is None:
            return None
        value = shown(self._catalogue.by_id(indicator_id), fact).value
        if value is None:
            return None
        low = limit.min is not None and value < Fraction(limit.min)
        if not low and (limit.max is None or value <= Fraction(limit.max)):
            return None
        params = {"given": plain(value), "min": _or_dash(limit.min), "max": _or_dash(limit.max)}
        return Broken("out_of_range", params, held=False)

    def jump(self, indicator_id: int, fact: Fact, was: Fact, period: Period) -> Broken | None:
        """Whether a figure moved further than it may from the one of `period`."""
        rule = self._jump(indicator_id)
        if rule is None or fact.state or was.state:
            return None
        indicator = self._catalogue.by_id(indicator_id)
        new, old = shown(indicator, fact), shown(indicator, was)
        if rule.points is not None and indicator.kind in (Kind.RATIO, Kind.SCORE):
            moved = _distance(new.value, old.value)
            if moved > rule.points:
                params = {"moved": plain(moved), "limit": plain(rule.points), "period": period.code}
                return Broken("jump_points", params)
        for (given, one), (stood, _) in zip(new.parts, old.parts, strict=True):
            if given is None or stood is None:
                continue
            more, less = max(abs(given), abs(stood)), min(abs(given), abs(stood))
            if more < rule.above * one:
                continue
            factor = Fraction(max(more, one), max(less, one))
            if rule.times is not None and factor > rule.times:
                params = {
                    "times": plain(factor, 0), "limit": plain(rule.times), "period": period.code,
                }  # fmt: skip
                return Broken("jump_times", params)
            share = Fraction(abs(given - stood), max(abs(stood), one))
            if rule.share is not None and share > rule.share:
                params = {
                    "moved": plain(share * 100, 0), "limit": plain(rule.share * 100),
                    "period": period.code,
                }  # fmt: skip
                return Broken("jump_share", params)
        return None

    def falls(self, indicator_id: int, earlier: Fact, later: Fact, period: Period) -> Broken | None:
        """Whether a growing count is smaller in the later of two periods; `period` is the other
        one than the figure's own."""
        before, after = _grown(earlier), _grown(later)
        if before is None or after is None or after >= before:
            return None
        rule = self._monotone[indicator_id]
        return Broken(
            "falls", {"period": period.code, "within": rule.within}, held=rule.then == "hold"
        )

    def _jump(self, indicator_id: int) -> Jump | None:
        return self._jumps.get(indicator_id, self._usual)

    def _named(self, part: str, code: str) -> Indicator:
        try:
            return self._catalogue.by_code(code)
        except AddressError as error:
            raise self._wrong(f"{part}.{code}", code, str(error.params["allowed"])) from None

    def _growing(self, code: str, rule: Monotone) -> Indicator:
        indicator = self._named("monotone", code)
        if indicator.kind is Kind.SCORE:
            raise self._wrong(f"monotone.{code}", code, "a count, an amount or a rate")
        if indicator.cadence in (Grain.YEAR, _SPANS[rule.within]):
            allowed = f"a span longer than the indicator's period ({indicator.cadence.value})"
            raise self._wrong(f"monotone.{code}.within", rule.within, allowed)
        return indicator

    def _jumping(self, code: str, rule: Jump | None) -> Indicator:
        indicator = self._named("max_jump", code)
        if rule and rule.points is not None and indicator.kind not in (Kind.RATIO, Kind.SCORE):
            raise self._wrong(f"max_jump.{code}.points", rule.points, "times or share for a count")
        return indicator

    def _wrong(self, part: str, given: object, allowed: str) -> SourceConfigError:
        return SourceConfigError(
            file=self._file, field=f"contract.{part}", given=str(given), allowed=allowed
        )


def shown(indicator: Indicator, fact: Fact) -> Shown:
    """A stored figure as `ranges` and `points` are declared, and its numbers for `times`."""
    one = 10**indicator.scale
    if indicator.kind is Kind.RATIO:
        value = None
        if fact.num is not None and fact.den:
            value = Fraction(fact.num * 100, fact.den)
        elif fact.val is not None:
            value = Fraction(fact.val * 100, RATE_SCALE)
        return Shown(value, ((fact.num, one), (fact.den, one), (fact.val, _POINT)))
    number = fact.val if indicator.kind is Kind.SCORE else fact.num
    return Shown(None if number is None else Fraction(number, one), ((number, one),))


def plain(value: Fraction | Decimal | int, digits: int = 2) -> str:
    """A number for a stored sentence: at most so many decimals, a point, no trailing zeros."""
    text = f"{float(value):.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def known_names(
    mapping: ReadingRules, contract: Contract, further: Iterable[str] = ()
) -> frozenset[str]:
    """The names of a record's fields that the source's file speaks of.

    Every word of an expression counts as one, so a field is never called new wrongly. `further`
    are those that stand beside the mapping.
    """
    said: list[str] = [*contract.required, *contract.known_fields, *mapping.when, *further]
    places = [mapping.unit, mapping.period]
    places += [part for rule in mapping.values for part in (rule.unit, rule.period)]
    for part in places:
        if part is not None:
            said += [str(one) for one in part.model_dump().values() if isinstance(one, str)]
    for rule in mapping.values:
        said += rule.when
        given = (
            rule.indicator, rule.numerator, rule.denominator, rule.value, rule.state, rule.bound,
            rule.citation, *rule.breakdown.values(),
        )  # fmt: skip
        said += [one.field for one in given if one is not None and one.field is not None]
    return frozenset(word for text in said for word in _WORD.findall(text))


def is_known(name: str, known: frozenset[str]) -> bool:
    """Whether a field is spoken of; names that begin with `_` are the connectors' own."""
    return name.startswith("_") or known.issuperset(_WORD.findall(name))


def _distance(one: Fraction | None, other: Fraction | None) -> Fraction:
    """How far two values lie apart; nothing where one of them is none."""
    return Fraction(0) if one is None or other is None else abs(one - other)


def _grown(fact: Fact) -> int | None:
    return None if fact.state else fact.num


def _or_dash(value: Decimal | None) -> str:
    return "–" if value is None else plain(value)
