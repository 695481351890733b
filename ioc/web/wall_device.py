"""A wall's own credential: how a screen is recognised, and that it may only read."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from flask import Response, request
from sqlalchemy.exc import IntegrityError, OperationalError

from ioc.store import walls
from ioc.store.engine import reading, writing_soon
from ioc.store.wall_reports import forget_others
from ioc.web.viewer import is_wall

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Connection, Engine

    from ioc.settings import Settings

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Of codes that people read from a screen and type: none is taken for another (0 O, 1 I L)."""
CODE_LENGTH = 6
KEPT_SECONDS = 400 * 86_400
ROTATED_AFTER = timedelta(days=7)
OFFERED_AGAIN_AFTER = timedelta(minutes=1)
RENEWED_BEFORE = timedelta(minutes=1)
PATIENT_MILLISECONDS, HURRIED_MILLISECONDS = 2000, 150
PLACE = "/wall"
"""The only addresses that get the credential: it is for reports and reads nothing else, so that
an operator may keep a wall and the console open in one browser."""
REPORT = "/wall/report"
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


def new_code(length: int = CODE_LENGTH) -> str:
    """A code for people: short, in letters that cannot be confused."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def hashed(secret: str) -> str:
    """What the store keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Seen:
    """Who reports: the wall, None while it could not be remembered; `secret` is to be given to it.

    `revoked` is true for a screen whose registration was taken back, `full` when too many wait.
    """

    wall: walls.Wall | None
    secret: str | None = None
    revoked: bool = False
    full: bool = False


class Devices:
    """Recognises screens; what it has to write is left for the next report when others write."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._patient = Lock()
        self.cookie = f"ioc_wall_{settings.port}"

    def see(self, secret: str | None, now: datetime) -> Seen:
        """The wall that holds this secret, or a new one that waits for its registration."""
        mark = hashed(secret) if secret else ""
        with reading(self._engine) as connection:
            found = walls.wall_of(connection, mark) if mark else None
        if found is None or found.state == "revoked":
            return self._open(found, now)
        try:
            if found.state == "waiting":
                return self._waiting(found, now)
            return self._registered(found, mark, now)
        except OperationalError:
            return Seen(found, revoked=bool(found.orders.replaces))

    def _open(self, before: walls.Wall | None, now: datetime) -> Seen:
        secret = secrets.token_urlsafe(32)
        replaces = before.id if before else 0
        try:
            with self._writing() as connection:
                opened = walls.open_wall(
                    connection, hashed(secret), new_code(), now, replaces=replaces
                )
                found = walls.wall_of(connection, hashed(secret)) if opened else None
                known = {one.id for one in walls.walls(connection)}
            forget_others(self._engine, known)
        except (OperationalError, IntegrityError):
            return Seen(None, revoked=before is not None)
        return Seen(found, secret if opened else None, before is not None, full=not opened)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Write for a new screen: one at a time may wait a while, so that no pool is filled."""
        first = self._patient.acquire(blocking=False)
        try:
            wait = PATIENT_MILLISECONDS if first else HURRIED_MILLISECONDS
            with writing_soon(self._engine, wait) as connection:
                yield connection
        finally:
            if first:
                self._patient.release()

    def _waiting(self, found: walls.Wall, now: datetime) -> Seen:
        revoked = bool(found.orders.replaces)
        if found.code_until is not None and found.code_until - now > RENEWED_BEFORE:
            return Seen(found, revoked=revoked)
        with writing_soon(self._engine) as connection:
            walls.renew_code(connection, found.id, new_code(), now)
            return Seen(self._again(connection, found), revoked=revoked)

    def _registered(self, found: walls.Wall, mark: str, now: datetime) -> Seen:
        if mark == found.next_credential:
            with writing_soon(self._engine) as connection:
                walls.adopt_credential(connection, found.id, mark)
                return Seen(self._again(connection, found))
        # One that was offered and never came back got lost on its way: offer another.
        wait = ROTATED_AFTER if found.next_credential is None else OFFERED_AGAIN_AFTER
        if now - found.credential_at < wait:
            return Seen(found)
        secret = secrets.token_urlsafe(32)
        with writing_soon(self._engine) as connection:
            walls.offer_credential(connection, found.id, hashed(secret), now)
        return Seen(found, secret)

    @staticmethod
    def _again(connection: Connection, found: walls.Wall) -> walls.Wall:
        return walls.wall_by_id(connection, found.id) or found

    def give(self, response: Response, secret: str) -> None:
        """Hand a secret to the screen; scripts cannot read it and other sites cannot send it."""
        response.set_cookie(
            self.cookie, secret, max_age=KEPT_SECONDS, httponly=True, samesite="Strict", path=PLACE
        )


def only_reads(server: Flask, cookie: str) -> None:
    """Refuse whatever a request with a wall's credential would change, before any route sees it.

    Its own report is the one exception.
    """

    def gate() -> Response | None:
        if cookie not in request.cookies:
            return None
        is_wall(request)
        if request.method in _READS or request.path == REPORT:
            return None
        return Response("a wall only reads", 403, mimetype="text/plain")

    server.before_request_funcs.setdefault(None, []).insert(0, gate)
