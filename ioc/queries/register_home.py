"""All registers of a unit, each with how it stands."""

from __future__ import annotations

from ioc.domain.register import Register
from ioc.domain.scope import Scope
from ioc.domain.unit import Unit
from ioc.domain.view import View
from ioc.queries import resolve
from ioc.queries.ask import Ask, asking
from ioc.queries.desk import Desk
from ioc.queries.register_answers import RegisterCard, RegisterHome
from ioc.queries.register_counts import made_up
from ioc.queries.register_list_tallies import Tallies
from ioc.queries.register_list_totals import totals
from ioc.queries.unit_page import crumbs


def register_home(desk: Desk, view: View, scope: Scope) -> RegisterHome:
    """Every register with its totals under the unit of the address.

    Raises AddressError for an unknown unit, NotAllowedError outside the scope.
    """
    with asking(desk, view, scope) as ask:
        unit = resolve.unit(ask.units, view, scope)
        cards = tuple(_card(ask, register, unit) for register in desk.registers.all)
        return RegisterHome(
            view=view,
            stamp=ask.stamp(illustrative=any(one.illustrative for one in cards)),
            unit=ask.ref(unit),
            crumbs=crumbs(ask, unit),
            cards=cards,
        )


def _card(ask: Ask, register: Register, unit: Unit) -> RegisterCard:
    whole = totals(ask, register, unit, Tallies(ask, register, unit))
    if not whole.items:
        return RegisterCard(register, whole)
    return RegisterCard(register, whole, made_up(ask, register, unit))
