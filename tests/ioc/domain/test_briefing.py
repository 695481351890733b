"""Declared briefings: what is refused, what a wrong file leaves standing."""

from __future__ import annotations

from pathlib import Path

import pytest

from ioc.domain.briefing import Briefing
from ioc.domain.briefing_file import checked, read_cabinet
from ioc.errors import BriefingError


def test_packaged_templates_read_and_make_nothing_by_themselves(tmp_path: Path) -> None:
    cabinet = read_cabinet(tmp_path)
    assert set(cabinet.briefings) == {"giao-ban-tuan", "bao-cao-quy"}
    assert cabinet.own == frozenset()
    assert cabinet.wrong == ()
    assert "docx" in cabinet.briefings["bao-cao-quy"].forms


def test_a_wrong_file_is_told_of_and_stops_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "briefings"
    folder.mkdir()
    (folder / "tot.yaml").write_text("title: Tốt\n", encoding="utf-8")
    (folder / "hong.yaml").write_text("title: x\nforms: [gif]\n", encoding="utf-8")
    (folder / "la.yaml").write_text("title: [\n", encoding="utf-8")
    (folder / "giao-ban-tuan.yaml").write_text("titel: x\n", encoding="utf-8")
    cabinet = read_cabinet(tmp_path)
    assert cabinet.own == {"tot"}
    assert {str(one.params["file"]) for one in cabinet.wrong} == {
        "briefings/hong.yaml", "briefings/la.yaml", "briefings/giao-ban-tuan.yaml",
    }  # fmt: skip
    wrong = {str(one.params["file"]): one.params["field"] for one in cabinet.wrong}
    assert wrong["briefings/hong.yaml"] == "forms[1]"
    assert "giao-ban-tuan" in cabinet.briefings, "the packaged one stays"


@pytest.mark.parametrize(
    "content",
    [
        {"deliver": {"mail": ["a@b.vn\r\nBcc: c@d.vn"]}},
        {"deliver": {"mail": ["Ân <a@b.vn>"]}},
        {"deliver": {"mail": ["a@b.vn,c@d.vn"]}},
        {"deliver": {"folder": "../out"}},
        {"title": "a\nb"},
        {"sections": [{"kind": "view", "address": "//elsewhere.vn"}]},
        {"sections": [{"kind": "view", "address": "http://elsewhere.vn"}]},
        {"sections": [{"kind": "video"}]},
        {"schedule": {"every": "week", "day": 8}},
        {"schedule": {"every": "month", "at": "24:00"}},
        {"period": "2026-13"},
        {"forms": []},
        {"forms": ["pdf", "pdf"]},
        {"unit": "a/b"},
    ],
)
def test_refuses(content: dict[str, object]) -> None:
    with pytest.raises(BriefingError):
        checked({"key": "x", "title": "Giao ban", **content})


def test_is_written_and_read_back() -> None:
    cabinet = read_cabinet(Path("/nowhere"))
    for one in cabinet.briefings.values():
        assert Briefing.model_validate_json(one.model_dump_json()) == one
