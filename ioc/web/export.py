"""`GET /export.csv?address=/unit/38&part=trend`: the figures behind one chart, as a file."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Response, request

from ioc.domain.messages import explain_error, say
from ioc.domain.times import date_words, moment_words, period_words
from ioc.errors import AddressError, NotAllowedError
from ioc.exports.table import Table, to_csv
from ioc.queries.answers import Stamp, UnitRef
from ioc.queries.compare_answers import Compare
from ioc.web.compare_rows import about_lines, compare_rows
from ioc.web.pinning import pinned
from ioc.web.rows import find_part, focus_cells, is_illustrative, rows_of, sources_of
from ioc.web.viewer import scope_of

if TYPE_CHECKING:
    from flask import Flask

    from ioc.domain.scope import Scope
    from ioc.domain.view import View
    from ioc.queries.desk import Desk
    from ioc.web.router import Router

LONGEST_NAME = 60
_PART = re.compile(r"^[a-z][a-z0-9_.-]{0,60}$", re.IGNORECASE)


def add_export(server: Flask, desk: Desk, router: Router) -> None:
    """Add the route; it asks the same `load` of the same page under the same scope."""

    @server.get("/export.csv")
    def export() -> Response:
        given = dict(request.args)
        lang = "vi"
        try:
            address, part = given.pop("address", "/"), given.pop("part", "")
            if given:
                raise AddressError(part=next(iter(given)), given="", allowed="address, part")
            view = router.read(address)
            lang = view.lang
            held = pinned(desk.engine, view).view
            table = table_of(desk, router, held, part, scope_of(request))
        except (AddressError, NotAllowedError) as error:
            return Response(explain_error(lang, error), 404, mimetype="text/plain")
        answer = Response(to_csv(table, lang), mimetype="text/csv")
        name = file_name(f"{view.page} {view.unit} {view.indicator or ''} {part}", desk)
        answer.headers["Content-Disposition"] = f"attachment; filename={quote(name)}"
        return answer


def table_of(desk: Desk, router: Router, view: View, part: str, scope: Scope) -> Table:
    """The rows of a page's part under the lines that say where they come from.

    Raises AddressError for an unknown page or part, NotAllowedError outside the scope.
    """
    page = router.page(view)
    if not _PART.match(part):
        raise AddressError(part="part", given=part[:60], allowed="trend, ranking, map")
    answer = page.load(desk, view, scope)
    more: tuple[tuple[str, str], ...] = ()
    values: object
    if isinstance(answer, Compare):
        values = (*answer.body.cells, *answer.body.series)
        columns, rows = compare_rows(answer, part, view.lang)
        more = about_lines(answer, view.lang)
    else:
        values = find_part(answer, part)
        columns, rows = rows_of(values, view.lang)
    stamp: Stamp | None = getattr(answer, "stamp", None)
    illustrative = is_illustrative(values)
    # A trend names no source itself: the cells beside it, of the same figure, do.
    sources = sources_of(values) or sources_of(focus_cells(answer))
    about = (*_about(page.title(answer, view), part, view, stamp, sources, answer), *more)
    if illustrative:
        about = ((say(view.lang, "export.mark"), say(view.lang, "words.illustrative")), *about)
    return Table(tuple(about), columns, rows)


def _about(
    title: str,
    part: str,
    view: View,
    stamp: Stamp | None,
    sources: tuple[str, ...],
    answer: object,
) -> tuple[tuple[str, str], ...]:
    lang = view.lang
    unit = getattr(answer, "unit", None)
    focus = getattr(answer, "focus", None) or getattr(answer, "indicator", None)
    lines = [
        ("title", title),
        ("part", part),
        ("unit", unit.name if isinstance(unit, UnitRef) else ""),
        ("indicator", f"{focus.code} {focus.name.say(lang)}" if focus else ""),
        ("period", period_words(view.period, lang) if view.period else ""),
        ("calendar", say(lang, f"export.calendar_{view.calendar.value}")),
        ("basis", _basis(view)),
        ("as_of", moment_words(stamp.known_at or stamp.asked_at, lang) if stamp else ""),
        ("version", str(stamp.data_version) if stamp else ""),
        ("source", ", ".join(sources)),
        ("address", view.href()),
        ("format", say(lang, "export.format_words")),
    ]
    return tuple((say(lang, f"export.{key}"), words) for key, words in lines if words)


def _basis(view: View) -> str:
    if view.basis in ("today", "reported"):
        return say(view.lang, f"export.basis_{view.basis}")
    day = date_words(date.fromisoformat(view.basis), view.lang)
    return say(view.lang, "export.basis_date", day=day)


def file_name(words: str, desk: Desk) -> str:
    """A name of our own making: ASCII letters, digits and hyphens, and the day."""
    flat = unicodedata.normalize("NFD", words.replace("đ", "d").replace("Đ", "D"))
    ascii_only = flat.encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:LONGEST_NAME]
    return f"ioc-{slug}-{desk.now():%Y%m%d}.csv"
