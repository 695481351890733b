"""Makes a page: one extract at one moment, and from it every form that was asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ioc.domain.messages import knows, say
from ioc.domain.scope import Scope
from ioc.errors import DrawError, IocError
from ioc.exporter.bench import Bench, MakingError, Product, Reason, Steps, StoppedError
from ioc.exporter.checking import check
from ioc.exporter.keeping import Made
from ioc.exports.extract import Extract, Shape, Sheet
from ioc.exports.form import Form, Options
from ioc.exports.frozen import Piece
from ioc.exports.meeting import left_out, meeting, pictured, recent
from ioc.exports.naming import file_name
from ioc.exports.provenance import Strip, lacking, strip_of
from ioc.exports.wish import options_of
from ioc.web.extracting import extract

if TYPE_CHECKING:
    from datetime import datetime

    from ioc.exporter.documents import Serve
    from ioc.exporter.drawing import Drawing
    from ioc.exporter.drawn import Drawn
    from ioc.store.export_jobs import Job
    from ioc.web.steady import Moment

HOUSE_SLIDES = Path("templates") / "slides.pptx"
"""The customer's template for slides of a page, in the home; without it the built-in one."""
ON_SLIDE = Options(size="slide", scale="2")
PAPER = "a4"
GetDrawing = Callable[[], "Drawing"]
_log = logging.getLogger("ioc.export")


@dataclass(slots=True)
class _Page:
    """One page while it is made; `reasons` grow with what is missing."""

    bench: Bench
    job: Job
    options: Options
    at: Moment
    drawing: GetDrawing
    shown: Extract
    strip: Strip
    made_at: datetime
    reasons: list[Reason] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    unpictured: dict[str, str] = field(default_factory=dict)
    unseen: list[str] = field(default_factory=list)
    serves: dict[bool, Serve] = field(default_factory=dict)

    def draw(self, form: Form, options: Options, *, bare: bool = False) -> Drawn:
        """Draw the page as it was asked for, at the moment of all other figures of the job."""
        paper = form is Form.PDF
        if paper not in self.serves:
            # The same one for every picture of the page: the browser then keeps the page open.
            scope = Scope.of_key(self.job.scope)
            self.serves[paper] = self.bench.documents.serve(scope, self.at, paper=paper)
        return self.drawing().draw(
            self.job.address or "/",
            form,
            options,
            serve=self.serves[paper],
            strip=None if bare else self.strip,
            lang=self.job.lang,
            bare=bare,
        )


def make_page(
    bench: Bench, job: Job, at: Moment, made_at: datetime, drawing: GetDrawing, steps: Steps
) -> Product:
    """All forms of a page, or of one part of it; what cannot be made is named in the reasons.

    Raises AddressError or NotAllowedError for a page that does not exist for this scope,
    MakingError when no file at all could be made, StoppedError when the job is stopped.
    """
    forms = tuple(Form(name) for name in job.forms)
    options = options_of(job.options)
    steps.plan(len(forms) + 2)
    steps.begin("exports.step_load")
    view = bench.router.read(job.address or "/")
    scope = Scope.of_key(job.scope)
    shown = extract(bench.desk, bench.router, view, scope, at, part=options.part)
    base = bench.desk.settings.public_address
    if not shown.sheets:
        raise MakingError(({"key": "exports.reason_no_figures"},))
    strip = strip_of(shown, code=job.code, who=job.owner_name, made_at=made_at, base=base)
    page = _Page(bench, job, options, at, drawing, shown, strip, made_at)
    wanted = _wanted(shown, forms)
    steps.plan(len(forms) + len(wanted) + 2)
    steps.end()
    for sheet in wanted:
        steps.begin("exports.step_picture", part=sheet.title)
        _picture(page, sheet)
        steps.end()
    files = []
    for form in forms:
        steps.begin("exports.step_file", form=form.value.upper())
        made = _tried(page, form)
        steps.end()
        files += [made] if made else []
    if not files:
        raise MakingError(tuple(page.reasons))
    page.reasons.extend(
        {"key": "exports.reason_part", "part": one.title, "reason": one.missing}
        for one in shown.sheets
        if one.missing
    )
    part = f"{shown.sheets[0].title} · " if options.part and shown.sheets else ""
    return Product(
        title=f"{part}{shown.title}",
        address=job.address or shown.address,
        pieces=(Piece(shown, options.part),),
        files=tuple(files),
        reasons=tuple(page.reasons),
        complete=shown.complete and not page.reasons,
    )


def _wanted(shown: Extract, forms: tuple[Form, ...]) -> tuple[Sheet, ...]:
    """The parts that slides and reports need a picture of."""
    if not {Form.PPTX, Form.DOCX} & set(forms):
        return ()
    return tuple(one for one in meeting(shown).sheets if pictured(one))


def _picture(page: _Page, sheet: Sheet) -> None:
    try:
        drawn = page.draw(Form.PNG, replace(ON_SLIDE, part=sheet.part), bare=True)
    except DrawError as error:
        if error.code == "no_part" and sheet.shape is Shape.MATRIX:
            return  # a table on the screen too, and so on slides
        words = explained(error, page.job.lang)
        page.unpictured[sheet.part] = say(
            page.job.lang, "exports.reason_part", part=sheet.title, reason=words
        )
        page.unseen.append(say(page.job.lang, "slides.lacks_picture", title=sheet.title))
        page.reasons.append({"key": "exports.reason_part", "part": sheet.title, "reason": words})
        return
    page.pictures[sheet.part] = drawn.data


def _tried(page: _Page, form: Form) -> Made | None:
    """A checked file of the form; None, and a reason, when it could not be made."""
    try:
        data = _BY_FORM[form](page) if form in _BY_FORM else _drawn(page, form)
        check(form, data)
    except StoppedError:
        raise
    except MakingError as error:
        page.reasons.extend(error.reasons)
        return None
    except IocError as error:
        words = explained(error, page.job.lang)
        page.reasons.append(
            {"key": "exports.reason_form", "form": form.value.upper(), "reason": words}
        )
        return None
    except Exception:
        # The border of one form: what breaks it must not break the others.
        _log.exception("export %s: %s broken", page.job.code, form.value)
        page.reasons.append({"key": "exports.reason_form_broken", "form": form.value.upper()})
        return None
    view = page.bench.router.read(page.job.address or "/")
    words = f"{view.page} {view.unit} {view.indicator or ''} {page.options.part or ''}"
    return Made(file_name(words, page.job.code, page.made_at, form), form, data)


def _drawn(page: _Page, form: Form) -> bytes:
    drawn = _sharp(page, form, page.options)
    page.reasons.extend(
        {
            "key": "exports.reason_in_form",
            "form": form.value.upper(),
            "reason": one.words(page.job.lang) + (f": {one.title}" if one.title else ""),
        }
        for one in drawn.broken
    )
    if drawn.refused:
        _log.error("export %s: %d requests outside were refused", page.job.code, len(drawn.refused))
    if form is Form.PDF:
        from ioc.exports.paper import signed

        return signed(drawn.data, page.strip, base=page.bench.desk.settings.public_address)
    if form is Form.PNG:
        from ioc.exports.pixels import with_note

        # Who checks a picture that was cropped or painted over is led to what it was.
        return with_note(drawn.data, "Comment", page.strip.shown_code)
    return drawn.data


def _sharp(page: _Page, form: Form, options: Options) -> Drawn:
    """As sharp as asked, or as a picture of that many pixels can be."""
    if form is Form.PDF and options.part is None and options.size == "screen":
        # A whole page is printed on paper: a sheet of a screen's size fits no printer.
        options = replace(options, size=PAPER)
    scales = ("print", "2", "1") if form is Form.PNG else (options.scale,)
    for scale in scales[scales.index(options.scale) : -1]:
        try:
            return page.draw(form, replace(options, scale=scale))
        except DrawError as error:
            if error.code != "size":
                raise
            _log.info("export %s: too large at scale %s", page.job.code, scale)
    return page.draw(form, replace(options, scale=scales[-1]))


def _xlsx(page: _Page) -> bytes:
    from ioc.exports.workbook import to_xlsx

    return to_xlsx((page.shown,), page.strip, page.job.lang)


def _csv(page: _Page) -> bytes:
    from ioc.exports.csv_pack import to_csv_file

    return to_csv_file(page.shown, page.strip)


def _pptx(page: _Page) -> bytes:
    from ioc.exports.slides import deck_of, to_pptx

    shown = meeting(page.shown)
    strip = lacking(page.strip, page.unseen)
    deck = deck_of(shown, strip, page.pictures, page.unpictured)
    deck = replace(deck, remark=left_out(page.shown, shown))
    own = page.bench.desk.settings.home / HOUSE_SLIDES
    template = own.read_bytes() if own.is_file() else None
    return to_pptx(deck, template)


def _docx(page: _Page) -> bytes:
    from ioc.domain.briefing import Heading
    from ioc.domain.view import ZONE
    from ioc.exports.report import part_of, report_of, to_docx
    from ioc.exports.report_parts import Picture

    shown = recent(meeting(page.shown))
    titles = {one.part: one.title for one in shown.sheets}
    pictures = [Picture(titles[part], data) for part, data in page.pictures.items()]
    pictures += [Picture(titles[part], None, why) for part, why in page.unpictured.items()]
    period = dict(shown.about).get(say(shown.lang, "export.period"), "")
    report = report_of(
        (shown,),
        lacking(page.strip, page.unseen),
        heading=Heading(),
        title=shown.title,
        period=period,
        day=page.made_at.astimezone(ZONE).date(),
        lang=shown.lang,
        parts=[part_of(shown, pictures=pictures)],
    )
    left = left_out(page.shown, shown)
    if left:
        report = replace(report, caveats=(*report.caveats, left))
    return to_docx(report, None)


_BY_FORM: dict[Form, Callable[[_Page], bytes]] = {
    Form.XLSX: _xlsx,
    Form.CSV: _csv,
    Form.PPTX: _pptx,
    Form.DOCX: _docx,
}


def explained(error: IocError, lang: str) -> str:
    """Why something could not be made, for people."""
    from ioc.domain.messages import explain_error

    if isinstance(error, DrawError) and knows(lang, f"drawing.{error.code}"):
        return say(lang, f"drawing.{error.code}", **error.params)
    return explain_error(lang, error)
