"""Templates of registers over HTTP: both files in both languages, nothing for strange names."""

from __future__ import annotations

import io

import httpx
import yaml
from openpyxl import load_workbook


def test_the_workbook_and_its_source_are_handed_out(client: httpx.Client) -> None:
    workbook = client.get("/register/task/template.xlsx", params={"lang": "en"})
    assert workbook.status_code == 200
    assert workbook.headers["Content-Disposition"] == "attachment; filename=task-en.xlsx"
    heading = load_workbook(io.BytesIO(workbook.content)).worksheets[0]["A1"].value
    assert heading == "Item key"
    source = client.get("/register/task/template.yaml")
    assert yaml.safe_load(source.text)["config"]["columns"]["key"] == ["Mã mục"]


def test_a_register_that_does_not_exist_has_no_template(client: httpx.Client) -> None:
    answer = client.get("/register/nothing/template.xlsx")
    assert answer.status_code == 404
    assert "nothing" in answer.text
