"""Making exports in tests: a bench over a desk, jobs of one owner, a browser that is not one."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, cast

from ioc.errors import DrawError
from ioc.exporter.bench import Bench, Reason, Steps
from ioc.exporter.documents import Documents
from ioc.exporter.drawing import Drawing
from ioc.exporter.drawn import Chart, Drawn
from ioc.exporter.making import Outcome, make
from ioc.exports.code import new_code
from ioc.exports.form import Form, Options
from ioc.exports.provenance import Strip
from ioc.exports.wish import options_kept
from ioc.queries.desk import Desk
from ioc.store import export_jobs, export_turns
from ioc.store.engine import reading
from ioc.store.export_jobs import Job, Wish
from ioc.web.app import create_app


def bench_of(desk: Desk, **parts: Any) -> Bench:
    """A bench over the product's pages, or over those of `parts`."""
    app = cast("Any", create_app(desk, **parts))
    return Bench(desk, app.router, Documents(app.server))


def picture() -> bytes:
    """A small PNG."""
    from PIL import Image

    stream = io.BytesIO()
    Image.radial_gradient("L").resize((64, 40)).save(stream, "PNG")
    return stream.getvalue()


class Imitated:
    """Draws nothing: gives a small picture and notes what was asked; `broken` charts are named."""

    def __init__(self, *, charts: int = 1, broken: tuple[int, ...] = (), error: str = "") -> None:
        self.asked: list[tuple[str, Form, Options, Strip | None]] = []
        self.closed = 0
        self._charts = tuple(
            Chart(f"part-{at}", at not in broken, "failed" if at in broken else "", f"Biểu đồ {at}")
            for at in range(charts)
        )
        self._error = error

    def draw(
        self,
        address: str,
        form: Form,
        options: Options,
        *,
        serve: object,
        strip: Strip | None = None,
        lang: str = "vi",
        bare: bool = False,
    ) -> Drawn:
        self.asked.append((address, form, options, strip))
        if self._error:
            raise DrawError("imitated", code=self._error)
        return Drawn(picture(), 64, 40, self._charts)

    def __enter__(self) -> Imitated:
        return self

    def close(self) -> None:
        self.closed += 1


def job_of(bench: Bench, address: str, *forms: str, scope: str = "*", **options: Any) -> Job:
    """A job that is begun."""
    kept = {**options_kept(Options(), "Trang"), **options}
    wish = Wish("an", scope, forms, "vi", address=address, owner_name="An", options=kept)
    desk = bench.desk
    return export_turns.take(desk.engine, wish, new_code(), "tests", desk.now(), 60)


def made(
    bench: Bench,
    job: Job,
    drawing: Imitated | None = None,
    tell: Callable[[int, int, Reason], str] = lambda *_: "go",
) -> Outcome:
    """The job made to its end."""
    drawn = cast("Drawing", drawing or Imitated(error="no_browser"))
    return make(bench, job, lambda: drawn, Steps(tell))


def ended(bench: Bench, job: Job) -> Job:
    """The job as the store has it now."""
    with reading(bench.desk.engine) as connection:
        found = export_jobs.by_code(connection, job.code)
    assert found is not None
    return found
