"""The documentation of a kind of source, made from its Config: what it is for, fields, example."""

from __future__ import annotations

import inspect
import json
import types
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from ioc.ingest.connector import Connector

_PLAIN = {
    str: "text",
    int: "whole number",
    float: "number",
    Decimal: "number",
    bool: "true or false",
    date: "day",
    datetime: "moment",
    Path: "path",
    Any: "anything",
    object: "anything",
}
_BOUNDS = (("gt", "more than"), ("ge", "at least"), ("lt", "less than"), ("le", "at most"))
_LENGTHS = (("min_length", "at least"), ("max_length", "at most"))
_LISTS = (tuple, list, set, frozenset, Sequence)
_NAMED = (dict, Mapping)


@dataclass(frozen=True, slots=True)
class Row:
    """A setting as the table shows it: `name` is its dotted place below `config`."""

    name: str
    kind: str
    default: str
    allowed: str
    description: str


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of a union, and all of them."""

    words: str
    all: tuple[str, ...]


def document(connector: Connector) -> str:
    """The Markdown page of a kind of source, in English."""
    config = connector.Config
    lines = [f"# {connector.name}", "", introduction(connector), "", "## Settings", ""]
    lines += ["| field of `config` | type | default | allowed | meaning |", "|---|---|---|---|---|"]
    lines += [
        f"| `{one.name}` | {one.kind} | {one.default} | {one.allowed} | {one.description} |"
        for one in rows(config)
    ]
    text = example(connector)
    if text:
        lines += ["", "## Example", "", "```yaml", text, "```"]
    lines += ["", "What all kinds of sources share stands in [sources.md](../sources.md)."]
    return "\n".join(lines) + "\n"


def introduction(connector: Connector) -> str:
    """What the Config's docstring says, as it was written."""
    return inspect.cleandoc(connector.Config.__doc__ or "")


def example(connector: Connector) -> str:
    """The complete source file that the kind offers as EXAMPLE; empty without one."""
    return inspect.cleandoc(getattr(connector, "EXAMPLE", ""))


def write_pages(connectors: Mapping[str, Connector], folder: Path) -> list[Path]:
    """Write `<kind>.md` of every kind into the folder, which is made; answers the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in sorted(connectors):
        file = folder / f"{name}.md"
        file.write_text(document(connectors[name]), encoding="utf-8")
        written.append(file)
    return written


def rows(model: type[BaseModel]) -> list[Row]:
    """Every setting of a model with those inside it, in their order.

    The word that chooses a form of a union is one row; a setting that several forms share is one
    row where they agree.
    """
    found: dict[Row, list[_Form]] = {}
    for row, form in _rows(model, "", None):
        forms = found.setdefault(row, [])
        if form is not None and form not in forms:
            forms.append(form)
    return [replace(row, description=_with(forms, row.description)) for row, forms in found.items()]


def _with(forms: Sequence[_Form], description: str) -> str:
    """Which forms of a union a setting belongs to, said the shorter way."""
    having = [one.words for one in forms]
    lacking = [words for words in forms[0].all if words not in having] if forms else []
    if not lacking:
        return description
    if len(lacking) < len(having):
        return f"Not with {', '.join(lacking)}: {description}"
    return f"With {', '.join(having)}: {description}"


def _rows(
    model: type[BaseModel], prefix: str, form: _Form | None, besides: str = ""
) -> Iterator[tuple[Row, _Form | None]]:
    for name, info in _ordered(model):
        if name == besides:
            continue
        at = prefix + (info.alias or name)
        parts = list(_models(info.annotation, at))
        yield _row(at, info, bool(parts)), form
        places = Counter(place for _, place in parts)
        for part, place in parts:
            if places[place] == 1:
                yield from _rows(part, f"{place}.", form)
        for place, count in places.items():
            if count > 1:
                yield from _forms([one for one, where in parts if where == place], place)


def _ordered(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    """What has to be said first, then what is the model's own, then what it shares with others."""
    shared = {name for base in model.__mro__[1:] for name in getattr(base, "model_fields", ())}
    return sorted(
        model.model_fields.items(), key=lambda one: (not one[1].is_required(), one[0] in shared)
    )


def _forms(models: Sequence[type[BaseModel]], place: str) -> Iterator[tuple[Row, _Form | None]]:
    """The settings of a union: first the word that chooses, then those of each form."""
    chooser = next((name for name in models[0].model_fields if _fixed(models[0], name)), "")
    if chooser:
        fixed = [_fixed(one, chooser) for one in models]
        meaning = " ".join(
            f"`{word}`: {inspect.cleandoc(one.__doc__ or '').splitlines()[0]}"
            for word, one in zip(fixed, models, strict=True)
        )
        row = Row(f"{place}.{chooser}", _cell(_choices(fixed)), "required", "–", _cell(meaning))
        yield row, None
    every = tuple(
        f"`{chooser}: {_fixed(one, chooser)}`" if chooser else one.__name__ for one in models
    )
    for one, words in zip(models, every, strict=True):
        yield from _rows(one, f"{place}.", _Form(words, every), chooser)


def _fixed(model: type[BaseModel], name: str) -> str:
    """The one word a field may be; empty when it may be others."""
    info = model.model_fields.get(name)
    words = get_args(info.annotation) if info and get_origin(info.annotation) is Literal else ()
    return str(words[0]) if len(words) == 1 else ""


def _row(at: str, info: FieldInfo, nested: bool) -> Row:
    return Row(
        at,
        _cell(_words(info.annotation)),
        _cell(_default(info, nested)),
        _cell(_allowed(info)),
        _cell(" ".join((info.description or "").split())),
    )


def _models(annotation: Any, at: str) -> Iterator[tuple[type[BaseModel], str]]:
    """The models inside a type, each with the place of its settings."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, at
        return
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin in _NAMED:
        yield from _models(inside[1], f"{at}.NAME")
    elif origin is Annotated:
        yield from _models(inside[0], at)
    elif origin is not Literal:
        for one in inside:
            yield from _models(one, f"{at}[]" if origin in _LISTS else at)


def _words(annotation: Any) -> str:
    """A type as people say it."""
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "settings"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _choices([one.value for one in annotation])
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _words(inside[0])
    if origin is Literal:
        return _choices(inside)
    if origin in (Union, types.UnionType):
        kinds = [_words(one) for one in inside if one is not type(None)]
        return " or ".join(dict.fromkeys(kinds))
    if origin in _LISTS and inside:
        return f"list of {_words(inside[0])}"
    if origin in _NAMED:
        return f"name: {_words(inside[1])}"
    return getattr(annotation, "__name__", str(annotation))


def _choices(words: Sequence[object]) -> str:
    return " or ".join(f"`{word}`" for word in words)


def _default(info: FieldInfo, nested: bool) -> str:
    if info.is_required():
        return "required"
    given = info.get_default(call_default_factory=True)
    if given is PydanticUndefined or given is None or given in ((), "", frozenset()):
        return "–"
    if isinstance(given, BaseModel) or given == {} or (nested and given == []):
        return "–"
    if isinstance(given, Enum):
        given = given.value
    return f"`{json.dumps(given, ensure_ascii=False, default=str)}`"


def _allowed(info: FieldInfo) -> str:
    """The range that the field's own rules leave."""
    said = []
    for rule in info.metadata:
        for name, words in _BOUNDS:
            if (bound := getattr(rule, name, None)) is not None:
                said.append(f"{words} {_number(bound)}")
        for name, words in _LENGTHS:
            if (bound := getattr(rule, name, None)) is not None:
                said.append(f"{words} {bound} {_unit(info.annotation, bound)}")
        if pattern := getattr(rule, "pattern", None):
            said.append(f"like `{pattern}`")
    return ", ".join(said) or "–"


def _unit(annotation: Any, count: int) -> str:
    word = "letter" if "text" in _words(annotation).split(" or ") else "entry"
    return word if count == 1 else {"letter": "letters", "entry": "entries"}[word]


def _number(given: object) -> str:
    return f"{given:g}" if isinstance(given, float) else str(given)


def _cell(text: str) -> str:
    """A text that cannot break out of a table's cell."""
    return text.replace("\n", " ").replace("|", "\\|")
