"""The raw record behind a figure, over the real example sources; raw files over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from support.real import Real, make_real

from ioc.domain.scope import Scope
from ioc.domain.view import View
from ioc.queries.indicator_page import indicator_page
from ioc.queries.record import record
from ioc.queries.record_answers import Record
from ioc.store.engine import writing
from ioc.store.payloads import payload as payloads
from ioc.web import payload as web_payload
from ioc.web.app import create_app
from ioc.web.raw_record import with_raw_record


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    made = make_real(tmp_path_factory.mktemp("real"), hostile=False)
    yield made
    made.desk.engine.dispose()


def ask(real: Real, unit: str, code: str, **parts: str) -> Record:
    view = View.from_address("/record", unit=unit, indicator=code, **parts)
    return with_raw_record(real.desk, record(real.desk, view, Scope.all()))


@pytest.mark.parametrize(
    ("unit", "code", "holds"),
    [
        ("38", "OPS-01", '"departmentCode": "38"'),
        ("38", "OPS-06", '"overdueCount": '),
        ("38", "OPS-11", '"score": '),
        ("14758", "OPS-03", '"ma": "14758"'),
        ("moha", "OPS-01", '"metrics"'),
        ("01", "TRN-02", '"_value": "tinh"'),
    ],
)
def test_the_record_is_found_in_what_the_run_kept(
    real: Real, unit: str, code: str, holds: str
) -> None:
    page = ask(real, unit, code)
    assert page.raw == "found"
    assert page.excerpt is not None
    assert holds in page.excerpt.text
    assert all(one.intact for one in page.files)
    figure = page.standing
    assert figure is not None
    if figure.figure.numerator is not None:
        assert str(figure.figure.numerator) in page.excerpt.text


def test_every_figure_of_a_province_leads_to_its_record(real: Real) -> None:
    catalogue = real.desk.catalogue
    for one in catalogue.all:
        page = ask(real, "38", one.code)
        if page.standing is not None:
            counted = page.source is not None and page.source.startswith("so-")
            assert page.raw == ("counted" if counted and page.register else "found"), one.code


def test_published_figures_lead_to_their_row(real: Real) -> None:
    cited = []
    for one in real.desk.catalogue.all:
        view = View.from_address(f"/indicator/{one.code}")
        cited += indicator_page(real.desk, view, Scope.all()).published
    assert len(cited) > 10
    for cell in cited:
        assert cell.period is not None
        calendar = cell.period.calendar.value
        parts = {"period": cell.period.code, "calendar": calendar}
        page = ask(real, cell.unit.key, cell.indicator.code, **parts)
        if page.standing is None or page.standing.citation is None:
            continue
        assert page.raw == "found"
        assert page.excerpt is not None
        given = json.loads(page.excerpt.text)
        assert given["trich_dan"].startswith(page.standing.citation[:40])


def test_other_rules_do_not_speak_for_an_earlier_run(real: Real) -> None:
    file = real.desk.settings.home / "sources" / "cong-dvc-tinh.yaml"
    before = file.read_text(encoding="utf-8")
    try:
        file.write_text(before.replace("value: overdueCount", "value: maxScore"), encoding="utf-8")
        assert ask(real, "38", "OPS-01").raw == "changed"
        file.rename(file.with_suffix(".off"))
        assert ask(real, "38", "OPS-01").raw == "no_source"
    finally:
        file.with_suffix(".off").unlink(missing_ok=True)
        file.write_text(before, encoding="utf-8")
    assert ask(real, "38", "OPS-01").raw == "found"


def test_large_deliveries_are_only_named(real: Real, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ioc.web.raw_record.MOST_BYTES", 10)
    page = ask(real, "38", "OPS-01")
    assert (page.raw, page.excerpt) == ("too_large", None)
    assert page.files[0].intact is None


def client(real: Real) -> Any:
    app = create_app(real.desk, pages={}, callbacks={}, shell=lambda content, view: content)
    return app.server.test_client()


def test_a_raw_file_comes_as_a_download_and_never_as_a_page(real: Real) -> None:
    page = ask(real, "38", "OPS-01")
    assert page.run is not None
    one = page.files[0]
    answer = client(real).get(f"/payload/{one.sha256}?run={page.run.id}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=ioc-")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-IOC-Hash"] == "match"
    assert len(answer.data) == one.size == int(answer.headers["Content-Length"])


@pytest.mark.parametrize("run", ["", "0", "999999", "1; drop", "1" * 30, "²"])
def test_a_hash_that_the_run_did_not_bring_is_not_there(real: Real, run: str) -> None:
    one = ask(real, "38", "OPS-01").files[0]
    assert client(real).get(f"/payload/{one.sha256}", query_string={"run": run}).status_code == 404
    assert client(real).get("/payload/..%2f..%2fetc", query_string={"run": run}).status_code == 404


def test_who_may_not_see_the_country_gets_no_whole_delivery(
    real: Real, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ask(real, "38", "OPS-01")
    assert page.run is not None
    address = f"/payload/{page.files[0].sha256}?run={page.run.id}"
    for scope in (Scope.none(), Scope.of(real.desk.units.by_key("38").id)):
        monkeypatch.setattr(web_payload, "scope_of", lambda _, scope=scope: scope)
        assert client(real).get(address).status_code == 404
    nation = Scope.of(real.desk.units.by_key("vn").id)
    monkeypatch.setattr(web_payload, "scope_of", lambda _: nation)
    assert client(real).get(address).status_code == 200


def test_a_content_that_was_tampered_with_does_not_match(tmp_path: Path) -> None:
    real = make_real(tmp_path, hostile=False)
    page = ask(real, "38", "OPS-01")
    assert page.run is not None
    with writing(real.desk.engine) as connection:
        connection.execute(
            update(payloads)
            .where(payloads.c.sha256 == page.files[0].sha256)
            .values(content=b"not zlib")
        )
    again = ask(real, "38", "OPS-01")
    assert again.files[0].intact is False
    assert replace(again.files[0], intact=True) in page.files
    answer = client(real).get(f"/payload/{page.files[0].sha256}?run={page.run.id}")
    assert answer.headers["X-IOC-Hash"] == "mismatch"
    real.desk.engine.dispose()
