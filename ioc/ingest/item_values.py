"""One value of an item, read as the kind of its field: exactly, or refused; blank is nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from ioc.domain.catalogue import Catalogue
from ioc.domain.due import Due
from ioc.domain.period import Grain
from ioc.domain.register import ItemField, Kind
from ioc.domain.units import Units
from ioc.domain.view import ZONE
from ioc.errors import AddressError
from ioc.ingest.language import Mapping as ReadingRules
from ioc.ingest.values import Missing, Share, ValueProblem, as_text, clean, number, scaled

MOST_TEXT, MOST_LONG, MOST_KEY = 1_000, 20_000, 200
"""Characters of a text, of a long one, and of an item's key."""
EARLIEST, LATEST = 1945, 2199
"""Years outside are slips of the pen."""

_PERCENT_DIGITS = 3
_NOTHING = frozenset({"", "-", "--", "–", "—", "…", "...", "n/a", "#n/a", "null"})
_YES = frozenset({"true", "yes", "1", "x", "có", "đúng", "rồi", "✓"})
_NO = frozenset({"false", "no", "0", "không", "sai", "chưa"})
_SHOWN = 60

Read = Callable[[object, Decimal | None], object]
"""(what the source gave and is not blank, what a number is multiplied with) → the body's value."""


class Kinds:
    """Reads values by the kind of their field; `mapping` says how numbers are written."""

    def __init__(self, mapping: ReadingRules, catalogue: Catalogue, units: Units) -> None:
        self._locale = mapping.locale
        self._percent = mapping.percent
        self._rounding = mapping.decimals == "round"
        self._words = frozenset(word.lower() for word in mapping.missing)
        self._catalogue = catalogue
        self._units = units

    def blank(self, given: object) -> bool:
        """Whether a source says nothing: null, an empty text, a dash, or a word of the mapping."""
        if given is None or (isinstance(given, (list, tuple)) and not given):
            return True
        if not isinstance(given, str):
            return False
        text = clean(given).lower()
        return text in _NOTHING or text in self._words

    def reader(self, field: ItemField) -> Read:
        """A function that reads values of this field; it raises ValueProblem."""
        by_kind: dict[Kind, Read] = {
            Kind.TEXT: lambda given, _: short_text(given, field.name),
            Kind.LINK: lambda given, _: short_text(given, field.name),
            Kind.ITEM: lambda given, _: short_text(given, field.name, MOST_KEY),
            Kind.LONG: lambda given, _: _long(given, field.name),
            Kind.COUNT: lambda given, times: self._number(given, times, 0),
            Kind.AMOUNT: lambda given, times: self._number(given, times, field.decimals),
            Kind.PERCENT: lambda given, _: self._share(given),
            Kind.DATE: lambda given, _: day_of(given, field.name).isoformat(),
            Kind.DUE: lambda given, _: due_of(given, field.name).code,
            Kind.FLAG: lambda given, _: _flag(given, field.name),
            Kind.UNIT: lambda given, _: self._unit(given),
            Kind.INDICATOR: lambda given, _: self._indicator(given),
        }
        if field.kind in (Kind.CHOICE, Kind.CHOICES):
            return _choosing(field)
        return by_kind[field.kind]

    def _number(self, given: object, times: Decimal | None, scale: int) -> object:
        exact = number(given, self._locale, self._words)
        if isinstance(exact, Missing):
            return None
        if isinstance(exact, Share):
            raise ValueProblem("percent_sign", given=str(given)[:_SHOWN])
        whole = scaled(exact * (times or 1), scale, rounding=self._rounding)
        if whole < 0:
            raise ValueProblem("negative", part="value", given=whole)
        return whole

    def _share(self, given: object) -> object:
        """A percentage in thousandths of a point."""
        exact = number(given, self._locale, self._words)
        if isinstance(exact, Missing):
            return None
        if isinstance(exact, Share):
            points = exact.value * 100
        elif self._percent is None:
            raise ValueProblem("percent_undeclared", given=str(given)[:_SHOWN])
        else:
            points = exact if self._percent == "percent" else exact * 100
        if not 0 <= points <= 100:
            raise ValueProblem("rate_range", given=str(given)[:_SHOWN])
        return scaled(points, _PERCENT_DIGITS, rounding=True)

    def _unit(self, given: object) -> str:
        key = as_text(given)
        try:
            return self._units.by_key(key).key
        except AddressError:
            raise ValueProblem("unknown_unit_key", given=key[:_SHOWN]) from None

    def _indicator(self, given: object) -> str:
        code = as_text(given)
        try:
            return self._catalogue.by_code(code).code
        except AddressError:
            raise ValueProblem("unknown_indicator", given=code[:_SHOWN]) from None


def due_of(given: object, field: str) -> Due:
    """A due date, also of a month, a quarter or a year; raises ValueProblem."""
    if isinstance(given, datetime):
        given = (given.astimezone(ZONE) if given.tzinfo else given).date()
    if isinstance(given, date):
        found = Due(given)
    else:
        text = as_text(given)
        if len(text) > 10 and text[10] in "T ":
            # A moment: its day in Vietnam, where its zone is said.
            text = _day_in_zone(text)
        try:
            found = Due.parse(text)
        except (ValueError, OverflowError):
            raise ValueProblem("item_date", field=field, given=text[:_SHOWN]) from None
    if not EARLIEST <= found.day.year <= LATEST:
        raise ValueProblem("item_date", field=field, given=as_text(given)[:_SHOWN])
    return found


def day_of(given: object, field: str) -> date:
    """A day; raises ValueProblem, also for a month or a year alone."""
    found = due_of(given, field)
    if found.precision is not Grain.DAY:
        raise ValueProblem("item_date", field=field, given=as_text(given)[:_SHOWN])
    return found.day


def short_text(given: object, field: str, most: int = MOST_TEXT) -> str:
    """A text of one line: composed letters, no control characters; formulas stay what they are.

    Raises ValueProblem for one that is too long: what is cut off is lost without anybody's word.
    """
    if isinstance(given, (dict, list, tuple)):
        raise ValueProblem("item_text", field=field)
    text = as_text(given)
    if len(text) > most:
        raise ValueProblem("item_long", field=field, length=len(text), most=most)
    return text


def codes_by_name(named: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """By each code and each of its names, folded: the code."""
    found = {fold(name): code for code, names in named.items() for name in names}
    return found | {fold(code): code for code in named}


def fold(text: str) -> str:
    """A text as it is compared: composed, without capitals and double blanks."""
    return " ".join(clean(text).split()).casefold()


def _day_in_zone(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (moment.astimezone(ZONE) if moment.tzinfo else moment).date().isoformat()


def _long(given: object, field: str) -> str:
    """A text of several lines, each cleaned."""
    if not isinstance(given, str):
        return short_text(given, field)
    lines = (clean(line) for line in given.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    text = "\n".join(lines).strip("\n")
    if len(text) > MOST_LONG:
        raise ValueProblem("item_long", field=field, length=len(text), most=MOST_LONG)
    return text


def _flag(given: object, field: str) -> bool:
    word = str(given).lower() if isinstance(given, bool) else as_text(given).lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueProblem("item_flag", field=field, given=word[:_SHOWN])


def _choosing(field: ItemField) -> Read:
    """Reads a code or a name, or a list of them; apart stand ";" and, where no name has it, ","."""
    codes = codes_by_name({one.code: (one.name.vi, one.name.en) for one in field.choices})

    def one_of(given: object) -> str:
        text = as_text(given)
        code = codes.get(fold(text))
        if code is None:
            allowed = ", ".join(one.code for one in field.choices)
            raise ValueProblem(
                "item_choice", field=field.name, given=text[:_SHOWN], allowed=allowed[:200]
            )
        return code

    def some_of(given: object) -> list[str]:
        if isinstance(given, (list, tuple)):
            parts = list(given)
        else:
            parts = []
            for part in filter(str.strip, as_text(given).split(";")):
                whole = fold(part) in codes
                parts += [part] if whole else filter(str.strip, part.split(","))
        return list(dict.fromkeys(map(one_of, parts)))

    many = field.kind is Kind.CHOICES
    return lambda given, _: some_of(given) if many else one_of(given)
