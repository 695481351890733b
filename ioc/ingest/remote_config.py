"""The settings of a folder on an SFTP server, and the key by which the server is known."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

_FINGERPRINT = re.compile(r"^SHA256:[A-Za-z0-9+/]{43}=?$")


class Remote(BaseModel):
    """A folder reached by SFTP."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1, description="Name or address of the SFTP server.")
    port: int = Field(default=22, ge=1, le=65535, description="Its port.")
    user: str = Field(min_length=1, description="The account.")
    password: str = Field(
        default="",
        description="The account's password, as ${env:NAME} or ${file:/path}.",
        repr=False,
    )
    key_file: str | None = Field(
        default=None,
        description="File with the account's private key, not protected by a password; a path "
        "inside the home directory, or a whole path.",
    )
    host_key: str = Field(
        description="The server's own key, as its administrator gives it: a fingerprint "
        "SHA256:... (ssh-keygen -lf), or a line of known_hosts. A server with another key is "
        "refused.",
    )
    folder: str = Field(
        min_length=1, description="The watched folder on the server, as its account sees it."
    )
    after: Literal["move", "keep"] = Field(
        default="move",
        description="move: a file goes to processed/ or rejected/ beside it, with its report; "
        "keep: nothing is changed on the server, and what was read is remembered by name, size "
        "and time.",
    )
    connect: float = Field(default=10, gt=0, le=60, description="Seconds to connect and log in.")
    read: float = Field(default=20, gt=0, le=120, description="Seconds between two answers.")
    total: float = Field(default=300, gt=0, le=3600, description="Seconds in all.")

    @field_validator("host_key")
    @classmethod
    def _known(cls, given: str) -> str:
        declared_key(given)
        return given

    @model_validator(mode="after")
    def _one_way_in(self) -> Remote:
        if bool(self.password) == bool(self.key_file):
            raise ValueError("exactly one of password, key_file")
        return self

    @property
    def where(self) -> str:
        """The server as it may be shown."""
        return f"sftp://{self.host}:{self.port}"


def fingerprint(blob: bytes) -> str:
    """A public key's fingerprint, as ssh-keygen tells it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def declared_key(given: str) -> tuple[str, Callable[[bytes], bool]]:
    """The kind of the declared key, where it says one, and whether a key is the declared one.

    Raises ValueError when it is neither a fingerprint nor a key.
    """
    text = given.strip()
    if _FINGERPRINT.match(text):
        return "", lambda blob: fingerprint(blob) == text.rstrip("=")
    parts = text.split()
    at = next((i for i, one in enumerate(parts) if one.startswith(("ssh-", "ecdsa-"))), None)
    if at is not None and at + 1 < len(parts):
        try:
            wanted = base64.b64decode(parts[at + 1], validate=True)
        except (binascii.Error, ValueError):
            wanted = b""
        if wanted[4 : 4 + len(parts[at])] == parts[at].encode():
            return parts[at], lambda blob: blob == wanted
    raise ValueError("a fingerprint SHA256:... or a line of known_hosts")
