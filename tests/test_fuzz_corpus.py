"""The corpus of the fuzzer, read again: every input that once found something stays harmless."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from fuzz.targets import TARGETS

CORPUS = Path(__file__).parent.parent / "fuzz" / "corpus"


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_every_input_is_read_or_refused_in_time(name: str) -> None:
    inputs = sorted((CORPUS / name).iterdir())
    assert inputs, f"fuzz/corpus/{name} is empty"
    for file in inputs:
        begun = time.monotonic()
        TARGETS[name](file.read_bytes())
        assert time.monotonic() - begun < 5, file.name


def test_the_corpus_is_small() -> None:
    files = [file for file in CORPUS.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < 500_000
    assert {file.parent.name for file in files} == set(TARGETS)
