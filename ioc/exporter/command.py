"""`ioc export ADDRESS`: the files of a page from the command line, by the code of the dialog."""

from __future__ import annotations

import getpass
import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ioc.domain.messages import explain_error, say
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.errors import AddressError, NotAllowedError, SettingsError
from ioc.exporter.bench import Bench, Reason, Steps
from ioc.exporter.crew import LEASE_SECONDS
from ioc.exporter.making import Outcome, make
from ioc.exporter.process import new_drawing, open_bench
from ioc.exports.code import new_code, shown
from ioc.exports.wish import options_kept, read_forms, read_options
from ioc.store import export_jobs, export_turns
from ioc.store.export_jobs import Job, Wish
from ioc.web.exporting_words import reason_words, sentence
from ioc.web.pinning import pinned

if TYPE_CHECKING:
    from ioc.exporter.keeping import Made
    from ioc.settings import Settings

COMPLETE, INCOMPLETE, WRONG = 0, 1, 2


def export(
    settings: Settings,
    address: str,
    forms: Sequence[str],
    options: Mapping[str, object],
    known_at: str | None,
    out: Path | None,
) -> int:
    """Make the files and write them; the exit code. Progress goes to standard error."""
    bench = open_bench(settings)
    try:
        wish = _wish(bench, address, forms, options, known_at)
        _check_place(out, len(wish.forms))
    except (AddressError, NotAllowedError) as error:
        print(f"ioc export: {explain_error(settings.language, error)}", file=sys.stderr)
        return WRONG
    return make_now(bench, wish, out, settings.language)


def _wish(
    bench: Bench,
    address: str,
    forms: Sequence[str],
    options: Mapping[str, object],
    known_at: str | None,
) -> Wish:
    router = bench.router
    view = router.read(address)
    if known_at is not None:
        view = view.but(known_at=View.from_address("/", known_at=known_at).known_at)
    pin = pinned(bench.desk.engine, view).view
    view = pin.but(meeting=None, exercise=None)
    answer = router.page(view).load(bench.desk, view, Scope.all())
    name = who()
    return Wish(
        owner=f"cli:{name}",
        owner_name=name,
        scope=Scope.all().key,
        forms=tuple(form.value for form in read_forms(list(forms))),
        lang=view.lang,
        address=view.href(),
        options=options_kept(read_options(options), router.page(view).title(answer, view)),
    )


def make_now(
    bench: Bench,
    wish: Wish,
    out: Path | None,
    lang: str,
    taken: Callable[[Job], None] | None = None,
) -> int:
    """Make a wish in this process and write its files; `taken` hears of the job first."""
    desk, told = bench.desk, [""]
    worker = f"{socket.gethostname()}:{os.getpid()}:cli"
    job = export_turns.take(desk.engine, wish, new_code(), worker, desk.now(), LEASE_SECONDS)
    if taken is not None:
        taken(job)

    def tell(done: int, total: int, words: Reason) -> str:
        step = sentence(words, lang)
        line = say(lang, "exports.cli_step", done=min(done + 1, total), total=total, step=step)
        if line != told[0]:
            print(line, file=sys.stderr, flush=True)
            told[0] = line
        return export_jobs.step(
            desk.engine, job, desk.now(), LEASE_SECONDS, done=done, total=total, words=words
        )

    drawing = new_drawing(desk.settings)
    try:
        with drawing:
            outcome = make(bench, job, lambda: drawing, Steps(tell))
    except KeyboardInterrupt:
        with suppress(Exception):
            export_jobs.put_back(desk.engine, job)
        raise
    return _end(job, outcome, out, lang)


def _end(job: Job, outcome: Outcome, out: Path | None, lang: str) -> int:
    for made, path in zip(outcome.files, _paths(outcome.files, out), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made.content)
        print(say(lang, "exports.cli_file", path=path), flush=True)
    if outcome.state == "cancelled":
        print(say(lang, "exports.cli_cancelled"), file=sys.stderr)
        return INCOMPLETE
    if outcome.files:
        print(say(lang, "exports.cli_code", code=shown(job.code)), file=sys.stderr)
    if outcome.state == "done":
        return COMPLETE
    print(
        say(lang, "exports.cli_partial" if outcome.files else "exports.cli_failed"), file=sys.stderr
    )
    for reason in outcome.reasons:
        print(f"  {reason_words(reason, lang)}", file=sys.stderr)
    return INCOMPLETE


def _paths(files: Sequence[Made], out: Path | None) -> list[Path]:
    """Where each file goes: `out` itself for one, below it for several or where it is a folder."""
    if out is None:
        return [Path(one.name) for one in files]
    if len(files) == 1 and not out.is_dir():
        return [out]
    return [out / one.name for one in files]


def _check_place(out: Path | None, forms: int) -> None:
    """Before anything is made: several files need a folder."""
    if out is not None and forms > 1 and out.exists() and not out.is_dir():
        raise SettingsError(file="ioc export", field="-o", given=str(out), allowed="a folder")


def who() -> str:
    """Who runs the command, as the system calls them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "cli"
