"""From a record to what it says of an item of a register, or why it cannot be taken."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ioc.domain.catalogue import Catalogue
from ioc.domain.due import Due
from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.register import Kind, Register
from ioc.domain.registers import Registers
from ioc.domain.units import Units
from ioc.domain.view import ZONE
from ioc.errors import AddressError, SourceConfigError
from ioc.ingest.connector import Record
from ioc.ingest.coordinates import Axes, country_box, ordinate, pair, placed
from ioc.ingest.fields import Fields, Getter, filter_of, getter
from ioc.ingest.geo_crs import WGS84, to_wgs84
from ioc.ingest.item_rule import FieldRule, ItemsRule, PlaceRule
from ioc.ingest.item_values import (
    MOST_KEY,
    Kinds,
    Read,
    codes_by_name,
    day_of,
    fold,
    short_text,
)
from ioc.ingest.language import Value
from ioc.ingest.source import Source
from ioc.ingest.unit_reader import UnitReader
from ioc.ingest.values import ValueProblem, as_text
from ioc.store.features import DEGREE
from ioc.store.items import Said

_CITATION = 500
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class ItemRead:
    """What a record says of an item; `citation` are the words, not yet their number."""

    said: Said
    citation: str | None
    place: str
    payload: int = 0

    @property
    def key(self) -> str:
        """The item's key."""
        return self.said.key


class ItemReader:
    """Reads the items of one source; made once a run, because it remembers what it looked up.

    Raises SourceConfigError when the rule names a register, a field, a state, a choice or a unit
    that does not exist.
    """

    def __init__(
        self,
        source: Source,
        rule: ItemsRule,
        registers: Registers,
        catalogue: Catalogue,
        units: Units,
        now: datetime,
    ) -> None:
        self._source = source
        self._rule = rule
        self.register = self._named(registers)
        self._today = now.astimezone(ZONE).date()
        self._kinds = Kinds(source.mapping, catalogue, units)
        self._when = filter_of(rule.when)
        self._key = getter(rule.key)
        self._units = self._unit_reader(units)
        self._state = self._getter(rule.state)
        self._states = codes_by_name(
            {one.code: (one.name.vi, one.name.en) for one in self.register.states}
        )
        self._valid_from = self._getter(rule.valid_from) if rule.valid_from else None
        self._citation = self._getter(rule.citation) if rule.citation else None
        self._place = _placing(rule.place) if rule.place else None
        self._fields = [self._field(name, one) for name, one in rule.fields.items()]
        self._check_codes()

    def read(self, record: Record) -> ItemRead | None:
        """What the record says of an item; None where it is not meant. Raises ValueProblem."""
        fields = record.fields
        if self._when is not None and not self._when(fields):
            return None
        key = self.key_of(fields)
        if key is None:
            raise ValueProblem("item_no_key", field=self._rule.key)
        valid_from = self._since(fields)
        unit_id = None
        if self._units is not None:
            day = Period.of(Calendar.CALENDAR, Grain.DAY, valid_from)
            unit_id = self._units.read(fields, day).id
        body = {}
        for name, find, read, times in self._fields:
            given = find(fields)
            value = None if self._kinds.blank(given) else read(given, times)
            if value is not None and value != "" and value != []:
                body[name] = value
        lon, lat = self._point(fields)
        said = Said(
            key=key,
            unit_id=unit_id,
            state=self._state_of(fields),
            body=body,
            due=self._due(body),
            done=self._done(body),
            lon=lon,
            lat=lat,
            valid_from=valid_from,
            citation_id=None,
        )
        return ItemRead(said, self._cited(fields), record.place, record.payload)

    def key_of(self, fields: Fields) -> str | None:
        """The key of a record's item; None where it has none that can be read."""
        try:
            given = self._key(fields)
            if self._kinds.blank(given):
                return None
            return short_text(given, self._rule.key, MOST_KEY) or None
        except ValueProblem:
            return None

    def _since(self, fields: Fields) -> date:
        given = self._valid_from(fields) if self._valid_from else None
        if self._kinds.blank(given):
            return self._today
        found = day_of(given, "valid_from")
        if found > self._today:
            raise ValueProblem("item_future", given=found.strftime("%d/%m/%Y"))
        return found

    def _state_of(self, fields: Fields) -> str:
        given = as_text(self._state(fields))
        code = self._states.get(fold(given))
        if code is None:
            allowed = ", ".join(one.code for one in self.register.states)
            raise ValueProblem("item_state", given=given[:_SHOWN] or "–", allowed=allowed[:200])
        return code

    def _point(self, fields: Fields) -> tuple[int | None, int | None]:
        """Longitude and latitude in 1e-7 degrees, inside the country; none where it is blank."""
        if self._place is None:
            return None, None
        found, axes = self._place
        given = [one(fields) for one in found]
        if all(map(self._kinds.blank, given)):
            return None, None
        if len(given) == 1:
            x, y = pair(as_text(given[0]), axes)
        elif any(map(self._kinds.blank, given)):
            raise ValueProblem("bad_coordinates", given="; ".join(map(as_text, given))[:_SHOWN])
        else:
            x, y = map(ordinate, given)
        lon, lat = placed(x, y, to_wgs84(WGS84), country_box())
        return round(lon * DEGREE), round(lat * DEGREE)

    def _due(self, body: dict[str, object]) -> Due | None:
        code = body.get(self.register.due) if self.register.due else None
        return Due.parse(code) if isinstance(code, str) else None

    def _done(self, body: dict[str, object]) -> date | None:
        day = body.get(self.register.done) if self.register.done else None
        return date.fromisoformat(day) if isinstance(day, str) else None

    def _cited(self, fields: Fields) -> str | None:
        given = self._citation(fields) if self._citation else None
        return None if self._kinds.blank(given) else as_text(given)[:_CITATION] or None

    # ---- the rule, compiled and checked

    def _named(self, registers: Registers) -> Register:
        try:
            return registers.by_key(self._rule.register_key)
        except AddressError as error:
            raise self._wrong(
                "register", error.params["given"], str(error.params["allowed"])
            ) from None

    def _unit_reader(self, units: Units) -> UnitReader | None:
        rule = self._rule.unit or self._source.mapping.unit
        try:
            return UnitReader(rule, units) if rule is not None else None
        except AddressError as error:
            given, allowed = error.params["given"], str(error.params["allowed"])
            raise self._wrong("unit", given, allowed) from None

    def _field(self, name: str, rule: FieldRule) -> tuple[str, Getter, Read, Decimal | None]:
        register = self.register
        if not register.has(name) or register.field(name).kind is Kind.PLACE:
            known = [one.name for one in register.fields if one.kind is not Kind.PLACE]
            raise self._wrong("fields", name, ", ".join(known))
        field = register.field(name)
        numeric = field.kind in (Kind.COUNT, Kind.AMOUNT)
        if rule.times != 1 and not numeric:
            raise self._wrong(f"fields.{name}.times", str(rule.times), "only a count or an amount")
        times = rule.times if rule.times != 1 else None
        return name, self._getter(rule), self._kinds.reader(field), times

    def _getter(self, rule: Value) -> Getter:
        """Finds a value, by its table where it has one; a blank stays a blank."""
        if rule.field is None:
            constant = rule.constant
            return lambda fields: constant
        find, table, otherwise, name = getter(rule.field), rule.table, rule.otherwise, rule.field
        if table is None:
            return find

        def translated(fields: Fields) -> object:
            given = find(fields)
            text = as_text(given)
            if text in table:
                return table[text]
            if otherwise is not None or self._kinds.blank(given):
                return otherwise
            raise ValueProblem("not_in_table", field=name, given=text[:_SHOWN])

        return translated

    def _check_codes(self) -> None:
        """States and choices that the file itself writes must be declared."""
        for given in _written(self._rule.state):
            if fold(given) not in self._states:
                allowed = ", ".join(one.code for one in self.register.states)
                raise self._wrong("state", given, allowed)
        for name, _, read, times in self._fields:
            for given in _written(self._rule.fields[name]):
                try:
                    if not self._kinds.blank(given):
                        read(given, times)
                except ValueProblem as problem:
                    said = json.dumps(dict(problem.params), ensure_ascii=False, default=str)
                    raise self._wrong(f"fields.{name}", given, said) from None

    def _wrong(self, field: str, given: object, allowed: str) -> SourceConfigError:
        return SourceConfigError(
            file=self._source.file, field=f"items.{field}", given=given, allowed=allowed
        )


def _written(rule: Value) -> list[str]:
    """The values that a rule gives by itself."""
    found = [rule.constant, rule.otherwise, *(rule.table or {}).values()]
    return [as_text(one) for one in found if one is not None]


def _placing(rule: PlaceRule) -> tuple[list[Getter], Axes]:
    paths = [rule.text] if rule.text is not None else [rule.lon, rule.lat]
    return [getter(path) for path in paths if path is not None], rule.axes
