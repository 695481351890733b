"""How long each drawn form takes, cold and warm, against the bare renderer on the same figure; how
many pictures two workers make in a second; and what a worker's memory comes to after many."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.browser import chromium
from bench.export_jobs import measure_jobs
from bench.export_page import SmallPage
from ioc.exporter.browser import program
from ioc.exporter.documents import Serve
from ioc.exporter.drawing import Drawing, Limits
from ioc.exports.form import Form, Options

WORKERS = 2
EVERY = 50
_SIZE = (640, 720)
_FIGURE = """([part, form, width, height]) => {
  var box = document.querySelector(part);
  var gd = box.classList.contains("js-plotly-plot") ? box : box.querySelector(".js-plotly-plot");
  var layout = Object.assign({}, gd.layout, { width: width, height: height });
  window.figure = { data: gd.data, layout: layout };
}"""
_BARE = """([form, width, height, scale]) => {
  var begun = performance.now();
  return Plotly.toImage(window.figure, { format: form, width: width, height: height, scale: scale })
    .then(function () { return performance.now() - begun; });
}"""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is drawn: `serve` gives a fresh answerer, `part` names a chart of the page."""

    serve: Callable[[], Serve]
    address: str
    part: str


def measure(*, rounds: int = 9, pictures: int = 500, home: Path | None = None) -> None:
    """Print the table, of the overview of `home` or, without one, of a page of ten charts."""
    if program() is None:
        raise SystemExit("Chromium is not installed")
    subject = _product(home) if home else Subject(lambda: SmallPage().__call__, "/?", "c1")
    bare = _bare(subject, rounds)
    print(f"bare renderer (warm): PNG {bare['png']:.0f} ms, SVG {bare['svg']:.0f} ms")
    forms = [
        ("chart PNG 2×", Form.PNG, Options("half", "2", part=subject.part), bare["png"]),
        ("chart SVG", Form.SVG, Options("half", "2", part=subject.part), bare["svg"]),
        ("chart PDF", Form.PDF, Options("a4-landscape", "1", part=subject.part), bare["svg"]),
        ("page PNG 1×", Form.PNG, Options("screen", "1"), bare["png"]),
        ("page PDF", Form.PDF, Options("a4", "1"), bare["svg"]),
    ]
    print("form           cold      warm   open page   open page / bare")
    for name, form, options, alone in forms:
        cold, warm, near = _times(subject, form, options, rounds)
        print(f"{name:12} {cold:6.0f} ms {warm:6.0f} ms {near:6.0f} ms   {near / alone:6.1f}")
    if home:
        measure_jobs(home, subject.address, bare["png"], rounds)
    _throughput(subject, bare["png"])
    _memory(subject, pictures)


def _product(home: Path) -> Subject:
    from ioc.domain.scope import Scope
    from ioc.exporter.documents import Documents
    from ioc.settings import Settings
    from ioc.web.app import create_app, open_desk
    from ioc.web.steady import moment_now

    desk = open_desk(Settings(home=home.resolve(), secret_key="k" * 40))
    documents = Documents(create_app(desk).server)
    at = moment_now(desk)
    return Subject(lambda: documents.serve(Scope.all(), at), "/", "ranking")


def _bare(subject: Subject, rounds: int) -> dict[str, float]:
    """One warm page with the library and the figure: the least that a picture can take."""
    serve = subject.serve()

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix("http://ioc.invalid")
        if not path.startswith("/"):
            route.abort()
            return
        found = serve(path)
        route.fulfill(status=found.status, headers={"Content-Type": found.media}, body=found.body)

    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.route("**/*", answer)
        page.goto(f"http://ioc.invalid{subject.address}", wait_until="load")
        place = f'section.chart[data-name="{subject.part}"]'
        page.wait_for_selector(f"{place} .main-svg", timeout=60_000)
        page.evaluate(_FIGURE, [place + " .dash-graph", "", *_SIZE])
        found = {}
        for form, scale in (("png", 2), ("svg", 1)):
            took = [page.evaluate(_BARE, [form, *_SIZE, scale]) for _ in range(rounds + 2)][2:]
            found[form] = statistics.median(took)
    return found


def _times(
    subject: Subject, form: Form, options: Options, rounds: int
) -> tuple[float, float, float]:
    """Milliseconds: with a browser that must be started, with a page to open, with an open page."""
    cold = []
    for _ in range(3):
        with Drawing(program()) as drawing:
            cold.append(_took(drawing, subject, form, options, subject.serve()))
    with Drawing(program()) as drawing:
        _took(drawing, subject, form, options, subject.serve())
        warm = [_took(drawing, subject, form, options, subject.serve()) for _ in range(rounds)]
        same = subject.serve()
        near = [_took(drawing, subject, form, options, same) for _ in range(rounds + 1)][1:]
    return statistics.median(cold), statistics.median(warm), statistics.median(near)


def _took(drawing: Drawing, subject: Subject, form: Form, options: Options, serve: Serve) -> float:
    begun = time.perf_counter()
    drawing.draw(subject.address, form, options, serve=serve)
    return (time.perf_counter() - begun) * 1000


def _throughput(subject: Subject, bare: float, *, seconds: float = 20) -> None:
    def work(_: int) -> int:
        made, serve = 0, subject.serve()
        with Drawing(program()) as drawing:
            _took(drawing, subject, Form.PNG, options, serve)
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                _took(drawing, subject, Form.PNG, options, serve)
                made += 1
        return made

    options = Options("half", "2", part=subject.part)
    for workers in (1, WORKERS):
        with ThreadPoolExecutor(workers) as pool:
            rate = sum(pool.map(work, range(workers))) / seconds
        share = rate * bare / 1000
        print(f"{workers} worker(s): {rate:.1f} charts a second, {share:.2f} of one bare renderer")


def _memory(subject: Subject, pictures: int) -> None:
    """A new page for every tenth picture, as an export has about ten parts."""
    serve = subject.serve()
    with Drawing(program(), limits=Limits(pictures=pictures + 1)) as drawing:
        seen = []
        for at in range(1, pictures + 1):
            if at % 10 == 1:
                serve = subject.serve()
            options = Options("half", "1", part=subject.part)
            drawing.draw(subject.address, Form.PNG, options, serve=serve)
            if at % EVERY == 0:
                assert drawing.child is not None
                seen.append(drawing.child.family.megabytes(0))
                print(f"  after {at} pictures: {seen[-1]:.0f} MB (PSS of all processes)")
    if len(seen) > 2:
        slope = statistics.linear_regression(range(len(seen) - 1), seen[1:]).slope
        print(f"growth after {2 * EVERY} pictures: {slope / EVERY * 100:.1f} MB in 100 pictures")
