"""Sources in a line, and what became of a record in a word."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import yaml

from ioc.ingest.mapping import Absent, Reading
from ioc.ingest.source import Source

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=timezone(timedelta(hours=7)))


def source_of(mapping: str, **more: Any) -> Source:
    """A source with this mapping (YAML)."""
    return Source.model_validate(
        {
            "name": "thu",
            "title": {"vi": "Thử", "en": "Trial"},
            "connector": "http_json",
            "schedule": {"every": "60s"},
            "illustrative": True,
            "mapping": yaml.safe_load(mapping),
            "file": "sources/thu.yaml",
            **more,
        }
    )


def said(result: object) -> str:
    """The code of what was not taken in; the empty text for a reading."""
    return "" if isinstance(result, Reading) else str(result.code)  # type: ignore[attr-defined]


def is_absent(result: object) -> bool:
    return isinstance(result, Absent)
