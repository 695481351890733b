"""The packaged registers: every word in both languages, every count and reference declared."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from ioc.domain.catalogue import Catalogue
from ioc.domain.due import Due
from ioc.domain.indicator import Words
from ioc.domain.measure import Kind as Measure
from ioc.domain.register import Kind, Phase, Register
from ioc.domain.registers import FOLDER, Registers, read_register

ITEMS = Path(__file__).parents[2] / "examples" / "drop" / "published-items"
EXPECTED = (
    *("task", "directive", "milestone", "blackspot", "budget", "dataset", "practice"),
    *("training", "security", "press", "risk"),
)
REGISTERS = Registers.load()
CLEAR = ("person", "title", "due", "responsibility", "product", "authority")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load()


def words_of(register: Register) -> Iterator[Words]:
    """Everything of a register that a person reads."""
    yield from (register.name, register.one, register.about, *register.legal_basis)
    for field in register.fields:
        yield field.label
        yield from (one.name for one in field.choices)
        yield from (one for one in (field.unit_of_measure, field.hint) if one is not None)
    yield from (one.name for one in register.states)
    yield from (one.name for one in register.checklists)


def rows(register: str) -> list[dict[str, str]]:
    """The published items of a register, by the headings of their file."""
    with (ITEMS / f"{register}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_the_registers_are_there_in_the_order_of_the_screens() -> None:
    assert tuple(one.key for one in REGISTERS.all) == EXPECTED
    assert {file.stem for file in FOLDER.glob("*.yaml")} == set(EXPECTED)
    assert [one.id for one in REGISTERS.all] == list(range(1, 12))


@pytest.mark.parametrize("key", EXPECTED)
def test_a_register_reads_alone_and_says_everything_in_two_languages(key: str) -> None:
    register = read_register(FOLDER / f"{key}.yaml")
    assert register.key == key
    found = list(words_of(register))
    for words in found:
        for text in (words.vi, words.en):
            assert text == unicodedata.normalize("NFC", text).strip()
    labels = [field.label.vi for field in register.fields]
    assert len(set(labels)) == len(labels), "a file's headings must tell its columns apart"


@pytest.mark.parametrize("register", REGISTERS.all, ids=lambda one: one.key)
def test_states_can_be_left_and_reached(register: Register) -> None:
    codes = {one.code for one in register.states}
    reached = {move for one in register.states for move in (one.moves or codes)}
    first = register.states[0]
    assert first.phase in (Phase.OPEN, Phase.UNKNOWN)
    assert codes - reached <= {first.code, "unstated"}


@pytest.mark.parametrize("register", REGISTERS.all, ids=lambda one: one.key)
def test_counts_name_indicators_and_sums_that_exist(
    register: Register, catalogue: Catalogue
) -> None:
    for count in register.counts:
        indicator = catalogue.by_code(count.indicator)
        assert (count.numerator is not None) is (indicator.kind is Measure.RATIO)
        assert count.breakdown is None or count.breakdown in indicator.breakdown_codes
        for name in (count.sum, count.sum_of):
            if name is not None:
                assert register.field(name).kind in (Kind.COUNT, Kind.AMOUNT)
                assert register.field(name).decimals == indicator.scale
        for when in (count.where, count.numerator, count.denominator):
            for name, values in (when.is_ | when.is_not).items() if when else ():
                field = register.field(name)
                if field.choices:
                    assert all(field.choice(value) for value in values), (count.indicator, name)
                else:
                    assert field.kind is Kind.FLAG
                    assert set(values) <= {"true", "false"}


@pytest.mark.parametrize("register", REGISTERS.all, ids=lambda one: one.key)
def test_what_articles_told_is_never_counted_into_an_indicator(register: Register) -> None:
    assert register.field("quoted").kind is Kind.FLAG
    for count in register.counts:
        assert count.where.is_not == {"quoted": ("true",)}, count.indicator


def test_the_indicators_that_leaders_ask_for_are_counted() -> None:
    counted = {count.indicator for one in REGISTERS.all for count in one.counts}
    assert {"TSK-01", "TSK-02", "DB-01", "SIG-03", "SIG-04", "BUD-01"} <= counted


def test_the_six_clear_fields_are_mandatory() -> None:
    task = REGISTERS.by_key("task")
    assert {one.name for one in task.mandatory} == set(CLEAR)
    (clear,) = task.checklists
    assert set(clear.fields) == set(CLEAR)


def test_a_tender_needs_coordinates_and_households() -> None:
    (tender,) = REGISTERS.by_key("blackspot").checklists
    assert {"place", "households", "class", "power"} <= set(tender.fields)


def test_the_published_budget_is_the_sum_of_its_parts() -> None:
    register = REGISTERS.by_key("budget")
    (rule,) = register.parts
    row = next(one for one in rows("budget") if one["Mã mục"] == "memr-2025")

    def amount(name: str) -> Decimal:
        return Decimal(row[register.field(name).label.vi].replace(".", "").replace(",", "."))

    assert amount(rule.total) == Decimal("412.383")
    assert sum(map(amount, rule.of)) == amount(rule.total)


def test_the_religion_database_slipped_by_62_days_at_least() -> None:
    first = next(one for one in rows("milestone") if one["Mã mục"] == "csdl-ton-giao")
    (later,) = rows("milestone_2")
    assert (first["Trạng thái"], later["Trạng thái"]) == ("Đang xây dựng", "Vận hành thử nghiệm")
    trial = Due.parse(later["Ngày vận hành thử"]).day
    assert Due.parse(first["Hạn hoàn thành"]).slip(trial) == 62


def test_thirty_five_days_from_the_central_plan_to_the_ministrys() -> None:
    issued = {one["Mã mục"]: Due.parse(one["Ngày ban hành"]) for one in rows("directive")
              if one["Ngày ban hành"]}  # fmt: skip
    assert issued["kh-02"].slip(issued["kh-04"].day) == 35


@pytest.mark.parametrize("key", [file.stem for file in sorted(ITEMS.glob("*.csv"))])
def test_published_items_refer_to_what_is_published(key: str, catalogue: Catalogue) -> None:
    register = REGISTERS.by_key(key.split("_")[0])
    assert all(len(row["Trích dẫn"]) > 20 for row in rows(key))
    for field in register.fields:
        given = [row[field.label.vi] for row in rows(key) if row.get(field.label.vi)]
        if field.kind is Kind.ITEM and field.register_key:
            assert set(given) <= {row["Mã mục"] for row in rows(field.register_key)}
        if field.kind is Kind.INDICATOR:
            assert all(code in catalogue for code in given)
