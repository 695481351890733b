"""A source's file: which connector, how often, with which settings, and how records are read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from ioc.domain.yaml_file import place, read_mapping
from ioc.errors import SourceConfigError
from ioc.ingest.connector import Connector
from ioc.ingest.contract import Contract
from ioc.ingest.item_rule import ItemsRule
from ioc.ingest.language import Mapping as ReadingRules
from ioc.ingest.schedule import BreakerRule, Duration, Misfire, Schedule
from ioc.ingest.secrets import Masks, filled
from ioc.ingest.submit_rule import Submit

_NAME = re.compile(r"^[a-z][a-z0-9-]{0,60}$")
_FILE_LIMIT = 512 * 1024


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(_Strict):
    """The name of a source as people read it."""

    vi: str = Field(min_length=1, max_length=200)
    en: str = Field(min_length=1, max_length=200)


class Source(_Strict):
    """One source. `config` is the connector's own Config once the file was loaded.

    `jitter` and `timeout` are in seconds after loading ("10s" in the file); `misfire_grace` is an
    older way to write `misfire: {grace: ...}`; `file_hash` tells whether the file was changed;
    `rank` decides which of two sources of one figure is shown: the lower one. `items` says how
    records become items of a register; where there are some, the mapping may be without values.
    """

    name: str
    title: Title
    connector: str
    config: Any = Field(default_factory=dict)
    schedule: Schedule
    jitter: Duration = 0.0
    timeout: Annotated[Duration, Field(gt=0)] = 120.0
    misfire: Misfire = Misfire()
    misfire_grace: Duration | None = Field(default=None, exclude=True)
    breaker: BreakerRule = BreakerRule()
    illustrative: bool
    rank: int = Field(default=100, ge=0, le=1000)
    items: ItemsRule | None = Field(
        default=None, description="how records become items of a register"
    )
    mapping: ReadingRules
    contract: Contract = Contract()
    submit: Submit | None = None
    file: str = Field(default="", exclude=True)
    file_hash: str = Field(default="", exclude=True)
    secrets: tuple[str, ...] = Field(default=(), exclude=True, repr=False)

    @field_validator("mapping")
    @classmethod
    def _something_to_read(cls, mapping: ReadingRules, about: ValidationInfo) -> ReadingRules:
        if not mapping.values and about.data.get("items") is None:
            raise ValueError("at least one of values, unless there are items")
        return mapping

    @field_validator("name")
    @classmethod
    def _short(cls, name: str) -> str:
        if not _NAME.match(name):
            raise ValueError("small letters, digits and hyphens, such as cong-dich-vu-cong")
        return name

    @model_validator(mode="after")
    def _one_grace(self) -> Source:
        if self.misfire_grace is not None:
            if "misfire" in self.model_fields_set:
                raise ValueError("either misfire_grace or misfire: {grace: ...}, not both")
            object.__setattr__(self, "misfire", Misfire(grace=self.misfire_grace))
        return self


def reading_rules(source: Source) -> str:
    """A text that changes when the source's records are read in another way."""
    items = source.items.model_dump_json() if source.items is not None else ""
    return source.mapping.model_dump_json() + items


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
        about = {"file": file, "file_hash": _hash(path), "secrets": tuple(secrets)}
        source = Source.model_validate({**content, **about})
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


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


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
    elif prefix and "auth" in steps and isinstance(given, str):
        # Also where a secret stands in the file itself, against all advice.
        given = "***"
    masks = Masks(secrets)
    given = masks.hide(given) if isinstance(given, str) else given
    allowed = masks.hide(allowed)
    return SourceConfigError(
        file=file,
        field=prefix + ".".join(steps) if steps else prefix.rstrip(".") or "file",
        given=given,
        allowed=allowed,
    )
