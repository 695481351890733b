"""Sources' files that change while the poller runs are taken over; a wrong one changes nothing."""

from __future__ import annotations

import logging
from pathlib import Path

from ioc.domain.yaml_file import place
from ioc.errors import ConfigError
from ioc.ingest.intake import Intake
from ioc.ingest.source import Source, read_source

_log = logging.getLogger("ioc.poll")
_Look = tuple[int, int]


class SourceFiles:
    """The files of the home's sources as they were last looked at."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._folder = intake.home / "sources"
        self._seen = self._look()

    def refresh(self) -> bool:
        """Take over what changed since the last look, and say whether anything did.

        A file that is wrong is told once in the log; its source goes on as it was.
        """
        found = self._look()
        if found == self._seen:
            return False
        changed = {path for path, look in found.items() if self._seen.get(path) != look}
        sources: dict[str, Source] = {}
        for path in sorted(found):
            old = next((one for one in self._current() if one.file == place(path)), None)
            source = self._read(path, old) if path in changed or old is None else old
            if source is not None and source.name not in sources:
                sources[source.name] = source
            elif source is not None:
                _log.error("%s: the name %s is taken; passed over", place(path), source.name)
        before, self._intake.sources = self._intake.sources, sources
        try:
            self._intake.prepare()
        except Exception:
            # The database may be away: all stays as it was, and the next look tries again.
            self._intake.sources = before
            raise
        self._seen = found
        _log.warning("sources' files changed: polling %s", ", ".join(sources) or "none")
        return True

    def _current(self) -> list[Source]:
        return list(self._intake.sources.values())

    def _read(self, path: Path, old: Source | None) -> Source | None:
        try:
            return read_source(path, self._intake.env, self._intake.connectors)
        except (ConfigError, OSError) as error:
            goes_on = "; it goes on as it was" if old else ""
            _log.error("a source's file is wrong%s: %s", goes_on, error)
            return old

    def _look(self) -> dict[Path, _Look]:
        found = {}
        for path in self._folder.glob("*.yaml"):
            try:
                about = path.stat()
            except OSError:
                continue
            found[path] = (about.st_mtime_ns, about.st_size)
        return found
