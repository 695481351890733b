"""The lists of the page "Submit figures" as files: every row of a delivery, the whole history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.domain.words import moment_words
from ioc.errors import AddressError
from ioc.exports.table import Table
from ioc.ingest.submission import Form
from ioc.web.submit_answers import Checked
from ioc.web.submit_check import check_again, refer
from ioc.web.submit_page import sent_of
from ioc.web.submit_rows import checked_rows
from ioc.web.submit_template import standing_now
from ioc.web.submit_words import given_words, place_words, reason_words

if TYPE_CHECKING:
    from ioc.domain.scope import Scope
    from ioc.queries.desk import Desk
    from ioc.store.deliveries import Delivery

_MOST = 100_000
_ROWS = ("place", "unit", "indicator", "given", "standing", "verdict", "reason")
_HISTORY = (
    "when", "unit", "period", "file", "sha256", "reporter", "approver", "by", "state", "accepted",
    "unchanged", "rejected", "held", "missing", "run",
)  # fmt: skip
"""The columns of the history; each is a message `submit.col_…`."""


def rows_table(desk: Desk, one: Delivery, lang: str) -> Table:
    """Every row of a delivery as it stands now; raises NotTaken."""
    now = check_again(desk, one, lang)
    rows = checked_rows(
        now.wanted,
        now.examined,
        now.found,
        desk.catalogue,
        standing_now(desk, now.wanted),
        lambda unit: refer(unit, lang),
    )
    columns = tuple(say(lang, f"submit.col_{name}") for name in _ROWS)
    about = ((say(lang, "submit.col_file"), one.file), ("SHA-256", one.sha256))
    return Table(about, columns, tuple(_row(row, lang) for row in rows))


def history_table(desk: Desk, form: Form, view: View, scope: Scope) -> Table:
    """All deliveries of a form, of one unit or of all the viewer sees; raises AddressError."""
    unit = None if view.unit == "vn" else desk.units.by_key(view.unit)
    if unit is not None and not desk.units.visible(unit.id, scope):
        raise AddressError(part="unit", given=view.unit, allowed="38")
    lang = view.lang
    columns = tuple(say(lang, f"submit.col_{name}") for name in _HISTORY)
    found, _ = sent_of(desk, form, unit, scope, view, _MOST)
    rows = tuple(
        (
            moment_words(sent.delivery.uploaded_at, lang),
            sent.unit.name if sent.unit else "",
            sent.delivery.period,
            sent.delivery.file,
            sent.delivery.sha256,
            sent.delivery.reporter,
            sent.delivery.approver,
            sent.delivery.by,
            say(lang, f"submit.state_{sent.state}"),
            sent.delivery.counts.accepted,
            sent.delivery.counts.unchanged,
            sent.delivery.counts.rejected,
            sent.delivery.counts.held,
            sent.delivery.counts.missing,
            sent.delivery.run_id,
        )
        for sent in found
    )
    return Table(((say(lang, "submit.pick_form"), form.title(lang)),), columns, rows)


def _row(row: Checked, lang: str) -> tuple[str, ...]:
    return (
        place_words(row, lang),
        row.unit.name if row.unit else row.unit_given,
        row.indicator.code if row.indicator else row.indicator_given,
        given_words(row.indicator, row.given, lang) or row.cells,
        given_words(row.indicator, row.standing, lang),
        say(lang, f"submit.verdict_{row.verdict}"),
        reason_words(row, lang),
    )
