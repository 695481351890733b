"""Levels of units: what a unit is in the two trees of the administration."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """The level of a unit; `LOCALITIES` and `GOVERNMENT` are the two blocks under the nation."""

    NATION = "nation"
    LOCALITIES = "localities"
    GOVERNMENT = "government"
    REGION = "region"
    PROVINCE = "province"
    COMMUNE = "commune"
    MINISTRY = "ministry"
    DEPARTMENT = "department"


TOTAL_LEVELS = (Level.NATION, Level.LOCALITIES, Level.GOVERNMENT, Level.REGION)
"""Levels that report nothing themselves: their figures are totals of the units under them."""
