"""The targets: bytes in; nothing out but what is declared, and never another exception."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from data_sources.file_drop import CONNECTOR as FILES
from data_sources.geo import CONNECTOR as GEO
from data_sources.http_json import CONNECTOR as JSON
from fuzz.readings import LARGEST, NOW, read_all, world
from ioc.errors import AddressError, SourceError
from ioc.ingest.connector import Payload
from ioc.ingest.coordinates import ordinate, pair
from ioc.ingest.language import PeriodRule
from ioc.ingest.period_reader import PeriodReader
from ioc.ingest.values import (
    Locale,
    Missing,
    Share,
    ValueProblem,
    as_text,
    clean,
    number,
    scaled,
)

DECLARED = (SourceError, AddressError)
"""What reading a delivery may raise; everything else is a fault of the product."""
_TABLE = {
    "ma": "Mã", "ten": ["Tên đơn vị", "Đơn vị"], "ky": "Kỳ", "tu": "Tử số", "mau": "Mẫu số",
    "ty_le": "Tỷ lệ", "so": "Năm 2026 / Số", "kenh": "Kênh",
}  # fmt: skip
_JSON: tuple[tuple[dict[str, Any], str], ...] = (
    ({"records": "data.children"}, "codes"),
    ({"records": "items[?tt != 'x']", "context": {"ky": "meta.ky"}}, "names"),
    ({"keyed": True, "records": "tinh"}, "codes"),
    ({}, "keys"),
)
_ANY = [*_TABLE][1:]
_SHEETS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("a.csv", {"columns": _TABLE, "optional": _ANY, "stt": "STT", "skip": ["^tổng"]}, "codes"),
    (
        "a.csv",
        {"columns": _TABLE, "optional": _ANY, "encoding": "windows-1258", "separator": ";",
         "header_rows": 2, "fill_down": ["ma"]},
        "codes",
    ),
    ("a.csv", {"format": "sheets_766", "encoding": "auto"}, "summaries"),
    ("a.xlsx", {"columns": _TABLE, "optional": _ANY, "header_rows": 2}, "codes"),
    ("a.xlsx", {"format": "workbook"}, "workbook"),
    ("a.xlsx", {"format": "sheets_766"}, "summaries"),
)  # fmt: skip
_COUNT = {"unit": "ma_tinh", "sums": {"so_ho": "so_ho"}, "classes": {"xa": {"loai": ["xã", 1]}}}
_PLACES: tuple[tuple[dict[str, Any], str], ...] = (
    ({"place": {"crs": "CRS84"}, "key": "ma", "name": "ten", "count": _COUNT}, "places"),
    ({"place": {"crs": "EPSG:9210"}}, "points"),
    ({"place": {"text": "vi_tri", "axes": "lat,lon"}, "key": "ma"}, "points"),
    (
        {"place": {"lon": "kinh", "lat": "vi"}, "keep": ["ten"], "complete": True,
         "count": {**_COUNT, "partial": True}},
        "places",
    ),
)  # fmt: skip
_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/worksheets/sheet2.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        '<sheet name="data" sheetId="1" r:id="r1"/><sheet name="meta" sheetId="2" r:id="r2"/>'
        "</sheets></workbook>"
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/worksheet" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/worksheet" Target="worksheets/sheet2.xml"/></Relationships>'
    ),
    "xl/worksheets/sheet2.xml": (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + "".join(
            f'<row><c t="inlineStr"><is><t>{name}</t></is></c>'
            f'<c t="inlineStr"><is><t>{value}</t></is></c></row>'
            for name, value in {
                "ma_mau": "ioc-so-lieu",
                "phien_ban": "1",
                "ma_don_vi": "38",
                "he_ma": "nso",
                "loai_ky": "thang",
                "tu_ngay": "01/10/2026",
                "den_ngay": "31/10/2026",
                "nguoi_lap": "Lê Thị Hoa",
                "nguoi_duyet": "",
            }.items()
        )
        + "</sheetData></worksheet>"
    ),
}


@cache
def _settings(kind: str, at: int) -> Any:
    if kind == "json":
        config: dict[str, Any] = {"url": "https://a.example/x", **_JSON[at][0]}
        return JSON.Config.model_validate(config)
    if kind == "sheets":
        config = {"folder": "drop", "megabytes": 1, "rows": 2000, **_SHEETS[at][1]}
        return FILES.Config.model_validate(config)
    config = {"from": {"kind": "url", "url": "https://a.example/x"}, **_PLACES[at][0]}
    return GEO.Config.model_validate(config)


def read_json(data: bytes) -> None:
    """An answer over HTTP: the first byte picks the source, the rest is the body."""
    if not data:
        return
    at = data[0] % len(_JSON)
    payload = Payload("https://a.example/x 2026-10", data[1:], "application/json")
    try:
        records = JSON.reread(_settings("json", at), payload)
    except DECLARED:
        return
    read_all(records, _JSON[at][1])


def read_sheets(data: bytes) -> None:
    """A CSV or XLSX file: the first byte picks the source and how the rest becomes a file."""
    if not data:
        return
    at = data[0] % len(_SHEETS)
    name, _, mapping = _SHEETS[at]
    content = data[1:]
    if name == "a.xlsx" and not content.startswith(b"PK"):
        content = _packed(content)
    try:
        records = FILES.reread(_settings("sheets", at), Payload(name, content, "text/csv"))
    except DECLARED:
        return
    read_all(records, mapping)


def _packed(sheet: bytes) -> bytes:
    """A workbook whose sheet of data is these bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, text)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return out.getvalue()


def read_geo(data: bytes) -> None:
    """A GeoJSON document: the first byte picks the source."""
    if not data:
        return
    at = data[0] % len(_PLACES)
    payload = Payload("a.geojson · 2026-10-22", data[1:], "application/geo+json")
    try:
        records = GEO.reread(_settings("geo", at), payload)
    except DECLARED:
        return
    read_all(records, _PLACES[at][1])


def read_numbers(data: bytes) -> None:
    """A text as a number in every way of writing, as a coordinate, as a period, as a name."""
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    assert clean(clean(text)) == clean(text), "cleaning twice changes nothing more"
    assert clean(as_text(text)) == as_text(text)
    for locale in Locale:
        for given in (text, _cell(text)):
            _number(given, locale)
    for read in (ordinate, pair):
        try:
            found = read(text)
        except ValueProblem:
            continue
        both = found if isinstance(found, tuple) else (found,)
        assert all(abs(one) <= 1e400 for one in both)
    _period(text)


def _cell(text: str) -> object:
    """The text as a program would have typed it."""
    try:
        return float(text) if "." in text or "e" in text else int(text)
    except ValueError:
        return text


def _number(given: object, locale: Locale) -> None:
    try:
        exact = number(given, locale, frozenset({"chưa báo cáo"}))
        if isinstance(exact, Missing):
            return
        plain = exact.value if isinstance(exact, Share) else exact
        for rounding in (False, True):
            assert abs(scaled(plain, 6, rounding=rounding)) <= LARGEST
    except ValueProblem:
        return


def _period(text: str) -> None:
    catalogue, _ = world()
    indicator = catalogue.by_code("OPS-02")
    for rule in (
        PeriodRule(field="ky"),
        PeriodRule(field="ky", pattern="Tháng {MM} năm {YYYY}"),
        PeriodRule(year="ky", month="ky"),
    ):
        try:
            period = PeriodReader(rule, NOW).read({"ky": text}, indicator)
        except ValueProblem:
            continue
        assert period.start <= NOW.date()


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "json": read_json,
    "sheets": read_sheets,
    "geo": read_geo,
    "numbers": read_numbers,
}
"""Every target by its name; its first inputs lie in `fuzz/corpus/NAME`."""

# A cell of more than 128 KB is refused by Python's csv module unless told otherwise; the product
# relies on its default, so the harness must not change it.
assert csv.field_size_limit() == 131_072
