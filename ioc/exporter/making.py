"""Makes one job: at one moment, checked, and kept with the end of the job or not at all."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ioc.domain.scope import Scope
from ioc.errors import AddressError, IocError, NotAllowedError
from ioc.exporter.bench import Bench, MakingError, Product, Reason, Steps, StoppedError
from ioc.exporter.keeping import Made, Whose, keep, put_files
from ioc.exporter.making_page import GetDrawing, explained, make_page
from ioc.exports.form import Form, Options
from ioc.store import export_jobs
from ioc.store.engine import reading, writing
from ioc.web.steady import moment_of

if TYPE_CHECKING:
    from datetime import datetime

    from ioc.exporter.drawn import Drawn
    from ioc.store.export_jobs import Job
    from ioc.web.steady import Moment

_log = logging.getLogger("ioc.export")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended: its state, the reasons of what is missing, the files as they were made."""

    state: str
    reasons: tuple[Reason, ...] = ()
    files: tuple[Made, ...] = ()


def make(bench: Bench, job: Job, drawing: GetDrawing, steps: Steps) -> Outcome:
    """Make a claimed job to its end; never raises.

    What was made is kept in one transaction with the job's end. A job that another worker has by
    now, or that its owner took back, leaves nothing.
    """
    try:
        return _made(bench, job, drawing, steps)
    except StoppedError as error:
        return _stopped(bench, job, error.code)
    except MakingError as error:
        return _failed(bench, job, error.reasons)
    except (AddressError, NotAllowedError) as error:
        return _failed(bench, job, (_refused(error, job.lang),))
    except IocError as error:
        _log.warning("export %s failed: %s", job.code, error)
        words = explained(error, job.lang)
        return _failed(bench, job, ({"key": "exports.reason_words", "words": words},))
    except Exception:
        # The border of a job: whatever breaks one must not break the others.
        _log.exception("export %s broken", job.code)
        return _failed(bench, job, ({"key": "exports.reason_broken", "code": job.code},))


def _made(bench: Bench, job: Job, drawing: GetDrawing, steps: Steps) -> Outcome:
    desk = bench.desk
    at, made_at = moment_of(desk, job.options.get("known_at")), desk.now()
    maker = make_briefing if job.kind == "briefing" else make_page
    product = maker(bench, job, at, made_at, drawing, steps)
    steps.begin("exports.step_keep")
    state = "done" if product.complete and not product.reasons else "partial"
    files = put_files(desk.settings.home, product.files)
    with writing(desk.engine) as connection:
        snapshot_id = keep(
            connection,
            desk,
            code=job.code,
            whose=Whose(job.owner, job.owner_name, job.scope),
            pieces=product.pieces,
            files=files,
            at=at,
            made_at=made_at,
            kind=job.kind,
            title=product.title,
            address=product.address,
            complete=state == "done",
            briefing=product.briefing,
            run_id=job.run_id,
        )
        ended = export_jobs.finish(
            connection,
            job,
            desk.now(),
            state,
            reasons=product.reasons,
            snapshot_id=snapshot_id,
        )
        if not ended:
            # Raised inside the transaction: neither the snapshot nor the end is kept.
            raise StoppedError("the job was taken back while it was kept", code="cancel")
    return Outcome(state, product.reasons, product.files)


def make_briefing(
    bench: Bench, job: Job, at: Moment, made_at: datetime, drawing: GetDrawing, steps: Steps
) -> Product:
    """All sections of a briefing, by the code that knows briefings."""
    from ioc.exporter import pack
    from ioc.store import briefing_runs

    with reading(bench.desk.engine) as connection:
        run = briefing_runs.found(connection, job.run_id or 0)
    if run is None:
        raise MakingError(({"key": "exports.reason_no_run"},))
    scope = Scope.of_key(job.scope)
    serves = {paper: bench.documents.serve(scope, at, paper=paper) for paper in (False, True)}

    def draw(address: str, form: Form, options: Options, **more: Any) -> Drawn:
        return drawing().draw(address, form, options, serve=serves[form is Form.PDF], **more)

    made = pack.make_pack(
        bench.desk,
        bench.router,
        run,
        forms=[Form(name) for name in job.forms],
        scope=scope,
        at=at,
        code=job.code,
        who=job.owner_name,
        made_at=made_at,
        draw=draw,
        step=steps.set,
    )
    if not made.files:
        raise MakingError(tuple(made.reasons))
    return Product(
        title=made.title,
        address=made.address,
        pieces=made.pieces,
        files=tuple(Made(one.name, one.form, one.data) for one in made.files),
        reasons=made.reasons,
        complete=made.complete,
        briefing=run.key,
    )


def _stopped(bench: Bench, job: Job, why: str) -> Outcome:
    desk = bench.desk
    if why == "stop":
        export_jobs.put_back(desk.engine, job)
        return Outcome("queued")
    if why == "lost":
        return Outcome("lost")
    with writing(desk.engine) as connection:
        mine = export_jobs.finish(connection, job, desk.now(), "cancelled")
    return Outcome("cancelled" if mine else "lost")


def _failed(bench: Bench, job: Job, reasons: tuple[Reason, ...]) -> Outcome:
    try:
        with writing(bench.desk.engine) as connection:
            export_jobs.finish(connection, job, bench.desk.now(), "failed", reasons=reasons)
    except Exception:
        # Without the store the job's lease ends and it is begun again.
        _log.exception("export %s: its failure could not be written", job.code)
    return Outcome("failed", reasons)


def _refused(error: AddressError | NotAllowedError, lang: str) -> Reason:
    # A unit outside the scope and one that does not exist must read the same.
    unit = isinstance(error, NotAllowedError) or error.params.get("part") == "unit"
    if unit:
        return {"key": "exports.reason_no_unit"}
    return {"key": "exports.reason_words", "words": explained(error, lang)}
