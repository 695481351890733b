"""One indicator's file: read, checked, and every mistake said in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, NoReturn, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from ioc.domain.indicator import Direction, Indicator, OverTime, OverUnits, TargetRule
from ioc.domain.measure import Kind
from ioc.domain.unit import Level
from ioc.domain.yaml_file import place, read_mapping
from ioc.errors import CatalogueError

TOTAL_LEVELS = (Level.NATION, Level.LOCALITIES, Level.GOVERNMENT, Level.REGION)
"""Levels of totals: they may have a target of their own without reporting."""

_OVER_UNITS = {
    Kind.RATIO: (OverUnits.POOL, OverUnits.NONE),
    Kind.COUNT: (OverUnits.SUM, OverUnits.NONE),
    Kind.AMOUNT: (OverUnits.SUM, OverUnits.NONE),
    Kind.SCORE: (OverUnits.NONE,),
}
_OVER_TIME = {
    Kind.RATIO: (OverTime.POOL, OverTime.LAST, OverTime.NONE),
    Kind.COUNT: (OverTime.SUM, OverTime.LAST, OverTime.NONE),
    Kind.AMOUNT: (OverTime.SUM, OverTime.LAST, OverTime.NONE),
    Kind.SCORE: (OverTime.LAST, OverTime.NONE),
}


def read_indicator(path: Path) -> Indicator:
    """The indicator that the file declares.

    Raises CatalogueError naming file, field, the value given and what is allowed.
    """
    content = read_mapping(path, CatalogueError)
    try:
        indicator = Indicator.model_validate(content)
    except ValidationError as problem:
        raise _first_mistake(place(path), problem) from None
    _check(indicator, place(path))
    return indicator


def _first_mistake(file: str, problem: ValidationError) -> CatalogueError:
    mistake = problem.errors(include_url=False)[0]
    steps = mistake["loc"]
    extra = mistake["type"] == "extra_forbidden"
    return CatalogueError(
        file=file,
        field=_dotted(steps),
        given=None if mistake["type"] == "missing" else mistake["input"],
        allowed=_allowed(steps[:-1] if extra else steps),
    )


def _dotted(steps: Iterable[int | str]) -> str:
    text = ""
    for step in steps:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def _allowed(steps: Iterable[int | str]) -> str:
    """What the field at `steps` allows, read from the declaration itself."""
    here: Any = Indicator
    description = None
    for step in steps:
        if isinstance(step, int):
            here, description = get_args(here)[0], None
        elif isinstance(here, type) and issubclass(here, BaseModel):
            field: FieldInfo = here.model_fields[step]
            description = field.description or _described(field.annotation)
            here = _plain(field.annotation)
    if isinstance(here, type) and issubclass(here, Enum):
        return ", ".join(str(one.value) for one in here)
    if isinstance(here, type) and issubclass(here, BaseModel):
        return "the fields " + ", ".join(here.model_fields)
    return description or "a text"


def _plain(annotation: Any) -> Any:
    """The type without `Annotated` and without `| None`."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    options = [one for one in get_args(annotation) if one is not type(None)]
    if type(None) in get_args(annotation) and len(options) == 1:
        return _plain(options[0])
    return annotation


def _described(annotation: Any) -> str | None:
    """The description inside `Annotated[…] | None`, where pydantic leaves it."""
    for part in get_args(annotation):
        found = part.description if isinstance(part, FieldInfo) else _described(part)
        if found:
            return found
    return None


def _check(indicator: Indicator, file: str) -> None:
    for field, given, allowed in _mistakes(indicator):
        raise CatalogueError(file=file, field=field, given=given, allowed=allowed)


def _mistakes(one: Indicator) -> Iterator[tuple[str, object, str]]:
    """What the single fields cannot tell: whether they agree with each other."""
    if not one.code.startswith(f"{one.group}-"):
        yield "code", one.code, f"{one.group}- and two digits, as the group says"
    for field in ("numerator", "denominator", "counted"):
        given = getattr(one, field)
        if one.kind is Kind.RATIO and given is None:
            yield field, None, "words in vi and en, because kind is ratio"
        if one.kind is not Kind.RATIO and given is not None:
            yield field, given.vi, f"nothing, because kind is {one.kind}"
    if one.over_units not in _OVER_UNITS[one.kind]:
        yield "over_units", one.over_units.value, _because(_OVER_UNITS[one.kind], one.kind)
    if one.over_time not in _OVER_TIME[one.kind]:
        yield "over_time", one.over_time.value, _because(_OVER_TIME[one.kind], one.kind)
    if one.may_exceed and one.kind is not Kind.RATIO:
        yield "may_exceed", True, f"false, because kind is {one.kind}"
    if bool(one.reports) is not one.collected:
        given = [level.value for level in one.reports]
        yield (
            "reports",
            given,
            "a list of levels" if one.collected else "[], as it is not collected",
        )
    if not one.levels:
        yield "detail", [], "a list of levels"
    for number, level in enumerate(one.levels):
        if level in one.levels[:number]:
            yield "detail", level.value, "each level once, in reports or in detail"
    yield from _breakdown_mistakes(one)
    yield from _target_mistakes(one)


def _because(options: Iterable[Enum], kind: Kind) -> str:
    return ", ".join(str(option.value) for option in options) + f", because kind is {kind}"


def _breakdown_mistakes(one: Indicator) -> Iterator[tuple[str, object, str]]:
    codes = one.breakdown_codes
    for number, code in enumerate(codes):
        if code in codes[:number]:
            yield "breakdown", code, "each dimension and value once"


def _target_mistakes(one: Indicator) -> Iterator[tuple[str, object, str]]:
    for number, rule in enumerate(one.targets):
        field = f"targets[{number + 1}]"
        allowed = one.levels + TOTAL_LEVELS
        if one.direction is Direction.NEUTRAL:
            yield field, str(rule.value), "no targets, because direction is neutral"
        if bool(rule.levels) == bool(rule.unit):
            yield field, rule.unit, "either levels or unit"
        for level in rule.levels:
            if level not in allowed:
                yield f"{field}.levels", level.value, ", ".join(sorted(set(allowed)))
        if rule.valid_to and rule.valid_to < rule.valid_from:
            yield f"{field}.valid_to", rule.valid_to.isoformat(), f"{rule.valid_from} or later"
        if rule.carried and not rule.valid_to:
            yield f"{field}.carried", True, "false, because there is no valid_to"
        top = None if one.kind is not Kind.RATIO or one.may_exceed else 100
        if rule.value < 0 or (top is not None and rule.value > top):
            yield f"{field}.value", str(rule.value), f"0 to {top}" if top else "0 or more"
        for other in one.targets[:number]:
            if _overlap(rule, other):
                yield (
                    f"{field}.valid_from",
                    rule.valid_from.isoformat(),
                    ("a day that no earlier target of the same units covers"),
                )


def _overlap(one: TargetRule, other: TargetRule) -> bool:
    same = one.unit == other.unit if one.unit else bool(set(one.levels) & set(other.levels))
    return (
        same
        and one.valid_from <= (other.valid_to or date.max)
        and other.valid_from <= (one.valid_to or date.max)
    )


def refuse(path: Path, field: str, given: object, allowed: str) -> NoReturn:
    """Raise the CatalogueError of a file that disagrees with another file."""
    raise CatalogueError(file=place(path), field=field, given=given, allowed=allowed)
