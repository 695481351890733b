"""The quality of data by six criteria: by source, by indicator and by unit, worst first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ioc.domain.measure import Ratio
from ioc.domain.quality import (
    FOUR,
    SIX,
    Check,
    Checked,
    Criterion,
    Score,
    rules,
    worst_first,
)
from ioc.domain.scope import Scope
from ioc.domain.unit import Level, Unit
from ioc.domain.view import View
from ioc.errors import AddressError
from ioc.queries import quality_rows, resolve
from ioc.queries.ask import Ask, asking
from ioc.queries.desk import Desk
from ioc.queries.quality_answers import Looked, Quality, Subject
from ioc.queries.quality_counts import DAYS, PERIODS, SLOT_DAYS, Counts
from ioc.queries.source_detail import may_browse
from ioc.store.item_versions import fed_registers
from ioc.store.quality import RUNS

FORMS = ("source", "indicator", "unit", "four")
_RECORDED = (Criterion.CORRECT, Criterion.SUFFICIENT, Criterion.CLEAN, Criterion.UNIFIED)
_BELOW_ROOT = (Level.PROVINCE, Level.MINISTRY)


def quality(desk: Desk, view: View, scope: Scope) -> Quality:
    """The matrix of the address's form, and the failing rows of the cell that it names.

    Raises AddressError for an unknown form, criterion, source, register, indicator or unit,
    NotAllowedError outside the scope.
    """
    form = view.form or "source"
    if form not in FORMS:
        raise AddressError(part="form", given=form[:60], allowed=", ".join(FORMS))
    criterion = _criterion(view)
    with asking(desk, view, scope) as ask:
        unit = resolve.unit(desk.units, view, scope)
        counts = Counts(ask, rules())
        four = form == "four"
        by = _by(view, form)
        made = {"source": _sources, "indicator": _indicators, "unit": _units}
        rows = made[by](counts, unit, four)
        criteria = FOUR if four else SIX
        rows = sorted(rows, key=lambda row: _worst(row, criteria))
        chosen = _chosen(view, rows, by, unit)
        answer = Quality(
            view=view,
            stamp=ask.stamp(illustrative=any(row.illustrative for row in rows)),
            unit=ask.ref(unit),
            by=by,
            criteria=criteria,
            rows=tuple(rows),
            total={one: _total(counts, rows, one) for one in criteria},
            looked=Looked(RUNS, DAYS, SLOT_DAYS, PERIODS),
            chosen=chosen,
            criterion=criterion,
            past=Counts.PAST if counts.past else (),
            four=four,
        )
        if criterion is None or chosen is None:
            return answer
        sheet, sheets, sections = quality_rows.sections(counts, chosen, criterion, view.sheet)
        return replace(answer, sections=sections, sheet=sheet, sheets=sheets)


def _criterion(view: View) -> Criterion | None:
    if view.criterion is None:
        return None
    try:
        return Criterion(view.criterion)
    except ValueError:
        allowed = ", ".join(SIX)
        raise AddressError(part="criterion", given=view.criterion[:60], allowed=allowed) from None


def _by(view: View, form: str) -> str:
    """A row that the address names decides; else the form."""
    if form in ("unit", "four"):
        return "unit"
    return "indicator" if form == "indicator" or view.indicator else "source"


def _chosen(view: View, rows: Sequence[Subject], by: str, unit: Unit) -> Subject | None:
    """The row that the address names."""
    if by == "source":
        kind, key = ("register", view.register) if view.register else ("source", view.source)
    else:
        kind, key = by, view.indicator if by == "indicator" else unit.key
    if key is None:
        return None
    found = next((row for row in rows if (row.kind, row.key) == (kind, key)), None)
    if found is None and by != "unit":
        allowed = ", ".join(row.key for row in rows if row.kind == kind)
        raise AddressError(part=kind, given=key[:60], allowed=allowed[:400])
    return found


def _worst(row: Subject, criteria: Iterable[Criterion]) -> tuple[object, ...]:
    """The row with the lowest share anywhere comes first; what nothing is known of comes last."""
    keys = sorted(worst_first(row.scores.get(one, Score())) for one in criteria)
    return (*keys, row.title)


def _total(counts: Counts, rows: Sequence[Subject], criterion: Criterion) -> Score:
    """All checks of the rows together. Records of sources that stand behind several rows are
    counted once, as those of all sources."""
    if len(rows) == 1:
        return rows[0].scores.get(criterion, Score())
    scores = [row.scores[criterion] for row in rows if criterion in row.scores]
    own = [Score(tuple(one for one in score.tested if not one.shared)) for score in scores]
    if any(one.shared for score in scores for one in score.tested):
        everyone = [one.id for one in counts.sources]
        own.append(Score(_behind(counts, everyone, criterion)))
    return Score.pool(own)


# --- by source ----------------------------------------------------------------------------------


def _sources(counts: Counts, unit: Unit, four: bool) -> list[Subject]:
    """Every source that is asked, and every register with items; for who may see anything."""
    ask = counts.ask
    if not (ask.scope.everything or ask.scope.roots):
        return []
    pairs: dict[int, list[Checked]] = defaultdict(list)
    for one in counts.pairs:
        checked = Checked(Check.PAIRS, one.made - one.differing, one.made)
        for source_id in one.sources or ():
            pairs[source_id].append(checked)
    rows = [
        Subject(
            "source",
            fact.name,
            fact.title[ask.view.lang],
            of_source(counts, fact.id, pairs.get(fact.id, ())),
            fact.illustrative,
        )
        for fact in counts.sources
    ]
    root = ask.units.by_key("vn")
    if not may_browse(ask.desk, ask.scope):
        return rows
    made_up = [one.id for one in counts.sources if one.illustrative]
    pretended = set(fed_registers(ask.connection, made_up).values())
    for register in ask.desk.registers.all:
        scores = counts.items(register, [root.id]).get(root.id)
        if scores:
            name = register.name.say(ask.view.lang)
            rows.append(Subject("register", register.key, name, scores, register.id in pretended))
    return rows


def of_source(
    counts: Counts, source_id: int, pairs: Sequence[Checked] = ()
) -> dict[Criterion, Score]:
    """The scores of one source."""
    held = [one for one in counts.doubted if one[0] == source_id]
    waiting = sum(one[3] for one in held)
    correct = [counts.records(Criterion.CORRECT, source_id)]
    if waiting and not counts.past:
        stand = sum(one.figures for one in counts.newest if one.source_id == source_id)
        correct.append(Checked(Check.HELD, max(0, stand - waiting), max(stand, waiting)))
    kept, due = counts.slots.get(source_id, (0, 0))
    return {
        Criterion.CORRECT: Score(tuple(correct)),
        Criterion.SUFFICIENT: Score(
            (
                counts.records(Criterion.SUFFICIENT, source_id),
                counts.values(source_id),
                *counts.figures_of_source(source_id).tested,
            )
        ),
        Criterion.CLEAN: Score((counts.records(Criterion.CLEAN, source_id),)),
        Criterion.LIVE: Score((Checked(Check.SLOTS, kept, due),)),
        Criterion.UNIFIED: Score(
            (
                counts.records(Criterion.UNIFIED, source_id),
                *Score.pool([Score((one,)) for one in pairs]).tested,
            )
        ),
        Criterion.SHARED: Score(),
    }


def _behind(counts: Counts, source_ids: Iterable[int], criterion: Criterion) -> tuple[Checked, ...]:
    """The records of the sources behind a subject, together; they speak of others too."""
    known = {one.id for one in counts.sources}
    parts = [
        counts.records(criterion, one, shared=True).ratio for one in source_ids if one in known
    ]
    whole = Ratio.pool(parts)
    if whole is None:
        return ()
    return (Checked(Check.RECORDS, whole.numerator, whole.denominator, shared=True),)


# --- by indicator -------------------------------------------------------------------------------


def _indicators(counts: Counts, unit: Unit, four: bool) -> list[Subject]:
    """Every indicator over the whole country: who reported, how fresh, and what agrees."""
    ask = counts.ask
    if not may_browse(ask.desk, ask.scope):
        return []
    root = ask.units.by_key("vn")
    reported = counts.covered(root)
    waiting: dict[int, int] = defaultdict(int)
    for _, indicator_id, _, many in counts.doubted:
        waiting[indicator_id] += many
    rows = []
    for one in counts.indicators:
        sources = ask.deliverers.get(one.id, frozenset())
        stand = sum(row.figures for row in counts.newest if row.indicator_id == one.id)
        fresh = sum(
            row.figures
            for row in counts.newest
            if row.indicator_id == one.id and counts.fresh(one, row.source_id)
        )
        scores = {criterion: Score(_behind(counts, sources, criterion)) for criterion in _RECORDED}
        own: dict[Criterion, list[Checked]] = defaultdict(list)
        if not counts.past and (stand or waiting[one.id]):
            held = waiting[one.id]
            own[Criterion.CORRECT].append(
                Checked(Check.HELD, max(0, stand - held), max(stand, held))
            )
        if one.id in reported:
            own[Criterion.SUFFICIENT].append(Checked(Check.UNITS, *reported[one.id]))
        if stand:
            own[Criterion.LIVE].append(Checked(Check.FIGURES, fresh, stand))
        own[Criterion.UNIFIED] += _agreed(counts, one.id, None)
        rows.append(
            Subject(
                "indicator",
                one.code,
                one.short.say(ask.view.lang),
                _joined(scores, own),
                any(ask.sources[key].illustrative for key in sources),
                one.group.value,
            )
        )
    return rows


def _agreed(counts: Counts, indicator_id: int | None, unit_id: int | None) -> list[Checked]:
    """Totals beside their sums, and where an indicator is asked for, figures of two sources."""
    found = []
    sums = [
        one for one in counts.sums if indicator_id in (None, one[0]) and unit_id in (None, one[1])
    ]
    if sums:
        made = sum(one[2] for one in sums)
        found.append(Checked(Check.SUMS, made - sum(one[3] for one in sums), made))
    if indicator_id is not None:
        pairs = [one for one in counts.pairs if one.indicator_id == indicator_id]
        made = sum(one.made for one in pairs)
        if made:
            differing = sum(one.differing for one in pairs)
            found.append(Checked(Check.PAIRS, made - differing, made))
    return found


def _joined(
    scores: Mapping[Criterion, Score], own: Mapping[Criterion, Sequence[Checked]]
) -> dict[Criterion, Score]:
    joined = dict(scores)
    for criterion, checks in own.items():
        joined[criterion] = Score((*joined.get(criterion, Score()).tested, *checks))
    return joined


# --- by unit ------------------------------------------------------------------------------------


def members(ask: Ask, unit: Unit, four: bool) -> list[Unit]:
    """Whom the rows are about: those below the unit, or the unit itself where its own form is
    asked for or nobody is below."""
    if unit.level is Level.NATION:
        ids = [one for level in _BELOW_ROOT for one in ask.units.ids_by_level(level, ask.map_day)]
        some = [ask.units.by_id(one) for one in ids]
    elif four or unit.level not in (Level.LOCALITIES, Level.GOVERNMENT, Level.REGION):
        some = [unit]
    else:
        some = list(ask.units.children(unit.id, ask.map_day))
    return [one for one in some if ask.sees(one)]


def _units(counts: Counts, unit: Unit, four: bool) -> list[Subject]:
    """Every unit: what it reported, how fresh that is, what waits, what agrees, its items."""
    ask = counts.ask
    some = members(ask, unit, four)
    ids = {one.id for one in some}
    reported = counts.reported(some)
    newest: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    by_id = {one.id: one for one in counts.indicators}
    if not counts.past:
        parents = {ask.units.roll_up(one) or 0 for one in ids}
        for row in counts.newest_of(ids, parents):
            newest[row.unit_id or 0].append((row.indicator_id, row.source_id, row.figures))
    pairs: dict[int, list[Checked]] = defaultdict(list)
    for counted in counts.pairs_of_units(ids):
        checked = Checked(Check.PAIRS, counted.made - counted.differing, counted.made)
        pairs[counted.unit_id or 0].append(checked)
    items: dict[int, list[dict[Criterion, Score]]] = defaultdict(list)
    for register in ask.desk.registers.all:
        for unit_id, scores in counts.items(register, ids).items():
            items[unit_id].append(scores)
    rows = []
    for one in some:
        mine = newest.get(one.id, [])
        stand = sum(many for _, _, many in mine)
        fresh = sum(many for code, source, many in mine if counts.fresh(by_id[code], source))
        held = sum(many for _, _, unit_id, many in counts.doubted if unit_id == one.id)
        behind = {source for _, source, _ in mine}
        scores = {
            criterion: Score(_behind(counts, behind, criterion))
            for criterion in _RECORDED
            if criterion is not Criterion.SUFFICIENT
        }
        own: dict[Criterion, list[Checked]] = defaultdict(list)
        if not counts.past and (stand or held):
            own[Criterion.CORRECT].append(
                Checked(Check.HELD, max(0, stand - held), max(stand, held))
            )
        due = reported.get(one.id, {}).values()
        if due:
            there, expected = sum(a for a, _ in due), sum(b for _, b in due)
            own[Criterion.SUFFICIENT].append(Checked(Check.UNITS, there, expected))
        if stand:
            own[Criterion.LIVE].append(Checked(Check.FIGURES, fresh, stand))
        own[Criterion.UNIFIED] += _agreed(counts, None, one.id)
        own[Criterion.UNIFIED] += Score.pool([Score((pair,)) for pair in pairs[one.id]]).tested
        for found in items.get(one.id, ()):
            for criterion, score in found.items():
                own[criterion] += score.tested
        joined = {name: Score.pool([score]) for name, score in _joined(scores, own).items()}
        made_up = any(ask.sources[source].illustrative for source in behind)
        rows.append(
            Subject("unit", one.key, one.name_in(ask.view.lang), joined, made_up, one.level.value)
        )
    return rows
