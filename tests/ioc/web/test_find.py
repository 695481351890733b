"""What is typed into the finder: the place or the indicator that was named comes first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.portal import pages, small_desk

from ioc.domain.catalogue import Catalogue
from ioc.domain.units import Units
from ioc.web.find import add_find
from ioc.web.router import Router


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder: Path = tmp_path_factory.mktemp("find")
    units = Units.load()
    catalogue = Catalogue.load(units=units)
    desk = replace(small_desk(folder), units=units, catalogue=catalogue)
    server = Flask("find")
    add_find(server, desk, Router(desk, pages(), lambda content, view: content))
    yield server.test_client()
    desk.engine.dispose()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("thanh hoa", "/unit/38"),
        ("Thanh Hóa", "/unit/38"),
        ("bo tai chinh", "/unit/mof"),
        ("38", "/unit/38"),
        ("OPS", "/indicator/OPS-01"),
        ("hồ sơ quá hạn", "/indicator/OPS-06"),
    ],
)
def test_what_was_named_comes_first(finder: FlaskClient, typed: str, first: str) -> None:
    answer = finder.get("/find", query_string={"q": typed, "address": "/"})
    found = answer.get_json()["found"]
    assert found[0]["href"] == first


def test_indicators_whose_words_fit_come_after_the_place(finder: FlaskClient) -> None:
    answer = finder.get("/find", query_string={"q": "thanh hoa", "address": "/?lang=en"})
    hrefs = [one["href"] for one in answer.get_json()["found"]]
    assert any(one.startswith("/indicator/") for one in hrefs)
    assert all(one.endswith("lang=en") for one in hrefs)
