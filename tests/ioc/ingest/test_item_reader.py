"""Records that become items: every kind of value, and what is refused with its reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from support.sources import NOW, source_of

from ioc.domain.catalogue import Catalogue
from ioc.domain.due import Due
from ioc.domain.period import Grain
from ioc.domain.units import Units
from ioc.errors import SourceConfigError
from ioc.ingest.connector import Record, Rejected
from ioc.ingest.item_reader import ItemRead
from ioc.ingest.mapping import Reader

TASK: dict[str, Any] = {
    "register": "task",
    "key": "ma",
    "unit": {"code": "dv", "system": "nso"},
    "state": {"field": "tt", "table": {"ĐANG": "doing", "XONG": "done", "?": "strange"}},
    "valid_from": "tu_ngay",
    "citation": "trich",
    "fields": {
        "title": "viec",
        "class": {"field": "loai", "table": {"TX": "regular", "DA": "project"}},
        "due": "han",
        "person": "nguoi",
        "progress": "tien_do",
        "done": "xong",
        "indicator": "chi_tieu",
        "note": "ghi_chu",
    },
}
TASK["state"]["table"].pop("?")
SPOT: dict[str, Any] = {
    "register": "blackspot",
    "key": "ma",
    "unit": {"constant": "08"},
    "state": {"constant": "confirmed"},
    "place": {"text": "toa_do"},
    "fields": {
        "title": "thon",
        "class": "loai",
        "households": {"field": "ho", "times": 1},
        "population": {"field": "nghin_dan", "times": 1000},
        "power": "dien",
        "operators": "mang",
    },
}
ROW = {
    "ma": "NV-1", "dv": "38", "tt": "ĐANG", "viec": "Xây dựng kho dữ liệu", "loai": "TX",
    "han": "Quý III/2026", "nguoi": "Sở KH&CN", "tien_do": "95,5%",
}  # fmt: skip
POINT = {"ma": "D1", "thon": "Nà Ca", "loai": "trắng sóng", "toa_do": "105,34808/22,62924"}
Reading = Callable[..., Any]


@pytest.fixture
def item(units: Units, catalogue: Catalogue) -> Reading:
    """What one record (ROW or POINT with changes) gives."""

    def read(rule: dict[str, Any] = TASK, mapping: str = "locale: vi", **changes: Any) -> Any:
        source = source_of(mapping, items=rule)
        reader = Reader(source, catalogue, units, NOW)
        record = {**(ROW if rule["register"] == "task" else POINT), **changes}
        (result,) = reader.read(Record("dòng 12", record))
        return result

    return read


def test_a_record_becomes_an_item(item: Reading) -> None:
    read = item(trich="Kế hoạch 266-KH/TU", tu_ngay="01/10/2026", chi_tieu="TSK-01")
    assert isinstance(read, ItemRead)
    said = read.said
    assert (said.key, said.unit_id, said.state) == ("NV-1", 1038, "doing")
    assert said.body == {
        "title": "Xây dựng kho dữ liệu",
        "class": "regular",
        "due": "2026-Q3",
        "person": "Sở KH&CN",
        "progress": 95_500,
        "indicator": "TSK-01",
    }
    assert said.due == Due(date(2026, 9, 30), Grain.QUARTER)
    assert (said.done, said.lon, said.valid_from) == (None, None, date(2026, 10, 1))
    assert read.citation == "Kế hoạch 266-KH/TU"


@pytest.mark.parametrize("blank", [None, "", " - ", "—", "N/A", "chưa rõ"])
def test_an_item_without_its_mandatory_fields_is_kept(item: Reading, blank: object) -> None:
    read = item(mapping="missing: [Chưa rõ]", viec=blank, nguoi=blank, han=blank, loai=blank,
                tien_do=blank)  # fmt: skip
    assert isinstance(read, ItemRead)
    assert read.said.body == {}
    assert read.said.due is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ma": ""}, "item_no_key"),
        ({"ma": {"a": 1}}, "item_no_key"),
        ({"ma": "x" * 201}, "item_no_key"),
        ({"dv": "98"}, "unknown_code"),
        ({"dv": ""}, "no_unit"),
        ({"dv": "30"}, "former_unit"),
        ({"tt": "TREO"}, "not_in_table"),
        ({"tt": ""}, "item_state"),
        ({"han": "31/02/2026"}, "item_date"),
        ({"han": "sớm"}, "item_date"),
        ({"han": "01/01/0026"}, "item_date"),
        ({"xong": "09/2026"}, "item_date"),
        ({"loai": "XX"}, "not_in_table"),
        ({"tien_do": "cao"}, "not_a_number"),
        ({"tien_do": "120%"}, "rate_range"),
        ({"tien_do": "50"}, "percent_undeclared"),
        ({"chi_tieu": "ABC-99"}, "unknown_indicator"),
        ({"tu_ngay": "23/11/2026"}, "item_future"),
        ({"viec": "x" * 1001}, "item_long"),
        ({"viec": ["a"]}, "item_text"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(
    item: Reading, changes: dict[str, object], code: str
) -> None:
    refused = item(**changes)
    assert isinstance(refused, Rejected)
    assert (refused.place, refused.code) == ("dòng 12", code)
    assert refused.record_text


def test_hostile_texts_stay_texts(item: Reading) -> None:
    formula, tag = '=HYPERLINK("http://x","y")', "<script>alert(1)</script>"
    decomposed = "Ha\u0300 No\u0323\u0302i"
    read = item(viec=formula, nguoi=decomposed + "\u202e\x07", ghi_chu=f"{tag}\r\n hai\x00 ")
    assert read.said.body["title"] == formula
    assert read.said.body["person"] == "Hà Nội"
    assert read.said.body["note"] == f"{tag}\nhai"


def test_dates_of_a_system_are_days_in_vietnam(item: Reading) -> None:
    read = item(xong="2026-10-21T18:30:00+00:00", han="2026-12-31")
    assert (read.said.done, read.said.body["done"]) == (date(2026, 10, 22), "2026-10-22")
    assert read.said.due == Due(date(2026, 12, 31))


def test_a_point_is_read_as_people_write_it(item: Reading) -> None:
    said = item(SPOT, ho="37", nghin_dan="1,2", dien="Không", mang="VNPT (VinaPhone); Viettel").said
    assert (said.lon, said.lat) == (1_053_480_800, 226_292_400)
    assert said.body == {
        "title": "Nà Ca",
        "class": "none",
        "households": 37,
        "population": 1200,
        "power": False,
        "operators": ["vnpt", "viettel"],
    }


def test_a_blank_place_is_incomplete_and_a_wrong_one_is_refused(item: Reading) -> None:
    assert item(SPOT, toa_do="").said.lon is None
    assert item(SPOT, toa_do="22,62924/105,34808").code == "coordinates_swapped"
    assert item(SPOT, toa_do="205,3/22,6").code == "outside_box"
    assert item(SPOT, toa_do="ở gần chợ").code == "bad_coordinates"
    rule = {**SPOT, "place": {"lon": "x", "lat": "y"}}
    assert item(rule, x="105,34808", y="").code == "bad_coordinates"
    assert item(rule, x="", y=None).said.lat is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ho": "-3"}, "negative"),
        ({"ho": "3,5"}, "too_precise"),
        ({"ho": "35%"}, "percent_sign"),
        ({"loai": "đen"}, "item_choice"),
        ({"mang": "Viettel, mạng lạ"}, "item_choice"),
        ({"dien": "thỉnh thoảng"}, "item_flag"),
    ],
)
def test_wrong_values_of_a_point(item: Reading, changes: dict[str, object], code: str) -> None:
    assert item(SPOT, **changes).code == code


@pytest.mark.parametrize(
    ("part", "value", "field"),
    [
        ("register", "nothing", "items.register"),
        ("fields", {"title": "viec", "strange": "x"}, "items.fields"),
        ("fields", {"class": {"constant": "huge"}}, "items.fields.class"),
        ("fields", {"title": {"field": "viec", "times": 2}}, "items.fields.title.times"),
        ("state", {"field": "tt", "table": {"X": "nowhere"}}, "items.state"),
        ("unit", {"constant": "999"}, "items.unit"),
    ],
)
def test_a_wrong_rule_stops_the_start(
    units: Units, catalogue: Catalogue, part: str, value: object, field: str
) -> None:
    source = source_of("locale: vi", items={**TASK, part: value})
    with pytest.raises(SourceConfigError) as told:
        Reader(source, catalogue, units, NOW)
    assert told.value.params["field"] == field


def test_a_source_needs_values_or_items() -> None:
    with pytest.raises(ValueError, match="at least one of values, unless there are items"):
        source_of("locale: vi")
