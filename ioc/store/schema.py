"""All tables in one place: importing this module makes the metadata complete."""

from __future__ import annotations

from ioc.store import (
    heartbeat,
    observations,
    payloads,
    reference,
    rejections,
    runs,
    source_state,
    summary,
    versions,
)
from ioc.store.engine import metadata

__all__ = [
    "heartbeat",
    "metadata",
    "observations",
    "payloads",
    "reference",
    "rejections",
    "runs",
    "source_state",
    "summary",
    "versions",
]
