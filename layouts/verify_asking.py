"""Asking for an export: by its code, or by a file that somebody has."""

from __future__ import annotations

import json

from dash import dcc, html

from ioc.domain.messages import say
from ioc.domain.view import View
from ioc.web.verify_answers import LARGEST_FILE, Held
from layouts import cards
from layouts.attributes import attributes

_WORDS = (
    "file_label", "file_pick", "file_no", "file_go", "file_going", "file_failed", "file_none",
    "file_beside", "file_open", "file_sha", "picture_words",
)  # fmt: skip


def code_card(view: View) -> html.Section:
    """The field for a code; it is sent as an address, so that it works without any script."""
    lang = view.lang
    field = [
        html.Label(say(lang, "verify.code_label"), htmlFor="verify-code"),
        dcc.Input(
            id="verify-code",
            name="verify",
            type="text",
            maxLength=60,
            autoComplete="off",
            spellCheck="false",
            placeholder="7K3M-0QXD-P9TW",
            className="verify-code-field",
        ),
        html.P(say(lang, "verify.code_hint"), className="verify-hint"),
    ]
    kept = [dcc.Input(type="hidden", name="lang", value=lang)] if lang != View().lang else []
    send = html.Button(say(lang, "verify.code_go"), type="submit", className="act is-first")
    form = html.Form([*field, *kept, send], action="/verify", method="GET", className="verify-form")
    return cards.panel(say(lang, "verify.code_title"), form, className="verify-ask")


def file_card(view: View, held: Held | None = None) -> html.Section | None:
    """The place of the file field, which assets/verify.js puts there; nothing for what expired."""
    if held is not None and (held.removed_at is not None or not held.files):
        return None
    lang = view.lang
    words = {name: say_raw(lang, name) for name in _WORDS}
    words["too_large"] = say(lang, "verify.file_too_large", megabytes=LARGEST_FILE >> 20)
    form = html.Form(
        [],
        className="verify-form verify-file",
        **attributes(
            data_words=json.dumps(words, ensure_ascii=False),
            data_lang=lang,
            data_bytes=str(LARGEST_FILE),
            data_code=held.code if held else "",
        ),
    )
    said = html.Div([], className="verify-said", role="status")
    title = say(lang, "verify.file_title_of" if held else "verify.file_title")
    return cards.panel(
        title, [form, said], say(lang, "verify.file_subtitle"), className="verify-ask"
    )


def say_raw(lang: str, name: str) -> str:
    """A sentence whose gaps a script fills."""
    gaps = {gap: "{" + gap + "}" for gap in ("reason", "code", "title")}
    return say(lang, f"verify.{name}", **gaps)
