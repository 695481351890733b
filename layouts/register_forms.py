"""The forms in which a register's items can be looked at besides the list: found, not listed."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from dash.development.base_component import Component

from ioc.domain.register import Register
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.errors import PluginError

if TYPE_CHECKING:
    from ioc.queries.desk import Desk

LIST = "list"
"""The form without a name in the address: the table."""
_PREFIX = "forms_"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to look at items, offered as `FORM` by a module `layouts/forms_<name>.py`.

    `name` is its word in addresses (`form=board`), `words` the message key of its switch. `load`
    asks with the filters of the address (`register_list_choice.asked` reads them), `render`
    draws what it answered under the page's head and filters; it must be pure. `fits` says for
    which registers it is offered; `order` sorts the switch.
    """

    name: str
    words: str
    load: Callable[[Desk, View, Scope, Register], Any]
    render: Callable[[Any, View], Component]
    fits: Callable[[Register], bool]
    order: int = 100


@cache
def forms() -> Mapping[str, Form]:
    """Every form by its name, in the order of the switch.

    Raises PluginError for a module without a `FORM` and for two of one name.
    """
    package = importlib.import_module("layouts")
    found: dict[str, Form] = {}
    for module in pkgutil.iter_modules(package.__path__):
        if not module.name.startswith(_PREFIX):
            continue
        one = getattr(importlib.import_module(f"layouts.{module.name}"), "FORM", None)
        if not isinstance(one, Form):
            raise PluginError(
                f"layouts.{module.name} offers no FORM", code="config", module=module.name
            )
        if one.name in found or one.name == LIST:
            raise PluginError(
                f"layouts.{module.name}: form {one.name!r} exists", code="config", name=one.name
            )
        found[one.name] = one
    return dict(sorted(found.items(), key=lambda pair: (pair[1].order, pair[0])))


def offered(register: Register) -> tuple[Form, ...]:
    """The forms that a register is offered in."""
    return tuple(one for one in forms().values() if one.fits(register))
