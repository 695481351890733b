"""From the rows of a trend to the lines of its chart."""

from __future__ import annotations

from fractions import Fraction

from ioc.domain.messages import say
from ioc.exports.chart_columns import LOOSE, Columns, cell_words, measured
from ioc.exports.chart_plot import Amount, Line, Native, Plot

MOST_LINES = 12
MOST_STEPS = 4
"""Levels of a target that are told apart; more are one line."""


def places_of(of: Columns, at: int) -> int:
    """The decimals of a column, or as few as its amounts need."""
    given = of.sheet.columns[at].places
    if given is not None:
        return given
    values = [one for one in of.numbers(at) if isinstance(one, Fraction)]
    return LOOSE if any(one.denominator != 1 for one in values) else 0


def labels_of(of: Columns, columns: tuple[int, ...]) -> list[str]:
    """The names of all rows, of these columns."""
    texts = [[of.words(row, at) for at in columns] for row in range(len(of.sheet.rows))]
    return [" · ".join(one for one in row if one) for row in texts]


def lines_plot(of: Columns) -> Plot | None:
    """The lines of a trend over its periods; None where they cannot be told apart."""
    names = of.names
    if not names:
        return None
    period = of.at("period")
    along = period if period in names else names[0]
    assert along is not None
    groups = of.varying(n for n in names if n != along)
    moments = labels_of(of, (along,))
    starts = of.at("from")
    order = dict.fromkeys(moments)
    if starts is not None:
        first = {name: row[starts] for name, row in zip(moments, of.sheet.rows, strict=True)}
        if all(one is not None for one in first.values()):
            order = dict.fromkeys(sorted(order, key=lambda name: str(first[name])))
    found = _spread(of, list(order), moments, labels_of(of, groups))
    unit = of.unit(of.amounts[0])
    if found is None or unit is None or not 0 < len(found) - sum(o.aim for o in found) < MOST_LINES:
        return None
    shown, axis = shorter(list(order))
    return Plot(Native.LINES, tuple(shown), found, (unit,), (places_of(of, of.amounts[0]),),
                axis=axis)  # fmt: skip


def _spread(
    of: Columns, order: list[str], moments: list[str], groups: list[str]
) -> tuple[Line, ...] | None:
    """A series for every group and amount, then the targets; None when two figures collide."""
    places = {name: n for n, name in enumerate(order)}
    lines: list[Line] = []
    aims: dict[tuple[Amount, ...], str] = {}
    many = len(of.amounts) > 1
    target = of.target
    for at in (*of.amounts, *((target,) if target is not None else ())):
        grids: dict[str, list[Amount]] = {}
        seen: set[tuple[str, str]] = set()
        for group, moment, value in zip(groups, moments, of.numbers(at), strict=True):
            if (group, moment) in seen:
                return None
            seen.add((group, moment))
            grids.setdefault(group, [None] * len(order))[places[moment]] = value
        column = of.sheet.columns[at]
        for group, found in grids.items():
            values = tuple(found)
            if at == target:
                if any(one is not None for one in values):
                    aims.setdefault(values, group)
                continue
            own = [group] if group else []
            name = " · ".join([*own, column.words]) if many or not own else group
            lines.append(Line(name, values))
    word = say(of.lang, "slides.target")
    for values, group in aims.items():
        named = word if len(aims) == 1 or not group else f"{word} · {group}"
        lines += _steps(named, values, of)
    return tuple(lines)


def _steps(name: str, values: tuple[Amount, ...], of: Columns) -> list[Line]:
    """A target that changes as one line a level: a slope between two targets was never one."""
    levels = list(dict.fromkeys(one for one in values if one is not None))
    if len(levels) == 1 or len(levels) > MOST_STEPS or of.target is None:
        return [Line(name, values, aim=True)]
    column = of.sheet.columns[of.target]
    return [
        Line(
            f"{name} {measured(cell_words(level, column, of.lang), of.unit(of.target))}",
            tuple(one if one == level else None for one in values),
            aim=True,
        )
        for level in levels
    ]


def shorter(names: list[str]) -> tuple[list[str], str]:
    """Names of an axis without the word they all begin with and without brackets at the end."""
    bare = [one.partition(" (")[0] for one in names]
    if len(set(bare)) != len(set(names)):
        bare = names
    first = bare[0].partition(" ")[0] if bare else ""
    rest = [one.partition(" ")[2] for one in bare]
    if len(bare) > 1 and all(one.partition(" ")[0] == first for one in bare) and all(rest):
        return rest, first
    return bare, ""
