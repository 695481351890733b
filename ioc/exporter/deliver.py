"""Hands made briefings over: to the page, a folder, by mail; at least once, in their order."""

from __future__ import annotations

import json
import logging
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ioc.domain.messages import say
from ioc.domain.period import Calendar, Period
from ioc.domain.times import moment_words, period_words
from ioc.exporter import mail
from ioc.exporter.mail import Attachment, Letter, MailError
from ioc.exports.code import shown
from ioc.exports.provenance import verify_address
from ioc.store import briefing_deliveries, briefing_runs, export_jobs, snapshots
from ioc.store.engine import reading, writing
from ioc.web.briefing_acts import EXPORTS
from ioc.web.briefing_sections import briefing_address
from ioc.web.briefing_told import reason_words

if TYPE_CHECKING:
    from ioc.queries.desk import Desk
    from ioc.store.briefing_deliveries import Delivery
    from ioc.store.briefing_runs import Run
    from ioc.store.snapshots import Frozen

OUT = Path("briefings") / "out"
TRY_LEASE = timedelta(minutes=10)
"""For so long others keep away from what one process tries."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 30))
"""After the first tries; then the last of them again and again."""
GIVES_UP = timedelta(days=3)
Send = Callable[[Letter], None]
_log = logging.getLogger("ioc.export")


class FolderError(Exception):
    """A folder did not take the files; `reason` is a sentence's key with its parameters."""

    def __init__(self, key: str, *, final: bool = False, **params: object) -> None:
        super().__init__(key)
        self.final = final
        self.reason: Mapping[str, object] = {"key": key, **params}


class Deliveries:
    """Looks after what is pending; `send` hands a letter to the mail server."""

    def __init__(self, desk: Desk, send: Send | None = None) -> None:
        self._desk = desk
        self._send = send or (lambda letter: mail.send(desk.settings, letter))

    def look(self) -> int:
        """One round; how many were handed over.

        Letters are tried in their order. Where the server takes none, all wait for the first.
        """
        now = self._desk.now()
        with reading(self._desk.engine) as connection:
            pending = briefing_deliveries.pending(connection)
        handed, mails = 0, True
        for one in pending:
            if one.channel == "mail" and not mails:
                continue
            if one.next_at is not None and one.next_at > now:
                mails = mails and not (one.channel == "mail" and _for_everyone(one))
                continue
            ended = self._try(one, now)
            handed += ended == "done"
            mails = mails and ended != "everyone"
        return handed

    def _try(self, one: Delivery, now: datetime) -> str:
        with writing(self._desk.engine) as connection:
            if not briefing_deliveries.claim(connection, one, now + TRY_LEASE):
                return "taken"
        everyone, final = False, False
        try:
            self._hand(one, now)
        except MailError as error:
            everyone, final = error.everyone, error.final
            reason: Mapping[str, Any] = {"key": f"briefing.{error.code}", **error.params}
            reason = {**reason, "everyone": everyone}
        except FolderError as error:
            final, reason = error.final, error.reason
        except Exception as error:
            # The border of one hand-over: whatever breaks it must not stop the others.
            _log.exception("delivery %d broken", one.id)
            reason = {"key": "briefing.folder_refused", "reason": type(error).__name__}
        else:
            self._end(one, now, "done")
            _log.info("delivery %d: %s done", one.id, one.channel)
            return "done"
        _log.warning("delivery %d: %s failed: %s", one.id, one.channel, reason["key"])
        if final or self._tried_for(one, now) > GIVES_UP:
            self._end(one, now, "failed", reason)
        else:
            wait = WAITS[min(one.attempts, len(WAITS) - 1)]
            self._end(one, now, "pending", reason, now + wait)
        return "everyone" if everyone else "failed"

    def _end(
        self,
        one: Delivery,
        now: datetime,
        state: str,
        reason: Mapping[str, object] | None = None,
        next_at: datetime | None = None,
    ) -> None:
        said = json.dumps(reason, ensure_ascii=False, default=str) if reason else ""
        with writing(self._desk.engine) as connection:
            briefing_deliveries.end(
                connection, one.id, state=state, now=now, reason=said, next_at=next_at
            )

    def _tried_for(self, one: Delivery, now: datetime) -> timedelta:
        with reading(self._desk.engine) as connection:
            run = briefing_runs.found(connection, one.run_id)
        begun = run.finished_at if run is not None else None
        return now - begun if begun is not None else timedelta(0)

    def _hand(self, one: Delivery, now: datetime) -> None:
        with reading(self._desk.engine) as connection:
            run = briefing_runs.found(connection, one.run_id)
            number = run.snapshot_id if run is not None else None
            frozen = snapshots.by_id(connection, number) if number is not None else None
            files = snapshots.files_of(connection, frozen.id) if frozen is not None else ()
            job = export_jobs.one(connection, run.job_id) if run and run.job_id else None
        if run is None or frozen is None or frozen.removed_at is not None:
            raise FolderError("briefing.files_gone", final=True)
        if one.channel == "page":
            return
        held = [Attachment(file.name, file.mime, self._content(file.place)) for file in files]
        if one.channel == "folder":
            put(self._desk.settings.home, one.target, held)
            return
        lang = run.definition.lang
        reasons = tuple(reason_words(said, lang) for said in job.reasons) if job else ()
        self._send(letter_of(self._desk, one, run, frozen, held, reasons, now))

    def _content(self, place: str) -> bytes:
        try:
            return (self._desk.settings.home / EXPORTS / place).read_bytes()
        except OSError:
            raise FolderError("briefing.files_gone") from None


def put(home: Path, folder: str, files: list[Attachment]) -> None:
    """Put files into a folder below `<home>/briefings/out`: whole or not, nothing written over.

    Raises FolderError.
    """
    out = home / OUT
    place = out / folder
    try:
        place.mkdir(parents=True, exist_ok=True)
        real = place.resolve()
        if real.parent != out.resolve():
            raise FolderError("briefing.folder_refused", final=True, reason=folder)
        for one in files:
            _put(real, one)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FolderError("briefing.folder_refused", reason=reason) from None


def _put(place: Path, one: Attachment) -> None:
    final = place / Path(one.name).name
    if final.exists() and not final.is_symlink() and final.read_bytes() == one.data:
        return  # a try before this one put it there
    draft = place / f".{secrets.token_hex(6)}.part"
    try:
        with draft.open("xb") as stream:
            stream.write(one.data)
            stream.flush()
            os.fsync(stream.fileno())
        draft.chmod(0o644)
        # A link, unlike a rename, never replaces what is there.
        os.link(draft, final)
    except FileExistsError:
        raise FolderError("briefing.folder_taken", final=True, name=final.name) from None
    finally:
        with suppress(OSError):
            draft.unlink()


def letter_of(
    desk: Desk,
    one: Delivery,
    run: Run,
    frozen: Frozen,
    files: list[Attachment],
    reasons: tuple[str, ...],
    now: datetime,
) -> Letter:
    """The letter of a made briefing; files that are too large together are only told of."""
    lang, made, settings = run.definition.lang, run.definition, desk.settings

    def tell(key: str, **params: object) -> str:
        return say(lang, f"briefing.mail_{key}", **params)

    period = say(lang, "briefing.period_latest")
    if run.period is not None:
        period = period_words(Period.parse(run.period, Calendar(made.calendar)), lang)
    base = settings.public_address.rstrip("/")
    fits = sum(len(file.data) for file in files) <= settings.mail_megabytes * 2**20
    lines = [
        tell("hello"),
        "",
        tell("text", title=made.title),
        "",
        tell("unit", unit=desk.units.by_key(made.unit).name_in(lang)),
        tell("period", period=period),
        tell("known", moment=moment_words(frozen.known_at, lang)),
        tell("made", moment=moment_words(frozen.made_at, lang)),
    ]
    if run.late:
        lines.append(say(lang, "briefing.cover_was_late", moment=moment_words(run.due_at, lang)))
    if frozen.illustrative:
        lines += ["", tell("illustrative")]
    if run.missing:
        lines += ["", tell("late"), *(f"- {words}" for words in run.missing)]
    if reasons:
        lines += ["", tell("partial"), *(f"- {words}" for words in reasons)]
    lines += ["", tell("code", code=shown(frozen.code))]
    lines.append(tell("verify", address=verify_address(base, frozen.code)))
    lines.append(tell("page", address=base + briefing_address(made)))
    if not fits:
        lines += ["", tell("too_large", megabytes=settings.mail_megabytes)]
    lines += ["", tell("foot")]
    return Letter(
        key=one.key,
        to=one.target,
        subject=tell("subject", title=made.title, period=period),
        lines=tuple(mail.one_line(line) for line in lines),
        lang=lang,
        at=now,
        attachments=tuple(files) if fits else (),
    )


def _for_everyone(one: Delivery) -> bool:
    """Whether the server took nothing at the last try."""
    try:
        return bool(json.loads(one.reason).get("everyone"))
    except (ValueError, AttributeError):
        return False
