"""The drawer: real pages as pictures, and none where something is wrong (cases E8, F1 to F6)."""

from __future__ import annotations

import dataclasses
import io
import os
import re
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import orjson
import pytest
from PIL import Image

from ioc import packaged
from ioc.domain.scope import Scope
from ioc.errors import DrawError
from ioc.exporter.browser import program
from ioc.exporter.documents import Answer, Documents, Serve
from ioc.exporter.drawing import Drawing, Limits
from ioc.exports.form import Form, Options
from ioc.exports.provenance import Strip
from ioc.web.app import create_app
from ioc.web.steady import moment_now
from tests.support.real import HOSTILE, make_real

pytestmark = pytest.mark.timeout(300)
STRIP = Strip(
    code="7K3M0QXDP9TW",
    address_of_verify="http://ioc.example.gov.vn/verify/7K3M-0QXD-P9TW",
    title="Cả nước",
    lang="vi",
    about=(("Phạm vi", "Cả nước"), ("Người xuất", "Nguyễn Thị Hường: ế ộ ữ ẵ")),
    who="Nguyễn Thị Hường",
    made_at=datetime(2026, 11, 22, 10, tzinfo=UTC),
    illustrative=True,
)
SCREEN, HALF = Options(size="screen", scale="1"), Options(size="half", scale="1")
LAYOUT = re.compile(rb'(<script[^>]*data-first="_dash-layout"[^>]*>)(.*?)(</script>)', re.DOTALL)


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    real = make_real(tmp_path_factory.mktemp("real"))
    return Documents(create_app(real.desk).server).serve(Scope.all(), moment_now(real.desk))


@pytest.fixture(scope="module")
def temp() -> Iterator[Path]:
    """A folder with a short name: a browser's sockets must fit below it."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def drawing(temp: Path) -> Iterator[Drawing]:
    with Drawing(program(), folder=temp) as drawn:
        yield drawn
    assert list(temp.iterdir()) == []


def part(name: str, **options: Any) -> Options:
    return dataclasses.replace(HALF, part=name, **options)


def but(serve: Serve, path: str, change: Callable[[Answer], Answer]) -> Serve:
    def changed(address: str) -> Answer:
        found = serve(address)
        return change(found) if address.partition("?")[0].endswith(path) else found

    return changed


def page(body: str) -> Serve:
    """A page without the product, in the product's typeface."""
    document = (
        '<!doctype html><html data-status="200"><head><meta charset="utf-8">'
        '<link rel="stylesheet" href="/assets/tokens.css"></head>'
        f'<body style="margin:0;font-family:var(--font)">{body}</body></html>'
    )

    def answer(address: str) -> Answer:
        if address == "/":
            return Answer(200, "text/html; charset=utf-8", document.encode())
        file = packaged.assets() / address.partition("?")[0].removeprefix("/assets/")
        media = {".css": "text/css", ".woff2": "font/woff2"}.get(file.suffix, "text/plain")
        return Answer(200, media, file.read_bytes()) if file.is_file() else NOTHING

    return answer


NOTHING = Answer(404, "text/plain", b"")


def broken(found: Answer) -> Answer:
    """The page with a trend whose figure throws when it is drawn."""

    def spoil(node: Any) -> None:
        if isinstance(node, list):
            for one in node:
                spoil(one)
        elif isinstance(node, dict):
            named = node.get("id")
            if isinstance(named, dict) and named.get("name") == "trend":
                node["figure"]["data"][0]["y"] = {"dtype": "f8", "bdata": "AAAA"}
            for one in node.values():
                spoil(one)

    def rewritten(match: re.Match[bytes]) -> bytes:
        layout = orjson.loads(match[2])
        spoil(layout)
        return match[1] + orjson.dumps(layout).replace(b"<", b"\\u003c") + match[3]

    return dataclasses.replace(found, body=LAYOUT.sub(rewritten, found.body))


def test_a_page_with_its_strip_is_drawn_whole(drawing: Drawing, serve: Serve) -> None:
    drawn = drawing.draw("/", Form.PNG, SCREEN, serve=serve, strip=STRIP)
    assert drawn.complete
    assert {one.name for one in drawn.charts} == {"map", "ranking", "trend", "heat"}
    assert drawn.refused == ()
    assert drawn.width == 1440
    assert drawn.height > 2000
    again = drawing.draw("/", Form.PNG, SCREEN, serve=serve, strip=STRIP)
    assert again.pixels == drawn.pixels
    # Run as root, Chromium would put itself before the walls of the same machine.
    assert drawing.child is not None
    mine = os.getpriority(os.PRIO_PROCESS, 0)
    its = {os.getpriority(os.PRIO_PROCESS, pid) for pid in drawing.child.family.members()}
    assert min(its) >= mine
    group = Path(f"/proc/{drawing.child.family.pid}/autogroup")
    if group.exists() and mine:
        assert group.read_text().split()[-1] == str(mine)


def test_a_chart_is_the_same_in_three_forms(drawing: Drawing, serve: Serve) -> None:
    """E8: letters with two marks are letters, and hostile names are text."""
    svg = drawing.draw("/", Form.SVG, part("ranking"), serve=serve, strip=STRIP)
    root = ElementTree.fromstring(svg.data)
    said = " ".join(text for text in root.itertext())
    assert (root.get("width"), root.get("height")) == ("640", "720")
    assert "Nguyễn Thị Hường: ế ộ ữ ẵ" in said
    assert "7K3M-0QXD-P9TW" in said
    assert HOSTILE[:20] in said
    assert "font/woff2;base64," in said
    assert not root.findall(".//{*}script") + root.findall(".//{*}image[@onerror]")

    from pypdf import PdfReader

    pdf = drawing.draw(
        "/", Form.PDF, part("ranking", size="a4-landscape"), serve=serve, strip=STRIP
    )
    reader = PdfReader(io.BytesIO(pdf.data))
    text = reader.pages[0].extract_text()
    assert pdf.pages == len(reader.pages) == 1
    assert [float(side) for side in reader.pages[0].mediabox[2:]] == pytest.approx(
        [841.9, 595.3], abs=1
    )
    assert "Nguyễn Thị Hường: ế ộ ữ ẵ" in text
    assert "Quảng Ninh" in text

    wish = part("ranking", scale="print", transparent=True)
    png = drawing.draw("/", Form.PNG, wish, serve=serve, strip=STRIP)
    with Image.open(io.BytesIO(png.data)) as picture:
        assert picture.size == (png.width, png.height) == (2000, 2250)
        assert [round(one) for one in picture.info["dpi"]] == [300, 300]
        assert picture.getpixel((0, 0)) == (0, 0, 0, 0)
    assert drawing.draw("/", Form.PNG, part("ranking"), serve=serve, bare=True).complete
    with pytest.raises(DrawError) as none:
        drawing.draw("/", Form.PNG, part("nothing"), serve=serve)
    assert none.value.code == "no_part"
    assert drawing.child is not None


def test_f2_one_chart_fails_and_is_named(drawing: Drawing, serve: Serve) -> None:
    spoilt = but(serve, "/", broken)
    drawn = drawing.draw("/", Form.PNG, SCREEN, serve=spoilt, strip=STRIP)
    assert not drawn.complete
    assert [one.name for one in drawn.broken] == ["trend"]
    assert drawn.broken[0].words("vi")
    assert {one.name for one in drawn.charts if one.ok} == {"map", "ranking", "heat"}
    with pytest.raises(DrawError) as refused:
        drawing.draw("/", Form.PNG, part("trend"), serve=spoilt)
    assert refused.value.code == "part"
    assert drawing.draw("/", Form.PNG, part("map"), serve=spoilt).complete


def test_f3_what_shows_nothing_is_thrown_away(temp: Path) -> None:
    loading = '<div id="page"><div class="_dash-loading">Đang tải</div></div>'
    cases = {
        '<div id="page"><p> </p></div>': "blank",
        '<div id="page" style="background:#123;height:100vh"><p style="margin:0"> </p></div>':
            "one_colour",
        loading: "not_ready",
    }  # fmt: skip
    with Drawing(program(), folder=temp, limits=Limits(settle=8)) as drawing:
        for body, code in cases.items():
            with pytest.raises(DrawError) as refused:
                drawing.draw("/", Form.PNG, HALF, serve=page(body))
            assert refused.value.code == code


def test_f6_nothing_outside_is_asked(drawing: Drawing) -> None:
    body = (
        '<div id="page"><h1>Ế ộ</h1><img src="http://203.0.113.9/a.png" alt="x">'
        '<script src="https://cdn.plot.ly/un/world_110m.json"></script></div>'
    )
    drawn = drawing.draw("/", Form.PNG, HALF, serve=page(body))
    assert set(drawn.refused) == {
        "http://203.0.113.9/a.png",
        "https://cdn.plot.ly/un/world_110m.json",
    }


def test_f1_a_missing_typeface_is_no_picture(temp: Path) -> None:
    bare = but(page('<div id="page"><h1>Ế ộ</h1></div>'), ".woff2", lambda _: NOTHING)
    with Drawing(program(), folder=temp) as drawing, pytest.raises(DrawError) as refused:
        drawing.draw("/", Form.PNG, HALF, serve=bare)
    assert refused.value.code == "fonts"


@pytest.mark.parametrize("fault", ["killed", "stopped", "endless", "memory"])
def test_f1_a_fault_ends_within_its_limit_and_leaves_nothing(fault: str, temp: Path) -> None:
    limits = Limits(seconds=6, megabytes=40 if fault == "memory" else 1500, start=60)
    body = '<div id="page"><h1>Ế ộ</h1><script>for(;;);</script></div>'
    right = '<div id="page"><h1>Ế ộ</h1></div>'
    before = set(temp.iterdir())
    drawing = Drawing(program(), folder=temp, limits=limits)
    pids: set[int] = set()

    def struck(address: str) -> Answer:
        child = drawing.child
        if child is not None and not pids:
            pids.update(child.family.members())
            number = {"killed": signal.SIGKILL, "stopped": signal.SIGSTOP}.get(fault)
            if number is not None:
                os.kill(child.pid, number)
        return page(body if fault == "endless" else right)(address)

    begun = time.monotonic()
    with pytest.raises(DrawError) as refused:
        drawing.draw("/", Form.PNG, HALF, serve=struck)
    expected = {"killed": {"crashed"}, "memory": {"memory"}}.get(fault, {"time"})
    assert refused.value.code in expected
    assert time.monotonic() - begun < 60
    assert drawing.child is None
    assert [pid for pid in pids if alive(pid)] == []
    assert set(temp.iterdir()) == before


def alive(pid: int) -> bool:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return text[text.rindex(")") + 2] not in "ZX"


def test_without_a_browser_it_is_said_what_to_install() -> None:
    with pytest.raises(DrawError) as refused:
        Drawing(None).draw("/", Form.PNG, HALF, serve=page(""))
    assert refused.value.code == "no_browser"
