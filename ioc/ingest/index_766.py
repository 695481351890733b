"""The two envelopes of the index of Decision 766, as records by department and metric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

PAGE_SIZES = {
    "transparency": 200,
    "dvc-progress-tree": 100,
    "provide-online-tree": 200,
    "dossier-digitized": 200,
    "formality-online-payment-tree": 100,
    "handling-satisfaction": 200,
}
"""The groups in their order, with the departments that the portal gives per page."""

GROUPS: tuple[Any, ...] = tuple(PAGE_SIZES)
WHOLE_DAYS = frozenset({"handling-satisfaction"})
"""Groups that are asked for from a day to a day and cannot be narrowed to one procedure."""

_Parts = tuple[str, tuple[str, ...], str]
_TREES: Mapping[str, Sequence[_Parts]] = {
    "dvc-progress-tree": [("PROCESSED_ON_TIME", ("totalOnTime",), "totalReceived")],
    "provide-online-tree": [
        ("PROCEDURE_WITH_ONLINE_SERVICE", ("partialCount", "fullCount"), "authorityCount"),
        ("SERVICE_WITH_DOSSIER", ("onlineDossierCount",), "onlineServiceTotal"),
        ("ONLINE_CHANNEL_DOSSIER", ("channelOnlineSum",), "channelTotalSum"),
    ],
    "formality-online-payment-tree": [
        (
            "DOSSIER_PAID_ONLINE",
            ("totalDossierOnlinePaymentSuccess",),
            "totalDossierFinancialObligation",
        ),
        (
            "PROCEDURE_WITH_ONLINE_PAYMENT",
            ("totalDossierOnlineFormalityPaymentSuccess",),
            "totalFeeFormality",
        ),
        ("PROCEDURE_WITH_FEE_DATA", ("totalFeeDossierFormality",), "totalFeeFormality"),
    ],
}
"""Which counters of a tree make which metric: its code, numerator (summed) and denominator."""


class Schema(ValueError):
    """An answer that is not of the known shape; says where, and nothing of what stood there."""


def group_records(group: str, data: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    """The records of one group's answer, the department asked for first. Raises Schema."""
    tree = group in _TREES
    above, below = ("parent", "children") if tree else ("overview", "evaluation")
    root, units = data.get(above), data.get(below)
    if not isinstance(root, dict):
        raise Schema(f"data.{above}")
    if not isinstance(units, list):
        raise Schema(f"data.{below}")
    for at, row, level in [
        (f"data.{above}", root, "root"),
        *((f"data.{below}[{index}]", one, "unit") for index, one in enumerate(units)),
    ]:
        if not isinstance(row, dict) or not isinstance(row.get("departmentId"), str):
            raise Schema(f"{at}.departmentId")
        about = {
            "group": group,
            "department": row["departmentId"],
            "departmentName": row.get("departmentName"),
            "level": level,
        }
        found = _counted(group, row, at) if tree else _given(row, at)
        for metric in found:
            part = str(metric["code"]).lower()
            yield {**about, "kind": "component", "part": part, **metric, "row": row}
        part = group.replace("-", "_")
        yield {**about, "kind": "group", "part": part, **_scored(row, at), "row": row}


def _given(row: Mapping[str, Any], at: str) -> Iterator[dict[str, object]]:
    """The metrics of a department that comes with a list of them."""
    metrics = row.get("metrics")
    if not isinstance(metrics, list):
        raise Schema(f"{at}.metrics")
    seen: set[str] = set()
    for index, one in enumerate(metrics):
        place = f"{at}.metrics[{index}]"
        code = one.get("code") if isinstance(one, dict) else None
        if not isinstance(code, str) or not code or code in seen:
            raise Schema(f"{place}.code")
        seen.add(code)
        yield _metric(
            code,
            one.get("name"),
            _number(one, "numerator", place),
            _number(one, "denominator", place),
            ratio=_number(one, "ratio", place),
            score=_number(one, "score", place),
            most=_number(one, "maxScore", place),
            quality=one.get("dataQualityStatus"),
            message=one.get("dataQualityMessage"),
        )


def _counted(group: str, row: Mapping[str, Any], at: str) -> Iterator[dict[str, object]]:
    """The metrics of a department of a tree, from its counters."""
    for code, above, below in _TREES[group]:
        parts = [_counter(row, name, at) for name in above]
        known = [one for one in parts if one is not None]
        # One counter that is not said leaves the sum unknown: null is not 0.
        numerator = sum(known) if len(known) == len(parts) else None
        yield _metric(code, None, numerator, _counter(row, below, at))


def _scored(row: Mapping[str, Any], at: str) -> dict[str, object]:
    """The official score of a department in the whole group."""
    names = ("totalScore", "score") if "totalScore" in row else ("score",)
    most = "totalMaxScore" if "totalMaxScore" in row else "maxScore"
    score = next((_number(row, name, at) for name in names if row.get(name) is not None), None)
    return _metric(
        "SCORE",
        None,
        None,
        None,
        ratio=_number(row, "ratio", at),
        score=score,
        most=_number(row, most, at),
        quality=row.get("dataQualityStatus"),
        message=row.get("dataQualityMessage"),
    )


def _metric(
    code: str,
    name: object,
    numerator: object,
    denominator: object,
    *,
    ratio: object = None,
    score: object = None,
    most: object = None,
    quality: object = None,
    message: object = None,
) -> dict[str, object]:
    return {
        "code": code,
        "name": name,
        "numerator": numerator,
        "denominator": denominator,
        "ratio": ratio,
        "score": score,
        "maxScore": most,
        "quality": quality,
        "qualityMessage": message,
    }


def _counter(row: Mapping[str, Any], name: str, at: str) -> Any:
    """A counter of a tree, which must be there; it may be null."""
    if name not in row:
        raise Schema(f"{at}.{name}")
    return _number(row, name, at)


def _number(row: Mapping[str, Any], name: str, at: str) -> Any:
    """A number or null; anything else, and NaN, is another shape."""
    found = row.get(name)
    if found is not None and (isinstance(found, bool) or not isinstance(found, int | Decimal)):
        raise Schema(f"{at}.{name}")
    return found
