"""The product as it is served, over a small real store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from support.portal import Portal, free_port, running_portal
from support.real import Real, make_real


@dataclass(frozen=True)
class Product:
    """The product as it is served, and the store and systems behind it."""

    real: Real
    portal: Portal

    @property
    def url(self) -> str:
        """Where it is served, without a slash at the end."""
        return self.portal.url


@contextmanager
def running_product(folder: Path) -> Iterator[Product]:
    """The real pages with the real queries over a store made in `folder`."""
    real = make_real(folder)
    settings = replace(real.desk.settings, port=free_port())
    real.desk = replace(real.desk, settings=settings)
    with running_portal(settings.home, real.desk) as portal:
        yield Product(real, portal)
