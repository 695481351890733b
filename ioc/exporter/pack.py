"""The meeting pack: every section of a briefing at one moment, in every form that it asks for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ioc.domain.briefing import Briefing
from ioc.domain.messages import say
from ioc.domain.period import Calendar, Period
from ioc.errors import DrawError, IocError
from ioc.exporter.bench import MakingError
from ioc.exporter.checking import check
from ioc.exporter.pack_cover import cover_of
from ioc.exporter.pack_forms import Packed, docx_of, pptx_of, xlsx_of
from ioc.exporter.pack_paper import Draw, pdf_of
from ioc.exports.extract import Shape
from ioc.exports.form import Form, Options
from ioc.exports.frozen import Piece
from ioc.exports.meeting import meeting, pictured
from ioc.exports.naming import file_name
from ioc.exports.provenance import strip_of
from ioc.store import briefing_runs
from ioc.store.briefing_runs import AGAIN
from ioc.store.engine import writing
from ioc.web.briefing_changes import before_of
from ioc.web.briefing_late import late_of
from ioc.web.briefing_sections import Asked, Gathered, Gathering, briefing_address

if TYPE_CHECKING:
    from datetime import datetime

    from ioc.domain.scope import Scope
    from ioc.queries.desk import Desk
    from ioc.store.briefing_runs import Run
    from ioc.web.router import Router
    from ioc.web.steady import Moment

ON_SLIDE = Options(size="slide", scale="2")
Step = Callable[[int, int, str, Mapping[str, object]], None]
"""How far it is: done, of how many, the key of a sentence and its parameters. What it raises ends
the making."""
Reason = Mapping[str, Any]
_log = logging.getLogger("ioc.export")


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack; `name` is made by the server."""

    name: str
    form: Form
    data: bytes


@dataclass(frozen=True, slots=True)
class Pack:
    """What a snapshot keeps of a made briefing; `pieces` are the extracts of all sections.

    What a section shows without a page (live text, red list) is an extract too, so that its
    figures are frozen, hashed and watched for revisions (`ioc.exporter.keeping.keep`).
    `reasons` name what is missing, `{"key": sentence, **params}`; with any it is not complete.
    """

    title: str
    address: str
    lang: str
    pieces: tuple[Piece, ...]
    complete: bool
    reasons: tuple[Reason, ...]
    files: tuple[PackFile, ...]


def make_pack(
    desk: Desk,
    router: Router,
    run: Run,
    *,
    forms: Sequence[Form],
    scope: Scope,
    at: Moment,
    code: str,
    who: str,
    made_at: datetime,
    draw: Draw | None,
    step: Step,
) -> Pack:
    """Make `forms` of the run's briefing, all of the one moment `at`.

    `run` is `briefing_runs.found(connection, job.run_id)`. Without `draw` there are no pictures
    and no PDF, and the reasons say so. A section that fails is named in its place. Raises
    MakingError for a briefing without sections, and whatever `step` raises.
    """
    making = _Making(desk, router, run, tuple(forms), scope, at, code, who, made_at, draw, step)
    return making.pack()


@dataclass
class _Making:
    """One pack while it is made; `reasons` grow with what is missing."""

    desk: Desk
    router: Router
    run: Run
    forms: tuple[Form, ...]
    scope: Scope
    at: Moment
    code: str
    who: str
    made_at: datetime
    draw: Draw | None
    step: Step
    reasons: list[Reason] = field(default_factory=list)
    unpictured: dict[tuple[int, str], str] = field(default_factory=dict)
    done: int = 0
    total: int = 1

    @property
    def briefing(self) -> Briefing:
        return self.run.definition

    def pack(self) -> Pack:
        briefing, again = self.briefing, self.run.slot.startswith(AGAIN)
        if not briefing.sections:
            raise MakingError(({"key": "briefing.need_section"},))
        self.total = len(briefing.sections) + 2 * len(self.forms)
        parts = self._gathered()
        past = self.at.known_at if again else None
        late = late_of(self.desk, briefing, parts, self.run.due_at, self.scope, past=past)
        self._remember(late.words)
        strip = strip_of(
            [one.extract for one in parts],
            code=self.code,
            who=self.who,
            made_at=self.made_at,
            base=self.desk.settings.public_address,
            title=briefing.title,
        )
        cover = cover_of(
            self.desk, self.run, parts, late.words, at=self.at, made_at=self.made_at, strip=strip
        )
        packed = Packed(
            briefing, cover, parts, strip, self._pictures(parts), self.made_at, self.unpictured
        )
        files = [made for form in self.forms if (made := self._form(form, packed)) is not None]
        self.reasons.extend(
            {
                "key": "briefing.reason_section",
                "number": one.number,
                "title": one.title,
                "reason": words,
            }
            for one in parts
            for words in _absent(one)
        )
        return Pack(
            title=briefing.title,
            address=briefing_address(briefing),
            lang=briefing.lang,
            pieces=tuple(Piece(one.extract) for one in parts),
            complete=not self.reasons,
            reasons=tuple(self.reasons),
            files=tuple(files),
        )

    def _tell(self, key: str, **params: object) -> None:
        self.step(self.done, self.total, key, params)
        self.done += 1

    def _remember(self, late: tuple[str, ...]) -> None:
        """Keep with the run what was late: it is said on the cover and does not make it partial."""
        with writing(self.desk.engine) as connection:
            briefing_runs.turn(connection, self.run.id, before=("queued",), missing=late)

    def _gathered(self) -> tuple[Gathered, ...]:
        briefing, period = self.briefing, None
        if self.run.period is not None:
            period = Period.parse(self.run.period, Calendar(briefing.calendar))
        before = before_of(self.desk, briefing.key, self.at)
        asked = Asked(briefing, period, self.scope, self.at, before)
        gathering = Gathering(self.desk, self.router, asked)
        for at, section in enumerate(briefing.sections):
            title = section.title or say(briefing.lang, f"briefing.kind_{section.kind}")
            self._tell("briefing.step_section", number=at + 1, title=title)
            gathering.section(at + 1, section)
        return tuple(gathering.done)

    def _pictures(self, parts: Sequence[Gathered]) -> dict[tuple[int, str], bytes]:
        """Pictures of maps and heat maps by section and part; a failing one is a reason."""
        if not {Form.PPTX, Form.DOCX} & set(self.forms):
            return {}
        wanted = [
            (one, sheet)
            for one in parts
            if one.view is not None
            for sheet in meeting(one.extract).sheets
            if pictured(sheet)
        ]
        self.total += len(wanted)
        found: dict[tuple[int, str], bytes] = {}
        for one, sheet in wanted:
            self._tell("briefing.step_picture", number=one.number, title=sheet.title)
            none = say(self.briefing.lang, "briefing.reason_no_drawing")
            self.unpictured[one.number, sheet.part] = none
            if self.draw is None:
                continue
            assert one.view is not None, "chosen above"
            try:
                drawn = self.draw(
                    one.view.href(),
                    Form.PNG,
                    Options(ON_SLIDE.size, ON_SLIDE.scale, part=sheet.part),
                    lang=self.briefing.lang,
                    bare=True,
                )
            except DrawError as error:
                if error.code == "no_browser":
                    continue
                if error.code == "no_part" and sheet.shape is Shape.MATRIX:
                    del self.unpictured[one.number, sheet.part]  # a table on the screen too
                    continue
                self.unpictured[one.number, sheet.part] = self._explained(error)
                self.reasons.append(
                    {
                        "key": "briefing.reason_picture",
                        "number": one.number,
                        "title": sheet.title,
                        "reason": self._explained(error),
                    }
                )
                continue
            found[one.number, sheet.part] = drawn.data
            del self.unpictured[one.number, sheet.part]
        words = say(self.briefing.lang, "briefing.reason_no_drawing")
        if words in self.unpictured.values():
            self.reasons.append({"key": "briefing.reason_pictures", "reason": words})
        return found

    def _form(self, form: Form, packed: Packed) -> PackFile | None:
        """A checked file of the form; None, and a reason, when it could not be made."""
        self._tell("briefing.step_form", form=form.value.upper())
        try:
            data = self._made(form, packed)
            check(form, data)
        except MakingError as error:
            self.reasons.extend(error.reasons)
        except IocError as error:
            if error.code in ("cancel", "lost", "stop"):
                raise
            self._lacks(form, self._explained(error))
        except Exception:
            # The border of one form: what breaks it must not break the others.
            _log.exception("briefing %s: %s broken", self.code, form.value)
            words = say(self.briefing.lang, "briefing.section_broken", reference=self.code)
            self._lacks(form, words)
        else:
            self.done += 1
            name = file_name(self.briefing.title, self.code, self.made_at, form)
            return PackFile(name, form, data)
        return None

    def _made(self, form: Form, packed: Packed) -> bytes:
        folder = self.desk.settings.home / "templates"
        if form is Form.XLSX:
            return xlsx_of(packed)
        if form is Form.PPTX:
            return pptx_of(packed, folder)
        if form is Form.DOCX:
            return docx_of(packed, folder)
        if self.draw is None:
            raise DrawError("no browser", code="no_browser")
        data, problems = pdf_of(packed, self.draw, self.desk.settings.public_address)
        self.reasons.extend(problems)
        return data

    def _lacks(self, form: Form, words: str) -> None:
        reason = {"key": "briefing.reason_form", "form": form.value.upper(), "reason": words}
        self.reasons.append(reason)

    def _explained(self, error: IocError) -> str:
        from ioc.exporter.making_page import explained

        return explained(error, self.briefing.lang)


def _absent(one: Gathered) -> tuple[str, ...]:
    """What of a section could not be had: all of it, parts of its page, gaps of its text."""
    return (one.missing,) if one.missing else one.problems
