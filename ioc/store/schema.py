"""All tables in one place: importing this module makes the metadata complete."""

from __future__ import annotations

from ioc.store import (
    annotations,
    heartbeat,
    observations,
    payloads,
    reference,
    rejections,
    runs,
    saved_views,
    source_state,
    summary,
    versions,
    walls,
)
from ioc.store.engine import metadata

__all__ = [
    "annotations",
    "heartbeat",
    "metadata",
    "observations",
    "payloads",
    "reference",
    "rejections",
    "runs",
    "saved_views",
    "source_state",
    "summary",
    "versions",
    "walls",
]
