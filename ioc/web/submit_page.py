"""Loads the page "Submit figures": what can be chosen, one delivery, who is due, who sent what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from ioc.domain.period import Period
from ioc.domain.unit import Unit
from ioc.domain.view import ZONE
from ioc.errors import AddressError
from ioc.ingest.submission import Form
from ioc.ingest.submission_file import asked
from ioc.queries import resolve
from ioc.queries.answers import Stamp
from ioc.queries.stamping import meeting_title
from ioc.store import deliveries, delivery_lists
from ioc.store.engine import reading
from ioc.store.reference import sources
from ioc.store.rejections import rejections
from ioc.store.versions import current_version
from ioc.web.submit_answers import (
    HISTORY,
    SHOWN_ROWS,
    VERDICTS,
    Checked,
    DueRow,
    FormRef,
    Opened,
    Sent,
    SubmitPage,
)
from ioc.web.submit_check import (
    NotTaken,
    all_forms,
    check_again,
    delivery_seen,
    form_of_delivery,
    refer,
    units_of,
)
from ioc.web.submit_rows import checked_rows, digest_of, of_verdict, row_number
from ioc.web.submit_template import standing_now

if TYPE_CHECKING:
    from ioc.domain.scope import Scope
    from ioc.domain.view import View
    from ioc.queries.desk import Desk
    from ioc.store.deliveries import Delivery


def submit_page(desk: Desk, view: View, scope: Scope) -> SubmitPage:
    """The page of an address.

    Raises AddressError for a form, unit, period, verdict or delivery that does not exist or is
    not the viewer's to see.
    """
    known = () if view.wall else all_forms(desk)
    page = SubmitPage(_stamp(desk, view), tuple(_form(one, view.lang) for one in known))
    if view.delivery is not None and not view.wall:
        one = delivery_seen(desk, view.delivery, scope)
        form = form_of_delivery(desk, one)
        if form is None:
            return replace(page, opened=_opened(desk, view, one, None))
        view = view.but(
            source=form.name,
            unit=desk.units.by_id(one.unit_id).key,
            period=Period.parse(one.period, form.calendar),
        )
        return replace(
            _chosen(desk, view, scope, page, form), opened=_opened(desk, view, one, form)
        )
    if not known:
        return page
    form = known[0]
    if view.source is not None:
        named = {one.name: one for one in known}
        if view.source not in named:
            allowed = ", ".join(named)
            raise AddressError(part="source", given=view.source, allowed=allowed)
        form = named[view.source]
    return _chosen(desk, view, scope, page, form)


def _chosen(desk: Desk, view: View, scope: Scope, page: SubmitPage, form: Form) -> SubmitPage:
    lang = view.lang
    periods = form.periods(desk.now())
    period = view.period or periods[0]
    if view.delivery is None and period not in periods:
        allowed = ", ".join(one.code for one in periods)
        raise AddressError(part="period", given=period.code, allowed=allowed)
    there = units_of(desk, form, scope)
    unit = _unit(desk, view, scope, there)
    about = 0
    if unit is not None:
        about = len(asked(form, desk.units, unit, period).rows) * len(form.indicators)
    moment = view.known_at or desk.now()
    shown, count = sent_of(desk, form, unit, scope, view, HISTORY)
    return replace(
        page,
        stamp=replace(page.stamp, illustrative=form.source.illustrative),
        form=_form(form, lang),
        units=tuple(refer(one, lang) for one in there),
        unit=refer(unit, lang) if unit is not None else None,
        periods=periods,
        period=period,
        due_days=tuple(form.due(one) for one in periods),
        indicators=form.indicators,
        about=about,
        due=_due(desk, form, there if unit is None else (unit,), periods, moment, lang),
        history=shown,
        history_count=count,
        megabytes=float(getattr(form.source.config, "megabytes", page.megabytes)),
    )


def _unit(desk: Desk, view: View, scope: Scope, there: Sequence[Unit]) -> Unit | None:
    """The unit of the address; the only one there is where it names none."""
    keys = {one.key: one for one in there}
    if view.unit == "vn" and view.unit not in keys:
        return there[0] if len(there) == 1 else None
    found = resolve.unit(desk.units, view, scope)
    if found.key not in keys and view.delivery is None:
        raise AddressError(part="unit", given=view.unit, allowed="38")
    return found


def sent_of(
    desk: Desk, form: Form, unit: Unit | None, scope: Scope, view: View, limit: int
) -> tuple[tuple[Sent, ...], int]:
    """The newest deliveries of a form, of one unit or all the viewer sees, and how many."""
    moment = view.known_at or desk.now()
    ids: list[int] | None = None
    if unit is not None:
        ids = [unit.id]
    elif not scope.everything:
        ids = [one.id for one in units_of(desk, form, scope)]
    with reading(desk.engine) as connection:
        numbers = {fact.name: fact.id for fact in sources(connection)}
        if form.name not in numbers:
            return (), 0
        found, count = delivery_lists.listed(
            connection, numbers[form.name], unit_ids=ids, until=view.known_at, limit=limit
        )
    return tuple(_sent(desk, one, form, moment, view.lang) for one in found), count


def _sent(desk: Desk, one: Delivery, form: Form | None, moment: datetime, lang: str) -> Sent:
    period = None
    if form is not None:
        period = Period.parse(one.period, form.calendar)
    name = form.name if form is not None else ""
    unit = refer(desk.units.by_id(one.unit_id), lang)
    return Sent(one, one.at(moment), unit, period, name)


def _due(
    desk: Desk,
    form: Form,
    there: Sequence[Unit],
    periods: Sequence[Period],
    moment: datetime,
    lang: str,
) -> tuple[DueRow, ...]:
    today = moment.astimezone(ZONE).date()
    with reading(desk.engine) as connection:
        numbers = {fact.name: fact.id for fact in sources(connection)}
        codes = [one.code for one in periods]
        first = delivery_lists.first_confirmed(connection, numbers.get(form.name, 0), codes, moment)
    owed = {period: {one.id for one in form.units(desk.units, period.end)} for period in periods}
    rows = []
    for unit in there:
        states, moments = [], []
        for period in periods:
            when = first.get((unit.id, period.code))
            due = form.due(period)
            state = "late" if today > due else "waiting"
            if when is not None:
                late = when.astimezone(ZONE).date() > due
                state = "sent_late" if late else "sent"
            elif unit.id not in owed[period]:
                state = ""
            states.append(state)
            moments.append(when)
        rows.append(DueRow(refer(unit, lang), tuple(states), tuple(moments)))
    return tuple(rows)


def _opened(desk: Desk, view: View, one: Delivery, form: Form | None) -> Opened:
    verdict = view.form
    if verdict is not None and verdict not in VERDICTS:
        raise AddressError(part="form", given=verdict, allowed=", ".join(VERDICTS))
    sent = _sent(desk, one, form, desk.now(), view.lang)
    until = one.uploaded_at + deliveries.LASTS
    if sent.state not in ("checked", "confirming"):
        rows = of_verdict(_refused(desk, one), verdict)
        return Opened(sent, one.counts, rows[:SHOWN_ROWS], len(rows), verdict, "", until)
    try:
        now = check_again(desk, one, view.lang)
    except NotTaken as problem:
        wrong = " ".join(problem.lines)
        return Opened(sent, one.counts, (), 0, verdict, "", until, wrong)
    rows = of_verdict(
        checked_rows(
            now.wanted,
            now.examined,
            now.found,
            desk.catalogue,
            standing_now(desk, now.wanted),
            lambda unit: refer(unit, view.lang),
        ),
        verdict,
    )
    seen = digest_of(now.found, now.examined)
    return Opened(sent, now.counts, rows[:SHOWN_ROWS], len(rows), verdict, seen, until)


def _refused(desk: Desk, one: Delivery) -> tuple[Checked, ...]:
    """What the run of a confirmed delivery refused: all that is left to look at."""
    if one.run_id is None:
        return ()
    with reading(desk.engine) as connection:
        kept = rejections(connection, one.run_id, SHOWN_ROWS)
    return tuple(
        Checked("rejected", row_number(row.place), code=row.code, params=row.params) for row in kept
    )


def _form(form: Form, lang: str) -> FormRef:
    return FormRef(form.name, form.title(lang), form.hint(lang), form.source.illustrative)


def _stamp(desk: Desk, view: View) -> Stamp:
    with reading(desk.engine) as connection:
        meeting = meeting_title(connection, view)
    return Stamp(current_version(desk.engine), desk.now(), view.known_at, False, meeting=meeting)
