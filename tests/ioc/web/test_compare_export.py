"""The file of a comparison over the real example sources: the drawn figures, digit by digit."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from support.real import Real, make_real

from ioc.domain.scope import Scope
from ioc.exports.csv_pack import heading
from ioc.exports.table import STYLES, cell
from ioc.queries.compare_answers import Compare, Form
from ioc.web.app import create_app
from ioc.web.compare_rows import compare_rows
from ioc.web.router import read_address

UNITS = "38,31,01"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    made = make_real(tmp_path_factory.mktemp("compare"), hostile=False)
    yield made
    made.desk.engine.dispose()


@pytest.fixture(scope="module")
def portal(real: Real) -> Any:
    return create_app(real.desk)


@pytest.fixture(scope="module")
def client(portal: Any) -> FlaskClient:
    return portal.server.test_client()


def lines(client: FlaskClient, address: str, part: str) -> list[list[str]]:
    answer = client.get("/export.csv", query_string={"address": address, "part": part})
    assert answer.status_code == 200, answer.text
    text = answer.get_data(as_text=True).lstrip("\ufeff")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


@pytest.mark.parametrize("form", list(Form))
def test_a_file_holds_the_rows_of_the_chart(
    real: Real, portal: Any, client: FlaskClient, form: Form
) -> None:
    address = f"/compare?form={form.value}&units={UNITS}&indicator=OPS-01&against=OPS-02"
    found = lines(client, address, form.value)
    view = read_address(address)
    answer = portal.router.page(view).load(real.desk, view, Scope.all())
    assert isinstance(answer, Compare)
    grid = compare_rows(answer, form.value, "vi")
    head = found.index([heading(one) for one in grid.columns])
    told = [[cell(value, STYLES["vi"]) for value in row] for row in grid.rows]
    assert found[head + 1 :] == told
    assert len(told) >= 3
    about = dict(line[:2] for line in found[: head - 1])
    assert about["LƯU Ý"] == "dữ liệu minh họa"
    assert about["Địa chỉ trang"] == view.href()


def test_another_chart_is_no_part_of_a_comparison(client: FlaskClient) -> None:
    query = {"address": "/compare?form=slope", "part": "scatter"}
    assert client.get("/export.csv", query_string=query).status_code == 404
    query = {"address": "/compare?form=pie", "part": "pie"}
    answer = client.get("/export.csv", query_string=query)
    assert answer.status_code == 404
    assert "side" in answer.text


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("more", ["", "&basis=reported", "&unit=gov", "&unit=38", "&lang=en"])
def test_every_form_is_served(portal: Any, form: Form, more: str) -> None:
    shown = portal.router.show(f"/compare?form={form.value}{more}", Scope.all())
    assert shown.status == 200


def test_an_unknown_form_is_a_card_that_names_the_forms(portal: Any) -> None:
    shown = portal.router.show("/compare?form=pie", Scope.all())
    assert shown.status == 404
    assert b"multiples" in shown.encoded
