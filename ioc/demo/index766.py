"""The 766 index in the imitated portal: what every row counts, and the official scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ioc.demo.answer import Answer, Request, labelled, system_of
from ioc.demo.clock import first_day, month_of, named
from ioc.demo.draw import logit, share_of
from ioc.demo.ledger import Ledger
from ioc.demo.places import Place
from ioc.domain.index766 import Index766, Row, load
from ioc.domain.index766_score import Given, Recomputed, Scored, recompute, score
from ioc.domain.unit import Level

SYSTEM = 1
TOLD = 13
"""So many months, the running one included, are told row by row; older ones by their total."""
_LEVELS = (Level.PROVINCE, Level.MINISTRY)
_FROM_RATES = {
    "PROCESSED_ON_TIME": "OPS-05",
    "PROCEDURE_WITH_ONLINE_SERVICE": "OPS-02",
    "SERVICE_WITH_DOSSIER": "OPS-04",
    "ONLINE_CHANNEL_DOSSIER": "OPS-03",
    "FULLY_ONLINE_DOSSIER": "OPS-01",
    "ORIGINAL_RESULT_AVAILABLE": "OPS-08",
    "SO_HOA_GIAY_TO_GIAI_QUYET": "OPS-09",
    "REUSED_DIGITIZED_DATA": "OPS-10",
    "DOSSIER_PAID_ONLINE": "OPS-07",
}
"""Rows that count what an indicator of the product counts, too."""
_DRAWN: Mapping[str, tuple[float, float, float]] = {
    "PUBLISH_ON_TIME": (0.82, 24, 0),
    "PUBLIC_UPDATE_ON_TIME": (0.80, 40, 0),
    "PUBLIC_CONTENT_FULL": (0.90, 1900, 0),
    "DOSSIER_SYNC": (0.88, 0, 18),
    "ELECTRONIC_CERTIFIED_COPY": (0.35, 0, 0.5),
    "SYNCED_WITH_DVCQG_PERSONAL_STORAGE": (0.02, 0, 19),
    "CITIZEN_DATA_CONNECTED_FORMALITY": (0.45, 1200, 0),
    "CITIZEN_DATA_CONNECTED_DOSSIER": (0.62, 0, 19),
    "PROCEDURE_WITH_ONLINE_PAYMENT": (0.42, 620, 0),
    "PROCEDURE_WITH_FEE_DATA": (0.70, 620, 0),
    "PETITION_PROCESSING_ON_TIME": (0.86, 0, 0.012),
    "PETITION_HANDLING_SATISFACTION": (0.78, 0, 0.012),
    "DOSSIER_RECEIVING_SATISFACTION": (0.86, 0, 18),
    "PETITION_RULES": (0.25, 0, 0.012),
    "PETITION_STAFF": (0.18, 0, 0.012),
}
"""Level, and a denominator: flat, and per thousand inhabitants."""
_SALT, _SIZE, _NULL = 766, 767, 768
_PETITIONS = "PETITION_HANDLING_SATISFACTION"
WHY = "Cố ý lệch công thức để minh họa"
"""What the portal says of an official score that is deliberately not the recomputed one."""


@dataclass(frozen=True, slots=True)
class Official:
    """A month of a place: what the rows count, and the index scored from it."""

    given: Mapping[str, Given]
    made: Recomputed
    apart: Mapping[str, Fraction]

    def points(self, one: Scored) -> Fraction | None:
        """The official points of a row: as recomputed, but for the deliberate differences."""
        return _two(self.apart.get(one.row.code, one.points))

    @property
    def total(self) -> Fraction:
        """The official total: the sum of the rows, of which a missing one earns nothing here."""
        return sum((self.points(one) or Fraction(0) for one in self.made.rows), Fraction(0))


def official(ledger: Ledger, place: Place, month: int, minute: int) -> Official:
    """The index of a province or ministry in a month, as it stands at a minute."""
    index = load()
    given = {row.code: _given(ledger, place, row, month, minute) for row in index.rows}
    made = recompute(index, given, first_day(month))
    return Official(given, made, _apart(index, place, given, first_day(month)))


def evaluation(ledger: Ledger, request: Request) -> Answer:
    """Every row, group and total of the provinces or ministries in the months asked for."""
    current = month_of(request.minute)
    records = [
        record
        for month in request.months(current)
        for level in request.levels
        if level in _LEVELS
        for place in ledger.places(level, month)
        for record in _records(ledger, place, month, request.minute, whole=current - month < TOLD)
    ]
    return labelled({"code": "OK", "data": {"records": records}})


def _records(
    ledger: Ledger, place: Place, month: int, minute: int, *, whole: bool
) -> Iterator[dict[str, object]]:
    year, number = named(month)
    about = {
        "departmentCode": place.code,
        "codeSystem": system_of(place),
        "timeType": "month",
        "year": year,
        "month": number,
    }
    if not ledger.model.delivered(place.id, month, minute, SYSTEM):
        return
    said = official(ledger, place, month, minute)
    yield {**about, "kind": "total", "score": float(said.total), "maxScore": 100}
    if not whole:
        return
    for group in said.made.groups:
        points = sum((said.points(one) or Fraction(0) for one in group.rows), Fraction(0))
        yield {
            **about, "kind": "group", "part": group.group.code,
            "score": float(points), "maxScore": group.group.max,
        }  # fmt: skip
        for one in group.rows:
            yield {**about, "kind": "component", **_row(said, one)}


def _row(said: Official, one: Scored) -> dict[str, object]:
    points, apart = said.points(one), one.row.code in said.apart
    return {
        "part": one.row.part,
        "code": one.row.code,
        "numerator": _whole(one.given.numerator),
        "denominator": _whole(one.given.denominator),
        "score": None if points is None else float(points),
        "maxScore": one.scoring.max,
        "scored": one.scoring.scored,
        "dataQualityStatus": "WARNING" if apart else None,
        "dataQualityMessage": WHY if apart else None,
    }


def _given(ledger: Ledger, place: Place, row: Row, month: int, minute: int) -> Given:
    """What the portal counts of a row; now and then it does not say it."""
    draw = ledger.model.drawn
    salt = sum(row.code.encode())
    if draw.whole(place.id, salt, month // 2, _NULL) % 400 == 0:
        return Given()
    code = _FROM_RATES.get(row.code)
    if code is not None:
        above, below = ledger.pair(place, code, month, minute)
        return Given(Fraction(above), Fraction(below))
    level, flat, each = _DRAWN[row.code]
    if row.code.startswith("PETITION"):
        salt = sum(_PETITIONS.encode())
    below = round((flat + each * place.size) * (0.7 + 0.6 * draw.share(place.id, salt, _SIZE)))
    lean = draw.normals(place.id, sum(row.code.encode()), month, _SALT)[0]
    rate = share_of(logit(level) + 0.35 * place.temper + 0.12 * lean + 0.2 * (month - 24) / 12)
    return Given(Fraction(min(below, round(below * rate))), Fraction(below))


def _apart(
    index: Index766, place: Place, given: Mapping[str, Given], day: date
) -> dict[str, Fraction]:
    """The deliberate differences: one of the other version, one against a rule, one of chance."""
    found: dict[str, Fraction] = {}
    used = index.version(day)
    if place.code == "38":
        found |= _other_version(index, "SO_HOA_GIAY_TO_GIAI_QUYET", given, used.code)
    if place.code == "79" and given["DOSSIER_SYNC"].numerator is not None:
        found["DOSSIER_SYNC"] = Fraction(5)
    if place.code == "moha" and given["PROCEDURE_WITH_FEE_DATA"].numerator is not None:
        found["PROCEDURE_WITH_FEE_DATA"] = Fraction(1)
    return found


def _other_version(
    index: Index766, code: str, given: Mapping[str, Given], used: str
) -> dict[str, Fraction]:
    row = next(one for one in index.rows if one.code == code)
    other = next(one for one in index.versions if one.code != used)
    points = score(row, row.scoring(other), given[code]).points
    return {} if points is None else {code: points}


def _two(points: Fraction | None) -> Fraction | None:
    """With two decimals, as the portal publishes scores; halves up."""
    return None if points is None else Fraction(int(points * 100 + Fraction(1, 2)), 100)


def _whole(number: Fraction | None) -> int | None:
    return None if number is None else int(number)
