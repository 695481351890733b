"""Records become readings exactly, or say why not."""

from __future__ import annotations

import tracemalloc
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from support.sources import NOW, is_absent, said, source_of

from ioc.domain.catalogue import Catalogue
from ioc.domain.measure import Bound, State
from ioc.domain.messages import say
from ioc.domain.period import Calendar, Period
from ioc.domain.units import Units
from ioc.errors import PermanentSourceError, SourceConfigError
from ioc.ingest.connector import Batch, Record, Rejected
from ioc.ingest.mapping import Reader, Reading
from ioc.ingest.values import Share

RATE = """
unit: {code: ma, system: nso, pad: 2}
period: {field: ky}
locale: vi
values: [{indicator: OPS-01, numerator: tu, denominator: mau}]
"""
COUNT = """
unit: {code: ma, system: nso, pad: 2}
period: {field: ky, grains: [month, quarter, half, year, day]}
locale: vi
values: [{indicator: OPS-06, value: so}]
"""
BARE = """
unit: {code: ma, system: nso, pad: 2}
period: {field: ky}
locale: vi
percent: percent
values: [{indicator: OPS-01, value: ty_le}]
"""


def test_a_rate_is_read_exactly(read: Any, units: Units, catalogue: Catalogue) -> None:
    found = read(RATE, {"ma": 38, "ky": "2026-05", "tu": "1.758", "mau": "1.950"})
    assert found == Reading(
        catalogue.by_code("OPS-01").id,
        units.by_key("38").id,
        Period.month(2026, 5),
        "",
        1758,
        1950,
        None,
        Bound.EXACT,
        State.VALUE,
        None,
        "dòng 12",
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"tu": -1}, "negative"),
        ({"mau": -1}, "negative"),
        ({"tu": 11}, "exceeds"),
        ({"mau": 0}, "exceeds"),
        ({"tu": "1,5"}, "too_precise"),
        ({"tu": "5%"}, "percent_sign"),
        ({"tu": "năm"}, "not_a_number"),
        ({"tu": Decimal("1e30")}, "too_large"),
        ({"ma": "99"}, "unknown_code"),
        ({"ma": None}, "no_unit"),
        ({"ma": ["38"]}, "no_unit"),
        ({"ma": "vn"}, "unknown_code"),
        ({"ky": "2027-01"}, "period_future"),
        ({"ky": "1974-12"}, "period_too_early"),
        ({"ky": "0001-01"}, "bad_period"),
        ({"ky": "2026-13"}, "bad_period"),
        ({"ky": "2026-06-31"}, "bad_period"),
        ({"ky": "2026-02-29"}, "bad_period"),
        ({"ky": "05/2026"}, "bad_period"),
        ({"ky": None}, "bad_period"),
        ({"ky": ["2026-05"]}, "bad_period"),
        ({"ky": "2026"}, "wrong_grain"),
        ({"ky": "2026-Q1"}, "wrong_grain"),
    ],
)
def test_what_cannot_be_is_rejected_with_a_sentence(
    read: Any, change: dict[str, object], code: str
) -> None:
    found = read(RATE, {"ma": "38", "ky": "2026-05", "tu": 5, "mau": 10, **change})
    assert isinstance(found, Rejected)
    assert found.code == code
    assert found.place == "dòng 12"
    for lang in ("vi", "en"):
        assert "{" not in say(lang, f"reject.{found.code}", **found.params)


@pytest.mark.parametrize("blank", [None, "", " ", "-", "N/A", "…", "NaN", float("inf")])
@pytest.mark.parametrize("field", ["tu", "mau"])
def test_a_missing_part_is_absent_and_never_zero(read: Any, field: str, blank: object) -> None:
    found = read(RATE, {"ma": "38", "ky": "2026-05", "tu": 5, "mau": 10, field: blank})
    assert is_absent(found)
    for lang in ("vi", "en"):
        assert say(lang, f"reject.{found.code}", **found.params)


def test_a_denominator_of_zero_is_a_reading_because_the_unit_has_reported(read: Any) -> None:
    found = read(RATE, {"ma": "38", "ky": "2026-05", "tu": 0, "mau": 0})
    assert (found.numerator, found.denominator) == (0, 0)


def test_a_code_names_the_unit_of_its_day(read: Any, units: Units) -> None:
    june = read(COUNT, {"ma": "24", "ky": "2025-06", "so": 1})
    july = read(COUNT, {"ma": "24", "ky": "2025-07", "so": 1})
    assert units.by_id(june.unit_id).short_name == "Bắc Giang"
    assert units.by_id(july.unit_id).short_name == "Bắc Ninh"


def test_a_former_code_is_rejected_and_names_the_successor(read: Any) -> None:
    found = read(COUNT, {"ma": "30", "ky": "2026-03", "so": 1})
    assert found.code == "former_unit"
    assert say("vi", "reject.former_unit", **found.params) == (
        "“30” là Tỉnh Hải Dương, đã kết thúc từ 01/07/2025; nay là Thành phố Hải Phòng (31)."
    )


@pytest.mark.parametrize(
    ("name", "ky", "key"),
    [
        ("Tỉnh Thanh Hóa", "2026-05", "38"),
        ("Thanh Hoá", "2026-05", "38"),
        ("thanh ho\u0301a ", "2026-05", "38"),
        ("Hải Dương", "2025-05", "30.2025"),
        ("Hưng Yên", "2025-05", "33.2025"),
        ("Hưng Yên", "2025-08", "33"),
    ],
)
def test_names_are_matched_by_spelling_and_day(
    read: Any, units: Units, name: str, ky: str, key: str
) -> None:
    by_name = COUNT.replace("{code: ma, system: nso, pad: 2}", "{name: ma, level: province}")
    found = read(by_name, {"ma": name, "ky": ky, "so": 1})
    assert units.by_id(found.unit_id).key == key


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Thanh Hoa", "unknown_name"),
        ("Thаnh Hóa", "unknown_name"),
        ("Tổng cộng", "unknown_name"),
        ("Hải Dương", "former_unit"),
    ],
)
def test_there_is_no_closest_match(read: Any, name: str, code: str) -> None:
    by_name = COUNT.replace("{code: ma, system: nso, pad: 2}", "{name: ma, level: province}")
    assert said(read(by_name, {"ma": name, "ky": "2026-05", "so": 1})) == code


def test_constants_keys_and_the_map_of_the_end_of_the_year(read: Any, units: Units) -> None:
    record = {"khoa": "30.2025", "ky": "2025", "so": 1, "ma": "31"}
    fixed = COUNT.replace("{code: ma, system: nso, pad: 2}", "{constant: vn}")
    keyed = COUNT.replace("{code: ma, system: nso, pad: 2}", "{key: khoa}")
    ended = COUNT.replace("pad: 2", "at: end")
    assert read(fixed, record).unit_id == 1
    assert units.by_id(read(keyed, record).unit_id).key == "30.2025"
    assert units.by_id(read(COUNT, record).unit_id).key == "31.2025"
    assert units.by_id(read(ended, record).unit_id).key == "31"
    assert said(read(keyed, {**record, "ky": "2026"})) == "former_unit"
    assert said(read(keyed, {**record, "khoa": "không"})) == "unknown_unit_key"
    assert said(read(keyed, {**record, "khoa": "31", "ky": "2024"})) == "not_yet_unit"


def test_a_unit_of_a_level_that_does_not_report_is_rejected(read: Any) -> None:
    region = COUNT.replace("{code: ma, system: nso, pad: 2}", "{constant: R1}")
    assert said(read(region, {"ky": "2026-05", "so": 1})) == "wrong_level"


@pytest.mark.parametrize(
    ("given", "pattern", "code"),
    [
        ("10/2026", "MM/YYYY", "2026-10"),
        ("1/2026", "MM/YYYY", "2026-01"),
        ("202610", "YYYYMM", "2026-10"),
        ("Quý III/2025", "Quý {Q}/{YYYY}", "2025-Q3"),
        ("quý 4/2025", "Quý {Q}/{YYYY}", "2025-Q4"),
        ("Tháng 9 năm 2026", "Tháng {MM} năm {YYYY}", "2026-09"),
        ("6 tháng đầu năm: II-2025", "6 tháng đầu năm: {H}-{YYYY}", "2025-H2"),
        ("Năm 2025", "Năm {YYYY}", "2025"),
    ],
)
def test_periods_are_read_by_their_pattern(read: Any, given: str, pattern: str, code: str) -> None:
    mapping = COUNT.replace("field: ky,", f'field: ky, pattern: "{pattern}",')
    found = read(mapping, {"ma": "38", "ky": given, "so": 1})
    if found.__class__ is Rejected:
        # A former code on the first day of the period would be the unit's fault, not the text's.
        pytest.fail(str(found))
    assert found.period.code == code


def test_dates_stand_for_the_period_that_contains_them(read: Any) -> None:
    for given in (date(2026, 10, 22), datetime(2026, 10, 22, 8), "2026-10-22T23:30:00+07:00"):
        found = read(RATE, {"ma": "38", "ky": given, "tu": 1, "mau": 2})
        assert found.period == Period.month(2026, 10)


def test_year_and_month_may_be_fields_of_their_own_in_another_calendar(read: Any) -> None:
    mapping = RATE.replace("{field: ky}", "{year: nam, month: thang, calendar: administrative}")
    record = {"ma": "38", "nam": 2026, "thang": "7", "tu": 1, "mau": 2}
    found = read(mapping, record)
    assert found.period == Period.month(2026, 7, Calendar.ADMINISTRATIVE)
    assert found.period.start == date(2026, 6, 15)
    assert said(read(mapping, {**record, "thang": 7.5})) == "bad_period"


@pytest.mark.parametrize(
    ("given", "millionths"),
    [("87", 870_000), ("87,5", 875_000), (87.5, 875_000), ("87,5%", 875_000), (0, 0),
     (Share(Decimal("0.87")), 870_000)],
)  # fmt: skip
def test_a_bare_rate_is_read_in_the_declared_unit(
    read: Any, given: object, millionths: int
) -> None:
    found = read(BARE, {"ma": "38", "ky": "2026-05", "ty_le": given})
    assert (found.numerator, found.denominator, found.value) == (None, None, millionths)


@pytest.mark.parametrize(
    ("percent", "given", "code"),
    [
        ("percent: percent", 8700, "rate_range"),
        ("percent: percent", -1, "rate_range"),
        ("percent: share", 87, "rate_range"),
        ("percent: share", "100,01%", "rate_range"),
        ("", 87, "percent_undeclared"),
        ("percent: share", Decimal("0.12345678"), "too_precise"),
    ],
)
def test_a_rate_out_of_range_or_of_unknown_unit_is_rejected(
    read: Any, percent: str, given: object, code: str
) -> None:
    mapping = BARE.replace("percent: percent", percent)
    assert said(read(mapping, {"ma": "38", "ky": "2026-05", "ty_le": given})) == code


def test_surplus_decimals_of_a_rate_are_rounded_where_declared(read: Any) -> None:
    mapping = BARE.replace("percent: percent", "percent: share\ndecimals: round")
    found = read(mapping, {"ma": "38", "ky": "2026-05", "ty_le": 0.9015384615384616})
    assert found.value == 901_538


def test_a_numerator_alone_invents_no_rate(read: Any) -> None:
    mapping = RATE.replace(", denominator: mau", "")
    found = read(mapping, {"ma": "38", "ky": "2026-05", "tu": 7, "mau": 9})
    assert (found.numerator, found.denominator, found.value) == (7, None, None)


def test_a_table_may_mix_rates_with_and_without_their_parts(read: Any) -> None:
    mapping = BARE.replace("value: ty_le", "numerator: tu, denominator: mau, value: ty_le")
    record = {"ma": "38", "ky": "2026-05", "tu": None, "mau": None, "ty_le": 50}
    assert read(mapping, record).value == 500_000
    assert read(mapping, {**record, "tu": 1, "mau": 4}).denominator == 4
    assert is_absent(read(mapping, {**record, "tu": 1}))


def test_states_bounds_citations_and_multiples(read: Any) -> None:
    mapping = COUNT.replace(
        "value: so",
        "value: so, times: 1000, bound: {field: muc, table: {'+': at_least}, otherwise: exact},"
        " state: {field: tt, table: {KAD: not_applicable, MAT: suppressed}, otherwise: value},"
        " citation: nguon",
    )
    record = {"ma": "38", "ky": "2026-05", "so": "37,5", "muc": "+", "nguon": "Báo\u0000 cáo 12"}
    found = read(mapping, record)
    assert (found.value, found.bound, found.citation) == (37_500, Bound.AT_LEAST, "Báo cáo 12")
    empty = read(mapping, {**record, "tt": "KAD"})
    assert (empty.state, empty.value) == (State.NOT_APPLICABLE, None)


def test_several_readings_filters_and_indicator_tables(read: Any, catalogue: Catalogue) -> None:
    mapping = """
unit: {code: don_vi.ma, system: nso}
period: {constant: 2026-05}
when: {loai: [TINH, 1]}
values:
  - indicator: {field: ct, table: {QH: OPS-06}, otherwise: ""}
    value: so
  - {indicator: OPS-01, numerator: "chi_so[?ma=='TT'].tu | [0]", denominator: {constant: 10}}
  - {indicator: OPS-06, value: khac, when: {co: true}}
"""
    record = {
        "don_vi": {"ma": "38"},
        "loai": "TINH",
        "ct": "QH",
        "so": 3,
        "chi_so": [{"ma": "X", "tu": 1}, {"ma": "TT", "tu": 9}],
        "co": False,
    }
    overdue, online = read(mapping, record)
    assert overdue.indicator_id == catalogue.by_code("OPS-06").id
    assert (online.numerator, online.denominator) == (9, 10)
    assert read(mapping, {**record, "loai": "XA"}) == []
    assert read(mapping, {**record, "ct": "khác"}).numerator == 9


def test_a_breakdown_is_one_of_those_declared(read: Any) -> None:
    mapping = """
unit: {code: ma, system: nso}
period: {constant: 2026-05, grains: [month]}
values: [{indicator: SIG-03, value: so, breakdown: {class: loai}}]
"""
    assert read(mapping, {"ma": "38", "so": 1, "loai": "weak"}).breakdown == "class.weak"
    assert read(mapping, {"ma": "38", "so": 1, "loai": None}).breakdown == ""
    assert said(read(mapping, {"ma": "38", "so": 1, "loai": "khác"})) == "unknown_breakdown"


def test_a_wrong_unit_is_told_once_for_all_figures_of_a_record(read: Any) -> None:
    mapping = RATE.replace("values: [", "values: [{indicator: OPS-06, value: tu}, ")
    assert said(read(mapping, {"ma": "99", "ky": "2026-05", "tu": 1, "mau": 2})) == "unknown_code"


def test_required_fields_tell_a_changed_structure_from_a_missing_figure(read: Any) -> None:
    contract = {"required": ["tu", "a.b"]}
    record = {"ma": "38", "ky": "2026-05", "tu": None, "mau": 2, "a": {"b": None}}
    assert is_absent(read(RATE, record, contract=contract))
    del record["tu"]
    assert said(read(RATE, record, contract=contract)) == "required_field"


def test_secrets_never_stand_in_a_rejected_record(read: Any) -> None:
    record = {"ma": "99", "ky": "2026-05", "tu": 1, "mau": 2, "echo": "Bearer mat-khau-1"}
    found = read(RATE, record, secrets=("mat-khau-1",))
    assert "mat-khau-1" not in found.record_text
    assert len(read(RATE, {**record, "echo": "x" * 9999}).record_text) == 500


def _batch(*tu: object) -> Batch:
    records = [Record(str(i), {"ma": "38", "ky": "2026-05", "tu": one, "mau": 9})
               for i, one in enumerate(tu)]  # fmt: skip
    return Batch(records, ())


def test_a_contract_may_take_whole_deliveries_only(units: Units, catalogue: Catalogue) -> None:
    source = source_of(RATE, contract={"accept": "whole"})
    reader = Reader(source, catalogue, units, NOW)
    assert [said(one) for one in reader.read_batch(_batch(1, 2))] == ["", ""]
    refused = [said(one) for one in reader.read_batch(_batch(1, -2, 3))]
    assert refused == ["negative", "whole_refused"]


def test_fewer_records_than_promised_are_no_data(units: Units, catalogue: Catalogue) -> None:
    source = source_of(RATE, contract={"min_records": 2})
    reader = Reader(source, catalogue, units, NOW)
    assert len(list(reader.read_batch(_batch(1, 2)))) == 2
    with pytest.raises(PermanentSourceError) as caught:
        list(reader.read_batch(_batch(1)))
    assert caught.value.code == "too_few_records"


@pytest.mark.parametrize(
    ("old", "new", "field", "given"),
    [
        ("OPS-01", "OPS-99", "mapping.values.0.indicator", "OPS-99"),
        ("OPS-01", "OPS-06", "mapping.values.0.numerator", "OPS-06"),
        ("{code: ma, system: nso, pad: 2}", "{constant: '999'}", "mapping.values.0.unit", "999"),
        ("denominator: mau", "denominator: mau, breakdown: {kenh: k}",
         "mapping.values.0.breakdown", "kenh"),
    ],
)  # fmt: skip
def test_a_mapping_that_names_what_does_not_exist_stops_the_start(
    units: Units, catalogue: Catalogue, old: str, new: str, field: str, given: str
) -> None:
    with pytest.raises(SourceConfigError) as caught:
        Reader(source_of(RATE.replace(old, new)), catalogue, units, NOW)
    assert (caught.value.params["field"], caught.value.params["given"]) == (field, repr(given))


def test_an_expression_that_meets_another_type_rejects_the_record_only(read: Any) -> None:
    mapping = RATE.replace("numerator: tu", 'numerator: "sum(tu)"')
    record = {"ma": "38", "ky": "2026-05", "tu": [1, 2], "mau": 9}
    assert read(mapping, record).numerator == 3
    assert said(read(mapping, {**record, "tu": "năm"})) == "bad_expression"
    filtered = RATE + 'when: {"length(tu)": 2}\n'
    assert said(read(filtered, {**record, "tu": 5})) == "bad_expression"


def test_refusing_a_million_records_keeps_none_of_them(units: Units, catalogue: Catalogue) -> None:
    """A problem that is looked up once and raised again must not hold the records it was met in."""
    reader = Reader(source_of(COUNT), catalogue, units, NOW)

    def refuse(turn: int) -> None:
        text = "x" * 3000 + str(turn)
        for given in ({"ma": "99", "ky": "2026-01"}, {"ma": "38", "ky": "2099-01"},
                      {"ma": text, "ky": "2026-01"}, {"ma": "38", "ky": text}):  # fmt: skip
            (refused,) = reader.read(Record("1", {**given, "text": text}))
            assert isinstance(refused, Rejected)

    refuse(0)
    tracemalloc.start()
    try:
        for turn in range(1, 500):
            refuse(turn)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 200_000
