"""The drawer's documents: scope and moment of the order; never asked for from outside."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from dash import html
from support.portal import grow, pages, small_desk

from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.exporter.documents import Documents
from ioc.queries.desk import Desk
from ioc.store.versions import current_version
from ioc.web.app import Server
from ioc.web.inside import PLACE, Inside
from ioc.web.page import Ground, Page, ground
from ioc.web.steady import Moment, moment_now

NARROW = Scope.of(1038)


def told(desk: Desk, view: View, scope: Scope) -> str:
    """Who asks, and as known when; a view of the past is told from one of now."""
    then = view.known_at.isoformat() if view.known_at else f"v{current_version(desk.engine)}"
    return f"<{scope.key}|{then}>"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = small_desk(tmp_path)
    grow(made.engine)
    yield made
    made.engine.dispose()


@pytest.fixture
def server(desk: Desk) -> Server:
    page = Page("overview", lambda a, v: "t", told, lambda a, v: html.P(a))
    found = {**pages(), "overview": page}
    return Server(desk, pages=found, shell=lambda content, view: content, callbacks={})


def test_a_page_is_drawn_under_the_scope_and_at_the_moment_of_the_order(
    desk: Desk, server: Server
) -> None:
    at = moment_now(desk)
    serve = Documents(server.dash.server).serve(NARROW, at)
    first = serve("/?lang=vi")
    assert (first.status, first.kept) == (200, False)
    assert first.media.startswith("text/html")
    assert "script-src 'self'" in first.policy
    assert f"\\u003c{NARROW.key}|v{at.version}>" in first.body.decode()
    grow(desk.engine)
    assert f"|v{at.version}>" in serve("/?lang=vi").body.decode(), "drawn once for a moment"
    later = serve("/?unit=38").body.decode()
    assert f"\\u003c{NARROW.key}|{at.known_at.isoformat()}>" in later
    newer = Documents(server.dash.server).serve(Scope.all(), moment_now(desk))
    assert f"|v{at.version + 1}>" in newer("/?lang=vi").body.decode()


def test_a_page_for_a_file_waits_for_no_pulse_and_writes_nothing(
    desk: Desk, server: Server
) -> None:
    body = Documents(server.dash.server).serve(NARROW, moment_now(desk))("/").body.decode()
    head = body[: body.index("<head>")]
    assert f' data-still="{int(desk.now().timestamp())}'[:20] in head
    script = Path("assets/live.js").read_text(encoding="utf-8")
    assert "if (!root.dataset.still) { connect(); }" in script


def test_files_are_answered_and_may_be_kept_and_nothing_else_is(desk: Desk, server: Server) -> None:
    serve = Documents(server.dash.server).serve(NARROW, moment_now(desk))
    font = serve("/assets/fonts/inter.woff2")
    assert (font.status, font.kept) == (200, True)
    assert font.body == Path("assets/fonts/inter.woff2").read_bytes()
    assert serve("/assets/fonts/inter.woff2") is font
    assert serve("/assets/none.js").status == 404
    for wrong in ("http://127.0.0.1/", "//evil.example/x", "file:///etc/passwd", ""):
        assert serve(wrong).status == 404


def test_a_page_that_breaks_says_so_by_its_status(desk: Desk, server: Server) -> None:
    serve = Documents(server.dash.server).serve(NARROW, moment_now(desk))
    assert serve("/broken").status == 500
    assert serve("/nowhere").status == 404


def test_no_request_from_the_network_is_taken_for_one_from_inside(
    desk: Desk, server: Server
) -> None:
    """Neither headers, nor query, nor cookies, nor body can narrow, widen or date a request."""
    names = (PLACE, "ioc-inside", "IOC_INSIDE", "X-Ioc-Inside", "wsgi.ioc.inside", "REMOTE_USER")
    value = repr(Inside(NARROW, Moment(1, desk.now())))
    headers = {**dict.fromkeys(names, value), "Cookie": f"{PLACE}={value!r}"}

    async def ask() -> list[httpx.Response]:
        over = httpx.ASGITransport(app=server)
        async with httpx.AsyncClient(transport=over, base_url="http://127.0.0.1:8050") as client:
            plain = await client.get("/")
            dressed = await client.get("/", headers=headers)
            asked = await client.get("/", params={PLACE: value})
            return [plain, dressed, asked]

    plain, dressed, asked = asyncio.run(ask())
    own = f"\\u003c{Scope.all().key}|v{moment_now(desk).version}>"
    for answer in (plain, dressed):
        assert own in answer.text
        assert "data-still" not in answer.text
    assert asked.status_code == 404, "an unknown part of an address"
    assert "data-still" not in asked.text


def test_text_of_that_name_in_the_environ_is_no_mark(desk: Desk, server: Server) -> None:
    """Even a server that copied a header into the environ as it is would not be believed."""
    client = server.dash.server.test_client()
    answer = client.get("/", environ_overrides={PLACE: repr(_inside(desk))})
    assert f"\\u003c{Scope.all().key}|" in answer.get_data(as_text=True)


def _inside(desk: Desk) -> Inside:
    return Inside(NARROW, moment_now(desk))


def test_walls_are_light_on_paper_only(desk: Desk) -> None:
    def drawn(answer: object, view: View) -> html.P:
        return html.P(ground().value)

    page = Page("overview", lambda a, v: "t", told, drawn)
    made = Server(desk, pages={"overview": page}, shell=lambda c, v: c, callbacks={})
    documents, at = Documents(made.dash.server), moment_now(desk)
    screen = documents.serve(NARROW, at)("/?wall=1").body.decode()
    paper = documents.serve(NARROW, at, paper=True)("/?wall=1").body.decode()
    assert ('data-bs-theme="dark"' in screen, '"file"' in screen) == (True, True)
    assert ('data-bs-theme="light"' in paper, '"paper"' in paper) == (True, True)
    assert ground() is Ground.SCREEN, "nothing of it stays behind"
