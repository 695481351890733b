"""The example home: every source loads, and everything it answers is taken in."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
import orjson
import pytest

from ioc.demo.answer import Request
from ioc.demo.clock import minute_of
from ioc.demo.ledger import Ledger
from ioc.demo.server import answered, ledger_of
from ioc.domain.catalogue import Catalogue
from ioc.domain.registers import packaged
from ioc.domain.unit import Level
from ioc.domain.units import Units
from ioc.errors import PermanentSourceError, SourceError, TransientSourceError
from ioc.ingest.connector import Batch, Rejected, Tools
from ioc.ingest.item_reader import ItemRead
from ioc.ingest.mapping import Reader, Reading
from ioc.ingest.source import Source, load_sources
from ioc.ingest.submission import form_of
from ioc.plugins import CONNECTOR, discover

HOME = Path(__file__).parents[2] / "examples"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=timezone(timedelta(hours=7)))
CONNECTORS = {plugin.name: plugin.value for plugin in discover(CONNECTOR, ())}
SOURCES = {
    source.name: source
    for source in load_sources(HOME, {"IOC_DEMO_PORT": "8051"}, CONNECTORS)  # type: ignore[arg-type]
}
IMITATED = sorted(name for name, one in SOURCES.items() if one.connector != "file_drop")
SUBMITTED = sorted(name for name, one in SOURCES.items() if one.submit is not None)
PUBLISHED = sorted(name for name in SOURCES if name.startswith("cong-bo-"))
SLICES = 40


@pytest.fixture(scope="module")
def units() -> Units:
    """The units of the product."""
    return Units.load()


@pytest.fixture(scope="module")
def catalogue(units: Units) -> Catalogue:
    """The indicators of the product."""
    return Catalogue.load(units=units)


@pytest.fixture(scope="module")
def ledger(units: Units) -> Ledger:
    """The figures of seed 1."""
    return ledger_of(1, units)


def imitation(ledger: Ledger, uptime: int = 0) -> httpx.Client:
    """A client that is answered by the imitated systems without a network."""

    def reply(request: httpx.Request) -> httpx.Response:
        parts = dict(parse_qsl(request.url.query.decode()))
        if request.content:
            parts |= {key: str(value) for key, value in orjson.loads(request.content).items()}
        answer = answered(ledger, request.url.path, Request(parts, minute_of(NOON), uptime))
        return httpx.Response(
            answer.status,
            stream=httpx.ByteStream(answer.body),
            headers={"Content-Type": answer.media},
        )

    return httpx.Client(transport=httpx.MockTransport(reply))


@pytest.fixture
def client(ledger: Ledger) -> Iterator[httpx.Client]:
    """The imitated systems just after their start."""
    with imitation(ledger) as one:
        yield one


def fetched(source: Source, client: httpx.Client, home: Path, slices: int) -> Iterator[Batch]:
    """What the source's connector brings, slice by slice, newest first."""
    connector = CONNECTORS[source.connector]
    watermark: str | None = None
    for _ in range(slices):
        tools = Tools(client=client, now=lambda: NOON, home=home, watermark=watermark)
        batch = connector.fetch(source.config, tools)  # type: ignore[attr-defined]
        yield batch
        watermark = batch.watermark
        if not batch.more:
            return


def test_ten_systems_and_more_are_imitated_and_only_published_figures_are_real() -> None:
    assert len(IMITATED) >= 10
    assert [name for name, one in SOURCES.items() if not one.illustrative] == PUBLISHED


def test_published_figures_are_shown_before_illustrative_ones() -> None:
    best = min(SOURCES[name].rank for name in IMITATED)
    assert all(SOURCES[name].rank < best for name in PUBLISHED)


def test_what_a_unit_submits_stands_before_what_is_imitated(
    units: Units, catalogue: Catalogue
) -> None:
    assert SUBMITTED
    for name in SUBMITTED:
        form = form_of(SOURCES[name], catalogue, units)
        assert len(form.units(units, NOON.date())) == 34
        assert SOURCES[name].rank < min(SOURCES[one].rank for one in IMITATED)


def test_illustrative_sources_say_so_in_both_languages() -> None:
    for name in (*IMITATED, *SUBMITTED):
        assert "minh họa" in SOURCES[name].title.vi
        assert "illustrative" in SOURCES[name].title.en


@pytest.mark.parametrize("name", IMITATED)
def test_all_that_an_imitated_system_answers_is_taken_in(
    name: str, client: httpx.Client, units: Units, catalogue: Catalogue, tmp_path: Path
) -> None:
    source = SOURCES[name]
    reader = Reader(source, catalogue, units, NOON)
    slices = 2 if name == "kho-xa-thang" else SLICES
    results = [
        result
        for batch in fetched(source, client, tmp_path, slices)
        for result in reader.read_batch(batch)
    ]
    assert [one for one in results if isinstance(one, Rejected)] == []
    items = [one.key for one in results if isinstance(one, ItemRead)]
    readings = [one for one in results if isinstance(one, Reading)]
    assert len(readings) + len(items) > 0.95 * len(results)
    same = Counter((one.indicator_id, one.unit_id, one.period, one.breakdown) for one in readings)
    assert max([*same.values(), *Counter(items).values()]) == 1


def test_every_register_has_illustrative_items() -> None:
    fed = {one.items.register_key for one in SOURCES.values() if one.items and one.illustrative}
    assert fed == {one.key for one in packaged().all}


def test_history_follows_the_map_of_each_month(
    client: httpx.Client, units: Units, catalogue: Catalogue, tmp_path: Path
) -> None:
    source = SOURCES["cong-dvc-tinh"]
    reader = Reader(source, catalogue, units, NOON)
    provinces: dict[str, set[int]] = {}
    for batch in fetched(source, client, tmp_path, SLICES):
        for one in reader.read_batch(batch):
            if isinstance(one, Reading):
                provinces.setdefault(one.period.code, set()).add(one.unit_id)
    assert len(provinces) == 36
    assert min(provinces) == "2023-12"
    for code, there in provinces.items():
        expected = 34 if code >= "2025-07" else 63
        assert expected - 7 <= len(there) <= expected
    together = set.union(*provinces.values())
    assert len([one for one in together if units.by_id(one).level == Level.PROVINCE]) == 86


def test_the_first_slices_hold_the_newest_months_of_every_indicator(
    client: httpx.Client, units: Units, catalogue: Catalogue, tmp_path: Path
) -> None:
    found: dict[int, set[Level]] = {}
    for name in IMITATED:
        source = SOURCES[name]
        reader = Reader(source, catalogue, units, NOON)
        for batch in fetched(source, client, tmp_path, 1):
            for one in reader.read_batch(batch):
                if isinstance(one, Reading):
                    level = units.by_id(one.unit_id).level
                    found.setdefault(one.indicator_id, set()).add(level)
                elif isinstance(one, ItemRead) and one.said.unit_id is not None:
                    line = (one.said.unit_id, *units.chain(one.said.unit_id))
                    assert reader.items is not None
                    for count in reader.items.register.counts:
                        levels = found.setdefault(catalogue.by_code(count.indicator).id, set())
                        levels |= {units.by_id(above).level for above in line}
    for indicator in catalogue.collected:
        if indicator.code != "DQ-01":
            assert set(indicator.reports) <= found[indicator.id], indicator.code
    with_communes = [one.code for one in catalogue.all if Level.COMMUNE in found.get(one.id, ())]
    assert len(with_communes) >= 6


@pytest.mark.parametrize(
    ("uptime", "error"), [(4, TransientSourceError), (5, PermanentSourceError), (6, None)]
)
def test_the_failing_system_breaks_the_run_and_recovers(
    ledger: Ledger, tmp_path: Path, uptime: int, error: type[SourceError] | None
) -> None:
    source = SOURCES["csdl"]
    with imitation(ledger, uptime) as client:
        tools = Tools(client=client, now=lambda: NOON, home=tmp_path, sleep=lambda _: None)
        connector = CONNECTORS[source.connector]
        if error is None:
            assert list(connector.fetch(source.config, tools).records)  # type: ignore[attr-defined]
        else:
            with pytest.raises(error):
                connector.fetch(source.config, tools)  # type: ignore[attr-defined]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of the example home, with files that have stopped growing."""
    copied = tmp_path / "home"
    shutil.copytree(HOME, copied)
    return copied


def published(
    home: Path, client: httpx.Client, units: Units, catalogue: Catalogue
) -> list[Reading]:
    """Every published figure as it is taken in; fails on the first rejection."""
    found = [one for one in told(home, client, units, catalogue) if not isinstance(one, ItemRead)]
    assert all(isinstance(one, Reading) for one in found), found
    return [one for one in found if isinstance(one, Reading)]


def told(home: Path, client: httpx.Client, units: Units, catalogue: Catalogue) -> list[object]:
    """What the published files tell: figures, items of registers, rejections."""
    found: list[object] = []
    for name in PUBLISHED:
        source = SOURCES[name]
        reader = Reader(source, catalogue, units, NOON)
        for batch in fetched(source, client, home, 1):
            found += reader.read_batch(batch)
    return found


def test_published_figures_are_read_as_they_were_published(
    home: Path, client: httpx.Client, units: Units, catalogue: Catalogue
) -> None:
    readings = published(home, client, units, catalogue)
    found = {
        (
            catalogue.by_id(one.indicator_id).code,
            units.by_id(one.unit_id).key,
            one.period.code,
            one.breakdown,
        ): (one.numerator, one.denominator, one.value, one.bound.name)
        for one in readings
    }
    assert len(found) == len(readings) == 50
    assert found["OPS-02", "38", "2025-05", ""] == (1758, 1950, None, "EXACT")
    assert found["OPS-02", "38", "2025-06", ""] == (1754, None, None, "EXACT")
    assert found["OPS-05", "38", "2025-06", ""] == (None, None, 995_100, "EXACT")
    assert found["DOC-01", "38", "2025-06", ""] == (216_450, None, None, "EXACT")
    assert found["OPS-01", "35.2025", "2024", ""] == (115_665, 168_746, None, "EXACT")
    assert found["SIG-01", "30.2025", "2024-Q4", ""] == (None, None, 1_000_000, "EXACT")
    assert found["SIG-02", "08", "2026-01", ""] == (3711, 3802, None, "EXACT")
    assert found["SIG-03", "08", "2026-01", "class.none"] == (None, None, 91, "EXACT")
    assert found["SIG-03", "08", "2026-01", ""] == (None, None, 273, "EXACT")
    assert found["TRN-01", "memr", "2025", ""] == (1121, 1180, None, "ESTIMATE")
    nation = [found["OPS-01", unit, "2025-10-26", ""][2] for unit in ("vn", "gov", "local")]
    assert nation == [399_800, 544_600, 169_400]
    assert [
        found["SIG-03", "vn", period, ""][2] for period in ("2020", "2024-10", "2025-03", "2025-08")
    ] == [2418, 761, 717, 355]


def test_every_published_figure_carries_its_citation(
    home: Path, client: httpx.Client, units: Units, catalogue: Catalogue
) -> None:
    for one in published(home, client, units, catalogue):
        assert one.citation
        assert len(one.citation) > 20


def test_every_published_item_carries_its_citation_and_is_marked_as_quoted(
    home: Path, client: httpx.Client, units: Units, catalogue: Catalogue
) -> None:
    items = [one for one in told(home, client, units, catalogue) if isinstance(one, ItemRead)]
    assert len(items) > 100
    for one in items:
        assert one.citation
        assert one.said.unit_id is not None
        assert one.said.body["quoted"] is True
