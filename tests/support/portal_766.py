"""A server with the shape of the public service portal's reporting, its quirks and failures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from support.server import answer, serving

ROOT = "019d2be3-0000-7000-8000-000000000038"
FORMALITY = "019d2bfd-0000-7000-8000-000000000001"
PATH = "/api/v1/reporting/evaluation/"
PAGE_SIZES = {
    "transparency": 200,
    "handling-satisfaction": 200,
    "dossier-digitized": 200,
    "provide-online-tree": 200,
    "dvc-progress-tree": 100,
    "formality-online-payment-tree": 100,
}
TREES = {"dvc-progress-tree", "provide-online-tree", "formality-online-payment-tree"}
Change = Callable[[str, dict[str, Any]], Any]


@dataclass
class Reporting:
    """What the portal answers; `change` may spoil an envelope (group, envelope) → envelope."""

    units: int = 2
    per_page: int = 200
    status: dict[str, int] = field(default_factory=dict)
    change: Change = lambda group, envelope: envelope
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def respond(self, handler: BaseHTTPRequestHandler, content: bytes) -> None:
        """Answer one request as the portal does."""
        group = handler.path.removeprefix(PATH)
        if handler.command != "POST" or group not in PAGE_SIZES:
            answer(handler, b'{"code":"NOT_FOUND"}', 404)
            return
        given = json.loads(content)
        self.asked.append((group, given))
        if group in self.status:
            answer(handler, b"<html>denied</html>", self.status[group], "text/html")
            return
        envelope = self.change(group, self._envelope(group, given))
        # The portal says 201 to some of its reports.
        status = 201 if group in TREES else 200
        answer(handler, json.dumps(envelope, ensure_ascii=False).encode(), status)

    def _envelope(self, group: str, given: dict[str, Any]) -> dict[str, Any]:
        timed = {"fromDate", "toDate"} if group == "handling-satisfaction" else {"timeType", "year"}
        if not timed <= given.keys() or given["pageSize"] != PAGE_SIZES[group]:
            return {"code": "INVALID_PARAMETER", "message": "secret stack trace"}
        if given["rootDepartmentId"] != ROOT:
            return {"code": "DEPARTMENT_NOT_FOUND"}
        name = "formalityID" if group == "dossier-digitized" else "formalityId"
        scale = 1 if given.get(name) == FORMALITY else 10
        rows = [_department(group, f"unit-{at}", f"Xã {at}", scale) for at in range(self.units)]
        first = (given["currentPage"] - 1) * self.per_page
        root = _department(group, ROOT, "UBND tỉnh Thanh Hóa", scale * 4)
        data: dict[str, Any] = {
            "pagination": {
                "total": self.units,
                "totalPages": max(1, -(-self.units // self.per_page)),
            }
        }
        rows = rows[first : first + self.per_page]
        if group in TREES:
            return {"code": "OK", "data": {**data, "parent": root, "children": rows}}
        return {"code": "OK", "data": {**data, "overview": root, "evaluation": rows}}


def _department(group: str, key: str, name: str, scale: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        "departmentId": key,
        "departmentName": name,
        "departmentLevel": "COMMUNE",
    }
    if group == "dvc-progress-tree":
        return row | {"totalReceived": 10 * scale, "totalOnTime": 9 * scale,
                      "avgProcessingDays": 2.5, "score": 18}  # fmt: skip
    if group == "provide-online-tree":
        return row | {"authorityCount": 20, "partialCount": 5, "fullCount": 11,
                      "onlineDossierCount": 8, "onlineServiceTotal": 16,
                      "channelOnlineSum": 6 * scale, "channelTotalSum": 10 * scale,
                      "totalScore": 9.6, "totalMaxScore": 12, "scoreDelta": None}  # fmt: skip
    if group == "formality-online-payment-tree":
        return row | {"totalDossierOnlinePaymentSuccess": 3 * scale,
                      "totalDossierFinancialObligation": 4 * scale,
                      "totalDossierOnlineFormalityPaymentSuccess": 2,
                      "totalFeeDossierFormality": None, "totalFeeFormality": 4,
                      "totalScore": 7.5, "totalMaxScore": 10}  # fmt: skip
    return row | {"metrics": _metrics(group, scale), "newField": "kept"}


def _metrics(group: str, scale: int) -> list[dict[str, Any]]:
    def metric(
        code: str, most: int, above: int | None, below: int | None, score: float | None
    ) -> Any:
        ratio = 100 * above / below if above is not None and below else None
        return {"code": code, "name": code.capitalize(), "numerator": above, "denominator": below,
                "ratio": ratio, "score": score, "maxScore": most}  # fmt: skip

    if group == "transparency":
        return [
            metric("PUBLISH_ON_TIME", 6, 9, 10, 5.4),
            metric("DOSSIER_SYNC", 6, 7 * scale, 10 * scale, 4.2),
        ]
    if group == "handling-satisfaction":
        doubtful = {"dataQualityStatus": "WARNING", "dataQualityMessage": "Chưa đủ dữ liệu"}
        return [
            metric("PETITION_PROCESSING_ON_TIME", 6, 0, 0, 6),
            metric("DOSSIER_RECEIVING_SATISFACTION", 6, None, None, None) | doubtful,
            metric("PETITION_RULES", 0, 1, 4, None),
        ]
    return [
        metric("ORIGINAL_RESULT_AVAILABLE", 6, 8 * scale, 10 * scale, 4.8),
        metric("SO_HOA_GIAY_TO_GIAI_QUYET", 4, 5 * scale, 10 * scale, 2),
    ]


@contextmanager
def reporting(**options: Any) -> Iterator[tuple[Reporting, str]]:
    """The portal on this machine, and its address without the group."""
    portal = Reporting(**options)
    with serving(portal.respond) as host:
        yield portal, f"http://{host}{PATH.rstrip('/')}"
