"""The bench of one process that makes exports, what is made on it, and how far a job is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ioc.errors import IocError

if TYPE_CHECKING:
    from ioc.exporter.documents import Documents
    from ioc.exporter.keeping import Made
    from ioc.exports.frozen import Piece
    from ioc.queries.desk import Desk
    from ioc.web.router import Router

Reason = Mapping[str, Any]
"""A sentence by its key with what fills it: `{"key": "drawing.memory", "megabytes": 1500}`."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What making needs; one for all workers of a process."""

    desk: Desk
    router: Router
    documents: Documents


@dataclass(frozen=True, slots=True)
class Product:
    """What a job came to: files, what they show, what is missing and why.

    `address` leads to the live view, `briefing` is the key of the briefing it is of. Only what
    is `complete` is called done.
    """

    title: str
    address: str
    pieces: tuple[Piece, ...]
    files: tuple[Made, ...]
    reasons: tuple[Reason, ...] = ()
    complete: bool = True
    briefing: str | None = None


class StoppedError(IocError):
    """A job is not to be gone on with: `code` is cancel, lost or stop."""


class MakingError(IocError):
    """Nothing right can be given; `reasons` say why."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__(f"nothing could be made: {list(reasons)}", code="making")
        self.reasons = reasons


Tell = Callable[[int, int, Reason], str]
"""Hears steps done, steps in all and the sentence of what is done now; answers `go` or why not."""


@dataclass(slots=True)
class Steps:
    """The true progress of one job, and the place where it hears that it is to stop."""

    tell: Tell
    total: int = 1
    done: int = 0
    _said: Reason = field(default_factory=dict)

    def plan(self, steps: int) -> None:
        """Say how many steps there are in all."""
        self.total = max(steps, 1)

    def begin(self, key: str, **params: object) -> None:
        """Say what is done now, by the key of a sentence; raises StoppedError when to stop."""
        self._said = {"key": key, **params}
        self._tell()

    def end(self, steps: int = 1) -> None:
        """So many steps are done; it is said with the next that begins."""
        self.done = min(self.done + steps, self.total)

    def set(self, done: int, total: int, key: str, params: Mapping[str, object]) -> None:
        """All of it at once, for a maker that counts for itself; raises StoppedError."""
        self.done, self.total = min(done, total), max(total, 1)
        self.begin(key, **params)

    def _tell(self) -> None:
        said = self.tell(self.done, self.total, self._said)
        if said != "go":
            raise StoppedError(f"the job is stopped: {said}", code=said)
