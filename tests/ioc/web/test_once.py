"""What many ask for at the same moment is worked out once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest
from support.portal import Answer, chart, grow, load, pages, small_desk

from ioc.domain.scope import Scope
from ioc.web import router as routing
from ioc.web.once import Once
from ioc.web.router import Router

MANY = 12


def together(work: Any) -> list[Any]:
    """The values of `work`, asked for by many threads at one moment."""
    gate = Barrier(MANY)

    def one(_: int) -> Any:
        gate.wait()
        return work()

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


def test_the_work_of_a_key_is_done_once_and_shared() -> None:
    once: Once[object] = Once()
    done: list[object] = []

    def work() -> object:
        time.sleep(0.3)
        done.append(object())
        return done[-1]

    assert set(together(lambda: once("a", work))) == set(done)
    assert len(done) == 1
    once("a", work)
    assert len(done) == 2, "nothing is kept"


def test_keys_do_not_wait_for_each_other() -> None:
    once: Once[str] = Once()
    begun, free = Event(), Event()

    def slow() -> str:
        begun.set()
        assert free.wait(10)
        return "slow"

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(once, "slow", slow)
        assert begun.wait(10)
        assert once("quick", lambda: "quick") == "quick"
        free.set()
        assert waiting.result(10) == "slow"


def test_what_fails_is_told_to_all_who_wait_and_tried_again_afterwards() -> None:
    once: Once[str] = Once()
    tries: list[int] = []

    def fails() -> str:
        tries.append(1)
        time.sleep(0.3)
        raise ValueError("broken")

    def asked() -> str:
        with pytest.raises(ValueError, match="broken"):
            once("a", fails)
        return "told"

    assert together(asked) == ["told"] * MANY
    assert len(tries) == 1
    assert once("a", lambda: "well") == "well"


@pytest.mark.parametrize("kept", [True, False])
def test_viewers_of_one_address_share_its_drawing_and_what_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    loads: list[str] = []
    compared: list[bytes] = []

    def slow(desk: Any, view: Any, scope: Scope) -> Answer:
        loads.append(view.href())
        time.sleep(0.3)
        return load(desk, view, scope)

    def moves(before: bytes, after: bytes) -> Any:
        compared.append(after)
        time.sleep(0.3)
        return real(before, after)

    real = routing.moves
    monkeypatch.setattr(routing, "moves", moves)
    desk = small_desk(tmp_path)
    unit = replace(
        pages()["unit"],
        load=slow,
        render=lambda answer, view: chart(answer.version, view),
        kept=kept,
    )
    router = Router(desk, {"unit": unit}, lambda content, view: content)
    before = router.show("/unit/38", Scope.all())
    loads.clear()
    version = grow(desk.engine)
    shown = together(lambda: router.show("/unit/38", Scope.all()))
    assert {one.version for one in shown} == {version}
    assert len({one.digest for one in shown}) == 1
    assert len(loads) == (1 if kept else MANY)
    told = together(lambda: router.moved(before.digest, shown[0]))
    assert len(set(told)) == 1
    assert told[0]
    assert len(compared) == 1
    desk.engine.dispose()
