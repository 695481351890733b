"""The scene: one picture of the wall, its title, what it loads and how that is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from dash.development.base_component import Component

from ioc import plugins
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.errors import AddressError

if TYPE_CHECKING:
    from ioc.queries.desk import Desk


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene of the wall, found by name in `layouts.scenes` or in an installed add-on.

    `name` is the second step of its address: `/scene/red?wall=1`. `load` asks the store and
    answers a frozen value; `render` draws it and must be pure, as a page's. A scene shows
    something without any further part in its address. `order` sorts scenes in lists.
    """

    name: str
    title: Callable[[Any, View], str]
    load: Callable[[Desk, View, Scope], Any]
    render: Callable[[Any, View], Component]
    order: int = 100


@cache
def scenes() -> Mapping[str, Scene]:
    """All scenes in their order, by name; raises PluginError for a wrong one."""
    found = cast("dict[str, Scene]", plugins.by_name(plugins.SCENE))
    return dict(sorted(found.items(), key=lambda one: (one[1].order, one[0])))


def scene_of(view: View) -> Scene:
    """The scene that an address names; raises AddressError when there is none."""
    found = scenes().get(view.scene or "")
    if found is None:
        allowed = ", ".join(scenes())
        raise AddressError(part="scene", given=view.scene or "", allowed=allowed)
    return found
