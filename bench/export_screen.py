"""The figures of a page as a browser shows them: cells of tables and grids, tiles, marks of charts.

Nothing of the product reads them: they come from the document and from the chart library's own
data. Each figure knows the words that name it, so that it is looked for where it belongs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE_MS = 60_000
_ALIKE_MS = 500

READ = Path(__file__).with_suffix(".js").read_text("utf-8")
"""A function of the page: its tables, grids, tiles and charts."""
_NUMBER = re.compile(r"(?<![\w.,/])[+\-]?\d[\d.,]*(?<![.,])(?![\w])|(?<![\w.,])\d[\d.,]*(?<![.,])")
_NO_FIGURE = re.compile(
    r"\d{1,2}:\d{2}(:\d{2})?(\s+\d{1,2}/\d{1,2}(/\d{4})?|\s+\d{1,2} \w{3}( \d{4})?)?"  # moments
    r"|\b\d{1,2}/\d{1,2}/\d{4}\b"  # days
    r"|\b\d{1,2}/(19|20)\d{2}\b|\bT\d{1,2}/\d{4}"  # months
    r"|\bQ[IV1-4]+/\d{4}|\b[IV]+/\d{4}|\bQ\d \d{4}"
    r"|\((kỳ|period) [^)]*\)|\((19|20)\d{2}\)|(năm|in|year|for|of) (19|20)\d{2}"  # whose target
    r"|\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*( \d{4})?\b"
    r"|\b(January|February|March|April|May|June|July|August|September|October|November|December)"
    r" \d{4}|\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
    r"|\b[A-ZĐ]{2,}[\w.]*-[\w.-]*\d[\w.-]*"  # codes
    r"|[a-z]+(-[a-z0-9]+)+"
    r"|\d+ (giây|phút|giờ|ngày|tháng|năm) trước|\d+ (s|min|h|days?|months?|years?) ago"  # ages
    r"|lượt \d+|run \d+"  # the number of a reading, not a figure
)
_KEY = re.compile(r"/unit/([^?&#]+)|[?&]unit=([^&#]+)")
_CODE = re.compile(r"/indicator/([^?&#]+)|[?&]indicator=([^&#]+)")
_LEADING = re.compile(r"[a-z]{2,4}-\d{2}(?= )")
"""The code of an indicator before its name."""
_GROUP = 3
_TAG = re.compile(r"<[^>]+>")
_TEASER = re.compile(r"<b>(.*?)</b>")


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure of the screen: `words` are its digits as they are written, `value` what they say,
    `exact` the chart's own number where there is one, `card` where it is. `names` are what it is
    of: each by its words, or else by a key."""

    card: str
    kind: str
    names: tuple[tuple[str, ...], ...]
    words: str
    value: Decimal
    places: int
    exact: float | None = None
    part: str = ""

    def __str__(self) -> str:
        named = " · ".join(one[0] for one in self.names if one)
        exact = f" ({self.exact!r})" if self.exact is not None else ""
        return f"{self.card or self.kind}: {named}: {self.words}{exact}"


def clean(text: str) -> str:
    """Text as it is compared: composed, one kind of minus and of space, lower case."""
    text = unicodedata.normalize("NFC", text).replace("\u2212", "-").replace("\u00a0", " ")
    return " ".join(text.replace("\u202f", " ").split()).casefold()


def read(page: Page) -> list[dict[str, Any]]:
    """What the page shows once two looks at it in a row agree."""
    page.wait_for_function(f"() => ({_function()})() !== null", timeout=PATIENCE_MS)
    before: object = None
    for _ in range(PATIENCE_MS // _ALIKE_MS):
        now = page.evaluate(_function())
        if now is not None and now == before and page.evaluate(_READY):
            return list(now)
        before = now
        page.wait_for_timeout(_ALIKE_MS)
    raise SystemExit(f"{page.url} does not come to rest")


_READY = """() => document.readyState === "complete"
  && !document.querySelector("main ._dash-loading, [data-dash-is-loading=true]")"""


def _function() -> str:
    return READ[READ.index("() =>") :]


def figures(found: list[dict[str, Any]], lang: str) -> list[Shown]:
    """The figures of what `read` gave, in its order."""
    return [one for block in found for one in _OF[block["kind"]](block, lang)]


def numbers(text: str, lang: str) -> Iterator[tuple[str, Decimal, int]]:
    """The numbers of a text with what they are and their decimals; days and codes are none."""
    kept = _NO_FIGURE.sub(" \u2022 ", unicodedata.normalize("NFC", text).replace("\u2212", "-"))
    for match in _NUMBER.finditer(kept):
        words = match.group()
        thousands, comma = (",", ".") if lang == "en" else (".", ",")
        if any(len(one) != _GROUP for one in words.partition(comma)[0].split(thousands)[1:]):
            continue  # the number of a paragraph: 1.4
        digits = words.replace(thousands, "").replace(comma, ".")
        if digits.count(".") > 1:
            continue
        value = Decimal(digits)
        yield words, value, max(0, -int(value.as_tuple().exponent))


def _table(block: dict[str, Any], lang: str) -> Iterator[Shown]:
    for row in block["rows"]:
        cells = row["cells"]
        if len(cells) < 2:
            continue
        head = next((at for at, one in enumerate(cells) if one["head"]), 0)
        head = head if _first(cells[head]["words"]) else 0
        keys = (*_keys(row["links"], _KEY), *_keys(row["links"], _CODE))
        said = clean(_first(cells[head]["words"]))
        # A moment is typed in a file and written in many ways: such a row is any row.
        bare = "" if not _NO_FIGURE.sub("", _first(cells[head]["words"])).strip() else said
        keys = (*_LEADING.findall(said)[:1], *keys)
        name = tuple(one for one in (bare, *keys) if one)
        for at, cell in enumerate(cells):
            if at == head:
                continue
            for words, value, places in numbers(cell["words"], lang):
                names = (name,) if name else ()
                yield Shown(block["card"], "table", names, words, value, places)


def _tile(block: dict[str, Any], lang: str) -> Iterator[Shown]:
    name = (clean(block["code"]), clean(block["name"]))
    for text in block["words"]:
        for words, value, places in numbers(text, lang):
            yield Shown(block["card"], "tile", (name,), words, value, places)


def _words(block: dict[str, Any], lang: str) -> Iterator[Shown]:
    for text in block["words"]:
        for words, value, places in numbers(text, lang):
            yield Shown(block["card"], block["kind"], (), words, value, places)


def _chart(block: dict[str, Any], lang: str) -> Iterator[Shown]:
    for text in block["written"]:
        for words, value, places in numbers(text, lang):
            yield Shown(block["card"], "label", (), words, value, places)
    for trace in block["traces"]:
        if trace["type"] == "heatmap":
            yield from _heat(block, trace, lang)
        else:
            yield from _marks(block, trace, lang)


def _marks(block: dict[str, Any], trace: dict[str, Any], lang: str) -> Iterator[Shown]:
    """Each mark by the words that are read when it is pointed at, and by its own number."""
    hover = trace["hover"]
    texts = [hover] if isinstance(hover, str) else list(hover or ())
    along = trace["x"] if trace["orientation"] == "h" else trace["y"]
    for at, text in enumerate(texts):
        if not isinstance(text, str) or "<b>" not in text:
            continue
        lines = text.split("<br>")
        names = [clean(_TAG.sub("", lines[0]))]
        # A period of its own tells the points of a line apart.
        if len(lines) > 2 and _NO_FIGURE.search(lines[1]) and "<b>" not in lines[1]:
            names.append(clean(_TAG.sub("", lines[1])))
        many = isinstance(hover, list) and along is not None and at < len(along)
        number = along[at] if many and along is not None else None
        for bold in _TEASER.findall("<br>".join(lines[1:])):
            for words, value, places in list(numbers(bold, lang))[:1]:
                exact = number if _is(number, value, places) else None
                # What a line is of stands before the comma, what it says of it after.
                named = tuple(tuple(dict.fromkeys((one, one.partition(", ")[0]))) for one in names)
                yield Shown(
                    block["card"], "chart", named, words, value, places, exact, block["part"]
                )


def _heat(block: dict[str, Any], trace: dict[str, Any], lang: str) -> Iterator[Shown]:
    for at, row in enumerate(trace["text"] or ()):
        unit = clean(str(trace["y"][at])) if trace["y"] else ""
        for column, text in enumerate(row if isinstance(row, list) else ()):
            custom = trace["custom"][at][column] if trace["custom"] else None
            held = custom if isinstance(custom, list) else [custom]
            leads = [str(one) for one in held if isinstance(one, str)]
            keys = tuple(one for one in (*_keys(leads, _KEY), unit) if one)
            codes = tuple(_keys(leads, _CODE))
            names = tuple(one for one in (keys, codes) if one)
            for words, value, places in numbers(_TAG.sub("", str(text or "")), lang):
                yield Shown(block["card"], "chart", names, words, value, places)


def _is(number: object, value: Decimal, places: int) -> bool:
    if not isinstance(number, (int, float)) or isinstance(number, bool):
        return False
    return abs(Decimal(number) - value) <= Decimal("0.500001").scaleb(-places)


def _first(text: str) -> str:
    return next((line.strip() for line in text.split("\n") if line.strip()), "")


def _keys(addresses: list[str], of: re.Pattern[str]) -> list[str]:
    found = []
    for address in addresses:
        for match in of.finditer(address):
            found.append(clean(match.group(1) or match.group(2)))
    return found[:1]


_OF = {"table": _table, "tile": _tile, "now": _words, "loose": _words, "chart": _chart}
