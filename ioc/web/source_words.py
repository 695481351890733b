"""What came of a request to the pollers, in sentences: the page of a source shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ioc.domain.messages import explain, knows, say
from ioc.domain.period import Period
from ioc.domain.places import place_words
from ioc.domain.times import moment_words, period_words
from ioc.domain.words import figure_words, number
from ioc.errors import AddressError
from ioc.queries.held import figure_of
from ioc.queries.source_detail import request_row
from ioc.store.observations import Fact

if TYPE_CHECKING:
    from ioc.domain.scope import Scope
    from ioc.queries.desk import Desk
    from ioc.store.run_requests import Request

_COUNTS = ("accepted", "unchanged", "held", "missing", "rejected")


def request_words(desk: Desk, asked: Request, scope: Scope, lang: str) -> dict[str, Any]:
    """A request as the browser lists it: who, when, how it stands, and what came of it.

    Rows about units outside the scope are left out; raw records are never told.
    """
    row = request_row(asked)
    done = moment_words(row.done_at, lang) if row.done_at else ""
    return {
        "id": row.id,
        "kind": _named("kind", row.kind, lang),
        "state": row.state,
        "state_words": say(lang, f"sources_page.asked_{row.state}", moment=done),
        "signed": say(
            lang,
            "sources_page.asked_signed",
            by=row.asked_by,
            moment=moment_words(row.asked_at, lang),
        ),
        "waited": int((desk.now() - row.asked_at).total_seconds()),
        "lines": list(_lines(row.result, lang)) if row.state == "done" else [],
        "rows": list(_rows(desk, row.result, scope, lang)),
    }


def _lines(result: Mapping[str, Any], lang: str) -> Iterator[str]:
    outcome, code = str(result.get("outcome", "")), result.get("code")
    if outcome == "failed" and code:
        reason = explain(lang, str(code), result.get("params"))
        yield say(lang, "sources_page.result_failed", reason=reason)
        return
    if code:
        reason = explain(lang, str(code), result.get("params"))
        yield say(lang, "sources_page.result_refused", reason=reason)
    if all(name in result for name in _COUNTS):
        counted = {name: number(int(result[name]), lang) for name in _COUNTS}
        yield say(lang, "sources_page.result_counts", **counted)
        return
    if outcome:
        words = _named("outcome", outcome, lang)
        yield say(lang, "sources_page.result_outcome", outcome=words)
    if "added" in result:
        yield say(
            lang,
            "sources_page.result_counted",
            added=number(int(result["added"]), lang),
            rejected=number(int(result.get("rejected") or 0), lang),
        )


def _named(what: str, name: str, lang: str) -> str:
    key = f"sources_page.{what}_{name}"
    return say(lang, key) if knows(lang, key) else name


def _rows(desk: Desk, result: Mapping[str, Any], scope: Scope, lang: str) -> Iterator[str]:
    """What would be rejected and held first, then examples of what would be taken in."""
    for one in (*result.get("rejections", ()), *result.get("examples", ())):
        said = _row(desk, one, scope, lang) if isinstance(one, Mapping) else None
        if said:
            yield said


def _row(desk: Desk, one: Mapping[str, Any], scope: Scope, lang: str) -> str | None:
    place = place_words(str(one.get("place", "")), lang)
    verdict = _named("verdict", str(one.get("verdict", "")), lang)
    said = say(lang, "sources_page.result_row", place=place, verdict=verdict)
    code = one.get("code")
    if code:
        reason = explain(lang, str(code), one.get("params"))
        said = say(lang, "sources_page.result_row_why", place=place, verdict=verdict, reason=reason)
    try:
        figure = _figure(desk, one, scope, lang)
    except (AddressError, KeyError, TypeError, ValueError):
        return said  # the unit or indicator is gone since
    if figure is None:
        return None
    return f"{said} {figure}".strip()


def _figure(desk: Desk, one: Mapping[str, Any], scope: Scope, lang: str) -> str | None:
    """The figure of a row; empty where it has none, None where its unit may not be seen."""
    if not one.get("unit"):
        # What names no unit that is known may be about any.
        return "" if desk.units.visible(desk.units.by_key("vn").id, scope) else None
    unit = desk.units.by_key(str(one["unit"]))
    if not desk.units.visible(unit.id, scope):
        return None
    if not one.get("indicator") or not one.get("given"):
        return unit.name_in(lang)
    indicator = desk.catalogue.by_code(str(one["indicator"]))
    period = Period.parse(str(one["period"]), indicator.calendar)

    def words(numbers: Any) -> str:
        return figure_words(
            indicator, figure_of(indicator, Fact(*numbers), illustrative=False), lang
        )

    said = {
        "indicator": " ".join(filter(None, (indicator.code, str(one.get("breakdown") or "")))),
        "unit": unit.name_in(lang),
        "period": period_words(period, lang),
        "given": words(one["given"]),
    }
    standing = one.get("standing")
    if standing and any(each is not None for each in standing):
        return say(lang, "sources_page.result_figure_was", standing=words(standing), **said)
    return say(lang, "sources_page.result_figure", **said)
