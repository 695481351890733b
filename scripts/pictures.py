"""Makes docs/pictures from the running product: starts it on a fresh home, looks, stops it.

`make pictures`, or `scripts/pictures.py [NAME ...]` for some of them. Nothing of the installation
in var/ is touched; IOC_PORT and IOC_DEMO_PORT are used where they are set.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import design_sheets
from small_png import repacked, with_palette

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
LARGEST = 300_000
"""Bytes of a picture: they live in the repository and are loaded with the README."""
HISTORY_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: the address looked at and the size of the screen, or a sheet of the design.

    `exported` is an address that is exported first, whose code stands for `{code}` in `address`.
    """

    name: str
    address: str
    width: int
    height: int
    phone: bool = False
    sheet: bool = False
    exported: str = ""


GALLERY = (
    Picture("wall", "/?wall=1", 1920, 1080),
    Picture("province", "/unit/38", 1440, 900),
    Picture("overview", "/", 1440, 900),
    Picture("milestones", "/register/milestone?form=timeline", 1440, 900),
    Picture("tasks", "/register/task?form=board", 1440, 900),
    Picture("indicator", "/indicator/OPS-02", 1440, 900),
    Picture("sources", "/sources", 1440, 900),
    Picture("briefing", "/briefing/giao-ban-tuan", 1440, 900),
    Picture("verify", "/verify/{code}", 1440, 900, exported="/indicator/OPS-02?unit=vn"),
    Picture("phone", "/", 390, 844, phone=True),
    Picture("design-colours", "", 1200, 0, sheet=True),
    Picture("design-states", "", 1200, 0, sheet=True),
    Picture("design-distance", "", 1200, 0, sheet=True),
    Picture("design-sight", "", 1500, 0, sheet=True),
)


def main(names: list[str]) -> int:
    """Make the pictures of these names, or all; 1 when one is missing or too large."""
    unknown = set(names) - {one.name for one in GALLERY}
    if unknown:
        allowed = ", ".join(one.name for one in GALLERY)
        print(f"pictures: given {', '.join(sorted(unknown))}, allowed: {allowed}", file=sys.stderr)
        return 2
    wanted = [one for one in GALLERY if not names or one.name in names]
    with tempfile.TemporaryDirectory(prefix="ioc-pictures-") as folder:
        home = Path(folder) / "home"
        with running(home) as address:
            await_history(home / "ioc.sqlite")
            ready = [
                replace(one, address=one.address.format(code=export(home, one.exported)))
                if one.exported else one
                for one in wanted
            ]  # fmt: skip
            return take(address, ready)


@contextmanager
def running(home: Path) -> Iterator[str]:
    """The product on a home of its own; gives its address and ends it afterwards."""
    port, demo_port = os.environ.get("IOC_PORT"), os.environ.get("IOC_DEMO_PORT")
    port, demo_port = port or free_port(), demo_port or free_port()
    environment = {name: text for name, text in os.environ.items() if not name.startswith("IOC_")}
    environment |= {"IOC_HOME": str(home), "IOC_PORT": port, "IOC_DEMO_PORT": demo_port}
    log = home.parent / "serve.log"
    with log.open("wb") as out:
        served = subprocess.Popen(
            [sys.executable, "-m", "ioc", "serve"],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        await_answer(f"{address}/healthz", served)
        yield address
    except BaseException:
        sys.stderr.write(log.read_text(encoding="utf-8", errors="replace"))
        raise
    finally:
        stop(served)


def free_port() -> str:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def await_answer(address: str, served: subprocess.Popen[bytes]) -> None:
    """Wait until the pages answer."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and served.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("pictures: the product did not start")


def await_history(database: Path) -> None:
    """Wait until every source has read all parts of its past, as the overview counts them."""
    began = time.monotonic()
    left = (
        "SELECT count(*) FROM source LEFT JOIN source_state USING (source_id)"
        # What nobody polls has no schedule.
        " WHERE active = 1 AND schedule <> ''"
        " AND (last_good IS NULL OR coalesce(parts_done < parts, 0))"
    )
    asked = "SELECT count(*) FROM source WHERE active = 1 AND schedule <> ''"
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as store:
        while time.monotonic() - began < HISTORY_SECONDS:
            sources, waiting = (store.execute(one).fetchone()[0] for one in (asked, left))
            if sources and not waiting:
                print(f"history of {sources} sources: {time.monotonic() - began:.0f} s")
                return
            time.sleep(0.5)
    raise SystemExit(f"pictures: no whole history within {HISTORY_SECONDS} s")


def export(home: Path, address: str) -> str:
    """Make a PNG and a PPTX of an address by the product's own command; gives their code."""
    command = [sys.executable, "-m", "ioc", "export", address, "--form", "png", "--form", "pptx"]
    made = subprocess.run(
        [*command, "-o", str(home.parent / "made")],
        cwd=ROOT,
        env={**os.environ, "IOC_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", made.stderr)
    if made.returncode or found is None:
        raise SystemExit(f"pictures: {address} was not exported:\n{made.stderr}")
    return found.group()


def take(address: str, wanted: list[Picture]) -> int:
    """Look at every address and keep what is seen; 1 when a picture is too large."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        raise SystemExit("pictures: Chromium is needed; on Debian: apt-get install chromium")
    PICTURES.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        for one in wanted:
            seen = look(browser, address, one)
            content = repacked(seen)
            if len(content) > LARGEST:
                content = with_palette(seen)
            (PICTURES / f"{one.name}.png").write_bytes(content)
            wrong |= len(content) > LARGEST
            mark = f", more than {LARGEST // 1000} kB" if len(content) > LARGEST else ""
            print(f"docs/pictures/{one.name}.png: {len(content) // 1000} kB{mark}")
        browser.close()
    return wrong


def look(browser: Browser, address: str, picture: Picture) -> bytes:
    """The screen of one address, once its charts and tables are drawn, as PNG; or a sheet."""
    if picture.sheet:
        return design_sheets.sheet(browser, address, picture.name, picture.width)
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        reduced_motion="reduce",
        is_mobile=picture.phone,
        has_touch=picture.phone,
    )
    page = context.new_page()
    answer = page.goto(address + picture.address)
    if answer is None or answer.status != 200:
        raise SystemExit(f"pictures: {picture.address} answered {answer and answer.status}")
    page.wait_for_selector("html.ready", state="attached", timeout=60_000)
    page.wait_for_timeout(1500)  # tables fill after the charts
    if page.locator("html.dead").count():
        raise SystemExit(f"pictures: {picture.address} is grey: the poller or server is away")
    content = page.screenshot(animations="disabled")
    context.close()
    return content


def stop(served: subprocess.Popen[bytes]) -> None:
    """End the product as Ctrl-C would, harder when it does not follow."""
    if served.poll() is None:
        served.send_signal(signal.SIGINT)
    try:
        served.wait(15)
    except subprocess.TimeoutExpired:
        served.kill()
        served.wait()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
