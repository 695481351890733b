"""The trial of a source: reads it once and shows what would be taken in; writes nothing."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import TextIO

from ioc.domain.catalogue import Catalogue
from ioc.domain.indicator import Indicator
from ioc.domain.measure import RATE_SCALE, Empty, Figure, Kind, State
from ioc.domain.messages import explain_error, say
from ioc.domain.register import Register, missing_fields
from ioc.domain.times import period_words
from ioc.domain.units import Units
from ioc.domain.words import counts_words, figure_words
from ioc.errors import SourceConfigError, SourceError
from ioc.ingest.client import guard_of
from ioc.ingest.connector import Batch, Connector, Rejected, Tools
from ioc.ingest.mapping import Absent, ItemRead, Reader, Reading, Result
from ioc.ingest.reach import client_for
from ioc.ingest.report import place_words, printable, reason_words
from ioc.ingest.scheduler import connectors
from ioc.ingest.source import Source, load_sources
from ioc.ingest.unit_codes import codes_of
from ioc.settings import Settings

EXAMPLES = 12
_EMPTY = {State.NOT_APPLICABLE: Empty.NOT_APPLICABLE, State.SUPPRESSED: Empty.SUPPRESSED}


def check_source(
    settings: Settings,
    name: str,
    out: TextIO | None = None,
    environment: Mapping[str, str] | None = None,
) -> int:
    """Read the source `name` once and print what a run would do with it.

    Returns 0 when everything would be taken in, 1 when something would be rejected or the source
    could not be read. Raises ConfigError for a wrong file and for a source that does not exist.
    """
    env = {**settings.environment(), **(os.environ if environment is None else environment)}
    found = connectors()
    sources = {one.name: one for one in load_sources(settings.home, env, found)}
    if name not in sources:
        raise SourceConfigError(
            file="sources", field="name", given=name, allowed=", ".join(sources) or "–"
        )
    units = Units.load()
    trial = _Trial(sources[name], Catalogue.load(units=units), units, settings, out or sys.stdout)
    return trial.run(found[sources[name].connector], env)


class _Trial:
    _register: Register

    def __init__(
        self, source: Source, catalogue: Catalogue, units: Units, settings: Settings, out: TextIO
    ) -> None:
        self._source = source
        self._catalogue = catalogue
        self._units = units
        self._settings = settings
        self._lang = settings.language
        self._out = out

    def run(self, connector: Connector, env: Mapping[str, str]) -> int:
        """Fetch and read, and print what came of it."""
        source = self._source
        reader = Reader(source, self._catalogue, self._units, datetime.now(UTC))
        if reader.items is not None:
            self._register = reader.items.register
        title = source.title.en if self._lang == "en" else source.title.vi
        self._say("check_title", name=source.name, title=title)
        self._say("check_nothing_written")
        if source.illustrative:
            self._say("check_illustrative")
        try:
            reachable = self._settings.reachable_hosts
            with client_for(source, connector, self._settings.home, reachable) as client:
                tools = Tools(
                    client=client,
                    now=lambda: datetime.now(UTC),
                    home=self._settings.home,
                    env=env,
                    deadline=time.monotonic() + source.timeout,
                    secrets=source.secrets,
                    guard=guard_of(client),
                    codes=codes_of(self._units),
                )
                batch = connector.fetch(source.config, tools)
                results = list(reader.read_batch(batch))
        except SourceError as error:
            self._say("check_failed", reason=explain_error(self._lang, error))
            return 1
        return self._show(batch, results)

    def _show(self, batch: Batch, results: list[Result]) -> int:
        if not batch.payloads:
            self._say("check_nothing")
        for payload in batch.payloads:
            self._say("check_payload", label=payload.label, size=len(payload.content))
        readings = [one for one in results if isinstance(one, Reading)]
        items = [one for one in results if isinstance(one, ItemRead)]
        refused = [one for one in results if isinstance(one, Rejected)]
        if readings or not items:
            self._say("report_readings", count=len(readings))
        if items:
            self._say("report_items", count=len({one.key for one in items}))
        self._say("report_missing", count=sum(isinstance(one, Absent) for one in results))
        self._say("report_rejected", count=len(refused))
        if readings:
            self._say("check_examples")
            for one in readings[:EXAMPLES]:
                self._line("  " + self._reading(one))
        if items:
            self._say("check_items")
            for item in items[:EXAMPLES]:
                self._line("  " + self._item(item))
        if refused:
            self._say("check_rejections")
            self._refused(refused)
        if batch.more and batch.progress:
            self._say("check_more", done=batch.progress[0], total=batch.progress[1])
        elif batch.more:
            self._say("check_more_files")
        return 1 if refused else 0

    def _refused(self, refused: list[Rejected]) -> None:
        """Each reason once, with how often it came and where first."""
        first: dict[str, Rejected] = {}
        count: Counter[str] = Counter()
        for one in refused:
            reason = reason_words(one, self._lang)
            first.setdefault(reason, one)
            count[reason] += 1
        for reason, times in count.most_common():
            where = place_words(first[reason].place, self._lang)
            line = say(
                self._lang, "source.check_rejection", count=times, place=where, reason=reason
            )
            self._line("  " + line)

    def _reading(self, reading: Reading) -> str:
        indicator = self._catalogue.by_id(reading.indicator_id)
        figure = as_figure(indicator, reading)
        words = figure_words(indicator, figure, self._lang)
        both = figure.value is not None and figure.denominator is not None
        counts = f" ({counts_words(indicator, figure, self._lang)})" if both else ""
        return say(
            self._lang,
            "source.check_reading",
            place=place_words(reading.place, self._lang),
            indicator=" ".join(filter(None, (indicator.code, reading.breakdown))),
            unit=self._units.by_id(reading.unit_id).name_in(self._lang),
            period=period_words(reading.period, self._lang),
            figure=words + counts,
        )

    def _item(self, item: ItemRead) -> str:
        said, register = item.said, self._register
        unit = self._units.by_id(said.unit_id).name_in(self._lang) if said.unit_id else "–"
        lacks = missing_fields(register, said.body, placed=said.lon is not None)
        labels = [register.field(one).label.say(self._lang) for one in lacks]
        return say(
            self._lang,
            "source.check_item",
            place=place_words(item.place, self._lang),
            key=said.key,
            unit=unit,
            state=register.state(said.state).name.say(self._lang),
            title=str(said.body.get(register.title, "–"))[:60],
            missing=", ".join(labels) or "–",
        )

    def _say(self, key: str, **params: object) -> None:
        self._line(say(self._lang, f"source.{key}", **params))

    def _line(self, text: str) -> None:
        self._out.write(printable(text) + "\n")


def as_figure(indicator: Indicator, reading: Reading) -> Figure:
    """A reading as a figure, unscaled, the way screens would show it."""
    above = None if reading.numerator is None else indicator.unscaled(reading.numerator)
    below = None if reading.denominator is None else indicator.unscaled(reading.denominator)
    value: Fraction | None = None
    empty = _EMPTY.get(reading.state)
    if above is not None and below is not None:
        value = above / below if below else None
        empty = None if below else Empty.UNDEFINED
    elif reading.value is not None:
        ratio = indicator.kind is Kind.RATIO
        value = Fraction(reading.value, RATE_SCALE) if ratio else indicator.unscaled(reading.value)
    return Figure(indicator.kind, value, above, below, empty, reading.bound)
