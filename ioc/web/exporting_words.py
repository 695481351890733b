"""An export as the dialog and its page show it: every word made here, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ioc.domain.messages import knows, say, sentences
from ioc.domain.numbers import number
from ioc.domain.times import moment_words
from ioc.errors import WordingError
from ioc.exports.code import shown
from ioc.store import snapshots
from ioc.store.export_jobs import OPEN, RUNNING, WAITING

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ioc.store.export_jobs import Job
    from ioc.store.revision_notices import Notice

_ELSEWHERE = ("reason_", "step_", "cli_", "refused_", "queue_", "state_", "nav")
"""Beginnings of the words that no script needs."""
_UNITS = ((1_000_000, "MB"), (1_000, "KB"))


def script_words(lang: str) -> dict[str, str]:
    """The words of the dialog and of the page, by their keys without the file's name."""
    mine = {
        key.removeprefix("exports."): text
        for key, text in sentences(lang).items()
        if key.startswith("exports.")
    }
    return {key: text for key, text in mine.items() if not key.startswith(_ELSEWHERE)}


def told(
    connection: Connection, job: Job, lang: str, now: datetime, order: Sequence[Job] = ()
) -> dict[str, Any]:
    """One export with its state, progress, files and reasons; `order` is the queue as it stands."""
    kept = snapshots.by_id(connection, job.snapshot_id) if job.snapshot_id else None
    files = snapshots.files_of(connection, kept.id) if kept else ()
    title = kept.title if kept else str(job.options.get("title") or job.address or job.code)
    # Cancelling a running job takes to its next step; meanwhile it is said.
    cancelling = job.state == RUNNING and job.cancel_at is not None
    return {
        "code": job.code,
        "shown": shown(job.code),
        "title": title,
        "address": kept.address if kept else job.address,
        "kind": job.kind,
        "forms": [form.upper() for form in job.forms],
        "state": job.state,
        "words": say(lang, "exports.cancelling" if cancelling else f"exports.state_{job.state}"),
        "open": job.state in OPEN,
        "cancelling": cancelling,
        "asked": say(lang, "exports.asked", when=moment_words(job.asked_at, lang, near=now)),
        "done": job.done,
        "total": job.total,
        "progress": _progress(job, lang, order),
        "reasons": [reason_words(one, lang) for one in job.reasons],
        "files": [_file(job, at, one, title, lang) for at, one in enumerate(files, 1)],
        "removed": say(lang, "exports.removed") if kept and kept.removed_at else "",
        "verify": f"/verify/{shown(job.code)}" if kept else "",
        "illustrative": say(lang, "words.illustrative") if kept and kept.illustrative else "",
        "again": job.kind == "page" and job.state not in OPEN,
    }


def _file(job: Job, at: int, file: snapshots.File, title: str, lang: str) -> dict[str, Any]:
    form = file.form.upper()
    return {
        "form": form,
        "words": say(lang, "exports.file", form=form, size=size_words(file.size, lang)),
        "label": say(lang, "exports.file_label", name=f"{form}, {title}"),
        "href": f"/exports/{job.code}/{at}/{file.name}",
        "name": file.name,
    }


def _progress(job: Job, lang: str, order: Sequence[Job]) -> str:
    if job.state == WAITING:
        before = next((at for at, one in enumerate(order) if one.id == job.id), 0)
        key = "exports.place" if before else "exports.place_next"
        return say(lang, key, before=before)
    if job.state != RUNNING:
        return ""
    step = sentence(job.step, lang) or say(lang, "exports.step_wait")
    done = min(job.done + 1, max(job.total, 1))
    return say(lang, "exports.progress", done=done, total=max(job.total, 1), step=step)


def sentence(said: Mapping[str, Any], lang: str) -> str:
    """A kept sentence `{"key": …, params}` in words; empty for one that is not known any more."""
    key = str(said.get("key", ""))
    if not knows(lang, key):
        return ""
    try:
        return say(lang, key, **{name: value for name, value in said.items() if name != "key"})
    except WordingError:
        return ""


def reason_words(said: Mapping[str, Any], lang: str) -> str:
    """Why something is missing; an old row whose sentence is gone still says its key."""
    return sentence(said, lang) or str(said.get("key", ""))


def notice_told(one: Notice, lang: str, now: datetime) -> dict[str, Any]:
    """A notice of revised figures."""
    when = moment_words(one.made_at, lang, near=now)
    count = number(one.figures, lang)
    return {
        "code": one.code,
        "href": f"/verify/{shown(one.code)}",
        "words": say(lang, "exports.notice", title=one.title, when=when, count=count),
        "new": one.seen_at is None,
    }


def size_words(size: int, lang: str) -> str:
    """A file's size: `1,2 MB`, `34 KB`."""
    for unit, name in _UNITS:
        if size >= unit:
            return f"{number(Fraction(size, unit), lang, 1, trim=True)} {name}"
    return f"{size} B"
