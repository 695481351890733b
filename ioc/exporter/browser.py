"""Which browser draws: the one of the setting, else the Chromium found on this machine."""

from __future__ import annotations

import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")


def program(chosen: str = "") -> Path | None:
    """The program to start; None where there is none.

    `chosen` is the setting `chromium`: a file or a name to be found. It is not replaced by
    another browser when it is not there: who names one wants that one.
    """
    names = (chosen,) if chosen else NAMES
    found = next((path for path in map(shutil.which, names) if path), None)
    return Path(found) if found else None
