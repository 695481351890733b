"""The start of one machine: what is prepared, which processes run, and what is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from ioc import home, start, supervise
from ioc.errors import SettingsError, StoreError
from ioc.settings import Settings


@pytest.fixture
def examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "examples"
    (folder / "sources").mkdir(parents=True)
    for name in ("budget", "portal"):
        (folder / "sources" / f"{name}.yaml").write_text("name: x\n")
    (folder / "drop" / "figures").mkdir(parents=True)
    (folder / "drop" / "figures" / "one.csv").write_text("a,b\n")
    monkeypatch.setattr(home, "examples", lambda: folder)
    return folder


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Instead of running the roles, note their names and say that the pages answer."""
    calls: list[list[str]] = []

    def run(roles: list[supervise.Role], tell: supervise.Tell, *, ready: tuple[str, int]) -> int:
        calls.append([role.name for role in roles])
        tell("ready")
        tell("died", name="poll", code=1, seconds="2")
        return 0

    monkeypatch.setattr(supervise, "run", run)
    monkeypatch.setattr(start, "claim_free", lambda *_: None)
    return calls


@pytest.mark.usefixtures("examples")
def test_the_first_start_fills_the_home_and_says_where_everything_is(
    tmp_path: Path, started: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(home=tmp_path / "home", port=9000, demo_port=9001, language="en")
    assert start.serve(settings) == 0
    assert started == [["demo-sources", "web", "poll", "exporter"]]
    assert capsys.readouterr().out.splitlines() == [
        "Starting the Intelligent Operations Center …",
        f"The home directory was empty: copied 3 example files to {tmp_path}/home",
        "Open your browser at http://127.0.0.1:9000/",
        "Polling 2 sources: budget, portal",
        "The demonstration systems run on port 9001; all their figures are illustrative data",
        f"The data lies in {tmp_path}/home (database: sqlite:///{tmp_path}/home/ioc.sqlite)",
        "Press Ctrl-C to stop.",
        "Process poll ended (code 1); starting it again in 2 seconds",
    ]
    assert (tmp_path / "home" / "drop" / "figures" / "one.csv").read_text() == "a,b\n"


@pytest.mark.usefixtures("examples", "started")
def test_a_home_that_is_there_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "home" / "sources").mkdir(parents=True)
    start.serve(Settings(home=tmp_path / "home", language="en"))
    assert home.source_files(tmp_path / "home") == []
    assert "Polling 0 sources: –" in capsys.readouterr().out


def test_without_the_demonstration_the_poller_waits_for_nobody(tmp_path: Path) -> None:
    roles = start.roles(Settings(home=tmp_path, demo=False))
    assert [(role.name, role.vital, role.after) for role in roles] == [
        ("web", True, None),
        ("poll", False, None),
        ("exporter", False, None),
    ]
    alone = start.roles(Settings(home=tmp_path, demo=False, export_workers=0))
    assert [role.name for role in alone] == ["web", "poll"]


@pytest.mark.usefixtures("examples", "started")
def test_the_database_is_at_its_newest_schema_before_two_processes_open_it(tmp_path: Path) -> None:
    from ioc.store.engine import open_engine, reading
    from ioc.store.migration import head, revision

    settings = Settings(home=tmp_path / "home")
    start.serve(settings)
    engine = open_engine(settings.database_url)
    with reading(engine) as connection:
        assert revision(connection) == head()
    engine.dispose()


@pytest.mark.usefixtures("examples", "started")
def test_a_database_that_does_not_answer_is_one_error_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://me:word@/ioc?host={tmp_path}"
    with pytest.raises(StoreError, match="me:") as caught:
        start.serve(Settings(home=tmp_path / "home", database_url=url))
    assert "word" not in str(caught.value)


@pytest.mark.usefixtures("examples", "started")
def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="IOC_HOME: given"):
        start.serve(Settings(home=tmp_path / "file" / "home"))


@pytest.mark.usefixtures("examples")
def test_examples_are_added_but_never_written_over(tmp_path: Path) -> None:
    target = tmp_path / "home"
    assert home.is_empty(target)
    assert len(home.fill(target)) == 3
    assert not home.is_empty(target)
    (target / "sources" / "budget.yaml").write_text("mine")
    (target / "sources" / "portal.yaml").unlink()
    assert [file.name for file in home.fill(target)] == ["portal.yaml"]
    assert (target / "sources" / "budget.yaml").read_text() == "mine"


def test_without_the_demonstration_its_sources_are_left_out(tmp_path: Path, examples: Path) -> None:
    (examples / "sources" / "portal.yaml").write_text("url: http://127.0.0.1:${env:IOC_DEMO_PORT}/")
    home.fill(tmp_path / "home", demo=False)
    assert [file.name for file in home.source_files(tmp_path / "home")] == ["budget.yaml"]


def test_the_examples_have_sources_with_and_without_the_demonstration(tmp_path: Path) -> None:
    home.fill(tmp_path / "home")
    files = home.source_files(tmp_path / "home")
    assert 0 < sum(home.reads_demo(file) for file in files) < len(files)
