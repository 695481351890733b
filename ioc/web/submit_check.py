"""Checking one delivery: its form, the file that was kept, and what would become of each row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ioc.domain.messages import explain, explain_error
from ioc.domain.period import Period
from ioc.domain.unit import Unit
from ioc.errors import AddressError, IocError
from ioc.ingest.connector import Payload, Rejected
from ioc.ingest.intake import Intake
from ioc.ingest.preview import Preview, preview
from ioc.ingest.report import place_words
from ioc.ingest.submission import Form, forms
from ioc.ingest.submission_file import MEDIA, Asked, Examined, asked, examine
from ioc.queries.answers import UnitRef
from ioc.store.deliveries import Counts, Delivery, found
from ioc.store.engine import reading
from ioc.store.payloads import checked_payload
from ioc.store.reference import sources
from ioc.web.intake import home_sources, web_intake

if TYPE_CHECKING:
    from ioc.domain.scope import Scope
    from ioc.queries.desk import Desk


class NotTaken(Exception):
    """Why a file is not taken at all: sentences in the language of who asked."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a file would come to now."""

    intake: Intake
    wanted: Asked
    examined: Examined
    found: Preview

    @property
    def counts(self) -> Counts:
        """How many figures of each kind; rows that the file lacks are missing too."""
        of = self.found
        missing = of.missing + len(self.examined.gone)
        return Counts(of.accepted, of.unchanged, of.rejected, of.held, missing)


def all_forms(desk: Desk) -> tuple[Form, ...]:
    """The forms of this home directory; one with a mistake is left out."""
    given = {source.name: source for source in home_sources(desk)}
    return forms(given, desk.catalogue, desk.units)[0]


def form_named(desk: Desk, name: str) -> Form:
    """The form of this name; raises AddressError."""
    known = {one.name: one for one in all_forms(desk)}
    if name not in known:
        raise AddressError(part="source", given=name, allowed=", ".join(known) or "–")
    return known[name]


def wanted_of(desk: Desk, form: Form, unit_key: str, code: str, scope: Scope) -> Asked:
    """What the workbook of these should hold.

    Raises AddressError for a unit that is not asked or not seen, and for a period that is not
    open: they read alike.
    """
    period = open_period(desk, form, code)
    unit = next((one for one in units_of(desk, form, scope) if one.key == unit_key), None)
    if unit is None:
        raise AddressError(part="unit", given=unit_key, allowed="38")
    return asked(form, desk.units, unit, period)


def open_period(desk: Desk, form: Form, code: str) -> Period:
    """The open period of this code; raises AddressError."""
    known = form.periods(desk.now())
    found = next((one for one in known if one.code == code), None)
    if found is None:
        allowed = ", ".join(one.code for one in known)
        raise AddressError(part="period", given=code, allowed=allowed)
    return found


def units_of(desk: Desk, form: Form, scope: Scope) -> tuple[Unit, ...]:
    """The units that submit in any open period and that the viewer may see, in order of id."""
    there: dict[int, Unit] = {}
    for period in form.periods(desk.now()):
        for unit in form.units(desk.units, period.end):
            if desk.units.visible(unit.id, scope):
                there[unit.id] = unit
    return tuple(there[unit_id] for unit_id in sorted(there))


def delivery_seen(desk: Desk, token: str, scope: Scope) -> Delivery:
    """The delivery of this token; raises AddressError alike for none and for one not seen."""
    one: Delivery | None = None
    if token.isascii() and len(token) < 80:
        with reading(desk.engine) as connection:
            one = found(connection, token)
    if one is None or not desk.units.visible(one.unit_id, scope):
        raise AddressError(part="delivery", given=token[:40], allowed="–")
    return one


def form_of_delivery(desk: Desk, one: Delivery) -> Form | None:
    """The form a delivery was made for, where there still is one."""
    with reading(desk.engine) as connection:
        names = {fact.id: fact.name for fact in sources(connection)}
    try:
        return form_named(desk, names.get(one.source_id, ""))
    except AddressError:
        return None


def content_of(desk: Desk, one: Delivery) -> bytes:
    """The file as it came; empty where its hash is not its own any more."""
    with reading(desk.engine) as connection:
        content = checked_payload(connection, one.sha256)
    return content.bytes if content.intact else b""


def verdicts(desk: Desk, wanted: Asked, payload: Payload, lang: str) -> Verdicts:
    """Check a file as a run would.

    Raises NotTaken when it is another form's, unit's or period's file, or none that can be read,
    and before the poller has recorded the source.
    """
    source = wanted.form.source
    intake = web_intake(desk, [source])
    if source.name not in intake.facts:
        raise NotTaken((explain(lang, "submit_not_ready"),))
    examined = examine(wanted, desk.units, intake.connectors[source.connector], payload)
    if examined.wrong:
        raise NotTaken(tuple(_line(one, lang) for one in examined.wrong))
    try:
        judged = preview(intake, source, examined.batch)
    except IocError as error:
        raise NotTaken((explain_error(lang, error),)) from None
    if judged.refused is not None:
        raise NotTaken((_line(judged.refused, lang),))
    return Verdicts(intake, wanted, examined, judged)


def check_again(desk: Desk, one: Delivery, lang: str) -> Verdicts:
    """What a kept delivery would come to now; raises NotTaken."""
    form = form_of_delivery(desk, one)
    if form is None:
        raise NotTaken((explain(lang, "submit_no_form"),))
    unit, period = desk.units.by_id(one.unit_id), Period.parse(one.period, form.calendar)
    payload = Payload(one.file, content_of(desk, one), MEDIA)
    try:
        return verdicts(desk, asked(form, desk.units, unit, period), payload, lang)
    except AddressError as error:
        raise NotTaken((explain_error(lang, error),)) from None


def refer(unit: Unit, lang: str) -> UnitRef:
    """The unit as answers name it."""
    short = unit.newest.name_en if lang == "en" else unit.short_name
    return UnitRef(unit.id, unit.key, unit.name_in(lang), short, unit.level.value)


def _line(one: Rejected, lang: str) -> str:
    reason = explain(lang, one.code, one.params)
    named = place_words(one.place, lang)
    return reason if one.place in ("–", "meta", "*") else f"{named}: {reason}"
