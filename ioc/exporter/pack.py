"""The meeting pack: every section of a briefing at one moment, in every form that it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ioc.exports.form import Form, Options

if TYPE_CHECKING:
    from datetime import datetime

    from ioc.domain.scope import Scope
    from ioc.exporter.drawn import Drawn
    from ioc.exports.frozen import Piece
    from ioc.exports.provenance import Strip
    from ioc.queries.desk import Desk
    from ioc.store.briefing_runs import Run
    from ioc.web.router import Router
    from ioc.web.steady import Moment


class Draw(Protocol):
    """`Drawing.draw` with its `serve` filled in; raises DrawError."""

    def __call__(
        self,
        address: str,
        form: Form,
        options: Options,
        *,
        strip: Strip | None = None,
        lang: str = "vi",
        bare: bool = False,
    ) -> Drawn:
        """Draw a page or a part of it."""


Step = Callable[[int, int, str, Mapping[str, object]], None]
"""How far it is: done, of how many, the key of a sentence and its parameters. What it raises ends
the making."""


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack; `name` is made by the server."""

    name: str
    form: Form
    data: bytes


@dataclass(frozen=True, slots=True)
class Pack:
    """What a snapshot keeps of a made briefing; `pieces` are the extracts of all sections.

    What a section shows without a page (live text, red list) is an extract too, so that its
    figures are frozen, hashed and watched for revisions (`ioc.exporter.keeping.keep`).
    `reasons` name what is missing, `{"key": sentence, **params}`; with any it is not complete.
    """

    title: str
    address: str
    lang: str
    pieces: tuple[Piece, ...]
    complete: bool
    reasons: tuple[Mapping[str, Any], ...]
    files: tuple[PackFile, ...]


def make_pack(
    desk: Desk,
    router: Router,
    run: Run,
    *,
    forms: Sequence[Form],
    scope: Scope,
    at: Moment,
    code: str,
    who: str,
    made_at: datetime,
    draw: Draw | None,
    step: Step,
) -> Pack:
    """Make `forms` of the run's briefing, all of the one moment `at`.

    `run` is `briefing_runs.found(connection, job.run_id)`. Without `draw` there are no pictures
    and no PDF, and the reasons say so. A section that fails is named in its place.
    """
    raise NotImplementedError
