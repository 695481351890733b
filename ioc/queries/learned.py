"""Versions of one figure: who said what when, which one stands, and what decided that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Figure, Restated
from ioc.queries.ask import Ask
from ioc.queries.figures import figure, of_standing
from ioc.queries.record_answers import Change, Learned
from ioc.queries.source_answers import RunRow
from ioc.store.engine import moment
from ioc.store.observations import Version

_PARTS = ("value", "numerator", "denominator", "bound", "state")


def learned(
    ask: Ask, indicator: Indicator, versions: Sequence[Version], runs: Mapping[int, RunRow]
) -> tuple[Learned, ...]:
    """The versions, newest first, each with what it changed against its source's word before."""
    newest = {one.stands.source_id: one for one in versions}
    best = _best(ask, newest)
    before: dict[int, Figure] = {}
    rows = []
    for one in versions:
        source_id = one.stands.source_id
        fact = ask.sources[source_id]
        raw = of_standing(one.stands, illustrative=fact.illustrative)
        shown = figure(indicator, raw, (Restated.AS_REPORTED, None))
        earlier = before.get(source_id)
        before[source_id] = shown
        rows.append(
            Learned(
                figure=shown,
                recorded_at=moment(one.stands.recorded_at),
                source=fact.name,
                title=fact.title[ask.view.lang],
                rank=fact.rank,
                run=runs.get(one.run_id),
                run_id=one.run_id,
                citation=ask.citation(one.stands.fact.citation_id),
                standing=one is best,
                why=_why(ask, one, best, newest),
                changes=None if earlier is None else _changes(earlier, shown),
            )
        )
    return tuple(reversed(rows))


def _best(ask: Ask, newest: Mapping[int, Version]) -> Version | None:
    """The one that stands, by the rule of the store: the smaller rank, then the newer."""
    ranks = ask.ranks
    return min(
        newest.values(),
        key=lambda one: (ranks[one.stands.source_id], -one.stands.recorded_at),
        default=None,
    )


def _why(ask: Ask, one: Version, best: Version | None, newest: Mapping[int, Version]) -> str:
    ranks = ask.ranks
    if best is None or newest[one.stands.source_id] is not one:
        return "replaced"
    mine = ranks[one.stands.source_id]
    if one is not best:
        return "outranked" if mine > ranks[best.stands.source_id] else "older"
    if len(newest) == 1:
        return "only"
    others = [ranks[source] for source in newest if source != one.stands.source_id]
    return "rank" if mine < min(others) else "newest"


def _changes(before: Figure, after: Figure) -> tuple[Change, ...]:
    def part(shown: Figure, name: str) -> object:
        return shown.empty if name == "state" else getattr(shown, name)

    return tuple(
        Change(name, before, after) for name in _PARTS if part(before, name) != part(after, name)
    )
