"""Who is asking: the one place where a request becomes a Scope."""

from __future__ import annotations

from ioc.domain.scope import Scope


def scope_of(request: object) -> Scope:
    """The scope of the viewer behind `request`.

    Everyone who can reach 127.0.0.1 sees everything until log-in and roles exist; every page,
    callback and export asks here, so that day changes this function only.
    """
    return Scope.all()
