"""The meeting pack over a real store: one moment, named failures, and the same again later."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from docx import Document
from pptx import Presentation
from pypdf import PdfWriter
from support.real import Real, make_real

from ioc.domain.briefing import (
    Briefing,
    ChangesSection,
    RedSection,
    RegisterSection,
    TextSection,
    ViewSection,
)
from ioc.domain.briefing_due import period_of
from ioc.domain.scope import Scope
from ioc.errors import DrawError
from ioc.exporter.drawn import Chart, Drawn
from ioc.exporter.keeping import Whose, keep
from ioc.exporter.pack import Pack, make_pack
from ioc.exports.code import new_code
from ioc.exports.form import Form
from ioc.exports.frozen import figures_of
from ioc.store import briefing_runs
from ioc.store.engine import writing
from ioc.web.app import create_app
from ioc.web.portal import Portal
from ioc.web.steady import Moment, moment_now, moment_of

BRIEFING = Briefing(
    key="giao-ban",
    title="Giao ban tuần",
    forms=("xlsx", "pptx", "docx"),
    sections=(
        TextSection(title="Tóm tắt", text="{OPS-01.sentence}"),
        ViewSection(title="Toàn trình", address="/indicator/OPS-01"),
        RedSection(title="Nguy cơ", most=5),
        RegisterSection(title="Quá hạn", address="/register/task?due=overdue", most=4),
        ChangesSection(title="Thay đổi"),
    ),
)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    made = make_real(tmp_path_factory.mktemp("pack"), hostile=False)
    yield made
    made.desk.engine.dispose()


@pytest.fixture(scope="module")
def app(real: Real) -> Portal:
    made = create_app(real.desk)
    assert isinstance(made, Portal)
    return made


def run_of(real: Real, made: Briefing = BRIEFING, slot: str = "", **more: Any) -> int:
    moment = more.pop("moment", real.desk.now())
    period = period_of(made, moment)
    with writing(real.desk.engine) as connection:
        found = briefing_runs.begin(
            connection, made, slot=slot or f"wish:{new_code()}", owner="an",
            period=period.code if period else None, due_at=moment, state="queued", **more,
        )  # fmt: skip
    assert found is not None
    return found


def packed(
    real: Real,
    app: Portal,
    run_id: int,
    *,
    at: Moment | None = None,
    forms: tuple[Form, ...] = (),
    draw: Any = None,
    code: str = "7K3M0QXDP9TW",
) -> Pack:
    with writing(real.desk.engine) as connection:
        run = briefing_runs.found(connection, run_id)
    assert run is not None
    return make_pack(
        real.desk, app.router, run, forms=forms, scope=Scope.all(),
        at=at or moment_now(real.desk), code=code, who="Ân", made_at=real.desk.now(), draw=draw,
        step=lambda *_: None,
    )  # fmt: skip


def frozen(real: Real, pack: Pack, at: Moment, run_id: int) -> bytes:
    """Keep the pack as its job would, and give its canonical data."""
    with writing(real.desk.engine) as connection:
        keep(
            connection, real.desk, code=new_code(), whose=Whose("an", "Ân", "*"),
            pieces=pack.pieces, files=(), at=at, made_at=real.desk.now(), kind="briefing",
            title=pack.title, address=pack.address, briefing="giao-ban", run_id=run_id,
        )  # fmt: skip
    return figures_of(pack.pieces)


def test_a_pack_made_again_for_a_past_date_is_the_same_byte_for_byte(
    real: Real, app: Portal
) -> None:
    first_run, first_at = run_of(real), moment_now(real.desk)
    first = packed(real, app, first_run, at=first_at)
    begun = frozen(real, first, first_at, first_run)
    assert "chưa có bộ trước" in begun.decode(), "the first pack says that there is none before"

    real.ahead += timedelta(days=33)
    for source in ("cong-dvc-tinh", "cong-dvc-bo", "lms"):
        real.poll(source)
    second_run, second_at = run_of(real), moment_now(real.desk)
    assert second_at.version > first_at.version
    second = packed(real, app, second_run, at=second_at)
    later = frozen(real, second, second_at, second_run)
    changes = second.pieces[-1].extract.sheets[0]
    assert later != begun
    assert len(changes.columns) == 7, "the second pack tells what changed"
    assert changes.rows

    real.ahead += timedelta(days=33)
    for source in ("cong-dvc-tinh", "cong-dvc-bo", "lms"):
        real.poll(source)
    for known, before in ((first_at, begun), (second_at, later)):
        at = moment_of(real.desk, known.known_at.isoformat())
        assert at == known
        again = run_of(real, slot=f"again:{new_code()}", moment=known.known_at)
        remade = packed(real, app, again, at=at)
        assert figures_of(remade.pieces) == before
        frozen(real, remade, at, again)


def test_a_failing_section_is_named_in_its_place_and_on_the_cover(real: Real, app: Portal) -> None:
    broken = BRIEFING.model_copy(
        update={
            "sections": (
                *BRIEFING.sections[:1],
                ViewSection(title="Không có", address="/unit/khong-co"),
                ViewSection(title="Lạ", address="/trang-la"),
                *BRIEFING.sections[2:3],
            )
        }
    )
    pack = packed(
        real, app, run_of(real, broken), forms=(Form.XLSX, Form.PPTX, Form.DOCX, Form.PDF)
    )
    assert not pack.complete
    keys = [one["key"] for one in pack.reasons]
    assert keys.count("briefing.reason_section") == 2
    assert "briefing.reason_form" in keys, "no PDF without a browser"
    assert {one.form for one in pack.files} == {Form.XLSX, Form.PPTX, Form.DOCX}
    assert [one.extract.complete for one in pack.pieces] == [True, False, False, True]
    files = {one.form: one.data for one in pack.files}
    slides = [
        "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        for slide in Presentation(io.BytesIO(files[Form.PPTX])).slides
    ]
    assert "Không có" in slides[0], "the cover names it"
    assert any(one.startswith("2. Không có") for one in slides), "and its place"
    words = "\n".join(one.text for one in Document(io.BytesIO(files[Form.DOCX])).paragraphs)
    assert "Không có" in words


def test_all_forms_hold_the_same_figures(real: Real, app: Portal) -> None:
    pack = packed(real, app, run_of(real), forms=(Form.XLSX, Form.PPTX, Form.DOCX))
    sentence = pack.pieces[0].extract.sheets[0].rows[0][0]
    assert isinstance(sentence, str)
    files = {one.form: one.data for one in pack.files}
    deck = Presentation(io.BytesIO(files[Form.PPTX]))
    slides = "\n".join(
        shape.text_frame.text for slide in deck.slides for shape in slide.shapes
        if shape.has_text_frame
    )  # fmt: skip
    report = "\n".join(one.text for one in Document(io.BytesIO(files[Form.DOCX])).paragraphs)
    book = openpyxl.load_workbook(io.BytesIO(files[Form.XLSX]), read_only=True)
    cells = {
        str(cell) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)
        for cell in row if cell is not None
    }  # fmt: skip
    assert sentence in slides
    assert sentence in report
    assert sentence in cells
    red = pack.pieces[2].extract.sheets[0]
    assert len(red.rows) == 5
    items = next(one for one in pack.pieces[3].extract.sheets if one.part == "items")
    assert len(items.rows) <= 4


def test_what_is_late_is_on_the_cover_and_with_the_run(real: Real, app: Portal) -> None:
    late = BRIEFING.model_copy(update={"period": "2031-05", "sections": BRIEFING.sections[1:2]})
    run_id = run_of(real, late)
    pack = packed(real, app, run_id, forms=(Form.PPTX,))
    with writing(real.desk.engine) as connection:
        run = briefing_runs.found(connection, run_id)
    assert run is not None
    assert any("OPS-01" in one and "tháng 5/2031" in one for one in run.missing)
    cover = Presentation(io.BytesIO(pack.files[0].data)).slides[0]
    said = "\n".join(one.text_frame.text for one in cover.shapes if one.has_text_frame)
    assert "tháng 5/2031" in said


def test_a_picture_that_fails_is_a_reason_and_the_rest_is_made(real: Real, app: Portal) -> None:
    def draw(*_: Any, **__: Any) -> Any:
        raise DrawError("hung", code="time", seconds=60)

    small = BRIEFING.model_copy(update={"sections": BRIEFING.sections[1:2]})
    forms = (Form.PPTX, Form.DOCX, Form.XLSX)
    pack = packed(real, app, run_of(real, small), forms=forms, draw=draw)
    assert len(pack.files) == 3
    assert pack.reasons[0]["key"] == "briefing.reason_picture"
    assert not pack.complete
    says_what_it_lacks(pack)


def test_a_pack_without_a_browser_is_called_complete_by_none_of_its_files(
    real: Real, app: Portal
) -> None:
    small = BRIEFING.model_copy(update={"sections": BRIEFING.sections[:2]})
    pack = packed(real, app, run_of(real, small), forms=(Form.PPTX, Form.DOCX))
    assert [one["key"] for one in pack.reasons] == ["briefing.reason_pictures"]
    says_what_it_lacks(pack)


def says_what_it_lacks(pack: Pack) -> None:
    """Files that should hold the map say that they do not: cover, its place, title, strip."""
    files = {one.form: one.data for one in pack.files}
    slides = words_of(files[Form.PPTX])
    assert "CHƯA ĐẦY ĐỦ" in slides[0]
    assert "Hình: " in slides[0]
    assert not any("Đầy đủ " in one for one in slides)
    assert "CHƯA ĐẦY ĐỦ" in slides[-1], "the strip too"
    words = "\n".join(one.text for one in Document(io.BytesIO(files[Form.DOCX])).paragraphs)
    assert "Báo cáo chưa đầy đủ" in words
    assert "Không có hình" in words


def words_of(deck: bytes) -> list[str]:
    return [
        "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        for slide in Presentation(io.BytesIO(deck)).slides
    ]


def test_a_pdf_whose_chart_is_broken_names_it_on_its_cover(real: Real, app: Portal) -> None:
    drawn: list[str] = []

    def draw(address: str, *_: Any, html: str | None = None, **__: Any) -> Drawn:
        drawn.append(html or address)
        page = PdfWriter()
        page.add_blank_page(595, 842)
        stream = io.BytesIO()
        page.write(stream)
        broken = () if html else (Chart("trend", ok=False, reason="empty", title="Diễn biến"),)
        return Drawn(stream.getvalue(), 794, 1123, broken)

    small = BRIEFING.model_copy(update={"sections": BRIEFING.sections[1:2]})
    with suppress(ValueError):  # feet are laid over as many pages as there are
        packed(real, app, run_of(real, small), forms=(Form.PDF,), draw=draw)
    covers = [one for one in drawn if "paper-cover" in one]
    assert covers
    assert all("CHƯA ĐẦY ĐỦ: 0/1 phần" in one and "Diễn biến" in one for one in covers)


def test_a_part_that_is_no_chart_is_laid_out_on_paper(real: Real, app: Portal) -> None:
    written: list[str] = []

    def draw(address: str, *_: Any, html: str | None = None, **__: Any) -> Drawn:
        if html is None:
            raise DrawError("none such", code="no_part", part="tiles")
        written.append(html)
        raise DrawError("enough", code="time", seconds=60)

    tiles = ViewSection(title="Kết quả", address="/", part="tiles")
    small = BRIEFING.model_copy(update={"sections": (tiles,)})
    packed(real, app, run_of(real, small), forms=(Form.PDF,), draw=draw)
    assert "Kết quả" in written[0]
    assert "paper-table" in written[0]
