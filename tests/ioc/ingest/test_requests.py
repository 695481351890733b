"""What a person asked for: done once by one poller, its outcome kept, nothing secret in it."""

from __future__ import annotations

import json
from datetime import timedelta

from support.polled import Polled, row

from ioc.errors import PermanentSourceError
from ioc.ingest.connector import Batch, Payload, Record
from ioc.ingest.run import Work, begin, deliver
from ioc.store import run_requests
from ioc.store.engine import reading
from ioc.store.run_requests import Request


def ask(polled: Polled, kind: str) -> int:
    return run_requests.ask(polled.engine, polled.state().source_id, kind, "An", polled.clock())


def newest(polled: Polled) -> Request:
    with reading(polled.engine) as connection:
        return run_requests.recent(connection, polled.state().source_id)[0]


def test_a_trial_shows_rows_and_writes_nothing(polled: Polled) -> None:
    polled.declare(secrets=("hunter2",))
    polled.connector.answers["portal"] = [
        [row(1, "2025-01")],
        [row(1, "2025-01"), row(2, "2025-02"), row(3, "2025-03", "hunter2")],
    ]
    one = polled.poller()
    polled.tick(one)
    runs, figures, stand = len(polled.runs()), polled.observations(), polled.state()
    ask(polled, "dry")
    polled.tick(one)
    found = newest(polled)
    assert found.result is not None
    assert {name: found.result[name] for name in ("accepted", "unchanged", "rejected")} == {
        "accepted": 1, "unchanged": 1, "rejected": 1,
    }  # fmt: skip
    assert [one["period"] for one in found.result["examples"]] == ["2025-01", "2025-02"]
    assert found.result["rejections"][0]["code"] == "unknown_code"
    assert "hunter2" not in json.dumps(found.result)
    assert (len(polled.runs()), polled.observations()) == (runs, figures)
    after = polled.state()
    assert (after.last_run_id, after.payload_hash) == (stand.last_run_id, stand.payload_hash)


def test_a_trial_that_fails_says_why(polled: Polled) -> None:
    polled.declare()
    refused = PermanentSourceError("401", code="http_refused", url="https://x", status=401)
    polled.connector.answers["portal"] = [[row(1)], refused]
    one = polled.poller()
    polled.tick(one)
    ask(polled, "dry")
    polled.tick(one)
    result = newest(polled).result
    assert result is not None
    assert (result["outcome"], result["code"]) == ("failed", "http_refused")
    assert polled.state().breaker == "closed", "a trial says nothing about the source"


def test_a_request_waits_while_its_source_runs_and_is_done_once(polled: Polled) -> None:
    source = polled.declare(schedule={"every": "1h"})
    one, two = polled.poller("one"), polled.poller("two")
    polled.tick(one)
    ticket = begin(one, Work(source, force=True))
    assert ticket is not None
    first = ask(polled, "retry")
    assert ask(polled, "retry") == first, "the same request is not written twice"
    polled.tick(two)
    assert newest(polled).done is None
    polled.clock.advance(seconds=181)
    polled.tick(two)
    polled.tick(one)
    assert newest(polled).done is not None
    assert [run.kind for run in polled.runs()] == ["poll", "poll", "retry"]


def test_a_request_whose_poller_died_is_open_again(polled: Polled) -> None:
    polled.declare(schedule={"every": "1d"})
    one, two = polled.poller("one"), polled.poller("two")
    polled.tick(one)
    ask(polled, "retry")
    (taken,) = run_requests.take(polled.engine, [polled.state().source_id], "gone", polled.clock())
    assert taken.kind == "retry"
    polled.tick(two)
    assert newest(polled).done is None
    polled.clock.advance(minutes=31)
    polled.tick(two)
    assert newest(polled).done is not None


def test_what_a_person_brings_is_taken_in_like_a_poll(polled: Polled) -> None:
    source = polled.declare()
    one = polled.poller()
    polled.tick(one)
    payload = Payload("tep.xlsx", b"1", "application/vnd.ms-excel")
    batch = Batch(
        [Record("row 2", row(9, "2025-04")), Record("row 3", row(1, code="xx"))], [payload]
    )
    run_id, report = deliver(one, source, batch, by="Lê Bình")
    assert (report.outcome, report.added, report.rejected) == ("partial", 1, 1)
    run = polled.runs()[-1]
    assert (run.id, run.kind, run.by, run.due) == (run_id, "delivery", "Lê Bình", None)
    again = deliver(one, source, batch, by="Lê Bình")[1]
    assert again.outcome == "unchanged", "the same file again changes nothing"
    assert polled.state().last_good is not None
    assert polled.clock() - polled.state().last_good < timedelta(seconds=1)  # type: ignore[operator]


def test_a_delivery_does_not_close_a_breaker_nor_move_a_watermark(polled: Polled) -> None:
    source = polled.declare(breaker={"failures": 1})
    broken = PermanentSourceError("no", code="not_data_html", url="x")
    polled.connector.answers["portal"] = [broken]
    one = polled.poller()
    polled.tick(one)
    batch = Batch([Record("row 2", row(9))], [Payload("x", b"1", "text/csv")], watermark="moved")
    deliver(one, source, batch, by="An")
    state = polled.state()
    assert (state.breaker, state.watermark, state.failures) == ("open", None, 1)
