"""An uploaded workbook held against what was asked: whose, when, which form, then row by row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ioc.domain.indicator import Indicator
from ioc.domain.period import Period
from ioc.domain.times import date_words
from ioc.domain.unit import Unit
from ioc.domain.units import Units
from ioc.errors import AddressError
from ioc.ingest.connector import RECORD_TEXT, Batch, Connector, Payload, Record, Rejected, Rereader
from ioc.ingest.report import FILE_PLACE, row_place
from ioc.ingest.sheets import FileRefused, Limits, Sheet, open_book
from ioc.ingest.submission import MOST_ROWS, Form
from ioc.ingest.table import heading
from ioc.ingest.values import as_text
from ioc.ingest.workbook import DATA_LABELS, META, Meta, read_meta

FORM_LABEL = "Biểu mẫu"
"""The row of the sheet `meta` that names the form; the contract of workbooks leaves it free."""
MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LIMITS = Limits(rows=MOST_ROWS + 500, unpacked=60 * 2**20)
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What one workbook should hold: the form, who submits, for when, and the rows by code."""

    form: Form
    unit: Unit
    period: Period
    code: str
    rows: dict[str, Unit]

    def row_of(self, given: object) -> str | None:
        """The code of the row that a cell names; leading zeros may be lost. None: not asked."""
        code = as_text(given)
        rule = self.form.source.mapping.unit
        if code.isdigit() and rule is not None:
            code = code.zfill(rule.pad)
        return code if code in self.rows else None

    @property
    def form_id(self) -> str:
        """How the workbook names the form."""
        return f"{self.form.name}/{self.form.submit.version}"


@dataclass(frozen=True, slots=True)
class Examined:
    """A workbook's records, or why it is not the one that was asked for.

    `gone` are rows of the template that the file lacks.
    """

    batch: Batch
    wrong: tuple[Rejected, ...] = ()
    gone: tuple[tuple[Unit, Indicator], ...] = ()


def asked(form: Form, units: Units, unit: Unit, period: Period) -> Asked:
    """What the workbook of a unit and period should hold.

    Raises AddressError when the unit has no code in the form's system then.
    """
    day = form.day(period)
    own = form.code(unit, day)
    if own is None:
        raise AddressError(
            part="unit", given=unit.key, allowed=f"a unit with a code of {form.system}"
        )
    about = form.about(units, unit, period)
    rows = {code: one for one in about if (code := form.code(one, day)) is not None}
    return Asked(form, unit, period, own, dict(list(rows.items())[:MOST_ROWS]))


def examine(wanted: Asked, units: Units, connector: Connector, payload: Payload) -> Examined:
    """Read a workbook: first whether it is the right one, then its rows.

    Rows about units or indicators that the form does not ask for are rejected.
    """
    nothing = Batch((), (payload,))
    try:
        with open_book(payload.content, _LIMITS) as book:
            wrong = tuple(_wrong(wanted, units, book.sheet(META)))
    except FileRefused as refused:
        wrong = (Rejected(FILE_PLACE, refused.code, refused.params),)
    if wrong:
        return Examined(nothing, wrong)
    assert isinstance(connector, Rereader), "a file_drop reads again what was kept"
    records = [
        _asked_for(wanted, one) if isinstance(one, Record) else one
        for one in connector.reread(wanted.form.source.config, payload)
    ]
    whole = [one for one in records if isinstance(one, Rejected) and one.place == FILE_PLACE]
    if whole:
        return Examined(nothing, tuple(whole))
    if not records:
        return Examined(nothing, (Rejected(FILE_PLACE, "submit_no_rows"),))
    return Examined(Batch(records, (payload,)), gone=tuple(_gone(wanted, records)))


def _wrong(wanted: Asked, units: Units, sheet: Sheet) -> Iterable[Rejected]:
    meta = read_meta(sheet)
    if not isinstance(meta, Meta):
        yield from meta
        return
    row, form = _form_row(sheet)
    if form != wanted.form_id:
        name, _, version = form.partition("/")
        same = name == wanted.form.name
        code = "submit_wrong_version" if same else "submit_wrong_form"
        params = {
            "given": (version if same else form)[:_SHOWN] or "–",
            "form": wanted.form.title("vi"),
        }
        yield Rejected(row_place(META, row) if row else META, code, params)
        return
    if (meta.system, meta.unit) != (wanted.form.system, wanted.code):
        params = {
            "given": _named(units, meta),
            "unit": f"{wanted.unit.name} ({wanted.code})",
        }
        yield Rejected(META, "submit_wrong_unit", params)
    if meta.period != wanted.period:
        yield Rejected(
            META,
            "submit_wrong_period",
            {"given": _days(meta.period), "period": _days(wanted.period)},
        )


def _form_row(sheet: Sheet) -> tuple[int, str]:
    """Where the form is named (0: nowhere), and how."""
    for row, cells in enumerate(sheet.head, 1):
        if len(cells) > 1 and heading(cells[0]) == heading(FORM_LABEL):
            return row, as_text(cells[1])
    return 0, ""


def _named(units: Units, meta: Meta) -> str:
    code = meta.unit[:_SHOWN]
    if meta.system == "key":
        return code
    unit = units.by_code(meta.system, meta.unit, meta.period.start)
    return f"{unit.name} ({code})" if unit is not None else f"{code} ({meta.system[:20]})"


def _days(period: Period) -> str:
    return f"{date_words(period.start, 'vi')}–{date_words(period.end, 'vi')}"


def _asked_for(wanted: Asked, record: Record) -> Record | Rejected:
    unit, indicator = (as_text(record.fields.get(name)) for name in ("ma_don_vi", "ma_chi_tieu"))
    if wanted.row_of(unit) is None:
        params = {"given": unit[:_SHOWN], "unit": wanted.unit.name}
        return Rejected(record.place, "submit_not_asked_unit", params, _row_text(record))
    if indicator not in {one.code for one in wanted.form.indicators}:
        params = {"given": indicator[:_SHOWN]}
        return Rejected(record.place, "submit_not_asked_indicator", params, _row_text(record))
    return record


def _row_text(record: Record) -> str:
    """A row as the workbook's own rejections tell it: its cells in their order."""
    return "; ".join(as_text(record.fields.get(name)) for name in DATA_LABELS)[:RECORD_TEXT]


def row_cells(text: str) -> tuple[str, str]:
    """Unit and indicator as a rejected row gave them, from the text that is kept of it."""
    cells = text.split("; ")
    return (cells[0], cells[2]) if len(cells) >= len(DATA_LABELS) else ("", "")


def _gone(wanted: Asked, records: Iterable[Record | Rejected]) -> Iterable[tuple[Unit, Indicator]]:
    """The rows of the template that a file does not have."""
    have = set()
    for one in records:
        if isinstance(one, Record):
            given = one.fields.get("ma_don_vi"), as_text(one.fields.get("ma_chi_tieu"))
        else:
            given = row_cells(one.record_text)
        have.add((wanted.row_of(given[0]), given[1]))
    for code, unit in wanted.rows.items():
        for indicator in wanted.form.indicators:
            if (code, indicator.code) not in have:
                yield unit, indicator
