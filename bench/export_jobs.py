"""How long a whole wish takes, form by form: extract, drawing where needed, file, snapshot."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ioc.domain.scope import Scope
from ioc.exporter.bench import Bench, Steps
from ioc.exporter.making import make
from ioc.exporter.process import new_drawing, open_bench
from ioc.exports.code import new_code
from ioc.exports.form import Form, Options
from ioc.exports.wish import options_kept
from ioc.settings import Settings
from ioc.store import export_turns
from ioc.store.export_jobs import Wish

if TYPE_CHECKING:
    from ioc.exporter.drawing import Drawing

FORMS = (Form.CSV, Form.XLSX, Form.DOCX, Form.PPTX, Form.PDF, Form.PNG)
COLD = 3
_LEASE = 600.0


def measure_jobs(home: Path, address: str, bare: float, rounds: int) -> None:
    """Print the table of one address of a copy of `home`; `bare` is the renderer's milliseconds.

    Cold is the first wish of a bench: nothing is kept, and no browser runs.
    """
    print("whole wish     cold      warm   warm / bare")
    with tempfile.TemporaryDirectory(prefix="ioc-jobs-") as name:
        folder = Path(name) / "home"
        shutil.copytree(home, folder)
        settings = Settings(home=folder.resolve(), secret_key="k" * 40)
        for form in FORMS:
            cold = []
            for _ in range(COLD):
                bench = open_bench(settings)
                with new_drawing(settings) as drawing:
                    cold.append(_took(bench, drawing, form, address))
            bench = open_bench(settings)
            with new_drawing(settings) as drawing:
                _took(bench, drawing, form, address)
                warm = [_took(bench, drawing, form, address) for _ in range(rounds)]
            near, far = statistics.median(warm), statistics.median(cold)
            print(f"{form.value:8} {far:8.0f} ms {near:6.0f} ms {near / bare:10.1f}", flush=True)


def _took(bench: Bench, drawing: Drawing, form: Form, address: str) -> float:
    """Milliseconds of one wish from its lease to its outcome; raises SystemExit when it fails."""
    wish = Wish(
        owner="bench", owner_name="bench", scope=Scope.all().key, lang="vi", address=address,
        forms=(form,), options=options_kept(Options("screen", "1")),
    )  # fmt: skip
    begun = time.perf_counter()
    desk = bench.desk
    job = export_turns.take(desk.engine, wish, new_code(), "bench", desk.now(), _LEASE)
    outcome = make(bench, job, lambda: drawing, Steps(lambda *_: "go"))
    took = (time.perf_counter() - begun) * 1000
    if outcome.state != "done":
        raise SystemExit(f"{form.value} of {address}: {outcome.state} {list(outcome.reasons)}")
    return took
