"""What units are asked to submit: periods, due days, units, rows; and every wrong declaration."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from ioc.domain.catalogue import Catalogue
from ioc.domain.period import Period
from ioc.domain.units import Units
from ioc.errors import AddressError, SourceConfigError
from ioc.ingest.scheduler import connectors
from ioc.ingest.source import Source, read_source
from ioc.ingest.submission import Form, form_of, forms
from ioc.ingest.submission_file import asked

EXAMPLE = Path(__file__).parents[3] / "examples" / "sources" / "nop-so-lieu-tinh.yaml"
NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def units() -> Units:
    return Units.load()


@pytest.fixture(scope="module")
def catalogue(units: Units) -> Catalogue:
    return Catalogue.load(units=units)


def source(folder: Path, submit: dict[str, Any] | None = None, **changes: Any) -> Source:
    """The example's source with another `submit`, or with other parts of its file."""
    given = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    given["submit"].update(submit or {})
    given["submit"] = {name: one for name, one in given["submit"].items() if one is not None}
    given.update(changes)
    file = folder / "x.yaml"
    file.write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
    return read_source(file, {}, connectors())


@pytest.fixture
def form(tmp_path: Path, catalogue: Catalogue, units: Units) -> Form:
    return form_of(source(tmp_path), catalogue, units)


def test_ended_periods_are_open_newest_first(form: Form) -> None:
    assert [one.code for one in form.periods(NOON)] == ["2026-10", "2026-09", "2026-08"]
    eve = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)  # midnight in Hà Nội
    assert form.periods(eve)[0].code == "2026-10"
    assert form.due(Period.parse("2026-10")) == date(2026, 11, 10)


def test_a_running_period_may_be_open_too(
    tmp_path: Path, catalogue: Catalogue, units: Units
) -> None:
    one = form_of(source(tmp_path, {"running": True, "open": 1}), catalogue, units)
    assert [period.code for period in one.periods(NOON)] == ["2026-11", "2026-10"]


def test_periods_follow_the_calendar_of_the_indicators(
    tmp_path: Path, catalogue: Catalogue, units: Units
) -> None:
    administrative = [one for one in catalogue.all if one.calendar.value == "administrative"]
    codes = [one.code for one in administrative if one.cadence.value == "month"]
    one = form_of(source(tmp_path, {"indicators": codes, "due_days": None}), catalogue, units)
    first = one.periods(NOON)[0]
    assert (first.start, first.end) == (date(2026, 10, 15), date(2026, 11, 14))
    assert one.due(first) > first.end


def test_units_are_those_of_the_day(form: Form, units: Units) -> None:
    assert len(form.units(units, date(2026, 10, 31))) == 34
    assert len(form.units(units, date(2025, 6, 30))) == 63
    assert form.code(units.by_key("38"), date(2026, 10, 1)) == "38"


def test_rows_may_be_about_the_units_below(
    tmp_path: Path, catalogue: Catalogue, units: Units
) -> None:
    given = {"rows": "commune", "indicators": ["TRN-01"]}
    one = form_of(source(tmp_path, given), catalogue, units)
    wanted = asked(one, units, units.by_key("38"), Period.parse("2026-10"))
    assert len(wanted.rows) == 166
    assert wanted.row_of("14758") == "14758"
    assert wanted.row_of(14758.0) == "14758"
    assert wanted.row_of("38") is None


def test_leading_zeros_may_be_lost_in_a_spreadsheet(form: Form, units: Units) -> None:
    wanted = asked(form, units, units.by_key("01"), Period.parse("2026-10"))
    assert wanted.row_of("1") == wanted.row_of(1) == wanted.row_of("01") == "01"


def test_a_list_of_units(tmp_path: Path, catalogue: Catalogue, units: Units) -> None:
    one = form_of(source(tmp_path, {"units": ["38", "30.2025"]}), catalogue, units)
    assert [unit.key for unit in one.units(units, date(2026, 10, 1))] == ["38"]


def test_a_unit_without_a_code_of_the_system_cannot_submit(
    tmp_path: Path, catalogue: Catalogue, units: Units
) -> None:
    one = form_of(source(tmp_path, {"units": ["moha"]}), catalogue, units)
    with pytest.raises(AddressError):
        asked(one, units, units.by_key("moha"), Period.parse("2026-10"))


@pytest.mark.parametrize(
    ("submit", "field"),
    [
        ({"units": ["nowhere"]}, "submit.units"),
        ({"units": {"under": "nowhere", "level": "province"}}, "submit.units"),
        ({"indicators": ["XXX-99"]}, "submit.indicators"),
        ({"indicators": None}, "submit.indicators"),
        ({"indicators": ["TRN-01", "SIG-01"]}, "submit.indicators"),
    ],
)
def test_a_form_that_means_nothing(
    tmp_path: Path, catalogue: Catalogue, units: Units, submit: dict[str, Any], field: str
) -> None:
    given = source(tmp_path, submit)
    with pytest.raises(SourceConfigError) as refused:
        form_of(given, catalogue, units)
    assert refused.value.params["field"] == field
    good, wrong = forms({"x": given}, catalogue, units)
    assert (good, len(wrong)) == ((), 1), "and it keeps no other form away"


@pytest.mark.parametrize(
    "submit",
    [
        {"units": []},
        {"units": ["38", "38"]},
        {"units": {"under": "local"}},
        {"units": {"under": "local", "level": "village"}},
        {"rows": "street"},
        {"indicators": ["TRN-01", "TRN-01"]},
        {"open": 0},
        {"open": 37},
        {"due_days": -1},
        {"version": 0},
        {"grain": "decade"},
        {"colour": "red"},
        {"title": {"vi": "x"}},
    ],
)
def test_a_wrong_file_stops_and_names_the_field(tmp_path: Path, submit: dict[str, Any]) -> None:
    with pytest.raises(SourceConfigError) as refused:
        source(tmp_path, submit)
    assert "submit" in str(refused.value.params["field"])


def test_only_a_source_of_workbooks_can_be_submitted_to(
    tmp_path: Path, catalogue: Catalogue, units: Units
) -> None:
    config = {"folder": "drop/x", "columns": {"ma_don_vi": "Mã"}, "format": "table"}
    with pytest.raises(SourceConfigError):
        form_of(source(tmp_path, config=config), catalogue, units)
