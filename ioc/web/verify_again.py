"""Reproduction: the extract made again from the store, as known then or as it stands now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from ioc.errors import IocError
from ioc.exports.differing import Differs, differing
from ioc.exports.extract import canonical
from ioc.web.extracting import extract
from ioc.web.steady import Moment, moment_now

if TYPE_CHECKING:
    from ioc.domain.scope import Scope
    from ioc.exports.frozen import Thawed
    from ioc.web.verify_opening import Counter, Opened

_BRIEFING = "briefing"


@dataclass(frozen=True, slots=True)
class Again:
    """What making it again came to: `same` pages of `asked`, `left` that no page makes again.

    `gone` are the titles of pages that cannot be loaded any more.
    """

    asked: int
    same: int
    left: int
    gone: tuple[str, ...]
    differs: tuple[Differs, ...]

    @property
    def equal(self) -> bool:
        """Whether every page that can be made again came out the same."""
        return self.same == self.asked


def again(counter: Counter, opened: Opened, scope: Scope, *, now: bool = False) -> Again:
    """Make every page of an export again, as known at its moment, or with the figures of `now`."""
    at = moment_now(counter.desk) if now else None
    same, asked, left = 0, 0, 0
    gone: list[str] = []
    differs: list[Differs] = []
    for piece in opened.pieces:
        if counter.router.read(piece.address).page == _BRIEFING:
            left += 1
            continue
        asked += 1
        moment = at or Moment(opened.frozen.data_version, piece.known_at)
        figures = _figures(counter, piece, scope, moment, None if now else piece.known_at)
        if figures is None:
            gone.append(str(piece.figures["title"]))
        elif figures == piece.figures:
            same += 1
        else:
            differs += differing(piece.figures, figures) or (Differs(piece.figures["title"]),)
    return Again(asked, same, left, tuple(gone), tuple(differs))


def _figures(
    counter: Counter, piece: Thawed, scope: Scope, at: Moment, known_at: datetime | None
) -> Any:
    try:
        view = counter.router.read(piece.address).but(known_at=known_at)
        made = extract(counter.desk, counter.router, view, scope, at, part=piece.part)
    except IocError:
        return None
    return orjson.loads(canonical(made))
