"""What a source's fetch remembers for the next one, as long as its records are read alike."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ioc.ingest.connector import Tools


def remembered(tools: Tools) -> dict[str, str]:
    """What the last committed fetch left; nothing when records are read by other rules since.

    A watermark that another kind of source left behind is nothing either.
    """
    try:
        found = json.loads(tools.watermark) if tools.watermark else {}
    except ValueError:
        return {}
    if not isinstance(found, dict) or found.get("rules") != tools.rules:
        return {}
    return {str(name): str(one) for name, one in found.items()}


def to_remember(found: Mapping[str, str], tools: Tools) -> str | None:
    """The watermark of a fetch; that of before where gaps were filled."""
    if tools.span is not None:
        return tools.watermark
    return json.dumps({**found, "rules": tools.rules}, sort_keys=True)
