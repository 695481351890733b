"""Days and due dates of items, from the numbers and texts in which the store keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ioc.domain.due import Due


def day_of(number: int | None) -> date | None:
    """The day that the store writes as 20251030; None for none."""
    if not number or number >= 99_999_999:
        return None
    return date(number // 10_000, number // 100 % 100, number % 100)


def day_number(day: date) -> int:
    """A day as the store writes it: 20251030."""
    return day.year * 10_000 + day.month * 100 + day.day


def due_of(body: Mapping[str, Any], name: str | None) -> Due | None:
    """The due date that a field holds, as `Due.code` writes it; None for none or another text."""
    text = body.get(name) if name else None
    if not text:
        return None
    try:
        return Due.parse(str(text))
    except ValueError:
        return None


def date_of(body: Mapping[str, Any], name: str | None) -> date | None:
    """The day that a date field holds, or on which the period of a due field begins."""
    found = due_of(body, name)
    return found.period.start if found else None
