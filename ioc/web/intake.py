"""What the web process needs to take in figures that a person confirms; it never polls."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ioc.errors import ConfigError
from ioc.ingest.intake import Intake
from ioc.ingest.reach import client_for
from ioc.ingest.source import Source, read_source
from ioc.plugins import CONNECTOR, by_name
from ioc.store.engine import reading
from ioc.store.reference import sources

if TYPE_CHECKING:
    from ioc.ingest.connector import Connector
    from ioc.queries.desk import Desk

_log = logging.getLogger(__name__)
_Environment = tuple[tuple[str, str], ...]


def web_intake(desk: Desk, given: Iterable[Source]) -> Intake:
    """An intake over the desk's own database, for these sources.

    The poller alone says which sources there are; what it has not recorded yet has no fact.
    """
    kinds = _connectors()
    intake = Intake(
        engine=desk.engine,
        catalogue=desk.catalogue,
        units=desk.units,
        connectors=kinds,
        client=lambda source: client_for(
            source, kinds[source.connector], desk.settings.home, desk.settings.reachable_hosts
        ),
        home=desk.settings.home,
        env=_environment(desk),
        now=desk.now,
        owner=f"web:{socket.gethostname()}:{os.getpid()}",
        sources={source.name: source for source in given},
    )
    with reading(desk.engine) as connection:
        intake.facts = {fact.name: fact for fact in sources(connection)}
    return intake


def home_sources(desk: Desk) -> tuple[Source, ...]:
    """The sources of the home directory as their files say now; a wrong file is passed over.

    Files that did not change are not read again.
    """
    environment = tuple(sorted(_environment(desk).items()))
    found = []
    for path in sorted((desk.settings.home / "sources").glob("*.yaml")):
        try:
            about = path.stat()
        except OSError:
            continue
        source = _read(path, about.st_mtime_ns, about.st_size, environment)
        if source is not None:
            found.append(source)
    return tuple(found)


@lru_cache(maxsize=500)
def _read(path: Path, changed: int, size: int, environment: _Environment) -> Source | None:
    try:
        return read_source(path, dict(environment), _connectors())
    except (ConfigError, OSError) as error:
        _log.warning("a source's file is passed over: %s", error)
        return None


@lru_cache(maxsize=1)
def _connectors() -> dict[str, Connector]:
    return {name: cast("Connector", one) for name, one in by_name(CONNECTOR).items()}


def _environment(desk: Desk) -> dict[str, str]:
    return {**desk.settings.environment(), **os.environ}
