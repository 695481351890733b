"""The pages of a bound briefing that no page of the product shows, as HTML for the drawer.

Cover, contents, sections of text and tables, what is missing, and the feet of all pages. Styles
stand in assets/print.css, typeface and colours in assets/tokens.css; every text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from ioc.domain.messages import say
from ioc.exports.extract import Sheet
from ioc.exports.provenance import Strip, qr_svg
from ioc.exports.report_words import place_date
from ioc.exports.slides_grid import Cell, Grid, grid_of
from ioc.exports.slides_text import clean

if TYPE_CHECKING:
    from ioc.exports.paper_sheaf import Binder, Sheaf
    from ioc.exports.report_parts import Part

_DOCUMENT = """<!DOCTYPE html>
<html lang="{lang}" data-bs-theme="light" data-status="200" data-still="0" class="{look}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="stylesheet" href="/assets/tokens.css">
<link rel="stylesheet" href="/assets/print.css">
<link rel="stylesheet" href="/assets/typeface.css">
</head>
<body class="paper"><div id="page">{body}</div></body>
</html>"""
_ONE_LINE = 14
"""Letters of a cell that is not broken, such as a day, a code or a state."""
_KEPT_LATE = 12
"""Late data that a cover names before it counts the others."""


def front(binder: Binder, pages: Sequence[int]) -> str:
    """Cover and contents; `pages` are the page numbers on which the sections begin."""
    return _document(binder.lang, binder.title, _cover(binder) + _contents(binder, pages))


def section(sheaf: Sheaf, number: int, lang: str) -> str:
    """A section of text and tables, or the page that says why a section is missing."""
    if sheaf.part is None or sheaf.part.missing:
        said = sheaf.missing or (sheaf.part.missing if sheaf.part else "")
        body = _missing(sheaf.title, number, said, lang)
    else:
        body = _part(sheaf.part, sheaf.title, number, lang)
    return _document(lang, sheaf.title, f'<article class="paper-section">{body}</article>')


def feet(strip: Strip, numbers: Iterable[int], of: int) -> str:
    """One empty page for each of `numbers`, with nothing but its foot, to be laid over a page."""
    lang = strip.lang
    mark = f'<b class="paper-mark">{_text(strip.mark)}</b>' if strip.mark else ""
    known = dict(strip.about).get(say(lang, "verify.strip_known_at"), "")
    words = say(lang, "paper.foot", code=strip.shown_code, title=strip.title)
    as_of = say(lang, "paper.foot_known", moment=known) if known else ""
    left = " · ".join(one for one in (words, as_of) if one)
    pages = "".join(
        f'<section class="paper-foot-page"><p class="paper-foot"><span>{_text(left)}</span>{mark}'
        f'<span class="paper-number">{_text(say(lang, "paper.number", page=one, pages=of))}</span>'
        "</p></section>"
        for one in numbers
    )
    return _document(lang, strip.title, pages, look="is-feet")


def _document(lang: str, title: str, body: str, look: str = "") -> str:
    return _DOCUMENT.format(lang=lang, title=_text(title), body=body, look=look)


def _text(words: str) -> str:
    """Words as HTML: escaped, and without what no document can hold."""
    return escape(clean(words))


def _cover(binder: Binder) -> str:
    lang, strip, heading = binder.lang, binder.strip, binder.heading
    office = "".join(
        f'<p class="{look}">{_text(words)}</p>'
        for look, words in (
            ("paper-authority", heading.authority),
            ("paper-office", heading.office),
        )
        if words
    )
    kind = f'<p class="paper-kind">{_text(say(lang, "paper.kind"))}</p>'
    under = "".join(f"<p>{_text(one)}</p>" for one in (binder.unit, binder.period) if one)
    mark = f'<p class="paper-mark">{_text(strip.mark)}</p>' if strip.mark else ""
    day = _text(place_date(heading.place, binder.day, lang))
    return (
        f'<article class="paper-cover"><header>{office or _brand(lang)}</header>'
        f'<div class="paper-title">{kind}<h1>{_text(binder.title)}</h1>'
        f'<div class="paper-under">{under}</div>{mark}</div>'
        f'<div class="paper-state">{_completeness(binder)}{_late(binder)}</div>'
        f'<p class="paper-day">{day}</p>{_strip(strip)}</article>'
    )


def _brand(lang: str) -> str:
    return f'<p class="paper-office">{_text(say(lang, "web.product"))}</p>'


def _completeness(binder: Binder) -> str:
    lang, wanted = binder.lang, len(binder.sheaves)
    missing = [one for one in binder.sheaves if one.absent or one.lacks]
    done = wanted - len(missing)
    if not missing:
        words = say(lang, "paper.complete", done=done, wanted=wanted)
        return f'<p class="paper-whole">{_text(words)}</p>'
    words = say(lang, "paper.incomplete", done=done, wanted=wanted)
    told = [
        say(lang, "paper.absent", title=one.title, reason=one.absent or one.lacks)
        for one in missing
    ]
    rows = "".join(f"<li>{_text(words)}</li>" for words in told)
    return f'<div class="paper-partial"><p>{_text(words)}</p><ul>{rows}</ul></div>'


def _late(binder: Binder) -> str:
    if not binder.late:
        return ""
    rows = [_text(one) for one in binder.late[:_KEPT_LATE]]
    rest = len(binder.late) - _KEPT_LATE
    if rest > 0:
        rows.append(_text(say(binder.lang, "paper.late_more", rest=rest)))
    listed = "".join(f"<li>{one}</li>" for one in rows)
    title = _text(say(binder.lang, "paper.late"))
    return f'<div class="paper-late"><p>{title}</p><ul>{listed}</ul></div>'


def _strip(strip: Strip) -> str:
    lines = "".join(f"<p>{_text(one)}</p>" for one in strip.lines)
    code = qr_svg(strip.address_of_verify)
    return (
        f'<footer class="paper-strip"><div class="drawing-code">{code}</div>'
        f"<div>{lines}<p><b>{_text(strip.invitation)}</b></p>"
        f"<p>{_text(strip.address_of_verify)}</p></div></footer>"
    )


def _contents(binder: Binder, pages: Sequence[int]) -> str:
    lang = binder.lang
    rows = []
    for number, (sheaf, page) in enumerate(zip(binder.sheaves, pages, strict=True), 1):
        gone = f"<em>{_text(say(lang, 'paper.gone'))}</em>" if sheaf.absent else ""
        look = ' class="is-gone"' if sheaf.absent else ""
        rows.append(
            f"<li{look}><b>{number}.</b><span>{_text(sheaf.title)} {gone}</span>"
            f'<i aria-hidden="true"></i><span class="paper-page">{page}</span></li>'
        )
    title = _text(say(lang, "paper.contents"))
    listed = "".join(rows)
    return f'<nav class="paper-contents"><h1>{title}</h1><ol>{listed}</ol></nav>'


def _missing(title: str, number: int, reason: str, lang: str) -> str:
    return (
        f"<h1>{number}. {_text(title)}</h1>"
        f'<div class="paper-gone"><p>{_text(say(lang, "paper.gone_title"))}</p>'
        f"<p>{_text(reason)}</p><p>{_text(say(lang, 'paper.gone_hint'))}</p></div>"
    )


def _part(part: Part, title: str, number: int, lang: str) -> str:
    said = "".join(f"<p>{_text(one)}</p>" for one in part.paragraphs)
    tables = "".join(_sheet(one, title, lang) for one in part.sheets)
    below = "".join(
        f"<h2>{_text(one.title)}</h2>"
        + "".join(f"<p>{_text(line)}</p>" for line in one.paragraphs)
        + (f'<p class="paper-hint">{_text(one.missing)}</p>' if one.missing else "")
        + "".join(_sheet(sheet, one.title, lang) for sheet in one.sheets)
        for one in part.parts
    )
    return f"<h1>{number}. {_text(title)}</h1>{said}{tables}{below}"


def _sheet(sheet: Sheet, under: str, lang: str) -> str:
    same = clean(sheet.title) == clean(under)
    head = "" if same else f"<h2>{_text(sheet.title)}</h2>"
    if sheet.subtitle:
        head += f'<p class="paper-hint">{_text(sheet.subtitle)}</p>'
    if sheet.illustrative:
        head += f'<p class="paper-mark">{_text(say(lang, "words.illustrative"))}</p>'
    if sheet.missing:
        return f'{head}<p class="paper-hint">{_text(sheet.missing)}</p>'
    if not sheet.rows:
        return f'{head}<p class="paper-hint">{_text(say(lang, "paper.no_rows"))}</p>'
    return head + _table(grid_of(sheet, lang))


def _table(grid: Grid) -> str:
    """Heads repeat on every page, figures stand to the right, long tables are set smaller."""
    figures = [any(row[at].figure for row in grid.rows) for at in range(len(grid.heads))]
    look = [' class="is-figure"' if one else "" for one in figures]
    heads = "".join(
        f'<th{look[at]} scope="col">{_text(one)}</th>' for at, one in enumerate(grid.heads)
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td{_look(one, figures[at])}>{_text(one.words)}</td>" for at, one in enumerate(row)
        )
        + "</tr>"
        for row in grid.rows
    )
    head = f"<thead><tr>{heads}</tr></thead>" if any(grid.heads) else ""
    note = f'<p class="paper-hint">{_text(grid.shared)}</p>' if grid.shared else ""
    wide = " is-wide" if len(grid.heads) > 7 else ""
    return f'{note}<table class="paper-table{wide}">{head}<tbody>{rows}</tbody></table>'


def _look(cell: Cell, figure: bool) -> str:
    """Figures stand to the right; days, codes and states stay on one line."""
    looks = [name for name, on in (("is-figure", figure), ("is-short", _short(cell))) if on]
    return f' class="{" ".join(looks)}"' if looks else ""


def _short(cell: Cell) -> bool:
    return len(cell.words) <= _ONE_LINE
