"""The rules of charts, looked up in every figure that pages and scenes draw."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from dash import dcc
from dash.development.base_component import Component

from ioc import plugins
from ioc.domain.scope import Scope
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.domain.words import status_words
from ioc.web.router import read_address
from layouts import theme

FORMS = ("indexed", "scatter", "slope", "corridor")
DESK = (
    "/",
    "/unit/38",
    "/unit/30.2025",
    "/indicator/OPS-01",
    "/indicator/BUD-01?calendar=administrative",
    *(f"/compare?units=38,31,01&indicator=OPS-01&form={form}" for form in FORMS),
)
WALL = ("/?wall=1", "/unit/38?wall=1", "/indicator/SIG-01?wall=1")


def drawn(product: Any, address: str) -> Component:
    view = read_address(address)
    page: Any = plugins.by_name(plugins.PAGE)[view.page]
    made: Component = page.render(page.load(product.real.desk, view, Scope.all()), view)
    return made


def parts(root: Any) -> Iterator[Component]:
    if isinstance(root, list | tuple):
        for one in root:
            yield from parts(one)
    elif isinstance(root, Component):
        yield root
        yield from parts(getattr(root, "children", None))


@pytest.fixture(scope="module", params=(*DESK, *WALL))
def shown(request: pytest.FixtureRequest, product: Any) -> tuple[str, list[Component]]:
    return request.param, list(parts(drawn(product, request.param)))


@pytest.fixture
def figures(shown: tuple[str, list[Component]]) -> list[dict[str, Any]]:
    return [one.figure for one in shown[1] if isinstance(one, dcc.Graph)]


def axes(figure: dict[str, Any]) -> dict[str, Any]:
    return {
        name: part for name, part in figure["layout"].items() if re.fullmatch(r"[xy]axis\d*", name)
    }


def test_pages_have_charts(figures: list[dict[str, Any]]) -> None:
    assert figures


def test_bars_begin_at_zero(figures: list[dict[str, Any]]) -> None:
    for figure in figures:
        for trace in figure["data"]:
            if trace.get("type") != "bar":
                continue
            length = "x" if trace.get("orientation") == "h" else "y"
            number = str(trace.get(f"{length}axis", length))[1:]
            axis = figure["layout"].get(f"{length}axis{number}", {})
            if "range" in axis:
                low, high = sorted(axis["range"])
                assert low <= 0 <= high
            assert "base" not in trace


def test_no_axis_lies_over_another(figures: list[dict[str, Any]]) -> None:
    for figure in figures:
        assert not [axis for axis in axes(figure).values() if axis.get("overlaying")]


def test_missing_periods_are_gaps(figures: list[dict[str, Any]]) -> None:
    for figure in figures:
        assert not [trace for trace in figure["data"] if trace.get("connectgaps")]


def test_words_stand_on_the_chart_and_not_in_a_legend(figures: list[dict[str, Any]]) -> None:
    for figure in figures:
        assert figure["layout"]["showlegend"] is False


def test_nothing_moves_by_itself(figures: list[dict[str, Any]]) -> None:
    for figure in figures:
        assert "transition" not in figure["layout"]
        assert "frames" not in figure


def test_every_card_says_what_it_shows_and_in_which_unit(
    shown: tuple[str, list[Component]],
) -> None:
    cards = [one for one in shown[1] if "chart" in (getattr(one, "className", "") or "").split()]
    assert len(cards) >= sum(isinstance(one, dcc.Graph) for one in shown[1])
    for card in cards:
        inside = list(parts(card))
        titles = [one for one in inside if type(one).__name__ == "H2"]
        lines = [one for one in inside if type(one).__name__ == "P"]
        assert titles
        assert titles[0].children
        assert lines
        assert lines[0].children
        pictures = [one for one in inside if getattr(one, "role", None) == "img"]
        assert len(pictures) >= sum(isinstance(one, dcc.Graph) for one in inside)


def test_red_marks_are_at_risk(
    shown: tuple[str, list[Component]], figures: list[dict[str, Any]]
) -> None:
    view = read_address(shown[0])
    look = theme.palette(view)
    alarm = {look.fill[Status.AT_RISK], look.text[Status.AT_RISK]}
    word = status_words(Status.AT_RISK, view.lang)
    for figure in figures:
        texts = said_by_row(figure)
        for trace in figure["data"]:
            assert (trace.get("line") or {}).get("color") not in alarm
            if trace.get("fillcolor") in alarm:
                assert word in trace["text"]
            colours = (trace.get("marker") or {}).get("color")
            if isinstance(colours, list) and alarm & {str(one) for one in colours}:
                own = trace.get("hovertext") or texts
                assert all(
                    word in text
                    for colour, text in zip(colours, own, strict=True)
                    if colour in alarm
                )
            else:
                assert isinstance(colours, list) or colours not in alarm


def said_by_row(figure: dict[str, Any]) -> list[str]:
    """What rows of a ranking say; they carry it on the pale bar behind the coloured one."""
    return next(
        (
            trace["hovertext"]
            for trace in figure["data"]
            if trace.get("type") == "bar" and "hovertext" in trace
        ),
        [],
    )


def test_wall_charts_are_large_enough_to_read(
    shown: tuple[str, list[Component]], figures: list[dict[str, Any]]
) -> None:
    if not read_address(shown[0]).wall:
        pytest.skip("a page of the desk")
    least = theme.wall_px(5, key_figure=False) - 1
    for figure in figures:
        assert figure["layout"]["font"]["size"] >= least
        for note in figure["layout"].get("annotations", ()):
            assert note.get("font", {}).get("size", least) >= least


def test_view_default_is_light() -> None:
    assert theme.palette(View()) is theme.light()
