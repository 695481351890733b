"""From a sheet to what its native chart holds: categories, series, colours, exactly its figures."""

from __future__ import annotations

from dataclasses import replace

from ioc.domain.messages import say
from ioc.domain.target import Status
from ioc.domain.words import list_words, status_words
from ioc.exports.chart_columns import Columns, heading, measured
from ioc.exports.chart_plot import Amount, Line, Native, Plot
from ioc.exports.chart_series import labels_of, lines_plot, places_of, shorter
from ioc.exports.extract import Shape, Sheet
from ioc.exports.slides_text import cut

MOST_NAMED = 6
UPRIGHT = 12
"""Columns stand upright up to so many, and while their names are this short: else bars lie."""
SHORT = 16
WIDEST = 18.0
"""Ems of a name beside many bars; what is longer would take two lines and hide its neighbours."""
MOST_GROUPED, MOST_BESIDE = 8, 4
"""Names, and amounts of each, up to which all amounts are drawn beside each other."""
LEAST_PARTS, DWARFS = 4, 8
"""Bars from which on one is told apart that is the sum of the others, or so many times the next."""


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
        made = lines_plot(of)
    elif sheet.shape is Shape.BARS:
        made = _bars(of)
    elif sheet.shape is Shape.SCATTER:
        made = _scatter(of)
    if made is None or not any(v is not None for one in made.series for v in one.values):
        return None
    return replace(made, remarks=(*made.remarks, *_bounds(of)))


def _bars(of: Columns) -> Plot | None:
    at = of.amounts[0]
    unit = of.unit(at)
    if unit is None or not of.names:
        return None
    labels = labels_of(of, of.varying(of.names) or of.names[:1])
    labels, axis = shorter(labels) if of.at("period") in of.varying(of.names) else (labels, "")
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
    longest = max(len(one) for one in labels)
    upright = len(shown) <= UPRIGHT and longest <= SHORT
    aims, remarks = _aims(of, upright)
    main = _main(of, unit)
    made = Plot(
        Native.COLUMNS if upright else Native.BARS,
        tuple(one if len(shown) <= UPRIGHT else cut(one, WIDEST) for one in shown),
        (*main, *aims),
        (unit,),
        (places_of(of, at),),
        statuses=statuses if any(statuses) and len(main) == 1 else (),
        more=len(of.amounts) > len(main),
        axis=axis,
        remarks=remarks,
    )
    return _parted(made, of)


def _main(of: Columns, unit: str) -> tuple[Line, ...]:
    """The first amount; a few amounts of one unit beside each other where there are few names."""
    chosen = [n for n in of.amounts if of.unit(n) == unit]
    if len(of.sheet.rows) > MOST_GROUPED or len(chosen) > MOST_BESIDE:
        chosen = chosen[:1]
    return tuple(Line(of.sheet.columns[n].words, of.numbers(n)) for n in chosen)


def _parted(plot: Plot, of: Columns) -> Plot:
    """The chart without a bar that dwarfs all others, as a total does: it is told in words."""
    values = [one or 0 for one in plot.series[0].values]
    if len(values) < LEAST_PARTS:
        return plot
    second, first = sorted(values)[-2:]
    if second <= 0 or (first < DWARFS * second and 2 * first != sum(values)):
        return plot
    at = values.index(first)
    left, right = plot.piece(0, at), plot.piece(at + 1, len(values))
    series = tuple(
        replace(one, values=one.values + other.values)
        for one, other in zip(left.series, right.series, strict=True)
    )
    amount = measured(of.words(at, of.amounts[0]), plot.units[0])
    told = say(of.lang, "slides.total_apart", name=plot.categories[at], amount=amount)
    return replace(
        plot,
        categories=left.categories + right.categories,
        series=series,
        statuses=left.statuses + right.statuses,
        remarks=(told, *plot.remarks),
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
        labels = labels_of(of, of.varying(of.names) or of.names[:1])
        x, y = of.amounts[:2]
        series = tuple(Line(heading(of.sheet.columns[n], of.lang), of.numbers(n)) for n in (x, y))
        units = tuple(of.unit(n) or "" for n in (x, y))
        places = (places_of(of, x), places_of(of, y))
        return Plot(Native.SCATTER, tuple(labels), series, units, places, more=True)
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
    depth = places_of(of, of.amounts[0])
    return Plot(Native.SCATTER, tuple(found), lines, tuple(measures[one] for one in kinds),
                (depth, depth), more=True)  # fmt: skip


def _bounds(of: Columns) -> tuple[str, ...]:
    """Which figures are not exact: `Ít nhất: tháng 10/2026`."""
    exact = say(of.lang, "export.bound_exact")
    columns = of.varying(of.names) or of.names[:1]
    labels = labels_of(of, columns)
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
