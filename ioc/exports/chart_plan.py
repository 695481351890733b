"""From a sheet to what its native chart holds: categories, series, colours, exactly its figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from ioc.domain.messages import say
from ioc.domain.target import Status
from ioc.domain.words import list_words, status_words
from ioc.exports.chart_columns import LOOSE, Columns, cell_words, heading, measured
from ioc.exports.extract import Shape, Sheet

Amount = int | Fraction | None
MOST_LINES = 12
MOST_NAMED = 6
MOST_STEPS = 4
"""Levels of a target that are told apart; more are one line."""
UPRIGHT = 12
"""Columns stand upright up to so many, and while their names are this short: else bars lie."""
SHORT = 16


class Native(StrEnum):
    """A kind of chart that PowerPoint has."""

    LINES = "lines"
    BARS = "bars"
    COLUMNS = "columns"
    SCATTER = "scatter"


@dataclass(frozen=True, slots=True)
class Line:
    """A series; `aim` is one of targets, drawn as a line of its own."""

    name: str
    values: tuple[Amount, ...]
    aim: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart: `statuses` colour the points of its first series, `remarks` stand under it.

    Of a scatter the first series holds x, the second y, and `categories` names the points; `units`
    are those of the value axis, or of x and y.
    """

    kind: Native
    categories: tuple[str, ...]
    series: tuple[Line, ...]
    units: tuple[str, ...]
    places: tuple[int, ...]
    statuses: tuple[Status | None, ...] = ()
    axis: str = ""
    remarks: tuple[str, ...] = ()

    def piece(self, first: int, last: int) -> Plot:
        """The same chart of some of its categories."""
        return replace(
            self,
            categories=self.categories[first:last],
            series=tuple(replace(one, values=one.values[first:last]) for one in self.series),
            statuses=self.statuses[first:last],
        )


def plot_of(sheet: Sheet, lang: str) -> Plot | None:
    """The chart of a sheet; None where a table says it better.

    That is: no figure at all, amounts of different units on one axis, more lines than can be told
    apart, or two figures for one point.
    """
    of = Columns(sheet, lang)
    if not sheet.rows or not of.amounts:
        return None
    made = None
    if sheet.shape is Shape.SERIES:
        made = _lines(of)
    elif sheet.shape is Shape.BARS:
        made = _bars(of)
    elif sheet.shape is Shape.SCATTER:
        made = _scatter(of)
    if made is None or not any(v is not None for one in made.series for v in one.values):
        return None
    return replace(made, remarks=(*made.remarks, *_bounds(of)))


def _places(of: Columns, at: int) -> int:
    given = of.sheet.columns[at].places
    if given is not None:
        return given
    values = [one for one in of.numbers(at) if isinstance(one, Fraction)]
    return LOOSE if any(one.denominator != 1 for one in values) else 0


def _labels(of: Columns, columns: tuple[int, ...]) -> list[str]:
    texts = [[of.words(row, at) for at in columns] for row in range(len(of.sheet.rows))]
    return [" · ".join(one for one in row if one) for row in texts]


def _lines(of: Columns) -> Plot | None:
    names = of.names
    if not names:
        return None
    period = of.at("period")
    along = period if period in names else names[0]
    assert along is not None
    groups = of.varying(n for n in names if n != along)
    moments = _labels(of, (along,))
    starts = of.at("from")
    order = dict.fromkeys(moments)
    if starts is not None:
        first = {name: row[starts] for name, row in zip(moments, of.sheet.rows, strict=True)}
        if all(one is not None for one in first.values()):
            order = dict.fromkeys(sorted(order, key=lambda name: str(first[name])))
    found = _spread(of, list(order), moments, _labels(of, groups))
    unit = of.unit(of.amounts[0])
    if found is None or unit is None or not 0 < len(found) - sum(o.aim for o in found) < MOST_LINES:
        return None
    shown, axis = _shorter(list(order))
    return Plot(Native.LINES, tuple(shown), found, (unit,), (_places(of, of.amounts[0]),),
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
        for group, values in grids.items():
            if at == target:
                if any(one is not None for one in values):
                    aims.setdefault(tuple(values), group)
                continue
            own = [group] if group else []
            name = " · ".join([*own, column.words]) if many or not own else group
            lines.append(Line(name, tuple(values)))
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


def _shorter(names: list[str]) -> tuple[list[str], str]:
    """Names of an axis without the word they all begin with and without brackets at the end."""
    bare = [one.partition(" (")[0] for one in names]
    if len(set(bare)) != len(set(names)):
        bare = names
    first = bare[0].partition(" ")[0] if bare else ""
    rest = [one.partition(" ")[2] for one in bare]
    if len(bare) > 1 and all(one.partition(" ")[0] == first for one in bare) and all(rest):
        return rest, first
    return bare, ""


def _bars(of: Columns) -> Plot | None:
    at = of.amounts[0]
    unit = of.unit(at)
    if unit is None or not of.names:
        return None
    labels = _labels(of, of.varying(of.names) or of.names[:1])
    labels, axis = _shorter(labels) if of.at("period") in of.varying(of.names) else (labels, "")
    words = {status_words(one, of.lang): one for one in Status}
    statuses = tuple(words.get(one) for one in of.texts("status"))
    values = of.numbers(at)
    reasons = of.texts("empty")
    shown = [
        name
        if value is not None
        else say(of.lang, "slides.no_figure", name=name, why=why or say(of.lang, "words.nothing"))
        for name, value, why in zip(labels, values, reasons, strict=True)
    ]
    longest = max(len(one) for one in shown)
    upright = len(shown) <= UPRIGHT and longest <= SHORT
    main = tuple(
        Line(of.sheet.columns[n].words, of.numbers(n)) for n in of.amounts if of.unit(n) == unit
    )
    aims, remarks = _aims(of, upright)
    signed = statuses if len(main) == 1 and any(statuses) else ()
    return Plot(
        Native.COLUMNS if upright else Native.BARS,
        tuple(shown),
        (*main, *aims),
        (unit,),
        (_places(of, at),),
        statuses=signed,
        axis=axis,
        remarks=remarks,
    )


def _aims(of: Columns, upright: bool) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """The targets: a series where they differ or bars stand, else one sentence for all."""
    if of.target is None:
        return (), ()
    values = of.numbers(of.target)
    given = {one for one in values if one is not None}
    if not given:
        return (), ()
    if len(given) == 1 and not upright:
        row = next(n for n, one in enumerate(values) if one is not None)
        amount = measured(of.words(row, of.target), of.unit(of.target))
        return (), (say(of.lang, "slides.one_target", amount=amount),)
    key = "slides.aim_ticks" if upright else "slides.aim_outline"
    return (Line(say(of.lang, "slides.target"), values, aim=True),), (say(of.lang, key),)


def _scatter(of: Columns) -> Plot | None:
    """Two amounts a name: in two columns, or in two rows of two indicators."""
    if len(of.amounts) >= 2:
        labels = _labels(of, of.varying(of.names) or of.names[:1])
        x, y = of.amounts[:2]
        series = tuple(Line(heading(of.sheet.columns[n], of.lang), of.numbers(n)) for n in (x, y))
        units = tuple(of.unit(n) or "" for n in (x, y))
        return Plot(Native.SCATTER, tuple(labels), series, units, (_places(of, x), _places(of, y)))
    name, unit = of.at("indicator"), of.at("unit")
    if name is None or unit is None:
        return None
    kinds = list(dict.fromkeys(of.texts("indicator")))
    if len(kinds) != 2:
        return None
    found: dict[str, dict[str, Amount]] = {}
    measures: dict[str, str] = {}
    rows = zip(of.texts("unit"), of.texts("indicator"), of.numbers(of.amounts[0]),
               of.texts("measure"), strict=True)  # fmt: skip
    for who, what, value, measure in rows:
        if what in found.setdefault(who, {}):
            return None
        found[who][what] = value
        measures[what] = measure or of.sheet.columns[of.amounts[0]].unit
    lines = tuple(
        Line(
            say(of.lang, "slides.column", name=one, unit=measures[one]) if measures[one] else one,
            tuple(found[who].get(one) for who in found),
        )
        for one in kinds
    )
    places = _places(of, of.amounts[0])
    return Plot(Native.SCATTER, tuple(found), lines, tuple(measures[one] for one in kinds),
                (places, places))  # fmt: skip


def _bounds(of: Columns) -> tuple[str, ...]:
    """Which figures are not exact: `Ít nhất: tháng 10/2026`."""
    exact = say(of.lang, "export.bound_exact")
    columns = of.varying(of.names) or of.names[:1]
    labels = _labels(of, columns)
    loose: dict[str, list[str]] = {}
    values = of.numbers(of.amounts[0])
    for bound, label, value in zip(of.texts("bound"), labels, values, strict=True):
        if bound and bound != exact and value is not None:
            loose.setdefault(bound, []).append(label)
    return tuple(
        say(of.lang, "slides.loose", bound=bound.capitalize(), names=_some(names, of.lang))
        for bound, names in loose.items()
    )


def _some(names: list[str], lang: str) -> str:
    if len(names) <= MOST_NAMED:
        return list_words(names, lang)
    kept = ", ".join(names[:MOST_NAMED])
    return say(lang, "slides.and_more", names=kept, rest=len(names) - MOST_NAMED)
