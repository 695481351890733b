"""What moved between two drawings of a page: applied to the old one, it gives the new one."""

from __future__ import annotations

import copy
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from ioc.web.moves import ROOT, moves


def part(kind: str = "Div", **props: Any) -> dict[str, Any]:
    return {"type": kind, "namespace": "dash_html_components", "props": props}


def told(before: Any, after: Any) -> list[Any] | None:
    found = moves(orjson.dumps(before), orjson.dumps(after))
    return None if found is None else orjson.loads(orjson.dumps(found))


def applied(before: Any, found: list[Any]) -> Any:
    """What the renderer does with moves: set properties at paths, work off patches."""
    page = copy.deepcopy(before)
    for path, props in found:
        at = page
        for step in path[len(ROOT) :]:
            at = at[step]
        for name, value in props.items():
            if isinstance(value, dict) and "__dash_patch_update" in value:
                for one in value["operations"]:
                    _operate(at["props"][name], one)
            elif value is None:
                at["props"].pop(name, None)
            else:
                at["props"][name] = value
    return page


def _operate(target: Any, one: dict[str, Any]) -> None:
    *way, last = one["location"]
    for step in way:
        target = target[step]
    if one["operation"] == "Delete":
        del target[last]
    else:
        target[last] = one["params"]["value"]


NAMES = st.sampled_from(["className", "title", "style"])
SCALARS = st.integers(0, 3) | st.sampled_from(["a", "b", ""])
FIGURES = st.fixed_dictionaries(
    {"data": st.lists(st.dictionaries(st.sampled_from("xyz"), SCALARS | st.lists(SCALARS)))}
)
LEAVES = st.builds(lambda props: part(**props), st.dictionaries(NAMES, SCALARS))
GRAPHS = st.builds(lambda figure: part("Graph", id="g", figure=figure), FIGURES)


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner | st.sampled_from(["words", "other"]), max_size=4)
    return st.builds(
        lambda props, children: part(**props, children=children),
        st.dictionaries(NAMES, SCALARS),
        several | inner,
    )


PAGES = st.recursive(LEAVES | GRAPHS, _nested, max_leaves=12)
FILLING = "x" * 4000
"""Makes the page large, so that no change is sent whole because it is most of the page."""


@given(PAGES, PAGES)
def test_moves_turn_the_old_drawing_into_the_new_one(old: Any, new: Any) -> None:
    before = part(id="page", children=[part(children=FILLING), part(children=old)])
    after = part(id="page", children=[part(children=FILLING), part(children=new)])
    found = told(before, after)
    assert found is not None
    assert applied(before, found) == after


def test_nothing_moved_is_no_move() -> None:
    page = part(children=[part(className="a"), "words"])
    assert told(page, page) == []


def test_one_colour_of_a_figure_is_one_assignment() -> None:
    def page(colour: str) -> dict[str, Any]:
        data = [{"x": list(range(500)), "marker": {"color": "blue"}}, {"fillcolor": colour}]
        return part(children=[part("Graph", id="map", figure={"data": data, "layout": {}})])

    found = told(page("red"), page("green"))
    assert found == [
        [
            [*ROOT, "props", "children", 0],
            {
                "figure": {
                    "__dash_patch_update": "__dash_patch_update",
                    "operations": [
                        {
                            "operation": "Assign",
                            "location": ["data", 1, "fillcolor"],
                            "params": {"value": "green"},
                        }
                    ],
                }
            },
        ]
    ]


def test_another_page_or_most_of_it_is_sent_whole() -> None:
    assert told(part("Div", id="a"), part("Div", id="b")) is None
    assert told(part("Div"), part("Section")) is None
    assert told(part(children="x" * 900), part(children="y" * 900)) is None


def test_another_number_of_parts_draws_their_parent_anew() -> None:
    rows = [part("Li", children=f"row {at}") for at in range(40)]
    filling = part(children=FILLING)
    found = told(
        part(children=[filling, part("Ul", children=rows[:3])]),
        part(children=[filling, part("Ul", children=rows[:4])]),
    )
    assert found == [[[*ROOT, "props", "children", 1], {"children": rows[:4]}]]
