"""The message catalogue: both languages say the same things, and values go in as they are."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.messages import FOLDER, explain, explain_error, gaps, knows, say, sentences
from ioc.errors import AddressError, ConfigError, IocError, WordingError

VI, EN = sentences("vi"), sentences("en")
HOSTILE = ["{field}", "{given.__class__}", "{0}", "{{}}", "<img src=x onerror=1>", "%s", r"\1"]


def test_both_languages_have_the_same_files_and_keys() -> None:
    files = {lang: {file.name for file in (FOLDER / lang).iterdir()} for lang in ("vi", "en")}
    assert files["vi"] == files["en"]
    assert sorted(VI) == sorted(EN)


def test_both_languages_have_the_same_gaps() -> None:
    differing = {key for key in VI if gaps(VI[key]) != gaps(EN[key])}
    assert differing == set()


@pytest.mark.parametrize("sentences_of", [VI, EN], ids=["vi", "en"])
def test_every_sentence_is_proper_text(sentences_of: dict[str, str]) -> None:
    for key, text in sentences_of.items():
        assert text.strip(), key
        assert unicodedata.is_normalized("NFC", text), key
        assert text not in ("None", "True", "False"), key


@pytest.mark.parametrize("sentences_of", [VI, EN], ids=["vi", "en"])
def test_every_brace_is_a_gap(sentences_of: dict[str, str]) -> None:
    for key, text in sentences_of.items():
        left = re.sub(r"\{[a-z_][a-z0-9_]*\}", "", text)
        assert "{" not in left, key
        assert "}" not in left, key


@pytest.mark.parametrize("value", HOSTILE)
def test_values_are_put_in_as_they_are(value: str) -> None:
    text = say("en", "errors.address", part="unit", given=value, allowed="38")
    assert text == f"A part of the address is wrong, unit: given “{value}”, allowed: 38."


@given(st.text())
def test_a_value_is_never_read_as_a_sentence(value: str) -> None:
    text = say("vi", "words.list", most=value, last="{most}")
    assert text == f"{value} và {{most}}"


def test_parameters_may_be_called_like_the_arguments() -> None:
    with pytest.raises(WordingError, match="needs the parameter 'field'"):
        say("vi", "errors.config", key="x", lang="y", file="f")


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(WordingError, match=r"messages/vi: no sentence 'status\.splendid'"):
        say("vi", "status.splendid")
    assert not knows("vi", "status.splendid")
    assert knows("en", "status.reached")


@pytest.mark.parametrize("lang", ["fr", "", "..", "../vi", "VI/"])
def test_an_unknown_language_is_named(lang: str) -> None:
    with pytest.raises(WordingError, match="no messages for the language"):
        say(lang, "status.reached")


def test_a_broken_message_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "vi").mkdir()
    (tmp_path / "vi" / "words.yaml").write_text('a: "x"\na: "y"\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        sentences("vi", tmp_path)
    assert str(caught.value).startswith("vi/words.yaml: line 2: given \"the key 'a' is given twice")


def test_errors_are_explained_with_their_parameters() -> None:
    error = AddressError(part="indicator", given="OPS-99", allowed="OPS-01")
    assert explain_error("en", error) == (
        "A part of the address is wrong, indicator: given “OPS-99”, allowed: OPS-01."
    )
    assert explain_error("vi", IocError("anything")) == "Có lỗi chưa được mô tả (mã unknown)."


def test_reasons_of_sources_and_rejections_are_explained_too() -> None:
    assert explain("en", "too_slow") == EN["source.too_slow"]
    assert explain("vi", "blank") == VI["reject.blank"]


def test_every_code_raised_has_its_sentence() -> None:
    root = FOLDER.parent.parent
    files = [file for folder in ("ioc", "data_sources") for file in (root / folder).rglob("*.py")]
    raised = re.compile(r'(?:\bcode=|ValueProblem\(|FileRefused\()"([a-z_0-9]+)"')
    codes = {code for file in files for code in raised.findall(file.read_text(encoding="utf-8"))}
    assert "too_slow" in codes
    places = ("errors", "source", "reject", "drawing")
    assert {code for code in codes if not any(f"{one}.{code}" in VI for one in places)} == set()


def test_an_old_or_unknown_code_never_breaks_a_page() -> None:
    assert explain("vi", "from_the_future") == "Có lỗi chưa được mô tả (mã from_the_future)."
    assert explain("vi", "address", {"part": "unit"}) == "Có lỗi chưa được mô tả (mã address)."
