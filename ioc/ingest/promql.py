"""Answers of Prometheus to an instant query: checked, and taken apart into series."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter, ValidationError

from ioc.errors import PermanentSourceError, TransientSourceError
from ioc.ingest.asking import json_answer
from ioc.ingest.body import Answer

TOLD = frozenset({400, 422, 503})
"""Statuses with which Prometheus says in JSON what was wrong."""
_LONGEST = 300


class _Series(BaseModel):
    """A series of an answer; one without a value (a histogram) is refused."""

    metric: dict[str, str]
    value: tuple[Any, str]


class _Vector(BaseModel):
    resultType: Literal["vector"]
    result: list[_Series]


class _Scalar(BaseModel):
    resultType: Literal["scalar"]
    result: tuple[Any, str]


_DATA: TypeAdapter[_Vector | _Scalar] = TypeAdapter(_Vector | _Scalar)


def check(name: str, answer: Answer, *, partial: bool) -> None:
    """Raise SourceError for an answer to the query `name` that cannot be used.

    That is an error in the server's own words, a result that is no value per series, and, unless
    `partial`, one with warnings: a store that did not answer makes sums too small.
    """
    document = json_answer(answer)
    found = document if isinstance(document, dict) else {}
    if found.get("status") != "success":
        told = [str(found[key])[:_LONGEST] for key in ("errorType", "error") if found.get(key)]
        reason = ": ".join(told) or str(answer.status)
        message = f"{answer.label}: {name}: {reason}"
        if answer.status == 503:
            raise TransientSourceError(
                message, code="prometheus_refused", query=name, url=answer.label, reason=reason
            )
        raise PermanentSourceError(
            message, code="prometheus_refused", query=name, url=answer.label, reason=reason
        )
    warnings = found.get("warnings")
    if warnings and not partial:
        reason = "; ".join(map(str, warnings if isinstance(warnings, list) else [warnings]))
        raise TransientSourceError(
            f"{answer.label}: {name}: {reason[:_LONGEST]}",
            code="prometheus_partial",
            query=name,
            url=answer.label,
            reason=reason[:_LONGEST],
        )
    data = found.get("data")
    try:
        _DATA.validate_python(data)
    except ValidationError:
        given = str(data.get("resultType"))[:40] if isinstance(data, dict) else "–"
        raise PermanentSourceError(
            f"{answer.label}: {name}: a result of the kind {given}",
            code="prometheus_kind",
            query=name,
            url=answer.label,
            given=given,
        ) from None


def series(answer: Mapping[str, Any] | None) -> Iterator[tuple[dict[str, str], object]]:
    """Labels and value of every series of a checked answer; of a scalar the value alone.

    Numbers are exact where finite; NaN and infinity stay as they are told, and are missing.
    """
    if answer is None:
        return
    data = _DATA.validate_python(answer["data"])
    if isinstance(data, _Scalar):
        yield {}, _number(data.result[1])
        return
    for one in data.result:
        labels = {name: text for name, text in one.metric.items() if name != "__name__"}
        yield labels, _number(one.value[1])


def _number(text: str) -> object:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return number if number.is_finite() else text
