"""The check of exported figures can fail: what is changed by one digit is found."""

from __future__ import annotations

from decimal import Decimal

from bench.export_compare import in_rows, on_paper, same_document
from bench.export_opened import Line, Opened
from bench.export_screen import figures

_PAGE = [
    {
        "kind": "table", "card": "Bảng", "heads": ["Đơn vị", "Giá trị"],
        "rows": [
            {
                "links": ["/unit/01?indicator=OPS-01"],
                "cells": [
                    {"head": True, "words": "Hà Nội", "links": []},
                    {"head": False, "words": "24,17%\n−1.234\n00:35 23/11/2026", "links": []},
                ],
            }
        ],
    },
    {
        "kind": "chart", "card": "Diễn biến", "part": "trend", "written": [],
        "traces": [
            {
                "type": "scatter", "orientation": "v", "x": ["2026-08-16"],
                "y": [47.39445949352739],
                "text": None, "custom": None,
                "hover": ["<b>Hà Nội</b><br>tháng 8/2026<br><b>47,39%</b>"],
            }
        ],
    },
]  # fmt: skip


def _opened(*rows: tuple[str, ...], where: str = "row") -> Opened:
    return Opened([Line(row, ("Đơn vị", "Giá trị"), "vi", typed=True, where=where) for row in rows])


def test_figures_are_read_with_their_names_and_days_are_none() -> None:
    shown = figures(_PAGE, "vi")
    assert [(one.names[0][0], one.value) for one in shown] == [
        ("hà nội", Decimal("24.17")), ("hà nội", Decimal("-1234")), ("hà nội", Decimal("47.39")),
    ]  # fmt: skip
    assert shown[-1].exact == 47.39445949352739


def test_a_figure_that_is_changed_or_of_another_unit_is_found() -> None:
    shown = figures(_PAGE, "vi")
    whole = ("Thành phố Hà Nội", "24.1714594627063", "-1234")
    trend = ("Thành phố Hà Nội", "tháng 8/2026", "47.3944594935274")
    assert not in_rows(shown, _opened(whole, trend), "vi").different
    wrong = (
        (whole[0], "24.1649", whole[2]),
        (whole[0], whole[1], "-1235"),
        ("Tỉnh Cao Bằng", *whole[1:]),
    )
    for row in wrong:
        assert in_rows(shown, _opened(row, trend), "vi").different
    for value in ("47.3944694935274", "47.38"):
        assert in_rows(shown, _opened(whole, (*trend[:2], value)), "vi").different


def test_what_a_form_leaves_out_without_saying_so_is_found() -> None:
    shown = figures(_PAGE, "vi")[:1]
    workbook = _opened(("Hà Nội", "24.1714594627063"))
    silent = in_rows(shown, Opened(), "vi", whole=workbook)
    assert (silent.left, len(silent.different)) == (0, 1)
    strange = _opened(("Hà Nội", "24,18"), where="table")
    assert "24.18" in in_rows([], strange, "vi", whole=workbook).different[0]


def test_paper_and_the_pictures_document_are_held_to_the_screen() -> None:
    shown = figures(_PAGE, "vi")
    assert not on_paper(shown, Opened(text="Hà Nội 24,17% −1.234"), "vi").different
    assert on_paper(shown, Opened(text="Hà Nội 24,18% −1.234"), "vi").different
    assert not same_document(shown, shown).different
    assert same_document(shown, shown[1:]).different
