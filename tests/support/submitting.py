"""A person who submits figures: takes the template, fills it in, sends it, confirms it."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import openpyxl

SOURCE = "nop-so-lieu-tinh"
REPORTER = "Nguyễn Thị Ánh Tuyết"
GOOD: Mapping[str, Mapping[str, object]] = {
    "TRN-01": {"tu_so": 900, "mau_so": 1000},
    "TRN-02": {"tu_so": 3300, "mau_so": 8961},
    "DOC-01": {"tu_so": 240_000, "mau_so": 785_190},
    "SIG-04": {"gia_tri": 1790},
}
"""Figures near those of the imitated systems for Thanh Hóa."""
LABELS = {"tu_so": "Tử số", "mau_so": "Mẫu số", "gia_tri": "Giá trị", "ghi_chu": "Ghi chú"}


@dataclass
class Person:
    """One browser: `client` carries its cookies and its token."""

    client: httpx.Client
    url: str
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, url: str) -> Person:
        """A person who has opened the page."""
        client = httpx.Client(base_url=url, timeout=60)
        client.get("/submit")
        name = next(name for name in client.cookies if name.startswith("_csrf_token"))
        client.headers["X-CSRFToken"] = client.cookies[name]
        return cls(client, url)

    def template(self, unit: str, period: str, source: str = SOURCE) -> httpx.Response:
        """The template as it is downloaded."""
        asked = {"source": source, "unit": unit, "period": period}
        return self.client.get("/submissions/template.xlsx", params=asked)

    def filled(
        self,
        unit: str,
        period: str,
        figures: Mapping[str, Mapping[str, object]] = GOOD,
        reporter: str = REPORTER,
    ) -> bytes:
        """The template with these cells written into the rows of these indicators."""
        return fill(self.template(unit, period).content, figures, reporter)

    def send(
        self,
        unit: str,
        period: str,
        content: bytes,
        *,
        name: str = "báo cáo.xlsx",
        **more: str,
    ) -> httpx.Response:
        """Upload a file for a unit and period."""
        data = {"source": SOURCE, "unit": unit, "period": period, "reporter": REPORTER, **more}
        return self.client.post("/submissions", data=data, files={"file": (name, content)})

    def seen(self, href: str) -> str:
        """The digest of the verdicts that the page shows."""
        found = re.search(r'"data-seen":"([0-9a-f]{24})"', self.page(href))
        assert found, "the page has no button to confirm"
        return found[1]

    def page(self, href: str) -> str:
        """The first document, escapes undone."""
        return self.client.get(href).text.replace("\\", "")

    def confirm(self, token: str, seen: str) -> httpx.Response:
        """Confirm what was seen."""
        return self.client.post(f"/submissions/{token}/confirm", json={"seen": seen})

    def withdraw(self, token: str) -> httpx.Response:
        """Take it back."""
        return self.client.post(f"/submissions/{token}/withdraw", json={})

    def rows(self, token: str) -> list[list[str]]:
        """The rows of the list of a checked file."""
        text = self.client.get(f"/submissions/{token}/rows.csv").text
        return [line.split(";") for line in text.splitlines()[4:]]


def fill(
    template: bytes, figures: Mapping[str, Mapping[str, object]], reporter: str = REPORTER
) -> bytes:
    """A template with cells written by indicator and column, as a person does."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    data, meta = book["data"], book["meta"]
    head = head_row(data)
    columns = {str(cell.value): cell.column for cell in data[head]}
    for row in range(head + 1, data.max_row + 1):
        code = str(data.cell(row, columns["Mã chỉ tiêu"]).value)
        for name, value in figures.get(code, {}).items():
            data.cell(row, columns[LABELS[name]]).value = value
    for row in range(1, meta.max_row + 1):
        if meta.cell(row, 1).value == "Người lập":
            meta.cell(row, 2).value = reporter
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def head_row(data: Any) -> int:
    """The row of the headings of the sheet `data`."""
    return next(row for row in range(1, 20) if data.cell(row, 1).value == "Mã đơn vị")
