"""How a register stands, above its items: counts that are links, and sums with their units."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.item_words import amount_words
from ioc.domain.messages import say
from ioc.domain.register import Phase, Register
from ioc.domain.view import View
from ioc.domain.words import number
from ioc.queries.register_answers import Totals
from layouts.attributes import attributes

BRIEF_SUMS = 2
URGENT = ("all", "open", "overdue", "missing")
_PLAIN: dict[str, object] = {"state": None, "due": None, "sheet": 1}


def numbers(register: Register, totals: Totals, view: View, *, brief: bool = False) -> html.Div:
    """All items, those open and done, overdue, due soon, incomplete, differing; then the sums.

    A sum of zero is not shown: nobody may have given any of its parts. What is `brief` leaves out
    what there is none of, and most of the sums; on a wall it tells only what is most urgent.
    """
    lang = view.lang
    unknown = ("unknown", totals.unknown, view.href(**{**_PLAIN, "state": "all-unknown"}), "")
    facts = [
        ("all", totals.items, view.href(**_PLAIN), ""),
        ("open", totals.open, view.href(**{**_PLAIN, "state": "all-open"}), ""),
        (
            "done",
            totals.phases.get(Phase.DONE, 0),
            view.href(**{**_PLAIN, "state": "all-done"}),
            "",
        ),
        *([unknown] if totals.unknown else []),
    ]
    if register.due is not None:
        late = "is-alarm" if totals.overdue else ""
        facts.append(("overdue", totals.overdue, view.href(**{**_PLAIN, "due": "overdue"}), late))
        facts.append(("soon", totals.soon, view.href(**{**_PLAIN, "due": "soon"}), ""))
    for facet, count, there in (
        ("missing", totals.incomplete, bool(register.mandatory)),
        ("differs", totals.differing, bool(register.parts)),
    ):
        if there:
            where = _with(view, f"{facet}.any")
            look = "is-warning" if count else ""
            facts.append((facet, count, view.href(where=where, sheet=1), look))
    links: list[Component] = [
        dcc.Link(
            [
                html.Span(number(count, lang), className="figure register-number"),
                html.Span(say(lang, f"register.total_{name}"), className="register-what"),
            ],
            href=href,
            className=f"register-fact {look}".strip() if count else "register-fact is-none",
        )
        for name, count, href, look in facts
        if not brief or ((count or name == "all") and (name in URGENT or not view.wall))
    ]
    sums = [one for one in totals.sums if one.value]
    links += [
        html.Div(
            [
                html.Span(amount_words(one.field, one.value, lang), className="figure sum-number"),
                html.Span(one.field.label.say(lang), className="register-what"),
            ],
            className="register-fact is-sum",
        )
        for one in (sums[:BRIEF_SUMS] if brief else sums)
    ]
    label = say(lang, "register.totals", what=register.name.say(lang))
    return html.Div(links, className="register-facts", role="group", **attributes(aria_label=label))


def _with(view: View, part: str) -> tuple[str, ...]:
    return view.where if part in view.where else (*view.where, part)
