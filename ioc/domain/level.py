"""The level of a unit under its older address."""

from ioc.domain.unit import Level as Level
