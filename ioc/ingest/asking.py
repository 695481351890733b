"""What every kind of source that asks over HTTP lets be declared, and how it then asks."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, field_validator

from ioc.ingest.body import Answer
from ioc.ingest.connector import Tools
from ioc.ingest.http import Ask, Limits, Retry, ask


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
    limits: LimitsConfig = Field(
        default=LimitsConfig(), description="What one request may take before it is cut."
    )
    attempts: int = Field(
        default=3, ge=1, le=10, description="Tries for time-outs, broken connections, 429 and 5xx."
    )

    @field_validator("url")
    @classmethod
    def _address(cls, given: str) -> str:
        if not given.lower().startswith(("http://", "https://")):
            raise ValueError("an address beginning with http:// or https://")
        return given.rstrip("/")

    @field_validator("headers")
    @classmethod
    def _plain(cls, given: dict[str, str]) -> dict[str, str]:
        for name, text in given.items():
            if not (name + text).isascii() or not (name + text).isprintable():
                raise ValueError("headers of plain letters, digits and signs")
        return given

    def ask(self, request: Ask, tools: Tools) -> Answer:
        """Send a request within these limits and the run's deadline; raises SourceError."""
        return ask(
            tools.client,
            request,
            limits=self.limits.limits,
            retry=Retry(self.attempts),
            deadline=tools.deadline,
            sleep=tools.sleep,
            now=tools.now,
        )
