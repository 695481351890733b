"""Directives: how long each took to be implemented, and what of it is done."""

from __future__ import annotations

from fractions import Fraction

from dash.development.base_component import Component

from ioc.domain.messages import say
from ioc.domain.numbers import number
from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.desk import Desk
from ioc.queries.register_tree import Tree
from ioc.web.scene import Scene
from layouts import forms_tree
from layouts.wall import items


def _load(desk: Desk, view: View, scope: Scope) -> Tree:
    from ioc.queries.register_tree import tree

    return tree(desk, view, scope, desk.registers.by_key("directive"))


def title(answer: Tree, view: View) -> str:
    """`Văn bản chỉ đạo: Cả nước`."""
    return say(view.lang, "register_forms.scene_directives", unit=answer.unit.name)


def render(answer: Tree, view: View) -> Component:
    """The tree as an indented list, the slowest, the tasks that hang on each, the mean."""
    lang = view.lang
    branches = answer.branches
    tree = [
        items.row(
            "\u2003" * one.depth + ("↳ " if one.depth else "") + one.row.title,
            say(lang, "register_forms.wall_late_days", count=number(one.days, lang))
            if one.days is not None
            else "",
            what="\u2003" * one.depth + str(one.row.values.get("number") or ""),
            plain=True,
        )
        for one in branches
    ]
    slow = sorted(
        (one for one in branches if one.days is not None), key=lambda one: -(one.days or 0)
    )
    most = slow[0].days if slow and slow[0].days else 1
    slowest = [
        items.row(
            str(one.row.values.get("number") or one.row.title),
            say(lang, "register_forms.wall_late_days", count=number(one.days or 0, lang)),
            share=Fraction(one.days or 0, most or 1),
            plain=True,
        )
        for one in slow
    ]
    hanging = [
        items.share_row(
            str(one.row.values.get("number") or one.row.title),
            some.done,
            some.done + some.open,
            lang,
        )
        for one in branches
        for some in one.hanging
        if some.register.key == "task"
    ]
    mean = "–"
    facts = []
    if answer.mean_days is not None:
        total, pairs = answer.mean_days
        whole = number(Fraction(total, pairs), lang, 0)
        mean = say(lang, "register_forms.wall_late_days", count=whole)
        days = number(Fraction(total, pairs), lang, 1, trim=True)
        facts = [say(lang, "register_forms.tree_days", days=days, pairs=number(pairs, lang))]
    cards = [
        items.listed(
            say(lang, "register_forms.wall_tree"),
            say(lang, "register_forms.wall_tree_line"),
            tree,
            empty=say(lang, "register_forms.wall_empty"),
            named=True,
        ),
        items.listed(
            say(lang, "register_forms.wall_slowest"),
            say(lang, "register_forms.wall_tree_line"),
            slowest,
            empty=say(lang, "register_forms.not_said"),
            tall=False,
        ),
        items.big(
            say(lang, "register_forms.wall_mean"),
            say(lang, "register_forms.wall_tree_line"),
            mean,
            facts,
        ),
        items.listed(
            say(lang, "register_forms.wall_hanging"),
            say(lang, "register_forms.wall_hanging_line"),
            hanging,
            empty=say(lang, "register_forms.red_empty"),
        ),
    ]
    count = forms_tree.counted(answer, lang)
    roots = number(sum(one.depth == 0 for one in branches), lang)
    depth = number(max((one.depth for one in branches), default=-1) + 1, lang)
    words = say(lang, "register_forms.tree_said", count=count, roots=roots, depth=depth)
    said = [words.removesuffix(".")]
    anything = bool(branches)
    return items.scene(title(answer, view), cards, view, answer.stamp, said, anything=anything)


SCENE = Scene(name="directives", title=title, load=_load, render=render, order=71)
