"""What a wall says of itself: read strictly, kept shortly."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ioc.web.live import vouched

LARGEST_PICTURE = 250_000
_KINDS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))

Line = Annotated[str, Field(max_length=600)]
Count = Annotated[int, Field(ge=0, le=10**9)]
Said = Annotated[str, Field(max_length=100)] | int | None
Heard = Annotated[dict[Annotated[str, Field(max_length=20)], Said], Field(max_length=12)]


class Report(BaseModel):
    """The body of `POST /wall/report`; what an older or newer script says besides is left out.

    `scene` is the address of the scene on screen without what orders added to it, `version` its
    data version, `pulse` the milliseconds since the last pulse, `heard` that pulse itself, `heap`
    megabytes of scripts, `skipped` the refreshes and reports that were due while an earlier one was
    unanswered, `clock` the screen's own clock in milliseconds since 1970, `picture` a data address.
    """

    model_config = ConfigDict(extra="ignore")

    lang: Annotated[str, Field(pattern="^(vi|en)$")] = "vi"
    scene: Line = ""
    title: Line = ""
    at: int = Field(default=-1, ge=-1, le=10_000)
    scenes: Count = 0
    state: Annotated[str, Field(pattern="^(good|bad|wait|empty)$")] = "wait"
    why: Line = ""
    version: Count | None = None
    pulse: Count | None = None
    heard: Heard | None = None
    dead: bool = False
    hidden: bool = False
    heap: float | None = Field(default=None, ge=0, le=1e6)
    nodes: Count | None = None
    errors: Count = 0
    error: Line = ""
    skipped: Count = 0
    width: Count = 0
    height: Count = 0
    release: Annotated[str, Field(max_length=40)] = ""
    clock: int | None = Field(default=None, ge=0, le=10**15)
    picture: Annotated[str, Field(max_length=350_000)] | None = None
    form: Annotated[str, Field(pattern="^(drawn|outline|)$")] = ""


def pulse_age(heard: Heard | None, key: str, now: datetime) -> int | None:
    """Milliseconds since a pulse was said, by the server's own clock; None unless a server with
    this `key` said it.

    The screen's word is not enough: whatever stands between may play old pulses to it.
    """
    said = (heard or {}).get("t")
    if heard is None or not isinstance(said, int) or not vouched(heard, key):
        return None
    return max(0, int(now.timestamp() * 1000) - said)


def picture_bytes(address: str | None) -> bytes | None:
    """The picture of a data address; None unless it is a JPEG or PNG of bearable size."""
    if not address:
        return None
    head, _, coded = address.partition(";base64,")
    if head not in ("data:image/jpeg", "data:image/png"):
        return None
    try:
        content = base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        return None
    return content if len(content) <= LARGEST_PICTURE and media_of(content) else None


def media_of(picture: bytes) -> str | None:
    """The kind of a picture by its first bytes."""
    return next((media for first, media in _KINDS if picture.startswith(first)), None)
