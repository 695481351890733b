"""Requests that this process asks of itself, to draw a page for a file: whose, and of which moment.

They carry a value of a type of this module in their environ. What comes over the network becomes
environ entries of text only (headers are `HTTP_…`), so no request from outside can be one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ioc.domain.scope import Scope
from ioc.web.page import Ground
from ioc.web.steady import Moment

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACE = "ioc.inside"


@dataclass(frozen=True, slots=True)
class Inside:
    """Under whose scope, at which moment and on which ground a page is drawn."""

    scope: Scope
    at: Moment
    ground: Ground = Ground.FILE

    def environ(self) -> dict[str, object]:
        """What marks a request's environ with it."""
        return {PLACE: self}


def inside_of(request: object) -> Inside | None:
    """The mark of a request; None for one that came over the network."""
    environ: Mapping[str, object] = getattr(request, "environ", {})
    found = environ.get(PLACE)
    return found if isinstance(found, Inside) else None
