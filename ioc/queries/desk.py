"""The desk: what every question needs, handed from the server to pages, queries and callbacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from ioc.domain.registers import Registers, packaged

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ioc.domain.catalogue import Catalogue
    from ioc.domain.units import Units
    from ioc.settings import Settings


@dataclass(frozen=True, slots=True)
class Desk:
    """The open database, what is declared, the settings, and the clock (aware moments)."""

    engine: Engine
    catalogue: Catalogue
    units: Units
    settings: Settings
    now: Callable[[], datetime]
    registers: Registers = field(default_factory=packaged)
