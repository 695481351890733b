"""A source's file: which connector, how often, with which settings, and how records are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from ioc.domain.yaml_file import place, read_mapping
from ioc.errors import SourceConfigError
from ioc.ingest.connector import Connector
from ioc.ingest.contract import Contract
from ioc.ingest.language import Mapping as ReadingRules
from ioc.ingest.secrets import filled
from ioc.ingest.submission import Submit

_EVERY = re.compile(r"^([1-9][0-9]{0,4})(s|m|h|d)$")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_CRON_FIELD = re.compile(r"^[0-9a-z*/,\-]+$")
_NAME = re.compile(r"^[a-z][a-z0-9-]{0,60}$")
_FILE_LIMIT = 512 * 1024


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _seconds(text: str) -> float:
    found = _EVERY.match(text)
    if not found:
        raise ValueError("a number and s, m, h or d, such as 60s, 5m, 1h")
    return float(int(found[1]) * _SECONDS[found[2]])


class Title(_Strict):
    """The name of a source as people read it."""

    vi: str = Field(min_length=1, max_length=200)
    en: str = Field(min_length=1, max_length=200)


class Schedule(_Strict):
    """How often: `every` 60s, 5m, 1h, 1d, or `cron` with five fields, in Vietnamese time."""

    every: str | None = None
    cron: str | None = None

    @field_validator("every")
    @classmethod
    def _interval(cls, text: str | None) -> str | None:
        if text is not None and _seconds(text) < 5:
            raise ValueError("5s or more")
        return text

    @field_validator("cron")
    @classmethod
    def _five_fields(cls, text: str | None) -> str | None:
        if text is None:
            return None
        parts = text.lower().split()
        if len(parts) != 5 or not all(_CRON_FIELD.match(part) for part in parts):
            raise ValueError(
                'five fields: minute hour day month weekday, such as "30 6 * * mon-fri"'
            )
        return " ".join(parts)

    @model_validator(mode="after")
    def _one_of(self) -> Schedule:
        if (self.every is None) == (self.cron is None):
            raise ValueError("exactly one of every, cron")
        return self

    @property
    def interval(self) -> timedelta | None:
        """The time between two runs; None for a cron schedule."""
        return timedelta(seconds=_seconds(self.every)) if self.every else None


class Source(_Strict):
    """One source. `config` is the connector's own Config once the file was loaded.

    `jitter`, `timeout` and `misfire_grace` are in seconds after loading ("10s" in the file);
    `rank` decides which of two sources of one figure is shown: the lower one.
    """

    name: str
    title: Title
    connector: str
    config: Any = Field(default_factory=dict)
    schedule: Schedule
    jitter: float = 0
    timeout: float = 120
    misfire_grace: float = 300
    illustrative: bool
    rank: int = Field(default=100, ge=0, le=1000)
    mapping: ReadingRules
    contract: Contract = Contract()
    submit: Submit | None = None
    file: str = Field(default="", exclude=True)
    secrets: tuple[str, ...] = Field(default=(), exclude=True, repr=False)

    @field_validator("name")
    @classmethod
    def _short(cls, name: str) -> str:
        if not _NAME.match(name):
            raise ValueError("small letters, digits and hyphens, such as cong-dich-vu-cong")
        return name

    @field_validator("jitter", "timeout", "misfire_grace", mode="before")
    @classmethod
    def _duration(cls, given: object) -> object:
        return _seconds(given) if isinstance(given, str) and not given.isdigit() else given


def load_sources(
    home: Path, env: Mapping[str, str], connectors: Mapping[str, Connector]
) -> tuple[Source, ...]:
    """Every source of the home directory, by name.

    Raises SourceConfigError naming file, field, given and allowed for the first thing wrong.
    """
    found: dict[str, Source] = {}
    for path in sorted((home / "sources").glob("*.yaml")):
        source = read_source(path, env, connectors)
        if source.name in found:
            raise SourceConfigError(
                file=place(path), field="name", given=source.name, allowed="a name used once"
            )
        found[source.name] = source
    return tuple(found[name] for name in sorted(found))


def read_source(path: Path, env: Mapping[str, str], connectors: Mapping[str, Connector]) -> Source:
    """One source's file. Raises SourceConfigError."""
    file = place(path)
    if path.stat().st_size > _FILE_LIMIT:
        raise SourceConfigError(
            file=file, field="file", given="too large", allowed=f"{_FILE_LIMIT} bytes"
        )
    secrets: list[str] = []
    content = filled(read_mapping(path, SourceConfigError), env, file, "", secrets)
    try:
        source = Source.model_validate({**content, "file": file, "secrets": tuple(secrets)})
    except ValidationError as error:
        raise _plain(error, file, "", secrets) from None
    connector = connectors.get(source.connector)
    if connector is None:
        raise SourceConfigError(
            file=file,
            field="connector",
            given=source.connector,
            allowed=", ".join(sorted(connectors)),
        )
    try:
        config = connector.Config.model_validate(source.config)
    except ValidationError as error:
        raise _plain(error, file, "config.", secrets) from None
    return source.model_copy(update={"config": config})


def _plain(
    error: ValidationError, file: str, prefix: str, secrets: Iterable[str]
) -> SourceConfigError:
    """The first thing pydantic found, as one sentence about the file."""
    first = error.errors(include_url=False)[0]
    steps = [
        str(step) for step in first["loc"] if not str(step).startswith(("function-", "tagged"))
    ]
    given = first.get("input")
    allowed = first["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    if first["type"] == "missing":
        given, allowed = None, "this field is required"
    elif first["type"] == "extra_forbidden":
        given, allowed = steps[-1], "no field of this name"
    elif isinstance(given, (dict, list)):
        given = type(given).__name__
    for secret in secrets:
        given = given.replace(secret, "***") if isinstance(given, str) else given
        allowed = allowed.replace(secret, "***")
    return SourceConfigError(
        file=file,
        field=prefix + ".".join(steps) if steps else prefix.rstrip(".") or "file",
        given=given,
        allowed=allowed,
    )
