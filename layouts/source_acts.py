"""What a person may ask of the pollers, and the words of the forms that the browser makes."""

from __future__ import annotations

from dash import html

from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.queries.source_answers import SourceRow
from layouts import cards
from layouts.attributes import attributes

_WORDS = (
    "name",
    "need_name",
    "failed",
    "cancel",
    "send",
    "asked_slow",
    "asked_none",
    "result_rows",
)
_HELD = (
    "confirm", "refuse", "confirm_title", "refuse_title", "confirm_hint", "refuse_hint", "note",
    "note_required", "need_note", "col_given", "col_standing",
)  # fmt: skip
REGISTER = "register"
"""The connector of a source that nobody reads: figures counted from a register's items."""
LONGEST_NOTE = 1000
LONGEST_NAME = 80


def panel(row: SourceRow, view: View) -> html.Section | None:
    """The buttons and the place of recent requests; a wall has no hands.

    Nobody polls the source that stands for a register: it is counted when items change.

    assets/sources.js fills the list: what pollers do changes no figure, so no page is drawn anew
    for it, and what is typed outlives a page that is.
    """
    if view.wall or row.connector == REGISTER:
        return None
    lang = view.lang
    buttons = [
        html.Button(
            say(lang, f"sources_page.{kind}"),
            type="button",
            title=say(lang, f"sources_page.{kind}_hint"),
            className="btn btn-outline-primary btn-sm source-ask",
            **attributes(data_kind=kind, data_source=row.name),
        )
        for kind in ("retry", "dry")
    ]
    words = {name: say(lang, f"sources_page.{name}", count="{count}") for name in _WORDS}
    words |= {f"held_{name}": say(lang, f"held.{name}") for name in _HELD}
    asked = html.Div(
        id="source-asked",
        className="source-asked",
        **attributes(
            data_source=row.name,
            data_lang=lang,
            data_most=LONGEST_NOTE,
            data_most_name=LONGEST_NAME,
            **{f"data_say_{name}": text for name, text in words.items()},
        ),
    )
    return cards.panel(
        say(lang, "sources_page.acts"),
        [
            html.Div(buttons, className="source-buttons"),
            html.H3(say(lang, "sources_page.asked"), className="source-asked-title"),
            asked,
        ],
        say(lang, "sources_page.acts_line"),
        className="acts-card",
    )
