"""The Excel template of one form, unit and period: codes filled in, last known figures beside."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from ioc.domain.indicator import Indicator
from ioc.domain.measure import Figure, Kind, Restated
from ioc.domain.messages import say
from ioc.domain.period import Period, grain_key
from ioc.domain.unit import Unit
from ioc.domain.words import counts_words, date_words, figure_words, period_words
from ioc.exports.template import About, Check, Column, Line, Template
from ioc.ingest.submission_file import FORM_LABEL, Asked
from ioc.ingest.workbook import (
    DATA,
    DATA_LABELS,
    KINDS,
    META,
    META_LABELS,
    TEMPLATE,
    UNKNOWN,
    VERSION,
    Key,
)
from ioc.queries.figures import figure, of_standing
from ioc.store.engine import reading
from ioc.store.observations import Standing, as_reported
from ioc.store.reference import sources

if TYPE_CHECKING:
    from ioc.queries.desk import Desk

LANG = "vi"
"""Templates go through the hands of the administration, in Vietnamese."""
GUIDE = "huong_dan"
_BACK = 24
"""Periods looked back for the last known figure."""
_EXTRA = {"ten_chi_tieu": "col_indicator_name", "gan_nhat": "col_latest"}
_ORDER = (
    "ma_don_vi", "ten_don_vi", "ma_chi_tieu", "ten_chi_tieu", "tu_so", "mau_so", "gia_tri",
    "don_vi_tinh", "gan_nhat", "ghi_chu",
)  # fmt: skip
_WIDTHS = {
    "ma_don_vi": 12, "ten_don_vi": 26, "ma_chi_tieu": 11, "ten_chi_tieu": 44, "tu_so": 16,
    "mau_so": 16, "gia_tri": 16, "don_vi_tinh": 13, "gan_nhat": 30, "ghi_chu": 30,
}  # fmt: skip
_NUMBERS = ("tu_so", "mau_so", "gia_tri")


def template_of(desk: Desk, wanted: Asked, reporter: str) -> Template:
    """Everything the workbook says; `reporter` is filled in where the viewer gave a name."""
    form, period = wanted.form, wanted.period
    known = _latest(desk, wanted)
    lines = tuple(
        _line(code, unit, indicator, known.get((unit.id, indicator.id)))
        for code, unit in wanted.rows.items()
        for indicator in form.indicators
    )
    columns = tuple(
        Column(
            name,
            DATA_LABELS.get(name) or _say(_EXTRA[name]),
            _WIDTHS[name],
            faint=name == "gan_nhat",
            number=name in _NUMBERS,
        )
        for name in _ORDER
    )
    when = period_words(period, LANG)
    due = date_words(form.due(period), LANG)
    heading = (
        form.title(LANG),
        _say("sheet_about", unit=wanted.unit.name, period=when, due=due),
        _say("sheet_hint", words="; ".join(f"“{word}”" for word in UNKNOWN)),
        *([form.hint(LANG)] if form.hint(LANG) else []),
        *([_say("sheet_illustrative")] if form.source.illustrative else []),
    )
    guide = tuple(_say(f"guide_{step}") for step in range(1, 7))
    return Template(
        sheets=(DATA, META, GUIDE),
        heading=heading,
        columns=columns,
        lines=lines,
        about=_about(wanted, reporter),
        guide=guide,
        words=UNKNOWN,
        prompt=(_say("prompt_title"), _say("prompt")),
        refused=(_say("refused_cell_title"), _say("refused_cell")),
        footer=f"{form.title(LANG)} · {wanted.unit.name} · {when}",
    )


def file_name(wanted: Asked) -> str:
    """The server's own name of the file: `nop-so-lieu-38-2026-10.xlsx`."""
    plain = unicodedata.normalize("NFKD", f"{wanted.form.name}-{wanted.unit.key}")
    safe = re.sub(r"[^A-Za-z0-9-]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")
    return f"{safe[:80]}-{wanted.period.code}.xlsx"


def _about(wanted: Asked, reporter: str) -> tuple[About, ...]:
    period = wanted.period
    kinds = {grain: word for word, grain in KINDS.items()}
    values = {
        Key.TEMPLATE: TEMPLATE,
        Key.VERSION: str(VERSION),
        Key.UNIT: wanted.code,
        Key.SYSTEM: wanted.form.system,
        Key.KIND: kinds[period.grain],
        Key.START: date_words(period.start, LANG),
        Key.END: date_words(period.end, LANG),
        Key.REPORTER: reporter,
        Key.APPROVER: "",
    }
    hints = {
        Key.UNIT: wanted.unit.name,
        Key.KIND: period_words(period, LANG),
        Key.REPORTER: _say("meta_reporter"),
        Key.APPROVER: _say("meta_approver"),
    }
    people = (Key.REPORTER, Key.APPROVER)
    rows = [
        About(META_LABELS[key], value, hints.get(key, ""), open=key in people)
        for key, value in values.items()
    ]
    rows.insert(2, About(FORM_LABEL, wanted.form_id, wanted.form.title(LANG)))
    return tuple(rows)


def _line(code: str, unit: Unit, indicator: Indicator, known: tuple[Period, Figure] | None) -> Line:
    whole = indicator.scale == 0
    texts = {
        "ma_don_vi": code,
        "ten_don_vi": unit.name,
        "ma_chi_tieu": indicator.code,
        "ten_chi_tieu": _named(indicator),
        "don_vi_tinh": (indicator.counted or indicator.unit_of_measure).say(LANG),
        "gan_nhat": _known_words(indicator, known) if known else _say("latest_none"),
    }
    if indicator.kind is Kind.RATIO:
        checks: dict[str, Check | None] = {
            "tu_so": Check(whole=whole, within=not indicator.may_exceed),
            "mau_so": Check(whole=whole),
        }
    else:
        checks = {"gia_tri": Check(whole=whole, negative=indicator.kind is Kind.AMOUNT)}
    return Line(texts, {**checks, "ghi_chu": None})


def _named(indicator: Indicator) -> str:
    """The indicator with what is counted above and below, so that nobody has to guess."""
    name = indicator.name.say(LANG)
    if indicator.numerator is None or indicator.denominator is None:
        return name
    upper, lower = indicator.numerator.say(LANG), indicator.denominator.say(LANG)
    return _say("ratio_of", name=name, upper=upper, lower=lower)


def _known_words(indicator: Indicator, known: tuple[Period, Figure]) -> str:
    period, one = known
    words = figure_words(indicator, one, LANG)
    both = one.value is not None and one.numerator is not None and one.denominator is not None
    counts = f" ({counts_words(indicator, one, LANG)})" if both else ""
    return f"{words}{counts}, {period_words(period, LANG)}"


def standing_now(desk: Desk, wanted: Asked) -> dict[tuple[int, int], Figure]:
    """What each row's unit itself reported for the very period, by unit and indicator."""
    known = _latest(desk, wanted, 0)
    return {place: one for place, (_, one) in known.items()}


def _latest(
    desk: Desk, wanted: Asked, back: int = _BACK
) -> dict[tuple[int, int], tuple[Period, Figure]]:
    """The newest figure until the period that each row's unit itself reported, by any source."""
    form, period = wanted.form, wanted.period
    grain = grain_key(form.calendar, form.grain)
    indicators = {one.id: one for one in form.indicators}
    with reading(desk.engine) as connection:
        ranks = {fact.id: fact.rank for fact in sources(connection)}
        found = as_reported(
            connection,
            indicator_ids=indicators,
            unit_ids=[unit.id for unit in wanted.rows.values()],
            ranks=ranks,
            grains=(grain,),
            periods=(period.shift(-back).key, period.key),
        )
    newest: dict[tuple[int, int], tuple[int, Standing]] = {}
    for key, stands in found.items():
        place = key.unit_id, key.indicator_id
        if not key.breakdown and (place not in newest or newest[place][0] < key.period):
            newest[place] = key.period, stands
    return {
        (unit_id, indicator_id): (
            Period.from_keys(grain, number),
            figure(
                indicators[indicator_id],
                of_standing(stands, illustrative=False),
                (Restated.AS_REPORTED, None),
            ),
        )
        for (unit_id, indicator_id), (number, stands) in newest.items()
    }


def _say(key: str, **params: object) -> str:
    return say(LANG, f"submit.{key}", **params)
