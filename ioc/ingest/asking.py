"""What every kind of source that asks over HTTP lets be declared, and how it then asks."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from ioc.errors import PermanentSourceError
from ioc.ingest.auth import Access, Auth, OAuth2Auth
from ioc.ingest.body import Answer, read_json
from ioc.ingest.connector import Reach, Tools
from ioc.ingest.http import Ask, Limits, Retry
from ioc.ingest.reach import Host, Tls, reach_of, web_address


class LimitsConfig(BaseModel):
    """Seconds and megabytes for one request."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    connect: float = Field(default=5, gt=0, le=60, description="Seconds to connect.")
    read: float = Field(default=20, gt=0, le=300, description="Seconds without a byte.")
    total: float = Field(default=60, gt=0, le=3600, description="Seconds for one request in all.")
    megabytes: float = Field(
        default=50, gt=0, le=1024, description="Size of one answer, unpacked, in megabytes."
    )

    @property
    def limits(self) -> Limits:
        """The same as the client takes it."""
        return Limits(self.connect, self.read, self.total, int(self.megabytes * 2**20))


class Asking(BaseModel):
    """The settings of a source that is asked over HTTP, whatever it answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(
        description="The address of the server, http or https, without the part of its interface."
    )
    headers: dict[str, str] = Field(
        default_factory=dict,
        description="Headers sent with every request, such as Authorization; "
        "tokens come from ${env:NAME}.",
    )
    auth: Auth | None = Field(
        default=None, description="Who asks; nobody in particular if not given."
    )
    hosts: tuple[Host, ...] = Field(
        default=(),
        description="Further hosts, or host:port, that answers may lead to: redirects and links to "
        "a next page. Those of the source's own addresses need not be named; all others are "
        "refused.",
    )
    tls: Tls | None = Field(default=None, description="Certificates of a private network.")
    limits: LimitsConfig = Field(
        default=LimitsConfig(), description="What one request may take before it is cut."
    )
    attempts: int = Field(
        default=3, ge=1, le=10, description="Tries for time-outs, broken connections, 429 and 5xx."
    )

    @field_validator("url")
    @classmethod
    def _address(cls, given: str) -> str:
        return web_address(given).rstrip("/")

    @field_validator("headers")
    @classmethod
    def _plain(cls, given: dict[str, str]) -> dict[str, str]:
        for name, text in given.items():
            if not (name + text).isascii() or not (name + text).isprintable():
                raise ValueError("headers of plain letters, digits and signs")
        return given

    def access(self, tools: Tools) -> Access:
        """How this run asks: under the declared name, within these limits."""
        return Access(self.auth, tools, self.limits.limits, Retry(self.attempts), self.own())

    def ask(self, request: Ask, tools: Tools) -> Answer:
        """Send a request within these limits and the run's deadline; raises SourceError."""
        return self.access(tools).ask(request)

    def reach(self, home: Path) -> Reach:
        """The hosts and certificates that are declared."""
        return reach_of(self.addresses(), self.hosts, self.tls, home)

    def own(self) -> str:
        """The address that is connected to, and that the declared name is for."""
        return self.url

    def addresses(self) -> list[str]:
        """The addresses of the source's own that are asked."""
        return [self.own(), *([self.auth.token_url] if isinstance(self.auth, OAuth2Auth) else [])]


def json_answer(answer: Answer) -> object:
    """The JSON of an answer, whatever its status; one that is not data is its status's failure.

    Raises PermanentSourceError.
    """
    try:
        return read_json(answer)
    except PermanentSourceError:
        if answer.status < 400:
            raise
        code = "http_refused" if answer.status in (401, 403) else "http_status"
        raise PermanentSourceError(
            f"{answer.label} answered {answer.status}",
            code=code,
            url=answer.label,
            status=answer.status,
        ) from None
