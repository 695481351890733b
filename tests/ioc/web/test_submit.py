"""Submitting figures over HTTP: the whole way, every refusal, once in effect, nobody else's."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from support.product import Product, running_product
from support.submitting import GOOD, REPORTER, SOURCE, Person, fill

from ioc.domain.period import Calendar, Grain, Period
from ioc.domain.scope import Scope
from ioc.domain.view import ZONE, View
from ioc.errors import AddressError
from ioc.ingest.source import read_source
from ioc.store import deliveries
from ioc.store.deliveries import LASTS
from ioc.store.engine import reading
from ioc.store.observations import Key, history
from ioc.store.runs import runs_by_id
from ioc.web.submit_check import delivery_seen, form_named, wanted_of
from ioc.web.submit_page import submit_page

UNIT, UNIT_ID = "38", 1038
COMMUNES = "nop-so-lieu-xa"
BAD = {
    "TRN-01": {"tu_so": 900, "mau_so": 1000},
    "TRN-02": {"tu_so": 1200, "mau_so": 1000},
    "DOC-01": {"tu_so": "một nghìn", "mau_so": 10},
    "SIG-04": {"gia_tri": 999_999},
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product over a small real store, for this module: submissions change figures."""
    with running_product(tmp_path_factory.mktemp("submit")) as running:
        yield running


@pytest.fixture
def person(served: Product) -> Iterator[Person]:
    one = Person.at(served.url)
    yield one
    one.client.close()


def period(back: int = 1) -> str:
    """The month that ended last, or an earlier one."""
    today = datetime.now(UTC).astimezone(ZONE).date()
    return Period.of(Calendar.CALENDAR, Grain.MONTH, today).shift(-back).code


def figures(served: Product, code: str, unit_id: int = UNIT_ID, back: int = 1) -> list[Any]:
    """What the store knows of a figure, oldest first: (source, numerator, denominator)."""
    desk = served.real.desk
    when = Period.parse(period(back))
    key = Key(desk.catalogue.by_code(code).id, when.grain_key, when.key, unit_id)
    source_id = served.real.intake.facts[SOURCE].id
    with reading(desk.engine) as connection:
        found = history(connection, key)
    return [one.fact[:3] for one in found if one.source_id == source_id]


def found(served: Product, token: str) -> deliveries.Delivery:
    with reading(served.real.desk.engine) as connection:
        one = deliveries.found(connection, token)
    assert one is not None
    return one


class TestTheWholeWay:
    def test_template_upload_rows_confirmation_and_figures(
        self, served: Product, person: Person
    ) -> None:
        template = person.template(UNIT, period())
        named = template.headers["content-disposition"]
        assert named == f'attachment; filename="{SOURCE}-38-{period()}.xlsx"'
        content = fill(template.content, BAD)
        answer = person.send(UNIT, period(), content, approver="Lê Văn Đức")
        assert answer.status_code == 200, answer.text
        token, href = answer.json()["token"], answer.json()["href"]
        rows = {row[2]: row for row in person.rows(token)}
        assert rows["TRN-01"][3].startswith("90,00% (900/1.000")
        assert rows["TRN-01"][4] not in ("", "–"), "the old figure stands beside the new one"
        assert rows["TRN-01"][5] == "Sẽ nhận"
        assert rows["TRN-02"][0].endswith("cột Tử số")
        assert rows["TRN-02"][3] == "1200 / 1000"
        assert rows["TRN-02"][5] == rows["DOC-01"][5] == "Bị từ chối"
        assert "một nghìn" in rows["DOC-01"][6]
        assert rows["SIG-04"][5] == "Giữ lại chờ duyệt"
        assert figures(served, "TRN-01") == [], "nothing is written before somebody confirms"
        one = found(served, token)
        assert (one.state, one.reporter, one.approver) == ("checked", REPORTER, "Lê Văn Đức")
        counts = one.counts
        assert (counts.accepted, counts.rejected, counts.held, counts.missing) == (1, 2, 1, 0)

        done = person.confirm(token, person.seen(href))
        assert done.status_code == 200, done.text
        run_id = done.json()["run"]
        assert figures(served, "TRN-01") == [(900, 1000, None)]
        assert figures(served, "TRN-02") == figures(served, "SIG-04") == []
        with reading(served.real.desk.engine) as connection:
            run = runs_by_id(connection, [run_id])[run_id]
        assert (run.kind, run.added, run.rejected, run.held) == ("delivery", 1, 2, 1)
        page = person.page(href)
        assert f"lượt {run_id}" in page
        assert f"/source/{SOURCE}" in page
        shown = person.client.get(f"/unit/{UNIT}?indicator=TRN-01").text
        assert "90,00%" in shown

    def test_the_file_comes_back_byte_for_byte(self, served: Product, person: Person) -> None:
        content = person.filled("31", period())
        token = person.send("31", period(), content, name="../../etc/p\u202easswd.xlsx").json()[
            "token"
        ]
        back = person.client.get(f"/submissions/{token}/file")
        assert back.content == content
        digest = hashlib.sha256(content).hexdigest()
        named = back.headers["content-disposition"]
        assert named == f'attachment; filename="31-{period()}-{digest[:12]}.xlsx"'
        assert back.headers["x-ioc-hash"] == "match"
        assert back.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in back.headers["content-security-policy"]
        label = found(served, token).file
        assert label.endswith("passwd.xlsx"), "the given name is a label without tricks"
        assert not {"/", "\\", "\u202e"} & set(label)

    def test_a_second_delivery_replaces_and_the_first_stays_known(
        self, served: Product, person: Person
    ) -> None:
        for upper in (500, 510):
            given = {**GOOD, "TRN-01": {"tu_so": upper, "mau_so": 1000}}
            answer = person.send("40", period(), person.filled("40", period(), given)).json()
            done = person.confirm(answer["token"], person.seen(answer["href"]))
            assert done.status_code == 200, done.text
        unit_id = served.real.desk.units.by_key("40").id
        assert [one[0] for one in figures(served, "TRN-01", unit_id)] == [500, 510]

    def test_words_for_not_known_are_missing_and_never_zero(self, person: Person) -> None:
        given = {"TRN-01": {"tu_so": "chưa thống kê"}, "TRN-02": {"tu_so": "-", "mau_so": "-"}}
        answer = person.send("42", period(), person.filled("42", period(), given))
        rows = {row[2]: row for row in person.rows(answer.json()["token"])}
        assert {row[5] for row in rows.values()} == {"Thiếu"}
        assert "không có số liệu" in rows["TRN-01"][6]
        token = answer.json()["token"]
        assert "/confirm?" not in person.page(answer.json()["href"])
        assert person.confirm(token, "x").status_code == 409


class TestOnce:
    def test_two_tabs_and_a_double_click_are_one_run(self, served: Product, person: Person) -> None:
        answer = person.send("44", period(), person.filled("44", period())).json()
        seen = person.seen(answer["href"])
        done: list[Any] = []
        threads = [
            threading.Thread(target=lambda: done.append(person.confirm(answer["token"], seen)))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {one.status_code for one in done} == {200}
        assert len({one.json()["run"] for one in done}) == 1
        unit_id = served.real.desk.units.by_key("44").id
        assert len(figures(served, "TRN-01", unit_id)) == 1

    def test_what_was_seen_must_still_be_so(self, served: Product, person: Person) -> None:
        content = person.filled("46", period())
        first = person.send("46", period(), content).json()
        second = person.send("46", period(), content).json()
        seen = person.seen(first["href"])
        assert person.confirm(second["token"], person.seen(second["href"])).status_code == 200
        stale = person.confirm(first["token"], seen)
        assert stale.status_code == 409
        assert "đã thay đổi" in stale.text
        assert found(served, first["token"]).state == "checked"

    def test_a_withdrawn_file_cannot_be_confirmed(self, served: Product, person: Person) -> None:
        answer = person.send("48", period(), person.filled("48", period())).json()
        seen = person.seen(answer["href"])
        assert person.withdraw(answer["token"]).status_code == 200
        assert person.withdraw(answer["token"]).status_code == 200
        assert person.confirm(answer["token"], seen).status_code == 409
        assert found(served, answer["token"]).state == "withdrawn"
        assert figures(served, "TRN-01", served.real.desk.units.by_key("48").id) == []

    def test_an_expired_file_cannot_be_confirmed(self, served: Product, person: Person) -> None:
        answer = person.send("51", period(), person.filled("51", period())).json()
        one = found(served, answer["token"])
        later = one.uploaded_at + LASTS
        assert one.at(later) == "expired"
        assert not deliveries.claim(served.real.desk.engine, one.token, "B", later)
        desk = replace(served.real.desk, now=lambda: later)
        page = submit_page(desk, View(page="submit", delivery=one.token), Scope.all())
        assert page.opened is not None
        assert page.opened.sent.state == "expired"


class TestRefused:
    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"unit": "31"}, "Tỉnh Thanh Hóa (38), trong khi đang nộp cho Thành phố Hải Phòng"),
            ({"period": 2}, "trong khi đang nộp kỳ"),
        ],
    )
    def test_a_file_of_another_unit_or_period_is_told_at_once(
        self, person: Person, changes: dict[str, Any], words: str
    ) -> None:
        asked = {"unit": UNIT, "period": 1, **changes}
        content = person.filled(UNIT, period())
        answer = person.send(asked["unit"], period(asked["period"]), content)
        assert answer.status_code == 422
        assert words in answer.text
        assert "\n" not in answer.text, "and nothing else is told"

    @pytest.mark.parametrize(
        ("label", "value", "words"),
        [
            ("Biểu mẫu", "mau-khac/1", "biểu mẫu khác"),
            ("Biểu mẫu", None, "biểu mẫu khác"),
            ("Biểu mẫu", f"{SOURCE}/0", "phiên bản cũ"),
            ("Mã mẫu", "khac", "Mã mẫu"),
            ("Phiên bản mẫu", "9", "Phiên bản mẫu"),
            ("Người lập", None, "Người lập"),
            ("Đến ngày", "15/10/2026", "kỳ"),
        ],
    )
    def test_a_template_that_is_another_is_told_at_once(
        self, person: Person, label: str, value: str | None, words: str
    ) -> None:
        book = openpyxl.load_workbook(io.BytesIO(person.filled(UNIT, period())))
        for row in book["meta"].iter_rows():
            if row[0].value == label:
                row[1].value = value
        stream = io.BytesIO()
        book.save(stream)
        answer = person.send(UNIT, period(), stream.getvalue())
        assert answer.status_code == 422
        assert words in answer.text

    def test_rows_of_other_units_and_indicators_are_rejected(self, person: Person) -> None:
        book = openpyxl.load_workbook(io.BytesIO(person.filled(UNIT, period())))
        data = book["data"]
        first = next(row for row in range(1, 20) if data.cell(row, 1).value == UNIT)
        data.cell(first, 1).value = "01"
        data.cell(first + 1, 3).value = "OPS-01"
        stream = io.BytesIO()
        book.save(stream)
        token = person.send(UNIT, period(), stream.getvalue()).json()["token"]
        rows = person.rows(token)
        assert "không thuộc mẫu" in rows[0][6]
        assert rows[0][0].endswith("cột Mã đơn vị")
        assert "không thuộc biểu mẫu" in rows[1][6]
        gone = [row[2] for row in rows if row[0] == "không có dòng"]
        assert gone == ["TRN-01", "TRN-02"], "what the template asked for and the file lacks"

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "rỗng"),
            (b"%PDF-1.7", ".xlsx"),
            (b"STT;Don vi", ".xlsx"),
            (b"PK\x03\x04" + b"\x00" * 100, "XLSX"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "mật khẩu"),
        ],
        ids=["empty", "pdf", "csv", "not-a-zip", "encrypted-or-xls"],
    )
    def test_what_is_no_workbook(self, person: Person, content: bytes, words: str) -> None:
        answer = person.send(UNIT, period(), content)
        assert answer.status_code == 422
        assert words in answer.text

    @pytest.mark.parametrize(
        ("part", "body", "words"),
        [
            ("xl/vbaProject.bin", b"macro", "macro"),
            ("xl/evil.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "XML"),
            ("xl/bomb.bin", b"\x00" * (80 * 2**20), "giải nén"),
        ],
        ids=["macros", "entities", "bomb"],
    )
    def test_a_hostile_workbook(self, person: Person, part: str, body: bytes, words: str) -> None:
        stream = io.BytesIO(person.filled(UNIT, period()))
        with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(part, body)
        answer = person.send(UNIT, period(), stream.getvalue())
        assert answer.status_code == 422
        assert words in answer.text

    def test_a_workbook_of_too_many_parts(self, person: Person) -> None:
        stream = io.BytesIO(person.filled(UNIT, period()))
        with zipfile.ZipFile(stream, "a", zipfile.ZIP_STORED) as archive:
            for number in range(5_001):
                archive.writestr(f"xl/worksheets/more{number}.xml", b"<x/>")
        answer = person.send(UNIT, period(), stream.getvalue())
        assert answer.status_code == 422
        assert "giới hạn" in answer.text

    def test_nothing_of_a_workbook_is_unpacked_to_a_folder(
        self, served: Product, person: Person
    ) -> None:
        stream = io.BytesIO(person.filled(UNIT, period()))
        with zipfile.ZipFile(stream, "a") as archive:
            archive.writestr("../../slipped.txt", b"x")
        answer = person.send(UNIT, period(), stream.getvalue())
        assert answer.status_code in (200, 422)
        home = served.real.desk.settings.home
        assert list(home.parent.parent.rglob("slipped.txt")) == []

    def test_a_file_beyond_the_limits_is_not_read(self, person: Person) -> None:
        answer = person.send(UNIT, period(), b"PK\x03\x04" + b"\x00" * (6 * 2**20))
        assert answer.status_code == 413
        assert "5 MB" in answer.text
        huge = person.send(UNIT, period(), b"PK\x03\x04" + b"\x00" * (21 * 2**20))
        assert huge.status_code == 413

    def test_other_requests_keep_their_own_limit(self, person: Person) -> None:
        answer = person.client.post("/views", content=b"x" * 2_000_000)
        assert answer.status_code in (400, 413)

    @pytest.mark.parametrize(
        ("changes", "status"),
        [
            ({"source": "lms"}, 404),
            ({"source": "nowhere"}, 404),
            ({"source": ""}, 404),
            ({"unit": "30.2025"}, 404),
            ({"unit": "vn"}, 404),
            ({"unit": "moha"}, 404),
            ({"period": "1999-01"}, 404),
            ({"period": "2026-Q3"}, 404),
            ({"reporter": ""}, 400),
            ({"reporter": "a\u202eb"}, 400),
            ({"approver": "x" * 81}, 400),
        ],
    )
    def test_a_form_that_asks_for_nothing_there_is(
        self, person: Person, changes: dict[str, str], status: int
    ) -> None:
        content = person.filled(UNIT, period())
        data = {"unit": UNIT, "period": period(), **changes}
        answer = person.send(data.pop("unit"), data.pop("period"), content, **data)
        assert answer.status_code == status

    def test_nothing_is_sent_without_the_token(self, person: Person) -> None:
        content = person.filled(UNIT, period())
        del person.client.headers["X-CSRFToken"]
        assert person.send(UNIT, period(), content).status_code == 400


class TestNobodyElses:
    @pytest.mark.parametrize("token", [":token", "x", "..%2f..", "%00", "*", "a" * 300])
    def test_a_token_that_does_not_exist(self, person: Person, token: str) -> None:
        for path in ("file", "rows.csv"):
            assert person.client.get(f"/submissions/{token}/{path}").status_code == 404
        for verb in ("confirm", "withdraw"):
            answer = person.client.post(f"/submissions/{token}/{verb}", json={})
            assert answer.status_code in (404, 405)
        assert person.client.get("/submit", params={"delivery": token}).status_code == 404

    def test_a_delivery_outside_the_scope_reads_like_none(
        self, served: Product, person: Person
    ) -> None:
        token = person.send(UNIT, period(), person.filled(UNIT, period())).json()["token"]
        desk = served.real.desk
        own, other = Scope.of(UNIT_ID), Scope.of(desk.units.by_key("31").id)
        assert delivery_seen(desk, token, own).token == token
        view = View(page="submit", delivery=token)
        said = []
        for given, scope in ((token, other), ("x", own)):
            with pytest.raises(AddressError) as refused:
                delivery_seen(desk, given, scope)
            said.append({**refused.value.params, "given": ""})
        assert said[0] == said[1]
        with pytest.raises(AddressError):
            submit_page(desk, view, other)
        assert submit_page(desk, view, own).opened is not None
        form = form_named(desk, SOURCE)
        with pytest.raises(AddressError):
            wanted_of(desk, form, UNIT, period(), other)
        page = submit_page(desk, View(page="submit"), other)
        assert [unit.key for unit in page.units] == ["31"]
        assert {one.unit.key for one in page.due} == {"31"}
        assert {one.unit.key for one in page.history if one.unit} <= {"31"}
        assert submit_page(desk, View(page="submit"), Scope.none()).due == ()

    def test_a_wall_may_neither_send_nor_fetch(self, served: Product, person: Person) -> None:
        answer = person.send(UNIT, period(), person.filled(UNIT, period())).json()
        port = served.real.desk.settings.port
        person.client.cookies.set(f"ioc_wall_{port}", "anything")
        token = answer["token"]
        assert person.template(UNIT, period()).status_code == 404
        assert person.client.get(f"/submissions/{token}/file").status_code == 404
        assert person.send(UNIT, period(), b"x").status_code == 403
        assert person.confirm(token, "x").status_code == 403
        assert person.withdraw(token).status_code == 403
        del person.client.cookies[f"ioc_wall_{port}"]
        assert "Màn hình chỉ để xem" in person.client.get("/submit?wall=1").text


def test_who_is_due_is_counted(served: Product, person: Person) -> None:
    desk = served.real.desk
    answer = person.send("52", period(), person.filled("52", period())).json()
    assert person.confirm(answer["token"], person.seen(answer["href"])).status_code == 200
    page = submit_page(desk, View(page="submit"), Scope.all())
    assert len(page.due) == 34
    states = {row.unit.key: row.states for row in page.due}
    assert states["52"][0] in ("sent", "sent_late")
    assert states["04"][0] in ("waiting", "late")
    assert states["04"][2] == "late"
    then = View(page="submit", known_at=datetime.now(UTC).replace(year=2025))
    before = submit_page(desk, then, Scope.all())
    assert before.history == ()
    assert not any(state.startswith("sent") for row in before.due for state in row.states)


def test_the_history_is_a_file_too(person: Person) -> None:
    person.send(UNIT, period(), person.filled(UNIT, period()))
    text = person.client.get("/submissions/history.csv", params={"source": SOURCE}).text
    assert REPORTER in text
    assert "SHA-256" in text
    other = {"source": SOURCE, "unit": "04"}
    assert REPORTER not in person.client.get("/submissions/history.csv", params=other).text
    assert person.client.get("/submissions/history.csv?source=x").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/submit?source=lms",
        "/submit?unit=moha",
        "/submit?unit=30.2025",
        "/submit?period=1999-01",
        "/submit?delivery=x",
    ],
)
def test_an_address_that_asks_for_nothing_there_is(person: Person, address: str) -> None:
    assert person.client.get(address).status_code == 404


def test_the_record_of_a_figure_leads_to_the_row_of_the_file(person: Person) -> None:
    answer = person.send("56", period(), person.filled("56", period())).json()
    assert person.confirm(answer["token"], person.seen(answer["href"])).status_code == 200
    page = person.page(f"/record?unit=56&indicator=TRN-01&period={period()}")
    assert "báo cáo.xlsx" in page
    assert "ma_chi_tieu" in page, "the very row as it was read"


@pytest.fixture(scope="module")
def commune_form(served: Product) -> str:
    """Declared while the product runs; the poller has recorded it."""
    real = served.real
    folder = real.desk.settings.home / "sources"
    text = (folder / f"{SOURCE}.yaml").read_text(encoding="utf-8")
    text = text.replace(f"name: {SOURCE}", f"name: {COMMUNES}")
    text = text.replace(f"drop/{SOURCE}", f"drop/{COMMUNES}")
    codes = "[TRN-01, OPS-01, OPS-03, OPS-05]"
    text = text.replace("[TRN-01, TRN-02, DOC-01, SIG-04]", f"{codes}\n  rows: commune")
    file = folder / f"{COMMUNES}.yaml"
    file.write_text(text, encoding="utf-8")
    source = read_source(file, {}, real.intake.connectors)
    real.intake.sources = {**real.intake.sources, source.name: source}
    real.intake.prepare()
    return COMMUNES


class TestManyRows:
    """A province that submits for each of its communes: more rows than a page draws."""

    def test_the_page_draws_some_and_the_file_has_all(
        self, commune_form: str, person: Person
    ) -> None:
        template = person.template(UNIT, period(), commune_form)
        wrong = {code: {"tu_so": 7, "mau_so": 5} for code in ("TRN-01", "OPS-01")}
        right = {code: {"tu_so": 5, "mau_so": 7} for code in ("OPS-03", "OPS-05")}
        content = fill(template.content, {**wrong, **right})
        answer = person.send(UNIT, period(), content, source=commune_form)
        assert answer.status_code == 200, answer.text
        token, href = answer.json()["token"], answer.json()["href"]
        assert len(person.rows(token)) == 4 * 166
        page = person.page(href)
        assert "500 trong 664 dòng" in page
        some = person.page(f"{href}&form=rejected")
        assert "trong 664" not in some
        assert some.count('"is-rejected"') == 332
        assert person.client.get(f"{href}&form=great").status_code == 404
        done = person.confirm(token, person.seen(href))
        assert done.status_code == 200, done.text

    def test_rows_of_another_province_are_not_taken(
        self, commune_form: str, person: Person
    ) -> None:
        own = openpyxl.load_workbook(
            io.BytesIO(person.template(UNIT, period(), commune_form).content)
        )
        data = own["data"]
        first = next(row for row in range(1, 20) if data.cell(row, 1).value == "Mã đơn vị") + 1
        data.cell(first, 1).value = "00004"  # a ward of Hà Nội
        stream = io.BytesIO()
        own.save(stream)
        content = fill(stream.getvalue(), {"TRN-01": {"tu_so": 1, "mau_so": 2}})
        token = person.send(UNIT, period(), content, source=commune_form).json()["token"]
        rows = person.rows(token)
        assert "không thuộc mẫu" in rows[0][6]
        assert rows[-1][0] == "không có dòng"


def test_a_form_that_the_poller_does_not_know_yet_says_so(served: Product, person: Person) -> None:
    folder = served.real.desk.settings.home / "sources"
    text = (folder / f"{SOURCE}.yaml").read_text(encoding="utf-8")
    (folder / "moi.yaml").write_text(text.replace(f"name: {SOURCE}", "name: moi"), "utf-8")
    content = fill(person.template(UNIT, period(), "moi").content, GOOD)
    answer = person.send(UNIT, period(), content, source="moi")
    assert answer.status_code == 422
    assert "chưa sẵn sàng" in answer.text
    assert person.client.get("/submit?source=moi").status_code == 200


def test_a_broken_file_of_a_source_takes_no_form_away(served: Product, person: Person) -> None:
    folder = served.real.desk.settings.home / "sources"
    (folder / "hong.yaml").write_text("name: [", encoding="utf-8")
    assert person.template(UNIT, period()).status_code == 200
