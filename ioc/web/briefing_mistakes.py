"""What is wrong with a briefing that a person put together, in the words of the page it stands on.

A file's mistake names a field as it is written there; a page has labels, and its reader no YAML.
"""

from __future__ import annotations

import re

from ioc.domain.messages import explain_error, say
from ioc.errors import BriefingError

_SECTION = re.compile(r"sections\[(\d+)\]")
_NAMES = re.compile(r"[a-z_]+")
_IN_SECTIONS = frozenset({"title", "address", "text", "most"})
_GENERAL = frozenset({"title", "forms", "period"})
_HEADING = frozenset({"authority", "office", "symbol", "place", "signer_title", "signer"})
_OTHER = frozenset({"day", "at", "hours", "folder", "mail", "recipients"})


def mistake_words(error: BriefingError, lang: str) -> str:
    """`Lúc: “25:00” không dùng được. Cần giờ và phút, như 07:30.`; names the section, if in one.

    What has no field on the page is told as for a file.
    """
    field = str(error.params["field"])
    given = str(error.params["given"])[1:-1]  # as Python writes it, in quotes
    label, needed = _of_page(field)
    if not label:
        return explain_error(lang, error)
    where = say(lang, f"briefing.{label}")
    number = _SECTION.match(field)
    if number is not None:
        where = f"{say(lang, 'briefing.section_number', number=number[1])} › {where}"
    words = say(lang, f"briefing.needs_{needed}")
    # The rule that ties a weekday to its week is one of the whole schedule, and nothing and a list
    # are not what was typed.
    if field == "schedule" or not given.strip() or given[0] in "[(":
        return say(lang, "briefing.mistake_alone", where=where, needed=words)
    return say(lang, "briefing.mistake", where=where, given=given, needed=words)


def _of_page(field: str) -> tuple[str, str]:
    """The label of a field, and of what it needs; twice nothing where the page has none."""
    name = _NAMES.findall(field)[-1]
    if field == "schedule":
        return "day", "day"
    if field.startswith("sections[") and name in _IN_SECTIONS:
        return f"section_{name}", "line" if name == "title" else name
    if field.startswith("heading.") and name in _HEADING:
        return f"heading_{name}", "line"
    if field == name and name in _GENERAL:
        return f"field_{name}", name
    if field.startswith(("schedule.", "waiting.", "deliver.", "heading.")) and name in _OTHER:
        return ("heading_recipients" if name == "recipients" else name), name
    return "", ""
