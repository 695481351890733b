"""A source's file: read strictly, told in one sentence what is wrong."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from textwrap import dedent

import pytest

from ioc.errors import SourceConfigError
from ioc.ingest.scheduler import connectors
from ioc.ingest.source import load_sources

GOOD = """
name: thu
title: {vi: Thử, en: Trial}
connector: http_json
illustrative: true
schedule: {every: 5m}
jitter: 10s
timeout: 2m
config:
  url: https://a.example/{period}?x=${env:KHOA}
  headers: {Authorization: "Bearer ${env:KHOA}"}
  each: {periods: {grain: month}}
mapping:
  unit: {code: ma, system: nso}
  period: {field: _period}
  values:
    - {indicator: OPS-01, numerator: tu, denominator: mau}
contract: {required: [ma]}
"""
ENV = {"KHOA": "bi-mat", "NOI": "https://b.example", "IOC_DEMO_PORT": "8051"}


def load(home: Path, text: str, name: str = "thu.yaml") -> object:
    folder = home / "sources"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(dedent(text), encoding="utf-8")
    return load_sources(home, ENV, connectors())


def test_a_good_file_becomes_a_source(tmp_path: Path) -> None:
    load(tmp_path, GOOD)
    (source,) = load_sources(tmp_path, ENV, connectors())
    assert (source.name, source.jitter, source.timeout, source.rank) == ("thu", 10, 120, 100)
    assert source.schedule.interval == timedelta(minutes=5)
    assert source.config.headers == {"Authorization": "Bearer bi-mat"}
    assert source.secrets == ("bi-mat", "bi-mat")
    assert source.file == "sources/thu.yaml"


def test_no_sources_are_no_error(tmp_path: Path) -> None:
    assert load_sources(tmp_path, ENV, connectors()) == ()


def test_addresses_and_own_settings_are_not_taken_for_secrets(tmp_path: Path) -> None:
    text = GOOD.replace("https://a.example/", "${env:NOI}/${env:IOC_DEMO_PORT}/")
    load(tmp_path, text.replace("${env:KHOA}", "x"))
    (source,) = load_sources(tmp_path, ENV, connectors())
    assert source.config.url == "https://b.example/8051/{period}?x=x"
    assert source.secrets == ()


def test_two_files_may_not_share_a_name(tmp_path: Path) -> None:
    load(tmp_path, GOOD, "a.yaml")
    with pytest.raises(SourceConfigError) as caught:
        load(tmp_path, GOOD, "b.yaml")
    assert str(caught.value) == "sources/b.yaml: name: given 'thu', allowed: a name used once"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("name: thu", "name: Thử", "name: given 'Thử', allowed: small letters, digits and "
         "hyphens, such as cong-dich-vu-cong"),
        ("illustrative: true\n", "", "illustrative: given None, allowed: this field is required"),
        ("timeout: 2m", "timeuot: 2m", "timeuot: given 'timeuot', allowed: no field of this name"),
        ("timeout: 2m", "timeout: soon", "timeout: given 'soon', allowed: a number and s, m, h or "
         "d, such as 60s, 5m, 1h"),
        ("{every: 5m}", "{every: 1s}", "schedule.every: given '1s', allowed: 5s or more"),
        ("{every: 5m}", "{every: 5m, cron: '* * * * *'}", "schedule: given 'dict', allowed: "
         "exactly one of every, cron"),
        ("{every: 5m}", "{cron: '* * *'}", "schedule.cron: given '* * *', allowed: five fields: "
         'minute hour day month weekday, such as "30 6 * * mon-fri"'),
        ("connector: http_json", "connector: ftp", "connector: given 'ftp', allowed: "),
        ("${env:KHOA}", "${env:KHONG}", "config.url: given '${env:KHONG}', allowed: the variable "
         "KHONG to be set"),
        ("https://a.example/", "ftp://a.example/", "config.url: given 'ftp://a.example/{period}?x="
         "bi-mat', allowed: an address beginning with http:// or https://"),
        ("{period}", "{thang}", "config: given 'dict', allowed: {thang} is no gap; there are "
         "period, year, month, quarter, half, from, to, value, unit, since"),
        ("  each: {periods: {grain: month}}\n", "", "config: given 'dict', allowed: gaps about a "
         "period only together with each.periods"),
        ("grain: month", "grain: thang", "config.each.periods.grain: given 'thang', allowed: "
         "'day', 'week', 'month', 'quarter', 'half' or 'year'"),
        ("system: nso", "system: gso", "mapping.unit.system: given 'gso', allowed: 'nso', "
         "'agency_id', 'local' or 'merger_map'"),
        ("{code: ma, system: nso}", "{code: ma}", "mapping.unit: given 'dict', allowed: system "
         "together with code or parent: nso, agency_id, local"),
        ("{code: ma, system: nso}", "{code: ma, name: ten, system: nso}", "mapping.unit: given "
         "'dict', allowed: exactly one of constant, key, code, name"),
        ("{field: _period}", "{field: ky, pattern: Quý Q/YYYY}", "mapping.period: given 'dict', "
         'allowed: YYYY-MM, MM/YYYY, DD/MM/YYYY, or with braces "Quý {Q}/{YYYY}"'),
        ("numerator: tu,", "numerator: 'tu[',", "mapping.values.0.numerator"),
        ("numerator: tu, denominator: mau", "denominator: mau", "mapping.values.0: given 'dict', "
         "allowed: at least one of value, numerator"),
        ("numerator: tu", "state: {constant: xong}, numerator: tu", "mapping.values.0: given "
         "'dict', allowed: state: one of value, not_applicable, suppressed"),
        ("{required: [ma]}", "{unknown_units: closest}", "contract.unknown_units: given 'closest', "
         "allowed: 'reject'"),
        ("name: thu", "name: thu\nname: hai", "line 3: given \"the key 'name' is given twice\""),
    ],
)  # fmt: skip
def test_a_wrong_file_says_file_field_given_and_allowed(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(SourceConfigError) as caught:
        load(tmp_path, GOOD.replace(old, new))
    sentence = sentence.replace("bi-mat", "***")
    assert str(caught.value).startswith(f"sources/thu.yaml: {sentence}")


def test_a_file_out_of_all_proportion_is_not_parsed(tmp_path: Path) -> None:
    with pytest.raises(SourceConfigError) as caught:
        load(tmp_path, GOOD + "#" * 600_000)
    assert "too large" in str(caught.value)


def test_the_examples_that_come_with_the_product_are_right() -> None:
    examples = Path(__file__).parents[3] / "examples"
    assert len(load_sources(examples, ENV, connectors())) >= 10
