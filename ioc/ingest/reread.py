"""Reading again what a run kept, to show the very record that a figure came from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ioc.domain.catalogue import Catalogue
from ioc.domain.measure import Kind
from ioc.domain.period import Period
from ioc.domain.units import Units
from ioc.errors import AddressError, ConfigError, SourceError
from ioc.ingest.connector import Connector, Payload, Record, Rereader
from ioc.ingest.mapping import Reader, Reading
from ioc.ingest.source import Source, load_sources, read_source, reading_rules

LONGEST_RECORD = 4000
"""Characters of a raw record that are shown."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figure is looked for, and what the store says of it: scaled whole numbers."""

    indicator_id: int
    unit_id: int
    period: Period
    breakdown: str
    figures: tuple[int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Located:
    """The record: the index of its payload among those given, its place and its fields as JSON."""

    payload: int
    place: str
    text: str


def find_source(
    home: Path, name: str, env: Mapping[str, str], connectors: Mapping[str, Connector]
) -> Source | None:
    """The source of this name as its file says today; None without a good file of it."""
    try:
        file = home / "sources" / f"{name}.yaml"
        if file.is_file():
            found = read_source(file, env, connectors)
            if found.name == name:
                return found
        return next((one for one in load_sources(home, env, connectors) if one.name == name), None)
    except (ConfigError, OSError):
        return None


def delivery_hash(source: Source, payloads: Iterable[tuple[str, str]]) -> str:
    """The hash that a run keeps of a delivery read by this source's mapping.

    A connector whose settings decide too what a delivery says gives them as `reading_rules` of its
    Config. `payloads` are (label, SHA-256 in hexadecimal) in their order. A run whose hash is
    another was read by other rules, so today's rules must not speak for it.
    """
    digest = hashlib.sha256(reading_rules(source).encode())
    if hasattr(source.config, "reading_rules"):
        digest.update(source.config.reading_rules().encode())
    for label, sha256 in payloads:
        # Two periods may be answered alike; the label tells them apart.
        digest.update(label.encode())
        digest.update(bytes.fromhex(sha256))
    return digest.hexdigest()


def locate(
    source: Source,
    connector: Connector,
    payloads: Sequence[Payload],
    wanted: Wanted,
    catalogue: Catalogue,
    units: Units,
    now: datetime,
) -> Located | None:
    """The record that gives exactly the wanted figure; None where none does, or where this kind
    of source cannot read again. `now` is when the run was."""
    if not isinstance(connector, Rereader):
        return None
    try:
        reader = Reader(source, catalogue, units, now)
        for at, payload in enumerate(payloads):
            for record in connector.reread(source.config, payload):
                if isinstance(record, Record) and _gives(reader, record, wanted, catalogue):
                    return Located(at, record.place, _text(record, source.secrets))
    except (SourceError, ConfigError, AddressError, ValueError):
        return None
    return None


def _gives(reader: Reader, record: Record, wanted: Wanted, catalogue: Catalogue) -> bool:
    for one in reader.read(record):
        if not isinstance(one, Reading):
            continue
        about = (one.indicator_id, one.unit_id, one.period, one.breakdown)
        if about != (wanted.indicator_id, wanted.unit_id, wanted.period, wanted.breakdown):
            continue
        figures = (one.numerator, one.denominator, one.value)
        if catalogue.by_id(one.indicator_id).kind in (Kind.COUNT, Kind.AMOUNT):
            # The store sums numerators, so a count or an amount is kept as one.
            figures = (one.value, None, None)
        if figures == wanted.figures:
            return True
    return False


def _text(record: Record, secrets: Iterable[str]) -> str:
    text = json.dumps(dict(record.fields), ensure_ascii=False, default=str, indent=1)
    for secret in secrets:
        text = text.replace(secret, "***")
    return text if len(text) <= LONGEST_RECORD else text[: LONGEST_RECORD - 1] + "…"
