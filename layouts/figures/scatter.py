"""The scatter of two indicators: a point a unit, the targets of both as a corridor."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from statistics import median

from ioc.domain.indicator import Direction, Indicator
from ioc.domain.messages import say
from ioc.domain.period import Period
from ioc.domain.target import Status, Target
from ioc.domain.view import View
from ioc.domain.words import figure_words, period_words, status_words
from ioc.queries.compare_answers import Pair, Scatter
from layouts.figures.marks import height, suffix
from layouts.figures.places import LETTER, Place, Room
from layouts.goals import target_says
from layouts.links import unit_links
from layouts.theme import Figure, axis, escape, layout, note, palette, text_size

HEIGHT = 560
OUTLIERS = 6
"""Units named although nobody chose them: those farthest from the middle of all."""
SYMBOLS = {
    Status.REACHED: "circle",
    Status.NEAR: "diamond",
    Status.AT_RISK: "triangle-down",
    Status.NOT_JUDGED: "circle-open",
}
_WORST = (Status.AT_RISK, Status.NEAR, Status.REACHED, Status.NOT_JUDGED)
_PHONE = 270.0
"""Width of the points on a phone, in px."""
_SIZE = (420.0, 480.0)


def figure(body: Scatter, chosen: frozenset[int], x: Indicator, y: Indicator, view: View) -> Figure:
    """Points for the units that have both figures; never one at zero for what is missing."""
    across = _range([one.x.figure.value for one in body.pairs], body.x_target, x)
    up = _range([one.y.figure.value for one in body.pairs], body.y_target, y)
    named = {one.x.unit.id for one in outliers(body.pairs)} | chosen
    return {
        "data": [_points(body.pairs, chosen, x, y, view)],
        "layout": layout(
            view,
            margin={"l": 60, "r": 14, "t": 22, "b": 52},
            xaxis=axis(view, range=list(across), **_axis(x, _period(body, "x"), view)),
            yaxis=axis(view, range=list(up), **_axis(y, _period(body, "y"), view)),
            shapes=[
                *_both(body, across, up, x, y, view),
                *_aim(body.x_target, x, view, vertical=True),
                *_aim(body.y_target, y, view, vertical=False),
            ],
            annotations=[
                *_aim_notes(body, across, x, y, view),
                *_names(body.pairs, named, chosen, (across, up), view),
            ],
        ),
    }


def worse(pair: Pair) -> Status:
    """The worse of a unit's two statuses; one that is not judged does not count."""
    return min((pair.x.status, pair.y.status), key=_WORST.index)


def outliers(pairs: Sequence[Pair]) -> list[Pair]:
    """The units farthest from the middle of all, each axis measured by its own usual distance."""
    if len(pairs) <= OUTLIERS:
        return list(pairs)
    far = dict.fromkeys((pair.x.unit.id for pair in pairs), 0.0)
    for values in (
        {one.x.unit.id: float(one.x.figure.value or 0) for one in pairs},
        {one.y.unit.id: float(one.y.figure.value or 0) for one in pairs},
    ):
        centre = median(values.values())
        usual = median(abs(value - centre) for value in values.values()) or 1e-9
        for unit, value in values.items():
            far[unit] += min((abs(value - centre) / usual) ** 2, 1e6)
    order = sorted(pairs, key=lambda pair: -far[pair.x.unit.id])
    return order[:OUTLIERS]


def _points(
    pairs: Sequence[Pair], chosen: frozenset[int], x: Indicator, y: Indicator, view: View
) -> Figure:
    look, lang = palette(view), view.lang
    link = unit_links(view, x.code)
    picked = [one.x.unit.id in chosen for one in pairs]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [height(x, one.x.figure.value) for one in pairs],
        "y": [height(y, one.y.figure.value) for one in pairs],
        "marker": {
            "symbol": [SYMBOLS[worse(one)] for one in pairs],
            "color": [look.fill[worse(one)] for one in pairs],
            "size": [15 if one else 11 for one in picked],
            "opacity": 1,
            "line": {
                "color": [look.ink if one else look.surface for one in picked],
                "width": [2 if one else 1 for one in picked],
            },
        },
        "hovertext": [
            f"<b>{escape(one.x.unit.name)}</b><br>"
            f"{escape(x.short.say(lang))}: "
            f"<b>{escape(figure_words(x, one.x.figure, lang, with_unit=True))}</b> "
            f"({status_words(one.x.status, lang)})<br>"
            f"{escape(y.short.say(lang))}: "
            f"<b>{escape(figure_words(y, one.y.figure, lang, with_unit=True))}</b> "
            f"({status_words(one.y.status, lang)})"
            for one in pairs
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": [[link(one.x.unit)] for one in pairs],
        "cliponaxis": False,
    }


def _range(
    values: Sequence[Fraction | None], target: Target | None, of: Indicator
) -> tuple[float, float]:
    known = [height(of, value) or 0.0 for value in values if value is not None]
    if target is not None:
        known.append(height(of, target.value) or 0.0)
    if not known:
        return 0.0, 1.0
    least, most = min(known), max(known)
    room = (most - least) * 0.09 or abs(most) * 0.1 or 1.0
    low = least - room
    return (max(low, -room / 3) if least >= 0 else low), most + room


def _period(body: Scatter, side: str) -> Period | None:
    return next((getattr(one, side).period for one in body.pairs), None)


def _axis(of: Indicator, period: Period | None, view: View) -> Figure:
    lang = view.lang
    when = period_words(period, lang) if period else say(lang, "screen.no_period")
    unit = of.unit_of_measure.say(lang)
    words = say(lang, "compare.scatter_axis", name=of.short.say(lang), unit=unit, period=when)
    look = palette(view)
    return {
        "title": {
            "text": escape(words),
            "font": {"size": text_size(view), "color": look.ink},
            "standoff": 8,
        },
        "showgrid": True,
        "nticks": 6,
        "ticksuffix": suffix(of),
        "exponentformat": "none",
        "separatethousands": True,
    }


def _aim(target: Target | None, of: Indicator, view: View, *, vertical: bool) -> list[Figure]:
    if target is None:
        return []
    at = height(of, target.value)
    along = {"yref": "paper", "y0": 0, "y1": 1, "x0": at, "x1": at}
    if not vertical:
        along = {"xref": "paper", "x0": 0, "x1": 1, "y0": at, "y1": at}
    line = {"color": palette(view).soft, "width": 1.5, "dash": "5px,4px"}
    return [{"type": "line", "layer": "below", "line": line, **along}]


def _both(
    body: Scatter,
    across: tuple[float, float],
    up: tuple[float, float],
    x: Indicator,
    y: Indicator,
    view: View,
) -> list[Figure]:
    """The ground on which both targets are reached."""
    if body.x_target is None or body.y_target is None:
        return []
    left, right = _side(height(x, body.x_target.value) or 0.0, across, x)
    low, high = _side(height(y, body.y_target.value) or 0.0, up, y)
    ground = {"x0": left, "x1": right, "y0": low, "y1": high, "line": {"width": 0}}
    tint = palette(view).tint[Status.REACHED]
    return [{"type": "rect", "layer": "below", "fillcolor": tint, "opacity": 0.55, **ground}]


def _side(aim: float, span: tuple[float, float], of: Indicator) -> tuple[float, float]:
    return (span[0], aim) if of.direction is Direction.DOWN else (aim, span[1])


def _aim_notes(
    body: Scatter, across: tuple[float, float], x: Indicator, y: Indicator, view: View
) -> list[Figure]:
    notes = []
    if body.x_target is not None:
        words = target_says(x, body.x_target, view.lang)
        along = height(x, body.x_target.value) or 0.0
        right = along > (across[0] + across[1]) / 2
        place: Figure = {"y": 1, "yref": "paper", "yanchor": "bottom"}
        place["xanchor"] = "right" if right else "left"
        notes.append(note(view, words, x=along, **place))
    if body.y_target is not None:
        words = target_says(y, body.y_target, view.lang)
        at = height(y, body.y_target.value)
        place = {"x": 0, "xref": "paper", "xanchor": "left", "yanchor": "bottom", "xshift": 4}
        notes.append(note(view, words, y=at, **place))
    return notes


def _names(
    pairs: Sequence[Pair],
    named: frozenset[int] | set[int],
    chosen: frozenset[int],
    span: tuple[tuple[float, float], tuple[float, float]],
    view: View,
) -> list[Figure]:
    """Names beside their points, those chosen first; where no point and no other name stands.

    An outlier that nobody chose stays without a name where there is no room for it: pointing at it
    and the table tell it.
    """
    look = palette(view)
    room = Room(*span, view, size=_SIZE)
    for one in pairs:
        room.line([_spot(one)])
    shown = sorted(
        (one for one in pairs if one.x.unit.id in named),
        key=lambda one: one.x.unit.id not in chosen,
    )
    notes = []
    for one in shown:
        spot = _spot(one)
        sides = ((True, True), (False, True), (True, False), (False, False))
        strong = one.x.unit.id in chosen
        # On a phone, names that run left from the first points would stand on the axis's numbers.
        share = (spot[0] - span[0][0]) / ((span[0][1] - span[0][0]) or 1)
        leftwards = share * _PHONE >= (len(one.x.unit.short) + 1) * text_size(view) * LETTER
        places = [Place(spot, right, above) for right, above in sides if right or leftwards]
        there = room.free(one.x.unit.short, places)
        if not there and not strong:
            continue
        place = room.take(one.x.unit.short, there or places)
        notes.append(
            note(
                view,
                one.x.unit.short,
                x=spot[0],
                y=spot[1],
                xshift=5 if place.right else -5,
                yshift=2 if place.above else -2,
                font={
                    "size": text_size(view),
                    "color": look.ink if strong else look.soft,
                    "weight": 650 if strong else 450,
                },
                **place.anchors,
            )
        )
    return notes


def _spot(pair: Pair) -> tuple[float, float]:
    across = height(pair.x.indicator, pair.x.figure.value) or 0.0
    return across, height(pair.y.indicator, pair.y.figure.value) or 0.0
