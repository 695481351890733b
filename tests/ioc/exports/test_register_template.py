"""A register's template: every field a column, choices to pick, and read back as it was written."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path

import pytest
import yaml
from openpyxl import load_workbook
from sqlalchemy import Engine, select

from ioc.domain.register import Kind
from ioc.domain.registers import packaged
from ioc.exports.register_template import columns_of, source_file, template_of
from ioc.store.engine import reading
from ioc.store.register_tables import item_now
from tests.conftest import Clock
from tests.support.whole import Whole

KEYS = [one.key for one in packaged().all]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("key", KEYS)
def test_every_field_has_its_column_and_its_choices(key: str, lang: str) -> None:
    register = packaged().by_key(key)
    book = load_workbook(io.BytesIO(template_of(register, lang)))
    sheet, guide, choices = book.worksheets
    headings = [cell.value for cell in sheet[1]]
    assert headings == [one.heading for one in columns_of(register, lang)]
    assert len(set(headings)) == len(register.fields) + 3
    lists = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
    picked = [one for one in register.fields if one.kind in (Kind.CHOICE, Kind.FLAG)]
    assert len(lists) == len(picked) + 1
    offered = [cell.value for cell in choices["C"] if cell.value]
    assert offered == [one.name.say(lang) for one in register.states]
    assert guide.max_row == len(headings) + 2
    formulas = [
        cell.value
        for one in book.worksheets
        for row in one.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.data_type == "f"
    ]
    assert formulas == []


@pytest.mark.parametrize("key", KEYS)
def test_the_source_of_a_template_fits_its_register(key: str) -> None:
    content = yaml.safe_load(source_file(packaged().by_key(key)))
    declared = {one.name for one in packaged().by_key(key).fields if one.kind is not Kind.PLACE}
    assert set(content["items"]["fields"]) == declared


def test_a_filled_template_is_read_back(engine: Engine, clock: Clock, tmp_path: Path) -> None:
    register = packaged().by_key("blackspot")
    whole = Whole.of(engine, tmp_path, source_file(register), hosts=(), now=clock)
    book = load_workbook(io.BytesIO(template_of(register, "vi")))
    sheet = book.worksheets[0]
    names = [one.name for one in columns_of(register, "vi")]
    said = {
        "key": "DS-1",
        "unit": "08",
        "state": "Đã xác nhận",
        "f_title": "Nà Ca",
        "f_commune": "Xã Thượng Nông",
        "f_place": "105,34808/22,62924",
        "f_class": "Trắng sóng",
        "f_households": 37,
        "f_power": "không",
        "f_operators": "Viettel; MobiFone",
        "f_due": "Quý III/2027",
        "f_surveyed": datetime(2026, 3, 5),
    }
    for name, value in said.items():
        sheet.cell(2, names.index(name) + 1, value)
    folder = tmp_path / "drop" / "nop-blackspot"
    folder.mkdir(parents=True)
    book.save(folder / "mau.xlsx")
    assert whole.run() == "ok"
    with reading(engine) as connection:
        row = connection.execute(select(item_now)).mappings().one()
    assert (row["key"], row["state"], row["missing"]) == ("DS-1", "confirmed", "")
    assert (row["lon"], row["lat"], row["due_day"]) == (1_053_480_800, 226_292_400, 20270930)
    body = yaml.safe_load(row["body"])
    assert body["operators"] == ["viettel", "mobifone"]
    assert (body["households"], body["power"], body["class"]) == (37, False, "none")
    assert body["surveyed"] == date(2026, 3, 5).isoformat()
