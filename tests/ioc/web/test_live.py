"""The live stream: pulses, news at once, silence while the store fails, a quick stop."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from support.portal import Portal, running_portal

from ioc.errors import StoreError
from ioc.web.live import Broadcast, Seen, Voice, Watcher, event, sign, vouched

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def read(message: bytes) -> dict[str, object]:
    """The data of one event."""
    line = next(one for one in message.decode().splitlines() if one.startswith("data: "))
    found: dict[str, object] = json.loads(line.removeprefix("data: "))
    return found


def test_a_pulse_says_version_time_and_the_age_of_the_poller_and_is_signed() -> None:
    seen = Seen(7, NOON - timedelta(seconds=4))
    body = read(event(Voice("b", "r", "secret").say(seen, NOON), 7))
    assert body["v"] == 7
    assert body["t"] == int(NOON.timestamp() * 1000)
    assert body["poller"] == 4000
    sig = body.pop("sig")
    assert sig == sign("secret", json.dumps(body, separators=(",", ":")))
    assert sig != sign("other", json.dumps(body, separators=(",", ":")))


def test_a_poller_never_seen_is_null_and_a_beat_of_the_future_is_now() -> None:
    voice = Voice("b", "r", "k")
    assert json.loads(voice.say(Seen(0, None), NOON))["poller"] is None
    ahead = Seen(0, NOON + timedelta(seconds=9))
    assert json.loads(voice.say(ahead, NOON))["poller"] == 0


def test_a_pulse_handed_back_is_known_as_ones_own_or_not() -> None:
    voice = Voice("b", "r", "secret")
    said = json.loads(voice.say(Seen(7, NOON), NOON))
    assert vouched(said, "secret")
    assert not vouched(said, "other")
    assert not vouched({**said, "t": said["t"] + 60_000}, "secret")
    assert not vouched({name: one for name, one in said.items() if name != "sig"}, "secret")
    assert not vouched({**said, "sig": "é"}, "secret")
    assert not vouched({}, "secret")


def test_a_pulse_asked_for_holds_the_word_of_whoever_asks(client: httpx.Client) -> None:
    answer = client.get("/pulse?nonce=abcdefgh12")
    assert answer.headers["cache-control"] == "no-store"
    said = answer.json()
    assert said["nonce"] == "abcdefgh12"
    assert abs(said["t"] / 1000 - time.time()) < 60
    assert len(said["sig"]) == 64
    for wrong in ("", "short", "x" * 65, "a b c d e f", "<script>", "ấấấấấấấấ"):
        assert client.get("/pulse", params={"nonce": wrong}).status_code == 400


def test_no_pulse_is_given_while_the_store_is_not_read() -> None:
    async def story() -> tuple[list[bool], list[bool]]:
        failing = True

        def see() -> Seen:
            if failing:
                raise OSError("gone")
            return Seen(1, None)

        watcher = Watcher(see, lambda seen: b"", look_seconds=0.01, pulse_seconds=0.05)
        known = [watcher.seen is not None]
        running = asyncio.create_task(watcher.run())
        await asyncio.sleep(0.05)
        known.append(watcher.seen is not None)
        failing = False
        await asyncio.sleep(0.05)
        known.append(watcher.seen is not None)
        running.cancel()
        # Nobody reads any more: what was read last is no longer vouched for.
        await asyncio.sleep(0.2)
        return known, [watcher.seen is not None]

    assert asyncio.run(story()) == ([False, False, True], [False])


def test_every_viewer_hears_the_newest_message_and_close_ends_all() -> None:
    async def story() -> tuple[list[bytes], int]:
        broadcast = Broadcast()
        broadcast.send(b"1")

        async def view() -> list[bytes]:
            return [message async for message in broadcast.messages()]

        viewers = [asyncio.create_task(view()) for _ in range(50)]
        await asyncio.sleep(0.01)
        broadcast.send(b"2")
        broadcast.send(b"3")
        await asyncio.sleep(0.01)
        broadcast.close()
        heard = await asyncio.gather(*viewers)
        assert all(one == heard[0] for one in heard)
        return heard[0], broadcast.viewers

    heard, left = asyncio.run(story())
    assert heard == [b"1", b"3"]
    assert left == 0


def test_news_are_told_at_once_and_silence_follows_a_failing_store() -> None:
    state = {"version": 1, "fails": False}

    def see() -> Seen:
        if state["fails"]:
            raise StoreError("gone", code="unknown")
        return Seen(int(state["version"]), NOON)

    async def story() -> list[str]:
        watcher = Watcher(
            see, lambda seen: str(seen.version).encode(), look_seconds=0.01, pulse_seconds=0.2
        )
        running = asyncio.create_task(watcher.run())
        heard: list[str] = []

        async def view() -> None:
            async for message in watcher.broadcast.messages():
                heard.append(message.decode())

        viewing = asyncio.create_task(view())
        await asyncio.sleep(0.1)
        state["version"] = 2
        await asyncio.sleep(0.1)
        assert heard == ["1", "2"]
        await asyncio.sleep(0.25)
        assert heard == ["1", "2", "2"]
        state["fails"] = True
        await asyncio.sleep(0.4)
        assert len(heard) <= 4
        before = len(heard)
        state["fails"] = False
        await asyncio.sleep(0.3)
        assert len(heard) > before
        watcher.broadcast.close()
        await viewing
        running.cancel()
        return heard

    asyncio.run(story())


def test_the_stream_gives_a_pulse_at_once_and_one_on_news(portal: Portal) -> None:
    with httpx.stream("GET", portal.url + "/live", timeout=10) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        events = (line for line in answer.iter_lines() if line.startswith("data: "))
        first = json.loads(next(events)[6:])
        version = portal.grow()
        began = time.monotonic()
        while json.loads(next(events)[6:])["v"] != version:
            pass
        assert time.monotonic() - began < 3
        assert first["v"] == version - 1


def test_the_server_stops_within_seconds_with_open_streams(tmp_path: Path) -> None:
    with running_portal(tmp_path) as portal:
        ended = []

        def listen() -> None:
            with httpx.stream("GET", portal.url + "/live", timeout=30) as answer:
                for _ in answer.iter_raw():
                    pass
            ended.append(True)

        viewers = [threading.Thread(target=listen) for _ in range(5)]
        for viewer in viewers:
            viewer.start()
        time.sleep(1)
        assert portal.stop() < 3
        for viewer in viewers:
            viewer.join(3)
        assert len(ended) == 5
