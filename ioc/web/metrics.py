"""The signs of life in the text format of Prometheus: numbers of the collection, never figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from ioc.queries.vitals import SourceVitals, Vitals

MEDIA = CONTENT_TYPE_LATEST
BREAKERS = ("closed", "open", "half_open")
SLOTS = ("expected", "running", "arrived", "late", "missed", "held", "failed")
LONGEST_LABEL = 80
"""Characters of a label: an add-on may name its sources as it likes."""

_PER_SOURCE: tuple[tuple[str, str, Callable[[SourceVitals], float | None]], ...] = (
    ("last_good_age_seconds", "Age of the last good read", lambda one: one.age),
    ("last_run_duration_seconds", "Duration of the last finished run", lambda one: one.duration),
    ("last_run_rows_read", "Readings of the last finished run", lambda one: one.last_read),
    ("last_run_rows_added", "New figures of the last finished run", lambda one: one.last_added),
    ("last_run_rows_rejected", "Records it rejected", lambda one: one.last_rejected),
    ("last_run_rows_held", "Figures it held for a person", lambda one: one.last_held),
    ("rows_added_total", "New figures over all runs", lambda one: one.added),
    ("rows_rejected_total", "Rejected records over all runs", lambda one: one.rejected),
    ("held_open", "Figures that wait for a person now", lambda one: one.held),
    ("consecutive_failures", "Runs that failed one after the other", lambda one: one.failures),
    ("lag_seconds", "Age of the oldest slot that nothing was read for since", lambda one: one.lag),
)


def exposition(seen: Vitals, *, release: str, viewers: int, trouble: str | None) -> bytes:
    """What `/metrics` answers: a registry of its own, made for this answer and thrown away."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(seen, release, viewers, trouble))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


class _Told:
    def __init__(self, seen: Vitals, release: str, viewers: int, trouble: str | None) -> None:
        self._seen, self._release = seen, release
        self._viewers, self._trouble = viewers, trouble

    def collect(self) -> Iterable[Metric]:
        """The metrics, the collection's own first."""
        yield from self._whole()
        sources = self._seen.sources
        for name, words, value in _PER_SOURCE:
            kind = CounterMetricFamily if name.endswith("_total") else GaugeMetricFamily
            family = kind(f"ioc_source_{name}", words, labels=["source"])
            for one in sources:
                number = value(one)
                if number is not None:
                    family.add_metric([_label(one.name)], number)
            yield family
        yield _states("ioc_source_breaker", "1 for the state that the breaker is in", (
            (one.name, state, float(one.breaker.replace("-", "_") == state))
            for one in sources for state in BREAKERS
        ))  # fmt: skip
        yield _states("ioc_source_slots", "Slots of the last 24 hours by state", (
            (one.name, state, float(one.slots.get(state, 0)))
            for one in sources for state in SLOTS
        ))  # fmt: skip

    def _whole(self) -> Iterator[Metric]:
        seen = self._seen
        info = GaugeMetricFamily("ioc_info", "The release that answers", labels=["release"])
        info.add_metric([_label(self._release)], 1)
        yield info
        beat = GaugeMetricFamily(
            "ioc_poller_beat_age_seconds", "Age of the poller's last beat; absent: it never ran"
        )
        if seen.beat_age is not None:
            beat.add_metric([], seen.beat_age)
        yield beat
        for name, words, number in (
            ("ioc_data_version", "Grows with every change of what pages show", seen.data_version),
            ("ioc_pollers", "Pollers that said within 15 s that they live", seen.pollers),
            ("ioc_sources", "Active sources", len(seen.sources) + seen.left_out),
            ("ioc_sources_left_out", "Active sources not told of one by one", seen.left_out),
            ("ioc_live_viewers", "Open streams of this process", self._viewers),
            ("ioc_store_writable", "0 while nothing can be written", self._trouble is None),
        ):
            yield GaugeMetricFamily(name, words, value=float(number))


def _states(name: str, words: str, given: Iterable[tuple[str, str, float]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=["source", "state"])
    for source, state, number in given:
        family.add_metric([_label(source), state], number)
    return family


def _label(text: str) -> str:
    return text[:LONGEST_LABEL]
