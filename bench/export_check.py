"""Fifty random views in every form, opened by programs that are not ours, against the screen.

The screen is read by a browser at the running server; files come from the product's own making
and are opened by LibreOffice, Poppler, ZBar and python-pptx. Any difference fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.browser import chromium
from bench.export_compare import Result, in_rows, on_paper, same_document
from bench.export_opened import (
    Opened,
    codes_of,
    convert_all,
    open_csv,
    open_docx,
    open_pdf,
    open_pptx,
    open_xlsx,
)  # fmt: skip
from bench.export_screen import Shown, clean, figures, read
from bench.export_views import random_views
from bench.running import answers, fill, free_port, stop
from ioc.domain.scope import Scope
from ioc.exporter.bench import Bench, Steps
from ioc.exporter.documents import ORIGIN
from ioc.exporter.making import make
from ioc.exporter.process import new_drawing, open_bench
from ioc.exports.code import new_code
from ioc.exports.form import Form, Options
from ioc.exports.wish import options_kept
from ioc.settings import Settings
from ioc.store import export_turns, snapshots
from ioc.store.engine import reading
from ioc.store.export_jobs import Wish
from ioc.web.router import read_address
from ioc.web.steady import moment_now

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from ioc.exporter.drawing import Drawing

FORMS = (Form.PNG, Form.PDF, Form.PPTX, Form.XLSX, Form.DOCX, Form.CSV)
DOCUMENT, CODES = "document", "QR"
"""Besides forms: the document a picture is taken of, and the codes that are read and resolved."""
NAMELESS = ("label", "now", "loose")
"""Figures without a row of their own: they are compared in the document and on paper."""
_WIDE, _HIGH = 1440, 900
_LEASE = 600.0
_NAMED = 3


@dataclass
class Checked:
    """One view: its address, the figures its screen shows, those of the drawer's document."""

    address: str
    lang: str
    shown: list[Shown]
    drawn: list[Shown]
    code: str
    files: dict[Form, Path]
    wrong: list[str] = field(default_factory=list)


def measure(
    *, views: int = 50, seed: int = 1, home: Path | None = None, keep: Path | None = None,
    only: Sequence[str] = (),
) -> bool:  # fmt: skip
    """Print the table; whether nothing differs. `home` is copied, `keep` holds the files after."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ioc-check-") as name:
        folder = keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        with _served(Path(name) / "home", home) as bench:
            addresses = list(only) or random_views(bench, views, seed)
            checked = list(_made(bench, addresses, folder))
            convert_all(folder)
            found = {one.address: _compared(bench, one, folder) for one in checked}
    _table(checked, found, time.monotonic() - begun)
    return bool(checked) and not any(
        result.different for results in found.values() for result in results.values()
    )


@contextmanager
def _served(folder: Path, home: Path | None) -> Iterator[Bench]:
    """A bench over a copy of the home, or over one that is filled, and its web server alone."""
    port = free_port()
    environment = {**os.environ, "IOC_HOME": str(folder), "IOC_PORT": str(port)}
    if home is None:
        folder.mkdir()
        fill(folder, {**environment, "IOC_DEMO_PORT": str(free_port())}, port)
    else:
        shutil.copytree(home, folder)
    (folder / "ioc.beat").write_text("9999999999000000", encoding="ascii")
    web = subprocess.Popen(
        [sys.executable, "-m", "ioc", "web"], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        answers(f"http://127.0.0.1:{port}/healthz")
        yield open_bench(Settings(home=folder, port=port, secret_key="k" * 40))
    finally:
        stop(web)


def _made(bench: Bench, addresses: Sequence[str], folder: Path) -> Iterator[Checked]:
    with chromium() as browser, new_drawing(bench.desk.settings) as drawing:
        screen = browser.new_page(viewport={"width": _WIDE, "height": _HIGH})
        for at, address in enumerate(addresses, 1):
            begun = time.monotonic()
            one = _view(bench, browser, screen, drawing, address, folder, at)
            took = time.monotonic() - begun
            print(f"  {at:3} {took:5.1f} s  {len(one.shown):5} figures  {address}", flush=True)
            yield one


def _view(
    bench: Bench, browser: Browser, screen: Page, drawing: Drawing, address: str, folder: Path,
    at: int,
) -> Checked:  # fmt: skip
    """The view read on the screen and in the drawer's document, and made in every form."""
    lang = read_address(address).lang
    screen.goto(bench.desk.settings.address + address, wait_until="load", timeout=120_000)
    shown = figures(read(screen), lang)
    wish = Wish(
        owner="bench", owner_name="bench", scope=Scope.all().key, lang=lang, address=address,
        forms=tuple(FORMS), options=options_kept(Options("screen", "1")),
    )  # fmt: skip
    desk = bench.desk
    job = export_turns.take(desk.engine, wish, new_code(), "bench", desk.now(), _LEASE)
    outcome = make(bench, job, lambda: drawing, Steps(lambda *_: "go"))
    wrong = [] if outcome.state == "done" else [f"{outcome.state}: {list(outcome.reasons)}"]
    files = {}
    for made in outcome.files:
        files[Form(made.form)] = folder / f"{at:03}.{made.form}"
        files[Form(made.form)].write_bytes(made.content)
    drawn = figures(_document(bench, browser, address), lang)
    return Checked(address, lang, shown, drawn, job.code, files, wrong)


def _document(bench: Bench, browser: Browser, address: str) -> list[dict[str, Any]]:
    """The same reading of the document that the drawer takes its picture of."""
    serve = bench.documents.serve(Scope.all(), moment_now(bench.desk))
    page = browser.new_page(viewport={"width": _WIDE, "height": _HIGH})

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if not path.startswith("/"):
            route.abort()
            return
        given = serve(path)
        route.fulfill(status=given.status, headers={"Content-Type": given.media}, body=given.body)

    try:
        page.route("**/*", answer)
        page.goto(ORIGIN + address, wait_until="load", timeout=120_000)
        return read(page)
    finally:
        page.close()


def _compared(bench: Bench, one: Checked, folder: Path) -> dict[str, Result]:
    opened = {
        Form.XLSX: open_xlsx, Form.CSV: open_csv, Form.DOCX: open_docx, Form.PPTX: open_pptx,
    }  # fmt: skip
    called = _called(bench, one.lang)
    whole = open_xlsx(one.files[Form.XLSX], one.lang) if Form.XLSX in one.files else Opened()
    found = {DOCUMENT: same_document(one.shown, one.drawn)}
    found[DOCUMENT].different += one.wrong
    of_rows = [shown for shown in one.shown if shown.kind not in NAMELESS]
    for form in FORMS:
        if form not in one.files:
            found[form] = Result(different=[f"no {form.value} was made"])
        elif form is Form.PDF:
            # A wall shows as many rows of a list as its screen, or its paper, has room for.
            fixed = [its for its in one.shown if its.kind != "loose" or not _wall(one.address)]
            found[form] = on_paper(fixed, open_pdf(one.files[form]), one.lang)
        elif form in opened:
            held = opened[form](one.files[form], one.lang)
            meeting = form in (Form.PPTX, Form.DOCX)
            found[form] = in_rows(of_rows, held, one.lang, called, whole if meeting else None)
    found[CODES] = _codes(bench, one, folder)
    return found


def _wall(address: str) -> bool:
    return read_address(address).wall


def _called(bench: Bench, lang: str) -> dict[str, tuple[str, ...]]:
    """What an indicator is called besides: its code, short name and name stand for each other."""
    found: dict[str, tuple[str, ...]] = {}
    for one in bench.desk.catalogue.all:
        every = tuple(clean(text) for text in (one.name.say(lang), one.short.say(lang), one.code))
        found.update(dict.fromkeys(every, every))
    return found


def _codes(bench: Bench, one: Checked, folder: Path) -> Result:
    """The codes of picture and paper lead to the snapshot, which says what it is of."""
    found = Result()
    with reading(bench.desk.engine) as connection:
        kept = snapshots.by_code(connection, one.code)
    asked = read_address(one.address).but(known_at=None)
    if kept is None or read_address(kept.address).but(known_at=None) != asked:
        found.different.append(f"no snapshot of {one.code}")
    for form in (Form.PNG, Form.PDF):
        if form not in one.files:
            continue
        found.looked += 1
        said = codes_of(one.files[form], folder)
        leads = [text for text in said if one.code in text.replace("-", "").upper()]
        if not leads:
            found.different.append(f"QR of {form.value} reads {sorted(said)}")
            continue
        with urllib.request.urlopen(leads[0], timeout=60) as answer:
            if answer.status != 200:
                found.different.append(f"{leads[0]} answers {answer.status}")
    return found


def _table(checked: Sequence[Checked], found: dict[str, dict[str, Result]], seconds: float) -> None:
    total = sum(len(one.shown) for one in checked)
    print(f"{len(checked)} views, {total} figures on their screens, {seconds:.0f} s")
    print("form       views  compared  said to be left out  native points  differences")
    named: list[str] = []
    for form in (DOCUMENT, Form.PDF, Form.XLSX, Form.CSV, Form.PPTX, Form.DOCX, CODES):
        whole = Result()
        for address, results in found.items():
            if form in results:
                whole.add(results[form])
                named += [
                    f"  {form} {address}: {text}" for text in results[form].different[:_NAMED]
                ]
        print(
            f"{form!s:9} {len(found):6} {whole.looked:9} {whole.left:20} {whole.read_back:14} "
            f"{len(whole.different):12}"
        )
    if named:
        print("first differences of each view:")
        print("\n".join(named))
