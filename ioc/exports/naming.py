"""Names of exported files: of our own making, whatever units and pages are called."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from urllib.parse import quote

from ioc.domain.view import ZONE
from ioc.exports.form import Form

LONGEST = 60
LONGEST_LABEL = 120
_UNSAFE = re.compile(r'[\\/:*?"<>|%\x00-\x1f\x7f]+')


def file_name(words: str, code: str, made_at: datetime, form: Form) -> str:
    """ASCII letters, digits and hyphens: what it shows, the day, and the end of its code."""
    flat = unicodedata.normalize("NFD", words.replace("đ", "d").replace("Đ", "D"))
    slug = re.sub(r"[^a-z0-9]+", "-", flat.encode("ascii", "ignore").decode().lower())
    day = made_at.astimezone(ZONE)
    kept = slug.strip("-")[:LONGEST].strip("-") or "trang"
    return f"ioc-{kept}-{day:%Y%m%d}-{code[-4:].lower()}.{form.value}"


def disposition(name: str, label: str) -> str:
    """The header that names a download: `name` for all, `label` as people read it (RFC 5987).

    Of the label only letters, digits, spaces and harmless signs are left: no path, no control or
    invisible character, nothing that turns the direction of writing.
    """
    composed = unicodedata.normalize("NFC", _UNSAFE.sub(" ", label))
    seen = "".join(one for one in composed if not unicodedata.category(one).startswith("C"))
    ending = name.rpartition(".")[2]
    read = " ".join(seen.split()).strip(". ")[:LONGEST_LABEL].strip(". ")
    if not read:
        return f'attachment; filename="{name}"'
    named = quote(f"{read} ({name.rpartition('.')[0][-13:]}).{ending}", safe="")
    return f"attachment; filename=\"{name}\"; filename*=UTF-8''{named}"
