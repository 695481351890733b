"""Records through a mapping and a contract, the way a run reads them; what every target shares."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any

from ioc.domain.catalogue import Catalogue
from ioc.domain.messages import say
from ioc.domain.units import Units
from ioc.ingest.connector import RECORD_TEXT, Record, Rejected
from ioc.ingest.items import item_of
from ioc.ingest.mapping import Reader, Reading
from ioc.ingest.reading import Absent
from ioc.ingest.source import Source

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=timezone(timedelta(hours=7)))
LARGEST = 2**63 - 1
MAPPINGS: dict[str, dict[str, Any]] = {
    "codes": {
        "locale": "vi",
        "percent": "percent",
        "missing": ["chưa báo cáo"],
        "unit": {"code": "ma", "system": "nso", "pad": 2},
        "period": {"field": "ky"},
        "values": [
            {"indicator": "OPS-02", "numerator": "tu", "denominator": "mau", "value": "ty_le"},
            {"indicator": "OPS-06", "value": "so", "breakdown": {"channel": "kenh"}},
            {"indicator": "BUD-01", "numerator": "tu", "denominator": "mau", "times": 1000000},
        ],
    },
    "names": {
        "locale": "en",
        "percent": "share",
        "decimals": "round",
        "unit": {"name": "ten", "level": "province"},
        "period": {"field": "ky", "pattern": "Tháng {MM} năm {YYYY}"},
        "values": [
            {"indicator": "OPS-02", "value": "ty_le", "state": "tt", "bound": "muc"},
            {
                "indicator": {"field": "ma", "table": {"A": "OPS-01"}, "otherwise": ""},
                "numerator": "max(chi_so[?ma=='TS'].gia_tri)",
                "denominator": "so.tong",
                "citation": "nguon",
            },
        ],
    },
    "keys": {
        "unit": {"key": "khoa"},
        "period": {"year": "nam", "month": "thang"},
        "when": {"loai": ["TINH", 1, True]},
        "values": [{"indicator": "OPS-01", "numerator": "tu", "denominator": "mau"}],
    },
    "places": {
        "unit": {"code": "ma_tinh", "system": "nso", "pad": 2},
        "period": {"field": "day"},
        "values": [
            {"indicator": "SIG-03", "value": "count", "bound": "bound"},
            {"indicator": "SIG-04", "value": "so_ho", "bound": "so_ho_bound"},
        ],
    },
    "points": {
        "locale": "vi",
        "unit": {"code": "ma", "system": "nso"},
        "period": {"field": "_day"},
        "values": [{"indicator": "SIG-03", "value": "so_ho"}],
    },
    "workbook": {
        "locale": "vi",
        "unit": {"code": "ma_don_vi", "system": "nso", "pad": 2},
        "period": {"field": "_period", "grains": ["month", "quarter", "half", "year"]},
        "values": [
            {
                "indicator": {"field": "ma_chi_tieu"},
                "numerator": "tu_so",
                "denominator": "mau_so",
                "value": "gia_tri",
            }
        ],
    },
    "summaries": {
        "locale": "vi",
        "unit": {"constant": "38"},
        "period": {"constant": "2026-10"},
        "values": [{"indicator": "OPS-06", "value": "tiep_nhan"}],
    },
}
CONTRACT = {
    "unknown_fields": "note",
    "ignored_units": ["00", "Cả nước"],
    "ranges": {"OPS-06": {"min": 0, "max": 100000}, "OPS-02": {"max": 99}},
}


@cache
def world() -> tuple[Catalogue, Units]:
    """The real units and indicators."""
    units = Units.load()
    return Catalogue.load(units=units), units


@cache
def source(name: str) -> Source:
    """A source with one of the mappings."""
    return Source.model_validate(
        {
            "name": name,
            "title": {"vi": name, "en": name},
            "connector": "http_json",
            "schedule": {"every": "60s"},
            "illustrative": True,
            "mapping": MAPPINGS[name],
            "contract": {**CONTRACT, "required": ["ky"] if name == "codes" else []},
        }
    )


@cache
def reader_of(mapping: str) -> Reader:
    """The reader of one mapping; to make one takes longer than to read a small delivery."""
    catalogue, units = world()
    return Reader(source(mapping), catalogue, units, NOW)


def read_all(records: Iterable[Record | Rejected], mapping: str) -> None:
    """Read records and hold what comes of each against what may come of it."""
    catalogue, _ = world()
    reader = reader_of(mapping)
    for record in records:
        for result in reader.read(record):
            if isinstance(result, Reading):
                assert isinstance(record, Record)
                check_reading(result, record, catalogue)
            elif isinstance(result, Rejected):
                assert len(result.record_text) <= RECORD_TEXT
                say("vi", f"reject.{result.code}", **result.params)
            else:
                assert isinstance(result, Absent)
                say("vi", f"reject.{result.code}", **result.params)


def check_reading(reading: Reading, record: Record, catalogue: Catalogue) -> None:
    """No figure outside 64 bits, no negative count, no rate above its whole, no future period."""
    indicator = catalogue.by_id(reading.indicator_id)
    numbers = (reading.numerator, reading.denominator, reading.value)
    assert all(one is None or (type(one) is int and abs(one) <= LARGEST) for one in numbers)
    if reading.numerator is not None and reading.denominator is not None:
        assert reading.numerator >= 0
        assert reading.numerator <= reading.denominator or indicator.may_exceed
    assert reading.period.start <= NOW.date()
    assert reading.period.start.year >= 1900
    item = item_of(reading, record, frozenset())
    assert item.key.period > 0
