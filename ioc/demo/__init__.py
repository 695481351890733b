"""Ten imitated government systems over HTTP: the illustrative sources of a first start."""

from __future__ import annotations

from ioc.demo.server import run

__all__ = ["run"]
