"""The sections of a briefing as extracts of one moment; one that fails says so in its place."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from ioc.domain.briefing import (
    Briefing,
    ChangesSection,
    RedSection,
    RegisterSection,
    Section,
    TextSection,
    ViewSection,
)
from ioc.domain.messages import explain_error, say
from ioc.domain.period import Calendar, Period
from ioc.domain.view import View
from ioc.errors import AddressError, IocError, NotAllowedError
from ioc.exports.extract import Column, Extract, Fact, Shape, Sheet
from ioc.web.briefing_changes import Before, changes_extract
from ioc.web.extracting import extract
from ioc.web.telling import tell

if TYPE_CHECKING:
    from ioc.domain.scope import Scope
    from ioc.queries.desk import Desk
    from ioc.web.router import Router
    from ioc.web.steady import Moment

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose briefing is put together, of which moment; `period` is that of the briefing."""

    briefing: Briefing
    period: Period | None
    scope: Scope
    at: Moment
    before: Before | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """One section: its extract, the paragraphs of a text, and what is wrong, in words.

    `lacking` are the figures that a text would tell and that are not there.
    `view` is what a picture of it is drawn from, None for what is no page. `missing` says why the
    section could not be had; its extract then holds only that.
    """

    number: int
    section: Section
    title: str
    extract: Extract
    paragraphs: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    view: View | None = None
    missing: str = ""


@dataclass
class Gathering:
    """Puts sections together one after the other; the last one is told what the others showed."""

    desk: Desk
    router: Router
    asked: Asked
    done: list[Gathered] = field(default_factory=list)

    def section(self, number: int, section: Section) -> Gathered:
        """One section, numbered from 1; never raises for what a section asks."""
        lang = self.asked.briefing.lang
        try:
            found = self._section(number, section)
        except (AddressError, NotAllowedError) as error:
            found = self._failed(number, section, _reason(error, lang))
        except IocError as error:
            found = self._failed(number, section, explain_error(lang, error))
        except Exception:
            # The border of a section: one that breaks must not take the pack with it.
            reference = secrets.token_hex(4)
            _log.exception("section %d of a briefing broken, reference %s", number, reference)
            words = say(lang, "briefing.section_broken", reference=reference)
            found = self._failed(number, section, words)
        self.done.append(found)
        return found

    def _section(self, number: int, section: Section) -> Gathered:
        if isinstance(section, ViewSection):
            view = self._view(section.address)
            found = self._extract(view, part=section.part)
            return self._made(number, section, found, view=view)
        if isinstance(section, RegisterSection):
            view = self._view(section.address)
            if view.register is None:
                raise AddressError(
                    part="path", given=section.address[:80], allowed="/register/task"
                )
            found = _first(self._extract(view), section.most, self.asked.briefing.lang)
            return self._made(number, section, found)
        if isinstance(section, RedSection):
            view = self._based(View(page="overview"))
            found = self._extract(view, part="red")
            first = _first(found, section.most, self.asked.briefing.lang)
            return self._made(number, section, first)
        if isinstance(section, TextSection):
            return self._text(number, section)
        return self._made(number, section, self._changes(section))

    def _made(
        self, number: int, section: Section, found: Extract, view: View | None = None
    ) -> Gathered:
        title = section.title or self._usual(section) or found.title
        absent = [one.missing for one in found.sheets if one.missing]
        return Gathered(
            number, section, title, replace(found, title=title), problems=tuple(absent), view=view
        )

    def _usual(self, section: Section) -> str:
        """The title of a section that has none of its own; a page brings its own."""
        if isinstance(section, ViewSection | RegisterSection):
            return ""
        return say(self.asked.briefing.lang, f"briefing.kind_{section.kind}")

    def _extract(self, view: View, part: str | None = None) -> Extract:
        asked = self.asked
        return extract(self.desk, self.router, view, asked.scope, asked.at, part=part)

    def _text(self, number: int, section: TextSection) -> Gathered:
        asked, lang = self.asked, self.asked.briefing.lang
        base = self._based(View(page="overview"))
        told = tell(self.desk, self.router, section.text, base, asked.scope, asked.at)
        title = section.title or self._usual(section)
        found = _plain(
            asked,
            title,
            Sheet(
                part="text",
                title=title,
                subtitle="",
                shape=Shape.TABLE,
                columns=(Column("text", say(lang, "briefing.column_text")),),
                rows=tuple((one,) for one in told.paragraphs),
                illustrative=told.illustrative,
            ),
            address=briefing_address(asked.briefing),
            facts=told.facts,
            illustrative=told.illustrative,
        )
        found = replace(found, definitions=told.definitions, origins=told.origins)
        problems = tuple(
            say(lang, "briefing.text_problem", line=one.line, gap=one.gap, why=one.words)
            for one in told.problems
        )
        return Gathered(
            number, section, title, found, paragraphs=told.paragraphs,
            problems=problems, lacking=told.missing,
        )  # fmt: skip

    def _changes(self, section: ChangesSection) -> Extract:
        facts = {fact: None for one in self.done for fact in one.extract.facts}
        asked = self.asked
        title = section.title or self._usual(section)
        return changes_extract(
            self.desk, asked.briefing, title, asked.before, tuple(facts), asked.at,
            most=section.most, scope=asked.scope,
        )  # fmt: skip

    def _view(self, address: str) -> View:
        """The view of an address, about the briefing's unit and period where it names none."""
        view = self.router.read(address)
        self.router.page(view)
        given = {name for name, _ in parse_qsl(urlsplit(address).query)}
        return self._based(view, given | {view.page})

    def _based(self, view: View, given: frozenset[str] | set[str] = frozenset()) -> View:
        briefing, page = self.asked.briefing, self.router.pages.get(view.page)
        view = view.but(lang=briefing.lang, meeting=None, exercise=None)
        if "unit" not in given and view.page not in ("item", "source"):
            view = view.but(unit=briefing.unit)
        dated = page is not None and page.filters
        if dated and not {"period", "known_at"} & given and self.asked.period is not None:
            period = self._own(self.asked.period, view)
            view = view.but(period=period, calendar=period.calendar)
        elif "calendar" not in given:
            view = view.but(calendar=Calendar(briefing.calendar))
        return view

    def _own(self, period: Period, view: View) -> Period:
        """The briefing's period in the calendar by which the shown indicator is reported."""
        if view.indicator is None or view.indicator not in self.desk.catalogue:
            return period
        declared = self.desk.catalogue.by_code(view.indicator).calendar
        return Period.parse(period.code, declared)

    def _failed(self, number: int, section: Section, reason: str) -> Gathered:
        title = section.title or self._usual(section) or getattr(section, "address", "")
        sheet = Sheet("missing", title, "", Shape.TABLE, (), (), missing=reason)
        address = getattr(section, "address", briefing_address(self.asked.briefing))
        found = _plain(self.asked, title, sheet, address=address)
        return Gathered(number, section, title, found, problems=(reason,), missing=reason)


def gather(
    desk: Desk, router: Router, asked: Asked, sections: Sequence[Section] | None = None
) -> tuple[Gathered, ...]:
    """All sections of a briefing, or those given, in their order."""
    gathering = Gathering(desk, router, asked)
    chosen = asked.briefing.sections if sections is None else sections
    for at, section in enumerate(chosen):
        gathering.section(at + 1, section)
    return tuple(gathering.done)


def briefing_address(briefing: Briefing) -> str:
    """The page of a briefing."""
    return View(page="briefing", briefing=briefing.key, lang=briefing.lang).href()


def _plain(
    asked: Asked,
    title: str,
    sheet: Sheet,
    *,
    address: str,
    facts: tuple[Fact, ...] = (),
    illustrative: bool = False,
) -> Extract:
    """The extract of what is no page."""
    return Extract(
        address=address,
        title=title,
        lang=asked.briefing.lang,
        about=(),
        sheets=(sheet,),
        definitions=(),
        origins=(),
        caveats=(),
        facts=facts,
        illustrative=illustrative,
        known_at=asked.at.known_at,
        version=asked.at.version,
    )


def _first(found: Extract, most: int, lang: str) -> Extract:
    """The extract with at most so many rows of each sheet; a cut one says so under its title."""
    return replace(found, sheets=tuple(_shorter(one, most, lang) for one in found.sheets))


def _shorter(sheet: Sheet, most: int, lang: str) -> Sheet:
    if len(sheet.rows) <= most:
        return sheet
    told = say(lang, "briefing.only_first", shown=most)
    return replace(
        sheet,
        rows=sheet.rows[:most],
        places=sheet.places[:most],
        subtitle=f"{sheet.subtitle} · {told}" if sheet.subtitle else told,
    )


def _reason(error: AddressError | NotAllowedError, lang: str) -> str:
    # A unit outside the scope and one that does not exist must read the same.
    if isinstance(error, NotAllowedError) or error.params.get("part") == "unit":
        given = "" if isinstance(error, NotAllowedError) else error.params.get("given", "")
        return say(lang, "web.no_such_unit", given=given)
    return explain_error(lang, error)
