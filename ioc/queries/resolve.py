"""From the words of an address to the unit, indicator and indicators they mean."""

from __future__ import annotations

from ioc.domain.catalogue import Catalogue, Group, Indicator
from ioc.domain.scope import Scope
from ioc.domain.unit import Unit
from ioc.domain.units import Units
from ioc.domain.view import View
from ioc.errors import AddressError, NotAllowedError


def unit(units: Units, view: View, scope: Scope) -> Unit:
    """The unit of the address.

    Raises AddressError when there is none of that key, NotAllowedError when it lies outside the
    scope; a screen answers both alike.
    """
    found = units.by_key(view.unit)
    if not units.visible(found.id, scope):
        raise NotAllowedError(
            f"unit {view.unit!r} lies outside the viewer's scope", code="not_allowed"
        )
    return found


def focus(catalogue: Catalogue, view: View, among: tuple[Indicator, ...]) -> Indicator:
    """The indicator of the address, else the first headline among those shown.

    Raises AddressError when the address names one that does not exist.
    """
    if view.indicator is not None:
        return catalogue.by_code(view.indicator)
    headlines = [one for one in among if one.headline]
    return (headlines or list(among) or list(catalogue.all))[0]


def indicator(catalogue: Catalogue, view: View) -> Indicator:
    """The indicator an indicator's page is about; raises AddressError without a known one."""
    return catalogue.by_code(view.indicator or "")


def indicators(catalogue: Catalogue, view: View) -> tuple[Indicator, ...]:
    """The collected indicators of the chosen group, or all of them.

    Raises AddressError for an unknown group.
    """
    if view.group is None:
        return catalogue.collected
    try:
        chosen = Group(view.group)
        return tuple(one for one in catalogue.collected if one.group is chosen)
    except ValueError:
        allowed = ", ".join(group.value for group in Group)
        raise AddressError(part="group", given=view.group, allowed=allowed) from None
