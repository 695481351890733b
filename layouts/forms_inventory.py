"""The inventory: how much is digital and shared, who is late with updates, how it grows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.register import Phase, Register
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.register_answers import ItemRow
from ioc.queries.register_sheet import Sheet, added, pooled
from layouts import cards, item_parts, item_sums, states
from layouts.register_forms import Form

SHARED = ("lgsp", "ndop", "both")
OWNERS = 25


def load(desk: Desk, view: View, scope: Scope, register: Register) -> Sheet:
    """The datasets that the address chooses."""
    from ioc.queries.register_sheet import sheet

    return sheet(desk, view, scope, register)


def shared(rows: Sequence[ItemRow]) -> tuple[int, int]:
    """How many datasets are shared through a platform, of how many that say how they are."""
    ways = [row.values.get("sharing") for row in rows if row.values.get("sharing")]
    return sum(one in SHARED for one in ways), len(ways)


def late_by_owner(rows: Sequence[ItemRow]) -> list[tuple[str, int, int, int]]:
    """Per owner: datasets late with their update, datasets with a date, most days late."""
    late: Counter[str] = Counter()
    dated: Counter[str] = Counter()
    worst: dict[str, int] = {}
    for row in rows:
        owner = str(row.values.get("owner") or (row.unit.name if row.unit else ""))
        if row.slip is None or row.phase is Phase.DROPPED:
            continue
        dated[owner] += 1
        if row.slip > 0:
            late[owner] += 1
            worst[owner] = max(worst.get(owner, 0), row.slip)
    found = [(one, late[one], dated[one], worst.get(one, 0)) for one in dated]
    return sorted(found, key=lambda one: (-one[1], -one[3], one[0]))


def tiles(answer: Sheet, lang: str) -> list[html.Div]:
    """Digitised, shared, open data, growth."""
    register, kept = answer.register, answer.kept
    growth, grown = added(kept, "growth")
    published = [row.values.get("open_data") for row in kept if "open_data" in row.values]
    return [
        item_sums.share_tile(
            say(lang, "register_forms.digitised_share"),
            pooled(kept, "digitised", "to_digitise"),
            register.field("digitised"),
            register.field("to_digitise"),
            lang,
        ),
        item_sums.count_tile(say(lang, "register_forms.shared_share"), *shared(kept), lang),
        item_sums.count_tile(
            say(lang, "register_forms.open_share"),
            sum(one is True for one in published),
            len(published),
            lang,
        ),
        item_sums.tile(
            say(lang, "register_forms.growth"),
            item_sums.amount(register.field("growth"), growth, lang) if grown else "–",
            [say(lang, "register_forms.over_items", count=number(grown, lang))],
        ),
    ]


def render(answer: Sheet, view: View) -> Component:
    """Four figures, who is late, what was published."""
    lang, register = view.lang, answer.register
    late = late_by_owner(answer.kept)
    total = sum(one[1] for one in late)
    said = say(
        lang,
        "register_forms.inventory_said",
        count=number(len(answer.kept), lang),
        late=number(total, lang),
        dated=number(sum(one[2] for one in late), lang),
    )
    columns = [register.field(one) for one in ("records", "digitised", "sharing")]
    return item_sums.frame(
        answer,
        view,
        said,
        [
            html.Div(tiles(answer, lang), className="sum-tiles"),
            _owners(answer, view, late),
            item_sums.published(answer, view, columns),
        ],
    )


def _owners(answer: Sheet, view: View, late: Sequence[tuple[str, int, int, int]]) -> html.Section:
    lang = view.lang
    title = say(lang, "register_forms.owners")
    if not late:
        hint = say(lang, "register_forms.owners_none_hint")
        return cards.panel(title, states.blank(say(lang, "register_forms.owners_none"), hint))
    heads = [
        answer.register.field("owner").label.say(lang),
        say(lang, "register_forms.col_late"),
        say(lang, "register_forms.col_worst"),
    ]
    rows = []
    for owner, count, dated, worst in late[:OWNERS]:
        where = (f"owner.{owner}",)
        href = item_parts.register_address(view, answer.register.key, where=where)
        share = f"{number(count, lang)}/{number(dated, lang)}"
        mark = html.Span(["▼ ", share], className="late-count is-at-risk") if count else share
        days = say(lang, "register_forms.days", count=number(worst, lang)) if worst else "–"
        rows.append([dcc.Link(owner, href=href), mark, days])
    return cards.panel(
        title,
        item_parts.table(heads, rows, title),
        say(lang, "register_forms.owners_line"),
        item_parts.marked(answer.kept, lang),
    )


FORM = Form(
    name="inventory",
    words="register_forms.form_inventory",
    load=load,
    render=render,
    fits=lambda register: register.key == "dataset",
    order=4,
)
