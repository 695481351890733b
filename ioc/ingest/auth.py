"""Who we are to a source: none, Basic, key, bearer token, or OAuth2 client credentials."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import quote_plus

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ioc.errors import PermanentSourceError, SourceError
from ioc.ingest.client import masks_of
from ioc.ingest.connector import Tools
from ioc.ingest.http import Answer, Ask, Limits, Retry, ask, read_json, same_origin
from ioc.ingest.reach import WebAddress
from ioc.ingest.secrets import basic

_FIRST = threading.Lock()
_LONGEST = 10.0**9
_UNAUTHORIZED = 401


def _sendable(given: str) -> str:
    if not given.isascii() or not given.isprintable():
        raise ValueError("plain letters, digits and signs, which a header can carry")
    return given


Sendable = Annotated[str, Field(min_length=1, repr=False), AfterValidator(_sendable)]


class _Auth(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NoAuth(_Auth):
    """Nobody in particular."""

    kind: Literal["none"]


class BasicAuth(_Auth):
    """User and password with every request."""

    kind: Literal["basic"]
    user: str = Field(min_length=1, description="Name of the account.")
    password: str = Field(repr=False, description="Its password; from ${env:…} or ${file:…}.")


class KeyAuth(_Auth):
    """An API key in a header or in the query."""

    kind: Literal["key"]
    name: Sendable = Field(description="Name of the header or parameter, such as X-Api-Key.")
    value: Sendable = Field(description="The key; from ${env:…} or ${file:…}.")
    place: Literal["header", "query"] = Field(
        default="header", alias="in", description="Where the key is sent."
    )


class BearerAuth(_Auth):
    """A token that was given out once, in the header Authorization."""

    kind: Literal["bearer"]
    token: Sendable = Field(description="The token; from ${env:…} or ${file:…}.")


class OAuth2Auth(_Auth):
    """OAuth2 client credentials: a token is obtained, kept, renewed early and after a 401."""

    kind: Literal["oauth2"]
    token_url: WebAddress = Field(description="Address that gives out tokens.")
    client_id: str = Field(min_length=1, description="Id of this client.")
    client_secret: str = Field(repr=False, description="Its secret; from ${env:…} or ${file:…}.")
    scope: str = Field(default="", description="Scopes asked for, with spaces between.")
    audience: str = Field(default="", description="Parameter audience, where the server wants it.")
    resource: str = Field(
        default="", description="Parameter resource (RFC 8707), where the server wants it."
    )
    send: Literal["header", "body"] = Field(
        default="header",
        description="Where id and secret are sent: as HTTP Basic, or in the form.",
    )
    early: float = Field(
        default=60,
        ge=0,
        le=3600,
        description="Seconds before its end at which a token is renewed; at the latest half of "
        "its life is used.",
    )


Auth = Annotated[
    NoAuth | BasicAuth | KeyAuth | BearerAuth | OAuth2Auth, Field(discriminator="kind")
]


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Access:
    """Asks a source in the name that was declared, within one run's limits.

    Requests to any other scheme, host or port than that of the address `own` are sent in nobody's
    name.
    """

    auth: Auth | None
    tools: Tools
    limits: Limits
    retry: Retry
    own: str

    def ask(self, request: Ask) -> Answer:
        """Send a request; after a 401 once more, with a fresh token. Raises SourceError."""
        auth = self.auth
        if not same_origin(request.url, self.own):
            return self._send(request)
        if not isinstance(auth, OAuth2Auth):
            return self._send(self._signed(request))
        token = self._token(auth)
        try:
            answer = self._send(_with(request, Authorization=f"Bearer {token.text}"))
            if answer.status != _UNAUTHORIZED:
                return answer
        except PermanentSourceError as error:
            if error.code != "http_refused" or error.params.get("status") != _UNAUTHORIZED:
                raise
        token = self._token(auth, instead_of=token)
        return self._send(_with(request, Authorization=f"Bearer {token.text}"))

    def _signed(self, request: Ask) -> Ask:
        auth, masks = self.auth, masks_of(self.tools.client)
        if isinstance(auth, BasicAuth):
            masks.add(auth.password, basic(auth.user, auth.password))
            return _with(request, Authorization=f"Basic {basic(auth.user, auth.password)}")
        if isinstance(auth, BearerAuth):
            masks.add(auth.token)
            return _with(request, Authorization=f"Bearer {auth.token}")
        if isinstance(auth, KeyAuth):
            masks.add(auth.value)
            if auth.place == "header":
                return replace(request, headers={**request.headers, auth.name: auth.value})
            return replace(request, query={**request.query, auth.name: auth.value})
        return request

    def _send(self, request: Ask) -> Answer:
        tools = self.tools
        return ask(
            tools.client,
            request,
            limits=self.limits,
            retry=self.retry,
            deadline=tools.deadline,
            sleep=tools.sleep,
            now=tools.now,
        )

    def _token(self, auth: OAuth2Auth, instead_of: _Token | None = None) -> _Token:
        """The kept token, or a fresh one; whoever asks meanwhile waits and gets the same."""
        memory = self.tools.memory
        place = ("oauth2", auth.token_url, auth.client_id, auth.scope, auth.audience, auth.resource)
        with _FIRST:
            lock = memory.setdefault("oauth2 lock", threading.Lock())
        with lock:
            kept: _Token | None = memory.get(str(place))
            over = kept is not None and kept.until is not None and self.tools.now() >= kept.until
            if kept is None or over or kept is instead_of:
                kept = memory[str(place)] = self._obtain(auth)
        masks_of(self.tools.client).add(kept.text)
        return kept

    def _obtain(self, auth: OAuth2Auth) -> _Token:
        # RFC 6749, 2.3.1: both are written as in a form before they are packed.
        pair = basic(quote_plus(auth.client_id), quote_plus(auth.client_secret))
        masks_of(self.tools.client).add(auth.client_secret, pair)
        form = {"grant_type": "client_credentials"}
        form |= {
            name: text
            for name in ("scope", "audience", "resource")
            if (text := getattr(auth, name))
        }
        headers = {"Authorization": f"Basic {pair}"} if auth.send == "header" else {}
        if auth.send == "body":
            form |= {"client_id": auth.client_id, "client_secret": auth.client_secret}
        asked = self.tools.now()
        try:
            answer = self._send(Ask("POST", auth.token_url, headers, form=form, confidential=True))
        except SourceError as error:
            if error.code not in ("http_refused", "http_status"):
                raise
            raise PermanentSourceError(
                f"{error.params['url']} gave no token ({error.params['status']})",
                code="token_refused",
                **error.params,
            ) from None
        return _read_token(answer, asked, auth.early)


def _read_token(answer: Answer, asked: datetime, early: float) -> _Token:
    """The token of an answer; raises PermanentSourceError, which holds nothing of it."""
    try:
        document = read_json(answer)
    except PermanentSourceError:
        document = None
    found = document if isinstance(document, Mapping) else {}
    given, kind = found.get("access_token"), str(found.get("token_type", "bearer"))
    usable = isinstance(given, str) and given and given.isascii() and given.isprintable()
    if not usable or kind.lower() != "bearer":
        raise PermanentSourceError(
            f"{answer.label}: no token that can be used", code="token_absent", url=answer.label
        )
    try:
        life = float(found["expires_in"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return _Token(str(given), None)
    kept = max(life - min(early, life / 2), 0) if life < _LONGEST else _LONGEST
    return _Token(str(given), asked + timedelta(seconds=kept))


def _with(request: Ask, **headers: str) -> Ask:
    return replace(request, headers={**request.headers, **headers})
