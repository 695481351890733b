"""Where a source may be reached: its declared hosts and certificates, and the client for it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import httpx
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ioc.ingest.client import open_client
from ioc.ingest.connector import Connector, Reach, Reaching
from ioc.ingest.source import Source


class Tls(BaseModel):
    """Certificates of a private network: whom to trust besides the system's authorities."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ca: str | None = Field(
        default=None,
        description="PEM file with the authorities of a private network, besides those of the "
        "system; a path inside the home directory, or a whole path.",
    )
    certificate: str | None = Field(
        default=None,
        description="PEM file with the certificate that this side shows to a server that asks who "
        "is calling (mTLS).",
    )
    key: str | None = Field(
        default=None,
        description="PEM file with that certificate's key, not protected by a password; may stand "
        "in the same file.",
    )

    @model_validator(mode="after")
    def _pair(self) -> Tls:
        if self.key is not None and self.certificate is None:
            raise ValueError("key only together with certificate")
        return self


def _host(given: str) -> str:
    text = given.strip().lower()
    if not text or any(sign in text for sign in "/@?#{}* "):
        raise ValueError("a host, or host:port, such as portal.example.gov.vn")
    return text


Host = Annotated[str, AfterValidator(_host)]
"""A host's name or address as a source declares it; `host:port` allows that port only."""


def web_address(given: str) -> str:
    """An address of http or https whose host is written out; ValueError for any other."""
    if not given.lower().startswith(("http://", "https://")):
        raise ValueError("an address beginning with http:// or https://")
    host = given.split("//", 1)[1].split("/", 1)[0].split("?", 1)[0]
    if "@" in host or "{" in host or not host:
        raise ValueError("an address with its host written out, without a user name")
    return given


WebAddress = Annotated[str, AfterValidator(web_address)]


def reach_of(addresses: Iterable[str], hosts: Iterable[str], tls: Tls | None, home: Path) -> Reach:
    """The hosts of a source's own addresses and those it lists, with its certificates."""
    own = dict.fromkeys(httpx.URL(one).host for one in addresses)
    declared = tuple(dict.fromkeys((*own, *hosts)))
    if tls is None:
        return Reach(declared)
    files = (home / one if one else None for one in (tls.ca, tls.certificate, tls.key))
    return Reach(declared, *files)


def client_for(
    source: Source, connector: Connector, home: Path, allowed: Iterable[str]
) -> httpx.Client:
    """The client of one run: it reaches the hosts that the source declares and no others.

    Private addresses need the administrator's list `allowed` besides. Raises SourceError.
    """
    reach = connector.reach(source.config, home) if isinstance(connector, Reaching) else Reach()
    return open_client(
        allowed,
        secrets=source.secrets,
        declared=reach.hosts or None,
        ca_file=reach.ca_file,
        certificate=reach.certificate,
        key=reach.key,
    )
