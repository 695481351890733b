"""A certificate authority of a private network, made for one test, and servers that use it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Certificate:
    """A certificate with its chain, and its key, as PEM files."""

    certificate: Path
    key: Path

    def context(self, callers: Path | None = None) -> ssl.SSLContext:
        """A server's settings; with `callers`, whoever calls must show a certificate of these."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        if callers is not None:
            context.load_verify_locations(callers)
            context.verify_mode = ssl.CERT_REQUIRED
        return context


@dataclass
class Authority:
    """Issues certificates into a folder; `file` is the authority's own certificate."""

    folder: Path
    _made: trustme.CA = field(default_factory=trustme.CA)

    @property
    def file(self) -> Path:
        """The PEM file that a source names as `ca`."""
        path = self.folder / "ca.pem"
        self._made.cert_pem.write_to_path(str(path))
        return path

    def issue(self, *names: str, until: datetime | None = None) -> Certificate:
        """A certificate for these names, good until a moment."""
        made = (
            self._made.issue_cert(*names, not_after=until)
            if until
            else self._made.issue_cert(*names)
        )
        at = len(list(self.folder.glob("*-key.pem")))
        certificate, key = self.folder / f"{at}-cert.pem", self.folder / f"{at}-key.pem"
        for blob in made.cert_chain_pems:
            blob.write_to_path(str(certificate), append=True)
        made.private_key_pem.write_to_path(str(key))
        return Certificate(certificate, key)
