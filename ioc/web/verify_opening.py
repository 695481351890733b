"""Opening an export by its code: only for whoever may see now what it shows."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import current_app, has_request_context, request

from ioc.domain.scope import Scope
from ioc.errors import AddressError, IocError, NoSuchCodeError, NotAllowedError
from ioc.exports.code import read_code
from ioc.exports.frozen import Thawed, thaw
from ioc.store import snapshots
from ioc.store.engine import reading
from ioc.web.guessing import Guesses
from ioc.web.inside import inside_of
from ioc.web.viewer import viewer_of

if TYPE_CHECKING:
    from ioc.queries.desk import Desk
    from ioc.store.snapshots import File, Frozen
    from ioc.web.router import Router

_NAME = "ioc.verify"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """An export that may be shown; once it expired it has no `pieces` and no `files`.

    `intact` says whether its figures still have the hash that was kept with them.
    """

    frozen: Frozen
    pieces: tuple[Thawed, ...] = ()
    files: tuple[File, ...] = ()
    intact: bool = True


@dataclass(frozen=True, slots=True)
class Counter:
    """Where codes are opened: the desk, its pages, and the wrong codes of the last minute."""

    desk: Desk
    router: Router
    guesses: Guesses = field(default_factory=Guesses)

    def open(self, text: object, scope: Scope) -> Opened:
        """The export of a code as it was typed.

        Raises NoSuchCodeError for what is no code, a code that never was, one that is not the
        viewer's to see, and anything at all after too many of these.
        """
        who, now = _who(), self.desk.now()
        if self.guesses.refused(who, now):
            raise NoSuchCodeError
        code = read_code(text)
        with reading(self.desk.engine) as connection:
            frozen = snapshots.by_code(connection, code) if code else None
        if frozen is None or not self.may_open(frozen, scope):
            if self.guesses.wrong(who, text, now):
                # Without the code: it may be a right one that another may open.
                told = ", ".join(" ".join(one) for one in who)
                _LOG.warning("a code was refused; %s", told or "-")
            raise NoSuchCodeError
        return self.opened(frozen)

    def opened(self, frozen: Frozen) -> Opened:
        """What an export holds; whoever calls has asked `may_open`."""
        with reading(self.desk.engine) as connection:
            data = snapshots.data_of(connection, frozen.id)
            files = snapshots.files_of(connection, frozen.id)
        if data is None:
            return Opened(frozen)
        try:
            pieces, found = thaw(data)
        except (ValueError, KeyError, OSError, ArithmeticError) as error:
            _LOG.error("snapshot %d cannot be read: %s", frozen.id, error)
            return Opened(frozen, (), files, intact=False)
        return Opened(frozen, pieces, files, intact=found == frozen.data_hash)

    def may_open(self, frozen: Frozen, scope: Scope) -> bool:
        """Whether the viewer sees all that whoever ordered it saw, and its page loads for him."""
        if not self._covered(Scope.of_key(frozen.scope), scope):
            return False
        try:
            view = self.router.read(frozen.address).but(known_at=frozen.known_at)
            self.router.page(view).load(self.desk, view, scope)
        except NotAllowedError:
            return False
        except AddressError:
            # A briefing may be gone since; what it was made of is still the viewer's to see.
            return frozen.kind == "briefing"
        except IocError:
            return True
        return True

    def _covered(self, ordered: Scope, scope: Scope) -> bool:
        """Whether the viewer sees every subtree that whoever ordered it saw."""
        if scope.everything or ordered.everything:
            return scope.covers(ordered)
        known = {one.id for one in self.desk.units.all()}
        return all(root in known and self.desk.units.visible(root, scope) for root in ordered.roots)


def counter_of(desk: Desk) -> Counter:
    """The counter of the application that answers now; a new one where none does."""
    if has_request_context() and _NAME in current_app.extensions:
        found: Counter = current_app.extensions[_NAME]
        return found
    from ioc import plugins
    from ioc.web.router import Router

    pages = plugins.by_name(plugins.PAGE)
    return Counter(desk, Router(desk, pages, lambda content, view: content))  # type: ignore[arg-type]


def keep_counter(server: object, counter: Counter) -> None:
    """Give an application its counter."""
    server.extensions[_NAME] = counter  # type: ignore[attr-defined]


def _who() -> tuple[tuple[str, str], ...]:
    """By what wrong codes are counted: the browser and its network address."""
    if not has_request_context() or inside_of(request) is not None:
        return ()
    return (("viewer", viewer_of(request).id), ("address", request.remote_addr or "-"))
