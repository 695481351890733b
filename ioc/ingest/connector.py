"""The door between kinds of sources and the rest: what a connector gets and what it gives back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar, Protocol, runtime_checkable

import httpx
from pydantic import BaseModel

from ioc.ingest.guard import Guard

Codes = Callable[[str, str, date], Sequence[str]]
"""(system, level, day) → the codes of the units of that level which exist on the day."""

RECORD_TEXT = 500
"""Characters of a rejected record that are kept for the person who has to look at it."""


@dataclass(frozen=True, slots=True)
class Record:
    """One raw record: `place` finds it again in the source ("dòng 12"), `payload` is the index of
    the batch's payload it came from."""

    place: str
    fields: Mapping[str, object]
    payload: int = 0


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record, row or whole file that was not taken in.

    `code` names the sentence `reject.<code>` of the message catalogue, `params` fill its gaps;
    `record_text` is the record as given, cut to RECORD_TEXT characters.
    """

    place: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    record_text: str = ""
    payload: int = 0


@dataclass(frozen=True, slots=True)
class Payload:
    """What the source answered, byte for byte; `label` is the file's name or the masked address."""

    label: str
    content: bytes
    media: str


@dataclass(frozen=True, slots=True)
class Point:
    """A record with a place: `key` is its own in the source, `lon` and `lat` in degrees (WGS 84).

    `unit` is the key of the unit it counts for, where one was found; `fields` are kept as JSON.
    """

    key: str
    lon: float
    lat: float
    unit: str | None
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one fetch brought.

    `records` may hold `Rejected` where the connector itself could not read a row or a file.
    `watermark` is handed to the next fetch once this one is committed. `more` says that another
    fetch would bring more at once (the next file, the next slice of history): the run goes on
    without waiting for the schedule. `progress` is (parts done with this one, parts in all).
    `receipt` is the connector's own note for `finish`. `points` are records with a place on the
    map that are kept besides the figures; None where the source has none. `points_whole`: these
    are all there are, so one that is not among them is gone, unless its key is in `points_still`
    (delivered, but refused). `unchanged`: the source
    was asked for what is new and said that nothing is, so the last delivery stands as it is.
    """

    records: Iterable[Record | Rejected]
    payloads: Sequence[Payload]
    watermark: str | None = None
    more: bool = False
    progress: tuple[int, int] | None = None
    receipt: str = ""
    points: Sequence[Point] | None = None
    points_whole: bool = False
    points_still: frozenset[str] = frozenset()
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch, told to the connector after the commit (or instead of one).

    `rejected` holds the first of the `refused` records that were not taken in; `held` figures
    wait for a person.
    """

    committed: bool
    readings: int = 0
    missing: int = 0
    rejected: Sequence[Rejected] = ()
    refused: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Tools:
    """All a connector may touch: the guarded client, the clock, the home directory.

    `deadline` is the moment of `time.monotonic()` at which the run must have ended. `secrets` are
    texts that must never show in a message, a label or a log. `guard` says which addresses may be
    connected to, for protocols other than the client's. `span` is set when gaps are filled: only
    periods between these two days (both included) are wanted; a connector that can ask for
    periods asks for those, any other reads as ever. `memory` is the source's own, kept in this
    process between runs (a token, an open connection's parameters) and never stored. `codes`
    gives the codes that the units of a level have in a system on a day. `rules` changes when the
    source's records are read by another mapping: what was asked for then must be asked for again.
    """

    client: httpx.Client
    now: Callable[[], datetime]
    home: Path
    watermark: str | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    sleep: Callable[[float], None] = time.sleep
    deadline: float | None = None
    secrets: tuple[str, ...] = ()
    guard: Guard | None = None
    span: tuple[date, date] | None = None
    memory: MutableMapping[str, Any] = field(default_factory=dict)
    codes: Codes = lambda system, level, day: ()
    rules: str = ""


@runtime_checkable
class Connector(Protocol):
    """A kind of source. A module in `data_sources` offers one as CONNECTOR.

    `name` is what a source's YAML writes after `connector:`; `Config` reads its `config:` block.
    """

    name: ClassVar[str]
    Config: ClassVar[type[BaseModel]]

    def fetch(self, config: Any, tools: Tools) -> Batch:
        """Read the source once.

        Raises TransientSourceError when it may work later, PermanentSourceError when a person
        has to act. Writes nothing and moves nothing: a dry run calls it too.
        """
        ...

    def finish(self, config: Any, batch: Batch, outcome: Outcome, tools: Tools) -> None:
        """Clear up after the run: called once the batch was committed, or when it failed."""
        ...


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a source may be reached, and with which certificates.

    `hosts` are the only hosts its requests may go to, redirects included; empty where the
    connector uses no HTTP. `ca_file` holds the authorities of a private network,
    `certificate` and `key` are this side's own (PEM files).
    """

    hosts: tuple[str, ...] = ()
    ca_file: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


@runtime_checkable
class Reaching(Protocol):
    """What a connector that asks over HTTP offers besides: which hosts its source declares."""

    def reach(self, config: Any, home: Path) -> Reach:
        """The declared hosts and certificates of one source."""
        ...


@runtime_checkable
class Rereader(Protocol):
    """What a connector may offer besides: to read again what a run kept.

    A figure is then shown with the very record it came from.
    """

    def reread(self, config: Any, payload: Payload) -> Iterable[Record | Rejected]:
        """The records of one kept payload, with the places that the fetch gave them.

        Asks nobody; raises SourceError or AddressError when the payload is not what it was.
        """
        ...
