"""Loads the verify page: the frozen export of a code, and what became of its figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.times import date_words, moment_words
from ioc.exports.code import shown
from ioc.exports.differing import Differs
from ioc.exports.extract import Kind
from ioc.queries.ask import asking
from ioc.queries.verify import changed_since
from ioc.web.verify_again import again
from ioc.web.verify_answers import (
    SHOWN_CHANGES,
    SHOWN_ROWS,
    Beside,
    FileRef,
    Held,
    Meaning,
    Table,
    Verify,
)
from ioc.web.verify_opening import counter_of

if TYPE_CHECKING:
    from ioc.domain.scope import Scope
    from ioc.domain.view import View
    from ioc.exports.frozen import Thawed
    from ioc.queries.desk import Desk
    from ioc.web.verify_opening import Counter, Opened

BESIDE = "beside"
"""The form of the page that tells cell by cell what its tables show now."""
NOTHING = "–"


def verify_page(desk: Desk, view: View, scope: Scope) -> Verify:
    """The page of an address; raises NoSuchCodeError for a code that opens nothing."""
    if view.verify is None or view.wall:
        with asking(desk, view.but(known_at=None), scope) as ask:
            return Verify(ask.stamp(illustrative=False))
    counter = counter_of(desk)
    opened = counter.open(view.verify, scope)
    frozen = opened.frozen
    since = changed_since(desk, view, scope, frozen.id, frozen.known_at)
    return Verify(
        stamp=since.stamp,
        held=_held(counter, opened),
        changes=since.changes[:SHOWN_CHANGES],
        count=len(since.changes),
        revised=sum(one.formal for one in since.changes),
        looked=since.looked,
        beside=_beside(counter, opened, view, scope) if view.form == BESIDE else None,
    )


def _held(counter: Counter, opened: Opened) -> Held:
    frozen, pieces = opened.frozen, opened.pieces
    code = shown(frozen.code)
    live = counter.router.read(frozen.address)
    root = f"/verify/{code}"
    files = tuple(
        FileRef(one.name, one.form, one.size, one.sha256, f"{root}/files/{at}")
        for at, one in enumerate(opened.files, 1)
    )
    picture = next((one.href for one in files if one.form in ("png", "svg")), None)
    return Held(
        code=code,
        title=frozen.title,
        kind=frozen.kind,
        who=frozen.owner_name,
        made_at=frozen.made_at,
        known_at=frozen.known_at,
        version=frozen.data_version,
        lang=frozen.lang,
        live=live.href(),
        then=live.href(known_at=frozen.known_at),
        illustrative=frozen.illustrative,
        complete=frozen.complete,
        intact=opened.intact,
        data_hash=frozen.data_hash,
        expires_at=frozen.expires_at,
        removed_at=frozen.removed_at,
        picture=f"{picture}?shown=1" if picture else None,
        files=files,
        about=_shared(pieces),
        caveats=_each(words for one in pieces for words in one.words["caveats"]),
        sources=_each(_source(one, frozen.lang) for p in pieces for one in p.words["origins"]),
        meanings=_meanings(pieces),
        tables=tuple(_tables(pieces, frozen.lang)),
        data=f"{root}/data.json" if pieces else None,
    )


def _shared(pieces: Sequence[Thawed]) -> tuple[tuple[str, str], ...]:
    """The filters in words that all pages have."""
    if not pieces:
        return ()
    others = [{tuple(pair) for pair in one.words["about"]} for one in pieces[1:]]
    pairs = [(str(name), str(words)) for name, words in pieces[0].words["about"]]
    return tuple(pair for pair in pairs if all(pair in one for one in others))


def _each(words: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _source(origin: Sequence[Any], lang: str) -> str:
    name, citation, received, _ = origin
    words = f"{name} ({citation})" if citation else str(name)
    if not received:
        return words
    when = moment_words(datetime.fromisoformat(received), lang)
    return say(lang, "verify.strip_source", source=words, when=when)


def _meanings(pieces: Sequence[Thawed]) -> tuple[Meaning, ...]:
    found: dict[str, Meaning] = {}
    for piece in pieces:
        for code, name, meaning, formula, _, _, version in piece.words["definitions"]:
            found.setdefault(code, Meaning(code, name, meaning, formula, version))
    return tuple(found.values())


def _tables(pieces: Sequence[Thawed], lang: str) -> Iterator[Table]:
    many = len(pieces) > 1
    for piece in pieces:
        title = str(piece.figures["title"])
        for sheet, words in zip(piece.figures["sheets"], piece.words["sheets"], strict=True):
            above = f"{title}: {sheet['title']}" if many else str(sheet["title"])
            yield _table(above, sheet, words, lang)


def _table(title: str, sheet: Mapping[str, Any], words: Mapping[str, Any], lang: str) -> Table:
    kinds = [Kind(kind) for _, kind, _ in sheet["columns"]]
    places = [given for _, given in words["columns"]]
    heads = [
        f"{name} ({unit})" if unit and unit not in name else name
        for (name, _), (_, _, unit) in zip(words["columns"], sheet["columns"], strict=True)
    ]
    of_rows, all_rows = words.get("places") or (), sheet["rows"]

    def cell(row: int, at: int) -> str:
        own = of_rows[row] if row < len(of_rows) else None
        decimals = places[at] if places[at] is not None else own
        return in_words(all_rows[row][at], kinds[at], decimals, lang)

    shared, told = _same_everywhere(all_rows, len(heads))
    return Table(
        title=title,
        subtitle=str(words["subtitle"]),
        shared=tuple((heads[at], cell(0, at)) for at in shared),
        heads=tuple(heads[at] for at in told),
        numbers=tuple(kinds[at] in (Kind.WHOLE, Kind.DECIMAL) for at in told),
        rows=tuple(
            tuple(cell(row, at) for at in told) for row in range(min(len(all_rows), SHOWN_ROWS))
        ),
        more=max(0, len(all_rows) - SHOWN_ROWS),
        missing=str(sheet["missing"]),
    )


def _same_everywhere(rows: Sequence[Sequence[Any]], width: int) -> tuple[list[int], list[int]]:
    """The columns that say the same in every row, and those worth a column; empty ones in none."""
    shared, told = [], []
    for at in range(width):
        values = {str(row[at]) for row in rows if row[at] not in (None, "")}
        if len(rows) > 1 and len(values) == 1 and all(row[at] not in (None, "") for row in rows):
            shared.append(at)
        elif values or not rows:
            told.append(at)
    return (shared, told) if told else ([], shared)


def in_words(value: object, kind: Kind | None, places: int | None, lang: str) -> str:
    """A canonical cell as people read it; `–` where there is no figure."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, int):
        return number(value, lang)
    text = str(value)
    if kind is Kind.DECIMAL:
        exact = Fraction(text)
        if places is None:
            return number(exact, lang, 6, trim=True)
        return number(exact, lang, places)
    if kind is Kind.DATE:
        return date_words(date.fromisoformat(text[:10]), lang)
    if kind is Kind.MOMENT:
        return moment_words(datetime.fromisoformat(text), lang)
    return text


def _beside(counter: Counter, opened: Opened, view: View, scope: Scope) -> tuple[Beside, ...]:
    done = again(counter, opened, scope, now=True)
    gone = [Beside(title) for title in done.gone]
    names = columns_of(opened.pieces)
    # When a figure was received is no figure: it is other with every reading of a source.
    figures = (
        one
        for one in done.differs
        if names.get((one.sheet, one.column), ("", None))[1] is not Kind.MOMENT
    )
    return (*(in_line(one, names, view.lang) for one in figures), *gone)


def columns_of(pieces: Sequence[Thawed]) -> dict[tuple[str, str], tuple[str, Kind, int | None]]:
    """The words, kind and decimals of each column by the title of its sheet and its key."""
    return {
        (sheet["title"], key): (name, Kind(kind), places)
        for piece in pieces
        for sheet, words in zip(piece.figures["sheets"], piece.words["sheets"], strict=True)
        for (key, kind, _), (name, places) in zip(sheet["columns"], words["columns"], strict=True)
    }


def in_line(
    one: Differs, names: Mapping[tuple[str, str], tuple[str, Kind, int | None]], lang: str
) -> Beside:
    """A difference in words."""
    name, kind, places = names.get((one.sheet, one.column), (one.column, None, None))
    if not one.column:
        return Beside(one.sheet, one.row)
    then, now = (in_words(value, kind, places, lang) for value in (one.then, one.now))
    if then == now and kind is Kind.DECIMAL:
        then, now = (in_words(value, kind, None, lang) for value in (one.then, one.now))
    return Beside(one.sheet, one.row, name, then, now)
