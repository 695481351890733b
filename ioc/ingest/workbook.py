"""The workbook contract: one file with a sheet `meta` (whose figures, when) and a sheet `data`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ioc.domain.period import Calendar, Grain, Period
from ioc.ingest.connector import RECORD_TEXT, Record, Rejected
from ioc.ingest.report import row_place
from ioc.ingest.sheets import FileRefused, Row, Sheet
from ioc.ingest.table import Columns, find_header, heading, missing_headings, records
from ioc.ingest.values import Locale, Missing, ValueProblem, as_text, number

META = "meta"
DATA = "data"
TEMPLATES: Mapping[str, tuple[int, ...]] = {"ioc-so-lieu": (1,)}
"""Which templates are read: their ids, and of each the versions, newest last."""
TEMPLATE = "ioc-so-lieu"
VERSION = 1


class Key(StrEnum):
    """The first column of the sheet `meta`; the second holds the value."""

    TEMPLATE = "ma_mau"
    VERSION = "phien_ban"
    UNIT = "ma_don_vi"
    SYSTEM = "he_ma"
    KIND = "loai_ky"
    START = "tu_ngay"
    END = "den_ngay"
    REPORTER = "nguoi_lap"
    APPROVER = "nguoi_duyet"


META_LABELS: Mapping[Key, str] = {
    Key.TEMPLATE: "Mã mẫu",
    Key.VERSION: "Phiên bản mẫu",
    Key.UNIT: "Mã đơn vị báo cáo",
    Key.SYSTEM: "Hệ mã đơn vị",
    Key.KIND: "Loại kỳ",
    Key.START: "Từ ngày",
    Key.END: "Đến ngày",
    Key.REPORTER: "Người lập",
    Key.APPROVER: "Người duyệt",
}
KINDS: Mapping[str, Grain] = {
    "ngay": Grain.DAY,
    "tuan": Grain.WEEK,
    "thang": Grain.MONTH,
    "quy": Grain.QUARTER,
    "nua_nam": Grain.HALF,
    "nam": Grain.YEAR,
}
"""The words for the kinds of period in the sheet `meta`."""
DATA_LABELS: Mapping[str, str] = {
    "ma_don_vi": "Mã đơn vị",
    "ten_don_vi": "Tên đơn vị",
    "ma_chi_tieu": "Mã chỉ tiêu",
    "tu_so": "Tử số",
    "mau_so": "Mẫu số",
    "gia_tri": "Giá trị",
    "don_vi_tinh": "Đơn vị tính",
    "ghi_chu": "Ghi chú",
}
"""The columns of the sheet `data` in their order; a heading is the name or the label."""
NUMBERS = ("tu_so", "mau_so", "gia_tri")
UNKNOWN = ("-", "không có số liệu", "chưa thống kê")
"""What people write in place of a number that is not known; the template offers these."""
COLUMNS = Columns(
    {name: (name, label) for name, label in DATA_LABELS.items()},
    optional=frozenset({"ten_don_vi", "don_vi_tinh", "ghi_chu"}),
)
_UNKNOWN = frozenset(UNKNOWN)
_META_ROWS = 60
_DAY = re.compile(r"^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})$")


@dataclass(frozen=True, slots=True)
class Meta:
    """What the sheet `meta` says; `unit` is a code of `system`."""

    template: str
    version: int
    unit: str
    system: str
    period: Period
    reporter: str
    approver: str

    @property
    def fields(self) -> dict[str, object]:
        """What every record of the workbook carries besides its row."""
        return {
            f"_meta_{Key.TEMPLATE}": self.template,
            f"_meta_{Key.VERSION}": self.version,
            f"_meta_{Key.UNIT}": self.unit,
            f"_meta_{Key.SYSTEM}": self.system,
            f"_meta_{Key.KIND}": self.period.grain.value,
            f"_meta_{Key.START}": self.period.start.isoformat(),
            f"_meta_{Key.END}": self.period.end.isoformat(),
            f"_meta_{Key.REPORTER}": self.reporter,
            f"_meta_{Key.APPROVER}": self.approver,
            "_period": self.period.code,
            "_calendar": self.period.calendar.value,
        }


def read_meta(sheet: Sheet) -> Meta | list[Rejected]:
    """What the sheet `meta` says, or everything that is wrong with it, a cell at a time."""
    given, wrong = _pairs(sheet)
    for key, label in META_LABELS.items():
        if key is not Key.APPROVER and not as_text(given.get(key, (0, None))[1]):
            place = row_place(META, given[key][0]) if key in given else META
            wrong.append(Rejected(place, "workbook_meta_blank", {"label": label, "key": key.value}))
    if wrong:
        return wrong
    texts = {key: as_text(value) for key, (_, value) in given.items()}
    versions = TEMPLATES.get(texts[Key.TEMPLATE])
    if versions is None:
        return [_bad(given, Key.TEMPLATE, ", ".join(TEMPLATES))]
    if texts[Key.VERSION] not in map(str, versions):
        return [_bad(given, Key.VERSION, ", ".join(map(str, versions)))]
    grain = KINDS.get(texts[Key.KIND]) or _grain(texts[Key.KIND])
    if grain is None:
        wrong.append(_bad(given, Key.KIND, ", ".join(KINDS)))
    days = {key: _day(given[key][1]) for key in (Key.START, Key.END)}
    wrong += [_bad(given, key, "01/10/2026") for key, day in days.items() if day is None]
    start, end = days[Key.START], days[Key.END]
    if wrong or grain is None or start is None or end is None:
        return wrong
    period = _period(grain, start, end)
    if period is None:
        params = {
            "start": start.strftime("%d/%m/%Y"),
            "end": end.strftime("%d/%m/%Y"),
            "kind": texts[Key.KIND],
        }
        return [Rejected(row_place(META, given[Key.END][0]), "workbook_period", params)]
    return Meta(
        texts[Key.TEMPLATE],
        int(texts[Key.VERSION]),
        texts[Key.UNIT],
        texts[Key.SYSTEM],
        period,
        texts[Key.REPORTER],
        texts.get(Key.APPROVER, ""),
    )


def workbook_records(meta: Sheet, data: Sheet, file: str) -> Iterator[Record | Rejected]:
    """The rows of the sheet `data` with what `meta` says of them.

    Numbers are exact; a row with a wrong cell is a rejection a cell. Where `meta` is wrong nothing
    but its rejections is given. Raises FileRefused when `data` has no header.
    """
    about = read_meta(meta)
    if not isinstance(about, Meta):
        yield from about
        return
    header = find_header(data, COLUMNS)
    if header is None:
        raise FileRefused("file_no_header", headings="; ".join(missing_headings(data, COLUMNS)))
    beside = {**about.fields, "_file": file, "_sheet": DATA}
    for row, fields in records(data, header, COLUMNS):
        if _is_heading(fields):
            continue
        place = row_place(DATA, row)
        checked, wrong = _checked(place, fields)
        if wrong:
            yield from wrong
        else:
            yield Record(place, {**checked, **beside, "_row": row})


def _pairs(sheet: Sheet) -> tuple[dict[Key, tuple[int, object]], list[Rejected]]:
    """Of each known key the row and the value."""
    found: dict[Key, tuple[int, object]] = {}
    wrong: list[Rejected] = []
    names = {heading(key.value): key for key in Key}
    names |= {heading(label): key for key, label in META_LABELS.items()}
    for row, cells in enumerate(sheet.rows, 1):
        if row > _META_ROWS:
            break
        key = names.get(heading(cells[0])) if cells else None
        if key is None:
            continue
        if key in found:
            label = META_LABELS[key]
            wrong.append(Rejected(row_place(META, row), "workbook_meta_twice", {"label": label}))
        found[key] = (row, cells[1] if len(cells) > 1 else None)
    return found, wrong


def _bad(given: Mapping[Key, tuple[int, object]], key: Key, allowed: str) -> Rejected:
    row, value = given[key]
    params = {"label": META_LABELS[key], "given": as_text(value)[:60], "allowed": allowed}
    return Rejected(row_place(META, row), "workbook_meta_bad", params)


def _grain(text: str) -> Grain | None:
    return next((one for one in Grain if one.value == text), None)


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = as_text(value)
    found = _DAY.match(text)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _period(grain: Grain, start: date, end: date) -> Period | None:
    """The whole period between two days, in the calendar in which it is one."""
    for calendar in Calendar:
        period = Period.of(calendar, grain, start)
        if (period.start, period.end) == (start, end):
            return period
    return None


def _is_heading(fields: Mapping[str, object]) -> bool:
    """True for a second row of headings: names below labels, or labels below names."""
    given = [(name, heading(cell)) for name, cell in fields.items() if as_text(cell)]
    return all(text in (name, heading(DATA_LABELS[name])) for name, text in given)


def _checked(place: str, fields: Mapping[str, object]) -> tuple[dict[str, object], list[Rejected]]:
    checked = dict(fields)
    problems: list[tuple[str, dict[str, object]]] = [
        ("workbook_cell_blank", {"column": DATA_LABELS[name]})
        for name in ("ma_don_vi", "ma_chi_tieu")
        if not as_text(fields.get(name))
    ]
    given = set()
    for name in NUMBERS:
        try:
            value = number(fields.get(name), Locale.VI, _UNKNOWN)
        except ValueProblem:
            text = as_text(fields.get(name))[:60]
            params: dict[str, object] = {"column": DATA_LABELS[name], "given": text}
            problems.append(("workbook_cell_number", params))
            continue
        if not isinstance(value, Missing):
            checked[name] = value
            given.add(name)
        elif value.reason == "said_missing":
            checked[name] = UNKNOWN[0]  # the one word that every mapping understands
    if not problems and "gia_tri" in given and len(given) > 1:
        problems.append(("workbook_two_figures", {}))
    if not problems and given == {"mau_so"}:
        problems.append(("workbook_lone_denominator", {}))
    text = _row_text([fields.get(name) for name in DATA_LABELS])
    return checked, [Rejected(place, code, params, text) for code, params in problems]


def _row_text(row: Row) -> str:
    return "; ".join(as_text(cell) for cell in row)[:RECORD_TEXT]
