"""The verify page: good, revised, tampered, expired, another's scope, guessed (F9, F10, B8, B9)."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, update

from ioc.domain.catalogue import Catalogue
from ioc.domain.scope import Scope
from ioc.domain.units import Units
from ioc.exporter.keeping import Made, Whose, keep, put_files
from ioc.exporter.notices import Watch
from ioc.exporter.retention import clean
from ioc.exports.code import new_code, shown
from ioc.exports.form import Form
from ioc.exports.frozen import Piece
from ioc.queries.desk import Desk
from ioc.settings import Settings
from ioc.store.engine import open_engine, writing
from ioc.store.export_files import path_of, put
from ioc.store.export_tables import snapshot
from ioc.web.app import create_app
from ioc.web.extracting import extract
from ioc.web.portal import Portal
from ioc.web.steady import moment_now
from tests.ioc.queries.house import House, Said

UNITS = Units.load()
CATALOGUE = Catalogue.load(units=UNITS)
ADDRESS = "/indicator/OPS-01?period=2026-09"
PROVINCE = UNITS.by_key("38").id
OTHER = UNITS.by_key("31").id


def png(colour: tuple[int, int, int], **text: str) -> bytes:
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    stream, notes = io.BytesIO(), PngInfo()
    for name, words in text.items():
        notes.add_text(name, words)
    Image.new("RGB", (40, 30), colour).save(stream, "PNG", pnginfo=notes)
    return stream.getvalue()


def office(*texts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("ppt/slides/slide1.xml", "".join(f"<a:t>{one}</a:t>" for one in texts))
    return stream.getvalue()


@dataclass
class Place:
    """A house of figures with the product over it."""

    house: House
    desk: Desk
    app: Portal
    viewer: FlaskClient

    def export(
        self,
        address: str = ADDRESS,
        *,
        scope: Scope | None = None,
        owner: str = "hanh",
        files: tuple[Made, ...] = (),
        part: str | None = None,
    ) -> str:
        """Export a page as the exporter does; its code as people read it."""
        at, scope = moment_now(self.desk), scope or Scope.all()
        view = self.app.router.read(address)
        made = extract(self.desk, self.app.router, view, scope, at, part=part)
        code = new_code()
        kept = put_files(self.desk.settings.home, files)
        with writing(self.desk.engine) as connection:
            keep(
                connection,
                self.desk,
                code=code,
                whose=Whose(owner, "Nguyễn Thị Ước", scope.key),
                pieces=[Piece(made, part)],
                files=kept,
                at=at,
                made_at=self.desk.now(),
            )
        return shown(code)

    def page(self, code: str, lang: str = "vi", **parts: str) -> tuple[int, str]:
        """The status and the words of the verify page."""
        given = {**({"lang": lang} if lang != "vi" else {}), **parts}
        answer = self.viewer.get(f"/verify/{code}", query_string=given)
        return answer.status_code, answer.get_data(as_text=True)

    def again(self, code: str) -> Any:
        """What making it again came to."""
        return self.viewer.get(f"/verify/{code}/again.json").get_json()

    def compare(self, content: bytes, code: str | None = None) -> Any:
        """What a file is found to be."""
        parts = {"file": (io.BytesIO(content), "tệp.bin"), **({"code": code} if code else {})}
        answer = self.viewer.post("/verify/file", data=parts, headers=self.token())
        return answer.get_json() if answer.is_json else answer.get_data(as_text=True)

    def token(self) -> dict[str, str]:
        """The header that changes need."""
        self.viewer.get("/verify")
        cookie = next(
            one for key, one in self.viewer._cookies.items() if one.key.startswith("_csrf")
        )
        return {"X-CSRFToken": cookie.value}


def rate(num: int, unit: str = "38", den: int = 100) -> Said:
    return Said(unit, "OPS-01", "2026-09", num, den)


def opened(engine: Engine, home: Path) -> Place:
    house = House(engine, UNITS, CATALOGUE).prepare()
    house.tell(rate(40), rate(10, "31"))
    house.clock = house.now
    settings = Settings(home=home, secret_key="k" * 40)
    desk = Desk(engine, CATALOGUE, UNITS, settings, lambda: house.now)
    app = create_app(desk)
    assert isinstance(app, Portal)
    return Place(house, desk, app, app.server.test_client())


@pytest.fixture
def place(_migrated_sqlite: Path, tmp_path: Path) -> Iterator[Place]:
    file = tmp_path / "ioc.sqlite"
    file.write_bytes(_migrated_sqlite.read_bytes())
    engine = open_engine(f"sqlite:///{file}")
    yield opened(engine, tmp_path)
    engine.dispose()


def alike(page: tuple[int, str], code: str) -> str:
    """A page without the code and without what is other in every answer."""
    return re.sub(r'"end_id":"[^"]*"', "", page[1].replace(code, ""))


def seen_by(monkeypatch: pytest.MonkeyPatch, scope: Scope) -> None:
    for module in ("ioc.web.verify", "ioc.web.portal"):
        monkeypatch.setattr(f"{module}.scope_of", lambda request: scope)


# --- good, revised, expired -----------------------------------------------------------------------


def test_a_good_export_is_shown_as_it_was(place: Place) -> None:
    picture = png((10, 90, 160))
    files = (Made("ioc-dung-han.png", Form.PNG, picture), Made("b.csv", Form.CSV, b"a;b"))
    code = place.export(files=files)
    status, words = place.page(code)
    assert status == 200
    for told in ("Bản gốc còn nguyên vẹn; không có số liệu nào", "Nguyễn Thị Ước", code, "40,00"):
        assert told in words
    assert place.page(code.replace("-", "").lower())[0] == 200
    again = place.again(code)
    assert (again["state"], again["lines"]) == ("equal", [])
    got = place.viewer.get(f"/verify/{code}/files/1")
    assert got.data == picture
    assert got.headers["Content-Disposition"].startswith("attachment")
    shown_at = place.viewer.get(f"/verify/{code}/files/1?shown=1")
    assert (shown_at.mimetype, shown_at.headers.get("Content-Disposition")) == ("image/png", None)
    assert place.viewer.get(f"/verify/{code}/files/3").status_code == 404
    data = place.viewer.get(f"/verify/{code}/data.json").data
    assert hashlib.sha256(data).hexdigest() in words


def test_it_speaks_english(place: Place) -> None:
    status, words = place.page(place.export(), lang="en")
    assert status == 200
    assert "The original is intact; no figure has changed" in words
    assert "Enter the verification code" in place.viewer.get("/verify?lang=en").text


def test_each_figure_revised_since_is_told(engine: Engine, tmp_path: Path) -> None:
    place = opened(engine, tmp_path)
    code = place.export()
    before = place.viewer.get(f"/verify/{code}/data.json").data
    place.house.tell(rate(47), source="real")
    status, words = place.page(code)
    assert status == 200
    assert "số liệu đã được điều chỉnh từ đó" in words
    for told in ("40,00%", "47,00%", "Nguồn", "10:01 22/11/2026"):
        assert told in words
    assert place.viewer.get(f"/verify/{code}/data.json").data == before
    assert place.again(code)["state"] == "equal", "as known at its moment"
    beside = place.page(code, form="beside")[1]
    assert "Khi đó và hiện nay" in beside
    assert "Từng ô" in beside


def test_what_was_only_added_to_is_told_as_such(place: Place) -> None:
    code = place.export()
    place.house.tell(rate(5, "01", 10))
    words = place.page(code)[1]
    assert "nay đã khác" in words
    assert "Không có điều chỉnh chính thức nào" in words


def test_a_revision_is_told_to_whoever_exported_it_until_he_saw_it(place: Place) -> None:
    place.viewer.get("/verify")
    from ioc.web.viewer import Cookie

    cookie = Cookie(place.desk.settings)
    mine = cookie.read({one.key: one.value for one in place.viewer._cookies.values()})
    assert mine is not None
    code, other = place.export(owner=mine.id), place.export(owner="minh")
    watch = Watch(place.desk)
    assert watch.look() == 0
    place.house.tell(rate(47))
    assert watch.look() > 0
    assert watch.look() == 0
    told = place.viewer.get("/notices.json").get_json()
    assert told["unseen"] == 1
    assert [(one["code"], one["seen"]) for one in told["notices"]] == [(code, False)]
    token = place.token()
    place.viewer.post("/notices/seen", json={"code": other}, headers=token)
    assert place.viewer.get("/notices.json").get_json()["unseen"] == 1
    place.viewer.post("/notices/seen", json={"code": code}, headers=token)
    assert place.viewer.get("/notices.json").get_json()["unseen"] == 0


def test_an_expired_export_says_so_and_leaves_the_disk(place: Place) -> None:
    files = (Made("a.csv", Form.CSV, b"a;b"),)
    code = place.export(files=files)
    old = put(place.desk.settings.home, b"nobody's", "csv")
    later = place.house.now + timedelta(days=731)
    done = clean(place.desk, max(later, datetime.now(later.tzinfo) + timedelta(days=1)))
    assert (done.snapshots, done.files) == (1, 2)
    assert path_of(place.desk.settings.home, old.place).exists() is False  # type: ignore[union-attr]
    status, words = place.page(code)
    assert status == 200
    assert "đã hết hạn lưu" in words
    assert "Nguyễn Thị Ước" in words
    for path in ("files/1", "data.json"):
        assert place.viewer.get(f"/verify/{code}/{path}").status_code == 404


# --- tampered (F9) --------------------------------------------------------------------------------


def test_f9_a_changed_file_does_not_verify(place: Place) -> None:
    picture = png((10, 90, 160))
    code = place.export(files=(Made("a.png", Form.PNG, picture),))
    assert place.compare(picture)["verdict"] == "same"
    rewritten = png((10, 90, 160), Software="somebody else's")
    found = place.compare(rewritten)
    assert (found["verdict"], found["code"], found["good"]) == ("pixels", code, True)
    changed = png((10, 90, 161))
    assert place.compare(changed)["verdict"] == "unknown"
    found = place.compare(changed, code)
    assert (found["verdict"], found["good"]) == ("differs", False)
    assert found["picture"] == f"/verify/{code}/files/1?shown=1"
    assert place.compare(picture[:60], code)["verdict"] == "differs"
    found = place.compare(png((10, 90, 161), Comment=code))
    assert (found["verdict"], found["code"]) == ("differs", code)


def test_f9_one_digit_changed_in_an_office_file_is_found_by_the_code_in_it(place: Place) -> None:
    code = place.export(files=(Made("a.pptx", Form.PPTX, office("40,00%")),))
    assert place.compare(office("40,00%"))["verdict"] == "same"
    changed = place.compare(office("49,00%", "Mã kiểm chứng ", code[:6], code[6:]))
    assert (changed["verdict"], changed["code"]) == ("differs", code)
    assert place.compare(office("40,00%", "0000-0000-0000"))["verdict"] == "unknown"


def test_a_bomb_and_an_empty_file_are_answered(place: Place) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.xml", b"0" * 60_000_000)
    assert place.compare(bomb.getvalue())["verdict"] == "unknown"
    assert place.compare(b"%PDF-1.7 broken")["verdict"] == "unknown"
    assert place.compare(b"") == "Hãy chọn một tệp có nội dung."


def test_changed_data_in_the_store_are_told(place: Place) -> None:
    code = place.export()
    with writing(place.desk.engine) as connection:
        data = connection.execute(snapshot.select()).one().data
        text = zlib.decompress(data).replace(b'"40/1"', b'"49/1"').replace(b'"2/5"', b'"49/100"')
        assert text != zlib.decompress(data)
        connection.execute(update(snapshot).values(data=zlib.compress(text)))
    assert "KHÔNG còn khớp" in place.page(code)[1]
    again = place.again(code)
    assert again["state"] == "differs"
    assert any("49" in line and "40" in line for line in again["lines"])


def test_a_file_changed_on_disk_is_not_given_out(place: Place) -> None:
    code = place.export(files=(Made("a.csv", Form.CSV, b"40"),))
    (path,) = (place.desk.settings.home / "exports").rglob("*.csv")
    path.write_bytes(b"49")
    assert place.viewer.get(f"/verify/{code}/files/1").status_code == 404


# --- another's scope, guesses (F10, B8, B9) -------------------------------------------------------


def test_f10_a_code_outside_the_scope_reads_like_one_that_never_was(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = place.export("/unit/38?period=2026-09", scope=Scope.of(PROVINCE))
    everything = place.export()
    unknown = shown("0" * 12)
    seen_by(monkeypatch, Scope.of(PROVINCE))
    assert place.page(code)[0] == 200
    assert place.page(everything)[0] == 404
    seen_by(monkeypatch, Scope.of(OTHER))
    refused, never = place.page(code), place.page(unknown)
    assert refused[0] == never[0] == 404
    assert alike(refused, code) == alike(never, unknown)
    for path in ("files/1", "data.json", "again.json"):
        answers = [place.viewer.get(f"/verify/{one}/{path}") for one in (code, unknown)]
        assert {(one.status_code, one.data) for one in answers} == {(404, b"nothing here")}
    assert "code" not in place.compare(b"text " + code.encode())


@pytest.mark.parametrize("code", [":code", "*", "%00", "%", "..", "0" * 1500, "7K3M-0QXD-P9T'"])
def test_b8_b9_what_is_no_code_is_answered_like_one_that_never_was(place: Place, code: str) -> None:
    assert place.page(code)[0] == 404
    assert place.viewer.get(f"/verify/{code}/data.json").status_code == 404


def test_f10_guessing_is_slowed_and_its_answers_are_all_alike(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    code = place.export()
    for _ in range(30):
        assert place.page("0000-0000-0000")[0] == 404
    assert place.page(code)[0] == 200, "a page left open on one wrong code is no guessing"
    for _ in range(19):
        assert place.page(shown(new_code()))[0] == 404
    refused, never = place.page(code), place.page("0000-0000-0000")
    assert refused[0] == 404, "the right code says nothing to who guessed too often"
    assert alike(refused, code) == alike(never, "0000-0000-0000")
    assert sum("a code was refused" in one for one in caplog.messages) == 20
    assert code not in caplog.text
    place.viewer = place.app.server.test_client()
    assert place.page(code)[0] == 200, "another browser is not punished"
    place.house.now += timedelta(seconds=61)
    assert place.page(code)[0] == 200


def test_it_opens_only_while_its_page_loads_for_the_viewer(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = place.export(scope=Scope.of(PROVINCE), address="/unit/38?period=2026-09")
    with writing(place.desk.engine) as connection:
        connection.execute(update(snapshot).values(address="/unit/31?period=2026-09"))
    seen_by(monkeypatch, Scope.of(PROVINCE))
    assert place.page(code)[0] == 404


def test_a_part_is_made_again_alone(place: Place) -> None:
    code = place.export(part="ranking")
    held = orjson.loads(place.viewer.get(f"/verify/{code}/data.json").data)
    assert len(held[0]["sheets"]) == 1
    assert place.again(code)["state"] == "equal"


def test_what_the_bare_page_needs_it_has(place: Place) -> None:
    assert place.viewer.get("/verify").status_code == 200
    code = place.export()
    found = place.viewer.get("/verify", query_string={"verify": code.lower()})
    assert found.status_code == 200
    assert place.app.router.read(f"/verify/{code}").verify == code
