"""From records to readings, by the rules of a source's mapping and under its contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from ioc.domain.catalogue import Catalogue
from ioc.domain.measure import Kind
from ioc.domain.registers import Registers, packaged
from ioc.domain.units import Units
from ioc.errors import PermanentSourceError
from ioc.ingest.connector import RECORD_TEXT, Batch, Record, Rejected
from ioc.ingest.fields import Fields, filter_of, present
from ioc.ingest.item_reader import ItemRead, ItemReader
from ioc.ingest.items import fact_of
from ioc.ingest.promises import Promises, is_known, known_names
from ioc.ingest.reading import Absent, Entry, Reading
from ioc.ingest.source import Source
from ioc.ingest.values import ValueProblem, clean

__all__ = ["Absent", "ItemRead", "Reader", "Reading", "Result"]

Result = Reading | ItemRead | Absent | Rejected
UNIT_PROBLEMS = frozenset(
    {"no_unit", "unknown_unit_key", "unknown_code", "unknown_name", "former_unit", "not_yet_unit"}
)
"""The codes of rejections that say that a record is about no unit of its period."""
_MOST_FIELDS = 100


class Reader:
    """Reads the records of one source; made once a run, because it remembers what it looked up.

    `promises` are those of the source's contract; `new_fields` are the fields that came and of
    which its file does not speak, where the contract wants them noted.

    `items` reads what the source says of a register, where it does.

    Raises SourceConfigError when the mapping or the contract names an indicator or a unit that
    does not exist, or gives an indicator figures or limits of another kind.
    """

    def __init__(
        self,
        source: Source,
        catalogue: Catalogue,
        units: Units,
        now: datetime,
        registers: Registers | None = None,
    ) -> None:
        mapping, contract = source.mapping, source.contract
        self.promises = Promises(contract, catalogue, source.file)
        self.new_fields: list[str] = []
        self._ranged = self.promises.ranges
        self._source = source
        self._counted = frozenset(
            one.id for one in catalogue.all if one.kind in (Kind.COUNT, Kind.AMOUNT)
        )
        rule = source.items
        self._known = known_names(mapping, contract, rule.names if rule is not None else ())
        self._fields: dict[str, bool] = {}
        self._required = [(name, present(name)) for name in contract.required]
        self._when = filter_of(mapping.when)
        self._entries = [
            Entry(source, f"mapping.values.{at}", one, catalogue, units, now)
            for at, one in enumerate(mapping.values)
        ]
        self.items: ItemReader | None = None
        if rule is not None:
            known = registers or packaged()
            self.items = ItemReader(source, rule, known, catalogue, units, now)
        items = [] if self.items is None else [self.items]
        self._readers: list[Entry | ItemReader] = [*self._entries, *items]

    def read(self, record: Record | Rejected) -> list[Result]:
        """What one record gives; a rejection of the connector is passed on."""
        if isinstance(record, Rejected):
            return [record]
        try:
            if not self._meant(record.fields):
                return []
        except ValueProblem as problem:
            return [self._rejected(record, problem)]
        results: list[Result] = []
        refused: set[tuple[str, str]] = set()
        for entry in self._readers:
            try:
                result: Result | None = entry.read(record)
                if self._ranged and isinstance(result, Reading):
                    self._check_range(result)
            except ValueProblem as problem:
                if self._ignored(problem):
                    continue
                # One wrong unit would otherwise be told once for each of the record's figures.
                same = (problem.code, str(problem.params))
                result = None if same in refused else self._rejected(record, problem)
                refused.add(same)
            if result is not None:
                results.append(result)
        return results

    def _meant(self, fields: Fields) -> bool:
        for name, carried in self._required:
            if not carried(fields):
                raise ValueProblem("required_field", field=name)
        if self._source.contract.unknown_fields != "ignore":
            self._watch(fields)
        return self._when is None or self._when(fields)

    def _watch(self, fields: Fields) -> None:
        """Note or refuse fields that nobody speaks of: the structure of the source has changed."""
        refuse = self._source.contract.unknown_fields == "refuse"
        unknown = []
        for name in fields:
            known = self._fields.get(name)
            if known is None:
                known = is_known(name, self._known)
                if len(self._fields) < 10 * _MOST_FIELDS:
                    self._fields[name] = known
                if not known and not refuse and len(self.new_fields) < _MOST_FIELDS:
                    self.new_fields.append(self._masked(clean(name)[:60]))
            if not known:
                unknown.append(name)
        if refuse and unknown:
            raise ValueProblem("unknown_field", field=", ".join(map(clean, unknown))[:200])

    def _check_range(self, reading: Reading) -> None:
        fact = fact_of(reading, reading.indicator_id in self._counted)
        broken = self.promises.out_of_range(reading.indicator_id, fact)
        if broken is not None:
            raise ValueProblem(broken.code, **broken.params)

    def _ignored(self, problem: ValueProblem) -> bool:
        """Whether a record is about a unit that the contract wants passed over."""
        ignored = self.promises.ignored
        return (
            bool(ignored)
            and problem.code in UNIT_PROBLEMS
            and clean(str(problem.params.get("given", ""))).casefold() in ignored
        )

    def read_batch(self, batch: Batch) -> Iterator[Result]:
        """What a batch gives, under the source's contract; in memory where it judges the whole.

        Raises PermanentSourceError when there are fewer records than promised. Where the
        contract accepts whole deliveries only, one rejection leaves nothing but rejections.
        """
        contract = self._source.contract
        records = batch.records
        if contract.min_records:
            records = list(records)
            self.check_count(sum(isinstance(one, Record) for one in records))
        results = (result for record in records for result in self.read(record))
        if not contract.whole:
            yield from results
            return
        everything = list(results)
        refused = [one for one in everything if isinstance(one, Rejected)]
        if not any(map(self.spoils, refused)):
            yield from everything
            return
        yield from refused
        lost = sum(isinstance(one, (Reading, ItemRead)) for one in everything)
        if lost:
            yield whole_refused(lost, len(refused))

    def spoils(self, refused: Rejected) -> bool:
        """Whether this rejection refuses the whole delivery."""
        contract = self._source.contract
        if contract.accept == "whole":
            return True
        return contract.unknown_units == "refuse_all" and refused.code in UNIT_PROBLEMS

    def check_count(self, count: int) -> None:
        """Raise PermanentSourceError when there are fewer records than promised."""
        least = self._source.contract.min_records
        if count < least:
            raise PermanentSourceError(
                f"{self._source.name}: {count} records, at least {least} are promised",
                code="too_few_records",
                records=count,
                least=least,
            )

    def text(self, record: Record) -> str:
        """A record as it is kept for the person who has to look at it, without secrets."""
        text = self._masked(json.dumps(dict(record.fields), ensure_ascii=False, default=str))
        return text[:RECORD_TEXT]

    def _rejected(self, record: Record, problem: ValueProblem) -> Rejected:
        params = {
            name: self._masked(one) if isinstance(one, str) else one
            for name, one in problem.params.items()
        }
        return Rejected(record.place, problem.code, params, self.text(record), record.payload)

    def _masked(self, text: str) -> str:
        for secret in self._source.secrets:
            text = text.replace(secret, "***")
        return text


def whole_refused(readings: int, rejected: int) -> Rejected:
    """What is said of the good figures of a delivery that is refused as a whole."""
    return Rejected("–", "whole_refused", {"readings": readings, "rejected": rejected})
