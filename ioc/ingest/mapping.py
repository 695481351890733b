"""From records to readings, by the rules of a source's mapping and under its contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.errors import PermanentSourceError
from ioc.ingest.connector import RECORD_TEXT, Batch, Record, Rejected
from ioc.ingest.fields import Fields, filter_of, present
from ioc.ingest.reading import Absent, Entry, Reading
from ioc.ingest.source import Source
from ioc.ingest.values import ValueProblem

__all__ = ["Absent", "Reader", "Reading", "Result"]

Result = Reading | Absent | Rejected


class Reader:
    """Reads the records of one source; made once a run, because it remembers what it looked up.

    Raises SourceConfigError when the mapping names an indicator or a unit that does not exist,
    or gives an indicator figures of another kind.
    """

    def __init__(self, source: Source, catalogue: Catalogue, units: Units, now: datetime) -> None:
        mapping = source.mapping
        self._source = source
        self._required = [(name, present(name)) for name in source.contract.required]
        self._when = filter_of(mapping.when)
        self._entries = [
            Entry(source, f"mapping.values.{at}", rule, catalogue, units, now)
            for at, rule in enumerate(mapping.values)
        ]

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
        for entry in self._entries:
            try:
                result: Result | None = entry.read(record)
            except ValueProblem as problem:
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
        return self._when is None or self._when(fields)

    def read_batch(self, batch: Batch) -> Iterator[Result]:
        """What a batch gives, under the source's contract.

        Raises PermanentSourceError when there are fewer records than promised. Where the
        contract accepts whole deliveries only, one rejection leaves nothing but rejections.
        """
        results = self._counted(batch)
        if self._source.contract.accept == "rows":
            yield from results
            return
        everything = list(results)
        refused = [one for one in everything if isinstance(one, Rejected)]
        if not refused:
            yield from everything
            return
        yield from refused
        lost = sum(isinstance(one, Reading) for one in everything)
        if lost:
            yield Rejected("–", "whole_refused", {"readings": lost, "rejected": len(refused)})

    def _counted(self, batch: Batch) -> Iterator[Result]:
        least = self._source.contract.min_records
        records: list[Record | Rejected] = []
        if least:
            records = list(batch.records)
            count = sum(isinstance(one, Record) for one in records)
            if count < least:
                raise PermanentSourceError(
                    f"{self._source.name}: {count} records, at least {least} are promised",
                    code="too_few_records",
                    records=count,
                    least=least,
                )
        for record in records if least else batch.records:
            yield from self.read(record)

    def _rejected(self, record: Record, problem: ValueProblem) -> Rejected:
        text = self._masked(json.dumps(dict(record.fields), ensure_ascii=False, default=str))
        params = {
            name: self._masked(one) if isinstance(one, str) else one
            for name, one in problem.params.items()
        }
        return Rejected(record.place, problem.code, params, text[:RECORD_TEXT], record.payload)

    def _masked(self, text: str) -> str:
        for secret in self._source.secrets:
            text = text.replace(secret, "***")
        return text
