"""The catalogue: the packaged indicators, and every mistake in a file said exactly."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from ioc.domain.catalogue import FOLDER, Catalogue, Group, Indicator, Kind, Level, TargetRule
from ioc.domain.messages import knows
from ioc.domain.period import Calendar, Grain
from ioc.errors import AddressError, CatalogueError

HERE = Path(__file__).parent
BAD = HERE / "bad_indicators"
GOOD = HERE / "good_indicator.yaml"
DOCUMENT = HERE.parents[2] / "docs" / "indicators.md"
STARTER = (
    *(f"OPS-{number:02}" for number in range(1, 12)),
    *("DOC-01", "DOC-02", "TRN-01", "TRN-02", "SIG-01", "SIG-02", "SIG-03", "SIG-04"),
    *("TSK-01", "TSK-02", "DB-01", "BUD-01", "DQ-01"),
)
LEVELS = "nation, localities, government, region, province, commune, ministry, department"
A_TEXT = "a text in composed Unicode (NFC), not empty, without spaces around it"

MESSAGES = {
    "a_list": "file: given 'list', allowed: a mapping of field: value",
    "breakdown_code_spaced": (
        "breakdown[1].code: given 'my channel', allowed: lower-case letters, digits and _"
    ),
    "breakdown_twice": (
        "breakdown: given 'channel.online', allowed: each dimension and value once"
    ),
    "broken_yaml": "line 17: given \"expected ',' or ']', but got ':'\", allowed: valid YAML",
    "code_of_another_group": (
        "code: given 'TRN-01', allowed: OPS- and two digits, as the group says"
    ),
    "code_without_number": "code: given 'OPS', allowed: a group, - and two digits: OPS-01",
    "count_with_denominator": (
        "denominator: given 'Mẫu số', allowed: nothing, because kind is count"
    ),
    "decimals_as_text": "decimals: given '2', allowed: a whole number from 0 to 6",
    "decimals_out_of_range": "decimals: given 9, allowed: a whole number from 0 to 6",
    "empty_name": f"name.vi: given '', allowed: {A_TEXT}",
    "fresh_hours_zero": "fresh_hours: given 0, allowed: a number of hours above 0",
    "headline_as_text": "headline: given 'yes', allowed: true or false",
    "key_twice": "line 24: given \"the key 'code' is given twice\", allowed: valid YAML",
    "level_twice": "detail: given 'province', allowed: each level once, in reports or in detail",
    "missing_code": "code: given None, allowed: a group, - and two digits: OPS-01",
    "missing_english_name": f"name.en: given None, allowed: {A_TEXT}",
    "near_gap_negative": "near_gap: given -1, allowed: a number of 0 or more",
    "nobody_reports": "reports: given [], allowed: a list of levels",
    "not_utf8": "file: given 'byte 13', allowed: UTF-8 text",
    "ratio_summed": "over_units: given 'sum', allowed: pool, none, because kind is ratio",
    "ratio_summed_over_time": (
        "over_time: given 'sum', allowed: pool, last, none, because kind is ratio"
    ),
    "ratio_without_counted": (
        "counted: given None, allowed: words in vi and en, because kind is ratio"
    ),
    "ratio_without_numerator": (
        "numerator: given None, allowed: words in vi and en, because kind is ratio"
    ),
    "score_summed": "over_units: given 'sum', allowed: none, because kind is score",
    "target_above_hundred": "targets[1].value: given '700', allowed: 0 to 100",
    "target_carried_for_ever": (
        "targets[1].carried: given True, allowed: false, because there is no valid_to"
    ),
    "target_date_impossible": (
        "targets[1].valid_from: given '2025-02-30', allowed: a date such as 2025-07-01"
    ),
    "target_ends_before_it_begins": (
        "targets[1].valid_to: given '2024-12-31', allowed: 2025-01-01 or later"
    ),
    "target_for_nobody": "targets[1]: given None, allowed: either levels or unit",
    "target_for_silent_level": (
        "targets[1].levels: given 'ministry', "
        "allowed: government, localities, nation, province, region"
    ),
    "target_for_unknown_level": (f"targets[1].levels[1]: given 'district', allowed: {LEVELS}"),
    "target_of_neutral": (
        "targets[1]: given '70', allowed: no targets, because direction is neutral"
    ),
    "target_without_source": "targets[1].legal: given None, allowed: the fields vi, en",
    "targets_overlap": (
        "targets[2].valid_from: given '2025-07-01', "
        "allowed: a day that no earlier target of the same units covers"
    ),
    "text_not_composed": f"name.vi: given 'Ty\u0309 lệ', allowed: {A_TEXT}",
    "unknown_field": (
        "colour: given 'red', allowed: the fields " + ", ".join(Indicator.model_fields)
    ),
    "unknown_level": f"reports[1]: given 'district', allowed: {LEVELS}",
    "unknown_nested_field": "name.fr: given 'Un taux', allowed: the fields vi, en",
    "owner_as_text": "owner: given 'Cơ quan', allowed: the fields vi, en",
    "reports_as_text": "reports: given 'province', allowed: a list of levels",
    "id_as_switch": "id: given True, allowed: a whole number above 0",
    "breakdown_without_values": "breakdown[1].values: given [], allowed: a list of values",
    "key_is_a_list": "line 24: given 'found unhashable key', allowed: valid YAML",
    "key_is_a_number": "file: given 7, allowed: a mapping of field: value",
    "fresh_hours_endless": "fresh_hours: given inf, allowed: a number of hours above 0",
    "count_may_exceed": "may_exceed: given True, allowed: false, because kind is count",
    "count_target_below_zero": "targets[1].value: given '-1', allowed: 0 or more",
    "target_ends_some_day": (
        "targets[1].valid_to: given 'some day', allowed: a date such as 2025-07-01"
    ),
    "wrong_kind": "kind: given 'percentage', allowed: ratio, count, amount, score",
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load()


def _folder(tmp_path: Path, *files: Path) -> Path:
    for number, file in enumerate(files):
        shutil.copy(file, tmp_path / f"{number}.yaml")
    return tmp_path


def _changed(tmp_path: Path, name: str, **fields: object) -> Path:
    content = yaml.safe_load(GOOD.read_text(encoding="utf-8"))
    file = tmp_path / name
    file.write_text(yaml.safe_dump({**content, **fields}, allow_unicode=True), encoding="utf-8")
    return file


# --- wrong files ---------------------------------------------------------------------------------


def test_each_bad_file_has_its_message_here() -> None:
    assert sorted(file.stem for file in BAD.glob("*.yaml")) == sorted(MESSAGES)


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_a_wrong_file_is_said_in_one_line(name: str, tmp_path: Path) -> None:
    (tmp_path / "bad_indicators").mkdir()
    shutil.copy(BAD / f"{name}.yaml", tmp_path / "bad_indicators")
    with pytest.raises(CatalogueError) as caught:
        Catalogue.load(tmp_path / "bad_indicators")
    assert str(caught.value) == f"bad_indicators/{name}.yaml: {MESSAGES[name]}"
    assert "\n" not in str(caught.value)
    assert caught.value.params["file"] == f"bad_indicators/{name}.yaml"


@pytest.mark.parametrize(
    ("field", "other"),
    [("code", {"id": 2, "order": 2}), ("id", {"code": "OPS-02", "order": 2})],
)
def test_two_files_never_share_a_code_or_id(
    field: str, other: dict[str, object], tmp_path: Path
) -> None:
    _changed(tmp_path, "a.yaml")
    _changed(tmp_path, "b.yaml", **other)
    with pytest.raises(CatalogueError) as caught:
        Catalogue.load(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path.name}/b.yaml: {field}: given ")
    assert str(caught.value).endswith(f"{tmp_path.name}/a.yaml has this one")


def test_an_empty_folder_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"folder: given 'no \*\.yaml file'"):
        Catalogue.load(tmp_path)


class _Units:
    def by_key(self, key: str) -> str:
        if key != "moha":
            raise AddressError(part="unit", given=key, allowed="moha")
        return key


def test_a_target_names_an_existing_unit(tmp_path: Path) -> None:
    rule = {
        "unit": "mohaa",
        "valid_from": "2025-01-01",
        "value": 100,
        "legal": {"vi": "Văn bản", "en": "Instrument"},
    }
    _changed(tmp_path, "a.yaml", targets=[rule])
    with pytest.raises(CatalogueError) as caught:
        Catalogue.load(tmp_path, _Units())
    assert str(caught.value).endswith("targets[1].unit: given 'mohaa', allowed: the key of a unit")
    _changed(tmp_path, "a.yaml", targets=[{**rule, "unit": "moha"}])
    assert Catalogue.load(tmp_path, _Units()).by_code("OPS-01").targets[0].unit == "moha"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    with pytest.raises(CatalogueError) as caught:
        Catalogue.load(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path.name}/a.yaml: file: given 'Is a directory', allowed: a readable file"
    )


# --- the packaged ones ---------------------------------------------------------------------------


def test_the_24_starter_indicators_are_there_in_order(catalogue: Catalogue) -> None:
    assert tuple(one.code for one in catalogue.collected) == STARTER
    assert len(catalogue.collected) == 24
    assert {file.stem for file in FOLDER.glob("*.yaml")} == {one.code for one in catalogue}
    assert all(read.code == file.stem for file, read in _read_each())


def _read_each() -> list[tuple[Path, Indicator]]:
    codes = Catalogue.load()
    return [(file, codes.by_code(file.stem)) for file in FOLDER.glob("*.yaml")]


def test_what_nobody_has_to_report_is_no_column_and_has_no_target(catalogue: Catalogue) -> None:
    rest = [one for one in catalogue if not one.collected]
    assert rest
    for one in rest:
        assert one.reports == ()
        assert one.detail
        assert not one.headline
        assert one.targets == ()
        assert one not in catalogue.headline


def test_reports_and_collected_belong_together(tmp_path: Path) -> None:
    _changed(tmp_path, "a.yaml", collected=False)
    with pytest.raises(CatalogueError, match=r"reports: given .*, allowed: \[\], as it is not"):
        Catalogue.load(tmp_path)
    _changed(tmp_path, "a.yaml", collected=False, reports=[], targets=[], detail=[])
    with pytest.raises(CatalogueError, match=r"detail: given \[\], allowed: a list of levels"):
        Catalogue.load(tmp_path)
    _changed(tmp_path, "a.yaml", collected=False, reports=[], targets=[], detail=["province"])
    assert Catalogue.load(tmp_path).collected == ()


def test_store_numbers_never_change(catalogue: Catalogue) -> None:
    first = {"OPS": 100, "DOC": 200, "TRN": 300, "SIG": 400}
    first |= {"TSK": 500, "DB": 600, "BUD": 700, "DQ": 800}
    for one in catalogue:
        assert one.id == first[one.group] + int(one.code[-2:])


def test_look_ups_agree_and_refuse_the_unknown(catalogue: Catalogue) -> None:
    for one in catalogue:
        assert catalogue.by_code(one.code) is one
        assert catalogue.by_id(one.id) is one
        assert one.code in catalogue
    with pytest.raises(AddressError) as caught:
        catalogue.by_code("ops-01")
    assert caught.value.params["part"] == "indicator"
    assert "OPS-01, OPS-02" in caught.value.params["allowed"]
    with pytest.raises(AddressError):
        catalogue.by_id(0)


def test_groups_hold_every_indicator_once(catalogue: Catalogue) -> None:
    assert [one for members in catalogue.groups.values() for one in members] == list(catalogue)
    assert {"OPS-01", "OPS-11"} <= {one.code for one in catalogue.groups[Group.OPS]}
    assert all(knows(lang, f"indicator.group_{group}") for group in Group for lang in ("vi", "en"))


def test_headlines_can_be_shown_for_the_nation(catalogue: Catalogue) -> None:
    assert len(catalogue.headline) == 8
    assert all(one.over_units != "none" for one in catalogue.headline)


def test_at_least_six_carry_commune_detail(catalogue: Catalogue) -> None:
    assert {one.code for one in catalogue.collected if Level.COMMUNE in one.detail} == {
        *("OPS-01", "OPS-03", "OPS-05", "OPS-06", "OPS-08", "OPS-09", "SIG-01", "TRN-01"),
    }


def test_a_ratio_names_what_it_divides(catalogue: Catalogue) -> None:
    for one in catalogue:
        if one.kind is Kind.RATIO:
            assert one.numerator
            assert one.denominator
            assert one.numerator.vi != one.denominator.vi
            assert one.unit_of_measure.vi == "%"


def test_calendars_and_cadences(catalogue: Catalogue) -> None:
    administrative = {
        one.code for one in catalogue.collected if one.calendar is Calendar.ADMINISTRATIVE
    }
    assert administrative == {"TSK-01", "TSK-02", "BUD-01"}
    cadence = {
        one.code: one.cadence for one in catalogue.collected if one.cadence is not Grain.MONTH
    }
    assert cadence == {"SIG-01": Grain.QUARTER, "DQ-01": Grain.DAY}


def test_budget_amounts_are_exact(catalogue: Catalogue) -> None:
    budget = catalogue.by_code("BUD-01")
    parts = budget.unscaled(46_000) + budget.unscaled(366_383)
    assert parts == budget.unscaled(412_383)
    assert str(float(parts)) == "412.383"


def test_breakdowns_are_named(catalogue: Catalogue) -> None:
    training = catalogue.by_code("TRN-01")
    assert training.breakdown_codes == ("mode.in_person", "mode.online", "mode.self_study")
    words = training.breakdown_words("mode.online")
    assert words is not None
    assert (words.say("vi"), words.say("en"), str(words)) == ("Trực tuyến", "Online", "Trực tuyến")
    assert training.breakdown_words("mode.unknown") is None
    assert catalogue.by_code("OPS-01").breakdown_codes == ()


def test_indicators_are_values(catalogue: Catalogue) -> None:
    one = catalogue.by_code("OPS-01")
    assert {one: "here"}[Catalogue.load().by_code("OPS-01")] == "here"


def test_every_field_is_documented() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    fields = [*Indicator.model_fields, *TargetRule.model_fields]
    assert [field for field in fields if f"`{field}`" not in text] == []


def test_the_example_of_the_document_is_right(tmp_path: Path) -> None:
    example = DOCUMENT.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    (tmp_path / "OPS-05.yaml").write_text(example, encoding="utf-8")
    assert Catalogue.load(tmp_path).by_code("OPS-05").headline
