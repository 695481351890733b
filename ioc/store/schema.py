"""All tables in one place: importing this module makes the metadata complete."""

from __future__ import annotations

from ioc.store import observations, reference, runs, summary
from ioc.store.engine import metadata

__all__ = ["metadata", "observations", "reference", "runs", "summary"]
