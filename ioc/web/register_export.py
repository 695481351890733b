"""The items that pass a list's filters as a file: all of them, sent as they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Response, request

from ioc.domain.messages import explain_error, say
from ioc.domain.register import Register
from ioc.domain.times import moment_words
from ioc.domain.view import LANGUAGES, View
from ioc.errors import AddressError, NotAllowedError
from ioc.exports.csv_pack import heading
from ioc.exports.table import Table, to_csv, to_lines
from ioc.queries.ask import Ask, asking
from ioc.queries.register_list import FARTHEST, following
from ioc.queries.register_list_choice import asked, register_of
from ioc.web.export import file_name
from ioc.web.extracting_items import item_columns, item_values
from ioc.web.pinning import pinned
from ioc.web.router import read_address
from ioc.web.viewer import scope_of

if TYPE_CHECKING:
    from flask import Flask

    from ioc.queries.desk import Desk


def add_register_export(server: Flask, desk: Desk) -> None:
    """Add the routes; they ask what the page asks, under the same scope."""

    @server.get("/register/<register_key>.csv")
    def register_csv(register_key: str) -> Response:
        """`?address=/register/task?unit=38`: every item that passes, up to FARTHEST."""

        def made(view: View) -> Response:
            held = pinned(desk.engine, view).view
            lines = _lines(desk, held, view)
            answer = Response(_sent(lines), mimetype="text/csv")
            name = file_name(f"{register_key} {view.unit}", desk)
            answer.headers["Content-Disposition"] = f"attachment; filename={quote(name)}"
            return answer

        return answered(lambda: read_address(request.args.get("address", "")), register_key, made)


def answered(
    read: Callable[[], View], register_key: str, made: Callable[[View], Response]
) -> Response:
    """What is made of an address, or why it means nothing."""
    lang = request.args.get("lang", "")
    lang = lang if lang in LANGUAGES else LANGUAGES[0]
    try:
        view = read()
        lang = view.lang
        return made(view.but(page="register", register=register_key))
    except (AddressError, NotAllowedError) as error:
        return Response(explain_error(lang, error), 404, mimetype="text/plain")


def _sent(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The lines, of which the first is asked for at once: a wrong address is a 404 then."""
    first = next(lines)

    def all_of_them() -> Iterator[bytes]:
        yield first
        yield from lines

    return all_of_them()


def _lines(desk: Desk, held: View, view: View) -> Iterator[bytes]:
    lang = view.lang
    with asking(desk, held, scope_of(request)) as ask:
        register = register_of(desk, held)
        meant = asked(ask, register)
        head = Table(_about(ask, register, view, [one.words for one in meant.filters]),
                     tuple(heading(one) for one in item_columns(register, lang)), ())  # fmt: skip
        yield to_csv(head, lang)
        for rows in following(ask, register, meant.choice):
            yield to_lines((item_values(register, one, lang) for one in rows), lang)


def _about(
    ask: Ask, register: Register, view: View, filters: list[str]
) -> tuple[tuple[str, str], ...]:
    lang = view.lang
    made_up = any(fact.illustrative for fact in ask.sources.values())
    stamp = ask.stamp(illustrative=made_up)
    cut = say(lang, "register.file_cut", count=FARTHEST)
    lines = [
        ("mark", say(lang, "register.file_mark_some") if made_up else ""),
        ("title", register.name.say(lang)),
        ("unit", ask.units.by_key(view.unit).name_in(lang)),
        ("filters", "; ".join(filters)),
        ("as_of", moment_words(stamp.told_at, lang)),
        ("version", str(stamp.data_version)),
        ("address", view.href()),
        ("rows", cut),
        ("format", say(lang, "register.file_format_words")),
    ]
    return tuple((say(lang, f"register.file_{key}"), words) for key, words in lines if words)
