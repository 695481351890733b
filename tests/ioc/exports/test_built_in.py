"""The built-in templates as files: each makes what the built-in one makes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pptx import Presentation

from ioc.errors import ConfigError
from ioc.exports.built_in import write
from ioc.exports.report import to_docx
from ioc.exports.slides import deck_of, to_pptx
from tests.ioc.exports.test_report import extract, opened, report, sheet, words


def test_a_report_from_the_written_template_is_the_built_in_one(tmp_path: Path) -> None:
    file = tmp_path / "mẫu.docx"
    write(file, "vi")
    about = report(extract(sheet()))
    own, built_in = (words(opened(to_docx(about, one))) for one in (file.read_bytes(), None))
    assert own == built_in
    assert len(own) > 20


def test_slides_from_the_written_template_are_the_built_in_ones(tmp_path: Path) -> None:
    file = tmp_path / "slides.PPTX"
    write(file, "vi")
    deck = deck_of(extract(sheet()), None, {})
    own, built_in = (_said(to_pptx(deck, one)) for one in (file.read_bytes(), None))
    assert own == built_in
    assert len(own) > 3


def _said(content: bytes) -> list[str]:
    slides = Presentation(io.BytesIO(content)).slides
    return [one.text_frame.text for slide in slides for one in slide.shapes if one.has_text_frame]


def test_nothing_is_written_over_and_other_kinds_are_refused(tmp_path: Path) -> None:
    there = tmp_path / "own.docx"
    there.write_bytes(b"mine")
    for file, told in (
        (there, "not there yet"), (tmp_path / "own.xlsx", ".pptx, .docx"),
        (tmp_path / "none" / "own.pptx", "folder"),
    ):  # fmt: skip
        with pytest.raises(ConfigError, match=told):
            write(file, "vi")
    assert there.read_bytes() == b"mine"
    assert [one.name for one in tmp_path.iterdir()] == ["own.docx"]
