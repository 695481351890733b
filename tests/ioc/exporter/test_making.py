"""Jobs made to their end over a real store: all forms, what is missing is named, or nothing."""

from __future__ import annotations

import errno
import io
from collections.abc import Iterator

import openpyxl
import pytest
from dash.development.base_component import Component
from support.exporting import Imitated, bench_of, ended, job_of, made
from support.real import make_real

from ioc.domain.scope import Scope
from ioc.exporter.bench import Bench
from ioc.exports.form import Form
from ioc.exports.provenance import Strip
from ioc.store import export_files, export_jobs, snapshots
from ioc.store.engine import reading, writing
from ioc.store.snapshots import Frozen

pytestmark = pytest.mark.timeout(600)
TREND = "/unit/38?indicator=OPS-01"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    real = make_real(tmp_path_factory.mktemp("making"), hostile=False)
    yield bench_of(real.desk)
    real.desk.engine.dispose()


def kept(bench: Bench, code: str) -> tuple[Frozen | None, tuple[snapshots.File, ...]]:
    with reading(bench.desk.engine) as connection:
        found = snapshots.by_code(connection, code)
        return found, snapshots.files_of(connection, found.id) if found else ()


def test_every_form_is_made_checked_and_kept_with_the_end_of_its_job(bench: Bench) -> None:
    forms = ("png", "pptx", "xlsx", "csv", "docx")
    job = job_of(bench, TREND, *forms)
    said: list[tuple[int, int, str]] = []

    def tell(done: int, total: int, words: object) -> str:
        said.append((done, total, str(words)))
        return "go"

    outcome = made(bench, job, Imitated(), tell)
    assert (outcome.state, outcome.reasons) == ("done", ())
    found, files = kept(bench, job.code)
    assert found is not None
    assert (ended(bench, job).state, ended(bench, job).snapshot_id) == ("done", found.id)
    assert [one.form for one in files] == list(forms)
    home = bench.desk.settings.home
    for file, one in zip(files, outcome.files, strict=True):
        assert export_files.read(home, file.place, file.sha256) == one.content
    assert files[0].pixels, "a picture is found by its pixels too"
    assert (found.owner, found.scope, found.complete, found.illustrative) == ("an", "*", True, True)
    assert "step_load" in said[0][2]
    assert [done for done, _, _ in said] == sorted(done for done, _, _ in said)
    assert said[-1][0] == said[-1][1] - 1, "the last step is the keeping"


def test_f2_one_chart_of_ten_is_named_and_the_export_is_never_called_complete(
    bench: Bench,
) -> None:
    """F2: the other nine are there, the reason stands beside the file and in the record."""
    job = job_of(bench, "/", "png", "xlsx")
    outcome = made(bench, job, Imitated(charts=10, broken=(3,)))
    assert outcome.state == "partial"
    (reason,) = outcome.reasons
    assert reason["form"] == "PNG"
    assert "Biểu đồ 3" in str(reason["reason"])
    assert [one.form for one in outcome.files] == [Form.PNG, Form.XLSX]
    found, files = kept(bench, job.code)
    assert found is not None
    assert not found.complete
    assert len(files) == 2
    assert ended(bench, job).state == "partial"


def test_f2_a_picture_that_a_slide_lacks_is_named_on_the_slide(bench: Bench) -> None:
    """F2: the map's slide says in its place why there is no picture; its table is there."""
    from pptx import Presentation

    job = job_of(bench, "/", "pptx")
    outcome = made(bench, job, Imitated(error="no_browser"))
    assert outcome.state == "partial"
    reasons = [str(one["reason"]) for one in outcome.reasons]
    assert reasons
    deck = Presentation(io.BytesIO(outcome.files[0].content))
    text = " ".join(
        shape.text_frame.text
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_text_frame
    )
    assert reasons[0] in text
    assert "CHƯA ĐẦY ĐỦ" in text
    assert "Đầy đủ " not in text


def test_a_page_without_figures_of_its_own_is_refused(bench: Bench) -> None:
    """The turning wall is a shell: a picture of it would be blank."""
    outcome = made(bench, job_of(bench, "/wall?scene=red", "png"))
    assert (outcome.state, outcome.files) == ("failed", ())
    assert outcome.reasons[0]["key"] == "exports.reason_no_figures"


def test_without_a_browser_sheets_are_made_and_pictures_say_what_to_install(bench: Bench) -> None:
    outcome = made(bench, job_of(bench, TREND, "pdf", "xlsx"))
    assert (outcome.state, [one.form for one in outcome.files]) == ("partial", [Form.XLSX])
    assert "Chromium" in str(outcome.reasons[0])
    alone = job_of(bench, TREND, "pdf")
    assert made(bench, alone).state == "failed"
    assert kept(bench, alone.code) == (None, ())


@pytest.mark.parametrize(
    "address",
    [
        "/unit/zzz",
        "/indicator/OPS-99",
        "/?status=purple",
        "/?units=38,999",
        "/?period=2026-13",
        "/unit/38?group=nothing",
        "/nowhere",
    ],
)
def test_f4_what_does_not_exist_is_refused_and_never_widened(bench: Bench, address: str) -> None:
    """F4: an invalid filter, a removed unit, an unknown indicator."""
    job = job_of(bench, address, "xlsx")
    outcome = made(bench, job)
    assert (outcome.state, outcome.files) == ("failed", ())
    assert len(outcome.reasons) == 1
    assert kept(bench, job.code) == (None, ())
    unknown = job_of(bench, TREND, "csv", part="no-such-part")
    assert made(bench, unknown).state == "failed"


def test_f4_a_unit_outside_the_scope_reads_like_one_that_does_not_exist(bench: Bench) -> None:
    """F4 under a narrow scope: the same words for both."""
    narrow = Scope.of(bench.desk.units.by_key("38").id).key
    outside = made(bench, job_of(bench, "/unit/31", "xlsx", scope=narrow))
    nowhere = made(bench, job_of(bench, "/unit/zzz", "xlsx", scope=narrow))
    assert outside == nowhere
    assert made(bench, job_of(bench, "/unit/38", "xlsx", scope=narrow)).state == "done"


def words_of(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, (list, tuple)):
        for one in content:
            yield from words_of(one)
    elif isinstance(content, Component):
        yield from words_of(getattr(content, "children", None))


def found_by(content: object, look: str) -> Iterator[Component]:
    if isinstance(content, (list, tuple)):
        for one in content:
            yield from found_by(one, look)
    elif isinstance(content, Component):
        if look in str(getattr(content, "className", "")).split():
            yield content
        yield from found_by(getattr(content, "children", None), look)


def test_f5_the_file_says_what_the_screen_says(bench: Bench) -> None:
    """F5: filters, period, as-known moment and the total are those of the screen, in words."""
    address = "/indicator/OPS-01?period=2026-10&basis=reported"
    screen = bench.router.show(address, Scope.all())
    assert screen.status == 200
    job = job_of(bench, address, "xlsx", "png")
    drawing = Imitated()
    outcome = made(bench, job, drawing)
    assert outcome.state == "done"
    strip = drawing.asked[0][3]
    assert isinstance(strip, Strip)
    told = " ".join(strip.lines).casefold()
    assert "tháng 10/2026" in told
    assert "OPS-01" in " ".join(strip.lines)
    assert strip.shown_code in " ".join(strip.lines)
    assert strip.illustrative
    head = " ".join(words_of(next(found_by(screen.content, "head"))))
    moment = next(words for label, words in strip.about if "tính đến" in label.casefold())
    assert moment[-10:] in head, "the same day"
    chips = [" ".join(words_of(one)) for one in found_by(screen.content, "chip-words")]
    assert len(chips) >= 2
    for chip in chips:
        assert chip.partition(": ")[2].casefold() in told, chip
    book = openpyxl.load_workbook(io.BytesIO(outcome.files[0].content))
    cells = {
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    }
    assert any(strip.shown_code in one for one in cells)
    assert any("tháng 10/2026" in one.casefold() for one in cells)
    total = " ".join(words_of(next(found_by(screen.content, "total-figure"))))
    digits = next(part for part in total.replace("%", " ").split() if part[0].isdigit())
    shown = round(float(digits.replace(".", "").replace(",", ".")), 2)
    numbers = [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, (int, float))
    ]
    assert any(round(float(one), 2) == shown for one in numbers), f"{total} stands in the file"


@pytest.mark.parametrize(("why", "state"), [("cancel", "cancelled"), ("stop", "queued")])
def test_a_job_that_is_stopped_leaves_nothing(bench: Bench, why: str, state: str) -> None:
    job = job_of(bench, TREND, "xlsx", "csv")
    outcome = made(bench, job, tell=lambda done, *_: why if done else "go")
    assert (outcome.state, ended(bench, job).state) == (state, state)
    assert kept(bench, job.code) == (None, ())


def test_a_job_taken_back_while_it_is_kept_leaves_no_snapshot(bench: Bench) -> None:
    job = job_of(bench, TREND, "csv")

    def tell(done: int, total: int, words: object) -> str:
        if "step_keep" in str(words):
            with writing(bench.desk.engine) as connection:
                export_jobs.cancel(connection, job.code, "an", bench.desk.now())
        return "go"

    assert made(bench, job, tell=tell).state == "cancelled"
    assert kept(bench, job.code) == (None, ())


def test_a_full_disk_fails_the_job_and_nothing_is_called_made(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(export_files, "_write", full)
    job = job_of(bench, "/unit/31?indicator=OPS-02", "csv")
    outcome = made(bench, job)
    assert (outcome.state, outcome.files) == ("failed", ())
    assert kept(bench, job.code) == (None, ())
