"""What a register declares: fields, states, dates, checks and what is counted from its items."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ioc.domain.indicator import Words

MOST_SUMS = 4
"""Fields of a register that are summed over its items."""
_NAME = re.compile(r"^[a-z][a-z0-9_]{0,39}$")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Kind(StrEnum):
    """What a field holds, and how it is kept in an item's body.

    text, long (several lines), link (a document's number or address, shown as text): a text.
    count: a whole number. amount: a whole number scaled by the field's `decimals`. percent: in
    thousandths of a percent point (95,5 % is 95500). date: ISO text. due: `Due.code`.
    flag: true or false. choice: the code of one of `choices`. choices: a list of such codes.
    item: the key of an item of `register`. unit: a unit's key. indicator: an indicator's code.
    place: the item's point on the map; it stands beside the body.
    """

    TEXT = "text"
    LONG = "long"
    LINK = "link"
    COUNT = "count"
    AMOUNT = "amount"
    PERCENT = "percent"
    DATE = "date"
    DUE = "due"
    FLAG = "flag"
    CHOICE = "choice"
    CHOICES = "choices"
    ITEM = "item"
    UNIT = "unit"
    INDICATOR = "indicator"
    PLACE = "place"


SUMMED = (Kind.COUNT, Kind.AMOUNT)
FACETS = (Kind.CHOICE, Kind.CHOICES, Kind.FLAG, Kind.TEXT, Kind.UNIT, Kind.INDICATOR, Kind.ITEM)


class Phase(StrEnum):
    """Which part of its life a state is: still to do, done, given up, or nobody said.

    What nobody said is neither done nor overdue: it is counted apart.
    """

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"
    UNKNOWN = "unknown"

    @property
    def number(self) -> int:
        """The phase as it is stored: 0, 1, 2, 3."""
        return tuple(Phase).index(self)


class Choice(_Strict):
    """One value that a field may hold."""

    code: str
    name: Words


class ItemField(_Strict):
    """One field of a register's items.

    `mandatory`: an item without it is kept and shown as incomplete. `facet`: items are counted
    and filtered by its values. `sum`: it is summed over items. `column`: it is a column of the
    list. `unit_of_measure` and `decimals` belong to numbers; `register` to a field of kind item.
    """

    name: str
    label: Words
    kind: Kind = Kind.TEXT
    mandatory: bool = False
    facet: bool = False
    sum: bool = False
    column: bool = False
    choices: tuple[Choice, ...] = ()
    register_key: str | None = Field(default=None, alias="register")
    unit_of_measure: Words | None = None
    decimals: int = Field(default=0, ge=0, le=6)
    hint: Words | None = None

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="after")
    def _fits(self) -> ItemField:
        if not _NAME.match(self.name):
            raise ValueError("name: small letters, digits and _")
        if bool(self.choices) != (self.kind in (Kind.CHOICE, Kind.CHOICES)):
            raise ValueError("choices for a field of kind choice or choices, and only there")
        if (self.register_key is not None) != (self.kind is Kind.ITEM):
            raise ValueError("register for a field of kind item, and only there")
        if self.sum and self.kind not in SUMMED:
            raise ValueError("sum: only a count or an amount")
        if self.facet and self.kind not in FACETS:
            raise ValueError("facet: a choice, flag, text, unit, indicator or item")
        return self

    def choice(self, code: str) -> Choice | None:
        """The declared choice of a code."""
        return next((one for one in self.choices if one.code == code), None)


class ItemState(_Strict):
    """A state an item can be in; `moves` are the states it may go to next (any, if empty)."""

    code: str
    name: Words
    phase: Phase
    moves: tuple[str, ...] = ()


class Checklist(_Strict):
    """Fields that must all be filled for one purpose: the six clear ones, a tender's."""

    code: str
    name: Words
    fields: tuple[str, ...] = Field(min_length=1)


class PartsRule(_Strict):
    """A total that must equal the sum of its parts; the difference is shown where it does not."""

    total: str
    of: tuple[str, ...] = Field(min_length=2)


class When(_Strict):
    """Which items a count takes in; every condition given must hold.

    `states`, `phases`: the item's state or its phase. `has`: fields that are filled, or
    `checklist`: all fields of one. `is_`: field to one value or a list of values (`is` in the
    file); `is_not`: it has none of these, an empty field included. `in_time`: it has a due date
    and was done on or before its last day.
    """

    states: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = ()
    has: tuple[str, ...] = ()
    checklist: str | None = None
    is_: dict[str, tuple[str, ...]] = Field(default_factory=dict, alias="is")
    is_not: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    in_time: bool | None = None

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @field_validator("is_", "is_not", mode="before")
    @classmethod
    def _lists(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        return {
            name: [_text(one) for one in (value if isinstance(value, list) else [value])]
            for name, value in given.items()
        }


class Count(_Strict):
    """One indicator counted from the items, written like a source's figure at every run.

    `over`: "now" counts the items as they stand, for the period that contains today; the name of
    a date or due field counts, per period of the indicator's cadence, the items with that date in
    it that are not later than today. A count or an amount is the number of items, or the sum of
    their field `sum`. A ratio has `numerator` and `denominator` (both within `where`), which count
    items, or sum the fields `sum` and `sum_of`. `breakdown` is "dimension.value".
    """

    indicator: str
    over: str = "now"
    where: When = When()
    numerator: When | None = None
    denominator: When | None = None
    sum: str | None = None
    sum_of: str | None = None
    breakdown: str | None = None


class Register(_Strict):
    """A register. `key` is its word in addresses (`/register/task`), `id` its number in the store.

    `title`, `due`, `done`, `start`, `baseline`, `person`, `parent`, `place` name the fields with
    that meaning. `forms` are the ways to look at the list beside the table, in their order.
    """

    id: int = Field(ge=1, le=999)
    key: str
    order: int
    name: Words
    one: Words
    about: Words
    title: str = "title"
    due: str | None = None
    done: str | None = None
    start: str | None = None
    baseline: str | None = None
    person: str | None = None
    parent: str | None = None
    place: str | None = None
    fields: tuple[ItemField, ...] = Field(min_length=1, max_length=60)
    states: tuple[ItemState, ...] = Field(min_length=1, max_length=20)
    checklists: tuple[Checklist, ...] = ()
    parts: tuple[PartsRule, ...] = ()
    counts: tuple[Count, ...] = ()
    legal_basis: tuple[Words, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Register:
        if not _NAME.match(self.key):
            raise ValueError("key: small letters, digits and _")
        names = [one.name for one in self.fields]
        _distinct("fields", names)
        _distinct("states", [one.code for one in self.states])
        codes = {one.code for one in self.states}
        for state in self.states:
            _known("moves", state.moves, codes)
        roles: dict[str, tuple[Kind, ...]] = {
            "title": (Kind.TEXT, Kind.LONG),
            "due": (Kind.DUE,),
            "done": (Kind.DATE,),
            "start": (Kind.DATE, Kind.DUE),
            "baseline": (Kind.DUE,),
            "person": (Kind.TEXT,),
            "parent": (Kind.ITEM,),
            "place": (Kind.PLACE,),
        }
        for role, kinds in roles.items():
            name = getattr(self, role)
            if name is None:
                continue
            _known(role, [name], set(names))
            if self.field(name).kind not in kinds:
                raise ValueError(f"{role}: a field of kind {' or '.join(kinds)}")
        for listed in self.checklists:
            _known("checklists", listed.fields, set(names))
        for rule in self.parts:
            _known("parts", (rule.total, *rule.of), set(names))
        if len(self.sums) > MOST_SUMS:
            raise ValueError(f"sum: at most {MOST_SUMS} fields")
        for count in self.counts:
            self._check_count(count, set(names), codes)
        return self

    def _check_count(self, count: Count, names: set[str], codes: set[str]) -> None:
        lists = {one.code for one in self.checklists}
        if (count.numerator is None) != (count.denominator is None):
            raise ValueError("counts: numerator and denominator together")
        if count.over != "now":
            _known("counts.over", [count.over], names)
        for when in (count.where, count.numerator, count.denominator):
            if when is None:
                continue
            _known("counts.states", when.states, codes)
            _known("counts.has", (*when.has, *when.is_, *when.is_not), names)
            if when.checklist is not None:
                _known("counts.checklist", [when.checklist], lists)
        for name in (count.sum, count.sum_of):
            if name is not None:
                _known("counts.sum", [name], names)

    def field(self, name: str) -> ItemField:
        """The field of this name; KeyError when there is none."""
        return self._fields[name]

    def has(self, name: str) -> bool:
        """Whether there is a field of this name."""
        return name in self._fields

    def state(self, code: str) -> ItemState:
        """The state of this code; KeyError when there is none."""
        return self._states[code]

    @cached_property
    def _fields(self) -> dict[str, ItemField]:
        return {one.name: one for one in self.fields}

    @cached_property
    def _states(self) -> dict[str, ItemState]:
        return {one.code: one for one in self.states}

    @cached_property
    def sums(self) -> tuple[ItemField, ...]:
        """The fields that are summed, in the order of the columns that hold their sums."""
        return tuple(one for one in self.fields if one.sum)

    @cached_property
    def facets(self) -> tuple[ItemField, ...]:
        """The fields that items are counted and filtered by."""
        return tuple(one for one in self.fields if one.facet)

    @cached_property
    def mandatory(self) -> tuple[ItemField, ...]:
        """The fields without which an item is incomplete."""
        return tuple(one for one in self.fields if one.mandatory)


def missing_fields(register: Register, body: dict[str, Any], *, placed: bool) -> tuple[str, ...]:
    """The mandatory fields that an item lacks, in their order; `placed`: it has a point."""
    return tuple(
        one.name
        for one in register.mandatory
        if not (placed if one.kind is Kind.PLACE else filled(body.get(one.name)))
    )


def filled(value: object) -> bool:
    """Whether a value of a body says something: zero and false do, null and "" do not."""
    return value is not None and value != "" and value != []


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _distinct(what: str, names: list[str]) -> None:
    twice = {one for one in names if names.count(one) > 1}
    if twice:
        raise ValueError(f"{what}: {', '.join(sorted(twice))} given twice")


def _known(what: str, given: Any, allowed: set[str]) -> None:
    strange = [one for one in given if one not in allowed]
    if strange:
        raise ValueError(f"{what}: {strange[0]!r} is not declared")
