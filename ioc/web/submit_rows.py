"""The rows of a checked file as people read them: where, what, the old figure beside the new."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Figure, Restated
from ioc.domain.unit import Unit
from ioc.errors import AddressError
from ioc.ingest.preview import MISSING, Numbers, Preview, Verdict
from ioc.ingest.submission_file import Asked, Examined, row_cells
from ioc.ingest.values import as_text
from ioc.ingest.workbook import DATA_LABELS, NUMBERS, UNKNOWN
from ioc.queries.figures import figure, of_standing
from ioc.store.observations import Fact, Standing
from ioc.web.submit_answers import Checked

if TYPE_CHECKING:
    from ioc.domain.catalogue import Catalogue
    from ioc.queries.answers import UnitRef

Refer = Callable[[Unit], "UnitRef"]
Stands = Mapping[tuple[int, int], Figure]
"""What the period's figures are now, by unit and indicator."""
UNKNOWN_WORDS = frozenset(UNKNOWN)
_PARTS = {"numerator": "tu_so", "denominator": "mau_so", "value": "gia_tri"}
_UNIT_CODES = frozenset(
    {
        "no_unit",
        "unknown_code",
        "former_unit",
        "not_yet_unit",
        "wrong_level",
        "submit_not_asked_unit",
    }
)
_INDICATOR_CODES = frozenset({"unknown_indicator", "submit_not_asked_indicator"})


def checked_rows(
    wanted: Asked,
    examined: Examined,
    found: Preview,
    catalogue: Catalogue,
    stands: Stands,
    ref: Refer,
) -> tuple[Checked, ...]:
    """Every verdict in the order of the file, then the rows that the file lacks."""
    rows = [_checked(wanted, one, catalogue, stands, ref) for one in found.rows]
    rows += [
        Checked(
            MISSING,
            None,
            unit=ref(unit),
            indicator=indicator,
            standing=stands.get((unit.id, indicator.id)),
            code="submit_row_gone",
        )
        for unit, indicator in examined.gone
    ]
    return tuple(rows)


def digest_of(found: Preview, examined: Examined) -> str:
    """A short name of these very verdicts: what a person saw is what is confirmed."""
    said = [
        (one.place, one.verdict, one.code, one.indicator_id, one.unit_id, one.given, one.standing)
        for one in found.rows
    ]
    text = json.dumps([said, len(examined.gone), found.refused is None], default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def row_number(place: str) -> int | None:
    """The row that a place names, as a spreadsheet counts; None for a whole file or sheet."""
    row = place.rpartition("!")[2]
    return int(row) if row.isdigit() else None


def cell_of(code: str, params: Mapping[str, object], text: str) -> str:
    """The label of the column that a rejection is about; empty where it is about the row."""
    if "column" in params:
        return str(params["column"])
    name = ""
    if code in _UNIT_CODES:
        name = "ma_don_vi"
    elif code in _INDICATOR_CODES:
        name = "ma_chi_tieu"
    elif code == "exceeds":
        name = "tu_so"
    elif "part" in params:
        name = _PARTS.get(str(params["part"]), "")
    elif "given" in params:
        fields = _fields(text)
        named = [one for one in NUMBERS if as_text(fields.get(one)) == str(params["given"])]
        name = named[0] if len(named) == 1 else ""
    return DATA_LABELS.get(name, "")


def _checked(
    wanted: Asked, one: Verdict, catalogue: Catalogue, stands: Stands, ref: Refer
) -> Checked:
    unit, indicator = _subjects(wanted, one, catalogue)
    standing = _figure(indicator, one.standing)
    if standing is None and unit is not None and indicator is not None:
        standing = stands.get((unit.id, indicator.id))
    given_unit, given_indicator = _as_given(one.record_text)
    numbers = _numbers(one.record_text)
    code = one.code
    if code == "blank" and not UNKNOWN_WORDS.isdisjoint(number.lower() for number in numbers):
        code = "said_missing"  # the reader looks at one cell after the other, a person at the row
    return Checked(
        verdict=one.verdict,
        row=row_number(one.place),
        column=cell_of(one.code, one.params, one.record_text) if one.code else "",
        unit=ref(unit) if unit is not None else None,
        unit_given=given_unit,
        indicator=indicator,
        indicator_given=given_indicator,
        cells=" / ".join(numbers),
        given=_figure(indicator, one.given),
        standing=standing,
        code=code,
        params=one.params,
    )


def _subjects(
    wanted: Asked, one: Verdict, catalogue: Catalogue
) -> tuple[Unit | None, Indicator | None]:
    """What a row is about: as it was read, else as its cells name it among what was asked."""
    code, named = _as_given(one.record_text)
    row = wanted.row_of(code)
    unit = wanted.rows.get(row) if row is not None else None
    indicator: Indicator | None = None
    if one.indicator_id is not None:
        indicator = catalogue.by_id(one.indicator_id)
    else:
        with suppress(AddressError):
            indicator = catalogue.by_code(named)
    return unit, indicator


def _as_given(text: str) -> tuple[str, str]:
    """The cells of unit and indicator, from what is kept of a row."""
    fields = _fields(text)
    if fields:
        return as_text(fields.get("ma_don_vi")), as_text(fields.get("ma_chi_tieu"))
    return row_cells(text)


def _numbers(text: str) -> list[str]:
    """What stands in the number cells of a row, as it was written."""
    fields = _fields(text)
    if not fields:
        cells = text.split("; ")
        fields = dict(zip(DATA_LABELS, cells, strict=False)) if len(cells) > 1 else {}
    return [words for name in NUMBERS if (words := as_text(fields.get(name)))]


def _fields(text: str) -> Mapping[str, object]:
    """The row as an object, where it was kept as one; it may be cut in the middle."""
    if not text.startswith("{"):
        return {}
    with suppress(ValueError):
        found = json.loads(text)
        return found if isinstance(found, dict) else {}
    with suppress(ValueError):
        found = json.loads(text[: text.rindex(", ")] + "}")
        return found if isinstance(found, dict) else {}
    return {}


def _figure(indicator: Indicator | None, numbers: Numbers | None) -> Figure | None:
    if indicator is None or numbers is None:
        return None
    raw = of_standing(Standing(Fact(*numbers), 0, 0), illustrative=False)
    return figure(indicator, raw, (Restated.AS_REPORTED, None))


def of_verdict(rows: Iterable[Checked], verdict: str | None) -> tuple[Checked, ...]:
    """The rows of one verdict; all without one."""
    return tuple(one for one in rows if verdict is None or one.verdict == verdict)
