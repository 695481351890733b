"""The mapping language: how a source's YAML says where each part of a reading comes from."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

import jmespath
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ioc.domain.measure import Bound, State
from ioc.domain.period import Calendar, Grain
from ioc.domain.unit import Level
from ioc.ingest.values import Locale

_PATH = re.compile(r"^[^\W\d]\w*(\.[^\W\d]\w*)*$")
_BARE = re.compile(r"YYYY|MM|DD|[A-Za-zÀ-ỹ]")
_TOKENS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "MM": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{1,2})",
    "Q": r"(?P<quarter>[1-4]|IV|I{1,3})",
    "H": r"(?P<half>[12]|I{1,2})",
    "W": r"(?P<week>[0-9]{1,2})",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def check_path(text: str) -> str:
    """`text` when it is a field name, a dotted path or a JMESPath expression; else ValueError."""
    if not _PATH.match(text):
        try:
            jmespath.compile(text)
        except (jmespath.exceptions.JMESPathError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise ValueError(f"a field name or a JMESPath expression ({reason})") from None
    return text


class Value(_Strict):
    """Where one value comes from: `field` (a name or JMESPath) or a `constant`.

    Written shortly as the field's name alone. `table` translates what the field holds; a value
    that is not in the table rejects the record, unless `otherwise` names a translation.
    """

    field: str | None = None
    constant: Any = None
    table: dict[str, str] | None = None
    otherwise: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        return {"field": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _one_of(self) -> Value:
        if (self.field is None) == (self.constant is None):
            raise ValueError("a field name, or exactly one of field, constant")
        if self.field is not None:
            check_path(self.field)
        if self.table is not None and self.field is None:
            raise ValueError("table only together with field")
        return self

    @field_validator("table", mode="before")
    @classmethod
    def _texts(cls, given: object) -> object:
        if isinstance(given, dict):
            return {str(key): str(value) for key, value in given.items()}
        return given


class UnitRule(_Strict):
    """Which unit a record is about; exactly one of `constant`, `key`, `code`, `name`.

    constant: a unit's key on the address, the same for every record. key: the field that holds
    such a key. code: the field that holds a code of `system`, padded with zeros to `pad` digits.
    name: the field that holds a name, of this `level`; `parent` is the field with the parent's
    code of `system`. Codes and names are looked up as of the period's first day (`at: end`: last
    day, for a yearly figure given on the map at the end of the year).
    """

    constant: str | None = None
    key: str | None = None
    code: str | None = None
    system: Literal["nso", "agency_id", "local", "merger_map"] | None = None
    pad: int = Field(default=0, ge=0, le=20)
    name: str | None = None
    level: Level | None = None
    parent: str | None = None
    at: Literal["start", "end"] = "start"

    @model_validator(mode="after")
    def _one_of(self) -> UnitRule:
        ways = [one for one in (self.constant, self.key, self.code, self.name) if one is not None]
        if len(ways) != 1:
            raise ValueError("exactly one of constant, key, code, name")
        if (self.code is not None or self.parent is not None) and self.system is None:
            raise ValueError("system together with code or parent: nso, agency_id, local")
        if self.name is not None and self.level is None:
            raise ValueError("level together with name: province, commune, ministry, department")
        for path in (self.key, self.code, self.name, self.parent):
            if path is not None:
                check_path(path)
        return self


class PeriodRule(_Strict):
    """Which period a record is about; exactly one of `constant`, `field`, `year`.

    field: a date, or a text such as 2026-10, 2026-Q3, 2026, or of the form `pattern`: YYYY-MM,
    MM/YYYY, DD/MM/YYYY, or with words and braces "Quý {Q}/{YYYY}" ({YYYY} {MM} {DD} {Q} {H} {W};
    quarters and halves as 1 or I). year: the field of the year, with `month`, `quarter`, `half`
    or nothing beside it. `grains` are the lengths taken in (the indicator's cadence if not
    given); `calendar` overrules the indicator's.
    """

    constant: str | None = None
    field: str | None = None
    pattern: str | None = None
    year: str | None = None
    month: str | None = None
    quarter: str | None = None
    half: str | None = None
    grains: tuple[Grain, ...] = ()
    calendar: Calendar | None = None

    @field_validator("constant", mode="before")
    @classmethod
    def _as_text(cls, given: object) -> object:
        return str(given) if isinstance(given, int) else given

    @model_validator(mode="after")
    def _one_of(self) -> PeriodRule:
        ways = [one for one in (self.constant, self.field, self.year) if one is not None]
        if len(ways) != 1:
            raise ValueError("exactly one of constant, field, year")
        finer = [one for one in (self.month, self.quarter, self.half) if one is not None]
        if len(finer) > 1 or (finer and self.year is None):
            raise ValueError("at most one of month, quarter, half, together with year")
        if self.pattern is not None and self.field is None:
            raise ValueError("pattern only together with field")
        for path in (self.field, self.year, *finer):
            if path is not None:
                check_path(path)
        if self.pattern is not None:
            self.shape  # noqa: B018 - a wrong pattern must stop the start
        return self

    @cached_property
    def shape(self) -> re.Pattern[str] | None:
        """The pattern as a regular expression; ValueError when it names no year."""
        if self.pattern is None:
            return None
        braced = "{" in self.pattern
        finder = re.compile(r"\{([A-Z]+)\}") if braced else _BARE
        built, last = "", 0
        for found in finder.finditer(self.pattern):
            token = found[1] if braced else found[0]
            if token not in _TOKENS:
                raise ValueError('YYYY-MM, MM/YYYY, DD/MM/YYYY, or with braces "Quý {Q}/{YYYY}"')
            built += re.escape(self.pattern[last : found.start()]) + _TOKENS[token]
            last = found.end()
        if "(?P<year>" not in built:
            raise ValueError("a pattern with YYYY")
        return re.compile("^" + built + re.escape(self.pattern[last:]) + "$", re.IGNORECASE)


class ValueRule(_Strict):
    """One reading of a record: which indicator, and where its figures come from.

    A rate: `numerator` and `denominator`, or `value` alone (a bare rate), or `numerator` alone
    (a count whose whole is unknown); where a table mixes them, `value` serves the records whose
    numerator is blank. A count, amount or score: `value`. `times` multiplies what the source
    gives (1000000 for figures in millions). `breakdown` names one dimension and where its value's
    code comes from; blank is the total. `unit` and `period` overrule the mapping's; `when` picks
    records for this reading.
    """

    indicator: Value
    numerator: Value | None = None
    denominator: Value | None = None
    value: Value | None = None
    times: Decimal = Field(default=Decimal(1), gt=0)
    breakdown: dict[str, Value] = Field(default_factory=dict)
    state: Value | None = None
    bound: Value | None = None
    citation: Value | None = None
    unit: UnitRule | None = None
    period: PeriodRule | None = None
    when: dict[str, Any] = Field(default_factory=dict)

    @field_validator("indicator", mode="before")
    @classmethod
    def _code(cls, given: object) -> object:
        return {"constant": given} if isinstance(given, str) else given

    @field_validator("when")
    @classmethod
    def _fields(cls, given: dict[str, Any]) -> dict[str, Any]:
        return check_when(given)

    @model_validator(mode="after")
    def _figures(self) -> ValueRule:
        if self.value is None and self.numerator is None:
            raise ValueError("at least one of value, numerator")
        if len(self.breakdown) > 1:
            raise ValueError("breakdown: one dimension at a time")
        if self.denominator is not None and self.numerator is None:
            raise ValueError("denominator only together with numerator")
        _check_words("state", self.state, [one.name.lower() for one in State])
        _check_words("bound", self.bound, [one.name.lower() for one in Bound])
        return self


def check_when(given: dict[str, Any]) -> dict[str, Any]:
    """A `when:` filter: fields and the value, or list of values, they must equal."""
    for path, wanted in given.items():
        check_path(path)
        choices = wanted if isinstance(wanted, list) else [wanted]
        if not choices or any(isinstance(one, (dict, list)) for one in choices):
            raise ValueError("a value or a list of values")
    return given


def _check_words(name: str, rule: Value | None, allowed: list[str]) -> None:
    if rule is None:
        return
    words = [rule.constant] if rule.constant is not None else list((rule.table or {}).values())
    if rule.otherwise is not None:
        words.append(rule.otherwise)
    if any(word not in allowed for word in words):
        raise ValueError(f"{name}: one of {', '.join(allowed)}")


class Mapping(_Strict):
    """How records become readings.

    `locale` is how text numbers are written, `percent` whether a bare rate of 87 or of 0.87 means
    87% (a % sign always does), `decimals` whether surplus decimals reject a record or are rounded
    half to even, `missing` further words for "not known", `when` the records meant at all.
    """

    unit: UnitRule | None = None
    period: PeriodRule | None = None
    locale: Locale = Locale.UNDECLARED
    percent: Literal["share", "percent"] | None = None
    decimals: Literal["exact", "round"] = "exact"
    missing: tuple[str, ...] = ()
    when: dict[str, Any] = Field(default_factory=dict)
    values: tuple[ValueRule, ...] = Field(default=(), max_length=200)

    @field_validator("when")
    @classmethod
    def _fields(cls, given: dict[str, Any]) -> dict[str, Any]:
        return check_when(given)

    @model_validator(mode="after")
    def _everything_said(self) -> Mapping:
        for rule in self.values:
            if (rule.unit or self.unit) is None or (rule.period or self.period) is None:
                raise ValueError("unit and period, for the mapping or for each of its values")
        return self
