"""All tables in one place: importing this module makes the metadata complete."""

from __future__ import annotations

from ioc.store import annotations as notes  # its own name is taken by the future import
from ioc.store import (
    deliveries,
    export_tables,
    features,
    freezes,
    heartbeat,
    held,
    observations,
    payloads,
    reference,
    register_tables,
    rejections,
    revisions,
    run_requests,
    runs,
    saved_views,
    slots,
    source_state,
    summary,
    versions,
    wall_acts,
    wall_reports,
    walls,
)
from ioc.store.engine import metadata

__all__ = [
    "deliveries",
    "export_tables",
    "features",
    "freezes",
    "heartbeat",
    "held",
    "metadata",
    "notes",
    "observations",
    "payloads",
    "reference",
    "register_tables",
    "rejections",
    "revisions",
    "run_requests",
    "runs",
    "saved_views",
    "slots",
    "source_state",
    "summary",
    "versions",
    "wall_acts",
    "wall_reports",
    "walls",
]
