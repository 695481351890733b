"""Watching for revisions: when the data version grows, whoever exported a figure is told."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ioc.store import revision_notices
from ioc.store.engine import writing
from ioc.store.versions import current_version

if TYPE_CHECKING:
    from ioc.queries.desk import Desk

_LOG = logging.getLogger("ioc.export")


class Watch:
    """Looks for revisions of exported figures; call `look` as often as you like."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen = -1

    def look(self) -> int:
        """Note what was revised since the last look; how many notices are new.

        Costs one small question while no data came. Two processes that look at once note each
        revision once.
        """
        version = current_version(self._desk.engine)
        if version == self._seen:
            return 0
        with writing(self._desk.engine) as connection:
            found = revision_notices.sweep(connection, self._desk.now())
        self._seen = version
        if found:
            _LOG.info("revisions: %d figures that were exported have changed", found)
        return found
