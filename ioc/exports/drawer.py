"""The child process that draws: Chromium opens the product's own page and makes a file of it.

It speaks JSON lines over its standard input and output and knows no network: each request of a
page is asked of the parent ({"need": path}) and answered by it; any other host is refused.
"""

from __future__ import annotations

import base64
import ctypes
import os
import resource
import shutil
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, sync_playwright

from ioc.exports.drawer_pipe import ARGUMENTS, HOST, Failed, Pipe

LOOK = "() => window.iocDrawing ? window.iocDrawing.look() : null"
LETTERS = "() => Promise.all(Array.from(document.fonts).map(f => f.load())).then(() => true)"
SHEET = "<!doctype html><style>html,body{margin:0;background:%s}svg{display:block}</style>%s"
GROUNDLESS = (
    "html,body,.frame,.main,#page,.wall-frame{background:transparent!important}"
    ".bar,.foot{background:transparent!important}"
)
ROOM = "s => document.querySelector('.wall-frame').style.setProperty('--strip', s + 'px')"
STRIPPED = "([strip, alone]) => window.iocDrawing.stripped(strip, alone)"
STEP = 40
MARKS_WITHIN = 3.0
"""Seconds that a page which is whole otherwise has for the last marks of a chart."""
LARGEST = 16_000
"""Pixels a side: Chromium draws no larger picture at once."""
PAPER_EDGE = 45
"""CSS pixels (12 mm) that stay white around what is printed."""
_DROP, _SYS_NICE = 24, 23
"""PR_CAPBSET_DROP and CAP_SYS_NICE of Linux's prctl.h and capability.h."""
PAPERS = ("a4", "a4-landscape", "a3", "a3-landscape")


@dataclass
class Drawer:
    """One browser and the page it has open; `pipe` leads to the parent."""

    browser: Browser
    pipe: Pipe
    script: str
    refused: list[str] = field(default_factory=list)
    _context: BrowserContext | None = None
    _page: Page | None = None
    _key: tuple[object, ...] = ()
    _charts: list[dict[str, Any]] | None = None
    _sheet: Page | None = None
    _sheet_key: tuple[object, ...] = ()

    def serve(self) -> None:
        """Draw what is asked, one after the other, until the parent ends it."""
        for asked in self.pipe.wishes():
            self.refused = []
            try:
                answer: dict[str, Any] = {"done": self.draw(asked), "refused": self.refused}
            except Failed as failed:
                answer = {"failed": failed.code, "params": failed.params, "refused": self.refused}
                self.leave()
            except (Error, OSError) as error:
                answer = {"failed": "crashed", "params": {}, "detail": str(error)[:2000]}
                self.pipe.say(answer)
                return
            self.pipe.say(answer)

    # --- requests --------------------------------------------------------------------------------

    def answered(self, route: Route) -> None:
        """One request of the page: from the parent, or not at all."""
        url = route.request.url
        parts = urlsplit(url)
        if parts.scheme != "http" or parts.netloc != HOST:
            self.refused.append(url[:300])
            route.abort("blockedbyclient")
            return
        if route.request.method != "GET" or parts.path == "/live":
            route.abort("blockedbyclient")
            return
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        found = self.pipe.ask(path)
        headers = {"Content-Type": found["media"]}
        if found.get("policy"):
            headers["Content-Security-Policy"] = found["policy"]
        route.fulfill(status=found["status"], headers=headers, body=found["content"])

    # --- pages -----------------------------------------------------------------------------------

    def leave(self) -> None:
        """Close the page with all it holds."""
        if self._context is not None:
            self._context.close()
        self._context = self._page = self._charts = None
        self._key = ()

    def context(self, asked: dict[str, Any], width: int, height: int, scale: float) -> Any:
        """A fresh context: nothing of an earlier picture is in it."""
        made = self.browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=scale,
            locale="vi-VN" if asked["lang"] == "vi" else "en-GB",
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",
            service_workers="block",
            accept_downloads=False,
        )
        made.set_default_timeout(0)
        made.route("**/*", self.answered)
        return made

    def opened(
        self, asked: dict[str, Any], width: int, height: int, scale: float, media: str
    ) -> Page:
        """The page of the address, whole; the one that is open where it is the same."""
        # A picture of the whole page leaves marks on it: its ground, its strip.
        left = None if asked["part"] else (asked["form"], asked["transparent"])
        key = (asked["address"], width, height, scale, media, left)
        if self._page is not None and asked["same"] and key == self._key:
            return self._page
        self.leave()
        self._context = self.context(asked, width, height, scale)
        page = self._page = self._context.new_page()
        page.add_init_script(self.script)
        if media == "print":
            page.emulate_media(media="print", reduced_motion="reduce")
        answer = page.goto(f"http://{HOST}{asked['address']}", wait_until="commit")
        if answer is None or answer.status != 200:
            status = answer.status if answer else 0
            raise Failed("page", address=asked["address"], status=status)
        self._key = key
        return page

    def whole(self, page: Page, asked: dict[str, Any]) -> dict[str, Any]:
        """What the page says of itself once nothing on it is missing or will come any more."""
        begun = time.monotonic()
        settled = 0.0
        before: object = None
        while True:
            state = page.evaluate(LOOK)
            now = time.monotonic()
            late = now - begun > asked["settle"]
            if state and state["drawn"]:
                if state["status"] != 200:
                    raise Failed("page", address=asked["address"], status=state["status"])
                if state["lettersAsked"] and not state["letters"]:
                    raise Failed("fonts")
                rest = state["letters"] and state["tables"] and state["pictures"]
                waiting = [one for one in state["charts"] if one["wait"]]
                settled = (settled or now) if rest else 0.0
                slow = all(one["reason"] == "marks" for one in waiting)
                if waiting and slow and settled and now - settled > MARKS_WITHIN:
                    waiting = []
                shape = (state["width"], state["height"], [one["box"] for one in state["charts"]])
                if rest and (late or not waiting) and shape == before:
                    return dict(state)
                before = shape
            if late and now - begun > asked["settle"] + 1:
                raise Failed("not_ready", seconds=round(asked["settle"]))
            page.wait_for_timeout(STEP)

    # --- files -----------------------------------------------------------------------------------

    def draw(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A file of the whole page or of one part of it."""
        if asked["part"]:
            return self.part(asked)
        if asked["form"] == "svg":
            raise Failed("svg_page")
        width, height = asked["size"]
        return (self.paper if asked["form"] == "pdf" else self.photo)(asked, width, height)

    def photo(self, asked: dict[str, Any], width: int, height: int) -> dict[str, Any]:
        """The page as PNG: as wide as asked and as high as it is; a scene exactly as asked."""
        wide, high = asked["layout"]
        scale = asked["scale"] * asked["zoom"]
        page = self.opened(asked, wide, high, scale, "print")
        state = self.confessed(page, asked)
        if asked["transparent"]:
            page.add_style_tag(content=GROUNDLESS)
        room = page.evaluate(STRIPPED, [asked["strip"], state["wall"]])
        if room and state["wall"]:
            page.evaluate(ROOM, room)
        if room:
            state = self.stood(page, asked, state)
        high = high if state["wall"] else max(high, state["height"])
        if max(wide, high) * scale > LARGEST:
            raise Failed("size", width=round(wide * scale), height=round(high * scale))
        data = page.screenshot(
            full_page=not state["wall"],
            omit_background=asked["transparent"],
            animations="disabled",
            caret="hide",
        )
        return self.told(data, width, high * asked["zoom"], state["charts"])

    def paper(self, asked: dict[str, Any], width: int, height: int) -> dict[str, Any]:
        """The page printed: text stays text, charts stay lines; assets/print.css has its edges."""
        wide, high = asked["layout"]
        page = self.opened(asked, wide, high, 1, "print")
        state = self.confessed(page, asked)
        room = page.evaluate(STRIPPED, [asked["strip"], state["wall"]])
        if room and state["wall"]:
            page.evaluate(ROOM, room)
        if asked["strip"]:
            state = self.stood(page, asked, state)
        data = self.printed(page, width, height, 0, asked["zoom"])
        return self.told(data, width, height, state["charts"])

    def part(self, asked: dict[str, Any]) -> dict[str, Any]:
        """One chart as SVG, and as PNG or PDF of that SVG."""
        page = self.opened(asked, 1440, 900, 1, "screen")
        # Drawing a part changes nothing on the page: what was seen of it once stays true.
        charts = self._charts = self._charts or self.whole(page, asked)["charts"]
        mine = [one for one in charts if one["name"] == asked["part"]]
        if any(not one["ok"] for one in mine):
            raise Failed("part", chart=mine[0]["title"] or asked["part"], detail=mine[0]["detail"])
        paper = asked["form"] == "pdf" and asked["size_name"] in PAPERS
        edge = PAPER_EDGE if paper else 0
        width, height = asked["size"]
        wish: dict[str, Any] = {name: asked[name] for name in ("strip", "bare", "transparent")}
        if asked["size_name"] != "screen":
            wish |= {"width": width - 2 * edge, "height": height - 2 * edge}
        drawn = page.evaluate(
            "([part, wish]) => window.iocDrawing.picture(part, wish)", [asked["part"], wish]
        )
        if drawn is None:
            raise Failed("no_part", part=asked["part"])
        told = [{**one, "box": drawn["box"]} for one in mine]
        if asked["form"] == "svg":
            head = '<?xml version="1.0" encoding="UTF-8"?>\n'
            content = (head + drawn["text"]).encode()
            return self.told(content, drawn["width"], drawn["height"], told)
        sheet = self.sheet(asked, drawn)
        if asked["form"] == "png":
            data = sheet.screenshot(omit_background=asked["transparent"])
            return self.told(data, drawn["width"], drawn["height"], told)
        if not paper:
            width, height = drawn["width"], drawn["height"]
        return self.told(self.printed(sheet, width, height, edge), width, height, told)

    def sheet(self, asked: dict[str, Any], drawn: dict[str, Any]) -> Page:
        """A page with nothing but the drawn SVG on it; the next part is put in its place."""
        width, height, scale = drawn["width"], drawn["height"], asked["scale"]
        if max(width, height) * scale > LARGEST:
            raise Failed("size", width=round(width * scale), height=round(height * scale))
        key = (scale, asked["lang"])
        if self._sheet is None or key != self._sheet_key:
            if self._sheet is not None:
                self._sheet.context.close()
            self._sheet = self.context(asked, width, height, scale).new_page()
            self._sheet_key = key
        self._sheet.set_viewport_size({"width": width, "height": height})
        ground = "transparent" if asked["transparent"] else "#fff"
        self._sheet.set_content(SHEET % (ground, drawn["text"]))
        self._sheet.evaluate(LETTERS)
        return self._sheet

    def confessed(self, page: Page, asked: dict[str, Any]) -> dict[str, Any]:
        """The page once it is whole, with words in the places of charts that failed."""
        state = self.whole(page, asked)
        wrong = [one for one in state["charts"] if not one["ok"] and one["reason"] != "page"]
        if not wrong:
            return state
        title, hint = asked["words"]
        said = [
            {"name": one["name"], "words": title.replace("{chart}", one["title"]), "hint": hint}
            for one in wrong
        ]
        page.evaluate("all => window.iocDrawing.confess(all)", said)
        # From now on only what was right can be looked at again.
        return self.stood(page, asked, state)

    def stood(self, page: Page, asked: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
        """The page once more after something was put on it; what was told wrong stays told."""
        state = self.whole(page, asked)
        named = {one["name"] for one in state["charts"]}
        gone = [one for one in told["charts"] if not one["ok"] and one["name"] not in named]
        return {**state, "charts": [*state["charts"], *({**one, "box": None} for one in gone)]}

    def printed(self, page: Page, width: int, height: int, edge: int, zoom: float = 1.0) -> bytes:
        """The page as PDF on paper of this size, in CSS pixels."""
        around = f"{edge}px"
        return page.pdf(
            width=f"{inches(width)}in",
            height=f"{inches(height)}in",
            scale=zoom,
            print_background=True,
            margin={"top": around, "right": around, "bottom": around, "left": around},
            tagged=True,
            outline=False,
        )

    def told(
        self, data: bytes, width: float, height: float, charts: list[dict[str, Any]]
    ) -> dict[str, Any]:
        """What goes to the parent."""
        content = base64.b64encode(data).decode()
        return {"data": content, "width": round(width), "height": round(height), "charts": charts}


def inches(pixels: float) -> float:
    """CSS pixels as inches; a side of A4 or A3 paper as exactly that, which is no whole pixel."""
    millimetres = {794: 210, 1123: 297, 1587: 420}.get(round(pixels))
    return millimetres / 25.4 if millimetres else pixels / 96


def end_with(parent: int) -> None:
    """End this process when its parent is gone; the browser ends with its pipe."""
    while os.getppid() == parent:
        time.sleep(1)
    # Nobody else is left to clear away what this browser wrote; the folder was made for it alone.
    place = Path(os.environ.get("TMPDIR", ""))
    if place.name.startswith("ioc-drawing-"):
        for _ in range(3):
            shutil.rmtree(place, ignore_errors=True)
            time.sleep(0.3)
    os._exit(1)


def keep_low() -> None:
    """Take from this process and the browser the right to raise their own priority.

    Run as root, Chromium puts itself before everything else of the machine; walls come first.
    Where the kernel shares time between sessions first (autogroups), the priority of a process
    counts within its session only, so this one's session gets it too. A system that has none of
    this, or does not give it to this user, is left as it is.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_DROP, _SYS_NICE, 0, 0, 0)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(os.getpriority(os.PRIO_PROCESS, 0)))


def main() -> None:
    """Start the browser named by the first argument and draw what the parent asks."""
    parent = os.getppid()
    threading.Thread(target=end_with, args=(parent,), daemon=True).start()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    keep_low()
    pipe = Pipe(os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb"))
    # Whatever a library prints must not get between the lines of the protocol.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    script = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=sys.argv[1], args=list(ARGUMENTS), handle_sigint=False
        )
        drawer = Drawer(browser, pipe, script)
        pipe.say({"ready": browser.version})
        drawer.serve()


if __name__ == "__main__":
    main()
