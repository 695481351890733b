"""What the pages know of the figures that a text names: one question a page, at one moment."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Empty
from ioc.domain.period import Grain, Period
from ioc.domain.ranking import Place
from ioc.domain.register import Phase
from ioc.domain.scope import Scope
from ioc.domain.sentence_words import Below, Counted, Stand, unit_words
from ioc.domain.sentences import Subject
from ioc.domain.unit import Unit
from ioc.domain.view import ZONE, View
from ioc.queries import resolve
from ioc.queries.answers import Cell, IndicatorPage
from ioc.queries.register_answers import RegisterCard
from ioc.web import steady
from ioc.web.extracting_parts import Part
from ioc.web.grid import Grid

if TYPE_CHECKING:
    from ioc.queries.desk import Desk
    from ioc.web.router import Router
    from ioc.web.steady import Moment

_BEHIND = {
    "change": ("value", "before"),
    "before_value": ("before",),
    "best": ("best",),
    "worst": ("worst",),
}
"""The cells that a field is told from; any other only from the value itself."""


class Stands:
    """Asks the pages for figures and keeps their answers for as long as one text is told."""

    def __init__(self, desk: Desk, router: Router, view: View, scope: Scope, at: Moment) -> None:
        self._desk, self._router, self._scope, self._at = desk, router, scope, at
        self._view = view
        self._answers: dict[str, Any] = {}
        self._stands: dict[Subject, Stand] = {}
        self._behind: dict[Subject, dict[str, Cell]] = {}
        self._told: dict[tuple[Subject, str], Cell] = {}

    @property
    def known_at(self) -> datetime:
        """The moment all figures are known at."""
        known: datetime | None = steady.view_at(self._view, self._at).known_at
        assert known is not None
        return known

    @property
    def parts(self) -> tuple[Part, ...]:
        """The cells told of, as one part of an extract."""
        return (Part("text", "", Grid((), ()), figures=tuple(self._told.values())),)

    def tell(self, subject: Subject, field: str) -> Stand:
        """What is known, remembering which cells stand behind this field."""
        stand, behind = self.stand(subject), self._behind[subject]
        for name in _BEHIND.get(field, ("value",)):
            if name in behind:
                self._told[subject, name] = behind[name]
        return stand

    def unit(self, subject: Subject) -> Unit:
        """The unit of a subject, within the scope; raises AddressError, NotAllowedError."""
        view = self._view.but(unit=subject.unit or self._view.unit)
        return resolve.unit(self._desk.units, view, self._scope)

    def counted(self, subject: Subject) -> Counted:
        """How a register stands under the unit, as the page of all registers counts it."""
        unit = self.unit(subject)
        view = View(
            page="registers", unit=unit.key, known_at=self._view.known_at, lang=self._view.lang
        )
        cards: tuple[RegisterCard, ...] = self._answer(view).answer.cards
        card = next(one for one in cards if one.register.key == subject.name)
        totals = card.totals
        done = totals.phases.get(Phase.DONE, 0)
        counts = {
            "all": totals.open + done + totals.unknown,
            "open": totals.open,
            "done": done,
            "overdue": totals.overdue,
            "soon": totals.soon,
            "incomplete": totals.incomplete,
        }
        name = unit_words(unit.key, unit.name_in(self._view.lang), self._view.lang)
        return Counted(card.register, name, tuple(counts.items()), card.illustrative)

    def stand(self, subject: Subject) -> Stand:
        """What is known of an indicator of a unit in a period."""
        found = self._stands.get(subject)
        if found is None:
            found = self._stands[subject] = self._ask(subject)
        return found

    def _ask(self, subject: Subject) -> Stand:
        indicator = self._desk.catalogue.by_code(subject.name)
        unit, lang = self.unit(subject), self._view.lang
        period = self._period(subject, indicator)
        page = self._page(indicator, unit.key, period, subject.part)
        cell = page.total
        before = self._before(page, cell, subject)
        self._behind[subject] = {
            name: one if one.part else replace(one, part=subject.part)
            for name, one in (("value", cell), ("before", before), *_ends(page))
            if one is not None
        }
        return Stand(
            indicator=indicator,
            unit=unit_words(unit.key, unit.name_in(lang), lang),
            unit_short=cell.unit.short,
            period=cell.period or period,
            figure=cell.figure,
            status=cell.status,
            target=cell.target,
            change=cell.change,
            uneven=cell.uneven,
            before=before.figure if before else None,
            place=self._place(indicator, unit, cell, subject),
            below=_below(page),
            other_days=self._other_days(cell.period or period),
        )

    def _page(
        self, indicator: Indicator, unit: str, period: Period | None, part: str
    ) -> IndicatorPage:
        view = View(
            page="indicator",
            unit=unit,
            indicator=indicator.code,
            calendar=period.calendar if period else self._view.calendar,
            period=period,
            basis=self._view.basis,
            known_at=self._view.known_at,
            exercise=self._view.exercise,
            breakdown=part or None,
            lang=self._view.lang,
        )
        answer: IndicatorPage = self._answer(view)
        return answer

    def _answer(self, view: View) -> Any:
        address = view.href()
        if address not in self._answers:
            page = self._router.page(view)
            self._answers[address] = steady.load(self._desk, page, view, self._scope, self._at)
        return self._answers[address]

    def _period(self, subject: Subject, indicator: Indicator) -> Period | None:
        """The period asked for; the earlier ones are told from the one that the text is about."""
        base = self._view.period
        if base is not None:
            base = _own_calendar(base, indicator)
        if subject.period is None:
            return base
        if subject.period not in ("previous", "last-year"):
            return Period.parse(subject.period, indicator.calendar)
        if base is None:
            newest = self.stand(replace(subject, period=None)).period
            if newest is None:
                return None
            base = newest
        return base.previous if subject.period == "previous" else _year_before(base)

    def _other_days(self, period: Period | None) -> bool:
        """Whether the period is named like the text's own and has other days."""
        base = self._view.period
        return period is not None and base is not None and period.calendar is not base.calendar

    def _before(self, page: IndicatorPage, cell: Cell, subject: Subject) -> Cell | None:
        """The cell of the period before: from the trend where that shows this grain."""
        if cell.period is None or cell.change is None:
            return None
        earlier = cell.period.previous
        for point in page.series.points:
            if point.period == earlier:
                return replace(cell, period=earlier, figure=point.figure)
        return self._page(cell.indicator, cell.unit.key, earlier, subject.part).total

    def _place(
        self, indicator: Indicator, unit: Unit, cell: Cell, subject: Subject
    ) -> Place | None:
        """Where the unit stands among those of its class, as the page of the unit above says."""
        if cell.period is None or cell.figure.value is None:
            return None
        above = self._above(unit)
        if above is None:
            return None
        page = self._page(indicator, above, cell.period, subject.part)
        found = next((one for one in page.children if one.unit.key == unit.key), None)
        return found.place if found is not None else None

    def _above(self, unit: Unit) -> str | None:
        """The unit whose page ranks this one, where the viewer may see it."""
        parent = self._desk.units.parent(unit.id, self.known_at.astimezone(ZONE).date())
        if parent is None or parent.key == "vn":
            return None
        if not self._desk.units.visible(parent.id, self._scope):
            return None
        return parent.key


def _ends(page: IndicatorPage) -> tuple[tuple[str, Cell], ...]:
    """The best and the worst of the units below; they are listed best first."""
    valued = [one for one in page.children if one.figure.value is not None]
    return (("best", valued[0]), ("worst", valued[-1])) if valued else ()


def _below(page: IndicatorPage) -> Below | None:
    ends = dict(_ends(page))
    if not ends:
        return None
    silent = (Empty.MISSING, Empty.LATE)
    best, worst = ends["best"], ends["worst"]
    return Below(
        best=(best.unit.short, best.figure),
        worst=(worst.unit.short, worst.figure),
        statuses=tuple(Counter(one.status for one in page.children).items()),
        silent=sum(one.figure.empty in silent for one in page.children),
    )


def _own_calendar(period: Period, indicator: Indicator) -> Period:
    """The period of this name in the indicator's calendar, which alone has figures of it."""
    if period.grain in (Grain.DAY, Grain.WEEK):
        return period
    return replace(period, calendar=indicator.calendar)


def _year_before(period: Period) -> Period:
    """The same period of the year before; of days and weeks 364 days before, a whole week."""
    if period.grain is Grain.DAY:
        return period.shift(-364)
    if period.grain is Grain.WEEK:
        return period.shift(-52)
    return replace(period, name_year=period.name_year - 1)
