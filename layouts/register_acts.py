"""What a person may do to an item: the words and choices of the form that the browser makes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from dash import html

from ioc.domain.messages import say
from ioc.domain.register import Kind
from ioc.domain.view import View
from ioc.queries.register_answers import ItemDetail
from layouts import cards
from layouts.attributes import attributes

LONGEST_WHY = 1000
LONGEST_NAME = 80
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WORDS = (
    "act_open", "act_kind", "act_of_state", "act_of_edit", "act_of_note", "act_to", "act_field",
    "act_value", "act_value_none", "act_name", "act_why", "act_why_hint", "act_evidence",
    "act_send", "act_done", "act_failed", "act_need_name", "act_need_why", "act_day", "yes", "no",
)  # fmt: skip


def panel(answer: ItemDetail, view: View) -> html.Section | None:
    """The place of the form; a wall has no hands, and the past cannot be acted on.

    assets/registers.js makes it, so that what is typed outlives a redraw.
    """
    if view.wall or view.known_at is not None:
        return None
    lang, register, row = view.lang, answer.register, answer.row
    moves = [
        {"code": one.code, "words": one.name.say(lang), "phase": one.phase.value}
        for one in answer.moves
    ]
    fields = [
        {
            "name": one.name,
            "words": one.label.say(lang),
            "kind": one.kind.value,
            "choices": [[choice.code, choice.name.say(lang)] for choice in one.choices],
            "hint": say(lang, f"register.write_{one.kind.value}"),
        }
        for one in register.fields
        if one.kind is not Kind.PLACE
    ]
    words = {name: say(lang, f"register.{name}") for name in _WORDS}
    host = html.Div(
        id="item-act",
        **attributes(
            data_register=register.key,
            data_item=row.key,
            data_seen=str((row.recorded_at - _EPOCH) // timedelta(microseconds=1)),
            data_lang=lang,
            data_done=register.done or "",
            data_most=LONGEST_WHY,
            data_most_name=LONGEST_NAME,
            data_moves=json.dumps(moves, ensure_ascii=False),
            data_fields=json.dumps(fields, ensure_ascii=False),
            data_words=json.dumps(words, ensure_ascii=False),
        ),
    )
    return cards.panel(
        say(lang, "register.act"), host, say(lang, "register.act_line"), className="item-acts"
    )
