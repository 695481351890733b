"""The doctor names what is missing, and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from ioc import doctor, packaged
from ioc.doctor import clashes, examine, requirements
from ioc.settings import Settings


def findings(settings: Settings) -> dict[str, doctor.Finding]:
    return {finding.what: finding for finding in examine(settings)}


def test_a_checkout_with_its_environment_is_well(tmp_path: Path) -> None:
    found = findings(Settings(home=tmp_path / "home"))
    assert [one for one in found.values() if not one.ok] == []
    assert not (tmp_path / "home").exists()


def test_another_distribution_with_a_package_of_ours_is_named() -> None:
    owners = {
        "ioc": ["intelligent-operations-center"],
        "layouts": ["layouts", "intelligent-operations-center"],
        "dash": ["dash"],
    }
    assert clashes(owners) == {"layouts": ["layouts"]}


def test_requirements_are_those_of_the_project() -> None:
    assert {"dash", "SQLAlchemy", "psycopg"} <= set(requirements())
    assert "pytest" not in requirements()


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor, "requirements", lambda: ["dash", "not-there"])
    found = findings(Settings(home=tmp_path))["packages"]
    assert (found.ok, found.detail) == (False, "not installed: not-there")


def test_the_browser_is_named_or_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    named = findings(Settings(home=tmp_path, chromium="no-such-browser"))["browser"]
    assert (named.ok, named.detail) == (False, "setting chromium: no-such-browser: no such program")
    monkeypatch.setenv("PATH", str(tmp_path))
    nowhere = findings(Settings(home=tmp_path))["browser"]
    assert nowhere.ok
    assert "apt-get install chromium" in nowhere.detail
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert findings(Settings(home=tmp_path))["browser"].detail == str(program)


def test_a_package_found_elsewhere_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor, "PACKAGES", ("ioc", "email"))
    found = findings(Settings(home=tmp_path))["names"]
    assert not found.ok
    assert "email is found in" in found.detail


def test_missing_assets_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(packaged, "assets", lambda: tmp_path)
    found = findings(Settings(home=tmp_path))
    assert found["assets"].detail == f"{tmp_path}: no *.css"
    assert found["fonts"].detail == f"{tmp_path}/fonts: no *.woff2"


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    found = findings(Settings(home=Path("/proc/nowhere/home")))["home"]
    assert not found.ok
    assert found.detail.startswith("/proc: cannot be written")


def test_a_database_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://me:word@/ioc?host={tmp_path}"
    found = findings(Settings(home=tmp_path, database_url=url))["database"]
    assert not found.ok
    assert "me:***@" in found.detail
    assert "word" not in found.detail


def test_a_database_at_its_newest_schema_is_well(tmp_path: Path, engine: object) -> None:
    url = engine.url.render_as_string(hide_password=False)  # type: ignore[attr-defined]
    assert findings(Settings(home=tmp_path, database_url=url))["database"].ok


def test_a_database_of_a_newer_program_is_named(tmp_path: Path, engine: object) -> None:
    from sqlalchemy import text

    with engine.begin() as connection:  # type: ignore[attr-defined]
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    url = engine.url.render_as_string(hide_password=False)  # type: ignore[attr-defined]
    found = findings(Settings(home=tmp_path, database_url=url))["database"]
    assert not found.ok
    assert "schema 9999, needed: " in found.detail


def test_a_wrong_playlist_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "playlists"
    folder.mkdir()
    file = folder / "hall.yaml"
    file.write_text('title: {vi: a, en: b}\nscenes: [{address: "/unit/38"}]\n', encoding="utf-8")
    found = findings(Settings(home=tmp_path))["playlists"]
    assert not found.ok
    assert "playlists/hall.yaml: scenes[1].address: given '/unit/38'" in found.detail
    for address in ("/nonsense?wall=1", "/scene/nonsense?wall=1"):
        file.write_text(
            f'title: {{vi: a, en: b}}\nscenes: [{{address: "{address}"}}]\n', encoding="utf-8"
        )
        found = findings(Settings(home=tmp_path))["playlists"]
        assert (found.ok, address in found.detail) == (False, True)
