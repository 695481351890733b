"""`GET /export.csv?address=/unit/38&part=trend`: the figures behind one chart, as a file."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Response, request

from ioc.domain.messages import explain_error
from ioc.errors import AddressError, NotAllowedError
from ioc.exports.csv_pack import sheet_table
from ioc.exports.table import Table, to_csv
from ioc.web.extracting import extract
from ioc.web.steady import moment_now
from ioc.web.viewer import scope_of

if TYPE_CHECKING:
    from flask import Flask

    from ioc.domain.scope import Scope
    from ioc.domain.view import View
    from ioc.queries.desk import Desk
    from ioc.web.router import Router

LONGEST_NAME = 60


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
            table = table_of(desk, router, view, part, scope_of(request))
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
    found = extract(desk, router, view, scope, moment_now(desk), part=part)
    return sheet_table(found, found.sheets[0])


def file_name(words: str, desk: Desk) -> str:
    """A name of our own making: ASCII letters, digits and hyphens, and the day."""
    flat = unicodedata.normalize("NFD", words.replace("đ", "d").replace("Đ", "D"))
    ascii_only = flat.encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:LONGEST_NAME]
    return f"ioc-{slug}-{desk.now():%Y%m%d}.csv"
