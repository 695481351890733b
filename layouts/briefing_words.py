"""The words that the scripts of briefings put on the screen."""

from __future__ import annotations

import json
from typing import Any

from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import say, sentences
from ioc.domain.view import View
from layouts import states
from layouts.attributes import attributes

_ELSEWHERE = ("mail_", "cover_", "column_", "reason_", "step_", "late_", "changes_", "folder_")
"""Words of files and messages, which no script needs; `late_say` and its like are kept."""
_KEPT = ("late_say", "late_wait", "mail_closed", "mail_domains", "folder_hint")


def words(lang: str) -> str:
    """The words as JSON, by their keys without the file's name."""
    mine = {
        key.removeprefix("briefing."): text
        for key, text in sentences(lang).items()
        if key.startswith("briefing.")
    }
    kept = {
        key: text for key, text in mine.items() if key in _KEPT or not key.startswith(_ELSEWHERE)
    }
    return json.dumps(kept, ensure_ascii=False)


def place(name: str, view: View, children: list[Component], **data: Any) -> html.Div:
    """The part of a page that its script fills, with the words it needs."""
    said = html.P(id="briefing-said", className="console-said", role="status")
    return html.Div(
        [*children, said, html.Div(id="briefing-place")],
        id=name,
        className="page page-briefing",
        **attributes(data_words=words(view.lang), data_lang=view.lang, **data),
    )


def wall(view: View) -> Component:
    """Walls have no hands."""
    lang = view.lang
    empty = states.blank(say(lang, "briefing.title"), say(lang, "briefing.wall"), sign="⊘")
    return html.Section(empty, className="card-box")
