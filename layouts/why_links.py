"""Links from a change to the page that splits it by the units below."""

from __future__ import annotations

from dash import dcc

from ioc.domain.measure import Kind
from ioc.domain.messages import say
from ioc.domain.period import Period
from ioc.domain.view import View
from ioc.queries.answers import Cell


def why_href(view: View, unit: str, code: str, period: Period, before: Period | None = None) -> str:
    """The address of a change's account; the moment asked about is kept."""
    kept = View(
        known_at=view.known_at, meeting=view.meeting, exercise=view.exercise, lang=view.lang
    )
    return kept.href(
        page="why",
        unit=unit,
        indicator=code,
        period=period,
        calendar=period.calendar,
        before=before or period.previous,
    )


def why_link(view: View, cell: Cell) -> dcc.Link | None:
    """A link from a figure's change against the period before; none where there is no change to
    split, on a wall, and for scores."""
    if view.wall or cell.change is None or cell.period is None or not cell.unit.key:
        return None
    if cell.indicator.kind is Kind.SCORE or cell.unit.level in ("commune", "department"):
        return None
    return dcc.Link(
        say(view.lang, "why.link"),
        href=why_href(view, cell.unit.key, cell.indicator.code, cell.period),
        className="why-link",
        title=say(view.lang, "why.link_hint"),
    )


def peers_link(view: View, cell: Cell) -> dcc.Link | None:
    """A link from the figure of a province or ministry to units of a similar structure."""
    if view.wall or cell.unit.level not in ("province", "ministry") or not cell.unit.key:
        return None
    kept = View(
        known_at=view.known_at, meeting=view.meeting, exercise=view.exercise, lang=view.lang
    )
    return dcc.Link(
        say(view.lang, "peers.link"),
        href=kept.href(page="peers", unit=cell.unit.key, indicator=cell.indicator.code),
        className="why-link",
    )
