"""From an address to a page on screen: View, load, render, and a card where that fails."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

import orjson
from dash import html
from dash.development.base_component import Component

from ioc.domain.messages import explain_error, say
from ioc.domain.scope import Scope
from ioc.domain.view import LANGUAGES, View
from ioc.errors import AddressError, NotAllowedError
from ioc.queries.desk import Desk
from ioc.store.versions import current_version
from ioc.web.moves import moves
from ioc.web.once import Once
from ioc.web.page import Ground, Page, drawn_on, ground
from ioc.web.pinning import Pin, marked, pinned
from ioc.web.steady import Moment, load

LONGEST_ADDRESS = 2000
KEPT_PAGES = 64
AGE_SECONDS = 60
"""How long a rendered page may be shown again while the data stays: it says ages in minutes."""
_NAMED = (
    "status", "state", "period", "calendar", "basis", "known_at", "units", "group", "breakdown",
    "form", "against", "before", "due", "register", "source",
)  # fmt: skip
"""Parts of an address that have a name of their own; others are told as they are spelled."""
Shell = Callable[[Component, View], Component]
"""What goes around every page: header, navigation, filters; a pure function."""
_LOG = logging.getLogger(__name__)
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Shown:
    """A page within its shell, ready for the screen.

    `encoded` is `content` as the JSON the browser gets, made once for all who see it; `href` is
    the page's address in the one canonical spelling.
    """

    content: Component
    encoded: bytes
    title: str
    status: int
    view: View
    href: str
    version: int
    theme: str = "light"

    def facts(self, asked: str) -> dict[str, object]:
        """What the browser has to know of it: the value of the store `shown`.

        `asked` is the address as the browser spelled it, without the part after `#`.
        """
        return {
            "asked": asked.partition("#")[0],
            "href": self.href,
            "version": self.version,
            "title": self.title,
            "lang": self.view.lang,
            "theme": self.theme,
            "wall": self.view.wall,
            "page": self.view.page,
            "status": self.status,
            "digest": self.digest,
        }

    @property
    def digest(self) -> str:
        """A short name of this very drawing: whoever has it needs no other."""
        return hashlib.sha256(self.encoded).hexdigest()[:16]


def read_address(address: str) -> View:
    """The View of an address or full URL; raises AddressError also for repeated parts."""
    if len(address) > LONGEST_ADDRESS:
        raise AddressError(part="path", given=address[:40] + "…", allowed="2000")
    try:
        split = urlsplit(address)
        pairs = parse_qsl(split.query, keep_blank_values=True, max_num_fields=30)
    except ValueError:
        raise AddressError(part="path", given=address[:80], allowed="/") from None
    parts = dict(pairs)
    if len(parts) != len(pairs):
        raise AddressError(part="query", given=split.query[:80], allowed="a=1&b=2")
    if "path" in parts:
        raise AddressError(part="path", given=parts["path"], allowed="/")
    return View.from_address(unquote(split.path) or "/", **parts)


class Router:
    """Draws any address; keeps the pages drawn last by (data version, scope, address, minute)."""

    def __init__(
        self, desk: Desk, pages: Mapping[str, Page], shell: Shell, *, kept: int = KEPT_PAGES
    ) -> None:
        self.desk = desk
        self.pages = pages
        self._shell = shell
        self._kept = kept
        self._drawn: OrderedDict[tuple[object, ...], Shown] = OrderedDict()
        self._sent: OrderedDict[str, bytes] = OrderedDict()
        self._moves: OrderedDict[tuple[str, str], bytes | None] = OrderedDict()
        self._lock = Lock()
        # News make all viewers of a page ask for it at the same moment.
        self._drawing: Once[Shown] = Once()
        self._moving: Once[bytes | None] = Once()

    def show(
        self,
        address: str,
        scope: Scope,
        at: Moment | None = None,
        *,
        on: Ground = Ground.SCREEN,
    ) -> Shown:
        """The page of an address, or the card that says why there is none; never raises.

        With `at` it holds the figures of that moment, whatever arrived since.
        """
        with drawn_on(on):
            return self._safe(address, scope, at)

    def _safe(self, address: str, scope: Scope, at: Moment | None) -> Shown:
        try:
            return self._show(address, scope, at)
        except (AddressError, NotAllowedError) as error:
            view = plain_view(address)
            reason = _reason(view, address, error)
            return self._failed(view, address, 404, reason, without(address, error))
        except Exception:
            # The border of a page: whatever breaks one page must not break the others.
            reference = secrets.token_hex(4)
            _LOG.exception("page broken, reference %s: %r", reference, address[:LONGEST_ADDRESS])
            view = plain_view(address)
            reason = say(view.lang, "web.broken", reference=reference)
            return self._failed(view, address, 500, reason)

    def read(self, address: str) -> View:
        """The View of an address; raises AddressError."""
        return read_address(address)

    def page(self, view: View) -> Page:
        """The page of a View; raises AddressError when there is none of that name."""
        try:
            return self.pages[view.page]
        except KeyError:
            allowed = ", ".join(sorted(self.pages))
            raise AddressError(part="page", given=view.page, allowed=allowed) from None

    def _show(self, address: str, scope: Scope, at: Moment | None) -> Shown:
        view = read_address(address)
        page = self.page(view)
        pin = pinned(self.desk.engine, view)
        # Read before the page is: news that arrive in between are then drawn by the next pulse.
        version = current_version(self.desk.engine) if at is None else at.version
        minute = int(self.desk.now().timestamp() // AGE_SECONDS)
        key = (0 if pin.holds else version, scope.key, view.href(), minute, pin, at, ground())

        def draw() -> Shown:
            return self._kept_drawn(key) or self._draw(page, view, pin, scope, at, version, key)

        if not page.kept:
            return draw()
        drawn = self._kept_drawn(key) or self._drawing(key, draw)
        return drawn if drawn.version == version else replace(drawn, version=version)

    def _kept_drawn(self, key: tuple[object, ...]) -> Shown | None:
        with self._lock:
            drawn = self._drawn.get(key)
            if drawn is not None:
                self._drawn.move_to_end(key)
        return drawn

    def _draw(
        self,
        page: Page,
        view: View,
        pin: Pin,
        scope: Scope,
        at: Moment | None,
        version: int,
        key: tuple[object, ...],
    ) -> Shown:
        if at is None:
            answer = page.load(self.desk, pin.view, scope)
        else:
            answer = load(self.desk, page, pin.view, scope, at)
        content = self._shell(marked(page.render(answer, view), pin), view)
        title = page.title(answer, view)
        theme = theme_of(view)
        shown = Shown(content, encode(content), title, 200, view, view.href(), version, theme)
        with self._lock:
            if page.kept:
                _keep(self._drawn, key, shown, self._kept)
            _keep(self._sent, shown.digest, shown.encoded, self._kept)
        return shown

    def moved(self, digest: object, shown: Shown) -> bytes | None:
        """What moved since the drawing of this digest, as JSON; None: send the whole page.

        Worked out once for all who have that drawing; only what `shown` holds is ever told.
        """
        key = (str(digest), shown.digest)
        with self._lock:
            before = self._sent.get(key[0])
            if key in self._moves:
                return self._moves[key]
        if before is None:
            return None

        def work() -> bytes | None:
            found = moves(before, shown.encoded)
            told = None if found is None else orjson.dumps(found)
            with self._lock:
                _keep(self._moves, key, told, self._kept)
            return told

        return self._moving(key, work)

    def _failed(
        self, view: View, address: str, status: int, reason: str, instead: str | None = None
    ) -> Shown:
        title = say(view.lang, f"web.status_{status}")
        card = _card(view, title, reason, instead)
        try:
            content, version = self._shell(card, view), current_version(self.desk.engine)
        except Exception:
            # Without shell or store there is still a card; it is drawn again with the next pulse.
            _LOG.exception("the shell of an error card is broken")
            content, version = card, 0
        href = address[:LONGEST_ADDRESS]
        theme = theme_of(view)
        return Shown(content, encode(content), title, status, view, href, version, theme)


def _keep(kept: OrderedDict[_Key, _Value], key: _Key, value: _Value, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)


def encode(value: object) -> bytes:
    """Components as the JSON the renderer reads; many times faster than plotly's encoder."""
    return orjson.dumps(value, default=_component, option=orjson.OPT_NON_STR_KEYS)


def _component(value: object) -> object:
    if isinstance(value, Component):
        return value.to_plotly_json()
    raise TypeError(f"a page holds a {type(value).__name__}, which is not JSON")


def theme_of(view: View) -> str:
    """Dark on walls, light on the desk and on paper."""
    return "dark" if view.wall and ground() is not Ground.PAPER else "light"


def plain_view(address: str) -> View:
    """What can be told from a wrong address: its language and whether it is on a wall."""
    try:
        parts = dict(parse_qsl(urlsplit(address[:LONGEST_ADDRESS]).query, max_num_fields=30))
    except ValueError:
        parts = {}
    lang = parts.get("lang", "")
    return View(
        page="error", lang=lang if lang in LANGUAGES else "vi", wall=parts.get("wall") == "1"
    )


def _reason(view: View, address: str, error: AddressError | NotAllowedError) -> str:
    # A unit outside the scope and one that does not exist must read the same.
    if isinstance(error, NotAllowedError):
        try:
            given = read_address(address).unit
        except AddressError:
            given = ""
        return say(view.lang, "web.no_such_unit", given=given)
    part, given = str(error.params.get("part")), str(error.params.get("given", ""))
    if part in ("unit", "page", "indicator"):
        # A list of all pages or indicators would help nobody who did not type the address.
        return say(view.lang, f"web.no_such_{part}", given=given)
    if part in _NAMED:
        name = say(view.lang, f"web.part_{part}")
        allowed = error.params.get("allowed", "")
        return say(view.lang, "web.wrong_part", name=name, given=given, allowed=allowed)
    return explain_error(view.lang, error)


def without(address: str, error: AddressError | NotAllowedError) -> str | None:
    """The address without the part that was wrong, where it then can be read; else None."""
    part = error.params.get("part")
    try:
        split = urlsplit(address)
        pairs = parse_qsl(split.query, keep_blank_values=True, max_num_fields=30)
        kept = {name: text for name, text in pairs if name != part}
        if len(kept) == len(dict(pairs)):
            # One of the chosen units is wrong: the others may stay.
            chosen = kept.get("units", "").split(",")
            if part != "unit" or error.params.get("given") not in chosen:
                return None
            kept["units"] = ",".join(key for key in chosen if key != error.params["given"])
        return View.from_address(unquote(split.path) or "/", **kept).href()
    except (ValueError, AddressError):
        return None


def _card(view: View, title: str, reason: str, instead: str | None = None) -> Component:
    home = View(lang=view.lang, wall=view.wall).href()
    ways = [html.A(say(view.lang, "web.home"), href=home, className="btn btn-primary")]
    if instead is not None:
        words = say(view.lang, "web.without_it")
        ways.insert(0, html.A(words, href=instead, className="btn btn-primary"))
    return html.Section(
        [
            html.H1(title, className="h3"),
            html.P(reason, className="error-reason"),
            html.P(ways, className="error-ways"),
        ],
        className="error-card card card-body",
        role="alert",
    )
