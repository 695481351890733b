"""What a source promises: checked when its file is read, and record by record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError
from support.sources import NOW, said, source_of

from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.errors import SourceConfigError
from ioc.ingest.connector import Batch, Record
from ioc.ingest.contract import Contract, Jump
from ioc.ingest.mapping import Reader

MAPPING = """
unit: {code: ma, system: nso}
period: {field: ky}
locale: plain
percent: percent
values:
  - {indicator: OPS-02, numerator: tu, denominator: "mau.so"}
  - {indicator: OPS-06, value: "tre", when: {co: true}}
"""
GOOD = {"ma": "38", "ky": "2025-07", "tu": 90, "mau": {"so": 100}}


def reader(units: Units, catalogue: Catalogue, **contract: Any) -> Reader:
    return Reader(source_of(MAPPING, contract=contract), catalogue, units, NOW)


@pytest.fixture
def reading(units: Units, catalogue: Catalogue) -> Callable[..., list[str]]:
    """The codes of what one record gives under a contract; "" for a reading."""

    def read(record: dict[str, Any], **contract: Any) -> list[str]:
        found = reader(units, catalogue, **contract).read(Record("dòng 1", record))
        return [said(one) for one in found]

    return read


@pytest.mark.parametrize(
    ("contract", "field", "given"),
    [
        ({"ranges": {"OPS-99": {"max": 1}}}, "contract.ranges.OPS-99", "OPS-99"),
        ({"monotone": {"OPS-99": "year"}}, "contract.monotone.OPS-99", "OPS-99"),
        ({"max_jump": {"OPS-99": {"times": 9}}}, "contract.max_jump.OPS-99", "OPS-99"),
        ({"max_jump": {"OPS-06": {"points": 9}}}, "contract.max_jump.OPS-06.points", "9"),
        ({"monotone": {"OPS-06": "month"}}, None, "month"),
        ({"max_jump": {"OPS-06": {}}}, None, "times, points, share"),
        ({"max_jump": {"times": 1}}, None, "greater than 1"),
        ({"ranges": {"OPS-06": {"min": 9, "max": 1}}}, None, "min not above max"),
        ({"ranges": {"ops": {"min": 9}}}, None, "pattern"),
        ({"unknown_fields": "perhaps"}, None, "perhaps"),
    ],
)
def test_a_wrong_contract_is_named(
    units: Units, catalogue: Catalogue, contract: dict[str, Any], field: str | None, given: str
) -> None:
    if field is None:
        with pytest.raises(ValidationError, match=given):
            source_of(MAPPING, contract=contract)
        return
    with pytest.raises(SourceConfigError) as told:
        reader(units, catalogue, **contract)
    assert (told.value.params["file"], told.value.params["field"]) == ("sources/thu.yaml", field)
    assert given in str(told.value.params["given"])


def test_a_quarterly_count_cannot_grow_within_the_quarter(
    units: Units, catalogue: Catalogue
) -> None:
    slow = next(one for one in catalogue.all if one.cadence == "quarter" and one.kind != "score")
    with pytest.raises(SourceConfigError, match="span longer"):
        reader(units, catalogue, monotone={slow.code: "quarter"})
    reader(units, catalogue, monotone={slow.code: "year"})


def test_a_limit_for_all_has_a_short_form() -> None:
    short = Contract.model_validate({"max_jump": {"times": 10, "points": 30}})
    assert short == Contract.model_validate({"max_jump": {"default": {"times": 10, "points": 30}}})
    assert isinstance(short.max_jump["default"], Jump)
    assert Contract().changes() == {}
    assert Contract(accept="whole").changes() == {"accept": "whole"}


@pytest.mark.parametrize(
    ("limits", "given", "expected"),
    [
        ({"max": 90}, 90, ""),
        ({"max": 89.99}, 90, "out_of_range"),
        ({"min": 90}, 90, ""),
        ({"min": 90.01}, 90, "out_of_range"),
        ({"min": 1, "max": 99}, 0, "out_of_range"),
    ],
)
def test_ranges_are_in_percent_for_a_rate(
    reading: Callable[..., list[str]], limits: dict[str, Any], given: int, expected: str
) -> None:
    assert reading({**GOOD, "tu": given}, ranges={"OPS-02": limits}) == [expected]


def test_a_range_of_a_count(reading: Callable[..., list[str]]) -> None:
    record = {**GOOD, "tre": 501, "co": True}
    assert reading(record, ranges={"OPS-06": {"max": 500}}) == ["", "out_of_range"]
    assert reading({**record, "tre": None}, ranges={"OPS-06": {"min": 5}}) == ["", "blank"]
    no_denominator = {**GOOD, "mau": {"so": 0}, "tu": 0}
    assert reading(no_denominator, ranges={"OPS-02": {"min": 5}}) == [""]


@pytest.mark.parametrize("given", [-1, -0.5, "-3"])
def test_what_cannot_be_negative_is_rejected(
    reading: Callable[..., list[str]], given: object
) -> None:
    """D15: a negative numerator, denominator or count is impossible."""
    (code,) = reading({**GOOD, "tu": given})
    assert code in {"negative", "too_precise"}
    (code,) = reading({**GOOD, "tu": 0, "mau": {"so": given}})
    assert code in {"negative", "too_precise"}
    _, code = reading({**GOOD, "tre": given, "co": True})
    assert code in {"negative", "too_precise"}


def test_unknown_fields_are_noted_once_or_refused(
    units: Units, catalogue: Catalogue, reading: Callable[..., list[str]]
) -> None:
    changed = {**GOOD, "tong_ho_so": 5, "ghi chú": "x", "_page": 1}
    assert reading(changed) == [""]
    noting = reader(units, catalogue, unknown_fields="note")
    for place in range(3):
        assert [said(one) for one in noting.read(Record(str(place), changed))] == [""]
    assert noting.new_fields == ["tong_ho_so", "ghi chú"]
    assert reading(changed, unknown_fields="refuse") == ["unknown_field"]
    known = ["tong_ho_so", "ghi chú"]
    assert reading(changed, unknown_fields="refuse", known_fields=known) == [""]


def test_expressions_name_the_fields_they_use(units: Units, catalogue: Catalogue) -> None:
    mapping = yaml.safe_load(MAPPING)
    mapping["values"][0]["numerator"] = "chi_so[?ma=='TS'].gia_tri | [0]"
    source = source_of(yaml.safe_dump(mapping), contract={"unknown_fields": "note"})
    noting = Reader(source, catalogue, units, NOW)
    noting.read(Record("1", {**GOOD, "chi_so": [{"ma": "TS", "gia_tri": 3}], "la": 1}))
    assert noting.new_fields == ["tu", "la"], "tu is not read any more"


def test_listed_units_are_passed_over(
    units: Units, catalogue: Catalogue, reading: Callable[..., list[str]]
) -> None:
    total = {**GOOD, "ma": "00"}
    assert reading(total) == ["unknown_code"]
    assert reading(total, ignored_units=["00"]) == []
    assert reading({**GOOD, "ma": "98"}, ignored_units=["00"]) == ["unknown_code"]
    assert reading({**GOOD, "ma": "  CẢ NƯỚC "}, ignored_units=["Cả nước"]) == []


def test_one_unknown_unit_may_refuse_all(units: Units, catalogue: Catalogue) -> None:
    records = [Record(str(at), {**GOOD, "ma": code}) for at, code in enumerate(["38", "98"])]
    strict = reader(units, catalogue, unknown_units="refuse_all")
    codes = [said(one) for one in strict.read_batch(Batch(records, []))]
    assert codes == ["unknown_code", "whole_refused"]
    wrong = [records[0], Record("2", {**GOOD, "ma": "01", "tu": -1})]
    codes = [said(one) for one in strict.read_batch(Batch(wrong, []))]
    assert codes == ["", "negative"], "only an unknown unit refuses the whole"


def test_the_contract_of_the_documentation_loads(units: Units, catalogue: Catalogue) -> None:
    text = (Path(__file__).parents[3] / "docs" / "sources.md").read_text(encoding="utf-8")
    block = text.split("## The contract", 1)[1].split("```yaml\n", 1)[1].split("```", 1)[0]
    contract = yaml.safe_load(block)["contract"]
    assert set(contract) == set(Contract.model_fields), "every field is shown"
    reader(units, catalogue, **contract)
