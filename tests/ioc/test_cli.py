"""The command line: what each command calls, prints and answers with."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from ioc import cli, home
from ioc.domain.messages import sentences
from ioc.errors import PermanentSourceError
from ioc.settings import Settings

ROOT = Path(__file__).parent.parent.parent
Fake = Callable[..., list[tuple[object, ...]]]


@pytest.fixture(autouse=True)
def own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`main` writes settings to the environment; each test has its own, and its own home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IOC_")}
    monkeypatch.setattr(os, "environ", {**kept, "IOC_HOME": str(tmp_path / "home")})
    monkeypatch.setattr("ioc.logs.begin", lambda *, quiet: None)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Put a function in place of a command's work and give the list of its calls."""

    def put(module: str, name: str, answer: object = None) -> list[tuple[object, ...]]:
        calls: list[tuple[object, ...]] = []

        def work(*arguments: object) -> object:
            calls.append(arguments)
            if isinstance(answer, BaseException):
                raise answer
            return answer

        made = ModuleType(module)
        setattr(made, name, work)
        monkeypatch.setitem(sys.modules, module, made)
        package, _, last = module.rpartition(".")
        __import__(package)
        monkeypatch.setattr(sys.modules[package], last, made, raising=False)
        return calls

    return put


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `ioc` as a process of its own, in English."""
    return subprocess.run(
        [sys.executable, "-m", "ioc", *arguments],
        cwd=ROOT,
        env={**os.environ, "IOC_LANGUAGE": "en", **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_wrong_setting_is_one_line_and_exit_code_2() -> None:
    done = run("doctor", IOC_HOST="0.0.0.0")
    assert done.returncode == 2
    assert done.stderr.startswith("ioc: environment: IOC_HOST: given '0.0.0.0', allowed: 127.0.0.1")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("variable", ["IOC_PORT", "IOC_DEMO_PORT"])
def test_a_port_in_use_is_said_before_anything_is_made(tmp_path: Path, variable: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        free = str(other.getsockname()[1])
        other.close()
        ports = {"IOC_PORT": free, "IOC_DEMO_PORT": free}
        ports[variable] = str(taken.getsockname()[1])
        done = run("serve", **ports)
    assert done.returncode == 2
    assert done.stdout == ""
    assert f"port {ports[variable]} of 127.0.0.1 cannot be used" in done.stderr
    assert f"{variable}=" in done.stderr
    assert not (tmp_path / "home" / "ioc.sqlite").exists()
    assert not (tmp_path / "home" / "sources").exists()


def test_importing_the_command_line_imports_nothing_heavy() -> None:
    heavy = "{'dash', 'pandas', 'plotly', 'sqlalchemy', 'flask', 'httpx', 'apscheduler'}"
    text = f"import sys, ioc.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", text], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_web_serves_with_a_key_of_its_own(fake: Fake, tmp_path: Path) -> None:
    calls = fake("ioc.web.serving", "run")
    assert cli.main(["web"]) == 0
    ((settings,),) = calls
    assert isinstance(settings, Settings)
    assert settings.home == tmp_path / "home"
    assert len(settings.secret_key) >= 32


def test_poll_runs_the_scheduler(fake: Fake) -> None:
    calls = fake("ioc.ingest.scheduler", "run")
    assert cli.main(["poll"]) == 0
    assert len(calls) == 1


@pytest.mark.parametrize(("given", "source"), [([], None), (["budget"], "budget")])
def test_poll_once_reads_one_source_or_all(
    fake: Fake, given: list[str], source: str | None
) -> None:
    calls = fake("ioc.ingest.scheduler", "poll_once", 1)
    assert cli.main(["poll", "--once", *given]) == 1
    assert calls[0][1] == source


def test_a_source_is_checked_by_its_name(fake: Fake) -> None:
    calls = fake("ioc.ingest.check", "check_source", 0)
    assert cli.main(["source", "check", "budget"]) == 0
    assert calls[0][1] == "budget"


def test_the_demonstration_takes_port_and_seed(fake: Fake) -> None:
    calls = fake("ioc.demo", "run")
    assert cli.main(["demo-sources"]) == 0
    assert cli.main(["demo-sources", "--port", "9005", "--seed", "7"]) == 0
    assert calls == [(8051, cli.DEMO_SEED), (9005, 7)]


def test_a_source_finds_the_default_port_in_the_environment(fake: Fake) -> None:
    fake("ioc.ingest.scheduler", "run")
    cli.main(["poll"])
    assert os.environ["IOC_DEMO_PORT"] == "8051"


def test_an_error_of_ours_is_one_line(fake: Fake, capsys: pytest.CaptureFixture[str]) -> None:
    fake("ioc.ingest.check", "check_source", PermanentSourceError("no such source", code="x"))
    assert cli.main(["source", "check", "nowhere"]) == 2
    assert capsys.readouterr().err == "ioc: no such source\n"


def test_an_error_of_a_programmer_is_not_hidden(fake: Fake) -> None:
    fake("ioc.ingest.check", "check_source", ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        cli.main(["source", "check", "budget"])


@pytest.mark.parametrize(("ok", "code"), [(True, 0), (False, 1)])
def test_units_check_prints_each_total(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ok: bool, code: int
) -> None:
    rows = [("provinces today", 34, 34 if ok else 33, ok)]
    monkeypatch.setattr("ioc.domain.unit_check.check", lambda units, lang: rows)
    assert cli.main(["units", "check"]) == code
    said = capsys.readouterr().out
    assert ("✓ provinces today: 34" if ok else "✗ provinces today: 33 ≠ 34") in said


def test_doctor_says_what_is_wrong_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from ioc import doctor

    found = [doctor.Finding("python", True, "3.11.7"), doctor.Finding("assets", False, "no *.css")]
    monkeypatch.setattr(doctor, "examine", lambda settings: iter(found))
    assert cli.main(["doctor"]) == 1
    assert "✗ Tệp giao diện: no *.css" in capsys.readouterr().out


def test_init_fills_a_home_and_keeps_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examples = tmp_path / "examples"
    (examples / "sources").mkdir(parents=True)
    (examples / "sources" / "a.yaml").write_text("new")
    (examples / "sources" / "b.yaml").write_text("new")
    monkeypatch.setattr(home, "examples", lambda: examples)
    target = tmp_path / "mine"
    (target / "sources").mkdir(parents=True)
    (target / "sources" / "a.yaml").write_text("changed")
    assert cli.main(["init", str(target)]) == 0
    assert (target / "sources" / "a.yaml").read_text() == "changed"
    assert [file.name for file in home.source_files(target)] == ["a.yaml", "b.yaml"]


def test_both_languages_have_the_same_words() -> None:
    for part in ("cli.", "serve."):
        vi, en = (
            {k: v for k, v in sentences(one).items() if k.startswith(part)} for one in ("vi", "en")
        )
        assert vi.keys() == en.keys()
