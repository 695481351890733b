"""Pages on files: the grid as a plain table with all its rows, moments instead of ages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dash import html
from drawn import links, parts, words
from samples import NOW, hostile, indicator_page

from ioc.domain.view import View
from ioc.web.page import Ground, drawn_on
from layouts import states
from layouts.components import age_span
from layouts.grids import grid

VIEW = View(page="indicator", indicator="OPS-01")


def test_a_file_has_every_row_of_the_grid_and_nothing_to_click() -> None:
    cells = indicator_page(VIEW).children
    first = replace(cells[0], unit=hostile(cells[0].unit))
    cells = (first, *cells[1:])
    on_screen = grid("children", cells, VIEW)
    with drawn_on(Ground.FILE):
        table = grid("children", cells, VIEW)
    assert isinstance(table, html.Table)
    rows = [one for one in parts(table) if isinstance(one, html.Tr)]
    assert len(rows) == len(cells) + 1 == len(on_screen.rowData) + 1
    said = words(table)
    for row in on_screen.rowData:
        assert row["name"] in said
        assert row["value_words"] in said
        assert row["status"] in said
    assert not list(links(table))
    heads = [one for one in parts(table) if isinstance(one, html.Thead)]
    assert len(heads) == 1, "which browsers repeat on every page"


def test_no_figure_of_the_grid_is_cut() -> None:
    cells = indicator_page(VIEW).children
    made = grid("children", cells, VIEW)
    for column in made.columnDefs:
        words = [str(row.get(f"{column['field']}_words", "")) for row in made.rowData]
        if column["field"] in ("value", "target", "gap"):
            # Figures of one width are 7.7 px wide, the sides of a cell take 22.
            assert column["minWidth"] >= 22 + 7.7 * max(map(len, words)), column["field"]
    rank = next(one for one in made.columnDefs if one["field"] == "rank")
    assert rank["filter"] is False


def test_a_file_says_moments_and_no_ages_that_would_be_wrong_a_minute_later() -> None:
    ago = age_span(NOW - timedelta(minutes=3), NOW, "vi")
    assert ago is not None
    with drawn_on(Ground.PAPER):
        moment = age_span(NOW - timedelta(minutes=3), NOW, "vi")
    assert moment is not None
    assert (ago.children, moment.children) == ("3 phút trước", "14:02 22/11")
    assert "is-moment" in moment.className, "so that no script makes an age of it"


def test_a_file_says_when_an_old_figure_was_last_read() -> None:
    cell = replace(indicator_page(VIEW).children[0], stale=True, checked=NOW - timedelta(hours=4))
    assert "đọc 4 giờ trước" in words(states.warnings(cell, NOW, "vi"))
    with drawn_on(Ground.FILE):
        said = words(states.warnings(cell, NOW, "vi"))
    assert "trước" not in said
    assert "đọc 10:05 22/11" in said
