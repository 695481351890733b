"""The raw record behind a figure: its run's payloads read again, their hashes checked."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from ioc.ingest.connector import Connector, Payload, Rereader
from ioc.ingest.reread import Wanted, delivery_hash, find_source, locate
from ioc.plugins import CONNECTOR, by_name
from ioc.queries.record_answers import Excerpt, RawFile, Record
from ioc.store.engine import reading
from ioc.store.observations import Key, versions_of
from ioc.store.payloads import checked_payload
from ioc.store.register_sources import counted_from

if TYPE_CHECKING:
    from ioc.queries.desk import Desk

MOST_BYTES = 12_000_000
"""Raw bytes of a run that are read again for one page; beyond, the files are only named."""


def with_raw_record(desk: Desk, answer: Record) -> Record:
    """The answer with its files' hashes checked and the record that the figure came from.

    The record is looked for with the source's own rules, and only when the run's hash says that
    these are the rules it was read by; otherwise `raw` says why there is none.
    """
    stands = answer.standing
    if stands is None or stands.run is None:
        return answer
    register = counted_from(stands.source, desk.registers.all)
    if register is not None:
        return replace(answer, raw="counted", register=register.key)
    if not answer.files:
        return answer
    if sum(one.size for one in answer.files) > MOST_BYTES:
        return replace(answer, raw="too_large")
    files, payloads = _read(desk, answer.files)
    answer = replace(answer, files=files)
    connectors = {name: cast("Connector", one) for name, one in by_name(CONNECTOR).items()}
    env = {**desk.settings.environment(), **os.environ}
    source = find_source(desk.settings.home, stands.source, env, connectors)
    if source is None:
        return replace(answer, raw="no_source")
    if answer.file_count > len(files):
        return replace(answer, raw="too_large")
    if delivery_hash(source, [(one.label, one.sha256) for one in files]) != answer.delivery:
        return replace(answer, raw="changed")
    connector = connectors[source.connector]
    if not isinstance(connector, Rereader):
        return replace(answer, raw="cannot")
    wanted = _wanted(desk, answer)
    if wanted is None:
        return answer
    found = locate(
        source, connector, payloads, wanted, desk.catalogue, desk.units, stands.run.started
    )
    if found is None:
        return replace(answer, raw="not_found")
    excerpt = Excerpt(files[found.payload].seq, found.place, found.text)
    return replace(answer, raw="found", excerpt=excerpt)


def _read(desk: Desk, files: tuple[RawFile, ...]) -> tuple[tuple[RawFile, ...], list[Payload]]:
    checked = []
    payloads = []
    with reading(desk.engine) as connection:
        for one in files:
            content = checked_payload(connection, one.sha256)
            checked.append(replace(one, intact=content.intact))
            payloads.append(Payload(one.label, content.bytes, one.media))
    return tuple(checked), payloads


def _wanted(desk: Desk, answer: Record) -> Wanted | None:
    """The figure in the store's own numbers: those of the version that stands."""
    stands, period = answer.standing, answer.period
    if stands is None or period is None:
        return None
    key = Key(answer.indicator.id, period.grain_key, period.key, answer.unit.id, answer.breakdown)
    with reading(desk.engine) as connection:
        versions = versions_of(connection, key)
    for one in reversed(versions):
        if one.run_id == stands.run_id:
            fact = one.stands.fact
            figures = (fact.num, fact.den, fact.val)
            return Wanted(key.indicator_id, key.unit_id, period, key.breakdown, figures)
    return None
