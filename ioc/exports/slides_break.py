"""How a table is laid over slides: widths of columns, heights of rows, where it breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ioc.exports.slides_grid import Cell, Grid
from ioc.exports.slides_text import LEADING, lines_needed, width_of

SIZE, HEAD = 10.5, 10.0
"""Points of cells and of headings."""
PAD = 12.0
NARROW, BROAD = 46.0, 260.0
SHORT = 14.0
"""Ems up to which a text stays on one line."""
MOST_LOOKED = 200
AIR, ORPHANS = 5.0, 4
"""Points around the text of a row; rows of a last slide that are worth half of it."""
MOST_SLIDES = 12


@dataclass(frozen=True, slots=True)
class Page:
    """The part of a table on one slide; widths and heights in points, `left` rows not shown."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    left: int = 0


def pages_of(grid: Grid, width: float, height: float) -> tuple[Page, ...]:
    """The table on as many slides as it takes in a box (points): wide ones by groups of columns.

    The columns that name a row stand on every slide. After MOST_SLIDES slides of rows the last
    one says how many rows are left.
    """
    found: list[Page] = []
    for columns, widths in _groups(grid, width):
        heads = tuple(grid.heads[n] for n in columns)
        rows = [tuple(row[n] for n in columns) for row in grid.rows]
        found += _down(heads, rows, widths, height)
    return tuple(found)


def _down(
    heads: tuple[str, ...],
    rows: list[tuple[Cell, ...]],
    widths: tuple[float, ...],
    height: float,
) -> list[Page]:
    """Rows on as many slides as they take, closer together where that saves one of few rows."""
    pages = _filled(heads, rows, widths, height, AIR)
    if len(pages) > 1 and len(pages[-1].rows) <= ORPHANS:
        closer = _filled(heads, rows, widths, height, AIR / 2)
        return closer if len(closer) < len(pages) else pages
    return pages


def _filled(
    heads: tuple[str, ...],
    rows: list[tuple[Cell, ...]],
    widths: tuple[float, ...],
    height: float,
    air: float,
) -> list[Page]:
    top = _height(heads, widths, HEAD, air)
    pages: list[Page] = []
    at = 0
    while at < len(rows) or not pages:
        taken: list[tuple[Cell, ...]] = []
        heights, used = [top], top
        while at < len(rows):
            needed = _height([one.words for one in rows[at]], widths, SIZE, air)
            needed = min(needed, height - top)
            if taken and used + needed > height:
                break
            taken.append(rows[at])
            heights.append(needed)
            used += needed
            at += 1
        last = len(pages) + 1 == MOST_SLIDES
        left = len(rows) - at if last else 0
        pages.append(Page(heads, tuple(taken), widths, tuple(heights), left))
        if last:
            break
    return pages


def _height(texts: Sequence[str], widths: Sequence[float], size: float, air: float) -> float:
    lines = max(
        (lines_needed(t, max(1.0, w - PAD), size) for t, w in zip(texts, widths, strict=True)),
        default=1,
    )
    return lines * size * LEADING + air


def _groups(grid: Grid, width: float) -> list[tuple[tuple[int, ...], tuple[float, ...]]]:
    """Columns of each slide with their widths, which together fill the box."""
    wanted = [_wanted(grid, n) for n in range(len(grid.heads))]
    fixed = list(range(grid.fixed))
    limit = width * 0.6 / max(1, grid.fixed)
    for n in fixed:
        wanted[n] = min(wanted[n], max(limit, NARROW))
    groups: list[list[int]] = [[]]
    used = room = sum(wanted[n] for n in fixed)
    for n in range(grid.fixed, len(grid.heads)):
        if groups[-1] and used + wanted[n] > width:
            groups.append([])
            used = room
        groups[-1].append(n)
        used += wanted[n]
    made = []
    for group in groups:
        columns = (*fixed, *group)
        own = [wanted[n] for n in columns]
        spare = width / sum(own) if len(columns) > 2 else min(width / sum(own), 2.2)
        made.append((columns, tuple(one * spare for one in own)))
    return made


def _wanted(grid: Grid, at: int) -> float:
    """The width a column asks for: figures and words never break, long texts take some lines."""
    cells = [row[at] for row in grid.rows]
    longest = max((width_of(one.words) for one in cells), default=0.0)
    figures = max((width_of(one.words) for one in cells if one.figure), default=0.0)
    words = [one for cell in cells[:MOST_LOOKED] for one in cell.words.split()]
    word = max((width_of(one) for one in (*words, *grid.heads[at].split())), default=0.0)
    lines = 1 if longest <= SHORT else 2 if longest <= 3 * SHORT else 3
    ems = max(figures, min(word, SHORT), longest / lines if not figures else 0.0)
    least = width_of(grid.heads[at]) / 3
    return min(BROAD, max(NARROW, max(ems, least) * SIZE + PAD + 2))
