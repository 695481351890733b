"""Extracts of every page and scene: the same bytes live and as known then, and what they hold."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from support.real import Real, make_real

from ioc import plugins
from ioc.domain.scope import Scope
from ioc.domain.words import empty_words, status_words
from ioc.errors import AddressError, NotAllowedError
from ioc.exports.extract import Column, Extract, Kind, Sheet, canonical
from ioc.exports.table import Value
from ioc.queries.answers import Overview
from ioc.web.app import create_app
from ioc.web.extracting import UNREPEATABLE, extract
from ioc.web.router import read_address
from ioc.web.scene import scenes
from ioc.web.steady import Moment, load, moment_now

pytestmark = pytest.mark.timeout(600)
STILL = {
    "wall": "turns scenes, which have extracts of their own",
    "walls": "steers screens",
    "submit": "forms, and who has handed in by now",
    "exports": "files that were made",
    "verify": "a snapshot, which is kept as it was",
    "briefings": "packs, which are made of other pages",
    "briefing": "a pack, which is made of other pages",
}
"""Pages that show no figures of their own, and why nothing is asked of their extracts."""
SUBJECTS = {
    "unit": "/unit/38",
    "indicator": "/indicator/OPS-01",
    "record": "/record?unit=38&indicator=OPS-01",
    "source": "/source/csdl",
    "index766": "/index766?unit=38",
    "why": "/why?unit=38",
    "peers": "/peers?unit=38",
}
"""Where the bare address is about nothing yet."""
MORE = (
    "/?unit=gov", "/index766", "/indicator/OPS-01?unit=38", "/indicator/TSK-01",
    "/register/task?due=overdue&form=board", "/register/milestone?form=timeline",
    "/register/blackspot?form=map", "/register/task?form=people", "/register/directive?form=tree",
    "/compare?form=slope", "/compare?form=scatter", "/compare?form=indexed",
    "/compare?form=multiples", "/compare?form=corridor&units=38",
)  # fmt: skip
MOVED = ("cong-dvc-tinh", "csdl", "kho-xa-thang", "ngan-sach")
"""Sources that give news between the two extracts."""
RANDOM = 50
NAMED = re.compile(r'"data-name":"([^"]+)"')
STAMPED = re.compile(r"\d{2}:\d{2}")


def addresses(real: Real) -> list[str]:
    """Every page and scene that shows figures or items, every register, and random views."""
    pages = [one for one in plugins.by_name(plugins.PAGE) if one not in (*STILL, "scene")]
    found = [SUBJECTS.get(one, "/" if one == "overview" else f"/{one}") for one in pages]
    found.remove("/item")
    found += [f"/scene/{one}?wall=1" for one in scenes()]
    found += [f"/register/{one.key}" for one in real.desk.registers.all]
    return [*found, item(real), *MORE, *_random(real)]


def item(real: Real) -> str:
    """The address of an item."""
    view = read_address("/register/task")
    asked = extract(real.desk, create_app(real.desk).router, view, Scope.all(), now(real),
                    part="items")  # fmt: skip
    return f"/item/{asked.sheets[0].rows[0][0]}?register=task"


def _random(real: Real) -> list[str]:
    choice = random.Random(20261122).choice
    codes = [one.code for one in real.desk.catalogue.all]
    found = []
    for _ in range(RANDOM):
        parts = [
            choice(["unit=38", "unit=01", "unit=gov", "unit=vn", "unit=moh"]),
            f"indicator={choice(codes)}",
            choice(["", "", "period=2026-11", "period=2026-10", "period=2026-Q3"]),
            choice(["", "", "basis=reported", "basis=2025-06-30"]),
            choice(["", "", "status=at_risk", "units=38,01,31", "calendar=administrative"]),
            choice(["", "lang=en"]),
        ]
        query = "&".join(one for one in parts if one)
        found.append(f"/{choice(['unit', 'indicator', 'compare', 'why'])}?{query}")
    return found


@dataclass(frozen=True)
class Fed:
    """A store, what was extracted from it, and the moment; news have come since."""

    real: Real
    router: Any
    at: Moment
    before: dict[str, bytes | str]
    live: dict[str, Extract]


def now(real: Real) -> Moment:
    """The moment of the newest data."""
    return moment_now(real.desk)


def asked(real: Real, router: Any, address: str, at: Moment) -> Extract | str:
    """The extract of an address, or how it is refused."""
    try:
        return extract(real.desk, router, read_address(address), Scope.all(), at)
    except (AddressError, NotAllowedError) as error:
        return repr(error)


@pytest.fixture(scope="module")
def fed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fed]:
    real = make_real(tmp_path_factory.mktemp("extracting"), hostile=False)
    router, at = create_app(real.desk).router, moment_now(real.desk)
    live, before = {}, {}
    for address in addresses(real):
        found = asked(real, router, address, at)
        before[address] = canonical(found) if isinstance(found, Extract) else found
        if isinstance(found, Extract):
            live[address] = found
    real.ahead = timedelta(days=33)
    for name in MOVED:
        real.poll(name)
    assert real.version() > at.version
    yield Fed(real, router, at, before, live)
    real.desk.engine.dispose()


def test_every_page_and_scene_is_the_same_as_known_at_its_moment(fed: Fed) -> None:
    """Case F8: what was exported is made again to the byte after later figures came."""
    apart = []
    for address, before in fed.before.items():
        view = read_address(address)
        name = view.scene if view.page == "scene" else view.page
        if name in UNREPEATABLE:
            continue
        again = asked(fed.real, fed.router, address, fed.at)
        kept = canonical(again) if isinstance(again, Extract) else again
        if kept != before:
            apart.append(address)
    assert apart == []
    assert len(fed.live) > 80
    for address in ("/", "/unit/38", "/indicator/OPS-01"):
        newest = asked(fed.real, fed.router, address, moment_now(fed.real.desk))
        assert isinstance(newest, Extract)
        assert canonical(newest) != fed.before[address], "the news change what is shown now"


def test_every_card_of_every_page_has_its_table(fed: Fed) -> None:
    """What a chart's menu offers as a file is there under the chart's own name."""
    for address in (*SUBJECTS.values(), "/", "/?unit=gov", *MORE):
        shown = fed.router.show(address, Scope.all())
        names = set(NAMED.findall(shown.encoded.decode()))
        view = read_address(address)
        at = moment_now(fed.real.desk)
        for name in sorted(names):
            found = extract(fed.real.desk, fed.router, view, Scope.all(), at, part=name)
            assert len(found.sheets) == 1, (address, name)


def test_f8_every_cell_is_what_its_column_says(fed: Fed) -> None:
    """Case F8: numbers, days and moments are typed; words hold no time of day for a period."""
    for address, found in fed.live.items():
        names = [one.part for one in found.sheets]
        assert len(set(names)) == len(names), address
        for one in found.sheets:
            assert one.title, (address, one.part)
            keys = [column.key for column in one.columns]
            assert len(set(keys)) == len(keys), (address, one.part, keys)
            assert len(one.places) in (0, len(one.rows)), (address, one.part)
            for row in one.rows:
                assert len(row) == len(one.columns), (address, one.part)
                for column, value in zip(one.columns, row, strict=True):
                    assert _fits(column, value), (address, one.part, column, value)
        assert found.title in dict(found.about).values()


def _fits(column: Column, value: Value) -> bool:
    if value is None:
        return True
    if column.kind is Kind.TEXT:
        return isinstance(value, str) and not (column.key == "period" and STAMPED.search(value))
    if column.kind is Kind.WHOLE:
        return isinstance(value, int)
    if column.kind is Kind.DATE:
        return isinstance(value, date) and not isinstance(value, datetime)
    if column.kind is Kind.MOMENT:
        return isinstance(value, datetime) and value.tzinfo is not None
    return isinstance(value, (int, Fraction))


def test_an_overview_holds_the_figures_of_the_screen(fed: Fed) -> None:
    found, at = fed.live["/"], fed.at
    view = read_address("/").but(known_at=at.known_at)
    answer = fed.router.page(view).load(fed.real.desk, view, Scope.all())
    assert isinstance(answer, Overview)
    ranking = rows(sheet(found, "ranking"))
    assert len(ranking) == len(answer.children) == 34
    for row, cell in zip(ranking, answer.children, strict=True):
        of = cell.indicator
        assert (row["unit"], row["indicator_code"]) == (cell.unit.name, of.code)
        value = cell.figure.value
        assert row["value"] == (None if value is None else value * of.unit_factor)
        assert row["status"] == status_words(cell.status, "vi")
        if value is None:
            assert row["empty"] == empty_words(cell.figure.empty, "vi")
        else:
            assert (row["from"], row["to"]) == (cell.period.start, cell.period.end)
            assert (row["numerator"], row["denominator"]) == (
                cell.figure.numerator, cell.figure.denominator,
            )  # fmt: skip
            fact = next(
                one for one in found.facts
                if (one.unit, one.indicator, one.period)
                == (cell.unit.key, of.code, cell.period.code) and not one.breakdown
            )  # fmt: skip
            assert fact.value == f"{value.numerator}/{value.denominator}"
    total = rows(sheet(found, "total"))[0]
    assert total["coverage"].endswith("đơn vị")
    value = next(one for one in sheet(found, "ranking").columns if one.key == "value")
    assert (value.unit, value.places) == ("%", answer.focus.decimals)
    heat = sheet(found, "heat")
    assert len(heat.places) == len(heat.rows), "rows of many indicators have decimals of their own"
    codes = {one.code for one in found.definitions}
    assert codes == {one.indicator for one in found.facts} | {answer.focus.code}
    assert found.illustrative
    assert sheet(found, "map").rows == sheet(found, "ranking").rows
    assert any(one.received for one in found.origins)


def test_a_total_says_the_sum_of_its_parts_and_what_is_left(fed: Fed) -> None:
    found = rows(sheet(fed.live["/record?unit=38&indicator=OPS-01"], "account"))
    foot = {row["unit"]: row for row in found[-3:]}
    summed, shown = foot["Tổng các phần"], foot["Số đang hiển thị"]
    parts = [row for row in found if row["counts"] == "Có"]
    assert len(parts) > 1
    for key in ("numerator", "denominator"):
        assert summed[key] == sum(row[key] for row in parts)
    assert summed["value"] == Fraction(100 * summed["numerator"], summed["denominator"])
    figure = rows(sheet(fed.live["/record?unit=38&indicator=OPS-01"], "figure"))[0]
    assert (shown["value"], shown["numerator"]) == (figure["value"], figure["numerator"])
    left = foot.get("Chênh lệch")
    difference = shown["numerator"] - summed["numerator"]
    assert (0 if left is None else left["numerator"]) == difference


def test_similar_units_say_by_what(fed: Fed) -> None:
    found = rows(sheet(fed.live["/peers?unit=38"], "features"))
    own, first = found[:2]
    assert (own["unit_key"], own["population_apart"], own["kind"]) == ("38", None, None)
    assert own["population"] > 1_000_000
    assert 0 < own["ward_share"] < 100
    assert first["population_apart"] >= 0
    assert first["region"] in ("giống", "khác")


@pytest.mark.parametrize("address", ["/", "/unit/38", "/indicator/OPS-01"])
def test_what_came_after_the_order_of_an_export_is_not_said_in_it(fed: Fed, address: str) -> None:
    view = read_address(address)
    page = fed.router.page(view)
    late = load(fed.real.desk, page, view, Scope.all(), fed.at)
    assert late.stamp.altered is None, "nobody asked for a moment"
    assert not any(one.part == "known_at" for one in late.applied)
    asked = view.but(known_at=fed.at.known_at)
    told = load(fed.real.desk, page, asked, Scope.all(), fed.at)
    assert told.stamp.altered, "who asks for a moment is told what changed since"
    assert any(one.part == "known_at" for one in told.applied)


def test_a_page_and_its_file_tell_one_moment(fed: Fed) -> None:
    view = read_address("/indicator/OPS-01")
    at = moment_now(fed.real.desk)
    page = fed.router.page(view)
    quiet = load(fed.real.desk, page, view, Scope.all(), at)
    assert quiet.stamp.told_at == at.known_at < quiet.stamp.asked_at
    later = load(fed.real.desk, page, view, Scope.all(), fed.at)
    assert later.stamp.told_at == fed.at.known_at
    asked_now = page.load(fed.real.desk, view, Scope.all())
    assert asked_now.stamp.told_at == asked_now.stamp.asked_at, "a screen lives"


def test_a_page_that_holds_answers_tells_the_same_moment(fed: Fed) -> None:
    view, at = read_address("/register/blackspot?form=map"), moment_now(fed.real.desk)
    shown = load(fed.real.desk, fed.router.page(view), view, Scope.all(), at)
    found = asked(fed.real, fed.router, "/register/blackspot?form=map", at)
    assert isinstance(found, Extract)
    stamps = [getattr(shown, one.name).stamp for one in fields(shown)
              if hasattr(getattr(shown, one.name), "stamp")]  # fmt: skip
    assert stamps
    assert {one.told_at for one in stamps} == {found.known_at} == {at.known_at}


@pytest.mark.parametrize("form", ["", "?form=map", "?form=board", "?form=people", "?form=tree"])
def test_what_is_counted_in_a_register_names_its_sources(fed: Fed, form: str) -> None:
    key = {"": "press", "?form=map": "blackspot", "?form=tree": "directive"}.get(form, "task")
    found = asked(fed.real, fed.router, f"/register/{key}{form}", fed.at)
    assert isinstance(found, Extract)
    assert found.origins, "somebody said so"
    assert all(one.received and one.received <= found.known_at for one in found.origins)
    assert any(one.illustrative for one in found.origins)
    later = asked(fed.real, fed.router, f"/register/{key}{form}", moment_now(fed.real.desk))
    assert isinstance(later, Extract)
    assert {one.name for one in found.origins} == {one.name for one in later.origins}


@pytest.mark.parametrize("address", ["/", "/unit/38"])
def test_a_page_with_counts_of_registers_names_their_sources_too(fed: Fed, address: str) -> None:
    view, at = read_address(address), fed.at
    desk = fed.real.desk
    named = {
        part: {one.name for one in found.origins}
        for part in ("registers", "trend")
        for found in [extract(desk, fed.router, view, Scope.all(), at, part=part)]
    }
    tasks = asked(fed.real, fed.router, "/register/task", at)
    whole = asked(fed.real, fed.router, address, at)
    assert isinstance(tasks, Extract)
    assert isinstance(whole, Extract)
    own = {one.name for one in tasks.origins}
    assert own <= named["registers"]
    assert not own & named["trend"], "a trend alone is of its own sources"
    assert named["registers"] | named["trend"] <= {one.name for one in whole.origins}


def test_an_item_names_its_own_source_alone(fed: Fed) -> None:
    found = asked(fed.real, fed.router, item(fed.real), fed.at)
    whole = asked(fed.real, fed.router, "/register/task", fed.at)
    assert isinstance(found, Extract)
    assert isinstance(whole, Extract)
    assert 1 <= len(found.origins) <= len(whole.origins)
    assert {one.name for one in found.origins} <= {one.name for one in whole.origins}


def test_days_are_told_once(fed: Fed) -> None:
    address = "/indicator/OPS-01?calendar=administrative&period=2026"
    found = asked(fed.real, fed.router, address, fed.at)
    assert isinstance(found, Extract)
    told = dict(found.about)["Kỳ số liệu"]
    assert told.count("2026") == 2, told
    assert "(" in told


def test_a_focus_scene_has_its_communes(fed: Fed) -> None:
    found = fed.live["/scene/province?wall=1"]
    assert len(sheet(found, "ranking").rows) > 20


def test_every_filter_is_told_by_its_names(fed: Fed) -> None:
    address = "/indicator/OPS-01?units=38,01,31&basis=reported&period=2026-11&status=at_risk"
    found = asked(fed.real, fed.router, address, moment_now(fed.real.desk))
    assert isinstance(found, Extract)
    said = " ".join(words for _, words in found.about)
    for words in ("Thanh Hóa", "Hà Nội", "Hải Phòng", "nguy cơ", "tháng 11/2026", "01/11/2026",
                  "theo đơn vị tại thời điểm báo cáo"):  # fmt: skip
        assert words in said, words
    assert any("tại thời điểm báo cáo" in one for one in found.caveats)
    listed = asked(fed.real, fed.router, "/register/task?due=overdue&unit=38", fed.at)
    assert isinstance(listed, Extract)
    assert "Quá hạn" in " ".join(words for _, words in listed.about)


def test_an_address_is_live_and_says_when_it_was_known(fed: Fed) -> None:
    then = fed.at.known_at - timedelta(days=1)
    view = read_address("/indicator/OPS-01").but(known_at=then)
    found = extract(fed.real.desk, fed.router, view, Scope.all(), moment_now(fed.real.desk))
    assert found.known_at == then
    assert found.address == "/indicator/OPS-01"


def test_a_wrong_part_and_a_unit_outside_the_scope_are_refused(fed: Fed) -> None:
    view, at, desk = read_address("/unit/38"), moment_now(fed.real.desk), fed.real.desk
    with pytest.raises(AddressError):
        extract(desk, fed.router, view, Scope.all(), at, part="nosuch")
    with pytest.raises(AddressError):
        extract(desk, fed.router, view, Scope.all(), at, part="../x")
    other = Scope.of(desk.units.by_key("31").id)
    with pytest.raises((AddressError, NotAllowedError)):
        extract(desk, fed.router, view, other, at)


def sheet(found: Extract, part: str) -> Sheet:
    """The sheet of a part."""
    return next(one for one in found.sheets if one.part == part)


def rows(one: Sheet) -> list[dict[str, Any]]:
    """The rows of a sheet by the keys of its columns."""
    keys = [column.key for column in one.columns]
    return [dict(zip(keys, row, strict=True)) for row in one.rows]
